"""Days as people write them in tables: 2026-11-20, 20-11-2026, 20/11/2026, 20 November 2026."""

import calendar
import re
from datetime import date

FORMS = "2026-11-20, 20/11/2026 or 20 November 2026"
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]00:00(?::00)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_IN_WORDS = re.compile(r"(\d{1,2})[ -]([a-z]{3,9})\.?[ -](\d{4})")
_MONTHS = (
    ("januari", "january"),
    ("februari", "february"),
    ("maret", "march"),
    ("april",),
    ("mei", "may"),
    ("juni", "june"),
    ("juli", "july"),
    ("agustus", "august", "agt"),
    ("september",),
    ("oktober", "october"),
    ("november", "november", "nopember"),
    ("desember", "december"),
)


class NoSuchDayError(ValueError):
    """The text names no day; what it says is for the person who wrote it."""


def read_day(text: str) -> date:
    """The day that a text names; raises NoSuchDayError for 30 February as for any nonsense."""
    plain = " ".join(text.lower().split())
    if found := _YEAR_FIRST.fullmatch(plain):
        year, month, day = map(int, found.groups())
    elif found := _DAY_FIRST.fullmatch(plain):
        day, month, year = map(int, found.groups())
    elif found := _IN_WORDS.fullmatch(plain):
        day, month, year = int(found[1]), _month(found[2]), int(found[3])
    else:
        raise NoSuchDayError(f"is no date. Write it as {FORMS}")
    if not 1 <= month <= 12 or not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise NoSuchDayError(f"is no date of our time. Write it as {FORMS}")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        english = _MONTHS[month - 1][:2][-1].capitalize()
        raise NoSuchDayError(
            f"is in no calendar: {english} {year} has {last} days, not {day}. Look it up again"
        )
    return date(year, month, day)


def _month(word: str) -> int:
    """1 to 12 for a month in Indonesian or English, or its first three letters; 0 for others."""
    for number, names in enumerate(_MONTHS, 1):
        if word in names or any(word == name[:3] for name in names):
            return number
    return 0
