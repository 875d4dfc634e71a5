"""A day counted again from its stored events by somebody who knows only docs/figures.md.

Plain and slow on purpose: no table beside ``event`` is read, no code of ``db``, ``report`` or the
domain is used, and nothing here is fast.
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from typing import Any

Body = Mapping[str, Any]
HELD = ("called", "serving")
OPEN = ("waiting", "called", "serving", "parked")


@dataclass
class Stretch:
    state: str
    since: int
    service: str
    counter: int | None = None
    until: int | None = None

    @property
    def lasted(self) -> int:
        assert self.until is not None
        return self.until - self.since


@dataclass
class Ticket:
    id: str
    number: str
    issued: int
    service: str
    priority: str
    promised: tuple[int, int] | None
    screening: str | None
    offline: bool
    print: str
    state: str = "waiting"
    counter: int | None = None
    stretches: list[Stretch] = field(default_factory=list)
    ended: int | None = None
    outcome: str = ""
    category: str = ""
    cause: str = ""
    education: list[str] = field(default_factory=list)
    late: bool = False

    def go(self, state: str, at: int, counter: int | None, service: str | None = None) -> None:
        """Into a new state; a no-show is away and has no stretch."""
        if self.stretches[-1].until is None:
            self.stretches[-1].until = at
        self.state, self.counter = state, counter
        self.service = service or self.service
        if state in OPEN:
            self.stretches.append(Stretch(state, at, self.service, counter))
            self.ended = None
        else:
            self.ended = at

    @property
    def first_call(self) -> int | None:
        return next((one.since for one in self.stretches if one.state == "called"), None)

    def total(self, state: str, **where: Any) -> int | None:
        """The ended stretches in a state together, in ms; None without any that counts."""
        counts = {
            "waiting": self.first_call is not None,
            "called": any(one.state == "serving" for one in self.stretches),
            "serving": self.state == "finished",
        }
        known = [
            one.lasted
            for one in self.stretches
            if one.state == state
            and one.until is not None
            and all(getattr(one, name) == value for name, value in where.items())
        ]
        return sum(known) if known and counts[state] else None


@dataclass
class Desk:
    """A counter's own history: its states, and when it held a number."""

    states: list[tuple[int, str, str]] = field(default_factory=list)
    holds: list[tuple[int, bool]] = field(default_factory=list)


