"""Wishes on their way to the server: asked again while that helps, given up when it does not."""

from collections.abc import Callable

from kiosk.visit import Patience, Wish
from protocol.messages import Accepted, Rejected
from protocol.session import Ask

PAUSE_S = 0.2
"""Before a wish is asked again, where the server names no time."""


class Wishing:
    """Knows how long a wish may take, and which refusals are better waited out than told."""

    def __init__(self, ask: Ask, patience: Patience, now_s: Callable[[], float]) -> None:
        self._ask, self._patience, self._now_s = ask, patience, now_s

    def send(self, wish: Wish, answered: Callable[[Accepted | Rejected], None]) -> None:
        """Ask, for the first time or once more: it is the same command."""
        wish.retry_at_s = None
        self._ask(wish.command, answered)

    def waits_for(self, wish: Wish, answer: Rejected) -> bool:
        """Whether this refusal passes; then the wish is due again after a pause."""
        if not self._is_worth_waiting(wish, answer):
            return False
        pause_s = answer.retry_after_s if isinstance(answer.retry_after_s, float) else PAUSE_S
        wish.retry_at_s = self._now_s() + pause_s
        return True

    def is_due_again(self, wish: Wish) -> bool:
        """Whether the pause is over."""
        return wish.retry_at_s is not None and self._now_s() >= wish.retry_at_s

    def is_hopeless(self, wish: Wish) -> bool:
        """Whether it has been tried for long enough."""
        return self._now_s() >= wish.asked_s + self._patience.wish_s

    def waits_long(self, wish: Wish) -> bool:
        """Whether to say that the kiosk keeps trying."""
        return self._now_s() >= wish.asked_s + self._patience.moment_s

    def _is_worth_waiting(self, wish: Wish, answer: Rejected) -> bool:
        if self.is_hopeless(wish):
            return False
        # Given up by the session for want of an answer, or the disk said no for the moment.
        if answer.reason == "try-again":
            return True
        # The visitor before was quick; nobody wants to read about the pace of numbers.
        return (
            answer.reason == "rate-limited"
            and isinstance(answer.retry_after_s, float)
            and answer.retry_after_s <= self._patience.pace_s
        )
