""" "Still here?": asked over a page before the visit is forgotten."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.choosing_model import ChoosingModel
from kiosk.pages.areas import Area, balanced_slot, place, stack
from kiosk.pages.page import KioskPage, on_tap, relabel, say
from ui.buttons import BigButton, Look
from ui.labels import FittedLabel
from ui.shapes import paint_card
from ui.theme import Theme, Weight
from ui.tokens import Role

_CENTRED = Qt.AlignmentFlag.AlignCenter


class QuestionPage(KioskPage):
    """A card over the dimmed page; a touch anywhere means yes."""

    def __init__(self, model: ChoosingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__("question", theme, texts, parent)
        self.title = FittedLabel(
            "",
            theme,
            role=Role.HEADING,
            weight=Weight.BOLD,
            align=_CENTRED,
            name="question-title",
            parent=self,
        )
        self.line = FittedLabel(
            "",
            theme,
            role=Role.TILE,
            align=_CENTRED,
            tabular=True,
            name="question-line",
            parent=self,
        )
        self.still_here = on_tap(
            BigButton(
                "",
                theme,
                name="still-here",
                look=Look.PRIMARY,
                role=Role.TILE,
                parent=self,
            ),
            model.still_here,
        )
        self._card = QRectF()

    def first_control(self) -> QWidget | None:
        return self.still_here

    def show_model(self, model: ChoosingModel) -> None:
        texts = self.texts
        seconds = max(0, round(model.question_left_s() or 0.0))
        is_news = say(self.title, texts("kiosk.question.title"))
        is_news |= say(self.line, texts("kiosk.question.line", seconds=seconds))
        is_news |= relabel(
            self.still_here,
            texts("kiosk.question.still_here"),
            description=texts("kiosk.question.still_here_hint"),
        )
        if is_news:
            # A card that was made before anybody asked has no room for its words yet.
            self.lay_out()

    def arrange(self, area: QRectF, upright: bool) -> None:
        sizes = self.theme.sizes
        width = min(area.width(), sizes.number * 4.2)
        height = min(area.height() * 0.72, sizes.number * 2.9)
        middle = area.center().y() + (area.height() * 0.12 if upright else 0)
        if self.low_menu:
            middle = area.bottom() - height / 2
        self._card = QRectF(area.center().x() - width / 2, middle - height / 2, width, height)
        inside = Area(self._card.adjusted(sizes.margin, sizes.margin, -sizes.margin, -sizes.margin))
        place(self.still_here, inside.bottom(sizes.target * 1.6, gap=sizes.gap * 1.5))
        room = inside.rest.width()
        stack(
            inside.rest,
            [balanced_slot(label, self.theme, room) for label in (self.title, self.line)],
            sizes.gap * 1.5,
            together=True,
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(6, 20, 15, 170))
        sizes, colours = self.theme.sizes, self.theme.colours
        paint_card(painter, self._card, sizes.radius * 1.5, fill=colours.panel)
