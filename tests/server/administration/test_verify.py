"""An insider who edits the history is found, and the event is named (I13, F57)."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.engine import sqlite_url
from server.administration.verify import verify
from server.domain.closing import PastDay, decide_sign
from server.domain.correcting import Correction, decide_correction, record_of
from server.store import Store
from tests.server.stored_day import DAY_MS, MORNING_MS, StoredDay, a_whole_day


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A branch with two whole days and one that is open."""
    path = tmp_path / "branch.db"
    with Store.open(sqlite_url(path)) as store:
        a_whole_day(store)
        a_whole_day(store, "2026-11-21", MORNING_MS + DAY_MS)
        story = StoredDay(store, "2026-11-22", MORNING_MS + 2 * DAY_MS)
        story.issue("A")
        story.write()
    return path


@pytest.fixture
def edit(file: Path) -> Iterator[sqlite3.Connection]:
    """Somebody with a database tool."""
    connection = sqlite3.connect(file, isolation_level=None)
    yield connection
    connection.close()


def problems(file: Path) -> list[str]:
    with Store.open(sqlite_url(file), read_only=True) as store:
        return verify(store)


def seq_of(edit: sqlite3.Connection, kind: str) -> int:
    found: int = edit.execute("SELECT min(seq) FROM event WHERE type = ?", (kind,)).fetchone()[0]
    return found


def test_an_untouched_history_verifies(file: Path) -> None:
    assert problems(file) == []


def test_an_untouched_history_verifies_on_postgresql_too(postgres_database: str) -> None:
    with Store.open(postgres_database) as store:
        a_whole_day(store)
        assert verify(store) == []
        with store.database.writing() as connection:
            connection.exec_driver_sql("UPDATE event SET at_ms = at_ms + 1 WHERE seq = 5")
        assert verify(store)[0].startswith("event 5 was changed")


def test_one_changed_byte_in_any_event_is_named(file: Path, edit: sqlite3.Connection) -> None:
    """Each event of the three days in turn, one byte of its body."""
    last: int = edit.execute("SELECT max(seq) FROM event").fetchone()[0]
    assert last > 30
    for seq in range(1, last + 1):
        (body,) = edit.execute("SELECT body FROM event WHERE seq = ?", (seq,)).fetchone()
        place = len(body) * seq // (last + 1)
        changed = body[:place] + chr(ord(body[place]) ^ 1) + body[place + 1 :]
        edit.execute("UPDATE event SET body = ? WHERE seq = ?", (changed, seq))
        assert any(f"event {seq} was changed" in problem for problem in problems(file)), seq
        edit.execute("UPDATE event SET body = ? WHERE seq = ?", (body, seq))
    assert problems(file) == []


@pytest.mark.parametrize(
    "column", ["at_ms", "business_date", "command_id", "actor", "type", "hash"]
)
def test_every_column_of_an_event_is_under_the_seal(
    file: Path, edit: sqlite3.Connection, column: str
) -> None:
    seq = seq_of(edit, "TicketCalled")
    edit.execute(f"UPDATE event SET {column} = '2026-11-19' WHERE seq = {seq}")
    assert any(f"event {seq} was changed" in problem for problem in problems(file))


def test_a_removed_event_is_named(file: Path, edit: sqlite3.Connection) -> None:
    seq = seq_of(edit, "ServiceRated")
    edit.execute(f"DELETE FROM event WHERE seq = {seq}")
    assert any(problem == f"event {seq} is missing" for problem in problems(file))


def test_removed_events_at_the_very_end_are_named(file: Path, edit: sqlite3.Connection) -> None:
    """The chain alone cannot know how long it was: the day's head does."""
    last: int = edit.execute("SELECT max(seq) FROM event").fetchone()[0]
    edit.execute(f"DELETE FROM event WHERE seq >= {last - 1}")
    assert any(
        problem == f"events {last - 1} to {last} are missing, the last of 2026-11-22"
        for problem in problems(file)
    )


