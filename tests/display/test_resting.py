"""Pictures have room only while nobody is called: on a call the card is whole at once."""

import random

import pytest

from display.resting import CALL_S, CALM_S, Resting
from tests.display.board_story import Tv


class Hall:
    def __init__(self, **options: object) -> None:
        self.tv = Tv(**options)  # type: ignore[arg-type]
        self.resting = Resting(elapsed_s=lambda: self.tv.clock.elapsed_s)

    @property
    def rests(self) -> bool:
        return self.resting.look(self.tv.model)

    def wait_until_it_rests(self, most_s: float) -> float:
        began_s = self.tv.clock.elapsed_s
        while not self.rests:
            assert self.tv.clock.elapsed_s - began_s < most_s, "the card never rests"
            self.tv.wait(0.1)
        return self.tv.clock.elapsed_s - began_s


def test_with_no_call_at_all_there_is_room() -> None:
    assert Hall().rests


def test_on_a_call_the_card_is_whole_at_once_also_before_the_snapshot() -> None:
    hall = Hall()
    assert hall.rests
    hall.tv.call("A001", 3, snapshot=False)
    assert not hall.rests


def test_it_is_whole_as_long_as_it_is_spoken() -> None:
    hall = Hall()
    hall.tv.call("A001", 3)
    while hall.tv.model.speaking is not None:
        assert not hall.rests
        hall.tv.wait(0.2)


def test_when_the_visitor_has_come_it_rests_soon_but_not_in_the_same_moment() -> None:
    hall = Hall(voice=False)
    hall.tv.call("A001", 3)
    assert not hall.rests
    hall.tv.wait(3)
    hall.tv.move("A001", "serving")
    assert not hall.rests
    assert hall.wait_until_it_rests(20) <= CALM_S


def test_where_nobody_says_that_a_visitor_has_come_it_rests_after_a_minute() -> None:
    hall = Hall(voice=False)
    hall.tv.call("A001", 3)
    assert hall.wait_until_it_rests(90) == pytest.approx(CALL_S, abs=0.3)
    hall.tv.call("A001", 3, call_count=2)
    assert not hall.rests  # called again


def test_a_counter_that_says_who_has_come_is_waited_for_as_long_as_its_number_is_called() -> None:
    """U7, and the issue: the number is never covered, nor small, while somebody is called."""
    hall = Hall(voice=False)
    hall.tv.call("A001", 3)
    assert not hall.rests
    hall.tv.move("A001", "serving")
    assert not hall.rests
    hall.tv.wait(20)
    assert hall.rests
    hall.tv.call("A002", 3)
    for _ in range(20):
        assert not hall.rests
        hall.tv.wait(60)
    hall.tv.call("A003", 4)  # nothing is known of that counter
    assert hall.wait_until_it_rests(90) == pytest.approx(CALL_S, abs=0.3)


def test_a_counter_that_calls_with_one_key_leaves_time_for_pictures_again() -> None:
    """U9: a frontliner who has only `Berikutnya` never says that a visitor has come."""
    hall = Hall(voice=False)
    hall.tv.call("A001", 3)
    assert not hall.rests
    hall.tv.move("A001", "finished")  # once, before the break
    assert not hall.rests
    hall.tv.call("A002", 3)
    assert not hall.rests
    hall.tv.wait(200)
    assert not hall.rests
    hall.tv.move_unseen("A002", "finished")
    hall.tv.call("A003", 3)
    assert hall.wait_until_it_rests(90) == pytest.approx(CALL_S, abs=0.3)


def test_an_old_call_at_the_start_is_no_news() -> None:
    hall = Hall(connected=False)
    hall.tv.call_unseen("A001", 3)
    hall.tv.move_unseen("A001", "serving")
    hall.tv.reconnect()
    assert hall.rests


def test_while_the_data_is_old_people_look_at_the_card_f18() -> None:
    hall = Hall()
    hall.tv.lose()
    assert hall.rests
    hall.tv.wait(5.1)
    assert not hall.rests
    hall.tv.wait(60)
    assert not hall.rests
    hall.tv.reconnect()
    assert hall.rests


def test_no_order_of_calls_shrinks_a_new_one() -> None:
    """The newest call stands whole for its first eight seconds, whatever else happens."""
    for seed in range(40):
        chance = random.Random(seed)
        hall = Hall(voice=chance.random() < 0.5, card_least_s=3.0)
        last, since_s = "", 0.0
        for number in range(25):
            if chance.random() < 0.7:
                hall.tv.call(f"A{number:03}", chance.randint(1, 5))
            elif hall.tv.calls:
                hall.tv.move(chance.choice(list(hall.tv.calls)), "serving")
            for _ in range(chance.randint(1, 120)):
                card, now_s = hall.tv.card, hall.tv.clock.elapsed_s
                if card != last:
                    last, since_s = card, now_s
                due = hall.tv.model.card is not None and hall.tv.model.card.is_due
                if hall.rests and due and card:
                    assert now_s - since_s >= CALM_S, (seed, card)
                hall.tv.wait(0.1)
