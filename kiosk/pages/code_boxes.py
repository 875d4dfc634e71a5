"""The boxes in which a code appears, one for each digit."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from kiosk.pages.areas import columns
from kiosk.slip_code import CODE_DIGITS
from ui.fitting import fit_text
from ui.shapes import paint_card
from ui.theme import Theme, Weight

_CENTRED = Qt.AlignmentFlag.AlignCenter


class CodeBoxes(QLabel):
    """Six boxes; the next one to be filled has a strong edge."""

    def __init__(self, theme: Theme, *, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._theme = theme

    def show_digits(self, digits: str, spoken: str) -> None:
        """Show these digits; ``spoken`` is what is read out to who does not see."""
        if digits != self.text():
            self.setText(digits)
            self.update()
        self.setAccessibleName(spoken)

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.sizes.target
        return QSize(side * CODE_DIGITS, round(side * 1.25))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        sizes, colours, digits = self._theme.sizes, self._theme.colours, self.text()
        edge = float(sizes.border)
        whole = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        width = min(whole.width(), whole.height() * 0.8 * CODE_DIGITS + sizes.gap * 5)
        row = QRectF(whole.left(), whole.top(), width, whole.height())
        for place, box in enumerate(columns(row, CODE_DIGITS, sizes.gap)):
            is_next = place == len(digits)
            paint_card(
                painter,
                box,
                sizes.radius * 0.6,
                fill=colours.panel,
                edge=colours.primary if is_next else colours.border,
                edge_px=edge * (3 if is_next else 1),
            )
            if place < len(digits):
                painter.setPen(QColor(colours.ink))
                px = round(box.height() * 0.7)
                fit_text(
                    digits[place],
                    box,
                    px,
                    sizes.smallest,
                    weight=Weight.BOLD,
                    align=_CENTRED,
                    wrap=False,
                    tabular=True,
                ).paint(painter, box)
