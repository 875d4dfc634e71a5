"""Opening a database: SQLite as a file of the branch, or PostgreSQL.

There is one writer connection, which alone writes and checkpoints: SQLite before 3.51.3 can
damage a file that two connections write and checkpoint at once (F07). Readers have connections
of their own that cannot write. What SQLite was asked for is read back at every connect.
"""

import shutil
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.pool import QueuePool, StaticPool

from db.lock import FileLock
from db.refusals import (
    DatabaseDamagedError,
    DatabaseLockedError,
    DatabaseRefusedError,
    DiskFailedError,
)

BUSY_TIMEOUT_S = 2.0
# Pages in the write-ahead log before it goes into the file: some 16 MB, about every 200 batches.
WAL_AUTOCHECKPOINT_PAGES = 4000
# "antrean" as a number: the name of our advisory lock in PostgreSQL.
ADVISORY_LOCK = 0x616E7472
SQLITE_WRITER_PRAGMAS: dict[str, object] = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: with NORMAL a power cut may take back what was acknowledged
    "foreign_keys": 1,
    "busy_timeout": int(BUSY_TIMEOUT_S * 1000),
    "wal_autocheckpoint": WAL_AUTOCHECKPOINT_PAGES,
    "mmap_size": 0,
    "cache_size": -16 * 1024,  # KiB: a day's pages and the upper ones of the years before
    "secure_delete": 1,  # what is erased is overwritten with zeros, not only forgotten
}
# What rows say must not reach a log by way of an error's text (law I12).
_QUIET: dict[str, Any] = {"hide_parameters": True}
_DISK_ERRORS = ("SQLITE_IOERR", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_CANTOPEN")


def sqlite_url(path: Path) -> str:
    """The address of a database file."""
    return URL.create("sqlite", database=str(path.absolute())).render_as_string()


def _normal(url: str) -> URL:
    """The address with the driver that we ship; refuses what we were never tested with."""
    try:
        parsed = make_url(url)
    except Exception as error:
        raise DatabaseRefusedError(
            f"{url!r} is no database address. Examples: sqlite:////srv/branch.db, "
            "postgresql://antrean@localhost/antrean"
        ) from error
    if parsed.drivername in ("postgresql", "postgresql+psycopg", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        return parsed.set(drivername="sqlite+pysqlite")
    raise DatabaseRefusedError(
        f"{parsed.drivername!r} is not supported: use sqlite:///FILE or postgresql://…"
    )


class Database:
    """An open database: one writer at most, any number of readers."""

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        self.url = _normal(url)
        self.read_only = read_only
        self.file = _file_of(self.url)
        self._lock: FileLock | None = None
        self._writing = threading.RLock()
        self._writer: Connection | None = None
        self._writer_engine: Engine | None = None
        self._in_memory = self.url.get_backend_name() == "sqlite" and self.file is None
        if read_only:
            self._demand_file()
        else:
            self._open_writer_engine()
        self._reader_engine = self._writer_engine if self._in_memory else self._make_reader()

    @property
    def is_sqlite(self) -> bool:
        """Whether this is an SQLite database."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def name(self) -> str:
        """The address without its password, for messages."""
        return str(self.file) if self.file else self.url.render_as_string(hide_password=True)

    @property
    def engine(self) -> Engine:
        """The writer's engine."""
        assert self._writer_engine is not None, "opened read-only"
        return self._writer_engine

    def _demand_file(self) -> None:
        if self.file is not None and not self.file.is_file():
            raise DatabaseRefusedError(
                f"There is no database {self.file}. Start antrean-server --data "
                f"{self.file.parent} once to make it, or name the right folder."
            )

    # The writer.

    def _open_writer_engine(self) -> None:
        if self.file is not None:
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = FileLock(lock_path(self.file))
            self._lock.acquire()
            # For its owner alone from its first byte on; SQLite's other files take after it.
            self.file.touch(mode=0o600, exist_ok=True)
        try:
            self._writer_engine = self._make_writer()
            self._connect_writer()
        except BaseException:
            if self._lock is not None:
                self._lock.release()
            raise

    def _make_writer(self) -> Engine:
        if not self.is_sqlite:
            engine = create_engine(
                self.url,
                paramstyle="format",
                poolclass=QueuePool,
                pool_size=1,
                max_overflow=0,
                **_QUIET,
            )
            event.listen(engine, "connect", _take_advisory_lock)
            return engine
        target = str(self.file) if self.file is not None else ":memory:"

        def connect() -> sqlite3.Connection:
            return sqlite3.connect(
                target, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )

        # A second checkout would be a second writer: with one place in the pool it fails at once.
        engine = (
            create_engine(self.url, creator=connect, poolclass=StaticPool, **_QUIET)
            if self._in_memory
            else create_engine(
                self.url,
                creator=connect,
                poolclass=QueuePool,
                pool_size=1,
                max_overflow=0,
                pool_timeout=0,
                **_QUIET,
            )
        )
        pragmas = dict(SQLITE_WRITER_PRAGMAS)
        if self._in_memory:
            pragmas["journal_mode"] = "memory"
        event.listen(engine, "connect", lambda connection, record: set_pragmas(connection, pragmas))
        event.listen(engine, "begin", _begin_immediate)
        return engine

    def _connect_writer(self) -> Connection:
        if self._writer is None or self._writer.closed or self._writer.invalidated:
            assert self._writer_engine is not None, "opened read-only"
            try:
                self._writer = self._writer_engine.connect()
                self._writer.rollback()
            except DBAPIError as error:
                raise _readable(error, self.name) from error
        return self._writer

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction on the writer connection; commits at the end, or rolls back."""
        with self._writing:
            connection = self._connect_writer()
            try:
                with connection.begin():
                    yield connection
            except DatabaseError as error:
                raise _readable(error, self.name) from error

    @contextmanager
    def raw_writing(self) -> Iterator[Any]:
        """The same as a cursor of the driver, for the lane: a fifth of the time per row.

        Raises DiskFailedError if the disk failed; any other error of the driver as it is.
        """
        with self._writing:
            connection = self._connect_writer()
            driver = connection.connection.dbapi_connection
            assert driver is not None
            try:
                with _sqlite_raw(driver) if self.is_sqlite else _postgres_raw(driver) as cursor:
                    yield cursor
            except sqlite3.Error as error:
                if (getattr(error, "sqlite_errorname", "") or "").startswith(_DISK_ERRORS):
                    raise DiskFailedError(f"{self.name}: {error}") from error
                raise
            except Exception:
                if getattr(driver, "closed", False):
                    # The server went away: the next batch makes a new connection, and takes
                    # the lock again before it writes.
                    connection.invalidate()
                raise

    @contextmanager
    def writing_alone(self) -> Iterator[Any]:
        """The driver's connection with no transaction open, for what cannot stand in one."""
        with self._writing:
            driver = self._connect_writer().connection.dbapi_connection
            assert driver is not None
            try:
                yield driver
            except sqlite3.Error as error:
                if (getattr(error, "sqlite_errorname", "") or "").startswith(_DISK_ERRORS):
                    raise DiskFailedError(f"{self.name}: {error}") from error
                raise DatabaseRefusedError(f"The database {self.name} is busy: {error}") from error

    # The readers.

    def _make_reader(self) -> Engine:
        if not self.is_sqlite:
            return create_engine(
                self.url,
                **_QUIET,
                pool_pre_ping=True,
                isolation_level="REPEATABLE READ",  # all questions of one reading see one moment
                connect_args={"options": "-c default_transaction_read_only=on"},
            )
        assert self.file is not None
        target = f"{self.file.absolute().as_uri()}?mode=ro"

        def connect() -> sqlite3.Connection:
            return sqlite3.connect(
                target,
                uri=True,
                timeout=BUSY_TIMEOUT_S,
                isolation_level=None,
                check_same_thread=False,
            )

        engine = create_engine(self.url, creator=connect, poolclass=QueuePool, **_QUIET)
        pragmas = {"query_only": 1, "busy_timeout": int(BUSY_TIMEOUT_S * 1000), "mmap_size": 0}
        event.listen(engine, "connect", lambda connection, record: set_pragmas(connection, pragmas))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        return engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one moment of what is on the disk, and cannot write."""
        if self._in_memory:
            with self._writing:
                yield self._connect_writer()
                self._connect_writer().rollback()
            return
        assert self._reader_engine is not None
        try:
            with self._reader_engine.connect() as connection:
                yield connection
        except DatabaseError as error:
            raise _readable(error, self.name) from error

    def close(self) -> None:
        """Let go of connections and lock."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        for engine in (self._reader_engine, self._writer_engine):
            if engine is not None:
                engine.dispose()
        if self._lock is not None:
            self._lock.release()


def open_database(url: str, *, read_only: bool = False) -> Database:
    """Open a database; writing takes the branch's lock, so there is one writer at a time.

    Raises DatabaseRefusedError with a sentence that says what to do.
    """
    return Database(url, read_only=read_only)


def lock_path(database_file: Path) -> Path:
    """The lock file beside a database file."""
    return database_file.with_name(f"{database_file.name}.lock")


def set_pragmas(connection: sqlite3.Connection, pragmas: Mapping[str, object]) -> None:
    """Set pragmas and read each back: SQLite ignores in silence what it cannot do."""
    for name, wanted in pragmas.items():
        connection.execute(f"PRAGMA {name}={wanted}")
        row = connection.execute(f"PRAGMA {name}").fetchone()
        # Without mmap support there is no row, which is as good as 0.
        found = row[0] if row else 0
        if found != wanted:
            raise DatabaseRefusedError(
                f"SQLite did not take {name}={wanted} (it has {found}). Is the folder on a "
                "network drive? The database must lie on a local disk."
            )


def _file_of(url: URL) -> Path | None:
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database)).absolute()


