"""What stands on the visitor's side today: calls for a person, channels chosen, the TV's line."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(slots=True)
class OfficerWanted:
    """A call for a person: which device, why, since when, and who goes there."""

    call: str
    device: str
    reason: str
    since_ms: int
    # When it was said the last time.
    asked_at_ms: int
    answered_by: str | None = None
    answered_name: str = ""
    answered_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class ChosenChannel:
    """Somebody went home with a channel instead of a number."""

    service: str
    channel: str


@dataclass(frozen=True, slots=True)
class PostedText:
    """The line of the TV by language; ``until_ms`` None: for the rest of the day."""

    text: Mapping[str, str]
    until_ms: int | None = None
