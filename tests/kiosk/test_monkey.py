"""A monkey at the kiosk: nothing that is touched or typed leaves it, or leaves it stuck (F51, G31).

It touches anywhere, drags, holds, types keys and chords, scans; the server answers, refuses, is
silent or gone; papers come out or do not. The window is the shipped one under the shipped lock.
"""

import random
from collections import Counter

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.choosing_window import ChoosingWindow
from kiosk.leaving_model import HOLD_S
from kiosk.printer import PrinterReason, PrintOutcome
from kiosk.visit import Page
from protocol.messages import CallOfficer, CheckIn, IssueTicket, KioskRules, ReprintTicket
from protocol.session import LinkState
from tests.kiosk.kiosk_pictures import PIN, window_of
from tests.kiosk.kiosk_story import Story, ticket
from ui.placing import KioskLock

SEEDS = 4
TOUCHES = 100_000
"""Of each seed in the long run; in the usual one a thirty-second, 12,500 in all."""

SIZE = (360, 640)
STEP_S = 2.0
LONGEST_WAY_BACK_S = 200.0
"""A wish is given up after 60 s, a paper after 12 s, a visit after 65 s, the staff's pad after 20;
together no way back to the first page is longer."""

_M = Qt.KeyboardModifier
CHORDS = (
    (Qt.Key.Key_F4, _M.AltModifier),
    (Qt.Key.Key_Tab, _M.AltModifier),
    (Qt.Key.Key_Escape, _M.ControlModifier),
    (Qt.Key.Key_Escape, _M.NoModifier),
    (Qt.Key.Key_Delete, _M.ControlModifier | _M.AltModifier),
    (Qt.Key.Key_Q, _M.ControlModifier),
    (Qt.Key.Key_W, _M.ControlModifier),
    (Qt.Key.Key_P, _M.ControlModifier),
    (Qt.Key.Key_O, _M.ControlModifier),
    (Qt.Key.Key_D, _M.MetaModifier),
    (Qt.Key.Key_L, _M.MetaModifier),
    (Qt.Key.Key_Meta, _M.NoModifier),
    (Qt.Key.Key_Menu, _M.NoModifier),
    (Qt.Key.Key_F1, _M.NoModifier),
    (Qt.Key.Key_F5, _M.NoModifier),
    (Qt.Key.Key_F10, _M.NoModifier),
    (Qt.Key.Key_F11, _M.NoModifier),
    (Qt.Key.Key_Print, _M.NoModifier),
    (Qt.Key.Key_Shift, _M.ShiftModifier),
    (Qt.Key.Key_Back, _M.NoModifier),
    (Qt.Key.Key_PowerOff, _M.NoModifier),
)
PLAIN = (
    *("0123456789aZ*#. \t", "\x1b", "\x08"),
)  # fmt: skip
MOVES = (
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right),
    *(Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Return, Qt.Key.Key_Enter),
    *(Qt.Key.Key_Backspace, Qt.Key.Key_Space),
)


RARE = {Page.HOME, Page.THANKS, Page.IDENTITY}
"""Pages that a monkey need not find: several right answers lie before them."""


