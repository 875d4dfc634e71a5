"""Complaints at the door: one to be written down, and those that are to be looked after."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from counter.complaint_desk import STEPS
from counter.complaint_form import ComplaintForm
from counter.door.door_wording import DoorWording
from counter.door.outcome_panels import DoorPanel
from counter.door.screening_model import ScreeningModel
from counter.pick_grid import Pick, PickButton, PickGrid
from counter.rows import Row, RowList
from protocol.messages import ComplaintView
from ui.theme import Theme, Weight
from ui.tokens import Role

LISTS = ("open", "overdue", "all")


class ComplaintPanel(DoorPanel):
    """The form, with a way to the list."""

    list_wanted = Signal()

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__(model, say, theme, name="complaint")
        self.heading.setText(say("complaint.heading"))
        self.form = ComplaintForm(model.complaints, say, theme)
        self.to_list = PickButton(
            say("complaint.list"), theme, name="complaint-list-button", icon="clock"
        )
        self.to_list.setFixedHeight(self.keys.height())
        self.to_list._role = Role.BODY
        self.to_list.tapped.connect(self.list_wanted)
        self.column.addWidget(self.form, 1)
        self.foot.insertWidget(0, self.to_list, 1)
        self.keys.hide()
        self.add_confirm("complaint.confirm", icon="check").tapped.connect(self._file)
        self.column.addLayout(self.foot)

    def begin(self) -> None:
        """A complaint of the visitor whose number was just given, if there is one."""
        outcome = self.model.outcome
        ticket = outcome.ticket.id if outcome is not None and outcome.ticket is not None else None
        screening = outcome.screening if outcome is not None and outcome.screening else None
        self.model.complaints.begin(ticket=ticket, screening=screening)
        self.form.begin()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.form.focus_first()

    def refresh(self) -> None:
        """Show what was written."""
        self.form.refresh()
        counts = self.model.complaints.counts
        title = self.say("complaint.list")
        if counts is not None and counts.open:
            title = self.say("complaint.list_of", open=counts.open, overdue=counts.overdue)
        if self.to_list.title != title:
            late = counts is not None and counts.overdue > 0
            self.to_list.set_content(title, icon="warning" if late else "clock")
            self.to_list.sign_tone = "error" if late else ""
        if self.confirm is not None:
            self.confirm.setEnabled(self.model.online)

    def _file(self) -> None:
        if self.model.complaints.file(self.model.errands.kiosk()):
            self.list_wanted.emit()


class ComplaintsPanel(DoorPanel):
    """Open, overdue or all; the steps of one, and its text when somebody must read it."""

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__(model, say, theme, name="complaints")
        self.heading.setText(say("complaint.list"))
        sizes = theme.sizes
        height = max(sizes.target, round(sizes.body * 2.4))
        self.which = PickGrid(say, theme, prefix="which", columns=3, rows=1, height=height)
        self.which.chosen.connect(self._choose)
        self.list = RowList(theme, name="complaint-list", label=say("complaint.list"), touch=True)
        self.list.looked_at.connect(lambda _key: self._look())
        self.title = self.told_in("complaint-title", role=Role.TILE, weight=Weight.SEMIBOLD)
        self.due = self.told_in("complaint-due")
        self.words = self.told_in("complaint-words")
        self.steps = PickGrid(say, theme, prefix="step", columns=2, rows=2, height=height)
        self.steps.chosen.connect(self._step)
        self.read = PickButton(say("complaint.read"), theme, name="complaint-read", icon="document")
        self.read.setFixedHeight(height)
        self.read._role = Role.BODY
        self.read.tapped.connect(self._read)
        left = QVBoxLayout()
        left.setSpacing(sizes.gap)
        left.addWidget(self.which)
        left.addWidget(self.list, 1)
        right = QVBoxLayout()
        right.setSpacing(sizes.gap)
        for part in (self.title, self.due, self.words):
            right.addWidget(part)
        right.addStretch(1)
        right.addWidget(self.steps)
        right.addWidget(self.read)
        row = QHBoxLayout()
        row.setSpacing(sizes.gap * 2)
        row.addLayout(left, 1)
        row.addLayout(right, 1)
        self.column.addLayout(row, 1)
        self.column.addLayout(self.foot)

    def begin(self) -> None:
        """The list as it is now."""
        self.model.complaints.hide()
        self.model.complaints.ask_list("open")

    def refresh(self) -> None:
        """Show the list."""
        desk, say = self.model.complaints, self.say
        self.which.set_picks([Pick(one, say(f"complaint.which_{one}")) for one in LISTS])
        self.which.show_chosen([desk.which])
        self.list.set_rows([(one.id, self._row(one)) for one in desk.listed])
        self._look()

    def _row(self, one: ComplaintView) -> Row:
        late = one.urgency in ("answer-overdue", "overdue")
        level = self.model.complaints.level(one.level)
        name = self.say.texts.pick(level.name) if level is not None else one.level
        urgency = self.say(f"complaint.{one.urgency}") if one.urgency else ""
        words = " · ".join(filter(None, (urgency, self.say.due(one))))
        return Row(
            one.number or name,
            words,
            icon="warning" if late else "clock",
            tone="error" if late else "ink_soft",
        )

    @property
    def _one(self) -> ComplaintView | None:
        listed = self.model.complaints.listed
        return next((one for one in listed if one.id == self.list.current), None)

    def _look(self) -> None:
        say, one, desk = self.say, self._one, self.model.complaints
        if one is None:
            self.title.setText(say("complaint.none"))
            for part in (self.due, self.words):
                part.setText("")
            self.steps.set_picks([])
            self.read.hide()
            return
        level = desk.level(one.level)
        name = say.texts.pick(level.name) if level is not None else one.level
        self.title.setText(f"{name} · {say(f'complaint.state_{one.state}')}")
        numbers = [
            f"SIPP {one.sipp}" if one.sipp else "",
            f"LAPOR! {one.lapor}" if one.lapor else "",
        ]
        filed = say("complaint.filed", at=say.moment(one.filed_at), staff=one.staff)
        self.due.setText(" · ".join(filter(None, (filed, say.due(one), *numbers))))
        shown = desk.revealed
        told = shown[1] if shown is not None and shown[0] == one.id else {}
        self.words.setText("\n".join(f"{value}" for value in told.values() if value)[:600])
        steps = STEPS.get(one.state, ())
        self.steps.set_picks([Pick(step, say(f"complaint.step_{step}")) for step in steps])
        self.read.setVisible(not told)
        for button in (*self.steps.buttons.values(), self.read):
            button.setEnabled(self.model.online)

    def _choose(self, which: str) -> None:
        for known in ("open", "overdue", "all"):
            if known == which:
                self.model.complaints.ask_list(known)

    def _step(self, code: str) -> None:
        one = self._one
        if one is not None:
            for step in STEPS.get(one.state, ()):
                if step == code:
                    self.model.complaints.step(one.id, step)

    def _read(self) -> None:
        one = self._one
        if one is not None:
            self.model.complaints.reveal(one.id, self.say("complaint.read_reason"))
