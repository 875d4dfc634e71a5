"""R1: four faces with words, and why it was not good."""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.pages.areas import (
    Area,
    columns,
    grid,
    place,
)
from kiosk.pages.choice_button import ChoiceButton, rows_of, shape_alike
from kiosk.pages.page import on_tap, relabel, say
from kiosk.rating_model import SCORES, RatingModel
from kiosk.rating_view import PadView, stack_words
from protocol.messages import Choice
from ui.buttons import BigButton, Look
from ui.icons import paint_icon
from ui.shapes import paint_card
from ui.theme import Theme, Weight
from ui.tokens import Colours, Role

REASONS_IN_A_ROW = 2


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
        stack_words([self.question, self.whose], head, self.theme)
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
        stack_words([self.why, self.line, self.closing], whole.rest, self.theme)

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
