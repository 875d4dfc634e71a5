"""Proves a person's PIN, away from the lane, and slows down whoever guesses (F52)."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

from protocol.roles import SEATS, DeviceRole, StaffRole
from server.domain.errors import QueueRuleError
from server.domain.seating import Person

TRIES = 5
WAIT_S = 30.0
WAIT_S_MAX = 3600.0


@dataclass(frozen=True, slots=True)
class StaffAccount:
    """A person who may sign in."""

    staff: str
    name: str
    role: StaffRole
    pin_hash: str
    disabled: bool = False


@dataclass(slots=True)
class _Guesses:
    wrong: int = 0
    locked_until_s: float = 0.0


class StaffDoor:
    """Checks a staff code and PIN; five wrong ones lock the account and the device for a while.

    A lock doubles from 30 s to an hour. It holds for one account and one device alone, so that
    nobody can lock out the others. ``verify(hash, pin)`` is slow by design and runs elsewhere.
    """

    def __init__(
        self,
        accounts: Mapping[str, StaffAccount],
        verify: Callable[[str, str], bool],
        decoy_hash: str,
        now_s: Callable[[], float],
        executor: Executor | None = None,
    ) -> None:
        self._accounts = accounts
        self._verify = verify
        self._decoy_hash = decoy_hash
        self._now_s = now_s
        self._executor = executor
        self._guesses: dict[str, _Guesses] = {}

    async def prove(self, staff: str, pin: str, device: str, role: DeviceRole) -> Person:
        """The person, or QueueRuleError: locked-out, wrong-pin or not-allowed."""
        keys = (f"device:{device}", *([f"staff:{staff}"] if staff in self._accounts else []))
        self._demand_unlocked(keys)
        account = self._accounts.get(staff)
        # An unknown code takes as long as a wrong PIN, so that codes cannot be found by time.
        known_hash = account.pin_hash if account is not None else self._decoy_hash
        loop = asyncio.get_running_loop()
        right = await loop.run_in_executor(self._executor, self._verify, known_hash, pin)
        self._demand_unlocked(keys)
        if account is None or account.disabled or not right:
            self._count_wrong(keys)
            raise QueueRuleError("wrong-pin")
        for key in keys:
            self._guesses.pop(key, None)
        if account.role not in SEATS.get(role, frozenset()):
            raise QueueRuleError("not-allowed")
        return Person(account.staff, account.name, account.role.value)

    def _demand_unlocked(self, keys: tuple[str, ...]) -> None:
        left_s = max(
            (
                self._guesses[key].locked_until_s - self._now_s()
                for key in keys
                if key in self._guesses
            ),
            default=0.0,
        )
        if left_s > 0:
            raise QueueRuleError("locked-out", retry_after_s=round(left_s, 1))

    def _count_wrong(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            guesses = self._guesses.setdefault(key, _Guesses())
            guesses.wrong += 1
            if guesses.wrong >= TRIES:
                wait_s = min(WAIT_S_MAX, WAIT_S * 2 ** (guesses.wrong - TRIES))
                guesses.locked_until_s = self._now_s() + wait_s
