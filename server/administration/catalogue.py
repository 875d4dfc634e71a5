"""A branch's catalogue as a TOML file: services, counters, choices, settings. Data, never code.

A section that a file leaves out stays as it was; one that it has replaces all of its kind.
"""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from protocol.messages import Priority
from server.administration.catalogue_door import DOOR_SECTIONS, CatalogueEntry, DoorReader
from server.administration.catalogue_file import CODE, CODE_TAKES, CatalogueFile
from server.administration.catalogue_standard import read_standard
from server.administration.toml_file import Place, TomlFile, read_toml
from server.config import SettingError, key_of, parse, written
from server.domain.branch import ALL_SERVICES, CHOICE_FIELDS, Counter, Names, Service

LETTER = re.compile(r"[A-Z]{1,3}")
NUMBER_MAX = 999
LEVEL_MAX = 9
QUOTA_MAX = 100_000
DAY_S = 86_400
SECTIONS = ("settings", "service", "counter", "choice", *DOOR_SECTIONS)
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
    "standard",
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
    # The sections of the front door that the file has.
    door: Mapping[str, tuple[CatalogueEntry, ...]] = dataclasses.field(default_factory=dict)
    # Where it came from, so that what does not fit the branch is named by its line.
    file: TomlFile | None = dataclasses.field(default=None, repr=False, compare=False)

    def where(self, *place: str | int) -> str:
        """File and line of a key, to begin a refusal with; empty for one of no file."""
        return "" if self.file is None else f"{self.file.path}, line {self.file.line(place)}: "


def read_catalogue(path: Path) -> Catalogue:
    """A file's catalogue, or FileProblemError with file, line, key and cure."""
    return _Reader(read_toml(path)).catalogue()


class _Reader(CatalogueFile):
    """Takes a parsed file apart."""

    def catalogue(self) -> Catalogue:
        data = self.data
        self.demand_known((), data, SECTIONS)
        services = self.tables(("service",), data.get("service"))
        counters = self.tables(("counter",), data.get("counter"))
        found = tuple(self._service(*one) for one in services) if "service" in data else None
        if found is not None:
            self.demand_unique("service", (one.code for one in found), "code")
        hours = {
            str(given["code"]): self.hours((*place, "hours"), given["hours"])
            for place, given in services
            if "hours" in given
        }
        codes = {one.code for one in found} if found is not None else None
        seats = tuple(self._counter(*one, codes) for one in counters)
        if "counter" in data:
            self.demand_unique("counter", (str(one.number) for one in seats), "number")
        return Catalogue(
            settings=self._settings(data.get("settings", {})),
            services=found,
            counters=seats if "counter" in data else None,
            choices=self._choices(data["choice"]) if "choice" in data else None,
            hours=hours,
            door=DoorReader(self._file).sections(),
            file=self._file,
        )

    # Parts.

    def _settings(self, given: Any) -> dict[str, str]:
        if not isinstance(given, dict):
            raise self.problem(("settings",), "is no table", "Write [settings] and keys below it.")
        settings: dict[str, str] = {}
        for name, value in given.items():
            place = ("settings", name)
            if isinstance(value, (dict, list)) and not isinstance(value, list):
                raise self.problem(
                    place, "has no value", f'Put the whole key in quotes, as in "{name}.…" = …'
                )
            try:
                key_of(name)
                text = value if isinstance(value, str) else written(_flat(value))
                parse(name, text.strip("\n"))
            except SettingError as error:
                raise self.problem(place, str(error), "See 'antrean-server config get'.") from error
            settings[name] = text.strip("\n")
        return settings

    def _service(self, place: Place, given: Mapping[str, Any]) -> Service:
        self.demand_known(place, given, SERVICE_KEYS)
        code = self.text(place, given, "code", CODE, "letters, digits or hyphens, such as A")
        letter_given = {"letter": code, **given}
        papers = given.get("papers", [])
        if not isinstance(papers, list):
            raise self.problem((*place, "papers"), "is no list", "Write papers = [ … ].")
        return Service(
            code=code,
            name=self.names(place, given, "name"),
            letter=self.text(place, letter_given, "letter", LETTER, "1 to 3 capital letters"),
            description=self.names(place, given, "description") if "description" in given else {},
            icon=str(given.get("icon", "")),
            target_wait_s=self.whole(place, given, "target_wait_s", 1800, 1, DAY_S),
            target_service_s=self.whole(place, given, "target_service_s", 480, 1, DAY_S),
            papers=tuple(self.names(place, {"papers": paper}, "papers") for paper in papers),
            open=self.yes_no(place, given, "open", default=True),
            quota=self._quota(place, given),
            standard=read_standard(self, place, given),
        )

    def _quota(self, place: Place, given: Mapping[str, Any]) -> int | None:
        quota = given.get("quota")
        if quota is None:
            return None
        if not isinstance(quota, int) or isinstance(quota, bool) or not 1 <= quota <= QUOTA_MAX:
            raise self.problem(
                (*place, "quota"),
                f"is {quota!r}",
                f"Write a whole number from 1 to {QUOTA_MAX}, or leave it out for no quota.",
            )
        return quota

    def _counter(self, place: Place, given: Mapping[str, Any], codes: set[str] | None) -> Counter:
        self.demand_known(place, given, ("number", "services", "preference"))
        number = given.get("number")
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= NUMBER_MAX:
            raise self.problem(
                (*place, "number"), f"is {number!r}", f"Write a number from 1 to {NUMBER_MAX}."
            )
        services = given.get("services")
        if services == "all":
            return Counter(number, (ALL_SERVICES,), self._preference(place, given, codes))
        if not isinstance(services, list) or not all(isinstance(code, str) for code in services):
            raise self.problem(
                (*place, "services"),
                f"is {services!r}",
                'Write services = "all", or codes as in ["A", "B"].',
            )
        unknown = [code for code in services if codes is not None and code not in codes]
        if unknown:
            raise self.problem(
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
            raise self.problem(
                place,
                f"is {levels!r}",
                f"Write a level from 1 (the first) to {LEVEL_MAX} for codes, as in {{ B = 2 }}.",
            )
        strange = [code for code in levels if codes is not None and code not in codes]
        if strange:
            raise self.problem(
                place,
                f"names {', '.join(strange)}, which this counter does not serve",
                "Add the code to services, or take it away here.",
            )
        return dict(levels)

    def _choices(self, given: Any) -> tuple[CatalogueChoice, ...]:
        if not isinstance(given, dict):
            raise self.problem(("choice",), "is no table", "Write [[choice.needs]] and the like.")
        self.demand_known(("choice",), given, CHOICE_FIELDS)
        found: list[CatalogueChoice] = []
        for field, several in given.items():
            codes: list[str] = []
            for place, one in self.tables(("choice", field), several):
                self.demand_known(place, one, ("code", "name"))
                code = self.text(place, one, "code", CODE, CODE_TAKES)
                if field == "priority" and code not in get_args(Priority)[1:]:
                    raise self.problem(
                        (*place, "code"),
                        f"is {code!r}",
                        f"Priority is one of {', '.join(get_args(Priority)[1:])}.",
                    )
                codes.append(code)
                found.append(CatalogueChoice(field, code, self.names(place, one, "name")))
            self.demand_unique(f"choice.{field}", codes, "code")
        return tuple(found)


def _flat(value: Any) -> Any:
    return tuple(str(one) for one in value) if isinstance(value, list) else value
