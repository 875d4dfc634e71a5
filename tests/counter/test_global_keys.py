"""Keys that reach the counter while another program has the focus (L1), on a real X screen."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from counter.global_keys import NoGlobalKeys, platform_without_keys
from counter.global_keys_windows import WindowsGlobalKeys
from tests.counter.x_screen import XMissingError, XScreen

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[XScreen]:
    try:
        x_screen = XScreen(tmp_path_factory.mktemp("x"))
    except XMissingError as missing:
        pytest.fail(str(missing), pytrace=False)
    with x_screen:
        yield x_screen


class Talker:
    """A program on the screen, and the lines that it has said."""

    def __init__(self, screen: XScreen, script: str) -> None:
        self.process = screen.start(
            [sys.executable, str(HERE / script)], stdout=subprocess.PIPE, cwd=ROOT
        )
        self._lines: Queue[str] = Queue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.decode().strip())

    def hears(self, within_s: float = 10.0) -> str:
        """The next line."""
        try:
            return self._lines.get(timeout=within_s)
        except Empty:
            raise AssertionError(f"nothing was said within {within_s} s") from None

    def silent(self) -> bool:
        """Whether no line is waiting."""
        return self._lines.empty()

    def __enter__(self) -> "Talker":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)
        self._listener.join(10)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def listener(screen: XScreen) -> Iterator[Talker]:
    with Talker(screen, "keys_program.py") as talker:
        assert [talker.hears(), talker.hears()] == [
            "taken finish,next,no-show,park,recall",
            "refused none",
        ]
        yield talker


@pytest.fixture
def other(screen: XScreen) -> Iterator[Talker]:
    with Talker(screen, "other_program.py") as talker:
        screen.focus(screen.window("other program"))
        yield talker


def test_the_counter_reacts_while_another_program_keeps_the_focus(
    screen: XScreen, listener: Talker, other: Talker
) -> None:
    focused = screen.focused()
    for letter, move in (("n", "next"), ("r", "recall"), ("f", "finish"), ("x", "no-show")):
        screen.xdotool("key", f"ctrl+alt+{letter}")
        assert listener.hears() == move
    assert screen.focused() == focused
    screen.xdotool("type", "n")
    assert other.hears() == "typed n", "the letter alone belongs to the other program"
    assert listener.silent()


def test_the_strip_is_seen_and_clicked_while_another_program_keeps_the_keyboard(
    screen: XScreen, other: Talker
) -> None:
    """L1 and L7 on a real screen: the shipped windows, with sample words in place of a server."""
    focused = screen.focused()
    with Talker(screen, "seat_program.py") as seat:
        said = seat.hears().split()
        assert said[0] == "strip"
        left, top, width, height = map(int, said[1:])
        assert (left + width, top + height) == (1280, 800), "the lower right corner at first"
        screen.focus(focused)
        screen.xdotool("key", "ctrl+alt+n")
        assert seat.hears() == "CallNext"
        # The big button of the strip, with the mouse.
        screen.xdotool("mousemove", str(left + 80), str(top + 62), "click", "1")
        assert seat.hears() == "CallNext"
        assert screen.focused() == focused
        screen.xdotool("type", "x")
        assert other.hears() == "typed x"


@pytest.mark.parametrize("lock", ["Caps_Lock", "Num_Lock"])
def test_lock_keys_are_no_trap(screen: XScreen, listener: Talker, lock: str) -> None:
    screen.xdotool("key", lock)
    try:
        screen.xdotool("key", "ctrl+alt+n")
        assert listener.hears() == "next"
    finally:
        screen.xdotool("key", lock)


def test_a_key_that_is_held_down_counts_once(screen: XScreen, listener: Talker) -> None:
    """The X server repeats a held key some 25 times a second: nobody wants 25 visitors called."""
    screen.xdotool("keydown", "ctrl", "keydown", "alt", "keydown", "n", "sleep", "1.2")
    screen.xdotool("keyup", "n", "keyup", "alt", "keyup", "ctrl")
    screen.xdotool("key", "ctrl+alt+r")
    assert [listener.hears(), listener.hears()] == ["next", "recall"]


def test_a_key_that_another_program_holds_is_told_apart(screen: XScreen, listener: Talker) -> None:
    with Talker(screen, "keys_program.py") as second:
        heard = [second.hears(), second.hears()]
    assert heard == ["taken none", "refused finish,next,no-show,park,recall"]
    screen.xdotool("key", "ctrl+alt+n")
    assert listener.hears() == "next", "the first holder is not disturbed"


def test_the_keys_are_free_again_when_the_program_has_gone(screen: XScreen) -> None:
    for _ in range(2):
        with Talker(screen, "keys_program.py") as talker:
            assert talker.hears() == "taken finish,next,no-show,park,recall"


@pytest.mark.parametrize(
    ("platform", "environment", "why"),
    [
        ("xcb", {}, ""),
        ("xcb", {"WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ("wayland", {}, "wayland"),
        ("wayland-egl", {}, "wayland"),
        ("offscreen", {}, "system"),
        ("windows", {}, ""),
    ],
)
def test_where_there_can_be_no_global_keys_the_program_knows_why(
    platform: str, environment: dict[str, str], why: str
) -> None:
    assert platform_without_keys(platform, environment) == why


def test_without_global_keys_the_reason_is_said() -> None:
    keys = NoGlobalKeys("wayland")
    assert keys.grab({"next": "N"}, lambda _move: None).missing == "wayland"
    keys.release()


class User32:
    """The two calls of Windows' library; some letters are held by another program."""

    def __init__(self, held: str = "") -> None:
        self.held = held
        self.registered: dict[int, tuple[int, str]] = {}

    def RegisterHotKey(self, window: None, key_id: int, modifiers: int, key: int) -> int:
        if chr(key) in self.held:
            return 0
        self.registered[key_id] = (modifiers, chr(key))
        return 1

    def UnregisterHotKey(self, window: None, key_id: int) -> int:
        return 1 if self.registered.pop(key_id, None) else 0


@pytest.mark.usefixtures("qapp")
def test_windows_holds_the_keys_without_repeat_and_hands_a_press_on() -> None:
    import ctypes

    from counter.global_keys_windows import _Message

    pressed: list[str] = []
    system = User32(held="X")
    keys = WindowsGlobalKeys(system)
    found = keys.grab({"next": "N", "no-show": "X"}, pressed.append)
    assert (found.taken, found.refused) == (frozenset({"next"}), frozenset({"no-show"}))
    ((key_id, (modifiers, letter)),) = system.registered.items()
    assert (modifiers, letter) == (0x0001 | 0x0002 | 0x4000, "N")
    message = _Message(None, 0x0312, key_id, 0)
    other = _Message(None, 0x0100, key_id, 0)
    address = ctypes.addressof
    assert keys.nativeEventFilter(b"windows_dispatcher_MSG", address(other)) == (False, 0)
    assert keys.nativeEventFilter(b"xcb_generic_event_t", address(message)) == (False, 0)
    assert pressed == []
    assert keys.nativeEventFilter(b"windows_dispatcher_MSG", address(message)) == (True, 0)
    assert pressed == ["next"]
    keys.release()
    assert system.registered == {}


@pytest.mark.usefixtures("qapp")
def test_the_windows_adapter_says_that_it_is_for_windows() -> None:
    with pytest.raises(OSError, match="Windows only"):
        WindowsGlobalKeys()
