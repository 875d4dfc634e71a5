"""What one more counter would do to each line, by replaying the people who wait now.

Both sides come from the same model (``server.domain.waiting_time``): the mean waits of everyone
in line, with the counters of now, and with one more that serves this line alone from now on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from server.domain.outlook import OpenDesk, Present
from server.domain.skills import service_line
from server.domain.waiting_time import forecast

HELPS_S = 300
"""So much less for the last of a line is worth a counter …"""
HELPS_SHARE = 0.2
"""… and so is such a share of it, if it is a minute at least."""
HELPS_LEAST_S = 60


class Waits(NamedTuple):
    """Seconds from now until the calls of a line: of the last one, and on an average."""

    longest_s: float
    average_s: float


class Hint(NamedTuple):
    """A line and its waits; ``now`` is None while no open counter serves it."""

    service: str
    waiting: int
    now: Waits | None
    then: Waits
    counter: int | None

    @property
    def gained_s(self) -> float:
        """So much sooner the last one is called."""
        return float("inf") if self.now is None else self.now.longest_s - self.then.longest_s


def advise(present: Present) -> list[Hint]:
    """The lines that one more counter would help, the most helped one first."""
    hints = filter(_helps, _hints(present))
    return sorted(hints, key=lambda hint: -hint.gained_s)


def _hints(present: Present) -> Iterator[Hint]:
    now = replay(present)
    counts: dict[str, int] = {}
    for entry in present.line:
        counts[entry.line] = counts.get(entry.line, 0) + 1
    for service in dict.fromkeys(entry.service for entry in present.line):
        line = service_line(service)
        if line not in counts:
            continue  # they wait for one counter or person: another one may not call them
        then = replay(with_one_more(present, line), only=[line])[line]
        assert then is not None, "somebody serves it now"
        yield Hint(service, counts[line], now[line], then, present.free.get(service))


def _helps(hint: Hint) -> bool:
    if hint.now is None or hint.gained_s >= HELPS_S:
        return True
    return hint.gained_s >= max(HELPS_LEAST_S, HELPS_SHARE * hint.now.longest_s)


def with_one_more(present: Present, line: str) -> Present:
    """The same hall with a counter more, free from now on, that calls from one line alone."""
    return replace(present, desks=(*present.desks, OpenDesk(frozenset({line}))))


def replay(present: Present, only: Iterable[str] = ()) -> dict[str, Waits | None]:
    """The waits of each line, or of those alone; None where somebody will never be called."""
    found = forecast(present.line, present.desks, present.moment, present.learned).waits
    wanted = set(only)
    by_line: dict[str, list[float | None]] = {}
    for entry in present.line:
        if not wanted or entry.line in wanted:
            wait = found[entry.key]
            by_line.setdefault(entry.line, []).append(None if wait is None else wait.expected_s)
    return {line: _waits(expected_s) for line, expected_s in by_line.items()}


def _waits(expected_s: list[float | None]) -> Waits | None:
    known = [one for one in expected_s if one is not None]
    if len(known) < len(expected_s):
        return None
    return Waits(max(known), sum(known) / len(known))
