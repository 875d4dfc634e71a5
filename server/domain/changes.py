"""What a batch of events changed, for the store to write beside the events."""

from dataclasses import dataclass, field

from server.domain.hall_booking import Booking
from server.domain.hall_door import Complaint, Screening
from server.domain.ticket import Ticket, TicketPeriod


@dataclass(slots=True)
class CounterPeriod:
    """A stretch in which a counter was ``open``, ``paused`` or ``closed``; ordinal from 1."""

    counter: int
    ordinal: int
    state: str
    started_at_ms: int
    ended_at_ms: int | None = None
    staff: str | None = None
    reason: str | None = None
    # What an open counter does: ``serving``, ``idle-with-line`` or ``idle``.
    activity: str = ""


@dataclass(slots=True)
class DayChanges:
    """The rows that changed since they were last taken, in their newest form.

    Keys make a row that changed twice in one batch be written once.
    """

    business_date: str
    tickets: dict[str, Ticket] = field(default_factory=dict)
    periods: dict[tuple[str, int], TicketPeriod] = field(default_factory=dict)
    counter_periods: dict[tuple[int, int], CounterPeriod] = field(default_factory=dict)
    screenings: dict[str, Screening] = field(default_factory=dict)
    complaints: dict[str, Complaint] = field(default_factory=dict)
    bookings: dict[str, Booking] = field(default_factory=dict)
    # Stretches that an undo took away: ticket and ordinal.
    gone_periods: set[tuple[str, int]] = field(default_factory=set)
