"""The desk at the door (S1): one page for a visitor, panels for what needs a choice.

From left to right as the hand goes: who and what, then at the right how it goes on.
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from counter.disturbance_band import DisturbanceBand
from counter.door.alarm import Alarm
from counter.door.complaints_panel import ComplaintPanel, ComplaintsPanel
from counter.door.door_actions import KEYS, NTH, PRIORITY_KEYS
from counter.door.door_health import Sign
from counter.door.door_top import DoorTop
from counter.door.door_wording import SHORT_PRIORITIES, DoorWording
from counter.door.guest_panel import GuestPanel
from counter.door.hall_panels import DisturbancePanel, DoorKeysPanel, HallPanel
from counter.door.health_line import HealthLine
from counter.door.outcome_panels import (
    ChannelPanel,
    DoorPanel,
    OfficePanel,
    ReturnPanel,
    SolvedPanel,
)
from counter.door.recent_list import Came
from counter.door.recent_panels import CancelPanel, CorrectPanel, RecentPanel
from counter.door.screening_model import ScreeningModel
from counter.door.visitor_desk import VisitorDesk
from counter.door.visitor_fact_panels import AdvicePanel, DetailsPanel, StatusPanel
from counter.remarks import Remark
from protocol.messages import DoorOutcome, HelpCall
from ui.theme import Theme


class ScreeningPage(QWidget):
    """What the officer works with; ``panel`` is the open panel by its name, or empty."""

    def __init__(
        self,
        model: ScreeningModel,
        say: DoorWording,
        theme: Theme,
        branch_time: Callable[[], datetime],
        alarm: Alarm,
    ) -> None:
        """``branch_time`` gives the branch's wall clock; ``alarm`` is heard across the hall."""
        super().__init__()
        self.setObjectName("screening")
        self._model, self._say, self._theme = model, say, theme
        self._branch_time = branch_time
        self._alarm = alarm
        self.panel = ""
        gap = max(2, theme.sizes.gap // 2)
        model.rings = self._ring
        model.help.rings = self._ring_for_help
        self.top = DoorTop(model, say, theme)
        self.top.wanted.connect(self.open)
        self.banner = self.top.banner
        self.desk = VisitorDesk(model, say, theme)
        self._connect_desk()
        self._build_panels()
        self.health = HealthLine(model, say, theme)
        self.band = DisturbanceBand(say, theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.sizes.gap, gap, theme.sizes.gap, gap)
        column.setSpacing(gap)
        column.addWidget(self.top)
        column.addWidget(self.band)
        column.addWidget(self.pages, 1)
        column.addWidget(self.health)

    # Building.

    def _connect_desk(self) -> None:
        desk = self.desk
        desk.identifier.start_over.connect(self.start_over)
        desk.status.wanted.connect(lambda: self.open("status"))
        desk.advice.bar.tapped.connect(lambda: self.open("advice"))
        desk.priority.details_wanted.connect(lambda: self.open("details"))
        desk.outcomes.number_wanted.connect(self._number)
        desk.outcomes.solved_wanted.connect(lambda: self.open("solved"))
        desk.outcomes.other_wanted.connect(self._other)
        desk.recent.opened.connect(self._open_one)
        desk.recent.all_wanted.connect(lambda: self.open("recent"))
        desk.result.move_wanted.connect(self._move)
        desk.result.next_wanted.connect(self.start_over)
        # What a person at this page names by itself.
        self.identifier, self.services, self.matters = desk.identifier, desk.services, desk.matters
        self.outcomes, self.recent, self.result = desk.outcomes, desk.recent, desk.result

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
        before = self._model.visitor.draft.identifier
        if not self._model.visitor.take_identifier(text):
            self.identifier.field.setText(text[: self.identifier.field.maxLength()])
        elif before not in (None, self._model.visitor.draft.identifier):
            # A second card of the same person, or the next person: the officer knows.
            self._model.asker.say(Remark("calm", "screening.number_replaced"))
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
        elif name == "answer":
            self._model.help.answer()
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
        self._alarm.ring()

    def _ring_for_help(self, _call: HelpCall) -> None:
        self._alarm.ring()
        # The task bar tells it, too, where another program is in front.
        QApplication.alert(self.window())

    # What is seen.

    def refresh(self) -> None:
        """Show what the model holds now; cheap enough for four times a second."""
        self._model.help.is_mute = self._alarm.is_mute
        self.top.refresh()
        snapshot = self._model.hall.snapshot
        self.band.show_disturbance(snapshot.disturbance if snapshot is not None else None)
        self.health.refresh()
        if self.panel:
            self.panels[self.panel].refresh()
            return
        self.desk.refresh()

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
