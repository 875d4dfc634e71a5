"""Putting a catalogue into a branch, without taking anything from the people who wait."""

from db.reports import open_tickets_by_service
from server.administration.catalogue import Catalogue
from server.administration.catalogue_rows import write_catalogue
from server.administration.refusal import RefusedError
from server.config import SettingError, Settings
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
    settings = Settings({**store.settings().stored, **catalogue.settings})
    letter = settings.get("numbering.priority_letter")
    for service in catalogue.services or ():
        if letter and service.letter == letter:
            raise RefusedError(
                f"Service {service.code} has the letter {letter} of priority tickets. Give it "
                "another letter, or change numbering.priority_letter."
            )
    try:
        settings.demand_numbers()
    except SettingError as error:
        raise RefusedError(str(error)) from error
