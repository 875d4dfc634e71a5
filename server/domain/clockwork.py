"""What the clock alone brings about: transfers that nobody took fall back to everyone, places that
were booked are free again when nobody came, and what a burst of causes said of a system is over."""

from server.domain.booking import next_lapse
from server.domain.branch_day import BranchDay
from server.domain.disturbance import decide_quiet
from server.domain.events import AnyEvent, TransferFellBack
from server.domain.serving import rank_at
from server.domain.ticket import Ticket


def decide_due(day: BranchDay, now_ms: int) -> list[AnyEvent]:
    """The oldest event whose time has come, or nothing.

    One at a time, because each may change the place of the next: ask until nothing is left.
    """
    if day.next_due_ms is None or day.next_due_ms > now_ms:
        return []
    if over := decide_quiet(day, now_ms):
        return over
    if lapsed := next_lapse(day, now_ms):
        return lapsed
    ticket = day.tickets[day.fall_backs[0][1]]
    line = f"service:{ticket.service}"
    rank = rank_at(day, line, ticket.service, ticket, _position(ticket))
    return [TransferFellBack(ticket=ticket.id, rank=rank)]


def _position(ticket: Ticket) -> str:
    """Who was placed first stays first; everyone else comes in by the first arrival."""
    return "first" if ticket.placing == "first" else "arrival"


def alarm_rang(day: BranchDay, since_ms: int, now_ms: int) -> bool:
    """Whether the alarm of a parked ticket has rung after one instant and up to another."""
    return next(day.alarms.irange((since_ms + 1, ""), (now_ms + 1, "")), None) is not None
