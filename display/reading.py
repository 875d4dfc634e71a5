"""From how far the board is read, by the size of the real screen.

Plain arithmetic: no Qt. Number and counter by the ADA table for signs (703.5.5: two inches to
15 feet, an eighth of an inch more for each foot beyond), the history by D/155 (ISO 9241-3), the
last line by D/250; ``D`` is the distance, and capitals are what is measured (ux.md 1.2).
"""

from dataclasses import dataclass
from math import floor, hypot

from ui.tokens import Sizes, mm_per_px_of

CAPITAL = 0.727
"""Height of Inter's capitals in type heights."""

FAR_SEAT_M = 8.0
"""Where the last row sits in an ordinary hall."""

USUAL_INCHES = 55.0
"""What is reckoned with where a screen says nothing credible of its size."""

_ADA_MM, _ADA_M = 50.8, 4.572
_ADA_STEP_MM, _ADA_STEP_M = 3.175, 0.3048
_HISTORY, _LINE = 155, 250


@dataclass(frozen=True)
class Reading:
    """Distances in metres from which each part is read, on a screen of so many inches."""

    number_m: float
    counter_m: float
    history_m: float
    line_m: float
    inches: float

    @property
    def call_m(self) -> float:
        """From where a call is understood: the number and where to go."""
        return min(self.number_m, self.counter_m)


def reading(sizes: Sizes, pitch_mm: float, width_px: int, height_px: int) -> Reading:
    """For sizes in pixels of this many millimetres, on a picture of so many."""

    def capital_mm(px: int) -> float:
        return px * CAPITAL * pitch_mm

    return Reading(
        number_m=_ada_m(capital_mm(sizes.number)),
        counter_m=_ada_m(capital_mm(sizes.heading)),
        history_m=capital_mm(sizes.tile) * _HISTORY / 1000,
        line_m=capital_mm(sizes.smallest) * _LINE / 1000,
        inches=hypot(width_px, height_px) * pitch_mm / 25.4,
    )


def inches_for(sizes: Sizes, distance_m: float, width_px: int, height_px: int) -> int:
    """The diagonal on which a call is read from there, in whole inches."""
    inches = 1
    while True:
        pitch_mm = mm_per_px_of(inches, width_px, height_px)
        if reading(sizes, pitch_mm, width_px, height_px).call_m >= distance_m:
            return inches
        inches += 1


def whole(distance_m: float) -> int:
    """Whole metres, rounded down: rather less promised than not kept."""
    return floor(distance_m)


def _ada_m(capital_mm: float) -> float:
    if capital_mm < _ADA_MM:
        return _ADA_M * capital_mm / _ADA_MM
    return _ADA_M + (capital_mm - _ADA_MM) / _ADA_STEP_MM * _ADA_STEP_M
