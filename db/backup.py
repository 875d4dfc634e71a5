"""Copies of a live SQLite database, and putting one back."""

import os
import sqlite3
from pathlib import Path

from db.engine import Database
from db.refusals import DatabaseRefusedError

_COPY_PAGES = 4096


def copy_sqlite(database: Database, target: Path) -> None:
    """Write a whole and consistent copy, also while a server is writing.

    The copy appears under its name only when it is complete and on the disk.
    """
    if database.file is None:
        raise DatabaseRefusedError(
            "This branch lies in PostgreSQL: make its backup with pg_dump, which takes one "
            "consistent moment too."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    source = sqlite3.connect(f"{database.file.as_uri()}?mode=ro", uri=True)
    try:
        copy = sqlite3.connect(unfinished)
        try:
            # In steps, so that a server that writes meanwhile waits for none of them.
            source.backup(copy, pages=_COPY_PAGES)
            copy.execute("PRAGMA journal_mode=DELETE")
        finally:
            copy.close()
    finally:
        source.close()
    sync(unfinished)
    unfinished.chmod(0o600)
    unfinished.replace(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, onto the disk."""
    if os.name == "nt" and path.is_dir():  # pragma: no cover
        return  # Windows cannot open a folder like this, and writes its names down itself
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_back(copy: Path, database_file: Path, aside: Path) -> None:
    """Replace a database file by a copy; the replaced one is kept at ``aside``.

    The caller holds the lock and has checked the copy.
    """
    incoming = database_file.with_name(f"{database_file.name}.incoming")
    incoming.write_bytes(copy.read_bytes())
    incoming.chmod(0o600)
    sync(incoming)
    if database_file.exists():
        # The log holds the newest rows of the replaced file: it goes with it.
        for ending in ("-wal", "-shm"):
            companion = database_file.with_name(database_file.name + ending)
            if companion.exists():
                companion.replace(aside.with_name(aside.name + ending))
        database_file.replace(aside)
    incoming.replace(database_file)
    sync(database_file.parent)
