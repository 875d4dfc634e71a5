"""What the server needs from outside: the clock, ids and secrets. Adapters fill them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from server.domain.closing import PastDay
from server.domain.correcting import TicketRecord
from server.domain.merging import OnDisk, Place


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

    def new_code(self) -> str:
        """Six digits that nobody can guess, to be typed by a person; they may come again."""
        ...


class Records(Protocol):
    """What is on the disk of earlier days; asked in the lane, and therefore seldom."""

    def past_day(self, business_date: str) -> PastDay | None:
        """A day that was opened, and who signed its close; None: there was none."""
        ...

    def past_ticket(self, ticket: str) -> TicketRecord | None:
        """The newest version of a ticket's record; None: there is no such ticket."""
        ...

    def sealed(self, record_id: str) -> "SealedRecord | None":
        """What stands under seal; None: there is none, or its time was over."""
        ...

    def told_of(self, record_id: str) -> bool:
        """Whether the history has a screening or a complaint of this id, kept or erased."""
        ...

    def visits_before(self, fingerprint: bytes, since_ms: int) -> int:
        """How often a person was screened since an instant."""
        ...

    def offline_on_disk(self, tickets: Collection[str], places: Collection[Place]) -> OnDisk:
        """What is known of tickets that a kiosk says to have given, and who has their numbers."""
        ...


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """What is personal, under seal: ``kind`` is screening, guest or complaint.

    ``fingerprint`` is the keyed hash of who it is about, if anybody said so.
    """

    id: str
    kind: str
    business_date: str
    at_ms: int
    fingerprint: bytes | None
    sealed: bytes
    erase_at_ms: int


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is erased for good: all that is due at ``until_ms``, and what is named.

    ``members`` are the fingerprints of people of the imported list.
    """

    until_ms: int | None = None
    records: Sequence[str] = ()
    members: Sequence[bytes] = ()


class Sealer(Protocol):
    """The branch's key: seals what is personal, and knows a person again without a name."""

    def seal(self, kind: str, record_id: str, fields: Mapping[str, str]) -> bytes:
        """The fields under seal, bound to this record."""
        ...

    def open(self, kind: str, record_id: str, sealed: bytes) -> dict[str, str]:
        """The fields again; raises SealBrokenError when key, record or bytes are others."""
        ...

    def fingerprint(self, kind: str, value: str) -> bytes:
        """32 bytes that are the same for the same person, and say nothing without the key."""
        ...


class SecondStep(Protocol):
    """The codes of a person's phone."""

    def step_of(self, secret: str, code: str, now_ms: int) -> int | None:
        """The time step that a code is of, near now; None: it is no code of this secret."""
        ...


class NoSecondStep:
    """Where nobody signs in with a browser: no code is right."""

    def step_of(self, secret: str, code: str, now_ms: int) -> int | None:
        """None of them."""
        return None


class SealBrokenError(Exception):
    """The seal does not open: another key, another record, or changed bytes."""
