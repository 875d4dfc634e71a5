"""Single figures of a day, and what the whole of them must hold to."""

import dataclasses
import re
import typing
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from statistics import fmean, median
from zoneinfo import ZoneInfo

import pytest

from assets.texts import Texts
from db import (
    afterwards,
    counter_times,
    day_account,
    day_details,
    day_events,
    day_visits,
    door_facts,
    earlier_days,
    leases,
    promises,
    reports,
)
from db.catalogue_names import catalogue_names
from db.engine import sqlite_url
from report import day
from report.day import Comparison, Complaints, DayReport, Typical
from report.definitions import IDS, OF_FIGURES
from report.figures import day_report
from server.domain import closing, correcting
from server.domain.events import (
    ComplaintFiled,
    ComplaintUpdated,
    CounterPaused,
    PrintRecorded,
)
from server.store import Store
from tests.report.played_days import branch_of, played
from tests.server.stored_day import DAY_MS, MORNING_MS, StoredDay, a_whole_day
from tests.server.test_door_facts import a_day_at_the_door

DATE = "2026-11-20"
ZONE = ZoneInfo("Asia/Jakarta")
DOCS = Path(__file__).parents[2] / "docs" / "figures.md"


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = sqlite_url(tmp_path / "branch.db")
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")
    with Store.open(url) as opened:
        yield opened


def reported(
    store: Store,
    business_date: str = DATE,
    now_ms: int = MORNING_MS + 100 * DAY_MS,
    comparison: Comparison | None = None,
) -> DayReport:
    with store.database.reading() as connection:
        return day_report(
            connection,
            store.branch_code,
            business_date,
            now_ms=now_ms,
            zone=ZONE,
            catalogue=catalogue_names(connection, store.branch_code),
            comparison=comparison,
        )


# The whole.


def test_a_day_that_never_was_is_empty(store: Store) -> None:
    a_whole_day(store)
    report = reported(store, "2026-11-19")
    assert report.seal is None
    assert report.adds_up
    assert report == dataclasses.replace(
        DayReport(report.branch, report.branch_name, "2026-11-19", report.made_at_ms)
    )


def test_the_seal_is_the_hash_of_the_days_last_event(store: Store) -> None:
    """Law I13: what was signed can be shown to be what was reckoned from."""
    a_whole_day(store)
    report = reported(store)
    with store.database.reading() as connection:
        seq, at_hash = connection.exec_driver_sql(
            "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1"
        ).one()
    assert report.seal is not None
    assert (report.seal.last_seq, report.seal.head_hash) == (seq, bytes(at_hash).hex())
    assert report.seal.first_seq == 1


@pytest.mark.parametrize(
    ("edited", "wrong"),
    [
        ("UPDATE ticket SET state = 'lost' WHERE number = 'A001'", "total"),
        ("UPDATE ticket SET service = 'B' WHERE number = 'A001'", "service:B"),
        ("UPDATE ticket SET priority = 'elderly'", "class:priority"),
        ("UPDATE ticket SET issued_at_ms = issued_at_ms + 7200000", "hour:08"),
        ("UPDATE ticket SET counter = 2 WHERE counter = 1", "counter:2"),
        ("UPDATE event SET body = '{' WHERE type = 'TicketIssued'", "total"),
        ("INSERT INTO screening SELECT branch, business_date, 'x', 1, 1, 'ticket', NULL, NULL,"
         " NULL, NULL, '[]', '[]', 'none', NULL, NULL, NULL, '[]', '{}', FALSE, 1, FALSE, 0, NULL,"
         " 'd', 's' FROM business_day", "door"),
        ("INSERT INTO booking SELECT branch, business_date, 'x', 'A', 'booked', 1, 2, 1, NULL, NULL"
         " FROM business_day", "bookings"),
    ],
)  # fmt: skip
def test_the_mark_turns_when_a_row_is_tampered_with(store: Store, edited: str, wrong: str) -> None:
    """Law I11: issued is told by the events, and what became of them by the rows."""
    a_whole_day(store)
    assert reported(store).wrong == ()
    with store.database.writing() as connection:
        connection.exec_driver_sql(edited)
    report = reported(store)
    assert not report.adds_up
    assert wrong in report.wrong


