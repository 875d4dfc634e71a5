"""Cutting a page into places, so that every page says where things stand in one glance.

Qt's layouts answer "how large does this want to be"; a kiosk asks "what fits above the reach of
an arm", on portrait and landscape screens of every size. So pages place things by hand.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QRect, QRectF
from PySide6.QtWidgets import QWidget

from ui.fitting import needed_height, text_size
from ui.labels import FittedLabel
from ui.theme import Theme, Weight


class Area:
    """A rectangle from which parts are cut; what is left stays."""

    def __init__(self, rect: QRect | QRectF) -> None:
        self.rest = QRectF(rect)

    def top(self, height: float, gap: float = 0.0) -> QRectF:
        """Cut off the upper part, and a gap below it."""
        part = QRectF(self.rest)
        part.setHeight(max(0.0, min(height, self.rest.height())))
        self.rest.setTop(min(self.rest.bottom(), part.bottom() + gap))
        return part

    def bottom(self, height: float, gap: float = 0.0) -> QRectF:
        """Cut off the lower part, and a gap above it."""
        part = QRectF(self.rest)
        part.setTop(max(self.rest.top(), self.rest.bottom() - height))
        self.rest.setBottom(max(self.rest.top(), part.top() - gap))
        return part

    def left(self, width: float, gap: float = 0.0) -> QRectF:
        """Cut off the left part, and a gap beside it."""
        part = QRectF(self.rest)
        part.setWidth(max(0.0, min(width, self.rest.width())))
        self.rest.setLeft(min(self.rest.right(), part.right() + gap))
        return part


def two_line_height(theme: Theme) -> float:
    """How high a button with a title and a line below it is."""
    sizes = theme.sizes
    return max(sizes.target, (sizes.tile + sizes.body) * 1.22 + 2 * max(sizes.gap, sizes.focus * 2))


def columns(area: QRectF, count: int, gap: float) -> list[QRectF]:
    """Equal columns from left to right."""
    width = (area.width() - gap * (count - 1)) / max(1, count)
    return [
        QRectF(area.left() + place * (width + gap), area.top(), width, area.height())
        for place in range(count)
    ]


def grid(area: QRectF, rows: int, count: int, gap: float) -> list[QRectF]:
    """Equal cells, row by row."""
    height = (area.height() - gap * (rows - 1)) / max(1, rows)
    return [
        cell
        for row in range(rows)
        for cell in columns(
            QRectF(area.left(), area.top() + row * (height + gap), area.width(), height), count, gap
        )
    ]


Shapes = Sequence[tuple[int, int]]
"""Rows and columns, the best ones first; the last is for the widest and lowest places."""

TWELVE_KEYS: Shapes = ((4, 3), (3, 4), (2, 6))


def keypad(
    area: QRectF, count: int, gap: float, least: float, shapes: Shapes = TWELVE_KEYS
) -> list[QRectF]:
    """Cells for the keys of a pad: as on a telephone, or wider where there is no height for that.

    ``least`` is the edge below which a key is missed.
    """
    rows, across = keypad_shape(area, gap, least, shapes)
    return grid(area, rows, across, gap)[:count]


def keypad_shape(
    area: QRectF, gap: float, least: float, shapes: Shapes = TWELVE_KEYS
) -> tuple[int, int]:
    """Rows and columns of the keys, of at least this edge."""
    fitting = (
        (rows, across)
        for rows, across in shapes
        if (area.height() - gap * (rows - 1)) / rows >= least
        and (area.width() - gap * (across - 1)) / across >= least
    )
    return next(fitting, shapes[-1] if area.width() > area.height() else shapes[0])


def place(widget: QWidget, area: QRectF) -> None:
    """Put a widget there, on whole pixels."""
    widget.setGeometry(area.toAlignedRect())


@dataclass(frozen=True, slots=True)
class Slot:
    """A widget's share of a stack: it gets from ``least`` to ``most``, best ``wanted`` pixels.

    ``width`` below the stack's puts it in the middle.
    """

    widget: QWidget
    least: float
    wanted: float
    most: float
    width: float | None = None


def text_slot(label: FittedLabel, theme: Theme, width: float) -> Slot:
    """A text at the size of its role, or down to the smallest if the page is full."""
    wanted = float(label.heightForWidth(round(width))) if label.text() else 0.0
    # Bold is the widest weight, so no text needs more than this at its smallest.
    # Metrics and whole pixels round: two pixels more.
    least = needed_height(label.text(), theme.sizes.smallest, Weight.BOLD, width) + 2.0
    return Slot(label, min(wanted, least), wanted, wanted)


def balanced_slot(label: FittedLabel, theme: Theme, width: float) -> Slot:
    """The same for a centred text: its lines as equal as words allow, no last word left alone."""
    slot = text_slot(label, theme, width)
    least = widest_word(label.text(), theme.sizes.heading)
    narrow = balanced_width(lambda room: label.heightForWidth(round(room)), least, width)
    # A little more: figures of equal width are wider than those that were measured.
    narrow = min(width, narrow * 1.03)
    if text_slot(label, theme, narrow).least > slot.least:
        return slot  # at its smallest it would need a line more than at the full width
    return replace(slot, width=narrow)


def balanced_width(height_at: Callable[[float], float], least: float, width: float) -> float:
    """The least width at which a text gets no higher than at the full one, within a step."""
    height, step = height_at(width), max(1.0, width / 40)
    narrow = width
    while narrow - step > least and height_at(narrow - step) <= height:
        narrow -= step
    return narrow


def widest_word(text: str, px: int) -> float:
    """The width of the longest word in bold."""
    return max(
        (text_size(w, px, Weight.BOLD, False, 0, 1 << 20)[0] for w in text.split()), default=0
    )


def what_fits(
    slots: Sequence[Slot], height: float, gap: float, *, first_out: Sequence[QWidget]
) -> list[Slot]:
    """The slots without those that must go, in that order, until the others fit at their least."""
    left = list(slots)
    for widget in first_out:
        seen = [slot for slot in left if slot.wanted > 0]
        if sum(slot.least for slot in seen) + gap * (len(seen) - 1) <= height:
            break
        left = [Slot(widget, 0, 0, 0) if slot.widget is widget else slot for slot in left]
    return left


def stack(area: QRectF, slots: Sequence[Slot], gap: float, *, together: bool = False) -> None:
    """Put widgets one below the other; empty ones take no place.

    What is missing is taken from all evenly, but from none more than it can give; what is left
    goes first to those that can grow, then to the gaps, or (``together``) above and below all.
    """
    seen = []
    for slot in slots:
        slot.widget.setVisible(slot.wanted > 0)
        if slot.wanted > 0:
            seen.append(slot)
    if not seen:
        return
    room = area.height() - gap * (len(seen) - 1)
    heights = [slot.wanted for slot in seen]
    spare = room - sum(heights)
    if spare < 0:
        give = [slot.wanted - slot.least for slot in seen]
        share = min(1.0, -spare / max(1.0, sum(give)))
        heights = [height - part * share for height, part in zip(heights, give, strict=True)]
        if sum(heights) > max(1.0, room):  # rather too small than one over the other
            heights = [height * max(1.0, room) / sum(heights) for height in heights]
    elif spare > 0:
        take = [slot.most - slot.wanted for slot in seen]
        share = min(1.0, spare / max(1.0, sum(take)))
        heights = [height + part * share for height, part in zip(heights, take, strict=True)]
    left_over = max(0.0, room - sum(heights))
    share = left_over / (2 if together else len(seen) + 1)
    between = gap if together else gap + share
    top = area.top() + share
    for slot, height in zip(seen, heights, strict=True):
        width = area.width() if slot.width is None else min(slot.width, area.width())
        left = area.left() + (area.width() - width) / 2
        place(slot.widget, QRectF(left, top, width, height))
        top += height + between
