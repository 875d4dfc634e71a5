"""Sound as numbers: the chime, silence, levels, and joining pieces into one WAV without a gap.

Everything is mono with 16 bits, in plain Python: the pieces are short, and what is made once is
kept in a cache by whoever asks.
"""

import math
import os
import sys
import wave
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from voice.loudness import STEP_S, loudness_of, step_powers
from voice.port import CHIME_S

RATE = 22_050
"""Samples a second of what we make ourselves: the rate of the synthetic voice."""

LOUDNESS_LUFS = -16.0
"""The level of everything that is played (ux.md 4)."""

CHIME_NOTES_HZ = (660.0, 554.37)
"""Two falling notes (domain.md 6), in the band that old ears hear best (500 to 2,000 Hz)."""

ALARM_NOTES_HZ = (554.37, 660.0, 880.0)
"""Rising, where the chime before a number falls: whoever sits in the hall tells them apart."""

ALARM_NOTE_S = 0.18

BREATH_S = 0.015
"""What `trimmed` leaves at both ends, so that no consonant is cut."""

_FULL = 32_767
_KNEE = 0.7  # of full scale; louder samples are bent, not cut
_AUDIBLE = 200  # of 32,767; quieter than this is the engine's silence


class SoundFormatError(ValueError):
    """A WAV file that we cannot play as it is; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Mono samples at ``rate`` a second.

    ``powers`` is how loud each 20 ms are (`voice.loudness`), if that was measured: what is joined
    of measured pieces need not be measured again, which would make a call wait.
    """

    rate: int
    samples: "array[int]"
    powers: "array[float] | None" = field(default=None, compare=False, repr=False)

    @property
    def length_s(self) -> float:
        """How long it lasts, in seconds."""
        return len(self.samples) / self.rate

    @property
    def lufs(self) -> float:
        """How loud it is; -inf for silence."""
        powers = step_powers(self.samples, self.rate) if self.powers is None else self.powers
        return loudness_of(powers)


def silence(seconds: float, rate: int = RATE) -> Sound:
    """Make nothing to hear, for so long."""
    count = round(seconds * rate)
    steps = math.ceil(count / round(STEP_S * rate))
    return Sound(rate, array("h", bytes(2 * count)), array("d", bytes(8 * steps)))


def measured(sound: Sound) -> Sound:
    """The same sound with its powers."""
    if sound.powers is not None:
        return sound
    return Sound(sound.rate, sound.samples, step_powers(sound.samples, sound.rate))


def chime(rate: int = RATE) -> Sound:
    """Make the two notes that call attention before a number, `CHIME_S` long."""
    return levelled(_notes(CHIME_NOTES_HZ, CHIME_S / len(CHIME_NOTES_HZ), rate))


def alarm(rate: int = RATE) -> Sound:
    """Make three rising notes, twice: somebody wants a person. No call of a number sounds so."""
    rising = _notes(ALARM_NOTES_HZ, ALARM_NOTE_S, rate)
    return levelled(joined([rising, silence(ALARM_NOTE_S, rate), rising]))


def _notes(pitches_hz: Sequence[float], note_s: float, rate: int) -> Sound:
    note_length = round(note_s * rate)
    samples = array("h")
    for pitch_hz in pitches_hz:
        for place in range(note_length):
            time_s = place / rate
            # Swells over 5 ms and dies away, so that neither end clicks.
            swell = min(1.0, time_s / 0.005, (note_length - place) / rate / 0.02)
            strength = 0.5 * swell * math.exp(-3.0 * time_s)
            samples.append(round(_FULL * strength * math.sin(2 * math.pi * pitch_hz * time_s)))
    return Sound(rate, samples)


def joined(pieces: Sequence[Sound]) -> Sound:
    """Put pieces one after another without a gap, at the highest rate that occurs."""
    rate = max((piece.rate for piece in pieces), default=RATE)
    samples, powers = array("h"), array("d")
    for piece in pieces:
        samples.extend(_at_rate(piece, rate).samples)
        powers.extend(piece.powers or ())
    whole = all(piece.powers is not None for piece in pieces)
    return Sound(rate, samples, powers if whole else None)


