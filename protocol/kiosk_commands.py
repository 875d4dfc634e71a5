"""Commands of the visitor's side: numbers for a kiosk without a link, help, identity, home."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from protocol.asking import (
    COUNTER,
    KIOSK,
    MANAGER,
    RATING,
    SCREENING,
    WEB,
    Code,
    Codes,
    Command,
    Language,
    Priority,
    SessionId,
    TicketId,
)

OFFLINE_TICKETS_MAX = 40
"""So many tickets in one ``MergeOffline``: a frame stays far below its limit."""

OfflinePrint = Literal["none", "pending", "printed", "failed", "unknown"]
Serial = Annotated[int, Meta(ge=1, le=999_999)]


class LeaseNumbers(Command, kw_only=True, frozen=True):
    """Lend this kiosk a block of its own numbers per series, for when the link is lost.

    Asked again it lends the same block, made longer where the kiosk has used most of it
    (``used``: the highest serial given, by the series of the lease). ``anew``: the kiosk lost its
    memory of what it gave, so nothing of the block so far is lent again today. ``letter``: the
    one of its lease so far, which it keeps unless somebody else has it; a server that was set up
    again does not know it, and papers with it are about.
    """

    roles = frozenset({KIOSK})
    # Asked at every greeting, and the same however often: its long answers are not kept.
    remembered = False
    used: Annotated[dict[Code, Annotated[int, Meta(ge=0, le=999_999)]], Meta(max_length=200)] = {}
    anew: bool = False
    letter: Annotated[str, Meta(pattern=r"^[A-Z]{0,2}\Z")] = ""


class OfflineTicket(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A number that a kiosk gave while it had no link; ``ticket`` is the id that it made.

    What becomes of its paper later is told by ``ConfirmPrint`` with this id as the ``job``.

    ``instead_of`` is the ``IssueTicket`` whose answer was lost: its ticket, if there is one,
    makes way for this one, and it is not carried out any more.
    """

    ticket: TicketId
    number: Annotated[str, Meta(pattern=r"^[A-Z]{2,6}[0-9]{3,6}\Z")]
    series: Annotated[str, Meta(pattern=r"^[A-Z]{2,6}\Z")]
    serial: Serial
    service: Code
    business_date: date
    issued_at: Annotated[datetime, Meta(tz=True)]
    priority: Priority = "none"
    needs: Codes = []
    language: Language = "id"
    print: OfflinePrint = "none"
    copies: Annotated[int, Meta(ge=0, le=99)] = 0
    instead_of: UUID | None = None


class MergeOffline(Command, kw_only=True, frozen=True):
    """Take in what a kiosk gave without a link, oldest first; a ticket that is known stays."""

    roles = frozenset({KIOSK})
    lease: TicketId
    tickets: Annotated[list[OfflineTicket], Meta(min_length=1, max_length=OFFLINE_TICKETS_MAX)]


class CallOfficer(Command, kw_only=True, frozen=True):
    """Somebody before this device asks for a person; ``reason`` is ``help`` or ``paper``.

    ``number`` is the kiosk's own word: a number that it gave without a link is in no line.
    """

    roles = frozenset({KIOSK, RATING})
    reason: Literal["help", "paper", "number"] = "help"


class AnswerCall(Command, kw_only=True, frozen=True):
    """An officer goes there."""

    roles = frozenset({SCREENING, COUNTER, MANAGER})
    call: TicketId


class RecordIdentity(Command, kw_only=True, frozen=True):
    """The visitor gave a NIK or card number at the kiosk, which is optional; it goes under seal."""

    roles = frozenset({KIOSK})
    personal = True
    ticket: TicketId
    identifier: Annotated[str, Meta(min_length=1, max_length=40)]

    def __repr__(self) -> str:  # an identifier must not reach a log or a crash note
        return f"RecordIdentity(id={self.id}, ticket={self.ticket!r})"


class ChooseChannel(Command, kw_only=True, frozen=True):
    """Before a number was taken the visitor chose a channel that works from home."""

    roles = frozenset({KIOSK})
    service: Code
    channel: Code


class PostText(Command, kw_only=True, frozen=True):
    """The line of text at the foot of the TV, until somebody posts another; empty takes it away."""

    roles = frozenset({SCREENING, MANAGER, WEB})
    text: Annotated[dict[Language, Annotated[str, Meta(max_length=300)]], Meta(max_length=8)]
    until: Annotated[datetime, Meta(tz=True)] | None = None
    on_behalf_of: SessionId | None = None
