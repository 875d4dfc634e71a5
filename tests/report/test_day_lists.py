"""Behind each figure lie as many tickets as it says, for every figure and every part of a day."""

from collections.abc import Iterator

import pytest

from db.day_facts import DayFacts, read_facts
from db.ticket_lists import FIGURES, ListedTicket, Part, tickets_behind, tickets_of
from report.day import DayReport, Group
from report.measuring import nearest_rank
from tests.report.played_days import Played, branch_of, played

SEED, OPERATIONS = 2, 8_000
Wanted = Iterator[tuple[str, Part, int]]
"""A figure, of which part, and how many tickets it says."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def branch(request: pytest.FixtureRequest) -> Iterator[Played]:
    url = ""
    if request.param == "postgresql":
        cluster = request.getfixturevalue("postgres_cluster")
        with cluster.database("day_lists") as url, played(*branch_of(SEED, OPERATIONS), url) as one:
            yield one
        return
    with played(*branch_of(SEED, OPERATIONS)) as one:
        yield one


def behind(branch: Played, date: str, figure: str, part: Part) -> list[ListedTicket]:
    with branch.store.database.reading() as connection:
        return tickets_behind(
            connection,
            branch.store.branch_code,
            date,
            figure,
            part,
            now_ms=branch.now_ms,
            zone=branch.zone,
            catalogue=branch.names,
        )


def facts_of(branch: Played, date: str) -> DayFacts:
    """What every list of a day is made of, read once for all of them."""
    with branch.store.database.reading() as connection:
        facts = read_facts(
            connection,
            branch.store.branch_code,
            date,
            now_ms=branch.now_ms,
            zone=branch.zone,
            catalogue=branch.names,
        )
    assert facts is not None
    return facts


def of_group(group: Group, part: Part) -> Wanted:
    tickets, kept = group.tickets, group.promises
    yield "issued", part, tickets.issued
    yield "finished", part, tickets.finished
    yield "no-show", part, tickets.no_show
    yield "cancelled", part, tickets.cancelled
    yield "expired", part, tickets.expired
    yield "open", part, tickets.open
    yield "waiting", part, tickets.waiting
    yield "called", part, tickets.called
    yield "serving", part, tickets.serving
    yield "parked", part, tickets.parked
    yield "waiting-time", part, group.waiting.count
    yield "waiting-above", part, group.waiting.above or 0
    yield "way-time", part, group.way.count
    yield "service-time", part, group.service.count
    yield "service-above", part, group.service.above or 0
    yield "estimate-inside", part, kept.inside
    yield "estimate-early", part, kept.early
    yield "estimate-late", part, kept.late


def of_counters(report: DayReport) -> Wanted:
    for one in report.counters:
        part = Part(counter=one.number)
        yield "received", part, one.received
        yield "finished", part, one.finished
        yield "no-show", part, one.no_show
        yield "cancelled", part, one.cancelled
        yield "open", part, one.open
        yield "handed-on", part, one.handed_on
        yield "waiting-time", part, one.waiting.count
        yield "waiting-above", part, one.waiting.above or 0
        yield "way-time", part, one.way.count
        yield "service-time", part, one.service.count
        yield "service-above", part, one.service.above or 0


def of_day(report: DayReport) -> Wanted:
    papers, records, everything = report.papers, report.records, Part()
    yield "unscreened", everything, report.arrivals.unscreened
    yield "printed", everything, papers.printed
    yield "reprinted", everything, papers.reprinted
    yield "print-failed", everything, papers.failed
    yield "print-unknown", everything, papers.unknown
    yield "unspoken", everything, report.announcements.tickets
    yield "educated", everything, records.educated
    yield "online", everything, records.could_be_online
    yield "corrected", everything, records.corrected
    yield "rated", everything, report.ratings.count
    yield "offline", everything, report.offline.given
    yield "merged-late", everything, report.offline.merged_late
    for figure, counts in (
        ("priority", report.priorities),
        ("outcome", records.outcomes),
        ("cause", records.causes),
        ("education", records.education),
        ("rating-reason", report.ratings.reasons),
    ):
        yield from ((figure, Part(code=one.code), one.many) for one in counts)
    yield from (("category", Part(code=one.code), one.many) for one in records.categories)
    yield from (("online", Part(service=one.service), one.many) for one in records.online)
    for score, many in enumerate(report.ratings.scores, 1):
        yield "rated", Part(code=str(score)), many


def everything_of(report: DayReport) -> Wanted:
    yield from of_group(report.total, Part())
    for one in report.services:
        yield from of_group(one, Part(service=one.code))
    for one in report.classes:
        yield from of_group(one, Part(of_class=one.code))
    for hour in report.hours:
        yield from of_group(hour.group, Part(hour=hour.hour))
        yield "called-in-hour", Part(code=f"{hour.hour:02d}"), hour.called
        yield "finished-in-hour", Part(code=f"{hour.hour:02d}"), hour.finished
    yield from of_counters(report)
    yield from of_day(report)


def demand_lists(branch: Played) -> dict[str, int]:
    """Every figure of every day and part; the most that each figure said."""
    asked: dict[str, int] = {}
    for date in branch.days:
        facts = facts_of(branch, date)
        assert behind(branch, date, "issued", Part(service="A")) == tickets_of(
            facts, "issued", Part(service="A")
        )
        for figure, part, many in everything_of(branch.report(date)):
            found = tickets_of(facts, figure, part)
            assert len(found) == many, (date, figure, part)
            assert len({one.id for one in found}) == many
            asked[figure] = max(asked.get(figure, 0), many)
    return asked


def test_a_list_has_as_many_tickets_as_its_figure_says(branch: Played) -> None:
    demand_lists(branch)


def test_no_figure_is_always_empty() -> None:
    """More branches are played until each list had a ticket: empty ones prove nothing."""
    most: dict[str, int] = {}
    for seed in (SEED, *range(3, 12)):
        with played(*branch_of(seed, OPERATIONS)) as branch:
            for figure, many in demand_lists(branch).items():
                most[figure] = max(most.get(figure, 0), many)
        # Nobody waits long enough there to be called late.
        never = {figure for figure, many in most.items() if not many} - {"estimate-late"}
        if not never and most.keys() == FIGURES.keys() - {"overtaken"}:
            return
    raise AssertionError(never or FIGURES.keys() - most.keys())


def test_the_times_in_a_list_are_those_of_the_figure(branch: Played) -> None:
    """Median and P90 stand in the list, and what is above target is longer than it."""
    for date in branch.days:
        report = branch.report(date)
        for group, part in (
            (report.total, Part()),
            *((one, Part(service=one.code)) for one in report.services),
        ):
            found = behind(branch, date, "waiting-time", part)
            waits = sorted(one.waiting_s for one in found if one.waiting_s is not None)
            assert len(waits) == group.waiting.count
            if waits:
                assert waits[nearest_rank(len(waits), 5)] == group.waiting.median_s
                assert waits[nearest_rank(len(waits), 9)] == group.waiting.p90_s


def test_the_most_overtaken_number_is_among_the_overtaken(branch: Played) -> None:
    for date in branch.days:
        report = branch.report(date)
        found = behind(branch, date, "overtaken", Part())
        assert bool(found) == (report.overtakes_most is not None)
        if report.overtakes_most is not None:
            assert report.overtakes_most[0] in {one.number for one in found}


def test_a_figure_of_two_parts_is_that_of_both(branch: Played) -> None:
    for date in branch.days:
        regular = behind(branch, date, "issued", Part(service="A", of_class="regular"))
        assert {one.service for one in regular} <= {"A"}
        assert {one.priority for one in regular} <= {"none"}
        both = behind(branch, date, "issued", Part(service="A"))
        others = behind(branch, date, "issued", Part(service="A", of_class="priority"))
        assert len(both) == len(regular) + len(others)


def test_what_has_no_tickets_behind_it_is_refused(branch: Played) -> None:
    with pytest.raises(KeyError):
        behind(branch, "2026-11-20", "guests", Part())
    assert behind(branch, "1999-01-01", "issued", Part()) == []
