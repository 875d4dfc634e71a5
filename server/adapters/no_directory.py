"""No directory: the officer looks people up in the office's own program and ticks the status."""

from datetime import date

from protocol.identifiers import Identifier, IdentifierKind
from server.membership import Member, NotFound, Source


class NoDirectory:
    """Knows no kind of number, so that nobody waits for it."""

    source: Source = "none"
    kinds: frozenset[IdentifierKind] = frozenset()

    async def find(self, identifier: Identifier, on: date) -> Member | NotFound:
        """Nobody."""
        return NotFound()

    async def close(self) -> None:
        """Nothing was open."""
