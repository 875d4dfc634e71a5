"""The CSV: one line for each figure, read back by Python's reader; no text becomes a formula."""

from dataclasses import replace

import pytest

from report.csv_file import as_csv, safe
from report.day_document import day_document
from report.document import Kind
from report.wording import Wording, plain
from tests.report.busy_monday import ZONE, busy_monday
from tests.report.reading_back import PAYLOADS, csv_rows

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("before", ["", " ", "  ", "'", '"', "\u00a0", "\ufeff", '" '])
def test_what_a_spreadsheet_takes_for_a_formula_is_quoted(before: str, start: str) -> None:
    """F49: whatever stands before the sign, and of whatever width it is."""
    if before and start in "\t\r\n\0":
        return
    assert safe(f"{before}{start}1+1") == f"'{before}{start}1+1"


@pytest.mark.parametrize("harmless", ["", "A", "Pendaftaran = cepat", "1-2", "Rp 5", "–", "−6%"])
def test_what_is_no_formula_stays_as_it_is(harmless: str) -> None:
    assert safe(harmless) == harmless


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_of_the_file_begins_a_formula(payload: str) -> None:
    """F49, read back: every cell of every line, with evil names everywhere that names stand."""
    report = busy_monday()
    service = replace(report.services[0], names={"id": payload}, code="EVIL")
    report = replace(
        report,
        branch_name=payload,
        services=(service,),
        wrong=(payload,),
        business_date="2026-11-23",
    )
    rows = csv_rows(as_csv(day_document(report, "id", ZONE)))
    assert {len(row) for row in rows} == {7}
    for row in rows:
        for place, cell in enumerate(row):
            number = place == 4 and cell.lstrip("-").replace(",", "").isdigit()
            assert number or not cell.lstrip(" ").startswith(STARTS), row
    seen = {cell.removeprefix("'") for row in rows for cell in row}
    assert plain(payload) in seen


@pytest.mark.parametrize(("language", "point"), [("id", ","), ("en", ".")])
def test_every_figure_has_a_line_with_its_bare_value_unit_and_digits(
    language: str, point: str
) -> None:
    document = day_document(busy_monday(), language, ZONE)
    wording = Wording.for_document(document)
    rows = csv_rows(as_csv(document))
    lines = {(row[0], row[1], row[2], row[3]): row[4:] for row in rows}
    section, table = next(document.tables())
    row = table.rows[0]
    for column, cell in zip(table.columns[1:], row[1:], strict=True):
        key = (section.title, table.caption, wording(row[0]), column.name)
        value, unit, shown = lines[key]
        assert shown == wording(cell)
        if cell.kind is Kind.SECONDS:
            assert (value, unit) == (str(round(float(cell.value or 0))), "s")
        if cell.kind is Kind.PERCENT:
            assert float(value.replace(point, ".")) == pytest.approx(cell.value, abs=5e-5)
            assert unit == "share"


def test_figures_of_the_charts_are_in_it_too() -> None:
    document = day_document(busy_monday(), "id", ZONE)
    hours = [row for row in csv_rows(as_csv(document)) if row[1] == "Datang dan selesai"]
    assert [row[4] for row in hours if row[2] == "09"] == ["141", "106", "110", "8,9"]
