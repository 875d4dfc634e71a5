"""What happens to a branch, as a script that can be repeated and shortened.

A deed says when, what and who, and brings its own dice. What it comes to depends on what its
actor sees at that moment, so a script with deeds left out is still a script.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random


@dataclass(frozen=True, slots=True)
class Deed:
    """``gap_s`` after the deed before, ``who`` (the n-th of its kind) does ``what``."""

    gap_s: float
    what: str
    who: int
    dice: int

    def __str__(self) -> str:
        return f"after {self.gap_s:.3f} s: {self.what} {self.who} (dice {self.dice})"


HANDS: Mapping[str, float] = {
    "kiosk": 44,
    "counter": 42,
    "door": 9,
    "office": 3,
    "pad": 3,
    "retry": 7,
    "clash": 0.7,
    "nonsense": 0.7,
}
"""What people and programs do, in proportion."""

FAULTS: Mapping[str, float] = {
    "power-before": 0.08,
    "power-after": 0.08,
    "crash-sending": 0.12,
    "crash": 0.06,
    "busy-at-once": 0.15,
    "busy-halfway": 0.15,
    "broken-halfway": 0.06,
    "bug": 0.15,
    "cut": 0.5,
    "half-open": 0.15,
    "swizzle-clog": 0.1,
    "storm": 0.25,
    "reboot": 0.2,
    "clock": 0.12,
    "midnight": 0.03,
}
"""What goes wrong, in the same proportion."""

NO_FAULTS: Mapping[str, float] = {}
GAP_S = 0.018
REST_EVERY = 1500
"""Deeds between two rests, in which all faults stop and everything must come right."""


def write_script(
    seed: int,
    faults: Mapping[str, float] = FAULTS,
    hands: Mapping[str, float] = HANDS,
    gap_s: float = GAP_S,
) -> Iterator[Deed]:
    """Deeds without end, from a seed alone."""
    random = Random(f"{seed}/script")
    kinds: Sequence[str] = [*hands, *faults]
    weights = list(accumulate([*hands.values(), *faults.values()]))
    count = 0
    while True:
        count += 1
        what = "rest" if count % REST_EVERY == 0 else random.choices(kinds, cum_weights=weights)[0]
        yield Deed(
            round(random.expovariate(1 / gap_s), 4),
            what,
            random.randrange(1000),
            random.getrandbits(32),
        )
