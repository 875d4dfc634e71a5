"""The unit of work, on both databases: what was committed is there, whole, and only that."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from db import tables as t
from db.engine import sqlite_url
from db.refusals import DatabaseLockedError, DatabaseRefusedError
from db.rows import rows_of_day
from server.administration.verify import verify
from server.domain.branch_day import BranchDay
from server.domain.changes import DayChanges
from server.domain.events import DayOpened
from server.domain.ticket import Ticket
from server.store import RememberedAnswer, Store, StoreBusy, genesis
from server.stored_rows import ticket_row
from tests.server.stored_day import DAY_MS, MORNING_MS, StoredDay, a_whole_day


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "branch.db")
    address: str = request.getfixturevalue("postgres_database")
    return address


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as store:
        yield store


def retold(store: Store) -> BranchDay:
    """The last day, told again from the disk."""
    loaded = store.load_day()
    assert loaded.business_date is not None
    day = BranchDay(store.load_branch(), loaded.business_date)
    for recorded in loaded.entries:
        day.apply(recorded)
    return day


def stored(store: Store, table: Any, date: str = "2026-11-20") -> list[tuple[Any, ...]]:
    with store.database.reading() as connection:
        return rows_of_day(connection, table, store.branch_code, date)


def count(store: Store, table: Any) -> int:
    return len(store.rows(table))


def test_a_new_branch_has_no_day_yet(store: Store) -> None:
    day = store.load_day()
    assert (day.business_date, day.entries, day.last_seq) == (None, [], 0)
    assert day.last_hash == genesis("1301")


def test_the_day_comes_back_as_it_was(store: Store, url: str) -> None:
    """I1, I3: the fold of what the disk has is the day that was decided."""
    story = a_whole_day(store)
    store.close()
    with Store.open(url) as reopened:
        day = retold(reopened)
        assert day.tickets == story.day.tickets
        assert day.serials == story.day.serials
        assert day.closed
        assert reopened.load_day().last_seq == story.seq


def test_the_rows_of_tickets_are_their_newest_form(store: Store) -> None:
    story = a_whole_day(store)
    rows = {row[1]: row for row in stored(store, t.ticket)}
    assert rows == {
        ticket.id: ticket_row("1301", "2026-11-20", ticket) for ticket in story.day.tickets.values()
    }
    states = sorted(row[11] for row in rows.values())
    assert states == ["cancelled", "expired", "finished", "no-show"]


def test_every_period_of_a_finished_ticket_is_kept(store: Store) -> None:
    story = StoredDay(store)
    story.open_counter()
    story.issue("A")
    story.pass_s(100)
    ticket = story.serve(seconds=200)
    story.write()
    periods = [row[3:7] for row in stored(store, t.ticket_period) if row[2] == ticket]
    start = MORNING_MS
    assert periods == [
        (1, "waiting", start, start + 100_000),
        (2, "called", start + 100_000, start + 110_000),
        (3, "serving", start + 110_000, start + 310_000),
    ]


def test_counter_periods_and_ratings_are_kept(store: Store) -> None:
    a_whole_day(store)
    periods = [(row[2], row[4], row[9], row[6] is None) for row in stored(store, t.counter_period)]
    assert periods == [
        (1, "open", "idle-with-line", False),
        (1, "open", "serving", False),
        # Called and missed in one instant, then the next number is taken.
        (1, "open", "idle-with-line", False),
        (1, "open", "idle", False),
        (1, "closed", "", True),
    ]
    ((*_, score, reasons, device, at_ms),) = stored(store, t.rating)
    assert (score, reasons, device, at_ms) == (4, '["time"]', "pad-1", MORNING_MS + 550_000)


def test_a_batch_is_whole_or_absent(store: Store) -> None:
    """I1: one row that cannot be written takes the whole batch along."""
    story = StoredDay(store)
    story.issue("A")
    story.write()
    story.issue("B")
    story.answers.append(story.answers[0])  # the same command twice cannot be remembered
    before = store.load_day()
    with pytest.raises(Exception, match=r"(?i)unique"):
        story.write()
    assert store.load_day() == before
    assert count(store, t.ticket) == 1
    assert count(store, t.command) == 1


def test_after_a_failed_batch_the_next_one_is_written(store: Store) -> None:
    story = StoredDay(store)
    story.answers = [RememberedAnswer(b"x" * 16, "k", b"", b"", 0, "2026-11-20")] * 2
    with pytest.raises(Exception, match=r"(?i)unique"):
        story.write()
    again = StoredDay(store)
    again.issue("A")
    again.write()
    assert [row[3] for row in stored(store, t.ticket)] == ["A001"]


def test_the_database_itself_refuses_a_number_twice_in_a_day(store: Store) -> None:
    """I2, held also where the rules would fail."""
    story = StoredDay(store)
    first = story.day.tickets[story.issue("A")]
    story.write()
    twin = with_id(first, "another-id")
    with pytest.raises(Exception, match=r"(?i)unique"):
        store.commit([], [], [DayChanges("2026-11-20", tickets={twin.id: twin})])
    store.commit([], [], [DayChanges("2026-11-21", tickets={twin.id: twin})])


def with_id(ticket: Ticket, name: str) -> Ticket:
    twin = copy(ticket)
    twin.id = name
    return twin


def test_events_with_a_gap_are_refused(store: Store) -> None:
    """I8."""
    story = StoredDay(store)
    story.write()
    story.seq += 1
    story.day.revision += 1
    story.issue("A")
    with pytest.raises(AssertionError, match="no gap"):
        story.write()
    assert store.load_day().last_seq == 1


def test_each_event_is_chained_to_the_one_before(store: Store) -> None:
    """I13: the same facts written again give the same chain."""
    story = StoredDay(store)
    for _ in range(3):
        story.issue("A")
        story.write()
    with store.database.reading() as connection:
        events = list(store.history(connection))
    hashes = [event.hash for event in events]
    assert len(set(hashes)) == len(hashes) == 4
    assert store.load_day().last_hash == hashes[-1]


def test_an_answer_is_remembered_for_its_command(store: Store, url: str) -> None:
    """I6, also after a restart."""
    story = StoredDay(store)
    story.issue("A")
    (answer,) = story.answers
    story.write()
    assert store.known_command_ids() == {answer.command_id}
    assert store.remembered(uuid4().bytes) is None
    store.close()
    with Store.open(url) as reopened:
        assert reopened.remembered(answer.command_id) == answer


def test_answers_are_forgotten_a_day_after_their_day_closed(store: Store) -> None:
    """I6: not while the day is open, and not before."""
    first = StoredDay(store)
    first.issue("A")
    first.write()
    old = store.known_command_ids()
    assert store.forget_commands(MORNING_MS + 10 * DAY_MS) == 0, "the day is still open"
    first.close()
    first.write()
    second = StoredDay(store, "2026-11-21", MORNING_MS + DAY_MS)
    second.issue("A")
    second.write()
    assert store.forget_commands(MORNING_MS) == 0, "closed less than 24 h ago"
    assert store.forget_commands(MORNING_MS + 1) == 1
    assert len(store.known_command_ids()) == 1
    assert not store.known_command_ids() & old


def test_days_know_when_they_opened_and_closed(store: Store) -> None:
    story = a_whole_day(store)
    a_whole_day(store, "2026-11-21", MORNING_MS + DAY_MS)
    first, second = store.rows(t.business_day)
    assert first["opened_at_ms"] == MORNING_MS
    assert first["closed_at_ms"] == story.now_ms
    assert (first["first_seq"], first["head_seq"]) == (1, story.seq)
    assert second["first_seq"] == story.seq + 1
    assert store.load_day().business_date == "2026-11-21"
    assert isinstance(store.load_day().entries[0].event, DayOpened)


def test_numbers_start_again_on_the_next_day(store: Store) -> None:
    a_whole_day(store)
    a_whole_day(store, "2026-11-21", MORNING_MS + DAY_MS)
    for date in ("2026-11-20", "2026-11-21"):
        numbers = sorted(row[3] for row in stored(store, t.ticket, date))
        assert numbers == ["A001", "C001", "D001", "P001"]


def test_a_second_server_is_refused_with_a_sentence(store: Store, url: str) -> None:
    """F09."""
    with pytest.raises(DatabaseLockedError, match="Another antrean-server"):
        Store.open(url)


def test_a_reader_sees_what_is_committed_and_cannot_write(store: Store, url: str) -> None:
    story = StoredDay(store)
    story.issue("A")
    with Store.open(url, read_only=True) as reader:
        assert reader.load_day().last_seq == 0
        story.write()
        assert reader.load_day().last_seq == 2
        with pytest.raises(AssertionError, match="read-only"):
            reader.commit([], [], [])
        with reader.database.reading() as connection, pytest.raises(Exception, match=r"(?i)read"):
            connection.exec_driver_sql("DELETE FROM ticket")


def test_a_branch_that_is_not_there_is_refused(store: Store, url: str) -> None:
    store.close()
    with pytest.raises(DatabaseRefusedError, match="has the branches: 1301"):
        Store.open(url, "9999")


def test_the_example_branch_is_what_a_new_database_gets(store: Store) -> None:
    branch = store.load_branch()
    assert list(branch.services) == list("ABCDEF")
    assert all(service.open and service.name["id"] for service in branch.services.values())
    assert list(branch.counters) == [1, 2, 3, 4, 5, 6]
    for number in (1, 2):
        assert branch.counters[number].services == tuple("ABCDEF")
    assert all(branch.service_is_served(code) for code in branch.services)
    assert set(branch.choices) == {
        "priority", "needs", "education", "category", "pause_reason", "cancel_reason",
        "park_reason", "rating_reason", "segment", "membership", "solved_reason", "cause",
        "disturbance", "guest_purpose", "override_reason",
    }  # fmt: skip
    assert all(matter.service in branch.services for matter in branch.door.matters.values())
    assert branch.rules.priority_letter == "P"
    assert branch.rules.number_last is None
    footer = " ".join(line["id"] for line in branch.paper_footer)
    for channel in ("Mobile JKN", "PANDAWA", "0811-8165-165", "165"):
        assert channel in footer
    assert "165" in branch.board_text["id"]


def test_the_day_summary_counts_and_measures(store: Store) -> None:
    """I11: nobody is missing, and times are sums over periods."""
    story = a_whole_day(store)
    total = story.summary().total
    assert (total.issued, total.finished, total.no_show, total.cancelled, total.expired) == (
        4, 1, 1, 1, 1,
    )  # fmt: skip
    assert total.open == 0
    assert story.summary().adds_up
    assert total.waiting_time.count == 2
    assert total.waiting_time.median_s == 300
    assert total.waiting_time.p90_s == 550
    assert total.service_time.average_s == 240
    assert total.way_time.median_s == 10
    assert story.summary().services["C"].cancelled == 1


def test_an_open_day_adds_up_too(store: Store) -> None:
    story = StoredDay(store)
    story.open_counter()
    for _ in range(3):
        story.issue("A")
    story.call()
    story.write()
    total = story.summary().total
    assert (total.issued, total.waiting, total.called, total.open) == (3, 2, 1, 3)
    assert story.summary().adds_up


def test_a_summary_that_lost_a_ticket_does_not_add_up(store: Store) -> None:
    story = a_whole_day(store)
    with store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM rating")
        connection.exec_driver_sql("DELETE FROM ticket_period")
        connection.exec_driver_sql("DELETE FROM ticket WHERE number = 'A001'")
    assert not story.summary().adds_up


def test_an_edited_event_of_today_is_told_to_the_log(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """I13: the branch goes on, but not in silence."""
    story = a_whole_day(store)
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE event SET actor = 'x' WHERE seq = 4")
    assert store.load_day().last_seq == story.seq
    assert "event 4 was changed" in caplog.text


def test_a_day_that_cannot_be_read_is_refused(store: Store) -> None:
    """F06: never silently on bad data."""
    a_whole_day(store)
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE event SET body = '{' WHERE seq = 4")
    with pytest.raises(DatabaseRefusedError, match=r"Event 4 .* cannot be read"):
        store.load_day()


# SQLite alone.


def test_a_busy_database_may_be_asked_again(tmp_path: Path) -> None:
    """F05: another program that holds the file is waited for, then named as passing."""
    with Store.open(sqlite_url(tmp_path / "branch.db")) as store:
        story = StoredDay(store)
        intruder = sqlite3.connect(tmp_path / "branch.db", isolation_level=None)
        intruder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy):
            story.write()
        intruder.execute("ROLLBACK")
        intruder.close()
        story.write()
        assert store.load_day().last_seq == 1


def test_a_full_disk_takes_nothing_and_may_be_asked_again(tmp_path: Path) -> None:
    """F03: never success."""
    with Store.open(sqlite_url(tmp_path / "branch.db")) as store:
        story = StoredDay(store)
        story.write()
        with store.database.writing() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        for _ in range(1000):
            story.issue("A")
        with pytest.raises(StoreBusy):
            story.write()
        assert store.load_day().last_seq == 1


def test_plain_sqlite3_reads_the_file_while_the_store_is_open(tmp_path: Path) -> None:
    with Store.open(sqlite_url(tmp_path / "branch.db")) as store:
        story = StoredDay(store)
        story.issue("B", priority="pregnant")
        story.write()
        outside = sqlite3.connect(tmp_path / "branch.db")
        rows = outside.execute("SELECT number, service, state FROM ticket").fetchall()
        outside.close()
        assert rows == [("P001", "B", "waiting")]


def test_the_store_also_works_in_memory_for_the_simulator() -> None:
    with Store.open("sqlite://") as store:
        story = a_whole_day(store)
        assert story.summary().adds_up
        assert retold(store).tickets.keys() == story.day.tickets.keys()


FAILING_DISK = """
import resource, sys
from server.store import DiskFailedError, Store
from tests.server.stored_day import StoredDay

store = Store.open(sys.argv[1])
story = StoredDay(store)
story.issue("A")
story.write()
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))  # beyond it the kernel says no
try:
    for _ in range(200):
        story.issue("A")
        story.write()
except DiskFailedError as error:
    print("failed after", len(story.day.tickets) - 1)
"""


def test_a_disk_that_fails_ends_the_process_and_loses_nothing(tmp_path: Path) -> None:
    """F04: no blind retry; what was acknowledged is there after opening afresh."""
    url = sqlite_url(tmp_path / "branch.db")
    Store.open(url).close()
    said = subprocess.run(
        [sys.executable, "-c", FAILING_DISK, url], capture_output=True, text=True, check=True
    )
    word, _, acknowledged = said.stdout.rpartition(" ")
    assert word == "failed after", said.stdout
    with Store.open(url) as store:
        assert len(retold(store).tickets) == int(acknowledged) > 0
        assert verify(store) == []
