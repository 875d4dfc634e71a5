"""Proof that nobody changed the history: the chain of hashes, and a recount of every day (I13).

Each day is told again from its events by the same fold that the server lives by, and what comes
out must be what the tables of tickets, periods and ratings say (F57). Corrections and signatures
belong to the day that they are about, not to the day on which they were made, and complaints live
on from day to day, so these are counted over the whole history. So are tickets that a kiosk gave
without a link on a day that was over when it told.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

import msgspec

from db import tables as t
from db.door_facts import door_facts
from db.history import events_of_kinds
from db.lane import BatchRows, Row
from db.rows import all_rows, rows_of_day
from server.administration.door_recount import differences, recount_door
from server.domain.branch import Branch, Counter
from server.domain.branch_day import BranchDay
from server.domain.events import (
    EarlierTicketMerged,
    NumbersLeased,
    RecordCorrected,
    Recorded,
    ServiceRated,
    SurveyAnswered,
)
from server.domain.hall_door import Complaint
from server.store import Store, StoredEvent, chained, genesis
from server.stored_offline import add_offline_rows
from server.stored_pages import survey_row
from server.stored_rows import (
    add_change_rows,
    correction_row,
    rating_row,
    recorded_of,
    signature_row,
)

PROBLEMS_MAX = 100


def verify(store: Store) -> list[str]:
    """What is wrong, naming each event's seq; empty when the history is whole."""
    problems: list[str] = []
    # One connection sees one moment, so a server that goes on writing does no harm.
    with (
        store.database.reading() as connection,
        closing(_problems(store, connection)) as found,
    ):
        for problem in found:
            problems.append(problem)
            if len(problems) == PROBLEMS_MAX:
                problems.append("… and perhaps more: the first hundred are listed")
                break
    return problems


def _problems(store: Store, connection: Any) -> Generator[str, None, None]:
    branch = store.load_branch()
    days = {
        row["business_date"]: row for row in all_rows(connection, t.business_day, store.branch_code)
    }
    heads: dict[str, StoredEvent] = {}
    before, seq = genesis(store.branch_code), 0
    day: list[Recorded] = []
    date: str | None = None
    afterwards = BatchRows()
    complaints: dict[str, Complaint] = {}
    late = _merged_late(store, connection)
    for event in store.history(connection):
        if event.seq != seq + 1:
            yield _missing(seq + 1, event.seq - 1)
        elif event.hash != chained(before, event.link):
            yield f"event {event.seq} was changed, or the one before it: its hash does not fit"
        if event.recorded is None:
            yield f"event {event.seq} cannot be read"
        if event.business_date != date:
            yield from _recount(connection, branch, date, day, afterwards, complaints, late)
            day, date = [], event.business_date
        if event.recorded is not None:
            day.append(event.recorded)
            _add_afterwards(afterwards, branch.code, event.recorded)
        before, seq = event.hash, event.seq
        heads[event.business_date] = event
    yield from _recount(connection, branch, date, day, afterwards, complaints, late)
    yield from _compare_heads(days, heads)
    for date in sorted(late):
        # Whole days without a server: only kiosks know of them.
        yield from _compare_tickets(connection, branch.code, date, late[date])
    for table, told in (
        (t.correction, afterwards.corrections),
        (t.day_signature, afterwards.signatures),
        (t.complaint, afterwards.complaints),
    ):
        stored = all_rows(connection, table, branch.code)
        there = [(branch.code, *row.values()) for row in stored]
        yield from _compare("after the close", table, told, there)


def _add_afterwards(rows: BatchRows, branch: str, entry: Recorded) -> None:
    if isinstance(entry.event, RecordCorrected):
        rows.corrections.append(correction_row(branch, entry))
    elif (signature := signature_row(branch, entry)) is not None:
        rows.signatures.append(signature)


def _missing(first: int, last: int) -> str:
    return f"event {first} is missing" if first == last else f"events {first} to {last} are missing"


def _compare_heads(
    days: Mapping[str, Mapping[str, Any]], heads: Mapping[str, StoredEvent]
) -> Iterator[str]:
    for date, row in days.items():
        head = heads.get(date)
        if head is None or head.seq < row["head_seq"]:
            last = head.seq if head is not None else row["first_seq"] - 1
            yield f"{_missing(last + 1, row['head_seq'])}, the last of {date}"
        elif head.hash != row["head_hash"]:
            yield f"event {head.seq}, the last of {date}, is not the one that was written"
    for date in heads.keys() - days.keys():
        yield f"the day {date} is missing from the table business_day"


