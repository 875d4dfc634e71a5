"""Lets another program drive a screen: JSON lines in, JSON lines out (``--driven``).

The demo and the journey tests use the real programs by it: presses, keys and texts go into the
window system's own queue, as if the hardware had sent them. Each question is one object with
``do`` and, if the asker wants to tell answers apart, ``id``, which comes back:

``{"do":"press","name":"service-B"}``  press a visible, enabled widget at its centre
``{"do":"key","keys":"F2"}``           press keys, as Qt writes them (``Ctrl+Z``)
``{"do":"type","name":"pin","text":"1234"}``  replace the content of a field
``{"do":"look"}``                      the page, and every visible named widget
``{"do":"picture","path":"x.png"}``    save a picture of the window
``{"do":"wait","name":"number","text":"A012","deadline_s":5}``  answer when it is so; with
                                       ``"gone":true`` when it is not, with ``page`` for a page,
                                       with ``pattern`` for a regular expression in the text
``{"do":"quit"}``                      end the program; the end of standard input does so too

The answer is ``{"done":…}`` or ``{"done":…,"error":"…"}``. The first line of all is
``{"done":"start"}``, said after the first picture was painted. A window tells its page by a
property or method ``page_name``.
"""

import json
import os
import re
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QWidget

Told = dict[str, object]

CHECK_MS = 5
DEADLINE_S = 5.0
_READ_BYTES = 65536


class DriveError(ValueError):
    """What was asked cannot be done; the text says why."""


@dataclass
class _Waiting:
    question: Told
    until_s: float


