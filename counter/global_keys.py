"""The port for keys that reach the counter while another program has the focus (L1).

The keys are Ctrl+Alt and a letter: F5, F11 and F12 belong to the browser in which the staff work.
One adapter file per windowing system; the composition root picks it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

OnPress = Callable[[str], None]
"""Called in the program's main thread with the name of a move."""


@dataclass(frozen=True, slots=True)
class Grabbed:
    """What became of asking for the keys.

    ``taken`` and ``refused`` hold names of moves; a key is refused when another program holds it.
    ``missing`` is a code of the texts when this machine has no global keys at all.
    """

    taken: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    missing: str = ""


class GlobalKeys(Protocol):
    """Keys that work from any program, held only while somebody is signed in."""

    def grab(self, letters: Mapping[str, str], on_press: OnPress) -> Grabbed:
        """Hold Ctrl+Alt+letter for each move (name to letter); what was held before is let go."""
        ...

    def release(self) -> None:
        """Let all keys go; harmless when none is held."""
        ...


@dataclass(slots=True)
class NoGlobalKeys:
    """Stands where the system lets no program listen, and says why (``wayland``, ``system``)."""

    why: str
    asked: Mapping[str, str] = field(default_factory=dict)

    def grab(self, letters: Mapping[str, str], on_press: OnPress) -> Grabbed:
        """Nothing can be held."""
        self.asked = letters
        return Grabbed(missing=self.why)

    def release(self) -> None:
        """Nothing was held."""


def platform_without_keys(platform: str, environment: Mapping[str, str]) -> str:
    """Say why this session has no global keys, or an empty text if it may have them.

    ``platform`` is Qt's name. Under Wayland an X11 program is shown through XWayland, where a grab
    only hears keys meant for other X11 windows: half a key is worse than none.
    """
    if platform == "windows":
        return ""
    if platform == "xcb":
        return "wayland" if environment.get("WAYLAND_DISPLAY") else ""
    return "wayland" if platform.startswith("wayland") else "system"
