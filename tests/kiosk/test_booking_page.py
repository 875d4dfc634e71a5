"""Coming with a place that was booked from home: typed, scanned, refused, offline, by ear."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec import UNSET
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assets.texts import Texts
from kiosk.booking_code import BookingInput, link_in
from kiosk.choosing_window import ChoosingWindow
from kiosk.visit import Page
from protocol.messages import CheckIn, IssueTicket
from protocol.web_commands import BOOKING_CODE_LENGTH, BOOKING_CODE_SIGNS
from server.domain.booking import CODE_LENGTH, CODE_LETTERS
from tests.kiosk.kiosk_pictures import window_of
from tests.kiosk.kiosk_story import (
    BOOKING,
    BOOKING_LINK,
    BOOKING_PAGE,
    CODE,
    LINK,
    Story,
    snapshot,
    ticket,
)
from tests.kiosk.test_code_page import button, scan, text, touch, visible_buttons
from tests.kiosk.test_spoken_pages import Ear


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def window(story: Story, qtbot: QtBot) -> ChoosingWindow:
    """A kiosk of 540x960, whose time passes only when the story lets it."""
    window = window_of(story, 540, 960)
    qtbot.addWidget(window)
    window._timer.stop()
    QApplication.processEvents()
    return window


def asked(story: Story) -> list[str]:
    """The bookings with which somebody wanted to check in."""
    return [command.code for command in story.ask.of(CheckIn)]


# The code and the address.


def test_the_keys_are_the_signs_of_which_the_server_makes_codes() -> None:
    assert (BOOKING_CODE_SIGNS, BOOKING_CODE_LENGTH) == (CODE_LETTERS, CODE_LENGTH)


@pytest.mark.parametrize(
    ("read", "link"),
    [
        (BOOKING_PAGE, BOOKING_LINK),
        (BOOKING_PAGE.replace("http", "https") + "/", BOOKING_LINK),
        (f" {BOOKING_PAGE} ", BOOKING_LINK),
        (BOOKING_PAGE.replace("/b/", "/t/"), None),  # the page of a ticket
        (LINK, None),
        (f"http://x/b/{'a' * 15}", None),
        (f"http://x/b/{'a' * 61}", None),
        (f"http://x/y/b/{BOOKING_LINK}", None),
        (f"javascript:/b/{BOOKING_LINK}", None),
        (BOOKING_LINK, None),
        (BOOKING_PAGE + "?a=1", None),
        (BOOKING_PAGE[:-1] + "٣", None),
        ("", None),
    ],
)
def test_of_a_qr_only_the_address_of_a_booking_counts(read: str, link: str | None) -> None:
    """F51: whatever else is held before the scanner opens nothing."""
    assert link_in(read) == link


def test_small_letters_are_the_same_and_what_no_code_has_goes_nowhere() -> None:
    typed = BookingInput()
    for place, sign in enumerate("c0d1o3aß4 xy"):
        typed.type(sign, place * 1.0, shown=True)
    assert typed.digits == "CD34XY"
    assert typed.enter(100) == "CD34XY"


def test_a_scanned_address_leaves_the_boxes_as_they_were() -> None:
    typed = BookingInput()
    typed.type("C", 0.0, shown=True)
    for place, sign in enumerate(BOOKING_PAGE):
        typed.type(sign, 1 + place * 0.005, shown=True)
    assert typed.enter(1 + len(BOOKING_PAGE) * 0.005) == BOOKING_LINK
    assert typed.digits == "C"


def test_the_signs_of_two_scans_do_not_become_one_address() -> None:
    typed = BookingInput()
    for start_s, part in ((0.0, BOOKING_PAGE[:30]), (1.0, BOOKING_PAGE[30:])):
        for place, sign in enumerate(part):
            typed.type(sign, start_s + place * 0.005, shown=False)
    assert typed.enter(1.5) is None


# The way in.


def test_a_branch_without_bookings_shows_no_way_in(story: Story, window: ChoosingWindow) -> None:
    story.online()
    assert "booking" not in {each.objectName() for each in visible_buttons(window)}
    story.after(1).model.open_booking()
    assert story.page() is Page.IDLE
    story.scanned(BOOKING_PAGE)
    assert asked(story) == []


def test_who_booked_types_the_code_and_gets_number_and_paper(
    story: Story, window: ChoosingWindow
) -> None:
    story.booking().after(1)
    shown = button(window, "booking")
    assert (shown.title, shown.line) == ("Sudah pesan dari rumah?", "Lapor kedatangan di sini")  # type: ignore[attr-defined]
    touch(window, "booking")
    assert window.page_name == "booking"
    assert not button(window, "booking-ok").isEnabled()
    for sign in BOOKING:
        story.after(0.5)
        touch(window, f"booking-{sign}")
    assert text(window, "booking-digits") == BOOKING
    story.after(0.5)
    touch(window, "booking-ok")
    assert window.page_name == "moment"
    assert asked(story) == [BOOKING]
    assert story.ask.of(IssueTicket) == []
    story.ask.accept(story.ask.last(CheckIn), ticket=ticket("A012"))
    assert window.page_name == "issued"
    story.asked_to_print("A012").printed()
    assert story.shown().ticket.number == "A012"
    story.after(60)
    assert story.page() is Page.IDLE
    assert not story.model.visit.checking


def test_one_sign_is_taken_back_and_one_too_many_goes_nowhere(
    story: Story, window: ChoosingWindow
) -> None:
    story.booking().signed("CD34XYW")
    assert text(window, "booking-digits") == BOOKING
    story.after(1)
    touch(window, "booking-clear")
    assert text(window, "booking-digits") == "CD34X"
    QTest.keyClick(window, Qt.Key.Key_Backspace)
    assert text(window, "booking-digits") == "CD34"


@pytest.mark.parametrize("page", ["idle", "services", "booking"])
def test_a_qr_before_the_scanner_is_enough(story: Story, window: ChoosingWindow, page: str) -> None:
    """Only the secret goes over the wire: with the address it may be longer than a code may be."""
    story.booking()
    if page == "services":
        story.start()
    elif page == "booking":
        story.signed("CD")
    story.after(1)
    scan(window, story, BOOKING_PAGE)
    assert asked(story) == [BOOKING_LINK]
    assert window.page_name == "moment"


def test_a_slip_scanned_on_this_page_is_a_slip(story: Story, window: ChoosingWindow) -> None:
    story.booking().signed("C").after(1)
    scan(window, story, CODE)
    assert [command.screening for command in story.ask.of(IssueTicket)] == [CODE]
    assert asked(story) == []


def test_a_keyboard_types_the_code_too(story: Story, window: ChoosingWindow) -> None:
    story.booking().after(1).model.open_booking()
    for sign in BOOKING.lower():
        story.after(0.4)
        QTest.keyClicks(window, sign)
    QTest.keyClick(window, Qt.Key.Key_Enter)
    assert asked(story) == [BOOKING]


def test_a_double_tap_checks_in_once(story: Story) -> None:
    """I6: one intention, one command; asked again it is the same one."""
    story.booking().checked_in()
    story.model.confirm_booking()
    first = story.ask.last(CheckIn)
    story.ask.reject(first, "try-again")
    story.after(1)
    assert story.ask.of(CheckIn) == [first, first]


def test_the_ticket_speaks_the_language_of_the_booking_unless_one_was_chosen_here(
    story: Story,
) -> None:
    story.booking().checked_in()
    story.ask.accept(story.ask.last(CheckIn), ticket=ticket("A012", language="en"))
    assert story.model.visit.language == "en"
    other = Story().booking()
    other.model.choose_language("en")
    other.checked_in()
    other.ask.accept(other.ask.last(CheckIn), ticket=ticket("A012", language="id"))
    assert other.model.visit.language == "en"


def test_while_all_services_are_closed_who_booked_still_has_a_way_in(
    story: Story, window: ChoosingWindow
) -> None:
    """Their place is kept although the numbers of walk-ins are used up."""
    story.booking().model.on_notice(snapshot(3, used_up="ABCDEF", closed="ABCDEF"))
    story.after(1)
    assert "start" not in {each.objectName() for each in visible_buttons(window)}
    touch(window, "booking")
    assert window.page_name == "booking"


# A booking that opens nothing.


def test_an_unknown_code_is_said_in_the_servers_words_and_can_be_typed_again(
    story: Story, window: ChoosingWindow
) -> None:
    story.booking().checked_in().not_checked_in("unknown-booking", "Kata server.")
    assert window.page_name == "booking"
    assert text(window, "booking-remark") == "Kata server."
    assert text(window, "booking-digits") == ""
    story.after(1)
    touch(window, "booking-C")
    assert text(window, "booking-remark") == ""


def test_who_comes_too_early_is_told_from_when_in_every_language(
    story: Story, window: ChoosingWindow
) -> None:
    """It is 08.12.03; the server says in how many seconds, the clock is the branch's."""
    story.booking()
    for language, words in (
        ("en", "check in from 08:46."),
        ("jv", "wiwit tabuh 08.46."),
        ("su", "ti tabuh 08.46."),
    ):
        story.model.visit.language = language
        wait_s = (
            timedelta(hours=8, minutes=46) - timedelta(hours=8, minutes=12, seconds=3)
        ).seconds
        story.now_s = 1000.0
        story.model._forget()
        story.model.visit.language = language
        story.model._check_in(BOOKING)
        story.not_checked_in("too-early", "Kata server.", retry_after_s=float(wait_s))
        assert text(window, "booking-remark").endswith(words), language
    story.model._forget()
    story.model._check_in(BOOKING)
    story.not_checked_in("too-early", "Mulai pukul 08.46.", retry_after_s=2037.0)
    assert text(window, "booking-remark") == "Mulai pukul 08.46."
    assert not story.model.visit.offers_number


