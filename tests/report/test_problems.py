"""What was put right, and whoever took a number after all, in the figures of months."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from db.catalogue_names import catalogue_names
from db.engine import sqlite_url
from report.month_figures import month_report
from report.months import MonthReport
from report.periods import month_of
from server.store import Store
from tests.server.test_day_report import ReportedDay
from tests.server.test_door_facts import DoorDay

NOVEMBER = month_of(date(2026, 11, 20))


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = sqlite_url(tmp_path / "branch.db")
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")
    with Store.open(url) as opened:
        yield opened


def november(store: Store) -> MonthReport:
    with store.database.reading() as connection:
        return month_report(
            connection,
            store.branch_code,
            NOVEMBER,
            now_ms=0,
            zone=ZoneInfo("Asia/Jakarta"),
            catalogue=catalogue_names(connection, store.branch_code),
        )


def test_a_corrected_category_counts_where_it_was_corrected_to(store: Store) -> None:
    day = ReportedDay(store)
    day.open_counter()
    for _ in range(2):
        day.issue()
    first, _ = day.serve(), day.serve()
    day.correct(first, "category", "card")
    day.write()
    assert {one.code: one.many for one in november(store).problems} == {"card": 1, "identity": 1}


def test_whoever_took_a_number_after_all_was_not_spared(store: Store) -> None:
    day = DoorDay(store)
    day.screen("solved")
    day.give_number(day.screen("solved"))
    day.write()
    report = november(store)
    assert report.figures.total.solved == 2
    assert report.figures.total.spared == report.deflected.count == 1
