"""Serving, handing on, sitting down and getting up, and the end of the day."""

import pytest

from server.domain import seating, serving
from server.domain.closing import decide_day_end
from server.domain.events import ServiceStarted
from server.domain.hall import Desk
from server.domain.seating import Person
from server.domain.ticket import Ticket, TicketState
from tests.server.branch_example import HandTurnedDay
from tests.server.domain.test_calling import refused

RINA = Person("rina", "Rina", "frontliner")


def finish(hall: HandTurnedDay, desk: Desk, ticket: Ticket) -> None:
    hall.do(serving.decide_finish(hall.day, desk, ticket.id, serving.Result("solved")))


def test_a_finish_without_a_start_writes_the_start_as_implied() -> None:
    hall = HandTurnedDay()
    hall.issue("A")
    desk = hall.seat(1)
    ticket = hall.call_next(desk)
    events = serving.decide_finish(hall.day, desk, ticket.id, serving.Result("solved"))
    assert isinstance(events[0], ServiceStarted)
    assert events[0].implied
    hall.do(events)
    assert (ticket.state, desk.ticket, desk.finished_count) == (TicketState.FINISHED, None, 1)


def test_a_served_ticket_cannot_be_cancelled_or_finished_twice() -> None:
    hall = HandTurnedDay()
    hall.issue("A")
    desk = hall.seat(1)
    ticket = hall.call_next(desk)
    finish(hall, desk, ticket)
    with refused("wrong-state"):
        finish(hall, desk, ticket)
    with refused("wrong-state"):
        serving.decide_cancel(hall.day, ticket.id, "visitor-left", "kiosk-1", None, None)


def test_unknown_codes_are_refused() -> None:
    hall = HandTurnedDay()
    waiting = hall.issue("A")
    hall.issue("A")
    desk = hall.seat(1)
    ticket = hall.call_next(desk)
    for result in (serving.Result("solved", "zz"), serving.Result("solved", None, ["zz"])):
        with refused("bad-value"):
            serving.decide_finish(hall.day, desk, ticket.id, result)
    with refused("bad-value"):
        serving.decide_cancel(hall.day, waiting.id, "zz", "kiosk-1", None, None)
    with refused("bad-value"):
        serving.decide_park(hall.day, desk, ticket.id, "zz", None, hall.now_ms)


def test_a_counter_cannot_cancel_what_another_has_called() -> None:
    hall = HandTurnedDay()
    hall.issue("A")
    ticket = hall.call_next(hall.seat(1))
    other = hall.seat(2)
    with refused("not-yours"):
        serving.decide_cancel(hall.day, ticket.id, "visitor-left", "counter-2", "staff-2", other)


@pytest.mark.parametrize(
    ("position", "place"), [("arrival", 0), ("first", 0), ("last", 2)], ids=str
)
def test_a_transferred_visitor_keeps_a_place(position: str, place: int) -> None:
    hall = HandTurnedDay()
    moved = hall.issue("A")
    hall.pass_s(60)
    hall.issue("B")
    hall.issue("B")
    desk = hall.seat(1)
    hall.call_next(desk)
    to = serving.Destination(service="B", position=position)
    hall.do(serving.decide_transfer(hall.day, desk, moved.id, to, "staff-1", hall.now_ms))
    assert (moved.service, moved.number, moved.state) == ("B", "A001", TicketState.WAITING)
    assert hall.day.people_ahead(moved) == place
    assert desk.ticket is None


def test_who_came_first_stays_first_by_arrival_whatever_was_done_between() -> None:
    """Law I5, where two came in the same millisecond: the order of issue decides."""
    hall = HandTurnedDay()
    first, second = hall.issue("A"), hall.issue("A")
    for position in ("last", "arrival"):
        to = serving.Destination(service="A", position=position)
        hall.do(serving.decide_transfer(hall.day, None, first.id, to, "manager", hall.now_ms))
    assert hall.day.people_ahead(first) == 0
    assert hall.day.people_ahead(second) == 1


def test_a_transfer_to_a_person_waits_for_that_person_alone() -> None:
    hall = HandTurnedDay()
    ticket = hall.issue("A")
    one, two = hall.seat(1, "rina"), hall.seat(2, "adi")
    hall.call_next(one)
    to = serving.Destination(staff="rina")
    hall.do(serving.decide_transfer(hall.day, one, ticket.id, to, "rina", hall.now_ms))
    with refused("queue-empty"):
        hall.call_next(two)
    assert hall.call_next(one) is ticket


