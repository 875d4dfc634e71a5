"""Which days are over, and that whatever is told of one afterwards is seen by its marks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from db import tables
from db.closed_days import ClosedDay, closed_days
from db.engine import sqlite_url
from server.store import Store
from tests.server.stored_day import DAY_MS, MORNING_MS, a_whole_day


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(sqlite_url(tmp_path / "branch.db")) as opened:
        yield opened


def days(store: Store) -> list[ClosedDay]:
    with store.database.reading() as connection:
        return closed_days(connection, store.branch_code)


def test_the_newest_closed_day_stands_first_and_an_open_one_not_at_all(store: Store) -> None:
    assert days(store) == []
    a_whole_day(store)
    a_whole_day(store, "2026-11-21", MORNING_MS + DAY_MS)
    assert [one.business_date for one in days(store)] == ["2026-11-21", "2026-11-20"]
    with store.database.writing() as connection:
        connection.execute(
            update(tables.business_day)
            .where(tables.business_day.c.business_date == "2026-11-21")
            .values(closed_at_ms=None)
        )
    assert [one.business_date for one in days(store)] == ["2026-11-20"]


def test_a_signature_counts_from_the_last_close_on(store: Store) -> None:
    story = a_whole_day(store)
    (before,) = days(store)
    row = {"branch": store.branch_code, "business_date": "2026-11-20", "staff": "x", "note": ""}
    with store.database.writing() as connection:
        early = {**row, "seq": 90, "at_ms": story.now_ms - 1}
        connection.execute(insert(tables.day_signature), early)
    assert days(store) == [before], "a signature from before the day was opened again is none"
    with store.database.writing() as connection:
        connection.execute(insert(tables.day_signature), {**row, "seq": 91, "at_ms": story.now_ms})
    (signed,) = days(store)
    assert (before.is_signed, signed.is_signed) == (False, True)
    assert signed.closing != before.closing
    assert signed.later == before.later


def test_a_correction_changes_only_its_own_day(store: Store) -> None:
    a_whole_day(store)
    a_whole_day(store, "2026-11-21", MORNING_MS + DAY_MS)
    later, earlier = days(store)
    with store.database.writing() as connection:
        columns = {column.name: "" for column in tables.correction.columns}
        columns |= {"branch": store.branch_code, "business_date": "2026-11-20"}
        numbers = {
            column.name: 99
            for column in tables.correction.columns
            if column.name.endswith(("seq", "_ms"))
        }
        connection.execute(insert(tables.correction), {**columns, **numbers})
    now_later, now_earlier = days(store)
    assert now_later == later
    assert now_earlier.later != earlier.later
    assert now_earlier.closing == earlier.closing
