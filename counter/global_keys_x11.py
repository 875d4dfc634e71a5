"""Global keys on X11: passive grabs over a connection of our own, through libxcb.

libxcb and libxcb-keysyms are what Qt's own X11 platform stands on, so this needs no further
package. Unlike Xlib, whose error handler is one for the whole process, xcb answers each request
apart: a key that another program holds is told from one that we got.
"""

import ctypes
import ctypes.util
import itertools
import logging
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, QTimer

from counter.global_keys import Grabbed, OnPress

_log = logging.getLogger(__name__)

_CONTROL, _ALT = 0x04, 0x08
_LOCKS = (0x02, 0x10, 0x80)  # CapsLock, NumLock (Mod2), and Mod5, where ScrollLock may stand
_KEY_PRESS, _KEY_RELEASE, _MAPPING_NOTIFY = 2, 3, 34
_GRAB_MODE_ASYNC = 1
# An X server repeats a held key as release and press with one timestamp; some add a millisecond.
_REPEAT_MS_MAX = 2


class _Screen(ctypes.Structure):
    _fields_ = (("root", ctypes.c_uint32),)  # the fields behind it are never read


class _ScreenIterator(ctypes.Structure):
    _fields_ = (
        ("data", ctypes.POINTER(_Screen)),
        ("rem", ctypes.c_int),
        ("index", ctypes.c_int),
    )


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