def test_an_event_that_was_changed_and_sealed_again_is_found(
    file: Path, edit: sqlite3.Connection
) -> None:
    """Whoever makes a new hash would have to make every later one, and the heads."""
    from server.store import chained  # the forger knows our way

    seq = seq_of(edit, "ServiceFinished")
    edit.execute(f"UPDATE event SET at_ms = at_ms - 60000 WHERE seq = {seq}")
    with (
        Store.open(sqlite_url(file), read_only=True) as store,
        store.database.reading() as connection,
    ):
        events = {event.seq: event for event in store.history(connection)}
    forged = chained(events[seq - 1].hash, events[seq].link)
    edit.execute("UPDATE event SET hash = ? WHERE seq = ?", (forged, seq))
    assert any(f"event {seq + 1} was changed, or the one before it" in p for p in problems(file))


@pytest.mark.parametrize(
    ("edited", "named"),
    [
        ("UPDATE ticket SET state = 'finished' WHERE state = 'no-show'", "has state 'finished'"),
        ("UPDATE ticket SET issued_at_ms = issued_at_ms + 60000", "has issued_at_ms"),
        ("UPDATE ticket_period SET ended_at_ms = started_at_ms + 1", "ticket_period"),
        ("UPDATE counter_period SET staff = 'nobody'", "counter_period 1 1 has staff 'nobody'"),
        ("UPDATE rating SET score = 1", "has score 1, but by the events it is 4"),
        ("DELETE FROM rating", "is missing, but the events tell of it"),
        ("DELETE FROM business_day WHERE business_date = '2026-11-20'", "business_day"),
    ],
)
def test_edited_figures_are_found_by_the_recount(
    file: Path, edit: sqlite3.Connection, edited: str, named: str
) -> None:
    edit.execute(edited)
    assert any(named in problem for problem in problems(file))


def test_a_smuggled_ticket_is_found(file: Path, edit: sqlite3.Connection) -> None:
    edit.execute(
        "INSERT INTO ticket SELECT branch, 'smuggled', business_date, 'A099', series, 99, service,"
        " priority, needs, language, weight, state, counter, staff, call_count, issued_at_ms,"
        " called_at_ms, started_at_ms, ended_at_ms, requeued, print, copies, link, outcome,"
        " category, education, note, reason, device, promised_from_s, promised_to_s, overtakes,"
        " screening, cause, offline, merged_seq"
        " FROM ticket LIMIT 1"
    )
    assert any("ticket smuggled is there, but no event tells of it" in p for p in problems(file))


def test_a_counter_that_the_branch_lost_since_is_no_problem(
    file: Path, edit: sqlite3.Connection
) -> None:
    edit.execute("DELETE FROM counter WHERE number = 1")
    assert problems(file) == []


@pytest.fixture
def signed(file: Path) -> Path:
    """A fourth day, on which an earlier one was signed and one of today's records put right."""
    with Store.open(sqlite_url(file)) as store:
        story = StoredDay(store, "2026-11-23", MORNING_MS + 3 * DAY_MS)
        story.open_counter(1)
        story.issue("A")
        ticket = story.day.tickets[story.serve()]
        asked = Correction("category", "", "Salah pilih", "dewi")
        story.record(*decide_correction(story.day, record_of(story.day, ticket), asked))
        story.record(*decide_sign(story.day, PastDay("2026-11-20"), "dewi", ""))
        story.write()
    return file


def test_what_was_put_right_and_who_signed_is_recounted_from_the_events(
    signed: Path, edit: sqlite3.Connection
) -> None:
    """I13: nobody signs, unsigns or rewrites a correction past the history."""
    assert problems(signed) == []
    edit.execute("UPDATE correction SET after = 'identity'")
    assert [one for one in problems(signed) if "has after 'identity'" in one]
    edit.execute("UPDATE correction SET after = ''")
    edit.execute("UPDATE day_signature SET staff = 'adi'")
    assert [one for one in problems(signed) if "has staff 'adi'" in one]
    edit.execute("UPDATE day_signature SET staff = 'dewi'")
    assert problems(signed) == []
    for table in ("correction", "day_signature"):
        edit.execute(f"DELETE FROM {table}")
        assert [one for one in problems(signed) if f"{table} " in one and "is missing" in one]
