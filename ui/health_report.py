"""How a device tells the server how its paper or its voice is (``ReportHealth``).

Plain Python, no Qt: sent after each Welcome and when it has changed, never faster than every few
seconds, and one at a time, so that what the server heard last is what was said last.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from protocol.messages import Accepted, Rejected, ReportHealth
from protocol.session import Ask, LinkState, LinkStatus

PAUSE_S = 3.0
"""From one report to the next: a printer whose cover is played with floods nobody."""

LOOK_EVERY_S = 1.0

PASSING = frozenset({"try-again", "rate-limited"})

Health = Mapping[str, Any]
"""The fields of ``ReportHealth``; empty: there is nothing to be said."""


class HealthReport:
    """Looks when time passes (``tick``, every ``LOOK_EVERY_S``) and says what is new."""

    def __init__(
        self,
        ask: Ask,
        look: Callable[[], Health],
        *,
        new_id: Callable[[], UUID],
        now_s: Callable[[], float],
    ) -> None:
        self._ask, self._look, self._new_id, self._now_s = ask, look, new_id, now_s
        self._online = False
        # What the server of this connection was told; None: nothing yet.
        self._told: Health | None = None
        self._asked: UUID | None = None
        self._not_before_s = 0.0

    def on_welcome(self) -> None:
        """A connection is new: the server knows nothing of this device."""
        self._online, self._told = True, None
        self.tick()

    def on_link(self, status: LinkStatus) -> None:
        """Nothing is said into a link that is away: by then it may be another truth."""
        self._online = self._online and status.state is LinkState.ONLINE

    def tick(self) -> None:
        """Say what has changed, if anything has and it is time."""
        if not self._online or self._asked is not None or self._now_s() < self._not_before_s:
            return
        health = dict(self._look())
        if health == (self._told or {}):
            return
        report = ReportHealth(id=self._new_id(), **health)
        self._told, self._asked = health, report.id
        self._not_before_s = self._now_s() + PAUSE_S
        self._ask(report, lambda answer: self._answered(report.id, answer))

    def _answered(self, asked: UUID, answer: Accepted | Rejected) -> None:
        if asked == self._asked:
            self._asked = None
        # A server that does not know the word is not asked again before the next Welcome.
        if isinstance(answer, Rejected) and answer.reason in PASSING:
            self._told = None
