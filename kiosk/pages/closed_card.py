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

    def show_words(self, title: str, why: str) -> None:
        """Say this; ``why`` may have a second line, with the instant."""
        first, _, second = why.partition("\n")
        said = [say(self.title, title), say(self.why, first), say(self.opens, second)]
        if any(said):
            self.setAccessibleName(". ".join(filter(None, (title, first, second))))
            self._arrange()

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
        area = inner(QRectF(self.rect()), sizes.margin)
        if area.width() <= 0 or area.height() <= 0:
            return
        side = min(sizes.number * 1.3, area.height() * 0.34)
        labels = (self.title, self.why, self.opens)
        words = [balanced_slot(label, self._theme, area.width()) for label in labels]
        stack(area, [Slot(self._sign, side * 0.4, side, side), *words], sizes.gap, together=True)
