"""Taking in the numbers that a kiosk gave while it had no link, oldest first.

The paper exists and a visitor holds it, so what can be taken in is never refused for being late,
closed or unusual: only a number that would stand twice, or that this kiosk may not give, is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.events import (
    AnyEvent,
    EarlierTicketMerged,
    PrintRecorded,
    Rank,
    TicketCancelled,
    TicketExpired,
    TicketIssued,
)
from server.domain.hall_lease import LeasedSeries
from server.domain.leasing import SERIAL_MOST, day_begins_ms
from server.domain.placing import service_of
from server.domain.ticket import Ticket, TicketState

MADE_WAY = "offline"
"""The reason of a ticket that made way for the one that the kiosk gave instead."""

_MAKES_WAY = frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.PARKED})
_UNTOLD = "pending"


@dataclass(frozen=True, slots=True)
class OfflineIssue:
    """A number that a kiosk gave alone; ``link`` is made for it now.

    ``instead_of`` is the ticket that the command whose answer was lost made, if it made one.
    """

    ticket: str
    number: str
    series: str
    serial: int
    service: str
    business_date: str
    issued_at_ms: int
    link: str
    priority: str = "none"
    needs: Sequence[str] = ()
    language: str = "id"
    print: str = "none"
    copies: int = 0
    instead_of: str | None = None

    @property
    def place(self) -> "Place":
        """What no other ticket may have."""
        return self.business_date, self.series, self.serial


Place = tuple[str, str, int]
"""A number: business date, series, serial."""


@dataclass(frozen=True, slots=True)
class OnDisk:
    """What is known of earlier days: the places of these tickets, and whose these places are."""

    places: Mapping[str, Place] = field(default_factory=dict)
    tickets: Mapping[Place, str] = field(default_factory=dict)


def decide_merge(
    day: BranchDay, device: str, offline: Sequence[OfflineIssue], on_disk: OnDisk, now_ms: int
) -> list[AnyEvent]:
    """All or nothing; a ticket that is known stays as it is, but for the word on its paper."""
    merging = _Merging(day, device, on_disk, now_ms)
    for one in offline:
        merging.take_in(one)
    return merging.events


class _Merging:
    """One command: each ticket sees what those before it did."""

    def __init__(self, day: BranchDay, device: str, on_disk: OnDisk, now_ms: int) -> None:
        self.events: list[AnyEvent] = []
        self._day, self._device, self._now_ms = day, device, now_ms
        self._places = dict(on_disk.places)
        self._tickets = dict(on_disk.tickets)
        for known in day.merged_earlier.values():
            self._note(known.ticket, (known.of_date, known.series, known.serial))
        self._gone: set[str] = set()
        self._last_ms = dict(day.offline_last_ms)

    def _note(self, ticket: str, place: Place) -> None:
        self._places[ticket], self._tickets[place] = place, ticket

    def _place_of(self, ticket_id: str) -> Place | None:
        ticket = self._day.tickets.get(ticket_id)
        if ticket is not None:
            return self._day.business_date, ticket.series, ticket.serial
        return self._places.get(ticket_id)

    def _whose(self, place: Place) -> str | None:
        business_date, series, serial = place
        if business_date == self._day.business_date:
            found = self._day.offline_serials.get(series, {}).get(serial)
            if found is not None:
                return found
        return self._tickets.get(place)

    def take_in(self, one: OfflineIssue) -> None:
        known = self._place_of(one.ticket)
        if known is not None:
            # Its date may have been another one here: a kiosk's clock can run ahead.
            if known[1:] != one.place[1:]:
                raise QueueRuleError("number-taken", number=one.number)
            self._demand_own_series(one)
            self._hear_of_paper(one)
            return
        leased = self._demand_own_number(one)
        date = self._date_of(one, leased)
        place = date, one.series, one.serial
        if self._whose(place) is not None:
            raise QueueRuleError("number-taken", number=one.number)
        self._note(one.ticket, place)
        ghost = self._make_way(one)
        if date == self._day.business_date:
            self._issue(one, leased, ghost)
        else:
            self._record_earlier(one, leased, date)

    # What may be said.

    def _demand_own_series(self, one: OfflineIssue) -> LeasedSeries:
        leased = self._day.leased.get(one.series)
        if leased is None or leased.device != self._device:
            raise QueueRuleError("not-yours")
        return leased

    def _demand_own_number(self, one: OfflineIssue) -> LeasedSeries:
        leased = self._demand_own_series(one)
        if one.ticket in self._day.jobs or one.ticket in self._day.slips:
            # Its own paper will have this id, and must not take the place of another one.
            raise QueueRuleError("bad-value", field="ticket")
        digits = one.number.removeprefix(one.series)
        fits = one.number.startswith(one.series) and digits.isdigit() and int(digits) == one.serial
        if not fits:
            raise QueueRuleError("bad-value", field="number")
        if one.serial > min(leased.last, SERIAL_MOST):
            raise QueueRuleError("bad-value", field="serial")
        return leased

    def _date_of(self, one: OfflineIssue, leased: LeasedSeries) -> str:
        """The business day that it belongs to. A kiosk whose clock runs ahead means today, as
        long as its number is free; else it asks again when that day has come."""
        today = self._day.business_date
        if one.business_date < leased.business_date:
            raise QueueRuleError("bad-value", field="business_date")
        if one.business_date <= today:
            return one.business_date
        if self._whose((today, one.series, one.serial)) is not None:
            wait_ms = day_begins_ms(self._day.branch, one.business_date) - self._now_ms
            raise QueueRuleError("too-soon", retry_after_s=max(1, wait_ms // 1000))
        return today

    # What happens.

    def _hear_of_paper(self, one: OfflineIssue) -> None:
        job = self._day.jobs.get(one.ticket)
        told = one.print not in (_UNTOLD, "none")
        if job is not None and job.outcome == _UNTOLD and told:
            self.events.append(PrintRecorded(ticket=one.ticket, job=job.job, outcome=one.print))

    def _make_way(self, one: OfflineIssue) -> Ticket | None:
        """The ticket of the lost answer goes, unless somebody is being served with it."""
        ghost = self._day.tickets.get(one.instead_of or "")
        if ghost is None or ghost.id in self._gone or ghost.state not in _MAKES_WAY:
            return None
        self._gone.add(ghost.id)
        self.events.append(TicketCancelled(ticket=ghost.id, reason=MADE_WAY, device=self._device))
        return ghost

    def _issue(self, one: OfflineIssue, leased: LeasedSeries, ghost: Ticket | None) -> None:
        day = self._day
        asked_ms = one.issued_at_ms
        if ghost is not None:
            asked_ms = min(asked_ms, ghost.issued_at_ms)
        since_ms = self._clamped(asked_ms, leased, day.business_date, self._now_ms)
        self._last_ms[leased.device] = since_ms
        priority = self._priority(one)
        self.events.append(
            TicketIssued(
                ticket=one.ticket,
                number=one.number,
                series=one.series,
                serial=one.serial,
                service=one.service,
                rank=self._rank(one.service, priority, since_ms),
                link=one.link,
                device=self._device,
                priority=priority,
                needs=[need for need in one.needs if day.branch.knows("needs", need)],
                language=one.language,
                offline=True,
                issued_at_ms=since_ms,
                print=one.print,
                copies=one.copies,
            )
        )
        if day.closed:
            self.events.append(TicketExpired(ticket=one.ticket))

    def _record_earlier(self, one: OfflineIssue, leased: LeasedSeries, date: str) -> None:
        """Its day is over and stays so: who waited then does not wait any more."""
        branch = self._day.branch
        ends_ms = min(day_begins_ms(branch, date, 1), self._now_ms)
        self.events.append(
            EarlierTicketMerged(
                ticket=one.ticket,
                of_date=date,
                number=one.number,
                series=one.series,
                serial=one.serial,
                service=one.service,
                link=one.link,
                device=self._device,
                issued_at_ms=self._clamped(one.issued_at_ms, leased, date, ends_ms),
                ended_at_ms=ends_ms,
                priority=self._priority(one),
                needs=[need for need in one.needs if branch.knows("needs", need)],
                language=one.language,
                print="unknown" if one.print == _UNTOLD else one.print,
                copies=one.copies,
            )
        )

    def _clamped(self, asked_ms: int, leased: LeasedSeries, date: str, latest_ms: int) -> int:
        """Since when it waits: not before its day, the lease or the kiosk's ticket before it,
        whatever the kiosk's clock said; and not in the future."""
        earliest_ms = max(leased.since_ms, day_begins_ms(self._day.branch, date))
        if date == self._day.business_date:
            earliest_ms = max(earliest_ms, self._last_ms.get(leased.device, 0))
        return min(max(asked_ms, earliest_ms), latest_ms)

    def _priority(self, one: OfflineIssue) -> str:
        """What the visitor said, where the branch lets visitors say it; urgent never."""
        if one.priority == "urgent" or not self._day.branch.knows("priority", one.priority):
            return "none"
        return one.priority if self._day.branch.rules.kiosk_priority_claim else "none"

    def _rank(self, service: str, priority: str, since_ms: int) -> Rank:
        """The place by its own arrival, behind those who came in the same instant."""
        day = self._day
        order = day.revision + 1 + len(self.events)
        known = service_of(day.branch.services, service)
        return day.discipline.rank(known, priority, since_ms, order)
