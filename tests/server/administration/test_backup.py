"""A copy that was never put back is no copy: every one is proven (F59)."""

import sqlite3
from pathlib import Path

import pytest

from db.engine import sqlite_url
from db.refusals import DatabaseLockedError, DatabaseRefusedError
from server.administration.backup import back_up, last_backup, restore
from server.administration.refusal import RefusedError
from server.administration.verify import verify
from server.store import LoadedDay, Store
from tests.server.stored_day import StoredDay, a_whole_day


def day_of(file: Path) -> LoadedDay:
    with Store.open(sqlite_url(file), read_only=True) as store:
        assert verify(store) == []
        return store.load_day()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "branch" / "branch.db"
    with Store.open(sqlite_url(path)) as store:
        a_whole_day(store)
    return path


def test_what_is_put_back_is_what_was_copied(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "usb" / "branch.db"
    with Store.open(sqlite_url(file), read_only=True) as store:
        back_up(store, copy)
    before = day_of(file)
    with Store.open(sqlite_url(file)) as store:
        story = StoredDay(store, "2026-11-21")
        story.issue("A")
        story.write()
    after = day_of(file)
    said = restore(copy, file)
    assert day_of(file) == before
    aside = next(file.parent.glob("branch.db.replaced-*Z"))
    assert str(aside) in said[1]
    assert day_of(aside) == after, "what was replaced is kept, newest rows too"


def test_a_copy_is_made_while_the_server_writes(file: Path, tmp_path: Path) -> None:
    with Store.open(sqlite_url(file)) as server:
        story = StoredDay(server, "2026-11-21")
        story.issue("A")
        story.write()
        with Store.open(sqlite_url(file), read_only=True) as store:
            back_up(store, tmp_path / "copy.db")
        story.issue("A")
        story.write()
    assert day_of(tmp_path / "copy.db").last_seq == story.seq - 1


def test_doctor_is_left_word_of_a_copy(file: Path, tmp_path: Path) -> None:
    assert last_backup(file) is None
    with Store.open(sqlite_url(file), read_only=True) as store:
        back_up(store, tmp_path / "copy.db")
    word = last_backup(file)
    assert word is not None
    assert word[1] == str(tmp_path / "copy.db")


def test_nothing_is_put_back_under_a_running_server(file: Path, tmp_path: Path) -> None:
    with Store.open(sqlite_url(file)) as server:
        back_up(server, tmp_path / "copy.db")
        with pytest.raises(DatabaseLockedError):
            restore(tmp_path / "copy.db", file)
    assert not list(file.parent.glob("*.replaced-*"))


def test_a_copy_goes_into_an_empty_folder(file: Path, tmp_path: Path) -> None:
    with Store.open(sqlite_url(file), read_only=True) as store:
        back_up(store, tmp_path / "copy.db")
    restore(tmp_path / "copy.db", tmp_path / "new" / "branch.db")
    assert day_of(tmp_path / "new" / "branch.db") == day_of(file)


def test_a_damaged_or_edited_copy_is_refused_and_nothing_is_replaced(
    file: Path, tmp_path: Path
) -> None:
    before = day_of(file)
    edited = tmp_path / "edited.db"
    with Store.open(sqlite_url(file), read_only=True) as store:
        back_up(store, edited)
    connection = sqlite3.connect(edited, isolation_level=None)
    connection.execute("UPDATE event SET actor = 'x' WHERE seq = 3")
    connection.close()
    with pytest.raises(RefusedError, match="does not verify: event 3 was changed"):
        restore(edited, file)
    torn = tmp_path / "torn.db"
    torn.write_bytes(edited.read_bytes()[: 5 * 4096])
    with pytest.raises((RefusedError, DatabaseRefusedError), match="damaged"):
        restore(torn, file)
    (tmp_path / "letter.txt").write_text("Dear branch, …")
    with pytest.raises(DatabaseRefusedError):
        restore(tmp_path / "letter.txt", file)
    with pytest.raises(RefusedError, match="no such file"):
        restore(tmp_path / "nowhere.db", file)
    assert day_of(file) == before
    assert not list(file.parent.glob("*.replaced-*"))


def test_the_database_is_not_copied_onto_itself(file: Path) -> None:
    before = file.read_bytes()
    with (
        Store.open(sqlite_url(file), read_only=True) as store,
        pytest.raises(RefusedError, match="the database itself"),
    ):
        back_up(store, file)
    assert file.read_bytes() == before


def test_postgresql_says_what_to_use_instead(postgres_database: str, tmp_path: Path) -> None:
    with (
        Store.open(postgres_database) as store,
        pytest.raises(DatabaseRefusedError, match="pg_dump"),
    ):
        back_up(store, tmp_path / "copy.db")
