"""Numbers that a kiosk gives by itself while it has no link: its letter, its block, its hours.

``AK012`` is series A, kiosk letter K and a count of its own. Nobody else ever gives a number of
that series, so what a kiosk gives alone can be merged later without a duplicate (law I2).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain, product

from server.domain.branch import Branch, Service
from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, LeaseEnded, NumbersLeased
from server.domain.hall_lease import KioskLease
from server.domain.numbering import series_of
from server.domain.opening import OpeningHours, Stretch, instant_ms
from server.domain.openness import hours_of

# Without O, which looks like a zero before digits; K for kiosk, then on through the alphabet.
LETTERS = "KLMNPQRSTUVWXYZABCDEFGHIJ"
SERIAL_MOST = 999_999
PRIORITY = "elderly"
"""Any priority: all have the same series."""


@dataclass(frozen=True, slots=True)
class LeaseWish:
    """What a kiosk asks: the id for a new lease, and the highest serial that it gave today by
    series. ``anew``: it lost its memory, so what it may have given is not given again.
    ``letter``: the one that it has, should nobody here know."""

    lease: str
    device: str
    used: Mapping[str, int] = field(default_factory=dict)
    anew: bool = False
    letter: str = ""


def decide_lease(day: BranchDay, wish: LeaseWish, now_ms: int) -> list[AnyEvent]:
    """Lend a kiosk its numbers for today and the days after; nothing where it has them."""
    before = day.leases.get(wish.device)
    letter = kiosk_letter(day, wish.device, wish.letter)
    known = before.ranges if before is not None and before.letter == letter else {}
    if wish.anew:
        # It may have given numbers of an earlier lease today, before it lost its memory.
        known = _ever_lent(day, wish.device) | known
    ranges = {
        base + letter: _block(day, base + letter, known.get(base + letter), wish)
        for base in series_of_kiosks(day.branch)
    }
    until_ms = valid_until_ms(day.branch, day.business_date)
    if before is not None and (before.ranges, before.valid_until_ms) == (ranges, until_ms):
        return []
    return [
        NumbersLeased(
            lease=wish.lease if before is None else before.lease,
            device=wish.device,
            letter=letter,
            ranges=ranges,
            valid_until_ms=until_ms,
        )
    ]


def _block(
    day: BranchDay, series: str, known: tuple[int, int] | None, wish: LeaseWish
) -> tuple[int, int]:
    """First and last serial; longer by blocks as long as half of it is used."""
    size = day.branch.rules.offline_block
    first, last = known or (1, size)
    if known is not None and wish.anew:
        first, last = last + 1, last + size
    high = highest_given(day, series, wish.used)
    missing = 2 * (high - first + 1) - (last - first + 1)
    if missing >= 0:
        last += size * (missing // size + 1)
    return first, min(last, SERIAL_MOST)


def _ever_lent(day: BranchDay, device: str) -> dict[str, tuple[int, int]]:
    """By series what a kiosk was lent on earlier days, as far as a lease still has room after."""
    size = day.branch.rules.offline_block
    lent = (one for one in day.leased.values() if one.device == device)
    return {one.series: (1, one.last) for one in lent if one.last + size <= SERIAL_MOST}


def highest_given(day: BranchDay, series: str, used: Mapping[str, int]) -> int:
    """The highest serial of a series that is known to be given today."""
    return max(used.get(series, 0), max(day.offline_serials.get(series, {}), default=0))


def free_range(day: BranchDay, lease: KioskLease, series: str, used: Mapping[str, int]) -> Stretch:
    """What of a leased range is still to be given today."""
    first, last = lease.ranges[series]
    return max(first, highest_given(day, series, used) + 1), last


# Letters.


def series_of_kiosks(branch: Branch) -> list[str]:
    """Every series in which a kiosk gives numbers, without its own letter."""
    services = branch.services.values()
    both = chain.from_iterable(
        (series_of(branch, one), series_of(branch, one, PRIORITY)) for one in services
    )
    return list(dict.fromkeys(both))


def kiosk_letter(day: BranchDay, device: str, wished: str = "") -> str:
    """The letter of a kiosk: its own of earlier days while that is free, else the one that it
    has by its own word, else the next one."""
    own = [one.letter for one in day.leased.values() if one.device == device]
    # The newest last: a letter that met a new series of the branch was changed for another.
    for letter in reversed(own):
        if _is_free(day, device, letter):
            return letter
    others = {one.letter for one in day.leased.values() if one.device != device}
    for letter in chain([wished] if wished else [], letters()):
        if letter not in others and letter not in own and _is_free(day, device, letter):
            return letter
    raise QueueRuleError("numbers-exhausted", series="")


def letters() -> Iterator[str]:
    """One letter, then two."""
    yield from LETTERS
    yield from map("".join, product(LETTERS, repeat=2))


def _is_free(day: BranchDay, device: str, letter: str) -> bool:
    """Whether no series of the branch, and no other kiosk's, looks like one with this letter."""
    of_branch = all_series(day.branch)
    for base in series_of_kiosks(day.branch):
        series = base + letter
        leased = day.leased.get(series)
        # Also one of which the branch itself gave numbers today, under other settings.
        if series in of_branch or series in day.serials:
            return False
        if leased is not None and leased.device != device:
            return False
    return True


