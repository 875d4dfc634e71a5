"""The port `Voice`: how a screen has something spoken, and what it hears back.

Nothing here blocks: an engine may hang for ever, the board may not (fault F34).

A call is an `Utterance` of `voice.phrases.call_phrases`, with its chime. Any text of a page is one
of `voice.phrases.free_text`, without::

    voice.speak(Utterance((free_text("Pilih layanan.", "id"),), chime=False), on_finished)

To replace what is being spoken, ``stop()`` it and speak the new text from within its
``on_finished`` (or once it was called): silence comes within 0.1 s, the new words within 0.5 s.
``speak`` never interrupts by itself. Texts are made once and kept, so whatever a page always says
begins at once from the second time on.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Literal, Protocol

from msgspec import Struct

from voice.phrases import PAUSE_S, Phrase

SYLLABLES_PER_S = 3.8
"""Speech rate for a reverberant hall and older ears (ux.md 1.3)."""

CHIME_S = 0.8
BETWEEN_LANGUAGES_S = 0.5


class VoiceHealth(StrEnum):
    """How the voice is; a text for people stands under ``voice.<name>`` (`text_key`)."""

    OK = "ok"
    STARTING = "starting"
    OFF = "off"
    NO_VOICE = "no-voice"
    NO_PLAYER = "no-player"
    NO_DEVICE = "no-device"
    MUTED = "muted"
    BROKEN = "broken"

    @property
    def text_key(self) -> str:
        """Where the sentence for people stands in the translations."""
        return "voice." + self.value.replace("-", "_")


class VoiceStatus(Struct, frozen=True):
    """The health of the voice, for the board's icon "suara mati".

    ``missing_languages`` have neither a recorded nor a synthetic voice; the others are still
    spoken. ``detail`` is for the log, not for the hall. ``borrowed_languages`` are read by another
    language's voice and ``fixed_languages`` have no engine, only the shipped words: both are
    spoken, so neither is a fault.
    """

    health: VoiceHealth
    missing_languages: tuple[str, ...] = ()
    detail: str = ""
    borrowed_languages: tuple[str, ...] = ()
    fixed_languages: tuple[str, ...] = ()

    @property
    def silent(self) -> bool:
        """Whether the hall hears nothing although it should: the board says so and flashes."""
        return self.health not in {VoiceHealth.OK, VoiceHealth.STARTING, VoiceHealth.OFF}


class Utterance(Struct, frozen=True):
    """What is said at once: an optional chime, ``gap_s`` of silence, then each phrase in turn.

    ``volume_percent`` of full strength, at which the whole has −16 LUFS; 50 is 6 dB less.
    """

    phrases: tuple[Phrase, ...]
    chime: bool = True
    gap_s: float = PAUSE_S
    volume_percent: int = 100

    @property
    def estimated_s(self) -> float:
        """About how long this sounds, in seconds."""
        speech_s = sum(
            phrase.syllables / SYLLABLES_PER_S + PAUSE_S * (len(phrase.groups) - 1)
            for phrase in self.phrases
        )
        between_s = BETWEEN_LANGUAGES_S * max(0, len(self.phrases) - 1)
        return speech_s + between_s + (CHIME_S + self.gap_s if self.chime else 0.0)


class VoiceResult(Struct, frozen=True):
    """What became of an utterance.

    ``heard``: some of it may have been heard in the hall. ``health`` says why it failed.
    """

    outcome: Literal["played", "stopped", "failed"]
    heard: bool
    health: VoiceHealth = VoiceHealth.OK
    detail: str = ""


OnFinished = Callable[[VoiceResult], None]


class Voice(Protocol):
    """What speaks. All methods return at once and belong to the screen's thread."""

    def speak(self, utterance: Utterance, on_finished: OnFinished) -> None:
        """Begin to speak; `poll` calls ``on_finished`` exactly once when it is over.

        Raises RuntimeError while another utterance is under way: two never overlap.
        """

    def stop(self) -> None:
        """Silence what is under way; its result comes by `poll`."""

    def poll(self) -> None:
        """Take in what happened, keep the deadlines; to be called at least every 100 ms."""

    @property
    def sounding(self) -> bool:
        """Whether the utterance under way has begun to sound."""

    @property
    def status(self) -> VoiceStatus:
        """How the voice is now."""

    def close(self) -> None:
        """Be silent and free what is held; nothing is called back after this."""