class Recount:
    """One day; hear every event of it, then ask."""

    def __init__(self, date: str, zone: tzinfo) -> None:
        self.date, self.zone = date, zone
        self.tickets: dict[str, Ticket] = {}
        self.desks: dict[int, Desk] = defaultdict(Desk)
        self.screenings: dict[str, Body] = {}
        self.screened_at: list[int] = []
        self.screening_tickets: dict[str, set[str]] = defaultdict(set)
        self.guests_at: list[int] = []
        self.sent_home: list[tuple[int, str, str]] = []
        self.reprints: list[str] = []
        self.print_said: dict[str, set[str]] = defaultdict(set)
        self.last_print: dict[str, str] = {}
        self.last_job: dict[str, str] = {}
        self.slips_failed: set[str] = set()
        self.calls: dict[str, tuple[str, int]] = {}
        self.spoken: set[str] = set()
        self.ratings: dict[str, Body] = {}
        self.corrections: list[Body] = []
        self.bookings: dict[str, str] = {}
        self.surveys = 0
        self.filed = 0
        self.targets: dict[str, int] = {}
        self.closed: int | None = None
        self.last_at = 0
        # What may be taken back: each ticket as it was before each event, with its command.
        self._before: list[tuple[int, str | None, str, Ticket]] = []

    # Hearing.

    def hear(self, seq: int, at: int, command: str | None, body: Body) -> None:
        kind = body["type"]
        self.last_at = at
        known = self.tickets.get(body.get("ticket") or "")
        if known is not None:
            self._before.append((seq, command, known.id, deepcopy(known)))
        method = getattr(self, f"_{kind}", None)
        if method is not None:
            method(at, body, known)
        self._note_holds(at)

    def _note_holds(self, at: int) -> None:
        holding = {one.counter for one in self.tickets.values() if one.state in HELD}
        for number, desk in self.desks.items():
            if not desk.holds or desk.holds[-1][1] != (number in holding):
                desk.holds.append((at, number in holding))

    def _DayOpened(self, at: int, body: Body, _: Any) -> None:
        self.targets = body.get("target_waits_s") or self.targets

    _BranchConfigured = _DayOpened

    def _DayClosed(self, at: int, body: Body, _: Any) -> None:
        self.closed = at

    def _DayReopened(self, at: int, body: Body, _: Any) -> None:
        self.closed = None

    def _TicketIssued(self, at: int, body: Body, _: Any) -> None:
        issued = body.get("issued_at_ms") or at
        promised = body.get("promised_s")
        ticket = self.tickets[body["ticket"]] = Ticket(
            id=body["ticket"],
            number=body["number"],
            issued=issued,
            service=body["service"],
            priority=body.get("priority", "none"),
            promised=tuple(promised) if promised else None,
            screening=body.get("screening"),
            offline=body.get("offline", False),
            print=body.get("print", "none"),
        )
        ticket.stretches.append(Stretch("waiting", issued, ticket.service))
        self.last_job[ticket.id] = body.get("job") or ticket.id
        self.last_print[ticket.id] = "pending" if body.get("job") else body.get("print", "none")
        if ticket.screening is not None:
            self.screening_tickets[ticket.screening].add(ticket.id)

    def hear_late(self, body: Body) -> None:
        """A number of this day that an event of a later day told of."""
        self._TicketIssued(body["issued_at_ms"], {**body, "offline": True}, None)
        ticket = self.tickets[body["ticket"]]
        ticket.go("expired", body["ended_at_ms"], None)
        ticket.late = True

    def _TicketCalled(self, at: int, body: Body, ticket: Any) -> None:
        ticket.go("called", at, body["counter"])
        self.calls[body["announcement"]] = ticket.id, body["expires_at_ms"]

    _TicketResumed = _TicketCalled

    def _TicketRecalled(self, at: int, body: Body, ticket: Any) -> None:
        self.calls[body["announcement"]] = ticket.id, body["expires_at_ms"]

    def _ServiceStarted(self, at: int, body: Body, ticket: Any) -> None:
        ticket.go("serving", at, body["counter"])

    def _ServiceFinished(self, at: int, body: Body, ticket: Any) -> None:
        ticket.go("finished", at, ticket.counter)
        ticket.outcome, ticket.category = body["outcome"], body.get("category") or ""
        ticket.cause, ticket.education = body.get("cause") or "", body.get("education", [])

    def _NoShowRecorded(self, at: int, body: Body, ticket: Any) -> None:
        ticket.go("no-show", at, ticket.counter)

    def _TicketRequeued(self, at: int, body: Body, ticket: Any) -> None:
        ticket.go("waiting", at, None)

    def _TicketTransferred(self, at: int, body: Body, ticket: Any) -> None:
        ticket.go("waiting", at, None, body["service"])

    def _TicketCorrected(self, at: int, body: Body, ticket: Any) -> None:
        ticket.go("waiting", at, None, body["service"])
        ticket.priority = body["priority"]

    def _ServiceContinued(self, at: int, body: Body, ticket: Any) -> None:
        if body.get("rank") is None:
            ticket.go("serving", at, body["counter"], body["service"])
        else:
            ticket.go("waiting", at, None, body["service"])

    def _TicketParked(self, at: int, body: Body, ticket: Any) -> None:
        ticket.go("parked", at, None)

    def _TicketTakenAlong(self, at: int, body: Body, ticket: Any) -> None:
        ticket.go(ticket.state, at, body["counter"])

    def _TicketCancelled(self, at: int, body: Body, ticket: Any) -> None:
        ticket.go("cancelled", at, ticket.counter)

    def _TicketExpired(self, at: int, body: Body, ticket: Any) -> None:
        ticket.go("expired", at, None)

    def _LastUndone(self, at: int, body: Body, ticket: Any) -> None:
        undone = next(one for one in self._before if one[0] == body["undone_seq"])
        self._put_back(body["ticket"], undone[0], undone[1])
        if body.get("called"):
            self._put_back(body["called"], undone[0], undone[1])
        self.calls.pop(body.get("announcement") or "", None)

    def _put_back(self, ticket: str, seq: int, command: str | None) -> None:
        """As it was before the first event of the command that is taken back."""
        of_command = [
            one
            for one in self._before
            if one[2] == ticket and (one[0] == seq or (command and one[1] == command))
        ]
        self.tickets[ticket] = deepcopy(of_command[0][3])

    def _PrintRecorded(self, at: int, body: Body, ticket: Any) -> None:
        self.print_said[body["ticket"]].add(body["outcome"])
        if self.last_job.get(body["ticket"]) == body["job"]:
            self.last_print[body["ticket"]] = body["outcome"]

    def _TicketReprinted(self, at: int, body: Body, ticket: Any) -> None:
        self.reprints.append(body["ticket"])
        self.last_job[body["ticket"]], self.last_print[body["ticket"]] = body["job"], "pending"

    def _SlipRecorded(self, at: int, body: Body, _: Any) -> None:
        if body["outcome"] != "printed":
            self.slips_failed.add(body["job"])

    def _AnnouncementConfirmed(self, at: int, body: Body, _: Any) -> None:
        if body["outcome"] == "spoken":
            self.spoken.add(body["announcement"])

    def _ServiceRated(self, at: int, body: Body, _: Any) -> None:
        self.ratings[body["ticket"]] = body

    def _VisitorScreened(self, at: int, body: Body, _: Any) -> None:
        self.screenings[body["screening"]] = body
        self.screened_at.append(at)

    def _GuestRecorded(self, at: int, body: Body, _: Any) -> None:
        self.guests_at.append(at)

    def _ChannelChosen(self, at: int, body: Body, _: Any) -> None:
        self.sent_home.append((at, body["service"], body["channel"]))

    def _ComplaintFiled(self, at: int, body: Body, _: Any) -> None:
        self.filed += 1

    def _SurveyAnswered(self, at: int, body: Body, _: Any) -> None:
        self.surveys += 1

    def _TicketBooked(self, at: int, body: Body, _: Any) -> None:
        self.bookings[body["booking"]] = "open"

    def _BookingCancelled(self, at: int, body: Body, _: Any) -> None:
        self.bookings[body["booking"]] = "cancelled"

    def _BookingLapsed(self, at: int, body: Body, _: Any) -> None:
        self.bookings[body["booking"]] = "lapsed"

    def _BookingCheckedIn(self, at: int, body: Body, _: Any) -> None:
        self.bookings[body["booking"]] = "checked_in"

    def _CounterOpened(self, at: int, body: Body, _: Any) -> None:
        self.desks[body["counter"]].states.append((at, "open", ""))

    def _CounterPaused(self, at: int, body: Body, _: Any) -> None:
        self.desks[body["counter"]].states.append((at, "paused", body["reason"]))

    def _CounterClosed(self, at: int, body: Body, _: Any) -> None:
        self.desks[body["counter"]].states.append((at, "closed", ""))

    # Asking.

    def hour(self, at: int) -> int:
        return datetime.fromtimestamp(at / 1000, UTC).astimezone(self.zone).hour

    def newest(self, ticket: Ticket, name: str) -> Any:
        """A field of a finished ticket's record in its newest version."""
        value = getattr(ticket, name)
        for one in self.corrections:
            if (one["ticket"], one["field"]) == (ticket.id, name):
                value = one["after"]
                if name == "education":
                    value = [code for code in one["after"].split(",") if code]
        return value

    def desk_times(self, number: int, now: int) -> dict[str, Any]:
        """Seconds in which a counter was open, served meanwhile, and paused by reason."""
        desk = self.desks[number]
        served = opened = 0
        paused: Counter[str] = Counter()
        # Of a closed day the last state stays as it is, and is none that is counted.
        edges = [*desk.states, *([(now, "end", "")] if self.closed is None else [])]
        for (since, state, reason), (until, _, _) in pairwise(edges):
            if state == "open":
                opened += until - since
                served += sum(
                    max(0, min(until, to) - max(since, at)) for at, to in _held(desk, until)
                )
            elif state == "paused":
                paused[reason] += until - since
        return {"open": opened / 1000, "serving": served / 1000, "paused": paused}


def _held(desk: Desk, until: int) -> Iterable[tuple[int, int]]:
    edges = [*desk.holds, (until, False)]
    for (at, holds), (to, _) in pairwise(edges):
        if holds:
            yield at, to


def ranked(lengths: Iterable[int], tenths: int) -> float | None:
    """The smallest length that so many tenths of all do not exceed, in seconds."""
    ordered = sorted(lengths)
    if not ordered:
        return None
    return ordered[math.ceil(len(ordered) * tenths / 10) - 1] / 1000


def recount_days(rows: Iterable[tuple[Any, ...]], zone: tzinfo) -> dict[str, Recount]:
    """Every day from all rows of the events (seq, at_ms, business_date, command_id, body)."""
    days: dict[str, Recount] = {}
    for seq, at, date, command, text in rows:
        body = json.loads(text)
        day = days.setdefault(date, Recount(date, zone))
        kind = body["type"]
        if kind == "EarlierTicketMerged":
            days.setdefault(body["of_date"], Recount(body["of_date"], zone)).hear_late(body)
        elif kind == "RecordCorrected":
            days[body["of_date"]].corrections.append(body)
        else:
            day.hear(seq, at, command, body)
    return days
