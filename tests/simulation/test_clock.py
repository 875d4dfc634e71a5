"""Virtual time: in order, at once, and in one thread."""

import asyncio
from collections.abc import Iterator

import pytest

from simulation.clock import VirtualLoop, VirtualWall


@pytest.fixture
def loop() -> Iterator[VirtualLoop]:
    virtual = VirtualLoop()
    yield virtual
    virtual.close()


def test_what_is_due_happens_in_order_and_nothing_else(loop: VirtualLoop) -> None:
    seen: list[str] = []
    loop.call_at(2.0, seen.append, "second")
    loop.call_at(1.0, seen.append, "first")
    loop.call_at(2.0, seen.append, "third")
    loop.call_at(3.5, seen.append, "later")
    cancelled = loop.call_later(1.5, seen.append, "never")
    cancelled.cancel()
    loop.run_until(3.0)
    assert (seen, loop.now_s) == (["first", "second", "third"], 3.0)


def test_a_day_of_sleep_takes_no_time(loop: VirtualLoop) -> None:
    woke: list[float] = []

    async def sleep() -> None:
        await asyncio.sleep(86_400)
        woke.append(loop.time())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(loop.create_future(), 5)
        woke.append(loop.time())

    task = loop.create_task(sleep())
    loop.run_until(90_000)
    assert task.done()
    assert woke == [86_400, 86_405]


def test_an_error_in_a_callback_stops_the_run(loop: VirtualLoop) -> None:
    seen: list[str] = []

    def break_down() -> None:
        raise ValueError("here")

    loop.call_at(1.0, break_down)
    loop.call_at(2.0, seen.append, "after")
    with pytest.raises(ValueError, match="here"):
        loop.run_until(3.0)
    assert seen == []


def test_work_elsewhere_takes_effect_later_and_is_heard_of_later_still(loop: VirtualLoop) -> None:
    loop.thread_delays = lambda: (1.0, 2.0)
    effects: list[float] = []
    heard: list[float] = []

    async def ask() -> None:
        await loop.do_elsewhere(lambda: effects.append(loop.time()))
        heard.append(loop.time())

    loop.create_task(ask())
    loop.run_until(10)
    assert (effects, heard) == ([1.0], [3.0])


def test_a_process_that_died_has_no_effect_any_more(loop: VirtualLoop) -> None:
    loop.thread_delays = lambda: (1.0, 1.0)
    effects: list[str] = []
    begun = loop.do_elsewhere(lambda: effects.append("begun"))
    loop.run_until(1.5)
    loop.kill_process()
    loop.do_elsewhere(lambda: effects.append("new process"))
    loop.run_until(5.0)
    assert effects == ["begun", "new process"]
    assert not begun.done()


def test_the_wall_clock_may_jump_but_the_servers_clock_never_goes_back(loop: VirtualLoop) -> None:
    """F13."""
    wall = VirtualWall(loop, 1_000_000)
    clock = wall.steady()
    loop.run_until(10)
    assert (wall.now_ms(), clock.now_ms()) == (1_010_000, 1_010_000)
    wall.jump(-60)
    loop.run_until(12)
    assert wall.now_ms() == 952_000
    assert 1_010_000 <= clock.now_ms() <= 1_012_000
    wall.jump(3600)
    assert clock.now_ms() == wall.now_ms()
