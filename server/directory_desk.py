"""Look-ups in the membership directory: beside the lane, each with a deadline, few at once.

A directory may be on the other side of a bad network, so everything of it happens in a thread
with a loop of its own; the branch's loop only puts a question down and takes an answer up. A
directory that does not answer is left alone for a while, and nothing that it said is kept.
"""

import asyncio
import logging
import threading
import time
import traceback
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from protocol.identifiers import Identifier
from server.membership import (
    DirectoryError,
    LookedUp,
    Member,
    MembershipDirectory,
    NotFound,
    Outcome,
)

log = logging.getLogger(__name__)

DEADLINE_S = 3.0
AT_ONCE_MAX = 4
# So many may wait for their turn; whoever comes then hears at once that it takes too long.
WAITING_MAX = 32
FAILURES_MAX = 3
PAUSE_LEAST_S = 10.0
PAUSE_MOST_S = 300.0
GOODBYE_S = 2.0


OnLookedUp = Callable[[LookedUp], None]


class Circuit:
    """Whether a directory is asked: after some failures in a row it is left alone for a while.

    After the pause one look-up goes through; if it fails, too, the pause is twice as long.
    """

    def __init__(self) -> None:
        self._failures = 0
        self._pause_s = PAUSE_LEAST_S
        self._until_s: float | None = None
        self._why: Outcome = "unreachable"
        self._trying = False

    def why_not(self, now_s: float) -> Outcome | None:
        """What to answer without asking; None: ask, and tell ``well`` or ``failed``."""
        if self._until_s is None:
            return None
        if now_s < self._until_s or self._trying:
            return self._why
        self._trying = True
        return None

    def well(self) -> bool:
        """It answered; True if it had been left alone before."""
        was_broken = self._until_s is not None
        self._failures, self._pause_s = 0, PAUSE_LEAST_S
        self._until_s, self._trying = None, False
        return was_broken

    def failed(self, why: Outcome, now_s: float) -> float | None:
        """It did not; returns the seconds of the pause if one begins now."""
        self._failures += 1
        self._why = why
        if self._failures < FAILURES_MAX or (self._until_s is not None and not self._trying):
            return None  # a late failure of a look-up from before the pause begins no other one
        self._trying = False
        pause_s, self._pause_s = self._pause_s, min(PAUSE_MOST_S, 2 * self._pause_s)
        self._until_s = now_s + pause_s
        return pause_s


