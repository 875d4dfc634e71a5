"""The branch's key and one person's data in an administrator's hands (UU PDP Art. 31-46)."""

import io
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from db import tables as t
from db.engine import sqlite_url
from db.members import MemberRow, replace_members
from protocol import messages as m
from server.__main__ import main
from server.adapters.branch_key import BranchKeyError, branch_key
from server.adapters.sealing import KeySealer
from server.administration.doctor import examine
from server.administration.key import sealer_of
from server.administration.privacy import (
    erase_person,
    export_person,
    find_person,
    read_who,
    sweep,
)
from server.administration.privacy_report import read_report
from server.administration.startup import read_startup
from server.administration.verify import verify
from server.domain.events import PersonalDataErased
from server.ports import SealedRecord
from server.store import Store
from tests.running_branch import BranchDidNotStartError, RunningBranch
from tests.server.lane_story import BUDI, DEWI, DOOR, OFFICE, LaneStory
from tests.server.stored_day import a_whole_day

THAT_DAY_MS = 1_795_136_400_000  # 2026-11-20, 08:00 at the branch
A_MONTH_MS = 31 * 24 * 3600 * 1000
SARI, TONO = "3578085102030001", "3515144508680002"
SECRETS = (SARI, TONO, "Sari Canary", "Jalan Canary 1", "081234567890", "bayi kembar", "kasar")


class OfficeStory(LaneStory):
    """A lane whose key lies in the branch's folder, as a server's does."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.sealer = KeySealer(branch_key(folder))
        self.restart()
        self.sit_down(1)
        self.sign_in(DOOR, BUDI)
        self.sign_in(OFFICE, DEWI)

    def say(self, word: m.AnyCommand, asker: Any = DOOR) -> Any:
        answer = self.ask(word, asker)
        assert answer["type"] == "Accepted", answer
        return answer


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A branch in which Sari came twice, once with a complaint to follow, and Tono once."""
    folder = tmp_path / "branch"
    folder.mkdir()
    story = OfficeStory(folder)
    first = story.say(
        m.RecordScreening(
            id=uuid4(), outcome="ticket", service="A", identifier=SARI, note="bayi kembar"
        )
    )
    story.say(
        m.RecordScreening(id=uuid4(), outcome="self-service", identifier=f" {SARI[:8]} {SARI[8:]}")
    )
    story.say(m.RecordScreening(id=uuid4(), outcome="self-service", identifier=TONO))
    story.say(m.RecordGuest(id=uuid4(), name="Sari Canary", purpose="meeting", consent=True))
    story.say(m.RevealRecord(id=uuid4(), record=first["screening"], reason="cek KTP"), OFFICE)
    mark = story.sealer.fingerprint("nik", SARI)
    sealed = story.sealer.seal("member", mark.hex(), {"initials": "S.C."})
    with story.store.database.writing() as connection:
        replace_members(connection, story.store.branch_code, [MemberRow(mark, sealed, 1)])
    story.store.close()
    return folder


class Office:
    """antrean-server in this process, with what is typed on its standard input."""

    def __init__(
        self, data: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch
    ) -> None:
        self._data, self._capsys, self._patch = data, capsys, patch
        self.stderr = ""
        self.set_clock(THAT_DAY_MS)

    def set_clock(self, now_ms: int) -> None:
        """Its commands take this for now."""
        self._patch.setattr("server.administration.privacy_console.wall_ms", lambda: now_ms)

    def __call__(self, *words: str, typed: str = "", code: int = 0) -> str:
        self._patch.setattr(sys, "stdin", io.StringIO(typed))
        self._capsys.readouterr()
        try:
            found = main([*words, "--data", str(self._data)])
        except SystemExit as way_out:
            found = int(way_out.code or 0)
        said = self._capsys.readouterr()
        assert found == code, said
        assert "Traceback" not in said.err
        self.stderr = said.err
        return said.out


