"""The officer's code at the kiosk: typed, scanned, refused, paused; and a screened kiosk's way."""

import random
from collections import Counter

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from kiosk.choosing_window import ChoosingWindow
from kiosk.visit import KioskChoices, Page, Patience
from protocol.messages import ConfirmPrint, IssueTicket
from tests.kiosk.kiosk_pictures import PIN, window_of
from tests.kiosk.kiosk_story import CODE, DISTURBED, Story, snapshot, ticket, welcome
from tests.kiosk.slip_examples import slip_to_print
from tests.kiosk.test_slip_code import RUBBISH
from ui.placing import KioskLock


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


def button(window: ChoosingWindow, name: str) -> QAbstractButton:
    found = [each for each in window.findChildren(QAbstractButton, name) if each.isVisible()]
    assert len(found) == 1, f"{name}: {len(found)} to be seen"
    return found[0]


def text(window: ChoosingWindow, name: str) -> str:
    found = [each for each in window.findChildren(QLabel, name) if each.isVisible()]
    return found[0].text() if found else ""


def touch(window: ChoosingWindow, name: str) -> None:
    target = button(window, name)
    at = target.mapTo(window, target.rect().center())
    assert window.childAt(at) is target, f"{name} is covered by {window.childAt(at)}"
    QTest.mouseClick(
        window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at
    )


def scan(window: ChoosingWindow, story: Story, signs: str, *, enter: bool = True) -> None:
    """A scanner types into whatever has the focus, 5 ms a sign."""
    for sign in signs:
        story.now_s += 0.005
        write(window, sign)
    if enter:
        story.now_s += 0.005
        write(window, "\r")


def write(window: ChoosingWindow, sign: str) -> None:
    """A sign as a keyboard sends it; QTest's own way knows Latin letters only."""
    known = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab, "\x1b": Qt.Key.Key_Escape}
    key = known.get(sign, Qt.Key.Key_unknown)
    if sign.isascii() and sign.isprintable():
        key = Qt.Key(ord(sign.upper()))
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, sign)
        QApplication.sendEvent(focus(window), event)


def focus(window: ChoosingWindow) -> QWidget:
    """Who hears the keyboard."""
    focused: QWidget | None = window.focusWidget()
    return window if focused is None else focused


def numbers_asked(story: Story) -> list[str | None]:
    return [command.screening for command in story.ask.of(IssueTicket)]


# The way of a screened kiosk.


def test_a_screened_kiosk_sends_to_the_officer_and_gives_no_number_without_a_code(
    story: Story, window: ChoosingWindow
) -> None:
    story.screened().after(1)
    assert text(window, "invitation") == "Silakan mulai dari petugas di pintu"
    assert button(window, "start").accessibleName() == "PUNYA KODE? SENTUH DI SINI"
    touch(window, "start")
    assert window.page_name == "code"
    assert not any("service-" in each.objectName() for each in visible_buttons(window))
    story.after(1)
    touch(window, "code-back")
    assert window.page_name == "idle"
    assert story.ask.asked == []


def visible_buttons(window: ChoosingWindow) -> list[QAbstractButton]:
    return [each for each in window.findChildren(QAbstractButton) if each.isVisible()]


def test_a_typed_code_gives_the_number_of_the_officers_choice(
    story: Story, window: ChoosingWindow
) -> None:
    story.screened().after(1)
    touch(window, "start")
    for digit in CODE:
        story.after(0.5)
        assert not button(window, "code-ok").isEnabled()
        touch(window, f"code-{digit}")
    assert text(window, "code-digits") == CODE
    touch(window, "code-ok")
    assert window.page_name == "moment"
    asked = story.ask.last(IssueTicket)
    assert (asked.screening, asked.language) == (CODE, None)
    assert asked.service == "A", "an open one, of which the server takes no notice"
    story.ask.accept(asked, ticket=ticket("D031"))
    assert window.page_name == "issued"
    assert text(window, "number") == "D031"
    assert text(window, "service").startswith("Iuran dan tunggakan")


def test_a_code_names_a_service_that_is_open(story: Story) -> None:
    story.screened(closed="ABC").coded()
    assert story.ask.last(IssueTicket).service == "D"


