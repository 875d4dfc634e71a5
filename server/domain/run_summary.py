"""The figures by which two runs of one day are compared: waits, targets, overtakes, endings.

A wait lasts from the issue to the first call, or until the visitor left or the day ended: a
rule under which fewer people are called must not look better for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.domain.branch_day import BranchDay
from server.domain.ticket import TicketPeriod, TicketState

_S = TicketState


@dataclass(frozen=True, slots=True)
class Waits:
    """How long so many people waited, in ms. ``in_target``: how many were called in time."""

    count: int
    total_ms: int
    median_ms: int
    p90_ms: int
    most_ms: int
    in_target: int

    @property
    def mean_ms(self) -> int:
        """The mean wait."""
        return self.total_ms // self.count


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A day in figures; ``parts``: by service and class (``priority`` or ``regular``)."""

    issued: int
    finished: int
    no_show: int
    cancelled: int
    expired: int
    overtakes_most: int
    total: Waits | None
    parts: Mapping[tuple[str, str], Waits]


def summary_of(day: BranchDay) -> RunSummary:
    """Of a day that has ended and whose changes were not taken yet."""
    periods: dict[str, list[TicketPeriod]] = {}
    for (of_ticket, _), period in sorted(day.changes.periods.items()):
        periods.setdefault(of_ticket, []).append(period)
    waits: dict[tuple[str, str], list[tuple[int, bool]]] = {}
    for ticket in day.tickets.values():
        service, waited_ms, called = _first_wait(periods[ticket.id])
        kind = "regular" if ticket.priority == "none" else "priority"
        in_time = called and waited_ms <= day.target_wait_ms(service, ticket.priority)
        waits.setdefault((service, kind), []).append((waited_ms, in_time))
    everyone = [one for part in waits.values() for one in part]
    ended = {state: sum(states[state] for states in day.totals.values()) for state in _S}
    return RunSummary(
        issued=len(day.tickets),
        finished=ended[_S.FINISHED],
        no_show=ended[_S.NO_SHOW],
        cancelled=ended[_S.CANCELLED],
        expired=ended[_S.EXPIRED],
        overtakes_most=max((ticket.overtakes for ticket in day.tickets.values()), default=0),
        total=_waits(everyone) if everyone else None,
        parts={part: _waits(waits[part]) for part in sorted(waits)},
    )


def _first_wait(periods: Sequence[TicketPeriod]) -> tuple[str, int, bool]:
    """The service of the first call (or the last one waited for), the wait, and whether called."""
    called = next((period for period in periods if period.state is _S.CALLED), None)
    if called is not None:
        return called.service, called.started_at_ms - periods[0].started_at_ms, True
    ended_at_ms = periods[-1].ended_at_ms
    assert ended_at_ms is not None
    return periods[-1].service, ended_at_ms - periods[0].started_at_ms, False


def _waits(waits: Sequence[tuple[int, bool]]) -> Waits:
    """Median and P90 are waits that somebody really had (nearest rank)."""
    lengths = sorted(waited_ms for waited_ms, _ in waits)
    count = len(lengths)
    return Waits(
        count=count,
        total_ms=sum(lengths),
        median_ms=lengths[(count + 1) // 2 - 1],
        p90_ms=lengths[-(-count * 9 // 10) - 1],
        most_ms=lengths[-1],
        in_target=sum(in_time for _, in_time in waits),
    )
