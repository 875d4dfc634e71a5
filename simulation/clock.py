"""Virtual time: one heap of everything that is to happen, in the form of an asyncio loop.

The shipped dispatch and gateway run on it in one thread; what they would do in other threads is
done here too, at instants that the simulation chooses. Nothing ever waits for real.
"""

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextvars import Context
from functools import partial
from typing import Any, TypeVar, TypeVarTuple

from server.adapters.clock import SteadyClock

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")

Delays = Callable[[], tuple[float, float]]
"""Seconds until work in another thread takes effect, and until the loop hears of it."""


class _Due(asyncio.TimerHandle):
    """Something that is to happen.

    asyncio's own copies a context for each and runs it in there: nothing here looks at contexts,
    and a branch does six such things for each command.
    """

    __slots__ = ()

    def __init__(self, when: float, callback: Callable[..., object], args: Sequence[Any]) -> None:
        self._when = when
        self._callback = callback
        self._args = args
        self._cancelled = False

    def cancel(self) -> None:
        """It will not happen."""
        self._cancelled = True
        self._args = ()


def no_delays() -> tuple[float, float]:
    """Other threads are at once ready."""
    return 0.0, 0.0


class VirtualLoop(asyncio.BaseEventLoop):
    """An event loop whose time is a number; everything due at one instant runs in order."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0
        # What an error in a callback was: the run stops and raises it.
        self.error: BaseException | None = None
        self.thread_delays: Delays = no_delays
        self._due: deque[_Due] = deque()
        self._heap: list[tuple[float, int, _Due]] = []
        self._order = itertools.count()
        self._process = 0

    def time(self) -> float:
        """Virtual seconds since the beginning."""
        return self.now_s

    def get_debug(self) -> bool:
        """Never: asyncio's slow-callback watch reads a real clock."""
        return False

    def call_soon(
        self, callback: Callable[[*_Ts], object], *args: *_Ts, context: Context | None = None
    ) -> asyncio.Handle:
        due = _Due(self.now_s, callback, args)
        self._due.append(due)
        return due

    def call_at(
        self,
        when: float,
        callback: Callable[[*_Ts], object],
        *args: *_Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        due = _Due(when, callback, args)
        heapq.heappush(self._heap, (when, next(self._order), due))
        return due

    def call_later(
        self,
        delay: float,
        callback: Callable[[*_Ts], object],
        *args: *_Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        return self.call_at(self.now_s + delay, callback, *args)

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*_Ts], _T], *args: *_Ts
    ) -> asyncio.Future[_T]:
        """What another thread would do."""
        return self.do_elsewhere(partial(func, *args))

    def do_elsewhere(self, call: Callable[[], Any]) -> asyncio.Future[Any]:
        """A call in another thread: it takes effect after a while, and is heard of later."""
        future: asyncio.Future[Any] = self.create_future()
        process = self._process
        effect_s, news_s = self.thread_delays()

        def work() -> None:
            if process != self._process or future.cancelled():
                return
            try:
                settle: Callable[..., None] = future.set_result
                result = call()
            except Exception as error:  # noqa: BLE001 (the caller's, as from a real thread)
                settle, result = future.set_exception, error
            if process == self._process:
                self.call_later(news_s, tell, settle, result)

        def tell(settle: Callable[..., None], result: Any) -> None:
            if process == self._process and not future.done():
                settle(result)

        self.call_later(effect_s, work)
        return future

    def kill_process(self) -> None:
        """The process whose threads ran here is gone: none of their work has any effect."""
        self._process += 1

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        error = context.get("exception") or RuntimeError(str(context.get("message")))
        if self.error is None:
            self.error = error

    def run_until(self, until_s: float) -> None:
        """Let everything happen that is due up to an instant; raises the first error in it."""
        outer = asyncio._get_running_loop()
        asyncio._set_running_loop(self)
        try:
            self._run_until(until_s)
        finally:
            asyncio._set_running_loop(outer)
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        self.now_s = max(self.now_s, until_s)

    def _run_until(self, until_s: float) -> None:
        due, heap = self._due, self._heap
        while self.error is None:
            if due:
                happens = due.popleft()
            elif heap and heap[0][0] <= until_s:
                when, _, happens = heapq.heappop(heap)
                if when > self.now_s and not happens._cancelled:
                    self.now_s = when
            else:
                return
            if happens._cancelled:
                continue
            try:
                happens._callback(*happens._args)
            except (SystemExit, KeyboardInterrupt):
                raise
            except BaseException as error:  # noqa: BLE001 (as a loop does: the run stops for it)
                self.call_exception_handler({"exception": error})

    def close(self) -> None:
        """Forget everything that was to happen, and let nobody wait for it."""
        for task in asyncio.all_tasks(self):
            task.cancel()
        self.run_until(self.now_s)
        self._due.clear()
        self._heap.clear()
        super().close()


class VirtualWall:
    """The wall clock of the server's machine, which somebody may set wrong (F13)."""

    def __init__(self, loop: VirtualLoop, starts_at_ms: int) -> None:
        self._loop = loop
        self._offset_ms = starts_at_ms

    def now_ms(self) -> int:
        """What the wall clock shows, in milliseconds since 1970-01-01 UTC."""
        return self._offset_ms + self.passed_ms()

    def passed_ms(self) -> int:
        """A time that nobody can set."""
        return int(self._loop.now_s * 1000)

    def jump(self, seconds: float) -> None:
        """Somebody, or a time server, sets the clock."""
        self._offset_ms += int(seconds * 1000)

    def steady(self) -> SteadyClock:
        """The shipped clock of a server that starts now."""
        return SteadyClock(self.now_ms, self.passed_ms)
