"""Which number a kiosk gives by itself (F16, law I2)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kiosk.offline_lease import (
    NoNumber,
    OwnNumber,
    Used,
    business_date_at,
    gives_numbers,
    highest_used,
    own_number,
    wants_more,
)
from protocol.messages import LeasedRange, NumberLease
from tests.kiosk.kiosk_story import MORNING
from tests.kiosk.offline_examples import JAKARTA, TODAY, lease, leased, span

TOMORROW = TODAY + timedelta(days=1)


def asked(
    known: NumberLease | None,
    used: Used,
    service: str = "A",
    at: datetime = MORNING,
    priority: str = "none",
) -> OwnNumber | NoNumber:
    return own_number(known, JAKARTA, used, service, at, priority=priority)


def test_a_number_has_the_kiosks_own_letter_and_its_own_count() -> None:
    """I2: AK012 and not A012, whatever the server gives meanwhile."""
    assert asked(lease(), {}) == OwnNumber("AK001", "AK", 1, TODAY)
    assert asked(lease(), {(TODAY, "AK"): 6}) == OwnNumber("AK007", "AK", 7, TODAY)
    assert asked(lease(), {(TODAY, "BK"): 6}) == OwnNumber("AK001", "AK", 1, TODAY)


def test_who_has_priority_gets_a_number_of_the_priority_series() -> None:
    assert asked(lease(), {}, "B", priority="elderly") == OwnNumber("PK001", "PK", 1, TODAY)


def test_the_server_may_know_of_more_than_this_disk() -> None:
    """A kiosk whose disk was changed begins where the server says, today."""
    known = lease(ranges=[LeasedRange(series="AK", first=201, last=400)])
    assert asked(known, {}) == OwnNumber("AK201", "AK", 201, TODAY)
    assert asked(known, {(TODAY, "AK"): 207}) == OwnNumber("AK208", "AK", 208, TODAY)


def test_on_another_day_the_count_begins_again() -> None:
    """F14: over midnight without a server."""
    known = lease(ranges=[LeasedRange(series="AK", first=8, last=10)])
    next_day = MORNING + timedelta(days=1)
    found = asked(known, {(TODAY, "AK"): 10}, at=next_day)
    assert found == OwnNumber("AK001", "AK", 1, TOMORROW)


def test_a_block_that_is_used_up_gives_no_number_today_and_all_of_it_tomorrow() -> None:
    used = {(TODAY, "AK"): 10}
    assert asked(lease(), used) is NoNumber.USED_UP
    assert asked(lease(), used, "B") == OwnNumber("BK001", "BK", 1, TODAY)
    assert isinstance(asked(lease(), used, at=MORNING + timedelta(days=1)), OwnNumber)


def test_without_a_lease_or_with_an_old_one_there_is_no_number() -> None:
    assert asked(None, {}) is NoNumber.NO_LEASE
    last = MORNING + timedelta(days=7)
    assert isinstance(asked(lease(), {}, at=last - timedelta(seconds=1)), OwnNumber)
    assert asked(lease(), {}, at=last) is NoNumber.TOO_OLD
    assert asked(lease(), {}, "Z") is NoNumber.UNKNOWN_SERVICE


def test_a_service_is_open_by_the_hours_of_the_lease() -> None:
    hours = span("2026-11-20T08:00", "2026-11-20T08:30"), span("2026-11-20T13:00", None)
    known = lease(services=[leased("A", *hours)])
    for clock, is_open in (("08:12", True), ("08:30", False), ("12:59", False), ("13:00", True)):
        at = datetime.fromisoformat(f"2026-11-20T{clock}").replace(tzinfo=JAKARTA)
        found = asked(known, {}, at=at)
        assert isinstance(found, OwnNumber) == is_open, clock
        assert is_open or found is NoNumber.CLOSED


@pytest.mark.parametrize(
    ("starts", "instant", "day"),
    [
        ("00:00", "2026-11-20T16:59:59+00:00", date(2026, 11, 20)),
        ("00:00", "2026-11-20T17:00:00+00:00", date(2026, 11, 21)),
        ("03:00", "2026-11-20T19:59:59+00:00", date(2026, 11, 20)),
        ("03:00", "2026-11-20T20:00:00+00:00", date(2026, 11, 21)),
    ],
)
def test_a_business_day_begins_at_the_branchs_hour(starts: str, instant: str, day: date) -> None:
    at = datetime.fromisoformat(instant).astimezone(UTC)
    assert business_date_at(lease(day_starts_at=starts), JAKARTA, at) == day


def test_a_day_that_has_begun_does_not_end_when_the_hour_at_which_days_begin_is_put_off() -> None:
    """F15: at one in the morning somebody sets four for midnight."""
    tomorrow = TODAY + timedelta(days=1)
    night = datetime(2026, 11, 20, 18, tzinfo=UTC)
    moved = lease(day_starts_at="04:00", business_date=tomorrow)
    assert business_date_at(moved, JAKARTA, night) == tomorrow
    assert business_date_at(moved, JAKARTA, night + timedelta(days=1)) == tomorrow


def test_going_on_alone_makes_sense_while_some_open_service_has_numbers() -> None:
    everything = {(TODAY, "AK"): 10, (TODAY, "BK"): 10}
    assert gives_numbers(lease(), JAKARTA, {}, MORNING)
    assert gives_numbers(lease(), JAKARTA, {(TODAY, "AK"): 10}, MORNING)
    assert not gives_numbers(lease(), JAKARTA, everything, MORNING)
    assert not gives_numbers(None, JAKARTA, {}, MORNING)
    assert not gives_numbers(lease(), JAKARTA, {}, MORNING + timedelta(days=7))
    # At night the screen says that all is closed, and not that a link is lost.
    closed = lease(services=[leased("A", span("2026-11-19T08:00", "2026-11-19T15:00"))])
    assert gives_numbers(closed, JAKARTA, everything, MORNING)


def test_more_is_wanted_when_half_of_a_block_is_used() -> None:
    assert not wants_more(lease(), {}, TODAY)
    assert not wants_more(lease(), {(TODAY, "AK"): 4}, TODAY)
    assert wants_more(lease(), {(TODAY, "AK"): 5}, TODAY)
    assert not wants_more(lease(), {(TODAY, "AK"): 5}, TOMORROW)
    assert highest_used(lease(), {(TODAY, "AK"): 5, (TOMORROW, "BK"): 3}, TODAY) == {"AK": 5}
