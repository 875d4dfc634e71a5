"""A branch's catalogue as a TOML file: services, counters, choices, settings. Data, never code.

A section that a file leaves out stays as it was; one that it has replaces all of its kind.
"""

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from protocol.messages import Priority
from server.administration.toml_file import FileProblemError, Place, TomlFile, read_toml
from server.config import FIRST_LANGUAGE, SettingError, key_of, parse, written
from server.domain.branch import ALL_SERVICES, CHOICE_FIELDS, Counter, Names, Service
from server.opening_settings import HOURS_TAKES, WEEKDAYS, hours_text

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
LETTER = re.compile(r"[A-Z]{1,3}")
LANGUAGE = re.compile(r"[a-z]{2,3}")
NUMBER_MAX = 999
LEVEL_MAX = 9
QUOTA_MAX = 100_000
SECTIONS = ("settings", "service", "counter", "choice")
SERVICE_KEYS = (
    "code",
    "letter",
    "name",
    "description",
    "icon",
    "target_wait_s",
    "target_service_s",
    "papers",
    "open",
    "hours",
    "quota",
)


@dataclass(frozen=True, slots=True)
class CatalogueChoice:
    """One answer of a coded field."""

    field: str
    code: str
    name: Names


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a file says; None where it has no such section."""

    settings: Mapping[str, str]
    services: tuple[Service, ...] | None = None
    counters: tuple[Counter, ...] | None = None
    choices: tuple[CatalogueChoice, ...] | None = None
    # Of the services that name some: the hours of a weekday as a setting writes them.
    hours: Mapping[str, Mapping[str, str]] = dataclasses.field(default_factory=dict)


def read_catalogue(path: Path) -> Catalogue:
    """A file's catalogue, or FileProblemError with file, line, key and cure."""
    return _Reader(read_toml(path)).catalogue()


