"""What a seat of the staff lists besides its line: parked tickets, missed numbers, colleagues."""

from collections.abc import Iterator
from itertools import islice

from protocol import messages as m
from server.domain.branch import EVERYWHERE, Zone
from server.domain.branch_day import BranchDay
from server.domain.calling import may_come_back
from server.domain.ticket import Ticket
from server.instants import instant, instant_or_none
from server.texts import in_each


def parked(day: BranchDay) -> list[m.ParkedEntry]:
    """All parked tickets of the branch, the soonest alarm first."""
    return [_parked(ticket) for ticket in _by_alarm(day)]


def _by_alarm(day: BranchDay) -> Iterator[Ticket]:
    return (day.tickets[ticket] for _, ticket in day.alarms)


def _parked(ticket: Ticket) -> m.ParkedEntry:
    assert ticket.parked_at_ms is not None
    return m.ParkedEntry(
        ticket=ticket.id,
        number=ticket.number,
        service=ticket.service,
        reason=ticket.reason or "",
        parked_at=instant(ticket.parked_at_ms),
        counter=ticket.parked_by_counter,
        staff=ticket.staff,
        alarm_at=instant_or_none(ticket.alarm_at_ms),
    )


def mine_first(entries: list[m.ParkedEntry], counter: int | None) -> list[m.ParkedEntry]:
    """The same with those that this counter parked before the others'."""
    return sorted(entries, key=lambda entry: entry.counter != counter)


def missed(day: BranchDay, now_ms: int, most: int, zone: Zone = EVERYWHERE) -> list[m.MissedEntry]:
    """The newest missed numbers that may still come back, of one zone."""
    tickets = missed_tickets(day, now_ms)
    return [
        m.MissedEntry(
            ticket=ticket.id,
            number=ticket.number,
            service=ticket.service,
            valid_until=instant(ticket.valid_until_ms or 0),
        )
        for ticket in islice((one for one in tickets if zone.has(one.service, one.counter)), most)
    ]


def missed_tickets(day: BranchDay, now_ms: int) -> Iterator[Ticket]:
    """Tickets that may still come back after a missed call, newest first."""
    tickets = (day.tickets[ticket] for ticket in reversed(day.missed))
    return (ticket for ticket in tickets if may_come_back(day, ticket, now_ms))


def colleagues(day: BranchDay, most: int) -> list[m.StaffPresence]:
    """Who is signed in, by name."""
    seats = sorted(day.seats.values(), key=lambda seat: (seat.name, seat.staff))
    return [
        m.StaffPresence(staff=seat.staff, name=seat.name, counter=seat.counter)
        for seat in seats[:most]
    ]


def park_alarms(day: BranchDay, now_ms: int) -> Iterator[m.Alert]:
    """One alert for each parked ticket that somebody should look after by now."""
    for ticket in _by_alarm(day):
        if ticket.alarm_at_ms is None or ticket.alarm_at_ms > now_ms:
            return
        counter = ticket.parked_by_counter or 0
        facts = {"number": ticket.number, "counter": counter}
        message = in_each(day.branch.languages, "alert", "park-alarm", facts)
        yield m.Alert(code="park-alarm", subject=ticket.number, message=message, ticket=ticket.id)