def test_the_last_digit_can_be_taken_away_and_a_seventh_is_not_taken(
    story: Story, window: ChoosingWindow
) -> None:
    story.screened().typed("4809157").after(1)
    assert text(window, "code-digits") == CODE
    touch(window, "code-clear")
    assert text(window, "code-digits") == CODE[:5]


def test_the_language_of_the_door_is_spoken_here_unless_another_was_chosen(story: Story) -> None:
    story.screened().coded()
    story.ask.accept(story.ask.last(IssueTicket), ticket=ticket("A012", language="en"))
    assert story.model.visit.language == "en"
    other = Story().screened()
    other.model.choose_language("en")
    other.coded()
    asked = other.ask.last(IssueTicket)
    assert asked.language == "en"
    other.ask.accept(asked, ticket=ticket("A012", language="id"))
    assert other.model.visit.language == "en"


def test_a_language_that_this_kiosk_cannot_speak_changes_nothing(story: Story) -> None:
    story.screened().coded()
    story.ask.accept(story.ask.last(IssueTicket), ticket=ticket("A012", language="jv"))
    assert story.model.visit.language == "id"


def test_a_double_tap_on_ok_asks_once(story: Story, window: ChoosingWindow) -> None:
    story.screened().typed().after(1)
    ok = button(window, "code-ok")
    for _ in range(2):
        QTest.mouseClick(ok, Qt.MouseButton.LeftButton)
    assert numbers_asked(story) == [CODE]


def test_a_second_tap_on_start_types_no_digit(story: Story, window: ChoosingWindow) -> None:
    """The keys appear under the finger; a shaking hand must not type."""
    story.screened().after(1)
    at = button(window, "start").mapTo(window, button(window, "start").rect().center())
    for _ in range(2):
        QTest.mouseClick(
            window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at
        )
    assert window.page_name == "code"
    assert text(window, "code-digits") == ""


# A scanner.


@pytest.mark.parametrize("mode", ["screened", "open"])
def test_a_scan_on_the_idle_page_needs_no_touch(
    story: Story, window: ChoosingWindow, mode: str
) -> None:
    story.online().model.on_notice(snapshot(2, mode=mode))
    story.after(1)
    scan(window, story, CODE)
    assert window.page_name == "moment"
    story.ask.accept(story.ask.last(IssueTicket), ticket=ticket("B012"))
    assert text(window, "number") == "B012"


@pytest.mark.parametrize("rubbish", [each for each in RUBBISH if "\t" not in each])
@pytest.mark.parametrize("page", ["idle", "code"])
def test_a_scan_of_rubbish_does_nothing(
    story: Story, window: ChoosingWindow, page: str, rubbish: str
) -> None:
    """F50."""
    story.screened().after(1)
    if page == "code":
        touch(window, "start")
    scan(window, story, rubbish[:300])
    assert window.page_name == page
    assert story.ask.asked == []
    assert not story.remarks()
    story.after(1)
    scan(window, story, CODE)
    assert numbers_asked(story) == [CODE]


def test_a_scanner_that_sends_tab_before_enter_is_understood(
    story: Story, window: ChoosingWindow
) -> None:
    story.screened().after(1)
    scan(window, story, f"{CODE}\t")
    assert numbers_asked(story) == [CODE]


def test_a_scan_presses_no_button_that_the_keys_had_reached(
    story: Story, window: ChoosingWindow
) -> None:
    """Space and Enter press what has the focus; out of a scanner they must not."""
    story.online().start().after(1)
    button(window, "service-A").setFocus(Qt.FocusReason.TabFocusReason)
    for rubbish in ("12 34", "ABC\tDEF", "A  B", "12\t"):
        scan(window, story, rubbish)
        story.after(1)
    assert story.ask.asked == []
    assert window.page_name == "services"


@pytest.mark.parametrize("page", ["moment", "issued", "paperless", "away"])
def test_a_scan_while_another_page_shows_does_nothing(
    story: Story, window: ChoosingWindow, page: str
) -> None:
    story.screened().after(1)
    if page == "away":
        story.lost().after(5)
    else:
        story.coded()
    if page in ("issued", "paperless"):
        story.ask.accept(story.ask.last(IssueTicket), ticket=ticket("A012"))
        story.asked_to_print("A012")
    if page == "paperless":
        story.failed()
    story.after(1)
    assert window.page_name == page
    asked = len(story.ask.of(IssueTicket))
    scan(window, story, "112233")
    assert window.page_name == page
    assert len(story.ask.of(IssueTicket)) == asked


