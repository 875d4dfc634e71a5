"""PreviewLine and ExplainTicket: who is next and why, and what another rule would change."""

from protocol import messages as m
from server.domain import explaining
from server.domain.errors import QueueRuleError
from server.domain.hall import CallMade
from server.domain.ticket import Ticket, TicketState
from server.instants import instant
from server.next_call import preview_entry
from server.queries.handler import Fields, Inquiry
from server.ticket_views import LINKED_ROLES, ticket_view
from server.why_words import why_overtook, why_ticket

OVERTAKERS_MOST = 50


def preview(query: m.PreviewLine, inquiry: Inquiry) -> Fields:
    """The next ones at a counter, or by all open counters together; with a rule "what if"."""
    day, now_ms = inquiry.day, inquiry.now_ms
    if query.counter is not None and query.counter not in day.desks:
        raise QueueRuleError("bad-value", field="counter")
    runs = (query.priority_in_a_row, query.regular_in_a_row)
    if query.discipline != "ratio" and runs != (None, None):
        raise QueueRuleError("bad-value", field="priority_in_a_row")
    # As SetDiscipline would: what is not asked is the branch's own.
    own = day.rules if query.discipline is None else day.branch.rules
    in_a_row = (
        query.priority_in_a_row or own.priority_in_a_row,
        query.regular_in_a_row or own.regular_in_a_row,
    )
    desk = None if query.counter is None else day.desks[query.counter]
    found = explaining.preview(day, desk, now_ms, query.count, query.discipline, in_a_row)
    line = [
        preview_entry(
            day,
            one.ticket,
            one.rule,
            one.place,
            now_ms,
            in_a_row=in_a_row,
            place_now=one.place_now,
            counter=query.counter,
        )
        for one in found
    ]
    return {"line": line, "discipline": query.discipline or day.rules.discipline}


def explain(query: m.ExplainTicket, inquiry: Inquiry) -> Fields:
    """Why a waiting ticket has its place, and who was called before it."""
    day, now_ms = inquiry.day, inquiry.now_ms
    ticket = day.ticket(query.ticket)
    ticket.demand(TicketState.WAITING)
    return {
        "ticket": ticket_view(day, ticket, linked=inquiry.role in LINKED_ROLES),
        "place": day.people_ahead(ticket) + 1,
        "why": dict(why_ticket(day, ticket, now_ms)),
        **overtakers_of(inquiry, ticket),
    }


def overtakers_of(inquiry: Inquiry, ticket: Ticket) -> Fields:
    """Who came later than a ticket of today and was called while it might have been."""
    passed = explaining.overtakers(inquiry.day, ticket)
    return {
        "overtakers": [_overtaker(inquiry, made) for made in passed[-OVERTAKERS_MOST:]],
        "overtakers_total": len(passed),
    }


def _overtaker(inquiry: Inquiry, made: CallMade) -> m.Overtaker:
    day = inquiry.day
    return m.Overtaker(
        number=day.tickets[made.ticket].number,
        counter=made.counter,
        called_at=instant(made.at_ms),
        rule=made.rule,
        counted=made.counted,
        why=dict(why_overtook(day.branch, made.rule)),
    )
