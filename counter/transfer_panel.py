"""Handing a visitor on: to whom, at which place, with which note."""

from dataclasses import replace
from typing import get_args

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from counter.actions import Destination
from counter.choice_buttons import ChoiceButtons, choice_key
from counter.handing_on import Goal, goals_of, people_before
from counter.panels import Panel, note_field
from counter.serving_model import ServingModel
from counter.wording import Wording
from protocol.messages import Position
from ui.buttons import Look
from ui.labels import FittedLabel
from ui.theme import Theme, Weight
from ui.tokens import Role

POSITIONS: tuple[Position, ...] = get_args(Position)
_COLUMNS = {"service": 3, "counter": 6, "staff": 3}


class TransferPanel(Panel):
    """A letter or figure chooses whom, arrows the place, Enter does it."""

    transfer = Signal(object)
    """Where to, as a Destination."""

    needs = "transfer"

    def __init__(self, model: ServingModel, wording: Wording, theme: Theme) -> None:
        super().__init__(wording, theme, name="transfer-panel", keys=wording("transfer.keys"))
        self._model = model
        self._goals: list[Goal] = []
        self._chosen = ""
        self._position: Position = "arrival"
        self.groups = {
            kind: ChoiceButtons(wording, theme, prefix="to", columns=columns, digits=True)
            for kind, columns in _COLUMNS.items()
        }
        self.positions = ChoiceButtons(
            wording, theme, prefix="position", columns=len(POSITIONS), digits=False
        )
        self.positions.set_choices(
            [(position, wording(f"transfer.{position}")) for position in POSITIONS]
        )
        self.note = note_field(wording, "transfer-note")
        self.where = FittedLabel(
            "", theme, role=Role.BODY, weight=Weight.MEDIUM, tone="primary", name="transfer-where"
        )
        self.confirm = self.foot_button(
            "transfer-confirm", "transfer.button", "Enter", Look.PRIMARY
        )
        self._arrange()
        for group in self.groups.values():
            group.chosen.connect(self._choose)
        self.positions.chosen.connect(self._place)
        self.watch(self.positions.buttons.values())
        self.confirm.tapped.connect(self._go)

    def _arrange(self) -> None:
        theme, say = self._theme, self._say
        self.column.setSpacing(theme.sizes.gap * 3 // 4)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.sizes.gap)
        grid.setVerticalSpacing(theme.sizes.gap)
        grid.setColumnStretch(1, 1)
        self._labels = {}
        for row, (kind, group) in enumerate(self.groups.items()):
            self._labels[kind] = self.label(say(f"transfer.{kind}"))
            grid.addWidget(self._labels[kind], row, 0)
            grid.addWidget(group, row, 1)
        grid.addWidget(self.label(say("transfer.position")), len(self.groups), 0)
        grid.addWidget(self.positions, len(self.groups), 1)
        self.column.addLayout(grid)
        self.where.setMinimumHeight(round(theme.sizes.body * 1.5))
        self.column.addWidget(self.where)
        head = QHBoxLayout()
        self.column.removeWidget(self.heading)
        self.foot.removeWidget(self.keys)
        head.addWidget(self.heading, 1)
        head.addWidget(self.keys)
        self.column.insertLayout(0, head)
        self.foot.insertWidget(0, self.note, 1)
        self.foot.addWidget(self.confirm)
        self.close_column()

    def begin(self) -> None:
        """Nothing of the visitor before is left."""
        self._chosen, self._position = "", "arrival"
        self.note.clear()

    @property
    def destination(self) -> Destination | None:
        """Where to, as far as it has been chosen."""
        goal = next((goal for goal in self._goals if goal.code == self._chosen), None)
        if goal is None:
            return None
        return replace(goal.to, position=self._position, note=self.note.text().strip()[:1000])

    def refresh(self) -> None:
        """Show who is there now; a choice that is gone is taken back."""
        model, say = self._model, self._say
        ticket = model.ticket
        number = ticket.number if ticket is not None else ""
        self.heading.setText(say("transfer.heading", number=number))
        services = list(model.welcome.services) if model.welcome is not None else []
        self._goals = goals_of(services, model.snapshot, lambda code: say.service(model, code))
        for kind, group in self.groups.items():
            goals = [goal for goal in self._goals if goal.kind == kind]
            group.set_choices([(goal.code, goal.name) for goal in goals], [g.key for g in goals])
            group.setVisible(bool(goals))
            self._labels[kind].setVisible(bool(goals))
            self.watch(group.buttons.values())
        self._show_choice()

    def _show_choice(self) -> None:
        for group in self.groups.values():
            group.show_chosen([self._chosen])
        self.positions.show_chosen([self._position])
        to = self.destination
        self.confirm.setEnabled(to is not None and not self._model.hindrance("transfer"))
        self.where.setText(self._where(to))

    def _where(self, to: Destination | None) -> str:
        """Where the visitor will stand, as far as this counter can know it."""
        say, model, ticket = self._say, self._model, self._model.ticket
        if to is None or ticket is None:
            return say("transfer.choose_first")
        facts = {
            "number": ticket.number,
            "at": say.clock(ticket.issued_at),
            "service": say.service(model, to.service or ""),
            "counter": to.counter or 0,
            "staff": self._name_of(to.staff),
        }
        kind = "service" if to.service else "counter" if to.counter else "staff"
        line = say(f"transfer.to_{kind}", **facts)
        before = people_before(model.snapshot, ticket, to)
        if to.position == "first":
            place = say("transfer.stands_first")
        elif before is not None:
            place = say("transfer.stands_behind", count=before)
        else:
            key = "stands_last" if to.position == "last" else "stands_by_arrival"
            place = say(f"transfer.{key}", **facts)
        return f"{line} {place}"

    def _name_of(self, staff: str | None) -> str:
        snapshot = self._model.snapshot
        everyone = snapshot.colleagues if snapshot is not None else []
        return next((one.name or one.staff for one in everyone if one.staff == staff), "")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        for group in self.groups.values():
            for button in group.buttons.values():
                button.setFocus()
                return

    def take_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._go()
            return True
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key), 0)
        if step:
            place = (POSITIONS.index(self._position) + step) % len(POSITIONS)
            self._place(POSITIONS[place])
            return True
        wanted = choice_key(event)
        goal = next((goal for goal in self._goals if wanted and goal.key == wanted), None)
        if goal is not None:
            self._choose(goal.code)
        return goal is not None

    def _choose(self, code: str) -> None:
        self._chosen = code
        for group in self.groups.values():
            if code in group.buttons:
                group.buttons[code].setFocus()
        self._show_choice()

    def _place(self, position: str) -> None:
        self._position = next(one for one in POSITIONS if one == position)
        self._show_choice()

    def _go(self) -> None:
        if self.destination is not None:
            self.transfer.emit(self.destination)
