"""Putting a catalogue into a branch, without taking anything from the people who wait."""

from collections.abc import Mapping
from typing import Any

import msgspec

from db import tables as t
from db.reports import open_tickets_by_service
from db.rows import put_row, replace_rows
from server.administration.catalogue import Catalogue
from server.administration.refusal import RefusedError
from server.domain.branch import Counter, Service
from server.domain.events import DayClosed
from server.store import Store


def load_catalogue(store: Store, catalogue: Catalogue) -> list[str]:
    """Replace the sections that the catalogue has; returns what was loaded, and warnings.

    Raises RefusedError rather than leave a waiting person without a service, or a
    counter that is in use today without its place.
    """
    _demand_nobody_loses(store, catalogue)
    _demand_own_letters(store, catalogue)
    with store.database.writing() as connection:
        write_catalogue(connection, store.branch_code, catalogue)
    said = [
        f"{len(section)} {name}"
        for name, section in (
            ("services", catalogue.services),
            ("counters", catalogue.counters),
            ("choices", catalogue.choices),
            ("settings", catalogue.settings),
        )
        if section
    ]
    branch = store.load_branch()
    said += [
        f"warning: no counter serves {code} ({service.name['id']})"
        for code, service in branch.services.items()
        if not branch.service_is_served(code)
    ]
    return said


def _demand_nobody_loses(store: Store, catalogue: Catalogue) -> None:
    with store.database.reading() as connection:
        waiting = open_tickets_by_service(connection, store.branch_code)
    if catalogue.services is not None:
        kept = {service.code for service in catalogue.services}
        for code, count in waiting.items():
            if code not in kept:
                raise RefusedError(
                    f"Service {code} is not in this file, but {count} of its tickets are still "
                    "open. Finish or cancel them, or keep the service with open = false until "
                    "the day is over."
                )
    if catalogue.counters is not None:
        gone = sorted(_counters_of_today(store) - {one.number for one in catalogue.counters})
        if gone:
            raise RefusedError(
                f"Counter {', '.join(map(str, gone))} is not in this file, but was used in the "
                "business day that is still open. Keep it (services = [] is allowed) until the "
                "day is over."
            )


def _counters_of_today(store: Store) -> set[int]:
    """The counters that the open day's events name: without them it could not be told again."""
    entries = store.load_day().entries
    if any(isinstance(entry.event, DayClosed) for entry in entries):
        return set()
    named = {getattr(entry.event, "counter", None) for entry in entries}
    return {number for number in named if number is not None}


def _demand_own_letters(store: Store, catalogue: Catalogue) -> None:
    settings = store.settings()
    letter = catalogue.settings.get(
        "numbering.priority_letter", settings.get("numbering.priority_letter")
    )
    for service in catalogue.services or ():
        if letter and service.letter == letter:
            raise RefusedError(
                f"Service {service.code} has the letter {letter} of priority tickets. Give it "
                "another letter, or change numbering.priority_letter."
            )


def write_catalogue(connection: Any, branch: str, catalogue: Catalogue) -> None:
    """Write the sections in the transaction of a connection."""
    if catalogue.services is not None:
        rows = [_service_row(place, one) for place, one in enumerate(catalogue.services, 1)]
        replace_rows(connection, t.service, branch, rows)
    if catalogue.counters is not None:
        replace_rows(connection, t.counter, branch, map(_counter_row, catalogue.counters))
    if catalogue.choices is not None:
        choices = [
            {"field": one.field, "code": one.code, "position": place, "name": _json(one.name)}
            for place, one in enumerate(catalogue.choices, 1)
        ]
        replace_rows(connection, t.choice, branch, choices)
    for key, value in catalogue.settings.items():
        if key != "branch.code":
            put_row(connection, t.setting, branch, {"key": key, "value": value})


def _service_row(position: int, service: Service) -> Mapping[str, Any]:
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
    }


def _counter_row(counter: Counter) -> Mapping[str, Any]:
    return {"number": counter.number, "services": _json(list(counter.services))}


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
