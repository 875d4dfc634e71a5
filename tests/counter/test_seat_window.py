"""The frontliner's windows: a whole day by keyboard, every state readable, places remembered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QWidget,
)

import ui.fitting
from counter.actions import ACTIONS, VIEWS
from counter.global_keys import Grabbed
from counter.memory import SeatMemory
from counter.serving_window import ServingPage
from protocol.messages import (
    CallNext,
    FinishService,
    OpenCounter,
    PauseCounter,
    RecallTicket,
    RecordNoShow,
    SignIn,
    SignOut,
    StartService,
)
from protocol.session import LinkState
from tests.counter.gallery import STATES, STRIP_STATES, Stage, scenes
from tests.counter.words import RINA, snapshot, ticket

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    # The offscreen platform has no other windows above which to raise one.
    pytest.mark.qt_log_ignore(r"This plugin does not support raise\(\)", extend=True),
]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path).show()
    yield made
    made.close()


def press(stage: Stage, key: Qt.Key, held: Qt.KeyboardModifier | None = None) -> None:
    """Press a key into whatever has the focus, as the window system would."""
    handle = stage.window.windowHandle()
    QTest.keyClick(handle, key, held or Qt.KeyboardModifier.NoModifier)
    QApplication.processEvents()


def write(stage: Stage, text: str) -> None:
    """Type letters into whatever has the focus."""
    focus = stage.window.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, text)


def _letter(field: QWidget, letter: str) -> None:
    """A letter as it comes without Shift: large only if Caps Lock is on."""
    key, none = ord(letter.upper()), Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, key, none, letter))


CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_whole_day_by_keyboard_alone(stage: Stage) -> None:
    story, asked = stage.story, stage.story.asked
    story.welcome()
    write(stage, "rina")
    press(stage, Qt.Key.Key_Tab)
    write(stage, "2468")
    press(stage, Qt.Key.Key_Return)
    command = asked.the(SignIn)
    assert (command.staff, command.pin, command.counter) == ("rina", "2468", 3)
    asked.accept(5)
    assert stage.window.page_name == "serving"

    story.seat.on_notice(snapshot(6, None, "A012", "P004", state="closed"))
    press(stage, Qt.Key.Key_O, CTRL)
    asked.the(OpenCounter)
    asked.accept(7)
    press(stage, Qt.Key.Key_F2)
    assert asked.the(CallNext).finish is None
    asked.accept(8, ticket=ticket("A012"))
    press(stage, Qt.Key.Key_F3)
    asked.the(RecallTicket)
    asked.accept(9, ticket=ticket("A012", call_count=2))
    press(stage, Qt.Key.Key_F4)
    asked.the(StartService)
    asked.accept(10, ticket=ticket("A012", "serving"))
    press(stage, Qt.Key.Key_F2)
    assert asked.the(CallNext).finish is not None
    asked.accept(11, ticket=ticket("P004"), finished=ticket("A012", "finished"))
    press(stage, Qt.Key.Key_F7)
    asked.the(RecordNoShow)
    asked.accept(12, ticket=ticket("P004", "no-show"))

    press(stage, Qt.Key.Key_P, CTRL)
    assert stage.window.page_name == "serving-pause"
    press(stage, Qt.Key.Key_2)
    assert asked.the(PauseCounter).reason == "prayer"
    asked.accept(13)
    assert stage.window.page_name == "serving"
    press(stage, Qt.Key.Key_P, CTRL)
    asked.the(OpenCounter)
    asked.accept(14)
    press(stage, Qt.Key.Key_K, CTRL)
    asked.the(SignOut)
    asked.accept(15)
    assert stage.window.page_name == "sign-in"
    assert stage.window.sign_in.pin.text() == ""


def test_finishing_takes_two_keys_and_with_a_category_three(stage: Stage) -> None:
    """L9, U9: F8 and Enter; F8, one figure or letter, Enter."""
    story, asked = stage.story, stage.story.asked
    story.serving_with(ticket("A012", "serving"), "A013")
    press(stage, Qt.Key.Key_F8)
    assert stage.window.page_name == "serving-finish"
    press(stage, Qt.Key.Key_Return)
    done = asked.the(FinishService)
    assert (done.outcome, done.category) == ("solved", None)
    asked.reject("try-again")

    press(stage, Qt.Key.Key_F8)
    press(stage, Qt.Key.Key_Q)
    press(stage, Qt.Key.Key_Return)
    done = asked.the(FinishService)
    assert (done.outcome, done.category) == ("solved", "reconciliation")
    assert stage.window.page_name == "serving"


def test_the_outcome_is_an_arrow_away_and_the_next_key_takes_it_along(stage: Stage) -> None:
    story, asked = stage.story, stage.story.asked
    story.serving_with(ticket("A012", "serving"), "A013")
    press(stage, Qt.Key.Key_F8)
    press(stage, Qt.Key.Key_Right)
    press(stage, Qt.Key.Key_F2)
    finish = asked.the(CallNext).finish
    assert finish is not None
    assert finish.outcome == "pending"
    assert stage.window.page_name == "serving"


def test_figures_typed_into_the_note_choose_no_category(stage: Stage) -> None:
    stage.story.serving_with(ticket("A012", "serving"))
    press(stage, Qt.Key.Key_F8)
    stage.window.serving.finish_panel.note.setFocus()
    write(stage, "kurang 2 berkas")
    assert stage.story.serving.draft.note == "kurang 2 berkas"
    assert stage.story.serving.draft.category is None
    press(stage, Qt.Key.Key_Return)
    assert stage.story.asked.the(FinishService).note == "kurang 2 berkas"


def test_escape_closes_a_panel_and_keeps_what_was_said(stage: Stage) -> None:
    stage.story.serving_with(ticket("A012", "serving"))
    press(stage, Qt.Key.Key_F8)
    press(stage, Qt.Key.Key_Right)
    press(stage, Qt.Key.Key_Escape)
    assert stage.window.page_name == "serving"
    assert stage.story.asked.commands == []
    assert stage.story.serving.draft.outcome == "pending"
    assert "Tertunda" in stage.window.serving.buttons["next"].line


def test_a_panel_closes_when_its_visitor_is_gone(stage: Stage) -> None:
    stage.story.serving_with(ticket("A012", "serving"))
    press(stage, Qt.Key.Key_F8)
    stage.story.seat.on_notice(snapshot(20, None))
    assert stage.window.page_name == "serving"


def test_a_key_held_down_asks_once(stage: Stage) -> None:
    stage.story.serving_with(None, "A012", "A013")
    handle = stage.window.windowHandle()
    QTest.keyPress(handle, Qt.Key.Key_F2)
    stage.story.asked.accept(11, ticket=ticket("A012"))
    for _ in range(5):
        repeat = QKeyEvent(
            QEvent.Type.KeyPress,
            Qt.Key.Key_F2,
            Qt.KeyboardModifier.NoModifier,
            "",
            True,
        )
        focus = stage.window.focusWidget()
        assert focus is not None
        QApplication.sendEvent(focus, repeat)
    QTest.keyRelease(handle, Qt.Key.Key_F2)
    assert len(stage.story.asked.commands) == 1


def test_the_big_key_has_the_focus_whenever_it_can_be_pressed(stage: Stage) -> None:
    stage.story.serving_with(None, "A012", state="closed")
    QApplication.processEvents()
    assert stage.window.serving.buttons["open"].hasFocus()
    press(stage, Qt.Key.Key_Space)
    stage.story.asked.accept(11)
    QApplication.processEvents()
    assert stage.window.serving.buttons["next"].hasFocus()
    press(stage, Qt.Key.Key_Return)
    stage.story.asked.the(CallNext)


def test_every_button_is_reached_by_tab(stage: Stage) -> None:
    stage.story.serving_with(ticket("A012"), "A013")
    QApplication.processEvents()
    reached: list[str] = []
    for _ in range(30):
        focus = stage.window.focusWidget()
        assert focus is not None
        if focus.objectName() in reached:
            break
        reached.append(focus.objectName())
        press(stage, Qt.Key.Key_Tab)
    wanted = {"next", "recall", "start", "finish", "park", "no-show", "transfer", "numbers"}
    wanted |= {"cancel", "issue", "why", "strip", "help"}
    assert wanted <= set(reached)


def test_help_lists_every_key(stage: Stage) -> None:
    stage.story.serving_with(None)
    press(stage, Qt.Key.Key_F1)
    assert stage.window.page_name == "serving-keys"
    shown = " ".join(label.text() for label in stage.window.serving.keys_panel.findChildren(QLabel))
    for key in (*(action.key for action in ACTIONS.values()), *VIEWS.values()):
        assert key in shown
    press(stage, Qt.Key.Key_F1)
    assert stage.window.page_name == "serving"


def test_the_number_pad_writes_digits_even_without_num_lock(stage: Stage) -> None:
    stage.story.welcome()
    pin = stage.window.sign_in.pin
    pin.setFocus()
    pad = Qt.KeyboardModifier.KeypadModifier
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up):
        QTest.keyClick(pin, key, pad)
    assert pin.text() == "2468"


def test_caps_lock_is_said_before_a_pin_fails(stage: Stage) -> None:
    stage.story.welcome()
    _letter(stage.window.sign_in.staff, "R")
    assert stage.window.sign_in.caps.isVisible()
    _letter(stage.window.sign_in.staff, "r")
    assert not stage.window.sign_in.caps.isVisible()


def test_a_typed_counter_must_exist(stage: Stage) -> None:
    stage.story.welcome()
    number = stage.window.sign_in.number
    number.selectAll()
    QTest.keyClicks(number, "9")
    assert stage.story.sign_in.counter is None
    number.selectAll()
    QTest.keyClicks(number, "5")
    assert stage.story.sign_in.counter == 5


def test_a_lost_link_is_said_with_what_still_works(stage: Stage) -> None:
    """L5, F17: the banner, and no button that could not do what it says.

    What the banner promises is what can be pressed: who is served can be finished.
    """
    stage.story.serving_with(ticket("A012", "serving"), "A013")
    stage.story.link(LinkState.LOST, "closed")
    assert stage.window.banner.isVisible()
    assert "Selesai dan Tidak hadir tetap tercatat" in stage.window.banner.text()
    buttons = stage.window.serving.buttons
    assert [name for name, button in buttons.items() if button.isEnabled()] == ["finish"]
    assert "Belum tersambung" in buttons["next"].toolTip()
    before = stage.window.serving.ticket_card.timer.text()
    stage.story.clock.now_s += 5
    stage.window.serving.ticket_card.timer.refresh()
    assert stage.window.serving.ticket_card.timer.text() != before
    stage.story.link(LinkState.ONLINE)
    stage.story.welcome(RINA)
    stage.story.seat.on_notice(snapshot(11, ticket("A012", "serving"), "A013"))
    assert not stage.window.banner.isVisible()
    assert buttons["next"].isEnabled()


def test_a_device_that_was_replaced_can_be_connected_by_hand(tmp_path: Path) -> None:
    stage = Stage(tmp_path).show()
    stage.story.link(LinkState.REFUSED, "replaced")
    assert stage.window.retry.isVisible()
    stage.close()


def test_a_disabled_button_says_why(stage: Stage) -> None:
    stage.story.serving_with(ticket("A012", "serving"))
    assert "A012 sedang dilayani" in stage.window.serving.buttons["no-show"].toolTip()
    press(stage, Qt.Key.Key_F7)
    assert stage.window.serving.remark.text() == "A012 sedang dilayani."


def test_closing_the_window_while_serving_asks_once(stage: Stage) -> None:
    stage.story.serving_with(ticket("A012", "serving"))
    assert not stage.window.close()
    assert stage.window.page_name == "serving-leave"
    press(stage, Qt.Key.Key_Escape)
    assert stage.window.page_name == "serving"
    assert not stage.window.close()
    stage.window.serving.leave_panel.leave_button.click()
    assert stage.window.isHidden()
    assert not stage.keys.held


def test_closing_the_window_with_nobody_here_asks_nothing(stage: Stage) -> None:
    stage.story.serving_with(None)
    stage.window.close()
    assert not stage.window.isVisible()


# The strip.


def test_the_strip_takes_the_place_of_the_console_and_back(stage: Stage) -> None:
    stage.story.serving_with(ticket("A012", "serving"), "A013")
    press(stage, Qt.Key.Key_C, CTRL | Qt.KeyboardModifier.ShiftModifier)
    strip = stage.window.strip
    assert strip.isVisible()
    assert not stage.window.isVisible()
    assert (strip.width(), strip.height()) == (360, 120)
    stage.window.show_console()
    assert stage.window.isVisible()
    assert not strip.isVisible()


def test_the_strip_never_takes_the_keyboard(stage: Stage) -> None:
    """L7."""
    strip = stage.window.strip
    assert strip.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert strip.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert strip.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    for button in strip.findChildren(QAbstractButton):
        assert button.focusPolicy() is Qt.FocusPolicy.NoFocus


def test_without_a_person_the_sign_in_comes_forward_and_the_strip_returns(stage: Stage) -> None:
    stage.story.serving_with(None, "A013")
    stage.window.show_strip()
    stage.story.welcome(None)
    assert stage.window.isVisible()
    assert not stage.window.strip.isVisible()
    stage.story.welcome(RINA)
    assert stage.window.strip.isVisible()


def test_the_strip_remembers_its_place_and_snaps_to_an_edge(stage: Stage, tmp_path: Path) -> None:
    stage.story.serving_with(None, "A013")
    stage.window.show_strip()
    strip = stage.window.strip
    QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    strip.move(10, 200)
    QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert (strip.x(), strip.y()) == (0, 200)
    again = SeatMemory(tmp_path / "seat.json")
    assert again.strip_shown
    assert list(again.strip_places.values()) == [(0, 200)]


def test_the_strips_buttons_ask_at_once(stage: Stage) -> None:
    stage.story.serving_with(ticket("A012", "serving"), "A013")
    stage.window.show_strip()
    stage.window.strip.buttons["finish"].click()
    stage.story.asked.the(FinishService)
    stage.story.asked.accept(11, ticket=ticket("A012", "finished"))
    stage.window.strip.buttons["next"].click()
    stage.story.asked.the(CallNext)


def test_the_strips_menu_offers_the_rest_with_reasons(stage: Stage) -> None:
    stage.story.serving_with(None, "A013")
    menu = stage.window.strip.menu()
    titles = {action.text(): action for action in menu.actions()}
    assert not titles["Mulai"].isEnabled()
    rest = titles["Istirahat"].menu()
    assert isinstance(rest, QMenu)
    rest.actions()[0].trigger()
    assert stage.story.asked.the(PauseCounter).reason == "break"


# Global keys.


def test_global_keys_are_held_only_while_somebody_sits_here(stage: Stage) -> None:
    held = []
    for signed_in in (None, RINA, None):
        stage.story.welcome(signed_in)
        held.append(stage.keys.held)
    assert held == [False, True, False]


def test_a_global_key_asks_without_a_question(stage: Stage) -> None:
    stage.story.serving_with(ticket("A012", "serving"), "A013")
    stage.keys.press("finish")
    stage.story.asked.the(FinishService)


@pytest.mark.parametrize(
    ("grabbed", "words"),
    [
        (Grabbed(missing="wayland"), "Wayland"),
        (
            Grabbed(taken=frozenset({"next"}), refused=frozenset({"recall"})),
            "Ctrl+Alt+R dipakai program lain",
        ),
    ],
)
def test_keys_that_cannot_be_had_are_said_on_the_strip(
    tmp_path: Path, grabbed: Grabbed, words: str
) -> None:
    stage = Stage(tmp_path, grabbed=grabbed).show()
    stage.story.serving_with(None)
    assert words in stage.window.strip.line.text()
    assert words in stage.window.serving.today.text()
    stage.close()


# Every state.


SCALES = (1.0, 1.5, 2.0)
USUAL_SCALES = {"id": (1.0, 2.0), "en": (1.5,)}
"""Each language and each scale; the long run tries every two together."""


@pytest.mark.parametrize("language", ["id", "en"])
def test_nothing_is_clipped_in_any_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, long_run: bool
) -> None:
    """L7, U12: every text at least at its smallest size, every part inside its window."""
    for scale in SCALES if long_run else USUAL_SCALES[language]:
        with monkeypatch.context() as patched:
            assert clipped(tmp_path / f"{scale}", patched, language, scale) == []


def clipped(
    folder: Path, monkeypatch: pytest.MonkeyPatch, language: str, scale: float
) -> list[str]:
    """What does not fit in any state of the windows, at one scale."""
    cramped: list[str] = []
    fitted = ui.fitting.FittedText

    def watch(**facts: object) -> object:
        made = fitted(**facts)  # type: ignore[arg-type]
        small = made.px < round(13 * scale) - 1
        if made.text and (small or not made.fits):
            cramped.append(made.text)
        return made

    def watch_plain(*facts: object) -> object:
        names = ("text", "px", "weight", "tabular", "width", "height", "flags", "fits")
        return watch(**dict(zip(names, facts, strict=True)))

    monkeypatch.setattr(ui.fitting, "FittedText", watch_plain)
    faults: list[str] = []
    for name, stage, shown in scenes(folder, language=language, scale=scale):
        cramped.clear()
        shown.grab()
        faults += [f"{name}: {text!r} is too small" for text in cramped]
        faults += [f"{name}: {part}" for part in outside(shown)]
        wanted = shown.minimumSizeHint()
        if wanted.width() > 900 * scale or wanted.height() > 560 * scale:
            faults.append(f"{name}: needs {wanted.width()} x {wanted.height()}")
        if shown is stage.window and shown.size() != QSize(round(900 * scale), round(560 * scale)):
            faults.append(f"{name}: has grown to {shown.width()} x {shown.height()}")
    return faults


def outside(window: QWidget) -> list[str]:
    """Visible widgets that reach beyond the widget on which they stand."""
    found = []
    for child in window.findChildren(QWidget):
        parent = child.parentWidget()
        if not child.isVisible() or parent is None or child.isWindow():
            continue
        if not parent.rect().contains(child.geometry()):
            found.append(f"{type(child).__name__} {child.objectName()} {child.geometry()}")
    return found


def test_every_control_has_a_name_for_who_cannot_see_it(tmp_path: Path) -> None:
    """U6: QAccessible walk over every state."""
    unnamed: list[str] = []
    for name, _, shown in scenes(tmp_path):
        for child in shown.findChildren(QWidget):
            if not child.isVisible() or not isinstance(
                child, QAbstractButton | QLineEdit | QListWidget
            ):
                continue
            interface = QAccessible.queryAccessibleInterface(child)
            assert interface is not None
            if not interface.text(QAccessible.Text.Name) or not child.objectName():
                unnamed.append(f"{name}: {type(child).__name__} {child.objectName()!r}")
    assert unnamed == []


def test_the_pages_tell_their_names(tmp_path: Path) -> None:
    pages = {stage.window.page_name for _, stage, _ in scenes(tmp_path)}
    assert pages == {
        "sign-in",
        "serving",
        "serving-finish",
        "serving-pause",
        "serving-cancel",
        "serving-park",
        "serving-transfer",
        "serving-numbers",
        "serving-continue",
        "serving-issue",
        "serving-complaint",
        "serving-papers",
        "serving-rating",
        "serving-visit",
        "serving-why",
        "serving-keys",
        "serving-leave",
    }
    assert STATES.keys().isdisjoint(STRIP_STATES)


def test_a_refresh_costs_little(stage: Stage) -> None:
    """It happens four times a second on the machine in which the staff work."""
    stage.story.serving_with(ticket("A012", "serving"), "A013")
    page: ServingPage = stage.window.serving
    painted: list[QEvent.Type] = []

    class Watch(QWidget):
        def eventFilter(self, watched: object, event: QEvent) -> bool:
            if event.type() == QEvent.Type.LayoutRequest:
                painted.append(event.type())
            return False

    watch = Watch()
    QApplication.processEvents()
    page.installEventFilter(watch)
    for _ in range(5):
        page.refresh()
    QApplication.processEvents()
    page.removeEventFilter(watch)
    assert painted == [], "nothing changed, so nothing is laid out anew"
