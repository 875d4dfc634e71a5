"""What stands where the start button would, while nobody can take a number."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.pages.areas import Slot, balanced_slot, stack
from kiosk.pages.page import say
from kiosk.pages.sign import Sign
from ui.fitting import inner
from ui.labels import FittedLabel
from ui.shapes import paint_card
from ui.theme import Theme, Weight
from ui.tokens import Role

_CENTRED = Qt.AlignmentFlag.AlignCenter


class ClosedCard(QWidget):
    """A clock, "closed now", and why, with the instant at which numbers are given again."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("closed")
        self._theme = theme
        self._sign = Sign(theme, "clock", waits=False, parent=self)
        self.title = FittedLabel(
            "",
            theme,
            role=Role.HEADING,
            weight=Weight.BOLD,
            align=_CENTRED,
            name="closed-title",
            parent=self,
        )
        self.why = FittedLabel(
            "", theme, role=Role.TILE, align=_CENTRED, name="closed-why", parent=self
        )
        self.opens = FittedLabel(
            "",
            theme,
            role=Role.TILE,
            weight=Weight.SEMIBOLD,
            align=_CENTRED,
            name="closed-opens",
            parent=self,
        )

    def show_words(self, title: str, why: str) -> bool:
        """Say this; ``why`` may have a second line, with the instant. Whether it is other words."""
        first, _, second = why.partition("\n")
        said = [say(self.title, title), say(self.why, first), say(self.opens, second)]
        if any(said):
            self.setAccessibleName(". ".join(filter(None, (title, first, second))))
            self._arrange()
        return any(said)

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self._arrange()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        sizes, colours = self._theme.sizes, self._theme.colours
        paint_card(
            QPainter(self),
            QRectF(self.rect()),
            sizes.radius,
            fill=colours.panel,
            edge=colours.hairline,
            edge_px=sizes.border,
        )

    def _arrange(self) -> None:
        sizes = self._theme.sizes
        margin = min(float(sizes.margin), self.height() * 0.05)
        area = inner(QRectF(self.rect()), margin)
        if area.width() <= 0 or area.height() <= 0:
            return
        labels = (self.title, self.why, self.opens)
        words = [balanced_slot(label, self._theme, area.width()) for label in labels]
        # The words first; the sign has what they leave.
        spare = area.height() - sum(slot.least for slot in words) - sizes.gap * 3
        side = min(sizes.number * 1.3, area.height() * 0.34, spare)
        sign = Slot(self._sign, side * 0.4, side, side)
        if side < sizes.tile:
            sign = Slot(self._sign, 0, 0, 0)
        stack(area, [sign, *words], sizes.gap, together=True)

    def least_height(self, width: float) -> float:
        """The height at which all that it says is read."""
        sizes = self._theme.sizes
        labels = (self.title, self.why, self.opens)
        slots = [balanced_slot(label, self._theme, width - 2 * sizes.margin) for label in labels]
        return sum(slot.least for slot in slots) + sizes.gap * 3 + 2.0 * sizes.margin
