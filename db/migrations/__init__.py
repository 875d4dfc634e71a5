"""From an older shape of the tables to the newest, or from nothing.

Alembic takes 0.3 s to import, so it is asked for only when the database is not of today's shape.
"""

import logging
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from db.backup import copy_sqlite
from db.engine import Database
from db.refusals import DatabaseNewerError, DatabaseRefusedError

log = logging.getLogger(__name__)

# Every version that was ever released, oldest first; a test compares it with versions/.
VERSIONS = ("0001", "0002", "0003", "0004", "0005")
SCHEMA_VERSION = VERSIONS[-1]
FOLDER = Path(__file__).resolve().parent


def stored_version(connection: Connection) -> str | None:
    """The version of the tables, None for an empty database.

    Raises DatabaseRefusedError for a database that holds something else.
    """
    names = set(inspect(connection).get_table_names())
    if "alembic_version" in names:
        version: str | None = connection.execute(
            text("SELECT version_num FROM alembic_version")
        ).scalar()
        if version is not None:
            return version
    if names - {"alembic_version"}:
        raise DatabaseRefusedError(
            "This database has tables but no version of ours: it is not a branch database. "
            "Choose another --data folder or --database."
        )
    return None


def demand_current(connection: Connection, versions: tuple[str, ...] = VERSIONS) -> None:
    """Refuse to read tables of another shape, naming the cure (F08)."""
    version = stored_version(connection)
    if version is None:
        raise DatabaseRefusedError("This database is empty: start antrean-server once to fill it.")
    _refuse_newer(version, versions)
    if version != versions[-1]:
        raise DatabaseRefusedError(
            f"This database has the older shape {version}: start antrean-server once, which "
            f"brings it to {versions[-1]}."
        )


def _refuse_newer(version: str, versions: tuple[str, ...]) -> None:
    if version not in versions:
        raise DatabaseNewerError(
            f"This database has the shape {version}, which this program does not know "
            f"(it knows up to {versions[-1]}). Install the newer version of antrean again."
        )


def migrate(
    database: Database, *, folder: Path = FOLDER, versions: tuple[str, ...] = VERSIONS
) -> Path | None:
    """Bring the tables to the newest shape, in one transaction: old or new, never mixed (F08).

    An SQLite file that holds data is copied first; the answer is where the copy lies. The
    arguments beyond the database are for tests of the way itself.
    """
    with database.writing() as connection:
        version = stored_version(connection)
    if version == versions[-1]:
        return None
    copy: Path | None = None
    if version is not None:
        _refuse_newer(version, versions)
        if database.file is not None:
            copy = database.file.with_name(f"{database.file.name}.before-{versions[-1]}")
            copy_sqlite(database, copy)
        log.info("migrating from %s to %s, copy: %s", version, versions[-1], copy or "none")
    _run_alembic(database, folder)
    return copy


def _run_alembic(database: Database, folder: Path) -> None:
    from alembic import command
    from alembic.config import Config

    with database.writing() as connection:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