class Monkey:
    """A seeded pair of hands before a locked kiosk, and the world around it."""

    def __init__(self, seed: int, qtbot: QtBot) -> None:
        self.dice = random.Random(seed)
        self.story = Story()
        self.story.leave = self._leave  # type: ignore[method-assign]
        self.window: ChoosingWindow = window_of(self.story.online(), *SIZE)
        self.window._timer.stop()
        self.lock = KioskLock(self.window)
        qtbot.addWidget(self.window, before_close_func=lambda _window: self.lock.release())
        self._greet()
        self.seen: Counter[str] = Counter()
        self.left = False
        self.looked_from = 0

    def _leave(self) -> None:
        self.left = True

    def _greet(self) -> None:
        """The server is back, of a branch that asks this and that."""
        rules = KioskRules(
            priority_claim=self.dice.random() < 0.5,
            identity=self.dice.random() < 0.5,
            home=self.dice.random() < 0.7,
            booking=self.dice.random() < 0.5,
        )
        if self.dice.random() < 0.3:
            self.story.screened()
        else:
            self.story.asking(rules)

    def act(self) -> None:
        """One thing that happens."""
        deeds = (
            (self.touch_something, 40),
            (self.touch_anywhere, 20),
            (self.type_something, 15),
            (self.press_a_chord, 8),
            (self.drag, 4),
            (self.hold_the_corner, 0.3),
            (self.ask_for_a_menu, 2),
            (self.let_time_pass, 10),
            (self.let_the_world_turn, 12),
        )
        deed = self.dice.choices([each for each, _ in deeds], [weight for _, weight in deeds])[0]
        deed()

    def touch_something(self) -> None:
        buttons = [each for each in self.window.findChildren(QAbstractButton) if each.isVisible()]
        if buttons:
            one = self.dice.choice(buttons)
            self._click(one.mapTo(self.window, one.rect().center()))

    def touch_anywhere(self) -> None:
        self._click(QPoint(self.dice.randrange(SIZE[0]), self.dice.randrange(SIZE[1])))

    def drag(self) -> None:
        start = QPoint(self.dice.randrange(SIZE[0]), self.dice.randrange(SIZE[1]))
        self._mouse(QEvent.Type.MouseButtonPress, start)
        self._mouse(QEvent.Type.MouseMove, QPoint(0, self.dice.randrange(SIZE[1])))
        self._mouse(QEvent.Type.MouseButtonRelease, QPoint(0, 0))

    def hold_the_corner(self) -> None:
        """The way out is found now and then; its PIN is not."""
        self._mouse(QEvent.Type.MouseButtonPress, QPoint(5, 5))
        self.pass_time(self.dice.uniform(0, 2 * HOLD_S))
        self._mouse(QEvent.Type.MouseButtonRelease, QPoint(5, 5))

    def type_something(self) -> None:
        if self.dice.random() < 0.5:
            self._key(self.dice.choice(MOVES), _M.NoModifier, "")
        else:
            text = self.dice.choice(PLAIN)
            self._key(Qt.Key.Key_unknown, _M.NoModifier, text)

    def press_a_chord(self) -> None:
        key, held = self.dice.choice(CHORDS)
        self._key(key, held, "")
        if self.dice.random() < 0.2:
            self.window.close()  # as a window manager asks for it

    def ask_for_a_menu(self) -> None:
        at = QPoint(self.dice.randrange(SIZE[0]), self.dice.randrange(SIZE[1]))
        target = self.window.childAt(at) or self.window
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, at, _M.NoModifier)
        QApplication.sendEvent(target, event)

    def let_time_pass(self) -> None:
        self.pass_time(self.dice.choice((0.1, 0.5, 1, 2, 5)))
        if self.dice.random() < 0.05:
            self.pass_time(self.dice.choice((45, 70)))

    def pass_time(self, seconds: float) -> None:
        """In steps that are coarse beside the shipped timer's, and so a hundred times faster."""
        until_s = self.story.now_s + seconds
        while self.story.now_s < until_s:
            self.story.now_s = min(until_s, self.story.now_s + STEP_S)
            self.window._tick()

    def let_the_world_turn(self) -> None:
        ask, model = self.story.ask, self.story.model
        turn = self.dice.randrange(8)
        waiting = self._waiting()
        if turn <= 3 and waiting:
            command = waiting[0]
            if isinstance(command, CallOfficer):
                ask.accept(command, call="call-1")
            elif self.dice.random() < 0.7:
                number = f"A{self.dice.randrange(1, 999):03d}"
                ask.accept(command, ticket=ticket(number, id=f"ticket-{number}"))
                self.story.asked_to_print(number)
            else:
                reason = self.dice.choice(
                    (
                        *("service-closed", "try-again", "rate-limited", "internal", "code-used"),
                        *("booking-over", "unknown-booking", "too-early"),
                    )
                )
                ask.reject(command, reason, "Tidak bisa sekarang.")
        elif turn == 4:
            self.story.lost(self.dice.choice((LinkState.LOST, LinkState.REFUSED)))
        elif turn in (5, 6) and not model.online:
            self._greet()
        elif turn == 7 and (papers := self.story.printer.submitted):
            index = self.dice.randrange(len(papers))
            reason = self.dice.choice((None, None, *PrinterReason))
            outcome = PrintOutcome.PRINTED if reason is None else PrintOutcome.FAILED
            self.story.printer.finish(outcome, reason, index)
            del papers[index]
            model.on_printer()

    def _waiting(self) -> list[IssueTicket | CheckIn | ReprintTicket | CallOfficer]:
        """What the kiosk has asked and nobody has answered, oldest first."""
        asked = self.story.ask.asked[self.looked_from :]
        kinds = (IssueTicket, CheckIn, ReprintTicket, CallOfficer)
        return [one for one in asked if isinstance(one, kinds) and self.story.ask.is_waiting(one)]

    def go_home(self) -> float:
        """Let everybody go away; seconds until the first page is back."""
        self._greet()
        for command in self._waiting():
            self.story.ask.reject(command, "service-closed")
        self.looked_from = len(self.story.ask.asked)
        waited_s = 0.0
        while waited_s < LONGEST_WAY_BACK_S:
            self.window._tick()
            if self.window.page_name == Page.IDLE and not self.story.model.visit.has_begun("id"):
                return waited_s
            self.pass_time(STEP_S)
            waited_s += STEP_S
        raise AssertionError(f"still {self.window.page_name} after {waited_s} s")

    def look(self) -> None:
        """What must hold after every touch."""
        self.seen[self.window.page_name] += 1
        assert self.window.isVisible(), "the kiosk is gone"
        assert not self.left, "it ended without its PIN"
        strangers = [each for each in QApplication.topLevelWidgets() if _is_seen(each)]
        assert strangers == [self.window], f"another window: {strangers}"
        assert QApplication.activePopupWidget() is None
        assert QApplication.activeModalWidget() is None
        assert self.window.page_name in {*Page, "question", "leaving", "officer"}

    def _click(self, at: QPoint) -> None:
        self._mouse(QEvent.Type.MouseButtonPress, at)
        self._mouse(QEvent.Type.MouseButtonRelease, at)

    def _mouse(self, kind: QEvent.Type, at: QPoint) -> None:
        target: QWidget = self.window.childAt(at) or self.window
        place = QPointF(target.mapFrom(self.window, at))
        button = Qt.MouseButton.LeftButton
        held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else button
        event = QMouseEvent(kind, place, QPointF(at), button, held, _M.NoModifier)
        QApplication.sendEvent(target, event)

    def _key(self, key: Qt.Key, held: Qt.KeyboardModifier, text: str) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            found: QWidget | None = self.window.focusWidget()
            focused = self.window if found is None else found
            QApplication.sendEvent(focused, QKeyEvent(kind, key, held, text))


