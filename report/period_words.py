"""How months, years and stretches of days are called."""

from datetime import date

from report.periods import Period
from report.wording import Wording


def period_name(period: Period, wording: Wording) -> str:
    """Oktober 2026; 2026; 5 Oktober 2026 – 9 Oktober 2026."""
    if period.kind == "year":
        return f"{period.first.year}"
    if period.kind == "month":
        return month_name(period.code, wording)
    return f"{day_name(period.first, wording)} – {day_name(period.last, wording)}"


def month_name(code: str, wording: Wording, *, short: bool = False) -> str:
    """Oktober 2026 of 2026-10; short Okt 26."""
    year, _, month = code.partition("-")
    name = wording.texts("ui.calendar.months").split()[int(month) - 1]
    return f"{name[:3]} {year[2:]}" if short else f"{name} {year}"


def day_name(day: date, wording: Wording) -> str:
    """5 Oktober 2026."""
    return f"{day.day} {month_name(f'{day:%Y-%m}', wording)}"


def weekday_name(code: str, wording: Wording) -> str:
    """Senin of "0"."""
    return wording.texts("ui.calendar.weekdays").split()[int(code)]


def stretch_name(code: str, wording: Wording) -> str:
    """A month by its name, a day as Sen 5 Okt."""
    if len(code) == 7:
        return month_name(code, wording)
    return wording.texts.day(date.fromisoformat(code), short=True)


def short_name(code: str, wording: Wording, *, alone: bool) -> str:
    """Below a bar: Okt 26 of a month; of a day 5, or 5/10 where it is not of one month alone."""
    if len(code) == 7:
        return month_name(code, wording, short=True)
    day = date.fromisoformat(code)
    return f"{day.day}" if alone else f"{day.day}/{day.month}"
