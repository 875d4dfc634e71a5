"""The statements of the lane: a batch of rows in one transaction, as fast as the driver can.

Compiled from Core for the dialect, once in a process, and then given to the driver's own
``executemany``; the ORM would take twice the time, Core's ``execute`` half as much again.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, create_engine, delete, func, literal_column

from db import tables
from db.engine import Database

Row = tuple[Any, ...]

OPEN_AGAIN = 0
"""Instead of the instant at which a day was closed: it was opened again since."""


@dataclass(slots=True)
class BatchRows:
    """Rows in the order of the tables' columns. Days: see ``tables.business_day``."""

    days: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    tickets: list[Row] = field(default_factory=list)
    ticket_periods: list[Row] = field(default_factory=list)
    counter_periods: list[Row] = field(default_factory=list)
    ratings: list[Row] = field(default_factory=list)
    corrections: list[Row] = field(default_factory=list)
    signatures: list[Row] = field(default_factory=list)
    screenings: list[Row] = field(default_factory=list)
    complaints: list[Row] = field(default_factory=list)
    bookings: list[Row] = field(default_factory=list)
    surveys: list[Row] = field(default_factory=list)
    leases: list[Row] = field(default_factory=list)
    sealed: list[Row] = field(default_factory=list)
    # What is erased: (branch, instant) with all that is due then, or by its key.
    due: list[Row] = field(default_factory=list)
    gone_sealed: list[Row] = field(default_factory=list)
    gone_members: list[Row] = field(default_factory=list)
    # Keys (branch, business date, ticket, ordinal) of stretches that were undone.
    gone_periods: list[Row] = field(default_factory=list)
    commands: list[Row] = field(default_factory=list)


class LaneWriter:
    """Writes batches of the lane."""

    def __init__(self, database: Database) -> None:
        self._database = database
        backend = database.url.get_backend_name()
        self._insert_event = _insert(backend, tables.event)
        self._insert_command = _insert(backend, tables.command)
        self._upsert_day = _upsert(backend, tables.business_day, keep=("first_seq", "opened_at_ms"))
        self._upsert_ticket = _upsert(backend, tables.ticket)
        self._upsert_ticket_period = _upsert(backend, tables.ticket_period)
        self._upsert_counter_period = _upsert(backend, tables.counter_period)
        self._upsert_rating = _upsert(backend, tables.rating)
        self._insert_correction = _insert(backend, tables.correction)
        self._insert_signature = _insert(backend, tables.day_signature)
        self._upsert_screening = _upsert(backend, tables.screening)
        self._upsert_complaint = _upsert(
            backend, tables.complaint, keep=("business_date", "filed_at_ms")
        )
        self._upsert_booking = _upsert(backend, tables.booking, keep=("booked_at_ms",))
        self._insert_survey = _insert(backend, tables.survey_answer)
        self._upsert_lease = _upsert(backend, tables.number_lease, keep=("leased_at_ms",))
        self._upsert_sealed = _upsert(backend, tables.sealed_record)
        self._delete_due = _delete_due(backend)
        self._delete_sealed = _delete(backend, tables.sealed_record)
        self._delete_member = _delete(backend, tables.member)
        self._delete_period = _delete(backend, tables.ticket_period)

    def write(self, rows: BatchRows) -> None:
        """Everything or nothing; on return it is on the disk."""
        with self._database.raw_writing() as cursor:
            for statement, many in (
                (self._upsert_day, rows.days),
                (self._insert_event, rows.events),
                (self._upsert_ticket, rows.tickets),
                (self._delete_period, rows.gone_periods),
                (self._upsert_ticket_period, rows.ticket_periods),
                (self._upsert_counter_period, rows.counter_periods),
                (self._upsert_rating, rows.ratings),
                (self._insert_correction, rows.corrections),
                (self._insert_signature, rows.signatures),
                (self._upsert_screening, rows.screenings),
                (self._upsert_complaint, rows.complaints),
                (self._upsert_booking, rows.bookings),
                (self._insert_survey, rows.surveys),
                (self._upsert_lease, rows.leases),
                (self._delete_due, rows.due),
                (self._delete_sealed, rows.gone_sealed),
                (self._delete_member, rows.gone_members),
                (self._upsert_sealed, rows.sealed),
                (self._insert_command, rows.commands),
            ):
                if many:
                    cursor.executemany(statement, many)


@cache
def _dialect(backend: str) -> Any:
    # Positional marks, so that rows can be plain tuples with both drivers.
    if backend == "sqlite":
        return create_engine("sqlite://", paramstyle="qmark").dialect
    return create_engine("postgresql+psycopg://", paramstyle="format").dialect


def _compiled(backend: str, statement: Any, table: Table) -> str:
    compiled = statement.compile(dialect=_dialect(backend), column_keys=table.columns.keys())
    assert compiled.positiontup == table.columns.keys()
    return str(compiled)


def _new_row(backend: str, table: Table) -> Any:
    # Each dialect is asked for alone: the other one would cost 40 ms at every start.
    if backend == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as sqlite_insert

        return sqlite_insert(table)
    from sqlalchemy.dialects.postgresql import insert as postgresql_insert

    return postgresql_insert(table)


@cache
def _insert(backend: str, table: Table) -> str:
    return _compiled(backend, _new_row(backend, table), table)


@cache
def _delete(backend: str, table: Table) -> str:
    """By the whole key."""
    key = list(table.primary_key)
    where = [column == bindparam(column.name) for column in key]
    compiled = delete(table).where(*where).compile(dialect=_dialect(backend))
    assert compiled.positiontup == [column.name for column in key]
    return str(compiled)


@cache
def _delete_due(backend: str) -> str:
    """What stands under seal of a branch, and is due at an instant."""
    sealed = tables.sealed_record
    where = (sealed.c.branch == bindparam("branch"), sealed.c.erase_at_ms <= bindparam("until_ms"))
    compiled = delete(sealed).where(*where).compile(dialect=_dialect(backend))
    assert compiled.positiontup == ["branch", "until_ms"]
    return str(compiled)


@cache
def _upsert(backend: str, table: Table, keep: tuple[str, ...] = ()) -> str:
    statement = _new_row(backend, table)
    key = [column.name for column in table.primary_key]
    newest = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if column.name not in key and column.name not in keep
    }
    if table is tables.business_day:
        closed_at_ms = func.coalesce(newest["closed_at_ms"], table.c.closed_at_ms)
        newest["closed_at_ms"] = func.nullif(closed_at_ms, literal_column(str(OPEN_AGAIN)))
    return _compiled(
        backend, statement.on_conflict_do_update(index_elements=key, set_=newest), table
    )
