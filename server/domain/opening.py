"""When a branch gives numbers and when it works: hours, breaks, holidays, by its own clock.

Hours are minutes of the local calendar day; a minute becomes an instant by the branch's zone, so
that a day of 23 or 25 hours opens and closes when the clock on its wall says so.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

Interval = tuple[int, int]
"""From one minute of the local day to another, the second not included; 1440 is midnight."""

DayHours = tuple[Interval, ...] | None
"""The intervals of a weekday, none of them on a day that is closed; None is every hour."""

Stretch = tuple[int, int]
"""From one instant to another in milliseconds, the second not included."""

DAY_MINUTES = 24 * 60
_INTERVAL = re.compile(r"(\d\d?)[:.](\d\d)\s*[-–]\s*(\d\d?)[:.](\d\d)")


@dataclass(frozen=True, slots=True)
class Closed:
    """Why no number is given now: a code and its facts, instants as the branch's clock shows them.

    ``at`` is now, ``opens`` the next instant at which numbers are given again (None: not known),
    ``closes`` when the day's work ends, ``names`` the holiday, or why a service was paused.
    """

    code: str
    at: datetime
    opens: datetime | None = None
    closes: datetime | None = None
    names: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The hours of a week (Monday first), and what is different on some days.

    Intervals follow one another, in hours as in breaks; ``parse_hours`` sees to it.
    In ``breaks`` the counters rest, but numbers are given. Numbers are given from
    ``tickets_before_s`` before each opening until ``last_ticket_s`` before the day's last close.
    """

    days: tuple[DayHours, ...] = (None,) * 7
    breaks: tuple[tuple[Interval, ...], ...] = ((),) * 7
    holidays: Mapping[date, Mapping[str, str]] = field(default_factory=dict)
    tickets_before_s: int = 0
    last_ticket_s: int = 0

    @property
    def always_open(self) -> bool:
        """Whether numbers are given at every hour of every day."""
        return not self.holidays and all(hours is None for hours in self.days)

    def closed_because(self, now_ms: int, zone: tzinfo) -> Closed | None:
        """Why no number is given at an instant; None while numbers are given."""
        if self.always_open:
            return None
        at = local_of(now_ms, zone)
        windows = self._windows(at.date(), zone)
        if any(start <= now_ms < end for start, end in windows):
            return None
        opens_ms = self._opens_ms(now_ms, zone)
        opens = None if opens_ms is None else local_of(opens_ms, zone)
        if (names := self.holidays.get(at.date())) is not None:
            return Closed("holiday", at, opens, names=names)
        work = self._work(at.date(), zone)
        if not work:
            return Closed("closed-day", at, opens)
        closes_ms = work[-1][1]
        closes = local_of(closes_ms, zone)
        if now_ms >= closes_ms:
            return Closed("after-hours", at, opens, closes)
        if not windows or now_ms >= windows[-1][1]:
            return Closed("last-ticket", at, opens, closes)
        code = "before-opening" if now_ms < windows[0][0] else "between-hours"
        return Closed(code, at, opens, closes)

    def next_change_ms(self, now_ms: int, zone: tzinfo) -> int | None:
        """The next instant at which ``closed_because`` may answer otherwise; None is never."""
        if self.always_open:
            return None
        today = local_of(now_ms, zone).date()
        # At midnight the sentence changes: what opens "tomorrow" opens "today".
        moments = [instant_ms(today, DAY_MINUTES, zone)]
        moments += [edge for window in self._windows(today, zone) for edge in window]
        moments += [closes_ms for _, closes_ms in self._work(today, zone)[-1:]]
        return min(moment for moment in moments if moment > now_ms)

    def rest_intervals_ms(self, from_ms: int, to_ms: int, zone: tzinfo) -> list[Stretch]:
        """When nobody is served between two instants: breaks and closed time, in order."""
        rests: list[Stretch] = []
        rested_until = from_ms
        for start, end in self._served(from_ms, to_ms, zone):
            if start >= to_ms:
                break
            if start > rested_until:
                rests.append((rested_until, start))
            rested_until = max(rested_until, end)
        if rested_until < to_ms:
            rests.append((rested_until, to_ms))
        return rests

    def closes_at_ms(self, now_ms: int, zone: tzinfo) -> int | None:
        """When the work of this local day ends; None where no hour ends it, or nobody works."""
        today = local_of(now_ms, zone).date()
        if self.days[today.weekday()] is None:
            return None
        work = self._work(today, zone)
        return work[-1][1] if work else None

    def opens_tomorrow_ms(self, now_ms: int, zone: tzinfo) -> int | None:
        """When numbers are given again on a later local day; None where the clock cannot say."""
        if self.always_open:
            return None
        today = local_of(now_ms, zone).date()
        return self._opens_ms(instant_ms(today, DAY_MINUTES, zone) - 1, zone)

    def work_of(self, day: date, zone: tzinfo) -> tuple[Stretch, ...]:
        """When the branch is open on a local day, breaks included; nothing where it is closed."""
        return self._work(day, zone)

    def giving_of(self, day: date, zone: tzinfo) -> tuple[Stretch, ...]:
        """When numbers are given on a local day."""
        return self._windows(day, zone)

    # A day in instants.

    def _work(self, day: date, zone: tzinfo) -> tuple[Stretch, ...]:
        """When the branch is open on a local day."""
        if day in self.holidays:
            return ()
        hours = self.days[day.weekday()]
        return _instants(day, ((0, DAY_MINUTES),) if hours is None else hours, zone)

    def _windows(self, day: date, zone: tzinfo) -> tuple[Stretch, ...]:
        """When numbers are given on a local day."""
        work = self._work(day, zone)
        if not work or self.days[day.weekday()] is None:
            return work
        # A number belongs to the day on which it was taken, so none is given before midnight.
        midnight, last = instant_ms(day, 0, zone), self._last_ticket_ms(work[-1][1])
        windows = (
            (max(midnight, start - self.tickets_before_s * 1000), min(end, last))
            for start, end in work
        )
        return tuple((start, end) for start, end in windows if start < end)

    def _last_ticket_ms(self, closes_ms: int) -> int:
        return closes_ms - self.last_ticket_s * 1000

    def _opens_ms(self, after_ms: int, zone: tzinfo) -> int | None:
        """The next instant after one at which numbers begin to be given."""
        first = local_of(after_ms, zone).date()
        # In so many days each weekday comes once more often than there are holidays.
        for ahead in range(7 * (len(self.holidays) + 1) + 1):
            for start, _ in self._windows(first + timedelta(ahead), zone):
                if start > after_ms:
                    return start
        return None

    def _served(self, from_ms: int, to_ms: int, zone: tzinfo) -> Iterator[Stretch]:
        """When counters work from one instant to another, in order."""
        day = local_of(from_ms, zone).date()
        while instant_ms(day, 0, zone) < to_ms:
            breaks = _instants(day, self.breaks[day.weekday()], zone)
            for start, end in self._work(day, zone):
                for pause, resume in breaks:
                    if start < pause < end:
                        yield start, pause
                    if pause < end:
                        start = max(start, resume)
                if start < end:
                    yield start, end
            day += timedelta(1)


