"""The TV as it is painted: sizes, places, words that fit, pulses, and no paint for nothing."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from display.board_card import CallCard
from display.board_places import SHIFT_STEPS, board_places, burn_in_shift
from display.board_window import BoardWindow
from display.board_words import BoardWords
from display.media_show import MediaShow
from display.pulse import PULSES, PULSES_WITHOUT_SOUND, pulse_strength
from protocol.messages import MissedNumber
from tests.display.board_pictures import (
    DISTURBED,
    SIZES,
    STATES,
    TEXT,
    busy,
    media_of,
    texts_of,
    window_of,
)
from tests.display.board_story import Tv, welcome
from tests.display.media_story import HandStage, picture
from tests.ui.painted import has_colour, ink_box
from ui.fitting import FittedText, fit_text
from ui.labels import FittedLabel, NumberPlate
from ui.theme import tv_theme
from ui.tokens import AAA_TEXT, TV, TV_DARK, TV_PORTRAIT, Sizes, contrast_ratio
from voice.port import VoiceHealth

Show = Callable[..., BoardWindow]

SOME_STATES = ("called", "missed", "stale-silent", "many", "standard")


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Show]:
    """Show a story, or the story of a state by its name, in a window of a size."""
    windows: list[BoardWindow] = []

    def open_window(tv: Tv | str, size: str = "landscape", **options: Any) -> BoardWindow:
        story = tv if isinstance(tv, Tv) else Tv(connected=False)
        if isinstance(tv, str):
            STATES[tv](story)
        windows.append(window_of(story, *SIZES[size], **options))
        return windows[-1]

    yield open_window
    for window in windows:
        window.close()
        window.deleteLater()
    QApplication.processEvents()


def sizes_of(window: QWidget) -> Sizes:
    return tv_theme(window.size()).sizes


def part(window: QWidget, name: str) -> QWidget:
    found = [widget for widget in window.findChildren(QWidget) if widget.objectName() == name]
    assert len(found) == 1, f"{name}: {len(found)} widgets"
    return found[0]


def plate(window: QWidget, name: str) -> NumberPlate:
    found = part(window, name)
    assert isinstance(found, NumberPlate)
    return found


def text(window: QWidget, name: str) -> str:
    found = part(window, name)
    assert isinstance(found, QLabel)
    return found.text()


def box_of(window: QWidget, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def seen_leaves(window: QWidget) -> list[QWidget]:
    """Every visible widget that paints words of its own."""
    return [
        widget
        for widget in window.findChildren(QLabel)
        if widget.isVisible() and not widget.visibleRegion().isEmpty()
    ]


# What is said.


def test_a_call_is_read_in_words_and_names_that_a_driver_can_ask_for(show: Show) -> None:
    window = show("called")
    assert window.page_name == "board"
    assert text(window, "current-number") == "A012"
    assert text(window, "current-counter") == "LOKET 3"
    assert text(window, "current-counter-second") == "COUNTER 3"
    assert text(window, "card-caption") == "Nomor antrean · Queue number"
    rows = [text(window, f"history-{place}") for place in (1, 2, 3)]
    assert rows == ["B007 loket 1", "A011 loket 3", "P003 loket 2"]
    assert text(window, "branch-name") == "Kantor Cabang Contoh"
    assert text(window, "date") == "Jumat 20 November"
    assert text(window, "clock").endswith(" WIB")
    assert "Perubahan data: 3 orang menunggu" in text(window, "facts")


def test_a_recall_says_which_call_it_is(show: Show) -> None:
    assert text(show("recalled"), "card-caption") == "Panggilan ke-2 · Call 2"


def test_a_priority_call_has_its_star_on_the_card_and_in_the_history(show: Show) -> None:
    window = show("priority")
    assert part(window, "priority-star").isVisible()
    assert has_colour(part(window, "priority-star"), TV_DARK.priority)
    assert has_colour(part(window, "history-3"), TV_DARK.priority)  # P003
    assert not has_colour(part(window, "history-1"), TV_DARK.priority)
    assert not part(show("called"), "priority-star").isVisible()


def test_missed_numbers_say_until_when_they_are_valid(show: Show) -> None:
    window = show("missed")
    assert "A009 berlaku sampai 08.0" in text(window, "facts")


def test_an_estimate_is_shown_only_where_there_is_one(show: Show) -> None:
    assert "11–19 m" in text(show("estimates"), "facts")
    assert "130–150 m" in text(show("long-waits"), "facts")
    assert " m" not in text(show("called"), "facts").replace(" menunggu", "")


def test_a_branch_of_one_language_reads_only_that(show: Show) -> None:
    tv = Tv(connected=False)
    tv.model.on_welcome(welcome(tv.clock.now(), languages=("id",)))
    tv.call("A012", 3)
    window = show(tv)
    assert text(window, "card-caption") == "Nomor antrean"
    assert not part(window, "current-counter-second").isVisible()


def test_a_language_that_nobody_translated_is_left_out() -> None:
    words = BoardWords(texts_of("id"))
    words.set_languages(["id", "fr"])
    assert words.both("display.history.heading") == "Baru dipanggil"
    words.set_languages(["fr", "en", "id"])
    assert words.both("display.history.heading") == "Baru dipanggil · Recently called"


def test_the_branchs_line_turns_pages_and_never_mixes_languages(show: Show) -> None:
    window = show("called")
    line = window.board.line
    pages = [line.page_text(page) for page in range(line.page_count)]
    assert " ".join(pages) == f"{TEXT['id']} {TEXT['en']}"
    assert any(page.startswith("Please have") for page in pages)
    for page in range(line.page_count):
        assert line.page == page
        line.turn()
    assert line.page == 0


def test_the_same_text_again_does_not_go_back_to_the_first_page(show: Show) -> None:
    tv = busy(Tv(connected=False))
    window = show(tv)
    window.board.line.turn()
    tv.show()
    assert window.board.line.page == 1


# Without server, without sound.


def test_before_the_server_answers_a_calm_page_says_what_is_going_on(show: Show) -> None:
    window = show("waiting")
    assert window.page_name == "waiting"
    assert "disiapkan" in text(window, "notice-heading")
    assert "ws://192.168.10.2:8765/" in text(window, "notice-details")
    assert not part(window, "card").isVisible()


def test_a_refused_display_tells_the_admin_what_to_do(show: Show) -> None:
    window = show("refused")
    assert window.page_name == "refused"
    assert "antrean-server device add display-1 --role display" in text(window, "notice-details")


def test_the_loss_is_said_at_once_then_the_age_then_whom_to_listen_to_f18(show: Show) -> None:
    tv = Tv(connected=False)
    STATES["called"](tv)
    window = show(tv)
    assert not part(window, "link-state").isVisible()
    tv.lose()
    assert part(window, "link-state").isVisible()
    assert text(window, "link-state") == "Terputus"
    tv.wait(5.1)
    assert text(window, "link-state") == f"data {texts_of('id').clock(tv.model.branch_time())}"
    assert has_colour(window, TV_DARK.border, least=2 * 1920)  # the grey edge
    tv.wait(55)
    assert text(window, "text-line").startswith("Mohon perhatikan panggilan petugas")
    assert text(window, "current-number") == "A012"
    tv.reconnect()
    assert not part(window, "link-state").isVisible()
    assert not has_colour(window, TV_DARK.border, least=2 * 1920)
    assert text(window, "text-line").startswith("Siapkan KTP")


@pytest.mark.parametrize(
    "state",
    [
        *("lost", "stale", "unattended", "stale-silent", "silent"),
        *("disturbed", "disturbed-silent", "many", "zone"),
        *("standard", "picture", "picture-late", "called-media"),
    ],
)
@pytest.mark.parametrize("size", SIZES)
def test_nothing_ever_covers_the_number(show: Show, state: str, size: str) -> None:
    window = show(state, size)
    for name in ("current-number", "current-counter"):
        number = part(window, name)
        assert number.isVisible()
        for corner in (
            number.rect().topLeft(),
            number.rect().center(),
            number.rect().bottomRight(),
        ):
            assert window.childAt(number.mapTo(window, corner)) is number


def test_a_silent_voice_says_so_and_why(show: Show) -> None:
    window = show("silent")
    assert text(window, "sound") == "Suara mati"
    assert text(window, "text-line").startswith("Suara mati: pengeras suara tidak tersambung.")
    assert "Siapkan KTP" in text(window, "text-line")
    assert part(window, "sound").accessibleName() == text(window, "text-line").split(" No ")[0]


def test_what_is_disturbed_is_told_at_once_and_steadily_in_amber(show: Show) -> None:
    tv = busy(Tv(connected=False))
    window = show(tv)
    line = window.board.line
    assert text(window, "text-line").startswith("Siapkan KTP")
    line.turn()  # wherever the pages are
    tv.disturbed = DISTURBED
    tv.show()
    told = [DISTURBED["id"], DISTURBED["en"]]
    for _ in range(2 * line.page_count):
        assert any(page_of(window) in sentence for sentence in told)
        amber = line.grab().toImage()
        assert amber.pixelColor(amber.width() - 8, 8).name() == TV_DARK.warning_soft.lower()
        line.turn()
    assert "Siapkan KTP" not in text(window, "text-line")
    tv.disturbed = {}
    tv.show()
    assert text(window, "text-line").startswith("Siapkan KTP")


def page_of(window: BoardWindow) -> str:
    line = window.board.line
    return line.page_text(line._page)


def test_a_silent_hall_that_is_disturbed_too_is_told_both(show: Show) -> None:
    words = text(show("disturbed-silent"), "text-line")
    assert words.startswith(DISTURBED["id"])
    assert "Suara mati: pengeras suara tidak tersambung." in words


def test_a_board_that_is_long_lost_sends_to_the_officer_first(show: Show) -> None:
    tv = Tv(connected=False)
    STATES["disturbed"](tv)
    tv.lose()
    tv.wait(61)
    assert text(show(tv), "text-line").startswith("Mohon perhatikan panggilan petugas")


def test_a_voice_that_is_off_on_purpose_is_no_fault(show: Show) -> None:
    tv = busy(Tv(voice=False, connected=False))
    window = show(tv)
    assert text(window, "sound") == ""
    assert "hanya ditampilkan" in part(window, "sound").accessibleName()


# Sizes, places, words that fit.


@pytest.mark.parametrize(
    ("size", "written", "factor"),
    [
        ("landscape", TV, 1.0),
        ("portrait", TV_PORTRAIT, 1.0),
        ("720p", TV, 2 / 3),
        ("4k", TV, 2.0),
    ],
)
def test_number_and_counter_have_at_least_their_sizes(
    show: Show, size: str, written: Sizes, factor: float
) -> None:
    for state in ("called", "priority", "stale", "many"):
        window = show(state, size)
        assert plate(window, "current-number").fitted_px() >= written.number * factor - 1
        # "LOKET 12" is as wide as the card itself: two hundredths less are not seen.
        share = 0.98 if state == "many" else 1.0
        counter_px = plate(window, "current-counter").fitted_px()
        assert counter_px >= written.heading * factor * share - 1


def test_the_number_grows_beyond_its_size_where_there_is_room(show: Show) -> None:
    assert plate(show("called"), "current-number").fitted_px() > TV.number


@pytest.mark.parametrize("size", ["landscape", "portrait"])
@pytest.mark.parametrize("state", ["called", "long-numbers", "recalled", "picture-late"])
@pytest.mark.parametrize("language", ["id", "en", "qps"])
def test_no_stroke_of_number_and_counter_is_cut(
    show: Show, state: str, size: str, language: str
) -> None:
    window = show(state, size, language=language)
    for name in ("current-number", "current-counter"):
        part(window, name).parentWidget()
        ink = ink_box(part(window, name))
        inside = part(window, name).rect().adjusted(1, 1, -1, -1)
        assert inside.contains(ink), f"{name}: {ink} of {inside}"


CHANCE = Random(38)
SCREENS = [(CHANCE.randint(320, 4096), CHANCE.randint(240, 4096)) for _ in range(60)]
"""Whatever is plugged in (F38)."""


@pytest.mark.parametrize("resting", [False, True])
@pytest.mark.parametrize("size", [*SIZES.values(), (480, 270), (700, 700), (1000, 480), *SCREENS])
def test_parts_stand_apart_and_inside(size: tuple[int, int], resting: bool) -> None:
    whole = QSize(*size)
    sizes = tv_theme(whole).sizes
    for step in range(len(SHIFT_STEPS)):
        places = board_places(whole, sizes, burn_in_shift(step, sizes), resting=resting)
        assert places.media.isEmpty() != resting
        edge = places.frame_px
        inside = QRect(QPoint(0, 0), whole).adjusted(edge, edge, -edge, -edge)
        parts = places.parts()
        for place, rectangle in enumerate(parts):
            assert inside.contains(rectangle)
            for other in parts[place + 1 :]:
                assert not rectangle.intersects(other)


@pytest.mark.parametrize("size", ["landscape", "portrait", "4k"])
def test_five_calls_or_more_stand_in_the_history(show: Show, size: str) -> None:
    window = show("called", size)
    rows = [text(window, f"history-{place}") for place in range(1, 6)]
    assert all(rows)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("size", SIZES)
def test_seen_words_do_not_overlap(show: Show, state: str, size: str) -> None:
    if size not in ("landscape", "portrait", "4x3") and state not in SOME_STATES:
        return  # the same design, scaled: a few states are enough
    window = show(state, size)
    leaves = seen_leaves(window)
    boxes = [(widget.objectName(), box_of(window, widget)) for widget in leaves]
    for place, (name, box) in enumerate(boxes):
        assert window.rect().contains(box), name
        for other_name, other in boxes[place + 1 :]:
            assert not box.intersects(other), f"{name} {box} and {other_name} {other}"


# In these the words may become smaller than the smallest size: everything else keeps it.
_MAY_SHRINK = {"branch-name", "current-counter-second", "notice-details", "date"}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("size", SIZES)
def test_every_word_fits_at_a_size_that_is_read_from_afar(
    show: Show, monkeypatch: pytest.MonkeyPatch, state: str, size: str
) -> None:
    if size not in ("landscape", "portrait", "4x3") and state not in SOME_STATES:
        return  # the same design, scaled: a few states are enough
    painted = record_fitting(monkeypatch)
    tv = Tv(connected=False)
    STATES[state](tv)
    window = show(tv, size)
    smallest = sizes_of(window).smallest
    # Standards of eight services in two languages have many pages; all of them in one size.
    pages = 100 if (state, size) == ("standard", "portrait") else 6
    strips = max(window.board.facts.page_count, window.board.line.page_count)
    for page in range(strips if tv.media is None else pages):
        window.grab()
        window.board.facts.turn()
        window.board.line.turn()
        if tv.media is not None:
            tv.wait(12.1)  # the next page of a standard
        assert painted, page
    badges = set("ABCDEFGH")
    for fitted in painted:
        if fitted.text in badges:
            assert fitted.fits
        elif fitted.text not in may_shrink(window):
            assert fitted.px >= smallest - 1, f"{fitted.text!r} is {fitted.px} px"
            assert fitted.fits, fitted.text


def may_shrink(window: QWidget) -> set[str]:
    return {
        widget.text()
        for widget in window.findChildren(QLabel)
        if widget.objectName() in _MAY_SHRINK
    }


def record_fitting(monkeypatch: pytest.MonkeyPatch) -> list[FittedText]:
    """Everything that is fitted into a box from now on, with the size that it got."""
    painted: list[FittedText] = []

    def recording(*arguments: Any, **options: Any) -> FittedText:
        fitted = fit_text(*arguments, **options)
        painted.append(fitted)
        return fitted

    for module in (
        "display.board_header",
        "display.board_history",
        "display.facts_strip",
        "display.media_area",
        "display.text_line",
        "ui.labels",
        "ui.signs",
    ):
        monkeypatch.setattr(f"{module}.fit_text", recording)
    return painted


@pytest.mark.parametrize("size", ["landscape", "portrait", "4k", "4x3", "3x4"])
def test_words_two_fifths_longer_still_have_room(
    show: Show, monkeypatch: pytest.MonkeyPatch, size: str
) -> None:
    painted = record_fitting(monkeypatch)
    for state in ("recalled", "missed", "refused", "unattended", "many", "zone", "standard"):
        window = show(state, size, language="qps")
        window.grab()
        assert {fitted.text for fitted in painted if not fitted.fits} <= may_shrink(window), state
        painted.clear()


def test_a_branch_with_a_very_long_name_keeps_its_clock(show: Show) -> None:
    tv = Tv(connected=False)
    name = "Kantor Cabang Jakarta Selatan, Kepulauan Seribu dan Sekitarnya, Gedung Lama Lt. 2"
    tv.model.on_welcome(welcome(tv.clock.now(), name=name[:80]))
    tv.show()
    for size in ("landscape", "portrait"):
        window = show(tv, size)
        clock = part(window, "clock")
        assert clock.width() > sizes_of(window).body * 3
        assert text(window, "branch-name") == name[:80]


# Pictures and standards between the calls.


def test_on_a_call_the_card_is_whole_at_once_and_pictures_give_way(show: Show) -> None:
    tv = Tv(connected=False)
    STATES["picture"](tv)
    window = show(tv)
    area, card = part(window, "media"), part(window, "card")
    assert area.isVisible()
    assert area.geometry() == window.board.places.media
    resting = card.geometry()
    tv.call("A013", 12)
    assert not area.isVisible()
    assert card.height() > 4 * resting.height()
    assert plate(window, "current-number").fitted_px() >= TV.number
    assert plate(window, "current-counter").fitted_px() >= TV.heading - 1
    assert part(window, "card-caption").isVisible()
    tv.wait(20)
    tv.move("A013", "serving")
    tv.wait(9)
    window.board.tick()
    assert area.isVisible()
    assert card.geometry() == resting


def test_without_pictures_and_standards_the_card_is_always_whole(show: Show) -> None:
    tv = Tv(connected=False)
    STATES["served"](tv)
    tv.media = media_of(tv)  # its services have no standard
    window = show(tv)
    tv.wait(100)
    window.board.tick()
    assert not part(window, "media").isVisible()
    assert plate(window, "current-number").fitted_px() >= TV.number


def test_broken_pictures_alone_leave_the_card_whole_f56(show: Show) -> None:
    tv = Tv(connected=False)
    STATES["served"](tv)
    stage = HandStage()
    stage.folder, stage.broken = (picture("1.png"),), {"1.png"}
    tv.media = MediaShow(stage, Path("/x"), elapsed_s=lambda: tv.clock.elapsed_s)
    window = show(tv)
    tv.wait(1)
    window.board.tick()
    window.board.tick()
    assert not part(window, "media").isVisible()


def test_a_picture_keeps_its_shape_and_a_standard_its_six_fields(show: Show) -> None:
    tv = Tv(connected=False)
    STATES["picture"](tv)
    window = show(tv)
    area = part(window, "media")
    image = area.grab().toImage()
    bar = image.pixelColor(4, image.height() // 2).name()
    assert bar == TV_DARK.panel.lower()  # a picture of 16:9 in a wider place
    assert image.pixelColor(image.width() // 2, image.height() // 2).name() == "#f4d35e"
    said = set()
    for _ in range(40):
        tv.wait(12.1)
        window.board.tick()
        said |= set(area.accessibleName().replace(".", ":").split(":"))
    for field in ("Persyaratan", "Prosedur", "Waktu", "Biaya", "Hasil layanan", "Pengaduan"):
        assert any(field in words for words in said), field


def test_standards_come_in_both_languages_and_only_for_the_zone(show: Show) -> None:
    tv = Tv(connected=False)
    STATES["standard"](tv)
    tv.for_services = ["B"]
    tv.show()
    window = show(tv)
    said = []
    for _ in range(40):
        tv.wait(12.1)
        window.board.tick()
        said.append(part(window, "media").accessibleName())
    assert all("Perubahan data" in words or "Change of data" in words for words in said)
    assert any(words.startswith("Standar pelayanan") for words in said)
    assert any(words.startswith("Standard of service") for words in said)


def test_a_zone_is_the_boards_title_and_its_rows_are_what_the_server_tells(show: Show) -> None:
    tv = Tv(connected=False)
    STATES["zone"](tv)
    window = show(tv)
    assert text(window, "branch-name") == "A Pendaftaran · B Perubahan data"
    assert part(window, "branch-name").accessibleName().startswith("Kantor Cabang Contoh: A ")
    assert "Informasi" not in text(window, "facts")
    assert window.board.zone_title == "A Pendaftaran · B Perubahan data"
    tv.for_services = []
    tv.show()
    assert text(window, "branch-name") == "Kantor Cabang Contoh"
    assert window.board.zone_title == ""


def test_a_long_zone_is_told_by_its_letters_in_full_size(show: Show) -> None:
    for size in ("landscape", "portrait", "4x3"):
        window = show("long-zone", size)
        title = part(window, "branch-name")
        assert isinstance(title, FittedLabel)
        assert title.text() == "Layanan C, D, F, G"
        assert title.fitted().px >= sizes_of(window).smallest


def test_many_numbers_that_were_missed_stand_on_pages_of_several(show: Show) -> None:
    window = show("many")
    strip = window.board.facts
    pages = [strip.page_text(place) for place in range(strip.page_count)]
    missed = [page for page in pages if page.startswith("Terlewat, berlaku sampai")]
    assert len(missed) <= 4
    for letter in "ABCDEFGH":
        assert any(f"{letter}90 berlaku sampai 08." in page for page in missed)


def test_a_screen_that_changes_again_and_again_is_laid_out_each_time_f38(show: Show) -> None:
    tv = Tv(connected=False)
    STATES["picture"](tv)
    window = show(tv)
    for width, height in SCREENS[:30]:
        began_s = time.monotonic()
        window.setFixedSize(width, height)
        QApplication.processEvents()
        assert time.monotonic() - began_s < 5  # one second, on a machine of its own
        board = window.board
        assert part(window, "card").geometry() == board.places.card
        assert part(window, "media").geometry() == board.places.media
        assert part(window, "current-number").isVisible()


def test_the_board_turns_with_its_window(show: Show) -> None:
    window = show("called")
    assert part(window, "history").x() > part(window, "card").geometry().right()
    window.setFixedSize(1080, 1920)
    QApplication.processEvents()
    assert part(window, "history").y() > part(window, "card").geometry().bottom()
    assert plate(window, "current-number").fitted_px() >= TV_PORTRAIT.number


def test_pixels_move_a_little_against_burn_in_and_come_back_f38(show: Show) -> None:
    window = show("called")
    first = part(window, "card").pos()
    seen = set()
    for _ in SHIFT_STEPS:
        window.board.shift_pixels()
        seen.add(part(window, "card").pos().toTuple())
    assert len(seen) == len(SHIFT_STEPS)
    assert part(window, "card").pos() == first


# Colours, pulses.


def test_every_pair_of_colours_on_the_board_is_aaa() -> None:
    c = TV_DARK
    bright = [QColor(c.called), QColor("#FFFFFF")]
    pairs = [
        (c.ink, c.window),
        (c.ink, c.panel),
        (c.ink_soft, c.window),
        (c.ink_soft, c.panel),
        (c.primary, c.panel),
        (c.on_ok_soft, c.ok_soft),
        (c.on_warning_soft, c.warning_soft),
        (c.priority, c.window),
        *((c.on_called, colour.name()) for colour in bright),
    ]
    for text_colour, ground in pairs:
        assert contrast_ratio(text_colour, ground) >= AAA_TEXT, (text_colour, ground)


def test_a_due_call_is_green_and_one_that_has_arrived_is_calm(show: Show) -> None:
    def is_green(state: str) -> bool:
        return has_colour(part(show(state), "card"), TV_DARK.called, least=100_000)

    assert is_green("called")
    assert not is_green("served")
    assert not is_green("stale")


@pytest.mark.parametrize("pulses", [PULSES, PULSES_WITHOUT_SOUND])
def test_the_card_flashes_at_most_once_a_second_and_then_rests(pulses: int) -> None:
    step_s = 0.01
    strengths = [pulse_strength(step * step_s, pulses) for step in range(1000)]
    rises = [
        step * step_s
        for step in range(1, len(strengths))
        if strengths[step - 1] < 0.5 <= strengths[step]
    ]
    assert len(rises) == pulses
    assert all(later - sooner >= 0.99 for sooner, later in pairwise(rises))
    assert set(strengths[pulses * 100 :]) == {0.0}
    assert max(strengths) == 1.0
    assert pulse_strength(-0.1, pulses) == 0.0


def strengths_after_a_call(tv: Tv, window: BoardWindow, qtbot: QtBot) -> list[float]:
    """How bright the card became in the first half second after a call."""
    strengths: list[float] = []
    along = window.board.card.on_strength

    def record(strength: float) -> None:
        strengths.append(strength)
        along(strength)

    window.board.card.on_strength = record
    tv.call("A012", 3)
    for _ in range(10):
        tv.clock.elapsed_s += 0.05
        qtbot.wait(60)
        number = plate(window, "current-number")
        assert number.isVisible()
        assert number.text() == "A012"
    return strengths


def test_a_new_call_brightens_the_card_and_the_number_stays(show: Show, qtbot: QtBot) -> None:
    tv = busy(Tv(connected=False))
    window = show(tv, "demo", reduce_motion=False)
    assert max(strengths_after_a_call(tv, window, qtbot)) > 0.9


def test_reduced_motion_leaves_the_card_steady(show: Show, qtbot: QtBot) -> None:
    tv = busy(Tv(connected=False))
    window = show(tv, "demo", reduce_motion=True)
    assert strengths_after_a_call(tv, window, qtbot) == []


def test_without_sound_the_edge_of_the_board_flashes_along_f36(show: Show, qtbot: QtBot) -> None:
    tv = busy(Tv(connected=False))
    tv.voice.health = VoiceHealth.NO_DEVICE
    window = show(tv, "demo", reduce_motion=False)
    tv.wait(0.1)
    tv.call("A012", 3)
    tv.clock.elapsed_s += 0.3
    qtbot.waitUntil(lambda: edge_of(window) == TV_DARK.called, timeout=2000)


def edge_of(window: QWidget) -> str:
    return QColor(window.grab().toImage().pixel(1, window.height() // 2)).name().upper()


def test_an_old_call_at_the_start_does_not_pulse(show: Show, qtbot: QtBot) -> None:
    tv = Tv(connected=False)
    tv.call_unseen("A012", 3)
    tv.move_unseen("A012", "serving")
    tv.reconnect()
    window = show(tv, "demo", reduce_motion=False)
    strengths: list[float] = []
    window.board.card.on_strength = strengths.append
    tv.show()
    qtbot.wait(150)
    assert strengths == []


# Cost, and people who hear the screen.


class PaintCounter(QObject):
    """Names whatever of a window is painted."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.painted: list[str] = []
        for widget in (window, *window.findChildren(QWidget)):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self.painted.append(watched.objectName())
        return False


