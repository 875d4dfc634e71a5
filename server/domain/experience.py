"""What a branch has learned about waiting: from past days, and from each visitor of today."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from server.domain.branch import Branch
from server.domain.outlook import Learned
from server.domain.promises import Accuracy, Promise
from server.domain.service_times import HOUR_S, NoShows, ServiceTimes
from server.domain.skills import service_line
from server.domain.ticket import Ticket

# Arrivals with priority in an hour are measured over this long at least.
PRIORITY_S_LEAST = HOUR_S


@dataclass(frozen=True, slots=True)
class PastDays:
    """What past days taught, as sums.

    ``occupancy``: service, local hour of the call, how many visitors, the sum of the seconds from
    call to finish and the sum of their squares, of one person. ``promises``: range in seconds
    and the wait that came of it, oldest first.
    """

    occupancy: Sequence[tuple[str, int, float, float, float]] = ()
    called: float = 0.0
    missed: float = 0.0
    missed_total_s: float = 0.0
    promises: Sequence[tuple[int, int, float]] = ()


class Experience:
    """All that the estimate stands on; a restart learns the same again from the day's events."""

    def __init__(self, branch: Branch, past: PastDays) -> None:
        targets_s = {code: one.target_service_s for code, one in branch.services.items()}
        self.past = past
        self.times = ServiceTimes(targets_s)
        self.no_shows = NoShows()
        self.accuracy = Accuracy()
        self._known = frozenset(targets_s)
        self._priority: dict[str, int] = {}
        # Lessons of moves that may still be taken back: counter, event, instant, what to learn.
        self._fresh: deque[tuple[int, int, int, Callable[[], object]]] = deque()
        self._first_issue_ms: int | None = None
        for service, hour, count, total_s, squares in past.occupancy:
            if service in self._known:
                self.times.load(service, hour, count, total_s, squares)
        self.no_shows.load(past.called, past.missed, past.missed_total_s)
        for from_s, to_s, waited_s in past.promises:
            self.accuracy.called(Promise(from_s, to_s, (from_s + to_s) / 2), waited_s)
        self.accuracy.new_day()

    def await_undo(self, counter: int, seq: int, at_ms: int, lesson: Callable[[], object]) -> None:
        """Learn this once the counter may take its move back no more."""
        self._fresh.append((counter, seq, at_ms, lesson))

    def settle(self, before_ms: int) -> None:
        """Learn what happened before an instant and was not taken back."""
        while self._fresh and self._fresh[0][2] < before_ms:
            self._fresh.popleft()[3]()

    def unlearn(self, counter: int, from_seq: int) -> None:
        """A counter took back what it did in these events."""
        kept = [one for one in self._fresh if one[0] != counter or one[1] < from_seq]
        self._fresh = deque(kept)

    def issued(self, service: str, priority: str, at_ms: int) -> None:
        """Somebody took a number."""
        if self._first_issue_ms is None:
            self._first_issue_ms = at_ms
        if priority != "none":
            self._priority[service] = self._priority.get(service, 0) + 1

    def called_first(self, ticket: Ticket, at_ms: int) -> None:
        """A ticket was called for the first time: its promise was kept or not."""
        if (promise := _promise_of(ticket)) is not None:
            self.accuracy.called(promise, (at_ms - ticket.issued_at_ms) / 1000)

    def left(self, ticket: Ticket, at_ms: int) -> None:
        """Somebody went home who was never called."""
        promise = _promise_of(ticket)
        if promise is not None and ticket.first_called_at_ms is None:
            self.accuracy.left(promise, (at_ms - ticket.issued_at_ms) / 1000)

    def served(self, ticket: Ticket, hour: int, at_ms: int) -> None:
        """An errand is done; it took from the call, or from the errand before it."""
        if ticket.service in self._known and ticket.first_called_at_ms is not None:
            seconds = (at_ms - ticket.first_called_at_ms) / 1000
            self.times.learn(ticket.service, hour, seconds, ticket.weight)

    def missed(self, ticket: Ticket, at_ms: int) -> None:
        """Nobody came for a number."""
        if ticket.first_called_at_ms is not None:
            self.no_shows.missed((at_ms - ticket.first_called_at_ms) / 1000)

    def came(self) -> None:
        """A visitor came to the counter."""
        self.no_shows.came()

    def knows(self, service: str) -> bool:
        """Whether the catalogue still has this service."""
        return service in self._known

    def learned(self, now_ms: int) -> Learned:
        """All of it, as the estimate takes it."""
        since_s = (now_ms - (self._first_issue_ms or now_ms)) / 1000
        hours = max(since_s, PRIORITY_S_LEAST) / HOUR_S
        return Learned(
            self.times,
            self.no_shows,
            self.accuracy,
            overtakers_per_hour={
                service_line(code): count / hours for code, count in self._priority.items()
            },
        )


def _promise_of(ticket: Ticket) -> Promise | None:
    if ticket.promised_s is None:
        return None
    from_s, to_s = ticket.promised_s
    expected_s = ticket.expected_wait_s
    return Promise(from_s, to_s, (from_s + to_s) / 2 if expected_s is None else expected_s)
