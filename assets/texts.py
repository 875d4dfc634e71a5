"""Every word that a person at the branch sees, in their language.

The words stand in ``assets/translations/<room>.<language>.toml``; the key of a text is its path
in that file (``[kiosk]`` with ``welcome = "…"`` is ``kiosk.welcome``). Indonesian is the mother
of all others: a key that another language lacks is said in Indonesian.

A text that depends on a count has the forms ``key.one`` and ``key.other`` (also ``key.zero``, if
nothing is said differently); languages without plural write ``key`` alone or ``key.other``.
"""

import logging
import string
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from assets import asset_path

log = logging.getLogger(__name__)

MOTHER_LANGUAGE = "id"
PSEUDO_LANGUAGE = "qps"
"""Made-up words, two fifths longer than Indonesian: what still fits in it fits in any language."""

_PLURAL_FORMS = ("zero", "one", "other")
# No capital I: its hat is wider than the letter and would hang out of any box at a line's start.
_ACCENTS = str.maketrans("aeiouAEOUcnsy", "áéîöûÁÉÖÛçñšý")


class MissingTextError(KeyError):
    """A key or a value for a placeholder is missing: a fault of the program."""


class Texts:
    """The texts of one language; call it with a key.

    >>> texts = Texts.load("id", ["ui"])
    >>> texts("ui.people", count=6)
    '6 orang'
    """

    def __init__(
        self,
        language: str,
        words: Mapping[str, str],
        *,
        fallback: Mapping[str, str] | None = None,
        strict: bool = False,
    ) -> None:
        """``strict`` raises MissingTextError where otherwise the key is logged and shown."""
        self.language = language
        self._words = words
        self._fallback = fallback or {}
        self._strict = strict
        self._weekdays = self("ui.calendar.weekdays").split()
        self._months = self("ui.calendar.months").split()

    @classmethod
    def load(cls, language: str, rooms: Sequence[str] = (), *, strict: bool = False) -> "Texts":
        """Read the texts of ``ui`` and these rooms; raises FileNotFoundError, ValueError.

        A language that has no file for one of the rooms says that room in Indonesian.
        """
        rooms = list(dict.fromkeys(("ui", *rooms)))
        mother = read_words(MOTHER_LANGUAGE, rooms)
        if language == MOTHER_LANGUAGE:
            return cls(language, mother, strict=strict)
        if language == PSEUDO_LANGUAGE:
            return cls(language, pseudo_words(mother), strict=strict)
        spoken = [room for room in rooms if has_words(language, room)]
        # A language that nobody wrote a word of is a mistake in a setting.
        words = read_words(language, spoken or rooms)
        return cls(language, words, fallback=mother, strict=strict)

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of a key with its placeholders filled; ``count`` chooses the plural form."""
        template = self._template(key, values.get("count"))
        if template is None:
            return self._missing(key, f"no text {key!r} in language {self.language!r}")
        if "{" not in template:
            return template
        try:
            return template.format_map(values)
        except (KeyError, IndexError, ValueError) as error:
            return self._missing(key, f"text {key!r} cannot be filled: {error!r}")

    def has(self, key: str) -> bool:
        """Whether a text exists, for keys that are made from data (``state.<code>``)."""
        return self._template(key, None) is not None

    def pick(self, names: Mapping[str, str]) -> str:
        """The name in this language out of data, else Indonesian, else any, else nothing."""
        for language in (self.language, MOTHER_LANGUAGE):
            if name := names.get(language):
                return name
        return next(iter(names.values()), "")

    def clock(self, at: datetime, *, seconds: bool = False) -> str:
        """Wall clock of an instant that is already in the branch's zone: 08.31 or 08.31.20."""
        key = "ui.calendar.clock_seconds" if seconds else "ui.calendar.clock"
        return self(key, hour=f"{at:%H}", minute=f"{at:%M}", second=f"{at:%S}")

    def day(self, at: date, *, short: bool = False, year: bool = False) -> str:
        """Kamis 21 November; short Kam 21 Nov; with year Kamis 21 November 2024."""
        weekday, month = self._weekdays[at.weekday()], self._months[at.month - 1]
        if short:
            weekday, month = weekday[:3], month[:3]
        key = "ui.calendar.day_year" if year else "ui.calendar.day"
        return self(key, weekday=weekday, day=at.day, month=month, year=at.year)

    def timer(self, duration: timedelta | float) -> str:
        """A running time with seconds: 06:41, beyond an hour 1:06:41. Never negative."""
        minutes, seconds = divmod(int(max(0.0, _seconds(duration))), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"

    def minutes(self, duration: timedelta | float) -> str:
        """A waiting time in whole minutes: 22 m, beyond an hour 1 j 05 m."""
        hours, minutes = divmod(int(max(0.0, _seconds(duration)) // 60), 60)
        if hours:
            return self("ui.calendar.hours_minutes", hours=hours, minutes=f"{minutes:02}")
        return self("ui.calendar.minutes", minutes=minutes)

    def _template(self, key: str, count: object) -> str | None:
        for words in (self._words, self._fallback):
            for form in _forms_for(count):
                if (found := words.get(f"{key}.{form}" if form else key)) is not None:
                    return found
        return None

    def _missing(self, key: str, why: str) -> str:
        if self._strict:
            raise MissingTextError(why)
        log.error("%s", why)
        return key


def read_words(language: str, rooms: Iterable[str]) -> dict[str, str]:
    """All texts of these rooms in a language by key.

    Raises FileNotFoundError, or ValueError naming the file if it is no TOML, holds anything but
    texts, or repeats a key of another room.
    """
    words: dict[str, str] = {}
    for room in rooms:
        path = asset_path("translations", f"{room}.{language}.toml")
        try:
            found = dict(_flat(tomllib.loads(path.read_text(encoding="utf-8"))))
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
        if doubled := words.keys() & found.keys():
            raise ValueError(f"{path}: repeats the keys of another room: {sorted(doubled)}")
        words |= found
    return words


def has_words(language: str, room: str) -> bool:
    """Whether a room has a file of texts in this language."""
    try:
        asset_path("translations", f"{room}.{language}.toml")
    except FileNotFoundError:
        return False
    return True


def placeholders(template: str) -> set[str]:
    """The names in braces of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def pseudo_words(words: Mapping[str, str]) -> dict[str, str]:
    """The same texts in the pseudo language, placeholders kept."""
    return {key: _pseudo(key, template) for key, template in words.items()}


def _pseudo(key: str, template: str) -> str:
    if key.startswith("ui.calendar."):
        return template
    parts = [
        literal.translate(_ACCENTS) + ("{" + name + "}" if name is not None else "")
        for literal, name, _, _ in string.Formatter().parse(template)
    ]
    length = sum(len(literal) for literal, *_ in string.Formatter().parse(template))
    # Filler in words of the length that Indonesian has, or wrapping would be tried unfairly.
    filler = ("lórém ípsüm dölör " * (length // 20 + 1))[: max(1, round(length * 0.4))]
    return f"{''.join(parts)} {filler}".rstrip()


def _forms_for(count: object) -> tuple[str, ...]:
    if count == 0:
        return ("zero", "other", "")
    if count == 1:
        return ("one", "other", "")
    return ("other", "") if count is not None else ("", "other")


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterable[tuple[str, str]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, str):
            yield key, value
        elif isinstance(value, dict):
            yield from _flat(value, f"{key}.")
        else:
            raise ValueError(f"{key} is no text but {value!r}; write it in quotes.")


def plural_base(key: str) -> str:
    """The key under which a text is asked for, without its plural form."""
    base, _, form = key.rpartition(".")
    return base if form in _PLURAL_FORMS else key


def _seconds(duration: timedelta | float) -> float:
    return duration.total_seconds() if isinstance(duration, timedelta) else duration
