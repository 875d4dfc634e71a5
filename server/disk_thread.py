"""One thread for the disk, so that the loop never waits for it."""

import asyncio
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue

# A disk that answers within this is quicker than waking a thread and being woken by it.
QUICK_S = 0.001
# How fast a slow answer is forgotten: after 100 ms the next 44 calls go to the thread.
_FADING = 0.9


class DiskThread:
    """Runs calls one after the other; plainer, and quicker to wake, than a pool of one.

    A lone call on a disk that has been quick of late is done at once, without the thread: nobody
    else waits for the loop then, and the two wake-ups would cost half of the asker's time.
    """

    def __init__(self, name: str = "store") -> None:
        # Not trusted until it has proved itself.
        self._slowest_s = 0.01
        self._calls: SimpleQueue[tuple[Callable[[], object], asyncio.Future[None]] | None] = (
            SimpleQueue()
        )
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def run(self, call: Callable[[], object], *, lone: bool = False) -> asyncio.Future[None]:
        """Have ``call`` done; the future ends with it, or with what it raised."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if lone and self._slowest_s < QUICK_S:
            _end(done, self._do(call))
        else:
            self._calls.put((call, done))
        return done

    def _do(self, call: Callable[[], object]) -> BaseException | None:
        started_s = time.perf_counter()
        try:
            call()
        except BaseException as raised:  # noqa: BLE001 (it belongs to whoever asked)
            return raised
        finally:
            took_s = time.perf_counter() - started_s
            self._slowest_s = max(took_s, self._slowest_s * _FADING)
        return None

    def close(self) -> None:
        """Wait for what is under way, and end."""
        self._calls.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (work := self._calls.get()) is not None:
            call, done = work
            error = self._do(call)
            done.get_loop().call_soon_threadsafe(_end, done, error)


def _end(done: asyncio.Future[None], error: BaseException | None) -> None:
    if done.cancelled():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
