"""Numbers: letters, ranges, steps, one series for all; unique, rising, never again (law I2)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.branch import Branch, NumberRange
from server.domain.errors import QueueRuleError
from server.domain.numbering import next_serial, serials_left, series_of
from tests.server.branch_example import BRANCH, HandTurnedDay, branch_with


def with_ranges(**ranges: NumberRange) -> Branch:
    return replace(BRANCH, number_ranges=ranges)


def numbers_until_refused(hall: HandTurnedDay, service: str = "A", **fields: str) -> list[str]:
    numbers: list[str] = []

    def go_on() -> None:
        while True:
            numbers.append(hall.issue(service, **fields).number)

    with pytest.raises(QueueRuleError) as no:
        go_on()
    assert no.value.reason == "numbers-exhausted"
    return numbers


def test_a_series_begins_at_its_first_number_and_goes_in_steps_to_its_last() -> None:
    hall = HandTurnedDay(branch_with(number_first=101, number_step=2, number_last=106))
    assert numbers_until_refused(hall) == ["A101", "A103", "A105"]
    assert numbers_until_refused(hall, "B") == ["B101", "B103", "B105"]


def test_a_range_of_its_own_is_for_one_series_only() -> None:
    hall = HandTurnedDay(with_ranges(A=NumberRange(500, 502), P=NumberRange(7, 7)))
    assert numbers_until_refused(hall) == ["A500", "A501", "A502"]
    assert numbers_until_refused(hall, priority="elderly") == ["P007"]
    assert [hall.issue("B").number for _ in range(2)] == ["B001", "B002"]


def test_a_used_up_series_leaves_the_priority_series_alone() -> None:
    hall = HandTurnedDay(with_ranges(A=NumberRange(1, 1)))
    assert numbers_until_refused(hall) == ["A001"]
    assert hall.issue("A", priority="elderly").number == "P001"


def test_the_staff_cannot_give_a_number_that_does_not_exist() -> None:
    hall = HandTurnedDay(with_ranges(A=NumberRange(1, 1)))
    assert numbers_until_refused(hall, staff="budi") == ["A001"]


def test_one_letter_for_all_services_is_one_series() -> None:
    hall = HandTurnedDay(branch_with(shared_letter="N"))
    assert [hall.issue(service).number for service in "ABBA"] == ["N001", "N002", "N003", "N004"]
    assert hall.issue("A", priority="elderly").number == "P001", "priority keeps its own"


def test_services_with_the_same_letter_share_one_series() -> None:
    services = {code: replace(service, letter="A") for code, service in BRANCH.services.items()}
    hall = HandTurnedDay(replace(BRANCH, services=services))
    assert [hall.issue(service).number for service in "ABA"] == ["A001", "A002", "A003"]


def test_without_priority_series_a_priority_ticket_goes_into_the_shared_one() -> None:
    branch = branch_with(shared_letter="N", priority_letter="")
    assert series_of(branch, branch.services["B"], "elderly") == "N"


def test_another_range_after_a_restart_goes_on_behind_the_last_number() -> None:
    """The server was started anew on the same day with other settings."""
    hall = HandTurnedDay()
    for _ in range(4):
        hall.issue("A")
    hall.day.branch = hall.branch = branch_with(number_first=1, number_step=5)
    assert [hall.issue("A").number for _ in range(2)] == ["A006", "A011"]
    hall.day.branch = branch_with(number_first=3, number_last=10)
    with pytest.raises(QueueRuleError) as no:
        hall.issue("A")
    assert no.value.facts == {"series": "A"}


@given(
    first=st.integers(1, 50),
    size=st.none() | st.integers(0, 40),
    step=st.integers(1, 7),
    last_serial=st.integers(0, 80),
)
def test_a_range_counts_down_to_its_end(
    first: int, size: int | None, step: int, last_serial: int
) -> None:
    """Law I2: every number lies on the range, each is greater than the one before."""
    last = None if size is None else first + size
    branch = with_ranges(A=NumberRange(first, last, step))
    left = serials_left(branch, "A", last_serial)
    plainly = [
        serial
        for serial in range(first, (200 if last is None else last) + 1, step)
        if serial > last_serial
    ]
    if left is None:
        assert last is None
        assert next_serial(branch, "A", last_serial) == plainly[0]
        return
    given_out = []
    for _ in range(left):
        last_serial = next_serial(branch, "A", last_serial)
        given_out.append(last_serial)
    assert given_out == plainly
    assert serials_left(branch, "A", last_serial) == 0
    with pytest.raises(AssertionError, match="used-up"):
        next_serial(branch, "A", last_serial)
