"""A report as a workbook: a sheet for each part, real numbers, native charts, and no formula.

Durations are parts of a day shown as minutes and seconds, shares are percentages: what the sheet
shows are the digits of the paper, and one can reckon on with them.
"""

import io
from collections.abc import Iterator
from typing import Any

import xlsxwriter

from report.document import Bars, Cell, Document, Fact, Kind, Section, Table
from report.wording import Wording, plain, rounded, whole_seconds

_DAY_S = 86_400
# Beyond an hour with hours, as on paper.
_DURATION = "[<0.0416666]m:ss;[h]:mm:ss"
_NAME_MOST = 31
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'"))
_WIDTH_MOST = 60
_PATTERNS = ("solid_fill", "wide_upward_diagonal", "dotted_grid")
_GREEN, _PALE = "#00613B", "#DDF3E7"


def as_xlsx(document: Document, *, marks: str = "") -> bytes:
    """The file's bytes. ``marks`` goes into its keywords."""
    file = io.BytesIO()
    # Texts out of data are texts: neither formulas nor addresses nor numbers (F49).
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    with xlsxwriter.Workbook(file, options) as book:
        _Writer(book, document).write(marks)
    return file.getvalue()


class _Writer:
    """One workbook being written."""

    def __init__(self, book: Any, document: Document) -> None:
        self._book = book
        self._document = document
        self._wording = Wording.for_document(document)
        self._formats: dict[tuple[str, bool, bool], Any] = {}
        self._names: set[str] = set()

    def write(self, marks: str) -> None:
        """All sheets."""
        document, texts = self._document, self._wording.texts
        title = plain(f"{document.title} · {document.branch} · {document.subtitle}")
        self._book.set_properties(
            {
                "title": title,
                "author": plain(document.author or document.branch),
                "keywords": marks,
                # Not the time of writing: the same figures give the same file.
                "created": self._wording.at(document.at_ms).replace(tzinfo=None),
            }
        )
        self._summary(title)
        for section in document.sections:
            self._section(section)
        sheet = self._sheet(texts("report.paper.definitions"))
        rows = [(one.term, one.words) for one in document.definitions]
        for at, (term, words) in enumerate(rows):
            sheet.write_string(at, 0, plain(term), self._format(bold=True))
            sheet.write_string(at, 1, plain(words), self._format(wrap=True))
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 100)

    def _summary(self, title: str) -> None:
        document, texts = self._document, self._wording.texts
        sheet = self._sheet(texts("report.xlsx.summary"))
        sheet.write_string(0, 0, title, self._book.add_format({"bold": True, "font_size": 14}))
        at = 2
        for mark in document.marks:
            words = f"{'✓' if mark.good else '✗'} {plain(mark.words)}"
            sheet.write_string(at, 0, words, self._format(bold=True))
            at += 1
        at = self._facts(sheet, at, (*document.head, *document.headline))
        for note in document.notes:
            sheet.write_string(at, 0, plain(note))
            at += 1
        if document.proof:
            sheet.write_string(at + 1, 0, plain(texts("report.term.seal")))
            sheet.write_string(at + 1, 1, plain(document.proof))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 18)
        sheet.set_column(2, 2, 40)

    def _section(self, section: Section) -> None:
        sheet = self._sheet(section.title)
        at = self._facts(sheet, 0, section.facts)
        widths: dict[int, int] = {0: 30}
        for table in section.tables:
            at = self._table(sheet, at + bool(at), table, widths)
        for bars in section.bars:
            at = self._chart(sheet, at + bool(at), bars, widths)
        for note in section.notes:
            sheet.write_string(at, 0, plain(note))
            at += 1
        for column, width in widths.items():
            sheet.set_column(column, column, min(_WIDTH_MOST, width))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def _facts(self, sheet: Any, at: int, facts: tuple[Fact, ...]) -> int:
        for fact in facts:
            sheet.write_string(at, 0, plain(fact.name))
            self._cell(sheet, at, 1, fact.cell, bold=True)
            if fact.note:
                sheet.write_string(at, 2, plain(fact.note))
            at += 1
        return at

    def _table(self, sheet: Any, at: int, table: Table, widths: dict[int, int]) -> int:
        """Write it from this row on; gives the row below it."""
        sheet.write_string(at, 0, plain(table.caption), self._format(bold=True))
        head = at + 1
        for place, column in enumerate(table.columns):
            title = plain(column.name)
            sheet.write_string(head, place, title, self._format(bold=True, wrap=True))
            widths[place] = max(widths.get(place, 8), max(map(len, title.split() or [""])) + 2)
        at = head + 1
        rows = [(row, False) for row in table.rows] + ([(table.total, True)] if table.total else [])
        for row, bold in rows:
            for place, cell in enumerate(row):
                self._cell(sheet, at, place, cell, bold=bold)
                if cell.kind is Kind.TEXT:
                    widths[place] = max(widths.get(place, 8), len(self._wording(cell)) + 2)
            at += 1
        if table.note:
            sheet.write_string(at, 0, plain(table.note))
            at += 1
        return at

    def _chart(self, sheet: Any, at: int, bars: Bars, widths: dict[int, int]) -> int:
        """The table behind a chart, and the chart right below it."""
        below = self._table(sheet, at, bars.data(), widths)
        if not bars.labels:
            return below
        chart = self._book.add_chart({"type": "column"})
        first, last = at + 2, at + 1 + len(bars.labels)
        name = sheet.get_name()
        for number, _ in enumerate(bars.series):
            chart.add_series(
                {
                    "name": [name, at + 1, number + 1],
                    "categories": [name, first, 0, last, 0],
                    "values": [name, first, number + 1, last, number + 1],
                    "data_labels": {"value": True},
                    "border": {"color": _GREEN},
                    **_filling(number),
                }
            )
        chart.set_title({"name": plain(bars.caption)})
        chart.set_x_axis({"name": plain(bars.labelled)})
        chart.set_size({"width": 900, "height": 320})
        sheet.insert_chart(below + 1, 0, chart, {"description": plain(bars.caption)})
        return below + 19

    def _cell(self, sheet: Any, at: int, place: int, cell: Cell, *, bold: bool = False) -> None:
        value, style = cell.value, self._format(_number_format(cell), bold=bold)
        if value is None or isinstance(value, str) or cell.kind is Kind.MARK:
            sheet.write_string(at, place, self._wording(cell), style)
        elif cell.kind is Kind.INSTANT:
            moment = self._wording.at(int(value)).replace(tzinfo=None)
            sheet.write_datetime(at, place, moment, style)
        elif cell.kind is Kind.SECONDS:
            sheet.write_number(at, place, whole_seconds(value) / _DAY_S, style)
        else:
            shares = cell.kind in (Kind.PERCENT, Kind.POINTS)
            digits = cell.digits + 2 if shares else cell.digits
            sheet.write_number(at, place, float(rounded(value, digits)), style)

    def _format(self, number: str = "", *, bold: bool = False, wrap: bool = False) -> Any:
        key = (number, bold, wrap)
        if key not in self._formats:
            wanted: dict[str, Any] = {"bold": bold, "text_wrap": wrap, "valign": "top"}
            if number:
                wanted["num_format"] = number
            self._formats[key] = self._book.add_format(wanted)
        return self._formats[key]

    def _sheet(self, title: str) -> Any:
        return self._book.add_worksheet(next(self._free_names(title)))

    def _free_names(self, title: str) -> Iterator[str]:
        """What a sheet may be called; two parts of one title get different ones."""
        bare = plain(title.translate(_FORBIDDEN_IN_NAMES)) or "-"
        number = 1
        while True:
            ending = f" {number}" if number > 1 else ""
            name = bare[: _NAME_MOST - len(ending)].strip() + ending
            if name.lower() not in self._names:
                self._names.add(name.lower())
                yield name
            number += 1


def _number_format(cell: Cell) -> str:
    decimals = "." + "0" * cell.digits if cell.digits else ""
    formats = {
        Kind.COUNT: "#,##0",
        Kind.NUMBER: f"#,##0{decimals}",
        Kind.CHANGE: f"+#,##0{decimals};-#,##0{decimals};0{decimals}",
        Kind.SECONDS: _DURATION,
        Kind.PERCENT: f"0{decimals}%",
        Kind.POINTS: f"+0{decimals}%;-0{decimals}%;0{decimals}%",
        Kind.RUPIAH: '"Rp" #,##0',
        Kind.INSTANT: "yyyy-mm-dd hh:mm",
    }
    return formats.get(cell.kind, "")


def _filling(number: int) -> dict[str, Any]:
    """Full, striped, dotted: told apart in black and white."""
    pattern = _PATTERNS[number % len(_PATTERNS)]
    if pattern == "solid_fill":
        return {"fill": {"color": _GREEN}}
    return {"pattern": {"pattern": pattern, "fg_color": _GREEN, "bg_color": _PALE}}
