"""Stretches of days that reports are about: a month, a year, any; and what to compare them with."""

from dataclasses import dataclass
from datetime import date, timedelta

DAYS_MOST = 3660
"""Ten years: more is a mistake of whoever typed it."""
FIRST_YEAR, LAST_YEAR = 2000, 2200


class NoSuchPeriodError(ValueError):
    """A text names no month, year or stretch of days; its words are for whoever typed it."""


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both with it. ``kind``: month, year or days."""

    first: date
    last: date
    kind: str = "days"

    @property
    def days(self) -> int:
        """How long it is."""
        return (self.last - self.first).days + 1

    @property
    def code(self) -> str:
        """2026-10, 2026 or 2026-10-05..2026-10-09: what it is called in addresses and files."""
        if self.kind == "month":
            return f"{self.first:%Y-%m}"
        if self.kind == "year":
            return f"{self.first:%Y}"
        return f"{self.first.isoformat()}..{self.last.isoformat()}"

    def before(self) -> "Period":
        """The month, the year, or as many days just before it."""
        end = self.first - timedelta(days=1)
        if self.kind == "month":
            return month_of(end)
        if self.kind == "year":
            return year_of(end.year)
        return Period(self.first - timedelta(days=self.days), end)

    def year_before(self) -> "Period":
        """The same month of the year before; of a year the one before it."""
        if self.kind == "month":
            return month_of(self.first.replace(year=self.first.year - 1))
        if self.kind == "year":
            return year_of(self.first.year - 1)
        # 52 weeks: the same weekdays.
        back = timedelta(weeks=52)
        return Period(self.first - back, self.last - back)


def month_of(day: date) -> Period:
    """The month that a day is in."""
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return Period(first, following - timedelta(days=1), "month")


def year_of(year: int) -> Period:
    """A whole year."""
    return Period(date(year, 1, 1), date(year, 12, 31), "year")


def read_period(text: str) -> Period:
    """2026-10, 2026 or 2026-10-05..2026-10-09; raises NoSuchPeriodError."""
    try:
        if ".." in text:
            first, _, last = text.partition("..")
            return _days(date.fromisoformat(first), date.fromisoformat(last))
        if len(text) == 4 and text.isascii() and text.isdigit():
            return _of_our_time(year_of(int(text)))
        if len(text) == 7:
            return _of_our_time(month_of(date.fromisoformat(f"{text}-01")))
    except NoSuchPeriodError:
        raise
    except (ValueError, OverflowError):
        pass
    raise NoSuchPeriodError(
        f"{text!r} is no period. Write a month (2026-10), a year (2026), or two days with two dots "
        "between them (2026-10-05..2026-10-09)."
    )


def _days(first: date, last: date) -> Period:
    period = Period(first, last)
    if last < first:
        raise NoSuchPeriodError(f"{period.code} ends before it begins.")
    if period.days > DAYS_MOST:
        raise NoSuchPeriodError(f"{period.code} is longer than ten years.")
    return _of_our_time(period)


def _of_our_time(period: Period) -> Period:
    if period.first.year < FIRST_YEAR or period.last.year > LAST_YEAR:
        raise NoSuchPeriodError(f"{period.code} is not between {FIRST_YEAR} and {LAST_YEAR}.")
    return period
