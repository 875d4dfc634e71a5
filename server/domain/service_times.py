"""What a branch has learned about its own speed: service times, no-shows, open counters.

Everything here starts from a sane guess (the catalogue's target) and gives way to what happened.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

HOUR_S = 3600.0
PRIOR_WEIGHT = 4.0  # observations that the catalogue's target is worth
PRIOR_VARIATION = 0.7  # standard deviation as a share of the mean, before anything is known
PAST_WEIGHT = 60.0  # past days count at most as much as this, so that today can differ
HOUR_WEIGHT = 30.0  # observations before an hour's own mean counts as much as the service's
PACE_WEIGHT = 15.0  # observations before today's pace counts as much as that of past days
PACE_FORGETS = 0.98  # what is left of an observation's say at the next one
DAY_DRIFT = 0.06  # share by which the rest of a day differs from all that is known
LONGEST = 6.0  # times the mean: a longer stay is a forgotten key, and counts as this
LEAST_VARIATION = 0.3


def group_factor(weight: int, group_share: float = 0.6) -> float:
    """How many times as long a group of ``weight`` people takes as one person."""
    return 1.0 + (max(1, weight) - 1) * group_share


class Occupancy(NamedTuple):
    """How long one visitor occupies a counter, from the call to the finish, in seconds.

    ``doubt`` is the relative variance of the mean itself: large while little is known.
    """

    mean_s: float
    variance: float
    doubt: float


@dataclass(slots=True)
class Tally:
    """Count, sum and sum of squares of seconds."""

    count: float = 0.0
    total_s: float = 0.0
    squares: float = 0.0

    def add(self, count: float, total_s: float, squares: float) -> None:
        self.count += count
        self.total_s += total_s
        self.squares += squares


class Times(Protocol):
    """Knows how long visitors stay."""

    def of(self, service: str, hour: int) -> Occupancy: ...


class StillTimes:
    """Times as they are known now: what is learned later changes nothing here."""

    def __init__(self, times: Times, services: Iterable[str]) -> None:
        self._known = {
            (service, hour): times.of(service, hour) for service in services for hour in range(24)
        }

    def of(self, service: str, hour: int) -> Occupancy:
        """One person at this service in this local hour (0-23)."""
        return self._known[service, hour]


class ServiceTimes:
    """Learned times per service and local hour, shrunk hour -> service -> the catalogue's target.

    ``targets_s`` is the catalogue's ``target_service_s`` per service code. Past days are loaded
    as sums per service and hour; today's visitors come one by one. Seconds are those of one
    person: a group's time is divided by its factor.
    """

    def __init__(self, targets_s: Mapping[str, float], group_share: float = 0.6) -> None:
        self._targets_s = dict(targets_s)
        self._group_share = group_share
        self._past: dict[str, Tally] = {}
        self._past_by_hour: dict[tuple[str, int], Tally] = {}
        self._today: dict[str, Tally] = {}
        self._pace = PACE_WEIGHT
        self._pace_count = PACE_WEIGHT
        self._before_today: dict[tuple[str, int], tuple[float, float, float]] = {}
        self._known: dict[tuple[str, int], Occupancy] = {}

    def load(self, service: str, hour: int, count: float, total_s: float, squares: float) -> None:
        """Add past days: how many, the sum of their seconds and of the squares."""
        for tally in (
            self._past.setdefault(service, Tally()),
            self._past_by_hour.setdefault((service, hour), Tally()),
        ):
            tally.add(count, total_s, squares)
        self._before_today.clear()
        self._known.clear()

    def learn(self, service: str, hour: int, seconds: float, weight: int = 1) -> float:
        """Take in one visitor of today; the seconds of one person that were counted."""
        expected_s = self._before(service, hour)[0]
        alone_s = max(0.0, seconds) / group_factor(weight, self._group_share)
        alone_s = min(alone_s, LONGEST * expected_s)
        self._today.setdefault(service, Tally()).add(1.0, alone_s, alone_s * alone_s)
        self._pace = self._forget(self._pace) + alone_s / expected_s
        self._pace_count = self._forget(self._pace_count) + 1.0
        self._known.clear()
        return alone_s

    def of(self, service: str, hour: int) -> Occupancy:
        """What is known now about one person at this service in this local hour (0-23)."""
        known = self._known.get((service, hour))
        if known is None:
            known = self._known[service, hour] = self._work_out(service, hour)
        return known

    @property
    def pace(self) -> float:
        """Today against past days: 1.1 means that visitors stay 10 % longer."""
        return self._pace / self._pace_count

    @staticmethod
    def _forget(sum_of_ratios: float) -> float:
        # The guess (PACE_WEIGHT observations of 1.0) is never forgotten, only what was seen.
        return PACE_WEIGHT + (sum_of_ratios - PACE_WEIGHT) * PACE_FORGETS

    def _work_out(self, service: str, hour: int) -> Occupancy:
        mean_s, square, weight = self._before(service, hour)
        pace = self.pace
        today = self._today.get(service, Tally())
        count = weight + today.count
        posterior_s = (weight * mean_s * pace + today.total_s) / count
        posterior_square = (weight * square * pace * pace + today.squares) / count
        variance = max(
            posterior_square - posterior_s * posterior_s, (LEAST_VARIATION * posterior_s) ** 2
        )
        doubt = variance / (posterior_s * posterior_s) / count + DAY_DRIFT * DAY_DRIFT
        return Occupancy(posterior_s, variance, doubt)

    def _before(self, service: str, hour: int) -> tuple[float, float, float]:
        """Mean, mean square and weight of what was known before today."""
        known = self._before_today.get((service, hour))
        if known is not None:
            return known
        target_s = max(1.0, self._targets_s[service])
        guess_square = target_s * target_s * (1 + PRIOR_VARIATION * PRIOR_VARIATION)
        past = self._past.get(service, Tally())
        count = PRIOR_WEIGHT + past.count
        mean_s = (PRIOR_WEIGHT * target_s + past.total_s) / count
        square = (PRIOR_WEIGHT * guess_square + past.squares) / count
        in_hour = self._past_by_hour.get((service, hour), Tally())
        hour_count = HOUR_WEIGHT + in_hour.count
        known = self._before_today[service, hour] = (
            (HOUR_WEIGHT * mean_s + in_hour.total_s) / hour_count,
            (HOUR_WEIGHT * square + in_hour.squares) / hour_count,
            min(count, PAST_WEIGHT),
        )
        return known


class NoShows:
    """The learned share of called tickets that nobody follows, and the time that they cost."""

    def __init__(self, share: float = 0.08, seconds: float = 90.0) -> None:
        self._called = 25.0
        self._missed = 25.0 * share
        self._seen = 5.0
        self._total_s = 5.0 * seconds

    def load(self, called: float, missed: float, missed_total_s: float) -> None:
        """Add past days: tickets called, no-shows among them, and the seconds that those cost."""
        self._called += called
        self._missed += missed
        self._seen += missed
        self._total_s += missed_total_s

    def came(self) -> None:
        """A called visitor was served."""
        self.load(1.0, 0.0, 0.0)

    def missed(self, seconds: float) -> None:
        """A called visitor did not come; the counter waited this long."""
        self.load(1.0, 1.0, max(0.0, seconds))

    @property
    def share(self) -> float:
        return self._missed / self._called

    @property
    def mean_s(self) -> float:
        return self._total_s / self._seen


class HourlyLevels:
    """A learned level for each local hour: open counters, or arrivals that go ahead.

    Used to look ahead from the level of now: counters that rest at noon on most days will
    probably rest at noon today.
    """

    def __init__(self) -> None:
        self._hours: dict[int, Tally] = {}

    def learn(self, hour: int, level: float, count: float = 1.0) -> None:
        """Take in ``count`` past hours (0-23) of this mean level."""
        self._hours.setdefault(hour, Tally()).add(count, count * level, 0.0)

    def usual(self, hour: int) -> float | None:
        """The mean level of this hour, or None if it was never seen."""
        tally = self._hours.get(hour)
        return tally.total_s / tally.count if tally else None

    def ahead(self, level_now: float, hour_now: int, hour: int) -> float:
        """The level to be expected in ``hour``, from the level of now and the usual change.

        At least 40 % of now, and never above both now and the most that was usual.
        """
        here, there = self.usual(hour_now), self.usual(hour)
        if here is None or there is None or hour == hour_now:
            return level_now
        most = max(level_now, *(tally.total_s / tally.count for tally in self._hours.values()))
        return min(most, max(0.4 * level_now, level_now + there - here))


def remaining(occupancy: Occupancy, elapsed_s: float) -> float:
    """The mean seconds that a visitor still stays who has been there for ``elapsed_s``.

    By a log-normal stay, whose remainder first falls and then grows, but never above the mean:
    the longest stays are forgotten keys as often as hard cases.
    """
    if elapsed_s <= 1.0:
        return occupancy.mean_s
    spread = math.log1p(occupancy.variance / occupancy.mean_s**2)
    sigma = math.sqrt(spread)
    place = (math.log(elapsed_s / occupancy.mean_s) + spread / 2) / sigma
    still_there = math.erfc(place / math.sqrt(2))
    if still_there < 1e-9:
        return occupancy.mean_s
    mean_s = occupancy.mean_s * math.erfc((place - sigma) / math.sqrt(2)) / still_there - elapsed_s
    return min(occupancy.mean_s, max(0.0, mean_s))
