"""Text that always fits its box: it wraps, then shrinks, and never loses a letter."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from ui.theme import Weight, font_of

_HUGE = 1 << 20


@dataclass(frozen=True)
class FittedText:
    """A text at the largest size that its box allows.

    ``fits`` is False only if even the floor was too large: a fault of the layout, for tests to
    find. The text is then painted smaller than its floor rather than cut off.
    """

    text: str
    px: int
    weight: Weight
    tabular: bool
    width: float
    height: float
    flags: int
    fits: bool

    def font(self) -> QFont:
        """The font in which it fits."""
        return font_of(self.px, self.weight, tabular=self.tabular)

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """Paint it into a box of the size it was fitted to, in the painter's colour."""
        painter.setFont(self.font())
        painter.drawText(box, self.flags, self.text)


def fit_text(
    text: str,
    box: QRectF,
    px: int,
    floor_px: int,
    *,
    weight: Weight = Weight.REGULAR,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    wrap: bool = True,
    tabular: bool = False,
) -> FittedText:
    """The text at most ``px`` high, at least ``floor_px``, inside the box."""
    width, height = max(1.0, box.width()), max(1.0, box.height())
    flags = align.value | (Qt.TextFlag.TextWordWrap.value if wrap else 0)
    least = min(px, floor_px)
    best = _largest(text, weight, tabular, flags, width, height, least, px)
    if best is None and wrap and _has_wider_word(text, weight, tabular, width, least):
        # Broken at the floor rather than made unreadable.
        flags = align.value | Qt.TextFlag.TextWrapAnywhere.value
        best = _largest(text, weight, tabular, flags, width, height, least, least)
    fits = best is not None
    if best is None:
        best = _largest(text, weight, tabular, flags, width, height, 1, least) or 1
    needed_width, needed_height = text_size(text, best, weight, tabular, flags, width)
    return FittedText(text, best, weight, tabular, needed_width, needed_height, flags, fits)


def needed_height(text: str, px: int, weight: Weight, width: float) -> int:
    """How high a text of this size gets when it is wrapped at a width."""
    flags = Qt.TextFlag.TextWordWrap.value
    return ceil(text_size(text, px, weight, False, flags, width)[1])


@lru_cache(maxsize=2048)
def text_size(
    text: str, px: int, weight: Weight, tabular: bool, flags: int, width: float
) -> tuple[float, float]:
    """Width and height that a text takes at a size when it is wrapped at a width."""
    metrics = QFontMetricsF(font_of(px, weight, tabular=tabular))
    bounds = metrics.boundingRect(QRectF(0, 0, width, _HUGE), flags & ~_ALIGN_V | _TOP, text)
    return bounds.width(), bounds.height()


def _has_wider_word(text: str, weight: Weight, tabular: bool, width: float, px: int) -> bool:
    return any(text_size(word, px, weight, tabular, 0, _HUGE)[0] > width for word in text.split())


_ALIGN_V = Qt.AlignmentFlag.AlignVertical_Mask.value
_TOP = Qt.AlignmentFlag.AlignTop.value


def _largest(
    text: str,
    weight: Weight,
    tabular: bool,
    flags: int,
    width: float,
    height: float,
    least: int,
    most: int,
) -> int | None:
    """The largest size between two that fits, by bisection; None if not even the least does."""

    def fits(px: int) -> bool:
        needed = text_size(text, px, weight, tabular, flags, width)
        # Metrics round up by fractions of a pixel; half a pixel is not seen.
        return needed[0] <= width + 0.5 and needed[1] <= height + 0.5

    if fits(most):
        return most
    if not fits(least):
        return None
    while most - least > 1:
        middle = (least + most) // 2
        if fits(middle):
            least = middle
        else:
            most = middle
    return least


def inner(rect: QRect | QRectF, margin: float) -> QRectF:
    """The rectangle inside a margin on all four sides."""
    return QRectF(rect).adjusted(margin, margin, -margin, -margin)