class DirectoryThread:
    """A thread with an event loop of its own, begun when the first question comes."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._work, name="directory", daemon=True)
        self._thread.start()

    def run(self, asking: Coroutine[Any, Any, Any]) -> "Future[Any]":
        """Have a coroutine run there."""
        return asyncio.run_coroutine_threadsafe(asking, self._loop)

    def close(self, goodbye: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Give up what is under way, say goodbye, and end; waits a moment and no longer."""
        self._loop.call_soon_threadsafe(self._begin_end, goodbye)
        self._thread.join(GOODBYE_S)

    def _begin_end(self, goodbye: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._ending = self._loop.create_task(self._end(goodbye))

    async def _end(self, goodbye: Callable[[], Coroutine[Any, Any, None]]) -> None:
        under_way = asyncio.all_tasks() - {asyncio.current_task()}
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        try:
            await asyncio.wait_for(goodbye(), GOODBYE_S / 2)
        except Exception as error:  # noqa: BLE001 (the process ends; what it says may be personal)
            log.warning("the membership directory did not close (%s)", type(error).__name__)
        self._loop.stop()

    def _work(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()


@dataclass(eq=False, slots=True)
class _Waiting:
    """A look-up under way, and who wants to hear of it."""

    on_end: OnLookedUp
    asking: "Future[Member | NotFound] | None" = None
    timer: asyncio.TimerHandle | None = field(default=None)


class DirectoryDesk:
    """Asks a directory for the branch; every question is answered once, within the deadline."""

    def __init__(
        self,
        directory: MembershipDirectory,
        deadline_s: float = DEADLINE_S,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._directory = directory
        self._deadline_s = deadline_s
        self._now_s = now_s
        self._circuit = Circuit()
        self._waiting: set[_Waiting] = set()
        self._thread: DirectoryThread | None = None
        self._turns: asyncio.Semaphore | None = None

    def look_up(self, identifier: Identifier, on: date, on_end: OnLookedUp) -> None:
        """Ask who somebody is; ``on_end`` hears of it in this loop, at once or later."""
        if identifier.kind not in self._directory.kinds:
            on_end(LookedUp("none"))
        elif len(self._waiting) >= WAITING_MAX:
            on_end(LookedUp("slow"))
        elif (why := self._circuit.why_not(self._now_s())) is not None:
            on_end(LookedUp(why))
        else:
            self._ask(identifier, on, on_end)

    def close(self) -> None:
        """Let go of the thread; who still waits gets no answer, as the branch is closing."""
        for waiting in self._waiting:
            if waiting.timer is not None:
                waiting.timer.cancel()
        self._waiting.clear()
        if self._thread is not None:
            self._thread.close(self._directory.close)
            self._thread = None

    def _ask(self, identifier: Identifier, on: date, on_end: OnLookedUp) -> None:
        loop = asyncio.get_running_loop()
        if self._thread is None:
            self._thread = DirectoryThread()
        waiting = _Waiting(on_end)
        self._waiting.add(waiting)
        waiting.timer = loop.call_later(self._deadline_s, self._too_late, waiting)
        waiting.asking = self._thread.run(self._find(identifier, on))
        waiting.asking.add_done_callback(partial(self._hand_over, loop, waiting))

    async def _find(self, identifier: Identifier, on: date) -> Member | NotFound:
        """In the directory's own thread."""
        if self._turns is None:
            self._turns = asyncio.Semaphore(AT_ONCE_MAX)
        async with self._turns:
            return await self._directory.find(identifier, on)

    def _hand_over(
        self,
        loop: asyncio.AbstractEventLoop,
        waiting: _Waiting,
        asking: "Future[Member | NotFound]",
    ) -> None:
        """From the directory's thread into the branch's."""
        if not asking.cancelled() and not loop.is_closed():
            loop.call_soon_threadsafe(self._answered, waiting, asking)

    def _answered(self, waiting: _Waiting, asking: "Future[Member | NotFound]") -> None:
        if waiting not in self._waiting:
            return  # too late: it was answered already
        error = asking.exception()
        if error is None:
            found = asking.result()
            if self._circuit.well():
                log.warning("the membership directory answers again")
            member = found if isinstance(found, Member) else None
            self._end(waiting, LookedUp("found" if member is not None else "not-found", member))
        elif isinstance(error, DirectoryError):
            self._failed(waiting, error.outcome, str(error))
        else:
            # A bug of the adapter. Its words may hold who was looked up; its place does not.
            place = "".join(traceback.format_tb(error.__traceback__)[-1:]).strip()
            log.error("the membership directory broke: %s at %s", type(error).__name__, place)
            self._failed(waiting, "unreachable", "a bug, see above")

    def _too_late(self, waiting: _Waiting) -> None:
        if waiting.asking is not None:
            waiting.asking.cancel()
        self._failed(waiting, "slow", "no answer within the deadline")

    def _failed(self, waiting: _Waiting, outcome: Outcome, why: str) -> None:
        pause_s = self._circuit.failed(outcome, self._now_s())
        if pause_s is not None:
            log.warning(
                "the membership directory gives no answers (%s: %s); asked again in %.0f s",
                *(outcome, why, pause_s),
            )
        self._end(waiting, LookedUp(outcome))

    def _end(self, waiting: _Waiting, looked_up: LookedUp) -> None:
        self._waiting.discard(waiting)
        if waiting.timer is not None:
            waiting.timer.cancel()
        waiting.on_end(looked_up)
