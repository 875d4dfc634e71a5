"""A visitor's own page: which ticket a link opens, for how long, and what may be done there.

Whoever has the link of a ticket learns of that ticket, and of nothing else (F55).
"""

from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.ticket import Ticket, TicketState

NEAR = 2
"""With so few people before one it is time to come near."""

GIVES_UP_FROM = frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.PARKED})


def dies_at_ms(day: BranchDay) -> int | None:
    """When every page of today is dead; None while the day is open."""
    if day.closed_at_ms is None:
        return None
    return day.closed_at_ms + day.branch.rules.phone_after_close_s * 1000


def page_lives(day: BranchDay, now_ms: int) -> bool:
    """Whether pages of today are still shown."""
    dies_ms = dies_at_ms(day)
    return dies_ms is None or now_ms < dies_ms


def demand_page_lives(day: BranchDay, now_ms: int) -> None:
    """Refuse what comes after the pages' end."""
    if not page_lives(day, now_ms):
        raise QueueRuleError("day-closed", words="page-over")


def find_visit(day: BranchDay, link: str, now_ms: int) -> Ticket | None:
    """The ticket whose page this is; None where there is none, or none any more."""
    if not day.branch.rules.phone_page or not page_lives(day, now_ms):
        return None
    found = day.by_link.get(link)
    return None if found is None else day.tickets[found]


def ticket_of_link(day: BranchDay, link: str, now_ms: int) -> Ticket:
    """The same, or a refusal that says nothing more."""
    ticket = find_visit(day, link, now_ms)
    if ticket is None:
        raise QueueRuleError("unknown-ticket")
    return ticket


def demand_own_ticket(day: BranchDay, ticket_id: str, link: str, now_ms: int) -> Ticket:
    """The ticket that is named, if the link is its secret: else it is not known here at all.

    Links are found by their hash and never compared letter by letter, so a wrong one takes as
    long as any other.
    """
    ticket = ticket_of_link(day, link, now_ms)
    if ticket.id != ticket_id:
        raise QueueRuleError("unknown-ticket")
    return ticket


def may_cancel(day: BranchDay, ticket: Ticket) -> bool:
    """Whether its visitor may still give it up."""
    return not day.closed and ticket.state in GIVES_UP_FROM


def may_rate(day: BranchDay, ticket: Ticket) -> bool:
    """Whether its visitor was served, and has not said how it was."""
    return ticket.state is TicketState.FINISHED and ticket.id not in day.ratings
