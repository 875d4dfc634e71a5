"""Opening a database: what was asked for was taken, and one program writes at a time."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from db.engine import (
    SQLITE_WRITER_PRAGMAS,
    lock_path,
    open_database,
    set_pragmas,
    sqlite_url,
)
from db.lock import FileLock, lock_is_held
from db.refusals import DatabaseDamagedError, DatabaseLockedError, DatabaseRefusedError

HOLDER = """
import sys, time
from pathlib import Path
from db.lock import FileLock
lock = FileLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
time.sleep(60)
"""


def test_every_pragma_of_the_writer_was_taken(tmp_path: Path) -> None:
    """I1: above all synchronous=FULL, for without it a power cut takes acknowledged tickets."""
    database = open_database(sqlite_url(tmp_path / "branch.db"))
    with database.writing() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in SQLITE_WRITER_PRAGMAS
            if name != "mmap_size"
        }
    database.close()
    assert found == {k: v for k, v in SQLITE_WRITER_PRAGMAS.items() if k != "mmap_size"}
    assert found["synchronous"] == 2
    assert found["journal_mode"] == "wal"


def test_a_pragma_that_was_not_taken_is_an_error() -> None:
    """A file in memory cannot keep a write-ahead log, which SQLite does not say by itself."""
    connection = sqlite3.connect(":memory:")
    with pytest.raises(DatabaseRefusedError, match="did not take journal_mode=wal"):
        set_pragmas(connection, SQLITE_WRITER_PRAGMAS)
    connection.close()


def test_there_is_never_a_second_writer_connection(tmp_path: Path) -> None:
    """F07: two connections that write could damage the file."""
    database = open_database(sqlite_url(tmp_path / "branch.db"))
    with pytest.raises(Exception, match="QueuePool limit"):
        database.engine.connect()
    database.close()


def test_the_file_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "branch"
    open_database(sqlite_url(folder / "branch.db")).close()
    assert stat.S_IMODE((folder / "branch.db").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_lock_names_who_holds_it(tmp_path: Path) -> None:
    """F09."""
    database = open_database(sqlite_url(tmp_path / "branch.db"))
    with pytest.raises(DatabaseLockedError, match=f"process {os.getpid()}"):
        open_database(sqlite_url(tmp_path / "branch.db"))
    assert lock_is_held(lock_path(tmp_path / "branch.db"))
    database.close()
    assert not lock_is_held(lock_path(tmp_path / "branch.db"))
    open_database(sqlite_url(tmp_path / "branch.db")).close()


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "branch.db.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(DatabaseLockedError):
            FileLock(path).acquire()
        holder.send_signal(signal.SIGKILL)
    lock = FileLock(path)
    lock.acquire()
    lock.release()


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    """F06: never silently on bad data."""
    file = tmp_path / "branch.db"
    file.write_bytes(b"this was a database once" * 1000)
    with pytest.raises(DatabaseDamagedError, match="damaged"):
        open_database(sqlite_url(file))
    assert file.read_bytes().startswith(b"this was")


def test_a_missing_file_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(DatabaseRefusedError, match="There is no database"):
        open_database(sqlite_url(tmp_path / "branch.db"), read_only=True)
    assert not (tmp_path / "branch.db").exists()


@pytest.mark.parametrize("url", ["mysql://x/y", "branch.db", "", "postgresql+asyncpg://x/y"])
def test_an_address_that_is_not_supported_is_refused(url: str) -> None:
    with pytest.raises(DatabaseRefusedError):
        open_database(url)


def test_readers_see_one_moment(tmp_path: Path) -> None:
    database = open_database(sqlite_url(tmp_path / "branch.db"))
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a INTEGER)")
    with database.reading() as reader:
        assert reader.exec_driver_sql("SELECT count(*) FROM t").scalar() == 0
        with database.writing() as writer:
            writer.exec_driver_sql("INSERT INTO t VALUES (1)")
        assert reader.exec_driver_sql("SELECT count(*) FROM t").scalar() == 0
    database.close()


def test_an_error_does_not_repeat_what_rows_say(tmp_path: Path) -> None:
    """Law I12: the text of an error goes into logs, and rows are about people."""
    database = open_database(sqlite_url(tmp_path / "branch.db"))
    with pytest.raises(DatabaseRefusedError) as writing, database.writing() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:who)"), {"who": "Canary"})
    with pytest.raises(DatabaseRefusedError) as reading, database.reading() as connection:
        connection.execute(text("SELECT :who FROM nowhere"), {"who": "Canary"})
    database.close()
    for refused in (writing.value, reading.value):
        assert "Canary" not in str(refused)
        assert "Canary" not in str(refused.__cause__)
        assert "parameters hidden" in str(refused.__cause__)
