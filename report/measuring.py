"""How counts and times are reckoned, the same everywhere."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean, median

from db.catalogue_names import CatalogueNames
from report.day import Counted, Measured, Typical


def measured(lengths_ms: Iterable[int], above: int | None = None) -> Measured:
    """Times in ms as what is said of them; median and P90 are nearest ranks."""
    ranked = sorted(lengths_ms)
    count = len(ranked)
    if not count:
        return Measured(above=None if above is None else 0)
    return Measured(
        count=count,
        average_s=sum(ranked) / count / 1000,
        median_s=ranked[nearest_rank(count, 5)] / 1000,
        p90_s=ranked[nearest_rank(count, 9)] / 1000,
        above=above,
    )


def nearest_rank(count: int, tenths: int) -> int:
    """The place, from 0, of the smallest value that so many tenths of all do not exceed."""
    return -(-count * tenths // 10) - 1


def counted(many: Mapping[str, int], catalogue: CatalogueNames, kind: str) -> tuple[Counted, ...]:
    """Counts by code with their names, the most frequent first."""
    ordered = sorted(many.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Counted(code, n, catalogue.names_of(kind, code)) for code, n in ordered)


def typical(figures: Sequence[float | None]) -> Typical:
    """Mean and median of those that there are."""
    known = [one for one in figures if one is not None]
    return Typical(fmean(known), median(known)) if known else Typical()
