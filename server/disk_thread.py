"""One thread for the disk, so that the loop never waits for it."""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue


class DiskThread:
    """Runs calls one after the other; plainer, and quicker to wake, than a pool of one."""

    def __init__(self) -> None:
        self._calls: SimpleQueue[tuple[Callable[[], object], asyncio.Future[None]] | None] = (
            SimpleQueue()
        )
        self._thread = threading.Thread(target=self._work, name="store", daemon=True)
        self._thread.start()

    def run(self, call: Callable[[], object]) -> asyncio.Future[None]:
        """Have ``call`` done; the future ends with it, or with what it raised."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._calls.put((call, done))
        return done

    def close(self) -> None:
        """Wait for what is under way, and end."""
        self._calls.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (work := self._calls.get()) is not None:
            call, done = work
            error: BaseException | None = None
            try:
                call()
            except BaseException as raised:  # noqa: BLE001 (it belongs to whoever asked)
                error = raised
            done.get_loop().call_soon_threadsafe(_end, done, error)


def _end(done: asyncio.Future[None], error: BaseException | None) -> None:
    if done.cancelled():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
