"""When will I be called? A range of the wait for each waiting ticket, from one walk over the line.

The walk gives each ticket, in the order of the calls, to the counter that will be free first and
may serve it, on mean service times. Beside it grow the mean and variance of the instant of the
call: a queue of chance stays is emptied sooner than one of equal stays (see `counter_pool`).
"""

import math
from collections.abc import Iterable, Sequence

from server.domain.counter_pool import NOBODY, Free, Group, LinePool, Turn
from server.domain.outlook import Forecast, InLine, Learned, Moment, OpenDesk, Wait
from server.domain.service_times import HOUR_S, Occupancy, group_factor, remaining
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


class _Walk:
    """One walk over the line; all instants are seconds from now."""

    def __init__(
        self, lines: set[str], desks: Sequence[OpenDesk], moment: Moment, learned: Learned
    ) -> None:
        clock = self._clock = WorkClock(moment.now_ms, moment.breaks)
        self._now_ms = moment.now_ms
        self._learned = learned
        self._first_break_s = clock.breaks[0][0] if clock.breaks else math.inf
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
        self._stays: dict[tuple[str, int, int], Occupancy] = {}
        self._lines: dict[str, LinePool] = {}
        self._groups: dict[frozenset[str], Group] = {}
        # Lines that nobody asks about do not set counters apart: one group is one step of a walk.
        lines = lines.union(learned.overtakers_per_hour)
        for number, desk in enumerate(desks):
            self._seat(self._groups.setdefault(desk.lines & lines, Group()), number, desk)
        for group in self._groups.values():
            group.settle()

    # What the forecast asks for.

    def wait(self, entry: InLine) -> Wait | None:
        """This ticket's wait; a ticket (not a question) then takes its counter's time."""
        line = self._line_of(entry)
        turn = line.turn()
        if turn is None or turn[1] > self._closes_s:
            return None
        wait = self._range(line, turn, (entry.overtaken_until_ms - self._now_ms) / 1000)
        if not entry.asks:
            self._give(turn, entry)
        return wait

    def interval_s(self, entry: InLine) -> float | None:
        """Mean seconds between calls from this line, by the counters then at work."""
        turn = self._line_of(entry).turn()
        if turn is None:
            return None
        _, call_s, counters, *_ = turn
        return self._stay(entry, call_s).mean_s / counters

    # Before the first ticket.

    def _seat(self, group: Group, number: int, desk: OpenDesk) -> None:
        free_s, wakes = 0.0, True
        if desk.from_ms is not None:
            free_s = max(0.0, self._clock.seconds(desk.from_ms))
        elif desk.serving is not None:
            free_s, wakes = self._rest_of_stay(desk), False
        again = self._next_free(number, free_s, wakes)
        if again is not None:
            group.heap.append(again)

    def _rest_of_stay(self, desk: OpenDesk) -> float:
        assert desk.serving is not None
        stay = self._learned.times.of(desk.serving, self._hour)
        factor = group_factor(desk.serving_weight, self._learned.habits.group_share)
        elapsed_s = max(0.0, (self._now_ms - desk.since_ms) / 1000)
        left_s = factor * remaining(stay, elapsed_s / factor)
        return left_s + self._learned.habits.turnaround_s

    # One ticket.

    def _line_of(self, entry: InLine) -> LinePool:
        name = entry.line or entry.service
        line = self._lines.get(name)
        if line is None:
            able = self._able_to(name)
            stay = self._stay(entry, 0.0) if able else NOBODY
            line = LinePool(able, self._overtakers_per_s(able), stay, self._clock.breaks)
            self._lines[name] = line
        return line

    def _able_to(self, line: str) -> list[Group]:
        return [group for lines, group in self._groups.items() if line in lines]

    def _overtakers_per_s(self, able: Sequence[Group]) -> float:
        """Arrivals with priority in a second that these counters will serve, not others."""
        per_hour = 0.0
        for service, arrivals in self._learned.overtakers_per_hour.items():
            takers = self._able_to(service)
            everybody = sum(group.desks for group in takers)
            if everybody:
                ours = sum(group.desks for group in takers if group in able)
                per_hour += arrivals * ours / everybody
        return per_hour / HOUR_S

    def _range(self, line: LinePool, turn: Turn, overtaken_s: float) -> Wait:
        _, work_s, counters, over_s, variance, by_chance = turn
        mean_s, _, doubt = line.stay
        asleep_s = line.asleep_s
        first_break_s = self._first_break_s
        if work_s > first_break_s:
            work_s = self._clock.working(work_s)
            asleep_s = self._clock.working(asleep_s)
        work_s -= asleep_s
        if by_chance:
            variance += (over_s / counters) ** 2 + 0.15 * mean_s * mean_s / counters
            # Priority that arrives meanwhile goes ahead, and lets others with priority go ahead.
            ahead = line.overtakers_per_s * mean_s / counters
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
        if asleep_s:
            work_s, from_s, to_s = work_s + asleep_s, from_s + asleep_s, to_s + asleep_s
        if to_s >= first_break_s:
            from_s = self._clock.by_clock(from_s, after=False)
            to_s = self._clock.by_clock(to_s, after=True)
            work_s = self._clock.by_clock(work_s, after=True)
        # The next of a line is called after this one, however little is known of either.
        if from_s < line.least_from_s:
            from_s = line.least_from_s
        if to_s < line.least_to_s:
            to_s = line.least_to_s
        line.least_from_s, line.least_to_s = from_s, to_s
        closes_s = self._closes_s
        if to_s > closes_s:
            return Wait(min(work_s, closes_s), min(from_s, closes_s), closes_s)
        return Wait(work_s, from_s, to_s)

    def _give(self, turn: Turn, entry: InLine) -> None:
        group, _, counters, *_ = turn
        free_s, number, _ = group.heap[0]
        mean_s, variance, _ = self._stay(entry, free_s)
        again = self._next_free(number, free_s + mean_s, False)
        group.give(mean_s, variance, counters, again)

    # Counters and the clock.

    def _next_free(self, number: int, free_s: float, wakes: bool) -> Free | None:
        """When the desk calls again: after its rests, and not after its end."""
        for begins_s, ends_s in self._rests[number]:
            if begins_s <= free_s < ends_s:
                free_s, wakes = ends_s, True
        if free_s >= self._until_s[number]:
            return None
        return free_s, number, wakes

    def _stay(self, entry: InLine, at_s: float) -> Occupancy:
        """The time that a ticket takes its counter if it is called then, with all that follows."""
        hours = int((at_s + self._into_hour_s) / HOUR_S)
        key = (entry.service, entry.weight, hours)
        known = self._stays.get(key)
        if known is None:
            known = self._stays[key] = self._work_out_stay(*key)
        return known

    def _work_out_stay(self, service: str, weight: int, hours: int) -> Occupancy:
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
        return Occupancy(mean_s, variance * slower * slower, alone.doubt)