@pytest.fixture
def office(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Office:
    for name in [name for name in os.environ if name.startswith("ANTREAN_")]:
        monkeypatch.delenv(name)
    return Office(data, capsys, monkeypatch)


def kept(data: Path) -> list[str]:
    with Store.open(sqlite_url(data / "branch.db"), read_only=True) as store:
        return sorted(str(row["kind"]) for row in store.rows(t.sealed_record))


def erased(data: Path) -> list[PersonalDataErased]:
    with Store.open(sqlite_url(data / "branch.db"), read_only=True) as store:
        assert verify(store) == []
        found = [one.event for one in store.events_of(PersonalDataErased)]
    return [one for one in found if isinstance(one, PersonalDataErased)]


# One person.


def test_one_person_gets_everything_and_nobody_elses(office: Office) -> None:
    """Art. 31-32: what is kept, what came of the visits, and who looked at it when and why."""
    told = json.loads(office("privacy", "export", typed=f"{SARI}\n"))
    assert told["about"] == "nik ************0001"
    assert [one["kind"] for one in told["records"]] == ["screening", "screening"]
    first = told["records"][0]
    assert first["personal"] == {
        "identifier": SARI,
        "identifier_kind": "nik",
        "note": "bayi kembar",
    }
    assert first["screening"]["outcome"] == "ticket"
    assert first["ticket"]["number"] == "A001"
    assert "link" not in first["ticket"]
    assert [(one["staff"], one["reason"]) for one in first["looked_at"]] == [("dewi", "cek KTP")]
    assert told["records"][1]["looked_at"] == []
    assert told["member"] == {"initials": "S.C."}
    assert TONO not in json.dumps(told)
    assert SARI not in office.stderr


def test_a_name_and_an_unknown_number_are_answered_too(office: Office) -> None:
    told = json.loads(office("privacy", "export", typed="sari   CANARY\n"))
    assert [one["personal"]["name"] for one in told["records"]] == ["Sari Canary"]
    nobody = json.loads(office("privacy", "export", typed="3273000101010001\n"))
    assert (nobody["records"], nobody["member"]) == ([], None)
    assert "nothing" in office.stderr


@pytest.mark.parametrize("typed", ["", "\n", "123\n", "x\n", "3578085102030001 3515144508680002\n"])
def test_what_can_mean_nobody_is_refused_without_repeating_it(office: Office, typed: str) -> None:
    for words in (("privacy", "export"), ("privacy", "erase", "--yes")):
        office(*words, typed=typed, code=3)
        assert "NIK (16 digits)" in office.stderr
        assert "3578085102030001" not in office.stderr


def test_a_person_is_never_an_argument(office: Office) -> None:
    """Arguments stand in the list of processes, and in the shell's history."""
    for words in (("privacy", "export", SARI), ("privacy", "erase", SARI)):
        office(*words, typed=f"{SARI}\n", code=2)


def test_an_export_goes_into_a_new_file_for_its_owner_alone(office: Office, tmp_path: Path) -> None:
    target = tmp_path / "answer.json"
    office("privacy", "export", "--to", str(target), typed=SARI)
    assert json.loads(target.read_text())["records"]
    if os.name == "posix":
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
    office("privacy", "export", "--to", str(target), typed=SARI, code=3)


def test_an_erasure_takes_that_person_alone_and_is_told_to_the_history(
    office: Office, data: Path
) -> None:
    """Art. 43-44: rows, files and the list; the chain says how many and that they asked."""
    with Store.open(sqlite_url(data / "branch.db"), read_only=True) as store:
        rows = store.rows(t.sealed_record)
    mark = KeySealer(branch_key(data)).fingerprint("nik", SARI)
    theirs = [bytes(row["sealed"]) for row in rows if row["fingerprint"] == mark]
    assert len(theirs) == 2
    office("privacy", "erase", typed=SARI, code=3)
    assert "--yes" in office.stderr
    assert len(kept(data)) == 4, "nothing without a yes"
    assert "erased 2 screening, 1 member" in office("privacy", "erase", "--yes", typed=SARI)
    assert "restore" in office.stderr
    assert kept(data) == ["guest", "screening"]
    assert [(one.counts, one.reason) for one in erased(data)] == [
        ({"screening": 2, "member": 1}, "asked")
    ]
    files = b"".join(path.read_bytes() for path in data.glob("branch.db*"))
    for sealed in theirs:
        assert sealed not in files
    assert mark not in files
    told = json.loads(office("privacy", "export", typed=SARI))
    assert (told["records"], told["member"]) == ([], None)
    assert "erased nothing" in office("privacy", "erase", "--yes", typed=SARI)
    assert len(erased(data)) == 1


def test_whoever_is_in_the_list_with_two_numbers_goes_with_both(
    office: Office, data: Path, tmp_path: Path
) -> None:
    """Art. 43: asked for by NIK, the row of the card and what was captured under it go, too."""
    card = "0001234567890"
    sealer = KeySealer(branch_key(data))
    record = SealedRecord(
        "by-card",
        "screening",
        "2026-11-20",
        THAT_DAY_MS,
        sealer.fingerprint("card", card),
        sealer.seal("screening", "by-card", {"identifier": card, "identifier_kind": "card"}),
        THAT_DAY_MS + A_MONTH_MS,
    )
    with Store.open(sqlite_url(data / "branch.db")) as store:
        store.commit([], [], [], [record])
    (tmp_path / "list.csv").write_text(f"nik;kartu;nama\n{SARI};{card};Sari Canary\n")
    office("members", "import", str(tmp_path / "list.csv"))
    told = json.loads(office("privacy", "export", typed=SARI))
    assert "by-card" in {one["record"] for one in told["records"]}
    assert told["member"] == {"initials": "S.C."}
    assert "erased 3 screening, 1 member" in office("privacy", "erase", "--yes", typed=SARI)
    with Store.open(sqlite_url(data / "branch.db"), read_only=True) as store:
        assert store.rows(t.member) == []
    assert json.loads(office("privacy", "export", typed=card))["records"] == []


def test_nothing_is_erased_under_a_running_server(office: Office, data: Path) -> None:
    with RunningBranch(data, options=("--clock-start", "2026-11-20T09:00")):
        office("privacy", "erase", "--yes", typed=SARI, code=4)
        office("privacy", "sweep", code=4)
        office("privacy", "report")
    assert len(kept(data)) == 4


def test_a_report_says_what_is_kept_what_is_late_and_what_was_erased(
    office: Office, data: Path
) -> None:
    told = json.loads(office("privacy", "report", "--json"))
    assert {one["kind"]: one["count"] for one in told["kept"]} == {"screening": 3, "guest": 1}
    assert (told["members"], told["erased"], told["looks"]) == (1, [], {"dewi": 1})
    office.set_clock(THAT_DAY_MS + A_MONTH_MS)
    assert json.loads(office("privacy", "report", "--json", code=1))["late"] == 4
    assert "past their time" in office.stderr
    assert office("privacy", "sweep") == "erased: 1 guest, 3 screening\n"
    table = office("privacy", "report")
    assert "nothing" in table
    assert "retention  1 guest, 3 screening" in table
    assert [one.reason for one in erased(data)] == ["retention"]
    assert office("privacy", "sweep") == "erased: nothing\n"
    for line in (table, json.dumps(told)):
        assert not any(secret in line for secret in SECRETS)


# The key.


def test_a_server_without_its_key_does_not_make_another(data: Path) -> None:
    """A new key would leave half of what is sealed unreadable for ever, and nobody would know."""
    (data / "branch.key").rename(data / "elsewhere")
    with pytest.raises(BranchDidNotStartError, match="key import FILE"):
        RunningBranch(data).start()
    assert not (data / "branch.key").exists()
    (data / "branch.key").write_text("ab" * 32 + "\n")
    with pytest.raises(BranchDidNotStartError, match="is not the key with which this branch"):
        RunningBranch(data).start()
    shutil.copy(data / "elsewhere", data / "branch.key")
    with RunningBranch(data):
        pass


def test_a_list_of_members_alone_keeps_its_key_too(data: Path) -> None:
    """With another key nobody in the list would ever be found, and the door would be told that
    there is no such person."""
    with Store.open(sqlite_url(data / "branch.db")) as store:
        sweep(store, THAT_DAY_MS + 20 * A_MONTH_MS)
        assert store.rows(t.sealed_record) == []
        key = (data / "branch.key").read_bytes()
        (data / "branch.key").unlink()
        with pytest.raises(BranchKeyError, match="key import"):
            sealer_of(store, data)
        assert not (data / "branch.key").exists()
        assert findings(data)["key"][0] == "error"
        (data / "branch.key").write_text("0f" * 32)
        with pytest.raises(BranchKeyError, match="is not the key"):
            sealer_of(store, data)
        (data / "branch.key").write_bytes(key)
        assert sealer_of(store, data).name == KeySealer(bytes.fromhex(key.decode())).name


def test_a_copy_of_the_key_comes_back(office: Office, data: Path, tmp_path: Path) -> None:
    name = office("key", "show").strip()
    copy = tmp_path / "safe" / "branch.key"
    assert name in office("key", "export", str(copy))
    assert "safe" in office.stderr
    key = (data / "branch.key").read_text().strip()
    assert key not in office.stderr
    if os.name == "posix":
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    office("key", "export", str(copy), code=3)
    office("key", "export", str(data / "copy.key"), code=3)
    assert "apart from the database" in office.stderr
    assert "already" in office("key", "import", str(copy))
    (data / "branch.key").unlink()
    office("key", "show", code=3)
    office("key", "import", "-", typed="ab" * 31, code=3)
    assert "ab" * 31 not in office.stderr
    assert name in office("key", "import", "-", typed=f"{key}\n")
    assert office("key", "export", "-").strip() == key
    (data / "branch.key").unlink()
    assert name in office("key", "import", str(copy))
    assert office("key", "show").strip() == name
    other = tmp_path / "other.key"
    other.write_text("cd" * 32)
    office("key", "import", str(other), code=3)
    assert "does not open" in office.stderr
    assert office("key", "show").strip() == name


def test_a_key_that_is_lost_for_good_can_be_given_up(office: Office, data: Path) -> None:
    """The branch opens again; what nobody can read any more is erased, and the history says so."""
    (data / "branch.key").unlink()
    office("key", "replace", code=3)
    assert len(kept(data)) == 4
    assert "given up: 3 screening, 1 guest, 1 member" in office(
        "key", "replace", "--give-up-sealed"
    ).replace("1 guest, 3 screening", "3 screening, 1 guest")
    assert kept(data) == []
    assert [one.reason for one in erased(data)] == ["key-lost"]
    with RunningBranch(data):
        pass


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such permissions")
def test_a_key_that_others_can_read_is_an_error_and_is_made_private_again(
    data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (data / "branch.key").chmod(0o644)
    assert findings(data)["key"] == ("error", f"chmod 600 {data / 'branch.key'}")
    branch_key(data)
    assert stat.S_IMODE((data / "branch.key").stat().st_mode) == 0o600
    assert "other users could read" in caplog.text
    assert findings(data)["key"][0] == "ok"


def findings(data: Path) -> dict[str, tuple[str, str]]:
    startup = read_startup({"data": str(data), "port": "0"}, {"ANTREAN_SETTINGS": ""})
    found = examine(startup, sqlite_url(data / "branch.db"), lambda: THAT_DAY_MS)
    return {one.about: (one.level, one.cure) for one in found}


def test_the_doctor_looks_at_the_key_and_at_what_is_past_its_time(data: Path) -> None:
    assert findings(data)["privacy"][0] == "ok"
    (data / "branch.key").write_text("ab" * 32)
    (data / "branch.key").chmod(0o600)
    level, cure = findings(data)["key"]
    assert level == "error"
    assert "key import" in cure
    (data / "branch.key").write_text("rubbish")
    assert findings(data)["key"][0] == "error"
    (data / "branch.key").unlink()
    assert findings(data)["key"][0] == "error"
    startup = read_startup({"data": str(data), "port": "0"}, {"ANTREAN_SETTINGS": ""})
    late = examine(startup, sqlite_url(data / "branch.db"), lambda: THAT_DAY_MS + A_MONTH_MS)
    assert {one.about: one.level for one in late}["privacy"] == "warning"


def test_a_key_of_rubbish_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "branch.key").write_bytes(b"\xff\xfe")
    with pytest.raises(BranchKeyError, match="64 hex digits"):
        branch_key(tmp_path)


def test_a_new_key_is_its_owners_alone_and_two_starts_agree(tmp_path: Path) -> None:
    first = branch_key(tmp_path / "new")
    assert branch_key(tmp_path / "new") == first
    assert repr(KeySealer(first)) == f"KeySealer({KeySealer(first).name})"
    assert first.hex() not in repr(KeySealer(first))
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "new" / "branch.key").stat().st_mode) == 0o600


