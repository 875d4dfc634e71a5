"""Making long lists shorter where a page has no room: what is rare goes together, counted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from report.document import Cell, Document, Kind, Table

ROWS_MIN = 2
"""What a list keeps at least, the gathered row among them."""


def ever_shorter(document: Document) -> Iterator[Document]:
    """The same with one row less each time, taken from whichever list is the longest then."""
    kept = {
        table.id: len(table.rows)
        for _, table in document.tables()
        if table.rest and len(table.rows) > ROWS_MIN
    }
    while any(rows > ROWS_MIN for rows in kept.values()):
        longest = max(kept, key=lambda one: kept[one])
        kept[longest] -= 1
        yield with_rows(document, kept)


def with_rows(document: Document, kept: Mapping[str, int]) -> Document:
    """The same with so many rows at most in these tables, by their ids."""
    sections = tuple(
        replace(
            section,
            tables=tuple(_cut(table, kept.get(table.id)) for table in section.tables),
        )
        for section in document.sections
    )
    return replace(document, sections=sections)


def _cut(table: Table, rows: int | None) -> Table:
    if rows is None or rows >= len(table.rows):
        return table
    shown, gathered = table.rows[: rows - 1], table.rows[rows - 1 :]
    name = Cell(table.rest.format(count=len(gathered)))
    sums = (_sum([row[place] for row in gathered]) for place in range(1, len(table.columns)))
    return replace(table, rows=(*shown, (name, *sums)))


def _sum(cells: Sequence[Cell]) -> Cell:
    """Counts together; of texts that say more about a row nothing is left over that is a figure."""
    if all(cell.kind is Kind.COUNT for cell in cells):
        return Cell(sum(int(cell.value or 0) for cell in cells), Kind.COUNT)
    assert all(cell.kind is Kind.TEXT for cell in cells), "only counts may be added up"
    return Cell("; ".join(dict.fromkeys(str(cell.value) for cell in cells if cell.value)))
