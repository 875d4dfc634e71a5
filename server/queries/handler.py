"""What a handler of a query gets and gives."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from protocol.roles import DeviceRole
from server.domain.branch_day import BranchDay
from server.domain.events import Recorded


class Archive(Protocol):
    """What lies on the disk and is not kept in the day; slow, and read in a thread."""

    def ticket_events(self, ticket_id: str, business_date: str) -> list[Recorded]: ...


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a query may look at: the day as the disk has it, who asks, and when."""

    day: BranchDay
    role: DeviceRole
    now_ms: int


Fields = dict[str, Any]
"""The answer's fields."""

Reading = Callable[[Archive], Fields]
"""What has yet to be read from the disk; it runs in a thread, where the day must not be touched."""

QueryHandler = Callable[[Any, Inquiry], Fields | Reading]
"""Answers a query at once, or says what to read; it refuses with QueueRuleError."""
