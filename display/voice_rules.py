"""How this branch wants its calls spoken: what the server said of it, in the voice's own words."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from protocol.messages import Names, VoiceRules, Welcome
from voice.day_parts import time_of_day, volume_at
from voice.phrases import DIGIT_BY_DIGIT, Reading

_SERVICE_WORDS: Mapping[str, Literal["alike", "always", "never"]] = {
    "alike": "alike",
    "always": "always",
    "never": "never",
}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SpeakingRules:
    """The rules of `VoiceRules`, read once. ``services``: the names of each service by its code.

    ``languages`` are those of the branch, the first one first.
    """

    reading: Reading = DIGIT_BY_DIGIT
    services: Mapping[str, Names] = field(default_factory=dict)
    languages: tuple[str, ...] = ("id",)
    day_parts: tuple[tuple[time, int], ...] = ()
    self_test_at: time | None = None
    zone: tzinfo = UTC

    def volume_percent(self, at: datetime) -> int:
        """How loud the voice is at this instant; 0 is quiet."""
        return volume_at(self.day_parts, at.astimezone(self.zone).time())


def rules_of(welcome: Welcome) -> SpeakingRules:
    """Read the rules out of a Welcome; a server that says none has the usual ones."""
    said = welcome.voice or VoiceRules()
    parts = []
    for part in said.day_parts:
        begins_at = time_of_day(part.begins_at)
        if begins_at is None:
            log.error("a day part that begins at %r is not kept", part.begins_at)
            continue
        parts.append((begins_at, part.volume_percent))
    return SpeakingRules(
        reading=reading_of(said),
        services={service.code: service.name for service in welcome.services},
        languages=tuple(welcome.branch.languages),
        day_parts=tuple(parts),
        self_test_at=time_of_day(said.self_test_at),
        zone=zone_of(welcome),
    )


def reading_of(said: VoiceRules) -> Reading:
    """Read how numbers and letters are spoken; an unknown word counts as the usual one."""
    word = _SERVICE_WORDS.get(said.service_word, "alike")
    return Reading(said.reading == "number", said.last_call, word)


def zone_of(welcome: Welcome) -> tzinfo:
    """The branch's time zone; UTC if this machine does not know it."""
    try:
        return ZoneInfo(welcome.branch.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        log.error("the branch's time zone %r is not known here", welcome.branch.time_zone)
        return UTC
