"""The fold of what happens to the day, its seats and its counters."""

from typing import TypeVar

from server.domain import events as e
from server.domain.branch import Skills
from server.domain.day_state import DayState
from server.domain.hall import Desk, Seat

Key = TypeVar("Key")


def open_day(day: DayState, event: e.DayOpened, at_ms: int) -> None:
    assert event.business_date == day.business_date
    # Days from before this was written down are told by the catalogue of now.
    if event.services:
        configure(day, event, at_ms)


def configure(day: DayState, event: e.DayOpened | e.BranchConfigured, at_ms: int) -> None:
    day.configured_counters = skills_of(event.counters)
    day.configured_staff = skills_of(event.staff)
    day.configured_services = tuple(event.services)
    for number in event.counters:
        day.desks.setdefault(number, Desk(number))
    day.skills_changed()
    _place_by(day, event)


def _place_by(day: DayState, event: e.DayOpened | e.BranchConfigured) -> None:
    """Other settings give other places: whoever waits gets theirs, so that nobody who comes now
    goes ahead of them by it. What a manager chose for the day holds while the setting stays."""
    discipline, target_waits_s = day.configured_discipline, day.configured_target_waits_s
    day.configured_discipline = event.discipline
    day.configured_target_waits_s = event.target_waits_s
    if event.discipline not in ("", discipline):
        day.set_discipline(event.discipline, None)
    elif event.target_waits_s != target_waits_s:
        day.rank_anew()


def skills_of(records: dict[Key, e.SkillsRecord]) -> dict[Key, Skills]:
    """Skills as the rules know them, from an event."""
    return {key: Skills(tuple(services), levels) for key, (services, levels) in records.items()}


def close_day(day: DayState, event: e.DayClosed, at_ms: int) -> None:
    assert event.business_date == day.business_date
    day.closed, day.closed_at_ms, day.signed_by = True, at_ms, event.staff


def reopen_day(day: DayState, event: e.DayReopened, at_ms: int) -> None:
    assert event.business_date == day.business_date
    day.closed, day.closed_at_ms, day.signed_by = False, None, None


def sign_earlier_day(day: DayState, event: e.DaySigned, at_ms: int) -> None:
    day.signed_dates[event.signed_date] = event.staff


def correct_record(day: DayState, event: e.RecordCorrected, at_ms: int) -> None:
    day.corrections[event.ticket, event.field] = event.after
    if (ticket := day.tickets.get(event.ticket)) is not None:
        # A counter does not undo what a manager has put right since.
        ticket.moves += 1


def set_discipline(day: DayState, event: e.DisciplineSet, at_ms: int) -> None:
    day.set_discipline(event.discipline, event.in_a_row)


def set_counter_services(day: DayState, event: e.CounterServicesSet, at_ms: int) -> None:
    day.counter_skills[event.counter] = Skills(tuple(event.services), event.preference)
    day.attend(day.desks[event.counter])


def set_staff_services(day: DayState, event: e.StaffServicesSet, at_ms: int) -> None:
    day.staff_skills[event.of_staff] = Skills(tuple(event.services), event.preference)
    seat = day.seat_of_staff(event.of_staff)
    if seat is not None and seat.counter is not None:
        day.attend(day.desks[seat.counter])


def sign_in(day: DayState, event: e.StaffSignedIn, at_ms: int) -> None:
    day.seats[event.device] = Seat(event.device, event.staff, event.name, event.role, event.counter)
    if event.counter is not None:
        desk = day.desks[event.counter]
        desk.device, desk.staff = event.device, event.staff
        day.attend(desk)


def sign_out(day: DayState, event: e.StaffSignedOut, at_ms: int) -> None:
    seat = day.seats.pop(event.device)
    if seat.counter is not None:
        desk = day.desks[seat.counter]
        desk.device = desk.staff = None
        day.attend(desk)


def open_counter(day: DayState, event: e.CounterOpened, at_ms: int) -> None:
    day.set_desk(event.counter, "open", at_ms)


def pause_counter(day: DayState, event: e.CounterPaused, at_ms: int) -> None:
    day.set_desk(event.counter, "paused", at_ms, event.reason)


def close_counter(day: DayState, event: e.CounterClosed, at_ms: int) -> None:
    day.set_desk(event.counter, "closed", at_ms)


def pause_service(day: DayState, event: e.ServicePaused, at_ms: int) -> None:
    day.paused_services[event.service] = event.reason


def resume_service(day: DayState, event: e.ServiceResumed, at_ms: int) -> None:
    del day.paused_services[event.service]
