"""The words between the voice process and its engine's process: one JSON object a line."""

from msgspec import Struct


class Make(Struct, tag=True, frozen=True):
    """Asks for a group of words. ``job`` counts up and names it in the answer."""

    job: int
    language: str
    words: str


class Voices(Struct, tag=True, frozen=True):
    """The engine runs; the voice of each language that it has. ``fault``: why it has none."""

    voices: dict[str, str]
    fault: str = ""


class Made(Struct, tag=True, frozen=True):
    """The group lies in this file of the cache."""

    job: int
    path: str


class NotMade(Struct, tag=True, frozen=True):
    """The engine could not do it."""

    job: int
    fault: str


EngineTell = Voices | Made | NotMade
