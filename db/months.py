"""Many days at once: what months and years are counted from.

The definitions are those of a day (docs/figures.md). Nothing is kept beside the tickets: they are
read month by month in the order of their stretches, so that nothing large is sorted, and their
waits come packed, which is what makes a year quick.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class VisitGroup:
    """Tickets of a day that are alike, ``many`` of them; times in ms, in no order.

    ``waits_ms`` are all waits of a ticket together, of those that were called; ``first_waits_ms``
    the times to the first call. ``hour`` is that of the issue, None where nobody asked.
    ``unscreened``: no screening led to so many of them.
    """

    business_date: str
    service: str
    first_service: str
    priority: str
    state: str
    hour: int | None
    many: int
    unscreened: int
    waits_ms: Sequence[int]
    first_waits_ms: Sequence[int]


@dataclass(frozen=True, slots=True)
class DoorGroup:
    """Screenings of a day that came to the same: ``spared`` of them led to no number, also not
    later; ``returned`` were here before."""

    business_date: str
    outcome: str
    reason: str
    channel: str
    many: int
    spared: int
    returned: int


# One row per ticket, in the order of its stretches' key; then what is alike together.
_VISITS = """
    SELECT visit.business_date, t.service, coalesce(nullif(visit.first_service, ''), t.service),
           t.priority, t.state, {hour}, count(*),
           sum(CASE WHEN t.screening IS NULL THEN 1 ELSE 0 END), {wait}, {first_wait}
    FROM (
        SELECT business_date, ticket, max(CASE WHEN ordinal = 1 THEN service END) AS first_service,
               sum(CASE WHEN state = 'waiting' THEN ended_at_ms - started_at_ms END) AS wait,
               min(CASE WHEN state = 'called' THEN started_at_ms END) AS first_call
        FROM ticket_period WHERE branch = :branch AND business_date BETWEEN :first AND :last
        GROUP BY business_date, ticket
    ) AS visit
    JOIN ticket t ON t.branch = :branch AND t.id = visit.ticket
    GROUP BY 1, 2, 3, 4, 5, 6
    """
_WAIT = "CASE WHEN t.called_at_ms IS NOT NULL THEN visit.wait END"
_FIRST_WAIT = "CASE WHEN t.called_at_ms IS NOT NULL THEN visit.first_call - t.issued_at_ms END"
_LOCAL_S = "(t.issued_at_ms / 1000 + :offset_s)"
_HOUR = f"{_LOCAL_S} / 3600 - {_LOCAL_S} / 86400 * 24"
_NO_HOUR = "CAST(NULL AS INTEGER)"
_WAITS_OF_SQLITE = f"group_concat({_WAIT}, ',')"
_WAITS_OF_POSTGRES = f"string_agg(CAST({_WAIT} AS text), ',')"
_FIRST_OF_SQLITE = f"group_concat({_FIRST_WAIT}, ',')"
_FIRST_OF_POSTGRES = f"string_agg(CAST({_FIRST_WAIT} AS text), ',')"
_SQLITE_VISITS = text(
    _VISITS.format(hour=_NO_HOUR, wait=_WAITS_OF_SQLITE, first_wait=_FIRST_OF_SQLITE)
)
_SQLITE_VISITS_BY_HOUR = text(
    _VISITS.format(hour=_HOUR, wait=_WAITS_OF_SQLITE, first_wait=_FIRST_OF_SQLITE)
)
_POSTGRES_VISITS = text(
    _VISITS.format(hour=_NO_HOUR, wait=_WAITS_OF_POSTGRES, first_wait=_FIRST_OF_POSTGRES)
)
_POSTGRES_VISITS_BY_HOUR = text(
    _VISITS.format(hour=_HOUR, wait=_WAITS_OF_POSTGRES, first_wait=_FIRST_OF_POSTGRES)
)
# Each stretch belongs to the service that it was for.
_WAITS_BY_SERVICE = """
    SELECT service, {wait}
    FROM (
        SELECT coalesce(nullif(p.service, ''), t.service) AS service,
               sum(p.ended_at_ms - p.started_at_ms) AS wait
        FROM ticket_period p JOIN ticket t ON t.branch = p.branch AND t.id = p.ticket
        WHERE p.branch = :branch AND p.business_date BETWEEN :first AND :last
          AND p.state = 'waiting' AND p.ended_at_ms IS NOT NULL AND t.called_at_ms IS NOT NULL
        GROUP BY p.business_date, p.ticket, coalesce(nullif(p.service, ''), t.service)
    ) AS leg
    GROUP BY service
    """
_SQLITE_WAITS = text(_WAITS_BY_SERVICE.format(wait="group_concat(wait, ',')"))
_POSTGRES_WAITS = text(_WAITS_BY_SERVICE.format(wait="string_agg(CAST(wait AS text), ',')"))
# By dialect: the tickets, the same by hour, and the waits by service.
_QUESTIONS = {
    "sqlite": (_SQLITE_VISITS, _SQLITE_VISITS_BY_HOUR, _SQLITE_WAITS),
    "postgresql": (_POSTGRES_VISITS, _POSTGRES_VISITS_BY_HOUR, _POSTGRES_WAITS),
}
_DOOR = text(
    """
    SELECT business_date, outcome, coalesce(reason, ''), coalesce(channel, ''), count(*),
           sum(CASE WHEN ticket IS NULL THEN 1 ELSE 0 END),
           sum(CASE WHEN visits_before > 0 THEN 1 ELSE 0 END)
    FROM screening WHERE branch = :branch AND business_date BETWEEN :first AND :last
    GROUP BY business_date, outcome, coalesce(reason, ''), coalesce(channel, '')
    """
)
_RATINGS = text(
    """
    SELECT business_date, score, count(*) FROM rating
    WHERE branch = :branch AND business_date BETWEEN :first AND :last
    GROUP BY business_date, score
    """
)
_DAYS = text(
    """
    SELECT business_date FROM business_day
    WHERE branch = :branch AND business_date BETWEEN :first AND :last ORDER BY business_date
    """
)


def business_days(connection: Connection, branch: str, first: date, last: date) -> list[str]:
    """The days on which the branch was open, in order."""
    return list(connection.execute(_DAYS, _asked(branch, first, last)).scalars())


def visit_groups(
    connection: Connection, branch: str, first: date, last: date, zone: tzinfo | None = None
) -> Iterator[VisitGroup]:
    """The tickets of these days; with ``zone`` also by the hour of their issue there."""
    visits, visits_by_hour, _ = _QUESTIONS[connection.dialect.name]
    question = visits if zone is None else visits_by_hour
    for begin, end in months_between(first, last):
        asked = _asked(branch, begin, end)
        if zone is not None:
            asked["offset_s"] = _offset_s(begin, zone)
        for of_date, service, taken_for, priority, state, hour, *told in connection.execute(
            question, asked
        ):
            many, unscreened, waits, first_waits = told
            yield VisitGroup(
                business_date=of_date,
                service=service,
                first_service=taken_for,
                priority=priority,
                state=state,
                hour=hour,
                many=many,
                unscreened=int(unscreened),
                waits_ms=_unpacked(waits),
                first_waits_ms=_unpacked(first_waits),
            )


def waits_by_service(
    connection: Connection, branch: str, first: date, last: date
) -> dict[str, list[int]]:
    """Per service the waits for it in ms, of tickets that were called; a visit with several
    services counts in each."""
    *_, question = _QUESTIONS[connection.dialect.name]
    waits: dict[str, list[int]] = {}
    for begin, end in months_between(first, last):
        for service, packed in connection.execute(question, _asked(branch, begin, end)):
            waits.setdefault(service, []).extend(_unpacked(packed))
    return waits


def door_groups(connection: Connection, branch: str, first: date, last: date) -> list[DoorGroup]:
    """The screenings of these days."""
    rows = connection.execute(_DOOR, _asked(branch, first, last))
    return [
        DoorGroup(of_date, outcome, reason, channel, many, int(spared), int(returned))
        for of_date, outcome, reason, channel, many, spared, returned in rows
    ]


def rating_scores(
    connection: Connection, branch: str, first: date, last: date
) -> list[tuple[str, int, int]]:
    """Day, score, how often it was given with one tap."""
    rows = connection.execute(_RATINGS, _asked(branch, first, last))
    return [(of_date, score, many) for of_date, score, many in rows]


def months_between(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The months of a stretch of days, the first and the last cut to it."""
    begin = first
    while begin <= last:
        following = (begin.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield begin, min(last, following - timedelta(days=1))
        begin = following


def _asked(branch: str, first: date, last: date) -> dict[str, Any]:
    return {"branch": branch, "first": first.isoformat(), "last": last.isoformat()}


def _unpacked(packed: str | None) -> Sequence[int]:
    # An array: a million numbers as objects would be fifty megabytes.
    return array("q", map(int, packed.split(","))) if packed else ()


def _offset_s(day: date, zone: tzinfo) -> int:
    # Indonesia's three zones stand still; of another one the month's first noon is taken.
    offset = datetime.combine(day, time(12), zone).astimezone(UTC)
    return int((datetime.combine(day, time(12), UTC) - offset).total_seconds())


_ARRIVED = text(
    """
    SELECT substr(business_date, 1, 7) AS month, count(*) FROM screening
    WHERE branch = :branch AND business_date BETWEEN :first AND :last GROUP BY 1
    UNION ALL
    SELECT substr(business_date, 1, 7), count(*) FROM ticket
    WHERE branch = :branch AND business_date BETWEEN :first AND :last AND screening IS NULL
    GROUP BY 1
    UNION ALL
    SELECT substr(business_date, 1, 7), count(*) FROM event
    WHERE branch = :branch AND business_date BETWEEN :first AND :last
      AND type IN ('DayOpened', 'BranchConfigured', 'GuestRecorded', 'ChannelChosen')
      AND type IN ('GuestRecorded', 'ChannelChosen')
    GROUP BY 1
    UNION ALL
    SELECT DISTINCT substr(business_date, 1, 7), 0 FROM business_day
    WHERE branch = :branch AND business_date BETWEEN :first AND :last
    """
)


def arrived_by_month(
    connection: Connection, branch: str, first: date, last: date
) -> dict[str, int]:
    """Everyone who came to the office, by month (2026-10); a month in which it was never open is
    not there."""
    arrived: dict[str, int] = {}
    for month, many in connection.execute(_ARRIVED, _asked(branch, first, last)):
        arrived[month] = arrived.get(month, 0) + many
    return dict(sorted(arrived.items()))
