"""Every word on the wire as a typed struct, with the devices that may say it.

Verbs ask (commands), nouns show (snapshots), and moments happen once. Outside programs rely on
these names: extend them, never rename or re-type one. Instants are RFC 3339 UTC, durations are
seconds and end in ``_s``.
"""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from protocol.roles import DeviceRole

Names = dict[str, str]
"""One name in several languages: language code to text."""

TicketId = Annotated[str, Meta(min_length=1, max_length=64)]
Code = Annotated[str, Meta(min_length=1, max_length=40)]
Codes = Annotated[list[Code], Meta(max_length=20)]
Note = Annotated[str, Meta(max_length=1000)]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}\Z")]
CounterNumber = Annotated[int, Meta(ge=1, le=999)]
Persons = Annotated[int, Meta(ge=1, le=50)]

Priority = Literal["none", "elderly", "disability", "pregnant", "infant", "urgent"]
PrintOutcome = Literal["printed", "failed", "unknown"]
ServiceOutcome = Literal["solved", "pending", "referred"]
AnnouncementOutcome = Literal["spoken", "shown", "failed"]
Position = Literal["arrival", "first", "last"]
Discipline = Literal["first-come", "ratio", "due-time"]
CorrectedField = Literal["category", "outcome", "education", "note"]
Row = Annotated[int, Meta(ge=1, le=100)]
Level = Annotated[int, Meta(ge=1, le=9)]

KIOSK = DeviceRole.KIOSK
COUNTER = DeviceRole.COUNTER
SCREENING = DeviceRole.SCREENING
DISPLAY = DeviceRole.DISPLAY
RATING = DeviceRole.RATING
MANAGER = DeviceRole.MANAGER
WEB = DeviceRole.WEB


class Hello(Struct, tag=True, tag_field="type", forbid_unknown_fields=True, kw_only=True):
    """Opens a connection: who I am, and the token that proves it."""

    protocol: int
    role: DeviceRole
    device: Annotated[str, Meta(min_length=1, max_length=64)]
    token: Annotated[str, Meta(min_length=1, max_length=200)]
    program: Annotated[str, Meta(max_length=100)] = ""
    language: Language = "id"


# Asking: commands. ``id`` is made by the client once per intention; a retry repeats it.


class Command(
    Struct,
    tag=True,
    tag_field="type",
    forbid_unknown_fields=True,
    kw_only=True,
    frozen=True,
):
    """What every command has. ``roles`` are the devices that may say it."""

    roles: ClassVar[frozenset[DeviceRole]] = frozenset()
    # A PIN is never stored, so signing in and out stand outside the command memory.
    remembered: ClassVar[bool] = True
    id: UUID


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
    """Take a number for a service."""

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

    roles = frozenset({KIOSK, SCREENING, MANAGER})
    ticket: TicketId
    print_at: Code | None = None


class OpenCounter(Command, kw_only=True, frozen=True):
    """This counter serves from now on (also the end of a pause)."""

    roles = frozenset({COUNTER})


class PauseCounter(Command, kw_only=True, frozen=True):
    """This counter rests, with a reason from ``choices.pause_reason``."""

    roles = frozenset({COUNTER})
    reason: Code


class CloseCounter(Command, kw_only=True, frozen=True):
    """This counter serves no more."""

    roles = frozenset({COUNTER})


