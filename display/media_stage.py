"""Opens the branch's pictures and videos in processes of their own, and brings what they give.

The only file that knows both sides: threads wait for `display.media_child`, Qt's queued signals
carry the pictures to the window. A process that is too slow is ended.
"""

import contextlib
import importlib.util
import logging
import queue
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO

from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage

from display.media_child import HEADER, MAGIC, Ending
from display.media_files import Found, MediaFile, look_into
from display.media_show import OnFound, OnOpened, Picture

log = logging.getLogger(__name__)

PICTURE_DEADLINE_S = 10.0
KEPT_BYTES_MOST = 96 * 1024**2
"""Pictures that were decoded and come again; a light PC has better to do."""

VIDEO_MOST = QSize(1280, 720)
"""More pixels of a moving picture cost much, and nobody sees them from a chair."""

_WHY = {
    Ending.BROKEN: "broken",
    Ending.TOO_MANY_PIXELS: "too-many-pixels",
    Ending.NO_VIDEO: "no-video",
}
_BYTES_PER_PIXEL = 4
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""On Windows every child would open a console over the board."""


def videos_can_be_played() -> bool:
    """Whether the optional extra is installed; it is not loaded here."""
    try:
        return importlib.util.find_spec("PySide6.QtMultimedia") is not None
    except ImportError:
        return False


class ChildStage(QObject):
    """A `display.media_show.Stage` of child processes. ``size`` says how large the place is now."""

    _answered = Signal(object)

    def __init__(
        self,
        size: Callable[[], QSize],
        colour: Callable[[], str],
        *,
        deadline_s: float = PICTURE_DEADLINE_S,
        command: tuple[str, ...] = (sys.executable, "-m", "display.media_child"),
        parent: QObject | None = None,
    ) -> None:
        """``colour`` is what lies behind a picture that has holes."""
        super().__init__(parent)
        self.plays_videos = videos_can_be_played()
        self._size = size
        self._colour = colour
        self._deadline_s = deadline_s
        self._command = command
        self._kept: OrderedDict[tuple[MediaFile, int, int], QImage] = OrderedDict()
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._under_way: subprocess.Popen[bytes] | None = None
        self._films: list[ChildFilm] = []
        self._closed = False
        self._found = Found()
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._work, name="media", daemon=True).start()

    # A stage, asked by the window's thread.

    def look(self, folder: Path, on_found: OnFound) -> None:
        """Read the folder; a share of the network may take its time."""

        def job() -> None:
            found = look_into(folder, videos=self.plays_videos, before=self._found)
            self._found = found
            self._answer(lambda: on_found(found))

        self._jobs.put(job)

    def open(self, file: MediaFile, on_opened: OnOpened) -> None:
        """Decode a picture for the place as it is now."""
        size, colour = self._size(), self._colour()
        key = (file, size.width(), size.height())
        if key in self._kept:
            self._kept.move_to_end(key)
            kept = self._kept[key]
            self._answer(lambda: on_opened(kept, ""))
            return

        def job() -> None:
            picture, why = self._decoded(file, size, colour)

            def answer() -> None:
                if picture is not None:
                    self._keep(key, picture)
                on_opened(picture, why)

            self._answer(answer)

        self._jobs.put(job)

    def play(
        self,
        file: MediaFile,
        on_picture: Callable[[Picture], None],
        on_ended: Callable[[str], None],
    ) -> "ChildFilm":
        """Run a video."""
        self._films = [film for film in self._films if film.is_running]
        size = self._size()
        if size.width() > VIDEO_MOST.width() or size.height() > VIDEO_MOST.height():
            size = size.scaled(VIDEO_MOST, Qt.AspectRatioMode.KeepAspectRatio)
        film = ChildFilm(self._words("video", file, size, self._colour()), size)
        film.answer = self._answer
        film.on_picture, film.on_ended = on_picture, on_ended
        self._films.append(film)
        film.start()
        return film

    def close(self) -> None:
        """End the processes; nothing is answered any more."""
        self._closed = True
        self._jobs.put(None)
        if (child := self._under_way) is not None:
            child.kill()
        for film in self._films:
            film.stop()

    # The thread that waits.

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if self._closed:
                continue
            try:
                job()
            except Exception:
                # The show does not wait for ever for an answer; the next file has its turn.
                log.exception("a picture could not be opened")

    def _decoded(self, file: MediaFile, size: QSize, colour: str) -> tuple[QImage | None, str]:
        most = size.width() * size.height() * _BYTES_PER_PIXEL
        try:
            child = subprocess.Popen(
                self._words("picture", file, size, colour),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=_NO_WINDOW,
            )
        except OSError:
            return None, "broken"
        self._under_way = child
        late = threading.Timer(self._deadline_s, child.kill)
        late.start()
        try:
            assert child.stdout is not None
            with child.stdout as out:
                picture = _read_picture(out, most)
                is_all = picture is not None and not out.read(1)
            if not is_all:
                child.kill()  # one that has ended keeps the code with which it did
            code = child.wait()
        finally:
            was_late = not late.is_alive()
            late.cancel()
            self._under_way = None
        if picture is not None and is_all and code == Ending.WELL:
            return picture, ""
        return None, "too-slow" if was_late else _why(code)

    # Both.

    def _words(self, task: str, file: MediaFile, size: QSize, colour: str) -> list[str]:
        width, height = str(max(1, size.width())), str(max(1, size.height()))
        return [*self._command, task, str(file.path), width, height, colour]

    def _answer(self, call: Callable[[], None]) -> None:
        # The window may be gone while a thread still waits for its child.
        if not self._closed:
            try:
                self._answered.emit(call)
            except RuntimeError:
                self._closed = True

    @Slot(object)
    def _on_answered(self, call: Callable[[], None]) -> None:
        if not self._closed:
            call()

    def _keep(self, key: tuple[MediaFile, int, int], picture: QImage) -> None:
        self._kept[key] = picture
        while len(self._kept) > 1 and sum(map(_bytes_of, self._kept.values())) > KEPT_BYTES_MOST:
            self._kept.popitem(last=False)


class ChildFilm:
    """A video in its process; one picture is on its way at a time, so that nothing piles up."""

    def __init__(self, command: list[str], size: QSize) -> None:
        self.answer: Callable[[Callable[[], None]], None] = lambda call: None
        self.on_picture: Callable[[Picture], None] = lambda picture: None
        self.on_ended: Callable[[str], None] = lambda why: None
        self._command = command
        self._most = size.width() * size.height() * _BYTES_PER_PIXEL
        self._child: subprocess.Popen[bytes] | None = None
        self._stopped = False

    @property
    def is_running(self) -> bool:
        """Whether its process is there."""
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Begin."""
        try:
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                creationflags=_NO_WINDOW,
            )
        except OSError:
            self.answer(lambda: self.on_ended("broken"))
            return
        threading.Thread(target=self._read, args=(self._child,), name="film", daemon=True).start()
        self._say(b".")

    def pause(self) -> None:
        """Hold it."""
        self._say(b"p")

    def resume(self) -> None:
        """Go on."""
        self._say(b"r")

    def stop(self) -> None:
        """End it."""
        self._stopped = True
        if self._child is not None:
            self._child.kill()

    def _say(self, word: bytes) -> None:
        if self._child is None or self._child.stdin is None or self._stopped:
            return
        # If it has just ended, its thread tells.
        with contextlib.suppress(OSError, ValueError):
            self._child.stdin.write(word)

    def _read(self, child: "subprocess.Popen[bytes]") -> None:
        assert child.stdout is not None
        with child.stdout as out:
            while (picture := _read_picture(out, self._most)) is not None:
                self.answer(partial(self._on_picture, picture))
        child.kill()  # what it says is no picture
        code = child.wait()
        self.answer(lambda: self._on_ended("" if code == Ending.WELL else _why(code)))

    def _on_picture(self, picture: QImage) -> None:
        if not self._stopped:
            self.on_picture(picture)
            self._say(b".")

    def _on_ended(self, why: str) -> None:
        if self._child is not None and self._child.stdin is not None:
            self._child.stdin.close()
        if not self._stopped:
            self.on_ended(why)


def _read_picture(out: IO[bytes], most: int) -> QImage | None:
    """One picture out of a pipe; None at its end, or where something else stands."""
    head = _read_all(out, HEADER.size)
    if len(head) < HEADER.size:
        return None
    magic, width, height = HEADER.unpack(head)
    length = width * height * _BYTES_PER_PIXEL
    # Not larger than asked for: a child is not trusted with this program's memory.
    if magic != MAGIC or not 0 < length <= most:
        return None
    rows = _read_all(out, length)
    if len(rows) < length:
        return None
    stride = width * _BYTES_PER_PIXEL
    return QImage(rows, width, height, stride, QImage.Format.Format_RGB32).copy()


def _read_all(out: IO[bytes], length: int) -> bytes:
    """So many bytes, fewer only at the end; a pipe gives them in parts."""
    parts = bytearray()
    while len(parts) < length:
        part = out.read(length - len(parts))
        if not part:
            break
        parts += part
    return bytes(parts)


def _bytes_of(picture: QImage) -> int:
    return int(picture.sizeInBytes())


def _why(code: int) -> str:
    try:
        return _WHY[Ending(code)]
    except (ValueError, KeyError):
        return "broken"
