"""The values of a catalogue file, and what is said of one that cannot be used (F39)."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from server.administration.toml_file import FileProblemError, Place, TomlFile
from server.config import FIRST_LANGUAGE
from server.opening_settings import HOURS_TAKES, WEEKDAYS, hours_text

Given = Mapping[str, Any]

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
CODE_TAKES = "letters, digits or hyphens"
LANGUAGE = re.compile(r"[a-z]{2,3}")


class CatalogueFile:
    """A parsed file that knows where its values stand. Every method raises FileProblemError."""

    def __init__(self, file: TomlFile) -> None:
        self._file = file
        self.data = file.data

    # Tables.

    def tables(self, place: Place, given: Any) -> list[tuple[Place, Given]]:
        """The tables of a section, each with its place; none where the section is missing."""
        if given is None:
            return []
        name = ".".join(str(step) for step in place)
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            raise self.problem(place, "is written wrongly", f"Begin each one with [[{name}]].")
        return [((*place, index), one) for index, one in enumerate(given)]

    def demand_known(self, place: Place, given: Given, known: Iterable[str]) -> None:
        """No key but the known ones."""
        for key in given:
            if key not in known:
                raise self.problem(
                    (*place, key), "is not known here", f"Known are {', '.join(known)}."
                )

    def demand_unique(self, section: str, given: Iterable[str], key: str) -> None:
        """No two tables of a section with the same key."""
        seen: set[str] = set()
        for index, one in enumerate(given):
            if one in seen:
                raise self.problem(
                    (*section.split("."), index, key),
                    f"{one} stands there twice",
                    f"Give each [[{section}]] a {key} of its own.",
                )
            seen.add(one)

    # Values.

    def text(
        self, place: Place, given: Given, key: str, form: re.Pattern[str], accepts: str
    ) -> str:
        """A text of a form."""
        value = given.get(key)
        if value is None:
            raise self.problem((*place, key), "is missing", f"Add {key} = … with {accepts}.")
        if not isinstance(value, str) or form.fullmatch(value) is None:
            raise self.problem((*place, key), f"is {value!r}", f"Write {accepts}.")
        return value

    def one_of(self, place: Place, given: Given, key: str, known: Iterable[str]) -> str:
        """One of a few words."""
        value = given.get(key)
        accepts = f"one of {', '.join(known)}"
        if value is None:
            raise self.problem((*place, key), "is missing", f"Add {key} = … with {accepts}.")
        if value not in known:
            raise self.problem((*place, key), f"is {value!r}", f"Write {accepts}.")
        return str(value)

    def names(self, place: Place, given: Given, key: str) -> dict[str, str]:
        """A name in several languages, the first one at least."""
        names = given.get(key)
        if isinstance(names, str):
            names = {FIRST_LANGUAGE: names}
        if not isinstance(names, dict) or not names.get(FIRST_LANGUAGE):
            raise self.problem(
                (*place, key),
                "has no Indonesian text",
                f'Write {key} = {{ id = "…", en = "…" }}.',
            )
        for language, text in names.items():
            if not LANGUAGE.fullmatch(language) or not isinstance(text, str) or not text.strip():
                raise self.problem(
                    (*place, key),
                    f"has {language!r} = {text!r}",
                    'Give a text for a language code, as in id = "…".',
                )
        return {language: text.strip() for language, text in names.items()}

    def codes(self, place: Place, given: Given, key: str) -> list[str]:
        """A list of codes, each once."""
        value = given.get(key, [])
        if not isinstance(value, list) or not all(
            isinstance(one, str) and CODE.fullmatch(one) for one in value
        ):
            raise self.problem(
                (*place, key), f"is {value!r}", f'Write a list of codes, as in {key} = ["A", "B"].'
            )
        twice = sorted({one for one in value if value.count(one) > 1})
        if twice:
            raise self.problem(
                (*place, key), f"has {', '.join(twice)} twice", "Write every code once."
            )
        return value

    def whole(
        self, place: Place, given: Given, key: str, default: int | None, first: int, last: int
    ) -> int:
        """A whole number within bounds."""
        value = given.get(key, default)
        if value is None:
            raise self.problem(
                (*place, key), "is missing", f"Add {key} = … with a number from {first} to {last}."
            )
        if not isinstance(value, int) or isinstance(value, bool) or not first <= value <= last:
            raise self.problem(
                (*place, key), f"is {value!r}", f"Write a whole number from {first} to {last}."
            )
        return value

    def yes_no(self, place: Place, given: Given, key: str, *, default: bool) -> bool:
        """True or false."""
        value = given.get(key, default)
        if not isinstance(value, bool):
            raise self.problem((*place, key), f"is {value!r}", "Write true or false.")
        return value

    def day(self, place: Place, given: Given, key: str) -> date:
        """A day of the calendar, as TOML has it or in quotes."""
        value = given.get(key)
        try:
            if isinstance(value, str):
                return date.fromisoformat(value)
        except ValueError:
            pass
        if not isinstance(value, date) or isinstance(value, datetime):
            what = "is missing" if value is None else f"is {value!r}"
            raise self.problem(
                (*place, key),
                what,
                f"Write a day that the calendar has, as in {key} = 2026-02-01.",
            )
        return value

    def hours(self, place: Place, given: Any) -> dict[str, str]:
        """The hours of the weekdays that are named, as the settings write them."""
        if not isinstance(given, dict):
            raise self.problem(
                place, f"is {given!r}", 'Write hours = { monday = "08:00-12:00", … }.'
            )
        self.demand_known(place, given, WEEKDAYS)
        own: dict[str, str] = {}
        for weekday, text in given.items():
            try:
                own[weekday] = hours_text(text)
            except (AttributeError, ValueError) as error:
                raise self.problem(
                    (*place, weekday), f"is {text!r}", f"Write {HOURS_TAKES}."
                ) from error
        return own

    # Problems.

    def problem(self, place: Place, what: str, cure: str) -> FileProblemError:
        """The error to raise about a key."""
        return self._file.problem(place, what, cure)