class Finish(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """The fields of ``FinishService`` without ``ticket``, inside ``CallNext``."""

    outcome: ServiceOutcome
    category: Code | None = None
    education: Codes = []
    note: Note = ""


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
    """The visitor has been served."""

    roles = frozenset({COUNTER})
    ticket: TicketId
    outcome: ServiceOutcome
    category: Code | None = None
    education: Codes = []
    note: Note = ""


class TransferTicket(Command, kw_only=True, frozen=True):
    """Hand the visitor on: exactly one of ``service``, ``counter``, ``staff``."""

    roles = frozenset({COUNTER, MANAGER})
    ticket: TicketId
    service: Code | None = None
    counter: CounterNumber | None = None
    staff: Code | None = None
    position: Position
    note: Note = ""


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

    roles = frozenset({COUNTER, SCREENING})
    ticket: TicketId


class CancelTicket(Command, kw_only=True, frozen=True):
    """The visitor does not want to be served any more; ``reason`` from ``cancel_reason``."""

    roles = frozenset({KIOSK, SCREENING, COUNTER, MANAGER})
    ticket: TicketId
    reason: Code


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


class SetDiscipline(Command, kw_only=True, frozen=True):
    """Who is next follows another rule, until the end of the day."""

    roles = frozenset({MANAGER})
    discipline: Discipline
    priority_in_a_row: Row | None = None
    regular_in_a_row: Row | None = None


class SetCounterServices(Command, kw_only=True, frozen=True):
    """What a counter serves from its next call on, until the end of the day.

    ``preference``: a level per service, 1 (the default) before 2 and so on.
    """

    roles = frozenset({MANAGER})
    counter: CounterNumber
    services: Annotated[list[Code], Meta(max_length=100)]
    preference: Annotated[dict[Code, Level], Meta(max_length=100)] = {}


class SetStaffServices(Command, kw_only=True, frozen=True):
    """What a person serves from the next call on, until the end of the day."""

    roles = frozenset({MANAGER})
    staff: Code
    services: Annotated[list[Code], Meta(max_length=100)]
    preference: Annotated[dict[Code, Level], Meta(max_length=100)] = {}


class PauseService(Command, kw_only=True, frozen=True):
    """A service gives no numbers for a while; who waits is served. ``reason`` is for people."""

    roles = frozenset({MANAGER})
    service: Code
    reason: Annotated[str, Meta(max_length=200)] = ""


class ResumeService(Command, kw_only=True, frozen=True):
    """A paused service gives numbers again."""

    roles = frozenset({MANAGER})
    service: Code


class CloseBranchDay(Command, kw_only=True, frozen=True):
    """Close and sign a business day; null is today, an earlier one is signed afterwards."""

    roles = frozenset({MANAGER})
    business_date: date | None = None
    note: Note = ""


class ReopenBranchDay(Command, kw_only=True, frozen=True):
    """Go on with today after it was closed too early; numbers go on, too."""

    roles = frozenset({MANAGER})
    reason: Annotated[str, Meta(min_length=1, max_length=200)]


class CorrectRecord(Command, kw_only=True, frozen=True):
    """Put a closed ticket's record right; both versions are kept."""

    roles = frozenset({MANAGER})
    ticket: TicketId
    field: CorrectedField
    value: Annotated[str, Meta(max_length=1000)]
    reason: Annotated[str, Meta(min_length=1, max_length=200)]


class ConfirmAnnouncement(Command, kw_only=True, frozen=True):
    """A display says what became of an announcement."""

    roles = frozenset({DISPLAY})
    announcement: TicketId
    outcome: AnnouncementOutcome


class RateService(Command, kw_only=True, frozen=True):
    """The visitor's one-tap rating: 1 (not good) to 4 (very good)."""

    roles = frozenset({RATING, WEB})
    ticket: TicketId
    score: Annotated[int, Meta(ge=1, le=4)]
    reasons: Codes = []


# Asking: queries. They change nothing and stand outside the command lane.


class Query(Command, kw_only=True, frozen=True):
    """What every query has; it is answered with ``Answer``."""

    remembered = False


class PreviewLine(Query, kw_only=True, frozen=True):
    """Who will be called next, at one counter (null: by all open counters together).

    With ``discipline`` the same line as it would be under that rule: "what if".
    """

    roles = frozenset({COUNTER, SCREENING, MANAGER, WEB})
    counter: CounterNumber | None = None
    discipline: Discipline | None = None
    priority_in_a_row: Row | None = None
    regular_in_a_row: Row | None = None
    count: Annotated[int, Meta(ge=1, le=50)] = 10


class ExplainTicket(Query, kw_only=True, frozen=True):
    """Why a waiting ticket has its place, and who was called before it by which rule."""

    roles = frozenset({COUNTER, SCREENING, MANAGER, WEB})
    ticket: TicketId


class GetTicketHistory(Query, kw_only=True, frozen=True):
    """Everything that happened to a ticket of today, in order."""

    roles = frozenset({COUNTER, SCREENING, MANAGER, WEB})
    ticket: TicketId


AnyCommand = (
    SignIn
    | SignOut
    | IssueTicket
    | ConfirmPrint
    | ReprintTicket
    | OpenCounter
    | PauseCounter
    | CloseCounter
    | CallNext
    | CallTicket
    | RecallTicket
    | StartService
    | FinishService
    | TransferTicket
    | ParkTicket
    | ResumeTicket
    | RecordNoShow
    | RequeueTicket
    | CancelTicket
    | UndoLast
    | ContinueService
    | SetDiscipline
    | SetCounterServices
    | SetStaffServices
    | PauseService
    | ResumeService
    | CloseBranchDay
    | ReopenBranchDay
    | CorrectRecord
    | ConfirmAnnouncement
    | RateService
    | PreviewLine
    | ExplainTicket
    | GetTicketHistory
)


# What is shown.


class Estimate(Struct, kw_only=True, frozen=True):
    """A range of waiting time, in seconds from now."""

    from_s: int
    to_s: int


class Ticket(Struct, kw_only=True, frozen=True):
    """A ticket as it is shown. ``link`` is null for devices that everyone sees."""

    id: str
    number: str
    service: str
    state: str
    priority: str
    needs: list[str]
    issued_at: datetime
    counter: int | None
    call_count: int
    people_ahead: int
    estimate: Estimate | None
    print: str
    link: str | None
    # Beyond protocol.md's example; older clients ignore them.
    called_at: datetime | None = None
    started_at: datetime | None = None
    weight: int = 1
    language: str = "id"


class SignedIn(Struct, kw_only=True, frozen=True):
    """Who sits at this device."""

    staff: str
    counter: int | None
    name: str = ""


class BranchInfo(Struct, kw_only=True, frozen=True):
    """Which office this is."""

    code: str
    name: str
    time_zone: str
    languages: list[str]


class ServiceInfo(Struct, kw_only=True, frozen=True):
    """A service of the catalogue, in the order in which the branch shows it."""

    code: str
    name: Names
    open: bool
    description: Names = {}
    icon: str = ""
    target_wait_s: int = 0
    target_service_s: int = 0
    letter: str = ""

    @property
    def sign(self) -> str:
        """What stands for the service where there is no room for its name: its letter."""
        return self.letter or self.code


class CounterInfo(Struct, kw_only=True, frozen=True):
    """A counter and the services that it may serve today, those of a lower level first."""

    number: int
    services: list[str]
    preference: dict[str, int] = {}


class Choice(Struct, kw_only=True, frozen=True):
    """One answer that a coded field may take."""

    code: str
    name: Names


class Choices(Struct, kw_only=True, frozen=True):
    """The codes of every coded field, with their names."""

    priority: list[Choice]
    needs: list[Choice]
    education: list[Choice]
    category: list[Choice]
    pause_reason: list[Choice]
    cancel_reason: list[Choice]
    park_reason: list[Choice] = []
    rating_reason: list[Choice] = []


class Welcome(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """The server's answer to ``Hello``; the snapshot of the role follows."""

    protocol: int
    branch: BranchInfo
    server_time: datetime
    business_date: date
    revision: int
    signed_in: SignedIn | None
    services: list[ServiceInfo]
    counters: list[CounterInfo]
    choices: Choices


class Accepted(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """The change is durable. Fields beyond ``revision`` depend on the command."""

    id: UUID
    revision: int
    ticket: Ticket | UnsetType | None = UNSET
    finished: Ticket | UnsetType | None = UNSET
    empty: bool | UnsetType = UNSET
    staff: str | UnsetType = UNSET
    permissions: list[str] | UnsetType = UNSET
    screening: str | UnsetType = UNSET


class Rejected(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """No, and why: ``reason`` for programs, ``message`` for the person."""

    id: str | None
    reason: str
    message: str
    retry_after_s: float | UnsetType = UNSET
    state: str | UnsetType = UNSET
    ticket: Ticket | UnsetType = UNSET


class PreviewEntry(Struct, kw_only=True, frozen=True):
    """A ticket of a preview: its place, the counter that would call it, and the rule."""

    ticket: str
    number: str
    service: str
    priority: str
    place: int
    why: Names
    rule: str
    counter: int | None = None
    # The place under the rule of now, where the preview asks "what if".
    place_now: int | None = None
    # True when an idle counter would help a line that is not its own.
    helping: bool = False


class Overtaker(Struct, kw_only=True, frozen=True):
    """A later arrival that was called before; ``counted`` if it weighs in the promise."""

    number: str
    counter: int
    called_at: datetime
    rule: str
    counted: bool
    why: Names


class HistoryEntry(Struct, kw_only=True, frozen=True):
    """One thing that happened to a ticket, also in words."""

    at: datetime
    event: str
    text: Names
    counter: int | None = None
    staff: str | None = None


class Answer(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """The answer to a query; which fields beyond ``revision`` depends on the query."""

    id: UUID
    revision: int = 0
    line: list[PreviewEntry] | UnsetType = UNSET
    discipline: str | UnsetType = UNSET
    ticket: Ticket | UnsetType = UNSET
    place: int | UnsetType = UNSET
    why: Names | UnsetType = UNSET
    # The newest of them; ``overtakers_total`` is how many there were.
    overtakers: list[Overtaker] | UnsetType = UNSET
    overtakers_total: int | UnsetType = UNSET
    history: list[HistoryEntry] | UnsetType = UNSET


# Telling: snapshots. Whole, and right after any one of them.


class KioskService(Struct, kw_only=True, frozen=True):
    """One tile of the kiosk. ``why`` says in words why it is closed, per language.

    At the door an open service may have a ``why``, too: visitors get no number there any more,
    but the officer may still give one.
    """

    code: str
    open: bool
    why: Names | None
    waiting: int
    estimate: Estimate | None
    numbers_left: int | None
    # True when the numbers left are so few that people should be told.
    closing: bool = False


class KioskSnapshot(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """What the kiosk shows before a touch.

    ``why``: why no service at all gives numbers now, and on a second line when one does again.
    """

    revision: int
    services: list[KioskService]
    total: int
    waiting: int = 0
    why: Names | None = None


class BoardCall(Struct, kw_only=True, frozen=True):
    """One row of the TV. ``id`` joins it to an ``Announcement`` of the same call."""

    number: str
    counter: int
    state: str
    called_at: datetime
    call_count: int
    priority: bool = False


class WaitingCount(Struct, kw_only=True, frozen=True):
    """How many wait for a service."""

    service: str
    count: int
    estimate: Estimate | None
    oldest_issued_at: datetime | None = None


class MissedNumber(Struct, kw_only=True, frozen=True):
    """A number for which nobody came, and until when it may come back."""

    number: str
    valid_until: datetime


class BoardSnapshot(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """What the TV shows; calls newest first, each ticket once."""

    revision: int
    calls: list[BoardCall]
    total: int
    waiting: list[WaitingCount]
    missed: list[MissedNumber]
    text: Names


class LineEntry(Struct, kw_only=True, frozen=True):
    """A waiting ticket as a counter sees it. ``why`` explains its place, per language."""

    ticket: str
    number: str
    service: str
    priority: str
    issued_at: datetime
    place: int
    why: Names
    print: str
    needs: list[str] = []
    weight: int = 1
    # How many later arrivals were called before it.
    overtakes: int = 0
    estimate: Estimate | None = None


class ParkedEntry(Struct, kw_only=True, frozen=True):
    """A parked ticket: why, since when, who did it, and when to look after it."""

    ticket: str
    number: str
    service: str
    reason: str
    parked_at: datetime
    counter: int | None
    staff: str | None
    alarm_at: datetime | None


class MissedEntry(Struct, kw_only=True, frozen=True):
    """A missed number that may still come back, as the staff sees it."""

    ticket: str
    number: str
    service: str
    valid_until: datetime


class Undoable(Struct, kw_only=True, frozen=True):
    """The last move of this counter, while it can be taken back with ``UndoLast``."""

    event: str
    number: str
    until: datetime


class StaffPresence(Struct, kw_only=True, frozen=True):
    """Somebody who is signed in, to whom a visitor may be handed on."""

    staff: str
    name: str
    counter: int | None


class CounterView(Struct, kw_only=True, frozen=True):
    """A counter: ``open``, ``paused`` or ``closed``, since when, and what it holds."""

    number: int
    state: str
    since: datetime | None
    reason: str | None
    staff: str | None
    ticket: str | None
    ticket_state: str | None
    services: list[str]
    # serving, idle-with-line, idle: what an open counter does; empty while it is not open.
    activity: str = ""
    preference: dict[str, int] = {}


class QueueSnapshot(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """What a frontliner sees: my counter, my ticket, the line of my services, the others."""

    revision: int
    signed_in: SignedIn | None
    counter: CounterView | None
    ticket: Ticket | None
    line: list[LineEntry]
    total: int
    waiting: list[WaitingCount]
    counters: list[CounterView]
    finished_today: int = 0
    average_service_s: int | None = None
    last_finished: str | None = None
    parked: list[ParkedEntry] = []
    missed: list[MissedEntry] = []
    undo: Undoable | None = None
    colleagues: list[StaffPresence] = []
    # Who would be called now, by which rule; null when nobody is.
    next: PreviewEntry | None = None
    # How often the ticket that I hold may still be called again; null: no limit.
    recalls_left: int | None = None
    # From when this counter may help other lines, and how many wait there.
    help_from: datetime | None = None
    waiting_elsewhere: int = 0


class DeviceHealth(Struct, kw_only=True, frozen=True):
    """Whether a device is there; ``since`` is when that last changed."""

    device: str
    role: str
    connected: bool
    since: datetime | None
    program: str = ""


class PaperlessTicket(Struct, kw_only=True, frozen=True):
    """Who waits without paper: ``failed``, ``unknown``, ``none``, or ``pending`` for too long."""

    ticket: str
    number: str
    print: str
    issued_at: datetime


class ScreeningSnapshot(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """What the officer at the door sees: the hall and the devices."""

    revision: int
    signed_in: SignedIn | None
    waiting: list[WaitingCount]
    services: list[KioskService]
    counters: list[CounterView]
    devices: list[DeviceHealth]
    without_paper: list[PaperlessTicket]
    total: int


class Totals(Struct, kw_only=True, frozen=True):
    """The day in figures; ``issued`` is always the sum of the others."""

    issued: int
    waiting: int
    called: int
    serving: int
    parked: int
    finished: int
    no_show: int
    cancelled: int
    expired: int


class ServiceTotals(Struct, kw_only=True, frozen=True):
    """The same for one service."""

    service: str
    totals: Totals


class Alert(Struct, kw_only=True, frozen=True):
    """Something that wants a person's eye: a code and what it is about."""

    code: str
    subject: str
    message: Names


class HallSnapshot(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """What the manager sees: everything live."""

    revision: int
    signed_in: SignedIn | None
    business_date: date
    totals: Totals
    services: list[ServiceTotals]
    waiting: list[WaitingCount]
    counters: list[CounterView]
    devices: list[DeviceHealth]
    alerts: list[Alert]
    total: int
    discipline: str = ""
    priority_in_a_row: int = 1
    regular_in_a_row: int = 2
    closed: bool = False
    signed_by: str | None = None
    paused_services: list[str] = []


# Telling: moments. Sent once, and again after a reconnect while they are still due.


class Announcement(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """Call this number: every display of its zone shows it and one speaks it."""

    announcement: str
    number: str
    counter: int
    call_count: int
    languages: list[str]
    expires_at: datetime


class AnnouncementWithdrawn(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """The call was taken back: stop speaking it and do not show it any more."""

    announcement: str
    number: str
    counter: int


class TicketToPrint(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """A paper to print; ``copy`` above 1 is marked CETAK ULANG. No name, no identity number."""

    job: str
    copy: int
    ticket: Ticket
    branch: str
    time_zone: str
    service_name: Names
    people_ahead: int
    estimate: Estimate | None
    papers: list[Names]
    link: str | None
    footer: list[Names]
    language: str


class RatingInvitation(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """A visitor has been served: ask for a rating."""

    ticket: str
    counter: int
    number: str = ""


class SignedOut(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """The person at this device is signed out; ``reason`` is a code."""

    reason: str
    message: str = ""


Snapshot = KioskSnapshot | BoardSnapshot | QueueSnapshot | ScreeningSnapshot | HallSnapshot
Moment = Announcement | AnnouncementWithdrawn | TicketToPrint | RatingInvitation | SignedOut
Notice = Snapshot | Moment
ServerMessage = Welcome | Accepted | Rejected | Answer | Notice
