"""The counter's screen turned to the visitor (R1): four faces with words, reasons, thanks."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from counter.choice_buttons import ChoiceButtons, choice_key, named
from counter.key_button import KeyButton
from counter.panels import Panel
from counter.rating_desk import SCORES
from counter.serving_model import ServingModel
from counter.wording import Wording
from ui.buttons import BigButton, Look, button_colours
from ui.fitting import fit_text, needed_height
from ui.icons import paint_icon
from ui.labels import FittedLabel
from ui.qr import QrPicture
from ui.shapes import paint_card, paint_focus
from ui.theme import Theme, Weight
from ui.tokens import Role


class FaceButton(BigButton):
    """A face over its words and its key; as wide as its share of the row."""

    def __init__(self, score: int, words: str, theme: Theme) -> None:
        super().__init__(words, theme, name=f"score-{score}", badge=str(score), role=Role.TILE)
        self._face = f"face-{score}"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.sizes.target * 4, self._theme.sizes.target * 5)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.sizes.target * 3, self._theme.sizes.target * 3)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, sizes = QPainter(self), self._theme.sizes
        fill, ink, edge = button_colours(Look.PANEL, self._theme.colours, down=self.isDown())
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        paint_card(painter, box, sizes.radius, fill=fill, edge=edge, edge_px=sizes.border)
        inside = box.adjusted(sizes.gap, sizes.gap, -sizes.gap, -sizes.gap)
        px = sizes.tile
        words_px = needed_height(self.title, px, Weight.SEMIBOLD, inside.width())
        words = QRectF(inside.left(), inside.bottom() - words_px, inside.width(), words_px)
        key = QRectF(inside.left(), inside.top(), sizes.tile, sizes.tile)
        side = min(inside.width() * 0.8, words.top() - inside.top() - sizes.gap)
        left = inside.center().x() - side / 2
        top = (inside.top() + words.top() - sizes.gap - side) / 2
        paint_icon(painter, self._face, QRectF(left, top, side, side), self._theme.colours.primary)
        painter.setPen(QColor(self._theme.colours.ink_soft))
        fit_text(self._badge, key, sizes.body, sizes.smallest, weight=Weight.SEMIBOLD).paint(
            painter, key
        )
        painter.setPen(QColor(ink))
        fit_text(
            self.title,
            words,
            px,
            sizes.smallest,
            weight=Weight.SEMIBOLD,
            align=Qt.AlignmentFlag.AlignCenter,
        ).paint(painter, words)
        if self.hasFocus():
            paint_focus(painter, box, self._theme)


class RatingPanel(Panel):
    """1 to 4 rates, a low score asks why, Esc skips; it closes itself when nobody touches it."""

    def __init__(self, model: ServingModel, wording: Wording, theme: Theme) -> None:
        super().__init__(wording, theme, name="rating-panel", keys=wording("rating.keys"))
        self._model, self._desk = model, model.rating
        self.faces = {
            score: FaceButton(score, wording(f"rating.score-{score}"), theme) for score in SCORES
        }
        self.reasons = ChoiceButtons(
            wording, theme, prefix="rating", columns=2, digits=True, for_visitors=True
        )
        self.thanks = FittedLabel(
            wording("rating.thanks"),
            theme,
            role=Role.HEADING,
            weight=Weight.SEMIBOLD,
            align=Qt.AlignmentFlag.AlignCenter,
            name="rating-thanks",
        )
        self.review = FittedLabel(
            wording("rating.review"),
            theme,
            role=Role.BODY,
            align=Qt.AlignmentFlag.AlignCenter,
            name="rating-review",
        )
        self.qr = QrPicture(wording.texts, side=theme.sizes.target * 7, name="rating-qr")
        self.confirm = self.foot_button("rating-send", "rating.send", "Enter", Look.PRIMARY)
        for button in (self.back_button, self.confirm):
            button.setMinimumHeight(round(theme.sizes.target * 1.5))
        self.pages = QStackedWidget()
        for page in (self._faces_page(), self._why_page(), self._thanks_page()):
            self.pages.addWidget(page)
        self.column.addWidget(self.pages, 1)
        self.foot.addWidget(self.confirm)
        self.column.addLayout(self.foot)
        self.confirm.tapped.connect(self._desk.confirm)
        self.reasons.chosen.connect(self._desk.turn_reason)
        self.back_button.tapped.disconnect(self.back)
        self.back_button.tapped.connect(self._desk.skip)
        self.watch([*self.faces.values(), self.confirm, self.back_button])

    def _faces_page(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, self._theme.sizes.gap, 0, self._theme.sizes.gap)
        row.setSpacing(self._theme.sizes.gap)
        for score, face in self.faces.items():
            face.tapped.connect(lambda score=score: self._desk.rate(score))
            row.addWidget(face, 1)
        return page

    def _why_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.reasons)
        column.addStretch(1)
        return page

    def _thanks_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._theme.sizes.gap)
        column.addStretch(1)
        column.addWidget(self.thanks)
        column.addWidget(self.qr, 6, Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.review)
        column.addStretch(1)
        return page

    def begin(self) -> None:
        """The screen is turned to whoever has just been served."""
        self._desk.begin()

    def refresh(self) -> None:
        """Show how far the visitor is."""
        say, desk = self._say, self._desk
        about = desk.about
        number = about.number if about is not None else ""
        headings = {"ask": "rating.heading", "why": "rating.why", "thanks": "rating.rated"}
        self.heading.setText(say(headings.get(desk.stage, "rating.heading"), number=number))
        place = {"ask": 0, "why": 1, "thanks": 2}.get(desk.stage, 0)
        if place != self.pages.currentIndex():
            self.pages.setCurrentIndex(place)
            self._focus_first()
        self.reasons.set_choices(named(self._model.choices_of("rating_reason"), say.texts.pick))
        self.reasons.show_chosen(desk.reasons)
        self.watch(self.reasons.buttons.values())
        link = about.review_link if about is not None else ""
        self.qr.set_content(link)
        for part in (self.qr, self.review):
            part.setVisible(bool(link))
        self.confirm.setVisible(desk.stage == "why")
        _set_title(self.back_button, say("rating.close" if place == 2 else "rating.skip"))
        keys = "rating.keys_why" if desk.stage == "why" else "rating.keys"
        told = say("rating.closes", seconds=desk.left_s)
        self.keys.setText(told if place == 2 else f"{say(keys)} · {told}")

    def _focus_first(self) -> None:
        first: QWidget = self.faces[4] if self._desk.stage == "ask" else self.confirm
        (first if first.isVisibleTo(self) else self.back_button).setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.back_button.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # a window that is only minimised is still about the visitor
            self._desk.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._desk.skip()
        else:
            super().keyPressEvent(event)

    def take_key(self, event: QKeyEvent) -> bool:
        desk = self._desk
        if desk.stage == "why":
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if not event.isAutoRepeat():
                    desk.confirm()
                return True
            code = self.reasons.code_of_key(event)
            if code and not event.isAutoRepeat():
                desk.turn_reason(code)
            return bool(code)
        key = choice_key(event)
        if desk.stage == "ask" and key in ("1", "2", "3", "4") and not event.isAutoRepeat():
            desk.rate(int(key))
            return True
        return False


def _set_title(button: KeyButton, title: str) -> None:
    if button.title != title:
        button.set_content(title)
