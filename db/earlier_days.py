"""What of earlier days is compared with a day: a few figures, read for all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, text

from db.day_events import DayEvents, rare_events
from db.quick_rows import rows_of

DAYS = 8
LOOKED_BACK_WEEKS = 52
"""A weekday on which the branch was never open in a year is compared with nothing."""


@dataclass(slots=True)
class Earlier:
    """A closed day. ``waits_ms`` of who was called, all waits of a visit together; the first ones
    by the service that the number was taken for and its priority. ``rare`` are its guests, who was
    sent home, and its targets."""

    business_date: str
    issued: int = 0
    unscreened: int = 0
    screened: int = 0
    rating_sum: int = 0
    ratings: int = 0
    waits_ms: list[int] = field(default_factory=list)
    first_waits_ms: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    rare: DayEvents = field(default_factory=DayEvents)


_DATES: BindParameter[Any] = bindparam("dates", expanding=True)
_CLOSED = text(
    """
    SELECT business_date FROM business_day
    WHERE branch = :branch AND business_date IN :dates AND closed_at_ms IS NOT NULL
    ORDER BY business_date DESC
    """
).bindparams(_DATES)
# The stretches of days lie together in the order of their key; each ticket's row is then looked up.
_TICKETS = text(
    """
    SELECT ticket.business_date, ticket.screening IS NULL, ticket.priority, ticket.service,
           part.service, part.waited_ms, part.called_at_ms - ticket.issued_at_ms
    FROM (SELECT ticket,
                 sum(CASE WHEN state = 'waiting' THEN ended_at_ms - started_at_ms END)
                     AS waited_ms,
                 min(CASE WHEN state = 'called' THEN started_at_ms END) AS called_at_ms,
                 max(CASE WHEN ordinal = 1 THEN service END) AS service
          FROM ticket_period WHERE branch = :branch AND business_date IN :dates
          GROUP BY business_date, ticket) AS part
    JOIN ticket ON ticket.branch = :branch AND ticket.id = part.ticket
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
    for row in rows_of(connection, _TICKETS, asked):
        of_date, is_unscreened, priority, last_service, service, waited_ms, first_wait_ms = row
        day = days[of_date]
        day.issued += 1
        day.unscreened += bool(is_unscreened)
        if first_wait_ms is None:
            continue  # never called
        if waited_ms is not None:
            day.waits_ms.append(int(waited_ms))
        known = day.first_waits_ms.setdefault((service or last_service, priority), [])
        known.append(first_wait_ms)
    for of_date, many in connection.execute(_SCREENED, asked):
        days[of_date].screened = many
    for of_date, total, many in connection.execute(_RATED, asked):
        days[of_date].rating_sum, days[of_date].ratings = int(total), many
    for of_date, day in days.items():
        day.rare = rare_events(connection, {"branch": branch, "date": of_date})
