"""The order of arrival, when somebody is taken in who came before others that are here already.

Places of arrival are whole numbers (``Ticket.ordinal``), so one between two others must be free;
where none is, all are given anew with room between them. What they mean does not change by it:
only who came before whom.
"""

from sortedcontainers import SortedList

from server.domain.day_state import DayState
from server.domain.ticket import TicketState

_ROOM = 16


def ordinal_of_arrival(day: DayState, issued_at_ms: int, arrival: int) -> int:
    """The place of arrival of a ticket that waits since an instant."""
    if day.arrivals is None:
        day.arrivals = SortedList(
            (ticket.issued_at_ms, ticket.arrival, ticket.id) for ticket in day.tickets.values()
        )
    place = day.arrivals.bisect((issued_at_ms, arrival, ""))
    if place == len(day.arrivals):
        return day.next_ordinal
    if _ordinal_at(day, place) - _ordinal_at(day, place - 1) < 2:
        _make_room(day, place)
    return _ordinal_at(day, place - 1) + 1


def _ordinal_at(day: DayState, place: int) -> int:
    assert day.arrivals is not None
    return -1 if place < 0 else day.tickets[day.arrivals[place][2]].ordinal


def _make_room(day: DayState, place: int) -> None:
    """Room before a place, and some behind it: who is told late came mostly one after the other."""
    assert day.arrivals is not None
    standing = [one for one in day.tickets.values() if one.state is TicketState.WAITING]
    for ticket in standing:
        day.lines.leave(ticket)
    ordinal, most = -1, max(_ROOM, len(day.arrivals) // 4)
    for index, (_, _, ticket_id) in enumerate(day.arrivals):
        ordinal += 1 if index < place else most if index == place else _ROOM
        day.tickets[ticket_id].ordinal = ordinal
    day.next_ordinal = ordinal + 1
    for ticket in standing:
        day.lines.join(ticket)
    for made in day.calls_made:
        made.ordinal = day.tickets[made.ticket].ordinal
    for note in day.undo_notes.values():
        for kept in note.tickets:
            kept.ordinal = day.tickets[kept.id].ordinal