def parse_hours(text: str) -> DayHours:
    """The hours behind ``08:00-12:00,13:00-15:00``, ``closed`` or empty (every hour).

    Raises ValueError if a time is impossible or intervals do not follow one another.
    """
    if not text.strip():
        return None
    if text.strip().lower() == "closed":
        return ()
    intervals = tuple(_interval(part.strip()) for part in text.split(","))
    before = 0
    for start, end in intervals:
        if not before <= start < end <= DAY_MINUTES:
            raise ValueError(f"{text!r} does not run forward in one day")
        before = end
    return intervals


def _interval(text: str) -> Interval:
    found = _INTERVAL.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not like 08:00-12:00")
    hour, minute, to_hour, to_minute = map(int, found.groups())
    if max(minute, to_minute) > 59:
        raise ValueError(f"{text!r} has no such minute")
    return hour * 60 + minute, to_hour * 60 + to_minute


def local_of(at_ms: int, zone: tzinfo) -> datetime:
    """An instant as the branch's clock shows it."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)


def instant_ms(day: date, minute: int, zone: tzinfo) -> int:
    """The first instant at which the clock of a local day shows a minute, or a later one.

    So a time that is skipped in spring is the end of the gap, one that comes twice the first.
    """
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    first_ms = _ms(wall.replace(tzinfo=zone))
    if local_of(first_ms, zone).replace(tzinfo=None) == wall:
        return first_ms
    # Nothing shows this time. With the offset of after the gap it lies before the gap's end.
    low, high = _ms(wall.replace(tzinfo=zone, fold=1)), first_ms
    while high - low > 1:
        middle = (low + high) // 2
        if local_of(middle, zone).replace(tzinfo=None) < wall:
            low = middle
        else:
            high = middle
    return high


def _ms(when: datetime) -> int:
    return round(when.timestamp() * 1000)


# Every look at a service asks for the same few days.
@lru_cache(maxsize=256)
def _instants(day: date, intervals: tuple[Interval, ...], zone: tzinfo) -> tuple[Stretch, ...]:
    """Intervals of a local day as instants; one that lies in a gap of the clock is none."""
    stretches = (
        (instant_ms(day, start, zone), instant_ms(day, end, zone)) for start, end in intervals
    )
    return tuple((start, end) for start, end in stretches if start < end)
