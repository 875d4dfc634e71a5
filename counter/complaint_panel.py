"""A complaint at the counter: written down while the visitor sits there, tied to the ticket."""

from PySide6.QtGui import QShowEvent

from counter.complaint_form import ComplaintForm
from counter.panels import Panel
from counter.serving_model import ServingModel
from counter.wording import Wording
from protocol.messages import ComplaintView
from ui.buttons import Look
from ui.labels import FittedLabel
from ui.theme import Theme
from ui.tokens import Role


class ComplaintAtCounterPanel(Panel):
    """The form, how many complaints are open or late, and what was filed just now."""

    def __init__(self, model: ServingModel, wording: Wording, theme: Theme) -> None:
        super().__init__(wording, theme, name="complaint-panel")
        self._model, self._desk = model, model.complaints
        # The complaint for which the form was emptied after it was filed.
        self._emptied_for: ComplaintView | None = None
        self.form = ComplaintForm(model.complaints, wording, theme)
        self.told = FittedLabel(
            "", theme, role=Role.BODY, floor=Role.SMALLEST, tone="ink_soft", name="complaint-told"
        )
        self.confirm = self.foot_button("complaint-confirm", "complaint.confirm", "", Look.PRIMARY)
        self.confirm.tapped.connect(self._file)
        self.column.addWidget(self.form, 1)
        self.foot.removeWidget(self.keys)
        self.foot.insertWidget(0, self.told, 1)
        self.foot.addWidget(self.confirm)
        self.column.addLayout(self.foot)

    def begin(self) -> None:
        """A new complaint, of the visitor who is here if anybody is."""
        ticket, facts = self._model.ticket, self._model.visit.facts
        self._desk.begin(
            ticket=ticket.id if ticket is not None else None,
            screening=facts.id if facts is not None else None,
        )
        self.form.begin()

    def refresh(self) -> None:
        """Show what was written, and what became of it."""
        say, ticket = self._say, self._model.ticket
        number = f" {ticket.number}" if ticket is not None and self._desk.draft.ticket else ""
        self.heading.setText(f"{say('complaint.heading')}{number}")
        filed = self._desk.filed
        if filed is not self._emptied_for:
            self._emptied_for = filed
            if filed is not None:
                self.form.begin()
        self.form.refresh()
        self.confirm.setEnabled(not self._desk.asker.hindrance())
        remark = self._desk.asker.remark
        self.told.setText(say.remark(remark) or self._counts())
        self.told.set_tone(
            {"no": "error", "good": "primary"}.get(remark.tone, "ink_soft")
            if remark is not None
            else "ink_soft"
        )

    def _counts(self) -> str:
        filed, counts = self._desk.filed, self._model.complaint_counts
        if filed is not None:
            return f"{self._say('door-done.complaint')} {self._say.due(filed)}"
        if counts is None or not counts.open:
            return ""
        return self._say("complaint.list_of", open=counts.open, overdue=counts.overdue)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.form.focus_first()

    def _file(self) -> None:
        self._desk.file()
