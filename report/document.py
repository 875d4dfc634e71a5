"""A report before anybody chose how to show it: facts, tables of typed cells, bars, notes.

Paper, page, workbook and CSV are made from the same ``Document``, so a figure is the same on all.
Nothing here is formatted: how a value reads is said in ``report/wording.py`` alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlencode

Value = int | float | str | None


class Kind(StrEnum):
    """What a value is, and so how it is written and with which unit it is kept in files."""

    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    """A number with ``digits`` decimals, such as an index."""
    CHANGE = "change"
    """A difference of counts or numbers: its sign is always written."""
    SECONDS = "seconds"
    """How long something took."""
    PERCENT = "percent"
    """A share, 0 to 1."""
    POINTS = "points"
    """A difference of shares, -1 to 1, told as a change in percent with its sign."""
    RUPIAH = "rupiah"
    INSTANT = "instant"
    """A moment in milliseconds; shown as the branch's clock shows it."""
    MARK = "mark"
    """1 for right, 0 for wrong: ✓ or ✗, never a colour alone."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value. None is what nobody measured, which is not 0.

    ``behind`` names the tickets that the figure counts, where the page can open them: a figure of
    ``db/ticket_lists.py`` and of which part, as ``issued&service=A``.
    """

    value: Value
    kind: Kind = Kind.TEXT
    digits: int = 0
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its heading; neighbours of one ``group`` stand under its name together.

    ``short`` is the heading where there is little room.
    """

    title: str
    kind: Kind = Kind.TEXT
    short: str = ""
    group: str = ""

    @property
    def name(self) -> str:
        """The heading with its group: what tells it from all others of the table."""
        return f"{self.group}: {self.title}" if self.group else self.title


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, as many in each as there are columns; the first cell of a row names it.

    ``total`` stands below them, with a rule above it. ``rest`` is the word for rows that a page
    has no room for ("lainnya ({count})"): their counts are added up, never left away. A table
    without it is never cut.
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    rest: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        for row in (*self.rows, *([self.total] if self.total else [])):
            assert len(row) == len(self.columns), f"{self.id}: a row has {len(row)} cells"


@dataclass(frozen=True, slots=True)
class Series:
    """One row of bars, a value for each label; None where there is none."""

    name: str
    values: tuple[int | float | None, ...]
    digits: int = 0


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of bars. ``kind`` is what the bars' values are.

    ``below`` are figures that go with the labels and are not drawn; ``labelled`` says what the
    labels are. ``data`` is the table behind the chart.
    """

    id: str
    caption: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    kind: Kind = Kind.COUNT
    below: tuple[Series, ...] = ()
    labelled: str = ""

    def __post_init__(self) -> None:
        for one in self.all_series():
            assert len(one.values) == len(self.labels), f"{self.id}: {one.name}"

    def all_series(self) -> Iterator[Series]:
        """The bars, and what stands below."""
        yield from self.series
        yield from self.below

    def kind_of(self, series: Series) -> Kind:
        """What its values are: of the bars what was said, of the others numbers."""
        return self.kind if series in self.series else Kind.NUMBER

    def data(self) -> Table:
        """Everything that the chart shows, one row for each label."""
        series = tuple(self.all_series())
        columns = (
            Column(self.labelled),
            *(Column(one.name, self.kind_of(one)) for one in series),
        )
        rows = tuple(
            (
                Cell(label),
                *(Cell(one.values[at], self.kind_of(one), one.digits) for one in series),
            )
            for at, label in enumerate(self.labels)
        )
        return Table(self.id, self.caption, columns, rows)


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure with its name: ``note`` says what it is compared with, or part of."""

    id: str
    name: str
    cell: Cell
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part with a heading. ``width`` is the part of the paper's width that it wants: 1 is all."""

    id: str
    title: str
    facts: tuple[Fact, ...] = ()
    tables: tuple[Table, ...] = ()
    bars: tuple[Bars, ...] = ()
    notes: tuple[str, ...] = ()
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A sentence that is good or not: the day adds up, the close is signed."""

    words: str
    good: bool


@dataclass(frozen=True, slots=True)
class Definition:
    """What a word on the report means; ``brief`` is the same on paper that is a single page,
    which leaves out those without one."""

    term: str
    words: str
    brief: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report in one language.

    ``head`` are facts about it (opened, closed, signed by), ``headline`` the few figures that are
    read first, eight at most, ``at_ms`` is their moment. ``digest`` is the sha256 of the figures,
    ``proof`` the hash of the events that they were counted from. ``name`` is what its files are
    called, without ending. ``one_page`` asks the paper to be a single A4 page.
    """

    name: str
    language: str
    title: str
    subtitle: str
    branch: str
    time_zone: str
    head: tuple[Fact, ...] = ()
    headline: tuple[Fact, ...] = ()
    marks: tuple[Mark, ...] = ()
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()
    proof: str = ""
    author: str = ""
    at_ms: int = 0
    digest: str = field(default="", compare=False)
    one_page: bool = False

    def tables(self) -> Iterator[tuple[Section, Table]]:
        """Every table with its section, in order; those behind the charts are not among them."""
        for section in self.sections:
            for table in section.tables:
                yield section, table


def count(value: int | None, behind: str = "") -> Cell:
    """A cell with a number of somethings."""
    return Cell(value, Kind.COUNT, behind=behind)


def seconds(value: float | None, behind: str = "") -> Cell:
    """A cell with a duration."""
    return Cell(value, Kind.SECONDS, behind=behind)


def behind(figure: str, **part: str | int) -> str:
    """The tickets behind a figure: all of them, or those of a part of the day."""
    return "&".join(filter(None, (figure, urlencode(part))))


def percent(value: float | None, digits: int = 0, behind: str = "") -> Cell:
    """A cell with a share, 0 to 1."""
    return Cell(value, Kind.PERCENT, digits, behind)


def words(value: str) -> Cell:
    """A cell with a text."""
    return Cell(value)


def instant(value_ms: int | None) -> Cell:
    """A cell with a moment."""
    return Cell(value_ms, Kind.INSTANT)


def mark(*, good: bool) -> Cell:
    """A cell with ✓ or ✗."""
    return Cell(int(good), Kind.MARK)
