"""One document for paper, page and files: the digits are the same everywhere, nothing is lost."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from assets.texts import read_words
from db.catalogue_names import catalogue_names
from db.engine import sqlite_url
from db.ticket_lists import Part, tickets_behind
from report.csv_file import as_csv
from report.day import Arrivals, Category, Counted, DayReport, Group, Ratings, Records
from report.day_document import DEFINITIONS, day_document, figures_digest
from report.definitions import OF_FIGURES
from report.document import Cell, Document, Kind
from report.figures import day_report
from report.gathering import ROWS_MIN, ever_shorter
from report.html import as_html
from report.pdf import as_pdf
from report.wording import NOTHING, Wording, plain
from server.store import Store
from tests.report.busy_monday import DATE, ZONE, busy_monday
from tests.report.reading_back import Page, csv_rows, pdf_texts
from tests.server.stored_day import a_whole_day


@pytest.fixture(scope="module")
def document() -> Document:
    return day_document(busy_monday(), "id", ZONE)


@pytest.mark.parametrize(
    ("cell", "id_", "en"),
    [
        (Cell(1234567, Kind.COUNT), "1.234.567", "1,234,567"),
        (Cell(3.545, Kind.NUMBER, 2), "3,55", "3.55"),
        (Cell(0.125, Kind.PERCENT), "13%", "13%"),
        (Cell(0.1255, Kind.PERCENT, 1), "12,6%", "12.6%"),
        (Cell(-0.061, Kind.POINTS), "−6%", "−6%"),
        (Cell(0.061, Kind.POINTS), "+6%", "+6%"),
        (Cell(-0.001, Kind.POINTS), "0%", "0%"),
        (Cell(845, Kind.SECONDS), "14:05", "14:05"),
        (Cell(59.5, Kind.SECONDS), "1:00", "1:00"),
        (Cell(3725, Kind.SECONDS), "1:02:05", "1:02:05"),
        (Cell(25000, Kind.RUPIAH), "Rp 25.000", "Rp 25,000"),
        (Cell(1_795_395_600_000, Kind.INSTANT), "08.00", "08:00"),
        (Cell(1, Kind.MARK), "✓", "✓"),
        (Cell(0, Kind.MARK), "✗", "✗"),
        (Cell(None, Kind.SECONDS), NOTHING, NOTHING),
        (Cell(0, Kind.COUNT), "0", "0"),
    ],
)
def test_a_value_reads_as_people_of_the_language_write_it(cell: Cell, id_: str, en: str) -> None:
    assert Wording.of("id", ZONE)(cell) == id_
    assert Wording.of("en", ZONE)(cell) == en


def test_what_cannot_be_seen_is_left_out_of_texts() -> None:
    """F50: marks of direction would turn a figure round."""
    assert plain("a\u202eb\u200bc\0d\te\r\nf") == "abcd e f"


def test_every_definition_has_a_name_and_words_in_both_languages() -> None:
    for language in ("id", "en"):
        words = read_words(language, ["report"])
        for one in DEFINITIONS:
            assert words[f"report.term.{one}"]
            assert words[f"report.definition.{one}"]
    assert set(OF_FIGURES.values()) <= set(DEFINITIONS)


def test_the_report_has_what_the_manager_asked_for(document: Document) -> None:
    """Every part of the daily report, even where nothing happened."""
    empty = DayReport("1301", "Kantor", DATE, 1_795_395_600_000)
    parts = {
        *("services", "counters", "flow", "door", "priorities", "records", "online", "missing"),
        *("ratings", "complaints", "estimates", "papers", "announcements"),
    }
    assert parts <= {section.id for section in document.sections}
    assert parts <= {section.id for section in day_document(empty, "id", ZONE).sections}
    tables = {table.id for _, table in document.tables()}
    assert {"services", "classes", "hours", "counters", "comparison"} <= tables
    assert document.proof == busy_monday().seal.head_hash  # type: ignore[union-attr]


def test_the_times_of_each_group_stand_in_it_with_median_p90_average_and_share(
    document: Document,
) -> None:
    groups = {table.id: table for _, table in document.tables()}
    for one in ("services", "classes", "hours", "counters"):
        names = [column.name for column in groups[one].columns]
        for time in ("Tunggu", "Layanan"):
            assert {f"{time}: {value}" for value in ("med.", "P90", "rata2", "> trgt")} <= {*names}
        assert {"Jalan: med.", "Jalan: P90", "Jalan: rata2"} <= {*names}


def test_no_figure_belongs_to_a_person(document: Document) -> None:
    """No ranking of people by speed: counters are numbers, and nobody's name stands in a table."""
    report = busy_monday()
    assert report.signed is not None
    texts = [
        str(cell.value)
        for _, table in document.tables()
        for row in table.rows
        for cell in row
        if cell.kind is Kind.TEXT
    ]
    assert not [one for one in texts if report.signed.name in one or "ratna" in one]


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_same_digits_stand_on_paper_page_and_in_files(language: str) -> None:
    """Same figures as the screen to the last digit (B2)."""
    document = day_document(busy_monday(), language, ZONE)
    wording = Wording.for_document(document)
    paper = re.sub(r"\s+", " ", " ".join(pdf_texts(as_pdf(document))))
    page = Page(as_html(document).decode()).text
    shown = {row[6].removeprefix("'") for row in csv_rows(as_csv(document))}
    for fact in document.headline:
        assert wording(fact.cell) in paper
    for _, table in document.tables():
        for row in (*table.rows, *([table.total] if table.total else [])):
            figures = [wording(cell) for cell in row[1:]]
            assert {one.removeprefix("'") for one in figures if one} - shown <= {""}
            if table.id in ("services", "classes", "hours", "counters", "comparison"):
                assert " ".join([wording(row[0]), *figures]) in paper
            assert all(one in page for one in figures)


