"""What was said of a day afterwards: who signed its close, and which records were put right.

Figures of records are those of the newest version; the first ones stay in the tickets.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed the last close of a day, and when."""

    staff: str
    note: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Records:
    """How the finished services ended, by code, and how many corrections there were by field.

    ``causes``: per cause how often in each category, "" where none was said.
    """

    outcomes: Mapping[str, int] = field(default_factory=dict)
    categories: Mapping[str, int] = field(default_factory=dict)
    education: Mapping[str, int] = field(default_factory=dict)
    corrections: Mapping[str, int] = field(default_factory=dict)
    causes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


_codes_of = msgspec.json.Decoder(list[str]).decode

_RECORDS = text(
    "SELECT id, outcome, category, education, cause FROM ticket"
    " WHERE branch = :branch AND business_date = :date AND state = 'finished'"
)
_CORRECTIONS = text(
    "SELECT ticket, field, after FROM correction"
    " WHERE branch = :branch AND business_date = :date ORDER BY seq"
)
# A signature from before a day was opened again is none of its last close.
_SIGNATURE = text(
    """
    SELECT s.staff AS staff, s.note AS note, s.at_ms AS at_ms
    FROM day_signature AS s
    JOIN business_day AS d ON d.branch = s.branch AND d.business_date = s.business_date
    WHERE s.branch = :branch AND s.business_date = :date AND s.at_ms >= d.closed_at_ms
    ORDER BY s.seq DESC
    LIMIT 1
    """
)


def signature_of(connection: Connection, asked: Mapping[str, str]) -> Signature | None:
    """Who signed; None for a day that is open or that the clock closed. ``asked``: branch, date."""
    row = connection.execute(_SIGNATURE, asked).first()
    return Signature(row.staff, row.note, row.at_ms) if row is not None else None


def records_of(connection: Connection, asked: Mapping[str, str]) -> Records:
    """The newest version of every record of a day, counted."""
    newest: dict[tuple[str, str], str] = {}
    corrections: Counter[str] = Counter()
    for row in connection.execute(_CORRECTIONS, asked):
        newest[row.ticket, row.field] = row.after
        corrections[row.field] += 1
    outcomes, categories, education = Counter[str](), Counter[str](), Counter[str]()
    causes: dict[str, Counter[str]] = {}
    for row in connection.execute(_RECORDS, asked):
        outcomes[newest.get((row.id, "outcome"), row.outcome or "")] += 1
        if category := newest.get((row.id, "category"), row.category or ""):
            categories[category] += 1
        if cause := newest.get((row.id, "cause"), row.cause or ""):
            causes.setdefault(cause, Counter())[category] += 1
        corrected = newest.get((row.id, "education"))
        codes = _codes_of(row.education) if corrected is None else corrected.split(",")
        education.update(code for code in codes if code)
    return Records(
        _ordered(outcomes),
        _ordered(categories),
        _ordered(education),
        _ordered(corrections),
        causes={cause: _ordered(causes[cause]) for cause in sorted(causes)},
    )


def _ordered(counts: Mapping[str, int]) -> Mapping[str, int]:
    return dict(sorted(counts.items()))
