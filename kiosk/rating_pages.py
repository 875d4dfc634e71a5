"""R1: the pages of the rating pad: the quiet one, the faces, why, and thanks."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.pages.areas import (
    Area,
    Slot,
    balanced_slot,
    columns,
    place,
    stack,
    text_slot,
)
from kiosk.pages.page import on_tap, relabel, say
from kiosk.rating_faces import FacesView, ReasonsView
from kiosk.rating_model import PadPage, RatingModel
from kiosk.rating_view import PadView, stack_words
from protocol.session import LinkState
from ui.fitting import inner
from ui.icons import paint_icon
from ui.qr import QrPicture
from ui.shapes import paint_card
from ui.signs import link_words
from ui.theme import Theme, Weight
from ui.tokens import Role

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Seal(QWidget):
    """A sign on a calm disc."""

    def __init__(self, theme: Theme, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._icon = theme, icon

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), self._theme.colours
        side = float(min(self.width(), self.height()))
        disc = QRectF(0, 0, side, side)
        disc.moveCenter(QRectF(self.rect()).center())
        paint_card(painter, disc, side / 2, fill=colours.ok_soft)
        paint_icon(painter, self._icon, inner(disc, side * 0.16), colours.on_ok_soft)


class IdleView(PadView):
    """Nobody is asked: whose office it is, and thanks."""

    def __init__(self, model: RatingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__("idle", theme, texts, parent)
        self.sign = Seal(theme, "face-4", self)
        self.branch = self.label("branch", Role.TILE, weight=Weight.SEMIBOLD, tone="ink_soft")
        self.thanks = self.label("idle-thanks", Role.HEADING, weight=Weight.BOLD)
        self.line = self.label("idle-line", Role.TILE, tone="ink_soft")
        self.note = self.label("idle-note", Role.SMALLEST, tone="ink_soft")

    def show_model(self, model: RatingModel) -> None:
        texts = self.texts
        changed = say(self.branch, model.welcome.branch.name if model.welcome is not None else "")
        changed |= say(self.thanks, texts("kiosk.rating.idle"))
        changed |= say(self.line, texts("kiosk.rating.idle_line"))
        # A lost link matters to nobody here; that this device is refused, to the staff.
        refused = model.link.state is LinkState.REFUSED
        changed |= say(self.note, link_words(model.link, texts) if refused else "")
        if changed:
            self.lay_out()

    def arrange(self, area: QRectF) -> None:
        sizes = self.theme.sizes
        sign = sizes.number * 0.9
        texts = (self.branch, self.thanks, self.line, self.note)
        slots = [balanced_slot(label, self.theme, area.width()) for label in texts]
        slots.insert(1, Slot(self.sign, sign * 0.4, sign, sign))
        stack(area, slots, sizes.gap * 2.5, together=True)


class ThanksView(PadView):
    """Thanks, and where a review may be written, which is another thing and nobody's duty."""

    def __init__(self, model: RatingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__("thanks", theme, texts, parent)
        self.sign = Seal(theme, "check", self)
        self.thanks = self.label("rating-thanks", Role.HEADING, weight=Weight.BOLD)
        self.line = self.label("rating-thanks-line", Role.TILE)
        self.review = self.label("rating-review", Role.TILE, weight=Weight.SEMIBOLD, align=_LEFT)
        self.review_line = self.label("rating-review-line", Role.BODY, tone="ink_soft", align=_LEFT)
        self.qr = QrPicture(texts, name="rating-qr", parent=self)
        self.finish = on_tap(self.button("rating-finish"), model.finish)
        self.closing = self.label("rating-thanks-closing", Role.BODY, tone="ink_soft", tabular=True)

    def show_model(self, model: RatingModel) -> None:
        texts, link = self.texts, model.review_link
        changed = say(self.thanks, texts("kiosk.rating.thanks"))
        changed |= say(self.line, texts("kiosk.rating.thanks_line"))
        changed |= say(self.review, texts("kiosk.rating.review") if link else "")
        changed |= say(self.review_line, texts("kiosk.rating.review_line") if link else "")
        self.qr.setAccessibleName(texts("ui.qr"))
        if link != self.qr.content:
            self.qr.set_content(link)
            changed = True
        hint = texts("kiosk.rating.finish_hint")
        relabel(self.finish, texts("kiosk.rating.finish"), description=hint)
        changed |= say(self.closing, self.closing_words(model))
        if changed:
            self.lay_out()

    def arrange(self, area: QRectF) -> None:
        sizes, gap = self.theme.sizes, float(self.theme.sizes.gap)
        whole = Area(area)
        finish, closing = columns(whole.bottom(sizes.target * 1.1, gap=gap * 1.5), 2, gap)
        place(self.finish, finish)
        place(self.closing, closing)
        has_review = bool(self.qr.content)
        for widget in (self.qr, self.review, self.review_line):
            widget.setVisible(has_review)
        self.sign.setVisible(not has_review)
        if has_review:
            self._arrange_review(whole, gap)
            return
        sign = sizes.number * 0.9
        words = [balanced_slot(each, self.theme, area.width()) for each in (self.thanks, self.line)]
        seal = Slot(self.sign, sign * 0.4, sign, sign)
        stack(whole.rest, [seal, *words], gap * 2.5, together=True)

    def _arrange_review(self, whole: Area, gap: float) -> None:
        """Thanks first and whole; the code below it, with what it is."""
        stack_words([self.thanks, self.line], whole.top(whole.rest.height() * 0.36), self.theme)
        upright = whole.rest.height() > whole.rest.width()
        side = min(whole.rest.height() * (0.55 if upright else 1), whole.rest.width() * 0.45)
        if upright:
            side = min(whole.rest.width() * 0.6, whole.rest.height() * 0.6)
            top = whole.top(side, gap=gap)
            place(self.qr, QRectF(top.center().x() - side / 2, top.top(), side, side))
        else:
            code = whole.left(side, gap=gap * 2)
            place(self.qr, QRectF(code.left(), code.center().y() - side / 2, side, side))
        width = whole.rest.width()
        slots = [text_slot(each, self.theme, width) for each in (self.review, self.review_line)]
        stack(whole.rest, slots, gap, together=True)


def make_view(
    page: PadPage, model: RatingModel, theme: Theme, texts: Texts, parent: QWidget
) -> PadView:
    """The page of this name, not yet seen."""
    kinds: dict[PadPage, type[IdleView | FacesView | ReasonsView | ThanksView]] = {
        PadPage.IDLE: IdleView,
        PadPage.FACES: FacesView,
        PadPage.REASONS: ReasonsView,
        PadPage.THANKS: ThanksView,
    }
    made = kinds[page](model, theme, texts, parent)
    made.hide()
    return made
