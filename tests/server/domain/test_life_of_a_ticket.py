"""A ticket's life at the counters: recalls, no-shows, coming back, parking, several errands."""

from dataclasses import replace
from typing import Any

import pytest

from server.domain import calling, seating, serving
from server.domain.branch import Rules
from server.domain.clockwork import alarm_rang
from server.domain.events import NoShowRecorded, ServiceContinued, ServiceStarted, TicketParked
from server.domain.hall import Desk
from server.domain.seating import Person
from server.domain.ticket import Ticket, TicketState
from tests.server.branch_example import BRANCH, HandTurnedDay, branch_with
from tests.server.domain.test_calling import refused

DONE = serving.Result("solved")
RINA = Person("rina", "Rina", "frontliner")


class Hall(HandTurnedDay):
    """A day with counter 1 open, under the rules that a test sets."""

    def __init__(self, **rules: Any) -> None:
        super().__init__(branch_with(**rules))
        self.desk = self.seat(1)

    def called(self, service: str = "A") -> Ticket:
        self.issue(service)
        return self.call_next(self.desk)

    def recall(self, ticket: Ticket, after_s: float = 5) -> None:
        self.pass_s(after_s)
        self.do(calling.decide_recall(self.day, self.desk, ticket.id, self.new_id(), self.now_ms))

    def miss(self, ticket: Ticket, desk: Desk | None = None) -> None:
        desk = desk or self.desk
        self.do(calling.decide_no_show(self.day, desk, ticket.id, self.now_ms))

    def requeue(self, ticket: Ticket) -> None:
        self.do(calling.decide_requeue(self.day, ticket.id, "staff-1", self.now_ms))

    def park(
        self, ticket: Ticket, alarm_at_ms: int | None = None, desk: Desk | None = None
    ) -> None:
        desk = desk or self.desk
        parked = serving.decide_park(self.day, desk, ticket.id, "papers", alarm_at_ms, self.now_ms)
        self.do(parked)

    def resume(self, ticket: Ticket, desk: Desk | None = None) -> None:
        desk = desk or self.desk
        resumed = calling.decide_resume(self.day, desk, ticket.id, self.new_id(), self.now_ms)
        self.do(resumed)

    def line(self, name: str = "service:A") -> list[str]:
        return [self.day.tickets[ticket].number for ticket in self.day.lines.tickets(name)]


# Calling again.


def test_a_number_is_called_again_only_so_often() -> None:
    hall = Hall(recalls_most=2)
    ticket = hall.called()
    for left in (2, 1):
        assert calling.recalls_left(hall.day, ticket) == left
        hall.recall(ticket)
    assert calling.recalls_left(hall.day, ticket) == 0
    with refused("too-many") as no:
        hall.recall(ticket)
    assert no.value.facts == {"number": "A001", "times": 3}
    assert ticket.call_count == 3


def test_too_many_is_said_before_too_soon() -> None:
    """Waiting would not help, so nobody is told to wait."""
    hall = Hall(recalls_most=0)
    ticket = hall.called()
    with refused("too-many"):
        hall.recall(ticket, after_s=0)


def test_without_a_limit_a_number_is_called_as_often_as_one_likes() -> None:
    hall = Hall(recalls_most=None)
    ticket = hall.called()
    for _ in range(20):
        hall.recall(ticket)
    assert calling.recalls_left(hall.day, ticket) is None


def test_a_later_turn_at_a_counter_counts_its_calls_anew() -> None:
    hall = Hall(recalls_most=1)
    ticket = hall.called()
    hall.recall(ticket)
    hall.park(ticket)
    hall.resume(ticket)
    assert calling.recalls_left(hall.day, ticket) == 1
    hall.recall(ticket)


# Nobody came.


def test_a_no_show_asks_for_so_many_calls() -> None:
    hall = Hall(no_show_calls_least=2)
    ticket = hall.called()
    hall.pass_s(1)
    with refused("too-soon") as no:
        hall.miss(ticket)
    # So long until the number may be called once more.
    assert no.value.facts == {"words": "too-soon-no-show-call", "retry_after_s": 4.0}
    hall.recall(ticket, after_s=4)
    hall.miss(ticket)
    assert ticket.state is TicketState.NO_SHOW


def test_a_no_show_asks_for_so_many_seconds_since_the_first_call() -> None:
    hall = Hall(no_show_s_least=30)
    ticket = hall.called()
    hall.recall(ticket, after_s=20)
    hall.pass_s(9)
    with refused("too-soon") as no:
        hall.miss(ticket)
    assert no.value.facts == {"words": "too-soon-no-show-time", "retry_after_s": 1.0}
    hall.pass_s(1)
    hall.miss(ticket)
    assert ticket.state is TicketState.NO_SHOW


