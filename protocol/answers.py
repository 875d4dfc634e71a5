"""What the server answers: ``Welcome``, ``Accepted``, ``Rejected`` and ``Answer``."""

from datetime import date, datetime
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from protocol.asking import Names
from protocol.door_shown import (
    AdviceView,
    ComplaintView,
    DoorCatalogue,
    DoorReport,
    MemberView,
    ScreeningView,
)
from protocol.kiosk_shown import KioskRules, NumberLease, PaperTemplate, VoiceRules
from protocol.shown import BranchInfo, Choices, CounterInfo, ServiceInfo, SignedIn, Ticket
from protocol.web_shown import (
    BookingView,
    BookingWindow,
    PageRules,
    SessionView,
    StaffingHint,
    TicketSpan,
    VisitView,
)


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
    # For the door, the counters and the kiosks.
    door: DoorCatalogue | None = None
    # For kiosks; for displays.
    kiosk: KioskRules | None = None
    paper: PaperTemplate | None = None
    voice: VoiceRules | None = None
    # For the pages.
    pages: PageRules | None = None


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
    # The code of the slip with which the kiosk gives the number.
    code: str | UnsetType | None = UNSET
    # The job of a slip that is being printed.
    slip: str | UnsetType | None = UNSET
    guest: str | UnsetType = UNSET
    complaint: ComplaintView | UnsetType = UNSET
    # What stood under seal; never remembered, never logged.
    revealed: dict[str, str] | UnsetType = UNSET
    lease: NumberLease | UnsetType = UNSET
    # MergeOffline: the tickets as they stand now, and the ids of those that made way.
    merged: list[Ticket] | UnsetType = UNSET
    replaced: list[str] | UnsetType = UNSET
    call: str | UnsetType = UNSET
    # OpenSession: what the pages say as ``on_behalf_of``, and who it is; a secret.
    session: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    booking: BookingView | UnsetType = UNSET

    def __repr__(self) -> str:  # what was revealed must not reach a log or a crash note
        return f"Accepted(id={self.id}, revision={self.revision})"


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
    """One thing that happened to a ticket, also in words; ``why``: by which rule it was called."""

    at: datetime
    event: str
    text: Names
    counter: int | None = None
    staff: str | None = None
    why: Names | None = None


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
    # AdviseVisitor: the papers that are needed, what to know, where else it can be done now.
    papers: list[str] | UnsetType = UNSET
    advice: list[AdviceView] | UnsetType = UNSET
    channels: list[str] | UnsetType = UNSET
    offices: list[str] | UnsetType = UNSET
    # FindMember: found, not-found, none, unreachable, slow or refused.
    directory: str | UnsetType = UNSET
    member: MemberView | UnsetType | None = UNSET
    screening: ScreeningView | UnsetType = UNSET
    complaints: list[ComplaintView] | UnsetType = UNSET
    complaints_total: int | UnsetType = UNSET
    door: DoorReport | UnsetType = UNSET
    visits: list[VisitView] | UnsetType = UNSET
    # GetVisits: the server's clock, from which the ranges count.
    as_of: datetime | UnsetType = UNSET
    sessions: list[SessionView] | UnsetType = UNSET
    staffing: list[StaffingHint] | UnsetType = UNSET
    windows: list[BookingWindow] | UnsetType = UNSET
    booking: BookingView | UnsetType = UNSET
    # GetTicketHistory, GetEarlierTicket: the stretches in one state each.
    spans: list[TicketSpan] | UnsetType = UNSET

    def __repr__(self) -> str:  # a note or a member must not reach a log or a crash note
        return f"Answer(id={self.id}, revision={self.revision})"
