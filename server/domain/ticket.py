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
class Stand:
    """A stretch in one line, measured in calls of the day: from the first that may overtake it
    to the first that may not (None: it still stands there)."""

    line: str
    from_call: int
    to_call: int | None = None


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
    # When a transfer to a counter or a person is over, if nobody has called it by then.
    falls_back_at_ms: int | None = None
    call_count: int = 0
    # Of this turn at a counter; a later turn counts its calls anew.
    first_called_at_ms: int | None = None
    called_at_ms: int | None = None
    started_at_ms: int | None = None
    ended_at_ms: int | None = None
    valid_until_ms: int | None = None
    requeues: int = 0
    parked_at_ms: int | None = None
    parked_by_counter: int | None = None
    alarm_at_ms: int | None = None
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
    # Why it took a counter: an administrative matter, or a system that was disturbed.
    cause: str | None = None
    # The screening at the door that it came from.
    screening: str | None = None
    # The place booked from home that it came of.
    booking: str | None = None
    # Given by a kiosk without a link.
    offline: bool = False
    promised_s: tuple[int, int] | None = None
    expected_wait_s: int | None = None
    # Place of arrival in the day, rising; ``server.domain.arriving`` may give all of them anew.
    ordinal: int = 0
    # How it got its place in the line: ``arrival``, or by a person ``first`` or ``last``, or
    # ``grace`` after a missed call.
    placing: str = "arrival"
    # From when the promise counts: the issue, or when it came back or was placed last.
    waits_since_ms: int = 0
    target_wait_ms: int = 0
    # While it waits its line counts on; ask ``Lines.overtakes_of``.
    overtakes: int = 0
    stands: list[Stand] = field(default_factory=list)
    # Rises with each move, so that an undo sees whether somebody else moved it since.
    moves: int = 0
    period: TicketPeriod = field(init=False)

    def __post_init__(self) -> None:
        self.waits_since_ms = self.waits_since_ms or self.issued_at_ms
        self.period = TicketPeriod(self.id, 1, self.state, self.issued_at_ms, service=self.service)

    @property
    def requeued(self) -> bool:
        """Whether it came back after a missed call."""
        return self.requeues > 0

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
