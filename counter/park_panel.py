"""Putting a visitor aside: why, and when to look after them again."""

from datetime import timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout

from counter.choice_buttons import ChoiceButtons, named
from counter.panels import Panel
from counter.serving_model import ServingModel
from counter.wording import Wording
from ui.theme import Theme

ALARMS_MIN = (0, 5, 10, 15, 30)
"""Minutes until a reminder; 0 leaves it to the branch's own setting."""


class ParkPanel(Panel):
    """One digit says why and puts aside; arrows change the reminder before it."""

    parked = Signal(str, object)
    """The reason, and the instant of the reminder or None."""

    needs = "park"

    def __init__(self, model: ServingModel, wording: Wording, theme: Theme) -> None:
        super().__init__(wording, theme, name="park-panel", keys=wording("park.keys"))
        self._model = model
        self.reasons = ChoiceButtons(wording, theme, prefix="park-reason", columns=2, digits=True)
        self.alarms = ChoiceButtons(
            wording, theme, prefix="alarm", columns=len(ALARMS_MIN), digits=False
        )
        self.alarms.set_choices(
            [
                (str(minutes), wording("park.alarm", minutes=minutes))
                if minutes
                else ("0", wording("park.alarm_usual"))
                for minutes in ALARMS_MIN
            ]
        )
        self._minutes = 0
        row = QHBoxLayout()
        row.setSpacing(theme.sizes.gap)
        row.addWidget(self.label(wording("park.remind")))
        row.addWidget(self.alarms, 1)
        self.column.addWidget(self.reasons)
        self.column.addSpacing(theme.sizes.gap)
        self.column.addLayout(row)
        self.close_column()
        self.watch(self.alarms.buttons.values())
        self.reasons.chosen.connect(self._choose)
        self.alarms.chosen.connect(lambda code: self._remind(int(code)))

    def begin(self) -> None:
        """Nothing of the visitor before is left."""
        self._minutes = 0

    def refresh(self) -> None:
        """Show what holds."""
        ticket = self._model.ticket
        number = ticket.number if ticket is not None else ""
        self.heading.setText(self._say("choose.park", number=number))
        self.reasons.set_choices(named(self._model.choices_of("park_reason"), self._say.texts.pick))
        self.watch(self.reasons.buttons.values())
        self.alarms.show_chosen([str(self._minutes)])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        first = next(iter(self.reasons.buttons.values()), self.back_button)
        first.setFocus()

    def take_key(self, event: QKeyEvent) -> bool:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step:
            place = (ALARMS_MIN.index(self._minutes) + step) % len(ALARMS_MIN)
            self._remind(ALARMS_MIN[place])
            return True
        code = self.reasons.code_of_key(event)
        if code:
            self._choose(code)
        return bool(code)

    def _remind(self, minutes: int) -> None:
        self._minutes = minutes
        self.alarms.show_chosen([str(minutes)])

    def _choose(self, reason: str) -> None:
        minutes = self._minutes
        at = self._model.server_now() + timedelta(minutes=minutes) if minutes else None
        self.parked.emit(reason, at)
