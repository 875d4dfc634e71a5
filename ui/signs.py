"""Signs of state: the chip, the timer with a target, the banner of a lost link, progress.

Each says its state three times, by colour, by icon and by word or shape, so that it is also read
in black and white and by people who do not tell red from green.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from assets.texts import Texts
from protocol.session import LinkState, LinkStatus
from ui.fitting import fit_text, inner, text_size
from ui.icons import paint_icon
from ui.shapes import paint_card
from ui.theme import Theme, Weight
from ui.tokens import Colours, Role

NEAR_SHARE = 0.8
"""From this share of its target on a timer warns."""

_ANY_WIDTH = 1 << 20


@dataclass(frozen=True)
class ChipLook:
    """How a state looks."""

    icon: str
    fill: str
    ink: str
    edge: str
    style: Qt.PenStyle = Qt.PenStyle.SolidLine


def chip_look(state: str, colours: Colours) -> ChipLook:
    """Icon and colours of a state (ux.md 4); a state nobody drew for looks neutral."""
    neutral = ChipLook("dash", colours.disabled, colours.on_disabled, colours.border)
    blue = (colours.info_soft, colours.on_info_soft, colours.info)
    green = (colours.ok_soft, colours.on_ok_soft, colours.primary)
    red = (colours.error_soft, colours.on_error_soft, colours.error)
    return {
        "waiting": ChipLook("waiting", *blue),
        "called": ChipLook("bell", colours.called, colours.on_called, colours.on_called),
        "serving": ChipLook("person", *green),
        "parked": ChipLook("pause", colours.disabled, colours.on_disabled, colours.border),
        "finished": ChipLook("check", *green),
        "no-show": neutral,
        "cancelled": ChipLook("close", colours.disabled, colours.on_disabled, colours.border),
        "expired": ChipLook("clock", colours.disabled, colours.on_disabled, colours.border),
        "late": ChipLook("clock", *red),
        "offline": ChipLook(
            "disconnected",
            colours.warning_soft,
            colours.on_warning_soft,
            colours.on_warning_soft,
            Qt.PenStyle.DashLine,
        ),
        "priority": ChipLook("star", colours.panel, colours.priority, colours.priority),
    }.get(state, neutral)


class StateChip(QLabel):
    """A state as colour, icon and word.

    ``state`` is a ticket's state on the wire, or ``late``, ``offline``, ``priority``; the word is
    the text ``ui.state.<state>`` unless another one is given.
    """

    def __init__(
        self,
        state: str,
        theme: Theme,
        texts: Texts,
        *,
        word: str | None = None,
        role: Role = Role.SMALLEST,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._texts = texts
        self._role = role
        if name:
            self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_state(state, word=word)

    def set_state(self, state: str, *, word: str | None = None) -> None:
        """Show another state."""
        self._state = state
        self.setText(self._texts(f"ui.state.{state}") if word is None else word)
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = self._theme.sizes.text(self._role)
        width, height = text_size(self.text(), px, Weight.SEMIBOLD, False, 0, _ANY_WIDTH)
        return QSize(round(width + px * 2.4), round(height + px * 0.5))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        px = self._theme.sizes.text(self._role)
        look = chip_look(self._state, self._theme.colours)
        box = QRectF(self.rect())
        edge_px = max(1.0, px / 13)
        paint_card(
            painter,
            box,
            box.height() / 2,
            fill=look.fill,
            edge=look.edge,
            edge_px=edge_px,
            style=look.style,
        )
        side = px * 0.95
        icon_box = QRectF(box.left() + px * 0.55, box.center().y() - side / 2, side, side)
        paint_icon(painter, look.icon, icon_box, look.ink)
        words = QRectF(box)
        words.setLeft(icon_box.right() + px * 0.35)
        words.setRight(box.right() - px * 0.5)
        painter.setPen(QColor(look.ink))
        fit_text(self.text(), words, px, max(1, px // 2), weight=Weight.SEMIBOLD, wrap=False).paint(
            painter, words
        )


class Pace(Enum):
    """How a running time stands to its target."""

    CALM = "calm"
    NEAR = "near"
    OVER = "over"


def pace_of(elapsed: timedelta, target: timedelta | None) -> Pace:
    """Calm, near from 80 % of the target on, over from the target on."""
    if target is None or target <= timedelta(0):
        return Pace.CALM
    if elapsed >= target:
        return Pace.OVER
    return Pace.NEAR if elapsed >= target * NEAR_SHARE else Pace.CALM


class TimerLabel(QLabel):
    """A running time beside its target: 06:41, target 8:00, and a line that fills.

    Amber with a warning sign from 80 % on; red outline, clock and "over" from 100 % on.
    ``now`` is the server's clock, so that a wrong clock of this machine changes nothing.
    """

    def __init__(
        self,
        theme: Theme,
        texts: Texts,
        now: Callable[[], datetime],
        *,
        role: Role = Role.TILE,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._texts = texts
        self._now = now
        self._role = role
        self._since: datetime | None = None
        self._target: timedelta | None = None
        self._elapsed = timedelta(0)
        self._timer = QTimer(self, interval=250)
        self._timer.timeout.connect(self.refresh)
        if name:
            self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def run(self, since: datetime, target: timedelta | None = None) -> None:
        """Count from an instant on."""
        self._since, self._target = since, target
        self.refresh()
        self._tick_if_seen()

    def stop(self) -> None:
        """Show nothing."""
        self._since = None
        self._elapsed = timedelta(0)
        self._timer.stop()
        self.setText("")
        self.setAccessibleName("")
        self.update()

    @property
    def pace(self) -> Pace:
        """How it stands to its target now."""
        return pace_of(self._elapsed, self._target)

    def refresh(self) -> None:
        """Look at the clock; happens by itself four times a second while it is seen."""
        if self._since is None:
            return
        self._elapsed = max(timedelta(0), self._now() - self._since)
        text = self._texts.timer(self._elapsed)
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(", ".join(filter(None, (text, self._word()))))
            self.updateGeometry()
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._tick_if_seen()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def sizeHint(self) -> QSize:
        px, small = self._px()
        width = text_size(self.text() or "00:00", px, Weight.BOLD, True, 0, _ANY_WIDTH)[0]
        word = text_size(self._word(), small, Weight.MEDIUM, True, 0, _ANY_WIDTH)[0]
        return QSize(round(width + word + px * 2.2), round(px * 1.9))

    def minimumSizeHint(self) -> QSize:
        px, _ = self._px()
        return QSize(px * 5, round(px * 1.9))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.text():
            return
        painter = QPainter(self)
        colours, (px, small), pace = self._theme.colours, self._px(), self.pace
        box = QRectF(self.rect())
        if pace is Pace.NEAR:
            ink = colours.on_called
            paint_card(painter, box, self._theme.sizes.radius, fill=colours.called)
        elif pace is Pace.OVER:
            ink = colours.error
            paint_card(
                painter,
                box,
                self._theme.sizes.radius,
                fill=colours.panel,
                edge=colours.error,
                edge_px=max(2.0, px / 8),
            )
        else:
            ink = colours.ink
        words = inner(box, px * 0.35).adjusted(px * 0.1, 0, -px * 0.1, 0)
        words.setBottom(words.bottom() - self._paint_line(painter, words, ink))
        side = px * 0.95
        sign = {Pace.NEAR: "warning", Pace.OVER: "clock"}.get(pace, "")
        if sign:
            at = QRectF(words.left(), words.center().y() - side / 2, side, side)
            paint_icon(painter, sign, at, ink)
            words.setLeft(at.right() + px * 0.3)
        painter.setPen(QColor(ink))
        running = fit_text(
            self.text(), words, px, small, weight=Weight.BOLD, wrap=False, tabular=True
        )
        running.paint(painter, words)
        words.setLeft(words.left() + running.width + px * 0.5)
        if self._word() and words.width() > small * 2:
            painter.setPen(QColor(colours.ink_soft if pace is Pace.CALM else ink))
            fit_text(
                self._word(), words, small, 1, weight=Weight.MEDIUM, wrap=False, tabular=True
            ).paint(painter, words)

    def _paint_line(self, painter: QPainter, words: QRectF, ink: str) -> float:
        """The line that fills towards the target; the height it takes."""
        if self._target is None or self._target <= timedelta(0):
            return 0.0
        thick = max(3.0, self._px()[0] / 7)
        track = QRectF(words.left(), words.bottom() - thick, words.width(), thick)
        share = min(1.0, self._elapsed / self._target)
        paint_progress(painter, track, share, ink, self._theme.colours.hairline)
        return thick

    def _word(self) -> str:
        if self._target is None:
            return ""
        if self.pace is Pace.OVER:
            return self._texts("ui.timer.over")
        return self._texts("ui.timer.target", target=self._texts.timer(self._target))

    def _px(self) -> tuple[int, int]:
        sizes = self._theme.sizes
        return sizes.text(self._role), min(sizes.text(self._role), sizes.body)

    def _tick_if_seen(self) -> None:
        if self._since is not None and self.isVisible():
            self._timer.start()


class ProgressLine(QWidget):
    """How far something has come: a thick line that fills from the left."""

    def __init__(
        self, theme: Theme, texts: Texts, *, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._texts = texts
        self._share = 0.0
        if name:
            self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_share(0.0)

    def set_share(self, share: float) -> None:
        """Show how much is done, 0 to 1."""
        self._share = min(1.0, max(0.0, share))
        self.setAccessibleName(self._texts("ui.progress", percent=round(self._share * 100)))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.sizes.target * 2, max(4, self._theme.sizes.gap))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.sizes.target, max(4, self._theme.sizes.gap))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._theme.colours
        box = QRectF(self.rect())
        paint_progress(QPainter(self), box, self._share, colours.primary, colours.hairline)


def paint_progress(
    painter: QPainter, track: QRectF, share: float, colour: str, ground: str
) -> None:
    """A track with its filled part; the part is never shorter than it is thick."""
    paint_card(painter, track, track.height() / 2, fill=ground)
    if share > 0:
        done = QRectF(track)
        done.setWidth(max(track.height(), track.width() * share))
        paint_card(painter, done, track.height() / 2, fill=colour)


class LinkBanner(QLabel):
    """Says that the link to the server is lost, since when the data is, and why.

    It keeps its height in the layout while it is empty, so that it never pushes or covers
    anything, least of all a number.
    """

    def __init__(
        self,
        theme: Theme,
        texts: Texts,
        *,
        role: Role = Role.SMALLEST,
        lines: int = 1,
        name: str = "link-banner",
        parent: QWidget | None = None,
    ) -> None:
        """``lines`` is the height it keeps: 2 where it is narrower than the sentence."""
        super().__init__(parent)
        self._lines = lines
        self._theme = theme
        self._texts = texts
        self._role = role
        self._state = LinkState.ONLINE
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_link(self, status: LinkStatus, *, data_at: datetime | None = None) -> None:
        """Show the state of the link; ``data_at`` (branch time) is when the data was right.

        Online it is empty.
        """
        self._state = status.state
        self.setText(link_words(status, self._texts, data_at))
        self.setAccessibleName(self.text())
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = self._theme.sizes.text(self._role)
        return QSize(px * 12, round(px * (0.7 + 1.25 * self._lines)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.text():
            return
        painter = QPainter(self)
        colours, px = self._theme.colours, self._theme.sizes.text(self._role)
        fill, ink, icon = {
            LinkState.CONNECTING: (colours.info_soft, colours.on_info_soft, "clock"),
            LinkState.REFUSED: (colours.error_soft, colours.on_error_soft, "warning"),
        }.get(self._state, (colours.warning_soft, colours.on_warning_soft, "disconnected"))
        box = QRectF(self.rect())
        paint_card(
            painter,
            box,
            self._theme.sizes.radius,
            fill=fill,
            edge=ink,
            edge_px=max(1.0, px / 14),
            style=Qt.PenStyle.DashLine,
        )
        words = inner(box, px * 0.3).adjusted(px * 0.4, 0, -px * 0.4, 0)
        side = px * 1.1
        paint_icon(
            painter, icon, QRectF(words.left(), words.center().y() - side / 2, side, side), ink
        )
        words.setLeft(words.left() + side + px * 0.5)
        painter.setPen(QColor(ink))
        fit_text(self.text(), words, px, max(1, round(px * 0.6)), weight=Weight.SEMIBOLD).paint(
            painter, words
        )


def link_words(status: LinkStatus, texts: Texts, data_at: datetime | None = None) -> str:
    """What to tell the person in front about the link; nothing while it is online."""
    match status.state:
        case LinkState.ONLINE:
            return ""
        case LinkState.CONNECTING:
            return texts("ui.link.connecting")
        case LinkState.REFUSED:
            if status.message:
                return status.message
            key = f"ui.link.refused_{status.reason}"
            return texts(key if texts.has(key) else "ui.link.refused")
        case LinkState.LOST if data_at is not None:
            return texts("ui.link.lost_data", stamp=texts.clock(data_at))
    return texts("ui.link.lost")
