"""The places that were booked from home for today, as the day knows them."""

from dataclasses import dataclass, field

from sortedcontainers import SortedList

BOOKED = "booked"
CHECKED_IN = "checked-in"
CANCELLED = "cancelled"
LAPSED = "lapsed"
# Whose place is taken: it is kept for them, or they came.
TAKING = frozenset({BOOKED, CHECKED_IN})


@dataclass(slots=True)
class Booking:
    """A place in a window of a service; ``ticket`` once whoever booked has come."""

    id: str
    code: str
    link: str
    service: str
    booker: str
    from_ms: int
    until_ms: int
    check_in_from_ms: int
    check_in_until_ms: int
    booked_at_ms: int
    language: str = "id"
    state: str = BOOKED
    ticket: str | None = None
    ended_at_ms: int | None = None


@dataclass(slots=True)
class Bookings:
    """Every booking of the day, found by what people show; only the fold changes them."""

    by_id: dict[str, Booking] = field(default_factory=dict)
    by_code: dict[str, str] = field(default_factory=dict)
    by_link: dict[str, str] = field(default_factory=dict)
    by_booker: dict[str, list[str]] = field(default_factory=dict)
    # Of each service and window (by its beginning): how many of its places are taken.
    taken: dict[tuple[str, int], int] = field(default_factory=dict)
    # Per service: how many places are kept for people who have yet to come.
    kept: dict[str, int] = field(default_factory=dict)
    # Those who have yet to come, by the instant at which their place is free again.
    open: SortedList[tuple[int, str]] = field(default_factory=SortedList)

    def add(self, booking: Booking) -> None:
        """A new booking."""
        assert booking.id not in self.by_id, "a place is booked once"
        assert booking.code not in self.by_code, "a code stands for one booking of the day"
        self.by_id[booking.id] = booking
        self.by_code[booking.code] = self.by_link[booking.link] = booking.id
        self.by_booker.setdefault(booking.booker, []).append(booking.id)
        self.kept[booking.service] = self.kept.get(booking.service, 0) + 1
        self._take(booking, 1)
        self.open.add((booking.check_in_until_ms, booking.id))

    def end(self, booking_id: str, state: str, at_ms: int, ticket: str | None = None) -> Booking:
        """Whoever booked came, said no, or stayed away: once, and for good."""
        booking = self.by_id[booking_id]
        assert booking.state == BOOKED, (booking.state, state)
        booking.state, booking.ticket, booking.ended_at_ms = state, ticket, at_ms
        self.kept[booking.service] -= 1
        if state not in TAKING:
            self._take(booking, -1)
        self.open.remove((booking.check_in_until_ms, booking.id))
        return booking

    def _take(self, booking: Booking, step: int) -> None:
        window = booking.service, booking.from_ms
        self.taken[window] = self.taken.get(window, 0) + step
