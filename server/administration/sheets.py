"""Tables that people bring: CSV, or the first sheet of an XLSX file, row by row as texts.

What such a file may do to us is bounded (F56): its size, what it unfolds to, its rows, columns
and cells. Nothing in it is ever evaluated: a formula is told as a mistake of its row.
"""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from server.administration.toml_file import FileProblemError

FILE_BYTES_MAX = 256 * 1024 * 1024
UNFOLDED_BYTES_MAX = 512 * 1024 * 1024
# Tables of people shrink to a tenth; what shrinks to a hundredth is made to fill a disk.
UNFOLDED_TIMES_MAX = 100
ROWS_MAX = 1_000_000
COLUMNS_MAX = 60
CELL_CHARS_MAX = 500
PARTS_MAX = 1_000
_XLSX, _XLS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_SPACES_AND_SIGNS = {ord(char): None for char in " _-./()"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as text; ``problem`` says why it cannot be used, and how to mend it."""

    text: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """A row by its number as a spreadsheet shows it, with the cells of the known columns."""

    number: int
    cells: Mapping[str, Cell]

    def cell(self, column: str) -> Cell:
        """A column's cell; an empty one where the file has no such column."""
        return self.cells.get(column, Cell())


@contextmanager
def rows_of(path: Path, columns: Mapping[str, tuple[str, ...]]) -> Iterator[Iterator[Row]]:
    """A file's rows below its heading. ``columns`` are the names by which each may be headed.

    Raises FileProblemError, here or while reading.
    """
    with _opened(path) as lines:
        first = next(lines, None)
        if first is None:
            raise FileProblemError(f"{path}: is empty. The first row names the columns.")
        yield _rows(path, lines, _places(path, first[1], columns))


Line = tuple[int, list[Any]]


@contextmanager
def _opened(path: Path) -> Iterator[Iterator[Line]]:
    try:
        with path.open("rb") as file:
            start = file.read(4)
        size = path.stat().st_size
    except OSError as error:
        raise FileProblemError(
            f"{path}: cannot be read ({error.strerror}). Check the name and the folder."
        ) from error
    if size > FILE_BYTES_MAX:
        raise FileProblemError(f"{path}: has more than {FILE_BYTES_MAX >> 20} MB. Divide it.")
    if start == _XLS:
        raise FileProblemError(f"{path}: is of an old Excel. Save it as .xlsx or as CSV UTF-8.")
    with _xlsx(path) if start == _XLSX else _csv(path) as lines:
        yield lines


# CSV.


@contextmanager
def _csv(path: Path) -> Iterator[Iterator[Line]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            heading = file.readline(COLUMNS_MAX * CELL_CHARS_MAX)
        except UnicodeDecodeError:
            raise _not_utf8(path) from None
        separator = max(",;\t", key=heading.count)
        yield _csv_lines(path, heading, file, separator)


def _csv_lines(path: Path, heading: str, file: io.TextIOBase, separator: str) -> Iterator[Line]:
    number = 0
    try:
        for source in ([heading] if heading else [], file):
            reader = csv.reader(source, delimiter=separator, strict=True)
            before = number
            for cells in reader:
                # A row is named by the line on which it begins, as an editor counts.
                yield number + 1, list(cells)
                number = before + reader.line_num
    except UnicodeDecodeError:
        raise _not_utf8(path) from None
    except csv.Error:
        raise FileProblemError(
            f"{path}, row {number + 1}: is no proper CSV: a quote is open, or a cell has no end. "
            "Save it from the spreadsheet again, as CSV UTF-8."
        ) from None


def _not_utf8(path: Path) -> FileProblemError:
    return FileProblemError(f"{path}: is no UTF-8 text. Save it as 'CSV UTF-8', or as .xlsx.")


# XLSX.


@contextmanager
def _xlsx(path: Path) -> Iterator[Iterator[Line]]:
    from openpyxl import load_workbook  # slow to import

    _demand_harmless(path)
    broken = FileProblemError(f"{path}: is no sound .xlsx. Save it again, or as CSV UTF-8.")
    with ExitStack() as open_files:
        # Opened here: openpyxl leaves a file open whose contents it cannot make sense of.
        file = open_files.enter_context(path.open("rb"))
        open_files.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")  # of styles and the like, which concern nobody here
        try:
            # Not data_only: then a formula would come as whatever some program made of it last.
            book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        except Exception:  # noqa: BLE001 (a broken file breaks the library in many ways)
            raise broken from None
        open_files.callback(book.close)
        if not book.worksheets:
            raise broken
        yield _sheet_lines(book.worksheets[0], broken)


def _sheet_lines(sheet: Any, broken: FileProblemError) -> Iterator[Line]:
    # What the sheet says of its size may be wrong, and then openpyxl pads every row to it.
    sheet.reset_dimensions()
    try:
        for number, cells in enumerate(sheet.iter_rows(), 1):
            yield number, [(cell.value, cell.data_type) for cell in cells[: COLUMNS_MAX + 1]]
    except Exception:  # noqa: BLE001 (see above)
        raise broken from None


def _demand_harmless(path: Path) -> None:
    """Refuse what unfolds to far more than it is, before anything unfolds it."""
    try:
        with zipfile.ZipFile(path) as parts:
            sizes = [part.file_size for part in parts.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FileProblemError(
            f"{path}: is no sound .xlsx. Save it again, or as CSV UTF-8."
        ) from None
    whole, most = sum(sizes), max(UNFOLDED_TIMES_MAX * path.stat().st_size, 1024 * 1024)
    if len(sizes) > PARTS_MAX or whole > min(UNFOLDED_BYTES_MAX, most):
        raise FileProblemError(
            f"{path}: unfolds to far more than a table of this size. Save it as CSV UTF-8."
        )


# Rows.


def _places(
    path: Path, heading: list[Any], columns: Mapping[str, tuple[str, ...]]
) -> dict[str, int]:
    names = {_bare(name): column for column, several in columns.items() for name in several}
    places: dict[str, int] = {}
    for at, value in enumerate(heading[: COLUMNS_MAX + 1]):
        column = names.get(_bare(_cell(value).text))
        if column is None:
            continue
        if column in places:
            raise FileProblemError(
                f"{path}, row 1: two columns are {column}. Take one away, or name it otherwise."
            )
        places[column] = at
    if not places:
        known = ", ".join(several[0] for several in columns.values())
        raise FileProblemError(f"{path}, row 1: names no column. Known are {known}.")
    return places


def _rows(path: Path, lines: Iterator[Line], places: Mapping[str, int]) -> Iterator[Row]:
    for count, (number, values) in enumerate(lines, 1):
        if count > ROWS_MAX:
            raise FileProblemError(f"{path}: has more than {ROWS_MAX} rows. Divide it.")
        cells = {
            column: _cell(values[at]) if at < len(values) else Cell()
            for column, at in places.items()
        }
        if any(cell != Cell() for cell in cells.values()):
            yield Row(number, cells)


def _cell(given: Any) -> Cell:
    """A cell's text, ``-`` and the like being empty; or what is wrong with it."""
    value, kind = given if isinstance(given, tuple) else (given, "s")
    if value is None:
        return Cell()
    if kind == "f":
        return Cell(problem="is a formula. Put its value there (paste as values)")
    if kind == "e":
        return Cell(problem="is an error of the spreadsheet. Put a value there")
    if isinstance(value, datetime | date):
        day = value.date() if isinstance(value, datetime) else value
        return Cell(day.isoformat())
    if isinstance(value, bool | int | float | time):
        return Cell(
            problem="is a number, which loses digits and zeros in a spreadsheet. Format the "
            "column as text and put the digits in again"
        )
    return _text_cell(str(value))


def _text_cell(text: str) -> Cell:
    text = text.strip(" \u00a0\ufeff")
    if text in ("", "-", "–", "—"):
        return Cell()
    if text.startswith(_FORMULA_SIGNS):
        return Cell(problem="begins as a formula does (= + - @). Put a plain text there")
    if len(text) > CELL_CHARS_MAX:
        return Cell(problem=f"has more than {CELL_CHARS_MAX} characters. Shorten it")
    return Cell(text)


def _bare(name: str) -> str:
    return name.strip().lower().translate(_SPACES_AND_SIGNS)