def test_where_a_call_and_time_are_missing_the_call_is_asked_for_with_the_longer_wait() -> None:
    hall = Hall(no_show_calls_least=2, no_show_s_least=30)
    ticket = hall.called()
    with refused("too-soon") as no:
        hall.miss(ticket)
    assert no.value.facts == {"words": "too-soon-no-show-call", "retry_after_s": 30.0}


def test_the_time_counts_from_the_first_call_of_this_turn() -> None:
    hall = Hall(no_show_s_least=30)
    ticket = hall.called()
    hall.pass_s(60)
    hall.park(ticket)
    hall.resume(ticket)
    with refused("too-soon"):
        hall.miss(ticket)


def test_no_more_calls_are_asked_for_than_are_allowed() -> None:
    hall = Hall(no_show_calls_least=5, recalls_most=1)
    ticket = hall.called()
    hall.recall(ticket)
    hall.miss(ticket)
    assert ticket.state is TicketState.NO_SHOW


# Coming back.


def test_a_missed_number_comes_back_so_often_as_is_published() -> None:
    hall = Hall(grace_times=2)
    ticket = hall.called()
    for _ in range(2):
        hall.miss(ticket)
        assert calling.may_come_back(hall.day, ticket, hall.now_ms)
        hall.requeue(ticket)
        hall.call_next(hall.desk)
    hall.miss(ticket)
    assert not calling.may_come_back(hall.day, ticket, hall.now_ms)
    with refused("too-late"):
        hall.requeue(ticket)


def test_where_nobody_may_come_back_a_missed_number_is_told_so() -> None:
    hall = Hall(grace_times=0)
    ticket = hall.called()
    hall.miss(ticket)
    with refused("too-late"):
        hall.requeue(ticket)


def test_the_grace_ends_with_its_last_millisecond() -> None:
    hall = Hall(grace_s=10)
    ticket = hall.called()
    hall.miss(ticket)
    hall.now_ms += 10_001
    assert not calling.may_come_back(hall.day, ticket, hall.now_ms)
    hall.now_ms -= 1
    assert calling.may_come_back(hall.day, ticket, hall.now_ms)


def test_a_number_that_was_not_missed_cannot_come_back() -> None:
    hall = Hall()
    assert not calling.may_come_back(hall.day, hall.called(), hall.now_ms)


def returned(hall: Hall, missed: int, waiting: int) -> list[Ticket]:
    """So many are called and miss it while so many wait; a second between the arrivals."""
    tickets = []
    for _ in range(missed + waiting):
        tickets.append(hall.issue("A"))
        hall.pass_s(1)
    for _ in range(missed):
        hall.miss(hall.call_next(hall.desk))
    return tickets[:missed]


def test_several_who_come_back_stand_behind_each_other_at_one_place() -> None:
    hall = Hall(grace_places=3)
    for ticket in returned(hall, missed=3, waiting=5):
        hall.requeue(ticket)
    assert hall.line() == ["A004", "A005", "A006", "A001", "A002", "A003", "A007", "A008"]


def test_who_came_back_is_nobody_whom_the_next_one_has_to_let_go_first() -> None:
    """Three people who never left, however many came back before them."""
    hall = Hall(grace_places=3)
    first, second = returned(hall, missed=2, waiting=6)
    hall.requeue(first)
    hall.miss(hall.call_next(hall.desk))
    hall.requeue(second)
    assert hall.line() == ["A004", "A005", "A001", "A006", "A002", "A007", "A008"]


def test_in_a_short_line_who_comes_back_stands_last() -> None:
    hall = Hall(grace_places=3)
    for ticket in returned(hall, missed=2, waiting=2):
        hall.requeue(ticket)
    assert hall.line() == ["A003", "A004", "A001", "A002"]


def test_who_was_placed_first_counts_among_the_few() -> None:
    hall = Hall(grace_places=1)
    (missed,) = returned(hall, missed=1, waiting=3)
    favoured = hall.issue("A")
    to = serving.Destination(service="A", position="first")
    hall.do(serving.decide_transfer(hall.day, None, favoured.id, to, "manager", hall.now_ms))
    hall.requeue(missed)
    assert [hall.call_next(hall.seat(number)).number for number in (1, 2)] == ["A005", "A001"]


def test_with_no_places_those_who_come_back_are_next_in_their_own_order() -> None:
    hall = Hall(grace_places=0)
    for ticket in returned(hall, missed=2, waiting=2):
        hall.requeue(ticket)
    assert hall.line() == ["A001", "A002", "A003", "A004"]


def test_where_nobody_waits_who_comes_back_keeps_the_place_of_old() -> None:
    hall = Hall()
    (missed,) = returned(hall, missed=1, waiting=0)
    before = missed.rank
    hall.requeue(missed)
    assert missed.rank == before


# Put aside.


