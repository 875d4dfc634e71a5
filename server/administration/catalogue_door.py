"""The front door's sections of a catalogue file: papers, matters, channels, offices, advice …

Each becomes entries whose bodies ``server.stored_door`` turns into what the domain knows.
"""

import re
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from server.administration.catalogue_file import CODE, CODE_TAKES, CatalogueFile, Given
from server.administration.toml_file import Place
from server.domain.advice import KINDS, WEIGHTS

Body = dict[str, Any]
Reference = tuple[str, str, str]
"""A key, the section that it points into (``choice.<field>`` for an answer), and the code."""

CHANNEL_KINDS = ("app", "chat", "phone", "web", "self-service")
DECREE_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./-]{0,38}[A-Za-z0-9]")
SOURCE = re.compile(r"\S.{0,299}", re.DOTALL)
LINK = re.compile(r"(https://|tel:|mailto:)[^\s<>\"]{1,300}|")
PHONE = re.compile(r"[0-9+(][0-9 ()./+-]{1,38}|")
ICON = re.compile(r"[a-z0-9-]{0,40}")
MINUTES_MAX = 7 * 24 * 60
WORKING_DAYS_MAX = 366
MONTHS_MAX = 120
DAYS_MAX = 3660


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One table of a section; the body is JSON without its code."""

    code: str
    body: Body


class DoorReader(CatalogueFile):
    """Takes the front door's sections out of a parsed file."""

    def sections(self) -> dict[str, tuple[CatalogueEntry, ...]]:
        """The entries of each section that the file has, with all that they point at checked."""
        found: dict[str, tuple[CatalogueEntry, ...]] = {}
        for section, keyed_by in _KEYED_BY.items():
            if section in self.data:
                entries = [
                    self._entry(section, keyed_by, place, given)
                    for place, given in self.tables((section,), self.data[section])
                ]
                self.demand_unique(section, (one.code for one in entries), keyed_by)
                found[section] = tuple(entries)
        known = self._codes_of_file(found)
        for section, entries_of in found.items():
            for index, entry in enumerate(entries_of):
                self._demand_pointed_at((section, index), section, entry, known)
        return found

    def _entry(self, section: str, key: str, place: Place, given: Given) -> CatalogueEntry:
        is_decree = section == "decree"
        code = self.text(
            place,
            given,
            key,
            DECREE_CODE if is_decree else CODE,
            "the number of the decree" if is_decree else CODE_TAKES,
        )
        read = _READERS[section]
        self.demand_known(place, given, (key, *_KEYS[section]))
        return CatalogueEntry(code, _filled(read(self, place, given)))

    def _codes_of_file(
        self, found: Mapping[str, tuple[CatalogueEntry, ...]]
    ) -> dict[str, set[str]]:
        """The codes of the sections that this file replaces; others are checked at loading."""
        known = {section: {one.code for one in entries} for section, entries in found.items()}
        services = self.data.get("service")
        if isinstance(services, list):
            known["service"] = {str(one.get("code")) for one in services}
        if isinstance(choices := self.data.get("choice"), dict):
            for field in _CHOICES:
                several = choices.get(field, [])
                known[f"choice.{field}"] = {str(one.get("code")) for one in several}
        return known

    def _demand_pointed_at(
        self, place: Place, section: str, entry: CatalogueEntry, known: Mapping[str, set[str]]
    ) -> None:
        for key, target, code in references(section, entry):
            if target in known and code not in known[target]:
                raise self.problem(
                    (*place, key),
                    f"names {code}, which this file has no [[{target}]] for",
                    f"Add the {target}, or take the code away.",
                )

    # One section each.

    def paper(self, place: Place, given: Given) -> Body:
        return {"name": self.names(place, given, "name")}

    def matter(self, place: Place, given: Given) -> Body:
        return {
            "name": self.names(place, given, "name"),
            "service": self.text(place, given, "service", CODE, "the code of a service"),
            "icon": self._optional(place, given, "icon", ICON, "the name of an icon"),
            "papers": self.codes(place, given, "papers"),
            "papers_by_segment": self._by_segment(place, given),
            "channels": self.codes(place, given, "channels"),
            "offices": self.codes(place, given, "offices"),
            "category": self._code(place, given, "category"),
            "complaint": self.yes_no(place, given, "complaint", default=False),
            "steps": self._optional_names(place, given, "steps"),
        }

    def channel(self, place: Place, given: Given) -> Body:
        return {
            "name": self.names(place, given, "name"),
            "kind": self.one_of(place, given, "kind", CHANNEL_KINDS),
            "about": self._optional_names(place, given, "about"),
            "link": self._link(place, given),
            "hours": self._own_hours(place, given),
            "needs_app": self._code(place, given, "needs_app"),
        }

    def office(self, place: Place, given: Given) -> Body:
        return {
            "name": self.names(place, given, "name"),
            "address": self._optional_names(place, given, "address"),
            "phone": self._optional(place, given, "phone", PHONE, "a telephone number"),
            "hours": self._own_hours(place, given),
            "papers": self.codes(place, given, "papers"),
            "link": self._link(place, given),
        }

    def procedure(self, place: Place, given: Given) -> Body:
        return {
            "text": self.names(place, given, "text"),
            "next_step": self._optional_names(place, given, "next_step"),
        }

    def complaint_level(self, place: Place, given: Given) -> Body:
        return {
            "name": self.names(place, given, "name"),
            "first_response_min": self.whole(
                place, given, "first_response_min", None, 1, MINUTES_MAX
            ),
            "working_days": self.whole(place, given, "working_days", None, 1, WORKING_DAYS_MAX),
            "source": self._optional(place, given, "source", SOURCE, "where the rule stands"),
        }

    def decree(self, place: Place, given: Given) -> Body:
        return {
            "name": self.names(place, given, "name"),
            "effective_on": self.day(place, given, "effective_on").isoformat(),
        }

    def advice(self, place: Place, given: Given) -> Body:
        kind = self.one_of(place, given, "kind", tuple(KINDS))
        for key in KINDS[kind].needs:
            if not given.get(key):
                raise self.problem(
                    (*place, key), "is missing", f"Advice of the kind {kind} needs {key} = …"
                )
        valid_from = self.day(place, given, "valid_from")
        body: Body = {
            "kind": kind,
            "valid_from": valid_from.isoformat(),
            "source": self.text(place, given, "source", SOURCE, "where the rule stands"),
            "weight": self.one_of(place, given, "weight", WEIGHTS),
            "months": self.whole(place, given, "months", 0, 0, MONTHS_MAX),
            "days": self.whole(place, given, "days", 0, 0, DAYS_MAX),
        }
        if "valid_until" in given:
            valid_until = self.day(place, given, "valid_until")
            if valid_until < valid_from:
                raise self.problem(
                    (*place, "valid_until"),
                    f"is {valid_until}, before valid_from",
                    "Write a later day, or leave it out.",
                )
            body["valid_until"] = valid_until.isoformat()
        for key in ("segments", "memberships", "matters", "services", "papers"):
            body[key] = self.codes(place, given, key)
        for key in ("channel", "office", "office_after"):
            body[key] = self._code(place, given, key)
        body["text"] = self.names(place, given, "text")
        for key in ("text_after", "text_unknown"):
            body[key] = self._optional_names(place, given, key)
        for key in ("text", "text_after", "text_unknown"):
            self._demand_gaps_filled(place, key, body)
        return body

    def _demand_gaps_filled(self, place: Place, key: str, body: Body) -> None:
        """A text has no gap that nothing will fill."""
        filled = KINDS[body["kind"]].gaps(key, body)
        for text in body[key].values():
            try:
                gaps = [name for _, name, _, _ in string.Formatter().parse(text)]
            except ValueError as error:
                raise self.problem(
                    (*place, key), f"has a brace alone in {text!r}", "Write {{ for one brace."
                ) from error
            for gap in gaps:
                if gap is not None and gap not in filled:
                    known = ", ".join(f"{{{one}}}" for one in sorted(filled)) or "none"
                    raise self.problem(
                        (*place, key),
                        f"has {{{gap}}}, which nothing fills here",
                        f"Known here: {known}.",
                    )

    # Values.

    def _optional(
        self, place: Place, given: Given, key: str, form: re.Pattern[str], accepts: str
    ) -> str:
        return self.text(place, given, key, form, accepts) if given.get(key, "") != "" else ""

    def _optional_names(self, place: Place, given: Given, key: str) -> dict[str, str]:
        return self.names(place, given, key) if given.get(key, "") != "" else {}

    def _code(self, place: Place, given: Given, key: str) -> str | None:
        return self.text(place, given, key, CODE, "one code") if key in given else None

    def _link(self, place: Place, given: Given) -> str:
        return self._optional(
            place, given, "link", LINK, "an address that begins with https://, tel: or mailto:"
        )

    def _own_hours(self, place: Place, given: Given) -> dict[str, str]:
        return self.hours((*place, "hours"), given["hours"]) if "hours" in given else {}

    def _by_segment(self, place: Place, given: Given) -> dict[str, list[str]]:
        place, several = (*place, "papers_by_segment"), given.get("papers_by_segment", {})
        if not isinstance(several, dict):
            raise self.problem(
                place, f"is {several!r}", 'Write { "PBI-APBN" = ["village-letter"] }.'
            )
        return {segment: self.codes(place, several, segment) for segment in several}