def test_too_early_without_a_time_is_said_without_one(story: Story, window: ChoosingWindow) -> None:
    story.booking().model.choose_language("en")
    story.checked_in().not_checked_in("too-early", "Kata server.", retry_after_s=UNSET)
    assert "your booking names" in text(window, "booking-remark")


@pytest.mark.parametrize("reason", ["booking-over", "not-allowed"])
def test_a_booking_that_is_over_offers_an_ordinary_number(
    story: Story, window: ChoosingWindow, reason: str
) -> None:
    """U1: no dead end; the offer stays until somebody has chosen or gone."""
    story.booking().checked_in().not_checked_in(reason, "Kata server.")
    assert text(window, "booking-remark") == "Kata server."
    assert not any(each.objectName() == "booking-C" for each in visible_buttons(window))
    story.after(30)
    assert text(window, "booking-remark") == "Kata server."
    touch(window, "ordinary")
    assert window.page_name == "services"
    assert text(window, "remark") == ""
    story.after(1)
    touch(window, "service-A")
    assert len(story.ask.of(IssueTicket)) == 1


def test_nothing_is_offered_where_no_numbers_are_given(
    story: Story, window: ChoosingWindow
) -> None:
    story.booking().model.on_notice(snapshot(3, closed="ABCDEF"))
    story.checked_in().not_checked_in("booking-over", "Kata server.")
    assert "ordinary" not in {each.objectName() for each in visible_buttons(window)}
    assert text(window, "booking-remark") == "Kata server."
    story.after(1)
    touch(window, "booking-back")
    assert window.page_name == "idle"


