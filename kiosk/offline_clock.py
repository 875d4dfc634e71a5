"""The server's clock as a kiosk knows it, also when it was started without a server."""

from collections.abc import Callable
from datetime import datetime, timedelta


class KnownClock:
    """Counts on from the server's last word with a clock that nobody can set.

    Before the first word since the start: this machine's own clock, put right by as much as it
    was wrong when the server was heard last, and never earlier than that (a dead battery).
    """

    def __init__(self, wall_now: Callable[[], datetime], now_s: Callable[[], float]) -> None:
        """``wall_now`` gives this machine's time in UTC, ``now_s`` is monotonic."""
        self._wall_now, self._now_s = wall_now, now_s
        self._at, self._since_s = wall_now(), now_s()

    def learn(self, server_time: datetime) -> float:
        """The server's own word; by how many seconds it is ahead of this machine."""
        self._at, self._since_s = server_time, self._now_s()
        return (server_time - self._wall_now()).total_seconds()

    def restore(self, ahead_s: float, not_before: datetime) -> None:
        """What was known before this program was started."""
        told = self._wall_now() + timedelta(seconds=ahead_s)
        self._at, self._since_s = max(told, not_before), self._now_s()

    def now(self) -> datetime:
        """The server's time in UTC."""
        return self._at + timedelta(seconds=self._now_s() - self._since_s)
