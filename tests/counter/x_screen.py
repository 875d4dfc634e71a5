"""A private X server with a window manager, for tests of what only a real screen can show."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

NEEDED = ("Xvfb", "openbox", "xdotool")


class XMissingError(Exception):
    """A program that the tests need is not on this machine; the text names the package."""


def wait_for(what: str, found: Callable[[], bool], within_s: float = 10.0) -> None:
    """Wait until something is so, or fail saying what was waited for."""
    end_s = time.monotonic() + within_s
    while not found():
        if time.monotonic() > end_s:
            raise AssertionError(f"waited {within_s} s in vain for {what}")
        time.sleep(0.02)


class XScreen:
    """Xvfb on a free display with openbox, stopped at the end."""

    def __init__(self, folder: Path, size: str = "1280x800x24") -> None:
        missing = [program for program in NEEDED if shutil.which(program) is None]
        if missing:
            raise XMissingError(
                f"Missing: {', '.join(missing)}. Install the packages xvfb, openbox, xdotool."
            )
        self._size = size
        self._log = (folder / "x.log").open("wb")
        self._running: list[subprocess.Popen[bytes]] = []
        self.display = ""

    def __enter__(self) -> "XScreen":
        read, write = os.pipe()
        # -displayfd: the server itself finds a free number, so two runs never meet.
        self._running.append(
            subprocess.Popen(
                ["Xvfb", "-displayfd", str(write), "-screen", "0", self._size, "-nolisten", "tcp"],
                pass_fds=(write,),
                stdout=self._log,
                stderr=self._log,
            )
        )
        os.close(write)
        with os.fdopen(read) as told:
            self.display = f":{told.readline().strip()}"
        self.start(["openbox", "--sm-disable"])
        wait_for("openbox", lambda: "0x" in self._manager())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in reversed(self._running):
            process.terminate()
            process.wait(10)
        self._log.close()

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to appear on this screen."""
        kept = {key: value for key, value in os.environ.items() if key != "WAYLAND_DISPLAY"}
        return kept | {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}

    def start(
        self, command: list[str], stdout: int | None = None, cwd: Path | None = None
    ) -> "subprocess.Popen[bytes]":
        """Start a program on this screen; it ends with it."""
        process = subprocess.Popen(
            command,
            env=self.environment,
            cwd=cwd,
            stdout=stdout if stdout is not None else self._log,
            stderr=self._log,
        )
        self._running.append(process)
        return process

    def xdotool(self, *words: str) -> str:
        """Press keys, find and focus windows."""
        done = subprocess.run(
            ["xdotool", *words], env=self.environment, capture_output=True, text=True, timeout=20
        )
        return done.stdout.strip()

    def window(self, title: str) -> str:
        """Wait for a window by its whole title, and give its id."""
        wait_for(
            f"the window {title}", lambda: bool(self.xdotool("search", "--name", f"^{title}$"))
        )
        return self.xdotool("search", "--name", f"^{title}$").splitlines()[0]

    def focus(self, window: str) -> None:
        """Bring a window to the front and give it the keyboard."""
        self.xdotool("windowactivate", "--sync", window)
        wait_for("the focus", lambda: self.focused() == window)

    def focused(self) -> str:
        """The id of the window that has the keyboard."""
        return self.xdotool("getactivewindow")

    def _manager(self) -> str:
        done = subprocess.run(
            ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=20,
        )
        return done.stdout
