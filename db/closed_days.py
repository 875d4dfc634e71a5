"""Which days are over, and by what one sees that something of a day was said since."""

from dataclasses import dataclass

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day that is over. ``closing`` changes with its close and signature, ``later`` with whatever
    else was told of it: corrections, ratings, surveys."""

    business_date: str
    closed_at_ms: int
    is_signed: bool
    closing: str
    later: str


_DAYS = text(
    """
    SELECT d.business_date, d.closed_at_ms, d.head_seq,
           (SELECT max(seq) FROM day_signature AS s
            WHERE s.branch = d.branch AND s.business_date = d.business_date
              AND s.at_ms >= d.closed_at_ms) AS signed_seq,
           (SELECT max(seq) FROM correction AS c
            WHERE c.branch = d.branch AND c.business_date = d.business_date) AS corrected_seq,
           (SELECT count(*) FROM survey_answer AS a
            WHERE a.branch = d.branch AND a.business_date = d.business_date) AS surveys
    FROM business_day AS d
    WHERE d.branch = :branch AND d.closed_at_ms IS NOT NULL
    ORDER BY d.business_date DESC
    """
)


def closed_days(connection: Connection, branch: str) -> list[ClosedDay]:
    """Every day that was closed, the newest first."""
    return [
        ClosedDay(
            row.business_date,
            row.closed_at_ms,
            row.signed_seq is not None,
            f"{row.closed_at_ms}-{row.signed_seq or 0}",
            f"{row.head_seq}-{row.corrected_seq or 0}-{row.surveys}",
        )
        for row in connection.execute(_DAYS, {"branch": branch})
    ]
