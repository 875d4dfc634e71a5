"""What past days say about how long things take: sums for the estimate of the wait."""

from datetime import date, datetime, time, tzinfo
from typing import Any

from sqlalchemy import Connection, text

DAYS_MOST = 20
PROMISES_MOST = 300

# A day counts once it is over; the key of every table begins with branch and date.
_DAYS = text(
    "SELECT business_date FROM business_day WHERE branch = :branch AND business_date < :before"
    " ORDER BY business_date DESC LIMIT :most"
)

# One errand is what a ticket spent called and served for one service; a group's time is that of
# one person (server.domain.service_times.group_factor). Days without a zone that turns.
# Whom the close of the day found at a counter was forgotten there: nobody knows for how long. Nor
# may they count because the next day begins before that close is on the disk, and a server that
# starts again on it must learn the same (I3).
_OCCUPANCY = text(
    """
SELECT service, hour - hour / 24 * 24 AS hour, count(*), sum(seconds), sum(seconds * seconds)
FROM (
    SELECT coalesce(nullif(p.service, ''), t.service) AS service,
        (min(p.started_at_ms) / 1000 + :offset_s) / 3600 AS hour,
        sum(p.ended_at_ms - p.started_at_ms) / 1000.0
            / (1 + (max(t.weight) - 1) * :group_share) AS seconds
    FROM ticket_period p
    JOIN ticket t ON t.branch = p.branch AND t.id = p.ticket
    WHERE p.branch = :branch AND p.business_date BETWEEN :first AND :last
        AND p.state IN ('called', 'serving') AND p.ended_at_ms IS NOT NULL
        AND t.state = 'finished' AND (t.outcome <> 'pending' OR NOT EXISTS (
            SELECT 1 FROM business_day d
            WHERE d.branch = t.branch AND d.business_date = t.business_date
                AND d.closed_at_ms <= t.ended_at_ms
        ))
    GROUP BY p.business_date, p.ticket, coalesce(nullif(p.service, ''), t.service)
) errands
GROUP BY 1, 2 ORDER BY 1, 2
"""
)

_NO_SHOWS = text(
    """
SELECT count(*), sum(CASE WHEN t.state = 'no-show' THEN 1 ELSE 0 END),
    sum(CASE WHEN t.state = 'no-show' THEN p.ended_at_ms - p.started_at_ms ELSE 0 END) / 1000.0
FROM ticket_period p
JOIN ticket t ON t.branch = p.branch AND t.id = p.ticket
WHERE p.branch = :branch AND p.business_date BETWEEN :first AND :last
    AND p.state = 'called' AND p.ended_at_ms IS NOT NULL
    AND t.state IN ('finished', 'no-show', 'cancelled')
    AND (t.state = 'cancelled' OR t.outcome <> 'pending' OR NOT EXISTS (
        SELECT 1 FROM business_day d
        WHERE d.branch = t.branch AND d.business_date = t.business_date
            AND d.closed_at_ms <= t.ended_at_ms
    ))
"""
)

_PROMISES = text(
    """
SELECT t.promised_from_s, t.promised_to_s, (min(p.started_at_ms) - t.issued_at_ms) / 1000.0
FROM ticket t
JOIN ticket_period p ON p.branch = t.branch AND p.business_date = t.business_date
    AND p.ticket = t.id AND p.state = 'called'
WHERE t.branch = :branch AND t.business_date BETWEEN :first AND :last
    AND t.promised_from_s IS NOT NULL
GROUP BY t.id, t.promised_from_s, t.promised_to_s, t.issued_at_ms
ORDER BY t.issued_at_ms DESC, t.id LIMIT :most
"""
)


Sums = tuple[list[tuple[Any, ...]], tuple[float, float, float], list[tuple[Any, ...]]]


def sums_of_past_days(
    connection: Connection, branch: str, before: str, zone: tzinfo, group_share: float
) -> Sums | None:
    """Sums over the last days before a date; None if there were none.

    Occupancy (service, local hour of the call, count, seconds, squares), no-shows (called,
    missed, seconds that those cost) and promises (from, to, waited), oldest first.
    """
    days = list(connection.scalars(_DAYS, {"branch": branch, "before": before, "most": DAYS_MOST}))
    if not days:
        return None
    noon = datetime.combine(date.fromisoformat(days[0]), time(12), zone)
    offset = noon.utcoffset()
    asked = {
        "branch": branch,
        "first": days[-1],
        "last": days[0],
        "offset_s": 0 if offset is None else int(offset.total_seconds()),
        "group_share": group_share,
        "most": PROMISES_MOST,
    }
    occupancy = connection.execute(_OCCUPANCY, _only(asked, "offset_s", "group_share")).all()
    called, missed, seconds = connection.execute(_NO_SHOWS, _only(asked)).one()
    promises = [tuple(row) for row in connection.execute(_PROMISES, _only(asked, "most"))]
    return (
        [tuple(row) for row in occupancy],
        (called or 0, missed or 0, float(seconds or 0)),
        promises[::-1],
    )


def _only(asked: dict[str, Any], *more: str) -> dict[str, Any]:
    return {name: asked[name] for name in ("branch", "first", "last", *more)}
