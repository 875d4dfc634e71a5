"""R1: the pages of the rating pad. Four faces with words; why; thanks; and a quiet page between."""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.pages.areas import (
    Area,
    Slot,
    balanced_slot,
    columns,
    grid,
    place,
    stack,
    text_slot,
    what_fits,
)
from kiosk.pages.choice_button import ChoiceButton, rows_of, shape_alike
from kiosk.pages.page import on_tap, relabel, say
from kiosk.rating_model import SCORES, PadPage, RatingModel
from protocol.messages import Choice
from protocol.session import LinkState
from ui.buttons import BigButton, Look
from ui.fitting import inner
from ui.icons import paint_icon
from ui.labels import FittedLabel
from ui.qr import QrPicture
from ui.shapes import paint_card
from ui.signs import link_words
from ui.texts import Texts
from ui.theme import Theme, Weight
from ui.tokens import Colours, Role

_CENTRED = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
REASONS_IN_A_ROW = 2


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


def _face_colours(score: int, colours: Colours) -> tuple[str, str]:
    """Disc and line of a face; the shape says as much, for who sees no colours."""
    return {
        1: (colours.error_soft, colours.on_error_soft),
        2: (colours.warning_soft, colours.on_warning_soft),
        3: (colours.info_soft, colours.on_info_soft),
        4: (colours.ok_soft, colours.on_ok_soft),
    }[score]


class FaceButton(BigButton):
    """A face above its word."""

    def __init__(self, score: int, theme: Theme, parent: QWidget) -> None:
        super().__init__("", theme, name=f"score-{score}", icon=f"face-{score}", parent=parent)
        self._score = score

    def _paint_content(
        self, painter: QPainter, box: QRectF, ink: str, soft: str, accent: str
    ) -> None:
        sizes = self._theme.sizes
        words = QRectF(box)
        words.setTop(box.bottom() - max(sizes.tile * 2.5, box.height() * 0.26))
        room = words.top() - sizes.gap - box.top()
        side = max(1.0, min(room, box.width()))
        top = box.top() + max(0.0, room - side) / 2
        face = QRectF(box.center().x() - side / 2, top, side, side)
        fill, line = _face_colours(self._score, self._theme.colours)
        paint_card(painter, face, side / 2, fill=fill)
        paint_icon(painter, f"face-{self._score}", face, line)
        self._paint_words(painter, words, ink, soft, centred=True)


