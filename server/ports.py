"""What the server needs from outside: the clock, ids and secrets. Adapters fill them."""

from typing import Protocol


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
