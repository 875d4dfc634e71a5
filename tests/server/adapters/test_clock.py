"""The branch's time: it never goes back, whatever the system's clock does (I11, F13)."""

import io
import json
import logging

import pytest

from server.adapters.clock import ScaledClock, SteadyClock, SteppedClock


class World:
    """A wall clock that people set, and one that nobody can."""

    def __init__(self) -> None:
        self.wall_ms = 1_000_000
        self.monotonic_ms = 5_000

    def pass_ms(self, ms: int) -> None:
        self.wall_ms += ms
        self.monotonic_ms += ms

    def clock(self) -> SteadyClock:
        return SteadyClock(lambda: self.wall_ms, lambda: self.monotonic_ms)


def test_it_follows_the_wall() -> None:
    world = World()
    clock = world.clock()
    world.pass_ms(1500)
    assert clock.now_ms() == 1_001_500


def test_after_a_jump_back_it_goes_on_and_durations_stay_true(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = World()
    clock = world.clock()
    before = clock.now_ms()
    world.wall_ms -= 3_600_000
    with caplog.at_level(logging.WARNING):
        world.pass_ms(10_000)
        assert clock.now_ms() == before + 10_000
    assert "jumped by -3600.0 s" in caplog.text
    world.pass_ms(5_000)
    assert clock.now_ms() == before + 15_000
    world.pass_ms(3_600_000)
    assert clock.now_ms() == before + 3_615_000
    world.wall_ms += 3_600_000  # somebody set it right
    assert clock.now_ms() == before + 3_615_000
    world.pass_ms(1_000)
    assert clock.now_ms() == before + 3_616_000


def test_a_jump_ahead_is_followed_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    world = World()
    clock = world.clock()
    world.wall_ms += 7_200_000
    with caplog.at_level(logging.WARNING):
        assert clock.now_ms() == 8_200_000
        clock.now_ms()
    assert caplog.text.count("jumped by 7200.0 s") == 1


def test_small_corrections_are_not_worth_a_word(caplog: pytest.LogCaptureFixture) -> None:
    world = World()
    clock = world.clock()
    world.wall_ms -= 500
    with caplog.at_level(logging.DEBUG):
        assert clock.now_ms() == 1_000_000
    assert caplog.text == ""


def test_a_scaled_clock_runs_faster_than_the_world() -> None:
    world = World()
    clock = ScaledClock(0, 60, lambda: world.monotonic_ms)
    world.pass_ms(1000)
    assert clock.now_ms() == 60_000


def test_a_stepped_clock_stands_still_and_is_never_put_back() -> None:
    clock = SteppedClock(1000)
    assert clock.step_to(5000) == 5000
    assert clock.step_to(3000) == 5000
    assert clock.now_ms() == 5000


def test_orders_to_a_stepped_clock_are_answered_after_they_took_effect() -> None:
    clock = SteppedClock(1000)
    answers = io.StringIO()
    orders = io.StringIO('{"now_ms": 2000}\n{"now_ms": "soon"}\nnonsense\n{"now_ms": 3000}\n')
    clock.follow(orders, answers).join(5)
    said = [json.loads(line) for line in answers.getvalue().splitlines()]
    assert said[0] == {"now_ms": 2000}
    assert "error" in said[1]
    assert "error" in said[2]
    assert said[3] == {"now_ms": 3000}
    assert clock.now_ms() == 3000
