"""How finished services ended, in their newest version."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.catalogue_names import CatalogueNames
from db.day_details import ScreeningRow, codes_of
from db.day_visits import Visit

Corrections = Sequence[tuple[str, str, str]]
"""Ticket, field, new value; the newest last."""


@dataclass(frozen=True, slots=True)
class Record:
    """How the service of a finished ticket ended; ``online`` are the channels that could have
    spared the visit."""

    visit: Visit
    outcome: str
    category: str
    cause: str
    education: tuple[str, ...]
    online: tuple[str, ...]


def newest_records(
    visits: Sequence[Visit],
    corrections: Corrections,
    screenings: Sequence[ScreeningRow],
    catalogue: CatalogueNames,
) -> list[Record]:
    """Those of the finished tickets."""
    newest = {(ticket, name): after for ticket, name, after in corrections}
    matters = {one.id: one.matter for one in screenings}
    found = []
    for visit in visits:
        if visit.state != "finished":
            continue
        category = newest.get((visit.id, "category"), visit.category or "")
        corrected = newest.get((visit.id, "education"))
        education = codes_of(visit.education) if corrected is None else corrected.split(",")
        matter = matters.get(visit.screening) if visit.screening is not None else None
        found.append(
            Record(
                visit=visit,
                outcome=newest.get((visit.id, "outcome"), visit.outcome or ""),
                category=category,
                cause=newest.get((visit.id, "cause"), visit.cause or ""),
                education=tuple(code for code in education if code),
                online=_online(matter, category, catalogue),
            )
        )
    return found


def _online(matter: str | None, category: str, catalogue: CatalogueNames) -> tuple[str, ...]:
    if matter is not None and matter in catalogue.home_channels:
        return catalogue.home_channels[matter]
    return catalogue.channels_of_category.get(category, ())
