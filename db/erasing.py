"""Erasing what stands under seal, so that its bytes are gone from the files and not only its rows.

SQLite overwrites deleted rows with zeros (``secure_delete``). Two places keep copies longer: the
write-ahead log, which is emptied afterwards, and the gaps of pages whose rows were moved, which
are gone when the table is written anew. PostgreSQL gives no such word; docs/privacy.md says so.
"""

from contextlib import closing
from typing import Any

from sqlalchemy import Connection, func, select

from db import tables as t
from db.engine import Database

# Readers are over in a moment, or they are long and the log waits for another time.
EMPTY_WITHIN_MS = 100
_SEALED = t.sealed_record.c
# Whatever the order of the columns is in this file, it is the same in both.
_ALL_OF_IT = "SELECT * FROM sealed_record ORDER BY branch, id"
_ALL_AGAIN = "INSERT INTO sealed_record VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


def count_due(connection: Connection, branch: str, until_ms: int) -> dict[str, int]:
    """How many records of each kind are at the end of their time."""
    rows = connection.execute(
        select(_SEALED.kind, func.count().label("due"))
        .where(_SEALED.branch == branch, _SEALED.erase_at_ms <= until_ms)
        .group_by(_SEALED.kind)
        .order_by(_SEALED.kind)
    )
    return {row.kind: row.due for row in rows}


def write_sealed_anew(database: Database) -> int:
    """Write every record under seal once more, so that no gap between rows holds an erased one.

    Says how many there are. The lane waits meanwhile, some 15 µs for each, so it is done with
    the driver's own statements; Core's take 40 µs.
    """
    if not database.is_sqlite:
        return 0
    with database.writing() as connection:
        rows = [tuple(row) for row in connection.exec_driver_sql(_ALL_OF_IT)]
        connection.exec_driver_sql("DELETE FROM sealed_record")
        if rows:
            connection.exec_driver_sql(_ALL_AGAIN, rows)
    return len(rows)


def empty_log(database: Database) -> bool:
    """Bring the write-ahead log into the file and cut it to nothing; False: a reader is in it."""
    if database.file is None:
        return True
    with database.writing_alone() as driver, closing(driver.cursor()) as cursor:
        before = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout={EMPTY_WITHIN_MS}")
        try:
            busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout={before}")
    return not busy


def all_sealed(connection: Connection, branch: str) -> list[Any]:
    """Everything under seal, oldest first."""
    return list(
        connection.execute(
            select(t.sealed_record).where(_SEALED.branch == branch).order_by(_SEALED.at_ms)
        )
    )
