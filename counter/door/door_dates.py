"""Days that somebody types: 31-12-2026, 31/12/26, 31122026; impossible ones are refused."""

import re
from datetime import date

_PARTS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{4})")
_TYPED_MAX = 20


class DayError(ValueError):
    """A day is refused; ``code`` says why: form, no-such-day or later."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_day(text: str, today: date) -> date | None:
    """The day that was typed, None for nothing; raises DayError. All lie in the past."""
    typed = text.strip()
    if not typed:
        return None
    found = _PARTS.fullmatch(typed) or _DIGITS.fullmatch(typed)
    if found is None or len(typed) > _TYPED_MAX or not typed.isascii():
        raise DayError("form")
    day, month, year = (int(part) for part in found.groups())
    year += 2000 if year < 100 else 0
    try:
        read = date(year, month, day)
    except ValueError as error:
        raise DayError("no-such-day") from error
    if read > today:
        raise DayError("later")
    return read


def written_day(day: date | None) -> str:
    """A day as it is typed; empty for none."""
    return "" if day is None else f"{day:%d-%m-%Y}"
