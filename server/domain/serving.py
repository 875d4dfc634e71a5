"""Serving a visitor at a counter, handing on, putting aside, giving up."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.domain.branch_day import BranchDay
from server.domain.calling import demand_held, falls_back_at_ms, staff_at
from server.domain.errors import QueueRuleError
from server.domain.events import (
    AnyEvent,
    Rank,
    ServiceContinued,
    ServiceFinished,
    ServiceRated,
    ServiceStarted,
    TicketCancelled,
    TicketParked,
    TicketTransferred,
)
from server.domain.hall import Desk
from server.domain.ticket import Ticket, TicketState

_S = TicketState

# A retry may come after the instant that it asks for, and desks' clocks differ a little; and a
# parked ticket ends with the day at the latest.
ALARM_PAST_MS = 60 * 1000
ALARM_AHEAD_MS = 24 * 3600 * 1000
# So long a visitor may stand before the rating pad, or before the counter's screen.
RATING_DUE_MS = 2 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Result:
    """How a service ended."""

    outcome: str
    category: str | None = None
    education: Sequence[str] = ()
    note: str = ""
    # Why it took a counter (``choices.cause``).
    cause: str | None = None


def decide_start(day: BranchDay, desk: Desk, ticket_id: str) -> list[AnyEvent]:
    """The visitor has come."""
    ticket = demand_held(day, desk, ticket_id, _S.CALLED)
    return [ServiceStarted(ticket=ticket.id, counter=desk.number, staff=staff_at(desk))]


def decide_finish(day: BranchDay, desk: Desk, ticket_id: str, result: Result) -> list[AnyEvent]:
    """The visitor has been served; a start that nobody said is written too."""
    ticket = demand_held(day, desk, ticket_id, _S.SERVING, _S.CALLED)
    _demand_known(day, result)
    return [
        *_implied_start(desk, ticket),
        ServiceFinished(
            ticket=ticket.id,
            outcome=result.outcome,
            counter=desk.number,
            staff=staff_at(desk),
            category=result.category,
            education=list(result.education),
            note=result.note,
            cause=result.cause,
        ),
    ]


def _demand_known(day: BranchDay, result: Result) -> None:
    if result.category is not None and not day.branch.knows("category", result.category):
        raise QueueRuleError("bad-value", field="category")
    if result.cause is not None and not day.branch.knows("cause", result.cause):
        raise QueueRuleError("bad-value", field="cause")
    if not all(day.branch.knows("education", channel) for channel in result.education):
        raise QueueRuleError("bad-value", field="education")


def _implied_start(desk: Desk, ticket: Ticket) -> list[AnyEvent]:
    if ticket.state is not _S.CALLED:
        return []
    return [
        ServiceStarted(ticket=ticket.id, counter=desk.number, staff=staff_at(desk), implied=True)
    ]


def decide_continue(
    day: BranchDay, desk: Desk, ticket_id: str, service: str, result: Result
) -> list[AnyEvent]:
    """One errand of the visit is done; the next begins here, or waits by the first arrival."""
    ticket = demand_held(day, desk, ticket_id, _S.SERVING, _S.CALLED)
    _demand_known(day, result)
    if service not in day.branch.services:
        raise QueueRuleError("unknown-service", service=service)
    line = f"service:{service}"
    here = line in day.lines_of(desk)
    return [
        *_implied_start(desk, ticket),
        ServiceContinued(
            ticket=ticket.id,
            before=ticket.service,
            outcome=result.outcome,
            service=service,
            counter=desk.number,
            staff=staff_at(desk),
            category=result.category,
            education=list(result.education),
            note=result.note,
            rank=None if here else rank_at(day, line, service, ticket, "arrival"),
            cause=result.cause,
        ),
    ]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a visitor is handed on to: exactly one of service, counter, staff."""

    service: str | None = None
    counter: int | None = None
    staff: str | None = None
    position: str = "arrival"
    note: str = ""


def decide_transfer(
    day: BranchDay, desk: Desk | None, ticket_id: str, to: Destination, staff: str, now_ms: int
) -> list[AnyEvent]:
    """Hand a visitor on; ``desk`` is None when a manager does it."""
    ticket = day.ticket(ticket_id)
    ticket.demand(_S.WAITING, _S.CALLED, _S.SERVING, _S.PARKED)
    if desk is not None and ticket.counter is not None and desk.ticket != ticket.id:
        raise QueueRuleError("not-yours")
    if sum(part is not None for part in (to.service, to.counter, to.staff)) != 1:
        raise QueueRuleError("bad-value", field="service")
    service = ticket.service if to.service is None else to.service
    if service not in day.branch.services:
        raise QueueRuleError("unknown-service", service=service)
    if to.counter is not None and to.counter not in day.desks:
        raise QueueRuleError("bad-value", field="counter")
    line = _line_of(service, to)
    return [
        TicketTransferred(
            ticket=ticket.id,
            rank=rank_at(day, line, service, ticket, to.position),
            position=to.position,
            service=service,
            staff=staff,
            counter=to.counter,
            to_staff=to.staff,
            note=to.note,
            falls_back_at_ms=falls_back_at_ms(day, now_ms) if to.service is None else None,
        )
    ]


