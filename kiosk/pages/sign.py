"""A large sign in the middle of a page that only has something to say."""

from PySide6.QtCore import QRectF, QSize, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from ui.fitting import inner
from ui.icons import paint_icon
from ui.shapes import paint_card
from ui.theme import Theme

STEP_MS = 500
"""One dot after the other at 2 Hz; nothing flashes faster than WCAG 2.3.1 allows."""


class Sign(QWidget):
    """An icon on a disc; with ``waits`` three dots below it count the time."""

    def __init__(self, theme: Theme, icon: str, *, waits: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._icon, self._waits = theme, icon, waits
        self._step = 0
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self._turn)

    def set_icon(self, icon: str, *, waits: bool) -> None:
        """Show another sign."""
        if (icon, waits) != (self._icon, self._waits):
            self._icon, self._waits = icon, waits
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.sizes.number
        return QSize(side, round(side * 1.3))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours, box = self._theme.colours, QRectF(self.rect())
        side = min(box.height() * 0.78, box.width())
        disc = QRectF(box.center().x() - side / 2, box.top(), side, side)
        calm = self._waits
        fill = colours.ok_soft if calm else colours.warning_soft
        ink = colours.on_ok_soft if calm else colours.on_warning_soft
        paint_card(painter, disc, side / 2, fill=fill)
        paint_icon(painter, self._icon, inner(disc, side * 0.24), ink)
        if self._waits:
            self._paint_dots(painter, box, side)

    def _paint_dots(self, painter: QPainter, box: QRectF, side: float) -> None:
        dot = side * 0.08
        top = box.bottom() - dot * 1.2
        for place in range(3):
            left = box.center().x() + (place - 1) * dot * 2.4 - dot / 2
            is_on = place <= self._step
            fill = self._theme.colours.primary if is_on else self._theme.colours.hairline
            paint_card(painter, QRectF(left, top, dot, dot), dot / 2, fill=fill)

    def _turn(self) -> None:
        if self._waits:
            self._step = (self._step + 1) % 3
            self.update()
