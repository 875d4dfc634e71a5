"""A report as one long table: a line for each figure, for whoever reckons on with a spreadsheet.

UTF-8 with a byte-order mark and semicolons, as a spreadsheet set to Indonesian opens it with a
double click. Columns: section, table, row, figure, value, unit, shown. ``value`` is the plain
number (seconds, shares 0 to 1, no thousands; decimal comma in Indonesian, point in English),
``shown`` the same digits as on the paper. A text that a spreadsheet would take for a formula is
preceded by a quote (F49).
"""

import csv
import io
import unicodedata
from collections.abc import Iterator

from report.document import Cell, Document, Fact, Kind, Table
from report.wording import Wording, plain, rounded, whole_seconds

SEPARATOR = ";"
_FORMULA = "=+-@"
_BEFORE = " \t\r\n\0'\"`\u00a0\ufeff"
_UNITS = {
    Kind.COUNT: "count",
    Kind.NUMBER: "number",
    Kind.CHANGE: "number",
    Kind.SECONDS: "s",
    Kind.PERCENT: "share",
    Kind.POINTS: "share",
    Kind.RUPIAH: "Rp",
    Kind.INSTANT: "time",
    Kind.MARK: "yes-no",
    Kind.TEXT: "",
}
_SHARE_DIGITS = 4


def as_csv(document: Document) -> bytes:
    """The file's bytes."""
    wording = Wording.for_document(document)
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=SEPARATOR, lineterminator="\r\n")
    head = ("section", "table", "row", "figure", "value", "unit", "shown")
    writer.writerow([wording.texts(f"report.csv.{one}") for one in head])
    for line in _lines(document, wording):
        writer.writerow(line)
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def safe(text: str) -> str:
    """A text that no spreadsheet reckons with, whatever stands before its first sign.

    A sign of full width counts like its narrow one: some spreadsheets narrow it.
    """
    first = unicodedata.normalize("NFKC", text.lstrip(_BEFORE))[:1]
    if (text[:1] in "\t\r\n\0" and text) or (first and first in _FORMULA):
        return f"'{text}"
    return text


def _lines(document: Document, wording: Wording) -> Iterator[list[str]]:
    title = wording.texts("report.csv.report")
    for key in ("title", "branch", "subtitle"):
        yield _line(title, "", "", key, Cell(getattr(document, key)), wording)
    for mark in document.marks:
        yield _line(title, "", "", mark.words, Cell(int(mark.good), Kind.MARK), wording)
    yield from _facts(title, document.head, wording)
    yield from _facts(wording.texts("report.csv.headline"), document.headline, wording)
    for section in document.sections:
        yield from _facts(section.title, section.facts, wording)
        for table in (*section.tables, *(bars.data() for bars in section.bars)):
            yield from _rows(section.title, table, wording)
        for note in section.notes:
            yield _line(
                section.title, "", "", wording.texts("report.csv.note"), Cell(note), wording
            )
    for note in document.notes:
        yield _line(title, "", "", wording.texts("report.csv.note"), Cell(note), wording)
    meaning = wording.texts("report.paper.definitions")
    for one in document.definitions:
        yield _line(meaning, "", "", one.term, Cell(one.words), wording)
    if document.proof:
        yield _line(title, "", "", wording.texts("report.term.seal"), Cell(document.proof), wording)


def _facts(section: str, facts: tuple[Fact, ...], wording: Wording) -> Iterator[list[str]]:
    for fact in facts:
        yield _line(section, "", "", fact.name, fact.cell, wording)
        if fact.note:
            note = wording.texts("report.csv.note")
            yield _line(section, "", fact.name, note, Cell(fact.note), wording)


def _rows(section: str, table: Table, wording: Wording) -> Iterator[list[str]]:
    for row in (*table.rows, *([table.total] if table.total else [])):
        name = wording(row[0])
        for column, cell in zip(table.columns[1:], row[1:], strict=True):
            yield _line(section, table.caption, name, column.name, cell, wording)
    if table.note:
        note = wording.texts("report.csv.note")
        yield _line(section, table.caption, "", note, Cell(table.note), wording)


def _line(
    section: str, table: str, row: str, figure: str, cell: Cell, wording: Wording
) -> list[str]:
    texts = [safe(plain(one)) for one in (section, table, row, figure)]
    unit = _UNITS[cell.kind] if not isinstance(cell.value, str) else ""
    return [*texts, _value(cell, wording), unit, safe(wording(cell))]


def _value(cell: Cell, wording: Wording) -> str:
    """The bare figure; it is a number of ours, so its minus sign begins no formula."""
    if cell.value is None:
        return ""
    if isinstance(cell.value, str):
        return safe(plain(cell.value))
    if cell.kind is Kind.SECONDS:
        return str(whole_seconds(cell.value))
    if cell.kind is Kind.INSTANT:
        return wording.at(int(cell.value)).isoformat(" ", "seconds")[:19]
    digits = _SHARE_DIGITS if cell.kind in (Kind.PERCENT, Kind.POINTS) else cell.digits
    return str(rounded(cell.value, digits)).replace(".", wording.decimal_point)
