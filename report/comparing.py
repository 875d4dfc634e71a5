"""A day beside the same weekday's earlier ones."""

from collections.abc import Sequence
from dataclasses import fields

from db.catalogue_names import CatalogueNames
from db.day_targets import Targets
from db.earlier_days import Earlier
from report.day import Comparison, EarlierDay
from report.measuring import measured, typical


def comparison_of(earlier: Sequence[Earlier], catalogue: CatalogueNames) -> Comparison:
    """The earlier days, the newest first, and what is usual on them."""
    days = tuple(_figures(one, catalogue) for one in earlier)
    compared = [one.name for one in fields(EarlierDay) if one.name != "business_date"]
    return Comparison(
        days, **{name: typical([getattr(day, name) for day in days]) for name in compared}
    )


def _figures(day: Earlier, catalogue: CatalogueNames) -> EarlierDay:
    aims = Targets(catalogue, day.rare.target_waits_s or {})
    above = sum(
        _longer_than(aims.waiting_ms(service, priority), first_waits_ms)
        for (service, priority), first_waits_ms in day.first_waits_ms.items()
    )
    waiting = measured(day.waits_ms, above)
    beside = len(day.rare.guests_at_ms) + len(day.rare.sent_home)
    return EarlierDay(
        business_date=day.business_date,
        arrived=day.screened + day.unscreened + beside,
        issued=day.issued,
        waiting_median_s=waiting.median_s,
        waiting_p90_s=waiting.p90_s,
        share_within=waiting.share_within,
        rating=day.rating_sum / day.ratings if day.ratings else None,
    )


def _longer_than(target_ms: int, lengths_ms: Sequence[int]) -> int:
    return sum(ms > target_ms for ms in lengths_ms)
