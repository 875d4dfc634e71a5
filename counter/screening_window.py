"""The desk at the door (S1): one page for a visitor, panels for what needs a choice.

From left to right as the hand goes: who and what, then at the right how it goes on.
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from counter.complaints_panel import ComplaintPanel, ComplaintsPanel
from counter.disturbance_band import DisturbanceBand
from counter.door_actions import KEYS, NTH, PRIORITY_KEYS
from counter.door_health import Sign
from counter.door_wording import SHORT_PRIORITIES, DoorWording
from counter.facts_cards import AdviceBar, PapersCard, PriorityRow, StatusRow, stacked
from counter.guest_panel import GuestPanel
from counter.hall_panels import DisturbancePanel, DoorKeysPanel, HallPanel
from counter.health_line import HealthLine
from counter.identifier_row import IdentifierRow
from counter.outcome_card import OutcomeCard
from counter.outcome_panels import (
    ChannelPanel,
    DoorPanel,
    OfficePanel,
    ReturnPanel,
    SolvedPanel,
)
from counter.pick_grid import PickButton
from counter.purpose_cards import MatterCard, ServiceRow
from counter.recent_list import Came, RecentList
from counter.recent_panels import CancelPanel, CorrectPanel, RecentPanel
from counter.result_card import ResultCard
from counter.screening_model import ScreeningModel
from counter.visitor_fact_panels import AdvicePanel, DetailsPanel, StatusPanel
from protocol.messages import DoorOutcome
from protocol.session import LinkState, LinkStatus
from ui.buttons import Look
from ui.labels import FittedLabel
from ui.signs import LinkBanner, StateChip
from ui.theme import Theme, Weight
from ui.tokens import Role

TOP_BUTTONS = {"guest": "person", "complaint": "bell", "disturbance": "warning", "hall": "people"}


class DoorBanner(LinkBanner):
    """Says that the link is lost and what still works at the door."""

    def __init__(self, theme: Theme, say: DoorWording) -> None:
        super().__init__(theme, say.texts, role=Role.BODY, lines=2)
        self._say = say

    def show_link(self, status: LinkStatus, *, data_at: datetime | None = None) -> None:
        super().show_link(status, data_at=data_at)
        if status.state is LinkState.LOST:
            self.setText(self._say("screening.banner_lost"))
            self.setAccessibleName(self.text())


class ScreeningPage(QWidget):
    """What the officer works with; ``panel`` is the open panel by its name, or empty."""

    def __init__(
        self,
        model: ScreeningModel,
        say: DoorWording,
        theme: Theme,
        branch_time: Callable[[], datetime],
    ) -> None:
        """``branch_time`` gives the branch's wall clock."""
        super().__init__()
        self.setObjectName("screening")
        self._model, self._say, self._theme = model, say, theme
        self._branch_time = branch_time
        self.panel = ""
        self._gap = max(2, theme.sizes.gap // 2)
        model.rings = self._ring
        self._build_top()
        self._build_desk()
        self._build_panels()
        self.health = HealthLine(model, say, theme)
        self.band = DisturbanceBand(say, theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.sizes.gap, self._gap, theme.sizes.gap, self._gap)
        column.setSpacing(self._gap)
        column.addLayout(self._top)
        column.addWidget(self.band)
        column.addWidget(self.pages, 1)
        column.addWidget(self.health)

    # Building.

    def _build_top(self) -> None:
        say, theme = self._say, self._theme
        height = max(theme.sizes.target, round(theme.sizes.body * 2.2))
        self.title = FittedLabel(
            "",
            theme,
            role=Role.TILE,
            weight=Weight.BOLD,
            wrap=False,
            floor=Role.SMALLEST,
            name="door-title",
        )
        self.waiting = FittedLabel(
            "", theme, role=Role.BODY, weight=Weight.SEMIBOLD, wrap=False, name="waiting"
        )
        self.link = StateChip("finished", theme, say.texts, word="", name="link")
        self.banner = DoorBanner(theme, say)
        self.banner.setFixedHeight(max(height, round(theme.sizes.body * 2.6)))
        self.banner.hide()
        self._top = QHBoxLayout()
        self._top.setSpacing(theme.sizes.gap)
        self._top.addWidget(self.banner, 1)
        self._top.addWidget(self.title)
        self._top.addWidget(self.waiting)
        self._top.addWidget(self.link)
        self._top.addStretch()
        self.top_buttons: dict[str, PickButton] = {}
        for name, icon in TOP_BUTTONS.items():
            button = PickButton(
                say(f"door-top.{name}"),
                theme,
                name=name,
                look=Look.QUIET,
                icon=icon,
                role=Role.BODY,
                description=say(f"door-tell.{name}"),
            )
            button.setFixedHeight(height)
            button.setMinimumWidth(button.sizeHint().width() - 2 * self._theme.sizes.gap)
            button.setToolTip(f"{say(f'door-tell.{name}')} ({KEYS[name]})")
            button.tapped.connect(lambda name=name: self.open(name))
            self.top_buttons[name] = button
            self._top.addWidget(button)

    def _build_desk(self) -> None:
        model, say, theme = self._model, self._say, self._theme
        self.identifier = IdentifierRow(model, say, theme)
        self.services = ServiceRow(model, say, theme)
        self.matters = MatterCard(model, say, theme)
        self.status = StatusRow(model, say, theme)
        self.papers = PapersCard(model, say, theme)
        self.advice = AdviceBar(model, say, theme)
        self.priority = PriorityRow(model, say, theme)
        self.outcomes = OutcomeCard(model, say, theme)
        self.recent = RecentList(model, say, theme)
        self.result = ResultCard(model, say, theme)
        work = stacked(
            self.matters,
            self.status,
            self.papers,
            self.advice,
            self.priority,
            spacing=self._gap,
        )
        self._left = QStackedWidget()
        self._left.addWidget(work)
        self._left.addWidget(self.result)
        right = QVBoxLayout()
        right.setSpacing(self._gap)
        right.addWidget(self.outcomes)
        right.addWidget(self.recent, 1)
        both = QHBoxLayout()
        both.setSpacing(theme.sizes.gap)
        both.addWidget(self._left, 13)
        both.addLayout(right, 7)
        desk = QWidget()
        column = QVBoxLayout(desk)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._gap)
        column.addWidget(self.identifier)
        column.addWidget(self.services)
        column.addLayout(both, 1)
        self.desk = desk
        self.status.wanted.connect(lambda: self.open("status"))
        self.advice.tapped.connect(lambda: self.open("advice"))
        self.priority.details_wanted.connect(lambda: self.open("details"))
        self.outcomes.number_wanted.connect(self._number)
        self.outcomes.solved_wanted.connect(lambda: self.open("solved"))
        self.outcomes.other_wanted.connect(self._other)
        self.recent.opened.connect(self._open_one)
        self.recent.all_wanted.connect(lambda: self.open("recent"))
        self.result.move_wanted.connect(self._move)
        self.result.next_wanted.connect(self.start_over)

    def _build_panels(self) -> None:
        model, say, theme = self._model, self._say, self._theme
        self.solved = SolvedPanel(model, say, theme)
        self.channel = ChannelPanel(model, say, theme)
        self.office = OfficePanel(model, say, theme)
        self.back_list = ReturnPanel(model, say, theme)
        self.correct = CorrectPanel(model, say, theme)
        self.cancel = CancelPanel(model, say, theme)
        self.recents = RecentPanel(model, say, theme)
        self.complaint = ComplaintPanel(model, say, theme)
        self.hall = HallPanel(model, say, theme)
        self.panels: dict[str, DoorPanel] = {
            "solved": self.solved,
            "channel": self.channel,
            "office": self.office,
            "return": self.back_list,
            "status": StatusPanel(model, say, theme),
            "advice": AdvicePanel(model, say, theme),
            "details": DetailsPanel(model, say, theme),
            "recent": self.recents,
            "correct": self.correct,
            "cancel": self.cancel,
            "guest": GuestPanel(model, say, theme),
            "complaint": self.complaint,
            "complaints": ComplaintsPanel(model, say, theme),
            "disturbance": DisturbancePanel(model, say, theme),
            "hall": self.hall,
            "keys": DoorKeysPanel(model, say, theme),
        }
        self.pages = _Pages()
        self.pages.addWidget(self.desk)
        for panel in self.panels.values():
            panel.back.connect(self.show_desk)
            self.pages.addWidget(panel)
        self.solved.chosen.connect(lambda code: self._record("solved", reason=code))
        self.channel.chosen.connect(lambda code: self._record("channel", channel=code))
        self.office.chosen.connect(lambda code: self._record("office", office=code))
        self.back_list.wanted.connect(lambda: self._record("return"))
        self.recents.opened.connect(self._open_one)
        self.correct.cancel_wanted.connect(self._cancel_one)
        self.complaint.list_wanted.connect(lambda: self.open("complaints"))
        self.hall.leave_wanted.connect(self._sign_out)
        self.hall.keys_wanted.connect(lambda: self.open("keys"))

    # What a person does.

    def open(self, name: str) -> None:
        """Show a panel in place of the desk; the same again goes back."""
        if self.panel == name:
            self.show_desk()
            return
        panel = self.panels[name]
        self.panel = name
        panel.begin()
        panel.refresh()
        self.pages.setCurrentWidget(panel)
        self.pages.updateGeometry()
        self.refresh()

    def show_desk(self) -> None:
        """Close whatever panel is open."""
        self.panel = ""
        self._model.complaints.hide()
        self.pages.setCurrentIndex(0)
        self.pages.updateGeometry()
        self.refresh()
        self._focus_home()

    def start_over(self) -> None:
        """The next visitor."""
        self.identifier.field.forget()
        self._model.start_over()
        self.show_desk()

    def scanned(self, text: str) -> None:
        """A scanner read something while no field had the focus."""
        if self.panel and self.panel not in ("solved", "channel", "office", "return", "status"):
            return  # it is about something else than a visitor
        if self.panel:
            self.show_desk()
        if self._model.visitor.draft.identifier is not None:
            # The next person's card: nothing of the one before may stand beside it.
            self._model.start_over()
        if not self._model.visitor.take_identifier(text):
            self.identifier.field.setText(text[: self.identifier.field.maxLength()])
        self.refresh()

    def act(self, name: str) -> None:
        """What a key stands for."""
        outcome = self._model.outcome
        if name == "number":
            self._number()
        elif name in ("channel", "office", "return", "self-service"):
            self._other(name)
        elif name == "identifier":
            self.show_desk()
            self.identifier.begin()
        elif name == "papers":
            self._model.visitor.all_papers()
        elif name == "kiosk":
            self._model.next_kiosk()
        elif name == "start-over":
            self.start_over()
        elif name == "sign-out":
            self._sign_out()
        elif name == "help":
            self.open("keys")
        elif name in ("reprint", "correct", "cancel"):
            if outcome is not None and not self.panel:
                self._move(name)
            elif name == "reprint":
                self._reprint_last()
            else:
                self.open("recent")
        else:
            self.open(name)

    def nth(self, what: str, place: int) -> None:
        """The first, second … service or matter."""
        grid = self.services if what == "services" else self.matters.grid
        codes = grid.codes()
        if not self.panel and place < len(codes):
            grid.chosen.emit(codes[place])

    def prefer(self, place: int) -> None:
        """The first, second … priority."""
        if not self.panel and place < len(SHORT_PRIORITIES):
            self._model.visitor.set_priority(SHORT_PRIORITIES[place])

    def _number(self) -> None:
        self._take_typed()
        if self._model.hindrance("ticket") == "advice-stands":
            self.open("advice")
            return
        if self._model.number():
            self.show_desk()

    def _other(self, name: str) -> None:
        self._take_typed()
        if name == "self-service":
            own = [one for one in self._model.hall.door.channels if one.kind == "self-service"]
            self._record("self-service", channel=own[0].code if own else "")
        else:
            self.open(name)

    def _record(self, outcome: DoorOutcome, **more: str) -> None:
        self._take_typed()
        if self._model.record(outcome, **more):
            self.show_desk()

    def _take_typed(self) -> None:
        """A number that stands in the field without Enter counts, if it is one."""
        field = self.identifier.field
        if field.text().strip() and self._model.visitor.take_identifier(field.text()):
            field.forget()

    def _move(self, name: str) -> None:
        outcome = self._model.outcome
        if outcome is None:
            return
        ticket = outcome.ticket
        if name == "reprint":
            if ticket is not None:
                self._model.errands.reprint(ticket.id, ticket.number)
            elif outcome.screening:
                self._model.errands.reprint_slip(outcome.screening)
        elif ticket is not None and name == "cancel":
            self.cancel.offer(ticket.id, ticket.number)
            self.open("cancel")
        elif ticket is not None:
            self._open_one(
                Came(
                    ticket.number,
                    ticket.number,
                    self._say.outcome_facts(self._model, outcome),
                    ticket=ticket.id,
                    number=ticket.number,
                    service=ticket.service,
                    priority=ticket.priority,
                    waiting=True,
                )
            )

    def _open_one(self, one: Came) -> None:
        self.correct.offer(one)
        if self.panel == "correct":
            self.correct.refresh()
        else:
            self.open("correct")

    def _cancel_one(self) -> None:
        one = self.correct.one
        if one is not None:
            self.cancel.offer(one.ticket, one.number)
            self.open("cancel")

    def _reprint_last(self) -> None:
        recent = self._model.hall.recent()
        if recent:
            self._model.errands.reprint_of(recent[0])

    def _sign_out(self) -> None:
        self._model.errands.sign_out()

    def _ring(self, _sign: Sign) -> None:
        QApplication.beep()

    # What is seen.

    def refresh(self) -> None:
        """Show what the model holds now; cheap enough for four times a second."""
        self._show_top()
        snapshot = self._model.hall.snapshot
        self.band.show_disturbance(snapshot.disturbance if snapshot is not None else None)
        self.health.refresh()
        if self.panel:
            self.panels[self.panel].refresh()
            return
        self.identifier.refresh()
        self.services.refresh()
        self.outcomes.refresh()
        self.recent.refresh()
        shown = 1 if self._model.outcome is not None else 0
        if self._left.currentIndex() != shown:
            self._left.setCurrentIndex(shown)
        if shown:
            self.result.refresh()
        else:
            for part in (self.matters, self.status, self.papers, self.advice, self.priority):
                part.refresh()

    def _show_top(self) -> None:
        model, say = self._model, self._say
        snapshot = model.hall.snapshot
        who = snapshot.signed_in if snapshot is not None else None
        name = (who.name or who.staff) if who is not None else ""
        _set_text(self.title, say("door-top.title", who=name) if name else say("door-top.desk"))
        _set_text(self.waiting, say.waiting(model))
        online = model.online
        self.banner.show_link(model.link)
        leaving: list[QWidget] = [self.banner]
        coming: list[QWidget] = [self.title, self.waiting, self.link]
        if not online:
            leaving, coming = coming, leaving
        # In this order: all at once for a moment would widen the window for good.
        for part in leaving:
            part.hide()
        for part in coming:
            part.show()
        word = say(f"link.{'online' if online else model.link.state.value}")
        state = "finished" if online else "offline"
        if self.link.text() != word:
            self.link.set_state(state, word=word)
        counts = snapshot.complaints if snapshot is not None else None
        late = counts is not None and counts.overdue > 0
        self._dress_top("complaint", counts.overdue if counts is not None and late else 0)
        paperless = len(snapshot.without_paper) if snapshot is not None else 0
        bad = sum(sign.tone == "bad" for sign in model.hall.signs)
        self._dress_top("hall", bad + (1 if paperless else 0))

    def _dress_top(self, name: str, count: int) -> None:
        button = self.top_buttons[name]
        badge = str(count) if count else ""
        if button._badge != badge:
            button.set_content(icon="warning" if count else TOP_BUTTONS[name], badge=badge)
            button.setMinimumWidth(button.sizeHint().width() - 2 * self._theme.sizes.gap)
            button.sign_tone = "error" if count else ""

    def _focus_home(self) -> None:
        """Where the next number or the next key should go."""
        if self._model.visitor.draft.identifier is None:
            self.identifier.begin()
        else:
            self.outcomes.number.setFocus(Qt.FocusReason.OtherFocusReason)


class _Pages(QStackedWidget):
    """What is shown needs its room; what is not shown needs none."""

    def minimumSizeHint(self) -> QSize:
        page = self.currentWidget()
        return super().minimumSizeHint() if page is None else page.minimumSizeHint()

    def sizeHint(self) -> QSize:
        page = self.currentWidget()
        return super().sizeHint() if page is None else page.sizeHint()


def shortcuts_of(page: ScreeningPage) -> dict[str, Callable[[], None]]:
    """Every key of this page with what it does."""
    groups = {"services", "matters", "priorities"}
    keys: dict[str, Callable[[], None]] = {
        key: lambda name=name: page.act(name)  # type: ignore[misc]
        for name, key in KEYS.items()
        if name not in groups
    }
    for what, pattern in NTH.items():
        for place in range(9):
            keys[pattern.format(place + 1)] = lambda what=what, place=place: page.nth(what, place)  # type: ignore[misc]
    for place, key in enumerate(PRIORITY_KEYS):
        keys[key] = lambda place=place: page.prefer(place)  # type: ignore[misc]
    return keys


def _set_text(label: FittedLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)
        label.updateGeometry()
