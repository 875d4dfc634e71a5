"""Commands: verbs that ask for a change. Each is answered ``Accepted`` or ``Rejected``."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from protocol.asking import (
    COUNTER,
    DISPLAY,
    KIOSK,
    MANAGER,
    RATING,
    SCREENING,
    WEB,
    Code,
    Codes,
    Command,
    CounterNumber,
    Discipline,
    Language,
    Level,
    Link,
    Note,
    Persons,
    Priority,
    Row,
    SessionId,
    TicketId,
)

PrintOutcome = Literal["printed", "failed", "unknown"]
ServiceOutcome = Literal["solved", "pending", "referred"]
AnnouncementOutcome = Literal["spoken", "shown", "failed"]
Position = Literal["arrival", "first", "last"]
CorrectedField = Literal["category", "outcome", "education", "note", "cause"]


class SignIn(Command, kw_only=True, frozen=True):
    """A person sits down at this device; ``counter`` at a frontliner's desk, else null."""

    roles = frozenset({COUNTER, SCREENING, MANAGER})
    remembered = False
    staff: Code
    pin: Annotated[str, Meta(min_length=1, max_length=100)]
    counter: CounterNumber | None = None

    def __repr__(self) -> str:  # a PIN must not reach a log or a crash note
        return f"SignIn(id={self.id}, staff={self.staff!r}, counter={self.counter})"


class SignOut(Command, kw_only=True, frozen=True):
    """The person at this device gets up."""

    roles = frozenset({COUNTER, SCREENING, MANAGER})
    remembered = False


class IssueTicket(Command, kw_only=True, frozen=True):
    """Take a number for a service; ``screening`` is its id, or the code of the officer's slip.

    From a kiosk the screening's own service, priority, needs, weight and language count: it does
    not know them, so it names any service that is open. The staff say them themselves.
    """

    roles = frozenset({KIOSK, SCREENING, COUNTER})
    service: Code
    priority: Priority = "none"
    needs: Codes = []
    language: Language | None = None
    screening: TicketId | None = None
    weight: Persons | None = None
    print_at: Code | None = None


class ConfirmPrint(Command, kw_only=True, frozen=True):
    """The kiosk says what became of a paper."""

    roles = frozenset({KIOSK})
    job: TicketId
    outcome: PrintOutcome


class ReprintTicket(Command, kw_only=True, frozen=True):
    """The paper once more, marked CETAK ULANG; the ticket stays the same."""

    roles = frozenset({KIOSK, SCREENING, COUNTER, MANAGER, WEB})
    ticket: TicketId
    print_at: Code | None = None
    on_behalf_of: SessionId | None = None


class OpenCounter(Command, kw_only=True, frozen=True):
    """This counter serves from now on (also the end of a pause); a manager names it in ``counter``,
    and somebody must be signed in there."""

    roles = frozenset({COUNTER, MANAGER, WEB})
    counter: CounterNumber | None = None
    on_behalf_of: SessionId | None = None


class PauseCounter(Command, kw_only=True, frozen=True):
    """This counter rests, with a reason from ``choices.pause_reason``."""

    roles = frozenset({COUNTER, MANAGER, WEB})
    reason: Code
    counter: CounterNumber | None = None
    on_behalf_of: SessionId | None = None


class CloseCounter(Command, kw_only=True, frozen=True):
    """This counter serves no more."""

    roles = frozenset({COUNTER, MANAGER, WEB})
    counter: CounterNumber | None = None
    on_behalf_of: SessionId | None = None


