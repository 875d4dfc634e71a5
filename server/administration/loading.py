"""Putting a catalogue into a branch, without taking anything from the people who wait."""

import msgspec

from db import tables as t
from db.reports import open_tickets_by_service
from server.administration.catalogue import Catalogue
from server.administration.catalogue_door import DOOR_SECTIONS, CatalogueEntry, references
from server.administration.catalogue_rows import write_catalogue
from server.administration.refusal import RefusedError
from server.config import SettingError, Settings
from server.domain.events import DayClosed
from server.store import Store

_SAID = {
    "paper": "papers",
    "matter": "matters",
    "channel": "channels",
    "office": "offices",
    "procedure": "procedures",
    "complaint_level": "complaint levels",
    "advice": "rules of advice",
    "decree": "decrees",
}


def load_catalogue(store: Store, catalogue: Catalogue) -> list[str]:
    """Replace the sections that the catalogue has; returns what was loaded, and warnings.

    Raises RefusedError rather than leave a waiting person without a service, or a
    counter that is in use today without its place.
    """
    _demand_nobody_loses(store, catalogue)
    _demand_own_letters(store, catalogue)
    _demand_nothing_points_nowhere(store, catalogue)
    with store.database.writing() as connection:
        write_catalogue(connection, store.branch_code, catalogue)
    said = [
        f"{len(section)} {name}"
        for name, section in (
            ("services", catalogue.services),
            ("counters", catalogue.counters),
            ("choices", catalogue.choices),
            ("settings", catalogue.settings),
            *((_SAID[section], entries) for section, entries in catalogue.door.items()),
        )
        if section
    ]
    branch = store.load_branch()
    hidden = [
        one.code for one in door_entries(store)["matter"] if one.code not in branch.door.matters
    ]
    if hidden:
        said.append(
            f"warning: matters {', '.join(hidden)} are not offered at the door, since their "
            "service is not here any more"
        )
    said += [
        f"warning: no counter serves {code} ({service.name['id']})"
        for code, service in branch.services.items()
        if not branch.service_is_served(code)
    ]
    return said


def door_entries(store: Store) -> dict[str, list[CatalogueEntry]]:
    """What the branch has of each section of the front door, in its order."""
    found: dict[str, list[CatalogueEntry]] = {section: [] for section in DOOR_SECTIONS}
    for row in sorted(store.rows(t.catalogue_entry), key=lambda row: int(row["position"])):
        if row["section"] in found:  # the standards of services lie beside them
            body = msgspec.json.decode(row["body"])
            found[row["section"]].append(CatalogueEntry(row["code"], body))
    return found


def _demand_nothing_points_nowhere(store: Store, catalogue: Catalogue) -> None:
    """What the file brings, and what stays beside it, names nothing that is not there.

    A service or a choice may go: a matter without its service is not offered.
    """
    if not catalogue.door:
        return
    entries = {**door_entries(store), **catalogue.door}
    known = {section: {one.code for one in of_section} for section, of_section in entries.items()}
    known["service"] = (
        {row["code"] for row in store.rows(t.service)}
        if catalogue.services is None
        else {one.code for one in catalogue.services}
    )
    answers = (
        [(row["field"], row["code"]) for row in store.rows(t.choice)]
        if catalogue.choices is None
        else [(one.field, one.code) for one in catalogue.choices]
    )
    for field, code in answers:
        known.setdefault(f"choice.{field}", set()).add(code)
    for section, of_section in entries.items():
        for index, entry in enumerate(of_section):
            for key, target, code in references(section, entry):
                is_new = section in catalogue.door or target in DOOR_SECTIONS
                if is_new and code not in known.get(target, ()):
                    # What stays in the branch has no line: then that of what takes it away.
                    at = (section, index, key) if section in catalogue.door else (target,)
                    raise RefusedError(
                        f"{catalogue.where(*at)}{section} {entry.code}: {key} names {code}, but "
                        f"the branch would have no [[{target}]] {code}. Add it to the file, or "
                        "take the code away."
                    )


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
    settings = Settings({**store.settings().stored, **catalogue.settings})
    letter = settings.get("numbering.priority_letter")
    for index, service in enumerate(catalogue.services or ()):
        if letter and service.letter == letter:
            at = catalogue.where("service", index, "letter")
            raise RefusedError(
                f"{at}Service {service.code} has the letter {letter} of priority tickets. Give it "
                "another letter, or change numbering.priority_letter."
            )
    try:
        settings.demand_numbers()
    except SettingError as error:
        raise RefusedError(str(error)) from error
