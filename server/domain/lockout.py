"""Whoever guesses has to wait: five wrong tries, then ever longer (F52)."""

from dataclasses import dataclass

from server.domain.errors import QueueRuleError

TRIES = 5
WAIT_S = 30.0
WAIT_S_MAX = 3600.0


@dataclass(slots=True)
class _Guesses:
    wrong: int = 0
    locked_until_s: float = 0.0


class Lockout:
    """Wrong tries per key; a lock doubles from 30 s to an hour, and holds for its key alone.

    Instants are seconds of any clock that does not go back. With ``most`` the keys that were
    wrong longest ago are forgotten, where anybody can make up new ones (I14).
    """

    def __init__(self, most: int | None = None) -> None:
        self._guesses: dict[str, _Guesses] = {}
        self._most = most

    def __len__(self) -> int:
        """How many keys were wrong."""
        return len(self._guesses)

    def demand_unlocked(self, keys: tuple[str, ...], now_s: float) -> None:
        """Refuse as ``locked-out`` while one of the keys has to wait."""
        left_s = max(
            (self._guesses[key].locked_until_s - now_s for key in keys if key in self._guesses),
            default=0.0,
        )
        if left_s > 0:
            raise QueueRuleError("locked-out", retry_after_s=round(left_s, 1))

    def count_wrong(self, keys: tuple[str, ...], now_s: float) -> None:
        """One more wrong try of each key."""
        for key in keys:
            guesses = self._guesses.pop(key, None) or _Guesses()
            self._guesses[key] = guesses
            guesses.wrong += 1
            if guesses.wrong >= TRIES:
                wait_s = min(WAIT_S_MAX, WAIT_S * 2 ** min(guesses.wrong - TRIES, 32))
                guesses.locked_until_s = now_s + wait_s
        while self._most is not None and len(self._guesses) > self._most:
            del self._guesses[next(iter(self._guesses))]

    def forgive(self, keys: tuple[str, ...]) -> None:
        """A right try: the count begins anew."""
        for key in keys:
            self._guesses.pop(key, None)
