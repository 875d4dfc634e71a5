"""The card of the present call: the largest thing in the hall, green while it is due."""

import time
from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from display.board_words import BETWEEN, BoardWords
from display.card_turns import Card
from display.pulse import PERIOD_S, pulse_strength
from ui.fitting import text_size
from ui.icons import paint_icon
from ui.labels import FittedLabel, NumberPlate
from ui.shapes import paint_card
from ui.theme import Theme, Weight
from ui.tokens import Role

FRAME_MS = 50
BRIGHTEST = "#FFFFFF"

_CENTRE = Qt.AlignmentFlag.AlignCenter
_NUMBER_SHARE = 0.58
_NUMBER_SHARE_IN_LINE = 0.43
_AIR_SHARE = 0.09


class PriorityStar(QLabel):
    """The amber star of a priority call, on a dark ground so that it is seen on green."""

    def __init__(self, theme: Theme, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_star(painter, QRectF(self.rect()), self._theme)


def paint_star(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """An amber star on a dark disc, in a square box."""
    paint_card(painter, box, box.height() / 2, fill=theme.colours.window)
    margin = box.height() * 0.2
    star = box.adjusted(margin, margin, -margin, -margin)
    paint_icon(painter, "star", star, theme.colours.priority)


class CallCard(QWidget):
    """Number and counter of one call.

    ``pulse`` brightens it once a second and never touches the number; ``on_strength`` hears how
    bright it is, for whoever flashes along.
    """

    def __init__(
        self,
        theme: Theme,
        words: BoardWords,
        *,
        elapsed_s: Callable[[], float] = time.monotonic,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.on_strength: Callable[[float], None] = lambda strength: None
        self._theme = theme
        self._words = words
        self._elapsed_s = elapsed_s
        self._card: Card | None = None
        self._shown: object = ()
        self._is_bright = False
        self._is_grey = False
        self._strength = 0.0
        self._pulse_from_s = 0.0
        self._pulses = 0
        self._is_resting = False
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self._step)
        self._caption = FittedLabel(
            "",
            theme,
            role=Role.SMALLEST,
            weight=Weight.SEMIBOLD,
            align=_CENTRE,
            wrap=False,
            name="card-caption",
            parent=self,
        )
        self._number = NumberPlate(
            "", theme, role=None, spacing=0.06, name="current-number", parent=self
        )
        self._counter = NumberPlate(
            "",
            theme,
            role=Role.HEADING,
            weight=Weight.BOLD,
            spacing=0.0,
            name="current-counter",
            parent=self,
        )
        self._second = FittedLabel(
            "",
            theme,
            role=Role.SMALLEST,
            weight=Weight.SEMIBOLD,
            align=_CENTRE,
            wrap=False,
            name="current-counter-second",
            parent=self,
        )
        self._none = FittedLabel(
            "",
            theme,
            role=Role.TILE,
            weight=Weight.SEMIBOLD,
            tone="ink_soft",
            align=_CENTRE,
            name="no-calls",
            parent=self,
        )
        self._star = PriorityStar(theme, parent=self)
        self._star.setObjectName("priority-star")
        self.show_card(None, is_grey=False)

    def show_card(self, card: Card | None, *, is_grey: bool) -> None:
        """Show a call, or that there is none; ``is_grey`` while nobody knows if it still stands."""
        shown = (card, is_grey, self._words.second)
        if shown == self._shown:
            return
        self._shown = shown
        self._card, self._is_grey = card, is_grey
        self._is_bright = card is not None and card.is_due and not is_grey
        words = self._words
        for part in (self._number, self._counter):
            part.setVisible(card is not None)
        self._none.setVisible(card is None)
        self._star.setVisible(card is not None and card.priority)
        self._star.setAccessibleName(words("display.card.priority"))
        self._show_around()
        if card is not None:
            self._say(card)
        tone = "on_called" if self._is_bright else "ink"
        for plate in (self._number, self._counter, self._second, self._caption):
            plate.set_tone(tone)
        self._place()
        self.update()

    def set_resting(self, resting: bool) -> None:
        """Whether number and counter stand in one line, without what stands around them."""
        if resting != self._is_resting:
            self._is_resting = resting
            self._show_around()
            self._place()

    def pulse(self, pulses: int) -> None:
        """Draw eyes to the call so many times."""
        self._pulses = pulses
        self._pulse_from_s = self._elapsed_s()
        self._timer.start()
        self._step()

    def set_theme(self, theme: Theme) -> None:
        """Take another look; the parts are told by ``apply_theme``."""
        self._theme = theme
        self._place()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._theme.colours
        painter = QPainter(self)
        edge, fill = None, colours.panel
        if self._is_bright:
            fill = _between(colours.called, BRIGHTEST, self._strength)
        elif self._card is not None:
            edge = colours.border if self._is_grey else colours.primary
        paint_card(
            painter,
            QRectF(self.rect()),
            self._theme.sizes.radius,
            fill=fill,
            edge=edge,
            edge_px=max(2.0, self._theme.sizes.gap / 4),
        )

    def _show_around(self) -> None:
        """What stands around number and counter, where there is room for it."""
        is_whole = self._card is not None and not self._is_resting
        self._caption.setVisible(is_whole)
        self._second.setVisible(is_whole and self._words.second is not None)

    def _say(self, card: Card) -> None:
        words = self._words
        facts = {"number": card.number, "counter": card.counter, "call_count": card.call_count}
        spoken = words("display.card.spoken", **facts)
        self._number.set_number(card.number)
        self._number.setAccessibleName(spoken)
        self._counter.set_number(words("display.card.counter", **facts))
        self._counter.setAccessibleName(words("display.card.counter", **facts))
        self._second.setText(words.other("display.card.counter", **facts))
        self.setAccessibleName(spoken)

    def _place(self) -> None:
        sizes = self._theme.sizes
        box = self.rect().adjusted(sizes.gap, sizes.gap // 2, -sizes.gap, -sizes.gap // 2)
        line_h = round(sizes.smallest * 1.35)
        self._none.setGeometry(box)
        self._say_none(box.width())
        if self._is_resting:
            self._place_in_a_line(box)
            return
        bottom = box.bottom() + 1
        if self._words.second is not None:
            bottom -= line_h
            self._second.setGeometry(QRect(box.left(), bottom, box.width(), line_h))
        top = box.top() + line_h
        number_h = round((bottom - top) * _NUMBER_SHARE)
        counter_h = bottom - top - number_h
        # A counter of two figures needs more width for its full size.
        left, width = box.left() - sizes.gap // 2, box.width() + sizes.gap // 2 * 2
        self._number.setGeometry(QRect(left, top, width, number_h))
        self._counter.setGeometry(QRect(left, top + number_h, width, counter_h))
        # Round signs stand a little over the height of capitals: without air they are cut.
        for plate, height in ((self._number, number_h), (self._counter, counter_h)):
            air = round(height * _AIR_SHARE)
            plate.setContentsMargins(0, air, 0, air)
        side = line_h - sizes.gap // 4
        self._star.setGeometry(QRect(box.left(), box.top() + sizes.gap // 4, side, side))
        aside = 0 if self._star.isHidden() else side + sizes.gap // 2
        caption = QRect(box.left() + aside, box.top(), box.width() - 2 * aside, line_h)
        self._caption.setGeometry(caption)
        self._say_caption(caption.width())

    def _place_in_a_line(self, box: QRect) -> None:
        """The star, the number, and the counter after some air."""
        aside = 0
        if not self._star.isHidden():
            side = round(box.height() * 0.6)
            self._star.setGeometry(QRect(box.left(), box.center().y() - side // 2, side, side))
            aside = side + self._theme.sizes.gap // 2
        box = box.adjusted(aside, 0, 0, 0)
        number_w = round(box.width() * _NUMBER_SHARE_IN_LINE)
        self._number.setGeometry(QRect(box.left(), box.top(), number_w, box.height()))
        left = box.left() + number_w + 2 * self._theme.sizes.gap
        self._counter.setGeometry(QRect(left, box.top(), box.right() + 1 - left, box.height()))
        air = round(box.height() * _AIR_SHARE)
        for plate in (self._number, self._counter):
            plate.setContentsMargins(0, air, 0, air)

    def _say_none(self, room: int) -> None:
        """That nobody is called; in a line where it fits into one."""
        words = self._words.each("display.card.none")
        in_a_line = BETWEEN.join(words)
        px = self._theme.sizes.smallest
        is_short = text_size(in_a_line, px, Weight.SEMIBOLD, False, 0, 1 << 20)[0] <= room
        self._none.setText(in_a_line if self._is_resting and is_short else "\n".join(words))

    def _say_caption(self, room: int) -> None:
        """What the number is, or which call; in both languages where there is room for them."""
        card = self._card
        if card is None:
            return
        key = "display.card.recall" if card.call_count > 1 else "display.card.caption"
        words = self._words.both(key, call_count=card.call_count)
        px = self._theme.sizes.smallest
        if text_size(words, px, Weight.SEMIBOLD, False, 0, 1 << 20)[0] > room:
            words = self._words(key, call_count=card.call_count)
        if words != self._caption.text():
            self._caption.setText(words)

    def _step(self) -> None:
        elapsed_s = self._elapsed_s() - self._pulse_from_s
        strength = pulse_strength(elapsed_s, self._pulses)
        if elapsed_s >= self._pulses * PERIOD_S:
            self._timer.stop()
        if strength != self._strength:
            self._strength = strength
            self.on_strength(strength)
            self.update()


def _between(one: str, other: str, share: float) -> str:
    first, last = QColor(one), QColor(other)
    mixed = QColor(
        *(
            round(start + (end - start) * share)
            for start, end in (
                (first.red(), last.red()),
                (first.green(), last.green()),
                (first.blue(), last.blue()),
            )
        )
    )
    return mixed.name()
