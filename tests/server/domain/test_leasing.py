"""Numbers lent to kiosks: letters that meet no other series, blocks that grow, hours, the close."""

from dataclasses import replace
from datetime import date
from time import perf_counter
from typing import Any

import pytest

from server.domain.branch import Branch, NumberRange
from server.domain.closing import decide_day_end
from server.domain.events import LeaseEnded, NumbersLeased
from server.domain.hall_lease import LeasedSeries
from server.domain.leasing import (
    LeaseWish,
    day_begins_ms,
    decide_lease,
    free_range,
    giving_hours,
    kiosk_letter,
    letters,
    series_of_kiosks,
)
from server.domain.opening import OpeningHours, local_of, parse_hours
from tests.server.branch_example import BRANCH, DATE, MORNING_MS, HandTurnedDay, branch_with
from tests.server.domain.offline_example import given, leased, merge

DAY_MS = 24 * 3600 * 1000


def lettered(**letters_of_services: str) -> Branch:
    """The example branch with other number series."""
    services = {
        code: replace(BRANCH.services[code], letter=letter)
        for code, letter in letters_of_services.items()
    }
    return replace(BRANCH, services=services)


def lent_before(series: str, device: str, letter: str) -> LeasedSeries:
    return LeasedSeries(series, device, letter, 200, "2026-09-01", MORNING_MS - 20 * DAY_MS)


def test_each_kiosk_has_a_letter_of_its_own_and_keeps_it() -> None:
    hall = HandTurnedDay()
    assert leased(hall, "kiosk-1").letter == "K"
    assert leased(hall, "kiosk-2").letter == "L"
    assert leased(hall, "kiosk-1").letter == "K"
    assert set(hall.day.leases["kiosk-2"].ranges) == {"AL", "BL", "PL"}


def test_a_letter_stays_with_its_kiosk_over_days() -> None:
    """I2: also for a kiosk that asks later than others on this day."""
    hall = HandTurnedDay()
    for series in ("AL", "BL", "PL"):
        hall.day.leased[series] = lent_before(series, "kiosk-2", "L")
    assert leased(hall, "kiosk-1").letter == "K"
    assert leased(hall, "kiosk-2").letter == "L"
    assert leased(hall, "kiosk-3").letter == "M"


def test_there_are_letters_for_hundreds_of_kiosks_and_none_looks_like_a_zero() -> None:
    found = list(letters())
    assert len(found) == len(set(found)) > 600
    assert found[:3] == ["K", "L", "M"]
    assert not any("O" in letter for letter in found)


@pytest.mark.parametrize(
    ("branch", "wanted"),
    [
        (lettered(A="A", B="AK"), "L"),
        (replace(BRANCH, number_ranges={"BK": NumberRange(1, 9)}), "L"),
        (branch_with(priority_letter="AK"), "L"),
        (branch_with(shared_letter="A", priority_letter="AK"), "L"),
        (branch_with(priority_letter=""), "K"),
    ],
)
def test_no_series_of_a_kiosk_is_one_of_the_branch(branch: Branch, wanted: str) -> None:
    """I2: ``AK012`` must be nobody else's."""
    hall = HandTurnedDay(branch)
    assert kiosk_letter(hall.day, "kiosk-1") == wanted


def test_a_kiosk_keeps_its_letter_at_a_server_that_does_not_know_it() -> None:
    """F59: restored from before the lease, or set up again. Whoever comes first takes no letter
    that is on another kiosk's papers, and nobody takes one by asking for it."""
    hall = HandTurnedDay()
    assert kiosk_letter(hall.day, "kiosk-2", "L") == "L"
    wish = LeaseWish(hall.new_id(), "kiosk-2", {"AL": 7}, letter="L")
    hall.do(decide_lease(hall.day, wish, hall.now_ms))
    assert set(hall.day.leases["kiosk-2"].ranges) == {"AL", "BL", "PL"}
    assert free_range(hall.day, hall.day.leases["kiosk-2"], "AL", {"AL": 7}) == (8, 200)
    assert kiosk_letter(hall.day, "kiosk-1", "L") == "K"
    assert kiosk_letter(hall.day, "kiosk-2", "M") == "L"
    assert kiosk_letter(HandTurnedDay(lettered(A="A", B="AK")).day, "kiosk-1", "K") == "L"


