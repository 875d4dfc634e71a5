"""The lines in the hall: who waits where, in the order of ranks and in the order of arrival."""

from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from itertools import chain, islice

from sortedcontainers import SortedList

from server.domain.events import Rank
from server.domain.overtaking import OvertakeCounts
from server.domain.ticket import Ticket

Entry = tuple[Rank, str]
Aged = tuple[int, int, str]
"""A ticket by its age: since when it counts as waiting (ms), place of arrival, id."""
Late = tuple[int, int, str]
"""One that was seen overdue: place of arrival, when its target wait was over (ms), id."""


class Line:
    """One line: of a service, a counter or a person. Every step costs O(log n)."""

    def __init__(self) -> None:
        # Who was placed first by a person goes before everyone, whatever the discipline.
        self.front: SortedList[Entry] = SortedList()
        self.regular: SortedList[Entry] = SortedList()
        self.priority: SortedList[Entry] = SortedList()
        # By target wait (ms): all of one list are overdue in the order of its entries. Those who
        # came back or were placed last count from then, which is not the order of arrival, so
        # they have lists of their own; seen overdue they go over to ``late``, by arrival.
        self.aged: dict[int, SortedList[Aged]] = {}
        self.aged_anew: dict[int, SortedList[Aged]] = {}
        self.late: SortedList[Late] = SortedList()
        self.overtakes = OvertakeCounts()
        self.by_arrival: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self.by_arrival)

    def _list_of(self, ticket: Ticket) -> "SortedList[Entry]":
        if ticket.placing == "first":
            return self.front
        return self.regular if ticket.priority == "none" else self.priority

    def _aged_of(self, ticket: Ticket) -> "SortedList[Aged]":
        anew = ticket.waits_since_ms != ticket.issued_at_ms
        return (self.aged_anew if anew else self.aged).setdefault(
            ticket.target_wait_ms, SortedList()
        )

    def join(self, ticket: Ticket) -> None:
        """Put a ticket in."""
        self._list_of(ticket).add((ticket.rank, ticket.id))
        self._aged_of(ticket).add((ticket.waits_since_ms, ticket.ordinal, ticket.id))
        self.overtakes.put(ticket.ordinal, ticket.overtakes)
        self.by_arrival[ticket.ordinal] = ticket.id

    def leave(self, ticket: Ticket) -> None:
        """Take a ticket out; it keeps how often it was overtaken."""
        self._list_of(ticket).remove((ticket.rank, ticket.id))
        self._aged_of(ticket).discard((ticket.waits_since_ms, ticket.ordinal, ticket.id))
        due_ms = ticket.waits_since_ms + ticket.target_wait_ms
        self.late.discard((ticket.ordinal, due_ms, ticket.id))
        ticket.overtakes = self.overtakes.take(ticket.ordinal)
        del self.by_arrival[ticket.ordinal]

    def in_rank(self) -> Iterator[Entry]:
        """Everyone by rank, whatever class."""
        return merge(self.front, self.regular, self.priority)

    def oldest(self) -> str | None:
        """Who came first of those who wait here."""
        place = self.overtakes.first()
        return None if place is None else self.by_arrival[place]

    def overtaken(self, least: int, most: int) -> Iterator[tuple[int, str]]:
        """Who was overtaken so often at least, in the order of arrival, up to so many."""
        place = -1
        for _ in range(most):
            found = self.overtakes.first(least, place)
            if found is None:
                return
            yield found, self.by_arrival[found]
            place = found

    def overdue(self, past_target_ms: int, now_ms: int, most: int) -> Iterator[tuple[int, str]]:
        """Who has waited so long past the target, as place of arrival and id.

        Up to so many per target, and as many of those who came back or were placed last.
        """
        due_until_ms = now_ms - past_target_ms
        for target_ms, aged in self.aged.items():
            for since_ms, ordinal, ticket in islice(aged, most):
                if since_ms + target_ms > due_until_ms:
                    break
                yield ordinal, ticket
        for target_ms, aged in self.aged_anew.items():
            while aged and aged[0][0] + target_ms <= due_until_ms:
                since_ms, ordinal, ticket = aged.pop(0)
                self.late.add((ordinal, since_ms + target_ms, ticket))
        late = ((ordinal, one) for ordinal, due_ms, one in self.late if due_ms <= due_until_ms)
        yield from islice(late, most)

    def waiting_since(self, latest_ms: int) -> Iterator[str]:
        """Who counts as waiting since an instant or longer, and everyone who was seen overdue."""
        for aged in chain(self.aged.values(), self.aged_anew.values()):
            for since_ms, _, ticket in aged:
                if since_ms > latest_ms:
                    break
                yield ticket
        for *_, ticket in self.late:
            yield ticket


