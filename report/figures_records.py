"""How finished services ended, and what visitors said of them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from db.catalogue_names import CatalogueNames
from db.day_records import Corrections, Record
from report.day import Category, Online, Ratings, Records
from report.figures_tickets import in_order
from report.measuring import counted


def records_of(
    records: Sequence[Record], corrections: Corrections, catalogue: CatalogueNames
) -> Records:
    """All of them, counted."""
    causes = defaultdict[str, Counter[str]](Counter)
    categories, of_causes = Counter[str](), Counter[str]()
    online = defaultdict[str, Counter[str]](Counter)
    could_be: Counter[str] = Counter()
    for one in records:
        if one.category:
            categories[one.category] += 1
            causes[one.category][one.cause] += 1
        if one.cause:
            of_causes[one.cause] += 1
        if one.online:
            could_be[one.visit.service] += 1
            for channel in one.online:
                online[one.visit.service][channel] += 1
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
        corrected=len({ticket for ticket, _, _ in corrections}),
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
