"""What finished visits were about, and of whom: category, cause and membership segment.

Of corrected records the newest version counts, as in the report of a day. The segment and how often
the visitor was here before are what the door knew; a number without a screening has neither.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class Problem:
    """What is alike of a month (``2026-10``); "" where nobody said. ``returned``: whether the
    visitor was here before."""

    month: str
    category: str
    segment: str
    cause: str
    returned: bool


_ALIKE = """
    substr(t.business_date, 1, 7), coalesce(t.category, ''), coalesce(s.segment, ''),
    coalesce(t.cause, ''), coalesce(s.visits_before, 0) > 0
    """
_FROM = """
    FROM ticket t
    LEFT JOIN screening s ON s.branch = t.branch AND s.business_date = t.business_date
     AND s.id = t.screening
    WHERE t.branch = :branch AND t.business_date BETWEEN :first AND :last AND t.state = 'finished'
    """
_CORRECTED = """
    SELECT ticket FROM correction
    WHERE branch = :branch AND business_date BETWEEN :first AND :last
      AND field IN ('category', 'cause')
    """
_COUNTED = text(
    f"SELECT {_ALIKE}, count(*) {_FROM} AND t.id NOT IN ({_CORRECTED}) GROUP BY 1, 2, 3, 4, 5"
)
_ONE_BY_ONE = text(f"SELECT t.id, {_ALIKE} {_FROM} AND t.id IN ({_CORRECTED})")
_CORRECTIONS = text(
    """
    SELECT ticket, field, after FROM correction
    WHERE branch = :branch AND business_date BETWEEN :first AND :last
      AND field IN ('category', 'cause')
    ORDER BY seq
    """
)


def problem_counts(
    connection: Connection, branch: str, first: date, last: date
) -> Counter[Problem]:
    """The finished visits of these days by what is alike."""
    asked = {"branch": branch, "first": first.isoformat(), "last": last.isoformat()}
    counts: Counter[Problem] = Counter()
    for month, category, segment, cause, returned, many in connection.execute(_COUNTED, asked):
        counts[Problem(month, category, segment, cause, bool(returned))] += many
    newest = {
        (ticket, field): after for ticket, field, after in connection.execute(_CORRECTIONS, asked)
    }
    if not newest:
        return counts
    for ticket, month, category, segment, cause, returned in connection.execute(_ONE_BY_ONE, asked):
        category = newest.get((ticket, "category"), category)
        cause = newest.get((ticket, "cause"), cause)
        counts[Problem(month, category, segment, cause, bool(returned))] += 1
    return counts
