"""The disk's thread: who waits for it, and when a lone call may be done at once."""

import threading
import time
from collections.abc import AsyncIterator

import pytest

from server.disk_thread import QUICK_S, DiskThread


class DiskError(Exception):
    pass


@pytest.fixture
async def disk() -> AsyncIterator[DiskThread]:
    thread = DiskThread()
    yield thread
    thread.close()


async def where(disk: DiskThread, *, lone: bool) -> bool:
    """Whether a call was done in the loop's own thread."""
    threads: list[threading.Thread] = []
    await disk.run(lambda: threads.append(threading.current_thread()), lone=lone)
    return threads == [threading.current_thread()]


async def prove_quick(disk: DiskThread) -> None:
    for _ in range(60):
        await disk.run(lambda: None)


async def test_a_disk_that_has_not_proved_itself_is_waited_for_in_the_thread(
    disk: DiskThread,
) -> None:
    assert not await where(disk, lone=True)


async def test_a_lone_call_on_a_quick_disk_is_done_at_once(disk: DiskThread) -> None:
    await prove_quick(disk)
    assert await where(disk, lone=True)


async def test_with_others_waiting_the_loop_is_left_free(disk: DiskThread) -> None:
    await prove_quick(disk)
    assert not await where(disk, lone=False)


async def test_one_slow_answer_sends_the_next_calls_to_the_thread(disk: DiskThread) -> None:
    await prove_quick(disk)
    await disk.run(lambda: time.sleep(20 * QUICK_S), lone=True)
    assert not await where(disk, lone=True)


async def test_what_a_call_raises_reaches_whoever_asked(disk: DiskThread) -> None:
    def fail() -> None:
        raise DiskError

    with pytest.raises(DiskError):
        await disk.run(fail)
    await prove_quick(disk)
    with pytest.raises(DiskError):
        await disk.run(fail, lone=True)
