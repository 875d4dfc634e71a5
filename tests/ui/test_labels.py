"""Words fit their box at every scale and in a longer language; nothing is ever cut off."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from assets.texts import pseudo_words
from tests.ui.painted import ink_box, stays_inside
from ui.labels import FittedLabel, NumberPlate, PagedText, divide_into_lines
from ui.theme import Theme, Weight, font_of
from ui.tokens import KIOSK, LIGHT, TV_DARK, Role, tv_sizes

SCALES = pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0, 3.0])

SENTENCES = {
    "question": "Perlu layanan apa?",
    "service": "Informasi dan penanganan pengaduan",
    "promise": "Dipanggil sekitar 08.30 – 08.45, enam orang di depan Anda",
    "long-word": "Ketidakbertanggungjawaban",
}


@SCALES
@pytest.mark.parametrize("key", SENTENCES)
@pytest.mark.parametrize("language", ["id", "qps"])
def test_a_label_fits_its_box(qtbot: QtBot, scale: float, key: str, language: str) -> None:
    text = (SENTENCES if language == "id" else pseudo_words(SENTENCES))[key]
    label = FittedLabel(text, Theme(LIGHT, KIOSK.scaled(scale)), role=Role.TILE)
    qtbot.addWidget(label)
    label.resize(round(480 * scale), round(260 * scale))
    label.show()
    fitted = label.fitted()
    assert fitted.fits
    assert fitted.width <= label.width() + 0.5
    assert fitted.height <= label.height() + 0.5
    assert stays_inside(label.fitted(), label.width(), label.height())


def test_a_label_wraps_before_it_shrinks(qtbot: QtBot, kiosk: Theme) -> None:
    label = FittedLabel(SENTENCES["promise"], kiosk, role=Role.BODY)
    qtbot.addWidget(label)
    label.resize(480, 400)
    assert label.fitted().px == kiosk.sizes.body
    label.resize(480, label.heightForWidth(480) - 10)
    assert kiosk.sizes.smallest <= label.fitted().px < kiosk.sizes.body


def test_a_box_that_is_too_small_is_found_and_still_loses_no_letter(
    qtbot: QtBot, kiosk: Theme
) -> None:
    label = FittedLabel(SENTENCES["promise"], kiosk)
    qtbot.addWidget(label)
    label.resize(200, 60)
    assert not label.fitted().fits
    assert label.fitted().height <= 60.5
    assert stays_inside(label.fitted(), label.width(), label.height())


def test_a_label_in_a_layout_gets_the_height_its_words_need(qtbot: QtBot, kiosk: Theme) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    label = FittedLabel(SENTENCES["promise"], kiosk)
    column.addWidget(label)
    column.addStretch(1)
    page.resize(600, 800)
    page.show()
    assert label.fitted().px == kiosk.sizes.body
    assert label.height() >= 2 * kiosk.sizes.body


def test_rich_text_stays_text(qtbot: QtBot, kiosk: Theme) -> None:
    label = FittedLabel("<b>A012</b>", kiosk)
    qtbot.addWidget(label)
    label.resize(600, 100)
    assert label.text() == "<b>A012</b>"
    assert label.fitted().text == "<b>A012</b>"
    assert label.textFormat() == Qt.TextFormat.PlainText


@SCALES
@pytest.mark.parametrize("number", ["A012", "A1000", "AK1012"])
def test_a_ticket_number_fills_its_box_and_no_more(qtbot: QtBot, scale: float, number: str) -> None:
    plate = NumberPlate(number, Theme(LIGHT, KIOSK.scaled(scale)), role=None)
    qtbot.addWidget(plate)
    plate.resize(round(900 * scale), round(300 * scale))
    plate.show()
    ink = ink_box(plate)
    assert plate.rect().contains(ink)
    fills_width = ink.width() >= plate.width() * 0.93
    fills_height = ink.height() >= plate.height() * 0.93
    assert fills_width or fills_height
    assert abs(ink.center().y() - plate.rect().center().y()) <= 3 * scale


def test_a_ticket_number_is_as_large_as_the_design_says(qtbot: QtBot) -> None:
    plate = NumberPlate("A012", Theme(TV_DARK, tv_sizes(1920, 1080)))
    qtbot.addWidget(plate)
    plate.resize(1000, 400)
    assert plate.fitted_px() == 320


def test_figures_are_equally_wide_so_that_a_number_does_not_jump(
    qtbot: QtBot, kiosk: Theme
) -> None:
    metrics = QFontMetricsF(font_of(100, Weight.EXTRABOLD, tabular=True))
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1
    plain = QFontMetricsF(font_of(100, Weight.EXTRABOLD))
    assert len({plain.horizontalAdvance(figure) for figure in "0123456789"}) > 1


def test_a_number_is_spelled_for_those_who_hear_it(qtbot: QtBot, kiosk: Theme) -> None:
    plate = NumberPlate("A012", kiosk)
    qtbot.addWidget(plate)
    assert plate.accessibleName() == "A 0 1 2"
    assert plate.text() == "A012"


TICKER = (
    "Siapkan KTP dan KK Anda sebelum menuju loket. Nomor yang terlewat dipanggil dua kali lagi. "
    "Tanyakan apa saja kepada petugas di pintu."
)


def paged(qtbot: QtBot, theme: Theme, *, page_s: float = 8.0) -> PagedText:
    ticker = PagedText(TICKER, theme, page_s=page_s)
    qtbot.addWidget(ticker)
    ticker.resize(1200, 100)
    ticker.show()
    return ticker


def test_pages_hold_every_word_once_and_each_fits(qtbot: QtBot, kiosk: Theme) -> None:
    ticker = paged(qtbot, kiosk)
    assert len(ticker.pages) > 1
    assert " ".join(ticker.pages) == TICKER
    metrics = QFontMetricsF(kiosk.font(Role.BODY, Weight.MEDIUM))
    for page in ticker.pages:
        assert metrics.horizontalAdvance(page) <= ticker.width()
    assert ticker.accessibleName() == TICKER


def test_pages_turn_by_themselves_and_come_round(qtbot: QtBot, kiosk: Theme) -> None:
    ticker = paged(qtbot, kiosk, page_s=0.01)
    seen: set[str] = set()

    def all_seen() -> bool:
        seen.add(ticker.text())
        return seen == set(ticker.pages)

    qtbot.waitUntil(all_seen, timeout=2000)
    qtbot.waitUntil(lambda: ticker.text() == ticker.pages[0], timeout=2000)


def test_the_same_text_again_does_not_turn_back(qtbot: QtBot, kiosk: Theme) -> None:
    ticker = paged(qtbot, kiosk)
    ticker.turn()
    second = ticker.text()
    ticker.set_text(TICKER)
    assert ticker.text() == second
    ticker.set_text("Terima kasih.")
    assert ticker.pages == ["Terima kasih."]


def test_a_text_that_fits_one_page_never_turns(qtbot: QtBot, kiosk: Theme) -> None:
    ticker = paged(qtbot, kiosk)
    ticker.set_text("Terima kasih.")
    ticker.turn()
    assert ticker.text() == "Terima kasih."
    ticker.set_text("")
    ticker.turn()
    assert ticker.text() == ""


def test_a_word_wider_than_the_line_keeps_a_line_of_its_own(qtbot: QtBot, kiosk: Theme) -> None:
    metrics = QFontMetricsF(kiosk.font())
    assert divide_into_lines("a Ketidakbertanggungjawaban b", metrics, 100) == [
        "a",
        "Ketidakbertanggungjawaban",
        "b",
    ]
