"""From the mean and variance of work to a range on the clock, around the breaks."""

import math
from collections.abc import Iterable

from server.domain.outlook import Span


class WorkClock:
    """Turns seconds of work from now into seconds of the clock, and back; breaks lie between."""

    def __init__(self, now_ms: int, breaks: Iterable[Span]) -> None:
        self._now_ms = now_ms
        self.breaks = self.spans(breaks)

    def seconds(self, at_ms: int) -> float:
        """An instant as seconds from now."""
        return (at_ms - self._now_ms) / 1000

    def spans(self, spans: Iterable[Span]) -> list[tuple[float, float]]:
        """What is left of some spans, in order, as seconds from now."""
        return sorted(
            (self.seconds(begins_ms), self.seconds(ends_ms))
            for begins_ms, ends_ms in spans
            if begins_ms < ends_ms and ends_ms > self._now_ms
        )

    def working(self, at_s: float) -> float:
        """Seconds of work until an instant."""
        for begins_s, ends_s in reversed(self.breaks):
            if begins_s < at_s:
                at_s -= min(at_s, ends_s) - max(0.0, begins_s)
        return at_s

    def by_clock(self, work_s: float, *, after: bool) -> float:
        """The instant after so many seconds of work; on a break's edge, before or after it."""
        for begins_s, ends_s in self.breaks:
            if begins_s < work_s or (begins_s <= work_s and (after or begins_s <= 0)):
                work_s += ends_s - max(0.0, begins_s)
        return work_s


def quantiles(mean: float, variance: float, early: float, late: float) -> tuple[float, float]:
    """Two quantiles of a gamma distribution, ``early`` and ``late`` deviations from its middle.

    By Wilson and Hilferty's cube root, which is good while the deviation is below the mean;
    beyond that the upper one grows with the deviation, and the lower one is soon 0.
    """
    if mean <= 0.0:
        return 0.0, math.sqrt(variance) * late
    ninth = variance / (9 * mean * mean)
    middle, spread = 1 - ninth, math.sqrt(ninth)
    low = middle - early * spread
    from_value = mean * low * low * low if low > 0 else 0.0
    if ninth <= 1 / 9:
        high = middle + late * spread
        return from_value, mean * high * high * high
    return from_value, mean * (8 / 9 + late / 3) ** 3 + (3 * spread - 1) * mean * late
