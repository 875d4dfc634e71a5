"""What a branch's day comes to: one shape for the screen, the paper and the files.

Whoever shows a figure takes it from here, so that the same digits stand everywhere. Durations are
seconds, instants milliseconds since 1970-01-01 UTC, shares 0 to 1; None: nothing was measured.
What counts into which figure is said once, in ``report.definitions`` and docs/figures.md. There is
no figure of a person anywhere: counters are measured, people are not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from db.afterwards import Signature
from db.leases import Lent
from db.promises import Kept

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something with a code happened; without names the code is shown."""

    code: str
    many: int
    names: Names = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measured:
    """How long something took; ``above`` of the ``count`` took longer than their target.

    Median and P90 are times that somebody really had (nearest rank). ``above`` is None where
    there is no target (the way to a counter has none).
    """

    count: int = 0
    average_s: float | None = None
    median_s: float | None = None
    p90_s: float | None = None
    above: int | None = None

    @property
    def share_above(self) -> float | None:
        """The part above target."""
        return None if self.above is None or not self.count else self.above / self.count

    @property
    def share_within(self) -> float | None:
        """The part within target."""
        return None if self.above is None or not self.count else 1 - self.above / self.count


@dataclass(frozen=True, slots=True)
class TicketCounts:
    """What became of the tickets. ``issued`` is counted in the events, the others in the rows."""

    issued: int = 0
    finished: int = 0
    no_show: int = 0
    cancelled: int = 0
    expired: int = 0
    waiting: int = 0
    called: int = 0
    serving: int = 0
    parked: int = 0

    @property
    def open(self) -> int:
        """Tickets whose visitor is still there."""
        return self.waiting + self.called + self.serving + self.parked

    @property
    def adds_up(self) -> bool:
        """issued = finished + no-show + cancelled + expired + open (design.md 2)."""
        ended = self.finished + self.no_show + self.cancelled + self.expired
        return self.issued == ended + self.open


@dataclass(frozen=True, slots=True)
class Group:
    """The tickets of a service, an hour, a priority class, or all of them.

    ``code``: a service's code, an hour ("08"), ``regular`` or ``priority``, "" for all.
    ``promises``: whether the waits that were told came true.
    """

    code: str
    names: Names = field(default_factory=dict)
    tickets: TicketCounts = TicketCounts()
    waiting: Measured = Measured(above=0)
    way: Measured = Measured()
    service: Measured = Measured(above=0)
    promises: Kept = field(default_factory=Kept)


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of the branch's clock; ``group`` are the tickets that were issued in it.

    ``called`` are first calls in this hour, ``finished`` services that ended in it,
    ``open_counters`` how many counters were open in it on average.
    """

    hour: int
    arrived: int
    called: int
    finished: int
    open_counters: float
    group: Group


@dataclass(frozen=True, slots=True)
class Break:
    """The pauses of a counter with one reason."""

    code: str
    names: Names
    time_s: float
    many: int


@dataclass(frozen=True, slots=True)
class CounterDay:
    """A counter's day. ``received`` were ever called to it, ``handed_on`` ended or wait elsewhere.

    ``open_s`` is serving, idle with a line and idle together; pauses are beside it.
    """

    number: int
    received: int = 0
    finished: int = 0
    no_show: int = 0
    cancelled: int = 0
    open: int = 0
    handed_on: int = 0
    open_s: float = 0.0
    serving_s: float = 0.0
    idle_with_line_s: float = 0.0
    idle_s: float = 0.0
    breaks: tuple[Break, ...] = ()
    waiting: Measured = Measured(above=0)
    way: Measured = Measured()
    service: Measured = Measured(above=0)

    @property
    def break_s(self) -> float:
        """All pauses together."""
        return sum(one.time_s for one in self.breaks)

    @property
    def adds_up(self) -> bool:
        """received = finished + no-show + cancelled + open + handed on."""
        ended = self.finished + self.no_show + self.cancelled
        return self.received == ended + self.open + self.handed_on


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Everyone who came: ``arrived`` is the sum of the four below it.

    ``screened`` at the door, ``unscreened`` tickets that no screening led to, ``sent_home`` who
    chose a channel at a kiosk and took no number, ``guests`` of the guest book.
    """

    arrived: int = 0
    screened: int = 0
    unscreened: int = 0
    sent_home: int = 0
    guests: int = 0
    # What the screenings came to, and why no number was needed.
    outcomes: tuple[Counted, ...] = ()
    solved: int = 0
    solved_reasons: tuple[Counted, ...] = ()
    channels: tuple[Counted, ...] = ()
    offices: tuple[Counted, ...] = ()
    segments: tuple[Counted, ...] = ()
    matters: tuple[Counted, ...] = ()
    home_channels: tuple[Counted, ...] = ()
    persons: int = 0
    companions: int = 0
    repeat_visits: int = 0
    screening_median_s: float | None = None
    screening_p90_s: float | None = None

    @property
    def share_solved(self) -> float | None:
        """Of everyone who came, the part that was helped at the door."""
        return self.solved / self.arrived if self.arrived else None


@dataclass(frozen=True, slots=True)
class Papers:
    """Printing: ``reprints`` are papers, the others tickets, by what their printer said.

    ``failed``: at least one paper of it did; ``unknown``: of at least one nobody knows.
    """

    printed: int = 0
    reprints: int = 0
    reprinted: int = 0
    failed: int = 0
    unknown: int = 0
    slips_failed: int = 0


