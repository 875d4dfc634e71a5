"""Copies of the branch's database: making one, and putting one back (F59)."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

from db.backup import copy_sqlite, put_back
from db.engine import check_integrity, lock_path, open_database, sqlite_url
from db.lock import FileLock
from db.migrations import SCHEMA_VERSION, VERSIONS, stored_version
from server.administration.refusal import RefusedError
from server.administration.verify import verify
from server.store import Store

NOTE = "last-backup.json"
KEY_NOTE = (
    "The branch's key is not in this copy: without it nothing under seal in the copy can be read. "
    "Keep a copy of the key apart from the backups: 'antrean-server key export FILE'."
)


def back_up(store: Store, target: Path) -> str:
    """Write a copy, also while the server runs, and prove that it can be read back."""
    if store.database.file is not None and target.absolute() == store.database.file:
        raise RefusedError("That is the database itself: name another file for the copy.")
    copy_sqlite(store.database, target)
    demand_sound(target)
    _note(store, target)
    return f"{target} ({target.stat().st_size / 1e6:.1f} MB)"


def _note(store: Store, target: Path) -> None:
    """Leave word for ``doctor``; the database itself may belong to a running server."""
    if store.database.file is None:
        return
    note = store.database.file.with_name(NOTE)
    unfinished = note.with_name(f"{NOTE}.unfinished")
    made = {"file": str(target.absolute()), "at_ms": time.time_ns() // 1_000_000}
    unfinished.write_text(json.dumps(made) + "\n", "utf-8")
    unfinished.replace(note)


def last_backup(database_file: Path) -> tuple[int, str] | None:
    """When the last copy was made (ms) and where it is; None if there is no word of one."""
    note = database_file.with_name(NOTE)
    try:
        made = json.loads(note.read_text("utf-8"))
        return int(made["at_ms"]), str(made["file"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # no word of a copy counts as no copy


def demand_sound(copy: Path) -> str:
    """The version of a copy's tables; refuses a copy that is damaged or was changed."""
    if not copy.is_file():
        raise RefusedError(f"{copy}: there is no such file.")
    database = open_database(sqlite_url(copy), read_only=True)
    try:
        with database.reading() as connection:
            version = stored_version(connection)
            damage = check_integrity(connection)
    finally:
        database.close()
    if version is None or version not in VERSIONS:
        raise RefusedError(f"{copy} is no copy of a branch that this version can read.")
    if damage:
        raise RefusedError(f"{copy} is damaged: {'; '.join(damage[:3])}")
    if version == SCHEMA_VERSION:
        with Store.open(sqlite_url(copy), read_only=True) as store:
            problems = verify(store)
        if problems:
            raise RefusedError(f"{copy} does not verify: {'; '.join(problems[:3])}")
    return version


def restore(copy: Path, database_file: Path) -> list[str]:
    """Put a proven copy in the place of the database; the replaced one is kept aside.

    Raises DatabaseLockedError while a server runs.
    """
    database_file.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(lock_path(database_file))
    lock.acquire()
    try:
        demand_sound(copy)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        aside = database_file.with_name(f"{database_file.name}.replaced-{stamp}")
        existed = database_file.exists()
        put_back(copy, database_file, aside)
    finally:
        lock.release()
    said = [f"{database_file} is now the copy {copy}"]
    if existed:
        said.append(f"the replaced database is kept as {aside}")
    said.append(
        "what is past its time is erased again at the next start; whoever asked to be erased "
        "since that copy must be erased again: 'antrean-server privacy erase'"
    )
    return said
