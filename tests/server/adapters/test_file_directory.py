"""The imported list as a directory: as sealed as it was, and honest about not being there."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from db.engine import sqlite_url
from protocol.identifiers import read_identifier
from server.adapters.file_directory import FileDirectory, fields_of, member_of
from server.adapters.sealing import KeySealer
from server.administration.members import import_members
from server.membership import DirectoryUnreachableError, Member, NotFound
from server.store import Store

SEALER = KeySealer(b"a key of 32 bytes for our tests!")
NIK, CARD = "3578080102030001", "0001234567890"
TODAY = date(2026, 11, 20)
AT_MS = 1_795_136_400_000
ROWS = (
    "nik;kartu;nama;segmen;status;kelas;fktp;fktp sejak;tgl sk\n"
    f"{NIK};{CARD};Kenari Canariawati;PBI (APBN);nonaktif;3;PKM Dupak;2026-01-05;1 Juli 2026\n"
    ";0002222222222;;;;;;;\n"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(sqlite_url(tmp_path / "branch.db")) as opened:
        yield opened


@pytest.fixture
def listed(store: Store, tmp_path: Path) -> FileDirectory:
    table = tmp_path / "members.csv"
    table.write_text(ROWS)
    import_members(store, SEALER, table, AT_MS)
    return FileDirectory(store.database, store.branch_code, SEALER)


async def test_all_that_was_listed_comes_back(listed: FileDirectory) -> None:
    member = await listed.find(read_identifier(CARD), TODAY)
    assert isinstance(member, Member)
    assert {name: getattr(member, name) for name in Member.__slots__} == {
        "initials": "K.C.",
        "segment": "PBI-APBN",
        "segment_text": "PBI (APBN)",
        "membership": "pbi-inactive",
        "status_text": "nonaktif",
        "source": "file",
        "as_of_ms": AT_MS,
        "ward_class": "3",
        "facility": "PKM Dupak",
        "facility_changed_on": date(2026, 1, 5),
        "decree_on": date(2026, 7, 1),
    }


async def test_what_was_not_listed_stays_unknown(listed: FileDirectory) -> None:
    member = await listed.find(read_identifier("0002222222222"), TODAY)
    assert isinstance(member, Member)
    assert (member.initials, member.segment, member.membership) == ("–", None, None)
    assert (member.facility_changed_on, member.decree_on) == (None, None)


async def test_a_number_is_known_as_its_own_kind_only(listed: FileDirectory) -> None:
    assert await listed.find(read_identifier("3273000101010001"), TODAY) == NotFound()


async def test_before_any_list_nobody_is_said_to_be_unknown(store: Store) -> None:
    """ "Not found" of a list that never came would send people away wrongly."""
    directory = FileDirectory(store.database, store.branch_code, SEALER)
    with pytest.raises(DirectoryUnreachableError, match="no list"):
        await directory.find(read_identifier(NIK), TODAY)


async def test_a_row_cannot_be_moved_to_another_persons_number(
    listed: FileDirectory, store: Store
) -> None:
    """The seal is bound to the number; whoever writes the file cannot make one person another."""
    first, second = (SEALER.fingerprint("card", one) for one in (CARD, "0002222222222"))
    with sqlite3.connect(store.database.name) as raw:
        raw.execute(
            "UPDATE member SET sealed = (SELECT sealed FROM member WHERE fingerprint = ?) "
            "WHERE fingerprint = ?",
            (first, second),
        )
    with pytest.raises(DirectoryUnreachableError, match="another key"):
        await listed.find(read_identifier("0002222222222"), TODAY)


def test_the_database_holds_no_name_no_number_and_no_fact_in_clear(
    listed: FileDirectory, store: Store, tmp_path: Path
) -> None:
    """F53, F54: canaries are looked for in every byte of the files."""
    with sqlite3.connect(tmp_path / "branch.db") as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("branch.db*"))
    assert b"member" in stored
    canaries = (NIK, CARD, "Kenari", "Canariawati", "K.C.", "PKM Dupak")
    assert [one for one in canaries if one.encode() in stored] == []


def test_fields_come_back_as_they_went_in() -> None:
    member = Member("A.B.", None, "TEKS LAIN", None, "STATUS LAIN", "file", AT_MS)
    assert member_of(fields_of(member), AT_MS) == member
