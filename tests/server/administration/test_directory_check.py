"""``antrean-server doctor`` about the membership directory: each finding has its cure."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.engine import sqlite_url
from server.adapters.sealing import KeySealer
from server.administration.directory_check import look_at_directory
from server.administration.members import import_members
from server.administration.settings import set_setting
from server.store import Store
from tests.vclaim_server import VClaimServer

SEALER = KeySealer(b"a key of 32 bytes for our tests!")
AT_MS = 1_795_136_400_000
DAY_MS = 24 * 3600 * 1000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(sqlite_url(tmp_path / "branch.db")) as opened:
        yield opened


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    path = tmp_path / "vclaim.toml"
    path.write_text('secret = "s"\nuser_key = "k"\n')
    path.chmod(0o600)
    return path


def test_no_directory_is_well(store: Store, tmp_path: Path) -> None:
    assert look_at_directory(store, tmp_path / "x", AT_MS).level == "ok"


def test_a_list_is_missed_while_there_is_none_and_told_of_when_it_is_old(
    store: Store, tmp_path: Path
) -> None:
    set_setting(store, "directory.kind", "file")
    missing = look_at_directory(store, tmp_path / "x", AT_MS)
    assert (missing.level, "members import" in missing.cure) == ("error", True)
    table = tmp_path / "members.csv"
    table.write_text("nik\n3578080102030001\n")
    import_members(store, SEALER, table, AT_MS)
    assert look_at_directory(store, tmp_path / "x", AT_MS + 31 * DAY_MS).level == "ok"
    old = look_at_directory(store, tmp_path / "x", AT_MS + 32 * DAY_MS)
    assert (old.level, old.what) == ("warning", "the list of members is 32 days old")


def test_vclaim_is_tried_without_looking_anybody_up(store: Store, secrets: Path) -> None:
    set_setting(store, "directory.kind", "vclaim")
    assert look_at_directory(store, secrets, AT_MS).level == "error"
    set_setting(store, "directory.vclaim_cons_id", "12345")
    with VClaimServer() as vclaim:
        set_setting(store, "directory.vclaim_url", vclaim.url)
        assert look_at_directory(store, secrets, AT_MS).level == "ok"
        assert vclaim.asked == []
    gone = look_at_directory(store, secrets, AT_MS)
    assert (gone.level, "firewall" in gone.cure) == ("warning", True)
    secrets.chmod(0o644)
    shown = look_at_directory(store, secrets, AT_MS)
    assert (shown.level, "chmod 600" in shown.what) == ("error", True)
