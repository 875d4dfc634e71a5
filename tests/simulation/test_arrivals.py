"""Who comes to a branch: repeatable, in order, and shaped as branches measured."""

from random import Random
from statistics import mean

from simulation.arrivals import Crowd, day_of_visits
from simulation.people import CounterSight, Frontliner, Habits

BUSY = Crowd(visits=4000)


def test_the_same_dice_bring_the_same_people() -> None:
    assert day_of_visits(Random(5)) == day_of_visits(Random(5))
    assert day_of_visits(Random(5)) != day_of_visits(Random(6))


def test_people_come_in_order_while_the_branch_is_open() -> None:
    arrivals = [visit.arrives_s for visit in day_of_visits(Random(1), BUSY)]
    assert arrivals == sorted(arrivals)
    assert arrivals[0] >= 0
    assert arrivals[-1] < 3600 * len(BUSY.hours)


def test_the_pile_up_at_opening_is_there() -> None:
    visits = day_of_visits(Random(1), BUSY)
    early = sum(visit.arrives_s < 600 for visit in visits)
    assert 0.2 < early / len(visits) < 0.27


def test_shares_and_times_are_as_asked_for() -> None:
    visits = day_of_visits(Random(2), BUSY)
    services = [visit.service for visit in visits]
    assert services.count("B") > services.count("A") > services.count("E") > 0
    assert 0.12 < mean(visit.priority != "none" for visit in visits) < 0.18
    assert 0.05 < mean(not visit.shows_up for visit in visits) < 0.09
    assert 440 < mean(visit.service_s for visit in visits) < 520
    assert min(visit.service_s for visit in visits) > 0


def test_a_frontliner_serves_one_visitor_after_the_other() -> None:
    person = Frontliner("rina", "135790", 1, Habits(0, 0, 0, 0, 0, 0, one_key=1, forgets_start=0))
    dice = Random(1)
    day = [
        (CounterSight(signed_in=False), "sign-in"),
        (CounterSight(signed_in=True, counter_state="closed"), "open"),
        (CounterSight(signed_in=True, counter_state="paused"), "open"),
        (CounterSight(signed_in=True, counter_state="open"), "next"),
        (CounterSight(signed_in=True, counter_state="open", ticket_state="called"), "start"),
        (CounterSight(signed_in=True, counter_state="open", ticket_state="serving"), "next"),
    ]
    assert [person.next_move(sight, dice).name for sight, _ in day] == [move for _, move in day]


def test_a_visitor_who_does_not_come_is_called_again_and_then_given_up() -> None:
    person, called = Frontliner("rina", "135790", 1), CounterSight(True, "open", "called", 3)
    dice = Random(3)
    moves = {person.next_move(called, dice, shows_up=False).name for _ in range(200)}
    assert moves == {"recall", "no-show", "cancel"}


def test_nobody_is_given_up_after_one_call() -> None:
    person, dice = Frontliner("rina", "135790", 1, Habits(cancels=0)), Random(3)
    once, twice = (CounterSight(True, "open", "called", 3, calls) for calls in (1, 2))
    assert {person.next_move(once, dice, shows_up=False).name for _ in range(200)} == {"recall"}
    moves = {person.next_move(twice, dice, shows_up=False).name for _ in range(200)}
    assert moves == {"recall", "no-show"}
