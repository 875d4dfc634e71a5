"""CloseBranchDay, ReopenBranchDay, CorrectRecord, SetDiscipline, SetCounterServices,
SetStaffServices, PauseService, ResumeService."""

from protocol.messages import (
    CloseBranchDay,
    CorrectRecord,
    PauseService,
    ReopenBranchDay,
    ResumeService,
    SetCounterServices,
    SetDiscipline,
    SetStaffServices,
)
from server.commands.handler import Occasion
from server.domain import closing, correcting, steering
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent


def close_branch_day(command: CloseBranchDay, occasion: Occasion) -> list[AnyEvent]:
    """Today, or the signature under an earlier day."""
    day, staff = occasion.day, occasion.manager
    date = day.business_date
    if command.business_date is not None:
        date = command.business_date.isoformat()
    if date == day.business_date:
        return closing.decide_close(day, occasion.now_ms, staff, command.note)
    if date > day.business_date:
        raise QueueRuleError("bad-value", field="business_date")
    return closing.decide_sign(day, occasion.records.past_day(date), staff, command.note)


def reopen_branch_day(command: ReopenBranchDay, occasion: Occasion) -> list[AnyEvent]:
    """Go on after all."""
    return closing.decide_reopen(occasion.day, occasion.manager, command.reason)


def correct_record(command: CorrectRecord, occasion: Occasion) -> list[AnyEvent]:
    """A ticket of today, or of an earlier day."""
    day = occasion.day
    if (ticket := day.tickets.get(command.ticket)) is not None:
        record: correcting.TicketRecord | None = correcting.record_of(day, ticket)
    else:
        record = occasion.records.past_ticket(command.ticket)
    correction = correcting.Correction(
        command.field, command.value, command.reason, occasion.manager
    )
    return correcting.decide_correction(day, record, correction)


def set_discipline(command: SetDiscipline, occasion: Occasion) -> list[AnyEvent]:
    """Another rule."""
    return steering.decide_discipline(
        occasion.day,
        command.discipline,
        command.priority_in_a_row,
        command.regular_in_a_row,
        occasion.manager,
    )


def set_counter_services(command: SetCounterServices, occasion: Occasion) -> list[AnyEvent]:
    """Other services for a counter."""
    return steering.decide_counter_services(
        occasion.day, command.counter, command.services, command.preference, occasion.manager
    )


def set_staff_services(command: SetStaffServices, occasion: Occasion) -> list[AnyEvent]:
    """Other services for a person."""
    of_staff = occasion.demand_staff(command.staff)
    return steering.decide_staff_services(
        occasion.day, of_staff, command.services, command.preference, occasion.manager
    )


def pause_service(command: PauseService, occasion: Occasion) -> list[AnyEvent]:
    """No numbers for a while."""
    return steering.decide_pause_service(
        occasion.day, command.service, command.reason, occasion.manager
    )


def resume_service(command: ResumeService, occasion: Occasion) -> list[AnyEvent]:
    """Numbers again."""
    return steering.decide_resume_service(occasion.day, command.service, occasion.manager)
