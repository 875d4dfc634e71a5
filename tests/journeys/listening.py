"""What was heard in the hall, as calls: each begins with its chime.

A recorded voice in which every word is a note of its own can be read back word by word.
"""

import math
import wave
from array import array
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tests.sound_room import Recording, SoundRoom
from voice.phrases import PAUSE, call_phrases, clip_script
from voice.port import CHIME_S
from voice.sound import chime

# Long enough that the voice's watchdog takes them for words.
_NOTE_S = 0.3
_LOWEST_HZ, _BETWEEN_HZ = 700.0, 30.0  # above both notes of the chime
_RATE = 22_050

_STEP_S = 0.05
_SLACK_S = 0.15
_ALIKE = 0.5
_AUDIBLE = 0.01


@dataclass(frozen=True)
class HeardCall:
    """From the chime of a call to the end of its last word, in seconds of the recording."""

    start_s: float
    end_s: float
    speech_s: float
    """How long words sound in it, pauses between them left out."""
    speech_share: float
    """How much of its strength lies where voices have theirs."""

    @property
    def length_s(self) -> float:
        """How long it takes in all."""
        return self.end_s - self.start_s


def sounds_in(room: SoundRoom) -> dict[str, str]:
    """The environment by which a program plays in this room."""
    names = ("PULSE_SERVER", "PULSE_COOKIE", "XDG_RUNTIME_DIR")
    return {name: room.environment[name] for name in names}


def voice_of_notes(folder: Path) -> Path:
    """Write a whole recorded Indonesian voice, as a branch may bring one."""
    (folder / "id").mkdir(parents=True)
    for clip, pitch_hz in _notes().items():
        angle = 2 * math.pi * pitch_hz / _RATE
        count = int(_NOTE_S * _RATE)
        samples = array("h", (round(12_000 * math.sin(angle * place)) for place in range(count)))
        with wave.open(str(folder / "id" / f"{clip}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(_RATE)
            file.writeframes(samples.tobytes())
    return folder


def words_heard(heard: Recording, call: HeardCall) -> list[str]:
    """Read the notes of a call back as names of clips.

    Only sound counts: on a busy machine a player may be late, and there is silence in a word.
    """
    notes = _notes()
    lengths: list[tuple[str, float]] = []
    for step in range(round(call.length_s / _STEP_S)):
        start_s = call.start_s + step * _STEP_S
        samples = heard.between(start_s, start_s + _STEP_S)
        if np.sqrt(np.mean(samples**2)) < _AUDIBLE:
            continue
        pitch_hz = heard.pitch_hz(start_s, start_s + _STEP_S)
        nearest = min(notes, key=lambda clip: abs(notes[clip] - pitch_hz))
        if abs(notes[nearest] - pitch_hz) > _BETWEEN_HZ / 3:
            continue  # the chime, or half of one word and half of the next
        if lengths and lengths[-1][0] == nearest:
            lengths[-1] = (nearest, lengths[-1][1] + _STEP_S)
        else:
            lengths.append((nearest, _STEP_S))
    # A word said twice is one note twice as long; a single step is where two words meet.
    return [
        clip
        for clip, length_s in lengths
        if length_s > _STEP_S
        for _ in range(max(1, round(length_s / _NOTE_S)))
    ]


def words_of(number: str, counter: int) -> list[str]:
    """The clips that say a call."""
    (phrase,) = call_phrases(number, counter, ["id"])
    return [clip for clip in phrase.clips if clip != PAUSE]


def _notes() -> dict[str, float]:
    return {clip: _LOWEST_HZ + _BETWEEN_HZ * place for place, clip in enumerate(clip_script("id"))}


def calls_in(heard: Recording) -> list[HeardCall]:
    """Part a recording into its calls; raises AssertionError if it begins with something else."""
    chimes = _chimes(heard)
    pieces = heard.stretches(gap_s=0.1)
    assert not pieces or (chimes and abs(pieces[0][0] - chimes[0]) < _SLACK_S), (pieces, chimes)
    ends = [*chimes[1:], heard.length_s]
    return [_heard_call(heard, *bounds) for bounds in zip(chimes, ends, strict=True)]


def _chimes(heard: Recording) -> list[float]:
    """When the shipped chime begins in what was heard: where the two are most alike."""
    wanted = np.array(chime(heard.rate).samples, dtype=float)
    wanted /= np.sqrt(np.sum(wanted**2))
    likeness = _likeness(heard.samples, wanted)
    found: list[int] = []
    while len(likeness) and likeness[best := int(np.argmax(likeness))] > _ALIKE:
        found.append(best)
        likeness[max(0, best - len(wanted)) : best + len(wanted)] = 0
    return sorted(start / heard.rate for start in found)


def _likeness(
    samples: npt.NDArray[np.float64], wanted: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """The normalised correlation at each start, 0 to 1 (``wanted`` has the length 1)."""
    if len(samples) < len(wanted):
        return np.zeros(0)
    size = 1 << (len(samples) + len(wanted)).bit_length()
    spectrum = np.fft.rfft(samples, size) * np.conj(np.fft.rfft(wanted, size))
    together = np.fft.irfft(spectrum, size)[: len(samples) - len(wanted) + 1]
    energy = np.concatenate(([0.0], np.cumsum(samples**2)))
    strength = np.sqrt(np.maximum(energy[len(wanted) :] - energy[: -len(wanted)], 1.0))
    return np.asarray(np.abs(together) / strength)


def _heard_call(heard: Recording, start_s: float, limit_s: float) -> HeardCall:
    words = [
        (word_start_s, min(end_s, limit_s))
        for word_start_s, end_s in heard.stretches(gap_s=0.05)
        if start_s + CHIME_S / 2 < word_start_s < limit_s
    ]
    end_s = words[-1][1] if words else start_s + CHIME_S
    return HeardCall(
        start_s,
        end_s,
        speech_s=sum(end - start for start, end in words),
        speech_share=_voice_share(heard, words[0][0], end_s) if words else 0.0,
    )


def _voice_share(heard: Recording, start_s: float, end_s: float) -> float:
    samples = heard.between(start_s, end_s)
    power = np.abs(np.fft.rfft(samples)) ** 2
    pitches = np.fft.rfftfreq(len(samples), 1 / heard.rate)
    return float(power[(pitches > 80) & (pitches < 4000)].sum() / power.sum())
