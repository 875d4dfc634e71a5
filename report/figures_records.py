"""How finished services ended, in their newest version, and what visitors said of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.catalogue_names import CatalogueNames
from db.day_details import ScreeningRow, codes_of
from db.day_visits import Visit
from report.day import Category, Online, Ratings, Records
from report.figures_tickets import in_order
from report.measuring import counted

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


def records_of(
    records: Sequence[Record], corrections: Corrections, catalogue: CatalogueNames
) -> Records:
    """All of them, counted."""
    causes: dict[str, Counter[str]] = {}
    categories, of_causes = Counter[str](), Counter[str]()
    online: dict[str, Counter[str]] = {}
    could_be: Counter[str] = Counter()
    for one in records:
        if one.category:
            categories[one.category] += 1
            causes.setdefault(one.category, Counter())[one.cause] += 1
        if one.cause:
            of_causes[one.cause] += 1
        if one.online:
            could_be[one.visit.service] += 1
            online.setdefault(one.visit.service, Counter()).update(one.online)
    education = Counter(code for one in records for code in one.education)
    names_of = catalogue.names_of
    return Records(
        outcomes=counted(Counter(one.outcome for one in records), catalogue, "outcome"),
        categories=tuple(
            Category(
                one.code, one.names, one.many, counted(causes[one.code], catalogue, "choice.cause")
            )
            for one in counted(categories, catalogue, "choice.category")
        ),
        causes=counted(of_causes, catalogue, "choice.cause"),
        educated=sum(bool(one.education) for one in records),
        education=counted(education, catalogue, "choice.education"),
        online=tuple(
            Online(
                code,
                names_of("service", code),
                could_be[code],
                counted(online[code], catalogue, "channel"),
            )
            for code in in_order(could_be, catalogue.order("service"))
        ),
        corrections=len(corrections),
    )


def ratings_of(
    rated: Mapping[str, tuple[int, list[str]]], finished: int, catalogue: CatalogueNames
) -> Ratings:
    """Scores by ticket, counted; ``finished`` could have rated."""
    scores = Counter(score for score, _ in rated.values())
    reasons = Counter(code for _, codes in rated.values() for code in codes)
    return Ratings(
        count=len(rated),
        scores=(scores[1], scores[2], scores[3], scores[4]),
        reasons=counted(reasons, catalogue, "choice.rating_reason"),
        finished=finished,
    )