def test_after_an_offer_another_qr_counts(story: Story, window: ChoosingWindow) -> None:
    story.booking().checked_in().not_checked_in("booking-over").after(1)
    story.scanned(BOOKING_PAGE)
    assert asked(story) == [BOOKING, BOOKING_LINK]
    story.not_checked_in("unknown-booking").after(1)
    assert button(window, "booking-C").isEnabled()


def test_three_unknown_codes_pause_the_keys_and_the_scanner(
    story: Story, window: ChoosingWindow
) -> None:
    """F52: also together with wrong codes of slips, and for who goes back in between."""
    story.booking()
    for _ in range(3):
        assert story.model.code_pause_s == 0
        story.checked_in().not_checked_in("unknown-booking").after(1)
        story.model.back()
        story.after(1)
    touch(window, "booking")
    assert text(window, "booking-remark").startswith("Terlalu banyak kode salah. Tunggu ")
    assert not button(window, "booking-C").isEnabled()
    scan(window, story, BOOKING_PAGE)
    assert asked(story) == [BOOKING] * 3
    story.after(30)
    assert button(window, "booking-C").isEnabled()


def test_an_early_or_late_booking_is_no_guess(story: Story) -> None:
    story.booking()
    for _ in range(4):
        story.checked_in().not_checked_in("too-early").after(1)
    assert story.model.code_pause_s == 0