def test_no_series_of_a_kiosk_is_one_of_another_kiosk_with_two_letters() -> None:
    """A + KL would be AK + L."""
    hall = HandTurnedDay(lettered(A="A", B="AK"))
    hall.day.leased["AKL"] = lent_before("AKL", "kiosk-9", "KL")
    letter = leased(hall, "kiosk-1").letter
    assert letter == "M"
    assert set(hall.day.leases["kiosk-1"].ranges) == {"AM", "AKM", "PM"}


def test_a_letter_that_meets_a_new_series_is_changed_and_the_old_stays_known() -> None:
    hall = HandTurnedDay(lettered(A="A", B="AK"))
    hall.day.leased["AK"] = lent_before("AK", "kiosk-1", "K")
    assert leased(hall, "kiosk-1").letter == "L"
    assert leased(hall, "kiosk-1").letter == "L"
    assert hall.day.leased["AK"].device == "kiosk-1"


def test_one_letter_for_all_services_is_one_series() -> None:
    assert series_of_kiosks(branch_with(shared_letter="N", priority_letter="P")) == ["N", "P"]


def test_asked_again_a_kiosk_has_the_same_lease_and_nothing_is_written() -> None:
    hall = HandTurnedDay()
    first = leased(hall, "kiosk-1")
    hall.pass_s(60)
    assert decide_lease(hall.day, LeaseWish("other", "kiosk-1"), hall.now_ms) == []
    assert leased(hall, "kiosk-1") == first
    assert first.ranges == {"AK": (1, 200), "BK": (1, 200), "PK": (1, 200)}
    assert hall.day.branch.business_date(first.valid_until_ms - 1) == date(2026, 9, 27)


@pytest.mark.parametrize(
    ("used", "last"), [(0, 200), (99, 200), (100, 400), (199, 400), (200, 600), (450, 1000)]
)
def test_a_block_is_made_longer_as_soon_as_half_of_it_is_used(used: int, last: int) -> None:
    hall = HandTurnedDay()
    first = leased(hall, "kiosk-1")
    lease = leased(hall, "kiosk-1", used={"AK": used})
    assert lease.ranges == {"AK": (1, last), "BK": (1, 200), "PK": (1, 200)}
    assert lease.lease == first.lease
    assert free_range(hall.day, lease, "AK", {"AK": used}) == (used + 1, last)


def test_a_block_never_reaches_beyond_six_digits() -> None:
    hall = HandTurnedDay(branch_with(offline_block=100_000))
    assert leased(hall, "kiosk-1", used={"AK": 999_999}).ranges["AK"] == (1, 999_999)


def test_a_kiosk_that_claims_everything_is_used_keeps_nobody_waiting() -> None:
    """F45: reckoned, not counted up in small blocks for each series."""
    hall = HandTurnedDay(branch_with(offline_block=10))
    used = {f"{letter}K": 999_999 for letter in "ABP"}
    began_s = perf_counter()
    for _ in range(20):
        decide_lease(hall.day, LeaseWish("lease", "kiosk-1", used), hall.now_ms)
    assert perf_counter() - began_s < 0.5
    assert leased(hall, "kiosk-1", used={"AK": 7}).ranges["AK"] == (1, 20)


def test_what_was_merged_counts_as_used_whatever_the_kiosk_says() -> None:
    """I2: a kiosk with a new disk does not give the numbers of the old one again."""
    hall = HandTurnedDay(branch_with(offline_block=10))
    leased(hall, "kiosk-1")
    merge(hall, *(given(hall, serial) for serial in range(1, 7)))
    lease = leased(hall, "kiosk-1")
    assert lease.ranges["AK"] == (1, 20)
    assert free_range(hall.day, lease, "AK", {}) == (7, 20)


def test_a_kiosk_that_lost_its_memory_gets_numbers_that_it_never_had() -> None:
    """I9: what it gave and never told must not come out of its printer a second time."""
    hall = HandTurnedDay(branch_with(offline_block=10))
    leased(hall, "kiosk-1")
    lease = leased(hall, "kiosk-1", anew=True)
    assert lease.ranges["AK"] == (11, 20)
    merge(hall, given(hall, 11))
    assert leased(hall, "kiosk-1", used={"AK": 11}).ranges["AK"] == (11, 20)


