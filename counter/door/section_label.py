"""Small words above the rows of the desk, as many of them as the height has room for."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui.labels import FittedLabel
from ui.theme import Theme, Weight
from ui.tokens import Role


class SectionLabel(FittedLabel):
    """Says what the row below is for; gives its room away before any row would."""

    def __init__(self, text: str, theme: Theme, name: str) -> None:
        super().__init__(
            text,
            theme,
            role=Role.SMALLEST,
            weight=Weight.SEMIBOLD,
            tone="ink_soft",
            wrap=False,
            name=name,
        )
        self.height_needed = round(theme.sizes.smallest * theme.sizes.line_height) + 1
        self.setMaximumHeight(self.height_needed)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.height_needed)

    def minimumSizeHint(self) -> QSize:
        # No height: a window never grows for the sake of a label.
        return QSize(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """All of it or nothing: half a word helps nobody."""
        if self.height() >= self.height_needed - 2:
            super().paintEvent(event)


def labelled(label: SectionLabel, row: QWidget) -> QVBoxLayout:
    """A row with its label right above it."""
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(label)
    column.addWidget(row)
    return column


def show_what_fits(labels: Sequence[SectionLabel], room: int) -> None:
    """Show the first ones for which there is room."""
    for label in labels:
        fits = label.height_needed <= room
        label.setVisible(fits)
        room -= label.height_needed if fits else 0