def _begin_immediate(connection: Connection) -> None:
    # At once the writer's lock: a deferred one could fail half-way through.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _take_advisory_lock(connection: Any, record: object) -> None:
    """PostgreSQL's lock for one writer, held as long as the connection lives."""
    before = connection.autocommit
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", (ADVISORY_LOCK,))
        if not cursor.fetchone()[0]:
            connection.close()
            raise DatabaseLockedError(
                "Another antrean-server is using this PostgreSQL database. Stop it first, or "
                "name another database with --database."
            )
        # As durable as SQLite's synchronous=FULL, whatever the server's default says.
        cursor.execute("SET synchronous_commit = on")
    connection.autocommit = before


@contextmanager
def _sqlite_raw(driver: Any) -> Iterator[Any]:
    cursor = driver.cursor()
    cursor.execute("BEGIN IMMEDIATE")
    try:
        yield cursor
        cursor.execute("COMMIT")
    except BaseException:
        # After some errors SQLite has rolled back by itself.
        if driver.in_transaction:
            cursor.execute("ROLLBACK")
        raise
    finally:
        cursor.close()


@contextmanager
def _postgres_raw(driver: Any) -> Iterator[Any]:
    # A pipeline: one round trip for the whole batch instead of one per statement.
    with driver.transaction(), driver.pipeline(), driver.cursor() as cursor:
        yield cursor


def _readable(error: DBAPIError, name: str) -> DatabaseRefusedError:
    code = getattr(error.orig, "sqlite_errorname", "") or ""
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return DatabaseDamagedError(
            f"The database {name} is damaged ({error.orig}). Keep the file, and put the newest "
            "backup in its place with 'antrean-server restore FILE'."
        )
    return DatabaseRefusedError(f"The database {name} cannot be read: {error.orig}")


def free_bytes(path: Path) -> int:
    """How much room the disk of a folder has."""
    return shutil.disk_usage(path).free


def total_bytes(path: Path) -> int:
    """How large the disk of a folder is."""
    return shutil.disk_usage(path).total


def sqlite_version() -> tuple[int, ...]:
    """The version of the SQLite library in this Python."""
    return sqlite3.sqlite_version_info


def journal_mode(connection: Connection) -> str:
    """How an SQLite file keeps what is being written."""
    return str(connection.execute(text("PRAGMA journal_mode")).scalar())


def check_integrity(connection: Connection) -> list[str]:
    """What the database says about its own pages; empty when all is well."""
    if connection.dialect.name != "sqlite":
        return []
    rows = connection.execute(text("PRAGMA quick_check")).scalars().all()
    return [] if rows == ["ok"] else [str(row) for row in rows]
