"""A past day as it really was: who came when, how long the counters needed, who was there.

Everything is read off a day that was told again from its events, so that a rerun under another
rule meets the same visitors.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from server.domain.attendance import IDLE_WITH_LINE, SERVING
from server.domain.branch import Skills
from server.domain.branch_day import BranchDay
from server.domain.events import (
    CounterServicesSet,
    DayClosed,
    DayOpened,
    DisciplineSet,
    Recorded,
    StaffServicesSet,
)
from server.domain.ticket import Ticket, TicketPeriod, TicketState

_S = TicketState
USUAL_WAY_MS = 30_000
"""From call to arrival, on a day on which nobody came to a counter."""

Change = DisciplineSet | CounterServicesSet | StaffServicesSet


@dataclass(frozen=True, slots=True)
class Errand:
    """One service of a visit: the way to the counter and the service, as long as they took.

    Both are None where nobody was ever called for it.
    """

    service: str
    way_ms: int | None = None
    service_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A ticket of the day. ``ending``: ``served``, or how the last call ended: ``no-show``,
    ``cancelled``. ``leaves_at_ms``: when the visitor gave up, had nobody called before."""

    ticket: str
    issued_at_ms: int
    errands: tuple[Errand, ...]
    ending: str = "served"
    leaves_at_ms: int | None = None
    priority: str = "none"
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Shift:
    """A stretch in which somebody had a counter open."""

    counter: int
    staff: str
    from_ms: int
    to_ms: int


@dataclass(frozen=True, slots=True)
class Past:
    """What a rerun starts from. ``changes`` are what a manager set on the day, with its instant.

    ``between_calls_ms``: so long, on an average, a counter is free before it calls while people
    wait; near the limit of what counters can do these seconds make the lines.
    """

    business_date: str
    visits: tuple[Visit, ...]
    shifts: tuple[Shift, ...]
    changes: tuple[tuple[int, Change], ...]
    closed_at_ms: int
    between_calls_ms: int = 0
    # Who might serve what by the catalogue of that day; a person who is not named: everything.
    counters: Mapping[int, Skills] = field(default_factory=dict)
    staff: Mapping[str, Skills] = field(default_factory=dict)
    # The rule by which that day began; empty on a day from before this was written down.
    discipline: str = ""

    @property
    def services(self) -> frozenset[str]:
        """The services that somebody came for."""
        return frozenset(errand.service for visit in self.visits for errand in visit.errands)


def past_of(day: BranchDay, entries: Sequence[Recorded]) -> Past:
    """``day`` was told from these entries and has ended; its changes were not taken yet."""
    assert day.closed
    periods: dict[str, list[TicketPeriod]] = {}
    for (of_ticket, _), period in sorted(day.changes.periods.items()):
        periods.setdefault(of_ticket, []).append(period)
    # A day may have been opened again after a first close.
    closed_at_ms = max(one.at_ms for one in entries if isinstance(one.event, DayClosed))
    visits = [_visit(ticket, periods[ticket.id], closed_at_ms) for ticket in day.tickets.values()]
    return Past(
        business_date=day.business_date,
        visits=_with_usual_times(visits, day),
        shifts=tuple(_shifts(day, closed_at_ms)),
        changes=tuple(
            (entry.at_ms, entry.event) for entry in entries if isinstance(entry.event, Change)
        ),
        closed_at_ms=closed_at_ms,
        between_calls_ms=_between_calls_ms(day),
        counters=day.configured_counters
        or {number: counter.skills for number, counter in day.branch.counters.items()},
        staff=day.configured_staff if day.configured_services else day.branch.staff_skills,
        discipline=next((one.discipline for one in _openings(entries)), ""),
    )


def _openings(entries: Iterable[Recorded]) -> Iterator[DayOpened]:
    return (one.event for one in entries if isinstance(one.event, DayOpened))


def _between_calls_ms(day: BranchDay) -> int:
    """Time in which a counter stood idle before a line, per call; breaks do not count."""
    idle_ms, order = 0, sorted(day.changes.counter_periods)
    for key, following in pairwise(order):
        period, after = (day.changes.counter_periods[one] for one in (key, following))
        at_one = period.counter == after.counter
        if at_one and period.activity == IDLE_WITH_LINE and after.activity == SERVING:
            idle_ms += after.started_at_ms - period.started_at_ms
    return idle_ms // max(1, len(day.calls_made))


