"""IssueTicket, ConfirmPrint, ReprintTicket."""

from protocol.messages import ConfirmPrint, IssueTicket, ReprintTicket
from protocol.roles import DeviceRole
from server.commands.handler import Occasion
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent
from server.domain.issuing import (
    NewTicket,
    decide_issue,
    decide_print_outcome,
    decide_reprint,
    demand_own_fresh_ticket,
)
from server.domain.slips import decide_slip_outcome


def issue_ticket(command: IssueTicket, occasion: Occasion) -> list[AnyEvent]:
    """A kiosk prints at itself unless it names another; staff without a kiosk: no paper."""
    if command.screening is not None:
        raise QueueRuleError("bad-value", field="screening")
    print_at = command.print_at
    if print_at is not None:
        occasion.demand_kiosk(print_at)
    elif occasion.asker.role is DeviceRole.KIOSK:
        print_at = occasion.asker.device
    asked = NewTicket(
        ticket=occasion.ids.new_id(),
        link=occasion.ids.new_secret(),
        service=command.service,
        device=occasion.asker.device,
        priority=command.priority,
        needs=command.needs,
        language=command.language or occasion.asker.language,
        weight=command.weight or 1,
        staff=occasion.staff,
        job=occasion.ids.new_id() if print_at is not None else None,
        print_at=print_at,
    )
    return decide_issue(occasion.day, asked, occasion.now_ms)


def confirm_print(command: ConfirmPrint, occasion: Occasion) -> list[AnyEvent]:
    """The kiosk's word on a paper, be it a ticket or a slip."""
    if command.job in occasion.day.slips:
        return decide_slip_outcome(
            occasion.day, occasion.asker.device, command.job, command.outcome
        )
    return decide_print_outcome(occasion.day, occasion.asker.device, command.job, command.outcome)


def reprint_ticket(command: ReprintTicket, occasion: Occasion) -> list[AnyEvent]:
    """At the named kiosk, else at the asking one, else where it was printed first."""
    ticket = occasion.day.ticket(command.ticket)
    if occasion.asker.role is DeviceRole.KIOSK:
        demand_own_fresh_ticket(occasion.day, ticket, occasion.asker.device, occasion.now_ms)
    print_at = command.print_at
    if print_at is None and occasion.asker.role is DeviceRole.KIOSK:
        print_at = occasion.asker.device
    print_at = print_at or ticket.printed_at
    if print_at is None:
        raise QueueRuleError("missing-field", field="print_at")
    job = occasion.ids.new_id()
    return decide_reprint(occasion.day, ticket.id, job, occasion.demand_kiosk(print_at))
