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

from display.phrases import PAUSE, call_phrases, clip_script
from display.sound import CHIME_NOTES_HZ
from display.voice import CHIME_S
from tests.sound_room import Recording, SoundRoom

# Long enough that the voice's watchdog takes them for words.
_NOTE_S = 0.3
_LOWEST_HZ, _BETWEEN_HZ = 700.0, 30.0  # above both notes of the chime
_RATE = 22_050

_STEP_S = 0.05
_SLACK_S = 0.15
_PURE = 0.8
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
    """When chimes begin: two falling notes, so pure as no voice is."""
    found: list[float] = []
    half_s = CHIME_S / 2
    first, second = CHIME_NOTES_HZ
    for step in range(int((heard.length_s - CHIME_S) / _STEP_S)):
        start_s = step * _STEP_S
        if found and start_s < found[-1] + CHIME_S:
            continue
        # The second note may be late on a busy machine.
        later_s = (start_s + half_s + late * _STEP_S for late in range(6))
        if _has_note(heard, start_s, first) and any(
            _has_note(heard, at_s, second) for at_s in later_s
        ):
            found.append(start_s)
    return found


def _has_note(heard: Recording, start_s: float, note_hz: float) -> bool:
    samples = heard.between(start_s + 0.05, start_s + 0.25)
    return len(samples) > 0 and _purity(samples, heard.rate, note_hz) > _PURE


def _purity(samples: npt.NDArray[np.float64], rate: int, note_hz: float) -> float:
    """How much of the strength lies in one note; nothing of silence."""
    if np.sqrt(np.mean(samples**2)) < _AUDIBLE:
        return 0.0
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    pitches = np.fft.rfftfreq(len(samples), 1 / rate)
    return float(power[np.abs(pitches - note_hz) < 15].sum() / power.sum())


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
