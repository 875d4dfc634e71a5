"""Decodes one file of the branch's pictures in a process of its own (fault F56).

``python -m display.media_child picture|video FILE WIDTH HEIGHT COLOUR`` writes pictures that fit
the place to standard output: ``AMED``, width and height (32 bit, little-endian), then rows of four
bytes (blue, green, red, nothing). A picture comes once. Of a video the newest one comes for each
``.`` on standard input; ``p`` holds it, ``r`` lets it go on, the end of the input ends it. No sound
is made.

Whatever a file does to a decoder happens here: memory, time and open files are limited, and the
exit code says what was wrong.
"""

import os
import struct
import sys
import threading
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

MAGIC = b"AMED"
HEADER = struct.Struct("<4sII")

PIXELS_MOST = 60_000_000
"""A camera's largest picture has that many; a bomb has more."""

ENLARGED_MOST = 4.0
PICTURE_CPU_S = 15
_MEMORY = {"picture": 1024**3, "video": 4 * 1024**3}


class Ending(IntEnum):
    """The exit code."""

    WELL = 0
    BROKEN = 4
    TOO_MANY_PIXELS = 5
    NO_VIDEO = 6


def main() -> int:
    """Decode; the exit code."""
    task, path, width, height, colour = sys.argv[1:6]
    _limit(task)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    box = (int(width), int(height))
    if task == "video":
        return _play(Path(path), box)
    return _open(Path(path), box, colour)


def _limit(task: str) -> None:
    """Less of everything, where the system can."""
    try:
        import resource
    except ImportError:  # Windows: the parent's deadline is the limit there
        return
    limits = [
        (resource.RLIMIT_AS, _MEMORY[task]),
        (resource.RLIMIT_NOFILE, 128),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ]
    if task == "picture":
        limits.append((resource.RLIMIT_CPU, PICTURE_CPU_S))
    for name, most in limits:
        _, hard = resource.getrlimit(name)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(name, (least, least))


def _open(path: Path, box: tuple[int, int], colour: str) -> int:
    from PySide6.QtCore import QPoint, QRect, QSize, Qt
    from PySide6.QtGui import (
        QColor,
        QGuiApplication,
        QImage,
        QImageIOHandler,
        QImageReader,
        QPainter,
    )

    app = QGuiApplication([sys.argv[0]])  # words in an SVG need its fonts
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    whole = reader.size()
    if not whole.isValid() or whole.isEmpty():
        return Ending.BROKEN
    if whole.width() * whole.height() > PIXELS_MOST:
        return Ending.TOO_MANY_PIXELS
    place = QSize(*box)
    # A picture that lies on its side is decoded lying, and turned.
    if reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90:
        place.transpose()
    fitted = whole.scaled(place, Qt.AspectRatioMode.KeepAspectRatio)
    if fitted.width() > whole.width() * ENLARGED_MOST and bytes(reader.format().data()) != b"svg":
        fitted = whole * ENLARGED_MOST
    reader.setScaledSize(fitted.expandedTo(QSize(1, 1)))
    decoded = reader.read()
    if decoded.isNull():
        return Ending.BROKEN
    picture = QImage(decoded.size(), QImage.Format.Format_RGB32)
    picture.fill(QColor(colour))
    painter = QPainter(picture)
    painter.drawImage(QRect(QPoint(0, 0), picture.size()), decoded)
    painter.end()
    _write(picture)
    del app
    return Ending.WELL


def _play(path: Path, box: tuple[int, int]) -> int:
    from PySide6.QtCore import QObject, QSize, Qt, QUrl, Signal
    from PySide6.QtGui import QGuiApplication, QImage

    try:
        from PySide6.QtMultimedia import QMediaPlayer, QVideoFrame, QVideoSink
    except ImportError:
        return Ending.NO_VIDEO

    class Words(QObject):
        """What the parent says, from the thread that reads it."""

        said = Signal(str)

    app = QGuiApplication([sys.argv[0]])
    words, player, sink = Words(), QMediaPlayer(), QVideoSink()
    wanted = threading.Semaphore(0)

    def listen() -> None:
        while word := sys.stdin.buffer.read(1):
            if word == b".":
                wanted.release()
            else:
                words.said.emit(word.decode("ascii", "replace"))
        os._exit(Ending.WELL)  # nobody is there any more

    def on_frame(frame: QVideoFrame) -> None:
        if not frame.isValid() or not wanted.acquire(blocking=False):
            return
        image = frame.toImage()
        size = image.size().scaled(QSize(*box), Qt.AspectRatioMode.KeepAspectRatio)
        if image.size() != size:
            smooth = Qt.TransformationMode.SmoothTransformation
            image = image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        _write(image.convertToFormat(QImage.Format.Format_RGB32))

    def on_status(status: QMediaPlayer.MediaStatus) -> None:
        if status is QMediaPlayer.MediaStatus.EndOfMedia:
            app.exit(Ending.WELL)
        elif status is QMediaPlayer.MediaStatus.InvalidMedia:
            app.exit(Ending.BROKEN)

    words.said.connect(lambda word: player.pause() if word == "p" else player.play())
    sink.videoFrameChanged.connect(on_frame)
    player.mediaStatusChanged.connect(on_status)
    # No audio output is ever given to it: it has nothing to sound with.
    player.setVideoSink(sink)
    threading.Thread(target=listen, daemon=True).start()
    player.setSource(QUrl.fromLocalFile(str(path)))
    player.play()
    return app.exec()


def _write(picture: "QImage") -> None:
    out = sys.stdout.buffer
    try:
        out.write(HEADER.pack(MAGIC, picture.width(), picture.height()))
        out.write(picture.constBits())  # 32-bit rows have no padding
        out.flush()
    except OSError:
        os._exit(Ending.WELL)  # nobody looks any more


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # without Qt's own end, which a broken file may have spoilt
