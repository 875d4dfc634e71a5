"""Who is next. A discipline gives each ticket a rank when it joins a line; the least is first.

A rank is fixed when the ticket joins, so that who is next costs O(log n) and two counters that
look at the same line see the same order.
"""

from typing import Protocol

from server.domain.branch import Rules, Service
from server.domain.events import Rank


class QueueDiscipline(Protocol):
    """The order of a line, as a strategy of one method."""

    def rank(self, service: Service, priority: str, arrived_at_ms: int, order: int) -> Rank:
        """The place of a ticket; ``order`` breaks ties and rises with every ticket."""
        ...


class FirstComeFirstServed:
    """By arrival alone."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def rank(self, service: Service, priority: str, arrived_at_ms: int, order: int) -> Rank:
        return (arrived_at_ms, order, 0)


class EarliestDueFirst:
    """By the instant at which the visitor should have been called.

    Due is arrival plus the target wait of the service, or of the priority class where that is
    shorter; so priority goes ahead by minutes, and nobody can be overtaken for ever.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def rank(self, service: Service, priority: str, arrived_at_ms: int, order: int) -> Rank:
        target_s = service.target_wait_s
        if priority == "urgent":
            target_s = 0
        elif priority != "none":
            target_s = min(target_s, self._rules.priority_target_wait_s)
        return (arrived_at_ms + target_s * 1000, order, 0)


DISCIPLINES: dict[str, type[FirstComeFirstServed] | type[EarliestDueFirst]] = {
    "first-come": FirstComeFirstServed,
    "due-time": EarliestDueFirst,
}


def discipline_of(rules: Rules) -> QueueDiscipline:
    """The discipline that the branch chose."""
    return DISCIPLINES[rules.discipline](rules)