def test_left_alone_the_page_asks_and_forgets(story: Story) -> None:
    story.booking().signed("CD").after(50)
    assert story.question() is not None
    story.after(16)
    assert story.page() is Page.IDLE
    assert story.model.visit.booking.digits == ""


# Without the server.


def test_a_kiosk_on_its_own_says_kindly_that_it_cannot_read_bookings(
    story: Story, window: ChoosingWindow
) -> None:
    story.booking().model.on_alone(True)
    story.after(1)
    touch(window, "booking")
    assert window.page_name == "services"
    assert "petugas akan membantu" in text(window, "remark")
    story.model._forget()
    story.scanned(BOOKING_PAGE)
    assert window.page_name == "services"
    assert asked(story) == []


@pytest.mark.parametrize("asks", [False, True])
def test_who_types_when_the_link_is_lost_is_led_on(
    story: Story, window: ChoosingWindow, asks: bool
) -> None:
    story.booking().signed()
    if asks:
        story.after(1).model.confirm_booking()
    story.model.on_alone(True)
    assert window.page_name == "services"
    assert "petugas akan membantu" in text(window, "remark")
    story.after(1).model.choose("A")
    assert len(story.ask.of(IssueTicket)) == 1


def test_a_short_loss_of_the_link_keeps_the_wish(story: Story, window: ChoosingWindow) -> None:
    story.booking().checked_in()
    story.lost().after(5)
    assert window.page_name == "away"
    story.booking()
    story.ask.accept(story.ask.last(CheckIn), ticket=ticket("A012"))
    assert window.page_name == "issued"


# By ear.


@pytest.fixture
def ear(qtbot: QtBot) -> Iterator[Ear]:
    ear = Ear(qtbot, Story().booking())
    yield ear
    ear.guide.close()


def test_a_code_is_typed_without_sight(ear: Ear) -> None:
    """V12: the way in, each sign as it comes, and what became of it."""
    ear.press(Qt.Key.Key_Down).hear()
    assert "Sudah pesan dari rumah" in ear.find("booking")
    said = ear.ok()
    assert "Ketik kode pesanan Anda" in said
    assert "kode QR" in said
    ear.find("booking-C")
    assert "ce" in ear.ok()
    ear.find("booking-D")
    assert "de" in ear.ok()
    ear.find("booking-clear")
    assert "1 huruf dan angka" in ear.ok()
    ear.story.model._check_in(BOOKING)
    ear.story.not_checked_in("booking-over", "Waktu lapor sudah lewat.")
    ear.window.refresh()
    said = ear.hear()
    assert "Waktu lapor sudah lewat" in said
    assert "ambil nomor biasa" in said.lower()


@pytest.mark.parametrize("language", ["id", "en", "jv", "su"])
def test_every_language_has_all_words_of_the_page(language: str) -> None:
    texts, mother = Texts.load(language, ["kiosk"], strict=True), Texts.load("id", ["kiosk"])
    for key in ("title", "line", "help", "back", "over", "ordinary", "ok", "clear"):
        said = texts(f"kiosk.booking.{key}")
        assert said
        is_alike = language == "id" or key in ("ok", "back", "clear")
        assert is_alike or said != mother(f"kiosk.booking.{key}")
