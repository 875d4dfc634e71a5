"""The fold of places booked from home, and of questionnaires."""

from server.domain import events as e
from server.domain.day_state import DayState
from server.domain.hall_booking import CANCELLED, CHECKED_IN, LAPSED, Booking


def book(day: DayState, event: e.TicketBooked, at_ms: int) -> None:
    booking = Booking(
        id=event.booking,
        code=event.code,
        link=event.link,
        service=event.service,
        booker=event.booker,
        from_ms=event.from_ms,
        until_ms=event.until_ms,
        check_in_from_ms=event.check_in_from_ms,
        check_in_until_ms=event.check_in_until_ms,
        booked_at_ms=at_ms,
        language=event.language,
    )
    day.bookings.add(booking)
    day.changes.bookings[booking.id] = booking


def cancel(day: DayState, event: e.BookingCancelled, at_ms: int) -> None:
    _end(day, event.booking, CANCELLED, at_ms)


def lapse(day: DayState, event: e.BookingLapsed, at_ms: int) -> None:
    _end(day, event.booking, LAPSED, at_ms)


def check_in(day: DayState, event: e.BookingCheckedIn, at_ms: int) -> None:
    """The ticket itself is told by ``TicketIssued`` in the same commit."""
    _end(day, event.booking, CHECKED_IN, at_ms, event.ticket)


def _end(day: DayState, booking: str, state: str, at_ms: int, ticket: str | None = None) -> None:
    day.changes.bookings[booking] = day.bookings.end(booking, state, at_ms, ticket)


def answer_survey(day: DayState, event: e.SurveyAnswered, at_ms: int) -> None:
    """Of the answers the day keeps only which tickets have answered."""
    if event.mark:
        day.surveyed.add(event.mark)
