"""Years beside each other: satisfaction, and visits to the office beside outreach.

What was imported and what the branch found itself are series of their own with a name each; no
line joins them and nothing is averaged over both.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from db.day_facts import Reading
from db.months import arrived_by_month, business_days
from db.past_figures import PastFigure, past_figures
from db.surveys import OneTapCounts, one_tap_of, surveys_of
from report.periods import Period, year_of
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
    quarters: bool = False,
) -> SeriesReport:
    """All years that there are figures of, up to today; ``quarters``: also by quarter."""
    figures = past_figures(connection, branch)
    return SeriesReport(
        satisfaction_series(connection, branch, figures, today, instrument, weight, quarters),
        outreach_series(connection, branch, figures, today),
    )


def satisfaction_series(
    connection: Reading,
    branch: str,
    figures: Sequence[PastFigure],
    today: date,
    instrument: str,
    weight: str,
    quarters: bool,
) -> SatisfactionSeries:
    """Imported years and quarters, and the branch's own."""
    imported = tuple(
        Imported(one.period, one.value, one.source) for one in figures if one.series == SATISFACTION
    )
    own = []
    for year in _own_years(connection, branch, today):
        of_year = _own(connection, branch, f"{year}", year_of(year), instrument, weight)
        if of_year is None:
            continue
        own.append(of_year)
        for number, period in enumerate(_quarters(year) if quarters else (), 1):
            found = _own(connection, branch, f"{year}-Q{number}", period, instrument, weight)
            own += [found] if found is not None else []
    return SatisfactionSeries(instrument, imported, tuple(own))


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


def _own_years(connection: Reading, branch: str, today: date) -> list[int]:
    """The years in which the branch was open."""
    days = business_days(connection, branch, date(2000, 1, 1), year_of(today.year).last)
    return sorted({int(of_date[:4]) for of_date in days})


def _own(
    connection: Reading, branch: str, code: str, period: Period, instrument: str, weight: str
) -> Own | None:
    """None where nobody was asked anything."""
    forms = [
        one.answers
        for one in surveys_of(connection, branch, period.first, period.last)
        if one.instrument == instrument
    ]
    ratings = one_tap_of(connection, branch, period.first, period.last)
    count = ratings.scores.total()
    if not forms and not count:
        return None
    result = satisfaction(instrument, scores_of_rows(instrument, forms), weight)
    return Own(code, len(forms), result, count, _good_percent(ratings))


def _good_percent(ratings: OneTapCounts) -> Decimal | None:
    scores = ratings.scores
    count = scores.total()
    return Decimal(100 * (scores[3] + scores[4])) / count if count else None


def _quarters(year: int) -> Iterable[Period]:
    for first in (1, 4, 7, 10):
        following = date(year + first // 10, (first + 2) % MONTHS + 1, 1)
        yield Period(date(year, first, 1), date.fromordinal(following.toordinal() - 1))


def _months_of(years: Sequence[str]) -> Iterable[str]:
    for year in range(int(years[0]), int(years[-1]) + 1):
        yield from (f"{year}-{month:02}" for month in range(1, MONTHS + 1))
