"""Calling: who is next, recalls, no-shows, and coming back."""

import pytest

from server.domain import calling
from server.domain.errors import QueueRuleError
from server.domain.ticket import TicketState
from tests.server.branch_example import HandTurnedDay, branch_with


def refused(reason: str) -> pytest.RaisesExc[QueueRuleError]:
    return pytest.RaisesExc(QueueRuleError, check=lambda error: error.reason == reason)


def test_the_first_who_came_is_called_first() -> None:
    hall = HandTurnedDay()
    first = hall.issue("A")
    hall.pass_s(1)
    hall.issue("B")
    assert hall.call_next(hall.seat(1)) is first


def test_a_counter_calls_only_its_own_services() -> None:
    hall = HandTurnedDay()
    hall.issue("A")
    hall.pass_s(1)
    second = hall.issue("B")
    assert hall.call_next(hall.seat(3)) is second


def test_priority_goes_ahead_by_minutes_but_overtakes_nobody_for_ever() -> None:
    hall = HandTurnedDay()
    early = hall.issue("A")
    hall.pass_s(19 * 60)
    late_priority = hall.issue("A", priority="elderly")
    hall.pass_s(60)
    later = hall.issue("A")
    desk, other = hall.seat(1), hall.seat(2)
    assert hall.call_next(desk) is late_priority
    assert hall.call_next(other) is early
    hall = HandTurnedDay()
    early = hall.issue("A")
    hall.pass_s(21 * 60)
    hall.issue("A", priority="elderly")
    assert hall.call_next(hall.seat(1)) is early
    assert later.state is TicketState.WAITING


def test_first_come_looks_at_arrival_alone() -> None:
    hall = HandTurnedDay(branch_with(discipline="first-come"))
    early = hall.issue("A")
    hall.pass_s(1)
    hall.issue("A", priority="urgent")
    assert hall.call_next(hall.seat(1)) is early


def test_a_counter_holds_one_ticket_and_must_be_open() -> None:
    """Law I4."""
    hall = HandTurnedDay()
    hall.issue("A")
    hall.issue("A")
    desk = hall.seat(1)
    held = hall.call_next(desk)
    with refused("counter-busy"):
        hall.call_next(desk)
    with refused("counter-closed"):
        hall.call_next(hall.seat(2, opened=False))
    assert desk.ticket == held.id


def test_nobody_waiting_is_a_calm_refusal() -> None:
    hall = HandTurnedDay()
    with refused("queue-empty"):
        hall.call_next(hall.seat(1))


def test_a_recall_waits_until_a_voice_could_have_said_it() -> None:
    hall = HandTurnedDay()
    hall.issue("A")
    desk = hall.seat(1)
    ticket = hall.call_next(desk)
    hall.pass_s(4.9)
    with refused("too-soon"):
        calling.decide_recall(hall.day, desk, ticket.id, "again", hall.now_ms)
    hall.pass_s(0.1)
    hall.do(calling.decide_recall(hall.day, desk, ticket.id, "again", hall.now_ms))
    assert ticket.call_count == 2


def test_only_the_counter_that_holds_a_ticket_may_touch_it() -> None:
    hall = HandTurnedDay()
    hall.issue("A")
    ticket = hall.call_next(hall.seat(1))
    with refused("not-yours"):
        calling.decide_no_show(hall.day, hall.seat(2), ticket.id, hall.now_ms)


def test_a_missed_number_is_on_the_board_until_its_grace_is_over() -> None:
    hall = HandTurnedDay()
    hall.issue("A")
    desk = hall.seat(1)
    ticket = hall.call_next(desk)
    hall.do(calling.decide_no_show(hall.day, desk, ticket.id, hall.now_ms))
    assert ticket.state is TicketState.NO_SHOW
    assert list(hall.day.missed) == [ticket.id]
    assert desk.ticket is None


def test_who_comes_back_in_time_stands_behind_the_third_once() -> None:
    hall = HandTurnedDay()
    missed = hall.issue("A")
    others = []
    for _ in range(5):
        hall.pass_s(1)
        others.append(hall.issue("A"))
    desk = hall.seat(1)
    hall.call_next(desk)
    hall.do(calling.decide_no_show(hall.day, desk, missed.id, hall.now_ms))
    hall.pass_s(599)
    hall.do(calling.decide_requeue(hall.day, missed.id, "rina", hall.now_ms))
    assert hall.day.people_ahead(missed) == 3
    called = [hall.call_next(desk)]
    assert called[0] is others[0]
    # Being away is no waiting time: the stretch between no-show and coming back is in no period.
    assert missed.period.started_at_ms == hall.now_ms


def test_with_no_places_of_grace_who_comes_back_is_the_very_next() -> None:
    hall = HandTurnedDay(branch_with(grace_places=0))
    missed = hall.issue("A")
    hall.pass_s(1)
    hall.issue("A")
    hall.issue("A")
    desk = hall.seat(1)
    hall.call_next(desk)
    hall.do(calling.decide_no_show(hall.day, desk, missed.id, hall.now_ms))
    hall.do(calling.decide_requeue(hall.day, missed.id, "rina", hall.now_ms))
    assert hall.day.people_ahead(missed) == 0
    assert hall.call_next(desk) is missed


def test_who_comes_back_too_late_or_twice_is_told_so() -> None:
    hall = HandTurnedDay()
    ticket = hall.issue("A")
    desk = hall.seat(1)
    hall.call_next(desk)
    hall.do(calling.decide_no_show(hall.day, desk, ticket.id, hall.now_ms))
    hall.pass_s(601)
    with refused("too-late"):
        calling.decide_requeue(hall.day, ticket.id, "rina", hall.now_ms)
    hall.now_ms -= 60_000
    hall.do(calling.decide_requeue(hall.day, ticket.id, "rina", hall.now_ms))
    hall.call_next(desk)
    hall.do(calling.decide_no_show(hall.day, desk, ticket.id, hall.now_ms))
    with refused("too-late"):
        calling.decide_requeue(hall.day, ticket.id, "rina", hall.now_ms)


def test_a_display_confirms_an_announcement_once() -> None:
    hall = HandTurnedDay()
    hall.issue("A")
    ticket = hall.call_next(hall.seat(1))
    assert ticket.announcement is not None
    hall.do(calling.decide_announcement_outcome(hall.day, ticket.announcement, "tv-1", "spoken"))
    again = calling.decide_announcement_outcome(hall.day, ticket.announcement, "tv-1", "spoken")
    assert again == []
    with refused("bad-value"):
        calling.decide_announcement_outcome(hall.day, "no-such", "tv-1", "spoken")
