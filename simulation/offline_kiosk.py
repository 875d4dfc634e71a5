"""A kiosk that gives numbers by itself while it believes that it has no link, in a hurry.

The rule of the lease is written down a second time here, plainly. What it keeps lies on the
kiosk's disk: a program that starts anew has it all again.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, get_args
from uuid import UUID

from protocol import messages as m

LATE_COMMANDS_KEPT = 8
"""Wishes whose frames may still come, long after another number was given instead."""

PRIORITY_SHARE, BESIDE_SHARE, AGAIN_SHARE = 0.2, 0.4, 0.15


class OfflineKiosk:
    """The lease, the journal, and what is known to be merged."""

    def __init__(self, random: Random, new_id: Callable[[], UUID]) -> None:
        self._random = random
        self._new_id = new_id
        self.lease: m.NumberLease | None = None
        self.journal: list[m.OfflineTicket] = []
        self.merged: list[m.OfflineTicket] = []
        self._waits_for: list[m.OfflineTicket] | None = None
        # Said by no connection yet, or by one that is gone.
        self.late: list[m.IssueTicket] = []
        self._used: dict[tuple[date, str], int] = {}
        self._instead: set[UUID] = set()
        self._asked: dict[UUID, m.LeaseNumbers | m.MergeOffline] = {}

    # What it asks.

    def ask_lease(self) -> m.LeaseNumbers:
        """Its numbers, for the first time or again."""
        used = {}
        if self.lease is not None:
            today = self.lease.business_date
            used = {series: most for (day, series), most in self._used.items() if day == today}
        command = m.LeaseNumbers(id=self._new_id(), used=used)
        self._asked[command.id] = command
        return command

    @property
    def must_wait(self) -> bool:
        """Whether the server said that the day of the oldest has not come yet."""
        return self._waits_for is not None and self._waits_for == self.journal[:1]

    def tell(self) -> m.MergeOffline | None:
        """The oldest of what it gave; now and then with some that were merged before."""
        random = self._random
        again = random.random() < AGAIN_SHARE and len(self.merged) > 0
        before = self.merged[-random.randint(1, 5) :] if again else []
        parts = [*before, *self.journal[: random.choice((1, 3, 10, m.OFFLINE_TICKETS_MAX))]]
        if self.lease is None or not parts:
            return None
        parts = parts[: m.OFFLINE_TICKETS_MAX]
        command = m.MergeOffline(id=self._new_id(), lease=self.lease.lease, tickets=parts)
        self._asked[command.id] = command
        return command

    def hear(self, answer: m.Accepted | m.Rejected) -> None:
        """The server answered; who asked somebody else's word does not look."""
        command = self._asked.pop(UUID(str(answer.id)), None) if answer.id else None
        if isinstance(answer, m.Rejected):
            if isinstance(command, m.MergeOffline) and answer.reason == "too-soon":
                self._waits_for = self.journal[:1]
            return
        if isinstance(command, m.LeaseNumbers) and isinstance(answer.lease, m.NumberLease):
            self.lease = answer.lease
        elif isinstance(command, m.MergeOffline):
            told = {one.ticket for one in command.tickets}
            self.merged += [one for one in self.journal if one.ticket in told]
            del self.merged[:-200]
            self.journal = [one for one in self.journal if one.ticket not in told]

    # What it gives.

    def give(self, now: datetime, asked: list[m.AnyCommand]) -> m.OfflineTicket | None:
        """One number, perhaps instead of a wish whose answer it does not know; None: it has none
        to give. ``asked`` are the last words of its device."""
        random, lease = self._random, self.lease
        if lease is None or now >= lease.valid_until:
            return None
        service = random.choice(lease.services)
        priority: Any = "none"
        if random.random() < PRIORITY_SHARE:
            priority = random.choice(get_args(m.Priority))
        series = service.series if priority == "none" else service.priority_series
        today = self._business_date(now, lease)
        block = next(one for one in lease.ranges if one.series == series)
        first = block.first if today == lease.business_date else 1
        serial = max(first, self._used.get((today, series), 0) + 1)
        if serial > block.last:
            return None
        self._used[today, series] = serial
        ticket = m.OfflineTicket(
            ticket=str(self._new_id()),
            number=f"{series}{serial:03d}",
            series=series,
            serial=serial,
            service=service.code,
            business_date=today,
            issued_at=now,
            priority=priority,
            print=random.choice(get_args(m.OfflinePrint)),
            copies=1,
            instead_of=self._wish_without_answer(asked),
        )
        self.journal.append(ticket)
        return ticket

    def _business_date(self, now: datetime, lease: m.NumberLease) -> date:
        hours, minutes = lease.day_starts_at.split(":")
        local = now.astimezone(UTC) + timedelta(hours=7)  # the simulated branch is in Jakarta
        today = (local - timedelta(hours=int(hours), minutes=int(minutes))).date()
        return max(today, lease.business_date, *(day for day, _ in self._used), date.min)

    def _wish_without_answer(self, asked: list[m.AnyCommand]) -> UUID | None:
        """A wish that it said a moment ago, or one whose frame is still on its way."""
        random = self._random
        if random.random() >= BESIDE_SHARE:
            return None
        said = [one.id for one in asked[-3:] if isinstance(one, m.IssueTicket)]
        fresh = [one for one in said if one not in self._instead]
        if fresh and random.random() < 0.5:
            self._instead.add(fresh[-1])
            return fresh[-1]
        wish = m.IssueTicket(id=self._new_id(), service=random.choice("ABCDEF"))
        self.late.append(wish)
        del self.late[:-LATE_COMMANDS_KEPT]
        self._instead.add(wish.id)
        return wish.id
