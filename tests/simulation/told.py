"""What is told of a branch's days: the rulebook, the tickets, and the day as plain facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from tests.server.domain.plain_day import PlainDay
from tests.server.domain.plain_queue import PlainRules

Rank = tuple[int, int, int]

# From protocol.md, Moves: what happened, from which states, and to which (None: the same).
MOVES: dict[str, tuple[frozenset[str], str | None]] = {
    "TicketCalled": (frozenset({"waiting"}), "called"),
    "TicketRecalled": (frozenset({"called"}), "called"),
    "ServiceStarted": (frozenset({"called"}), "serving"),
    "ServiceFinished": (frozenset({"serving"}), "finished"),
    # To serving at the same counter, or to waiting in another line: the event says which.
    "ServiceContinued": (frozenset({"serving"}), None),
    "TicketParked": (frozenset({"called", "serving"}), "parked"),
    "TicketResumed": (frozenset({"parked"}), "called"),
    "TicketTransferred": (frozenset({"waiting", "called", "serving", "parked"}), "waiting"),
    "TransferFellBack": (frozenset({"waiting"}), "waiting"),
    "TicketCorrected": (frozenset({"waiting"}), "waiting"),
    "NoShowRecorded": (frozenset({"called"}), "no-show"),
    "TicketRequeued": (frozenset({"no-show"}), "waiting"),
    "TicketCancelled": (frozenset({"waiting", "called", "parked"}), "cancelled"),
    "TicketExpired": (frozenset({"waiting", "parked"}), "expired"),
    "TicketTakenAlong": (frozenset({"called", "serving"}), None),
}
HELD = frozenset({"called", "serving"})
OPEN = HELD | {"waiting", "parked"}


@dataclass(frozen=True)
class Rulebook:
    """What the branch set, as far as the laws need it. ``services``: letter and target wait."""

    services: Mapping[str, tuple[str, int]]
    counters: Mapping[int, tuple[str, ...]]
    discipline: str
    priority_letter: str
    number_last: int | None
    grace_places: int
    utc_offset: timedelta
    day_starts: timedelta
    grace_times: int
    grace_s: int
    recall_pause_s: float
    recalls_most: int | None
    no_show_calls_least: int
    no_show_s_least: int
    transfer_fallback_s: int | None
    undo_s: int
    priority_target_wait_s: int
    priority_in_a_row: int
    regular_in_a_row: int
    overtakes_most: int
    overdue_s: int
    help_after_s: int | None
    # Per service: so many places of each window can be booked from home.
    booking_places: Mapping[str, int] = field(default_factory=dict)

    @property
    def own_series(self) -> frozenset[str]:
        """The letters that the branch itself gives numbers of."""
        letters = {letter for letter, _ in self.services.values()}
        return frozenset(letters | {self.priority_letter} - {""})

    def plain_day(self) -> PlainDay:
        """A day for somebody who keeps the line by hand."""
        plain = PlainRules(
            discipline=self.discipline,
            priority_in_a_row=self.priority_in_a_row,
            regular_in_a_row=self.regular_in_a_row,
            overtakes_most=self.overtakes_most,
            overdue_ms=self.overdue_s * 1000,
            help_after_ms=None if self.help_after_s is None else self.help_after_s * 1000,
            priority_target_ms=self.priority_target_wait_s * 1000,
            targets_ms={code: target_s * 1000 for code, (_, target_s) in self.services.items()},
        )
        counters = {n: dict.fromkeys(services, 1) for n, services in self.counters.items()}
        return PlainDay(plain, counters, {})

    def falls_back_ms(self, at_ms: int, *, to_one: bool) -> int | None:
        """Until when a visitor waits for one counter or person."""
        if not to_one or self.transfer_fallback_s is None:
            return None
        return at_ms + self.transfer_fallback_s * 1000


@dataclass(slots=True)
class Told:
    """A ticket as it was told."""

    id: str
    number: str
    service: str
    priority: str
    issued_ms: int
    arrival: int
    rank: Rank
    # ``arrival``, or how somebody placed it: ``first``, ``last``, or ``grace`` after a miss.
    placing: str = "arrival"
    state: str = "waiting"
    counter: int | None = None
    to_counter: int | None = None
    to_staff: str | None = None
    falls_back_ms: int | None = None
    call_count: int = 0
    first_called_ms: int = 0
    last_called_ms: int = 0
    valid_until_ms: int = 0
    requeues: int = 0
    copies: int = 0
    rated: bool = False
    # How often people moved it.
    moves: int = 0
    # Where it was taken.
    device: str = ""
    # Given by a kiosk without a link.
    offline: bool = False
    # The first version of its record, once it was served; codes of education with commas.
    record: tuple[str, str, str, str] = ("", "", "", "")

    @property
    def line(self) -> tuple[str, object]:
        """Where it waits."""
        if self.to_staff is not None:
            return "staff", self.to_staff
        if self.to_counter is not None:
            return "counter", self.to_counter
        return "service", self.service

    @property
    def to_one(self) -> bool:
        """Whether it waits for one counter or person."""
        return self.to_counter is not None or self.to_staff is not None


@dataclass(slots=True)
class LastMove:
    """The last move of a counter: whom it moved and whom it called with it, as they were."""

    kind: str
    command: bytes | None
    seq: int
    at_ms: int
    before: Told
    # How many moves of the ticket it was: with a start that nobody said, two.
    moves: int = 1
    called_before: Told | None = None


@dataclass(slots=True)
class ToldDay:
    """A business day as it was told."""

    date: str
    tickets: dict[str, Told] = field(default_factory=dict)
    waiting: dict[str, Told] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    serials: dict[str, int] = field(default_factory=dict)
    holds: dict[int, str] = field(default_factory=dict)
    desks: dict[int, str] = field(default_factory=dict)
    # Every change of a counter's state: since when it is what, with the reason of a pause.
    desk_history: dict[int, list[tuple[str, str | None, int]]] = field(default_factory=dict)
    seats: dict[str, tuple[str, int | None]] = field(default_factory=dict)
    announcements: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)
    last_moves: dict[int, LastMove] = field(default_factory=dict)
    # What a manager lets counters and people serve, instead of the branch's own.
    counter_services: dict[int, tuple[str, ...]] = field(default_factory=dict)
    staff_services: dict[str, tuple[str, ...]] = field(default_factory=dict)
    paused: set[str] = field(default_factory=set)
    # What kiosks have for when they have no link: by device and series, first and last serial;
    # and what was merged of it, by series.
    leases: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    offline: dict[str, set[int]] = field(default_factory=dict)

    def staff_at(self, counter: int) -> str | None:
        """Who sits at a counter."""
        seats = self.seats.values()
        return next((staff for staff, place in seats if place == counter), None)

    def served(self, rules: Rulebook, counter: int) -> tuple[str, ...]:
        """What a counter and its person may serve now: both must."""
        mine = self.counter_services.get(counter, rules.counters[counter])
        theirs = self.staff_services.get(self.staff_at(counter) or "")
        return mine if theirs is None else tuple(one for one in mine if one in theirs)

    def activity(self, rules: Rulebook, counter: int) -> str:
        """What a counter does now: serving, idle with a line, idle, or nothing while not open."""
        if self.desks.get(counter) != "open":
            return ""
        if counter in self.holds:
            return "serving"
        served, staff = self.served(rules, counter), self.staff_at(counter)
        mine = {("counter", counter), ("staff", staff), *(("service", one) for one in served)}
        return (
            "idle-with-line" if any(one.line in mine for one in self.waiting.values()) else "idle"
        )
