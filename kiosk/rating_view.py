"""What every page of the rating pad is: a place for words and buttons that shows the model."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.pages.areas import (
    balanced_slot,
    stack,
    what_fits,
)
from kiosk.rating_model import RatingModel
from ui.buttons import BigButton, Look
from ui.labels import FittedLabel
from ui.theme import Theme, Weight
from ui.tokens import Role

_CENTRED = Qt.AlignmentFlag.AlignCenter


class PadView(QWidget):
    """One page of the pad. A subclass says what it shows and where."""

    def __init__(self, name: str, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"page-{name}")
        self.theme, self.texts = theme, texts

    def show_model(self, model: RatingModel) -> None:
        """Take the words of this moment from the model."""
        raise NotImplementedError

    def arrange(self, area: QRectF) -> None:
        """Put everything in its place."""
        raise NotImplementedError

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self.theme = theme
        self.lay_out()

    def lay_out(self) -> None:
        """Put everything in its place again."""
        margin = self.theme.sizes.margin
        area = QRectF(self.rect()).adjusted(margin, 0, -margin, -margin * 0.8)
        if area.width() > 0 and area.height() > 0:
            self.arrange(area)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay_out()

    def label(
        self,
        name: str,
        role: Role,
        *,
        weight: Weight = Weight.REGULAR,
        tone: str = "ink",
        align: Qt.AlignmentFlag = _CENTRED,
        tabular: bool = False,
    ) -> FittedLabel:
        """A text of the page."""
        return FittedLabel(
            "",
            self.theme,
            role=role,
            weight=weight,
            tone=tone,
            align=align,
            tabular=tabular,
            name=name,
            parent=self,
        )

    def button(self, name: str, look: Look = Look.PANEL, icon: str = "") -> BigButton:
        """A button of the page."""
        return BigButton(
            "",
            self.theme,
            name=name,
            look=look,
            icon=icon or None,
            role=Role.BODY,
            parent=self,
        )

    def closing_words(self, model: RatingModel) -> str:
        """In how many seconds the page goes by itself."""
        seconds = max(0, round(model.time_left_s() or 0.0))
        return self.texts("kiosk.rating.closing", seconds=seconds)


def stack_words(labels: Sequence[FittedLabel], area: QRectF, theme: Theme) -> None:
    """Centred texts one below the other; the first one stays where there is little room."""
    slots = [balanced_slot(label, theme, area.width()) for label in labels]
    gap = float(theme.sizes.gap)
    kept = what_fits(slots, area.height(), gap, first_out=list(labels[1:]))
    stack(area, kept, gap, together=True)