def test_what_is_shown_does_not_depend_on_when_it_was_made() -> None:
    report = busy_monday()
    later = replace(report, made_at_ms=report.made_at_ms + 1)
    assert figures_digest(later) == figures_digest(report)
    assert as_pdf(day_document(later, "id", ZONE)) == as_pdf(day_document(report, "id", ZONE))


def test_another_figure_is_another_digest() -> None:
    report = busy_monday()
    corrected = replace(report, records=replace(report.records, corrections=6))
    assert figures_digest(corrected) != figures_digest(report)
    rated = replace(report, ratings=Ratings(1, (0, 0, 0, 1)))
    assert figures_digest(rated) != figures_digest(report)


def test_a_list_that_is_cut_says_how_many_and_loses_none() -> None:
    """Never a figure lost silently."""
    reasons = tuple(Counted(f"r{place}", 100 - place) for place in range(40))
    report = replace(busy_monday(), arrivals=Arrivals(solved=1, solved_reasons=reasons))
    document = day_document(report, "id", ZONE)

    def sums(one: Document) -> dict[str, int]:
        return {
            table.id: sum(int(row[1].value or 0) for row in table.rows)
            for _, table in one.tables()
            if table.rest
        }

    cuts = list(ever_shorter(document))
    assert len(cuts) > 40
    for cut in cuts:
        assert sums(cut) == sums(document)
    last = {table.id: table for _, table in cuts[-1].tables()}["solved"]
    assert len(last.rows) == ROWS_MIN
    assert last.rows[-1][0].value == "lainnya (39)"


def test_a_wrong_day_says_so_first() -> None:
    document = day_document(replace(busy_monday(), wrong=("B",)), "id", ZONE)
    assert [mark.good for mark in document.marks] == [False, True]
    assert "TIDAK COCOK" in document.marks[0].words
    assert "Tidak cocok: B." in document.notes


def test_a_day_that_goes_on_or_was_closed_by_the_clock_says_so() -> None:
    going_on = day_document(replace(busy_monday(), closed_at_ms=None, signed=None), "id", ZONE)
    assert "masih berjalan, angka sampai 17.00" in going_on.marks[1].words
    unsigned = day_document(replace(busy_monday(), signed=None), "id", ZONE)
    assert unsigned.marks[1].words == "Belum ditandatangani"
    assert not unsigned.marks[1].good


def test_each_figure_that_opens_its_tickets_counts_as_many(tmp_path: Path) -> None:
    """B1: the list behind a figure has as many tickets as the figure says."""
    with Store.open(sqlite_url(tmp_path / "branch.db")) as store:
        story = a_whole_day(store)
        date, zone = story.day.business_date, store.load_branch().time_zone
        with store.database.reading() as connection:
            names = catalogue_names(connection, store.branch_code)
            asked: Any = {"now_ms": story.now_ms, "zone": zone, "catalogue": names}
            report = day_report(connection, store.branch_code, date, **asked)
            document = day_document(report, "id", ZONE)
            cells = [cell for _, table in document.tables() for row in table.rows for cell in row]
            cells += [fact.cell for one in document.sections for fact in one.facts]
            cells += [fact.cell for fact in document.headline]
            checked = 0
            for cell in cells:
                figure, _, part = cell.behind.partition("&")
                if not figure:
                    continue
                given = dict(parse_qsl(part))
                of = Part(
                    service=given.get("service"),
                    of_class=given.get("of_class"),
                    code=given.get("code"),
                    hour=int(given["hour"]) if "hour" in given else None,
                    counter=int(given["counter"]) if "counter" in given else None,
                )
                found = tickets_behind(connection, store.branch_code, date, figure, of, **asked)
                if cell.kind is Kind.COUNT:
                    assert len(found) == cell.value, cell
                    checked += bool(found)
    assert checked > 20


def test_hours_before_and_after_the_day_are_left_out_but_not_those_within() -> None:
    quiet = replace(busy_monday().hours[0], arrived=0, called=0, finished=0, open_counters=0.01)
    quiet = replace(quiet, group=Group("x"))
    hours = [replace(one) for one in busy_monday().hours]
    open_only = replace(quiet, hour=17, open_counters=3.0)
    noon = replace(quiet, hour=12, group=Group("12"))
    within = [noon if one.hour == 12 else one for one in hours]
    report = replace(
        busy_monday(), hours=(replace(quiet, hour=0), *within, open_only, replace(quiet, hour=18))
    )
    document = day_document(report, "id", ZONE)
    table = {table.id: table for _, table in document.tables()}["hours"]
    assert [row[0].value for row in table.rows] == [f"Pukul {hour:02}" for hour in range(7, 17)]
    bars = next(bars for one in document.sections for bars in one.bars)
    assert bars.labels == tuple(f"{hour:02}" for hour in range(7, 18)), "a counter was still open"


def test_causes_are_told_where_somebody_said_one() -> None:
    records = Records(
        categories=(
            Category("a", {"id": "Kategori A"}, 3, (Counted("", 3),)),
            Category(
                "b", {"id": "Kategori B"}, 3, (Counted("x", 2, {"id": "PHK"}), Counted("", 1))
            ),
        ),
        outcomes=(Counted("solved", 6),),
    )
    document = day_document(replace(busy_monday(), records=records), "id", ZONE)
    tables = {table.id: table for _, table in document.tables()}
    assert [row[2].value for row in tables["categories"].rows] == ["", "PHK 2, tanpa sebab 1"]
    assert tables["record-outcomes"].rows[0][0].value == "tuntas"
