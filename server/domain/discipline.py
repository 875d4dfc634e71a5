"""Who is next among those who may be called. A discipline is one class here.

It gives each ticket a rank when it joins a line (the least is first), and says how the regular
and the priority tickets of a line take turns. The promise that nobody starves stands above every
discipline, in ``selection``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import chain
from typing import Protocol

from server.domain.branch import Rules, Service
from server.domain.events import Rank
from server.domain.lines import Entry

DAY_MS = 86_400_000

Turn = tuple[Entry, str]
"""An entry and the code of the rule by which it is its turn."""


@dataclass(slots=True)
class Runs:
    """Calls in a row, of the whole branch: since the last of the other kind.

    ``regular`` counts only those that were made while a priority ticket waited.
    """

    priority: int = 0
    regular: int = 0

    def after(self, *, priority: bool, priority_waits: bool) -> "Runs":
        """The runs when one more was called."""
        if priority:
            return Runs(self.priority + 1)
        return Runs(0, self.regular + priority_waits)


def target_wait_s(rules: Rules, service: Service, priority: str) -> int:
    """So long a visitor of this service and priority class should wait at most."""
    if priority == "urgent":
        return 0
    if priority == "none":
        return service.target_wait_s
    return min(service.target_wait_s, rules.priority_target_wait_s)


class QueueDiscipline(Protocol):
    """The order of lines, as a strategy.

    ``takes_turns``: whether priority and regular tickets take turns, over the whole branch; then
    the turn comes before what a counter prefers.
    """

    name: str
    takes_turns: bool

    def rank(self, service: Service, priority: str, arrived_at_ms: int, order: int) -> Rank:
        """The place of a ticket; ``order`` breaks ties and rises with every ticket."""
        ...

    def turns(
        self, regular: Iterable[Entry], priority: Iterable[Entry], runs: Runs
    ) -> Iterator[Turn]:
        """All of both kinds, each in the order of ranks, as they would be called."""
        ...

    def ahead(self, regular: int, priority: int, *, is_priority: bool, runs: Runs) -> int:
        """How many are called before a ticket with so many of each kind ranked before it.

        Of the other kind it is how many wait in all where the kinds take turns.
        """
        ...


class _ByRankAlone:
    """Both kinds stand in one order."""

    name = ""
    takes_turns = False

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def turns(
        self, regular: Iterable[Entry], priority: Iterable[Entry], runs: Runs
    ) -> Iterator[Turn]:
        rule = self.name
        return ((entry, rule) for entry in merge(regular, priority))

    def ahead(self, regular: int, priority: int, *, is_priority: bool, runs: Runs) -> int:
        return regular + priority


class FirstComeFirstServed(_ByRankAlone):
    """By arrival alone."""

    name = "first-come"

    def rank(self, service: Service, priority: str, arrived_at_ms: int, order: int) -> Rank:
        return (arrived_at_ms, order, 0)


class EarliestDueFirst(_ByRankAlone):
    """By the instant at which the visitor should have been called.

    Due is arrival plus the target wait of the service, or of the priority class where that is
    shorter; so priority goes ahead by minutes, and nobody can be overtaken for ever.
    """

    name = "due-time"

    def rank(self, service: Service, priority: str, arrived_at_ms: int, order: int) -> Rank:
        return (arrived_at_ms + target_wait_s(self._rules, service, priority) * 1000, order, 0)


class InTurns(_ByRankAlone):
    """Priority and regular tickets take turns, each by arrival.

    At most ``priority_in_a_row`` priority calls in a row, then at most ``regular_in_a_row``
    regular ones while a priority ticket waits, counted over the whole branch: two counters do
    not each begin a cycle. Where one kind is missing the other goes on.
    """

    name = "ratio"
    takes_turns = True

    def rank(self, service: Service, priority: str, arrived_at_ms: int, order: int) -> Rank:
        # Urgent ones first among the priority tickets; they still take turns with the regular.
        return (arrived_at_ms - DAY_MS if priority == "urgent" else arrived_at_ms, order, 0)

    def priority_is_due(self, runs: Runs) -> bool:
        """Whether it is the turn of a priority ticket."""
        if runs.regular:
            return runs.regular >= self._rules.regular_in_a_row
        return runs.priority < self._rules.priority_in_a_row

    def turns(
        self, regular: Iterable[Entry], priority: Iterable[Entry], runs: Runs
    ) -> Iterator[Turn]:
        regulars, priorities = iter(regular), iter(priority)
        for one in priorities:
            while not self.priority_is_due(runs):
                other = next(regulars, None)
                if other is None:
                    break
                yield other, "regular-turn"
                runs = runs.after(priority=False, priority_waits=True)
            yield one, "priority-turn"
            runs = runs.after(priority=True, priority_waits=True)
        yield from ((other, "regular-turn") for other in chain(regulars))

    def ahead(self, regular: int, priority: int, *, is_priority: bool, runs: Runs) -> int:
        row, other_row = self._rules.regular_in_a_row, self._rules.priority_in_a_row
        priority_first = self.priority_is_due(runs)
        left = other_row - runs.priority if priority_first else row - runs.regular
        if is_priority:
            row, other_row = other_row, row
        mine = priority if is_priority else regular
        if is_priority == priority_first:
            # My kind's turn goes on for ``left`` more (a row at most), then the other has its row.
            before = (1 + (mine - left) // row) * other_row
        else:
            before = left + mine // row * other_row
        return mine + min(before, regular if is_priority else priority)


DISCIPLINES: dict[str, type[FirstComeFirstServed | InTurns | EarliestDueFirst]] = {
    one.name: one for one in (FirstComeFirstServed, InTurns, EarliestDueFirst)
}
"""Name in the settings and on the wire to discipline."""


def discipline_of(rules: Rules) -> QueueDiscipline:
    """The discipline that the branch chose."""
    return DISCIPLINES[rules.discipline](rules)
