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


# Each table once: a branch has thousands of days.
_DAYS = text(
    """
    SELECT d.business_date, d.closed_at_ms, d.head_seq, s.signed_seq, c.corrected_seq, a.surveys
    FROM business_day AS d
    LEFT JOIN (SELECT s.business_date, max(s.seq) AS signed_seq FROM day_signature AS s
               JOIN business_day AS of_day
                 ON of_day.branch = s.branch AND of_day.business_date = s.business_date
               WHERE s.branch = :branch AND s.at_ms >= of_day.closed_at_ms
               GROUP BY s.business_date) AS s ON s.business_date = d.business_date
    LEFT JOIN (SELECT business_date, max(seq) AS corrected_seq FROM correction
               WHERE branch = :branch GROUP BY business_date) AS c
      ON c.business_date = d.business_date
    LEFT JOIN (SELECT business_date, count(*) AS surveys FROM survey_answer
               WHERE branch = :branch GROUP BY business_date) AS a
      ON a.business_date = d.business_date
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
            f"{row.head_seq}-{row.corrected_seq or 0}-{row.surveys or 0}",
        )
        for row in connection.execute(_DAYS, {"branch": branch})
    ]
