"""``antrean-server members import``: what is taken, refused, and told of it (F56)."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.engine import sqlite_url
from db.members import imported_at_ms, member_row
from server.adapters.sealing import KeySealer
from server.administration import sheets
from server.administration.days import NoSuchDayError, read_day
from server.administration.members import Imported, forget_members, import_members
from server.administration.refusal import RefusedError
from server.administration.sheets import rows_of
from server.administration.toml_file import FileProblemError
from server.membership import KIND
from server.store import Store

SEALER = KeySealer(b"a key of 32 bytes for our tests!")
NIK, CARD = "3578080102030001", "0001234567890"
NIK_2, CARD_2 = "3515144508680002", "0009999999999"
AT_MS = 1_795_136_400_000
HEAD = "nik;kartu;nama;segmen;status;kelas;fktp;fktp sejak;tgl sk\n"
GOOD = f"{NIK};{CARD};Kenari Canariawati;PBPU;aktif;1;PKM Dupak;2026-01-05;\n"
GOOD_2 = f"{NIK_2};{CARD_2};Budi;PPU-BU;aktif;2;PKM Dupak;;\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(sqlite_url(tmp_path / "branch.db")) as opened:
        yield opened


class Importing:
    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.folder = folder

    def csv(self, text: str | bytes, **how: Any) -> Imported:
        path = self.folder / "members.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return import_members(self.store, SEALER, path, AT_MS, **how)

    def xlsx(self, rows: list[list[Any]], **how: Any) -> Imported:
        path = self.folder / "members.xlsx"
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in rows:
            sheet.append(row)
        book.save(path)
        return import_members(self.store, SEALER, path, AT_MS, **how)

    def refused(self, text: str | bytes, **how: Any) -> list[str]:
        """The lines of a refusal; nothing of anybody stands in them."""
        with pytest.raises((RefusedError, FileProblemError)) as raised:
            self.csv(text, **how)
        said = str(raised.value)
        assert [one for one in (NIK, CARD, NIK_2, "Kenari", "Canariawati") if one in said] == []
        return said.splitlines()

    def fields(self, kind: str, value: str) -> dict[str, str] | None:
        mark = SEALER.fingerprint(kind, value)
        with self.store.database.reading() as connection:
            row = member_row(connection, self.store.branch_code, mark)
        return None if row is None else SEALER.open(KIND, mark.hex(), row.sealed)


@pytest.fixture
def importing(store: Store, tmp_path: Path) -> Importing:
    return Importing(store, tmp_path)


# What is taken.


def test_good_rows_are_found_by_nik_and_by_card(importing: Importing) -> None:
    assert importing.csv(HEAD + GOOD + GOOD_2).people == 2
    by_nik = importing.fields("nik", NIK)
    assert by_nik is not None
    assert by_nik == importing.fields("card", CARD)
    numbers = {SEALER.fingerprint("nik", NIK).hex(), SEALER.fingerprint("card", CARD).hex()}
    assert set(by_nik.pop("numbers").split()) == numbers
    assert by_nik == {
        "initials": "K.C.",
        "segment": "PBPU",
        "segment_text": "PBPU",
        "membership": "active",
        "status_text": "aktif",
        "ward_class": "1",
        "facility": "PKM Dupak",
        "facility_changed_on": "2026-01-05",
    }


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEAD + GOOD,
        (HEAD + GOOD).replace(";", ","),
        (HEAD + GOOD).replace(";", "\t"),
        (HEAD + GOOD).replace("\n", "\r\n"),
        "NIK;No. Kartu;Nama Peserta\n" + f"'{NIK};{CARD[:4]} {CARD[4:]};Kenari C.\n",
        "name,card_number,nik,unknown column\n" + f'"Kenari, C.",{CARD},{NIK},=1+1\n',
        HEAD + "\n;;;;;;;;\n" + GOOD + "\n",
    ],
    ids=["bom", "commas", "tabs", "crlf", "quoted-zeros", "other-order", "empty-rows"],
)
def test_tables_as_programs_write_them_are_read(importing: Importing, text: str) -> None:
    assert importing.csv(text).people == 1
    assert (importing.fields("nik", NIK) or {})["initials"] == "K.C."
    assert importing.fields("card", CARD) is not None


def test_an_xlsx_gives_the_same_as_a_csv(importing: Importing) -> None:
    head = HEAD.strip().split(";")
    row = [NIK, CARD, "Kenari Canariawati", "PBPU", "aktif", "1", "PKM Dupak"]
    assert importing.xlsx([head, [*row, datetime(2026, 1, 5), None]]).people == 1  # noqa: DTZ001
    from_xlsx = importing.fields("card", CARD)
    importing.csv(HEAD + GOOD)
    assert importing.fields("card", CARD) == from_xlsx


def test_a_new_list_takes_the_place_of_the_old_one(importing: Importing) -> None:
    importing.csv(HEAD + GOOD)
    importing.csv(HEAD + GOOD_2)
    assert importing.fields("nik", NIK) is None
    assert importing.fields("nik", NIK_2) is not None


def test_a_list_can_be_forgotten(importing: Importing) -> None:
    importing.csv(HEAD + GOOD)
    forget_members(importing.store)
    with importing.store.database.reading() as connection:
        assert imported_at_ms(connection, importing.store.branch_code) is None


@pytest.mark.parametrize(
    ("segment", "status", "membership"),
    [
        ("PBI APBN", "nonaktif", "pbi-inactive"),
        ("PBPU", "Non-Aktif", "inactive"),
        ("PBPU", "MENUNGGAK", "arrears"),
        ("", "not-registered", "not-registered"),
        ("Pekerja Mandiri", "", None),
    ],
)
def test_a_status_is_known_by_its_code_or_its_word(
    importing: Importing, segment: str, status: str, membership: str | None
) -> None:
    importing.csv(f"nik;segmen;status\n{NIK};{segment};{status}\n")
    assert (importing.fields("nik", NIK) or {}).get("membership") == membership


# What is refused, and how it is told.


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("3578080102030000;;X", "row 3, nik: ends in 0000. A spreadsheet may have rounded it"),
        ("TIDAK ADA;;X", "row 3, nik: is no number"),
        ("3578083213030001;;X", "row 3, nik: has no month of birth"),
        ("3578083202030001;;X", "row 3, nik: has no day of birth"),
        ("0000000000000000;;X", "row 3, nik: is one digit repeated"),
        ("3,57808E+15;;X", "row 3, nik: is no NIK, which has 16 digits. A spreadsheet may have"),
        (f"{CARD};;X", "row 3, nik: is no NIK, which has 16 digits"),
        (";1234567890;X", "row 3, card: is no card number, which has 13 digits"),
        (";;X", "row 3, nik, card: are both empty"),
        (f"{NIK};;X", "row 3, nik: stands in row 2 already"),
        (f"{NIK_2};{CARD};X", "row 3, card: stands in row 2 already"),
        (f"{NIK_2};;=cmd|' /C calc'!A0", "row 3, name: begins as a formula does"),
        (f"{NIK_2};;@SUM(1)", "row 3, name: begins as a formula does"),
        (f"{NIK_2};;X;PBIX", "row 3, segment: is none of PBPU, PPU-BU"),
        (f"{NIK_2};;X;;hidup", "row 3, status: is none of active, arrears"),
        (f"{NIK_2};;X;;;;;31/9/2026", "row 3, facility_changed_on: is in no calendar: September"),
        (f"{NIK_2};;X;;;;;;30 Februari 2023", "row 3, decree_on: is in no calendar: February 2023"),
        (f"{NIK_2};;X;;;;;;besok", "row 3, decree_on: is no date. Write it as 2026-11-20"),
        (f"{NIK_2};;{'X' * 501}", "row 3, name: has more than 500 characters. Shorten it"),
    ],
)
def test_a_wrong_row_is_told_by_row_column_and_cure_and_nothing_is_changed(
    importing: Importing, row: str, said: str
) -> None:
    importing.csv(HEAD + GOOD_2)
    lines = importing.refused(HEAD + GOOD + row + "\n")
    assert lines[0].endswith("1 rows cannot be used.")
    assert lines[1].strip().startswith(said)
    assert "--accept-good" in lines[-1]
    assert importing.fields("nik", NIK_2) is not None
    assert importing.fields("nik", NIK) is None


def test_good_rows_are_taken_without_the_wrong_ones_when_that_is_asked_for(
    importing: Importing,
) -> None:
    done = importing.csv(HEAD + GOOD + "123;;X\n" + GOOD_2, accept_good=True)
    assert (done.people, done.left_out.count) == (2, 1)
    assert done.left_out.lines()[0].startswith("row 3, nik:")
    assert importing.fields("nik", NIK_2) is not None


def test_a_list_without_one_good_row_does_not_erase_the_old_one(importing: Importing) -> None:
    importing.csv(HEAD + GOOD)
    assert importing.refused(HEAD + "123;;X\n", accept_good=True)[-1] == "Nothing was changed."
    assert importing.refused(HEAD)[-1].endswith("has no rows. Nothing was changed.")
    assert importing.fields("nik", NIK) is not None


def test_of_many_wrong_rows_the_first_are_told_and_the_rest_counted(importing: Importing) -> None:
    lines = importing.refused(HEAD + "123;;X\n" * 5000)
    assert lines[0].endswith("5000 rows cannot be used.")
    assert len(lines) == 53
    assert lines[-2].strip() == "and 4950 more rows"


def test_a_number_in_a_wrong_column_is_not_repeated(importing: Importing) -> None:
    """Whose number is in which cell must not reach a terminal's history (law I12)."""
    for column in range(9):
        cells = [""] * 9
        cells[column] = NIK_2 if column != 1 else NIK
        importing_row = ";".join(cells)
        if column not in (0, 2, 5, 6):  # a NIK, a name, and free texts are taken as they are
            importing.refused(HEAD + GOOD + f"{importing_row}\n")


