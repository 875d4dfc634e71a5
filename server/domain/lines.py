"""The lines in the hall: waiting tickets in the order of their ranks."""

from collections.abc import Iterable, Iterator

from sortedcontainers import SortedList

from server.domain.events import Rank
from server.domain.ticket import Ticket

Entry = tuple[Rank, str]


class Lines:
    """One sorted line per service, counter or person; every step costs O(log n)."""

    def __init__(self) -> None:
        self._lines: dict[str, SortedList[Entry]] = {}

    def join(self, ticket: Ticket) -> None:
        """Put a ticket into its line."""
        line = self._lines.get(ticket.line)
        if line is None:
            line = self._lines[ticket.line] = SortedList()
        line.add((ticket.rank, ticket.id))

    def leave(self, ticket: Ticket) -> None:
        """Take a ticket out of its line; it must stand there."""
        self._lines[ticket.line].remove((ticket.rank, ticket.id))

    def first_of(self, names: Iterable[str]) -> str | None:
        """The ticket that is next in any of these lines."""
        heads = [line[0] for name in names if (line := self._lines.get(name))]
        return min(heads)[1] if heads else None

    def ahead_of(self, ticket: Ticket) -> int:
        """How many stand before this ticket in its line."""
        place: int = self._lines[ticket.line].index((ticket.rank, ticket.id))
        return place

    def length(self, name: str) -> int:
        """How many wait in a line."""
        return len(self._lines.get(name, ()))

    def rank_at(self, name: str, place: int) -> Rank | None:
        """The rank of the ticket at a place (0 is the head, -1 the tail), or None."""
        line = self._lines.get(name)
        if not line or not -len(line) <= place < len(line):
            return None
        rank: Rank = line[place][0]
        return rank

    def in_order(self, names: Iterable[str], most: int) -> list[str]:
        """The first tickets of several lines together, next first."""
        heads: list[Entry] = []
        for name in names:
            heads.extend(self._lines.get(name, ())[:most] if self._lines.get(name) else ())
        heads.sort()
        return [ticket for _, ticket in heads[:most]]

    def names(self) -> Iterator[str]:
        """The lines that have ever been stood in."""
        return iter(self._lines)
