"""Personal data ends: at its time rows go, the history says so, and no file keeps their bytes."""

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from db import tables as t
from db.engine import sqlite_url
from db.lane import LaneWriter
from db.refusals import DatabaseRefusedError
from protocol import messages as m
from server.administration.verify import verify
from server.commands.handler import DAY_MS
from server.domain.events import PersonalDataErased
from server.lane import Batch
from server.ports import Erasure, SealedRecord
from server.retention import ERASE_EVERY_MS
from server.store import Store
from tests.server.lane_story import KIOSK, LaneStory
from tests.server.stored_day import MORNING_MS, a_whole_day


@pytest.fixture
def story(tmp_path: Path) -> Iterator[LaneStory]:
    told = LaneStory(tmp_path)
    yield told
    told.store.close()


def keep(story: LaneStory, record: str, kind: str, days: float) -> None:
    """Something personal that is kept for so many days."""
    now_ms = story.clock.ms
    sealed = story.sealer.seal(kind, record, {"name": f"Canary {record}"})
    story.store.commit(
        [],
        [],
        [],
        [
            SealedRecord(
                record, kind, "2026-11-20", now_ms, None, sealed, now_ms + int(days * DAY_MS)
            )
        ],
    )


def kept(story: LaneStory) -> set[str]:
    return {str(row["id"]) for row in story.store.rows(t.sealed_record)}


def erase(story: LaneStory) -> Batch:
    batch = story.lane.erase_what_is_due()
    if batch.must_be_written:
        story.lane.write(batch)
    return batch


def told(story: LaneStory) -> list[PersonalDataErased]:
    with story.store.database.reading() as connection:
        events = [one.recorded and one.recorded.event for one in story.store.history(connection)]
    return [one for one in events if isinstance(one, PersonalDataErased)]


def test_what_is_due_goes_and_the_history_says_how_many_of_what_and_when(
    story: LaneStory,
) -> None:
    """UU PDP Art. 43: the rows and the event are one transaction."""
    story.ask(m.IssueTicket(id=uuid4(), service="A"), KIOSK)
    keep(story, "s-1", "screening", 30)
    keep(story, "s-2", "screening", 30)
    keep(story, "g-1", "guest", 7)
    keep(story, "c-1", "complaint", 400)
    assert erase(story).entries == []
    story.clock.ms += 7 * DAY_MS - 1
    assert erase(story).entries == []
    story.clock.ms += 1
    erase(story)
    assert kept(story) == {"s-1", "s-2", "c-1"}
    story.clock.ms += 30 * DAY_MS
    erase(story)
    assert kept(story) == {"c-1"}
    assert [(one.counts, one.reason, one.until_ms) for one in told(story)] == [
        ({"guest": 1}, "retention", story.clock.ms - 30 * DAY_MS),
        ({"screening": 2}, "retention", story.clock.ms),
    ]
    assert verify(story.store) == []


def test_it_is_looked_for_at_the_start_every_hour_and_when_the_day_turns(story: LaneStory) -> None:
    assert not story.lane.erasing_is_due(), "there is no day yet"
    story.ask(m.IssueTicket(id=uuid4(), service="A"), KIOSK)
    assert story.lane.erasing_is_due()
    erase(story)
    story.clock.ms += ERASE_EVERY_MS - 1
    assert not story.lane.erasing_is_due()
    story.clock.ms += 1
    assert story.lane.erasing_is_due()
    erase(story)
    assert not story.lane.erasing_is_due()
    story.restart()
    assert story.lane.erasing_is_due()
    story.clock.set("2026-11-20T23:59:00")
    erase(story)
    story.clock.set("2026-11-21T00:00:00")
    story.ask(m.IssueTicket(id=uuid4(), service="A"), KIOSK)
    assert story.lane.erasing_is_due()


