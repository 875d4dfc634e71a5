"""The estimate of a branch whose counters prefer some services."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from server.domain.branch import Counter
from server.domain.explaining import line_of
from server.domain.forecasting import estimates
from server.domain.serving import decide_cancel
from tests.server.branch_example import HandTurnedDay, branch_with

PREFERS_A = Counter(1, ("A", "B"), {"B": 2})
PREFERS_B = Counter(2, ("A", "B"), {"A": 2})
DISCIPLINES = ("due-time", "first-come", "ratio")


class Hall(HandTurnedDay):
    """One visitor for B, and then some for A."""

    def __init__(self, discipline: str, *counters: Counter) -> None:
        branch = branch_with(discipline=discipline, priority_letter="")
        super().__init__(replace(branch, counters={one.number: one for one in counters}))
        for one in counters:
            self.seat(one.number)
        self.b = self.issue("B")
        self.pass_s(1)
        self.many_a = [self.issue("A", priority=kind) for kind in ("none", "elderly", "none")]
        self.pass_s(1)

    def expected_s(self) -> Mapping[str, float]:
        """Of everyone who waits, and of who would take a number for a service."""
        waits = estimates(self.day, self.now_ms).waits
        return {key: wait.expected_s for key, wait in waits.items() if wait is not None}


@pytest.mark.parametrize("discipline", DISCIPLINES)
def test_whoever_comes_for_a_less_preferred_service_is_told_to_wait_for_the_others(
    discipline: str,
) -> None:
    """Told in the order of arrival alone, B would have been promised the next call."""
    hall = Hall(discipline, PREFERS_A)
    expected_s = hall.expected_s()
    line = line_of(hall.day, hall.day.desks[1], hall.now_ms, 10)
    assert line[-1].ticket == hall.b.id
    in_line = [expected_s[one.ticket] for one in line]
    assert in_line == sorted(in_line)
    # Who takes a number for A now goes ahead of B, and who takes one for B behind everyone.
    assert expected_s["A"] <= expected_s[hall.b.id] < expected_s["B"]
    assert expected_s["A"] > max(in_line[:-1])


@pytest.mark.parametrize("discipline", DISCIPLINES)
def test_one_open_counter_that_prefers_a_service_is_enough(discipline: str) -> None:
    hall = Hall(discipline, PREFERS_A, PREFERS_B)
    assert hall.expected_s()[hall.b.id] == 0.0


def test_a_service_that_no_open_counter_serves_is_promised_nothing() -> None:
    for discipline in DISCIPLINES:
        hall = Hall(discipline, Counter(1, ("A",)))
        assert hall.expected_s().keys() == {"A", *(one.id for one in hall.many_a)}


@pytest.mark.parametrize("discipline", ["due-time", "ratio"])
def test_whoever_may_be_overtaken_is_told_of_the_priority_that_still_comes(
    discipline: str,
) -> None:
    """The same line at the same instant, on a day on which many with priority came and left."""
    expected_s = {}
    for kind in ("none", "elderly"):
        hall = HandTurnedDay(branch_with(discipline=discipline, priority_letter=""))
        gone = [hall.issue("A", priority=kind) for _ in range(6)]
        for ticket in gone:
            hall.do(decide_cancel(hall.day, ticket.id, "visitor-left", "kiosk-1", None, None))
        hall.seat(1)
        many = [hall.issue("A") for _ in range(6)]
        wait = estimates(hall.day, hall.now_ms).waits[many[-1].id]
        assert wait is not None
        expected_s[kind] = wait.expected_s
    assert expected_s["elderly"] > expected_s["none"] * 1.05
