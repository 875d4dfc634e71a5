"""A choice that can be taken back: a sign, its name, and a box that says by its tick what holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from kiosk.pages.areas import widest_word
from ui.buttons import BigButton, Look
from ui.fitting import inner, needed_height
from ui.icons import paint_icon
from ui.shapes import paint_card
from ui.theme import Theme, Weight
from ui.tokens import Role


class ChoiceButton(BigButton):
    """Chosen or not; the model decides, a touch only asks it. Without an icon it is a plain line.

    ``many``: several of its kind may be chosen, so the box is square; else it is round.
    """

    def __init__(
        self,
        theme: Theme,
        *,
        name: str,
        icon: str = "",
        many: bool = False,
        role: Role = Role.TILE,
        parent: QWidget,
    ) -> None:
        super().__init__("", theme, name=name, icon=icon or None, role=role, parent=parent)
        self.setCheckable(True)
        self._many = many
        self._shape = WORDS_ALONE

    def show_choice(self, title: str, *, chosen: bool, hint: str) -> None:
        """Show its name and whether it holds."""
        if title != self.title:
            self.set_content(title)
        self.setAccessibleDescription(hint)
        # A click has turned it already; what the model says counts.
        self.setChecked(chosen)
        look = Look.CHOSEN if chosen else Look.PANEL
        if look is not self._look:
            self.set_look(look)

    def height_for(self, width: float, *, with_tick: bool = True) -> float | None:
        """The height that its words need in a button of this width; None if one would break.

        With the tick beside them if they have room for it.
        """
        px, padding = self._theme.sizes.smallest, 2 * self._padding()
        widest = widest_word(self.title, px)
        for beside in (self._tick_side + self._gap, 0.0) if with_tick else (0.0,):
            room = width - padding - beside
            if widest <= room:
                return needed_height(self.title, px, Weight.SEMIBOLD, room) + padding + 1
        return None

    def fits(self, shape: "Shape") -> bool:
        """Whether the words are read there at their smallest, with no word broken."""
        box = self._words_box(inner(QRectF(self.rect()), self._padding()), shape)
        px = self._theme.sizes.smallest
        if widest_word(self.title, px) > box.width():
            return False
        return needed_height(self.title, px, Weight.SEMIBOLD, box.width()) <= box.height()

    def take(self, shape: "Shape") -> None:
        """Be painted in this shape."""
        self._shape = shape
        self.update()

    def _paint_content(
        self, painter: QPainter, box: QRectF, ink: str, soft: str, accent: str
    ) -> None:
        words = self._words_box(box, self._shape)
        self._paint_words(painter, words, ink, soft, centred=False)
        if self._icon and self._shape.icon:
            side = self._icon_side(box, self._shape)
            self._paint_icon(painter, QRectF(box.left(), box.center().y() - side / 2, side, side))
        side = self._tick_side
        tick = QRectF(box.right() - side, box.center().y() - side / 2, side, side)
        if not self._shape.has_tick:  # a corner is enough to say what holds
            side *= 0.6
            tick = QRectF(box.right() - side * 0.8, box.top() - side * 0.2, side, side)
        self._paint_tick(painter, tick)

    def _paint_tick(self, painter: QPainter, tick: QRectF) -> None:
        sizes, colours = self._theme.sizes, self._theme.colours
        radius = tick.width() * (0.22 if self._many else 0.5)
        if self.isChecked():
            paint_card(painter, tick, radius, fill=colours.primary)
            sign = inner(tick, tick.width() * 0.12)
            paint_icon(painter, "check", sign, colours.on_primary)
        elif self._shape.has_tick:
            edge = sizes.border
            paint_card(painter, tick, radius, fill=None, edge=colours.border, edge_px=edge)

    def _paint_icon(self, painter: QPainter, disc: QRectF) -> None:
        colours = self._theme.colours
        fill = colours.panel if self.isChecked() else colours.ok_soft
        paint_card(painter, disc, disc.width() / 2, fill=fill)
        sign = inner(disc, disc.width() * 0.14)
        tint = colours.primary if self.isChecked() else colours.on_ok_soft
        paint_icon(painter, self._icon or "ticket", sign, tint)

    def _words_box(self, box: QRectF, shape: "Shape") -> QRectF:
        words = QRectF(box)
        if shape.has_tick:
            words.setRight(box.right() - self._tick_side - self._gap)
        if self._icon and shape.icon:
            words.setLeft(box.left() + self._icon_side(box, shape) + self._gap)
        return words

    def _icon_side(self, box: QRectF, shape: "Shape") -> float:
        return min(box.height(), self._theme.sizes.tile * shape.icon)

    @property
    def _tick_side(self) -> float:
        return self._theme.sizes.smallest * 1.1

    @property
    def _gap(self) -> float:
        return self._theme.sizes.gap * 0.8

    def _padding(self) -> float:
        return max(self._theme.sizes.gap * 0.9, self._theme.sizes.focus * 2.0)


@dataclass(frozen=True, slots=True)
class Shape:
    """What stands beside the words: a sign of so many letters' height, and the tick."""

    icon: float
    has_tick: bool


SHAPES = (Shape(1.7, True), Shape(1.15, True), Shape(1.15, False), Shape(0, True))
"""From roomy to narrow: the words come first, then the sign, then the tick."""
WORDS_ALONE = Shape(0, False)


def rows_of(
    buttons: Sequence[ChoiceButton], width: float, gap: float, least: float, most: int
) -> tuple[int, int, float]:
    """Rows, columns (at most ``most``) and the height of a row in which each is read.

    ``least`` is the height of a finger.
    """
    if not buttons:
        return 0, 1, 0.0

    def heights(across: int) -> list[float | None]:
        room = (width - gap * (across - 1)) / across
        return [each.height_for(room) for each in buttons]

    fitting = (n for n in range(min(most, len(buttons)), 0, -1) if None not in heights(n))
    across = next(fitting, 1)
    row = max(least, *(height or 0.0 for height in heights(across)))
    return -(-len(buttons) // across), across, row


def shape_alike(buttons: Sequence[ChoiceButton]) -> None:
    """Give all the roomiest shape that fits each: an eye would look for what a difference means."""
    fitting = (shape for shape in SHAPES if all(button.fits(shape) for button in buttons))
    shape = next(fitting, WORDS_ALONE)
    for button in buttons:
        button.take(shape)
