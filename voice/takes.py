"""A take at the microphone: where the speech in it is, and whether it can be used. Pure."""

import math
from array import array
from typing import Literal

from voice.phrases import syllables
from voice.sound import Sound, levelled

Judgement = Literal["good", "silent", "too-quiet", "too-loud", "too-short", "too-long", "noisy"]

LONGEST_TAKE_S = 10.0
"""A microphone that was forgotten is switched off after this."""

_STEP_S = 0.01
_MARGIN_S = 0.06
_BREAK_S = 0.35  # a longer silence ends the word; what comes behind it is a chair
_FULL = 32_768
_SILENT_PEAK = 0.004
_CLIPPED = 0.985
_CLIPPED_SAMPLES = 8
_QUIETEST_LUFS = -40.0
_LEAST_OVER_NOISE_DB = 15.0
_SHORTEST_SYLLABLE_S = 0.07
_LONGEST_S, _LONGEST_SYLLABLE_S = 0.7, 0.6


def judge(take: Sound, words: str) -> Judgement:
    """Say whether a take of these words is good, or what is wrong with it."""
    peak = max((abs(value) for value in take.samples), default=0) / _FULL
    if peak < _SILENT_PEAK:
        return "silent"
    if sum(abs(value) >= _CLIPPED * _FULL for value in take.samples) >= _CLIPPED_SAMPLES:
        return "too-loud"
    speech = speech_of(take)
    count = syllables(words.replace("-", " "))
    length_s = speech.length_s - 2 * _MARGIN_S
    if length_s > _LONGEST_S + _LONGEST_SYLLABLE_S * count:
        return "too-long"
    if _over_noise_db(take) < _LEAST_OVER_NOISE_DB:
        return "noisy"
    if speech.lufs < _QUIETEST_LUFS:
        return "too-quiet"
    if length_s < _SHORTEST_SYLLABLE_S * count:
        return "too-short"
    return "good"


def clip_of(take: Sound) -> Sound:
    """The clip that is kept: the speech alone, at the level of everything that is played."""
    return levelled(speech_of(take))


def speech_of(take: Sound) -> Sound:
    """Cut what is before and behind the speech; a breath of 60 ms stays, silence is empty.

    A room is never still: what counts as speech is measured against its own noise and strength.
    """
    steps = _steps(take)
    if not steps:
        return Sound(take.rate, array("h"))
    # Whoever speaks from the first moment to the last leaves no silence to measure.
    bar = min(max(2.5 * _noise(steps), max(steps) / 25), max(steps) / 3)
    loud = [place for place, strength in enumerate(steps) if strength > bar]
    if not loud:
        return Sound(take.rate, array("h"))
    first, last = _longest_run(loud, steps)
    margin = round(_MARGIN_S / _STEP_S)
    step = round(_STEP_S * take.rate)
    start, end = max(0, first - margin) * step, (last + 1 + margin) * step
    return Sound(take.rate, take.samples[start:end])


def _steps(take: Sound) -> list[float]:
    """The strength of each 10 ms."""
    step = round(_STEP_S * take.rate)
    samples = take.samples
    return [
        math.sqrt(sum(value * value for value in samples[start : start + step]) / step)
        for start in range(0, len(samples) - step + 1, step)
    ]


def _noise(steps: list[float]) -> float:
    """The room without the voice: its quietest tenth. A take without pauses has none to measure."""
    quiet = sorted(steps)[: max(1, len(steps) // 10)]
    return sum(quiet) / len(quiet)


def _over_noise_db(take: Sound) -> float:
    steps = sorted(_steps(take))
    speech = steps[-max(1, len(steps) // 5) :]
    noise = max(1.0, _noise(steps))
    return 20 * math.log10(sum(speech) / len(speech) / noise)


def _longest_run(loud: list[int], steps: list[float]) -> tuple[int, int]:
    """The stretch with the most strength; stretches are parted by a long silence."""
    runs: list[list[int]] = []
    for place in loud:
        if runs and place - runs[-1][-1] <= _BREAK_S / _STEP_S:
            runs[-1].append(place)
        else:
            runs.append([place])
    best = max(runs, key=lambda run: sum(steps[place] for place in run))
    return best[0], best[-1]
