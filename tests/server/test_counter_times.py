"""How counters spend their day: stretches that cover it, and the sums of the report (law I11)."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from db import tables as t
from db.counter_times import CounterTimes
from db.engine import sqlite_url
from db.rows import rows_of_day
from server.administration.summary import as_table
from server.domain import seating, serving
from server.store import Store
from tests.server.stored_day import StoredDay


@pytest.fixture(params=["sqlite", "postgresql"])
def story(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StoredDay]:
    url = sqlite_url(tmp_path / "branch.db")
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")
    with Store.open(url) as store:
        yield StoredDay(store)


def stretches(story: StoredDay) -> list[Any]:
    """Rows as counter, state, activity, seconds from the opening, and to."""
    with story.store.database.reading() as connection:
        rows = rows_of_day(
            connection, t.counter_period, story.store.branch_code, story.day.business_date
        )
    began = min(row[5] for row in rows)
    return [
        (row[2], row[4], row[9], (row[5] - began) / 1000, row[6] and (row[6] - began) / 1000)
        for row in sorted(rows, key=lambda row: (row[2], row[3]))
    ]


def a_morning(story: StoredDay) -> None:
    """60 s idle, a visitor of 10 + 50 s, 30 s with a line, another, a break of 120 s, the end."""
    story.open_counter(1)
    story.pass_s(60)
    story.issue("A")
    story.issue("A")
    story.serve(1, 50)
    story.pass_s(30)
    story.serve(1, 50)
    story.record(*seating.decide_pause(story.day, story.day.desks[1], "break"))
    story.pass_s(120)
    story.record(*seating.decide_open(story.day, story.day.desks[1]))
    story.pass_s(5)
    story.close()
    story.write()


def test_a_counters_stretches_say_what_it_did(story: StoredDay) -> None:
    a_morning(story)
    assert stretches(story) == [
        (1, "open", "idle", 0, 60),
        (1, "open", "serving", 60, 120),
        (1, "open", "idle-with-line", 120, 150),
        (1, "open", "serving", 150, 210),
        # The last visitor leaves and the counter rests in the same instant.
        (1, "open", "idle", 210, 210),
        (1, "paused", "", 210, 330),
        (1, "open", "idle", 330, 335),
        (1, "closed", "", 335, None),
    ]


def test_the_stretches_cover_the_day_from_the_first_opening_on(story: StoredDay) -> None:
    """Law I11: no gap and no overlap."""
    a_morning(story)
    for before, after in pairwise(stretches(story)):
        assert before[4] == after[3]


def test_the_report_sums_what_each_counter_did(story: StoredDay) -> None:
    a_morning(story)
    assert story.summary().counter_times == {
        1: CounterTimes(
            open_s=215, serving_s=120, idle_with_line_s=30, idle_s=65, paused_s={"break": 120}
        )
    }


def test_the_table_for_people_shows_it_in_minutes(story: StoredDay) -> None:
    a_morning(story)
    table = as_table(story.store, story.summary(), "en")
    head = next(line for line in table if "Idle with a line" in line)
    row = table[table.index(head) + 2]
    assert row.split()[:5] == ["1", "3.6", "2.0", "0.5", "1.1"]
    assert row.endswith("Break 2.0")


def test_stretches_of_an_older_version_count_as_open_alone(story: StoredDay) -> None:
    a_morning(story)
    with story.store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE counter_period SET activity = ''")
    assert story.summary().counter_times[1] == CounterTimes(open_s=215, paused_s={"break": 120})


def test_each_service_of_a_visit_has_its_own_time_and_all_are_one_visit(story: StoredDay) -> None:
    story.open_counter(1)
    ticket = story.issue("A")
    story.pass_s(100)
    story.call(1)
    desk = story.day.desks[1]
    story.record(*serving.decide_start(story.day, desk, ticket))
    story.pass_s(60)
    done = serving.Result("solved")
    story.record(*serving.decide_continue(story.day, desk, ticket, "B", done))
    story.pass_s(40)
    story.record(*serving.decide_finish(story.day, desk, ticket, done))
    story.write()
    summary = story.summary()
    assert summary.services["B"].service_time.average_s == 40
    assert (summary.services["B"].issued, summary.total.issued) == (1, 1)
    assert summary.adds_up
    assert summary.total.service_time.count == 1
    assert summary.total.service_time.average_s == 100
