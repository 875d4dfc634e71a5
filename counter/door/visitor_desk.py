"""The desk itself: one visitor from the left to the right, and what became of the last one."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from counter.door.door_wording import DoorWording
from counter.door.facts_cards import AdvicePlace, PapersCard, PriorityRow, StatusRow
from counter.door.identifier_row import IdentifierRow
from counter.door.outcome_card import OutcomeCard
from counter.door.purpose_cards import MatterCard, ServiceRow
from counter.door.recent_list import RecentList
from counter.door.result_card import ResultCard
from counter.door.screening_model import ScreeningModel
from counter.door.section_label import SectionLabel, labelled, show_what_fits
from ui.theme import Theme


class VisitorDesk(QWidget):
    """Who and what at the left, how it goes on at the right; a result in place of the facts."""

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__()
        self._model = model
        self._gap = gap = max(2, theme.sizes.gap // 2)
        self.identifier = IdentifierRow(model, say, theme)
        self.services = ServiceRow(model, say, theme)
        self.matters = MatterCard(model, say, theme)
        self.status = StatusRow(model, say, theme)
        self.papers = PapersCard(model, say, theme)
        self.advice = AdvicePlace(model, say, theme)
        self.priority = PriorityRow(model, say, theme)
        self.outcomes = OutcomeCard(model, say, theme)
        self.recent = RecentList(model, say, theme)
        self.result = ResultCard(model, say, theme)
        # In the order in which they are given up where the height is short, the last one first.
        names = ("papers", "priority", "purpose", "membership")
        self._labels = {
            name: SectionLabel(say(f"section.{name}"), theme, f"section-{name}") for name in names
        }
        self._left = QStackedWidget()
        self._left.addWidget(self._work())
        self._left.addWidget(self.result)
        right = QVBoxLayout()
        right.setSpacing(gap)
        right.addWidget(self.outcomes)
        right.addWidget(self.recent, 1)
        both = QHBoxLayout()
        both.setSpacing(theme.sizes.gap)
        both.addWidget(self._left, 13)
        both.addLayout(right, 7)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addWidget(self.identifier)
        column.addLayout(labelled(self._labels["purpose"], self.services))
        column.addLayout(both, 1)

    def _work(self) -> QWidget:
        work = QWidget()
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._gap)
        column.addWidget(self.matters)
        column.addLayout(labelled(self._labels["membership"], self.status))
        column.addLayout(labelled(self._labels["papers"], self.papers))
        column.addWidget(self.advice, 1)
        column.addLayout(labelled(self._labels["priority"], self.priority))
        column.addStretch(0)
        return work

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        rows = (self.identifier, self.services, self.matters, self.status, self.papers)
        taken = sum(
            (row.minimumHeight() or row.minimumSizeHint().height()) + self._gap
            for row in (*rows, self.advice, self.priority)
        )
        show_what_fits(list(self._labels.values()), self.height() - taken + self._gap)

    def refresh(self) -> None:
        """Show what the model holds now."""
        for part in (self.identifier, self.services, self.outcomes, self.recent):
            part.refresh()
        shown = 1 if self._model.outcome is not None else 0
        if self._left.currentIndex() != shown:
            self._left.setCurrentIndex(shown)
        if shown:
            self.result.refresh()
            return
        if not self.matters.needs_room:
            self.matters.refresh()  # lower before the papers are higher, or the window would grow
        self.papers.give_room(self.matters.extra_height)
        for fact in (self.matters, self.status, self.papers, self.advice, self.priority):
            fact.refresh()