def test_nothing_is_painted_while_nothing_changes(show: Show, qtbot: QtBot) -> None:
    tv = Tv(connected=False)
    STATES["served"](tv)
    tv.wait(60 - tv.clock.now().second)
    window = show(tv, "demo")
    qtbot.wait(50)
    counter = PaintCounter(window)
    tv.wait(10)
    qtbot.wait(350)  # the window's own ticks go on meanwhile
    assert counter.painted == []
    tv.wait(60)
    qtbot.wait(50)
    assert set(counter.painted) <= {"clock", "board", "display"}


@pytest.mark.parametrize("state", ["standard", "picture"])
def test_between_two_pictures_nothing_is_painted(show: Show, qtbot: QtBot, state: str) -> None:
    """A light PC has nothing to do: one picture in ten seconds, one minute of the clock."""
    tv = Tv(connected=False)
    STATES[state](tv)
    window = show(tv, "demo")
    tv.wait(60.5 - tv.clock.now().second)
    window.board.tick()
    qtbot.wait(50)
    counter = PaintCounter(window)
    for _ in range(500):
        tv.wait(0.1)
        window.board.tick()
        QApplication.processEvents()
    painted = [name for name in counter.painted if name not in ("board", "display")]
    assert set(painted) <= {"media", "facts", "text-line"}
    assert 3 <= painted.count("media") <= 6
    assert len(counter.painted) <= 20