def test_no_figure_is_of_a_person() -> None:
    """Nothing ranks people by speed: no part of the report is by staff, and no code of anybody is
    in it but that of who signed."""
    for name in ("staff", "person", "officer", "who", "frontliner"):
        for part in _parts(DayReport, set()):
            if part is not day.Signed and part.__module__ == day.__name__:
                named = [one.name for one in dataclasses.fields(part)]
                assert not any(name in re.split("_", one) for one in named), part
    with played(*branch_of(2, 8_000)) as branch:
        for business_date in branch.days:
            report = dataclasses.replace(branch.report(business_date), signed=None)
            assert "CANARY" not in str(asdict(report))


def _parts(kind: type, seen: set[type]) -> set[type]:
    """All dataclasses in a dataclass."""
    seen.add(kind)
    for hint in typing.get_type_hints(kind).values():
        for found in (hint, *_inside(hint)):
            if isinstance(found, type) and dataclasses.is_dataclass(found) and found not in seen:
                _parts(found, seen)
    return seen


def _inside(hint: object) -> list[object]:
    return [deep for one in typing.get_args(hint) for deep in (one, *_inside(one))]


NO_FIGURE = {"made_at_ms", "opened_at_ms", "closed_at_ms", "code", "names"}
OF_ANOTHER = {day.EarlierDay, day.Typical, day.Comparison, day.Seal, day.Signed, day.Counted}
"""What is compared, said of the day or counted by code: their owners have the definition."""


