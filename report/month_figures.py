"""The report of a period, put together: its trend, what it is compared with, problems, savings."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo

from db.catalogue_names import CatalogueNames
from db.day_details import day_row
from db.day_facts import Reading
from db.problems import Problem, problem_counts
from report.measuring import counted
from report.month_counting import (
    Facts,
    channels_of,
    figures_of,
    read_period_facts,
    stretches,
)
from report.months import Deflected, Figures, MonthReport, Recurring
from report.periods import Period

DAYS_IN_TREND = 62
"""Up to so many days a trend is by day, beyond by month."""
DAYS_COMPARED = 366


def month_report(
    connection: Reading,
    branch: str,
    period: Period,
    *,
    now_ms: int,
    zone: tzinfo,
    catalogue: CatalogueNames,
    visit_cost_rp: int = 0,
    beside: tuple[Period, ...] | None = None,
) -> MonthReport:
    """The figures of a period; ``beside``: what it is compared with, by default the period before
    and the same of the year before."""
    facts = read_period_facts(connection, branch, period, catalogue, zone)
    others = _usual(period) if beside is None else beside
    by_month = period.days > DAYS_IN_TREND
    return MonthReport(
        branch=branch,
        branch_name=catalogue.branch_name,
        made_at_ms=now_ms,
        figures=figures_of(connection, branch, facts, catalogue),
        trend=stretches(facts, lambda of_date: of_date[:7] if by_month else of_date),
        by_month=by_month,
        beside=tuple(_beside(connection, branch, others, catalogue, zone)),
        problems=_problems(connection, branch, period, catalogue),
        deflected=_deflected(facts, catalogue, visit_cost_rp),
        is_running=_is_running(connection, branch, facts, now_ms, zone),
    )


def _usual(period: Period) -> tuple[Period, ...]:
    """Beside several years stands nothing: they are their own comparison."""
    if period.days > DAYS_COMPARED:
        return ()
    return (period.before(), period.year_before())


def _beside(
    connection: Reading,
    branch: str,
    periods: tuple[Period, ...],
    catalogue: CatalogueNames,
    zone: tzinfo,
) -> Iterator[Figures]:
    for period in dict.fromkeys(periods):
        facts = read_period_facts(connection, branch, period, catalogue, zone)
        if facts.days:
            yield figures_of(connection, branch, facts, catalogue)


def _problems(
    connection: Reading, branch: str, period: Period, catalogue: CatalogueNames
) -> tuple[Recurring, ...]:
    """The categories of the period, the most frequent first; those without one are left out."""
    now = problem_counts(connection, branch, period.first, period.last)
    earlier = period.before()
    then = problem_counts(connection, branch, earlier.first, earlier.last)
    before = _by_category(then)
    found = [
        _recurring(code, now, before.get(code, 0) if then else None, catalogue)
        for code in _by_category(now)
    ]
    return tuple(sorted(found, key=lambda one: (-one.many, one.code)))


def _by_category(counts: Mapping[Problem, int]) -> Counter[str]:
    many: Counter[str] = Counter()
    for problem, times in counts.items():
        if problem.category:
            many[problem.category] += times
    return many


def _recurring(
    code: str, counts: Mapping[Problem, int], before: int | None, catalogue: CatalogueNames
) -> Recurring:
    segments, causes, months = Counter[str](), Counter[str](), Counter[str]()
    returned = 0
    for problem, many in counts.items():
        if problem.category != code:
            continue
        segments[problem.segment] += many
        causes[problem.cause] += many
        months[problem.month] += many
        returned += many if problem.returned else 0
    return Recurring(
        code=code,
        names=catalogue.names_of("choice.category", code),
        many=segments.total(),
        before=before,
        returned=returned,
        segments=counted(segments, catalogue, "choice.segment"),
        causes=counted(causes, catalogue, "choice.cause"),
        months=tuple(sorted(months.items())),
    )


def _deflected(facts: Facts, catalogue: CatalogueNames, visit_cost_rp: int) -> Deflected:
    home = Counter(
        channel for of_date in facts.rare for _, _, channel in facts.of_day(of_date).sent_home
    )
    solved = channels_of(facts.door, "solved", "reason")
    channels = channels_of(facts.door, "channel", "channel")
    return Deflected(
        solved=counted(solved, catalogue, "choice.solved_reason"),
        channels=counted(channels, catalogue, "channel"),
        self_service=channels_of(facts.door, "self-service", "channel").total(),
        home=counted(home, catalogue, "channel"),
        visit_cost_rp=visit_cost_rp,
    )


def _is_running(connection: Reading, branch: str, facts: Facts, now_ms: int, zone: tzinfo) -> bool:
    """Whether more may come: the period is not over, or its last day is not closed."""
    if facts.period.last >= datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(zone).date():
        return True
    if not facts.days:
        return False
    row = day_row(connection, {"branch": branch, "date": facts.days[-1]})
    return row is not None and row.closed_at_ms is None