def _line_of(service: str, to: Destination) -> str:
    if to.staff is not None:
        return f"staff:{to.staff}"
    return f"service:{service}" if to.counter is None else f"counter:{to.counter}"


def rank_at(day: BranchDay, line: str, service: str, ticket: Ticket, position: str) -> Rank:
    """The rank for a position; by arrival the visitor keeps the time of the first coming."""
    order = day.revision + 1
    if position == "first" and (head := day.lines.rank_at(line, 0)) is not None:
        return (head[0] - 1, order, 0)
    if position == "last" and (tail := day.lines.rank_at(line, -1)) is not None:
        return (tail[0], tail[1], order)
    return day.rank_by_arrival(ticket, service)


def decide_park(
    day: BranchDay, desk: Desk, ticket_id: str, reason: str, alarm_at_ms: int | None, now_ms: int
) -> list[AnyEvent]:
    """Put a visitor aside, for instance to fetch a copy; without an alarm time, for a set time."""
    ticket = demand_held(day, desk, ticket_id, _S.CALLED, _S.SERVING)
    if not day.branch.knows("park_reason", reason):
        raise QueueRuleError("bad-value", field="reason")
    return [
        TicketParked(
            ticket=ticket.id,
            counter=desk.number,
            staff=staff_at(desk),
            reason=reason,
            alarm_at_ms=_alarm_at_ms(day, alarm_at_ms, now_ms),
        )
    ]


def _alarm_at_ms(day: BranchDay, asked_ms: int | None, now_ms: int) -> int:
    """The asked instant, if it lies near: a year that no clock shows would end every snapshot."""
    if asked_ms is None:
        return now_ms + day.branch.rules.park_alarm_s * 1000
    if not now_ms - ALARM_PAST_MS <= asked_ms <= now_ms + ALARM_AHEAD_MS:
        raise QueueRuleError("bad-value", field="alarm_at")
    return asked_ms


def decide_cancel(
    day: BranchDay, ticket_id: str, reason: str, device: str, staff: str | None, desk: Desk | None
) -> list[AnyEvent]:
    """The visitor goes home; a counter cancels what waits or what it holds itself."""
    ticket = day.ticket(ticket_id)
    ticket.demand(_S.WAITING, _S.CALLED, _S.PARKED)
    if desk is not None and ticket.state is _S.CALLED and desk.ticket != ticket.id:
        raise QueueRuleError("not-yours")
    if not day.branch.knows("cancel_reason", reason):
        raise QueueRuleError("bad-value", field="reason")
    return [TicketCancelled(ticket=ticket.id, reason=reason, device=device, staff=staff)]


def demand_served_here_just_now(day: BranchDay, desk: Desk, ticket_id: str, now_ms: int) -> None:
    """A counter asks for a rating only of the visitor who stands before it still."""
    ticket = day.ticket(ticket_id)
    ticket.demand(_S.FINISHED)
    if ticket.counter != desk.number:
        raise QueueRuleError("not-yours")
    if now_ms - (ticket.ended_at_ms or 0) > RATING_DUE_MS:
        raise QueueRuleError("too-late", number=ticket.number)


def to_rate(day: BranchDay, desk: Desk, now_ms: int) -> Ticket | None:
    """Whose rating may be asked for at a counter now."""
    ticket = day.tickets.get(desk.last_finished or "")
    if ticket is None or ticket.state is not _S.FINISHED or ticket.id in day.ratings:
        return None
    return ticket if now_ms - (ticket.ended_at_ms or 0) <= RATING_DUE_MS else None


def decide_rating(
    day: BranchDay, ticket_id: str, score: int, reasons: Sequence[str], device: str
) -> list[AnyEvent]:
    """A visitor's rating, once per ticket and only after the service."""
    ticket = day.ticket(ticket_id)
    ticket.demand(_S.FINISHED)
    if not all(day.branch.knows("rating_reason", reason) for reason in reasons):
        raise QueueRuleError("bad-value", field="reasons")
    if ticket.id in day.ratings:
        raise QueueRuleError("too-late", number=ticket.number)
    return [ServiceRated(ticket=ticket.id, score=score, device=device, reasons=list(reasons))]
