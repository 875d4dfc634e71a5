"""Why a service gives no number now, and how many it can still give: said in this one place.

Nothing here is remembered: the day, the settings and the instant decide, so that a clock alone
opens and closes a service, and the fold of a day's events does not depend on the clock.
"""

from collections.abc import Iterator
from datetime import tzinfo

from server.domain.branch import Branch, Service
from server.domain.branch_day import BranchDay
from server.domain.capacity import NextCall, calls_left
from server.domain.forecasting import (
    FAR_MS,
    call_after_the_pause,
    estimates,
    too_long_to_tell,
)
from server.domain.numbering import serials_left, series_of
from server.domain.opening import Closed, OpeningHours, local_of

ALWAYS_OPEN = OpeningHours()

CAPACITY_LOOK_MS = 30_000
"""Minutes pass without an event, and with them the numbers that are left before the close."""

STAFF_MAY_STILL = frozenset({"last-ticket", "quota-used-up", "not-enough-time"})
"""What the officer at the door and a counter may overrule for a person: they see the warning.
Nor does it hold up those who booked from home: what is used up was kept for them.

Never a day, an hour or a service that is closed, nor a number that does not exist."""


def hours_of(branch: Branch, service: Service) -> OpeningHours:
    """The service's own hours, else the branch's, else every hour."""
    return service.hours or branch.hours or ALWAYS_OPEN


def why_closed(
    day: BranchDay,
    service: Service,
    now_ms: int,
    *,
    priority: str = "none",
    by_staff: bool = False,
) -> Closed | None:
    """The first reason why this service gives no number now; None while it gives one."""
    for closed in _reasons(day, service, now_ms, priority):
        if not (by_staff and closed.code in STAFF_MAY_STILL):
            return closed
    return None


def numbers_left(day: BranchDay, service: Service, now_ms: int) -> int | None:
    """How many numbers visitors can still take today; None where nothing limits them."""
    lefts = (
        _range_left(day, service, "none"),
        _quota_left(day, service),
        _capacity_left(day, service, now_ms),
    )
    return min((left for left in lefts if left is not None), default=None)


def next_change_ms(branch: Branch, now_ms: int) -> int | None:
    """The next instant at which the clock alone may open or close a service, or a channel or an
    office at the door; None: never."""
    door = branch.door
    elsewhere = [one.hours for one in door.channels.values()]
    elsewhere += [one.hours for one in door.offices.values()]
    of_services = (hours_of(branch, service) for service in branch.services.values())
    # Mostly all services have the same hours.
    every = (*of_services, *(one for one in elsewhere if one is not None))
    hours = {id(one): one for one in every}
    changes = [one.next_change_ms(now_ms, branch.time_zone) for one in hours.values()]
    if branch.rules.capacity_closing:
        changes.append(now_ms + CAPACITY_LOOK_MS)
    return min((change for change in changes if change is not None), default=None)


def _reasons(day: BranchDay, service: Service, now_ms: int, priority: str) -> Iterator[Closed]:
    """Every reason, the one that says most first."""
    hours, zone = hours_of(day.branch, service), day.branch.time_zone
    if day.closed:
        yield _until_another_day("day-closed", hours, now_ms, zone)
    if not service.open:
        yield Closed("switched-off", local_of(now_ms, zone))
    if (reason := day.paused_services.get(service.code)) is not None:
        yield Closed("paused", local_of(now_ms, zone), names={"id": reason} if reason else None)
    if (closed := hours.closed_because(now_ms, zone)) is not None:
        yield closed
    if _range_left(day, service, priority) == 0:
        yield _until_another_day("numbers-used-up", hours, now_ms, zone)
    if _quota_left(day, service, priority) == 0:
        yield _until_another_day("quota-used-up", hours, now_ms, zone)
    if _capacity_left(day, service, now_ms) == 0:
        yield _until_another_day("not-enough-time", hours, now_ms, zone)


def _until_another_day(code: str, hours: OpeningHours, now_ms: int, zone: tzinfo) -> Closed:
    """Closed for the rest of this day; without hours nobody can say when the next begins."""
    opens_ms = hours.opens_tomorrow_ms(now_ms, zone)
    opens = None if opens_ms is None else local_of(opens_ms, zone)
    return Closed(code, local_of(now_ms, zone), opens)


def _range_left(day: BranchDay, service: Service, priority: str = "none") -> int | None:
    series = series_of(day.branch, service, priority)
    return serials_left(day.branch, series, day.last_serial(series))


def _quota_left(day: BranchDay, service: Service, priority: str = "none") -> int | None:
    """How many more the quota allows, without those that are kept for people who booked; nor do
    these take the last numbers of a range from them."""
    kept = day.bookings.kept.get(service.code, 0)
    quota = day.branch.rules.quota_daily if service.quota is None else service.quota
    left = None if quota is None else quota - day.issued.get(service.code, 0)
    if kept and priority == "none":
        of_range = _range_left(day, service)
        left = min((one for one in (left, of_range) if one is not None), default=None)
    return None if left is None else max(0, left - kept)


def _capacity_left(day: BranchDay, service: Service, now_ms: int) -> int | None:
    """How many more visitors can be called before the day's work ends, where that closes."""
    if not day.branch.rules.capacity_closing:
        return None
    hours, zone = hours_of(day.branch, service), day.branch.time_zone
    closes_ms = hours.closes_at_ms(now_ms, zone)
    if closes_ms is None:
        return None
    rests = hours.rest_intervals_ms(now_ms, closes_ms, zone)
    left = calls_left(expected_next_call(day, service, now_ms), closes_ms, rests)
    # Who booked comes yet, and takes the time of one of these.
    return None if left is None else max(0, left - day.bookings.kept.get(service.code, 0))


def expected_next_call(day: BranchDay, service: Service, now_ms: int) -> NextCall | None:
    """When a ticket that is issued now would be called; None where nobody can tell.

    While all counters for it rest it counts as if they came back now, and behind a line that is
    too long to tell nobody is called any more.
    """
    if too_long_to_tell(day):
        return NextCall(FAR_MS, 1)
    seen = estimates(day, now_ms)
    wait, interval_s = seen.waits.get(service.code), seen.interval_s.get(service.code)
    if wait is not None and interval_s is not None:
        return _next_call(now_ms, wait.expected_s, interval_s)
    found = call_after_the_pause(day, service.code, now_ms)
    return None if found is None else _next_call(now_ms, *found)


def _next_call(now_ms: int, expected_s: float, interval_s: float) -> NextCall:
    return NextCall(now_ms + int(expected_s * 1000), max(1, int(interval_s * 1000)))
