"""How it goes on: two equal buttons for nearly everybody, and the other ways below them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from counter.door.door_hall import CODE
from counter.door.door_wording import DoorWording
from counter.door.screening_model import ScreeningModel
from counter.door.section_label import SectionLabel, labelled
from counter.pick_grid import Pick, PickButton, PickGrid
from protocol.messages import DeviceHealth, DoorOutcome
from ui.buttons import Look
from ui.theme import Theme
from ui.tokens import Role

OTHER_WAYS: dict[DoorOutcome, str] = {
    "channel": "qr",
    "self-service": "phone",
    "office": "company",
    "return": "document",
}
KIOSKS_IN_ROW = 3


class OutcomeCard(QWidget):
    """The right-hand side, under the thumb: number, solved, and where else."""

    number_wanted = Signal()
    solved_wanted = Signal()
    other_wanted = Signal(str)

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__()
        self._model, self._say = model, say
        sizes = theme.sizes
        gap = max(2, sizes.gap // 2)
        self.number = self._big("number", Look.PRIMARY, "printer", theme)
        self.solved = self._big("solved", Look.PRIMARY, "check", theme)
        self.number.tapped.connect(self.number_wanted)
        self.solved.tapped.connect(self.solved_wanted)
        self.kiosks = PickGrid(
            say,
            theme,
            prefix="kiosk",
            columns=KIOSKS_IN_ROW,
            rows=1,
            height=max(sizes.target, round(sizes.body * 2.4)),
            fills=True,
        )
        self.kiosks.chosen.connect(model.choose_kiosk)
        self.others: dict[str, PickButton] = {}
        both = QHBoxLayout()
        both.setSpacing(gap)
        both.addWidget(self.number, 1)
        both.addWidget(self.solved, 1)
        ways = QGridLayout()
        ways.setSpacing(gap)
        for place, (name, icon) in enumerate(OTHER_WAYS.items()):
            button = PickButton(say(f"outcome-button.{name}"), theme, name=name, icon=icon)
            button.setMinimumHeight(max(sizes.target, round(sizes.body * 2.6)))
            button._role = Role.BODY
            button.setToolTip(say(f"door-tell.{name}"))
            button.setAccessibleDescription(say(f"door-tell.{name}"))
            button.tapped.connect(lambda name=name: self.other_wanted.emit(name))
            self.others[name] = button
            ways.addWidget(button, place // 2, place % 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addLayout(both)
        where = SectionLabel(say("section.kiosk"), theme, "section-kiosk")
        column.addLayout(labelled(where, self.kiosks))
        column.addLayout(ways)

    def _big(self, name: str, look: Look, icon: str, theme: Theme) -> PickButton:
        button = PickButton(
            self._say(f"outcome-button.{name}"),
            theme,
            name=name,
            look=look,
            icon=icon,
            role=Role.TILE,
            description=self._say(f"door-tell.{name}"),
        )
        button.setFixedHeight(round(max(theme.sizes.target, theme.sizes.body * 3) * 1.8))
        return button

    def refresh(self) -> None:
        """Show what the model holds now."""
        model, say = self._model, self._say
        printer = model.chosen_printer()
        names = model.hall.printers()
        health = {one.device: one for one in model.hall.kiosks()}
        self.kiosks.set_picks([self._kiosk(name, health.get(name)) for name in names])
        self.kiosks.show_chosen([printer] if printer else [])
        service = model.hall.service(model.visitor.draft.service)
        sign = service.sign if service is not None else ""
        line = say("outcome-button.number_of", sign=sign) if sign else say("outcome-button.first")
        if printer == CODE:
            line = say("outcome-button.code_line")
        title = say("outcome-button.code" if printer == CODE else "outcome-button.number")
        busy = say("screening.asking") if model.asker.waits_long() else ""
        if (self.number.title, self.number.line) != (title, busy or line):
            self.number.set_content(title, line=busy or line)
        solved = say("outcome-button.solved_line")
        if self.solved.line != solved:
            self.solved.set_content(line=solved)
        missing = len(model.visitor.draft.missing(model.visitor.needed()))
        title = say("outcome-button.return")
        title = f"{title} ({missing})" if missing else title
        if self.others["return"].title != title:
            self.others["return"].set_content(title)
        self._show_usable()

    def _show_usable(self) -> None:
        model, say = self._model, self._say
        for button, outcome in (
            (self.number, "code" if model.chosen_printer() == CODE else "ticket"),
            (self.solved, "solved"),
            *((button, name) for name, button in self.others.items()),
        ):
            why = model.hindrance(outcome)  # type: ignore[arg-type]
            # What only waits for a choice stays alive: pressing it says what is missing.
            dead = why in ("link-lost", "no-snapshot")
            if button.isEnabled() == dead:
                button.setEnabled(not dead)
            stands = why == "advice-stands" and button is self.number
            look = Look.DANGER if stands else Look.PRIMARY
            if button in (self.number, self.solved) and button._look is not look:
                button.set_look(look)
            tip = say(f"screening-why.{why}", service="") if why and why != "on-the-way" else ""
            if button.toolTip() != tip:
                button.setToolTip(tip)

    def _kiosk(self, name: str, health: DeviceHealth | None) -> Pick:
        if name == CODE:
            return Pick(CODE, self._say("screening.by_code"), icon="qr")
        faulty = health is not None and (
            not health.connected or health.paper in ("out", "cover", "fault")
        )
        return Pick(
            name,
            self._say.device(name),
            icon="warning" if faulty else "printer",
            tone="error" if faulty else "",
            mark="warning" if faulty else "",
        )
