"""Years beside each other: satisfaction, and visits to the office beside outreach.

What was imported and what the branch found itself are series of their own with a name each; no
line joins them and nothing is averaged over both.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from db.day_facts import Reading
from db.months import arrived_by_month, business_days, rating_scores
from db.past_figures import PastFigure, past_figures
from db.surveys import surveys_of
from report.periods import FIRST_YEAR, Period, year_of
from report.satisfaction import EXACT, Satisfaction, satisfaction, scores_of_rows

SATISFACTION, OFFICE_VISITS, OUTREACH = "satisfaction", "office-visits", "outreach-"
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Imported:
    """A figure that somebody else found, in percent."""

    period: str
    percent: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Own:
    """What the branch found itself in a year or quarter: the survey's value (25 to 100) of so many
    forms, and of so many one-tap ratings the share of 3 and 4 in percent. None without any."""

    period: str
    forms: int
    survey: Satisfaction
    ratings: int
    good_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class SatisfactionSeries:
    """The two series; ``periods`` are those of both, in order."""

    instrument: str
    imported: tuple[Imported, ...] = ()
    own: tuple[Own, ...] = ()

    @property
    def periods(self) -> tuple[str, ...]:
        """Years and quarters in which there is anything."""
        told = {one.period for one in self.imported} | {one.period for one in self.own}
        return tuple(sorted(told))


@dataclass(frozen=True, slots=True)
class OutreachMonth:
    """A month: participants by kind of outreach, 0 where there was none; ``office`` is who came to
    the office, None where nobody counted."""

    month: str
    outreach: Mapping[str, int]
    office: int | None
    office_was_imported: bool = False


@dataclass(frozen=True, slots=True)
class OutreachSeries:
    """Whole years of months, so that months without activity are seen; ``kinds`` as imported."""

    kinds: tuple[str, ...] = ()
    months: tuple[OutreachMonth, ...] = ()

    def totals(self) -> dict[str, int]:
        """Per kind all of its participants."""
        return {kind: sum(one.outreach[kind] for one in self.months) for kind in self.kinds}


@dataclass(frozen=True, slots=True)
class SeriesReport:
    """Both."""

    satisfaction: SatisfactionSeries
    outreach: OutreachSeries = field(default_factory=OutreachSeries)


def series_report(
    connection: Reading,
    branch: str,
    *,
    today: date,
    instrument: str,
    weight: str = EXACT,
    quarters_of: int | None = None,
) -> SeriesReport:
    """All years that there are figures of, up to today, and the quarters of one of them."""
    figures = past_figures(connection, branch)
    return SeriesReport(
        satisfaction_series(connection, branch, figures, today, instrument, weight, quarters_of),
        outreach_series(connection, branch, figures, today),
    )


def satisfaction_series(
    connection: Reading,
    branch: str,
    figures: Sequence[PastFigure],
    today: date,
    instrument: str,
    weight: str,
    quarters_of: int | None,
) -> SatisfactionSeries:
    """Imported years and quarters, and the branch's own."""
    imported = tuple(
        Imported(one.period, one.value, one.source) for one in figures if one.series == SATISFACTION
    )
    days = business_days(connection, branch, date(FIRST_YEAR, 1, 1), year_of(today.year).last)
    if not days:
        return SatisfactionSeries(instrument, imported)
    first, last = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
    forms: dict[str, list[Mapping[str, int]]] = {}
    for one in surveys_of(connection, branch, first, last):
        if one.instrument == instrument:
            for code in _codes(one.month, quarters_of):
                forms.setdefault(code, []).append(one.answers)
    scores: dict[str, Counter[int]] = {}
    for of_date, score, many in rating_scores(connection, branch, first, last):
        for code in _codes(of_date, quarters_of):
            scores.setdefault(code, Counter())[score] += many
    own = tuple(
        _own(code, instrument, forms.get(code, []), weight, scores.get(code, Counter()))
        for code in sorted(forms.keys() | scores.keys())
    )
    return SatisfactionSeries(instrument, imported, own)


def _codes(of_date: str, quarters_of: int | None) -> Iterable[str]:
    """The year of a date or month (2026-10…), and its quarter where those of this year are
    wanted."""
    year = of_date[:4]
    yield year
    if year == str(quarters_of):
        yield f"{year}-Q{(int(of_date[5:7]) + 2) // 3}"


def outreach_series(
    connection: Reading, branch: str, figures: Sequence[PastFigure], today: date
) -> OutreachSeries:
    """Every month of every year in which there was any outreach; months to come left out."""
    many: dict[str, dict[str, int]] = {}
    offices: dict[str, int] = {}
    for one in figures:
        if one.series.startswith(OUTREACH):
            kind = one.series.removeprefix(OUTREACH)
            many.setdefault(kind, {})[one.period] = int(one.value)
        elif one.series == OFFICE_VISITS:
            offices[one.period] = int(one.value)
    kinds = tuple(sorted(many))
    years = sorted({period[:4] for of_kind in many.values() for period in of_kind})
    if not years:
        return OutreachSeries()
    span = Period(year_of(int(years[0])).first, year_of(int(years[-1])).last)
    arrived = arrived_by_month(connection, branch, span.first, span.last)
    this_month = f"{today:%Y-%m}"
    known = {period for of_kind in many.values() for period in of_kind}
    months = tuple(
        OutreachMonth(
            month=month,
            outreach={kind: many[kind].get(month, 0) for kind in kinds},
            office=arrived.get(month, offices.get(month)),
            office_was_imported=month not in arrived and month in offices,
        )
        for month in _months_of(years)
        if month <= this_month or month in known
    )
    return OutreachSeries(kinds, months)


def _own(
    code: str,
    instrument: str,
    forms: Sequence[Mapping[str, int]],
    weight: str,
    scores: Counter[int],
) -> Own:
    result = satisfaction(instrument, scores_of_rows(instrument, forms), weight)
    count = scores.total()
    good = Decimal(100 * (scores[3] + scores[4])) / count if count else None
    return Own(code, len(forms), result, count, good)


def _months_of(years: Sequence[str]) -> Iterable[str]:
    for year in range(int(years[0]), int(years[-1]) + 1):
        yield from (f"{year}-{month:02}" for month in range(1, MONTHS + 1))