def test_a_snapshot_without_news_repaints_little(show: Show, qtbot: QtBot) -> None:
    tv = Tv(connected=False)
    STATES["served"](tv)
    window = show(tv, "demo")
    row = part(window, "history-1")
    counter = PaintCounter(row)
    tv.show()
    tv.show()
    qtbot.wait(50)
    assert counter.painted == []


@pytest.mark.parametrize("state", STATES)
def test_whoever_hears_the_screen_gets_every_part(show: Show, state: str) -> None:
    window = show(state)
    for widget in seen_leaves(window):
        heard = widget.accessibleName() or (widget.text() if isinstance(widget, QLabel) else "")
        is_empty_row = widget.objectName().startswith("history-") and "no-calls" in state
        is_empty_strip = widget.objectName() == "facts" and "no-calls" in state
        assert heard or is_empty_row or is_empty_strip, widget.objectName()
    if window.page_name == "board" and "no-calls" not in state:
        heard = part(window, "card").accessibleName()
        assert "silakan menuju loket" in heard


def test_closing_the_window_silences_the_voice(show: Show) -> None:
    tv = Tv(connected=False)
    STATES["called"](tv)
    window = show(tv)
    window.close()
    assert tv.voice.closed


def test_missed_numbers_leave_the_board_when_their_time_is_over(show: Show) -> None:
    tv = busy(Tv(connected=False))
    tv.missed = [MissedNumber(number="A009", valid_until=tv.clock.now() + timedelta(seconds=90))]
    tv.show()
    window = show(tv, "demo")
    assert "A009" in text(window, "facts")
    tv.wait(91)
    assert "A009" not in text(window, "facts")


def test_the_card_alone_can_be_empty(qtbot: QtBot) -> None:
    card = CallCard(tv_theme(QSize(1920, 1080)), BoardWords(texts_of("id")))
    qtbot.addWidget(card)
    card.show_card(None, is_grey=False)
    card.resize(800, 500)
    card.show()
    assert text(card, "no-calls") == "Belum ada panggilan"
