"""Rows of places booked from home and of filled-in questionnaires."""

import msgspec

from db.lane import Row
from server.domain.events import Recorded, SurveyAnswered
from server.domain.hall_booking import Booking

_encode = msgspec.json.Encoder(order="deterministic").encode


def booking_row(branch: str, business_date: str, booking: Booking) -> Row:
    """The row of a booking in its newest form; codes and links are good today alone."""
    return (
        branch,
        business_date,
        booking.id,
        booking.service,
        booking.state,
        booking.from_ms,
        booking.until_ms,
        booking.booked_at_ms,
        booking.ticket,
        booking.ended_at_ms,
    )


def survey_row(branch: str, entry: Recorded) -> Row:
    """The row of a questionnaire, from its event."""
    event = entry.event
    assert isinstance(event, SurveyAnswered)
    return (
        branch,
        event.survey,
        entry.business_date,
        entry.at_ms,
        event.instrument,
        _encode(event.answers).decode(),
        event.service,
        event.sex,
        event.age,
        event.education,
        event.work,
        event.comment,
        event.device,
        event.mark,
    )
