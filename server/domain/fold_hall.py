"""The fold of what happens to the day, its seats and its counters."""

from server.domain import events as e
from server.domain.day_state import DayState
from server.domain.hall import Seat


def open_day(day: DayState, event: e.DayOpened, at_ms: int) -> None:
    assert event.business_date == day.business_date


def close_day(day: DayState, event: e.DayClosed, at_ms: int) -> None:
    assert event.business_date == day.business_date
    day.closed = True


def sign_in(day: DayState, event: e.StaffSignedIn, at_ms: int) -> None:
    day.seats[event.device] = Seat(event.device, event.staff, event.name, event.role, event.counter)
    if event.counter is not None:
        desk = day.desks[event.counter]
        desk.device, desk.staff = event.device, event.staff


def sign_out(day: DayState, event: e.StaffSignedOut, at_ms: int) -> None:
    seat = day.seats.pop(event.device)
    if seat.counter is not None:
        desk = day.desks[seat.counter]
        desk.device = desk.staff = None


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
