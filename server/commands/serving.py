"""StartService, FinishService, ContinueService, TransferTicket, ParkTicket, CancelTicket,
RateService."""

from protocol.messages import (
    CancelTicket,
    ContinueService,
    Finish,
    FinishService,
    ParkTicket,
    RateService,
    StartService,
    TransferTicket,
)
from protocol.roles import DeviceRole
from server.commands.handler import Occasion
from server.commands.visitors import demand_visitors_own
from server.domain import serving
from server.domain.disturbance import decide_after_cause
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent
from server.domain.issuing import demand_own_fresh_ticket


def result_of(finish: Finish | FinishService | ContinueService) -> serving.Result:
    """How the service ended, in the domain's words."""
    return serving.Result(
        finish.outcome, finish.category, finish.education, finish.note, finish.cause
    )


def start_service(command: StartService, occasion: Occasion) -> list[AnyEvent]:
    """The visitor has come."""
    return serving.decide_start(occasion.day, occasion.desk, command.ticket)


def finish_service(command: FinishService, occasion: Occasion) -> list[AnyEvent]:
    """The visitor has been served; a burst of systems as causes is told in the same commit."""
    day = occasion.day
    events = serving.decide_finish(day, occasion.desk, command.ticket, result_of(command))
    return events + decide_after_cause(day, command.ticket, command.cause, occasion.now_ms)


def continue_service(command: ContinueService, occasion: Occasion) -> list[AnyEvent]:
    """The next errand of the same visitor."""
    day = occasion.day
    events = serving.decide_continue(
        day, occasion.desk, command.ticket, command.service, result_of(command)
    )
    return events + decide_after_cause(day, command.ticket, command.cause, occasion.now_ms)


def transfer_ticket(command: TransferTicket, occasion: Occasion) -> list[AnyEvent]:
    """Hand on."""
    assert occasion.staff is not None
    staff = None if command.staff is None else occasion.demand_staff(command.staff)
    to = serving.Destination(
        command.service, command.counter, staff, command.position, command.note
    )
    return serving.decide_transfer(
        occasion.day, occasion.desk_if_counter, command.ticket, to, occasion.staff, occasion.now_ms
    )


def park_ticket(command: ParkTicket, occasion: Occasion) -> list[AnyEvent]:
    """Put aside."""
    alarm_at_ms = int(command.alarm_at.timestamp() * 1000) if command.alarm_at else None
    return serving.decide_park(
        occasion.day, occasion.desk, command.ticket, command.reason, alarm_at_ms, occasion.now_ms
    )


def cancel_ticket(command: CancelTicket, occasion: Occasion) -> list[AnyEvent]:
    """Give up; a kiosk only what it issued itself a moment ago, a visitor only their own."""
    if command.link is not None:
        demand_visitors_own(command.ticket, command.link, occasion)
    if occasion.asker.role is DeviceRole.KIOSK:
        ticket = occasion.day.ticket(command.ticket)
        demand_own_fresh_ticket(occasion.day, ticket, occasion.asker.device, occasion.now_ms)
    return serving.decide_cancel(
        occasion.day,
        command.ticket,
        command.reason,
        occasion.asker.device,
        occasion.staff,
        occasion.desk_if_counter,
    )


def rate_service(command: RateService, occasion: Occasion) -> list[AnyEvent]:
    """One tap after the service; at a counter only of whom it has just served, from a page only
    one's own, as long as it lives."""
    if occasion.asker.role is DeviceRole.WEB or command.link is not None:
        demand_visitors_own(command.ticket, command.link, occasion)
    elif occasion.day.closed:
        raise QueueRuleError("day-closed")
    if (desk := occasion.desk_if_counter) is not None:
        serving.demand_served_here_just_now(occasion.day, desk, command.ticket, occasion.now_ms)
    return serving.decide_rating(
        occasion.day, command.ticket, command.score, command.reasons, occasion.asker.device
    )
