"""What months and years come to: trends, two periods beside each other, recurring problems, and
visits that were spared.

The definitions are those of a day (``report.day``, docs/figures.md): the counts of a month are the
sums of its days, and its median is a time that one of its visitors really had. One-tap ratings
stand here, the survey in ``report.survey``; the two are never mixed.
"""

from dataclasses import dataclass, field

from report.day import Counted, Measured, Names, TicketCounts
from report.periods import Period


@dataclass(frozen=True, slots=True)
class OneTap:
    """One-tap ratings: how many, and the sum of their scores, 1 to 4."""

    count: int = 0
    total: int = 0

    @property
    def average(self) -> float | None:
        """1 to 4."""
        return self.total / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A day, a month, or all of a period. ``code``: 2026-10-05, 2026-10, or "" for all.

    ``open_days``: on how many days the branch was open. ``spared`` are visitors who needed no
    number: helped at the door, shown a channel, sent home by a kiosk.
    """

    code: str
    tickets: TicketCounts
    waiting: Measured
    open_days: int = 0
    arrived: int = 0
    screened: int = 0
    solved: int = 0
    spared: int = 0
    returned: int = 0
    ratings: OneTap = OneTap()


@dataclass(frozen=True, slots=True)
class Part:
    """The tickets of a service, an hour of issue ("08"), or a weekday ("0" is Monday)."""

    code: str
    tickets: TicketCounts
    waiting: Measured
    names: Names = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figures:
    """A period, and the same by service, hour and weekday."""

    period: Period
    total: Stretch
    services: tuple[Part, ...] = ()
    hours: tuple[Part, ...] = ()
    weekdays: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Recurring:
    """A category of finished visits. ``before``: how many there were in the period before, None
    where the branch was not open then; ``returned``: of visitors who had been here before;
    ``months``: how many in each month of the period."""

    code: str
    names: Names
    many: int
    before: int | None
    returned: int
    segments: tuple[Counted, ...]
    causes: tuple[Counted, ...]
    months: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Deflected:
    """Visits that needed no number, and what that saved at a cost per visit that the branch set;
    without such a cost (0) nothing is reckoned."""

    solved: tuple[Counted, ...] = ()
    channels: tuple[Counted, ...] = ()
    self_service: int = 0
    home: tuple[Counted, ...] = ()
    visit_cost_rp: int = 0

    @property
    def count(self) -> int:
        """All of them."""
        lists = (self.solved, self.channels, self.home)
        return self.self_service + sum(one.many for counted in lists for one in counted)

    @property
    def saved_rp(self) -> int | None:
        """Their number times the cost of a visit."""
        return self.count * self.visit_cost_rp if self.visit_cost_rp else None


@dataclass(frozen=True, slots=True)
class MonthReport:
    """A period of a branch. ``trend`` is by day up to ``DAYS_IN_TREND`` days, else by month.

    ``beside`` are the periods that it is compared with, those in which the branch was not open
    left out. ``is_running``: the period is not over, or its last day not closed.
    """

    branch: str
    branch_name: str
    made_at_ms: int
    figures: Figures
    trend: tuple[Stretch, ...] = ()
    by_month: bool = False
    beside: tuple[Figures, ...] = ()
    problems: tuple[Recurring, ...] = ()
    deflected: Deflected = Deflected()
    is_running: bool = False

    @property
    def period(self) -> Period:
        """What it is about."""
        return self.figures.period

    @property
    def adds_up(self) -> bool:
        """issued = finished + no-show + cancelled + expired + open, in every part and in all."""
        figures = self.figures
        parts = (*figures.services, *figures.hours, *figures.weekdays)
        counts = [one.tickets for one in parts]
        counts += [one.tickets for one in (figures.total, *self.trend)]
        return all(one.adds_up for one in counts)
