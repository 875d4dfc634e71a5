"""A month on paper and in files says what the report says, in both languages."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from report.document import Cell, Document, Kind, Table
from report.formats import FORMATS, file_of
from report.month_comparison import change
from report.month_document import month_document
from report.month_figures import month_report
from report.months import MonthReport
from report.periods import Period
from report.wording import Wording
from tests.report.played_days import Played, branch_of, played

ZONE = "Asia/Jakarta"
STARTS = {"pdf": b"%PDF", "html": b"<!DOCTYPE html>", "xlsx": b"PK", "csv": b"\xef\xbb\xbf"}


@pytest.fixture(scope="module")
def branch() -> Iterator[Played]:
    with played(*branch_of(1, 8_000)) as found:
        yield found


@pytest.fixture(scope="module")
def report(branch: Played) -> MonthReport:
    """The last simulated day beside the one before it."""
    *_, before, last = sorted(branch.days)
    period = Period(date.fromisoformat(last), date.fromisoformat(last))
    earlier = Period(date.fromisoformat(before), date.fromisoformat(before))
    with branch.store.database.reading() as connection:
        return month_report(
            connection,
            branch.store.branch_code,
            period,
            now_ms=branch.now_ms,
            zone=branch.zone,
            catalogue=branch.names,
            visit_cost_rp=25_000,
            beside=(earlier,),
        )


def table(document: Document, name: str) -> Table:
    return next(one for _, one in document.tables() if one.id == name)


def shown(document: Document) -> Iterator[str]:
    """Every text and figure that somebody reads."""
    wording = Wording.for_document(document)
    yield from (document.title, document.subtitle, *document.notes)
    yield from (one.words for one in document.marks)
    for fact in (*document.head, *document.headline):
        yield from (fact.name, fact.note, wording(fact.cell))
    for section in document.sections:
        yield from (section.title, *section.notes)
        for fact in section.facts:
            yield from (fact.name, fact.note, wording(fact.cell))
        for bars in section.bars:
            yield from (bars.caption, bars.labelled, *bars.labels)
            yield from (one.name for one in bars.all_series())
        for one in section.tables:
            yield from (one.caption, one.note, *(column.name for column in one.columns))
            for row in (*one.rows, *([one.total] if one.total else [])):
                yield from map(wording, row)
    for definition in document.definitions:
        yield from (definition.term, definition.words)


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_word_is_there_in_both_languages(report: MonthReport, language: str) -> None:
    texts = list(shown(month_document(report, language, ZONE)))
    assert [one for one in texts if "report." in one and "visit_cost" not in one] == []
    assert len(texts) > 100


def test_the_trend_is_that_of_the_report(report: MonthReport) -> None:
    trend = table(month_document(report, "id", ZONE), "trend")
    [row] = trend.rows
    [day] = report.trend
    assert [cell.value for cell in row[1:5]] == [
        *(day.arrived, day.spared, day.tickets.issued, day.tickets.finished)
    ]
    assert trend.total is not None
    assert [cell.value for cell in trend.total[1:]] == [cell.value for cell in row[1:]]


def test_the_comparison_has_both_periods_and_what_changed(report: MonthReport) -> None:
    compared = table(month_document(report, "en", ZONE), "comparison")
    rows = {str(row[0].value): row[1:] for row in compared.rows}
    now, then = report.figures.total, report.beside[0].total
    issued = rows["Numbers given"]
    assert [cell.value for cell in issued[:2]] == [now.tickets.issued, then.tickets.issued]
    assert issued[2].value == pytest.approx(now.tickets.issued / then.tickets.issued - 1)
    assert rows["Waiting, median"][0].value == now.waiting.median_s


def test_a_change_of_nothing_is_none_and_of_shares_the_difference() -> None:
    def count(value: int | None) -> Cell:
        return Cell(value, Kind.COUNT)

    assert change(count(5), count(0)).value is None
    assert change(count(5), count(None)).value is None
    assert change(count(5), count(4)).value == pytest.approx(0.25)
    shares = change(Cell(0.9, Kind.PERCENT), Cell(0.8, Kind.PERCENT))
    assert shares.value == pytest.approx(0.1)


def test_problems_stand_by_segment_and_lose_nobody(report: MonthReport) -> None:
    document = month_document(report, "id", ZONE)
    segments, problems = table(document, "problem-segments"), table(document, "problems")
    for by_segment, problem in zip(segments.rows, problems.rows, strict=True):
        assert by_segment[0] == problem[0]
        assert sum(int(cell.value or 0) for cell in by_segment[1:]) == problem[1].value


def test_what_was_saved_is_said_with_its_cost(report: MonthReport) -> None:
    document = month_document(report, "id", ZONE)
    spared = next(one for one in document.sections if one.id == "spared")
    facts = {one.id: one.cell.value for one in spared.facts}
    assert facts["visit-cost"] == 25_000
    assert facts["saved"] == report.deflected.count * 25_000
    assert facts["spared"] == report.deflected.count


@pytest.mark.parametrize("format_", FORMATS)
def test_it_becomes_every_kind_of_file(report: MonthReport, format_: str) -> None:
    data = file_of(month_document(report, "id", ZONE), format_)
    assert data.startswith(STARTS[format_])


def test_figures_of_workbook_and_csv_are_those_of_the_document(report: MonthReport) -> None:
    document = month_document(report, "id", ZONE)
    issued = report.figures.total.tickets.issued
    book = load_workbook(BytesIO(file_of(document, "xlsx")), data_only=False)
    values = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert issued in values
    assert not any(isinstance(value, str) and value.startswith("=") for value in values)
    rows = list(
        csv.reader(io.StringIO(file_of(document, "csv").decode("utf-8-sig")), delimiter=";")
    )
    assert any(str(issued) == cell for row in rows for cell in row)
