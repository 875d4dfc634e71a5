"""The branch's days told again from the stored events by somebody who knows only the rules.

Plain and slow on purpose: no code of the domain is used, every rule is written down a second
time from protocol.md, and who is next is found by looking at everyone who waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.simulation.broken_law import demand

Body = Mapping[str, Any]
Rank = tuple[int, int, int]

# From protocol.md, Moves: what happened, from which states, and to which (None: the same).
MOVES: dict[str, tuple[frozenset[str], str | None]] = {
    "TicketCalled": (frozenset({"waiting"}), "called"),
    "TicketRecalled": (frozenset({"called"}), "called"),
    "ServiceStarted": (frozenset({"called"}), "serving"),
    "ServiceFinished": (frozenset({"serving"}), "finished"),
    "TicketParked": (frozenset({"called", "serving"}), "parked"),
    "TicketResumed": (frozenset({"parked"}), "called"),
    "TicketTransferred": (frozenset({"waiting", "called", "serving", "parked"}), "waiting"),
    "NoShowRecorded": (frozenset({"called"}), "no-show"),
    "TicketRequeued": (frozenset({"no-show"}), "waiting"),
    "TicketCancelled": (frozenset({"waiting", "called", "parked"}), "cancelled"),
    "TicketExpired": (frozenset({"waiting", "parked"}), "expired"),
    "TicketTakenAlong": (frozenset({"called", "serving"}), None),
}
HELD = frozenset({"called", "serving"})
OPEN = HELD | {"waiting", "parked"}
PRIORITY_TARGET_S = 600


@dataclass(frozen=True)
class Rulebook:
    """What the branch set, as far as the laws need it. ``services``: letter and target wait."""

    services: Mapping[str, tuple[str, int]]
    counters: Mapping[int, tuple[str, ...]]
    discipline: str
    priority_letter: str
    number_last: int | None
    grace_places: int
    utc_offset: timedelta
    day_starts: timedelta


@dataclass(slots=True)
class Told:
    """A ticket as it was told."""

    id: str
    number: str
    service: str
    priority: str
    issued_ms: int
    arrival: int
    rank: Rank
    # Nobody placed it by hand, so its place follows from its arrival alone.
    by_arrival: bool = True
    state: str = "waiting"
    counter: int | None = None
    to_counter: int | None = None
    to_staff: str | None = None
    call_count: int = 0
    copies: int = 0
    rated: bool = False

    @property
    def line(self) -> tuple[str, object]:
        """Where it waits."""
        if self.to_staff is not None:
            return "staff", self.to_staff
        if self.to_counter is not None:
            return "counter", self.to_counter
        return "service", self.service


@dataclass(slots=True)
class ToldDay:
    """A business day as it was told."""

    date: str
    tickets: dict[str, Told] = field(default_factory=dict)
    waiting: dict[str, Told] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    serials: dict[str, int] = field(default_factory=dict)
    holds: dict[int, str] = field(default_factory=dict)
    desks: dict[int, str] = field(default_factory=dict)
    seats: dict[str, tuple[str, int | None]] = field(default_factory=dict)
    announcements: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)


class Retelling:
    """Hears every stored event once, in order, and says which law it breaks."""

    def __init__(self, rules: Rulebook) -> None:
        self.rules = rules
        self.day = ToldDay("")
        self.closed_ms: dict[str, int] = {}
        # Those that ended since somebody last compared them with the tables.
        self.last_days: list[ToldDay] = []
        self.ever_issued: set[str] = set()
        self._last_ms = 0

    def hear(self, seq: int, at_ms: int, date: str, asked: bool, body: Body) -> None:
        """One event; ``asked`` when a command caused it."""
        kind = body["type"]
        demand(at_ms >= self._last_ms, "I11", "time went back at event", seq)
        self._last_ms = at_ms
        if kind == "DayOpened":
            self._open_day(seq, at_ms, date)
            return
        demand(date == self.day.date, "F14", kind, "of", date, "on the day", self.day.date)
        demand(date not in self.closed_ms, "F14", kind, "on the closed day", date)
        if asked:
            right = self.date_of(at_ms)
            demand(date == right, "F14", kind, "written to", date, "but it is", right)
        if kind in MOVES:
            self._move(seq, at_ms, kind, body)
        else:
            getattr(self, f"_hear_{kind}")(seq, at_ms, body)

    def date_of(self, at_ms: int) -> str:
        """The business day of an instant."""
        local = datetime.fromtimestamp(at_ms / 1000, UTC) + self.rules.utc_offset
        return (local - self.rules.day_starts).date().isoformat()

    # Days.

    def _open_day(self, seq: int, at_ms: int, date: str) -> None:
        before = self.day.date
        demand(date > before, "F15", "day", date, "opened after", before)
        demand(date == self.date_of(at_ms), "F14", "day", date, "opened at", at_ms)
        demand(not before or before in self.closed_ms, "F14", before, "was never closed")
        if before:
            self.last_days.append(self.day)
        self.day = ToldDay(date)

    def _hear_DayClosed(self, seq: int, at_ms: int, body: Body) -> None:
        day = self.day
        still_open = [one.number for one in day.tickets.values() if one.state in OPEN]
        demand(not still_open, "I11", "the day ends with open tickets", still_open)
        demand(not day.seats, "F14", "the day ends with people signed in", day.seats)
        opened = [number for number, state in day.desks.items() if state != "closed"]
        demand(not opened, "F14", "the day ends with open counters", opened)
        self.closed_ms[day.date] = at_ms

    # People and counters.

    def _hear_StaffSignedIn(self, seq: int, at_ms: int, body: Body) -> None:
        day, counter = self.day, body.get("counter")
        sitting = [seat for seat in day.seats.values() if seat[0] == body["staff"]]
        demand(not sitting, "I4", body["staff"], "sits in two places")
        if counter is not None:
            there = [device for device, seat in day.seats.items() if seat[1] == counter]
            demand(not there, "I4", "two people at counter", counter)
        demand(body["device"] not in day.seats, "I4", "two people at", body["device"])
        day.seats[body["device"]] = (body["staff"], counter)

    def _hear_StaffSignedOut(self, seq: int, at_ms: int, body: Body) -> None:
        seat = self.day.seats.pop(body["device"], None)
        demand(seat is not None and seat[0] == body["staff"], "I3", "nobody to sign out", body)

    def _hear_CounterOpened(self, seq: int, at_ms: int, body: Body) -> None:
        self.day.desks[body["counter"]] = "open"

    def _hear_CounterPaused(self, seq: int, at_ms: int, body: Body) -> None:
        self._demand_free(body["counter"])
        self.day.desks[body["counter"]] = "paused"

    def _hear_CounterClosed(self, seq: int, at_ms: int, body: Body) -> None:
        self._demand_free(body["counter"])
        self.day.desks[body["counter"]] = "closed"

    def _demand_free(self, counter: int) -> None:
        held = self.day.holds.get(counter)
        demand(held is None, "I4", "counter", counter, "rests while it holds", held)

    def _staff_at(self, counter: int) -> str | None:
        seats = self.day.seats.values()
        return next((staff for staff, place in seats if place == counter), None)

    # Numbers.

    def _hear_TicketIssued(self, seq: int, at_ms: int, body: Body) -> None:
        day, rules, priority = self.day, self.rules, body.get("priority", "none")
        letter, _ = rules.services[body["service"]]
        series = rules.priority_letter if priority != "none" and rules.priority_letter else letter
        serial = day.serials.get(series, 0) + 1
        number = f"{series}{serial:03d}"
        given = (body["series"], body["serial"], body["number"])
        demand(given == (series, serial, number), "I2", given, "should be", number)
        demand(number not in day.numbers, "I2", number, "was given twice on", day.date)
        last = rules.number_last
        demand(last is None or serial <= last, "I2", number, "is beyond the range")
        demand(body["ticket"] not in self.ever_issued, "I2", "ticket id twice", body["ticket"])
        day.serials[series] = serial
        day.numbers.add(number)
        self.ever_issued.add(body["ticket"])
        ticket = Told(
            body["ticket"], number, body["service"], priority, at_ms, seq, tuple(body["rank"])
        )
        due = (self._due_ms(ticket, ticket.service), seq, 0)
        demand(ticket.rank == due, "I5", number, "has the place", ticket.rank, "instead of", due)
        day.tickets[ticket.id] = day.waiting[ticket.id] = ticket
        if body.get("print_at") is not None:
            day.jobs[body["job"]] = ticket.id
            ticket.copies = 1

    def _due_ms(self, ticket: Told, service: str) -> int:
        if self.rules.discipline == "first-come":
            return ticket.issued_ms
        target_s = self.rules.services[service][1]
        if ticket.priority == "urgent":
            target_s = 0
        elif ticket.priority != "none":
            target_s = min(target_s, PRIORITY_TARGET_S)
        return ticket.issued_ms + target_s * 1000

    def _hear_TicketReprinted(self, seq: int, at_ms: int, body: Body) -> None:
        ticket = self._known(body)
        ticket.copies += 1
        demand(body["copy"] == ticket.copies, "I9", "copy", body["copy"], "of", ticket.number)
        demand(ticket.state in OPEN, "I3", "paper for", ticket.number, "in", ticket.state)
        self.day.jobs[body["job"]] = ticket.id

    def _hear_PrintRecorded(self, seq: int, at_ms: int, body: Body) -> None:
        demand(self.day.jobs.get(body["job"]) == body["ticket"], "I9", "no such job", body)

    def _hear_AnnouncementConfirmed(self, seq: int, at_ms: int, body: Body) -> None:
        demand(body["announcement"] in self.day.announcements, "I10", "no such call", body)

    def _hear_ServiceRated(self, seq: int, at_ms: int, body: Body) -> None:
        ticket = self._known(body)
        demand(ticket.state == "finished", "I3", "rated in", ticket.state)
        demand(not ticket.rated, "I6", ticket.number, "was rated twice")
        ticket.rated = True

    # Tickets.

    def _known(self, body: Body) -> Told:
        ticket = self.day.tickets.get(body["ticket"])
        demand(ticket is not None, "I3", body["type"], "of an unknown ticket")
        assert ticket is not None
        return ticket

    def _move(self, seq: int, at_ms: int, kind: str, body: Body) -> None:
        day, ticket = self.day, self._known(body)
        sources, target = MOVES[kind]
        lawful = ticket.state in sources
        demand(lawful, "I3", kind, "of", ticket.number, "which is", ticket.state)
        counter = body.get("counter") if kind != "TicketTransferred" else None
        if kind in ("TicketCalled", "TicketResumed"):
            self._demand_may_call(ticket, body)
        if kind == "TicketCalled" and not body.get("chosen", False):
            self._demand_next(ticket, body)
        if ticket.state in HELD:
            at = ticket.counter
            demand(at is not None and day.holds.get(at) == ticket.id, "I4", ticket.number, "free")
            here = counter is None or kind == "TicketTakenAlong" or counter == at
            demand(here, "I4", kind, "of", ticket.number, "by", counter, "but it is at", at)
            if kind == "TicketTakenAlong" or target not in HELD:
                day.holds.pop(ticket.counter or 0, None)
                ticket.counter = None
        if kind in ("TicketCalled", "TicketResumed", "TicketTakenAlong"):
            there = day.holds.get(body["counter"])
            demand(there is None, "I4", "counter", body["counter"], "holds", there, "already")
            day.holds[body["counter"]] = ticket.id
            ticket.counter = body["counter"]
        day.waiting.pop(ticket.id, None)
        ticket.state = target or ticket.state
        if "announcement" in body:
            day.announcements[body["announcement"]] = ticket.id
            ticket.call_count = ticket.call_count + 1 if kind == "TicketRecalled" else 1
        if ticket.state == "waiting":
            self._place(ticket, kind, body)

    def _demand_may_call(self, ticket: Told, body: Body) -> None:
        counter = body["counter"]
        state = self.day.desks.get(counter, "closed")
        demand(state == "open", "I3", "counter", counter, "called while it was", state)
        staff = self._staff_at(counter)
        demand(staff == body["staff"], "I4", "called by", body["staff"], "but there sits", staff)

    def _demand_next(self, ticket: Told, body: Body) -> None:
        """Law I5: nobody whom this counter may serve stood before."""
        served, counter, staff = (
            self.rules.counters[body["counter"]],
            body["counter"],
            body["staff"],
        )
        eligible = [
            one
            for one in self.day.waiting.values()
            if (
                one.to_staff == staff
                if one.to_staff is not None
                else one.to_counter == counter
                if one.to_counter is not None
                else one.service in served
            )
        ]
        first = min(eligible, key=lambda one: (one.rank, one.id), default=None)
        number = first.number if first is not None else "nobody"
        demand(first is ticket, "I5", ticket.number, "was called before", number)

    def _place(self, ticket: Told, kind: str, body: Body) -> None:
        """Where a ticket comes back into a line."""
        if kind == "TicketTransferred":
            ticket.service = body["service"]
            ticket.to_counter, ticket.to_staff = body.get("counter"), body.get("to_staff")
        rank: Rank = tuple(body["rank"])
        line = [one for one in self.day.waiting.values() if one.line == ticket.line]
        before = sum(one.rank < rank for one in line)
        same = [one.number for one in line if one.rank == rank]
        demand(not same, "I5", ticket.number, "shares its place with", same)
        position = body.get("position")
        ticket.by_arrival = False
        if kind == "TicketRequeued":
            self._demand_grace(ticket, rank, line)
        elif position == "first":
            demand(before == 0, "I5", ticket.number, "placed first, behind", before)
        elif position == "last":
            demand(before == len(line), "I5", ticket.number, "placed last, before some")
        else:
            ticket.by_arrival = True
            self._demand_by_arrival(ticket, rank, line)
        ticket.rank = rank
        self.day.waiting[ticket.id] = ticket

    def _demand_grace(self, ticket: Told, rank: Rank, line: list[Told]) -> None:
        """Behind so many people, and behind those who came back to this place before."""
        wanted = min(self.rules.grace_places, len(line))
        ranks = sorted(one.rank for one in line)
        before = sum(one < rank for one in ranks)
        same_place = [one for one in ranks[wanted:before] if one[:2] == rank[:2]]
        right = before == wanted + len(same_place)
        demand(right, "I5", ticket.number, "came back behind", before, "people of", len(line))

    def _demand_by_arrival(self, ticket: Told, rank: Rank, line: list[Told]) -> None:
        mine = (self._due_ms(ticket, ticket.service), ticket.arrival)
        for one in line:
            theirs = (self._due_ms(one, one.service), one.arrival)
            right = not one.by_arrival or (one.rank < rank) == (theirs < mine)
            demand(right, "I5", ticket.number, "is on the wrong side of", one.number)
