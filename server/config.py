"""Settings are data: every key with its type, default, range and a sentence that explains it.

``config get|set``, the documents, the domain's ``Rules`` and the running server's limits are all
filled from this table. Values lie in the database as text, so that a person can read them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from server import opening_settings as opening
from server.domain.branch import NumberRange, Rules, Zone
from server.domain.opening import OpeningHours
from server.setting_kinds import LETTER, Key, Value
from server.settings_of_branch import BRANCH_KEYS, SERVER_KEYS
from server.settings_of_directory import DIRECTORY_KEYS
from server.settings_of_door import DOOR_KEYS
from server.settings_of_hall import HALL_KEYS
from server.settings_of_pages import PAGE_KEYS
from server.settings_of_paper import PAPER_KEYS
from server.settings_of_queue import QUEUE_KEYS

FIRST_LANGUAGE = "id"
_KEYS = (
    *BRANCH_KEYS,
    *QUEUE_KEYS,
    *DOOR_KEYS,
    *HALL_KEYS,
    *PAPER_KEYS,
    *PAGE_KEYS,
    *DIRECTORY_KEYS,
    *SERVER_KEYS,
)


class SettingError(ValueError):
    """A setting does not exist or cannot have this value; the text names key and cure."""


KEYS: Mapping[str, Key] = {key.name: key for key in _KEYS}


def key_of(name: str) -> Key:
    """The key behind a name, ``board.text.id`` being one of ``board.text``.

    Raises SettingError, naming the nearest keys.
    """
    if name in KEYS and KEYS[name].suffix is None:
        return KEYS[name]
    stem, _, suffix = name.rpartition(".")
    form = KEYS[stem].suffix if stem in KEYS else None
    if form is not None and form.match(suffix):
        return KEYS[stem]
    import difflib  # only a mistake needs it

    near = difflib.get_close_matches(name, known_names(), 3, 0.4)
    hint = f"Did you mean {', '.join(near)}?" if near else "'config get' lists all settings."
    raise SettingError(f"{name}: there is no such setting. {hint}")


def known_names(
    languages: Iterable[str] = ("id", "en"),
    letters: Iterable[str] = ("A",),
    displays: Iterable[str] = ("display-1",),
) -> list[str]:
    """Every name that can be set, in the table's order."""
    names: list[str] = []
    for key in _KEYS:
        if key.loaded_by is not None:
            continue
        if key.suffix is None:
            names.append(key.name)
        else:
            several = languages if key.by_language else displays if key.by_device else letters
            names += [f"{key.name}.{suffix}" for suffix in several]
    return names


def parse(name: str, text: str) -> Value:
    """The value behind a text, or SettingError with key and cure."""
    key = key_of(name)
    try:
        return key.read(text)
    except ValueError as error:
        raise SettingError(f"{name}: {text!r} cannot be used. It takes {key.accepts}.") from error


def written(value: Value) -> str:
    """A value as text, the way it lies in the database."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What the running server itself keeps to. Durations in seconds."""

    commands_per_s: float = 20.0
    commands_burst: int = 40
    ticket_pace_s: float = 3.0
    ticket_burst: int = 20
    connections_per_address: int = 20
    devices: int = 4096
    allow_plain: bool = False
    directory_deadline_s: float = 3.0

    @property
    def limits_lifted(self) -> bool:
        """Whether every limit of rate and number is off, which the log warns of."""
        return self.commands_per_s == 0


