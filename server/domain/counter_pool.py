"""Counters that may serve one line, and when the first of them will call.

A walk over the line gives stays to counters on mean times; here is also how much work was given
and how far it may stray.
"""

from collections.abc import Sequence
from heapq import heapify, heappop, heapreplace

from server.domain.service_times import Occupancy

Free = tuple[float, int, bool]
"""When a counter is free (seconds from now), its number, and whether it wakes then: is free at a
fixed instant, not at the end of a chance stay."""


Breaks = Sequence[tuple[float, float]]
NOBODY = Occupancy(0.0, 0.0, 0.0)


class Group:
    """Counters with the same lines: when each is free, and what was given to them so far."""

    __slots__ = (
        "awake_s",
        "busy",
        "busy_until_s",
        "desks",
        "heap",
        "squares",
        "variance",
        "work_s",
    )

    def __init__(self) -> None:
        self.heap: list[Free] = []
        self.desks = 0
        self.busy = 0
        self.busy_until_s = 0.0
        self.work_s = 0.0
        self.squares = 0.0
        self.variance = 0.0
        self.awake_s = 0.0

    def settle(self) -> None:
        """Make the heap whole, and sum up who is busy."""
        heapify(self.heap)
        self.desks = len(self.heap)
        busy = [free_s for free_s, _, wakes in self.heap if not wakes]
        self.busy, self.busy_until_s = len(busy), sum(busy)
        self.awake_s = 0.0 if busy or not self.heap else self.heap[0][0]

    def waking_by(self, at_s: float) -> int:
        """How many are free at an instant without having to finish anything."""
        return sum(1 for free_s, _, wakes in self.heap if wakes and free_s <= at_s)

    def give(self, mean_s: float, variance: float, counters: int, again: Free | None) -> None:
        """The first counter takes a stay; ``again`` is when it calls next, None for no more."""
        free_s, _, wakes = self.heap[0]
        if not wakes:
            self.busy -= 1
            self.busy_until_s -= free_s
        self.work_s += mean_s
        self.squares += mean_s * mean_s + variance
        self.variance += variance / (counters * counters)
        if again is None:
            heappop(self.heap)
            return
        heapreplace(self.heap, again)
        if not again[2]:
            self.busy += 1
            self.busy_until_s += again[0]


Turn = tuple[Group, float, int, float, float, bool]
"""What the next of a line finds: the group whose counter calls, the mean instant of the call, how
many counters are at work then, the mean rest of a stay that is cut at a chance instant, the
variance of all work given so far, and whether the call waits for somebody's finish."""


class LinePool:
    """The groups of counters that may serve one line."""

    __slots__ = (
        "_breaks",
        "_last_s",
        "asleep_s",
        "groups",
        "least_from_s",
        "least_to_s",
        "overtakers_per_s",
        "stay",
    )

    def __init__(
        self, groups: Sequence[Group], overtakers_per_s: float, stay: Occupancy, breaks: Breaks
    ) -> None:
        self.groups = groups
        self._breaks = breaks
        self.stay = stay  # the usual one; stands for the work ahead while none was given
        self.overtakers_per_s = overtakers_per_s
        # Until then nobody works who may serve this line: no chance moves a call before it.
        self.asleep_s = min((group.awake_s for group in groups if group.heap), default=0.0)
        self._last_s = self.least_from_s = self.least_to_s = 0.0

    def turn(self) -> Turn | None:
        """The counters as the next of the line finds it, or None if nobody will serve it."""
        first: Group | None = None
        busy = 0
        busy_until_s = work_s = squares = variance = 0.0
        for group in self.groups:
            heap = group.heap
            if not heap:
                continue
            if first is None or heap[0] < first.heap[0]:
                first = group
            busy += group.busy
            busy_until_s += group.busy_until_s
            work_s += group.work_s
            squares += group.squares
            variance += group.variance
        if first is None:
            return None
        if not work_s:
            work_s = self.stay.mean_s
            squares = work_s * work_s + self.stay.variance
        over_s = squares / (2 * work_s)
        free_s, _, wakes = first.heap[0]
        if wakes:
            call_s = free_s
            counters = busy + sum(group.waking_by(free_s) for group in self.groups)
        else:
            call_s = _call_s(free_s, busy_until_s - free_s, busy - 1, over_s, self._breaks)
            counters = busy
        # A larger stay before it must not let a later place seem an earlier one.
        if call_s < self._last_s:
            call_s = self._last_s
        self._last_s = call_s
        return first, call_s, counters, over_s, variance, not wakes


def _call_s(
    free_s: float,
    others_free_s: float,
    others: int,
    over_s: float,
    breaks: Breaks,
) -> float:
    """The mean instant of a call that waits for the first of several chance finishes.

    All work given = counters * instant + what the other counters still have to do then. The
    walk knows the left side; on the right it leaves too little (stays of equal length are
    cut in the middle), chance leaves ``over_s``, the mean rest of a stay, at each.
    """
    sooner_s = (others * (free_s + over_s) - others_free_s) / (others + 1)
    if sooner_s <= 0:
        return free_s
    call_s = free_s - sooner_s if sooner_s < free_s else 0.0
    for begins_s, ends_s in breaks:
        if begins_s <= call_s < ends_s <= free_s:
            return ends_s
    return call_s
