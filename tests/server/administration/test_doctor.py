"""The doctor finds what is wrong and names a cure for each."""

import os
import socket
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from db.engine import sqlite_url
from server.administration.backup import back_up
from server.administration.certificate import make_certificates
from server.administration.doctor import Finding, examine
from server.administration.settings import set_setting
from server.administration.startup import Startup, read_startup
from server.store import Store
from tests.server.stored_day import DAY_MS, MORNING_MS, a_whole_day

NOW_MS = MORNING_MS + 3_600_000


@pytest.fixture
def startup(tmp_path: Path) -> Startup:
    with Store.open(sqlite_url(tmp_path / "branch.db")) as store:
        a_whole_day(store)
    return read_startup({"data": str(tmp_path), "port": "0"}, {"ANTREAN_SETTINGS": ""})


def findings(startup: Startup, now_ms: int = NOW_MS) -> dict[str, Finding]:
    url = startup.database or sqlite_url(startup.data / "branch.db")
    found = list(examine(startup, url, lambda: now_ms))
    for finding in found:
        assert finding.level in ("ok", "warning", "error")
        assert finding.level == "ok" or finding.cure, f"no cure for {finding}"
    return {finding.about: finding for finding in found}


def test_a_sound_branch_has_no_error(startup: Startup) -> None:
    found = findings(startup)
    assert [one for one in found.values() if one.level == "error"] == []
    assert found["history"].what.endswith("newest day 2026-11-20")
    assert found["pages"].level == "ok"


def test_a_new_branch_is_told_what_it_lacks(startup: Startup) -> None:
    found = findings(startup)
    assert {found[about].level for about in ("devices", "staff", "backup")} == {"warning"}


def test_a_clock_behind_the_last_event_is_an_error(startup: Startup) -> None:
    """F15: a dead battery brings the machine back to 2000."""
    assert findings(startup, now_ms=946_684_800_000)["clock"].level == "error"
    assert findings(startup)["clock"].what == "2026-11-20 09:00:00 at the branch"


def test_a_cut_history_is_an_error(startup: Startup) -> None:
    connection = sqlite3.connect(startup.data / "branch.db", isolation_level=None)
    connection.execute("DELETE FROM event WHERE seq > 10")
    connection.close()
    assert findings(startup)["history"].level == "error"


def test_a_damaged_database_is_an_error_not_a_crash(startup: Startup) -> None:
    (startup.data / "branch.db").write_bytes(b"rubbish" * 5000)
    assert findings(startup)["database"].level == "error"


def test_a_folder_that_is_not_there_is_an_error(startup: Startup, tmp_path: Path) -> None:
    assert findings(replace(startup, data=tmp_path / "none"))["data folder"].level == "error"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such permissions")
def test_a_file_that_others_may_read_is_warned_of(startup: Startup) -> None:
    (startup.data / "branch.db").chmod(0o644)
    assert "chmod 600" in findings(startup)["data folder"].cure


def test_a_taken_port_is_an_error_unless_it_is_our_own_server(startup: Startup) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = replace(startup, port=other.getsockname()[1])
        assert findings(taken)["port"].level == "error"
        with Store.open(sqlite_url(startup.data / "branch.db")):
            assert findings(taken)["server"].what == "is running on this database"


def test_the_age_of_the_last_copy_counts(startup: Startup, tmp_path: Path) -> None:
    """F59."""
    with Store.open(sqlite_url(startup.data / "branch.db"), read_only=True) as store:
        back_up(store, tmp_path / "copy.db")
    made_ms = int((tmp_path / "last-backup.json").stat().st_mtime * 1000)
    assert findings(startup, made_ms + 1000)["backup"].level == "ok"
    assert findings(startup, made_ms + 2 * DAY_MS)["backup"].level == "warning"


def test_lifted_limits_and_unusable_settings_are_warned_of(startup: Startup) -> None:
    with Store.open(sqlite_url(startup.data / "branch.db")) as store:
        set_setting(store, "limits.commands_per_s", "0")
        with store.database.writing() as connection:
            connection.exec_driver_sql("INSERT INTO setting VALUES ('1301', 'day.starts_at', 'x')")
    found = findings(startup)
    assert found["limits"].level == "warning"
    assert "day.starts_at" in found["settings"].what


def test_a_branch_of_an_older_version_is_told_what_its_door_lacks(startup: Startup) -> None:
    """What came with the front door's version starts empty where the branch was there before."""
    assert "front door" not in findings(startup)
    url = sqlite_url(startup.data / "branch.db")
    with Store.open(url) as store, store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM catalogue_entry")
    found = findings(startup)["front door"]
    assert found.level == "warning"
    assert "catalogue load" in found.cure


def test_the_certificate_is_looked_at(startup: Startup, tmp_path: Path) -> None:
    """F26."""
    paths = make_certificates(tmp_path / "certificates", "1301", ["127.0.0.1"])
    good = replace(startup, certificate=paths["certificate"], key=paths["key"])
    assert findings(good)["certificate"].level == "ok"
    bad = replace(startup, certificate=paths["key"], key=paths["key"])
    assert findings(bad)["certificate"].level == "error"