class Finish(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """The fields of ``FinishService`` without ``ticket``, inside ``CallNext``."""

    outcome: ServiceOutcome
    category: Code | None = None
    education: Codes = []
    note: Note = ""
    cause: Code | None = None


class CallNext(Command, kw_only=True, frozen=True):
    """Call who is next; with ``finish`` the running service ends in the same commit."""

    roles = frozenset({COUNTER})
    finish: Finish | None = None


class CallTicket(Command, kw_only=True, frozen=True):
    """Call a chosen ticket."""

    roles = frozenset({COUNTER})
    ticket: TicketId


class RecallTicket(Command, kw_only=True, frozen=True):
    """Call the same number again."""

    roles = frozenset({COUNTER})
    ticket: TicketId


class StartService(Command, kw_only=True, frozen=True):
    """The visitor has come to the counter."""

    roles = frozenset({COUNTER})
    ticket: TicketId


class FinishService(Command, kw_only=True, frozen=True):
    """The visitor has been served; ``cause`` is why it took a counter (``choices.cause``)."""

    roles = frozenset({COUNTER})
    ticket: TicketId
    outcome: ServiceOutcome
    category: Code | None = None
    education: Codes = []
    note: Note = ""
    cause: Code | None = None


class TransferTicket(Command, kw_only=True, frozen=True):
    """Hand the visitor on: exactly one of ``service``, ``counter``, ``staff``."""

    roles = frozenset({COUNTER, MANAGER, WEB})
    ticket: TicketId
    service: Code | None = None
    counter: CounterNumber | None = None
    staff: Code | None = None
    position: Position
    note: Note = ""
    on_behalf_of: SessionId | None = None


class ParkTicket(Command, kw_only=True, frozen=True):
    """Put a ticket aside, with a reason; it may ring at ``alarm_at``."""

    roles = frozenset({COUNTER})
    ticket: TicketId
    reason: Code
    alarm_at: Annotated[datetime, Meta(tz=True)] | None = None


class ResumeTicket(Command, kw_only=True, frozen=True):
    """Call a parked ticket back to this counter."""

    roles = frozenset({COUNTER})
    ticket: TicketId


class RecordNoShow(Command, kw_only=True, frozen=True):
    """Nobody came for this number."""

    roles = frozenset({COUNTER})
    ticket: TicketId


class RequeueTicket(Command, kw_only=True, frozen=True):
    """Somebody came late: back to the line by the published grace rule."""

    roles = frozenset({COUNTER, SCREENING, MANAGER, WEB})
    ticket: TicketId
    on_behalf_of: SessionId | None = None


class CancelTicket(Command, kw_only=True, frozen=True):
    """The visitor does not want to be served any more; ``reason`` from ``cancel_reason``.

    From the pages for a manager, or for the visitor with ``link``, the secret of this ticket.
    """

    roles = frozenset({KIOSK, SCREENING, COUNTER, MANAGER, WEB})
    ticket: TicketId
    reason: Code
    on_behalf_of: SessionId | None = None
    link: Link | None = None


class UndoLast(Command, kw_only=True, frozen=True):
    """Take back this counter's last finish, no-show, transfer or park, within 5 s."""

    roles = frozenset({COUNTER})


class ContinueService(Command, kw_only=True, frozen=True):
    """One errand of the visit is done; the same visitor goes on with another service.

    The first fields say how the errand that ends went, as in ``FinishService``. A counter that
    may serve ``service`` goes on at once; otherwise the visitor waits in its line, by the time
    of the first arrival.
    """

    roles = frozenset({COUNTER})
    ticket: TicketId
    service: Code
    outcome: ServiceOutcome
    category: Code | None = None
    education: Codes = []
    note: Note = ""
    cause: Code | None = None


class SetDiscipline(Command, kw_only=True, frozen=True):
    """Who is next follows another rule, until the end of the day."""

    roles = frozenset({MANAGER, WEB})
    discipline: Discipline
    priority_in_a_row: Row | None = None
    regular_in_a_row: Row | None = None
    on_behalf_of: SessionId | None = None


class SetCounterServices(Command, kw_only=True, frozen=True):
    """What a counter serves from its next call on, until the end of the day.

    ``preference``: a level per service, 1 (the default) before 2 and so on.
    """

    roles = frozenset({MANAGER, WEB})
    counter: CounterNumber
    services: Annotated[list[Code], Meta(max_length=100)]
    preference: Annotated[dict[Code, Level], Meta(max_length=100)] = {}
    on_behalf_of: SessionId | None = None


class SetStaffServices(Command, kw_only=True, frozen=True):
    """What a person serves from the next call on, until the end of the day."""

    roles = frozenset({MANAGER, WEB})
    staff: Code
    services: Annotated[list[Code], Meta(max_length=100)]
    preference: Annotated[dict[Code, Level], Meta(max_length=100)] = {}
    on_behalf_of: SessionId | None = None


class PauseService(Command, kw_only=True, frozen=True):
    """A service gives no numbers for a while; who waits is served. ``reason`` is for people."""

    roles = frozenset({MANAGER, WEB})
    service: Code
    reason: Annotated[str, Meta(max_length=200)] = ""
    on_behalf_of: SessionId | None = None


class ResumeService(Command, kw_only=True, frozen=True):
    """A paused service gives numbers again."""

    roles = frozenset({MANAGER, WEB})
    service: Code
    on_behalf_of: SessionId | None = None


class CloseBranchDay(Command, kw_only=True, frozen=True):
    """Close and sign a business day; null is today, an earlier one is signed afterwards."""

    roles = frozenset({MANAGER, WEB})
    business_date: date | None = None
    note: Note = ""
    on_behalf_of: SessionId | None = None


class ReopenBranchDay(Command, kw_only=True, frozen=True):
    """Go on with today after it was closed too early; numbers go on, too."""

    roles = frozenset({MANAGER, WEB})
    reason: Annotated[str, Meta(min_length=1, max_length=200)]
    on_behalf_of: SessionId | None = None


class CorrectRecord(Command, kw_only=True, frozen=True):
    """Put a closed ticket's record right; both versions are kept."""

    roles = frozenset({MANAGER, WEB})
    ticket: TicketId
    field: CorrectedField
    value: Annotated[str, Meta(max_length=1000)]
    reason: Annotated[str, Meta(min_length=1, max_length=200)]
    on_behalf_of: SessionId | None = None


class ConfirmAnnouncement(Command, kw_only=True, frozen=True):
    """A display says what became of an announcement."""

    roles = frozenset({DISPLAY})
    announcement: TicketId
    outcome: AnnouncementOutcome


class RateService(Command, kw_only=True, frozen=True):
    """The visitor's one-tap rating: 1 (not good) to 4 (very good)."""

    roles = frozenset({RATING, COUNTER, WEB})
    ticket: TicketId
    score: Annotated[int, Meta(ge=1, le=4)]
    reasons: Codes = []
    # From the pages: the secret of this ticket, which proves whose it is.
    link: Link | None = None
