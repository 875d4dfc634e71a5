"""The branch as its people configured it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from server.domain.branch import Counter, Skills
from tests.server.branch_example import BRANCH


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("zone", "starts_minute", "instant", "expected"),
    [
        ("Asia/Jakarta", 0, "2026-11-20T16:59:59", date(2026, 11, 20)),
        ("Asia/Jakarta", 0, "2026-11-20T17:00:00", date(2026, 11, 21)),
        ("Asia/Jakarta", 180, "2026-11-20T19:59:59", date(2026, 11, 20)),
        ("Asia/Jakarta", 180, "2026-11-20T20:00:00", date(2026, 11, 21)),
        ("Asia/Makassar", 0, "2026-11-20T16:00:00", date(2026, 11, 21)),
        ("Asia/Jayapura", 0, "2026-11-20T14:59:59", date(2026, 11, 20)),
        # F15: in the night in which an hour comes twice the day turns once.
        ("Europe/Berlin", 120, "2026-10-24T23:59:59", date(2026, 10, 24)),
        ("Europe/Berlin", 120, "2026-10-25T00:00:00", date(2026, 10, 25)),
        ("Europe/Berlin", 120, "2026-10-25T01:00:00", date(2026, 10, 25)),
    ],
)
def test_an_instant_belongs_to_a_day_by_the_branchs_own_clock(
    zone: str, starts_minute: int, instant: str, expected: date
) -> None:
    branch = replace(BRANCH, time_zone=ZoneInfo(zone), day_starts_minute=starts_minute)
    assert branch.business_date(ms(instant)) == expected


def test_a_service_is_served_where_any_counter_serves_it() -> None:
    branch = replace(BRANCH, counters={1: Counter(1, ("A",))})
    assert branch.service_is_served("A")
    assert not branch.service_is_served("B")


def test_a_code_is_known_in_its_own_field_only() -> None:
    assert BRANCH.knows("needs", "wheelchair")
    assert not BRANCH.knows("needs", "elderly")
    assert not BRANCH.knows("no-such-field", "wheelchair")


def test_a_level_is_one_unless_said_otherwise_and_none_where_nothing_is_served() -> None:
    skills = Skills(("A", "B"), {"B": 3, "C": 2})
    assert [skills.level(service) for service in "ABC"] == [1, 3, None]
    assert Counter(1, ("A",), {"A": 2}).skills == Skills(("A",), {"A": 2})
