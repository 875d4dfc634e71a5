"""What stands in the hall today: seats, desks, papers asked for and calls made."""

from dataclasses import dataclass, field

from server.domain.changes import CounterPeriod


@dataclass(slots=True)
class Seat:
    """Who sits at a device, and at which counter."""

    device: str
    staff: str
    name: str
    role: str
    counter: int | None


@dataclass(slots=True)
class Desk:
    """A counter today: its state, who sits there, and the one ticket that it holds (law I4)."""

    number: int
    state: str = "closed"
    since_ms: int | None = None
    reason: str | None = None
    device: str | None = None
    staff: str | None = None
    ticket: str | None = None
    last_finished: str | None = None
    finished_count: int = 0
    service_time_ms: int = 0
    period: CounterPeriod | None = None


@dataclass(slots=True)
class PrintJob:
    """A paper that a kiosk was asked for."""

    job: str
    ticket: str
    kiosk: str
    copy: int
    asked_at_ms: int
    outcome: str = "pending"


@dataclass(slots=True)
class CallNotice:
    """An announcement of today; ``confirmed`` is kept while the ticket is called."""

    announcement: str
    ticket: str
    counter: int
    call_count: int
    expires_at_ms: int
    confirmed: dict[str, str] = field(default_factory=dict)
