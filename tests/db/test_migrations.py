"""From one shape of the tables to the next: whole or not at all (F08)."""

import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from db.engine import open_database, sqlite_url
from db.migrations import FOLDER, SCHEMA_VERSION, VERSIONS, migrate
from db.refusals import DatabaseNewerError, DatabaseRefusedError
from db.tables import metadata
from server.store import Store

Versions = Callable[[str], Path]


@pytest.fixture
def second_version(tmp_path: Path) -> Versions:
    """A folder of migrations with a made-up version 9002 whose body is given."""

    def make(body: str) -> Path:
        folder = tmp_path / "migrations"
        shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "versions" / "9002_next.py").write_text(
            "import sqlalchemy as sa\nfrom alembic import op\n"
            f"revision = '9002'\ndown_revision = '{SCHEMA_VERSION}'\n"
            "branch_labels = depends_on = None\n"
            f"def upgrade():\n{textwrap.indent(textwrap.dedent(body), '    ')}\n"
        )
        return folder

    return make


def shape(file: Path) -> tuple[list[tuple[str, ...]], str]:
    """The tables of a file, and the version that it says it has."""
    connection = sqlite3.connect(file)
    tables = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    connection.close()
    return tables, version


def test_the_constant_names_the_newest_migration() -> None:
    """Alembic is imported only when they differ, so the constant must be right."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    assert script.get_current_head() == SCHEMA_VERSION
    assert [one.revision for one in script.walk_revisions()][::-1] == list(VERSIONS)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_migrations_make_exactly_the_tables(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = (
        sqlite_url(tmp_path / "branch.db")
        if kind == "sqlite"
        else request.getfixturevalue("postgres_database")
    )
    database = open_database(url)
    migrate(database)
    with database.writing() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    database.close()
    assert differences == []


def test_an_up_to_date_database_is_opened_without_alembic(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "branch.db")
    Store.open(url).close()
    program = (
        "import sys; from server.store import Store; "
        f"Store.open({url!r}).close(); print('alembic' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "False"


def test_a_newer_database_is_refused_by_an_older_program(tmp_path: Path) -> None:
    file = tmp_path / "branch.db"
    Store.open(sqlite_url(file)).close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for read_only in (False, True):
        with pytest.raises(DatabaseNewerError, match="Install the newer version"):
            Store.open(sqlite_url(file), read_only=read_only)


def test_somebody_elses_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "branch.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE recipe (name TEXT)")
    connection.close()
    with pytest.raises(DatabaseRefusedError, match="not a branch database"):
        Store.open(sqlite_url(file))
    connection = sqlite3.connect(file)
    names = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert names == [("recipe",)]


def test_a_copy_is_made_before_an_existing_file_is_migrated(
    tmp_path: Path, second_version: Versions
) -> None:
    file = tmp_path / "branch.db"
    Store.open(sqlite_url(file)).close()
    before = shape(file)
    folder = second_version("op.add_column('staff', sa.Column('badge', sa.Text()))")
    database = open_database(sqlite_url(file))
    copy = migrate(database, folder=folder, versions=(*VERSIONS, "9002"))
    database.close()
    assert copy is not None
    assert shape(copy) == before
    assert shape(file)[1] == "9002"


def test_a_migration_that_breaks_midway_changes_nothing(
    tmp_path: Path, second_version: Versions
) -> None:
    file = tmp_path / "branch.db"
    Store.open(sqlite_url(file)).close()
    before = shape(file)
    folder = second_version(
        """
        op.add_column('staff', sa.Column('badge', sa.Text()))
        op.execute("UPDATE setting SET value = 'half'")
        op.create_table('half', sa.Column('a', sa.Integer()))
        raise RuntimeError('midway')
        """
    )
    database = open_database(sqlite_url(file))
    with pytest.raises(RuntimeError, match="midway"):
        migrate(database, folder=folder, versions=(*VERSIONS, "9002"))
    database.close()
    assert shape(file) == before
    Store.open(sqlite_url(file)).close()


def test_a_migration_that_is_killed_midway_changes_nothing(
    tmp_path: Path, second_version: Versions
) -> None:
    file = tmp_path / "branch.db"
    Store.open(sqlite_url(file)).close()
    before = shape(file)
    folder = second_version(
        """
        import os, signal
        op.add_column('staff', sa.Column('badge', sa.Text()))
        op.create_table('half', sa.Column('a', sa.Integer()))
        os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    program = (
        "from pathlib import Path; from db.engine import open_database; "
        "from db.migrations import VERSIONS, migrate; "
        f"migrate(open_database({sqlite_url(file)!r}), folder=Path({str(folder)!r}), "
        "versions=(*VERSIONS, '9002'))"
    )
    died = subprocess.run([sys.executable, "-c", program], check=False)
    assert died.returncode == -signal.SIGKILL
    assert shape(file) == before
    Store.open(sqlite_url(file)).close()