class Lines:
    """All lines by name, and what is asked of several together."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}
        # All who wait with a priority, in whatever line.
        self.priority: set[str] = set()
        # Told when a line gets its first ticket (True) or loses its last (False).
        self.on_change: Callable[[str, bool], None] | None = None

    def join(self, ticket: Ticket) -> None:
        """Put a ticket into its line."""
        name = ticket.line
        line = self._lines.get(name)
        if line is None:
            line = self._lines[name] = Line()
        line.join(ticket)
        if ticket.priority != "none":
            self.priority.add(ticket.id)
        if self.on_change is not None and len(line) == 1:
            self.on_change(name, True)

    def leave(self, ticket: Ticket) -> None:
        """Take a ticket out of its line; it must stand there."""
        line = self._lines[ticket.line]
        line.leave(ticket)
        self.priority.discard(ticket.id)
        if self.on_change is not None and not len(line):
            self.on_change(ticket.line, False)

    def several(self, names: Iterable[str]) -> list[Line]:
        """Those of these lines in which somebody waits."""
        lines = self._lines
        return [line for name in names if (line := lines.get(name)) is not None and line.by_arrival]

    def overtakes_of(self, ticket: Ticket) -> int:
        """How often a ticket was overtaken; it may wait or not."""
        line = self._lines.get(ticket.line)
        if line is not None and ticket.ordinal in line.by_arrival:
            return line.overtakes.count(ticket.ordinal)
        return ticket.overtakes

    def overtake(self, names: Iterable[str], ordinal: int) -> None:
        """A later arrival was called: everyone who came before it in these lines is overtaken."""
        for line in self.several(names):
            line.overtakes.add_before(ordinal)

    def forgive(self, ticket: Ticket) -> None:
        """An overtake of a ticket is taken back; it may wait or not."""
        line = self._lines.get(ticket.line)
        if line is not None and ticket.ordinal in line.by_arrival:
            line.overtakes.put(ticket.ordinal, line.overtakes.take(ticket.ordinal) - 1)
        else:
            ticket.overtakes -= 1

    def length(self, name: str) -> int:
        """How many wait in a line."""
        line = self._lines.get(name)
        return 0 if line is None else len(line)

    def oldest(self, name: str) -> str | None:
        """Who came first of those who wait in a line."""
        line = self._lines.get(name)
        return None if line is None else line.oldest()

    def waiting_since(self, latest_ms: int) -> Iterator[str]:
        """Those of all lines who may have waited since an instant or longer."""
        for line in self._lines.values():
            yield from line.waiting_since(latest_ms)

    def classes_ahead(self, ticket: Ticket) -> tuple[int, int, int]:
        """How many stand before a ticket in its line: placed first, regular, priority."""
        line, entry = self._lines[ticket.line], (ticket.rank, ticket.id)
        if ticket.placing == "first":
            return line.front.index(entry), 0, 0
        return len(line.front), line.regular.bisect_left(entry), line.priority.bisect_left(entry)

    def classes_of(self, name: str) -> tuple[int, int]:
        """How many regular and priority tickets wait in a line."""
        line = self._lines.get(name)
        return (0, 0) if line is None else (len(line.regular), len(line.priority))

    def kinds_in_front(self, name: str) -> list[bool]:
        """Whether each of those who were placed first in a line has priority, in their order."""
        line = self._lines.get(name)
        return [] if line is None else [ticket in self.priority for _, ticket in line.front]

    def rank_at(self, name: str, place: int) -> Rank | None:
        """The rank of the ticket at a place (0 is the head, -1 the tail), or None."""
        line = self._lines.get(name)
        if line is None or not -1 <= place < len(line):
            return None
        if place == -1:
            lists = (line.front, line.regular, line.priority)
            tail: Rank | None = max((some[-1][0] for some in lists if some), default=None)
            return tail
        return next(islice(line.in_rank(), place, None))[0]

    def tickets(self, name: str) -> list[str]:
        """Everyone of a line by rank."""
        line = self._lines.get(name)
        return [] if line is None else [ticket for _, ticket in line.in_rank()]

    def names(self) -> Iterator[str]:
        """The lines that have ever been stood in."""
        return iter(self._lines)
