"""The words of a board that speaks one or two languages, Indonesian first."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from assets.texts import Texts, has_words
from protocol.messages import ServiceInfo

log = logging.getLogger(__name__)

ROOMS = ("display",)
BETWEEN = " · "


class BoardWords:
    """The first language says everything; the second stands beside it where there is room."""

    def __init__(self, first: Texts) -> None:
        self.first = first
        self.second: Texts | None = None

    def set_languages(self, languages: Sequence[str]) -> None:
        """Take the branch's languages; one that nobody translated is left out."""
        self.second = None
        for code in languages:
            if code == self.first.language:
                continue
            if all(has_words(code, room) for room in ROOMS):
                self.second = Texts.load(code, ROOMS)
                return
            log.warning("the board has no words in language %r", code)

    def __call__(self, key: str, /, **values: object) -> str:
        """A text in the first language."""
        return self.first(key, **values)

    def other(self, key: str, /, **values: object) -> str:
        """The same in the second language, empty if there is none."""
        return "" if self.second is None else self.second(key, **values)

    def both(self, key: str, /, **values: object) -> str:
        """One after the other, for a label with room."""
        words = (self.first(key, **values), self.other(key, **values))
        return BETWEEN.join(word for word in words if word)

    def each(self, key: str, /, **values: object) -> list[str]:
        """One text for each language, for lines that turn pages."""
        words = (self.first(key, **values), self.other(key, **values))
        return [word for word in words if word]

    def each_name(self, names: Mapping[str, str]) -> list[str]:
        """The branch's own words in each language, without repeating what is not translated."""
        texts = [self.first] if self.second is None else [self.first, self.second]
        return list(dict.fromkeys(filter(None, (text.pick(names) for text in texts))))

    def zone_titles(self, services: Sequence[ServiceInfo]) -> list[str]:
        """What a display of these services is headed with: the longest title first."""
        if not services:
            return []
        signs = ", ".join(service.sign for service in services)
        names = [self.first.pick(service.name) for service in services]
        pairs = (f"{service.sign} {name}" for service, name in zip(services, names, strict=True))
        return [
            BETWEEN.join(pairs),
            BETWEEN.join(names),
            self.first("display.zone.services", services=signs),
            signs,
        ]

    def clock(self, at: datetime) -> str:
        """08.31 WIB."""
        return f"{self.first.clock(at)} {at.tzname() or ''}".rstrip()
