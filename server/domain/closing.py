"""The end of a business day: what is open is closed by rule, so that the day adds up (I11)."""

from server.domain.branch_day import BranchDay
from server.domain.events import (
    AnyEvent,
    CounterClosed,
    DayClosed,
    NoShowRecorded,
    ServiceFinished,
    StaffSignedOut,
    TicketExpired,
)
from server.domain.ticket import TicketState


def decide_day_end(day: BranchDay, now_ms: int) -> list[AnyEvent]:
    """Waiting and parked expire, called is a no-show, serving is finished; all sign out."""
    events: list[AnyEvent] = []
    for ticket in day.tickets.values():
        if ticket.state in (TicketState.WAITING, TicketState.PARKED):
            events.append(TicketExpired(ticket=ticket.id))
        elif ticket.state is TicketState.CALLED:
            events.append(NoShowRecorded(ticket=ticket.id, valid_until_ms=now_ms))
        elif ticket.state is TicketState.SERVING:
            events.append(ServiceFinished(ticket=ticket.id, outcome="pending"))
    events += [
        CounterClosed(counter=desk.number) for desk in day.desks.values() if desk.state != "closed"
    ]
    events += [
        StaffSignedOut(device=seat.device, staff=seat.staff, reason="day-closed")
        for seat in day.seats.values()
    ]
    events.append(DayClosed(business_date=day.business_date))
    return events
