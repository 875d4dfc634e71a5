"""What stands in the hall today: seats, desks, papers asked for and calls made."""

from dataclasses import dataclass, field

from server.domain.changes import CounterPeriod
from server.domain.ticket import Ticket


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
    # Since when it is open and holds nobody; None while it is not, or does.
    free_since_ms: int | None = None

    @property
    def activity(self) -> str:
        """What it does while it is open (``server.domain.attendance``), else empty."""
        return self.period.activity if self.period is not None else ""


@dataclass(slots=True)
class PrintJob:
    """A paper that a kiosk was asked for."""

    job: str
    ticket: str
    kiosk: str
    copy: int
    asked_at_ms: int
    outcome: str = "pending"
    # The kiosk made it by itself, so it is not asked for.
    by_itself: bool = False


@dataclass(slots=True)
class CallMade:
    """A call of today, as the question of who overtook whom needs it.

    ``lines`` are those that the counter might have called from. ``counted`` is false for calls
    that are listed only: of a chosen ticket, a parked one, or one that was placed first.
    """

    ticket: str
    ordinal: int
    counter: int
    at_ms: int
    rule: str
    lines: tuple[str, ...]
    counted: bool
    by_rule: bool
    priority: bool
    priority_waited: bool
    undone: bool = False


@dataclass(slots=True)
class CallNotice:
    """An announcement of today; ``confirmed`` is kept while the ticket is called."""

    announcement: str
    ticket: str
    counter: int
    call_count: int
    expires_at_ms: int
    confirmed: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class UndoNote:
    """The last move of a counter: its tickets as they were before, and how they stand after.

    ``call_index`` is the call of the next ticket that the same command made.
    """

    seq: int
    at_ms: int
    command: str | None
    event: str
    ticket: Ticket
    last_finished: str | None
    finished_count: int
    service_time_ms: int
    moves: int = 0
    called: Ticket | None = None
    call_index: int | None = None

    @property
    def tickets(self) -> tuple[Ticket, ...]:
        """Its tickets as they were."""
        return (self.ticket,) if self.called is None else (self.ticket, self.called)
