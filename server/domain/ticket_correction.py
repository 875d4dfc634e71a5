"""Putting a waiting ticket right: another service or priority, the number and the arrival stay."""

from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, TicketCorrected
from server.domain.issuing import demand_number_is_given
from server.domain.placing import service_of
from server.domain.ticket import TicketState


def decide_ticket_correction(
    day: BranchDay,
    ticket_id: str,
    service: str | None,
    priority: str | None,
    staff: str,
    device: str,
    now_ms: int,
) -> list[AnyEvent]:
    """Into the line where the ticket should have been, by its first arrival.

    Another service must be given now by the rules of the staff, but for its range of numbers:
    the ticket keeps its own (law I2). What is so already changes nothing.
    """
    ticket = day.ticket(ticket_id)
    ticket.demand(TicketState.WAITING)
    if service is None and priority is None:
        raise QueueRuleError("missing-field", field="service")
    service = ticket.service if service is None else service
    priority = ticket.priority if priority is None else priority
    if priority != "none" and not day.branch.knows("priority", priority):
        raise QueueRuleError("bad-value", field="priority")
    if service != ticket.service:
        demand_number_is_given(day, service, priority, now_ms, by_staff=True, has_number=True)
    if (service, priority) == (ticket.service, ticket.priority):
        return []
    known = service_of(day.branch.services, service)
    return [
        TicketCorrected(
            ticket=ticket.id,
            service=service,
            priority=priority,
            rank=day.discipline.rank(known, priority, ticket.issued_at_ms, ticket.arrival),
            staff=staff,
            device=device,
        )
    ]
