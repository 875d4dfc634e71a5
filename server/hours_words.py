"""Opening hours as people write them: ``Senin–Kamis 08.00–16.30, Jumat 08.00–11.00``."""

from collections.abc import Iterable
from itertools import groupby

from server.domain.opening import DAY_MINUTES, DayHours, OpeningHours
from server.texts import Table, table

Run = tuple[int, int, DayHours]
"""From one weekday to another (0 is Monday), both included, and the hours that they share."""


def hours_lines(hours: OpeningHours, languages: Iterable[str]) -> list[dict[str, str]]:
    """A line for each run of weekdays with the same hours, Monday first."""
    codes = list(languages)
    return [{code: _line(run, code) for code in codes} for run in _runs(hours)]


def hours_names(hours: OpeningHours | None, languages: Iterable[str]) -> dict[str, str]:
    """The days on which it is open in one line; empty where no hours are known."""
    if hours is None:
        return {}
    # Where it never opens, the one line says so.
    runs = [run for run in _runs(hours) if run[2] != ()] or _runs(hours)
    return {code: ", ".join(_line(run, code) for run in runs) for code in languages}


def _runs(hours: OpeningHours) -> list[Run]:
    runs = []
    for of_day, days in groupby(range(7), key=lambda day: hours.days[day]):
        several = list(days)
        runs.append((several[0], several[-1], of_day))
    return runs


def _line(run: Run, language: str) -> str:
    first, last, of_day = run
    words, calendar = table("hours", language), table("calendar", language)
    days = "day" if first == last else "every-day" if (first, last) == (0, 6) else "days"
    return words[days].format(
        first=calendar[f"weekday-{first + 1}"],
        last=calendar[f"weekday-{last + 1}"],
        hours=_of_day(of_day, words, calendar),
    )


def _of_day(of_day: DayHours, words: Table, calendar: Table) -> str:
    if of_day is None:
        return words["whole-day"]
    if not of_day:
        return words["closed"]
    stretches = (
        words["stretch"].format(start=_clock(start, calendar), end=_clock(end, calendar))
        for start, end in of_day
    )
    return words["and"].join(stretches)


def _clock(minute: int, calendar: Table) -> str:
    if minute == DAY_MINUTES:
        return calendar["clock"].format(hour=24, minute=0)
    return calendar["clock"].format(hour=minute // 60, minute=minute % 60)
