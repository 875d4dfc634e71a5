"""A branch's screens as real programs for whole stories: started, driven, and all ended again.

    with RunningBranch(...) as branch, Screens(branch, tmp_path) as screens:
        kiosk, seat = screens.kiosk(printer.url), screens.counter()
        kiosk.press("start")
        kiosk.wait(page="services")

A screen is asked for things from the first moment on: its program obeys once it has painted.
"""

import re
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from tests.running_branch import PIN, RunningBranch
from tests.ui.driven import START_S, DrivenScreen

# Generous, because a busy machine is slow; every wait ends as soon as the thing is so.
PATIENCE_S = 20.0
LOOK_S = 0.02
_T = TypeVar("_T")


class ScreenError(AssertionError):
    """A screen did not do what it was asked; the text says what it showed instead."""


class Screen(DrivenScreen):
    """One program. ``folder`` holds all that it writes, ``log`` what it tells of itself."""

    def __init__(
        self, module: str, words: list[str], folder: Path, environment: Mapping[str, str]
    ) -> None:
        self.folder = folder
        self.log = folder / "log.txt"
        words = ["-m", module, *words, "--log-level", "debug", "--log-file", str(self.log)]
        super().__init__(words, folder=folder, environment=environment)
        self._is_started = False

    def ask(self, do: str, *, answer_s: float = PATIENCE_S, **more: object) -> dict[str, Any]:
        """Ask one thing; raises ScreenError if it could not be done."""
        if not self._is_started:
            # The start takes Qt, fonts and the disk: it has a patience of its own.
            self.started = self.answer(START_S)
            self._is_started = True
        told = super().ask(do, answer_s=answer_s, **more)
        if "error" in told:
            seen = {each["name"]: each["text"] for each in told.get("widgets", [])}
            raise ScreenError(
                f"{told['error']}\npage {told.get('page')!r}, shown {seen}\n{self.errors[-3000:]}"
            )
        return told

    def press(self, name: str) -> None:
        """A finger on a button."""
        self.ask("press", name=name)

    def key(self, keys: str) -> None:
        """Press keys, as Qt writes them."""
        self.ask("key", keys=keys)

    def type(self, name: str, text: str) -> None:
        """Click into a field and type."""
        self.ask("type", name=name, text=text)

    def wait(self, *, deadline_s: float = PATIENCE_S, **what: object) -> str:
        """Wait until a widget or page is so; gives the widget's text."""
        told = self.ask("wait", deadline_s=deadline_s, answer_s=deadline_s + PATIENCE_S, **what)
        return str(told.get("text", ""))

    def shown(self) -> dict[str, str]:
        """What every named widget says now."""
        return {each["name"]: each["text"] for each in self.ask("look")["widgets"]}

    def box(self, name: str) -> tuple[int, int, int, int]:
        """Where a widget stands in its window: left, top, width, height."""
        told = self.ask("look")
        left, top = told["windows"][0]["at"][:2]
        (box,) = [each["at"] for each in told["widgets"] if each["name"] == name]
        return box[0] - left, box[1] - top, box[2], box[3]

    def picture(self, path: Path) -> Path:
        """Save what the window shows."""
        self.ask("picture", path=str(path))
        return path


class Screens:
    """All screens of one branch; leaving ends them."""

    def __init__(self, branch: RunningBranch, folder: Path) -> None:
        self._branch = branch
        self._folder = folder / "screens"
        # For the sockets of the programs: their whole names must stay below 108 bytes.
        self._short = Path(tempfile.mkdtemp(prefix="antrean-"))
        self.all: list[Screen] = []
        self.server_options: tuple[str, ...] = ()
        """Words in place of ``--server URL``, for those who shall not find it by itself."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for screen in self.all:
            screen.__exit__(kind, error, trace)
        shutil.rmtree(self._short, ignore_errors=True)

    def kiosk(
        self,
        printer: str,
        device: str = "kiosk-1",
        *options: str,
        environment: Mapping[str, str] | None = None,
    ) -> Screen:
        """A kiosk in portrait with a printer's address."""
        words = ("--windowed", "540x960+0+0", "--printer", printer)
        return self.start("kiosk", device, *words, *options, environment=environment)

    def counter(self, device: str = "counter-1", *options: str) -> Screen:
        """A frontliner's desk; its number is that of its name."""
        number = device.rpartition("-")[2]
        words = ("--windowed", "1024x640+0+0", "--counter", number)
        return self.start("counter", device, *words, *options)

    def display(
        self,
        device: str = "display-1",
        *options: str,
        environment: Mapping[str, str] | None = None,
    ) -> Screen:
        """A TV in landscape; it speaks unless the options say otherwise.

        Whoever listens to the hall counts calls: no self-test sounds among them.
        """
        words = ("--windowed", "960x540+0+0", "--no-self-test")
        return self.start("display", device, *words, *options, environment=environment)

    def start(
        self,
        module: str,
        device: str,
        *options: str,
        environment: Mapping[str, str] | None = None,
    ) -> Screen:
        """Start a program; what it is asked waits until it has painted."""
        folder = self._folder / device
        folder.mkdir(parents=True, exist_ok=True)
        token = folder.parent / f"{device}.token"
        token.write_text(self._branch.tokens[device])
        words = [*(self.server_options or ("--server", self._branch.url)), "--device", device]
        words += ["--token-file", str(token), *options]
        places = {"TMPDIR": str(self._short), "XDG_CACHE_HOME": str(folder / "cache")}
        screen = Screen(module, words, folder, places | dict(environment or {}))
        self.all.append(screen)
        return screen


# Small stories that every journey begins with.


def sit_down(seat: Screen, staff: str) -> None:
    """Sign in and open the counter, by keyboard alone."""
    seat.wait(name="sign-in-page")
    seat.wait(name="sign-in", enabled=True)
    seat.type("staff", staff)
    seat.key("Tab")
    seat.type("pin", PIN)
    seat.key("Return")
    seat.wait(name="open", enabled=True)
    seat.key("Ctrl+O")
    seat.wait(name="counter-state", text="Buka")


def take_number(kiosk: Screen, service: str) -> str:
    """Touch, choose, and read the number on the screen."""
    kiosk.wait(page="idle")
    kiosk.wait(name="start", enabled=True)
    kiosk.press("start")
    kiosk.wait(page="services")
    choose_service(kiosk, service)
    number = kiosk.wait(name="number", pattern=r"^[A-Z]+\d{3,}$")
    assert re.fullmatch(r"[A-Z]+\d{3,}", number)
    return number


def choose_service(kiosk: Screen, service: str) -> None:
    """From the services towards the number, past what could be done from home."""
    kiosk.press(f"service-{service}")
    if kiosk.ask("look")["page"] == "home":
        kiosk.press("home-take")


def eventually(
    look: Callable[[], _T], is_so: Callable[[_T], bool], what: str, deadline_s: float = PATIENCE_S
) -> _T:
    """Look again and again until it is so; raises AssertionError with what was seen last."""
    end_s = time.monotonic() + deadline_s
    while not is_so(seen := look()):
        assert time.monotonic() < end_s, f"waited {deadline_s:g} s in vain for {what}: {seen!r}"
        time.sleep(LOOK_S)
    return seen
