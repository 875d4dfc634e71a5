"""The field in which a long number appears, in groups of four, masked by whoever fills it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from kiosk.pages.areas import columns
from ui.fitting import fit_text
from ui.shapes import paint_card
from ui.theme import Theme, Weight

_GROUP = 4
_HIDDEN = "•"


class DigitField(QLabel):
    """Groups of four places; a hidden digit is a dot, one that is missing a short line."""

    def __init__(self, theme: Theme, digits: int, *, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._theme, self._digits = theme, digits

    def show_digits(self, masked: str, spoken: str) -> None:
        """Show these signs; ``spoken`` is what is read out, and says no digit."""
        if masked != self.text():
            self.setText(masked)
            self.update()
        self.setAccessibleName(spoken)

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.sizes.target
        return QSize(side * self._digits // 2, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        sizes, colours = self._theme.sizes, self._theme.colours
        edge = float(sizes.border)
        whole = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        signs = self.text().replace(" ", "")
        groups = columns(whole, self._digits // _GROUP, float(sizes.gap))
        for place, group in enumerate(groups):
            begins = place * _GROUP
            is_next = begins <= len(signs) < begins + _GROUP
            paint_card(
                painter,
                group,
                sizes.radius * 0.6,
                fill=colours.panel,
                edge=colours.primary if is_next else colours.border,
                edge_px=edge * (2.5 if is_next else 1),
            )
            inside = group.adjusted(sizes.gap * 0.5, 0, -sizes.gap * 0.5, 0)
            for at, cell in enumerate(columns(inside, _GROUP, 0)):
                seen = signs[begins + at : begins + at + 1]
                self._paint_sign(painter, cell, seen)

    def _paint_sign(self, painter: QPainter, cell: QRectF, sign: str) -> None:
        colours, sizes = self._theme.colours, self._theme.sizes
        middle = cell.center()
        if sign == _HIDDEN:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.ink))
            radius = min(cell.width(), cell.height()) * 0.16
            painter.drawEllipse(middle, radius, radius)
        elif sign:
            painter.setPen(QColor(colours.ink))
            fit_text(
                sign,
                cell,
                round(cell.height() * 0.62),
                1,
                weight=Weight.BOLD,
                align=Qt.AlignmentFlag.AlignCenter,
                wrap=False,
                tabular=True,
            ).paint(painter, cell)
        else:
            line = QRectF(0, 0, cell.width() * 0.5, max(2.0, sizes.border))
            line.moveCenter(middle)
            line.moveBottom(cell.bottom() - cell.height() * 0.24)
            painter.fillRect(line, QColor(colours.border))
