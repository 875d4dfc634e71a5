"""Importing figures from before this system, or from outside it: satisfaction, outreach, visits.

All rows are good, or none is taken. Values of the same period are replaced, all others stay.
"""

import re
from decimal import Decimal
from pathlib import Path

from db.past_figures import forget_past_figures, past_figures, put_past_figures
from protocol.plain_text import plain_line
from server.administration.bad_rows import BadCellError, BadRows
from server.administration.refusal import RefusedError
from server.administration.sheets import Row, rows_of
from server.administration.summary import aligned
from server.store import Store

SATISFACTION, OFFICE_VISITS, OUTREACH = "satisfaction", "office-visits", "outreach-"
COLUMNS: dict[str, tuple[str, ...]] = {
    "period": ("period", "periode", "bulan", "tahun", "month", "year", "triwulan", "quarter"),
    "value": ("value", "nilai", "jumlah", "peserta", "persen", "percent", "count", "kepuasan"),
    "source": ("source", "sumber"),
}
SOURCE_MAX = 200
_SERIES = re.compile(r"satisfaction|office-visits|outreach-[a-z0-9]+(?:-[a-z0-9]+)*")
_YEAR = re.compile(r"(\d{4})")
_QUARTER = re.compile(r"(\d{4})-?[qt](\d)|[qt](\d)[ -](\d{4})")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})/(\d{4})")
_IN_WORDS = re.compile(r"([a-z]+)\.? (\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
_ENGLISH = {"may": 5, "aug": 8, "agt": 8, "oct": 10, "dec": 12, "nop": 11}
_FIRST_YEAR, _LAST_YEAR = 1990, 2200
_PERCENT = re.compile(r"\d{1,3}(?:[.,]\d{1,4})?")
_WHOLE = re.compile(r"\d{1,9}|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+")


def import_figures(store: Store, path: Path, series: str, now_ms: int) -> int:
    """Add a file's figures to a series; returns how many.

    Raises RefusedError with the bad rows, FileProblemError where the file is no such table.
    """
    if len(series) > 40 or _SERIES.fullmatch(series) is None:
        raise RefusedError(
            f"{series!r} is no series. Write satisfaction, office-visits, or outreach- and what "
            "kind, such as outreach-mcs-oc."
        )
    found: dict[str, tuple[str, str]] = {}
    first: dict[str, int] = {}
    bad = BadRows()
    with rows_of(path, COLUMNS) as rows:
        for row in rows:
            problems: list[BadCellError] = []
            period, value, source = _figure(row, series, problems)
            if period in first:
                what = f"is that of row {first[period]} already. Keep one of the two rows"
                problems.append(BadCellError("period", what))
            if problems:
                bad.add(row.number, problems)
                continue
            found[period], first[period] = (value, source), row.number
    if bad.count:
        lines = "\n".join(f"  {line}" for line in bad.lines())
        raise RefusedError(
            f"{path}: {bad.count} rows cannot be used.\n{lines}\nNothing was changed. Mend them."
        )
    if not found:
        raise RefusedError(f"{path}: has no figures.")
    with store.database.writing() as connection:
        put_past_figures(connection, store.branch_code, series, found, now_ms)
    return len(found)


def forget_figures(store: Store, series: str) -> int:
    """Take a series away; raises RefusedError where there is none of this name."""
    with store.database.writing() as connection:
        many = forget_past_figures(connection, store.branch_code, series)
    if not many:
        raise RefusedError(f"There is no series {series!r}; 'figures list' says which there are.")
    return many


def list_figures(store: Store) -> list[str]:
    """All imported figures, one line each, and the sums of what can be added up."""
    with store.database.reading() as connection:
        figures = past_figures(connection, store.branch_code)
    if not figures:
        return ["no figures were imported"]
    rows = [["series", "period", "value", "source"]]
    rows += [[one.series, one.period, str(one.value), one.source] for one in figures]
    lines = aligned(rows, total=False)
    for series in dict.fromkeys(one.series for one in figures):
        if series != SATISFACTION:
            total = sum((one.value for one in figures if one.series == series), Decimal())
            lines.append(f"{series}: {total} in all")
    return lines


def _figure(row: Row, series: str, problems: list[BadCellError]) -> tuple[str, str, str]:
    for column in COLUMNS:
        if problem := row.cell(column).problem:
            problems.append(BadCellError(column, problem))
    period = value = ""
    try:
        if not row.cell("period").problem:
            period = read_figure_period(row.cell("period").text, series)
    except BadCellError as error:
        problems.append(error)
    try:
        if not row.cell("value").problem:
            value = read_value(row.cell("value").text, series)
    except BadCellError as error:
        problems.append(error)
    return period, value, plain_line(row.cell("source").text, SOURCE_MAX)


def read_figure_period(text: str, series: str) -> str:
    """2014, 2014-Q1 for satisfaction; 2020-01 for counts. Raises BadCellError."""
    plain = " ".join(text.lower().split())
    if series == SATISFACTION:
        if found := _YEAR.fullmatch(plain):
            return _in_time(int(found[1]), found[1])
        if found := _QUARTER.fullmatch(plain):
            year, quarter = int(found[1] or found[4]), int(found[2] or found[3])
            if not 1 <= quarter <= 4:
                raise BadCellError("period", "is in no calendar: a year has 4 quarters")
            return _in_time(year, f"{year}-Q{quarter}")
        raise BadCellError("period", "is no year and no quarter. Write it as 2014 or 2014-Q1")
    if found := _MONTH.fullmatch(plain):
        year, month = int(found[1] or found[4]), int(found[2] or found[3])
    elif found := _IN_WORDS.fullmatch(plain):
        year, month = int(found[2]), _month_of(found[1])
    else:
        raise BadCellError("period", "is no month. Write it as 2020-01 or Januari 2020")
    if not 1 <= month <= 12:
        raise BadCellError("period", "is in no calendar: a year has 12 months, 1 to 12")
    return _in_time(year, f"{year}-{month:02}")


def read_value(text: str, series: str) -> str:
    """A share in percent as it was written, with a point; or a whole number without points."""
    plain = text.removesuffix("%").strip()
    if series == SATISFACTION:
        if _PERCENT.fullmatch(plain) is None:
            raise BadCellError("value", "is no number. Write a percentage such as 78.90")
        value = plain.replace(",", ".")
        if Decimal(value) > 100:
            raise BadCellError("value", "is more than 100 percent")
        return value
    if _WHOLE.fullmatch(plain) is None:
        raise BadCellError("value", "is no whole number. Write it in digits, such as 1567")
    return str(int(plain.replace(".", "").replace(",", "")))


def _month_of(word: str) -> int:
    """0 for what is no month."""
    short = word[:3]
    return _MONTHS.index(short) + 1 if short in _MONTHS else _ENGLISH.get(short, 0)


def _in_time(year: int, period: str) -> str:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise BadCellError("period", f"is not between {_FIRST_YEAR} and {_LAST_YEAR}")
    return period
