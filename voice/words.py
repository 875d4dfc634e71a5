"""The words between the display and its voice process: one JSON object a line."""

from typing import Literal

from msgspec import Struct

from voice.port import Utterance, VoiceHealth


class Speak(Struct, tag=True, frozen=True):
    """Asks for an utterance. ``job`` counts up and names it in every answer."""

    job: int
    utterance: Utterance


class Stop(Struct, tag=True, frozen=True):
    """Asks for silence, if this job is still under way."""

    job: int


class Ready(Struct, tag=True, frozen=True):
    """The process has started and can be asked."""


class Status(Struct, tag=True, frozen=True):
    """How voice and sound device are; told at the start and whenever it changes."""

    health: VoiceHealth
    missing_languages: tuple[str, ...] = ()
    detail: str = ""
    borrowed_languages: tuple[str, ...] = ()
    fixed_languages: tuple[str, ...] = ()


class Playing(Struct, tag=True, frozen=True):
    """The sound is made and begins now; it lasts ``length_s`` seconds."""

    job: int
    length_s: float


class Done(Struct, tag=True, frozen=True):
    """The job is over: ``played`` to its end, ``stopped``, or ``failed`` for a reason.

    ``heard``: some of what failed may have been heard.
    """

    job: int
    outcome: Literal["played", "stopped", "failed"]
    health: VoiceHealth = VoiceHealth.OK
    heard: bool = False
    detail: str = ""


Ask = Speak | Stop
Tell = Ready | Status | Playing | Done