# Cells of a spreadsheet.


@pytest.mark.parametrize(
    ("nik", "said"),
    [
        (3578080102030001, "nik: is a number, which loses digits and zeros"),
        (3.5e15, "nik: is a number"),
        (True, "nik: is a number"),
        ('=HYPERLINK("http://x","3578080102030001")', "nik: is a formula"),
        ("#N/A", "nik: is an error of the spreadsheet"),
    ],
)
def test_what_a_spreadsheet_makes_of_a_number_is_refused_with_the_cure(
    importing: Importing, nik: Any, said: str
) -> None:
    with pytest.raises(RefusedError) as raised:
        importing.xlsx([["nik", "nama"], [nik, "Kenari"]])
    assert f"row 2, {said}" in str(raised.value)


def test_rows_are_numbered_as_the_spreadsheet_shows_them(importing: Importing) -> None:
    with pytest.raises(RefusedError, match="row 4, nik"):
        importing.xlsx([["nik"], [NIK], [None], ["123"]])


# Files that mean harm, or are none.


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"a;b\n1;2\n", "names no column"),
        (b"nik;nik\n1;2\n", "two columns are nik"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "old Excel"),
        (b"PK\x03\x04" + b"x" * 600, "no sound .xlsx"),
        (HEAD.encode() + "Jos\xe9".encode("latin-1"), "no UTF-8"),
        (b"\xff\xfen\x00i\x00k\x00", "no UTF-8"),
        (HEAD.encode() + b'"open', "no proper CSV"),
        (HEAD.encode() + b'"' + b"x" * 200_000 + b'"', "no proper CSV"),
        (b"\x00" * 1000, "names no column"),
    ],
)
def test_a_file_that_is_no_such_table_is_told_so(
    importing: Importing, content: bytes, said: str
) -> None:
    assert said in "\n".join(importing.refused(content))


