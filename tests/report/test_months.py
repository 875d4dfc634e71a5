"""Months are the sums of their days, and their medians are those of their tickets."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import fields
from datetime import date, timedelta

import pytest

from db.day_facts import read_facts
from db.day_visits import Visit
from report.day import Counted, DayReport, TicketCounts
from report.month_figures import DAYS_IN_TREND, month_report
from report.months import MonthReport, Stretch
from report.periods import NoSuchPeriodError, Period, month_of, read_period, year_of
from tests.postgres_cluster import PostgresCluster
from tests.report.played_days import Played, branch_of, played

SEED, OPERATIONS = 1, 8_000
COST_RP = 25_000


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def branch(request: pytest.FixtureRequest) -> Iterator[Played]:
    """Simulated days with everything that a branch does, in either database."""
    with ExitStack() as open_things:
        url = ""
        if request.param == "postgresql":
            cluster: PostgresCluster = request.getfixturevalue("postgres_cluster")
            url = open_things.enter_context(cluster.database("months"))
        found = open_things.enter_context(played(*branch_of(SEED, OPERATIONS), url))
        assert len(found.days) > 2
        yield found


def whole(branch: Played) -> Period:
    days = sorted(branch.days)
    return Period(date.fromisoformat(days[0]), date.fromisoformat(days[-1]))


def report_of(branch: Played, period: Period, *beside: Period) -> MonthReport:
    with branch.store.database.reading() as connection:
        return month_report(
            connection,
            branch.store.branch_code,
            period,
            now_ms=branch.now_ms,
            zone=branch.zone,
            catalogue=branch.names,
            visit_cost_rp=COST_RP,
            beside=beside,
        )


def visits_of(branch: Played) -> dict[str, Sequence[Visit]]:
    """The tickets of each day, one by one."""
    found = {}
    with branch.store.database.reading() as connection:
        for day in branch.days:
            facts = read_facts(
                connection,
                branch.store.branch_code,
                day,
                now_ms=branch.now_ms,
                zone=branch.zone,
                catalogue=branch.names,
            )
            assert facts is not None
            found[day] = facts.visits
    return found


def summed(counts: Sequence[TicketCounts]) -> TicketCounts:
    return TicketCounts(
        **{
            one.name: sum(getattr(each, one.name) for each in counts)
            for one in fields(TicketCounts)
        }
    )


def ranks_s(waits_ms: Sequence[int]) -> tuple[float | None, float | None]:
    """Median and P90 by counting: the smallest that at least so many do not exceed."""
    if not waits_ms:
        return None, None
    ranked = sorted(waits_ms)
    found = []
    for tenths in (5, 9):
        found.append(
            next(one for n, one in enumerate(ranked, 1) if n * 10 >= len(ranked) * tenths) / 1000
        )
    return found[0], found[1]


def test_each_day_of_a_trend_is_the_report_of_that_day(branch: Played) -> None:
    report = report_of(branch, whole(branch))
    assert [one.code for one in report.trend] == sorted(branch.days)
    for one in report.trend:
        day = branch.report(one.code)
        assert_same(one, day)


def assert_same(one: Stretch, day: DayReport) -> None:
    assert one.open_days == 1
    assert one.arrived == day.arrivals.arrived
    assert one.screened == day.arrivals.screened
    assert one.solved == day.arrivals.solved
    assert one.returned == day.arrivals.repeat_visits
    assert one.tickets == day.total.tickets
    assert one.waiting.count == day.total.waiting.count
    assert one.waiting.average_s == pytest.approx(day.total.waiting.average_s)
    assert one.waiting.median_s == day.total.waiting.median_s
    assert one.waiting.p90_s == day.total.waiting.p90_s
    assert one.waiting.above == day.total.waiting.above
    assert one.ratings.count == day.ratings.count
    assert one.ratings.average == pytest.approx(day.ratings.average)


def test_a_period_is_the_sum_of_its_days(branch: Played) -> None:
    """Law I11: nobody is lost between the day and the month."""
    report, days = report_of(branch, whole(branch)), [branch.report(one) for one in branch.days]
    total = report.figures.total
    assert total.tickets == summed([one.total.tickets for one in days])
    assert total.arrived == sum(one.arrivals.arrived for one in days)
    assert total.solved == sum(one.arrivals.solved for one in days)
    assert total.waiting.count == sum(one.total.waiting.count for one in days)
    assert total.waiting.above == sum(one.total.waiting.above or 0 for one in days)
    assert total.ratings.count == sum(one.ratings.count for one in days)
    assert total.open_days == len(days)
    assert total.tickets.issued > 100
    assert report.adds_up


def test_medians_are_those_of_all_tickets_not_of_the_days(branch: Played) -> None:
    report = report_of(branch, whole(branch))
    waits = [
        one.times.waiting_ms
        for visits in visits_of(branch).values()
        for one in visits
        if one.times.waiting_ms is not None
    ]
    median_s, p90_s = ranks_s(waits)
    waiting = report.figures.total.waiting
    assert (waiting.count, waiting.median_s, waiting.p90_s) == (len(waits), median_s, p90_s)


def test_services_hours_and_weekdays_are_the_same_tickets_otherwise_divided(
    branch: Played,
) -> None:
    figures = report_of(branch, whole(branch)).figures
    days = [branch.report(one) for one in branch.days]
    for parts in (figures.services, figures.hours, figures.weekdays):
        assert summed([one.tickets for one in parts]) == figures.total.tickets
    for part in figures.services:
        mine = [one for day in days for one in day.services if one.code == part.code]
        assert part.tickets == summed([one.tickets for one in mine])
        assert part.waiting.count == sum(one.waiting.count for one in mine)
    waits: dict[str, list[int]] = {}
    for visits in visits_of(branch).values():
        for visit in visits:
            for code, times in visit.services.items():
                if times.waiting_ms is not None:
                    waits.setdefault(code, []).append(times.waiting_ms)
    for part in figures.services:
        assert (part.waiting.median_s, part.waiting.p90_s) == ranks_s(waits.get(part.code, []))


def test_hours_are_those_of_the_branch_and_weekdays_those_of_the_calendar(branch: Played) -> None:
    figures = report_of(branch, whole(branch)).figures
    days = [branch.report(one) for one in branch.days]
    hours: Counter[str] = Counter()
    weekdays: Counter[str] = Counter()
    for day in days:
        for hour in day.hours:
            hours[f"{hour.hour:02}"] += hour.group.tickets.issued
        weekday = date.fromisoformat(day.business_date).weekday()
        weekdays[str(weekday)] += day.total.tickets.issued
    assert {one.code: one.tickets.issued for one in figures.hours} == +hours
    assert {one.code: one.tickets.issued for one in figures.weekdays} == +weekdays


def test_two_periods_stand_beside_each_other_as_each_stands_alone(branch: Played) -> None:
    days = sorted(branch.days)
    first = Period(date.fromisoformat(days[0]), date.fromisoformat(days[0]))
    second = Period(date.fromisoformat(days[1]), date.fromisoformat(days[1]))
    report = report_of(branch, second, first)
    assert [one.period for one in report.beside] == [first]
    assert report.beside[0] == report_of(branch, first).figures
    assert report.figures != report.beside[0]


def test_a_period_in_which_the_branch_was_closed_is_no_comparison(branch: Played) -> None:
    long_ago = year_of(2001)
    report = report_of(branch, whole(branch), long_ago)
    assert report.beside == ()
    empty = report_of(branch, long_ago)
    assert (empty.trend, empty.figures.total.tickets.issued) == ((), 0)
    assert empty.figures.total.waiting.median_s is None
    assert not empty.is_running


def test_recurring_problems_are_the_categories_of_the_days(branch: Played) -> None:
    """Domain row 14: by category, cause and segment; of corrected records the newest version."""
    report = report_of(branch, whole(branch))
    categories: Counter[str] = Counter()
    causes: Counter[tuple[str, str]] = Counter()
    for one in branch.days:
        for category in branch.report(one).records.categories:
            if category.code:
                categories[category.code] += category.many
                for cause in category.causes:
                    causes[category.code, cause.code] += cause.many
    assert {each.code: each.many for each in report.problems} == dict(categories)
    assert {
        (each.code, cause.code): cause.many for each in report.problems for cause in each.causes
    } == dict(causes)
    for problem in report.problems:
        assert total(problem.segments) == problem.many == sum(many for _, many in problem.months)
        assert problem.returned <= problem.many
    assert [each.many for each in report.problems] == sorted(categories.values(), reverse=True)
    assert any(segment.code for each in report.problems for segment in each.segments)


def total(counted: Sequence[Counted]) -> int:
    return sum(one.many for one in counted)


def test_spared_visits_are_those_that_took_no_number_afterwards(branch: Played) -> None:
    """Domain row 26: deflected visits x unit cost, which is an input."""
    report = report_of(branch, whole(branch))
    deflected = report.deflected
    with branch.store.database.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT outcome, count(*) FROM screening WHERE ticket IS NULL"
            " AND outcome IN ('solved', 'channel', 'self-service') GROUP BY outcome"
        )
        door: dict[str, int] = {row[0]: row[1] for row in rows}
    home = sum(branch.report(one).arrivals.sent_home for one in branch.days)
    assert total(deflected.solved) == door.get("solved", 0) > 0
    assert total(deflected.channels) == door.get("channel", 0)
    assert deflected.self_service == door.get("self-service", 0)
    assert total(deflected.home) == home
    assert deflected.count == report.figures.total.spared == sum(door.values()) + home
    assert home > 0
    assert deflected.saved_rp == deflected.count * COST_RP


def test_without_a_cost_nothing_is_saved(branch: Played) -> None:
    with branch.store.database.reading() as connection:
        report = month_report(
            connection,
            branch.store.branch_code,
            whole(branch),
            now_ms=branch.now_ms,
            zone=branch.zone,
            catalogue=branch.names,
        )
    assert report.deflected.saved_rp is None


def test_a_period_that_goes_on_says_so(branch: Played) -> None:
    assert report_of(branch, whole(branch)).is_running
    first = date.fromisoformat(min(branch.days))
    assert not report_of(branch, Period(first, first)).is_running


def test_a_long_period_is_told_by_month(branch: Played) -> None:
    days = whole(branch)
    long = Period(days.last - timedelta(days=DAYS_IN_TREND), days.last)
    assert not report_of(branch, days).by_month
    report = report_of(branch, long)
    assert report.by_month
    months = sorted({one[:7] for one in branch.days})
    assert [one.code for one in report.trend] == months
    assert summed([one.tickets for one in report.trend]) == report.figures.total.tickets


# Periods.


def test_months_and_years_before() -> None:
    january = month_of(date(2026, 1, 31))
    assert (january.first, january.last) == (date(2026, 1, 1), date(2026, 1, 31))
    assert january.before() == month_of(date(2025, 12, 5))
    assert january.year_before() == month_of(date(2025, 1, 1))
    assert year_of(2026).before() == year_of(2026).year_before() == year_of(2025)
    leap = month_of(date(2028, 2, 29))
    assert (leap.days, leap.year_before().days) == (29, 28)


def test_days_are_compared_with_as_many_days_and_with_the_same_weekdays() -> None:
    week = read_period("2026-10-05..2026-10-09")
    assert week.before().code == "2026-09-30..2026-10-04"
    earlier = week.year_before()
    assert earlier.first.weekday() == week.first.weekday()
    assert earlier.first.year == 2025


@pytest.mark.parametrize("text", ["2026-10", "2026", "2026-10-05..2026-10-09"])
def test_a_period_is_read_as_it_is_written(text: str) -> None:
    assert read_period(text).code == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026-13", "2026-1", "26", "1999", "9999", "2026-02-30..2026-03-01", "2026-10-05"),
        *("2026-10-09..2026-10-05", "2000-01-01..2026-01-01", "2026-10..2026-11", "٢٠٢٦"),
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(NoSuchPeriodError):
        read_period(text)
