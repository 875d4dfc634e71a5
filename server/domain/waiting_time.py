"""When will I be called? A range of the wait for each waiting ticket, from one walk over the line.

The walk gives each ticket, in the order of the calls, to the counter that will be free first and
may serve it, on mean service times. Beside it grow the mean and variance of the instant of the
call: a queue of chance stays is emptied sooner than one of equal stays (see `_Walk._call_s`).
"""

import math
from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heapreplace
from typing import NamedTuple

from server.domain.outlook import Forecast, InLine, Learned, Moment, OpenDesk, Wait
from server.domain.service_times import HOUR_S, group_factor, remaining
from server.domain.waiting_range import WorkClock, quantiles


def forecast(
    line: Iterable[InLine], desks: Sequence[OpenDesk], moment: Moment, learned: Learned
) -> Forecast:
    """The wait of each ticket of a line, given in the order in which they will be called."""
    entries = list(line)
    walk = _Walk({entry.line or entry.service for entry in entries}, desks, moment, learned)
    waits: dict[str, Wait | None] = {}
    intervals: dict[str, float | None] = {}
    for entry in entries:
        waits[entry.key] = walk.wait(entry)
        if entry.asks:
            intervals[entry.key] = walk.interval_s(entry)
    return Forecast(waits, intervals)


class _Group:
    """Counters with the same lines: when each is free, and what was given to them so far."""

    __slots__ = (
        "busy",
        "busy_until_s",
        "desks",
        "doubt_s",
        "given",
        "heap",
        "squares",
        "variance",
        "work_s",
    )

    def __init__(self) -> None:
        # (free at, number of the desk, it wakes: free at a fixed instant, not by chance)
        self.heap: list[tuple[float, int, bool]] = []
        self.desks = 0
        self.busy = 0
        self.busy_until_s = 0.0
        self.given = 0
        self.work_s = 0.0
        self.squares = 0.0
        self.doubt_s = 0.0
        self.variance = 0.0

    def settle(self) -> None:
        """Make the heap whole, and sum up who is busy."""
        heapify(self.heap)
        self.desks = len(self.heap)
        busy = [free_s for free_s, _, wakes in self.heap if not wakes]
        self.busy, self.busy_until_s = len(busy), sum(busy)


class _Pool(NamedTuple):
    """The counters that may serve one ticket, seen at its turn."""

    first: _Group
    call_s: float
    counters: int  # at work then, the one that calls included
    mean_s: float
    over_s: float  # mean rest of a stay that is cut at a chance instant
    variance: float
    doubt: float
    overtakers_per_s: float
    by_chance: bool  # the call waits for somebody's finish, not for a fixed instant


