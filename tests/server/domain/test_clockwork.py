"""What the clock alone brings about: a visitor who was handed on does not wait for ever."""

from dataclasses import replace
from typing import Any

from server.domain import calling, seating, serving
from server.domain.clockwork import decide_due
from server.domain.events import TicketTransferred, TransferFellBack
from server.domain.ticket import Ticket, TicketState
from tests.server.branch_example import BRANCH, HandTurnedDay, branch_with
from tests.server.domain.test_calling import refused


def hand_on(hall: HandTurnedDay, ticket: Ticket, position: str = "arrival", **to: Any) -> None:
    place = serving.Destination(position=position, **to)
    hall.do(serving.decide_transfer(hall.day, None, ticket.id, place, "manager", hall.now_ms))


def run_clock(hall: HandTurnedDay) -> list[str]:
    """What is due now, as the lane does it; the tickets in their order."""
    fallen = []
    while events := decide_due(hall.day, hall.now_ms):
        hall.do(events)
        (event,) = events
        assert isinstance(event, TransferFellBack)
        fallen.append(event.ticket)
    return fallen


def test_a_transfer_to_a_counter_falls_back_to_everyone_after_the_set_time() -> None:
    hall = HandTurnedDay(branch_with(transfer_fallback_s=60))
    ticket = hall.issue("A")
    hand_on(hall, ticket, counter=3)
    desk = hall.seat(1)
    assert hall.day.next_due_ms == hall.now_ms + 60_000
    hall.now_ms += 59_999
    assert run_clock(hall) == []
    with refused("queue-empty"):
        hall.call_next(desk)
    hall.now_ms += 1
    assert run_clock(hall) == [ticket.id]
    assert (ticket.line, ticket.to_counter, ticket.falls_back_at_ms) == ("service:A", None, None)
    assert hall.day.next_due_ms is None
    assert hall.call_next(desk) is ticket


def test_a_transfer_to_a_person_falls_back_too() -> None:
    hall = HandTurnedDay(branch_with(transfer_fallback_s=60))
    ticket = hall.issue("A")
    hand_on(hall, ticket, staff="adi")
    hall.pass_s(60)
    assert run_clock(hall) == [ticket.id]
    assert ticket.line == "service:A"


def test_it_falls_back_to_the_place_of_the_first_arrival() -> None:
    hall = HandTurnedDay(branch_with(transfer_fallback_s=60))
    first = hall.issue("A")
    hall.pass_s(1)
    handed = hall.issue("B")
    hall.pass_s(1)
    last = hall.issue("A")
    hand_on(hall, handed, "last", counter=3)
    hall.pass_s(60)
    run_clock(hall)
    hand_on(hall, first, service="B")
    hand_on(hall, last, service="B")
    assert hall.day.lines.tickets("service:B") == [first.id, handed.id, last.id]


def test_who_was_placed_first_stays_first() -> None:
    """Also before somebody who came earlier and was placed first in the line of the service."""
    hall = HandTurnedDay(branch_with(transfer_fallback_s=60))
    early, favoured = hall.issue("A"), hall.issue("A")
    hall.pass_s(1)
    handed = hall.issue("A")
    hand_on(hall, handed, "first", counter=3)
    hand_on(hall, favoured, "first", service="A")
    hall.pass_s(60)
    run_clock(hall)
    called = [hall.call_next(hall.seat(number)) for number in (1, 2)]
    assert called == [handed, favoured]
    assert early.state is TicketState.WAITING


def test_several_fall_back_in_the_order_of_their_instants() -> None:
    hall = HandTurnedDay(branch_with(transfer_fallback_s=60))
    one, two = hall.issue("A"), hall.issue("A")
    hand_on(hall, two, counter=3)
    hall.pass_s(5)
    hand_on(hall, one, staff="adi")
    hall.pass_s(300)
    assert run_clock(hall) == [two.id, one.id]


def test_a_transfer_to_a_service_waits_for_everyone_already() -> None:
    hall = HandTurnedDay()
    hand_on(hall, hall.issue("A"), service="B")
    assert hall.day.next_due_ms is None


def test_a_branch_may_let_transfers_wait_for_ever() -> None:
    hall = HandTurnedDay(branch_with(transfer_fallback_s=None))
    ticket = hall.issue("A")
    hand_on(hall, ticket, counter=3)
    event = hall.entries[-1].event
    assert isinstance(event, TicketTransferred)
    assert event.falls_back_at_ms is None
    hall.pass_s(1_000_000)
    assert run_clock(hall) == []


def test_who_was_called_cancelled_or_handed_on_again_falls_back_no_more() -> None:
    hall = HandTurnedDay(branch_with(transfer_fallback_s=60))
    called, cancelled, again = (hall.issue("A") for _ in range(3))
    for ticket in (called, cancelled, again):
        hand_on(hall, ticket, counter=3)
    hall.call_next(hall.seat(3))
    hall.do(serving.decide_cancel(hall.day, cancelled.id, "visitor-left", "door", None, None))
    hall.pass_s(30)
    hand_on(hall, again, counter=1)
    hall.pass_s(30)
    assert run_clock(hall) == []
    hall.pass_s(30)
    assert run_clock(hall) == [again.id]


def test_nobody_waits_for_ever_for_a_counter_that_has_closed() -> None:
    """The person went home, and the visitor is everybody's after the set time."""
    hall = HandTurnedDay()
    ticket = hall.issue("A")
    hall.seat(3, "adi")
    hand_on(hall, ticket, counter=3)
    hall.do(seating.decide_sign_out(hall.day, "counter-3"))
    hall.pass_s(600)
    run_clock(hall)
    assert hall.call_next(hall.seat(1)) is ticket


def test_a_visitor_whose_service_left_the_catalogue_falls_back_all_the_same() -> None:
    """After a restart with another catalogue; the clock must not stumble over one ticket."""
    hall = HandTurnedDay(branch_with(transfer_fallback_s=60))
    ticket = hall.issue("B")
    hand_on(hall, ticket, staff="adi")
    del_b = {code: one for code, one in BRANCH.services.items() if code != "B"}
    hall.day.branch = replace(hall.branch, services=del_b)
    hall.pass_s(60)
    assert run_clock(hall) == [ticket.id]
    assert ticket.rank == (ticket.issued_at_ms, ticket.arrival, 0)


def test_who_missed_the_call_of_one_counter_comes_back_to_it_for_the_same_time() -> None:
    hall = HandTurnedDay(branch_with(transfer_fallback_s=60))
    ticket = hall.issue("A")
    hand_on(hall, ticket, counter=3)
    desk = hall.seat(3)
    hall.call_next(desk)
    hall.do(calling.decide_no_show(hall.day, desk, ticket.id, hall.now_ms))
    hall.pass_s(100)
    hall.do(calling.decide_requeue(hall.day, ticket.id, "rina", hall.now_ms))
    assert ticket.line == "counter:3"
    hall.pass_s(60)
    assert run_clock(hall) == [ticket.id]


def test_who_comes_back_to_a_service_waits_for_nobody_alone() -> None:
    hall = HandTurnedDay()
    ticket = hall.issue("A")
    desk = hall.seat(1)
    hall.call_next(desk)
    hall.do(calling.decide_no_show(hall.day, desk, ticket.id, hall.now_ms))
    hall.do(calling.decide_requeue(hall.day, ticket.id, "rina", hall.now_ms))
    assert ticket.falls_back_at_ms is None
