"""K6 on small screens: number, code and what to do with them are whole whatever else is said."""

from itertools import product

import pytest
from pytestqt.qtbot import QtBot

from kiosk.choosing_window import ChoosingWindow
from kiosk.pages.paperless_page import PaperlessPage
from kiosk.visit import Page
from tests.kiosk.kiosk_pictures import STATES, story_of, window_of
from tests.kiosk.rendering import CAP_HEIGHT_EM, forget_windows
from ui.tokens import mm_per_px_of

NUMBER_MM = 18.0
"""More than twice the capital that is read at 600 mm."""
CODE_MM = 20.0
LOOKS = tuple(product((False, True), (False, True)))
SCREENS = {
    "15.6 portrait": (1080, 1920, 15.6),
    "15.6 landscape": (1920, 1080, 15.6),
    "21.5 portrait": (1080, 1920, 21.5),
    "21.5 landscape": (1920, 1080, 21.5),
}


def faults(window: ChoosingWindow, pitch_mm: float) -> list[str]:
    page = window._page(Page.PAPERLESS)
    assert isinstance(page, PaperlessPage)
    found = []
    number_mm = page.number.fitted_px() * CAP_HEIGHT_EM * pitch_mm
    if number_mm < NUMBER_MM:
        found.append(f"the number is {number_mm:.0f} mm high")
    if page.qr.content:
        side_mm = min(page.qr.width(), page.qr.height()) * pitch_mm if page.qr.isVisible() else 0
        if side_mm < CODE_MM:
            found.append(f"the code is {side_mm:.0f} mm wide")
        if not page.first.isVisible():
            found.append("nobody says to photograph it")
    if not (page.fault.isVisible() or page.remark.isVisible()):
        found.append("nobody says why")
    labels = (page.fault, page.remark, page.first, page.second, page.told, page.service)
    for label in labels:
        if label.isVisible() and label.text() and not label.fitted().fits:
            found.append(f"{label.objectName()} is {label.fitted().px} px")
    if page.number.geometry().top() + page.y() < window._line.bottom() and window._says_line():
        found.append("the line above lies over the number")
    return found


@pytest.mark.parametrize("screen", SCREENS)
def test_number_code_and_what_to_do_are_never_crowded_out(screen: str, qtbot: QtBot) -> None:
    """K6: "the number comes first": fault, remark, lost link, large letters, lower menu, four
    languages."""
    width, height, inches = SCREENS[screen]
    told = []
    for name in (name for name in STATES if name.startswith("paperless")):
        for language, (large, low) in product(("id", "en", "jv", "su"), LOOKS):
            story = story_of(name, STATES[name], language)
            story.model.visit.large_text, story.model.visit.low_menu = large, low
            window = window_of(story, width, height, inches=inches)
            window._timer.stop()
            where = f"{name} {language} large={large} low={low}"
            pitch_mm = mm_per_px_of(inches, width, height)
            told += [f"{where}: {fault}" for fault in faults(window, pitch_mm)]
            window.close()
            window.deleteLater()
            forget_windows()
    assert told == []


def test_a_remark_takes_the_faults_place_and_gives_it_back(qtbot: QtBot) -> None:
    """On a small wide screen there is room for one of the two."""
    story = story_of("paperless-refused", STATES["paperless-refused"], "jv")
    story.model.visit.large_text = True
    window = window_of(story, 1920, 1080, inches=15.6)
    qtbot.addWidget(window)
    window._timer.stop()
    page = window._page(Page.PAPERLESS)
    assert isinstance(page, PaperlessPage)
    assert (page.remark.isVisible(), page.fault.isVisible()) == (True, False)
    story.after(13)
    window.refresh()
    assert (page.remark.isVisible(), page.fault.isVisible()) == (False, True)