class Driver(QObject):
    """Obeys the questions on standard input in the Qt thread and answers on standard output."""

    _heard = Signal(str)
    _ended = Signal()

    def __init__(
        self,
        window: QWidget,
        *,
        end: Callable[[], None],
        tell: Callable[[str], None] | None = None,
    ) -> None:
        """``end`` ends the program; ``tell`` takes one line of answer, else standard output."""
        super().__init__(window)
        self._window = window
        self._end = end
        self._tell = tell or _print_line
        self._lines: deque[str] = deque()
        # Nobody can press what was never painted.
        self._busy = True
        self._waiting: list[_Waiting] = []
        self._timer = QTimer(self, interval=CHECK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._check)
        self._heard.connect(self.obey, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(end, Qt.ConnectionType.QueuedConnection)

    def listen(self) -> None:
        """Begin to read standard input, in a thread."""
        threading.Thread(target=self._read, name="driver", daemon=True).start()

    @Slot(str)
    def obey(self, line: str) -> None:
        """Do what one line asks, after everything that was asked before."""
        self._lines.append(line)
        self._work_off()

    def _work_off(self) -> None:
        # One at a time: a press turns the event loop, in which the next line may arrive.
        if self._busy:
            return
        self._busy = True
        try:
            while self._lines:
                self._obey(self._lines.popleft())
        finally:
            self._busy = False

    def _obey(self, line: str) -> None:
        question: Told = {}
        try:
            question = _understood(line)
            answer = self._do(question)
        except DriveError as error:
            answer = {"error": str(error)}
        if answer is not None:
            self._answer(question, answer)

    def _do(self, question: Told) -> Told | None:
        match question.get("do"):
            case "press":
                self._press(_word(question, "name"))
            case "key":
                self._key(_word(question, "keys"))
            case "type":
                self._type(_word(question, "name"), _word(question, "text"))
            case "look":
                return self.look()
            case "picture":
                return self._picture(_word(question, "path"))
            case "wait":
                self._wait(question)
                return None
            case "quit":
                QTimer.singleShot(0, self._end)
            case unknown:
                raise DriveError(f"there is nothing to do by the name {unknown!r}")
        return {}

    def look(self) -> Told:
        """The page, the windows, and every visible widget that has a name."""
        return {
            "page": self._page(),
            "windows": [{"name": window.objectName(), "at": _box(window)} for window in _windows()],
            "widgets": [_seen(widget) for widget in _named_widgets()],
        }

    def _page(self) -> str:
        name = getattr(self._window, "page_name", None)
        if name is None:
            name = self._window.property("page_name")
        return str(name() if callable(name) else name or "")

    def _press(self, name: str) -> None:
        widget = _usable(name)
        window = widget.window()
        middle = widget.mapTo(window, widget.rect().center())
        top = window.childAt(middle) or window
        if top is not widget and not widget.isAncestorOf(top):
            raise DriveError(f"{name!r} is covered by {top.objectName() or type(top).__name__!r}")
        self._click(window, middle)

    def _click(self, window: QWidget, at: QPoint) -> None:
        handle = window.windowHandle()
        # Into the window system's queue: focus, hover and hit test are then Qt's own.
        QTest.mouseClick(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)

    def _key(self, keys: str) -> None:
        sequence = QKeySequence.fromString(keys)
        if not sequence.toString():  # what Qt does not know it cannot write
            raise DriveError(f"there is no key {keys!r}")
        window = QApplication.activeWindow() or self._window
        window.activateWindow()
        QTest.keySequence(window.windowHandle(), sequence)

    def _type(self, name: str, text: str) -> None:
        field = _usable(name)
        if not isinstance(field, QLineEdit | QPlainTextEdit):
            raise DriveError(f"{name!r} is no field to type into")
        window = field.window()
        self._click(window, field.mapTo(window, field.rect().center()))
        field.selectAll()
        QTest.keyClick(field, Qt.Key.Key_Delete)
        QTest.keyClicks(field, text)

    def _picture(self, path: str) -> Told:
        picture = self._window.grab()
        if not picture.save(path):
            raise DriveError(f"the picture cannot be written to {path!r}")
        return {"path": path, "size": [picture.width(), picture.height()]}

    def _wait(self, question: Told) -> None:
        deadline_s = question.get("deadline_s", DEADLINE_S)
        if not isinstance(deadline_s, int | float):
            raise DriveError(f"deadline_s must be a number of seconds, not {deadline_s!r}")
        if "name" not in question and "page" not in question:
            raise DriveError("say what to wait for: name or page")
        try:
            re.compile(str(question.get("pattern", "")))
        except re.error as error:
            raise DriveError(f"the pattern cannot be understood: {error}") from error
        self._waiting.append(_Waiting(question, time.monotonic() + deadline_s))
        self._check()

    def _check(self) -> None:
        now_s = time.monotonic()
        for waiting in list(self._waiting):
            question = waiting.question
            if self._is_so(question):
                answer = self._found(question)
            elif now_s >= waiting.until_s:
                answer = {"error": f"not so in time: {json.dumps(question)}", **self.look()}
            else:
                continue
            self._waiting.remove(waiting)
            self._answer(question, answer)
        if self._waiting:
            self._timer.start()
        else:
            self._timer.stop()

    def _is_so(self, question: Told) -> bool:
        so = True
        if "page" in question:
            so = self._page() == question["page"]
        if "name" in question:
            so = so and bool(_matching(question))
        return so is not bool(question.get("gone", False))

    def _found(self, question: Told) -> Told:
        found = _matching(question) if "name" in question else []
        return {"text": _text_of(found[0])} if found else {}

    @Slot()
    def tell_start(self) -> None:
        """The window was painted: say so, and obey from now on."""
        self._answer({"do": "start"}, {"page": self._page()})
        self._busy = False
        self._work_off()

    def _answer(self, question: Told, answer: Told) -> None:
        head: Told = {"done": question.get("do")}
        head |= {key: question[key] for key in ("id", "name") if key in question}
        self._tell(json.dumps(head | answer, ensure_ascii=False))

    def _read(self) -> None:
        # os.read, not sys.stdin: a thread inside its lock at the end of the program is fatal.
        pending = b""
        while piece := os.read(0, _READ_BYTES):
            *lines, pending = (pending + piece).split(b"\n")
            for line in lines:
                if line.strip():
                    self._emit(line.decode("utf-8", "replace"))
        self._emit(None)

    def _emit(self, line: str | None) -> None:
        try:
            if line is None:
                self._ended.emit()
            else:
                self._heard.emit(line)
        except RuntimeError:
            pass  # the window and its driver are gone: the program is ending


def _print_line(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _understood(line: str) -> Told:
    try:
        question = json.loads(line)
    except ValueError as error:
        raise DriveError(f"this line is no JSON: {error}") from error
    if not isinstance(question, dict):
        raise DriveError("each line must be one JSON object")
    return question


def _word(question: Told, key: str) -> str:
    word = question.get(key)
    if not isinstance(word, str):
        raise DriveError(f"{question.get('do')!r} needs {key!r}, a text")
    return word


def _matching(question: Told) -> list[QWidget]:
    """The visible widgets that are as the question says."""
    found = _named_widgets(str(question["name"]))
    if "text" in question:
        found = [widget for widget in found if str(question["text"]) in _text_of(widget)]
    if "pattern" in question:
        pattern = re.compile(str(question["pattern"]))
        found = [widget for widget in found if pattern.search(_text_of(widget))]
    if "enabled" in question:
        found = [widget for widget in found if widget.isEnabled() is question["enabled"]]
    return found


def _windows() -> list[QWidget]:
    return [window for window in QApplication.topLevelWidgets() if window.isVisible()]


def _named_widgets(name: str | None = None) -> list[QWidget]:
    """Every widget with a name, or with this name, that a person can see, window by window."""
    return [
        widget
        for window in _windows()
        for widget in (window, *_children(window, name))
        if (widget.objectName() == name if name is not None else widget.objectName())
        and not widget.objectName().startswith("qt_")
        and widget.isVisible()
        and not widget.visibleRegion().isEmpty()
    ]


def _children(window: QWidget, name: str | None) -> list[QWidget]:
    # Qt looks for one name much faster than Python over all.
    return window.findChildren(QWidget) if name is None else window.findChildren(QWidget, name)


def _usable(name: str) -> QWidget:
    """The widget that a person could press; raises DriveError saying why there is none."""
    seen = _named_widgets(name)
    if not seen:
        there = any(w.objectName() == name for w in QApplication.allWidgets())
        raise DriveError(f"{name!r} is not to be seen now" if there else f"there is no {name!r}")
    for widget in seen:
        if widget.isEnabled():
            return widget
    raise DriveError(f"{name!r} cannot be used now: it is disabled")


def _seen(widget: QWidget) -> Told:
    return {
        "name": widget.objectName(),
        "kind": type(widget).__name__,
        "text": _text_of(widget),
        "enabled": widget.isEnabled(),
        "focus": widget.hasFocus(),
        "at": _box(widget),
    }


def _box(widget: QWidget) -> list[int]:
    """Left, top, width and height on the screen."""
    corner = widget.mapToGlobal(QPoint(0, 0))
    return [corner.x(), corner.y(), widget.width(), widget.height()]


def _text_of(widget: QWidget) -> str:
    """What a person reads on a widget; of a hidden field only its length."""
    if isinstance(widget, QAbstractButton):
        return widget.accessibleName() or widget.text()
    if isinstance(widget, QLineEdit):
        return widget.displayText()
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText()
    text = getattr(widget, "text", None)
    own = text() if callable(text) else ""
    return own if isinstance(own, str) and own else widget.accessibleName()
