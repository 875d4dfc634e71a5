"""A scanner types a whole number within a blink and ends with Enter, wherever the focus is.

Where no field has the focus its letters must not press anything: the first digit of a scanned
NIK would otherwise choose a reason in an open panel, and its Enter would confirm. So a letter or
digit waits for a moment: alone it is a person's key, with another one behind it a scanner's.
"""

from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

GAP_MS = 45
"""Between two keys of a scanner there are a few milliseconds; nobody types two so quickly."""

END_MS = 120
"""A scanner that sends no Enter has ended after this silence."""

MOST = 600
"""Characters that are kept of one scan."""


class ScannerWatch(QObject):
    """Tells bursts of keys that no field took; gives a single key to whoever had the focus."""

    def __init__(self, window: QWidget, scanned: Callable[[str], None]) -> None:
        """``scanned`` hears what was scanned, without the Enter."""
        super().__init__(window)
        self._window, self._scanned = window, scanned
        self._letters = ""
        self._first: tuple[QWidget, QKeyEvent] | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._silence)

    def attach(self) -> None:
        """Listen from now on; the window must be on the screen.

        At the window system's door: there are few events there, and all keys come through it.
        """
        handle = self._window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)  # once, however often it is said

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        focus = QApplication.focusWidget() or self._window
        if isinstance(focus, QLineEdit | QPlainTextEdit):
            return False
        return self._take(focus, event)

    def _take(self, focus: QWidget, event: QKeyEvent) -> bool:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and len(self._letters) > 1:
            self._end()
            return True
        plain = event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        if enter or plain or not event.text() or not event.text().isprintable():
            self._let_go()
            return False
        if event.text() == " " and not self._letters:
            return False  # presses the button that has the focus
        if not self._letters:
            self._first = (focus, QKeyEvent(event))
        self._letters = (self._letters + event.text())[:MOST]
        self._timer.start(GAP_MS if len(self._letters) == 1 else END_MS)
        return True

    def _silence(self) -> None:
        if len(self._letters) > 1:
            self._end()
        else:
            self._let_go()

    def _end(self) -> None:
        letters = self._letters
        self._forget()
        self._scanned(letters)

    def _let_go(self) -> None:
        """It was one key: whoever had the focus gets it now."""
        first, self._first = self._first, None
        self._letters = ""
        self._timer.stop()
        if first is not None:
            focus, event = first
            with suppress(RuntimeError):  # what had the focus may be gone by now
                QCoreApplication.sendEvent(focus, event)

    def _forget(self) -> None:
        self._letters, self._first = "", None
        self._timer.stop()
