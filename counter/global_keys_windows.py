"""Global keys on Windows: RegisterHotKey, whose messages Qt's own event loop hands on."""

import ctypes
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication

from counter.global_keys import Grabbed, OnPress

_WM_HOTKEY = 0x0312
_MOD_ALT, _MOD_CONTROL, _MOD_NO_REPEAT = 0x0001, 0x0002, 0x4000
_FIRST_ID = 0xA000  # ids up to 0xBFFF belong to programs


class _Message(ctypes.Structure):
    """The system's MSG, as far as it is read here."""

    _fields_ = (
        ("window", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("w_param", ctypes.c_size_t),
        ("l_param", ctypes.c_ssize_t),
    )


class WindowsGlobalKeys(QAbstractNativeEventFilter):
    """Holds the keys for this thread, which must be Qt's main thread.

    ``user32`` is the system's library of that name; None loads it (on Windows only).
    """

    def __init__(self, user32: Any = None) -> None:
        """Listen to the messages of Qt's event loop. Raises OSError off Windows."""
        super().__init__()
        self._user32 = user32 if user32 is not None else _user32()
        self._moves: dict[int, str] = {}
        self._on_press: OnPress = lambda _move: None
        application = QCoreApplication.instance()
        assert application is not None, "the keys come through the event loop of a program"
        application.installNativeEventFilter(self)

    def grab(self, letters: Mapping[str, str], on_press: OnPress) -> Grabbed:
        """See GlobalKeys.grab."""
        self.release()
        self._on_press = on_press
        modifiers = _MOD_ALT | _MOD_CONTROL | _MOD_NO_REPEAT
        for hot_key, (move, letter) in enumerate(letters.items(), _FIRST_ID):
            # Window 0: the message goes to the queue of this thread.
            if self._user32.RegisterHotKey(None, hot_key, modifiers, ord(letter.upper())):
                self._moves[hot_key] = move
        taken = frozenset(self._moves.values())
        return Grabbed(taken, frozenset(letters) - taken)

    def release(self) -> None:
        """See GlobalKeys.release."""
        for hot_key in self._moves:
            self._user32.UnregisterHotKey(None, hot_key)
        self._moves.clear()

    def nativeEventFilter(
        self, event_type: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> object:
        """Take the hot keys out of the messages; everything else goes its way."""
        if QByteArray(event_type).startsWith(b"windows_"):
            found = _Message.from_address(int(message))
            move = self._moves.get(found.w_param) if found.message == _WM_HOTKEY else None
            if move is not None:
                self._on_press(move)
                return True, 0
        return False, 0


def _user32() -> Any:
    loader = getattr(ctypes, "WinDLL", None)
    if loader is None:
        raise OSError("RegisterHotKey exists on Windows only")
    return loader("user32", use_last_error=True)