def test_a_transfer_names_exactly_one_destination() -> None:
    hall = HandTurnedDay()
    ticket = hall.issue("A")
    for to in (serving.Destination(), serving.Destination(service="B", counter=1)):
        with refused("bad-value"):
            serving.decide_transfer(hall.day, None, ticket.id, to, "manager", hall.now_ms)


def test_a_transfer_goes_to_a_service_and_a_counter_that_exist() -> None:
    hall = HandTurnedDay()
    ticket = hall.issue("A")
    for reason, to in (
        ("unknown-service", serving.Destination(service="Z")),
        ("bad-value", serving.Destination(counter=77)),
    ):
        with refused(reason):
            serving.decide_transfer(hall.day, None, ticket.id, to, "manager", hall.now_ms)


def test_a_counter_hands_on_what_waits_or_what_it_holds_itself() -> None:
    hall = HandTurnedDay()
    ticket = hall.issue("A")
    hall.call_next(hall.seat(1))
    to = serving.Destination(service="B")
    with refused("not-yours"):
        serving.decide_transfer(hall.day, hall.seat(2), ticket.id, to, "staff-2", hall.now_ms)


def test_a_rating_has_known_reasons() -> None:
    hall = HandTurnedDay()
    hall.issue("A")
    desk = hall.seat(1)
    ticket = hall.call_next(desk)
    finish(hall, desk, ticket)
    with refused("bad-value"):
        serving.decide_rating(hall.day, ticket.id, 4, ["zz"], "pad-1")


def test_a_rating_counts_once_and_after_the_service() -> None:
    hall = HandTurnedDay()
    hall.issue("A")
    desk = hall.seat(1)
    ticket = hall.call_next(desk)
    with refused("wrong-state"):
        serving.decide_rating(hall.day, ticket.id, 4, [], "pad-1")
    finish(hall, desk, ticket)
    hall.do(serving.decide_rating(hall.day, ticket.id, 4, [], "pad-1"))
    with refused("too-late"):
        serving.decide_rating(hall.day, ticket.id, 1, [], "pad-1")


def test_signing_in_elsewhere_takes_counter_and_ticket_along() -> None:
    """F25: the frontliner's PC died while serving."""
    hall = HandTurnedDay()
    hall.issue("A")
    old = hall.seat(1, "rina")
    ticket = hall.call_next(old)
    hall.do(seating.decide_sign_in(hall.day, "counter-2", RINA, 2, needs_counter=True))
    new = hall.day.desks[2]
    assert (new.ticket, new.state, ticket.counter) == (ticket.id, "open", 2)
    assert (old.ticket, old.state, old.staff) == (None, "closed", None)
    finish(hall, new, ticket)
    assert ticket.state is TicketState.FINISHED


def test_signing_in_on_another_device_without_a_counter_keeps_the_counter() -> None:
    hall = HandTurnedDay()
    hall.issue("A")
    desk = hall.seat(1, "rina")
    ticket = hall.call_next(desk)
    hall.do(seating.decide_sign_in(hall.day, "spare-pc", RINA, None, needs_counter=True))
    assert (desk.device, desk.staff, desk.ticket) == ("spare-pc", "rina", ticket.id)


def test_nobody_is_pushed_away_from_a_visitor() -> None:
    hall = HandTurnedDay()
    hall.issue("A")
    desk = hall.seat(1, "adi")
    hall.call_next(desk)
    with refused("counter-busy"):
        seating.decide_sign_in(hall.day, "counter-2", RINA, 1, needs_counter=True)


def test_who_forgot_to_sign_out_is_replaced() -> None:
    hall = HandTurnedDay()
    desk = hall.seat(1, "adi")
    hall.do(seating.decide_sign_in(hall.day, "counter-9", RINA, 1, needs_counter=True))
    assert (desk.staff, desk.device) == ("rina", "counter-9")
    assert hall.day.seat_of_staff("adi") is None


def test_who_signs_in_again_at_the_same_place_changes_nothing() -> None:
    hall = HandTurnedDay()
    hall.seat(1, "rina")
    assert seating.decide_sign_in(hall.day, "counter-1", RINA, 1, needs_counter=True) == []


