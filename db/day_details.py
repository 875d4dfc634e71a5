"""The rows of a day beside its tickets: screenings, counters, ratings, complaints, bookings …"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, text

from db.quick_rows import rows_of

Asked = Mapping[str, Any]
"""``branch`` and ``date``."""

_codes_of = msgspec.json.Decoder(list[str]).decode


def codes_of(cell: str) -> list[str]:
    """The codes in a cell; none where somebody changed it, which is for 'verify' to name."""
    try:
        return _codes_of(cell) if cell != "[]" else []
    except msgspec.MsgspecError:
        return []


@dataclass(frozen=True, slots=True)
class DayRow:
    """A business day; ``head_hash`` is that of its last event."""

    opened_at_ms: int
    closed_at_ms: int | None
    first_seq: int
    head_seq: int
    head_hash: bytes


@dataclass(frozen=True, slots=True)
class ScreeningRow:
    """A visitor at the door: coded facts."""

    id: str
    at_ms: int
    started_at_ms: int
    outcome: str
    service: str | None
    matter: str | None
    segment: str | None
    missing: str
    reason: str | None
    channel: str | None
    office: str | None
    companion: bool
    weight: int
    visits_before: int
    ticket: str | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A counter in one state; open stretches of a day that goes on end now."""

    counter: int
    state: str
    activity: str
    reason: str
    started_at_ms: int
    ended_at_ms: int


@dataclass(frozen=True, slots=True)
class ComplaintCounts:
    """Complaints as they stood at an instant."""

    filed: int
    open: int
    due: int
    overdue: int


_DAY = text(
    "SELECT opened_at_ms, closed_at_ms, first_seq, head_seq, head_hash FROM business_day"
    " WHERE branch = :branch AND business_date = :date"
)
_SCREENINGS = text(
    """
    SELECT id, at_ms, started_at_ms, outcome, service, matter, segment, missing, reason, channel,
           office, companion, weight, visits_before, ticket
    FROM screening WHERE branch = :branch AND business_date = :date
    """
)
_STRETCHES = text(
    """
    SELECT counter, state, activity, coalesce(reason, ''), started_at_ms,
           ended_at_ms
    FROM counter_period
    WHERE branch = :branch AND business_date = :date AND state <> 'closed'
    ORDER BY counter, ordinal
    """
)
_RATINGS = text(
    "SELECT ticket, score, reasons FROM rating WHERE branch = :branch AND business_date = :date"
)
_CORRECTIONS = text(
    "SELECT ticket, field, after FROM correction"
    " WHERE branch = :branch AND business_date = :date ORDER BY seq"
)
_LATE = text(
    """
    SELECT ticket.id FROM ticket
    JOIN event ON event.branch = ticket.branch AND event.seq = ticket.merged_seq
    WHERE ticket.branch = :branch AND ticket.business_date = :date
      AND ticket.merged_seq IS NOT NULL AND event.type = 'EarlierTicketMerged'
    """
)
_OPEN_COMPLAINTS = text(
    """
    SELECT answer_due_at_ms, due_at_ms, answered_at_ms FROM complaint
    WHERE branch = :branch AND filed_at_ms <= :at_ms
      AND (closed_at_ms IS NULL OR closed_at_ms > :at_ms)
    """
)
_FILED = text("SELECT count(*) FROM complaint WHERE branch = :branch AND business_date = :date")
_BOOKINGS = text(
    "SELECT state, count(*) AS many FROM booking"
    " WHERE branch = :branch AND business_date = :date GROUP BY state"
)
_SURVEYS = text(
    "SELECT count(*) FROM survey_answer WHERE branch = :branch AND business_date = :date"
)
_STAFF = text("SELECT name FROM staff WHERE branch = :branch AND code = :code")


def day_row(connection: Connection, asked: Asked) -> DayRow | None:
    """None for a day that never was."""
    row = connection.execute(_DAY, asked).first()
    return None if row is None else DayRow(*row)


def screenings_of(connection: Connection, asked: Asked) -> list[ScreeningRow]:
    """Everyone who was screened."""
    return [ScreeningRow(*row) for row in rows_of(connection, _SCREENINGS, asked)]


def stretches_of(connection: Connection, asked: Asked, now_ms: int | None) -> list[Stretch]:
    """The stretches of the counters that were not closed; ``now_ms`` ends those of an open day,
    None leaves what has no end out."""
    found = []
    for row in rows_of(connection, _STRETCHES, asked):
        counter, state, activity, reason, started_at_ms, ended_at_ms = row
        until_ms = now_ms if ended_at_ms is None else ended_at_ms
        if until_ms is not None:
            until_ms = max(started_at_ms, until_ms)
            found.append(Stretch(counter, state, activity, reason, started_at_ms, until_ms))
    return found


def ratings_of(connection: Connection, asked: Asked) -> dict[str, tuple[int, list[str]]]:
    """Score and reasons by ticket."""
    rows = connection.execute(_RATINGS, asked)
    return {ticket: (score, codes_of(reasons)) for ticket, score, reasons in rows}


def corrections_of(connection: Connection, asked: Asked) -> list[tuple[str, str, str]]:
    """Ticket, field and new value, in their order."""
    return [(row.ticket, row.field, row.after) for row in connection.execute(_CORRECTIONS, asked)]


def merged_late_of(connection: Connection, asked: Asked) -> set[str]:
    """Tickets that events of later days told of."""
    return set(connection.execute(_LATE, asked).scalars())


def complaints_of(
    connection: Connection, asked: Asked, at_ms: int, day_ends_ms: int
) -> ComplaintCounts:
    """As they stood at an instant of the day."""
    open_then = connection.execute(
        _OPEN_COMPLAINTS, {"branch": asked["branch"], "at_ms": at_ms}
    ).all()
    due_ms = [_next_due_ms(row, at_ms) for row in open_then]
    return ComplaintCounts(
        filed=connection.execute(_FILED, asked).scalar() or 0,
        open=len(due_ms),
        due=sum(at_ms < one < day_ends_ms for one in due_ms),
        overdue=sum(one <= at_ms for one in due_ms),
    )


def _next_due_ms(row: Any, at_ms: int) -> int:
    """Whichever of the answer and the solution was due next."""
    is_answered = row.answered_at_ms is not None and row.answered_at_ms <= at_ms
    due_ms: int = row.due_at_ms if is_answered else min(row.answer_due_at_ms, row.due_at_ms)
    return due_ms


def bookings_of(connection: Connection, asked: Asked) -> dict[str, int]:
    """How many places there are in each state."""
    return {row.state: row.many for row in connection.execute(_BOOKINGS, asked)}


def surveys_of(connection: Connection, asked: Asked) -> int:
    """How many questionnaires were filled in."""
    return connection.execute(_SURVEYS, asked).scalar() or 0


def staff_name(connection: Connection, branch: str, code: str) -> str:
    """The name of a person, the code where nobody is called so any more."""
    found: str | None = connection.execute(_STAFF, {"branch": branch, "code": code}).scalar()
    return found or code
