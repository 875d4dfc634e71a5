"""Where the branch's time comes from: the wall, a faster wall, or steps from outside."""

import json
import logging
import time
from collections.abc import Callable
from threading import Thread
from typing import IO

log = logging.getLogger(__name__)

JUMP_MS = 2000


def wall_ms() -> int:
    """The system's time."""
    return time.time_ns() // 1_000_000


def monotonic_ms() -> int:
    """A time that no one can set."""
    return time.monotonic_ns() // 1_000_000


class SteadyClock:
    """The system's time, which never goes back (law I11); jumps of over 2 s are logged (F13).

    After a jump back it goes on from where it was, so that durations stay true, until the
    system's clock is set right again.
    """

    def __init__(
        self, wall: Callable[[], int] = wall_ms, monotonic: Callable[[], int] = monotonic_ms
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._said_ms = self._wall_before_ms = wall()
        self._ahead_ms = 0
        self._monotonic_before_ms = monotonic()

    def now_ms(self) -> int:
        """The instant, in milliseconds since 1970-01-01 UTC."""
        wall, monotonic = self._wall(), self._monotonic()
        passed_ms = monotonic - self._monotonic_before_ms
        jump_ms = wall - self._wall_before_ms - passed_ms
        if abs(jump_ms) > JUMP_MS:
            log.warning("the system's clock jumped by %.1f s", jump_ms / 1000)
            self._ahead_ms = max(0, self._ahead_ms - jump_ms)
        self._said_ms = max(self._said_ms, wall + self._ahead_ms)
        self._wall_before_ms, self._monotonic_before_ms = wall, monotonic
        return self._said_ms


class ScaledClock:
    """Starts at an instant and runs ``speed`` times as fast as the world, for demonstrations."""

    def __init__(
        self, start_ms: int, speed: float, monotonic: Callable[[], int] = monotonic_ms
    ) -> None:
        self._start_ms = start_ms
        self._speed = speed
        self._monotonic = monotonic
        self._began_ms = monotonic()

    def now_ms(self) -> int:
        """The instant, in milliseconds since 1970-01-01 UTC."""
        return self._start_ms + int((self._monotonic() - self._began_ms) * self._speed)


class SteppedClock:
    """Stands still until it is told to go on; it is never told to go back."""

    def __init__(self, start_ms: int) -> None:
        self._now_ms = start_ms

    def now_ms(self) -> int:
        """The instant, in milliseconds since 1970-01-01 UTC."""
        return self._now_ms

    def step_to(self, now_ms: int) -> int:
        """Go on to an instant; returns the instant that holds from now on."""
        self._now_ms = max(self._now_ms, now_ms)
        return self._now_ms

    def follow(self, orders: IO[str], answers: IO[str]) -> Thread:
        """Take ``{"now_ms": …}`` lines until the end, and answer each after it took effect."""
        thread = Thread(target=self._obey, args=(orders, answers), name="clock", daemon=True)
        thread.start()
        return thread

    def _obey(self, orders: IO[str], answers: IO[str]) -> None:
        for line in orders:
            said: dict[str, int | str]
            try:
                said = {"now_ms": self.step_to(int(json.loads(line)["now_ms"]))}
            except (ValueError, TypeError, KeyError):
                said = {"error": 'write lines such as {"now_ms": 1763685123456}'}
            print(json.dumps(said), file=answers, flush=True)
