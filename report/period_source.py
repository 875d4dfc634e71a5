"""Periods and surveys of a branch as documents, from its database: for pages and command line."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from db.catalogue_names import catalogue_names
from db.engine import Database
from report.document import Document
from report.month_document import month_document
from report.month_figures import month_report
from report.periods import Period
from report.series import series_report
from report.survey import survey_report
from report.survey_document import survey_document
from report.wording import Wording


@dataclass(frozen=True, slots=True)
class PeriodRules:
    """What the branch set that matters to reports of periods."""

    time_zone: str
    instrument: str
    weight: str
    population: int | None
    visit_cost_rp: int


def period_document(
    database: Database,
    branch: str,
    period: Period,
    language: str,
    rules: PeriodRules,
    now_ms: int,
    beside: tuple[Period, ...] | None = None,
) -> Document:
    """The report of a period; of a year also with the years beside it, and outreach.

    ``beside``: what to compare it with; by default the period before, and a year earlier.
    """
    zone = ZoneInfo(rules.time_zone)
    with database.reading() as connection:
        report = month_report(
            connection,
            branch,
            period,
            now_ms=now_ms,
            zone=zone,
            catalogue=catalogue_names(connection, branch),
            visit_cost_rp=rules.visit_cost_rp,
            beside=beside,
        )
        series = None
        if period.kind == "year":
            series = series_report(
                connection,
                branch,
                today=Wording.of(language, rules.time_zone).at(now_ms).date(),
                instrument=rules.instrument,
                weight=rules.weight,
                quarters_of=period.first.year,
            )
    return month_document(report, language, rules.time_zone, series)


def survey_document_of(
    database: Database,
    branch: str,
    period: Period,
    language: str,
    rules: PeriodRules,
    now_ms: int,
) -> Document:
    """The report of the survey of a period, with the branch's instrument."""
    with database.reading() as connection:
        report = survey_report(
            connection,
            branch,
            period,
            now_ms=now_ms,
            catalogue=catalogue_names(connection, branch),
            instrument=rules.instrument,
            weight=rules.weight,
            population=rules.population,
        )
    return survey_document(report, language, rules.time_zone)