def _recount(
    connection: Any,
    branch: Branch,
    date: str | None,
    entries: Sequence[Recorded],
    afterwards: BatchRows,
    complaints: dict[str, Complaint],
    late: dict[str, BatchRows],
) -> Iterator[str]:
    """``complaints`` of the days before go in, and come out as they stand after this one; what
    was merged ``late`` for this day is taken out."""
    if date is None:
        return
    day = BranchDay(with_counters_of(branch, entries), date, None, complaints.values())
    rows = late.pop(date, BatchRows())
    for entry in entries:
        try:
            day.apply(entry)
        except (AssertionError, KeyError, AttributeError, TypeError, ValueError) as error:
            # A changed or missing event leads to moves that no rule allows.
            yield (
                f"event {entry.seq} ({type(entry.event).__name__}) does not follow from those "
                f"before it: {error!r}; the day {date} was not recounted"
            )
            return
        if isinstance(entry.event, ServiceRated):
            rows.ratings.append(rating_row(branch.code, entry))
        elif isinstance(entry.event, NumbersLeased):
            add_offline_rows(rows, branch.code, entry)
        elif isinstance(entry.event, SurveyAnswered):
            rows.surveys.append(survey_row(branch.code, entry))
    add_change_rows(rows, branch.code, day.take_changes())
    afterwards.complaints += rows.complaints
    complaints.update(day.complaints)
    yield from _compare_tickets(connection, branch.code, date, rows)
    for table, told in (
        (t.counter_period, rows.counter_periods),
        (t.rating, rows.ratings),
        (t.screening, rows.screenings),
        (t.booking, rows.bookings),
        (t.survey_answer, rows.surveys),
        (t.number_lease, _first_times(rows.leases)),
    ):
        yield from _compare(date, table, told, rows_of_day(connection, table, branch.code, date))
    stored = door_facts(connection, branch.code, date)
    for difference in differences(stored, recount_door(entries)):
        yield f"{date}: {difference}"


def _merged_late(store: Store, connection: Any) -> dict[str, BatchRows]:
    """The rows of tickets whose day was over when they were merged, by that day."""
    found: dict[str, BatchRows] = {}
    for row in events_of_kinds(connection, store.branch_code, [EarlierTicketMerged.__name__]):
        try:
            entry = recorded_of(row)
        except (msgspec.MsgspecError, TypeError):
            continue  # named where its hash does not fit
        assert isinstance(entry.event, EarlierTicketMerged)
        rows = found.setdefault(entry.event.of_date, BatchRows())
        add_offline_rows(rows, store.branch_code, entry)
    return found


def _compare_tickets(connection: Any, branch: str, date: str, rows: BatchRows) -> Iterator[str]:
    for table, told in ((t.ticket, rows.tickets), (t.ticket_period, rows.ticket_periods)):
        yield from _compare(date, table, told, rows_of_day(connection, table, branch, date))


def _first_times(leases: Sequence[Row]) -> list[Row]:
    """Of a lease that was made longer the newest form, with the instant of its first."""
    newest: dict[Row, Row] = {}
    for row in leases:
        before = newest.get(row[:3], row)
        newest[row[:3]] = (*row[:-1], before[-1])
    return list(newest.values())


def with_counters_of(branch: Branch, entries: Iterable[Recorded]) -> Branch:
    """The branch with the counters of that day, which it may have lost since."""
    counters = dict(branch.counters)
    for entry in entries:
        number = getattr(entry.event, "counter", None)
        if number is not None:
            counters.setdefault(number, Counter(number, ()))
    return replace(branch, counters=counters)


def _compare(date: str, table: Any, told: Iterable[Row], stored: Iterable[Row]) -> Iterator[str]:
    key = _key_of(table)
    expected = {key(row): row for row in told}
    found = {key(row): tuple(row) for row in stored}
    for missing in expected.keys() - found.keys():
        yield f"{date}: {table.name} {_words(missing)} is missing, but the events tell of it"
    for extra in found.keys() - expected.keys():
        yield f"{date}: {table.name} {_words(extra)} is there, but no event tells of it"
    for same in expected.keys() & found.keys():
        for column, is_so, should in zip(table.columns, found[same], expected[same], strict=True):
            if is_so != should:
                yield (
                    f"{date}: {table.name} {_words(same)} has {column.name} {is_so!r}, but by "
                    f"the events it is {should!r}"
                )


def _key_of(table: Any) -> Callable[[Row], Row]:
    places = [
        place
        for place, column in enumerate(table.columns)
        if column.primary_key and column.name not in ("branch", "business_date")
    ]
    return lambda row: tuple(row[place] for place in places)


def _words(key: Row) -> str:
    return " ".join(str(part) for part in key)