class Settings:
    """All settings of a branch: what was set, and the defaults for the rest."""

    def __init__(self, stored: Mapping[str, str]) -> None:
        self._stored = dict(stored)

    def get(self, name: str) -> Any:
        """The value of a key. A stored text that is no good any more counts as not set."""
        key = key_of(name)
        if name not in self._stored:
            return key.default
        try:
            return key.read(self._stored[name])
        except ValueError:
            return key.default

    @property
    def stored(self) -> Mapping[str, str]:
        """What was set, as text."""
        return self._stored

    def demand_numbers(self) -> None:
        """Refuse settings that leave no number, or one letter for two things (SettingError)."""
        first, last = self.get("numbering.first"), self.get("numbering.last")
        if last is not None and first > last:
            raise SettingError(
                f"numbering.first: from {first} to numbering.last {last} there is no number. "
                "Change the other one first, or both in one catalogue file."
            )
        shared = self.get("numbering.shared_letter")
        if shared and shared == self.get("numbering.priority_letter"):
            raise SettingError(
                f"numbering.shared_letter: {shared} is numbering.priority_letter, too. "
                "Choose two letters."
            )

    def is_set(self, name: str) -> bool:
        """Whether somebody set it."""
        return name in self._stored

    def unusable(self) -> list[str]:
        """Sentences about stored settings that count as not set, for ``doctor``."""
        problems = []
        for name, text in self._stored.items():
            try:
                parse(name, text)
            except SettingError as problem:
                problems.append(str(problem))
        return problems

    def languages(self) -> tuple[str, ...]:
        """The languages of the branch."""
        found: tuple[str, ...] = self.get("branch.languages")
        return found

    def by_language(self, stem: str) -> dict[str, str]:
        """The texts of a key in each language that has one."""
        texts = {code: str(self.get(f"{stem}.{code}")) for code in self.languages()}
        return {code: text for code, text in texts.items() if text}

    def rules(self) -> Rules:
        """The part that the domain decides by."""
        return Rules(**{key.rule: self.get(key.name) for key in _KEYS if key.rule})

    def server(self) -> ServerSettings:
        """The part that the server itself keeps to."""
        return ServerSettings(**{key.limit: self.get(key.name) for key in _KEYS if key.limit})

    def hours(self) -> OpeningHours | None:
        """When the branch is open; None is at every hour of every day."""
        return opening.opening_hours_of(self.get)

    def number_ranges(self) -> dict[str, NumberRange]:
        """The series that have a range of their own."""
        stem = "numbering.range."
        found = {
            name.removeprefix(stem): opening.range_of(str(self.get(name)))
            for name in self._stored
            if name.startswith(stem) and LETTER.match(name.removeprefix(stem))
        }
        return {letter: numbers for letter, numbers in found.items() if numbers is not None}

    def booking_places(self) -> dict[str, int]:
        """The services, by letter, that take people who booked, with the places per window."""
        stem = "booking.places."
        found = {
            name.removeprefix(stem): int(self.get(name))
            for name in self._stored
            if name.startswith(stem)
        }
        return {letter: places for letter, places in found.items() if places}

    def zones(self, services: Iterable[str], counters: Iterable[int]) -> dict[str, Zone]:
        """The displays that do not show everything; what the branch does not have is left out,
        so that a mistake shows too much rather than hides a call."""
        stem, found = "display.zone.", {}
        known = frozenset(services), frozenset(counters)
        for name in self._stored:
            if not name.startswith(stem):
                continue
            codes = self.get(name)
            zone = Zone(
                tuple(code for code in codes if code in known[0]),
                tuple(int(code) for code in codes if code.isdigit() and int(code) in known[1]),
            )
            if not zone.is_everything:
                found[name.removeprefix(stem)] = zone
        return found

    def day_starts_minute(self) -> int:
        """The minute of the local day at which the business day changes."""
        hours, minutes = str(self.get("day.starts_at")).split(":")
        return int(hours) * 60 + int(minutes)

    def paper_footer(self) -> tuple[dict[str, str], ...]:
        """The lines at the foot of the paper, each in its languages."""
        by_language = {
            code: text.splitlines() for code, text in self.by_language("paper.footer").items()
        }
        count = max((len(lines) for lines in by_language.values()), default=0)
        return tuple(
            {code: lines[place] for code, lines in by_language.items() if place < len(lines)}
            for place in range(count)
        )
