"""Which pictures and videos a folder holds: told by content, within limits, in order of name.

What a file is called proves nothing (fault F56): its first bytes say what it is. Nothing is decoded
here. Plain Python: no Qt.
"""

import re
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

PICTURE_BYTES_MOST = 32 * 1024**2
DRAWING_BYTES_MOST = 2 * 1024**2
"""An SVG is text: two megabytes of it are a picture that nobody drew by hand."""
VIDEO_BYTES_MOST = 2 * 1024**3
FILES_MOST = 300

_HEAD_BYTES = 4096
_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart", "~")
"""What programs call a file while they still copy it."""

_DRAWING = re.compile(rb"<svg[\s>]", re.IGNORECASE)


class MediaKind(StrEnum):
    """How a file is shown."""

    PICTURE = "picture"
    VIDEO = "video"


@dataclass(frozen=True)
class MediaFile:
    """One file to be shown; another size or time of change makes it another file."""

    path: Path
    kind: MediaKind
    size_bytes: int
    changed_ns: int

    @property
    def name(self) -> str:
        """What people call it."""
        return self.path.name


@dataclass(frozen=True)
class Skipped:
    """A file that is not shown; ``reason`` ends the key ``display.media.<reason>``."""

    name: str
    reason: str


@dataclass(frozen=True)
class Found:
    """What a look into the folder gave; ``problem`` is the folder's own, empty if it was read."""

    files: tuple[MediaFile, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    problem: str = ""


def look_into(folder: Path, *, videos: bool, before: Found | None = None) -> Found:
    """The folder's own files, without those below it; never raises.

    ``videos``: whether this machine can play them; without it each is told as skipped.
    ``before`` is what was found last time: a file that has not changed is not opened again.
    """
    known = {file.path: file for file in (before or Found()).files}
    try:
        names = sorted((path.name for path in folder.iterdir()), key=_in_order)
    except OSError as error:
        return Found(problem=error.strerror or str(error))
    files: list[MediaFile] = []
    skipped: list[Skipped] = []
    for name in names:
        if name.startswith(".") or name.lower().endswith(_UNFINISHED):
            continue
        seen = _look_at(folder / name, videos, known.get(folder / name))
        if isinstance(seen, MediaFile) and len(files) == FILES_MOST:
            seen = "too-many"
        if isinstance(seen, MediaFile):
            files.append(seen)
        elif seen is not None:
            skipped.append(Skipped(name, seen))
    return Found(tuple(files), tuple(skipped))


def _look_at(path: Path, videos: bool, known: MediaFile | None) -> MediaFile | str | None:
    """The file, or why it is skipped; None for what is no file at all."""
    try:
        facts = path.stat()
        # Opening a pipe or a device could wait for ever.
        if not stat.S_ISREG(facts.st_mode):
            return None
        if known is not None and (known.size_bytes, known.changed_ns) == (
            facts.st_size,
            facts.st_mtime_ns,
        ):
            return known
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return "unreadable"
    kind, most = _kind_of(head)
    if kind is None:
        return "unknown"
    if facts.st_size > most:
        return "too-large"
    if kind is MediaKind.VIDEO and not videos:
        return "no-video"
    return MediaFile(path, kind, facts.st_size, facts.st_mtime_ns)


def _kind_of(head: bytes) -> tuple[MediaKind | None, int]:
    """What the first bytes say, and how many of its kind are too many."""
    if head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return MediaKind.PICTURE, PICTURE_BYTES_MOST
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return MediaKind.PICTURE, PICTURE_BYTES_MOST
    if head[4:8] == b"ftyp" or (head[:4] == b"\x1aE\xdf\xa3" and b"webm" in head[:64]):
        return MediaKind.VIDEO, VIDEO_BYTES_MOST
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and _DRAWING.search(head):
        return MediaKind.PICTURE, DRAWING_BYTES_MOST
    return None, 0


def _in_order(name: str) -> list[tuple[bool, int, str]]:
    """By name as people count: 2 before 10, figures before letters."""
    return [
        (False, int(part), "") if part.isascii() and part.isdigit() else (True, 0, part)
        for part in re.split(r"([0-9]{1,18})", name.casefold())
        if part
    ]
