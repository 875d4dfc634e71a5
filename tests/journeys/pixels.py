"""Reads what a screen's picture really shows: its QR code, and which number stands in a place.

The number is read as the eye does it: the same type is drawn for several numbers, and the one that
lies on the picture's ink is the one that is shown.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import zxingcpp
from PIL import Image
from PySide6.QtGui import QImage

from ui.labels import NumberPlate
from ui.theme import Theme
from ui.tokens import KIOSK, LIGHT

Ink = npt.NDArray[np.float64]

COMPARED = (480, 120)

SAME = 0.9
CLEARLY = 0.03


def read_qr(picture: Path) -> str:
    """What the one QR code in a picture says."""
    with Image.open(picture) as image:
        found = zxingcpp.read_barcodes(image.convert("L"))
    assert len(found) == 1, f"{len(found)} codes are seen in {picture}"
    return found[0].text


def contrast(picture: Path, box: tuple[int, int, int, int]) -> float:
    """The contrast of ink and ground in a part of a picture, by WCAG 2 (1 to 21)."""
    levels = _luminance(_part(picture, box))
    light, dark = float(np.percentile(levels, 99)), float(np.percentile(levels, 1))
    return (light + 0.05) / (dark + 0.05)


def number_shown(
    picture: Path, box: tuple[int, int, int, int], numbers: Sequence[str], *, spacing: float
) -> str:
    """Which of two or more ``numbers`` stands in the box; AssertionError if none clearly does.

    ``spacing`` is that of the screen's own plate, in em. Needs a QApplication with our fonts.
    """
    seen = _fitted(_ink(_part(picture, box)))
    overlaps = {number: _overlap(seen, _fitted(_drawn(number, spacing))) for number in numbers}
    second, best = sorted(numbers, key=lambda number: overlaps[number])[-2:]
    assert overlaps[best] > SAME, overlaps
    assert overlaps[best] > overlaps[second] + CLEARLY, overlaps
    return best


def _part(picture: Path, box: tuple[int, int, int, int]) -> Ink:
    left, top, width, height = box
    with Image.open(picture) as image:
        part = image.convert("RGB").crop((left, top, left + width, top + height))
        return np.asarray(part, dtype=float) / 255


def _luminance(part: Ink) -> Ink:
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ (0.2126, 0.7152, 0.0722))


def _ink(part: Ink) -> Ink:
    """How much of each pixel is ink, 0 to 1; the ground is what the corner has."""
    away: Ink = np.abs(part - part[0, 0]).sum(axis=2)
    strongest = float(away.max())
    assert strongest > 0.3, "there is nothing to be seen"
    return away / strongest


def _fitted(ink: Ink) -> Ink:
    """The ink alone, stretched to one size: how large it stands where is another question."""
    strong = ink > 0.5
    rows, columns = np.flatnonzero(strong.any(axis=1)), np.flatnonzero(strong.any(axis=0))
    part = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    image = Image.fromarray((part * 255).astype(np.uint8)).resize(COMPARED)
    return np.asarray(image, dtype=float) / 255


def _drawn(number: str, spacing: float) -> Ink:
    plate = NumberPlate(number, Theme(LIGHT, KIOSK), role=None, spacing=spacing)
    plate.resize(*COMPARED)
    image = plate.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    plate.deleteLater()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3)
    return _ink(pixels.astype(float) / 255)


def _overlap(one: Ink, other: Ink) -> float:
    return float(np.minimum(one, other).sum() / np.maximum(one, other).sum())
