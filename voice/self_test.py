"""Whether a recording of the loudspeaker holds the sentence of the self-test. Pure.

Nothing is believed: there must be sound, as long as the sentence, begun by our chime, and loud
enough for a hall.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from voice.loudness import loudness_lufs
from voice.sound import CHIME_NOTES_HZ, LOUDNESS_LUFS

QUIET = 33
"""Samples up to this (-60 dBFS) are silence."""

SHORTEST_SHARE = 0.6
LONGEST_SHARE = 1.8
"""The engine's speech is no clock: of the estimated length it may take so much."""

SOFTEST_DB = 30.0
"""A sound device turned down further than this is as good as mute."""

_CHIME_LEAST = 0.25  # of the strength of its first note's time


@dataclass(frozen=True, slots=True)
class Measures:
    """What was found. ``faults`` is empty if the sentence was heard as it should be.

    The faults are ``silent``, ``too-short``, ``too-long``, ``too-soft`` and ``no-chime``.
    """

    heard_s: float
    expected_s: float
    lufs: float | None
    expected_lufs: float
    chime_share: float
    faults: tuple[str, ...]


def measure(
    samples: Sequence[int], rate: int, *, expected_s: float, volume_percent: int
) -> Measures:
    """Measure a recording of 16-bit samples against the sentence that was played into it."""
    expected_lufs = LOUDNESS_LUFS + 20 * math.log10(max(1, volume_percent) / 100)
    loud = [place for place, value in enumerate(samples) if abs(value) > QUIET]
    if not loud:
        return Measures(0.0, expected_s, None, expected_lufs, 0.0, ("silent",))
    sounding = samples[loud[0] : loud[-1] + 1]
    heard_s = len(sounding) / rate
    lufs = loudness_lufs(sounding, rate)
    chime_share = _share_of(CHIME_NOTES_HZ[0], sounding[: round(0.35 * rate)], rate)
    faults = []
    if heard_s < SHORTEST_SHARE * expected_s:
        faults.append("too-short")
    if heard_s > LONGEST_SHARE * expected_s:
        faults.append("too-long")
    if lufs < expected_lufs - SOFTEST_DB:
        faults.append("too-soft")
    if chime_share < _CHIME_LEAST:
        faults.append("no-chime")
    return Measures(
        heard_s,
        expected_s,
        None if lufs == -math.inf else lufs,
        expected_lufs,
        chime_share,
        tuple(faults),
    )


def _share_of(pitch_hz: float, samples: Sequence[int], rate: int) -> float:
    """How much of the strength of some samples lies in one pitch, 0 to 1 (Goertzel)."""
    power = sum(value * value for value in samples)
    if not power:
        return 0.0
    factor = 2 * math.cos(2 * math.pi * pitch_hz / rate)
    before = last = 0.0
    for value in samples:
        before, last = last, value + factor * last - before
    strength = last * last + before * before - factor * last * before
    return min(1.0, 2 * strength / (len(samples) * power))
