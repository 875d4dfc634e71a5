"""Where sounds come from, in their order: recordings, the engine, the shipped words.

A recording wins for every phrase of which all clips exist, the engine makes the others, and what
it does not make in time is said with the words that are shipped (`assets/fixed_words`, F34, F35).
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from voice.phrases import Phrase
from voice.port import BETWEEN_LANGUAGES_S, Utterance
from voice.sound import Sound, joined, levelled, silence
from voice.speech_voice import SpeechError

SYNTHESIS_DEADLINE_S = 1.0
"""All words of one utterance must be made in this time; then the shipped words speak (F34)."""

Origin = Literal["recording", "engine", "fixed"]
"""A person's recording, the synthetic voice, or the shipped words of a synthetic voice."""

_log = logging.getLogger(__name__)


class Clips(Protocol):
    """A voice made of clips."""

    def render(self, phrase: Phrase) -> Sound | None:
        """Make the sound, or return None if a clip is missing."""

    def speaks(self, language: str) -> bool:
        """Whether every clip of this language is there."""

    def identity(self, phrase: Phrase) -> str:
        """What the sound of a phrase depends on."""

    def read(self, language: str, clip: str) -> None:
        """Have one clip at hand."""


class Engine(Protocol):
    """A synthetic voice; `render` raises SpeechError if it is broken or too slow."""

    def render(self, phrase: Phrase, until_s: float | None = None) -> Sound | None:
        """Make the sound until then at most, or return None if it has no voice for it."""

    def speaks(self, language: str) -> bool:
        """Whether it can make every phrase of this language."""

    def borrows(self, language: str) -> bool:
        """Whether another language's voice reads this one."""

    def identity(self, phrase: Phrase) -> str:
        """What the sound of a phrase depends on."""

    def wait_until_ready(self, seconds: float) -> None:
        """Wait until it has started, at most so long."""

    def close(self) -> None:
        """Free what it holds."""

    @property
    def fault(self) -> str:
        """Why it cannot speak; empty if it can."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A sound, and who made it."""

    sound: Sound
    origin: Origin
    identity: str


class Sources:
    """All that can make a phrase's sound."""

    def __init__(self, recorded: Clips, engine: Engine, fixed: Clips) -> None:
        self._recorded = recorded
        self._engine = engine
        self._fixed = fixed

    def sound(self, utterance: Utterance, chime: Callable[[], Sound]) -> Sound | None:
        """Make the whole utterance one sound at the level of everything that is played.

        So nothing in it can overlap or part. None if there is no voice for any of its phrases;
        raises SpeechError if there is one and it is broken.
        """
        until_s = time.monotonic() + SYNTHESIS_DEADLINE_S
        pieces: list[Sound] = []
        for phrase in utterance.phrases:
            rendered = self.render(phrase, until_s)
            if rendered is None:
                continue  # the status names the language; the others are still heard
            if pieces:
                pieces.append(silence(BETWEEN_LANGUAGES_S))
            pieces.append(rendered.sound)
        if not pieces:
            return None
        if utterance.chime:
            pieces[:0] = [chime(), silence(utterance.gap_s)]
        return levelled(joined(pieces), volume_percent=utterance.volume_percent)

    def render(self, phrase: Phrase, until_s: float | None = None) -> Rendered | None:
        """Make one phrase; None if there is no voice of its language, SpeechError if it broke.

        ``until_s`` (monotonic) is the engine's deadline.
        """
        sound = self._recorded.render(phrase)
        if sound is not None:
            return Rendered(sound, "recording", self._recorded.identity(phrase))
        fault: SpeechError | None = None
        try:
            sound = self._engine.render(phrase, until_s)
        except SpeechError as error:
            fault = error
            _log.warning("Spoken with the shipped words instead: %s.", error)
        if sound is not None:
            return Rendered(sound, "engine", self._engine.identity(phrase))
        sound = self._fixed.render(phrase)
        if sound is not None:
            return Rendered(sound, "fixed", self._fixed.identity(phrase))
        if fault is not None:
            raise fault
        return None

    def speaks(self, language: str) -> bool:
        """Whether calls can be spoken in this language by any of them."""
        return (
            self._engine.speaks(language)
            or self._recorded.speaks(language)
            or self._fixed.speaks(language)
        )

    def borrows(self, language: str) -> bool:
        """Whether another language's voice reads this one."""
        return not self._recorded.speaks(language) and self._engine.borrows(language)

    def is_fixed(self, language: str) -> bool:
        """Whether only the shipped words speak it: no engine, no recordings (F35)."""
        other = self._engine.speaks(language) or self._recorded.speaks(language)
        return not other and self._fixed.speaks(language)

    def read_fixed(self, language: str, clip: str) -> None:
        """Have one of the shipped words at hand."""
        self._fixed.read(language, clip)

    def wait_for_engine(self, seconds: float) -> None:
        """Give the engine so long to start."""
        self._engine.wait_until_ready(seconds)

    def close(self) -> None:
        """End the engine."""
        self._engine.close()

    @property
    def fault(self) -> str:
        """Why the engine cannot speak; empty if it can."""
        return self._engine.fault
