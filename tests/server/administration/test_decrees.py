"""``antrean-server decrees import``: dates that no calendar has are refused by row."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest

from db import tables as t
from db.engine import sqlite_url
from server.administration.decrees import import_decrees
from server.administration.refusal import RefusedError
from server.store import Store

HEAD = "nomor;berlaku;nama\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(sqlite_url(tmp_path / "branch.db")) as opened:
        yield opened


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "decrees.csv"


def decrees(store: Store) -> dict[str, Any]:
    rows = [row for row in store.rows(t.catalogue_entry) if row["section"] == "decree"]
    rows.sort(key=lambda row: int(row["position"]))
    return {row["code"]: msgspec.json.decode(row["body"]) for row in rows}


def refused(store: Store, table: Path, text: str) -> list[str]:
    table.write_text(text)
    with pytest.raises(RefusedError) as raised:
        import_decrees(store, table)
    return str(raised.value).splitlines()


def test_decrees_become_entries_of_the_catalogue(store: Store, table: Path) -> None:
    table.write_text(
        f"{HEAD}92/HUK/2022;1 September 2022;SK September 2022\nSK-7/2026;2026-07-01;\n"
    )
    assert import_decrees(store, table) == 2
    assert decrees(store) == {
        "92/HUK/2022": {"effective_on": "2022-09-01", "name": {"id": "SK September 2022"}},
        "SK-7/2026": {"effective_on": "2026-07-01", "name": {"id": "SK SK-7/2026"}},
    }


def test_imported_decrees_are_those_of_the_branchs_door(store: Store, table: Path) -> None:
    table.write_text(f"{HEAD}92/HUK/2022;1 September 2022;SK September 2022\n")
    import_decrees(store, table)
    (decree,) = store.load_branch().door.decrees.values()
    assert (decree.code, decree.effective_on.isoformat()) == ("92/HUK/2022", "2022-09-01")


def test_the_same_number_is_replaced_in_its_place_and_others_stay(
    store: Store, table: Path
) -> None:
    table.write_text(f"{HEAD}A/1;2026-01-01;satu\nB/2;2026-02-01;dua\n")
    import_decrees(store, table)
    table.write_text(f"{HEAD}C/3;2026-03-01;tiga\nA/1;2026-01-31;satu lagi\n")
    assert import_decrees(store, table) == 2
    assert list(decrees(store)) == ["A/1", "B/2", "C/3"]
    assert decrees(store)["A/1"]["effective_on"] == "2026-01-31"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        # The table of paper 004 has these dates in print.
        ("A/1;30 Februari 2023;x", "row 3, effective_on: is in no calendar: February 2023 has 28"),
        ("A/1;31 September 2023;x", "row 3, effective_on: is in no calendar: September 2023"),
        ("A/1;31-11-2023;x", "row 3, effective_on: is in no calendar: November 2023 has 30"),
        ("A/1;;x", "row 3, effective_on: is no date"),
        ("A/1;segera;x", "row 3, effective_on: is no date"),
        (";2026-01-01;x", "row 3, number: is no number of a decree"),
        ("A/1\u202e<b>;2026-01-01;x", "row 3, number: is no number of a decree"),
        (f"{'9' * 41};2026-01-01;x", "row 3, number: is no number of a decree"),
        ("=1+1;2026-01-01;x", "row 3, number: begins as a formula does"),
        ("A/1;2026-01-01;@x", "row 3, name: begins as a formula does"),
        ("OK/1;2026-01-01;x", "row 3, number: stands in row 2 already"),
    ],
)
def test_a_wrong_row_is_told_and_nothing_is_changed(
    store: Store, table: Path, row: str, said: str
) -> None:
    lines = refused(store, table, f"{HEAD}OK/1;2026-01-01;x\n{row}\n")
    assert lines[1].strip().startswith(said)
    assert lines[-1] == "Nothing was changed. Mend them."
    assert decrees(store) == {}


def test_an_empty_list_is_told_so(store: Store, table: Path) -> None:
    assert "has 0 decrees" in refused(store, table, HEAD)[0]


def test_a_name_comes_without_signs_that_act(store: Store, table: Path) -> None:
    """F50."""
    table.write_text(f"{HEAD}A/1;2026-01-01;SK\x1b[2J \u202eJuli{'x' * 400}\n")
    import_decrees(store, table)
    name = decrees(store)["A/1"]["name"]["id"]
    assert name.startswith("SK[2J Juli")
    assert len(name) == 120


def test_an_xlsx_with_real_dates_is_read(store: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["Nomor SK", "TMT", "Tentang"], ["A/1", date(2026, 7, 1), "Juli"]):
        book.active.append(row)
    path = tmp_path / "decrees.xlsx"
    book.save(path)
    import_decrees(store, path)
    assert decrees(store)["A/1"]["effective_on"] == "2026-07-01"
