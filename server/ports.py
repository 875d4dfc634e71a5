"""What the server needs from outside: the clock, ids and secrets. Adapters fill them."""

from typing import Protocol

from server.domain.closing import PastDay
from server.domain.correcting import TicketRecord


class Clock(Protocol):
    """The instant, in milliseconds since 1970-01-01 UTC; it never goes back."""

    def now_ms(self) -> int: ...


class Ids(Protocol):
    """New identifiers."""

    def new_id(self) -> str:
        """A UUID whose order is that of its making (RFC 9562, version 7)."""
        ...

    def new_secret(self) -> str:
        """128 bits that nobody can guess, fit for an address."""
        ...


class Records(Protocol):
    """What is on the disk of earlier days; asked in the lane, and therefore seldom."""

    def past_day(self, business_date: str) -> PastDay | None:
        """A day that was opened, and who signed its close; None: there was none."""
        ...

    def past_ticket(self, ticket: str) -> TicketRecord | None:
        """The newest version of a ticket's record; None: there is no such ticket."""
        ...