def test_a_parked_ticket_rings_after_the_set_time_unless_somebody_chose_one() -> None:
    hall = Hall(park_alarm_s=900)
    one = hall.called()
    hall.park(one)
    assert one.alarm_at_ms == hall.now_ms + 900_000
    two = hall.called()
    hall.park(two, alarm_at_ms=hall.now_ms + 60_000)
    assert [ticket for _, ticket in hall.day.alarms] == [two.id, one.id]


@pytest.mark.parametrize("beside_ms", [-60_001, 24 * 3_600_000 + 1, -(1 << 46), 1 << 48])
def test_an_alarm_long_ago_or_beyond_a_day_is_refused(beside_ms: int) -> None:
    """A year that no clock shows could be told to nobody, and would stop every snapshot."""
    hall = Hall()
    ticket = hall.called()
    with refused("bad-value"):
        hall.park(ticket, alarm_at_ms=hall.now_ms + beside_ms)
    hall.park(ticket, alarm_at_ms=hall.now_ms + max(-60_000, min(beside_ms, 24 * 3_600_000)))


def test_a_parked_ticket_knows_who_parked_it_and_when() -> None:
    hall = Hall()
    ticket = hall.called()
    hall.pass_s(7)
    hall.park(ticket)
    facts = (ticket.parked_by_counter, ticket.parked_at_ms, ticket.staff, ticket.reason)
    assert facts == (1, hall.now_ms, "staff-1", "papers")
    assert ticket.counter is None


def test_any_open_and_free_counter_calls_a_parked_ticket_back() -> None:
    hall = Hall()
    ticket = hall.called()
    hall.park(ticket)
    other = hall.seat(3)
    hall.resume(ticket, other)
    assert (ticket.counter, other.ticket, list(hall.day.alarms)) == (3, ticket.id, [])
    hall.park(ticket, desk=other)
    with refused("counter-closed"):
        hall.resume(ticket, hall.seat(2, opened=False))
    hall.called()
    with refused("counter-busy"):
        hall.resume(ticket)


def test_an_alarm_rings_at_its_instant_and_not_before() -> None:
    hall = Hall()
    ticket = hall.called()
    hall.park(ticket, alarm_at_ms=hall.now_ms + 1000)
    at_ms = hall.now_ms + 1000
    assert not alarm_rang(hall.day, hall.now_ms, at_ms - 1)
    assert alarm_rang(hall.day, at_ms - 1, at_ms)
    assert not alarm_rang(hall.day, at_ms, at_ms + 1)


def test_a_ticket_that_was_parked_without_an_alarm_is_listed_last() -> None:
    """An older version wrote such events."""
    hall = Hall()
    one = hall.called()
    hall.do([TicketParked(ticket=one.id, counter=1, staff="staff-1", reason="papers")])
    two = hall.called()
    hall.park(two)
    assert [ticket for _, ticket in hall.day.alarms] == [two.id, one.id]
    hall.resume(one)
    assert [ticket for _, ticket in hall.day.alarms] == [two.id]


# Several errands in one visit.


def test_the_next_errand_begins_at_once_where_the_counter_serves_it() -> None:
    hall = Hall()
    ticket = hall.called("A")
    hall.do(serving.decide_start(hall.day, hall.desk, ticket.id))
    hall.pass_s(60)
    done = serving.Result("pending", "activation", ["mobile-jkn"], "kurang KK")
    events = serving.decide_continue(hall.day, hall.desk, ticket.id, "B", done)
    (event,) = events
    assert isinstance(event, ServiceContinued)
    kept = (event.before, event.service, event.outcome, event.category, event.education, event.note)
    assert kept == ("A", "B", "pending", "activation", ["mobile-jkn"], "kurang KK")
    hall.do(events)
    assert (ticket.state, ticket.service, ticket.counter) == (TicketState.SERVING, "B", 1)
    assert (ticket.started_at_ms, ticket.period.service) == (hall.now_ms, "B")
    assert (hall.desk.finished_count, hall.desk.service_time_ms) == (1, 60_000)
    assert hall.day.count("A", TicketState.SERVING) == 0
    assert hall.day.count("B", TicketState.SERVING) == 1
    hall.do(serving.decide_finish(hall.day, hall.desk, ticket.id, DONE))
    assert hall.day.count("B", TicketState.FINISHED) == 1


def test_elsewhere_the_next_errand_waits_by_the_first_arrival() -> None:
    branch = replace(BRANCH, counters={1: BRANCH.counters[1], 3: BRANCH.counters[3]})
    hall = HandTurnedDay(branch)
    desk = hall.seat(3)
    ticket = hall.issue("B")
    hall.pass_s(60)
    later = hall.issue("A")
    hall.call_next(desk)
    events = serving.decide_continue(hall.day, desk, ticket.id, "A", DONE)
    assert isinstance(events[0], ServiceStarted)
    assert events[0].implied
    hall.do(events)
    assert (ticket.state, ticket.service, ticket.counter) == (TicketState.WAITING, "A", None)
    assert (ticket.staff, desk.ticket) == (None, None)
    assert hall.day.people_ahead(ticket) == 0
    assert hall.call_next(hall.seat(1)) is ticket
    assert hall.day.people_ahead(later) == 0


