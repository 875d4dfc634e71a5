"""Which number a kiosk gives by itself while it has no link, from its lease alone (pure).

A lease is a block of numbers per series that belongs to this kiosk on every business day. On the
lease's own day the server says where the block begins; on every later day it begins at 1 again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from msgspec.structs import replace

from protocol.messages import KioskService, LeasedRange, LeasedService, NumberLease

FIRST = 1
"""Where a block begins on a day on which nothing of it was given."""

OPENING_S = 60.0

Shut = frozenset[str]
"""Codes of services."""

Used = Mapping[tuple[date, str], int]
"""The highest serial that was given, by business date and series."""


class NoNumber(StrEnum):
    """Why the kiosk gives no number by itself now."""

    NO_LEASE = "no-lease"
    TOO_OLD = "too-old"
    CLOSED = "closed"
    USED_UP = "used-up"
    UNKNOWN_SERVICE = "unknown-service"
    NO_DISK = "no-disk"


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """A number of this kiosk: as printed, and what it is made of."""

    number: str
    series: str
    serial: int
    business_date: date


def business_date_at(lease: NumberLease, zone: tzinfo, now: datetime) -> date:
    """The business date of an instant, by the branch's clock and the hour at which days begin;
    never one before the lease's own, since the server goes back to no day either (F15)."""
    hour, _, minute = lease.day_starts_at.partition(":")
    starts = timedelta(hours=int(hour), minutes=int(minute or 0))
    # On the wall clock, as the server does it: a day has 24 hours there, whatever the sun does.
    return max((now.astimezone(zone).replace(tzinfo=None) - starts).date(), lease.business_date)


def own_number(
    lease: NumberLease | None,
    zone: tzinfo,
    used: Used,
    service: str,
    now: datetime,
    *,
    priority: str = "none",
) -> OwnNumber | NoNumber:
    """The next number of a service, or why there is none."""
    if lease is None:
        return NoNumber.NO_LEASE
    if now >= lease.valid_until:
        return NoNumber.TOO_OLD
    leased = _service(lease, service)
    if leased is None:
        return NoNumber.UNKNOWN_SERVICE
    if not is_open(leased, now):
        return NoNumber.CLOSED
    series = leased.series if priority == "none" else leased.priority_series
    today = business_date_at(lease, zone, now)
    serial = _next_serial(lease, used, series, today)
    if serial is None:
        return NoNumber.USED_UP
    return OwnNumber(f"{series}{serial:0{lease.number_width}d}", series, serial, today)


def is_open(leased: LeasedService, now: datetime) -> bool:
    """Whether visitors get numbers of a service now."""
    return any(
        span.begins_at <= now and (span.ends_at is None or now < span.ends_at)
        for span in leased.hours
    )


def closed_by_people(lease: NumberLease, services: Iterable[KioskService], now: datetime) -> Shut:
    """Which services the server says are closed though it is their time: paused, the day was
    ended, nothing left. Whoever took its place would open them again."""
    said = {one.code for one in services if not one.open}
    # Its word may be a moment old, from before the clock opened a service.
    before = now - timedelta(seconds=OPENING_S)
    return frozenset(
        leased.code
        for leased in lease.services
        if leased.code in said and is_open(leased, now) and is_open(leased, before)
    )


def without(lease: NumberLease, shut: Shut) -> NumberLease:
    """The lease with these services closed."""
    if not shut:
        return lease
    services = [
        replace(leased, hours=[]) if leased.code in shut else leased for leased in lease.services
    ]
    return replace(lease, services=services)


def numbers_left(lease: NumberLease, used: Used, series: str, today: date) -> int:
    """How many numbers of a series the block still has on a business date."""
    block = _range(lease, series)
    serial = _next_serial(lease, used, series, today)
    return 0 if block is None or serial is None else block.last - serial + 1


def gives_numbers(lease: NumberLease | None, zone: tzinfo, used: Used, now: datetime) -> bool:
    """Whether going on alone makes sense: a lease in force, and not every open service used up.

    While all services are closed it does: then the screen says that, and not that a link is lost.
    """
    if lease is None or now >= lease.valid_until:
        return False
    today = business_date_at(lease, zone, now)
    opened = [leased for leased in lease.services if is_open(leased, now)]
    return not opened or any(numbers_left(lease, used, one.series, today) for one in opened)


def wants_more(lease: NumberLease, used: Used, today: date) -> bool:
    """Whether half of a block is used, so that the server should make it longer."""
    return any(
        2 * numbers_left(lease, used, block.series, today) <= block.last - FIRST + 1
        for block in lease.ranges
    )


def highest_used(lease: NumberLease, used: Used, today: date) -> dict[str, int]:
    """The highest serial given today by the series of the lease, for ``LeaseNumbers.used``."""
    return dict(_used_of(lease, used, today))


def _used_of(lease: NumberLease, used: Used, today: date) -> Iterator[tuple[str, int]]:
    for block in lease.ranges:
        serial = used.get((today, block.series), 0)
        if serial:
            yield block.series, serial


def _next_serial(lease: NumberLease, used: Used, series: str, today: date) -> int | None:
    block = _range(lease, series)
    if block is None:
        return None
    # The server may know of more than this disk does: it may be a new one.
    first = block.first if today == lease.business_date else FIRST
    serial = max(first, used.get((today, series), 0) + 1)
    return serial if serial <= block.last else None


def _range(lease: NumberLease, series: str) -> LeasedRange | None:
    return next((block for block in lease.ranges if block.series == series), None)


def _service(lease: NumberLease, code: str) -> LeasedService | None:
    return next((leased for leased in lease.services if leased.code == code), None)
