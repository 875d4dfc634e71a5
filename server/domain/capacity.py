"""How many more visitors the counters can still call before the working day ends."""

from collections.abc import Iterable
from dataclasses import dataclass

from server.domain.opening import Stretch


@dataclass(frozen=True, slots=True)
class NextCall:
    """When a ticket that is issued now would be called, and the time between calls after it."""

    at_ms: int
    interval_ms: int


def calls_left(
    expected: NextCall | None, closes_at_ms: int | None, rests: Iterable[Stretch]
) -> int | None:
    """How many tickets can be called from ``expected`` on; None where nobody can tell.

    ``rests`` are the stretches before the close in which nobody is called.
    """
    if expected is None or closes_at_ms is None:
        return None
    resting_ms = sum(
        max(0, min(end, closes_at_ms) - max(start, expected.at_ms)) for start, end in rests
    )
    working_ms = closes_at_ms - expected.at_ms - resting_ms
    return max(0, -(-working_ms // max(1, expected.interval_ms)))