def test_only_the_counter_that_serves_a_visitor_goes_on_with_another_errand() -> None:
    hall = Hall()
    ticket = hall.called()
    other = hall.seat(2)
    with refused("not-yours"):
        serving.decide_continue(hall.day, other, ticket.id, "B", DONE)
    with refused("unknown-service"):
        serving.decide_continue(hall.day, hall.desk, ticket.id, "Z", DONE)
    with refused("bad-value"):
        serving.decide_continue(hall.day, hall.desk, ticket.id, "B", serving.Result("solved", "zz"))
    with refused("wrong-state"):
        serving.decide_continue(hall.day, hall.desk, hall.issue("A").id, "B", DONE)
    assert ticket.state is TicketState.CALLED


def test_an_errand_that_goes_on_forgets_the_counter_it_was_handed_to() -> None:
    """Otherwise it would wait for one counter that nobody asked for."""
    hall = Hall()
    ticket = hall.issue("B")
    to = serving.Destination(counter=3)
    hall.do(serving.decide_transfer(hall.day, None, ticket.id, to, "manager", hall.now_ms))
    desk = hall.seat(3)
    hall.call_next(desk)
    hall.do(serving.decide_continue(hall.day, desk, ticket.id, "A", DONE))
    assert ticket.line == "service:A"
    assert hall.day.next_due_ms is None


# Somebody signs in elsewhere.


def test_visitors_who_wait_for_a_person_wait_for_that_person_wherever_they_sit() -> None:
    hall = HandTurnedDay()
    hall.seat(1, "rina")
    mine, counters = hall.issue("A"), hall.issue("A")
    for ticket, to in (
        (mine, serving.Destination(staff="rina")),
        (counters, serving.Destination(counter=1)),
    ):
        hall.do(serving.decide_transfer(hall.day, None, ticket.id, to, "manager", hall.now_ms))
    hall.do(seating.decide_sign_in(hall.day, "counter-2", RINA, 2, needs_counter=True))
    desk = hall.day.desks[2]
    assert hall.call_next(desk) is mine
    hall.do(serving.decide_finish(hall.day, desk, mine.id, DONE))
    # Who waits for the counter that was left stays there, until that falls back.
    with refused("queue-empty"):
        hall.call_next(desk)


def test_what_a_person_parked_is_called_back_at_the_new_counter() -> None:
    hall = Hall()
    parked = hall.called()
    hall.park(parked)
    running = hall.called()
    someone = Person("staff-1", "Staff-1", "frontliner")
    hall.do(seating.decide_sign_in(hall.day, "counter-2", someone, 2, needs_counter=True))
    desk = hall.day.desks[2]
    assert (desk.ticket, parked.state) == (running.id, TicketState.PARKED)
    hall.do(serving.decide_finish(hall.day, desk, running.id, DONE))
    hall.resume(parked, desk)
    assert parked.counter == 2


# All of it together.


def test_the_day_told_again_from_its_events_is_the_same() -> None:
    """Law I3, with everything that happens to tickets."""
    hall = Hall(transfer_fallback_s=60, grace_times=2)
    parked = hall.called()
    hall.park(parked)
    continued = hall.called("B")
    hall.do(serving.decide_continue(hall.day, hall.desk, continued.id, "A", DONE))
    hall.do(serving.decide_finish(hall.day, hall.desk, continued.id, DONE))
    missed = hall.called()
    hall.miss(missed)
    hall.requeue(missed)
    handed = hall.issue("A")
    to = serving.Destination(staff="adi", position="first")
    hall.do(serving.decide_transfer(hall.day, None, handed.id, to, "manager", hall.now_ms))
    again = hall.retold()
    assert again.tickets == hall.day.tickets
    assert again.desks == hall.day.desks
    assert again.attendance == hall.day.attendance
    assert list(again.alarms) == list(hall.day.alarms)
    assert list(again.fall_backs) == list(hall.day.fall_backs)


@pytest.mark.parametrize("field", ["no_show_calls_least", "no_show_s_least"])
def test_by_default_a_no_show_needs_no_patience(field: str) -> None:
    assert getattr(Rules(), field) <= 1
    hall = Hall()
    ticket = hall.called()
    events = calling.decide_no_show(hall.day, hall.desk, ticket.id, hall.now_ms)
    assert isinstance(events[0], NoShowRecorded)
