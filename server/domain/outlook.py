"""What an estimate of the wait is made from, and what it says: plain data, no rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from server.domain.service_times import HourlyLevels, NoShows, Times

Span = tuple[int, int]


class InLine(NamedTuple):
    """A waiting ticket, or, with ``asks`` set, the question of one who might take a number.

    ``line`` is the service's own line, or that of a counter or a person; a counter calls from
    the lines that it names. Newcomers with priority that arrive before ``overtaken_until_ms``
    will be called before this ticket.
    """

    key: str
    service: str
    line: str = ""
    weight: int = 1
    overtaken_until_ms: int = 0
    asks: bool = False


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """A counter that works: now, or from a known instant on.

    ``serving`` is the service of the visitor who was called at ``since_ms``; None if free.
    ``from_ms`` is the known end of a pause or the planned opening. ``rests`` are planned breaks
    of this counter alone, ``until_ms`` its planned end.
    """

    lines: frozenset[str]
    serving: str | None = None
    serving_weight: int = 1
    since_ms: int = 0
    from_ms: int | None = None
    until_ms: int | None = None
    rests: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """When the question is asked: the instant, the local hour and when that hour began.

    ``breaks`` are spans in which no counter works, ``closes_ms`` the instant of the last call.
    """

    now_ms: int
    hour: int
    hour_began_ms: int
    breaks: tuple[Span, ...] = ()
    closes_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Habits:
    """What is assumed about a branch, per counter and hour; settings, not measurements.

    ``turnaround_s``: from one visitor's finish to the next call. ``closings_per_hour``: how often
    an open counter pauses or closes unannounced.
    """

    turnaround_s: float = 20.0
    closings_per_hour: float = 0.03
    group_share: float = 0.6


class Wait(NamedTuple):
    """Seconds until the call: the mean, and the range (10th-90th percentile), unrounded."""

    expected_s: float
    from_s: float
    to_s: float


class Widths(Protocol):
    """Gives the margins of a wait: `promises.Accuracy`."""

    def margins(self, expected_s: float) -> tuple[float, float]: ...


@dataclass(frozen=True, slots=True)
class Learned:
    """All that the estimate has learned.

    ``overtakers_per_hour``: for each service's line, how many with priority arrive in an hour.
    """

    times: Times
    no_shows: NoShows
    widths: Widths
    open_counters: HourlyLevels = field(default_factory=HourlyLevels)
    overtakers_per_hour: Mapping[str, float] = field(default_factory=dict)
    habits: Habits = Habits()


@dataclass(frozen=True, slots=True)
class Forecast:
    """Each key's wait; None where nothing honest can be said.

    ``interval_s`` stands beside each question: the mean seconds between calls from its line, when
    the counters that may serve it have come to the end of the line and serve nothing else.
    """

    waits: Mapping[str, Wait | None]
    interval_s: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Present:
    """Who waits and who works at an instant, to be looked at wherever: nothing changes it.

    ``line`` is everyone in the order of the calls, ``free`` for each service a counter that does
    not work now and may serve it.
    """

    line: tuple[InLine, ...]
    desks: tuple[OpenDesk, ...]
    moment: Moment
    learned: Learned
    free: Mapping[str, int] = field(default_factory=dict)
