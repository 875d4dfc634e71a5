"""What a handler of a query gets and gives."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from db.door_facts import DoorFacts
from protocol.identifiers import Identifier
from protocol.roles import DeviceRole
from server.domain.branch_day import BranchDay
from server.domain.events import Recorded
from server.domain.hall_door import Complaint, Screening
from server.domain.hall_sessions import WebSession
from server.domain.ticket import TicketPeriod
from server.membership import LookedUp
from server.ports import SealedRecord, Sealer


class Archive(Protocol):
    """What lies on the disk and is not kept in the day; slow, and read in a thread."""

    def ticket_events(self, ticket_id: str, business_date: str) -> list[Recorded]: ...

    def ticket_periods(self, ticket_id: str, business_date: str) -> list[TicketPeriod]: ...

    def events_after_its_day(self, ticket_id: str, business_date: str) -> list[Recorded]: ...

    def past_screening(self, screening: str | None, ticket: str | None) -> Screening | None: ...

    def sealed(self, record_id: str) -> SealedRecord | None: ...

    def door_facts(self, business_date: str) -> DoorFacts: ...

    def complaints(
        self, which: str, now_ms: int, most: int | None = None
    ) -> tuple[list[tuple[Complaint, str | None]], int]: ...


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a query may look at: the day as the disk has it, who asks, when, the branch's key."""

    day: BranchDay
    role: DeviceRole
    now_ms: int
    sealer: Sealer
    device: str = ""
    # For whom the pages ask.
    session: WebSession | None = None


Fields = dict[str, Any]
"""The answer's fields."""

Reading = Callable[[Archive], Fields]
"""What has yet to be read from the disk; it runs in a thread, where the day must not be touched."""


@dataclass(frozen=True, slots=True)
class MemberSearch:
    """Whom the membership directory is to be asked for, and what to answer then."""

    identifier: Identifier
    on: date
    answer: Callable[[LookedUp], Fields]


QueryHandler = Callable[[Any, Inquiry], Fields | Reading | MemberSearch]
"""Answers at once, or says what to read or whom to look up; it refuses with QueueRuleError."""
