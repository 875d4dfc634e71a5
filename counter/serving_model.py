"""What a frontliner sees and may do while serving, without a window.

The full console and the compact strip are two windows over one of these.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from math import inf
from uuid import UUID

from msgspec.structs import replace as with_fields

from counter.actions import ACTIONS, NOTHING_CHOSEN, Standing, Wish
from counter.complaint_desk import ComplaintDesk
from counter.explaining import Explaining
from counter.help_desk import HelpDesk
from counter.paper_desk import PaperDesk
from counter.picking import Pick, picks_of
from counter.rating_desk import RatingDesk
from counter.remarks import FinishDraft, Prospect, Remark, remark_of
from counter.timers import Timer, timer_of, waited_of
from counter.visit import Visit
from protocol.messages import (
    Accepted,
    Choice,
    Choices,
    ComplaintCounts,
    CounterView,
    LineEntry,
    ParkedEntry,
    QueueSnapshot,
    Rejected,
    ServiceInfo,
    ServiceOutcome,
    Ticket,
    WaitingCount,
    Welcome,
)
from protocol.session import Ask, Inquire, LinkState, LinkStatus

LINE_STAYS_S = 6.0
"""How long a line about what just happened stays to be read."""

UNHEARD = frozenset({"late", "failed", "shown"})
"""What a counter is told of a call that its visitor may not have heard (I10)."""

KEPT = {"finish": "kept.finish", "no-show": "kept.no-show"}
"""What may be said without the link: it has happened, and is delivered when the link is back."""

NEXT_SHOWN = 5
"""How many of those who wait are shown with their reasons."""


class ServingModel:
    """My counter, my ticket, the line, and one command on its way at a time."""

    def __init__(
        self,
        ask: Ask,
        inquire: Inquire,
        *,
        new_id: Callable[[], UUID],
        now_s: Callable[[], float],
        server_now: Callable[[], datetime],
    ) -> None:
        """``now_s`` is monotonic, ``server_now`` the server's clock."""
        self.changed: Callable[[], None] = lambda: None
        # Told with the revision of the answer when the person has signed out.
        self.left: Callable[[int], None] = lambda _revision: None
        self.welcome: Welcome | None = None
        self.snapshot: QueueSnapshot | None = None
        self.ticket: Ticket | None = None
        self.draft = FinishDraft()
        self.explaining = Explaining(inquire, new_id)
        self.visit = Visit(ask, inquire, new_id)
        self.complaints = ComplaintDesk(ask, inquire, new_id=new_id, now_s=now_s)
        self.complaints.changed = self.refresh
        self.help = HelpDesk(ask, new_id=new_id, now_s=now_s, server_now=server_now, say=self.say)
        self.papers = PaperDesk(ask, new_id=new_id, now_s=now_s, say=self.say)
        self.rating = RatingDesk(ask, new_id=new_id, now_s=now_s, say=self.say)
        self._askers = [desk.asker for desk in (self.complaints, self.papers, self.rating)]
        for asker in (self.help.asker, self.papers.asker, self.rating.asker):
            asker.changed = self.refresh
        self.papers.changed = self.rating.changed = self.refresh
        # Told once with each parked ticket that is to be looked after now.
        self.rings: Callable[[ParkedEntry], None] = lambda _parked: None
        self._rung: set[tuple[str, datetime]] = set()
        self.remark: Remark | None = None
        self.link = LinkStatus(LinkState.CONNECTING, now_s())
        self.on_the_way = ""
        self._on_the_way_since_s = 0.0
        self._ask, self._new_id = ask, new_id
        self._now_s, self._server_now = now_s, server_now
        # Nothing is asked on the ground of what was true before the link was lost.
        self._fresh = False
        self._revision = -1
        # An answer that comes after its asker has gone is nobody's.
        self._sitting = 0
        self._counter_state = ""
        self._recall_from_s = 0.0
        self._unheard_told: tuple[str, int, str] | None = None

    # What comes in.

    def on_welcome(self, welcome: Welcome) -> None:
        """A connection is up; its snapshot follows."""
        self.welcome = welcome
        self.visit.on_welcome(welcome)
        self.complaints.on_welcome(welcome)
        self._revision = -1
        self._fresh = False
        self.changed()

    def on_snapshot(self, snapshot: QueueSnapshot) -> None:
        """Everything anew. One that is older than the last answer would undo it on the screen."""
        if snapshot.revision < self._revision:
            return
        self._revision = snapshot.revision
        self._fresh = True
        self.snapshot = snapshot
        self._counter_state = snapshot.counter.state if snapshot.counter is not None else ""
        self._hold(snapshot.ticket)
        self._follow_visit(snapshot)
        self.help.show(snapshot.help)
        self.papers.on_snapshot(snapshot)
        self.rating.on_snapshot(snapshot)
        self._tell_voice()
        self.changed()

    def on_link(self, status: LinkStatus) -> None:
        """The link changed; without it the timers go on and nothing can be asked."""
        self.link = status
        self.help.on_link(status)
        for asker in self._askers:
            asker.link = status
        if not self.online:
            self._fresh = False
        self.changed()

    def forget(self) -> None:
        """Somebody got up: the next person starts with nothing of theirs."""
        self.snapshot = None
        self.remark = None
        self.on_the_way = ""
        self.explaining.forget()
        self.visit.follow(None)
        self.complaints.forget()
        for desk in (self.help, self.papers, self.rating):
            desk.forget()
        self._rung.clear()
        self._sitting += 1
        self._fresh = False
        self._counter_state = ""
        self._hold(None)
        self.changed()

    def tick(self) -> None:
        """Time passed: let a line go that has been read, and ring for who is due."""
        if self.remark is not None and self._now_s() >= self.remark.until_s:
            self.remark = None
        self.complaints.tick()
        self.rating.tick()
        self._ring()
        self.changed()

    # What a person does.

    def do(self, name: str, wish: Wish = NOTHING_CHOSEN) -> bool:
        """Ask for a move by its name in ACTIONS; False (with a remark) when it cannot be."""
        action = ACTIONS[name]
        why = self.hindrance(name)
        if why == "on-the-way":
            return False  # the second press of a double press
        if why:
            self.say(Remark("no", f"why.{why}", self._facts()))
            return False
        if action.asks and not any(
            choice.code == wish.reason for choice in self.choices_of(action.asks)
        ):
            self.say(Remark("no", "why.reason-needed"))
            return False
        wish = replace(wish, finish=self.draft.finish())
        command = action.command(self._new_id(), self._standing(), wish)
        self.on_the_way = name
        self._on_the_way_since_s = self._now_s()
        self.remark = None
        before, sitting = self.ticket, self._sitting

        def on_answer(answer: Accepted | Rejected) -> None:
            if sitting == self._sitting:
                self._answered(name, before, answer)

        self._ask(command, on_answer)
        if not self.online:
            # It stands there until it is delivered.
            self.remark = Remark("calm", KEPT[name], self._facts(), until_s=inf)
        self.changed()
        return True

    def set_draft(
        self,
        *,
        outcome: ServiceOutcome | None = None,
        category: str | None = None,
        education: tuple[str, ...] | None = None,
        note: str | None = None,
        cause: str | None = None,
    ) -> None:
        """Say how the running service will end; ``category`` or ``cause`` empty takes it back."""
        draft = self.draft
        self.draft = replace(
            draft,
            outcome=draft.outcome if outcome is None else outcome,
            category=draft.category if category is None else category or None,
            education=draft.education if education is None else education,
            note=draft.note if note is None else note[:1000],
            cause=draft.cause if cause is None else cause or None,
        )
        self.changed()

    # What the windows show.

    @property
    def online(self) -> bool:
        """Whether the server can be asked."""
        return self.link.state is LinkState.ONLINE

    @property
    def complaint_counts(self) -> ComplaintCounts | None:
        """How many complaints are open, due soon and late."""
        return self.snapshot.complaints if self.snapshot is not None else None

    @property
    def counter_state(self) -> str:
        """``open``, ``paused`` or ``closed``; empty before the first snapshot."""
        return self._counter_state

    def hindrance(self, name: str) -> str:
        """Why a move cannot be asked for now, as a code of the texts; empty when it can."""
        if not self.online:
            return self._hindrance_away(name)
        if not self._fresh:
            return "no-snapshot"
        if self.on_the_way:
            return "on-the-way"
        if name == "recall" and self.recall_wait_s() > 0:
            return "recall-soon"
        return ACTIONS[name].hindrance(self._standing())

    def _hindrance_away(self, name: str) -> str:
        """Without the link the running ticket can be ended and nobody called (F17)."""
        can_wait = name in KEPT and self.link.state is LinkState.LOST
        if not can_wait or self.on_the_way or self.ticket is None:
            return "link-lost"
        return ACTIONS[name].hindrance(self._standing())

    def why_not(self, name: str) -> Remark | None:
        """The hindrance in a form for a tooltip."""
        why = self.hindrance(name)
        return Remark("no", f"why.{why}", self._facts()) if why else None

    def recalls(self) -> tuple[int, int] | None:
        """Which recall the next one will be, of how many; None without a limit or a ticket."""
        left = self.snapshot.recalls_left if self.snapshot is not None else None
        if left is None or self.ticket is None or self.ticket.state != "called":
            return None
        used = max(0, self.ticket.call_count - 1)
        return min(used + 1, used + left), used + left

    @property
    def unheard(self) -> str:
        """Why my visitor may not have heard the last call: ``late``, ``failed`` or ``shown``;
        empty while it may still be spoken, or was."""
        snapshot, mine = self.snapshot, self.ticket
        known = snapshot.ticket if snapshot is not None else None
        if snapshot is None or mine is None or known is None or mine.state != "called":
            return ""
        if (known.id, known.call_count) != (mine.id, mine.call_count):
            return ""  # it says something of an earlier call
        return snapshot.call_voice if snapshot.call_voice in UNHEARD else ""

    def undo_left_s(self) -> int:
        """Whole seconds in which the last move can still be taken back, 0 when it cannot."""
        undo = self.snapshot.undo if self.snapshot is not None else None
        if undo is None:
            return 0
        left_s = (undo.until - self._server_now()).total_seconds()
        return max(0, -int(-left_s // 1))

    def waits_long(self) -> bool:
        """Whether the command on its way has taken so long that it should be said."""
        return bool(self.on_the_way) and self._now_s() - self._on_the_way_since_s > 0.3

    def recall_wait_s(self) -> int:
        """Seconds until the number may be called again, as the server said."""
        return max(0, -int(-(self._recall_from_s - self._now_s()) // 1))

    def timer(self) -> Timer | None:
        """The running timer of my ticket."""
        if self.ticket is None:
            return None
        return timer_of(self.ticket, self.service(self.ticket.service), self._server_now())

    def waited(self) -> Timer | None:
        """How long my visitor has waited until the call."""
        if self.ticket is None:
            return None
        return waited_of(self.ticket, self.service(self.ticket.service), self._server_now())

    def prospect(self) -> Prospect:
        """What the key for the next one will do, said before it is pressed."""
        closing = self.ticket.number if self.ticket is not None else ""
        prefix = "finish-" if closing else ""
        snapshot = self.snapshot
        # The server's own word; the head of the line where it has not said it yet.
        coming = snapshot.next if snapshot is not None else None
        if coming is not None:
            helping = coming.service if coming.helping else ""
            return Prospect(f"{prefix}call", closing, coming.number, coming.why, helping)
        if self.line:
            first = self.line[0]
            return Prospect(f"{prefix}call", closing, first.number, first.why)
        return Prospect(f"{prefix}none", closing)

    @property
    def help_from(self) -> datetime | None:
        """From when this idle counter may help other lines, None if it may not or does."""
        snapshot = self.snapshot
        if snapshot is None or snapshot.next is not None or not snapshot.waiting_elsewhere:
            return None
        return snapshot.help_from

    @property
    def parked(self) -> list[ParkedEntry]:
        """Who was put aside, first who is to be looked after first."""
        everyone = self.snapshot.parked if self.snapshot is not None else []
        late = datetime.max.replace(tzinfo=UTC)
        return sorted(everyone, key=lambda one: (one.alarm_at or late, one.parked_at))

    def is_due(self, parked: ParkedEntry) -> bool:
        """Whether a parked ticket is to be looked after now."""
        return parked.alarm_at is not None and parked.alarm_at <= self._server_now()

    def picks(self) -> list[Pick]:
        """The numbers that can be taken out of turn."""
        return picks_of(self.snapshot, self._server_now())

    @property
    def line(self) -> list[LineEntry]:
        """Those who are next, with the reason for their place."""
        return self.snapshot.line[:NEXT_SHOWN] if self.snapshot is not None else []

    @property
    def waiting_total(self) -> int:
        """How many wait for my services."""
        return self.snapshot.total if self.snapshot is not None else 0

    def my_counts(self) -> list[WaitingCount]:
        """Waiting counts of the services that this counter may serve, in catalogue order."""
        if self.snapshot is None:
            return []
        mine = set(self.snapshot.counter.services) if self.snapshot.counter is not None else set()
        order = {service.code: place for place, service in enumerate(self._services())}
        counts = [count for count in self.snapshot.waiting if count.service in mine]
        return sorted(counts, key=lambda count: order.get(count.service, len(order)))

    def oldest_s(self, count: WaitingCount) -> int | None:
        """How long the first of a service has waited, None with nobody."""
        if count.oldest_issued_at is None:
            return None
        return max(0, int((self._server_now() - count.oldest_issued_at).total_seconds()))

    def other_counters(self) -> list[CounterView]:
        """Every counter but mine."""
        if self.snapshot is None:
            return []
        mine = self.snapshot.counter.number if self.snapshot.counter is not None else None
        return [counter for counter in self.snapshot.counters if counter.number != mine]

    def service(self, code: str) -> ServiceInfo | None:
        """A service of the catalogue."""
        return next((service for service in self._services() if service.code == code), None)

    def choices_of(self, field_name: str) -> list[Choice]:
        """The codes that a field may take, with their names."""
        choices: Choices | None = self.welcome.choices if self.welcome is not None else None
        found: list[Choice] = getattr(choices, field_name) if choices is not None else []
        return found

    def now_s(self) -> float:
        """The monotonic clock."""
        return self._now_s()

    def server_now(self) -> datetime:
        """The server's clock."""
        return self._server_now()

    # Inside.

    def _services(self) -> list[ServiceInfo]:
        return self.welcome.services if self.welcome is not None else []

    def _standing(self) -> Standing:
        snapshot = self.snapshot
        return Standing(
            self._counter_state,
            self.ticket,
            recalls_left=snapshot.recalls_left if snapshot is not None else None,
            undoable=self.undo_left_s() > 0,
        )

    def _ring(self) -> None:
        for one in self.parked:
            if one.alarm_at is None or not self.is_due(one):
                continue
            if (one.ticket, one.alarm_at) not in self._rung:
                self._rung.add((one.ticket, one.alarm_at))
                self.say(Remark("due", "parked.due", {"number": one.number}))
                self.rings(one)

    def _tell_voice(self) -> None:
        """Once for each call that was not heard: the strip has no other place for it."""
        mine, why = self.ticket, self.unheard
        call = (mine.id, mine.call_count, why) if mine is not None and why else None
        if call is not None and call != self._unheard_told and mine is not None:
            self.say(Remark("due", f"voice.remark-{why}", {"number": mine.number}))
        self._unheard_told = call

    def _facts(self) -> dict[str, object]:
        number = self.ticket.number if self.ticket is not None else ""
        recalls = self.recalls()
        return {
            "number": number,
            "seconds": self.recall_wait_s(),
            "count": recalls[1] if recalls is not None else 0,
        }

    def refresh(self) -> None:
        """Something beside the snapshot has come."""
        self.changed()

    def _follow_visit(self, snapshot: QueueSnapshot) -> None:
        """What the door captured is asked for, and fills in the category that it points to."""
        before, visit = self.visit.facts, self.visit
        visit.follow(snapshot.screening if snapshot.ticket is not None else None)
        is_new = visit.facts is not None and (before is None or before.id != visit.facts.id)
        known = any(choice.code == visit.category for choice in self.choices_of("category"))
        if is_new and known and self.draft == FinishDraft():
            self.draft = FinishDraft(category=visit.category)

    def _hold(self, ticket: Ticket | None) -> None:
        before = self.ticket.id if self.ticket is not None else None
        if before is not None and (ticket is None or ticket.id != before):
            self.visit.follow(None)
        if _errand(ticket) != _errand(self.ticket):
            self.draft = FinishDraft()
            self._recall_from_s = 0.0
        self.ticket = ticket

    def _answered(self, name: str, before: Ticket | None, answer: Accepted | Rejected) -> None:
        self.on_the_way = ""
        if isinstance(answer, Rejected):
            self._refused(name, before, answer)
        else:
            self._done(name, before, answer)
        self.changed()

    def _refused(self, name: str, before: Ticket | None, answer: Rejected) -> None:
        number = before.number if before is not None else ""
        if answer.reason == "queue-empty":
            self.say(Remark("calm", "done.empty"))
        elif answer.reason == "too-soon" and isinstance(answer.retry_after_s, float | int):
            if name == "recall":
                self._recall_from_s = self._now_s() + answer.retry_after_s
            self.say(Remark("calm", "why.recall-soon", self._facts()))
        elif answer.message:
            self.say(Remark("no", words=answer.message))
        else:
            self.say(Remark("no", "refused.no-answer", {"number": number}))

    def _done(self, name: str, before: Ticket | None, answer: Accepted) -> None:
        stale = answer.revision < self._revision
        self._revision = max(self._revision, answer.revision)
        if name == "sign-out":
            self.left(answer.revision)
            return
        if not stale:
            self._take_over(name, answer)
        self.say(remark_of(name, before, answer))

    def _take_over(self, name: str, answer: Accepted) -> None:
        """Show what the answer says at once; the snapshot behind it may come 100 ms later."""
        if name in ("open", "pause", "close"):
            self._counter_state = {"open": "open", "pause": "paused", "close": "closed"}[name]
        elif name in ACTIONS and ACTIONS[name].of_mine and self._tells(name, answer):
            ticket = answer.ticket if isinstance(answer.ticket, Ticket) else None
            held = ticket is not None and ticket.state in ("called", "serving")
            self._hold(ticket if held else None)
        if self.snapshot is not None and isinstance(answer.ticket, Ticket):
            self.snapshot = _after(self.snapshot, name, answer.ticket)

    def _tells(self, name: str, answer: Accepted) -> bool:
        """Whether an answer says what stands at this counter now."""
        return name == "next" or isinstance(answer.ticket, Ticket)

    def say(self, remark: Remark) -> None:
        """Say something for a while."""
        self.remark = replace(remark, until_s=self._now_s() + LINE_STAYS_S)
        self.changed()


def _errand(ticket: Ticket | None) -> tuple[str, str] | None:
    """What is being served; a second errand of the same visitor is another one."""
    return None if ticket is None else (ticket.id, ticket.service)


def _after(snapshot: QueueSnapshot, name: str, ticket: Ticket) -> QueueSnapshot:
    """The snapshot without what a move has used up, until the next one comes."""
    if name in ("next", "call"):
        line = [entry for entry in snapshot.line if entry.ticket != ticket.id]
        total = snapshot.total - (len(snapshot.line) - len(line))
        snapshot = with_fields(snapshot, line=line, total=total, next=None)
    elif name == "resume":
        parked = [entry for entry in snapshot.parked if entry.ticket != ticket.id]
        snapshot = with_fields(snapshot, parked=parked)
    elif name == "requeue":
        missed = [entry for entry in snapshot.missed if entry.ticket != ticket.id]
        snapshot = with_fields(snapshot, missed=missed)
    elif name == "undo":
        snapshot = with_fields(snapshot, undo=None)
    if name == "recall" and snapshot.recalls_left:
        snapshot = with_fields(snapshot, recalls_left=snapshot.recalls_left - 1)
    return snapshot
