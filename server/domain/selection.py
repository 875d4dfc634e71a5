"""Who is next, and who after that: the promise first, then who was placed first, then the
discipline.

The promise: an overtake of a ticket is a ``CallNext`` by a counter that may serve it and calls a
later arrival. Once a counter may serve a ticket that was overtaken ``rules.overtakes_most``
times, or that has waited ``rules.overdue_s`` past its target, the oldest such ticket is next.
Calls of a chosen ticket, of one that was placed first, and of a parked one do not count.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import chain

from server.domain.branch import Rules
from server.domain.discipline import QueueDiscipline, Runs
from server.domain.lines import Entry, Line, Lines
from server.domain.skills import CallLines

OVERTAKEN, OVERDUE, PLACED_FIRST = "overtaken", "overdue", "placed-first"
"""Rules above the discipline; the others are what ``QueueDiscipline.turns`` says."""

CHOSEN, RESUMED = "chosen", "resumed"
"""Calls that no rule chose."""

PROMISED = frozenset({OVERTAKEN, OVERDUE})


@dataclass(frozen=True, slots=True)
class Choice:
    """A ticket, the code of the rule by which it is next, and whether this is a help."""

    ticket: str
    rule: str
    helping: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """By what is chosen."""

    rules: Rules
    discipline: QueueDiscipline
    runs: Runs


def line_up(
    lines: Lines, order: Order, call: CallLines, now_ms: int, most: int
) -> Iterator[Choice]:
    """Those who would be called one after the other, up to ``most`` for each reason.

    The first costs O(log n) with ``most`` = 1. Later ones are right as long as nobody joins,
    time stands still, and none of these calls makes somebody else the most overtaken.
    """
    told: set[str] = set()
    runs = order.runs

    def tell(ticket: str, rule: str) -> Choice:
        """One more who would be called; the next turns begin behind this call."""
        nonlocal runs
        # Whether a priority ticket waits matters only while one of those still to come is one.
        runs = runs.after(priority=ticket in lines.priority, priority_waits=True)
        return Choice(ticket, rule)

    every = lines.several(call.every)
    for ticket, rule in promised(every, order.rules, now_ms, most):
        if ticket not in told:
            told.add(ticket)
            yield tell(ticket, rule)
    for _, ticket in merge(*(line.front for line in every if line.front)):
        if ticket not in told:
            yield tell(ticket, PLACED_FIRST)
    levels = [every if len(call.levels) == 1 else lines.several(names) for names in call.levels]
    regulars: list[Iterable[Entry]] = [
        merge(*(line.regular for line in level if line.regular)) for level in levels
    ]
    priorities: list[Iterable[Entry]] = [
        merge(*(line.priority for line in level if line.priority)) for level in levels
    ]
    if order.discipline.takes_turns:
        # Whose turn it is comes first, over all lines of the counter; then what it prefers.
        regulars, priorities = [chain(*regulars)], [chain(*priorities)]
    for regular, priority in zip(regulars, priorities, strict=True):
        for (_, ticket), rule in order.discipline.turns(
            _without(regular, told), _without(priority, told), runs
        ):
            yield tell(ticket, rule)


def promised(lines: list[Line], rules: Rules, now_ms: int, most: int) -> Iterator[tuple[str, str]]:
    """Whom the promise puts first, in the order of arrival."""
    past_ms = rules.overdue_s * 1000
    found: list[tuple[int, str, str]] = []
    for line in lines:
        found += ((at, one, OVERTAKEN) for at, one in line.overtaken(rules.overtakes_most, most))
        found += ((at, one, OVERDUE) for at, one in line.overdue(past_ms, now_ms, most))
    # Of two reasons for one ticket the overtakes are told: they are what others did.
    found.sort(key=lambda one: (one[0], one[2] != OVERTAKEN))
    return ((ticket, rule) for _, ticket, rule in found)


def _without(entries: Iterable[Entry], told: set[str]) -> Iterable[Entry]:
    return (entry for entry in entries if entry[1] not in told)


def choose(lines: Lines, order: Order, call: CallLines, now_ms: int) -> Choice | None:
    """Who is next in these lines, in O(log n)."""
    return next(line_up(lines, order, call, now_ms, 1), None)
