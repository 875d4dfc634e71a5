"""What past days teach the estimate: sums over stretches of time, the same on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from db.engine import sqlite_url
from server.domain.experience import PastDays
from server.domain.forecasting import promise
from server.domain.serving import Destination, decide_start, decide_transfer
from server.store import Store
from tests.server.stored_day import DAY_MS, MORNING_MS, StoredDay, a_whole_day


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        url = sqlite_url(tmp_path / "branch.db")
    else:
        url = request.getfixturevalue("postgres_database")
    with Store.open(url) as store:
        yield store


def past(store: Store, before: str) -> PastDays:
    return store.past_days(before, store.load_branch())


def test_a_new_branch_has_learned_nothing(store: Store) -> None:
    assert past(store, "2026-11-20") == PastDays()


def test_a_day_teaches_once_it_is_over(store: Store) -> None:
    a_whole_day(store)
    assert past(store, "2026-11-20") == PastDays()
    learned = past(store, "2026-11-21")
    # One visitor with priority in B, called at 08:05 in Jakarta: 10 s of way and 240 s of service.
    assert learned.occupancy == [("B", 8, 1.0, 250.0, 62_500.0)]
    assert (learned.called, learned.missed) == (2.0, 1.0)
    assert learned.missed_total_s == 0.0


def test_a_group_counts_as_one_person_of_its_time(store: Store) -> None:
    story = StoredDay(store)
    story.open_counter(1)
    story.issue("A", weight=3)
    story.serve(1, 430)
    story.close()
    story.write()
    (service, hour, count, total_s, squares) = past(store, "2026-11-21").occupancy[0]
    assert (service, hour, count) == ("A", 8, 1.0)
    assert total_s == pytest.approx(200.0)
    assert squares == pytest.approx(40_000.0)


def test_whom_the_close_of_the_day_found_at_a_counter_teaches_nothing(store: Store) -> None:
    """A key that was forgotten at noon would be a service of twelve hours, a missed call too."""
    story = StoredDay(store)
    for number in (1, 2):
        story.open_counter(number)
    for _ in range(3):
        story.issue("A")
    story.serve(1, 190)
    served, called = story.call(1), story.call(2)
    story.record(*decide_start(story.day, story.day.desks[1], served))
    # Called a second time: the first call was no miss either.
    to = Destination(counter=2, position="first")
    story.record(*decide_transfer(story.day, None, called, to, "dewi", story.now_ms))
    assert story.call(2) == called
    story.pass_s(12 * 3600)
    story.write()
    before_the_close = past(store, "2026-11-21")
    story.close()
    story.write()
    states = (story.day.tickets[served].state, story.day.tickets[called].state)
    assert states == ("finished", "no-show")
    learned = past(store, "2026-11-21")
    assert learned.occupancy == [("A", 8, 1.0, 200.0, 40_000.0)]
    assert (learned.called, learned.missed, learned.missed_total_s) == (1.0, 0.0, 0.0)
    assert replace(before_the_close, promises=()) == replace(learned, promises=())


def test_promises_come_back_with_the_waits_that_came_of_them(store: Store) -> None:
    story = StoredDay(store)
    story.open_counter(1)
    told = []
    for _ in range(3):
        ticket = story.day.tickets[story.issue("A")]
        assert ticket.promised_s is not None
        told.append(ticket.promised_s)
        story.pass_s(1)
    for _ in range(3):
        story.serve(1, 300)
    story.close()
    story.write()
    waited = [one[2] for one in past(store, "2026-11-21").promises]
    assert [(one[0], one[1]) for one in past(store, "2026-11-21").promises] == told
    assert waited == [3.0, 312.0, 621.0]


def test_only_the_last_days_count(store: Store) -> None:
    for number in range(25):
        story = StoredDay(store, f"2026-10-{number + 1:02d}", MORNING_MS - (60 - number) * DAY_MS)
        story.open_counter(1)
        story.issue("A")
        story.serve(1, 100)
        story.close()
        story.write()
    assert [one[2] for one in past(store, "2026-11-20").occupancy] == [20.0]


def test_a_branch_whose_visitors_took_long_promises_longer_waits(store: Store) -> None:
    story = StoredDay(store)
    story.open_counter(1)
    for _ in range(40):
        story.issue("A")
        story.serve(1, 1800)
    story.close()
    story.write()

    def told_s(learned: PastDays) -> float:
        next_day = StoredDay(store, "2026-11-23", MORNING_MS + 3 * DAY_MS, past=learned)
        next_day.open_counter(1)
        for _ in range(4):
            next_day.issue("A")
        found = promise(next_day.day, "A", "none", 1, next_day.now_ms)
        assert found is not None
        return found.expected_s

    assert told_s(past(store, "2026-11-23")) > 2 * told_s(PastDays())
