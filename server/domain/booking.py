"""Places booked from home for today: which windows there are, booking one, coming, staying away.

What a booking gives is a place that nobody else gets: of the window, of the day's quota and of
the numbers that are left. In line it gives nothing: whoever checks in stands there from that
moment on, so nobody who waits already is overtaken by it.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from server.domain.branch import Service
from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.events import (
    AnyEvent,
    BookingCancelled,
    BookingCheckedIn,
    BookingLapsed,
    TicketBooked,
)
from server.domain.hall_booking import BOOKED, CANCELLED, CHECKED_IN, Booking
from server.domain.issuing import NewTicket, decide_issue
from server.domain.opening import instant_ms, local_of
from server.domain.openness import hours_of, numbers_left, why_closed

BOOKINGS_PER_BOOKER = 3
"""So often one browser books in a day, whatever became of it: nobody fills the windows alone."""

CODE_LETTERS = "34679CDFGHJKMNPQRTVWXY"
"""None that looks or sounds like another, and no vowels, so that no code is a word."""
CODE_LENGTH = 6
CODE_TRIES = 100

# Kept from people at home, though the hours would allow it: nobody could serve them.
_NOT_TODAY = frozenset({"day-closed", "switched-off", "paused"})


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of today in which a service takes people who booked; ``left`` places are free."""

    service: str
    from_ms: int
    until_ms: int
    left: int


@dataclass(frozen=True, slots=True)
class NewBooking:
    """What somebody at home asks for, and the ids that were made for it outside."""

    booking: str
    code: str
    link: str
    service: str
    from_ms: int
    booker: str
    device: str
    language: str = "id"


# Windows.


def windows(day: BranchDay, now_ms: int) -> list[Window]:
    """Every window that is not over, of every service that can be booked; full ones, too."""
    if not day.branch.rules.booking or day.closed:
        return []
    return [
        window
        for service in day.branch.services.values()
        if _places(day, service) and _closed_for_home(day, service, now_ms) is None
        for window in _windows_of(day, service, now_ms)
    ]


def _windows_of(day: BranchDay, service: Service, now_ms: int) -> Iterator[Window]:
    of_day = numbers_left(day, service, now_ms)
    for from_ms, until_ms in _stretches(day, service, now_ms):
        left = _places(day, service) - day.bookings.taken.get((service.code, from_ms), 0)
        left = left if of_day is None else min(left, of_day)
        yield Window(service.code, from_ms, until_ms, max(0, left))