def references(section: str, entry: CatalogueEntry) -> Iterator[Reference]:
    """All codes of other things in an entry."""
    if section == "procedure":
        yield "category", "choice.category", entry.code
    body = entry.body
    for segment, papers in body.get("papers_by_segment", {}).items():
        yield "papers_by_segment", "choice.segment", segment
        for paper in papers:
            yield "papers_by_segment", "paper", paper
    for key, target in _POINTS_INTO.items():
        codes = body.get(key, ())
        for code in [codes] if isinstance(codes, str) else codes:
            yield key, target, code


def _filled(body: Body) -> Body:
    """A body without what it leaves open."""
    return {key: value for key, value in body.items() if value not in ("", None, [], {}, 0, False)}


_CHOICES = ("category", "segment", "membership", "disturbance")
_POINTS_INTO = {
    "service": "service",
    "services": "service",
    "papers": "paper",
    "matters": "matter",
    "channel": "channel",
    "channels": "channel",
    "office": "office",
    "office_after": "office",
    "offices": "office",
    "category": "choice.category",
    "segments": "choice.segment",
    "memberships": "choice.membership",
    "needs_app": "choice.disturbance",
}
# The key that tells the tables of a section apart.
_KEYED_BY = {
    "paper": "code",
    "matter": "code",
    "channel": "code",
    "office": "code",
    "procedure": "category",
    "complaint_level": "code",
    "advice": "code",
    "decree": "code",
}
DOOR_SECTIONS = tuple(_KEYED_BY)
KEY_OF_SECTION: Mapping[str, str] = _KEYED_BY
_READERS: dict[str, Callable[[DoorReader, Place, Given], Body]] = {
    section: getattr(DoorReader, section) for section in _KEYED_BY
}
_KEYS = {
    "paper": ("name",),
    "matter": (
        *("name", "service", "icon", "papers", "papers_by_segment"),
        *("channels", "offices", "category", "complaint"),
        "steps",
    ),
    "channel": ("name", "kind", "about", "link", "hours", "needs_app"),
    "office": ("name", "address", "phone", "hours", "papers", "link"),
    "procedure": ("text", "next_step"),
    "complaint_level": ("name", "first_response_min", "working_days", "source"),
    "advice": (
        *("kind", "valid_from", "valid_until", "source", "weight"),
        *("text", "text_after", "text_unknown", "months", "days"),
        *("segments", "memberships", "matters", "services", "papers"),
        *("channel", "office", "office_after"),
    ),
    "decree": ("name", "effective_on"),
}
