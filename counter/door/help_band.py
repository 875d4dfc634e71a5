"""The desk's alarm: somebody at a kiosk asks for a person. It flashes, says so, and has the answer.

Shape and words say it as well as the colour, and the sound is only one more of them.
"""

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from counter.door.door_wording import DoorWording
from counter.help_desk import HelpDesk
from counter.pick_grid import PickButton
from ui.buttons import Look
from ui.labels import FittedLabel
from ui.shapes import paint_card
from ui.theme import Theme, Weight
from ui.tokens import Role

FLASHES_S = 0.5
"""Slow enough to be no danger for eyes (WCAG 2.3.1: at most three flashes a second)."""


class HelpBand(QWidget):
    """Which kiosk, since when, and "I am going there"; hidden while nobody calls."""

    going = Signal()

    def __init__(self, desk: HelpDesk, say: DoorWording, theme: Theme, *, key: str) -> None:
        super().__init__()
        self.setObjectName("help-band")
        self._desk, self._say, self._theme = desk, say, theme
        self._bright = True
        self.words = FittedLabel(
            "", theme, role=Role.TILE, weight=Weight.BOLD, floor=Role.SMALLEST, name="help-words"
        )
        self.words.set_tone("on_called")
        self.words.setContentsMargins(0, theme.sizes.gap // 2, 0, theme.sizes.gap // 2)
        self.button = PickButton(
            say("help-call.go"),
            theme,
            name="help-go",
            look=Look.PRIMARY,
            icon="person",
            role=Role.BODY,
            description=f"{say('door-tell.answer')} ({key})",
        )
        self.button.setToolTip(f"{say('door-tell.answer')} ({key})")
        self.button.tapped.connect(self.going)
        gap = theme.sizes.gap
        row = QHBoxLayout(self)
        row.setContentsMargins(gap, 0, 0, 0)
        row.setSpacing(gap)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.sizes.target * 8, self.height())

    def refresh(self, now_s: float) -> None:
        """Show the oldest call, and how many more there are."""
        waiting, say = self._desk.waiting, self._say
        if not waiting:
            return
        first = waiting[0]
        seconds = self._desk.waits_s(first)
        told = say(f"help-call.{first.reason}", device=say.device(first.device))
        more = say("help-call.more", count=len(waiting) - 1) if len(waiting) > 1 else ""
        time = say("help-call.since", at=say.clock(first.since), time=say.texts.timer(seconds))
        mute = say("help-call.mute") if self._desk.is_mute else ""
        words = " · ".join(filter(None, (told, time, more, mute)))
        if words != self.words.text():
            self.words.setText(words)
            self.setAccessibleName(words)
        self.button.setEnabled(not self._desk.asker.hindrance())
        bright = int(now_s / FLASHES_S) % 2 == 0
        if bright != self._bright:
            self._bright = bright
            self.words.set_tone("on_called" if bright else "on_warning_soft")
            self.update()

    @property
    def bright(self) -> bool:
        """Which of its two looks it has now."""
        return self._bright

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, sizes = self._theme.colours, self._theme.sizes
        fill = colours.called if self._bright else colours.warning_soft
        edge = colours.on_called if self._bright else colours.on_warning_soft
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        paint_card(
            QPainter(self), box, sizes.radius, fill=fill, edge=edge, edge_px=sizes.border * 2
        )