def test_a_disk_that_says_no_loses_neither_the_rows_nor_the_event_alone(
    story: LaneStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F03, I1: half of it would be a lie in the history, or a loss without a word."""
    story.ask(m.IssueTicket(id=uuid4(), service="A"), KIOSK)
    keep(story, "s-1", "screening", 0)
    batch = story.lane.erase_what_is_due()

    class FullDisk(LaneWriter):
        def write(self, rows: object) -> None:
            error = sqlite3.OperationalError("made up")
            error.sqlite_errorname = "SQLITE_FULL"
            raise error

    monkeypatch.setattr(story.store, "_lane", FullDisk(story.store.database))
    with pytest.raises(Exception, match="made up"):
        story.lane.write(batch)
    story.lane.fail(batch)
    monkeypatch.undo()
    assert kept(story) == {"s-1"}
    assert told(story) == []
    assert not story.lane.erasing_is_due(), "not again at once"
    story.clock.ms += 60_000
    assert story.lane.erasing_is_due(), "but soon"
    erase(story)
    assert kept(story) == set()
    assert len(told(story)) == 1


# Bytes in the files.


def _bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("branch.db*")))


def _many(story: LaneStory, random_: random.Random, count: int) -> list[SealedRecord]:
    """Records of all kinds and lengths, as they come over weeks, some erased meanwhile."""
    made: list[SealedRecord] = []
    for number in range(count):
        kind = random_.choices(["screening", "guest", "complaint"], [8, 1, 1])[0]
        at_ms = MORNING_MS + number * 60_000
        life = {"screening": 600, "guest": 140, "complaint": 8000}[kind]
        fields = {"note": "".join(random_.choices("abcdefgh ", k=random_.choice([20, 90, 900])))}
        record = SealedRecord(
            f"{random_.getrandbits(64):016x}",
            kind,
            "2026-11-20",
            at_ms,
            random_.randbytes(32),
            story.sealer.seal(kind, f"{number}", fields),
            at_ms + life * 60_000,
        )
        made.append(record)
        story.store.commit([], [], [], [record])
        if number % 60 == 0:
            story.store.commit([], [], [], [], Erasure(until_ms=at_ms))
    return made


def test_no_byte_of_what_was_erased_is_left_in_any_file(
    tmp_path: Path, story: LaneStory, long_run: bool
) -> None:
    """What the disk had before is found in the files; after the erasure it is not, nor is who it
    was about: SQLite overwrites, the log is emptied, and the table's gaps are written anew."""
    dice = random.Random(3)
    made = _many(story, dice, 4000 if long_run else 1500)
    now_ms = made[-1].at_ms
    alive = [one for one in made if one.erase_at_ms > now_ms]
    asked_for = dice.sample(alive, len(alive) // 3)
    before = _bytes_of(tmp_path)
    assert all(one.sealed in before for one in asked_for if len(one.sealed) < 500)
    story.store.commit([], [], [], [], Erasure(now_ms, [one.id for one in asked_for]))
    assert story.store.clear_traces(everywhere=True)
    left = {str(row["id"]) for row in story.store.rows(t.sealed_record)}
    gone = [one for one in made if one.id not in left]
    assert len(gone) > len(made) // 2
    assert left
    after = _bytes_of(tmp_path)
    for one in gone:
        assert one.sealed[:24] not in after
        assert one.sealed[-24:] not in after
        assert one.fingerprint is not None
        assert one.fingerprint not in after
        assert one.id.encode() not in after
    kept_rows = {row["id"]: row["sealed"] for row in story.store.rows(t.sealed_record)}
    assert all(kept_rows[one.id] == one.sealed for one in made if one.id in left)


def test_a_reader_in_the_log_is_not_waited_for_and_the_next_hour_clears_it(
    tmp_path: Path, story: LaneStory
) -> None:
    """A report that reads for long must not hold up the lane (I14)."""
    story.ask(m.IssueTicket(id=uuid4(), service="A"), KIOSK)
    keep(story, "s-1", "screening", 0)
    sealed = bytes(story.store.rows(t.sealed_record)[0]["sealed"])
    with sqlite3.connect(tmp_path / "branch.db") as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sealed_record").fetchone()
        erase(story)
        story.lane.clear_traces()
        assert story.lane.traces_are_left
        assert sealed in _bytes_of(tmp_path)
        reader.rollback()
    story.clock.ms += ERASE_EVERY_MS
    erase(story)
    story.lane.clear_traces()
    assert not story.lane.traces_are_left
    assert sealed not in _bytes_of(tmp_path)


def test_it_is_the_same_on_postgresql(postgres_database: str) -> None:
    with Store.open(postgres_database) as store:
        a_whole_day(store)
        for name, days in (("old", 1), ("named", 90), ("new", 90)):
            at_ms = MORNING_MS
            record = SealedRecord(
                name, "screening", "2026-11-20", at_ms, b"f" * 32, b"s" * 40, at_ms + days * DAY_MS
            )
            store.commit([], [], [], [record])
        assert store.due(MORNING_MS + 2 * DAY_MS) == {"screening": 1}
        store.commit([], [], [], [], Erasure(MORNING_MS + 2 * DAY_MS, ["named"]))
        assert [row["id"] for row in store.rows(t.sealed_record)] == ["new"]
        assert store.clear_traces(everywhere=True)


def test_a_database_that_only_reads_erases_nothing(tmp_path: Path) -> None:
    Store.open(sqlite_url(tmp_path / "branch.db")).close()
    with (
        Store.open(sqlite_url(tmp_path / "branch.db"), read_only=True) as store,
        pytest.raises((AssertionError, DatabaseRefusedError)),
    ):
        store.commit([], [], [], [], Erasure(MORNING_MS))