class _Walk:
    """One walk over the line; all instants are seconds from now."""

    def __init__(
        self, lines: set[str], desks: Sequence[OpenDesk], moment: Moment, learned: Learned
    ) -> None:
        clock = self._clock = WorkClock(moment.now_ms, moment.breaks)
        self._now_ms = moment.now_ms
        self._learned = learned
        self._hour = moment.hour
        self._margins = learned.widths.margins
        self._closings_per_s = learned.habits.closings_per_hour / HOUR_S
        self._into_hour_s = (moment.now_ms - moment.hour_began_ms) / 1000
        self._closes_s = math.inf if moment.closes_ms is None else clock.seconds(moment.closes_ms)
        self._no_show, self._no_show_s = learned.no_shows.share, learned.no_shows.mean_s
        self._rests = [
            sorted([*self._clock.breaks, *clock.spans(desk.rests)])
            if desk.rests
            else self._clock.breaks
            for desk in desks
        ]
        self._until_s = [
            math.inf if desk.until_ms is None else clock.seconds(desk.until_ms) for desk in desks
        ]
        self._at_work = sum(1 for desk in desks if desk.from_ms is None) or len(desks)
        self._stays: dict[tuple[str, int, int], tuple[float, float, float]] = {}
        self._able: dict[str, list[_Group]] = {}
        self._overtakers_per_s: dict[str, float] = {}
        self._last_s: dict[str, float] = {}
        self._groups: dict[frozenset[str], _Group] = {}
        # Lines that nobody asks about do not set counters apart: one group is one step of a walk.
        lines = lines.union(learned.overtakers_per_hour)
        for number, desk in enumerate(desks):
            self._seat(self._groups.setdefault(desk.lines & lines, _Group()), number, desk)
        for group in self._groups.values():
            group.settle()

    # What the forecast asks for.

    def wait(self, entry: InLine) -> Wait | None:
        """This ticket's wait; a ticket (not a question) then takes its counter's time."""
        pool = self._pool(entry)
        if pool is None or pool.call_s > self._closes_s:
            return None
        wait = self._range(pool, (entry.overtaken_until_ms - self._now_ms) / 1000)
        if not entry.asks:
            self._give(pool, entry)
        return wait

    def interval_s(self, entry: InLine) -> float | None:
        """Mean seconds between calls from this line, by the counters then at work."""
        pool = self._pool(entry)
        if pool is None:
            return None
        return self._stay(entry, pool.call_s)[0] / pool.counters

    # Before the first ticket.

    def _seat(self, group: _Group, number: int, desk: OpenDesk) -> None:
        free_s, wakes = 0.0, True
        if desk.from_ms is not None:
            free_s = max(0.0, self._clock.seconds(desk.from_ms))
        elif desk.serving is not None:
            free_s, wakes = self._rest_of_stay(desk), False
        self._free_again(group, number, free_s, wakes)

    def _rest_of_stay(self, desk: OpenDesk) -> float:
        assert desk.serving is not None
        stay = self._learned.times.of(desk.serving, self._hour)
        factor = group_factor(desk.serving_weight, self._learned.habits.group_share)
        elapsed_s = max(0.0, (self._now_ms - desk.since_ms) / 1000)
        left_s = factor * remaining(stay, elapsed_s / factor)
        return left_s + self._learned.habits.turnaround_s

    # One ticket.

    def _pool(self, entry: InLine) -> _Pool | None:
        line = entry.line or entry.service
        able = self._able.get(line)
        if able is None:
            able = self._able[line] = self._able_to(line)
            self._overtakers_per_s[line] = self._overtakers(able)
        first: _Group | None = None
        busy = given = 0
        busy_until_s = work_s = squares = variance = doubt_s = 0.0
        for group in able:
            if not group.heap:
                continue
            if first is None or group.heap[0] < first.heap[0]:
                first = group
            busy += group.busy
            busy_until_s += group.busy_until_s
            given += group.given
            work_s += group.work_s
            squares += group.squares
            variance += group.variance
            doubt_s += group.doubt_s
        if first is None:
            return None
        free_s, _, wakes = first.heap[0]
        if not given:
            mean_s, stay_variance, doubt = self._stay(entry, free_s)
            given, work_s, squares, doubt_s = 1, mean_s, mean_s**2 + stay_variance, doubt * mean_s
        over_s = squares / (2 * work_s)
        others = busy if wakes else busy - 1
        call_s = free_s
        if not wakes:
            call_s = self._call_s(free_s, busy_until_s - free_s, others, over_s)
        call_s = self._last_s[line] = max(call_s, self._last_s.get(line, 0.0))
        return _Pool(
            first,
            call_s,
            others + 1,
            work_s / given,
            over_s,
            variance,
            doubt_s / work_s,
            self._overtakers_per_s[line],
            not wakes,
        )

    def _able_to(self, line: str) -> list[_Group]:
        return [group for lines, group in self._groups.items() if line in lines]

    def _overtakers(self, able: Sequence[_Group]) -> float:
        """Arrivals with priority in a second that these counters will serve, not others."""
        per_hour = 0.0
        for service, arrivals in self._learned.overtakers_per_hour.items():
            takers = self._able_to(service)
            everybody = sum(group.desks for group in takers)
            if everybody:
                ours = sum(group.desks for group in takers if group in able)
                per_hour += arrivals * ours / everybody
        return per_hour / HOUR_S

    def _call_s(self, free_s: float, others_free_s: float, others: int, over_s: float) -> float:
        """The mean instant of a call that waits for the first of several chance finishes.

        All work given = counters * instant + what the other counters still have to do then. The
        walk knows the left side; on the right it leaves too little (stays of equal length are
        cut in the middle), chance leaves ``over_s``, the mean rest of a stay, at each.
        """
        left_by_walk_s = others_free_s - others * free_s
        sooner_s = min(0.0, left_by_walk_s - others * over_s) / (others + 1)
        call_s = max(0.0, free_s + sooner_s)
        for begins_s, ends_s in self._clock.breaks:
            if begins_s <= call_s < ends_s <= free_s:
                return ends_s
        return call_s

    def _range(self, pool: _Pool, overtaken_s: float) -> Wait:
        _, work_s, counters, mean_s, over_s, variance, doubt, overtakers_per_s, by_chance = pool
        if self._clock.breaks:
            work_s = self._clock.working(work_s)
        if by_chance:
            variance += (over_s / counters) ** 2 + 0.15 * mean_s * mean_s / counters
            # Priority that arrives meanwhile goes ahead, and lets others with priority go ahead.
            ahead = overtakers_per_s * mean_s / counters
            if ahead and overtaken_s > 0:
                ahead = min(ahead, 0.6)
                added_s = min(work_s / (1 - ahead) - work_s, overtaken_s * ahead)
                work_s += added_s
                variance += added_s * 2 * over_s / counters
        # Counters that close unannounced leave the others with their share of the line.
        square = work_s * work_s
        others = counters - 1 or 1
        closings = self._closings_per_s
        variance += square * (counters * closings * work_s / (3 * others * others) + doubt)
        work_s += closings * square / 2
        early, late = self._margins(work_s)
        from_s, to_s = quantiles(work_s, variance, early, late)
        if self._clock.breaks:
            from_s = self._clock.by_clock(from_s, after=False)
            to_s = self._clock.by_clock(to_s, after=True)
            work_s = self._clock.by_clock(work_s, after=True)
        closes_s = self._closes_s
        return Wait(
            work_s,
            from_s if from_s < closes_s else closes_s,
            to_s if to_s < closes_s else closes_s,
        )

    def _give(self, pool: _Pool, entry: InLine) -> None:
        group = pool.first
        free_s, number, wakes = group.heap[0]
        mean_s, variance, doubt = self._stay(entry, free_s)
        if not wakes:
            group.busy -= 1
            group.busy_until_s -= free_s
        group.given += 1
        group.work_s += mean_s
        group.squares += mean_s * mean_s + variance
        group.doubt_s += doubt * mean_s
        group.variance += variance / pool.counters**2
        again = self._next_free(number, free_s + mean_s, False)
        if again is None:
            heappop(group.heap)
            return
        heapreplace(group.heap, again)
        if not again[2]:
            group.busy += 1
            group.busy_until_s += again[0]

    # Counters and the clock.

    def _free_again(self, group: _Group, number: int, free_s: float, wakes: bool) -> None:
        again = self._next_free(number, free_s, wakes)
        if again is not None:
            group.heap.append(again)

    def _next_free(self, number: int, free_s: float, wakes: bool) -> tuple[float, int, bool] | None:
        """When the desk calls again: after its rests, and not after its end."""
        for begins_s, ends_s in self._rests[number]:
            if begins_s <= free_s < ends_s:
                free_s, wakes = ends_s, True
        if free_s >= self._until_s[number]:
            return None
        return free_s, number, wakes

    def _stay(self, entry: InLine, at_s: float) -> tuple[float, float, float]:
        """Mean, variance and doubt of the time that a ticket takes its counter."""
        hours = int((at_s + self._into_hour_s) / HOUR_S)
        key = (entry.service, entry.weight, hours)
        known = self._stays.get(key)
        if known is None:
            known = self._stays[key] = self._work_out_stay(*key)
        return known

    def _work_out_stay(self, service: str, weight: int, hours: int) -> tuple[float, float, float]:
        hour = (self._hour + hours) % 24
        alone = self._learned.times.of(service, hour)
        factor = group_factor(weight, self._learned.habits.group_share)
        mean_s, variance = alone.mean_s * factor, alone.variance * factor * factor
        missed = self._no_show
        with_missed_s = (1 - missed) * mean_s + missed * self._no_show_s
        square = (1 - missed) * (variance + mean_s * mean_s) + missed * self._no_show_s**2
        variance = square - with_missed_s * with_missed_s
        # Fewer counters than now stand for longer stays at those of now.
        level = self._learned.open_counters.ahead(self._at_work, self._hour, hour)
        slower = self._at_work / level
        mean_s = (with_missed_s + self._learned.habits.turnaround_s) * slower
        return mean_s, variance * slower * slower, alone.doubt