def test_the_pad_of_the_staff_hears_a_scan_as_a_wrong_pin_at_most(
    story: Story, window: ChoosingWindow
) -> None:
    """F51: no code is a way out."""
    story.screened()
    leaving = window._leaving
    leaving.hold()
    story.now_s += 6
    leaving.tick()
    assert window.page_name == "leaving"
    scan(window, story, CODE)
    assert not story.has_left
    assert numbers_asked(story) == []
    assert CODE != PIN


def test_what_was_scanned_without_enter_is_soon_forgotten(story: Story) -> None:
    """Perhaps a card with somebody's number; nothing of it may lie about."""
    story.screened()
    story.scanned("3171234567890123", enter=False)
    story.after(1)
    assert "317" not in repr(story.model.visit)


def test_a_keyboard_types_the_code_too(story: Story, window: ChoosingWindow) -> None:
    story.screened().start().after(1)
    for digit in CODE[:4] + "7":
        story.after(0.4)
        QTest.keyClicks(focus(window), digit)
    QTest.keyClick(window, Qt.Key.Key_Backspace)
    for digit in CODE[4:]:
        story.after(0.4)
        QTest.keyClicks(window, digit)
    assert text(window, "code-digits") == CODE
    QTest.keyClick(window, Qt.Key.Key_Enter)
    assert numbers_asked(story) == [CODE]


def test_the_keys_are_reached_and_pressed_without_a_finger(
    story: Story, window: ChoosingWindow
) -> None:
    story.screened().after(1)
    QTest.keyClick(window, Qt.Key.Key_Tab)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert window.page_name == "code"
    assert button(window, "code-1").hasFocus()
    story.after(1)
    QTest.keyClick(button(window, "code-1"), Qt.Key.Key_Return)
    assert text(window, "code-digits") == "1"
    reached = set()
    for _ in range(14):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        reached.add(window.focusWidget().objectName())
    assert {"code-0", "code-9", "code-clear", "code-back", "language-en"} <= reached


# A code that opens nothing.


@pytest.mark.parametrize("reason", ["unknown-screening", "code-used", "code-expired"])
def test_a_refused_code_says_why_and_can_be_typed_again(
    story: Story, window: ChoosingWindow, reason: str
) -> None:
    story.screened().coded().refused(reason, "Kata server.")
    assert window.page_name == "code"
    assert text(window, "code-remark") == "Kata server."
    assert "petugas di pintu" in text(window, "code-help")
    assert text(window, "code-digits") == ""
    story.after(1)
    touch(window, "code-1")
    assert text(window, "code-remark") == ""
    story.model.erase_digit()
    story.coded("112233")
    assert numbers_asked(story) == [CODE, "112233"]


@pytest.mark.parametrize("reason", ["unknown-screening", "code-used", "code-expired"])
def test_a_visitor_of_another_language_reads_our_own_words(
    story: Story, window: ChoosingWindow, reason: str
) -> None:
    story.screened()
    story.model.choose_language("en")
    story.coded().refused(reason, "Kata server.")
    words = text(window, "code-remark")
    assert "code" in words.lower()
    assert "Kata" not in words


def test_a_scanned_code_that_is_refused_shows_the_page_where_to_type(
    story: Story, window: ChoosingWindow
) -> None:
    story.online().after(1)
    scan(window, story, CODE)
    story.refused("code-used")
    assert window.page_name == "code"
    assert "sudah dipakai" in text(window, "code-remark")
    story.after(1)
    touch(window, "code-back")
    assert window.page_name == "idle"


def test_three_wrong_codes_pause_the_keys_and_the_scanner_with_words(
    story: Story, window: ChoosingWindow
) -> None:
    story.screened()
    for _ in range(3):
        assert story.model.code_pause_s == 0
        story.coded().refused().after(1)
    assert text(window, "code-remark").startswith("Terlalu banyak kode salah. Tunggu 29 detik")
    assert "petugas di pintu" in text(window, "code-remark")
    assert not any(each.isEnabled() for each in visible_buttons(window) if is_key(each))
    scan(window, story, CODE)
    QTest.keyClick(window, Qt.Key.Key_Return)
    assert numbers_asked(story) == [CODE] * 3
    touch(window, "code-back")
    assert window.page_name == "idle"
    story.after(1)
    scan(window, story, CODE)
    assert window.page_name == "code", "who comes next reads why"
    assert text(window, "code-remark").startswith("Terlalu banyak")
    story.after(30)
    story.coded()
    assert numbers_asked(story) == [CODE] * 4


