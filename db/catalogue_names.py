"""What a branch calls its services, categories, papers …, and its targets: for who only reads.

Names are those of today, also over figures of earlier days; a code that nobody knows any more has
no name. Rules of the server do not stand in the database where they were never changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, text

Names = Mapping[str, str]

PRIORITY_TARGET_S = 600
"""Where nobody set another target for the priority classes."""


class _Entry(msgspec.Struct):
    """What is read of a part of the door's catalogue."""

    name: dict[str, str] = {}
    service: str = ""
    category: str | None = None
    channels: list[str] = []
    kind: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueNames:
    """Names by what they name (``service``, ``choice.category``, ``paper`` …) and code; targets by
    service (s). ``home_channels`` per matter: those of its channels that need no visit."""

    branch_name: str = ""
    names: Mapping[str, Mapping[str, Names]] = field(default_factory=dict)
    target_waits_s: Mapping[str, int] = field(default_factory=dict)
    target_services_s: Mapping[str, int] = field(default_factory=dict)
    priority_target_s: int = PRIORITY_TARGET_S
    home_channels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Per category the same of all matters that it stands for.
    channels_of_category: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def names_of(self, kind: str, code: str) -> Names:
        """The names of a code; none where the catalogue does not know it."""
        return self.names.get(kind, {}).get(code, {})

    def order(self, kind: str) -> Mapping[str, int]:
        """The places of codes as the branch ordered them."""
        return {code: place for place, code in enumerate(self.names.get(kind, {}))}


_SERVICES = text(
    "SELECT code, name, target_wait_s, target_service_s FROM service"
    " WHERE branch = :branch ORDER BY position"
)
_CHOICES = text("SELECT field, code, name FROM choice WHERE branch = :branch ORDER BY position")
_ENTRIES = text(
    "SELECT section, code, body FROM catalogue_entry"
    " WHERE branch = :branch AND section IN ('paper', 'matter', 'channel', 'office')"
    " ORDER BY position"
)
_SETTINGS = text(
    "SELECT key, value FROM setting"
    " WHERE branch = :branch AND key IN ('branch.name', 'priority.target_wait_s')"
)
_VISITING = "self-service"
"""The kind of a channel that stands in the office itself."""

_names_of = msgspec.json.Decoder(dict[str, str]).decode
_entry_of = msgspec.json.Decoder(_Entry).decode


def catalogue_names(connection: Connection, branch: str) -> CatalogueNames:
    """Read them; they change at a start of the server alone."""
    asked = {"branch": branch}
    names: dict[str, dict[str, Names]] = {"service": {}}
    waits_s, services_s = dict[str, int](), dict[str, int]()
    for row in connection.execute(_SERVICES, asked):
        names["service"][row.code] = _names_of(row.name)
        waits_s[row.code], services_s[row.code] = row.target_wait_s, row.target_service_s
    for row in connection.execute(_CHOICES, asked):
        names.setdefault(f"choice.{row.field}", {})[row.code] = _names_of(row.name)
    entries: dict[str, dict[str, _Entry]] = {}
    for row in connection.execute(_ENTRIES, asked):
        entry = _entry_of(row.body)
        entries.setdefault(row.section, {})[row.code] = entry
        names.setdefault(row.section, {})[row.code] = entry.name
    settings: dict[str, Any] = {row.key: row.value for row in connection.execute(_SETTINGS, asked)}
    home = _home_channels(entries)
    return CatalogueNames(
        branch_name=settings.get("branch.name", branch),
        names=names,
        target_waits_s=waits_s,
        target_services_s=services_s,
        priority_target_s=int(settings.get("priority.target_wait_s", PRIORITY_TARGET_S)),
        home_channels=home,
        channels_of_category=_of_categories(entries.get("matter", {}), home),
    )


def _home_channels(entries: Mapping[str, Mapping[str, _Entry]]) -> dict[str, tuple[str, ...]]:
    kinds = {code: channel.kind for code, channel in entries.get("channel", {}).items()}
    return {
        code: tuple(one for one in matter.channels if kinds.get(one, _VISITING) != _VISITING)
        for code, matter in entries.get("matter", {}).items()
    }


def _of_categories(
    matters: Mapping[str, _Entry], home: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code, matter in matters.items():
        if matter.category is not None:
            found.setdefault(matter.category, []).extend(home[code])
    return {category: tuple(dict.fromkeys(channels)) for category, channels in found.items()}
