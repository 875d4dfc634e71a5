"""Looks at what widgets really paint."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from ui.fitting import FittedText

Pixels = NDArray[np.uint8]


def pixels(widget: QWidget) -> Pixels:
    """The widget as an array of rows, columns and red, green, blue."""
    return _pixels_of(widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888))


def has_colour(widget: QWidget, colour: str, *, least: int = 10) -> bool:
    """Whether at least so many pixels have exactly this colour."""
    wanted = QColor(colour)
    same = (pixels(widget) == (wanted.red(), wanted.green(), wanted.blue())).all(axis=2)
    return int(same.sum()) >= least


def ink_box(widget: QWidget) -> QRect:
    """The smallest box around everything that differs from the colour of the first pixel."""
    return _ink_box(pixels(widget))


def stays_inside(fitted: FittedText, width: float, height: float) -> bool:
    """Whether a text painted into a box leaves no ink outside it, where it would be cut off."""
    room = 64
    canvas = QImage(round(width) + 2 * room, round(height) + 2 * room, QImage.Format.Format_RGB888)
    canvas.fill(QColor("white"))
    painter = QPainter(canvas)
    fitted.paint(painter, QRectF(room, room, width, height))
    painter.end()
    # One pixel of smoothing is no letter.
    box = QRectF(room, room, width, height).toAlignedRect().adjusted(-1, -1, 1, 1)
    return box.contains(_ink_box(_pixels_of(canvas)))


def _pixels_of(image: QImage) -> Pixels:
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def _ink_box(picture: Pixels) -> QRect:
    differs = (np.abs(picture.astype(int) - picture[0, 0].astype(int)) > 32).any(axis=2)
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return QRect()
    return QRect(
        int(columns[0]),
        int(rows[0]),
        int(columns[-1] - columns[0] + 1),
        int(rows[-1] - rows[0] + 1),
    )