def is_key(each: QAbstractButton) -> bool:
    return each.objectName().startswith("code-") and each.objectName() != "code-back"


def test_going_back_between_tries_does_not_help_who_guesses(story: Story) -> None:
    story.screened()
    for _ in range(3):
        story.coded().refused().after(1)
        story.model.back()
    assert story.model.code_pause_s > 0


def test_a_refusal_for_another_reason_is_no_wrong_code(story: Story) -> None:
    story.screened()
    for _ in range(5):
        story.coded().refused("service-closed", "Tutup.").after(1)
    assert story.page() is Page.CODE
    assert story.model.code_pause_s == 0


def test_a_code_page_left_alone_is_asked_and_then_forgotten(story: Story) -> None:
    story.screened().typed("4809").after(50)
    assert story.question() is not None
    story.after(16)
    assert story.page() is Page.IDLE
    assert story.model.visit.code.digits == ""


def test_a_lost_answer_is_asked_for_again_with_the_same_wish(story: Story) -> None:
    """I6: a second command would be refused, because the first has used the code."""
    story.screened().coded()
    first = story.ask.last(IssueTicket)
    story.ask.reject(first, "try-again")
    story.after(1)
    assert story.ask.of(IssueTicket) == [first, first]


# An open kiosk.


def test_an_open_kiosk_is_as_before_and_a_branch_with_a_door_has_a_small_way_in(
    story: Story, window: ChoosingWindow
) -> None:
    story.online().start().after(1)
    assert "code" not in {each.objectName() for each in visible_buttons(window)}
    story.model.on_welcome(welcome(door=True))
    story.model.on_notice(snapshot(2))
    tile = button(window, "service-A")
    touch(window, "code")
    assert window.page_name == "code"
    story.after(1)
    touch(window, "code-back")
    assert window.page_name == "services"
    assert tile.isVisible()
    story.after(1)
    touch(window, "service-A")
    assert numbers_asked(story) == [None]


def test_a_branch_that_turns_screened_takes_the_tiles_away_at_once(
    story: Story, window: ChoosingWindow
) -> None:
    story.online().start().after(1)
    story.model.on_notice(snapshot(2, mode="screened"))
    assert window.page_name == "code"
    story.model.choose("A")
    assert story.ask.asked == []


def test_a_branch_that_opens_again_leaves_who_types_a_code_alone(story: Story) -> None:
    story.screened().typed("48")
    story.model.on_notice(snapshot(3))
    assert story.page() is Page.CODE
    story.after(1).typed("0915")
    story.model.confirm_code()
    assert numbers_asked(story) == [CODE]


# Slips on paper.


def test_a_slip_is_printed_and_the_server_told(story: Story) -> None:
    story.screened().model.on_notice(slip_to_print(job="slip-7"))
    assert story.printer.copies == [("slip-7", 1)]
    assert story.prints_for_others()
    story.printed()
    told = story.ask.last(ConfirmPrint)
    assert (told.job, told.outcome) == ("slip-7", "printed")
    assert story.page() is Page.IDLE
    assert not story.prints_for_others()


def test_a_slip_that_is_told_again_while_it_prints_goes_to_the_printer_once(story: Story) -> None:
    """I9."""
    story.screened()
    for _ in range(3):
        story.model.on_notice(slip_to_print())
    story.printed()
    story.model.on_notice(slip_to_print())
    assert len(story.printer.submitted) == 1
    assert len(story.ask.of(ConfirmPrint)) == 1


def test_a_slip_that_fails_is_told_and_bothers_no_visitor(story: Story) -> None:
    story.screened().model.on_notice(slip_to_print(job="slip-7"))
    story.failed()
    assert story.ask.last(ConfirmPrint).outcome == "failed"
    assert story.page() is Page.IDLE


# What is disturbed.


