"""What a visitor sees of larger letters and high contrast, on pages as they are painted (K1)."""

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from tests.kiosk.kiosk_pictures import STATES, story_of, window_of
from tests.kiosk.rendering import PaintedTexts
from ui.tokens import HIGH_CONTRAST

PAGES = ("idle", "services", "home", "issued-out")


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> PaintedTexts:
    return PaintedTexts(monkeypatch)


@pytest.mark.parametrize("page", PAGES)
def test_large_text_enlarges_the_smallest_letters(
    qtbot: QtBot, painted: PaintedTexts, page: str
) -> None:
    story = story_of(page, STATES[page])
    window = window_of(story, 1080, 1920)
    qtbot.addWidget(window)
    # The bar at the foot keeps its letters, so that what was touched stays under the finger.
    page_buttons = window._page(story.model.page).foot_buttons()
    foot = [*window._the_foot().every_button(), *page_buttons]

    def sizes() -> list[int]:
        painted.heard.clear()
        window.grab()
        return [each.px for each in painted.heard if each.owner not in foot]

    before = sizes()
    story.model.toggle_large_text()
    after = sizes()
    assert min(after) >= 1.2 * min(before)
    story.model.toggle_large_text()
    assert sizes() == before


@pytest.mark.parametrize("page", PAGES)
def test_high_contrast_paints_the_page_in_its_own_colours(
    qtbot: QtBot, painted: PaintedTexts, page: str
) -> None:
    story = story_of(page, STATES[page])
    window = window_of(story, 1080, 1920)
    qtbot.addWidget(window)
    story.model.toggle_high_contrast()
    painted.heard.clear()
    picture = window.grab().toImage()
    ground = picture.pixelColor(2, picture.height() // 2).name().upper()
    assert ground == HIGH_CONTRAST.window.upper()
    inks = {QColor(each.ink).name().upper() for each in painted.heard}
    known = {colour.upper() for pair in HIGH_CONTRAST.text_pairs() for colour in pair}
    assert inks <= known
