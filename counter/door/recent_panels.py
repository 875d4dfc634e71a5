"""All of the last visitors, and what can be put right: paper, service, priority, cancelling."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from counter.door.door_visitor import PRIORITIES
from counter.door.door_wording import SHORT_PRIORITIES, DoorWording
from counter.door.outcome_panels import DoorPanel
from counter.door.recent_list import Came, came
from counter.door.screening_model import ScreeningModel
from counter.pick_grid import Pick, PickButton, PickGrid, with_keys
from counter.rows import Row, RowList
from ui.buttons import Look
from ui.theme import Theme
from ui.tokens import Role


class RecentPanel(DoorPanel):
    """The last visitors in a list; Enter or a touch opens one."""

    opened = Signal(object)

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__(model, say, theme, name="recent", keys=say("recent.keys"))
        self.heading.setText(say("recent.heading"))
        self.list = RowList(theme, name="recent-list", label=say("recent.heading"), touch=True)
        self.list.taken.connect(self._open)
        self._everyone: list[Came] = []
        self.column.addWidget(self.list, 1)
        confirm = self.add_confirm("recent.open", icon="forward")
        confirm.tapped.connect(lambda: self._open(self.list.current))
        self.column.addLayout(self.foot)

    def refresh(self) -> None:
        """Show the newest first."""
        self._everyone = came(self.model, self.say)
        rows = [
            (
                one.key,
                Row(one.head, one.line, icon="printer" if one.paperless else "", tone="error"),
            )
            for one in self._everyone
        ]
        self.list.set_rows(rows)
        if self.confirm is not None:
            self.confirm.setEnabled(bool(rows))

    def _open(self, key: str) -> None:
        for one in self._everyone:
            if one.key == key:
                self.opened.emit(one)
                return


class CorrectPanel(DoorPanel):
    """Another service or priority for somebody who waits; number and place of arrival stay."""

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__(model, say, theme, name="correct")
        self._one: Came | None = None
        self._service = self._priority = ""
        height = max(theme.sizes.target, round(theme.sizes.body * 3.2))
        self.reprint = PickButton(
            say("result.reprint"), theme, name="came-reprint", icon="printer", role=Role.BODY
        )
        self.cancel = PickButton(
            say("result.cancel"),
            theme,
            name="came-cancel",
            icon="close",
            look=Look.DANGER,
            role=Role.BODY,
        )
        self.cancel_wanted = self.cancel.tapped
        for button in (self.reprint, self.cancel):
            button.setFixedHeight(max(theme.sizes.target, round(theme.sizes.body * 2.6)))
        self.facts = self.told_in("came-facts", tone="ink_soft")
        self.services = PickGrid(say, theme, prefix="to-service", columns=3, rows=3, height=height)
        self.priorities = PickGrid(
            say,
            theme,
            prefix="to-priority",
            columns=6,
            rows=1,
            height=height,
            held_icon="star",
            held_tone="priority",
        )
        self.services_label = self.label(say("correct.service"))
        self.priorities_label = self.label(say("correct.priority"))
        for part in (
            self.facts,
            self.services_label,
            self.services,
            self.priorities_label,
            self.priorities,
        ):
            self.column.addWidget(part)
        self.services.chosen.connect(self._choose_service)
        self.priorities.chosen.connect(self._choose_priority)
        self.reprint.tapped.connect(self._reprint)
        row = QHBoxLayout()
        row.setSpacing(theme.sizes.gap)
        row.addWidget(self.reprint)
        row.addWidget(self.cancel)
        self.foot.insertLayout(0, row, 2)
        self.keys.hide()
        self.add_confirm("correct.confirm", icon="check").tapped.connect(self._save)
        self.close_column()

    def offer(self, one: Came) -> None:
        """For this visitor."""
        self._one = one
        self._service, self._priority = one.service, one.priority

    @property
    def one(self) -> Came | None:
        """Of whom it is."""
        return self._one

    def refresh(self) -> None:
        """Show what was chosen."""
        model, say, one = self.model, self.say, self._one
        if one is None:
            return
        self.heading.setText(say("correct.heading", number=one.head))
        self.facts.setText(one.line)
        picks = [
            Pick(service.code, say.texts.pick(service.name) or service.code, letter=service.sign)
            for service in model.hall.services
        ]
        self.services.set_picks(picks)
        self.services.show_chosen([self._service] if self._service else [])
        kinds = [Pick("none", say("issue.regular"), mark="check")]
        kinds += [Pick(code, say.priority_short(code)) for code in SHORT_PRIORITIES]
        self.priorities.set_picks(kinds)
        self.priorities.show_chosen([self._priority])
        can = bool(one.ticket) and one.waiting
        for part in (
            self.services_label,
            self.services,
            self.priorities_label,
            self.priorities,
            self.cancel,
        ):
            part.setVisible(can)
        if self.confirm is not None:
            self.confirm.setVisible(can)
            self.confirm.setEnabled(model.online and self._changed(one))
        self.cancel.setEnabled(model.online)
        self.reprint.setEnabled(model.online)

    def _changed(self, one: Came) -> bool:
        return (self._service, self._priority) != (one.service, one.priority)

    def _choose_service(self, code: str) -> None:
        self._service = code
        self.refresh()

    def _choose_priority(self, code: str) -> None:
        self._priority = code
        self.refresh()

    def _reprint(self) -> None:
        one = self._one
        if one is None:
            return
        errands = self.model.errands
        asked = (
            errands.reprint(one.ticket, one.number)
            if one.ticket
            else errands.reprint_slip(one.screening)
        )
        if asked:
            self.back.emit()

    def _save(self) -> None:
        one = self._one
        if one is None or not self._changed(one):
            return
        service = self._service if self._service != one.service else None
        changed = self._priority if self._priority != one.priority else ""
        priority = next((kind for kind in PRIORITIES if kind == changed), None)
        if self.model.errands.correct(one.ticket, one.number, service or None, priority):
            self.back.emit()


class CancelPanel(DoorPanel):
    """Why somebody does not want the number any more: one touch."""

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__(model, say, theme, name="cancel", keys=say("choose.keys"))
        self._ticket = self._number = ""
        self.reasons = self.digits = PickGrid(
            say, theme, prefix="cancel", columns=2, rows=5, height=round(theme.sizes.body * 3.6)
        )
        self.reasons.chosen.connect(self._cancel)
        self.column.addWidget(self.reasons)
        self.close_column()

    def offer(self, ticket: str, number: str) -> None:
        """For this ticket."""
        self._ticket, self._number = ticket, number
        self.heading.setText(self.say("choose.cancel", number=number))

    def refresh(self) -> None:
        """Show the branch's reasons."""
        pick = self.say.texts.pick
        choices = self.model.hall.choices_of("cancel_reason")
        self.reasons.set_picks(
            with_keys([Pick(one.code, pick(one.name) or one.code) for one in choices])
        )

    def _cancel(self, reason: str) -> None:
        if self.model.errands.cancel(self._ticket, self._number, reason):
            self.back.emit()