def test_every_figure_has_a_definition_in_both_languages_and_in_the_docs() -> None:
    known = set(OF_FIGURES)
    for part in _parts(DayReport, set()) - OF_ANOTHER:
        if part.__module__ not in (day.__name__, "db.promises"):
            continue
        for name, hint in typing.get_type_hints(part).items():
            kinds = {hint, *_inside(hint)}
            if kinds & {int, float} and name not in NO_FIGURE:
                assert f"{part.__name__}.{name}" in known, (part, name)
    docs = re.findall(r"^\| `([a-z-]+)` \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert tuple(docs) == IDS
    for language in ("id", "en"):
        texts = Texts.load(language, ["report"], strict=True)
        for one in IDS:
            assert len(texts(f"report.definition.{one}")) > 20


ROOMS = (
    afterwards,
    counter_times,
    day_account,
    day_details,
    day_events,
    day_visits,
    door_facts,
    earlier_days,
    leases,
    promises,
    reports,
)


# The comparison.


def test_a_day_is_compared_with_its_weekdays_last_eight(store: Store) -> None:
    """The same figures as the reports of those days say; other weekdays and open days are none."""
    friday = date.fromisoformat(DATE)
    for back in (10, 9, 8, 7, 6, 5, 4, 3, 2, 1):
        for shift in (0, 1):
            of_date = (friday - timedelta(weeks=back) + timedelta(shift)).isoformat()
            story = StoredDay(store, of_date, MORNING_MS - (back * 7 - shift) * DAY_MS)
            for number in range(back + shift * 5):
                story.issue("A", priority="elderly" if number % 3 == 0 else "none")
                story.pass_s(60 * back)
            story.open_counter(1)
            for number in range(max(1, back - 2)):
                ticket = story.serve(1, 300)
                if number % 2:
                    story.rate(ticket, number % 4 + 1)
            if back != 5 or shift:
                story.close()
            story.write()
    today = StoredDay(store, DATE)
    today.issue("A")
    today.write()
    found = reported(store).comparison
    weeks_back = [1, 2, 3, 4, 6, 7, 8, 9]
    dates = [(friday - timedelta(weeks=back)).isoformat() for back in weeks_back]
    assert [one.business_date for one in found.days] == dates
    own = [reported(store, one) for one in dates]
    for one, report in zip(found.days, own, strict=True):
        assert one.arrived == report.arrivals.arrived
        assert one.issued == report.total.tickets.issued
        assert one.waiting_median_s == report.total.waiting.median_s
        assert one.waiting_p90_s == report.total.waiting.p90_s
        assert one.share_within == report.total.waiting.share_within
        assert one.rating == report.ratings.average
    assert found.issued == Typical(fmean(weeks_back), median(weeks_back))
    rated = [one.ratings.average for one in own if one.ratings.average is not None]
    assert found.rating == Typical(fmean(rated), median(rated))
    assert 0 < len(rated) < 8, "a day without a rating has no part in the usual one"
    shares = [one.total.waiting.share_within for one in own]
    assert len(set(shares)) > 2


def test_a_day_without_a_past_is_compared_with_nothing(store: Store) -> None:
    a_whole_day(store)
    assert reported(store).comparison == Comparison()


def test_who_asks_every_second_need_not_have_the_earlier_days_read_again(store: Store) -> None:
    a_whole_day(store)
    known = Comparison(issued=Typical(3.0, 4.0))
    assert reported(store, comparison=known).comparison is known


def test_a_day_at_the_door_says_what_the_doors_facts_say(store: Store) -> None:
    facts = a_day_at_the_door(store).facts()
    report = reported(store)
    arrivals = report.arrivals
    assert arrivals.arrived == (
        facts.screened
        + facts.guests
        + sum(sum(one.values()) for one in facts.sent_home.values())
        + arrivals.unscreened
    )
    assert arrivals.unscreened == report.total.tickets.issued - facts.tickets
    assert (arrivals.screening_median_s, arrivals.screening_p90_s) == (
        facts.time_median_s,
        facts.time_p90_s,
    )
    assert {one.code: one.many for one in arrivals.solved_reasons} == facts.solved_reasons
    assert {
        one.service: {paper.code: paper.many for paper in one.papers} for one in report.missing
    } == facts.missing
    assert arrivals.solved == facts.outcomes["solved"]
    assert arrivals.share_solved == arrivals.solved / arrivals.arrived


# Single figures.


def test_an_open_day_is_told_up_to_now(store: Store) -> None:
    story = StoredDay(store)
    story.open_counter(1)
    story.issue("A")
    story.pass_s(600)
    story.call(1)
    story.write()
    (counter,) = reported(store, now_ms=story.now_ms + 300_000).counters
    assert (counter.open_s, counter.serving_s, counter.idle_with_line_s) == (900, 300, 600)
    (hour,) = reported(store, now_ms=story.now_ms + 300_000).hours
    assert hour.open_counters == 1.0, "of the hour that runs only what is over counts"
    story.pass_s(3600)
    story.close()
    story.write()
    report = reported(store)
    assert report.hours[-1].open_counters == pytest.approx(600 / 3600)


def test_pauses_are_counted_by_reason(store: Store) -> None:
    story = StoredDay(store)
    story.open_counter(1)
    for reason, seconds in (("rest", 300), ("prayer", 600), ("rest", 100)):
        story.record(CounterPaused(counter=1, staff="staff-1", reason=reason))
        story.pass_s(seconds)
        story.open_counter(1)
        story.pass_s(60)
    story.write()
    (counter,) = reported(store, now_ms=story.now_ms).counters
    told = {one.code: (one.time_s, one.many) for one in counter.breaks}
    assert told == {"rest": (400.0, 2), "prayer": (600.0, 1)}
    assert (counter.break_s, counter.open_s) == (1000.0, 180.0)


def test_complaints_are_told_as_they_stood_when_the_day_was_closed(store: Store) -> None:
    """So the paper of the close and the page of next week say the same."""
    story = StoredDay(store)
    hour_ms = 3_600_000
    for name, due_ms in (
        ("over", story.now_ms + hour_ms),
        ("today", story.now_ms + 10 * hour_ms),
        ("later", story.now_ms + 5 * DAY_MS),
        ("settled", story.now_ms + 10 * hour_ms),
    ):
        story.record(
            ComplaintFiled(
                complaint=name, level="green", answer_due_at_ms=story.now_ms + 30 * DAY_MS,
                due_at_ms=due_ms, device="door-1", staff="so",
            )
        )  # fmt: skip
    story.pass_s(7200)

    def settle(name: str) -> None:
        story.record(
            ComplaintUpdated(
                complaint=name, state="solved", level="green",
                answer_due_at_ms=story.now_ms + 30 * DAY_MS, due_at_ms=story.now_ms,
                device="door-1", staff="so",
            )
        )  # fmt: skip

    settle("settled")
    story.close()
    story.write()
    right = Complaints(filed=4, open=3, due=1, overdue=1)
    assert reported(store).complaints == right
    complaints = story.day.complaints
    story = StoredDay(store, "2026-11-23", MORNING_MS + 3 * DAY_MS)
    story.day.complaints.update(complaints)
    settle("later")
    story.write()
    assert reported(store).complaints == right
    assert reported(store, "2026-11-23", now_ms=story.now_ms).complaints == Complaints(0, 2, 0, 2)


def test_an_answer_that_is_due_first_is_due(store: Store) -> None:
    story = StoredDay(store)
    story.record(
        ComplaintFiled(
            complaint="red", level="red", answer_due_at_ms=story.now_ms + 1_800_000,
            due_at_ms=story.now_ms + DAY_MS, device="door-1", staff="so",
        )
    )  # fmt: skip
    story.write()
    assert reported(store, now_ms=story.now_ms).complaints == Complaints(1, 1, 1, 0)
    assert reported(store, now_ms=story.now_ms + 1_800_000).complaints.overdue == 1


def test_what_could_have_been_done_from_home_follows_the_matter_or_the_category(
    store: Store,
) -> None:
    story = StoredDay(store)
    story.open_counter(1)
    story.issue("B")
    story.issue("B")
    first, _second = story.serve(1), story.serve(1)
    record = correcting.record_of(story.day, story.day.tickets[first])
    asked = correcting.Correction("category", "", "Salah pilih", "dewi")
    story.record(*correcting.decide_correction(story.day, record, asked))
    story.write()
    (online,) = reported(store).records.online
    # Both were finished as a change of identity, which an app can do; one was put right since.
    assert (online.service, online.many) == ("B", 1)
    assert "mobile-jkn" in {one.code for one in online.channels}
    assert reported(store).records.could_be_online == 1


def test_papers_that_failed_count_once_per_ticket(store: Store) -> None:
    story = StoredDay(store)
    first, second = story.issue("A"), story.issue("A")
    for ticket, outcome in (
        (first, "failed"),
        (first, "printed"),
        (first, "failed"),
        (second, "unknown"),
    ):
        story.record(PrintRecorded(ticket=ticket, job=f"job-{ticket}", outcome=outcome))
    story.write()
    papers = reported(store).papers
    assert (papers.failed, papers.unknown, papers.printed, papers.reprints) == (1, 1, 0, 0)


def test_a_day_that_was_opened_again_is_told_whole(store: Store) -> None:
    story = StoredDay(store)
    story.issue("A")
    story.record(*closing.decide_close(story.day, story.now_ms, "dewi", "Listrik padam"))
    story.write()
    signed = reported(store).signed
    assert signed is not None
    assert (signed.name, signed.signature.note) == ("dewi", "Listrik padam")
    story.record(*closing.decide_reopen(story.day, "dewi", "Salah tekan"))
    story.issue("A")
    story.write()
    report = reported(store)
    assert (report.signed, report.is_closed) == (None, False)
    assert report.total.tickets.issued == 2
    assert (report.total.tickets.expired, report.total.tickets.waiting) == (1, 1)
    assert report.adds_up


def test_targets_are_those_of_the_day(store: Store) -> None:
    """A target that is changed later makes no earlier day better or worse."""
    story = StoredDay(store)
    story.open_counter(1)
    story.issue("A")
    story.pass_s(1200)
    story.serve(1)
    story.close()
    story.write()
    assert reported(store).total.waiting.above == 0
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE service SET target_wait_s = 60")
    assert reported(store).total.waiting.above == 0


def test_a_priority_visitor_is_late_by_the_priority_target(store: Store) -> None:
    """A quarter of an hour is too long for one class and not for the other."""
    story = StoredDay(store)
    story.open_counter(1)
    story.issue("A", priority="elderly")
    story.issue("A")
    story.pass_s(900)
    story.serve(1, 0)
    story.serve(1, 1200)
    story.write()
    report = reported(store, now_ms=story.now_ms)
    above = {one.code: one.waiting.above for one in report.classes}
    assert above == {"regular": 0, "priority": 1}
    for group in (report.total, report.services[0], report.hours[0].group, report.counters[0]):
        assert group.waiting.above == 1
        assert group.service.above == 1
    assert report.total.waiting.share_within == 0.5


def test_questions_of_a_day_never_walk_through_all_days(tmp_path: Path) -> None:
    """SQLite takes a branch for something rare unless it is told how many rows share one."""
    asked = 0
    with (
        Store.open(sqlite_url(tmp_path / "branch.db")) as store,
        store.database.reading() as connection,
    ):
        for room in ROOMS:
            for name, question in vars(room).items():
                words = getattr(question, "text", "")
                if not name.startswith("_") or not re.search(r":dates?\b", words):
                    continue
                plan = connection.exec_driver_sql(
                    "EXPLAIN QUERY PLAN " + words.replace(":dates", "('2026-11-20')"),
                    dict.fromkeys(re.findall(r":(\w+)", words), 1),
                ).all()
                steps = [row[3] for row in plan if row[3].startswith(("SEARCH", "SCAN"))]
                walks = [one for one in steps if one.endswith("(branch=?)")]
                assert walks == [], (name, steps)
                asked += 1
    assert asked > 12