def _visit(ticket: Ticket, periods: Sequence[TicketPeriod], closed_at_ms: int) -> Visit:
    last = periods[-1].state
    ended_waiting = ticket.state in (_S.CANCELLED, _S.EXPIRED) and last is _S.WAITING
    errands = _errands(periods)
    held = [one for one in errands if one.way_ms is not None]
    if ended_waiting and errands[-1].way_ms is None:
        held.append(errands[-1])
    ending = "served"
    if ticket.state is _S.NO_SHOW or (ticket.state is _S.CANCELLED and last is _S.CALLED):
        ending = ticket.state.value
    assert ticket.ended_at_ms is not None
    sent_away = ticket.state is _S.EXPIRED and ticket.ended_at_ms < closed_at_ms
    gave_up = sent_away or (ticket.state is _S.CANCELLED and last is not _S.CALLED)
    return Visit(
        ticket=ticket.id,
        issued_at_ms=ticket.issued_at_ms,
        errands=tuple(held or errands[-1:]),
        ending=ending,
        leaves_at_ms=ticket.ended_at_ms if gave_up else None,
        priority=ticket.priority,
        weight=ticket.weight,
    )


def _errands(periods: Iterable[TicketPeriod]) -> list[Errand]:
    """One errand each time that the visitor waits for another service than before."""
    errands: list[Errand] = []
    for period in periods:
        if period.state is _S.WAITING and (not errands or errands[-1].service != period.service):
            errands.append(Errand(period.service))
        if period.state in (_S.CALLED, _S.SERVING):
            assert period.ended_at_ms is not None
            lasted_ms = period.ended_at_ms - period.started_at_ms
            way_ms, service_ms = errands[-1].way_ms or 0, errands[-1].service_ms or 0
            if period.state is _S.CALLED:
                way_ms += lasted_ms
            else:
                service_ms += lasted_ms
            errands[-1] = replace(errands[-1], way_ms=way_ms, service_ms=service_ms)
    return errands


def _with_usual_times(visits: Sequence[Visit], day: BranchDay) -> tuple[Visit, ...]:
    """Whoever was never called would have taken as long as is usual for the service."""
    known: dict[str, list[Errand]] = {}
    for visit in visits:
        for errand in visit.errands:
            if errand.service_ms:
                known.setdefault(errand.service, []).append(errand)
    usual = {service: _usual(errands) for service, errands in known.items()}
    return tuple(
        replace(visit, errands=tuple(_filled(one, usual, day) for one in visit.errands))
        for visit in visits
    )


def _usual(errands: Sequence[Errand]) -> tuple[int, int]:
    """The median way and the median service."""
    middle = len(errands) // 2
    ways = sorted(one.way_ms or 0 for one in errands)
    services = sorted(one.service_ms or 0 for one in errands)
    return ways[middle], services[middle]


def _filled(errand: Errand, usual: Mapping[str, tuple[int, int]], day: BranchDay) -> Errand:
    if errand.way_ms is not None:
        return errand
    known = day.branch.services.get(errand.service)
    target_ms = known.target_service_s * 1000 if known is not None else 0
    way_ms, service_ms = usual.get(errand.service, (USUAL_WAY_MS, target_ms))
    return replace(errand, way_ms=way_ms, service_ms=service_ms)


def _shifts(day: BranchDay, closed_at_ms: int) -> list[Shift]:
    """Stretches of one person at one counter follow each other without a gap: they are one."""
    shifts: list[Shift] = []
    for (counter, _), period in sorted(day.changes.counter_periods.items()):
        if period.state != "open":
            continue
        to_ms = closed_at_ms if period.ended_at_ms is None else period.ended_at_ms
        shift = Shift(counter, period.staff or "", period.started_at_ms, to_ms)
        before = shifts[-1] if shifts else None
        if (
            before is not None
            and (before.counter, before.staff) == (counter, shift.staff)
            and before.to_ms == shift.from_ms
        ):
            shift = replace(before, to_ms=to_ms)
            shifts.pop()
        shifts.append(shift)
    return shifts