class FacesView(PadView):
    """How was it? One tap."""

    def __init__(self, model: RatingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__("faces", theme, texts, parent)
        self.question = self.label("rating-question", Role.HEADING, weight=Weight.BOLD)
        self.whose = self.label("rating-whose", Role.TILE, tone="ink_soft")
        self.faces = {score: FaceButton(score, theme, self) for score in SCORES}
        for score, face in self.faces.items():
            on_tap(face, partial(model.rate, score))
        self.skip = on_tap(self.button("rating-skip", Look.QUIET), model.skip)
        self.closing = self.label("rating-closing", Role.BODY, tone="ink_soft", tabular=True)

    def show_model(self, model: RatingModel) -> None:
        texts, invitation = self.texts, model.invitation
        if invitation is None:
            return
        changed = say(self.question, texts("kiosk.rating.question"))
        words = texts("kiosk.rating.whose", number=invitation.number, counter=invitation.counter)
        changed |= say(self.whose, words)
        for score, face in self.faces.items():
            hint = texts("kiosk.rating.score_hint", score=score)
            changed |= relabel(face, texts(f"kiosk.rating.score_{score}"), description=hint)
        relabel(self.skip, texts("kiosk.rating.skip"), description=texts("kiosk.rating.skip_hint"))
        changed |= say(self.closing, self.closing_words(model))
        if changed:
            self.lay_out()

    def arrange(self, area: QRectF) -> None:
        sizes, gap = self.theme.sizes, float(self.theme.sizes.gap)
        whole = Area(area)
        skip, closing = columns(whole.bottom(sizes.target * 1.1, gap=gap * 1.5), 2, gap)
        place(self.skip, skip)
        place(self.closing, closing)
        upright = area.height() > area.width()
        share = 0.42 if upright else 0.34
        head = whole.top(whole.rest.height() * share, gap=gap)
        _stack_words([self.question, self.whose], head, self.theme)
        cells = columns(whole.rest, len(self.faces), gap)
        if upright:  # two beside two: four in a row would be too narrow for their words
            cells = grid(whole.rest, 2, 2, gap)
        for face, cell in zip(self.faces.values(), cells, strict=True):
            place(face, cell)


class ReasonsView(PadView):
    """What was it? Several may hold; nobody has to say."""

    def __init__(self, model: RatingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__("reasons", theme, texts, parent)
        self._model = model
        self.why = self.label("rating-why", Role.HEADING, weight=Weight.BOLD)
        self.line = self.label("rating-why-line", Role.TILE, tone="ink_soft")
        self.closing = self.label("rating-why-closing", Role.BODY, tone="ink_soft", tabular=True)
        self.reasons: dict[str, ChoiceButton] = {}
        self.back = on_tap(self.button("rating-back", Look.QUIET, "back"), model.back)
        self.skip = on_tap(self.button("rating-skip-why"), model.skip)
        self.send = on_tap(self.button("rating-send"), model.send)

    def show_model(self, model: RatingModel) -> None:
        texts = self.texts
        changed = say(self.why, texts("kiosk.rating.why"))
        changed |= say(self.line, texts("kiosk.rating.why_line"))
        changed |= self._show_reasons(model.reasons_offered)
        words = {
            self.back: ("back", "back_hint"),
            self.skip: ("skip", "skip_why_hint"),
            self.send: ("send", "send_hint"),
        }
        for button, (title, hint) in words.items():
            changed |= relabel(
                button,
                texts(f"kiosk.rating.{title}"),
                description=texts(f"kiosk.rating.{hint}"),
            )
        self.send.set_look(Look.PRIMARY if model.reasons else Look.PANEL)
        changed |= say(self.closing, self.closing_words(model))
        if changed:
            self.lay_out()

    def arrange(self, area: QRectF) -> None:
        sizes, gap = self.theme.sizes, float(self.theme.sizes.gap)
        whole = Area(area)
        ways = columns(whole.bottom(sizes.target * 1.1, gap=gap * 1.5), 3, gap)
        for button, cell in zip((self.back, self.skip, self.send), ways, strict=True):
            place(button, cell)
        buttons = list(self.reasons.values())
        rows, across, row = rows_of(
            buttons, whole.rest.width(), gap, float(sizes.target) * 1.3, REASONS_IN_A_ROW
        )
        height = min(row * rows + gap * max(0, rows - 1), whole.rest.height() * 0.7)
        wanted = max(height, whole.rest.height() * 0.5)
        cells = grid(whole.bottom(wanted, gap=gap * 1.5), max(1, rows), across, gap)
        for button, cell in zip(buttons, cells, strict=False):
            place(button, cell)
        shape_alike(buttons)
        _stack_words([self.why, self.line, self.closing], whole.rest, self.theme)

    def _show_reasons(self, offered: Sequence[Choice]) -> bool:
        wanted = [each.code for each in offered]
        changed = list(self.reasons) != wanted
        if changed:
            for button in self.reasons.values():
                button.hide()
                button.deleteLater()
            self.reasons = {code: self._reason(code) for code in wanted}
            for one, after in pairwise([*self.reasons.values(), self.back, self.skip, self.send]):
                QWidget.setTabOrder(one, after)
        for each in offered:
            self.reasons[each.code].show_choice(
                self.texts.pick(each.name),
                chosen=each.code in self._model.reasons,
                hint=self.texts("kiosk.rating.reason_hint"),
            )
        return changed

    def _reason(self, code: str) -> ChoiceButton:
        button = ChoiceButton(self.theme, name=f"reason-{code}", many=True, parent=self)
        on_tap(button, partial(self._model.toggle_reason, code))
        button.show()
        return button


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
        _stack_words([self.thanks, self.line], whole.top(whole.rest.height() * 0.36), self.theme)
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


def _stack_words(labels: Sequence[FittedLabel], area: QRectF, theme: Theme) -> None:
    """Centred texts one below the other; the first one stays where there is little room."""
    slots = [balanced_slot(label, theme, area.width()) for label in labels]
    gap = float(theme.sizes.gap)
    kept = what_fits(slots, area.height(), gap, first_out=list(labels[1:]))
    stack(area, kept, gap, together=True)


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