def test_a_lease_comes_back_whole_from_its_events() -> None:
    """I3."""
    hall = HandTurnedDay()
    leased(hall, "kiosk-1")
    leased(hall, "kiosk-2", used={"AL": 150})
    merge(hall, given(hall, 1), given(hall, 2))
    again = hall.retold()
    assert again.leases == hall.day.leases
    assert again.leased == hall.day.leased
    assert again.offline_serials == hall.day.offline_serials == {"AK": {1: "off-AK1", 2: "off-AK2"}}


def test_the_close_writes_down_what_was_given_and_what_nobody_used() -> None:
    """I2: numbers that were lent and not given are no gaps."""
    hall = HandTurnedDay()
    leased(hall, "kiosk-1")
    leased(hall, "kiosk-2")
    merge(hall, given(hall, 1), given(hall, 3))
    events = hall.do(decide_day_end(hall.day, hall.now_ms))
    ended = [event for event in events if isinstance(event, LeaseEnded)]
    assert [(one.device, one.letter) for one in ended] == [("kiosk-1", "K"), ("kiosk-2", "L")]
    assert ended[0].numbers == {"AK": (2, 198), "BK": (0, 200), "PK": (0, 200)}
    assert ended[1].numbers["AL"] == (0, 200)


# Hours.


def hours(text: str, **more: Any) -> OpeningHours:
    return OpeningHours(days=(parse_hours(text),) * 6 + ((),), **more)


def spans(branch: Branch, days: int = 2) -> list[tuple[str, str]]:
    """When service A gives numbers in so many days from Monday on, as the branch's clock shows."""
    zone = branch.time_zone
    from_ms = midnight_ms(branch)
    found = giving_hours(branch, branch.services["A"], from_ms, from_ms + days * DAY_MS)
    return [(clock(start, zone), clock(end, zone)) for start, end in found]


def midnight_ms(branch: Branch) -> int:
    return day_begins_ms(branch, DATE)


def clock(at_ms: int | None, zone: Any) -> str:
    return "" if at_ms is None else f"{local_of(at_ms, zone):%a %H:%M}"


def test_without_hours_there_is_one_stretch_without_an_end() -> None:
    assert spans(BRANCH) == [("Mon 00:00", "")]


def test_hours_end_with_the_last_ticket_and_rest_on_holidays_and_sundays() -> None:
    week = hours(
        "08:00-12:00,13:00-15:00",
        last_ticket_s=1800,
        tickets_before_s=900,
        holidays={date(2026, 9, 22): {"id": "Libur"}},
    )
    branch = replace(BRANCH, hours=week)
    assert spans(branch, 3) == [
        ("Mon 07:45", "Mon 12:00"),
        ("Mon 12:45", "Mon 14:30"),
        ("Wed 07:45", "Wed 12:00"),
        ("Wed 12:45", "Wed 14:30"),
    ]
    assert not any(day.startswith("Sun") for day, _ in spans(branch, 7))


def test_a_service_has_its_own_hours_or_none_at_all() -> None:
    own = replace(BRANCH.services["A"], hours=hours("09:00-10:00"))
    branch = replace(BRANCH, hours=hours("08:00-15:00"), services={**BRANCH.services, "A": own})
    assert spans(branch, 1) == [("Mon 09:00", "Mon 10:00")]
    off = replace(own, open=False)
    assert spans(replace(branch, services={**BRANCH.services, "A": off})) == []


def test_nights_through_are_one_stretch_and_stretches_end_with_the_lease() -> None:
    branch = replace(BRANCH, hours=OpeningHours(days=(None,) * 5 + ((), ())))
    assert spans(branch, 7) == [("Mon 00:00", "Sat 00:00")]
    assert spans(branch, 2) == [("Mon 00:00", "Wed 00:00")]


def test_hours_are_those_of_business_days_that_begin_at_three() -> None:
    branch = replace(BRANCH, hours=hours("00:00-02:00,08:00-15:00"), day_starts_minute=180)
    assert spans(branch, 1) == [("Mon 08:00", "Mon 15:00"), ("Tue 00:00", "Tue 02:00")]


def test_the_event_of_a_lease_says_all_of_it() -> None:
    hall = HandTurnedDay()
    (event,) = decide_lease(hall.day, LeaseWish("lease-1", "kiosk-1"), hall.now_ms)
    assert isinstance(event, NumbersLeased)
    assert (event.lease, event.device, event.letter) == ("lease-1", "kiosk-1", "K")