def all_series(branch: Branch) -> frozenset[str]:
    """Every series that the branch gives or might give numbers of."""
    rules = branch.rules
    letters_of_services = (service.letter for service in branch.services.values())
    found = (*letters_of_services, rules.shared_letter, rules.priority_letter)
    return frozenset((*found, *branch.number_ranges))


# Days and hours.


def valid_until_ms(branch: Branch, business_date: str) -> int:
    """When a lease of a day ends: with the last of so many business days."""
    return day_begins_ms(branch, business_date, branch.rules.offline_days)


def day_begins_ms(branch: Branch, business_date: str, after_days: int = 0) -> int:
    """The instant at which a business day begins, or one so many days later."""
    day = date.fromisoformat(business_date) + timedelta(after_days)
    return instant_ms(day, branch.day_starts_minute, branch.time_zone)


def giving_hours(
    branch: Branch, service: Service, from_ms: int, to_ms: int
) -> list[tuple[int, int | None]]:
    """When visitors get numbers of a service between two instants; one stretch without an end
    where no hours are set, none where it is switched off."""
    hours = hours_of(branch, service)
    if not service.open:
        return []
    if hours.always_open:
        return [(from_ms, None)]
    return list(_joined(_windows(branch, hours, from_ms, to_ms)))


def _windows(branch: Branch, hours: OpeningHours, from_ms: int, to_ms: int) -> Iterator[Stretch]:
    zone = branch.time_zone
    # Business days may begin on the calendar day before.
    day = branch.business_date(from_ms)
    while instant_ms(day, 0, zone) < to_ms:
        for start, end in hours.giving_of(day, zone):
            if start < to_ms and end > from_ms:
                yield max(start, from_ms), min(end, to_ms)
        day += timedelta(1)


def _joined(windows: Iterable[Stretch]) -> Iterator[Stretch]:
    """Stretches that touch are one."""
    open_one: Stretch | None = None
    for start, end in windows:
        if open_one is not None and start <= open_one[1]:
            open_one = open_one[0], max(end, open_one[1])
            continue
        if open_one is not None:
            yield open_one
        open_one = start, end
    if open_one is not None:
        yield open_one


# The end of the day.


def decide_leases_end(day: BranchDay) -> list[AnyEvent]:
    """Write down of each kiosk what it gave of its numbers, and what nobody used: no gaps."""
    return [
        LeaseEnded(device=lease.device, letter=lease.letter, numbers=used_and_unused(day, lease))
        for lease in day.leases.values()
    ]


def used_and_unused(day: BranchDay, lease: KioskLease) -> dict[str, tuple[int, int]]:
    """By series how many numbers of today's block were given, and how many were not."""
    found = {}
    for series, (_, last) in lease.ranges.items():
        given = len(day.offline_serials.get(series, {}))
        found[series] = given, max(0, last - given)
    return found
