"""The workbook, read back by another library: real numbers, native charts, no formula (F49)."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from report.day_document import day_document
from report.document import Document, Kind, Table
from report.wording import Wording, whole_seconds
from report.xlsx import as_xlsx
from tests.report.busy_monday import ZONE, busy_monday
from tests.report.reading_back import PAYLOADS, cells, sheets


@pytest.fixture(scope="module")
def document() -> Document:
    return day_document(busy_monday(), "id", ZONE)


@pytest.fixture(scope="module")
def book(document: Document) -> bytes:
    return as_xlsx(document, marks="antrean")


def rows_below(sheet: Any, table: Table) -> list[list[Any]]:
    """The rows of a table: below its caption and its heading, until an empty one."""
    rows = [list(row) for row in sheet.iter_rows()]
    start = next(
        at
        for at, row in enumerate(rows[:-1])
        if (row[0].value, rows[at + 1][0].value) == (table.caption, table.columns[0].name)
    )
    found = []
    for row in rows[start + 2 :]:
        if row[0].value is None:
            break
        found.append(row)
    return found


def test_each_part_has_a_sheet(document: Document, book: bytes) -> None:
    names = [sheet.title for sheet in sheets(book).worksheets]
    assert names[0] == "Ringkasan"
    assert names[-1] == "Arti angka"
    assert names[1:-1] == [section.title for section in document.sections]


def test_figures_are_numbers_that_show_the_digits_of_the_paper(
    document: Document, book: bytes
) -> None:
    wording = Wording.for_document(document)
    read = sheets(book)
    checked = 0
    for section, table in document.tables():
        for row, kept in zip(table.rows, rows_below(read[section.title], table), strict=False):
            for cell, found in zip(row, kept, strict=False):
                value = found.value
                if cell.value is None or isinstance(cell.value, str):
                    assert str(value or "") == wording(cell)
                elif cell.kind is Kind.SECONDS:
                    assert seconds_of(value) == whole_seconds(cell.value)
                elif cell.kind is Kind.PERCENT:
                    assert found.number_format == "0%"
                    assert wording(replace(cell, value=float(value))) == wording(cell)
                else:
                    assert isinstance(value, int | float)
                    assert wording(replace(cell, value=value)) == wording(cell)
                checked += 1
    assert checked > 700


def seconds_of(value: object) -> int:
    """openpyxl reads a duration as a time, a date or a difference."""
    if isinstance(value, timedelta):
        return round(value.total_seconds())
    if isinstance(value, datetime):
        return round(
            (value.replace(tzinfo=UTC) - datetime(1899, 12, 30, tzinfo=UTC)).total_seconds()
        )
    if isinstance(value, int | float):
        return round(value * 86_400)
    return int(value.hour * 3600 + value.minute * 60 + value.second)  # type: ignore[attr-defined]


def test_charts_are_native_with_patterns_and_a_table_behind(book: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
        assert len(charts) == 1
        drawn = parts.read(charts[0]).decode()
        assert "pattFill" in drawn, "told apart in black and white"
        assert "$B$" in drawn, "it reads its figures from the sheet"
        assert not [name for name in parts.namelist() if "vba" in name or "external" in name]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_a_formula_or_a_link(payload: str) -> None:
    """F49, reopened with a real spreadsheet parser."""
    report = busy_monday()
    evil = replace(report.services[0], names={"id": payload}, code="EVIL")
    report = replace(report, branch_name=payload, services=(evil,), wrong=(payload,))
    data = as_xlsx(day_document(report, "id", ZONE))
    for cell in cells(data):
        assert cell.data_type != "f", cell.value
        assert cell.hyperlink is None


def test_the_same_figures_are_the_same_file(document: Document, book: bytes) -> None:
    """So a copy that was begun twice is one copy."""
    assert as_xlsx(document, marks="antrean") == book


def test_names_of_sheets_are_what_a_spreadsheet_allows(document: Document) -> None:
    long = replace(document.sections[0], title="A [very] long: title/of*a?part\\ that is long")
    data = as_xlsx(replace(document, sections=(long, long)))
    names = [sheet.title for sheet in sheets(data).worksheets]
    assert len(set(map(str.lower, names))) == len(names)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)
