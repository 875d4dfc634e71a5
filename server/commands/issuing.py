"""IssueTicket, ConfirmPrint, ReprintTicket."""

from dataclasses import replace

from protocol.messages import ConfirmPrint, IssueTicket, ReprintTicket
from protocol.roles import DeviceRole
from server.commands.handler import Occasion
from server.domain.door_code import demand_code_opens, demand_unserved
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent
from server.domain.hall_door import Screening
from server.domain.issuing import (
    NewTicket,
    decide_issue,
    decide_print_outcome,
    decide_reprint,
    demand_kiosk_may_claim,
    demand_own_fresh_ticket,
    waits_without_paper,
)
from server.domain.slips import decide_slip_outcome
from server.domain.ticket import TicketState


def issue_ticket(command: IssueTicket, occasion: Occasion) -> list[AnyEvent]:
    """A kiosk prints at itself unless it names another; staff without a kiosk: no paper."""
    is_kiosk = occasion.asker.role is DeviceRole.KIOSK
    screening = _screening(command, occasion, is_kiosk=is_kiosk)
    print_at = occasion.paper_at(command.print_at)
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
        screening=None if screening is None else screening.id,
    )
    if is_kiosk and screening is not None:
        asked = _as_the_officer_said(asked, screening)
    elif is_kiosk:
        demand_kiosk_may_claim(occasion.day, command.priority)
    return decide_issue(occasion.day, asked, occasion.now_ms)


def _screening(command: IssueTicket, occasion: Occasion, *, is_kiosk: bool) -> Screening | None:
    """The screening that is named by id or code, or a refusal; None where none is needed."""
    day, given = occasion.day, command.screening
    if given is None:
        if is_kiosk and day.branch.rules.kiosk_mode == "screened":
            raise QueueRuleError("needs-screening")
        return None
    if not is_kiosk:
        return demand_unserved(day, given)
    return occasion.guesses.try_code(
        occasion.asker.device,
        occasion.now_ms,
        lambda: demand_code_opens(day, given, occasion.now_ms),
    )


def _as_the_officer_said(asked: NewTicket, screening: Screening) -> NewTicket:
    """A kiosk that is given a code knows nothing of the visitor: whatever it names, the officer's
    word counts."""
    told = screening.told
    assert told.service is not None, "a code is given for a service"
    return replace(
        asked,
        service=told.service,
        priority=told.priority,
        needs=told.needs,
        language=told.language,
        weight=told.weight,
    )


def confirm_print(command: ConfirmPrint, occasion: Occasion) -> list[AnyEvent]:
    """The kiosk's word on a paper, be it a ticket or a slip."""
    if command.job in occasion.day.slips:
        return decide_slip_outcome(
            occasion.day, occasion.asker.device, command.job, command.outcome
        )
    return decide_print_outcome(occasion.day, occasion.asker.device, command.job, command.outcome)


def reprint_ticket(command: ReprintTicket, occasion: Occasion) -> list[AnyEvent]:
    """At the named kiosk, else at the asking one, else where it was printed first.

    A counter asks only for those who wait without any: a lost paper is the door's to replace.
    """
    ticket = occasion.day.ticket(command.ticket)
    if occasion.asker.role is DeviceRole.COUNTER:
        ticket.demand(TicketState.WAITING)
        if not waits_without_paper(occasion.day, ticket, occasion.now_ms):
            raise QueueRuleError("has-paper", number=ticket.number)
    if occasion.asker.role is DeviceRole.KIOSK:
        demand_own_fresh_ticket(occasion.day, ticket, occasion.asker.device, occasion.now_ms)
    print_at = command.print_at
    if print_at is None and occasion.asker.role is DeviceRole.KIOSK:
        print_at = occasion.asker.device
    print_at = print_at or ticket.printed_at
    if print_at is None:
        raise QueueRuleError("missing-field", field="print_at")
    job = occasion.ids.new_id()
    print_at = occasion.demand_kiosk(print_at)
    return decide_reprint(occasion.day, ticket.id, job, print_at, occasion.staff)
