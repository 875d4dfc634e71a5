"""What is asked of a day directly."""

from dataclasses import replace

import pytest

from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.events import DayOpened, Recorded
from server.domain.experience import Experience, PastDays
from server.domain.forecasting import estimates, range_of
from server.domain.seating import Person, decide_sign_in
from server.domain.ticket import TicketPeriod, TicketState
from tests.server.branch_example import BRANCH, DATE, HandTurnedDay


def test_a_counter_is_asked_of_a_device_where_somebody_sits_at_one() -> None:
    hall = HandTurnedDay()
    hall.seat(2)
    boss = Person("dewi", "Dewi", "manager")
    hall.do(decide_sign_in(hall.day, "office-1", boss, None, needs_counter=False))
    assert hall.day.desk_of("counter-2").number == 2
    for device in ("office-1", "nobody-there"):
        with pytest.raises(QueueRuleError, match="not-signed-in"):
            hall.day.desk_of(device)


def test_a_ticket_of_another_day_is_unknown() -> None:
    with pytest.raises(QueueRuleError, match="unknown-ticket"):
        HandTurnedDay().day.ticket("yesterdays")


def test_a_ticket_knows_whether_it_came_back_and_refuses_other_states() -> None:
    hall = HandTurnedDay()
    ticket = hall.issue()
    assert ticket.period == TicketPeriod(
        ticket.id, 1, TicketState.WAITING, hall.now_ms, service="A"
    )
    assert not ticket.requeued
    ticket.requeues = 1
    assert ticket.requeued
    ticket.demand(TicketState.WAITING, TicketState.PARKED)
    with pytest.raises(QueueRuleError) as refusal:
        ticket.demand(TicketState.PARKED)
    assert refusal.value.facts == {"state": "waiting", "number": "A001"}


def test_events_are_applied_once_and_in_order() -> None:
    day = BranchDay(BRANCH, DATE)
    opened = Recorded(seq=7, at_ms=5, business_date=DATE, event=DayOpened(business_date=DATE))
    day.apply(opened)
    assert (day.revision, day.at_ms) == (7, 5)
    with pytest.raises(AssertionError, match="once and in order"):
        day.apply(opened)


def test_whoever_waits_for_a_service_that_is_gone_is_estimated_and_called_all_the_same() -> None:
    """Settings may change between two starts of the server on one day."""
    hall = HandTurnedDay()
    hall.seat(1)
    gone, stays = hall.issue("B"), hall.issue("A")
    branch = replace(BRANCH, services={"A": BRANCH.services["A"]})
    hall.branch = branch
    day = hall.retold()
    assert day.target_wait_ms("B", "none") == 0
    assert range_of(day, gone.id, hall.now_ms) is None
    assert set(estimates(day, hall.now_ms).waits) <= {stays.id, "A"}
    hall.day = day
    assert hall.call_next(day.desks[1]).id == gone.id


def test_nothing_is_learned_from_services_that_are_gone_or_people_who_were_never_called() -> None:
    branch = replace(BRANCH, services={"A": BRANCH.services["A"]})
    taught = Experience(branch, PastDays(occupancy=[("B", 9, 2.0, 60.0, 1800.0)]))
    fresh = Experience(branch, PastDays())
    assert (taught.knows("A"), taught.knows("B")) == (True, False)
    ticket = HandTurnedDay().issue("B")
    taught.missed(ticket, ticket.issued_at_ms + 1000)
    taught.served(ticket, 9, ticket.issued_at_ms + 1000)
    assert vars(taught.no_shows) == vars(fresh.no_shows)
    assert taught.learned(0).overtakers_per_hour == fresh.learned(0).overtakers_per_hour == {}
