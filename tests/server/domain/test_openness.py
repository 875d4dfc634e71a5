"""Why a service gives no number now: hours, quota, range, capacity, the day, a pause."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from server.domain.branch import Branch, NumberRange, Rules
from server.domain.capacity import NextCall, calls_left
from server.domain.errors import QueueRuleError
from server.domain.events import DayClosed, ServicePaused, ServiceResumed, TicketCancelled
from server.domain.opening import OpeningHours, parse_hours
from server.domain.openness import hours_of, next_change_ms, numbers_left, why_closed
from server.domain.seating import decide_pause
from server.domain.serving import decide_start
from tests.server.branch_example import BRANCH, DATE, HandTurnedDay

DAY = parse_hours("08:00-12:00,13:00-15:00")
OFFICE = OpeningHours(
    days=(DAY,) * 5 + ((),) * 2,
    holidays={date(2026, 9, 22): {"id": "Libur uji"}},
    tickets_before_s=1800,
    last_ticket_s=900,
)
MINUTE_MS = 60_000


def branch_of(hours: OpeningHours | None = OFFICE, **rules: Any) -> Branch:
    return replace(BRANCH, hours=hours, rules=Rules(**rules))


def at(clock: str, day: str = DATE) -> int:
    moment = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=BRANCH.time_zone)
    return round(moment.timestamp() * 1000)


def hall_at(clock: str, branch: Branch) -> HandTurnedDay:
    hall = HandTurnedDay(branch)
    hall.now_ms = at(clock)
    return hall


def code(hall: HandTurnedDay, service: str = "A", **asked: Any) -> str | None:
    closed = why_closed(hall.day, hall.day.branch.services[service], hall.now_ms, **asked)
    return None if closed is None else closed.code


def left(hall: HandTurnedDay, service: str = "A") -> int | None:
    return numbers_left(hall.day, hall.day.branch.services[service], hall.now_ms)


def refused(hall: HandTurnedDay, service: str = "A", **fields: Any) -> tuple[str, str | None]:
    with pytest.raises(QueueRuleError) as no:
        hall.issue(service, **fields)
    closed = no.value.facts.get("closed")
    return no.value.reason, getattr(closed, "code", None)


def test_a_branch_without_settings_gives_numbers_at_every_hour() -> None:
    hall = HandTurnedDay()
    for hour in range(24):
        hall.now_ms = at(f"{hour:02}:30")
        assert (code(hall), left(hall)) == (None, None)
    assert next_change_ms(BRANCH, hall.now_ms) is None


@pytest.mark.parametrize(
    ("clock", "reason"),
    [
        ("07:29", "before-opening"),
        ("12:10", "between-hours"),
        ("14:50", "last-ticket"),
        ("15:00", "after-hours"),
    ],
)
def test_outside_of_the_hours_a_number_is_refused_with_the_reason(clock: str, reason: str) -> None:
    hall = hall_at(clock, branch_of())
    assert refused(hall) == ("service-closed", reason)
    assert hall.day.tickets == {}


def test_a_service_has_hours_of_its_own() -> None:
    own = replace(BRANCH.services["B"], hours=OpeningHours(days=(parse_hours("09:00-10:00"),) * 7))
    branch = replace(branch_of(), services={"A": BRANCH.services["A"], "B": own})
    hall = hall_at("08:30", branch)
    assert (code(hall, "A"), code(hall, "B")) == (None, "before-opening")
    hall.now_ms = at("14:59", "2026-09-20")
    assert (code(hall, "A"), code(hall, "B")) == ("closed-day", "after-hours")
    assert hours_of(branch, own) is own.hours
    assert hours_of(branch, branch.services["A"]) is OFFICE


@pytest.mark.parametrize("clock", ["07:00", "12:10", "15:00"])
def test_the_staff_gives_no_number_outside_of_the_hours(clock: str) -> None:
    assert refused(hall_at(clock, branch_of()), staff="budi")[0] == "service-closed"


def test_the_staff_gives_no_number_on_a_closed_day() -> None:
    hall = hall_at("10:00", branch_of())
    hall.now_ms = at("10:00", "2026-09-22")
    assert refused(hall, staff="budi") == ("service-closed", "holiday")
    hall.now_ms = at("10:00", "2026-09-20")
    assert refused(hall, staff="budi") == ("service-closed", "closed-day")


def test_the_staff_may_give_a_number_past_the_last_ticket() -> None:
    hall = hall_at("14:50", branch_of())
    assert code(hall) == "last-ticket"
    assert code(hall, by_staff=True) is None
    assert hall.issue("A", staff="budi").number == "A001"


def test_what_the_staff_overrules_does_not_hide_what_it_cannot() -> None:
    branch = replace(branch_of(), number_ranges={"A": NumberRange(1, 1)})
    hall = hall_at("14:00", branch)
    hall.issue("A")
    hall.now_ms = at("14:50")
    assert (code(hall), code(hall, by_staff=True)) == ("last-ticket", "numbers-used-up")
    assert refused(hall, staff="budi") == ("numbers-exhausted", None)


def test_a_closed_day_gives_no_number_whatever_the_clock_says() -> None:
    hall = hall_at("10:00", branch_of())
    hall.do([DayClosed(business_date=DATE)])
    closed = why_closed(hall.day, BRANCH.services["A"], hall.now_ms)
    assert closed is not None
    assert closed.code == "day-closed"
    assert f"{closed.opens:%d %H:%M}" == "23 07:30", "the next day is a holiday"
    assert refused(hall, staff="budi") == ("service-closed", "day-closed")
    always = hall_at("10:00", BRANCH)
    always.do([DayClosed(business_date=DATE)])
    without_hours = why_closed(always.day, BRANCH.services["A"], always.now_ms)
    assert without_hours is not None
    assert without_hours.opens is None, "nobody can say when the next day begins"


def test_a_paused_service_says_why_and_comes_back() -> None:
    hall = HandTurnedDay()
    hall.do([ServicePaused(service="A", staff="dewi", reason="Gangguan sistem")])
    closed = why_closed(hall.day, BRANCH.services["A"], hall.now_ms)
    assert closed is not None
    assert (closed.code, closed.names) == ("paused", {"id": "Gangguan sistem"})
    assert refused(hall, staff="budi") == ("service-closed", "paused")
    assert hall.issue("B").number == "B001"
    hall.do([ServiceResumed(service="A", staff="dewi")])
    assert code(hall) is None
    hall.do([ServicePaused(service="A", staff="dewi", reason="")])
    wordless = why_closed(hall.day, BRANCH.services["A"], hall.now_ms)
    assert wordless is not None
    assert wordless.names is None


def test_a_service_that_is_switched_off_gives_no_number() -> None:
    services = {"A": replace(BRANCH.services["A"], open=False), "B": BRANCH.services["B"]}
    hall = HandTurnedDay(replace(BRANCH, services=services))
    assert refused(hall, staff="budi") == ("service-closed", "switched-off")


# Quota.


def test_a_quota_counts_the_numbers_of_its_service_whatever_became_of_them() -> None:
    hall = hall_at("09:00", branch_of(quota_daily=2))
    first = hall.issue("A")
    hall.issue("A", priority="elderly")
    hall.do([TicketCancelled(ticket=first.id, reason="visitor-left", device="kiosk-1")])
    assert (left(hall, "A"), left(hall, "B")) == (0, 2)
    assert refused(hall) == ("service-closed", "quota-used-up")
    assert hall.issue("B").number == "B001"
    closed = why_closed(hall.day, BRANCH.services["A"], hall.now_ms)
    assert closed is not None
    assert f"{closed.opens:%d %H:%M}" == "23 07:30"


def test_the_staff_may_give_more_than_the_quota() -> None:
    hall = hall_at("09:00", branch_of(quota_daily=1))
    hall.issue("A")
    assert hall.issue("A", staff="budi").number == "A002"
    assert left(hall) == 0


def test_a_service_may_have_a_quota_of_its_own() -> None:
    own = replace(BRANCH.services["B"], quota=1)
    branch = replace(branch_of(quota_daily=5), services={"A": BRANCH.services["A"], "B": own})
    hall = hall_at("09:00", branch)
    assert (left(hall, "A"), left(hall, "B")) == (5, 1)


def test_the_least_of_all_limits_is_left() -> None:
    hall = hall_at("09:00", branch_of(quota_daily=5, number_last=3))
    assert left(hall) == 3
    hall.issue("A")
    hall.issue("A", priority="elderly")
    assert left(hall) == 2, "two numbers of the range are left, three of the quota"


# Capacity.


def office(clock: str, **rules: Any) -> HandTurnedDay:
    return hall_at(clock, branch_of(capacity_closing=True, **rules))


def about(found: int | None, visitors: int) -> bool:
    """The estimate knows of no-shows and of the way to the counter, so it is near, not equal."""
    return found is not None and abs(found - visitors) <= max(1, visitors // 6)


def test_capacity_closes_only_where_it_is_wanted() -> None:
    hall = hall_at("14:00", branch_of())
    hall.seat(1)
    for _ in range(30):
        hall.issue("A")
    assert (code(hall), left(hall)) == (None, None)


def test_the_numbers_left_are_the_calls_before_the_close() -> None:
    """14:20 to 15:00 are five visitors of eight minutes at one counter."""
    hall = office("14:20")
    hall.seat(1)
    assert about(left(hall), 5)
    found = [left(hall) or 0]
    while found[-1]:
        hall.issue("A")
        found.append(left(hall) or 0)
    assert found == sorted(found, reverse=True)
    assert about(len(found) - 1, 5)
    assert refused(hall) == ("service-closed", "not-enough-time")
    assert hall.issue("A", staff="budi").number == f"A{len(found):03d}"


def test_a_second_counter_doubles_what_is_left_and_its_break_takes_it_away() -> None:
    hall = office("14:20")
    hall.seat(1)
    hall.seat(2)
    assert about(left(hall), 10)
    hall.do(decide_pause(hall.day, hall.day.desks[2], "break"))
    assert about(left(hall), 5)


def test_nobody_can_say_what_is_left_while_no_counter_is_open() -> None:
    hall = office("14:20")
    assert (left(hall), code(hall)) == (None, None)
    hall.seat(3)
    assert left(hall, "A") is None, "counter 3 serves B only"
    assert about(left(hall, "B"), 5)


def test_a_pause_of_all_counters_makes_no_time() -> None:
    hall = office("14:20")
    desk = hall.seat(1)
    while code(hall) is None:
        hall.issue("A")
    hall.do(decide_pause(hall.day, desk, "break"))
    assert (code(hall), left(hall)) == ("not-enough-time", 0)


def test_behind_a_line_that_no_branch_ever_had_nobody_is_called_today(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("server.domain.forecasting.WAITING_MOST", 3)
    hall = office("09:00")
    hall.seat(1)
    for _ in range(4):
        hall.issue("A")
    assert (code(hall), left(hall)) == ("not-enough-time", 0)


def test_nothing_ends_the_work_of_a_branch_without_hours() -> None:
    hall = hall_at("14:20", branch_of(None, capacity_closing=True))
    hall.seat(1)
    assert left(hall) is None


def test_who_is_at_a_counter_is_served_first() -> None:
    hall = office("14:20")
    desk = hall.seat(1)
    hall.issue("A")
    ticket = hall.call_next(desk)
    called = left(hall)
    assert about(called, 4), "called, but not there yet: the whole time is to come"
    hall.do(decide_start(hall.day, desk, ticket.id))
    hall.pass_s(300)
    assert about(left(hall), 4), "some of 35 minutes are his, four begin in the others"
    hall.pass_s(1200)
    assert about(left(hall), 1), "he takes longer than he should, and may for a while"


def test_a_visitor_of_a_service_that_is_no_more_holds_up_nobody_in_the_count() -> None:
    hall = office("14:20")
    desk = hall.seat(1)
    hall.issue("B")
    hall.call_next(desk)
    only_a = replace(hall.day.branch, services={"A": BRANCH.services["A"]})
    hall.day.branch = only_a
    assert about(left(hall), 5)


def test_a_counter_does_its_share_of_every_line_that_it_serves() -> None:
    """Counter 3 takes a third of the line of B away from counters 1 and 2."""
    hall = office("14:20")
    for number in (1, 2, 3):
        hall.seat(number)
    for _ in range(9):
        hall.issue("B")
    assert about(left(hall, "A"), 4), "nine visitors at three counters: 24 of 40 minutes"


def test_the_lunch_gap_is_no_time_for_calls() -> None:
    hall = office("11:44")
    hall.seat(1)
    assert about(left(hall), (16 + 120) // 8)
    hall.now_ms = at("12:30")
    assert about(left(hall), 120 // 8)


def test_minutes_pass_without_an_event() -> None:
    hall = office("14:20")
    change_ms = next_change_ms(hall.branch, hall.now_ms)
    assert change_ms is not None
    assert change_ms - hall.now_ms == 30_000


def test_the_clock_turns_where_any_service_turns() -> None:
    own = replace(BRANCH.services["B"], hours=OpeningHours(days=(parse_hours("09:00-10:00"),) * 7))
    branch = replace(branch_of(), services={"A": BRANCH.services["A"], "B": own})
    assert next_change_ms(branch, at("08:30")) == at("09:00")
    assert next_change_ms(branch, at("10:00")) == at("12:00")
    only_b = replace(branch, services={"B": own})
    assert next_change_ms(only_b, at("10:00")) == at("23:59") + MINUTE_MS


def test_the_fold_of_a_day_does_not_depend_on_the_clock() -> None:
    """Law I3: what was given before the close stays given, told again under any hours."""
    hall = office("14:20")
    hall.seat(1)
    for _ in range(5):
        hall.issue("A")
    hall.now_ms = at("18:00")
    hall.branch = replace(branch_of(OpeningHours(days=((),) * 7)), rules=Rules(quota_daily=1))
    again = hall.retold()
    assert {ticket.number for ticket in again.tickets.values()} == {
        ticket.number for ticket in hall.day.tickets.values()
    }
    assert again.issued == hall.day.issued == {"A": 5}


# The arithmetic of the calls.


def test_no_expectation_and_no_close_say_nothing() -> None:
    assert calls_left(None, 1000, []) is None
    assert calls_left(NextCall(0, 10), None, []) is None


@pytest.mark.parametrize(
    ("start", "interval", "rests", "left"),
    [
        (0, 10, [], 10),
        (91, 10, [], 1),
        (100, 10, [], 0),
        (150, 10, [], 0),
        (0, 30, [], 4),
        (0, 10, [(20, 70)], 5),
        (0, 10, [(20, 70), (95, 200)], 5),
        (50, 10, [(20, 70)], 3),
        (0, 10, [(-50, -10), (150, 200)], 10),
        (0, 0, [], 100),
    ],
)
def test_calls_begin_before_the_close_and_outside_of_rests(
    start: int, interval: int, rests: list[tuple[int, int]], left: int
) -> None:
    assert calls_left(NextCall(start, interval), 100, rests) == left
