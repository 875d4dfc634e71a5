"""What happens to a branch, as a script that can be repeated and shortened.

A deed says when, what and who, and brings its own dice. What it comes to depends on what its
actor sees at that moment, so a script with deeds left out is still a script.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import NamedTuple


class Deed(NamedTuple):
    """``gap_s`` after the deed before, ``who`` (the n-th of its kind) does ``what``."""

    gap_s: float
    what: str
    who: int
    dice: int

    def __str__(self) -> str:
        return f"after {self.gap_s:.3f} s: {self.what} {self.who} (dice {self.dice})"


HANDS: Mapping[str, float] = {
    "kiosk": 17,
    "counter": 60,
    "door": 5,
    "office": 3,
    "pad": 3,
    "home": 3,
    "retry": 7,
    "clash": 0.7,
    "alone": 1.5,
    "nonsense": 0.7,
}
"""What people and programs do, in proportion."""

FAULTS: Mapping[str, float] = {
    "power-before": 0.025,
    "power-after": 0.025,
    "crash-sending": 0.03,
    "crash": 0.02,
    "busy-at-once": 0.05,
    "busy-halfway": 0.05,
    "broken-halfway": 0.015,
    "bug": 0.05,
    "cut": 0.3,
    "half-open": 0.08,
    "swizzle-clog": 0.05,
    "storm": 0.12,
    "reboot": 0.12,
    "clock": 0.08,
}
"""What goes wrong, in the same proportion."""

NO_FAULTS: Mapping[str, float] = {}
GAP_S = 0.003
REST_EVERY = 2400
"""Deeds between two rests, in which all faults stop and everything must come right."""

MIDNIGHT_EVERY = 1700
"""Deeds between two business days."""


def write_script(
    seed: int,
    faults: Mapping[str, float] = FAULTS,
    hands: Mapping[str, float] = HANDS,
    gap_s: float = GAP_S,
) -> Iterator[Deed]:
    """Deeds without end, from a seed alone."""
    random = Random(f"{seed}/script")
    kinds: Sequence[str] = [*hands, *faults]
    shares = list(accumulate([*hands.values(), *faults.values()]))
    whole, last = shares[-1], len(kinds) - 1
    count = 0
    while True:
        count += 1
        what = kinds[bisect_right(shares, random.random() * whole, 0, last)]
        if count % REST_EVERY == 0:
            what = "rest"
        elif count % MIDNIGHT_EVERY == 0 and faults:
            what = "midnight"
        yield Deed(
            round(random.expovariate(1 / gap_s), 4),
            what,
            random.randrange(1000),
            random.getrandbits(32),
        )
