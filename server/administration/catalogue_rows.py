"""The rows of a catalogue: what its sections become in the database."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from db import tables as t
from db.rows import put_row, replace_rows
from server.administration.catalogue import Catalogue
from server.administration.catalogue_door import CatalogueEntry
from server.administration.catalogue_standard import standard_entry
from server.domain.branch import Counter, Service
from server.stored_standard import SECTION as STANDARD_SECTION


def write_catalogue(connection: Any, branch: str, catalogue: Catalogue) -> None:
    """Write the sections in the transaction of a connection."""
    if catalogue.services is not None:
        rows = [
            _service_row(place, one, catalogue.hours.get(one.code, {}))
            for place, one in enumerate(catalogue.services, 1)
        ]
        replace_rows(connection, t.service, branch, rows)
        standards = [
            standard_entry(one.code, one.standard)
            for one in catalogue.services
            if one.standard is not None
        ]
        replace_section(connection, branch, STANDARD_SECTION, standards)
    if catalogue.counters is not None:
        replace_rows(connection, t.counter, branch, map(_counter_row, catalogue.counters))
    if catalogue.choices is not None:
        choices = [
            {"field": one.field, "code": one.code, "position": place, "name": _json(one.name)}
            for place, one in enumerate(catalogue.choices, 1)
        ]
        replace_rows(connection, t.choice, branch, choices)
    for section, entries in catalogue.door.items():
        replace_section(connection, branch, section, entries)
    for key, value in catalogue.settings.items():
        if key != "branch.code":
            put_row(connection, t.setting, branch, {"key": key, "value": value})


def replace_section(
    connection: Any, branch: str, section: str, entries: Iterable[CatalogueEntry]
) -> None:
    """Put the entries of a section of the front door in the place of those that were there."""
    rows = [
        {"code": one.code, "position": place, "body": _json(one.body)}
        for place, one in enumerate(entries, 1)
    ]
    replace_rows(connection, t.catalogue_entry, branch, rows, section=section)


def _service_row(position: int, service: Service, hours: Mapping[str, str]) -> Mapping[str, Any]:
    return {
        "code": service.code,
        "position": position,
        "letter": service.letter,
        "name": _json(service.name),
        "description": _json(service.description),
        "icon": service.icon,
        "target_wait_s": service.target_wait_s,
        "target_service_s": service.target_service_s,
        "papers": _json(list(service.papers)),
        "is_open": service.open,
        "hours": _json(hours) if hours else "",
        "quota": service.quota,
    }


def _counter_row(counter: Counter) -> Mapping[str, Any]:
    return {
        "number": counter.number,
        "services": _json(list(counter.services)),
        "preference": _json(dict(counter.preference)),
    }


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
