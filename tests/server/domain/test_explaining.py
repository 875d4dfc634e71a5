"""Why a ticket has its place: the first reason that holds, and its facts."""

from typing import Any

import pytest

from server.domain.explaining import Why, line_of, overtakers, preview, why_here
from server.domain.serving import Destination
from tests.server.branch_example import MORNING_MS
from tests.server.domain.played_day import PlayedDay, lively_branch

NEVER = 10**6


def hall(**rules: Any) -> PlayedDay:
    """Counter 1 is ani's and serves A and B, A before B."""
    day = PlayedDay(lively_branch(**{"overdue_s": NEVER, "overtakes_most": NEVER} | rules))
    day.sit(1, "ani")
    day.open(1)
    return day


def why(day: PlayedDay, place: int = 0) -> Why:
    """Of the place-th who waits, by arrival."""
    return why_here(day.day, day.day.tickets[day.tickets("waiting")[place]], day.now_ms)


@pytest.mark.parametrize(
    ("discipline", "priority", "expected"),
    [
        ("first-come", "elderly", Why("arrival", {"priority": "elderly"})),
        ("due-time", "none", Why("due", {"priority": "none", "target_s": 60, "due_s": 60})),
        (
            "due-time",
            "elderly",
            Why("due-priority", {"priority": "elderly", "target_s": 10, "due_s": 10}),
        ),
        ("ratio", "none", Why("regular-turn", {"priority": "none", "in_a_row": (2, 3)})),
        ("ratio", "urgent", Why("priority-turn", {"priority": "urgent", "in_a_row": (2, 3)})),
    ],
)
def test_by_the_discipline(discipline: str, priority: str, expected: Why) -> None:
    day = hall(discipline=discipline, priority_in_a_row=2, regular_in_a_row=3)
    day.pass_s(7)
    day.issue("A", priority)
    issued_ms, facts = MORNING_MS + 7000, dict(expected.facts)
    facts["issued_at_ms"] = issued_ms
    if "due_s" in facts:
        facts["due_at_ms"] = issued_ms + facts.pop("due_s") * 1000
    if "in_a_row" in facts:
        facts["priority_in_a_row"], facts["regular_in_a_row"] = facts.pop("in_a_row")
    assert why(day) == Why(expected.code, facts)
    assert {type(fact) for fact in why(day).facts.values()} <= {int, str}


def test_by_the_promise() -> None:
    """Overtakes are told before minutes; both from the very number that the branch set."""
    day = hall(overtakes_most=1, overdue_s=30)
    day.issue("A")
    day.pass_s(89.999)
    assert why(day).code == "due"
    day.pass_s(0.501)
    assert why(day) == Why("overdue", {"late_s": 30, "target_s": 60})
    assert {type(fact) for fact in why(day).facts.values()} == {int}
    day.pass_s(100)
    assert why(day) == Why("overdue", {"late_s": 130, "target_s": 60})
    day = hall(overtakes_most=1, overdue_s=30)
    day.issue("A")
    day.issue("A", "urgent")
    day.call_next(1)
    assert why(day) == Why("overtaken", {"overtakes": 1})
    day.pass_s(1000)
    assert why(day).code == "overtaken"


def test_by_a_hand() -> None:
    """Handed on, placed first or last, or back after a missed call."""
    day = hall(grace_places=2)
    for _ in range(5):
        day.issue("A")
    one, two, three, four, five = day.tickets("waiting")
    day.transfer(None, one, Destination(counter=2))
    day.transfer(None, two, Destination(staff="ani", position="first"))
    day.transfer(None, three, Destination(service="A", position="first"))
    day.transfer(None, four, Destination(service="A", position="last"))
    day.call_chosen(1, five)
    day.no_show(1)
    day.requeue(five)
    assert [why(day, place) for place in range(5)] == [
        Why("handed-on-counter", {"counter": 2}),
        Why("handed-on-staff", {"staff": "ani"}),
        Why("placed-first"),
        Why("placed-last"),
        Why("came-back", {"places": 2}),
    ]


def test_overtakers_are_told_in_their_order_and_not_when_undone() -> None:
    day = hall(discipline="due-time")
    for priority in ("none", "urgent", "urgent", "elderly"):
        day.issue("A", priority)
    first, *later = day.tickets("waiting")
    day.call_next(1)
    for _ in range(2):
        day.call_next(1, finishing=True)
    ticket = day.day.tickets[first]
    assert [made.ticket for made in overtakers(day.day, ticket)] == later
    day.undo(1)
    assert [made.ticket for made in overtakers(day.day, ticket)] == later[:2]
    assert overtakers(day.day, day.day.tickets[later[-1]]) == []


def test_the_preview_names_rule_and_place() -> None:
    day = hall(discipline="first-come")
    for service in "BAAB":
        day.issue(service)
    b1, a1, a2, b2 = day.tickets("waiting")
    day.transfer(None, b2, Destination(service="B", position="first"))
    seen = preview(day.day, day.desk(1), day.now_ms, 3)
    assert [(one.ticket.id, one.rule, one.place, one.place_now) for one in seen] == [
        (b2, "placed-first", 1, None),
        (a1, "first-come", 2, None),
        (a2, "first-come", 3, None),
    ]
    assert [one.ticket for one in line_of(day.day, day.desk(1), day.now_ms, 9)] == [b2, a1, a2, b1]


def test_what_if_tells_the_place_now_or_that_there_is_none() -> None:
    day = hall(discipline="first-come")
    for priority in ("none", "none", "urgent"):
        day.issue("A", priority)
    first, second, urgent = day.tickets("waiting")
    seen = preview(day.day, day.desk(1), day.now_ms, 2, "due-time")
    told = [(one.ticket.id, one.rule, one.place, one.place_now) for one in seen]
    assert told == [(urgent, "due-time", 1, None), (first, "due-time", 2, 1)]
    seen = preview(day.day, day.desk(1), day.now_ms, 9, "ratio", (1, 1))
    told = [(one.ticket.id, one.rule, one.place, one.place_now) for one in seen]
    assert told == [
        (urgent, "priority-turn", 1, 3),
        (first, "regular-turn", 2, 1),
        (second, "regular-turn", 3, 2),
    ]


def test_the_preview_of_the_branch_is_of_its_open_counters_or_of_all_while_none_is() -> None:
    day = hall(discipline="first-come")
    for service in "CBA":
        day.issue(service)
    c1, b1, a1 = day.tickets("waiting")
    of_all = [one.ticket.id for one in preview(day.day, None, day.now_ms, 9)]
    assert of_all == [b1, a1]  # counter 1 alone is open: no C, and no preference among counters
    day.close(1)
    of_all = [one.ticket.id for one in preview(day.day, None, day.now_ms, 9)]
    assert of_all == [c1, b1, a1]


def test_what_if_keeps_overtakes_and_counts_the_turns_of_the_whole_branch() -> None:
    """The promise holds under any rule, and priority waiting elsewhere counts there, too."""
    day = hall(discipline="due-time", overtakes_most=2)
    day.issue("A")
    for _ in range(3):
        day.issue("A", "urgent")
    first = day.tickets("waiting")[0]
    day.call_next(1)
    day.call_next(1, finishing=True)
    seen = preview(day.day, day.desk(1), day.now_ms, 9, "ratio", (9, 1))
    assert (seen[0].ticket.id, seen[0].rule) == (first, "overtaken")
