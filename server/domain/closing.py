"""The end of a business day: what is open is closed by rule, so that the day adds up (I11).

A manager closes and signs it, or the clock does at the change of day; then it can be signed
afterwards. A day that was closed too early goes on with ``decide_reopen``: its numbers go on, too.
"""

from dataclasses import dataclass

from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.events import (
    AnyEvent,
    BookingLapsed,
    CounterClosed,
    DayClosed,
    DayReopened,
    DaySigned,
    DisturbanceEnded,
    NoShowRecorded,
    ServiceFinished,
    StaffSignedOut,
    TicketExpired,
)
from server.domain.leasing import decide_leases_end
from server.domain.ticket import TicketState

_S = TicketState
# What becomes of a ticket that is open when the day ends (protocol.md, Moves).
END_OF = {
    _S.WAITING: _S.EXPIRED,
    _S.PARKED: _S.EXPIRED,
    _S.CALLED: _S.NO_SHOW,
    _S.SERVING: _S.FINISHED,
}


@dataclass(frozen=True, slots=True)
class PastDay:
    """An earlier business day; ``signed_by`` is None while nobody signed its close."""

    business_date: str
    signed_by: str | None = None


def decide_day_end(
    day: BranchDay, now_ms: int, staff: str | None = None, note: str = ""
) -> list[AnyEvent]:
    """Waiting and parked expire, called is a no-show, serving is finished; all sign out.

    ``staff`` signs the close and alone stays signed in; None is the clock.
    """
    events: list[AnyEvent] = []
    for ticket in day.tickets.values():
        match END_OF.get(ticket.state):
            case _S.EXPIRED:
                events.append(TicketExpired(ticket=ticket.id))
            case _S.NO_SHOW:
                events.append(NoShowRecorded(ticket=ticket.id, valid_until_ms=now_ms))
            case _S.FINISHED:
                events.append(ServiceFinished(ticket=ticket.id, outcome="pending"))
    events += [
        CounterClosed(counter=desk.number) for desk in day.desks.values() if desk.state != "closed"
    ]
    events += [DisturbanceEnded(system=system) for system in day.disturbances]
    events += [BookingLapsed(booking=booking) for _, booking in day.bookings.open]
    events += decide_leases_end(day)
    events += _sign_outs(day, but=staff)
    totals = final_totals(day)
    events.append(DayClosed(business_date=day.business_date, staff=staff, note=note, totals=totals))
    return events


def decide_day_over(day: BranchDay, now_ms: int) -> list[AnyEvent]:
    """The clock says that the day is over: close it, or let go who closed it and stayed."""
    return _sign_outs(day) if day.closed else decide_day_end(day, now_ms)


def _sign_outs(day: BranchDay, but: str | None = None) -> list[AnyEvent]:
    return [
        StaffSignedOut(device=seat.device, staff=seat.staff, reason="day-closed")
        for seat in day.seats.values()
        if seat.staff != but
    ]


def final_totals(day: BranchDay) -> dict[str, int]:
    """How many tickets ended in each state once what is open is closed by rule, and ``issued``."""
    ended = dict.fromkeys((_S.FINISHED, _S.NO_SHOW, _S.CANCELLED, _S.EXPIRED), 0)
    for states in day.totals.values():
        for state, many in states.items():
            ended[END_OF.get(state, state)] += many
    return {"issued": len(day.tickets)} | {str(state): many for state, many in ended.items()}


def decide_close(day: BranchDay, now_ms: int, staff: str, note: str) -> list[AnyEvent]:
    """A manager closes today and signs it."""
    if day.closed:
        raise QueueRuleError("too-late", number="")
    return decide_day_end(day, now_ms, staff, note)


def decide_sign(day: BranchDay, past: PastDay | None, staff: str, note: str) -> list[AnyEvent]:
    """A manager signs an earlier day that the clock closed; None: there was no such day."""
    if past is None:
        raise QueueRuleError("bad-value", field="business_date")
    if past.signed_by is not None or past.business_date in day.signed_dates:
        raise QueueRuleError("too-late", number="")
    return [DaySigned(signed_date=past.business_date, staff=staff, note=note)]


def decide_reopen(day: BranchDay, staff: str, reason: str) -> list[AnyEvent]:
    """Go on with a day that was closed too early; what the close ended stays ended."""
    if not day.closed:
        return []
    return [DayReopened(business_date=day.business_date, staff=staff, reason=reason)]
