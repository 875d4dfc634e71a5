"""Giving a number without the server: out of the lease, and onto the disk before anyone sees it."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from uuid import UUID

from msgspec.structs import replace

from kiosk.offline_clock import KnownClock
from kiosk.offline_journal import Given, OfflineJournal
from kiosk.offline_lease import (
    NoNumber,
    Shut,
    business_date_at,
    closed_by_people,
    gives_numbers,
    own_number,
    without,
)
from kiosk.offline_lending import Lending
from kiosk.offline_tiles import snapshot_alone
from kiosk.paper_layout import branch_zone
from protocol.messages import (
    Disturbance,
    IssueTicket,
    KioskSnapshot,
    NumberLease,
    OfflineTicket,
)

log = logging.getLogger(__name__)

WRONG_FROM = timedelta(minutes=1)
"""A clock that is less wrong than this is right."""

PROBE_S = 10.0
"""So often a disk that said no is tried again."""


class Issuing:
    """The numbers of this kiosk, and whether it may give any now."""

    def __init__(
        self,
        journal: OfflineJournal,
        lending: Lending,
        clock: KnownClock,
        *,
        new_id: Callable[[], UUID],
        now_s: Callable[[], float],
    ) -> None:
        self._journal, self._lending, self._clock = journal, lending, clock
        self._new_id, self._now_s = new_id, now_s
        self._last_at = max(
            (given.ticket.issued_at for given in journal.given.values()), default=clock.now()
        )
        self._zone: tzinfo | None = None
        self._disk_fails_until_s: float | None = None
        # Given since the start by a clock that no server has confirmed yet.
        self._by_own_clock: list[str] = []
        self._is_sure = False
        # What people closed on this business date, as far as the server could say.
        self._shut: tuple[date | None, Shut] = None, frozenset()

    def learn_zone(self, name: str) -> None:
        """The branch's time zone."""
        self._zone = branch_zone(name)

    def put_right(self, server_time: datetime) -> None:
        """The server's word, before the clock learns it. What was given by a clock that was wrong
        since the start (a dead battery) was given that much later or earlier (F15): else whoever
        holds it would be of another day, and be called on none."""
        wrong, given = server_time - self._clock.now(), self._journal.given
        own, self._by_own_clock, self._is_sure = self._by_own_clock, [], True
        if abs(wrong) < WRONG_FROM:
            return
        log.warning("the clock was wrong by %s", wrong)
        for ticket in own:
            if ticket in given and not self._journal.is_merged(ticket):
                self._move(given[ticket], given[ticket].ticket.issued_at + wrong)
        self._last_at = server_time

    def _move(self, before: Given, at: datetime) -> None:
        zone, lease = self._zone, self._lending.lease
        assert zone is not None
        assert lease is not None
        day = business_date_at(lease, zone, at)
        ticket = replace(before.ticket, issued_at=at, business_date=day)
        try:
            self._journal.give(Given(ticket, before.lease))
        except OSError as error:
            log.error("the journal cannot keep when %s was given: %s", ticket.number, error)

    def learn_closed(self, snapshot: KioskSnapshot, at: datetime) -> None:
        """The server's counts of an instant."""
        zone, lease = self._zone, self._lending.lease
        if zone is not None and lease is not None:
            shut = closed_by_people(lease, snapshot.services, at)
            self._shut = business_date_at(lease, zone, at), shut

    @property
    def _lease(self) -> NumberLease | None:
        """The lease as it can be used today."""
        lease, (day, shut) = self._lending.lease, self._shut
        return lease if lease is None or day != self.today else without(lease, shut)

    @property
    def can_give(self) -> bool:
        """Whether going on without the server makes sense now."""
        zone, lease = self._zone, self._lease
        if zone is None or not self._disk_is_well():
            return False
        return gives_numbers(lease, zone, self._journal.used, self._clock.now())

    @property
    def today(self) -> date | None:
        """The business date, as far as this kiosk can know it."""
        zone, lease = self._zone, self._lending.lease
        if zone is None or lease is None:
            return None
        return business_date_at(lease, zone, self._clock.now())

    def give(self, command: IssueTicket, instead_of: UUID | None) -> Given | NoNumber:
        """Give a number, durably; what the server was asked for it may not count any more."""
        zone, lease, now = self._zone, self._lease, self._clock.now()
        if zone is None or lease is None:
            return NoNumber.NO_LEASE
        number = own_number(
            lease, zone, self._journal.used, command.service, now, priority=command.priority
        )
        if isinstance(number, NoNumber):
            return number
        # Whatever clocks do: the order of the numbers is the order of their instants.
        self._last_at = max(now, self._last_at)
        ticket = OfflineTicket(
            ticket=str(self._new_id()),
            number=number.number,
            series=number.series,
            serial=number.serial,
            service=command.service,
            business_date=number.business_date,
            issued_at=self._last_at,
            priority=command.priority,
            needs=list(command.needs),
            language=command.language or "id",
            instead_of=instead_of,
        )
        given = Given(ticket, lease.lease)
        try:
            self._journal.give(given)
        except OSError as error:
            log.error("no number: the journal cannot be written: %s", error)
            self._disk_fails_until_s = self._now_s() + PROBE_S
            return NoNumber.NO_DISK
        if not self._is_sure:
            self._by_own_clock.append(ticket.ticket)
        log.info("%s was given without the server", number.number)
        return given

    def snapshot(self, revision: int, disturbance: Disturbance | None) -> KioskSnapshot | None:
        """The services as this kiosk knows them by itself; None before it knows any."""
        zone, lease = self._zone, self._lease
        if zone is None or lease is None:
            return None
        return snapshot_alone(
            lease,
            zone,
            self._journal.used,
            self._clock.now(),
            revision=revision,
            disturbance=disturbance,
        )

    def _disk_is_well(self) -> bool:
        until_s = self._disk_fails_until_s
        if until_s is not None and self._now_s() >= until_s:
            can_write = self._journal.can_write()
            self._disk_fails_until_s = None if can_write else self._now_s() + PROBE_S
        return self._disk_fails_until_s is None