def _stretches(day: BranchDay, service: Service, now_ms: int) -> Iterator[tuple[int, int]]:
    """The windows of today that are not over and lie whole within the hours of the service."""
    rules, zone = day.branch.rules, day.branch.time_zone
    today = date.fromisoformat(day.business_date)
    work = hours_of(day.branch, service).work_of(today, zone)
    from_ms = instant_ms(today, _minute(rules.booking_from), zone)
    last_ms = instant_ms(today, _minute(rules.booking_until), zone)
    step_ms = rules.booking_window_s * 1000
    from_ms += max(0, (now_ms - from_ms) // step_ms) * step_ms
    while from_ms + step_ms <= last_ms:
        until_ms = from_ms + step_ms
        if any(start <= from_ms and until_ms <= end for start, end in work):
            yield from_ms, until_ms
        from_ms = until_ms


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _places(day: BranchDay, service: Service) -> int:
    return day.branch.booking_places.get(service.letter, 0)


def _closed_for_home(day: BranchDay, service: Service, now_ms: int) -> QueueRuleError | None:
    closed = why_closed(day, service, now_ms)
    if closed is None or closed.code not in _NOT_TODAY:
        return None
    return QueueRuleError("service-closed", service_name=service.name, closed=closed)


# Booking, and giving it up.


def decide_book(day: BranchDay, asked: NewBooking, now_ms: int) -> list[AnyEvent]:
    """A place in a window, if there is one left and the booker has none yet."""
    rules = day.branch.rules
    if not rules.booking:
        raise QueueRuleError("not-allowed", words="booking-off")
    service = _demand_bookable(day, asked.service, now_ms)
    _demand_modest(day, asked.booker)
    found = _demand_window(day, service, asked.from_ms, now_ms)
    return [
        TicketBooked(
            booking=asked.booking,
            code=asked.code,
            link=asked.link,
            service=service.code,
            booker=asked.booker,
            from_ms=found.from_ms,
            until_ms=found.until_ms,
            check_in_from_ms=found.from_ms - rules.booking_early_s * 1000,
            check_in_until_ms=found.until_ms + rules.booking_late_s * 1000,
            device=asked.device,
            language=asked.language,
        )
    ]


def _demand_bookable(day: BranchDay, code: str, now_ms: int) -> Service:
    service = day.branch.services.get(code)
    if service is None:
        raise QueueRuleError("unknown-service", service=code)
    if not _places(day, service):
        raise QueueRuleError("booking-closed", service_name=service.name)
    if (closed := _closed_for_home(day, service, now_ms)) is not None:
        raise closed
    return service


def _demand_modest(day: BranchDay, booker: str) -> None:
    before = [day.bookings.by_id[one] for one in day.bookings.by_booker.get(booker, ())]
    if any(one.state == BOOKED for one in before):
        raise QueueRuleError("already-booked")
    if len(before) >= BOOKINGS_PER_BOOKER:
        raise QueueRuleError("already-booked", words="booked-often")


def _demand_window(day: BranchDay, service: Service, from_ms: int, now_ms: int) -> Window:
    found = next((one for one in _windows_of(day, service, now_ms) if one.from_ms == from_ms), None)
    if found is None:
        raise QueueRuleError(
            "booking-closed", words="booking-window-over", service_name=service.name
        )
    if not found.left:
        raise QueueRuleError("window-full", service_name=service.name)
    return found


def decide_cancel_booking(day: BranchDay, link: str, device: str) -> list[AnyEvent]:
    """Whoever booked does not come; said twice it is said once."""
    booking = demand_booking_of_link(day, link)
    if booking.state == CANCELLED:
        return []
    if booking.state != BOOKED:
        raise _over(day, booking)
    return [BookingCancelled(booking=booking.id, device=device)]


# Coming.


def decide_check_in(
    day: BranchDay, booking: Booking, asked: NewTicket, now_ms: int
) -> list[AnyEvent]:
    """Whoever booked is here: a number is given now, past the quota and the capacity that were
    kept for them. Raises what ``decide_issue`` raises where the service gives none at all."""
    if booking.state != BOOKED or now_ms >= booking.check_in_until_ms:
        raise _over(day, booking)
    if now_ms < booking.check_in_from_ms:
        opens = local_of(booking.check_in_from_ms, day.branch.time_zone)
        raise QueueRuleError(
            "too-early",
            hour=f"{opens.hour:02d}",
            minute=f"{opens.minute:02d}",
            retry_after_s=(booking.check_in_from_ms - now_ms) / 1000,
        )
    came = BookingCheckedIn(booking=booking.id, ticket=asked.ticket, device=asked.device)
    return [came, *decide_issue(day, asked, now_ms, after=1)]


def _over(day: BranchDay, booking: Booking) -> QueueRuleError:
    if booking.state == CHECKED_IN:
        number = day.tickets[booking.ticket or ""].number
        return QueueRuleError("booking-over", words="booking-used", number=number)
    cancelled = booking.state == CANCELLED
    return QueueRuleError(
        "booking-over", words="booking-cancelled" if cancelled else "booking-over"
    )


def next_lapse(day: BranchDay, now_ms: int) -> list[AnyEvent]:
    """The oldest booking whose time to come is over; nothing while there is none."""
    if not day.bookings.open or day.bookings.open[0][0] > now_ms:
        return []
    return [BookingLapsed(booking=day.bookings.open[0][1])]


# Finding.


def demand_booking(day: BranchDay, given: str) -> Booking:
    """The booking behind what people type or scan at the kiosk: its code, written as they like,
    its link, or the whole address of its QR."""
    text = given.strip()
    by_link = day.bookings.by_link.get(text.rpartition("/b/")[2].rstrip("/"))
    typed = "".join(char for char in text.upper() if char.isalnum())
    found = by_link or day.bookings.by_code.get(typed)
    if found is None:
        raise QueueRuleError("unknown-booking")
    return day.bookings.by_id[found]


def demand_booking_of_link(day: BranchDay, link: str) -> Booking:
    """The same where only the secret counts: a code is too easy to guess for a page."""
    found = day.bookings.by_link.get(link)
    if found is None:
        raise QueueRuleError("unknown-booking")
    return day.bookings.by_id[found]


def free_booking_code(day: BranchDay, new_secret: Callable[[], str]) -> str:
    """A code that no booking of today has, open or not."""
    for _ in range(CODE_TRIES):
        if (code := code_of(new_secret())) not in day.bookings.by_code:
            return code
    raise QueueRuleError("try-again", retry_after_s=1)


def code_of(secret: str) -> str:
    """Six letters and digits out of a secret that nobody can guess; all alike likely."""
    number = int.from_bytes(hashlib.sha256(secret.encode()).digest(), "big")
    letters = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[place])
    return "".join(letters)
