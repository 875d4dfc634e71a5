"""What happened: the facts from which a branch day can be told again at any time.

Each is written once and never changed, so a field may be added here with a default but never
renamed. Instants end in ``_ms``: milliseconds since 1970-01-01 UTC.
"""

from msgspec import Struct

Rank = tuple[int, int, int]
"""A place in a line: due instant (ms), order of issue, order among those put at one place."""


class Event(Struct, tag=True, tag_field="type", frozen=True, kw_only=True, omit_defaults=True):
    """What every event has: nothing but its name."""


class DayOpened(Event, kw_only=True, frozen=True):
    """A business day begins; numbers start again."""

    business_date: str


class DayClosed(Event, kw_only=True, frozen=True):
    """The business day is over: nothing of it is open any more."""

    business_date: str


class StaffSignedIn(Event, kw_only=True, frozen=True):
    """A person sat down at a device."""

    device: str
    staff: str
    name: str
    role: str
    counter: int | None = None


class StaffSignedOut(Event, kw_only=True, frozen=True):
    """A person got up; ``reason`` is asked, elsewhere, replaced, idle, day-closed or
    disabled."""

    device: str
    staff: str
    reason: str


class CounterOpened(Event, kw_only=True, frozen=True):
    """A counter serves."""

    counter: int
    staff: str


class CounterPaused(Event, kw_only=True, frozen=True):
    """A counter rests."""

    counter: int
    staff: str
    reason: str


class CounterClosed(Event, kw_only=True, frozen=True):
    """A counter serves no more."""

    counter: int
    staff: str | None = None


class TicketIssued(Event, kw_only=True, frozen=True):
    """Somebody took a number and waits from now on, with or without paper."""

    ticket: str
    number: str
    series: str
    serial: int
    service: str
    rank: Rank
    link: str
    device: str
    priority: str = "none"
    needs: list[str] = []
    language: str = "id"
    weight: int = 1
    staff: str | None = None
    job: str | None = None
    print_at: str | None = None


class PrintRecorded(Event, kw_only=True, frozen=True):
    """A kiosk said what became of a paper."""

    ticket: str
    job: str
    outcome: str


class TicketReprinted(Event, kw_only=True, frozen=True):
    """The paper was asked for once more."""

    ticket: str
    job: str
    copy: int
    print_at: str


class TicketCalled(Event, kw_only=True, frozen=True):
    """A number was called to a counter; ``chosen`` when the counter picked it itself."""

    ticket: str
    counter: int
    staff: str
    announcement: str
    expires_at_ms: int
    chosen: bool = False


class TicketRecalled(Event, kw_only=True, frozen=True):
    """The same number was called again."""

    ticket: str
    counter: int
    staff: str
    announcement: str
    expires_at_ms: int


class ServiceStarted(Event, kw_only=True, frozen=True):
    """The visitor came; ``implied`` when only the finish was said."""

    ticket: str
    counter: int
    staff: str
    implied: bool = False


class ServiceFinished(Event, kw_only=True, frozen=True):
    """The visitor was served."""

    ticket: str
    outcome: str
    counter: int | None = None
    staff: str | None = None
    category: str | None = None
    education: list[str] = []
    note: str = ""


class NoShowRecorded(Event, kw_only=True, frozen=True):
    """Nobody came for the number; it may come back until ``valid_until_ms``."""

    ticket: str
    valid_until_ms: int
    counter: int | None = None
    staff: str | None = None


class TicketRequeued(Event, kw_only=True, frozen=True):
    """A visitor who missed the call came back in time."""

    ticket: str
    rank: Rank
    staff: str


class TicketTransferred(Event, kw_only=True, frozen=True):
    """A visitor was handed on: to a service, a counter or a person."""

    ticket: str
    rank: Rank
    position: str
    service: str
    staff: str
    counter: int | None = None
    to_staff: str | None = None
    note: str = ""


class TicketParked(Event, kw_only=True, frozen=True):
    """A ticket was put aside."""

    ticket: str
    counter: int
    staff: str
    reason: str
    alarm_at_ms: int | None = None


class TicketResumed(Event, kw_only=True, frozen=True):
    """A parked ticket was called back."""

    ticket: str
    counter: int
    staff: str
    announcement: str
    expires_at_ms: int


class TicketTakenAlong(Event, kw_only=True, frozen=True):
    """A person moved to another counter with the running ticket."""

    ticket: str
    counter: int
    staff: str


class TicketCancelled(Event, kw_only=True, frozen=True):
    """The visitor does not want to be served any more."""

    ticket: str
    reason: str
    device: str
    staff: str | None = None


class TicketExpired(Event, kw_only=True, frozen=True):
    """The day ended before the ticket was called."""

    ticket: str


class AnnouncementConfirmed(Event, kw_only=True, frozen=True):
    """A display said what became of an announcement."""

    announcement: str
    device: str
    outcome: str


class ServiceRated(Event, kw_only=True, frozen=True):
    """A visitor rated the service, 1 to 4."""

    ticket: str
    score: int
    device: str
    reasons: list[str] = []


AnyEvent = (
    DayOpened
    | DayClosed
    | StaffSignedIn
    | StaffSignedOut
    | CounterOpened
    | CounterPaused
    | CounterClosed
    | TicketIssued
    | PrintRecorded
    | TicketReprinted
    | TicketCalled
    | TicketRecalled
    | ServiceStarted
    | ServiceFinished
    | NoShowRecorded
    | TicketRequeued
    | TicketTransferred
    | TicketParked
    | TicketResumed
    | TicketTakenAlong
    | TicketCancelled
    | TicketExpired
    | AnnouncementConfirmed
    | ServiceRated
)


class Recorded(Struct, frozen=True, kw_only=True):
    """An event with its place in the branch's history.

    ``seq`` has no gap; ``actor`` is the device, or "server"; ``command_id`` what asked for it.
    """

    seq: int
    at_ms: int
    business_date: str
    event: AnyEvent
    actor: str = "server"
    command_id: str | None = None
