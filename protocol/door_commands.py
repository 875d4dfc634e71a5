"""Commands of the front door: screening, guest book, slips, complaints, disturbances."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta

from protocol.asking import (
    COUNTER,
    DISPLAY,
    KIOSK,
    MANAGER,
    SCREENING,
    Code,
    Codes,
    Command,
    Language,
    Note,
    Persons,
    Priority,
    TicketId,
)

DoorOutcome = Literal["ticket", "code", "solved", "channel", "self-service", "office", "return"]
ComplaintStep = Literal["answered", "solved", "withdrawn", "escalated", "reopened"]
PaperState = Literal["ok", "low", "out", "cover", "fault", "unknown"]
VoiceState = Literal["ok", "muted", "failed", "unknown"]
RawIdentifier = Annotated[str, Meta(min_length=1, max_length=200)]
Reason = Annotated[str, Meta(min_length=1, max_length=200)]
PersonName = Annotated[str, Meta(min_length=1, max_length=120)]
Reference = Annotated[str, Meta(max_length=40)]


class RecordScreening(Command, kw_only=True, frozen=True):
    """A visitor was received at the door; ``outcome`` is how it goes on.

    ``papers`` are there, ``missing`` are not. ``identifier`` (NIK, card or passport number) and
    ``note`` are kept under seal and erased after their time. The dates and ``nik_mismatch`` are
    what advice is made of. ``overrides``: per rule that was not followed a code of
    ``choices.override_reason``. ``print_at`` is the kiosk that prints the ticket or the slip.
    """

    roles = frozenset({SCREENING})
    personal = True
    outcome: DoorOutcome
    service: Code | None = None
    matter: Code | None = None
    identifier: RawIdentifier | None = None
    segment: Code | None = None
    membership: Code | None = None
    papers: Codes = []
    missing: Codes = []
    priority: Priority = "none"
    needs: Codes = []
    language: Language | None = None
    weight: Persons | None = None
    companion: bool = False
    reason: Code | None = None
    channel: Code | None = None
    office: Code | None = None
    decree_on: date | None = None
    born_on: date | None = None
    facility_changed_on: date | None = None
    nik_mismatch: bool = False
    overrides: Annotated[dict[Code, Code], Meta(max_length=20)] = {}
    note: Note = ""
    print_at: Code | None = None
    started_at: Annotated[datetime, Meta(tz=True)] | None = None

    def __repr__(self) -> str:  # who it was must not reach a log or a crash note
        return f"RecordScreening(id={self.id}, outcome={self.outcome!r})"


class CorrectTicket(Command, kw_only=True, frozen=True):
    """Put a waiting ticket's service or priority right; its number and its arrival stay."""

    roles = frozenset({SCREENING, MANAGER})
    ticket: TicketId
    service: Code | None = None
    priority: Priority | None = None


class PrintSlip(Command, kw_only=True, frozen=True):
    """The slip of a screening or a complaint once more, marked CETAK ULANG."""

    roles = frozenset({SCREENING, COUNTER, MANAGER})
    subject: TicketId
    print_at: Code


class RecordGuest(Command, kw_only=True, frozen=True):
    """The guest book: who came without a ticket and why; kept under seal for a short time.

    ``consent``: the notice was shown and agreed to; without it nothing is kept.
    """

    roles = frozenset({SCREENING})
    personal = True
    name: PersonName
    purpose: Code
    consent: bool
    note: Annotated[str, Meta(max_length=200)] = ""

    def __repr__(self) -> str:  # a name must not reach a log or a crash note
        return f"RecordGuest(id={self.id}, purpose={self.purpose!r})"


class RevealRecord(Command, kw_only=True, frozen=True):
    """Show what stands under seal of a screening, a guest or a complaint; who asked is recorded."""

    roles = frozenset({SCREENING, COUNTER, MANAGER})
    # The answer is personal, so it is not kept; asking twice is recorded twice.
    remembered = False
    personal = True
    record: TicketId
    reason: Reason

    def __repr__(self) -> str:
        return f"RevealRecord(id={self.id}, record={self.record!r})"


class FileComplaint(Command, kw_only=True, frozen=True):
    """A complaint about the service (UU 25/2009 Art. 36-42): who, where, what, and what for.

    ``level`` from the catalogue's complaint levels; ``sipp`` and ``lapor`` are numbers given
    elsewhere. With ``anonymous`` name, address and phone stay empty.
    """

    roles = frozenset({SCREENING, COUNTER})
    personal = True
    level: Code
    description: Annotated[str, Meta(min_length=1, max_length=2000)]
    ticket: TicketId | None = None
    screening: TicketId | None = None
    anonymous: bool = False
    name: Annotated[str, Meta(max_length=120)] = ""
    address: Annotated[str, Meta(max_length=300)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    wish: Annotated[str, Meta(max_length=1000)] = ""
    sipp: Reference = ""
    lapor: Reference = ""
    print_at: Code | None = None

    def __repr__(self) -> str:  # who complains must not reach a log or a crash note
        return f"FileComplaint(id={self.id}, level={self.level!r})"


class UpdateComplaint(Command, kw_only=True, frozen=True):
    """A step of a complaint: answered, solved, withdrawn, escalated or reopened; or its level
    and numbers put right."""

    roles = frozenset({SCREENING, COUNTER, MANAGER})
    personal = True
    complaint: TicketId
    step: ComplaintStep | None = None
    level: Code | None = None
    sipp: Reference | None = None
    lapor: Reference | None = None
    note: Note = ""

    def __repr__(self) -> str:
        return f"UpdateComplaint(id={self.id}, complaint={self.complaint!r}, step={self.step!r})"


class DeclareDisturbance(Command, kw_only=True, frozen=True):
    """A system outside does not work (``choices.disturbance``): all screens say so."""

    roles = frozenset({SCREENING, MANAGER})
    system: Code


class EndDisturbance(Command, kw_only=True, frozen=True):
    """It works again."""

    roles = frozenset({SCREENING, MANAGER})
    system: Code


class ReportHealth(Command, kw_only=True, frozen=True):
    """A device says how its paper or its voice is; shown at the door, not kept."""

    roles = frozenset({KIOSK, DISPLAY})
    remembered = False
    paper: PaperState | None = None
    tickets_left: Annotated[int, Meta(ge=0, le=100_000)] | None = None
    voice: VoiceState | None = None
