"""When will I be called: the day's lines, counters and experience put to the estimate.

What is said is rounded for people and never pretends: with no counter open for a service, or a
line that no branch ever had, nothing is said.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import NamedTuple

from server.domain.day_state import DayState, Seen
from server.domain.events import Rank
from server.domain.hall import Desk
from server.domain.outlook import InLine, Moment, OpenDesk, Present, Wait
from server.domain.promises import rounded_range
from server.domain.selection import OVERDUE, OVERTAKEN, PLACED_FIRST, Choice, line_up
from server.domain.service_times import StillTimes
from server.domain.skills import CallLines, service_line
from server.domain.ticket import Ticket
from server.domain.waiting_time import forecast

WAITING_MOST = 1000
HORIZON_MS = 12 * 3600 * 1000
HOUR_MS = 3_600_000
FAR_MS = 1 << 60


class Question(NamedTuple):
    """What somebody would wait who took a number for this service now."""

    key: str
    service: str
    priority: str = "none"
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Told:
    """What is said to a person: a range in seconds, and the expectation behind it."""

    range_s: tuple[int, int]
    expected_s: float


def promise(day: DayState, service: str, priority: str, weight: int, now_ms: int) -> Told | None:
    """What to tell somebody who takes a number now; None when nothing honest can be said."""
    found = _look(day, [Question("?", service, priority, weight)], now_ms)
    return None if found is None else _told(found.waits.get("?"))


def estimates(day: DayState, now_ms: int) -> Seen:
    """Every waiting ticket and, by service code, who would take a number now.

    Worked out once per event and second.
    """
    key = (day.revision, now_ms // 1000)
    if day.seen is None or day.seen.key != key:
        found = _look(day, [Question(code, code) for code in day.branch.services], now_ms)
        day.seen = Seen(key, {}, {}) if found is None else Seen(key, found.waits, found.interval_s)
    return day.seen


def range_of(day: DayState, key: str, now_ms: int) -> tuple[int, int] | None:
    """The rounded range in seconds for a waiting ticket's id or a service's code."""
    told = _told(estimates(day, now_ms).waits.get(key))
    return None if told is None else told.range_s


def _told(wait: Wait | None) -> Told | None:
    return None if wait is None else Told(rounded_range(wait.from_s, wait.to_s), wait.expected_s)


class _Found(NamedTuple):
    waits: dict[str, Wait | None]
    interval_s: dict[str, float | None]


def call_after_the_pause(day: DayState, service: str, now_ms: int) -> tuple[float, float] | None:
    """Seconds to the next call and between calls, as if the counters that rest came back now.

    For the question what the rest of the day can hold: a pause is no reason to give numbers
    for which there is no time.
    """
    found = _look(day, [Question("?", service)], now_ms, at_work=("open", "paused"))
    wait = None if found is None else found.waits.get("?")
    interval_s = None if found is None else found.interval_s.get("?")
    return None if wait is None or interval_s is None else (wait.expected_s, interval_s)


def present(day: DayState, now_ms: int) -> Present | None:
    """The hall as it stands, also the lines that no counter serves; None when it is too long."""
    if too_long_to_tell(day):
        return None
    desks = [desk for desk in day.desks.values() if desk.state == "open"]
    call = _by_preference(day, desks)
    unserved = tuple(
        name for name in map(service_line, day.branch.services) if name not in call.every
    )
    whole = CallLines((*call.levels, unserved), (*call.every, *unserved))
    learned = day.experience.learned(now_ms)
    return Present(
        tuple(_line(day, whole, (), now_ms)),
        tuple(_open_desk(day, desk.number) for desk in desks),
        _moment(day, now_ms),
        replace(
            learned,
            times=StillTimes(learned.times, day.branch.services),
            no_shows=copy(learned.no_shows),
            widths=copy(learned.widths),
        ),
        {code: desk for code in day.branch.services if (desk := _free_for(day, code)) is not None},
    )


def _free_for(day: DayState, service: str) -> int | None:
    """A counter that rests or is closed and may serve this: best one with somebody there, and
    then the one that serves the fewest other lines."""
    able = (
        (desk.staff is None, len(day.lines_of(desk)), desk.number)
        for desk in day.desks.values()
        if desk.state != "open" and service_line(service) in day.lines_of(desk)
    )
    return min(able, default=(True, 0, None))[-1]


def too_long_to_tell(day: DayState) -> bool:
    """Whether more people wait than any branch ever had."""
    return sum(map(day.lines.length, day.lines.names())) > WAITING_MOST


def _look(
    day: DayState,
    questions: Sequence[Question],
    now_ms: int,
    at_work: tuple[str, ...] = ("open",),
) -> _Found | None:
    desks = [desk for desk in day.desks.values() if desk.state in at_work]
    if not desks or too_long_to_tell(day):
        return None
    known = [one for one in questions if day.experience.knows(one.service)]
    said = forecast(
        _line(day, _by_preference(day, desks), known, now_ms),
        [_open_desk(day, desk.number) for desk in desks],
        _moment(day, now_ms),
        day.experience.learned(now_ms),
    )
    return _Found(dict(said.waits), dict(said.interval_s))


def _by_preference(day: DayState, desks: Sequence[Desk]) -> CallLines:
    """The lines of these counters; a line is as preferred as it is where it is preferred most."""
    best: dict[str, int] = {}
    for desk in desks:
        for level, names in enumerate(day.call_lines(desk).levels):
            for name in names:
                best[name] = min(level, best.get(name, level))
    levels = tuple(
        tuple(name for name, level in best.items() if level == wanted)
        for wanted in sorted(set(best.values()))
    )
    return CallLines(levels, tuple(best))


def _open_desk(day: DayState, number: int) -> OpenDesk:
    desk = day.desks[number]
    lines = frozenset(day.lines_of(desk))
    held = day.tickets[desk.ticket] if desk.ticket is not None else None
    if held is None or not day.experience.knows(held.service):
        return OpenDesk(lines)
    since_ms = held.first_called_at_ms or held.period.started_at_ms
    return OpenDesk(lines, held.service, held.weight, since_ms)


def _moment(day: DayState, now_ms: int) -> Moment:
    hour, began_ms = day.local_hour(now_ms), now_ms - now_ms % HOUR_MS
    hours, zone = day.branch.hours, day.branch.time_zone
    closes_ms = None if hours is None else hours.closes_at_ms(now_ms, zone)
    if hours is None or closes_ms is None or closes_ms <= now_ms:
        return Moment(now_ms, hour, began_ms)
    # Whoever has a number is served, also after the hours; so only the breaks count. One that
    # has begun does not: the counters that are open now are at work in it.
    rests = hours.rest_intervals_ms(now_ms, closes_ms, zone)
    breaks = tuple(one for one in rests if one[0] > now_ms)
    return Moment(now_ms, hour, began_ms, breaks)


def _line(
    day: DayState, call: CallLines, questions: Sequence[Question], now_ms: int
) -> Iterator[InLine]:
    """Everyone in the order of the calls, and each question at the place that it would get."""
    level_of = {name: level for level, names in enumerate(call.levels) for name in names}
    asked = []
    for one in questions:
        level = level_of.get(service_line(one.service), len(call.levels))
        asked.append((level, _place(day, call.levels[: level + 1], one, now_ms), one))
    asked.sort()
    for place, choice in enumerate(line_up(day.lines, day.order, call, now_ms, WAITING_MOST)):
        ticket = day.tickets[choice.ticket]
        level = level_of[ticket.line]
        while asked and _goes_ahead(day, asked[0], choice, ticket, (level, place)):
            yield _question(day, *asked.pop(0))
        if day.experience.knows(ticket.service):
            is_first = ticket.placing == "first"
            until_ms = _overtaken_until_ms(day, level, ticket.rank, placed_first=is_first)
            yield InLine(ticket.id, ticket.service, ticket.line, ticket.weight, until_ms)
    for level, rank, one in asked:
        yield _question(day, level, rank, one)


def _place(day: DayState, levels: Sequence[Sequence[str]], one: Question, now_ms: int) -> Rank:
    """The rank that a ticket would get; with turns, how many are called before it: all of the
    lines before the last level, and those of this level whose turn comes first."""
    service = day.branch.services[one.service]
    if day.discipline.name != "ratio":
        return day.discipline.rank(service, one.priority, now_ms, day.revision + 1)
    before = sum(day.lines.length(name) for names in levels[:-1] for name in names)
    every = [day.lines.classes_of(name) for name in levels[-1]]
    ahead = day.discipline.ahead(
        sum(regular for regular, _ in every),
        sum(priority for _, priority in every),
        is_priority=one.priority != "none",
        runs=day.runs,
    )
    return (before + ahead, 0, 0)


def _goes_ahead(
    day: DayState,
    asked: tuple[int, Rank, Question],
    choice: Choice,
    ticket: Ticket,
    at: tuple[int, int],
) -> bool:
    """Whether who would take a number is called before a ticket of this level and place."""
    level, rank, _ = asked
    if choice.rule in (OVERTAKEN, OVERDUE, PLACED_FIRST):
        return False
    if level != at[0]:
        return level < at[0]
    return rank[0] <= at[1] if day.discipline.name == "ratio" else rank < ticket.rank


def _question(day: DayState, level: int, rank: Rank, one: Question) -> InLine:
    until_ms = _overtaken_until_ms(day, level, rank, placed_first=False)
    return InLine(one.key, one.service, service_line(one.service), one.weight, until_ms, asks=True)


def _overtaken_until_ms(day: DayState, level: int, rank: Rank, *, placed_first: bool) -> int:
    """Until when somebody with priority who comes later goes ahead."""
    if placed_first or day.discipline.name == "first-come":
        return 0
    # Behind a line that is preferred, whoever comes there goes ahead whenever they come.
    if day.discipline.name == "ratio" or level:
        return FAR_MS
    return rank[0] - day.rules.priority_target_wait_s * 1000