@pytest.mark.parametrize("page", ["idle", "services"])
def test_what_is_disturbed_is_a_calm_band_in_the_visitors_language(
    story: Story, window: ChoosingWindow, page: str
) -> None:
    story.online()
    if page == "services":
        story.start()
    assert text(window, "disturbance") == ""
    story.model.on_notice(snapshot(2, disturbed=True))
    assert text(window, "disturbance") == DISTURBED["id"]
    story.model.choose_language("en")
    assert text(window, "disturbance") == DISTURBED["en"]
    story.model.on_notice(snapshot(3))
    assert text(window, "disturbance") == ""


def test_a_remark_goes_before_the_band_where_both_have_no_room(story: Story, qtbot: QtBot) -> None:
    window = window_of(story, 1920, 1080, inches=15.6)
    qtbot.addWidget(window)
    window._timer.stop()
    story.online().start().choose("A").refused("service-closed", "Kata " * 12)
    story.model.on_notice(snapshot(2, disturbed=True))
    story.after(1)
    assert text(window, "remark").startswith("Kata")
    assert text(window, "disturbance") == ""
    assert text(window, "question") == "Perlu layanan apa?"


# Whatever anybody does.


@pytest.mark.parametrize("seed", range(6))
def test_no_touch_and_no_key_leads_out_or_into_a_dead_end(seed: int, qtbot: QtBot) -> None:
    """F51 and U1: thousands of touches, keys and scans; the kiosk stays, and comes back."""
    chance = random.Random(seed)
    story = Story(choices=KioskChoices(patience=Patience(guard_s=0.0)))
    window = window_of(story, 540, 960)
    qtbot.addWidget(window)
    window._timer.stop()
    lock = KioskLock(window)
    story.screened()
    answered = 0
    seen: Counter[str] = Counter()
    for _ in range(1000):
        act(chance, story, window)
        story.after(chance.choice((0.1, 0.1, 0.3, 1.0)))
        seen[window.page_name] += 1
        for command in story.ask.of(IssueTicket)[answered:]:
            answered += 1
            assert command.screening is not None, "a screened kiosk gives nothing without a code"
            if chance.random() < 0.5:
                story.ask.accept(command, ticket=ticket("A012"))
            else:
                story.ask.reject(command, chance.choice(("code-used", "service-closed")))
        assert window.isVisible()
        assert QApplication.activePopupWidget() is None
        assert not story.has_left
    assert {"idle", "code", "moment", "issued"} <= seen.keys() | {"moment"}
    story.screened().after(200)
    assert window.page_name == "idle"
    scan(window, story, CODE)
    assert window.page_name == "moment"
    lock.release()


def act(chance: random.Random, story: Story, window: ChoosingWindow) -> None:
    """One thing that a visitor, a child or a stick in the USB port may do."""
    dice = chance.random()
    if dice < 0.6:
        buttons = [each for each in visible_buttons(window) if each.isEnabled()]
        some = chance.choice(buttons) if buttons and chance.random() < 0.8 else None
        where = (
            some.mapTo(window, some.rect().center())
            if some is not None
            else QPoint(chance.randrange(window.width()), chance.randrange(window.height()))
        )
        which = chance.choice([Qt.MouseButton.LeftButton] * 5 + [Qt.MouseButton.RightButton])
        QTest.mouseClick(window.windowHandle(), which, Qt.KeyboardModifier.NoModifier, where)
    elif dice < 0.8:
        chord = chance.choice(
            (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.AltModifier,
                Qt.KeyboardModifier.ControlModifier,
                Qt.KeyboardModifier.MetaModifier,
            )
        )
        key = chance.choice(KEYS)
        QTest.keyClick(focus(window), key, chord)
    elif dice < 0.9:
        scan(window, story, chance.choice((CODE, "000000", *RUBBISH))[:100])
    else:
        story.scanned(chance.choice((CODE, *RUBBISH))[:100], enter=chance.random() < 0.5)


KEYS = (
    Qt.Key.Key_F4,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Return,
    Qt.Key.Key_Space,
    Qt.Key.Key_Backspace,
    Qt.Key.Key_Delete,
    Qt.Key.Key_Q,
    Qt.Key.Key_W,
    Qt.Key.Key_V,
    Qt.Key.Key_Left,
    Qt.Key.Key_Down,
    Qt.Key.Key_F1,
    Qt.Key.Key_F11,
    Qt.Key.Key_Menu,
    Qt.Key.Key_Print,
    *(Qt.Key(Qt.Key.Key_0.value + digit) for digit in range(10)),
)
