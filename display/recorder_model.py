"""The recorder: leads a person through the words of a recorded voice, one by one.

Plain Python, no Qt. A take is judged, heard again, and kept or done again; what is kept is a clip
of the branch's own voice from the next call on. It may be left at any time: the next start goes on
with the first word that is missing.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from display.pre_rendering import Playing
from voice.ear import Ear, Hearing
from voice.phrases import clip_script
from voice.sound import Sound, write_wav
from voice.takes import LONGEST_TAKE_S, Judgement, clip_of, judge

Step = Literal["ready", "recording", "judged"]
"""Waiting for the person, listening to them, or a take is there to be kept or done again."""

_FIRST_SOUND_S = 3.0


class RecorderModel:
    """Records ``language`` into ``folder``; ``ear`` None: there is no microphone.

    ``more``: words of this branch beyond those of every voice, for example its services' names.
    """

    def __init__(
        self,
        language: str,
        folder: Path,
        ear: Ear | None,
        playing: Playing,
        *,
        elapsed_s: Callable[[], float],
        more: Sequence[str] = (),
    ) -> None:
        """Raises KeyError for a language that is not spoken."""
        self.changed: Callable[[], None] = lambda: None
        self.step: Step = "ready"
        self.judgement: Judgement | None = None
        """Of the take; only good ones should be kept."""
        self.fault = ""
        self.just_saved = False
        self._script = list(clip_script(language, more).items())
        self._folder = folder / language
        self._ear = ear
        self._playing = playing
        self._elapsed_s = elapsed_s
        self._hearing: Hearing | None = None
        self._began_s = 0.0
        self._take: Sound | None = None
        self._place = 0
        self._level = 0.0
        missing = self.missing
        if missing:
            self._place = self._names.index(missing[0])

    @property
    def clip(self) -> str:
        """The name of the clip that is to be recorded now."""
        return self._script[self._place][0]

    @property
    def words(self) -> str:
        """What is to be read aloud."""
        return self._script[self._place][1]

    @property
    def place(self) -> int:
        """Which of them this is, from 1."""
        return self._place + 1

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self._script)

    @property
    def missing(self) -> tuple[str, ...]:
        """The clips that have no recording yet."""
        return tuple(name for name in self._names if not self._path(name).is_file())

    @property
    def is_kept(self) -> bool:
        """Whether this clip has a recording."""
        return self._path(self.clip).is_file()

    @property
    def has_microphone(self) -> bool:
        """Whether there is something to record with."""
        return self._ear is not None

    @property
    def level(self) -> float:
        """How strong it is at the microphone now, 0 to 1."""
        return self._level

    @property
    def is_sounding(self) -> bool:
        """Whether something is being played back."""
        return self._playing.sounding is not None

    def record(self) -> None:
        """Begin a take, or end the one that runs."""
        if self._hearing is not None:
            self._end_take()
            return
        self._playing.close()
        self._take, self.judgement, self.just_saved = None, None, False
        self._hearing = self._ear.listen(keep=True) if self._ear is not None else None
        self._began_s = self._elapsed_s()
        if self._hearing is None:
            self._ear = None
        else:
            self.step, self.fault = "recording", ""
        self.changed()

    def listen(self) -> None:
        """Hear the take, or what was kept before."""
        if self._hearing is not None:
            return
        path = self._path(self.clip)
        if self._take is not None:
            path = self._folder / ".take.wav"
            if not self._write(path, clip_of(self._take)):
                return
        if path.is_file():
            self._playing.play(path)
        self.changed()

    def keep(self) -> None:
        """Save the take and go on with the next word that is missing."""
        if self._take is None or self.judgement == "silent":
            return
        if self._write(self._path(self.clip), clip_of(self._take)):
            self.go_to_missing()
            self.just_saved = True
            self.changed()

    def go(self, steps: int) -> None:
        """Go some words on or back; a take that was not kept is dropped."""
        self._go_to((self._place + steps) % len(self._script))

    def go_to_missing(self) -> None:
        """Go to the next word without a recording; to the next one at all if there is none."""
        missing = set(self.missing)
        ahead = [(self._place + step) % self.total for step in range(1, self.total + 1)]
        wanted = [place for place in ahead if self._script[place][0] in missing]
        self._go_to((wanted or ahead)[0])

    def tick(self) -> None:
        """Follow the level; a microphone that was forgotten or is gone ends the take."""
        hearing = self._hearing
        level = 0.0
        if hearing is not None:
            level = hearing.recent_peak()
            late = hearing.taken_s == 0 and self._elapsed_s() - self._began_s > _FIRST_SOUND_S
            if hearing.ended or late or hearing.taken_s > LONGEST_TAKE_S:
                self._end_take()
        if level != self._level or self._playing.sounding is not None:
            self._level = level
            self.changed()
        elif self._playing.fault != self.fault and self._take is not None:
            self.fault = self._playing.fault
            self.changed()

    def close(self) -> None:
        """Listen and play no longer; an unkept take is gone."""
        if self._hearing is not None:
            self._hearing.close()
            self._hearing = None
        self._playing.close()
        (self._folder / ".take.wav").unlink(missing_ok=True)

    @property
    def _names(self) -> list[str]:
        return [name for name, _ in self._script]

    def _path(self, clip: str) -> Path:
        return self._folder / f"{clip}.wav"

    def _end_take(self) -> None:
        hearing, self._hearing = self._hearing, None
        assert hearing is not None
        assert self._ear is not None
        hearing.close()
        self._take = Sound(self._ear.rate, hearing.samples())
        self.judgement = judge(self._take, self.words)
        self.step = "judged"
        self.changed()

    def _go_to(self, place: int) -> None:
        if self._hearing is not None:
            self._hearing.close()
            self._hearing = None
        self._playing.close()
        self._place = place
        self._take, self.judgement, self.step = None, None, "ready"
        self.just_saved = False
        self.fault = ""
        self.changed()

    def _write(self, path: Path, sound: Sound) -> bool:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_wav(path, sound)
        except OSError as error:
            self.fault = str(error)
            self.changed()
            return False
        self.fault = ""
        return True