def _is_seen(widget: QWidget) -> bool:
    return widget.isVisible() and not widget.parent()


def touched(seed: int, touches: int, qtbot: QtBot) -> Monkey:
    monkey = Monkey(seed, qtbot)
    for number in range(touches):
        monkey.act()
        monkey.look()
        if number % 500 == 499:
            QApplication.processEvents()
            monkey.go_home()
            assert monkey.story.model.visit.language == "id", "the next visitor finds it fresh"
            assert not any(monkey.story.model.visit.look)
    return monkey


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.timeout(1200)
def test_a_monkey_neither_escapes_nor_gets_stuck(
    seed: int, qtbot: QtBot, long_run: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    monkey = touched(seed, TOUCHES // (1 if long_run else 32), qtbot)
    with capsys.disabled():
        print(f"\nmonkey {seed}: {dict(monkey.seen)}")
    assert {*Page} - set(monkey.seen) <= RARE, "it has been everywhere"


def test_the_pin_alone_lets_the_staff_out(qtbot: QtBot) -> None:
    monkey = Monkey(1, qtbot)
    monkey._mouse(QEvent.Type.MouseButtonPress, QPoint(5, 5))
    monkey.pass_time(HOLD_S + 1)
    for digit in PIN:
        monkey.window._leaving.type_digit(digit)
    monkey.window._leaving.confirm()
    assert monkey.left