@dataclass(frozen=True, slots=True)
class Announcements:
    """Calls to be spoken. ``unspoken``: no display said that it spoke it (undone ones left out).

    ``tickets`` have at least one such call.
    """

    called: int = 0
    spoken: int = 0
    unspoken: int = 0
    tickets: int = 0


@dataclass(frozen=True, slots=True)
class Category:
    """A category of finished services with the causes that were said, "" where none was."""

    code: str
    names: Names
    many: int
    causes: tuple[Counted, ...] = ()


@dataclass(frozen=True, slots=True)
class Online:
    """Served visits of a service that could have been done from home, and by which channels."""

    service: str
    names: Names
    many: int
    channels: tuple[Counted, ...] = ()


@dataclass(frozen=True, slots=True)
class Records:
    """How the finished services ended; of corrected records the newest version counts."""

    outcomes: tuple[Counted, ...] = ()
    categories: tuple[Category, ...] = ()
    causes: tuple[Counted, ...] = ()
    # Finished visits in which something was explained, and what.
    educated: int = 0
    education: tuple[Counted, ...] = ()
    online: tuple[Online, ...] = ()
    # How often something was put right afterwards, and in how many tickets.
    corrections: int = 0
    corrected: int = 0

    @property
    def could_be_online(self) -> int:
        """Served visits that could have been done from home."""
        return sum(one.many for one in self.online)


@dataclass(frozen=True, slots=True)
class Missing:
    """Papers that visitors for a service did not have with them."""

    service: str
    names: Names
    papers: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Ratings:
    """The one-tap ratings: ``scores`` says how often 1, 2, 3 and 4 were given."""

    count: int = 0
    scores: tuple[int, int, int, int] = (0, 0, 0, 0)
    reasons: tuple[Counted, ...] = ()
    # How many could have rated.
    finished: int = 0

    @property
    def average(self) -> float | None:
        """1 to 4."""
        total = sum(score * many for score, many in enumerate(self.scores, 1))
        return total / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class Complaints:
    """Complaints as they stood at the day's close (of an open day: now).

    ``filed`` on the day; ``open`` of all days; of those ``due`` by the end of the day and not
    over yet, and ``overdue``.
    """

    filed: int = 0
    open: int = 0
    due: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Bookings:
    """Places booked from home for this day."""

    booked: int = 0
    checked_in: int = 0
    cancelled: int = 0
    lapsed: int = 0
    open: int = 0

    @property
    def adds_up(self) -> bool:
        """booked = checked in + cancelled + lapsed + open."""
        return self.booked == self.checked_in + self.cancelled + self.lapsed + self.open


@dataclass(frozen=True, slots=True)
class Offline:
    """Numbers that kiosks gave without a link; ``merged_late`` once their day was over."""

    given: int = 0
    merged_late: int = 0
    lent: int = 0
    unused: int = 0
    kiosks: tuple[Lent, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierDay:
    """What of an earlier day is compared."""

    business_date: str
    arrived: int
    issued: int
    waiting_median_s: float | None
    waiting_p90_s: float | None
    share_within: float | None
    rating: float | None


@dataclass(frozen=True, slots=True)
class Typical:
    """A figure of the earlier days; None where none of them has it."""

    mean: float | None = None
    median: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same weekday's last eight business days that were closed, the newest first."""

    days: tuple[EarlierDay, ...] = ()
    arrived: Typical = Typical()
    issued: Typical = Typical()
    waiting_median_s: Typical = Typical()
    waiting_p90_s: Typical = Typical()
    share_within: Typical = Typical()
    rating: Typical = Typical()


@dataclass(frozen=True, slots=True)
class Seal:
    """The day's events: the first, the last, and the hash of the chain after the last (hex)."""

    first_seq: int
    last_seq: int
    head_hash: str


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed the last close."""

    signature: Signature
    name: str


@dataclass(frozen=True, slots=True)
class DayReport:
    """A day of a branch. Without ``seal`` there was no such day and everything is zero.

    ``services``, ``hours``, ``classes`` and ``counters`` have one entry for each that had
    anything to do; ``wrong`` names what does not add up, empty if all does.
    """

    branch: str
    branch_name: str
    business_date: str
    made_at_ms: int
    opened_at_ms: int | None = None
    closed_at_ms: int | None = None
    signed: Signed | None = None
    seal: Seal | None = None
    arrivals: Arrivals = Arrivals()
    total: Group = Group("")
    services: tuple[Group, ...] = ()
    hours: tuple[Hour, ...] = ()
    classes: tuple[Group, ...] = ()
    priorities: tuple[Counted, ...] = ()
    counters: tuple[CounterDay, ...] = ()
    papers: Papers = Papers()
    announcements: Announcements = Announcements()
    records: Records = Records()
    missing: tuple[Missing, ...] = ()
    ratings: Ratings = Ratings()
    surveys: int = 0
    complaints: Complaints = Complaints()
    bookings: Bookings = Bookings()
    offline: Offline = Offline()
    comparison: Comparison = Comparison()
    # The number that the most later arrivals were called before, and how many.
    overtakes_most: tuple[str, int] | None = None
    wrong: tuple[str, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Whether the day is over; otherwise the figures are those up to now."""
        return self.closed_at_ms is not None

    @property
    def adds_up(self) -> bool:
        """Whether nobody is missing, in any part and between them."""
        return not self.wrong

    def groups(self) -> Iterator[Group]:
        """All of them: in all, per service, hour and class."""
        yield self.total
        yield from self.services
        yield from (hour.group for hour in self.hours)
        yield from self.classes