def test_a_visitor_is_not_taken_along_to_a_place_without_a_counter() -> None:
    hall = HandTurnedDay()
    hall.issue("A")
    desk = hall.seat(1, "rina")
    hall.call_next(desk)
    with refused("counter-busy"):
        seating.decide_sign_in(hall.day, "door-1", RINA, None, needs_counter=False)


def test_the_next_person_at_a_device_leaves_no_counter_behind() -> None:
    """Another counter's number at the same PC: the old one closes, unless it holds a visitor."""
    hall = HandTurnedDay()
    desk = hall.seat(1, "adi")
    hall.do(seating.decide_sign_in(hall.day, "counter-1", RINA, 2, needs_counter=True))
    assert (desk.state, desk.staff, hall.day.desks[2].staff) == ("closed", None, "rina")
    hall.do(seating.decide_open(hall.day, hall.day.desks[2]))
    hall.issue("A")
    hall.call_next(hall.day.desks[2])
    adi = Person("adi", "Adi", "frontliner")
    with refused("counter-busy"):
        seating.decide_sign_in(hall.day, "counter-1", adi, 3, needs_counter=True)


def test_whoever_has_no_counter_signs_out_alone() -> None:
    hall = HandTurnedDay()
    budi = Person("budi", "Budi", "officer")
    hall.do(seating.decide_sign_in(hall.day, "door-1", budi, None, needs_counter=False))
    hall.do(seating.decide_sign_out(hall.day, "door-1"))
    assert hall.day.seats == {}
    with refused("not-signed-in"):
        seating.decide_sign_out(hall.day, "door-1")
    with refused("not-signed-in"):
        hall.day.desk_of("door-1")


def test_a_counter_must_be_named_and_exist() -> None:
    hall = HandTurnedDay()
    with refused("missing-field"):
        seating.decide_sign_in(hall.day, "counter-1", RINA, None, needs_counter=True)
    with refused("bad-value"):
        seating.decide_sign_in(hall.day, "counter-1", RINA, 77, needs_counter=True)


def test_getting_up_or_resting_leaves_nobody_standing() -> None:
    hall = HandTurnedDay()
    hall.issue("A")
    desk = hall.seat(1)
    hall.call_next(desk)
    with refused("counter-busy"):
        seating.decide_sign_out(hall.day, "counter-1")
    with refused("counter-busy"):
        seating.decide_pause(hall.day, desk, "break")
    with refused("counter-busy"):
        seating.decide_close(hall.day, desk)


def test_a_pause_has_a_known_reason_and_ends_by_opening() -> None:
    hall = HandTurnedDay()
    desk = hall.seat(1)
    with refused("bad-value"):
        seating.decide_pause(hall.day, desk, "nap")
    hall.do(seating.decide_pause(hall.day, desk, "break"))
    assert (desk.state, desk.reason) == ("paused", "break")
    hall.do(seating.decide_open(hall.day, desk))
    assert desk.state == "open"


def test_the_end_of_the_day_closes_what_is_open_by_rule() -> None:
    """Law I11 and protocol.md: waiting expires, called is a no-show, serving is finished."""
    hall = HandTurnedDay()
    tickets = [hall.issue("A") for _ in range(4)]
    one, two = hall.seat(1), hall.seat(2)
    called = hall.call_next(one)
    served = hall.call_next(two)
    hall.do(serving.decide_start(hall.day, two, served.id))
    hall.do(decide_day_end(hall.day, hall.now_ms))
    assert called.state is TicketState.NO_SHOW
    assert served.state is TicketState.FINISHED
    assert [ticket.state for ticket in tickets[2:]] == [TicketState.EXPIRED] * 2
    assert not hall.day.seats
    assert {desk.state for desk in hall.day.desks.values()} == {"closed"}


def test_the_day_told_again_from_its_events_is_the_same() -> None:
    """Law I3: the state is the fold of the events."""
    hall = HandTurnedDay()
    for _ in range(3):
        hall.issue("A", job=hall.new_id(), print_at="kiosk-1")
    desk = hall.seat(1)
    finish(hall, desk, hall.call_next(desk))
    hall.call_next(desk)
    again = hall.retold()
    assert again.tickets == hall.day.tickets
    assert again.desks == hall.day.desks
    assert again.totals == hall.day.totals
    assert again.seats == hall.day.seats
