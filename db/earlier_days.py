"""What of earlier days is compared with a day: a few figures, read for all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, text

from db.day_events import DayEvents, rare_events

DAYS = 8
LOOKED_BACK_WEEKS = 52
"""A weekday on which the branch was never open in a year is compared with nothing."""


@dataclass(frozen=True, slots=True)
class EarlierVisit:
    """A ticket of an earlier day; ``waited_ms`` all its waits together, None: never called."""

    priority: str
    first_service: str
    waited_ms: int | None
    first_wait_ms: int | None


@dataclass(slots=True)
class Earlier:
    """A closed day. ``rare`` are its guests, who was sent home, and its targets."""

    business_date: str
    issued: int = 0
    unscreened: int = 0
    screened: int = 0
    rating_sum: int = 0
    ratings: int = 0
    visits: list[EarlierVisit] = field(default_factory=list)
    rare: DayEvents = field(default_factory=DayEvents)


_DATES: BindParameter[Any] = bindparam("dates", expanding=True)
_CLOSED = text(
    """
    SELECT business_date FROM business_day
    WHERE branch = :branch AND business_date IN :dates AND closed_at_ms IS NOT NULL
    ORDER BY business_date DESC
    """
).bindparams(_DATES)
_TICKETS = text(
    """
    SELECT id, business_date, priority, service, issued_at_ms, called_at_ms, screening IS NULL
    FROM ticket WHERE branch = :branch AND business_date IN :dates
    """
).bindparams(_DATES)
_WAITS = text(
    """
    SELECT ticket,
           sum(CASE WHEN state = 'waiting' THEN ended_at_ms - started_at_ms END),
           min(CASE WHEN state = 'called' THEN started_at_ms END),
           max(CASE WHEN ordinal = 1 THEN service END)
    FROM ticket_period WHERE branch = :branch AND business_date IN :dates
    GROUP BY business_date, ticket
    """
).bindparams(_DATES)
_SCREENED = text(
    """
    SELECT business_date, count(*) FROM screening
    WHERE branch = :branch AND business_date IN :dates GROUP BY business_date
    """
).bindparams(_DATES)
_RATED = text(
    """
    SELECT business_date, sum(score), count(*) FROM rating
    WHERE branch = :branch AND business_date IN :dates GROUP BY business_date
    """
).bindparams(_DATES)


def earlier_days(connection: Connection, branch: str, business_date: str) -> list[Earlier]:
    """The last closed days of the same weekday, at most ``DAYS``, the newest first."""
    today = date.fromisoformat(business_date)
    weeks = range(1, LOOKED_BACK_WEEKS + 1)
    same = [(today - timedelta(weeks=back)).isoformat() for back in weeks]
    closed = connection.execute(_CLOSED, {"branch": branch, "dates": same}).scalars()
    days = {found: Earlier(found) for found in list(closed)[:DAYS]}
    if days:
        _read(connection, branch, days)
    return list(days.values())


def _read(connection: Connection, branch: str, days: dict[str, Earlier]) -> None:
    asked: dict[str, str | Sequence[str]] = {"branch": branch, "dates": list(days)}
    waits = {
        ticket: (waited_ms, called_at_ms, service)
        for ticket, waited_ms, called_at_ms, service in connection.execute(_WAITS, asked)
    }
    nothing = (None, None, "")
    for row in connection.execute(_TICKETS, asked):
        ticket, of_date, priority, last_service, issued_at_ms, called_at_ms, unscreened = row
        waited_ms, first_call_ms, service = waits.get(ticket, nothing)
        day = days[of_date]
        day.issued += 1
        day.unscreened += bool(unscreened)
        was_called = called_at_ms is not None
        day.visits.append(
            EarlierVisit(
                priority,
                service or last_service,
                waited_ms if was_called else None,
                None if first_call_ms is None else first_call_ms - issued_at_ms,
            )
        )
    for of_date, many in connection.execute(_SCREENED, asked):
        days[of_date].screened = many
    for of_date, total, many in connection.execute(_RATED, asked):
        days[of_date].rating_sum, days[of_date].ratings = int(total), many
    for of_date, day in days.items():
        day.rare = rare_events(connection, {"branch": branch, "date": of_date})
