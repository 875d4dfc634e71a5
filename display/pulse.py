"""How the card draws eyes to a new call: it brightens a few times and never hides the number."""

PULSES = 3
PULSES_WITHOUT_SOUND = 6
"""Where nobody hears the call, eyes get more time to find it (fault F36)."""

PERIOD_S = 1.0
"""One flash a second at most; three are dangerous (ux.md 1.1, 1.2)."""

_RISE_S = 0.2
_HOLD_S = 0.3


def pulse_strength(elapsed_s: float, pulses: int) -> float:
    """How bright the card is so long after the call, 0 (as ever) to 1 (brightest)."""
    if not 0 <= elapsed_s < pulses * PERIOD_S:
        return 0.0
    phase_s = elapsed_s % PERIOD_S
    falling_s = phase_s - _RISE_S - _HOLD_S
    return max(0.0, min(1.0, phase_s / _RISE_S, 1 - falling_s / _RISE_S))