def test_a_file_that_is_not_there_is_told_so(importing: Importing, tmp_path: Path) -> None:
    with pytest.raises(FileProblemError, match="cannot be read"):
        import_members(importing.store, SEALER, tmp_path / "none.csv", AT_MS)
    with pytest.raises(FileProblemError, match="cannot be read"):
        import_members(importing.store, SEALER, tmp_path, AT_MS)


def packed(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def a_book() -> dict[str, bytes]:
    file = io.BytesIO()
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["nik"])
    book.active.append([NIK])
    book.save(file)
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


BOOK = packed(a_book())
SHEET = "xl/worksheets/sheet1.xml"
ENTITIES = b"".join(
    b'<!ENTITY a%d "%s">' % (depth, b"&a%d;" % (depth - 1) * 10) for depth in range(1, 9)
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.bin", b"\x00" * 40_000_000),
        (
            SHEET,
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lol">' + ENTITIES + b"]><x>&a8;</x>",
        ),
        (SHEET, b"<worksheet><sheetData><row>"),
        (SHEET, b"\xff\xfe\x00"),
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", b"<workbook/>"),
    ],
    ids=["zip-bomb", "entities", "cut-off", "no-xml", "no-types", "no-sheets"],
)
def test_a_spreadsheet_that_means_harm_is_refused(
    importing: Importing, name: str, content: bytes
) -> None:
    lines = importing.refused(packed(a_book() | {name: content}))
    assert "xlsx" in lines[0] or "unfolds" in lines[0] or "no column" in lines[0]


