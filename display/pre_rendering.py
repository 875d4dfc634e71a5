"""The labels' sounds, made by a process of its own while the window stays awake; and one played."""

import contextlib
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from voice.labels import Label
from voice.pre_render import Order, Prepared


class Rendering(Protocol):
    """Makes the sounds of labels; nothing blocks."""

    def begin(self, labels: Sequence[Label]) -> None:
        """Begin anew with these labels."""

    def take(self) -> list[Prepared]:
        """What was made since the last time."""

    @property
    def over(self) -> bool:
        """Whether no more will come."""

    def close(self) -> None:
        """End what is under way."""


class Playing(Protocol):
    """Lets a person hear a file; nothing blocks."""

    def play(self, path: Path) -> None:
        """Play it, in place of what sounds now."""

    @property
    def fault(self) -> str:
        """Why the last one did not sound; empty if it did."""

    @property
    def sounding(self) -> Path | None:
        """What sounds now."""

    def close(self) -> None:
        """Be silent."""


class ChildRendering:
    """Labels made by ``python -m voice.pre_render``, from recordings in ``clips``."""

    def __init__(self, folder: Path, clips: Sequence[Path], cache: Path | None = None) -> None:
        self._folder = folder
        self._clips = [str(path) for path in clips]
        self._cache = None if cache is None else str(cache)
        self._child: subprocess.Popen[bytes] | None = None
        self._made: queue.SimpleQueue[Prepared] = queue.SimpleQueue()
        self._over = threading.Event()

    def begin(self, labels: Sequence[Label]) -> None:
        """See `Rendering.begin`."""
        self.close()
        self._made, self._over = queue.SimpleQueue(), threading.Event()
        self._child = subprocess.Popen(
            [sys.executable, "-m", "voice.pre_render"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        order = Order(list(labels), str(self._folder), self._clips, self._cache)
        threading.Thread(
            target=_converse, args=(self._child, order, self._made, self._over), daemon=True
        ).start()

    def take(self) -> list[Prepared]:
        """See `Rendering.take`."""
        made: list[Prepared] = []
        with contextlib.suppress(queue.Empty):
            while True:
                made.append(self._made.get_nowait())
        return made

    @property
    def over(self) -> bool:
        """See `Rendering.over`."""
        return self._over.is_set() and self._made.empty()

    def close(self) -> None:
        """See `Rendering.close`."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None


def _converse(
    child: "subprocess.Popen[bytes]",
    order: Order,
    made: "queue.SimpleQueue[Prepared]",
    over: threading.Event,
) -> None:
    """Runs in a thread of its own, to the child's end."""
    assert child.stdin is not None
    assert child.stdout is not None
    decoder = msgspec.json.Decoder(Prepared)
    with contextlib.suppress(OSError, ValueError, msgspec.DecodeError), child.stdout:
        with child.stdin:
            child.stdin.write(msgspec.json.encode(order))
        for line in child.stdout:
            made.put(decoder.decode(line))
    child.wait()
    over.set()


class ChildPlaying:
    """A file played by ``python -m voice.play_file``."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None
        self._path: Path | None = None
        self._fault = ""

    def play(self, path: Path) -> None:
        """See `Playing.play`."""
        self.close()
        self._fault, self._path = "", path
        self._child = subprocess.Popen(
            [sys.executable, "-m", "voice.play_file", str(path)],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    @property
    def fault(self) -> str:
        """See `Playing.fault`."""
        self._look()
        return self._fault

    @property
    def sounding(self) -> Path | None:
        """See `Playing.sounding`."""
        self._look()
        return self._path

    def close(self) -> None:
        """See `Playing.close`."""
        child, self._child, self._path = self._child, None, None
        if child is not None:
            end_group(child)
            child.wait()

    def _look(self) -> None:
        child = self._child
        if child is None or child.poll() is None:
            return
        assert child.stderr is not None
        with child.stderr as said:
            self._fault = said.read().strip() if child.returncode else ""
        self._child = self._path = None


def end_group(child: "subprocess.Popen[str]") -> None:
    """End a child with the player that it started."""
    import os
    import signal

    if sys.platform == "win32":
        child.kill()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