def test_a_backup_says_that_the_key_is_not_in_it_and_it_is_not(
    office: Office, data: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    office("backup", str(copy))
    assert "key export" in office.stderr
    key = bytes.fromhex((data / "branch.key").read_text().strip())
    written = copy.read_bytes()
    assert key not in written
    assert key.hex().encode() not in written
    assert not any(secret.encode() in written for secret in SECRETS)
    (data / "branch.db").unlink()
    assert "privacy erase" in office("restore", str(copy))
    assert json.loads(office("privacy", "export", typed=SARI))["records"]


def test_who_it_is_about_is_asked_for_on_standard_input_of_a_real_process(data: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "server", "privacy", "export", "--data", str(data)],
        input=f"{SARI}\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert len(json.loads(done.stdout)["records"]) == 2


def test_it_is_the_same_on_postgresql(postgres_database: str, tmp_path: Path) -> None:
    """The key stays in the data folder; rows, event and chain are the database's."""
    with Store.open(postgres_database) as store:
        a_whole_day(store)
        sealer = sealer_of(store, tmp_path / "data")
        for name, nik in (("hers", SARI), ("his", TONO)):
            fields = {"identifier": nik, "identifier_kind": "nik"}
            record = SealedRecord(
                name,
                "screening",
                "2026-11-20",
                THAT_DAY_MS,
                sealer.fingerprint("nik", nik),
                sealer.seal("screening", name, fields),
                THAT_DAY_MS + A_MONTH_MS,
            )
            store.commit([], [], [], [record])
        assert sealer_of(store, tmp_path / "data").name == sealer.name
        who = read_who(SARI)
        found = find_person(store, sealer, who)
        told = export_person(store, found, who, THAT_DAY_MS)
        assert [one["personal"]["identifier"] for one in told["records"]] == [SARI]
        assert erase_person(store, found, THAT_DAY_MS) == {"screening": 1}
        assert sweep(store, THAT_DAY_MS) == {}
        report = read_report(store, THAT_DAY_MS)
        assert [(one.kind, one.count) for one in report.kept] == [("screening", 1)]
        assert [one.reason for one in report.erased] == ["asked"]
        assert find_person(store, sealer, who).records == []
        assert len(find_person(store, sealer, read_who(TONO)).records) == 1
        assert verify(store) == []
        (tmp_path / "data" / "branch.key").unlink()
        with pytest.raises(BranchKeyError, match="key import"):
            sealer_of(store, tmp_path / "data")