@given(st.data())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_bytes_changed_anywhere_in_a_spreadsheet_give_rows_or_a_refusal(
    tmp_path: Path, data: st.DataObject
) -> None:
    """F56: no mutation of a file is a bug of ours."""
    content = bytearray(BOOK)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(4, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    path = tmp_path / "changed.xlsx"
    path.write_bytes(content)
    try:
        with rows_of(path, {"nik": ("nik",)}) as rows:
            for row in rows:
                assert row.number >= 2
    except FileProblemError:
        pass


def test_a_table_without_end_is_refused(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "ROWS_MAX", 3)
    assert "more than 3 rows" in importing.refused(HEAD + "123;;X\n" * 4)[0]
    monkeypatch.setattr(sheets, "FILE_BYTES_MAX", 100)
    assert "Divide it" in importing.refused(HEAD + GOOD * 2)[0]


# Days.


@pytest.mark.parametrize(
    "text",
    [
        *("2026-11-20", "20-11-2026", "20/11/2026", "20.11.2026", "20 November 2026"),
        *("20 NOV 2026", "20 Nopember 2026", "2026-11-20T00:00:00", " 20  november  2026 "),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert read_day(text) == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("30 Februari 2023", "February 2023 has 28 days, not 30"),
        ("31 September 2023", "September 2023 has 30 days, not 31"),
        ("31 November 2023", "November 2023 has 30 days, not 31"),
        ("29/02/2100", "February 2100 has 28 days, not 29"),
        ("2023-04-00", "April 2023 has 30 days, not 0"),
        ("2023-13-01", "no date of our time"),
        ("01-01-0001", "no date of our time"),
        ("1 Foo 2023", "no date of our time"),
        ("11/20/2026", "no date of our time"),
        ("", "is no date"),
        ("٢٠/١١/٢٠٢٦x", "is no date"),
        ("9" * 400, "is no date"),
    ],
)
def test_a_day_that_no_calendar_has_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(NoSuchDayError, match=said):
        read_day(text)


def test_29_february_is_a_day_in_leap_years_alone() -> None:
    assert read_day("29 Februari 2024") == date(2024, 2, 29)
    assert read_day("29/2/2000") == date(2000, 2, 29)
