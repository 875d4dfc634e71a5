"""Proves a person's PIN or password, away from the lane, and slows down whoever guesses (F52)."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

from protocol.roles import SEATS, DeviceRole, StaffRole
from server.domain.errors import QueueRuleError
from server.domain.lockout import Lockout
from server.domain.seating import Person

# Codes of nobody lock like those of somebody, or the lock would tell who works here.
STRANGERS_MAX = 4096
# So many sign-ins with a browser are proved at a time; whoever floods the pages waits there.
PAGES_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class StaffAccount:
    """A person who may sign in; who has no ``password_hash`` has a PIN alone."""

    staff: str
    name: str
    role: StaffRole
    pin_hash: str
    disabled: bool = False
    password_hash: str | None = None

    @property
    def may_use_pages(self) -> bool:
        """Whether they may sign in with a browser."""
        return not self.disabled and self.role in SEATS[DeviceRole.WEB]


class StaffDoor:
    """Checks a staff code and PIN; five wrong ones lock the account and the device for a while.

    A lock doubles from 30 s to an hour. It holds for one account and one device alone, so that
    nobody can lock out the others. ``verify(hash, pin)`` is slow by design and runs elsewhere:
    for the pages in ``pages``, so that a flood there keeps nobody from a seat.
    """

    def __init__(
        self,
        accounts: Mapping[str, StaffAccount],
        verify: Callable[[str, str], bool],
        decoy_hash: str,
        now_s: Callable[[], float],
        executor: Executor | None = None,
        pages: Executor | None = None,
    ) -> None:
        self._accounts = accounts
        self._verify = verify
        self._decoy_hash = decoy_hash
        self._now_s = now_s
        self._executor = executor
        self._pages = pages
        self._at_pages = 0
        self._lockout = Lockout()
        self._strangers = Lockout(STRANGERS_MAX)

    async def prove(self, staff: str, pin: str, device: str, role: DeviceRole) -> Person:
        """The person, or QueueRuleError: locked-out, wrong-pin or not-allowed."""
        keys = (f"device:{device}", *([f"staff:{staff}"] if staff in self._accounts else []))
        return await self._prove(staff, pin, "pin", keys, role, self._executor, self._lockout)

    async def prove_at_pages(self, staff: str, pin: str | None, password: str | None) -> Person:
        """The same for a browser, with either of the two; also refused: rate-limited.

        The pages are one device for everybody, so the account alone is locked; and it is locked
        there alone: who guesses from the street must not keep the manager from the seat.
        """
        if (pin is None) == (password is None):
            raise QueueRuleError("missing-field" if pin is None else "bad-value", field="password")
        keys = (f"pages:{staff}",)
        lockout = self._lockout if staff in self._accounts else self._strangers
        if self._at_pages >= PAGES_AT_ONCE:
            raise QueueRuleError("rate-limited", retry_after_s=1)
        self._at_pages += 1
        try:
            offered, by = (password, "password") if pin is None else (pin, "pin")
            assert offered is not None
            role, executor = DeviceRole.WEB, self._pages
            return await self._prove(staff, offered, by, keys, role, executor, lockout)
        finally:
            self._at_pages -= 1

    async def _prove(
        self,
        staff: str,
        offered: str,
        by: str,
        keys: tuple[str, ...],
        role: DeviceRole,
        executor: Executor | None,
        lockout: Lockout,
    ) -> Person:
        lockout.demand_unlocked(keys, self._now_s())
        account = self._accounts.get(staff)
        # An unknown code takes as long as a wrong PIN, so that codes cannot be found by time.
        kept = account and (account.pin_hash if by == "pin" else account.password_hash)
        loop = asyncio.get_running_loop()
        right = await loop.run_in_executor(
            executor, self._verify, kept or self._decoy_hash, offered
        )
        lockout.demand_unlocked(keys, self._now_s())
        if account is None or account.disabled or not kept or not right:
            lockout.count_wrong(keys, self._now_s())
            raise QueueRuleError("wrong-pin", words=f"wrong-{by}")
        lockout.forgive(keys)
        if account.role not in SEATS.get(role, frozenset()):
            raise QueueRuleError("not-allowed")
        return Person(account.staff, account.name, account.role.value)
