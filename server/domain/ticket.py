"""A ticket, its states, and the only lawful moves between them (law I3)."""

from dataclasses import dataclass, field
from enum import StrEnum

from server.domain.errors import QueueRuleError
from server.domain.events import Rank


class TicketState(StrEnum):
    """Where a visitor is."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    FINISHED = "finished"
    NO_SHOW = "no-show"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


_S = TicketState
OPEN_STATES = frozenset({_S.WAITING, _S.CALLED, _S.SERVING, _S.PARKED})
HELD_STATES = frozenset({_S.CALLED, _S.SERVING})

# From a state to the states that may follow it (protocol.md, Moves).
LAWFUL_MOVES: dict[TicketState, frozenset[TicketState]] = {
    _S.WAITING: frozenset({_S.WAITING, _S.CALLED, _S.CANCELLED, _S.EXPIRED}),
    _S.CALLED: frozenset({_S.CALLED, _S.SERVING, _S.PARKED, _S.WAITING, _S.NO_SHOW, _S.CANCELLED}),
    _S.SERVING: frozenset({_S.SERVING, _S.FINISHED, _S.PARKED, _S.WAITING}),
    _S.PARKED: frozenset({_S.CALLED, _S.WAITING, _S.CANCELLED, _S.EXPIRED}),
    _S.FINISHED: frozenset(),
    _S.NO_SHOW: frozenset({_S.WAITING}),
    _S.CANCELLED: frozenset(),
    _S.EXPIRED: frozenset(),
}


@dataclass(slots=True)
class TicketPeriod:
    """A stretch in one state; open while it has no end. ``ordinal`` counts from 1."""

    ticket: str
    ordinal: int
    state: TicketState
    started_at_ms: int
    ended_at_ms: int | None = None
    counter: int | None = None
    staff: str | None = None
    service: str = ""


@dataclass(slots=True)
class Ticket:
    """One visitor's ticket of today."""

    id: str
    number: str
    series: str
    serial: int
    service: str
    rank: Rank
    link: str
    device: str
    issued_at_ms: int
    # Rises with every ticket and is never changed, unlike the rank: who came first, came first.
    arrival: int = 0
    priority: str = "none"
    needs: tuple[str, ...] = ()
    language: str = "id"
    weight: int = 1
    state: TicketState = TicketState.WAITING
    counter: int | None = None
    staff: str | None = None
    to_counter: int | None = None
    to_staff: str | None = None
    call_count: int = 0
    called_at_ms: int | None = None
    started_at_ms: int | None = None
    ended_at_ms: int | None = None
    valid_until_ms: int | None = None
    requeued: bool = False
    announcement: str | None = None
    print: str = "none"
    job: str | None = None
    copies: int = 0
    printed_at: str | None = None
    outcome: str | None = None
    category: str | None = None
    education: tuple[str, ...] = ()
    note: str = ""
    reason: str | None = None
    promised_s: tuple[int, int] | None = None
    overtakes: int = 0
    period: TicketPeriod = field(init=False)

    def __post_init__(self) -> None:
        self.period = TicketPeriod(self.id, 1, self.state, self.issued_at_ms, service=self.service)

    @property
    def line(self) -> str:
        """The line in which it waits: of a person, of a counter, or of its service."""
        if self.to_staff is not None:
            return f"staff:{self.to_staff}"
        if self.to_counter is not None:
            return f"counter:{self.to_counter}"
        return f"service:{self.service}"

    def demand(self, *states: TicketState) -> None:
        """Refuse a move that only those states allow."""
        if self.state not in states:
            raise QueueRuleError("wrong-state", state=self.state.value, number=self.number)