class _Reader:
    """Takes a parsed file apart, and knows where it is."""

    def __init__(self, file: TomlFile) -> None:
        self._file = file

    def catalogue(self) -> Catalogue:
        data = self._file.data
        self._demand_known((), data, SECTIONS)
        services = self._tables(("service",), data.get("service"))
        counters = self._tables(("counter",), data.get("counter"))
        found = tuple(self._service(*one) for one in services) if "service" in data else None
        if found is not None:
            self._demand_unique("service", (one.code for one in found), "code")
        hours = {
            str(given["code"]): self._hours((*place, "hours"), given["hours"])
            for place, given in services
            if "hours" in given
        }
        codes = {one.code for one in found} if found is not None else None
        seats = tuple(self._counter(*one, codes) for one in counters)
        if "counter" in data:
            self._demand_unique("counter", (str(one.number) for one in seats), "number")
        return Catalogue(
            settings=self._settings(data.get("settings", {})),
            services=found,
            counters=seats if "counter" in data else None,
            choices=self._choices(data["choice"]) if "choice" in data else None,
            hours=hours,
        )

    # Parts.

    def _settings(self, given: Any) -> dict[str, str]:
        if not isinstance(given, dict):
            raise self._problem(("settings",), "is no table", "Write [settings] and keys below it.")
        settings: dict[str, str] = {}
        for name, value in given.items():
            place = ("settings", name)
            if isinstance(value, (dict, list)) and not isinstance(value, list):
                raise self._problem(
                    place, "has no value", f'Put the whole key in quotes, as in "{name}.…" = …'
                )
            try:
                key_of(name)
                text = value if isinstance(value, str) else written(_flat(value))
                parse(name, text.strip("\n"))
            except SettingError as error:
                raise self._problem(
                    place, str(error), "See 'antrean-server config get'."
                ) from error
            settings[name] = text.strip("\n")
        return settings

    def _service(self, place: Place, given: Mapping[str, Any]) -> Service:
        self._demand_known(place, given, SERVICE_KEYS)
        code = self._text(place, given, "code", CODE, "letters, digits or hyphens, such as A")
        letter_given = {"letter": code, **given}
        papers = given.get("papers", [])
        if not isinstance(papers, list):
            raise self._problem((*place, "papers"), "is no list", "Write papers = [ … ].")
        return Service(
            code=code,
            name=self._names(place, given, "name"),
            letter=self._text(place, letter_given, "letter", LETTER, "1 to 3 capital letters"),
            description=self._names(place, given, "description") if "description" in given else {},
            icon=str(given.get("icon", "")),
            target_wait_s=self._seconds(place, given, "target_wait_s", 1800),
            target_service_s=self._seconds(place, given, "target_service_s", 480),
            papers=tuple(self._names(place, {"papers": paper}, "papers") for paper in papers),
            open=self._yes_no(place, given, "open", default=True),
            quota=self._quota(place, given),
        )

    def _hours(self, place: Place, given: Any) -> dict[str, str]:
        """The weekdays on which a service has hours of its own; the others are the branch's."""
        if not isinstance(given, dict):
            raise self._problem(
                place, f"is {given!r}", 'Write hours = { monday = "08:00-12:00", … }.'
            )
        self._demand_known(place, given, WEEKDAYS)
        own: dict[str, str] = {}
        for weekday, text in given.items():
            try:
                own[weekday] = hours_text(text)
            except (AttributeError, ValueError) as error:
                raise self._problem(
                    (*place, weekday), f"is {text!r}", f"Write {HOURS_TAKES}."
                ) from error
        return own

    def _quota(self, place: Place, given: Mapping[str, Any]) -> int | None:
        quota = given.get("quota")
        if quota is None:
            return None
        if not isinstance(quota, int) or isinstance(quota, bool) or not 1 <= quota <= QUOTA_MAX:
            raise self._problem(
                (*place, "quota"),
                f"is {quota!r}",
                f"Write a whole number from 1 to {QUOTA_MAX}, or leave it out for no quota.",
            )
        return quota

    def _counter(self, place: Place, given: Mapping[str, Any], codes: set[str] | None) -> Counter:
        self._demand_known(place, given, ("number", "services", "preference"))
        number = given.get("number")
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= NUMBER_MAX:
            raise self._problem(
                (*place, "number"), f"is {number!r}", f"Write a number from 1 to {NUMBER_MAX}."
            )
        services = given.get("services")
        if services == "all":
            return Counter(number, (ALL_SERVICES,), self._preference(place, given, codes))
        if not isinstance(services, list) or not all(isinstance(code, str) for code in services):
            raise self._problem(
                (*place, "services"),
                f"is {services!r}",
                'Write services = "all", or codes as in ["A", "B"].',
            )
        unknown = [code for code in services if codes is not None and code not in codes]
        if unknown:
            raise self._problem(
                (*place, "services"),
                f"names {', '.join(unknown)}, which this file has no [[service]] for",
                "Add the service, or take the code away.",
            )
        return Counter(number, tuple(services), self._preference(place, given, set(services)))

    def _preference(
        self, place: Place, given: Mapping[str, Any], codes: set[str] | None
    ) -> dict[str, int]:
        """The levels of a counter's services; ``codes`` are those that may have one (None: any)."""
        place, levels = (*place, "preference"), given.get("preference", {})
        whole = isinstance(levels, dict) and all(
            isinstance(level, int) and not isinstance(level, bool) and 1 <= level <= LEVEL_MAX
            for level in levels.values()
        )
        if not whole:
            raise self._problem(
                place,
                f"is {levels!r}",
                f"Write a level from 1 (the first) to {LEVEL_MAX} for codes, as in {{ B = 2 }}.",
            )
        strange = [code for code in levels if codes is not None and code not in codes]
        if strange:
            raise self._problem(
                place,
                f"names {', '.join(strange)}, which this counter does not serve",
                "Add the code to services, or take it away here.",
            )
        return dict(levels)

    def _choices(self, given: Any) -> tuple[CatalogueChoice, ...]:
        if not isinstance(given, dict):
            raise self._problem(("choice",), "is no table", "Write [[choice.needs]] and the like.")
        self._demand_known(("choice",), given, CHOICE_FIELDS)
        found: list[CatalogueChoice] = []
        for field, several in given.items():
            codes: list[str] = []
            for place, one in self._tables(("choice", field), several):
                self._demand_known(place, one, ("code", "name"))
                code = self._text(place, one, "code", CODE, "letters, digits or hyphens")
                if field == "priority" and code not in get_args(Priority)[1:]:
                    raise self._problem(
                        (*place, "code"),
                        f"is {code!r}",
                        f"Priority is one of {', '.join(get_args(Priority)[1:])}.",
                    )
                codes.append(code)
                found.append(CatalogueChoice(field, code, self._names(place, one, "name")))
            self._demand_unique(f"choice.{field}", codes, "code")
        return tuple(found)

    # Values.

    def _tables(self, place: Place, given: Any) -> list[tuple[Place, Mapping[str, Any]]]:
        if given is None:
            return []
        name = ".".join(str(step) for step in place)
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            raise self._problem(place, "is written wrongly", f"Begin each one with [[{name}]].")
        return [((*place, index), one) for index, one in enumerate(given)]

    def _text(
        self, place: Place, given: Mapping[str, Any], key: str, form: re.Pattern[str], accepts: str
    ) -> str:
        value = given.get(key)
        if value is None:
            raise self._problem((*place, key), "is missing", f"Add {key} = … with {accepts}.")
        if not isinstance(value, str) or form.fullmatch(value) is None:
            raise self._problem((*place, key), f"is {value!r}", f"Write {accepts}.")
        return value

    def _names(self, place: Place, given: Mapping[str, Any], key: str) -> dict[str, str]:
        names = given.get(key)
        if isinstance(names, str):
            names = {FIRST_LANGUAGE: names}
        if not isinstance(names, dict) or not names.get(FIRST_LANGUAGE):
            raise self._problem(
                (*place, key),
                "has no Indonesian text",
                f'Write {key} = {{ id = "…", en = "…" }}.',
            )
        for language, text in names.items():
            if not LANGUAGE.fullmatch(language) or not isinstance(text, str) or not text.strip():
                raise self._problem(
                    (*place, key),
                    f"has {language!r} = {text!r}",
                    'Give a text for a language code, as in id = "…".',
                )
        return {language: text.strip() for language, text in names.items()}

    def _seconds(self, place: Place, given: Mapping[str, Any], key: str, default: int) -> int:
        value = given.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= 86_400:
            raise self._problem(
                (*place, key), f"is {value!r}", "Write whole seconds from 1 to 86400."
            )
        return value

    def _yes_no(self, place: Place, given: Mapping[str, Any], key: str, *, default: bool) -> bool:
        value = given.get(key, default)
        if not isinstance(value, bool):
            raise self._problem((*place, key), f"is {value!r}", "Write true or false.")
        return value

    # Problems.

    def _demand_known(self, place: Place, given: Mapping[str, Any], known: Iterable[str]) -> None:
        for key in given:
            if key not in known:
                raise self._problem(
                    (*place, key), "is not known here", f"Known are {', '.join(known)}."
                )

    def _demand_unique(self, section: str, given: Iterable[str], key: str) -> None:
        seen: set[str] = set()
        for index, one in enumerate(given):
            if one in seen:
                raise self._problem(
                    (*section.split("."), index, key),
                    f"{one} stands there twice",
                    f"Give each [[{section}]] a {key} of its own.",
                )
            seen.add(one)

    def _problem(self, place: Place, what: str, cure: str) -> FileProblemError:
        return self._file.problem(place, what, cure)


def _flat(value: Any) -> Any:
    return tuple(str(one) for one in value) if isinstance(value, list) else value
