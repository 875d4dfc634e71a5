"""What was heard in the hall, as calls: each begins with its chime."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from display.sound import CHIME_NOTES_HZ
from display.voice import CHIME_S
from tests.sound_room import Recording, SoundRoom

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
    half_s, note_s = CHIME_S / 2, 0.2
    for step in range(int((heard.length_s - CHIME_S) / _STEP_S)):
        start_s = step * _STEP_S
        if found and start_s < found[-1] + CHIME_S:
            continue
        notes = [
            _purity(heard.between(start_s + after_s, start_s + after_s + note_s), heard.rate, note)
            for after_s, note in zip((0.05, half_s + 0.05), CHIME_NOTES_HZ, strict=True)
        ]
        if min(notes) > _PURE:
            found.append(start_s)
    return found


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
