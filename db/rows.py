"""Plain rows of small tables: all of a branch, one put, all replaced. Not for the lane."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, literal, select, update

from db import tables as t

Row = Mapping[str, Any]


def branches(connection: Connection) -> list[str]:
    """The codes of the branches in this database."""
    return list(connection.scalars(select(t.branch.c.branch).order_by(t.branch.c.branch)))


def add_branch(connection: Connection, branch: str, at_ms: int) -> None:
    """A branch that has nothing yet."""
    connection.execute(insert(t.branch).values(branch=branch, added_at_ms=at_ms))


def all_rows(connection: Connection, table: Table, branch: str) -> list[dict[str, Any]]:
    """A branch's rows of a table, in the order of its key, without the branch itself."""
    rows = connection.execute(
        select(*(column for column in table.columns if column.name != "branch"))
        .where(table.c.branch == branch)
        .order_by(*table.primary_key.columns)
    )
    return [dict(row) for row in rows.mappings()]


def rows_with(
    connection: Connection, table: Table, branch: str, column: str, values: Collection[Any]
) -> list[dict[str, Any]]:
    """A branch's rows of a table in which a column has one of these values."""
    wanted = select(table).where(table.c.branch == branch, table.c[column].in_(values))
    return [row._asdict() for row in connection.execute(wanted)]


def put_row(connection: Connection, table: Table, branch: str, row: Row) -> None:
    """Add a row, or replace the one with the same key."""
    connection.execute(delete(table).where(*_same_key(table, branch, row)))
    connection.execute(insert(table).values(branch=branch, **row))


def change_row(connection: Connection, table: Table, branch: str, key: Row, **to: Any) -> bool:
    """Change columns of the row with this key; False if there is none."""
    changed = connection.execute(update(table).where(*_same_key(table, branch, key)).values(**to))
    return changed.rowcount == 1


def replace_rows(
    connection: Connection, table: Table, branch: str, rows: Iterable[Row], **alike: Any
) -> None:
    """Put these rows in the place of all that a branch had, or of those alike in some columns."""
    same = [table.columns[name] == value for name, value in alike.items()]
    connection.execute(delete(table).where(table.c.branch == branch, *same))
    new = [{"branch": branch, **alike, **row} for row in rows]
    if new:
        connection.execute(insert(table), new)


def _same_key(table: Table, branch: str, row: Row) -> list[Any]:
    return [
        column == (branch if column.name == "branch" else row[column.name])
        for column in table.primary_key.columns
    ]


def rename_branch(connection: Connection, old: str, new: str) -> None:
    """Give a branch another code; only for one that has no history yet."""
    connection.execute(
        insert(t.branch).from_select(
            ["branch", "added_at_ms"],
            select(literal(new), t.branch.c.added_at_ms).where(t.branch.c.branch == old),
        )
    )
    for table in (
        *(t.setting, t.service, t.counter, t.choice, t.catalogue_entry),
        *(t.member, t.device, t.staff),
    ):
        connection.execute(update(table).where(table.c.branch == old).values(branch=new))
    connection.execute(delete(t.branch).where(t.branch.c.branch == old))


def rows_of_day(
    connection: Connection, table: Table, branch: str, business_date: str
) -> list[tuple[Any, ...]]:
    """A day's rows of a table of the lane, each in the order of its columns."""
    found = connection.execute(
        select(table).where(table.c.branch == branch, table.c.business_date == business_date)
    )
    return [tuple(row) for row in found]