def trimmed(sound: Sound) -> Sound:
    """Cut the silence off both ends, but for a breath of 15 ms."""
    samples = sound.samples
    audible = [place for place, value in enumerate(samples) if abs(value) > _AUDIBLE]
    if not audible:
        return Sound(sound.rate, array("h"))
    margin = round(BREATH_S * sound.rate)
    return Sound(sound.rate, samples[max(0, audible[0] - margin) : audible[-1] + 1 + margin])


def levelled(
    sound: Sound, target_lufs: float = LOUDNESS_LUFS, *, volume_percent: int = 100
) -> Sound:
    """Bring a piece to a loudness; single peaks that would be too loud are rounded off.

    Then it is made ``volume_percent`` as strong.
    """
    sound = measured(sound)
    loudness = sound.lufs
    if loudness == -math.inf:
        return sound
    quarters_db = round(4 * (target_lufs - loudness))
    table = _gains(quarters_db, volume_percent)
    samples = array("h", map(table.__getitem__, sound.samples))
    share = 10 ** (quarters_db / 40) * (volume_percent / 100) ** 2
    return Sound(sound.rate, samples, array("d", [power * share for power in sound.powers or ()]))


def read_wav(path: Path) -> Sound:
    """Read a WAV of 16 bits, mono or stereo (mixed to mono).

    Raises SoundFormatError for another format or a broken file, OSError if it cannot be read.
    """
    try:
        with path.open("rb") as raw, wave.open(raw, "rb") as file:
            rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise SoundFormatError(f"{path.name} is not a WAV file: {error}.") from error
    if width != 2 or channels not in {1, 2} or not 8_000 <= rate <= 96_000:
        raise SoundFormatError(
            f"{path.name} has {8 * width} bits and {channels} channels at {rate} Hz; "
            "save it as WAV with 16 bits, mono, 22050 to 48000 Hz."
        )
    samples = array("h", frames[: len(frames) // (2 * channels) * (2 * channels)])
    if sys.byteorder == "big":
        samples.byteswap()
    if channels == 2:
        samples = array(
            "h",
            [(left + right) // 2 for left, right in zip(samples[::2], samples[1::2], strict=True)],
        )
    return Sound(rate, samples)


def write_wav(path: Path, sound: Sound) -> None:
    """Write a WAV so that a reader sees all of it or nothing."""
    samples = sound.samples
    if sys.byteorder == "big":
        samples = samples[:]
        samples.byteswap()
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        with part.open("wb") as raw, wave.open(raw, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(sound.rate)
            file.writeframes(samples.tobytes())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@lru_cache(maxsize=32)
def _gains(quarters_db: int, volume_percent: int) -> "array[int]":
    """What becomes of each of the 65,536 samples; the negative ones are found from the end.

    A call of eight seconds is looked up in 10 ms; counting each sample would take ten times that.
    """
    gain = 10 ** (quarters_db / 80) / _FULL
    share = volume_percent / 100
    values = (*range(32_768), *range(-32_768, 0))
    return array("h", [round(_limited(value * gain) * share) for value in values])


def _limited(value: float) -> int:
    size = abs(value)
    if size > _KNEE:
        size = _KNEE + (0.9 - _KNEE) * math.tanh((size - _KNEE) / (0.9 - _KNEE))
    return round(math.copysign(size * _FULL, value))


def _at_rate(sound: Sound, rate: int) -> Sound:
    if sound.rate == rate or not sound.samples:
        return Sound(rate, sound.samples, sound.powers)
    # Only ever upwards: a straight line between samples adds next to nothing to a voice.
    samples, last = sound.samples, len(sound.samples) - 1
    step = sound.rate / rate
    longer = array("h")
    for place in range(round(len(samples) / step)):
        before = min(int(place * step), last)
        share = place * step - before
        longer.append(round(samples[before] * (1 - share) + samples[min(before + 1, last)] * share))
    return Sound(rate, longer)
