"""What the narrow parts of a day's report are made of: facts by their terms, lists of counts."""

from collections.abc import Iterable, Sequence

from report.day import Counted
from report.day_tables import name_of
from report.document import Cell, Column, Fact, Kind, Section, Table, behind, count, words
from report.wording import Wording

NARROW = 1 / 3


def facts_of(wording: Wording, **figures: Cell) -> tuple[Fact, ...]:
    return tuple(
        Fact(name.replace("_", "-"), wording.texts(f"report.term.{name.replace('_', '-')}"), cell)
        for name, cell in figures.items()
    )


def list_of(
    id_: str, wording: Wording, heading: str, counted: Iterable[Counted], figure: str = ""
) -> tuple[Table, ...]:
    """How often each was counted; nothing where nothing was. ``figure`` lists the tickets."""
    rows = tuple(
        (
            words(name_of(one.code, one.names, wording, figure or "code")),
            count(one.many, behind(figure, code=one.code) if figure else ""),
        )
        for one in counted
    )
    return table_of(id_, wording, heading, (), rows)


def table_of(
    id_: str,
    wording: Wording,
    heading: str,
    more: Sequence[str],
    rows: tuple[tuple[Cell, ...], ...],
) -> tuple[Table, ...]:
    if not rows:
        return ()
    texts = wording.texts
    columns = (
        Column(texts(f"report.list.{heading}")),
        Column(texts("report.column.many"), Kind.COUNT),
        *(Column(texts(f"report.list.{one}")) for one in more),
    )
    # Filled in by whoever gathers rows; the braces must outlive the text's own filling.
    rest = texts("report.list.rest", count="{count}")
    return (Table(id_, texts(f"report.list.{heading}"), columns, rows, rest=rest),)


def narrow_section(
    id_: str,
    wording: Wording,
    facts: tuple[Fact, ...] = (),
    tables: tuple[Table, ...] = (),
    notes: tuple[str, ...] = (),
) -> Section:
    """A narrow part; one without anything says so, for an empty box would be a riddle."""
    if not facts and not tables and not notes:
        notes = (wording.texts("report.list.nothing"),)
    return Section(id_, wording.texts(f"report.part.{id_}"), facts, tables, (), notes, NARROW)
