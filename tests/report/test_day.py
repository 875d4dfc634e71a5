"""The figures of a day equal an independent recount of its events, on simulated days."""

from collections.abc import Iterator
from dataclasses import fields
from functools import cache

import pytest

from db.reports import day_summary
from report.day import DayReport
from tests.report.expected import differences, expected, shown
from tests.report.played_days import Played, branch_of, played

SEEDS = (1, 2, 3)
OPERATIONS = 8_000
# What days must have seen, all together, so that their figures prove something.
SEEN = {
    "LastUndone",
    "TicketTransferred",
    "ServiceContinued",
    "TicketParked",
    "TicketResumed",
    "TicketCorrected",
    "TicketRequeued",
    "NoShowRecorded",
    "TicketCancelled",
    "TicketReprinted",
    "RecordCorrected",
    "EarlierTicketMerged",
    "DayReopened",
    "ServiceRated",
    "ChannelChosen",
    "GuestRecorded",
    "VisitorScreened",
    "TicketBooked",
    "BookingCheckedIn",
    "BookingLapsed",
    "SurveyAnswered",
}


@pytest.fixture(params=SEEDS)
def branch(request: pytest.FixtureRequest) -> Iterator[Played]:
    with played(*branch_of(request.param, OPERATIONS)) as found:
        yield found


def service_targets_s(branch: Played) -> dict[str, int]:
    services = branch.store.load_branch().services.values()
    return {one.code: one.target_service_s for one in services}


def demand_equal(branch: Played) -> None:
    targets_s = service_targets_s(branch)
    for date, day in branch.days.items():
        report = branch.report(date)
        wanted = expected(day, targets_s, branch.now_ms)
        assert differences(shown(report), wanted) == [], date
        assert report.adds_up, (date, report.wrong)
        assert report.is_closed == (day.closed is not None)


def test_figures_equal_a_recount_of_the_events(branch: Played) -> None:
    """Law I11: issued, served, times, counters, papers, calls, records, ratings of every day."""
    demand_equal(branch)


def test_they_do_on_the_other_database_too(postgres_database: str) -> None:
    with played(*branch_of(SEEDS[0], OPERATIONS), postgres_database) as branch:
        demand_equal(branch)


def test_the_simulated_days_have_seen_everything() -> None:
    """More branches are played until nothing is missing, and their figures are right, too."""
    missing = set(SEEN)
    for seed in range(1, 13):
        with played(*branch_of(seed, OPERATIONS)) as branch:
            if seed not in SEEDS:
                demand_equal(branch)
            with branch.store.database.reading() as connection:
                rows = connection.exec_driver_sql("SELECT DISTINCT type FROM event")
                missing -= set(rows.scalars())
        if seed >= max(SEEDS) and not missing:
            break
    assert missing == set()


@cache
def reports() -> tuple[DayReport, ...]:
    found = []
    for seed in SEEDS:
        with played(*branch_of(seed, OPERATIONS)) as branch:
            found += [branch.report(date) for date in branch.days]
    return tuple(found)


def test_every_figure_was_more_than_nothing_once() -> None:
    """A figure that is always 0 proves nothing."""
    facts = [shown(report) for report in reports()]
    empty = {name for name in facts[0] if not any(_is_something(one[name]) for one in facts)}
    assert empty <= {"screening"}, "nobody there takes any time at the door"


def _is_something(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_is_something, value.values()))
    if isinstance(value, tuple):
        return any(map(_is_something, value))
    return bool(value)


def test_the_summary_of_the_command_line_says_the_same_digits(branch: Played) -> None:
    """``antrean-server summary`` and the report have two ways to one figure."""
    for date in branch.days:
        report = branch.report(date)
        with branch.store.database.reading() as connection:
            summary = day_summary(connection, branch.store.branch_code, date, branch.zone)
        assert summary.adds_up == report.adds_up
        for code, figures in {"": summary.total, **summary.services}.items():
            groups = {one.code: one for one in (report.total, *report.services)}
            group = groups[code]
            for name in ("issued", "finished", "no_show", "cancelled", "expired", "open"):
                assert getattr(figures, name) == getattr(group.tickets, name)
            for mine, theirs in (
                (group.waiting, figures.waiting_time),
                (group.way, figures.way_time),
                (group.service, figures.service_time),
            ):
                assert [getattr(mine, one.name) for one in fields(theirs)] == [
                    getattr(theirs, one.name) for one in fields(theirs)
                ]
        assert summary.promises.total == report.total.promises
        kept = {one.code: one.promises for one in report.services if one.promises.called}
        assert summary.promises.services == kept
        assert summary.overtakes_most == report.overtakes_most
        assert tuple(summary.lent) == report.offline.kiosks
        assert summary.door.screened == report.arrivals.screened
        for number, ended in summary.counters.items():
            (counter,) = [one for one in report.counters if one.number == number]
            for one in fields(ended):
                assert getattr(ended, one.name) == getattr(counter, one.name)
        if report.is_closed:
            demand_same_counter_times(summary.counter_times, report)


def demand_same_counter_times(times: object, report: DayReport) -> None:
    assert isinstance(times, dict)
    for number, of_counter in times.items():
        (counter,) = [one for one in report.counters if one.number == number]
        for name in ("open_s", "serving_s", "idle_with_line_s", "idle_s"):
            assert getattr(counter, name) == pytest.approx(getattr(of_counter, name), abs=1e-6)
        assert {one.code: one.time_s for one in counter.breaks} == of_counter.paused_s


def test_open_counters_of_the_hours_are_the_open_time_of_the_counters(branch: Played) -> None:
    for date in branch.days:
        report = branch.report(date)
        if report.is_closed:
            by_hour = sum(one.open_counters for one in report.hours) * 3600
            assert by_hour == pytest.approx(sum(one.open_s for one in report.counters), abs=1)
