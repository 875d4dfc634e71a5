"""What in the hall wants the manager's eye by now: long waits, idle counters, long breaks.

Only codes and facts; the words are in ``server.hall_alerts``. Everything is told in whole
minutes, so that a clock that goes on changes it once a minute and no oftener.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from server.domain.attendance import IDLE_WITH_LINE
from server.domain.branch import Rules
from server.domain.branch_day import BranchDay
from server.domain.opening import DAY_MINUTES, local_of
from server.domain.ticket import Ticket

MINUTE_MS = 60_000


class LongWait(NamedTuple):
    """Who waits the longest for a service, and how many others wait too long for it."""

    ticket: str
    number: str
    service: str
    minutes: int
    others: int


class LongAtCounter(NamedTuple):
    """A counter that does the same for too long: ``idle-counter`` or ``long-pause``."""

    code: str
    counter: int
    minutes: int
    reason: str


class Watched(NamedTuple):
    """All of it; nothing in quiet hours, and nothing once the day is closed."""

    quiet: bool
    waits: tuple[LongWait, ...] = ()
    counters: tuple[LongAtCounter, ...] = ()


def watched(day: BranchDay, now_ms: int) -> Watched:
    """What is to be seen at an instant."""
    if is_quiet(day, now_ms):
        return Watched(quiet=True)
    if day.closed:
        return Watched(quiet=False)
    return Watched(False, tuple(_long_waits(day, now_ms)), tuple(_long_at_counters(day, now_ms)))


def waits_since_ms(ticket: Ticket) -> int:
    """Since when a waiting ticket waits: who was at a counter before waits anew since then."""
    if ticket.first_called_at_ms is None:
        return ticket.waits_since_ms
    return ticket.period.started_at_ms


def _long_waits(day: BranchDay, now_ms: int) -> Iterator[LongWait]:
    latest_ms = now_ms - day.rules.alert_waiting_s * 1000
    longest: dict[str, tuple[int, int, str]] = {}
    counts: dict[str, int] = {}
    for ticket_id in day.lines.waiting_since(latest_ms):
        ticket = day.tickets[ticket_id]
        since_ms = waits_since_ms(ticket)
        if since_ms > latest_ms:
            continue
        found = (since_ms, ticket.ordinal, ticket_id)
        longest[ticket.service] = min(longest.get(ticket.service, found), found)
        counts[ticket.service] = counts.get(ticket.service, 0) + 1
    for since_ms, _, ticket_id in sorted(longest.values()):
        ticket = day.tickets[ticket_id]
        minutes = (now_ms - since_ms) // MINUTE_MS
        others = counts[ticket.service] - 1
        yield LongWait(ticket_id, ticket.number, ticket.service, minutes, others)


def _long_at_counters(day: BranchDay, now_ms: int) -> Iterator[LongAtCounter]:
    rules = day.rules
    for desk in day.desks.values():
        period = desk.period
        if desk.state == "open" and period is not None and period.activity == IDLE_WITH_LINE:
            code, since_ms, most_s = "idle-counter", period.started_at_ms, rules.alert_idle_s
        elif desk.state == "paused" and desk.since_ms is not None:
            code, since_ms, most_s = "long-pause", desk.since_ms, rules.alert_pause_s
        else:
            continue
        if now_ms - since_ms >= most_s * 1000:
            minutes = (now_ms - since_ms) // MINUTE_MS
            yield LongAtCounter(code, desk.number, minutes, desk.reason or "")


def is_quiet(day: BranchDay, now_ms: int) -> bool:
    """Whether the branch wants no warnings at this time of its day."""
    stretch = _quiet_minutes(day.rules)
    if stretch is None:
        return False
    local = local_of(now_ms, day.branch.time_zone)
    begins, ends = stretch
    # A stretch may go over midnight, so it is measured from its own beginning.
    return (local.hour * 60 + local.minute - begins) % DAY_MINUTES < (ends - begins) % DAY_MINUTES


@lru_cache(maxsize=8)
def _minutes_of(text: str) -> tuple[int, int]:
    begins, ends = (clock.split(":") for clock in text.split("-"))
    return int(begins[0]) * 60 + int(begins[1]), int(ends[0]) * 60 + int(ends[1])


def _quiet_minutes(rules: Rules) -> tuple[int, int] | None:
    return _minutes_of(rules.alert_quiet) if rules.alert_quiet else None
