"""Wrong codes at a kiosk cost time, so that nobody finds a good one by trying (F52)."""

from collections import deque
from collections.abc import Callable
from typing import TypeVar

from server.domain.errors import QueueRuleError

TRIES = 5
WITHIN_MS = 120_000
GUESSED = frozenset({"unknown-screening", "unknown-booking"})

Found = TypeVar("Found")


class CodeGuesses:
    """How often each device was wrong of late; known to the running server alone."""

    def __init__(self) -> None:
        self._wrong_ms: dict[str, deque[int]] = {}

    def try_code(self, device: str, now_ms: int, open_with: Callable[[], Found]) -> Found:
        """Try a code. After some wrong ones the device waits, with a right one, too.

        A code that was used or has run out is no guess: somebody holds its slip.
        """
        wrong = self._wrong_ms.setdefault(device, deque(maxlen=TRIES))
        if len(wrong) == TRIES and now_ms - wrong[0] < WITHIN_MS:
            wait_ms = wrong[0] + WITHIN_MS - now_ms
            raise QueueRuleError("rate-limited", retry_after_s=round(wait_ms / 1000, 3))
        try:
            return open_with()
        except QueueRuleError as no:
            if no.reason in GUESSED:
                wrong.append(now_ms)
            raise
