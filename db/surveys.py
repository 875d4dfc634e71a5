"""Filled-in questionnaires and one-tap ratings of a stretch of days; nothing says by whom.

The two are different questions to different people, so nothing here adds them up.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class FilledIn:
    """A questionnaire of a ``month`` (2026-10): per element 1 to 4, and what the form asks of who
    answers ("" if unsaid)."""

    month: str
    instrument: str
    answers: Mapping[str, int]
    service: str
    sex: str
    age: str
    education: str
    work: str


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote, without instant and without name; ``month`` is 2026-10."""

    month: str
    service: str
    words: str


@dataclass(frozen=True, slots=True)
class OneTapCounts:
    """One-tap ratings: how often each score was given, by service, and the reasons of low ones."""

    services: Mapping[str, Counter[int]] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def scores(self) -> Counter[int]:
        """Of all services."""
        total: Counter[int] = Counter()
        for scores in self.services.values():
            total.update(scores)
        return total


_SURVEYS = text(
    """
    SELECT substr(business_date, 1, 7), instrument, answers, service, sex, age, education, work
    FROM survey_answer
    WHERE branch = :branch AND business_date BETWEEN :first AND :last
    ORDER BY business_date, id
    """
)
# In an order that has nothing to do with who answered when.
_COMMENTS = text(
    """
    SELECT substr(business_date, 1, 7), service, comment FROM survey_answer
    WHERE branch = :branch AND business_date BETWEEN :first AND :last AND comment <> ''
    ORDER BY 1 DESC, 2, 3
    """
)
_RATINGS = text(
    """
    SELECT t.service, r.score, count(*)
    FROM rating r JOIN ticket t ON t.branch = r.branch AND t.id = r.ticket
    WHERE r.branch = :branch AND r.business_date BETWEEN :first AND :last
    GROUP BY t.service, r.score
    """
)
_REASONS = text(
    """
    SELECT reasons, count(*) FROM rating
    WHERE branch = :branch AND business_date BETWEEN :first AND :last GROUP BY reasons
    """
)
_VISITS = text(
    """
    SELECT count(*) FROM ticket
    WHERE branch = :branch AND business_date BETWEEN :first AND :last AND state = 'finished'
    """
)
_answers_of = msgspec.json.Decoder(dict[str, int]).decode
_reasons_of = msgspec.json.Decoder(list[str]).decode


def surveys_of(connection: Connection, branch: str, first: date, last: date) -> list[FilledIn]:
    """Every questionnaire of these days that can be read."""
    found = []
    rows = connection.execute(_SURVEYS, _asked(branch, first, last))
    for month, instrument, answers, service, sex, age, education, work in rows:
        try:
            given = _answers_of(answers)
        except msgspec.MsgspecError:
            continue  # what somebody changed there is for 'verify' to name
        found.append(FilledIn(month, instrument, given, service, sex, age, education, work))
    return found


def comments_of(connection: Connection, branch: str, first: date, last: date) -> Sequence[Comment]:
    """What was written, the newest month first."""
    rows = connection.execute(_COMMENTS, _asked(branch, first, last))
    return [Comment(month, service, words) for month, service, words in rows]


def one_tap_of(connection: Connection, branch: str, first: date, last: date) -> OneTapCounts:
    """The one-tap ratings of these days."""
    asked = _asked(branch, first, last)
    services: dict[str, Counter[int]] = {}
    for service, score, many in connection.execute(_RATINGS, asked):
        services.setdefault(service, Counter())[score] += many
    reasons: Counter[str] = Counter()
    for listed, many in connection.execute(_REASONS, asked):
        try:
            codes = _reasons_of(listed)
        except msgspec.MsgspecError:
            continue
        for code in codes:
            reasons[code] += many
    return OneTapCounts(services, reasons)


def served_of(connection: Connection, branch: str, first: date, last: date) -> int:
    """How many visits were served: of whom a sample is asked."""
    return connection.execute(_VISITS, _asked(branch, first, last)).scalar() or 0


def _asked(branch: str, first: date, last: date) -> dict[str, Any]:
    return {"branch": branch, "first": first.isoformat(), "last": last.isoformat()}
