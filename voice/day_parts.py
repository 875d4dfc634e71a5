"""How loud the voice is at which hour: day parts and quiet hours. Pure."""

from collections.abc import Sequence
from datetime import time

FULL_PERCENT = 100


def volume_at(parts: Sequence[tuple[time, int]], at: time) -> int:
    """Find the volume in percent at a time of day; 0 is quiet, calls are shown only.

    ``parts`` (begin, volume) may stand in any order; before the first of a day the last one of the
    evening before still holds. Without parts it is always full.
    """
    if not parts:
        return FULL_PERCENT
    ordered = sorted(parts)
    begun = [volume for begins_at, volume in ordered if begins_at <= at]
    volume = begun[-1] if begun else ordered[-1][1]
    return max(0, min(FULL_PERCENT, volume))


def time_of_day(text: str) -> time | None:
    """Read ``HH:MM``; None if it is none."""
    try:
        hours, minutes = text.split(":")
        return time(int(hours), int(minutes))
    except ValueError:
        return None