class _KeyEvent(ctypes.Structure):
    _fields_ = (
        ("response_type", ctypes.c_uint8),
        ("detail", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("time", ctypes.c_uint32),
    )


class X11KeysMissingError(Exception):
    """This machine has no X server to talk to, or lacks libxcb."""


class X11GlobalKeys(QObject):
    """Holds the keys on the default X display and tells presses in Qt's main thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Connect to ``$DISPLAY``. Raises X11KeysMissingError."""
        super().__init__(parent)
        self._xcb, self._keysyms, self._libc = _load()
        self._connection: Any = self._xcb.xcb_connect(None, None)
        if self._xcb.xcb_connection_has_error(self._connection):
            self._xcb.xcb_disconnect(self._connection)
            raise X11KeysMissingError("no X server answers at $DISPLAY")
        setup = self._xcb.xcb_get_setup(self._connection)
        self._root = self._xcb.xcb_setup_roots_iterator(setup).data.contents.root
        self._letters: dict[str, str] = {}
        self._moves: dict[int, str] = {}
        self._released_at_ms: dict[int, int] = {}
        self._on_press: OnPress = lambda _move: None
        descriptor = self._xcb.xcb_get_file_descriptor(self._connection)
        self._notifier = QSocketNotifier(descriptor, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    def grab(self, letters: Mapping[str, str], on_press: OnPress) -> Grabbed:
        """See GlobalKeys.grab."""
        self.release()
        self._letters, self._on_press = dict(letters), on_press
        symbols = self._keysyms.xcb_key_symbols_alloc(self._connection)
        try:
            taken = {
                move
                for move, letter in letters.items()
                if self._take(move, self._keycodes(symbols, letter))
            }
        finally:
            self._keysyms.xcb_key_symbols_free(symbols)
        # Waiting for the answers may have left events in xcb's queue, out of the notifier's sight.
        QTimer.singleShot(0, self, self._read)
        return Grabbed(frozenset(taken), frozenset(set(letters) - taken))

    def release(self) -> None:
        """See GlobalKeys.release."""
        for keycode in self._moves:
            self._let_go(keycode)
        self._moves.clear()
        self._released_at_ms.clear()
        self._letters = {}
        self._xcb.xcb_flush(self._connection)

    def close(self) -> None:
        """Let all keys go and leave the X server."""
        if self._connection is not None:
            self.release()
            self._notifier.setEnabled(False)
            self._xcb.xcb_disconnect(self._connection)
            self._connection = None

    def _keycodes(self, symbols: Any, letter: str) -> list[int]:
        """Every key that gives the letter; none on a layout without Latin letters."""
        found = self._keysyms.xcb_key_symbols_get_keycode(symbols, ord(letter.lower()))
        if not found:
            return []
        codes = list(itertools.takewhile(lambda code: code != 0, _endless(found)))
        self._libc.free(found)
        return codes

    def _take(self, move: str, keycodes: list[int]) -> bool:
        """Grab each key under every combination of locks; all or nothing."""
        for keycode in keycodes:
            if not self._grab_key(keycode):
                for taken in keycodes:
                    self._let_go(taken)
                return False
        self._moves.update(dict.fromkeys(keycodes, move))
        return bool(keycodes)

    def _grab_key(self, keycode: int) -> bool:
        # One request per combination, all sent before the first answer is waited for.
        cookies = [
            self._xcb.xcb_grab_key_checked(
                self._connection,
                1,
                self._root,
                modifiers,
                keycode,
                _GRAB_MODE_ASYNC,
                _GRAB_MODE_ASYNC,
            )
            for modifiers in _modifier_masks()
        ]
        errors = [self._xcb.xcb_request_check(self._connection, cookie) for cookie in cookies]
        for error in errors:
            if error:
                self._libc.free(error)
        return not any(errors)

    def _let_go(self, keycode: int) -> None:
        for modifiers in _modifier_masks():
            # The unchecked form: an error (a grab that we never had) would arrive as an event.
            self._xcb.xcb_ungrab_key(self._connection, keycode, self._root, modifiers)

    def _read(self) -> None:
        if self._connection is None:
            return
        while event := self._xcb.xcb_poll_for_event(self._connection):
            key = ctypes.cast(event, ctypes.POINTER(_KeyEvent)).contents
            kind, keycode, at_ms = key.response_type & 0x7F, key.detail, key.time
            self._libc.free(event)
            if kind == _KEY_PRESS:
                self._pressed(keycode, at_ms)
            elif kind == _KEY_RELEASE:
                self._released_at_ms[keycode] = at_ms
            elif kind == _MAPPING_NOTIFY and self._letters:
                self.grab(dict(self._letters), self._on_press)
        if self._xcb.xcb_connection_has_error(self._connection):
            # A dead socket stays readable for ever: without this the program would spin.
            self._notifier.setEnabled(False)
            _log.warning("the X server has gone; global keys are off")

    def _pressed(self, keycode: int, at_ms: int) -> None:
        released_at_ms = self._released_at_ms.pop(keycode, None)
        held = released_at_ms is not None and (at_ms - released_at_ms) <= _REPEAT_MS_MAX
        move = self._moves.get(keycode)
        if move is not None and not held:
            self._on_press(move)


def _modifier_masks() -> list[int]:
    """Ctrl+Alt with every combination of locks: X compares modifiers exactly."""
    masks = []
    for count in range(len(_LOCKS) + 1):
        for locks in itertools.combinations(_LOCKS, count):
            masks.append(_CONTROL | _ALT | sum(locks))
    return masks


def _endless(codes: Any) -> Any:
    return (codes[index] for index in itertools.count())


def _load() -> tuple[Any, Any, Any]:
    """libxcb, libxcb-keysyms and the C library, with the types of what is called."""
    try:
        xcb: Any = ctypes.CDLL(ctypes.util.find_library("xcb") or "libxcb.so.1")
        keysyms: Any = ctypes.CDLL(ctypes.util.find_library("xcb-keysyms") or "libxcb-keysyms.so.1")
        libc: Any = ctypes.CDLL(None)
    except OSError as missing:
        raise X11KeysMissingError(str(missing)) from missing
    pointer, u8, u16, u32 = ctypes.c_void_p, ctypes.c_uint8, ctypes.c_uint16, ctypes.c_uint32
    for function, result, arguments in (
        (xcb.xcb_connect, pointer, (ctypes.c_char_p, pointer)),
        (xcb.xcb_connection_has_error, ctypes.c_int, (pointer,)),
        (xcb.xcb_disconnect, None, (pointer,)),
        (xcb.xcb_get_setup, pointer, (pointer,)),
        (xcb.xcb_setup_roots_iterator, _ScreenIterator, (pointer,)),
        (xcb.xcb_get_file_descriptor, ctypes.c_int, (pointer,)),
        (xcb.xcb_flush, ctypes.c_int, (pointer,)),
        (xcb.xcb_poll_for_event, pointer, (pointer,)),
        (xcb.xcb_request_check, pointer, (pointer, _Cookie)),
        (xcb.xcb_grab_key_checked, _Cookie, (pointer, u8, u32, u16, u8, u8, u8)),
        (xcb.xcb_ungrab_key, _Cookie, (pointer, u8, u32, u16)),
        (keysyms.xcb_key_symbols_alloc, pointer, (pointer,)),
        (keysyms.xcb_key_symbols_free, None, (pointer,)),
        (keysyms.xcb_key_symbols_get_keycode, ctypes.POINTER(u8), (pointer, u32)),
        (libc.free, None, (pointer,)),
    ):
        function.restype, function.argtypes = result, arguments
    return xcb, keysyms, libc
