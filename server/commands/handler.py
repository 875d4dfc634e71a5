"""What a handler of a command gets and gives."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from protocol.messages import Ticket as TicketView
from protocol.roles import DeviceRole
from server.commands.code_guesses import CodeGuesses
from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent
from server.domain.hall import Desk
from server.domain.hall_sessions import WebSession
from server.domain.lockout import Lockout
from server.domain.seating import Person
from server.ports import (
    Ids,
    NoSecondStep,
    Records,
    SealBrokenError,
    SealedRecord,
    Sealer,
    SecondStep,
)
from server.ticket_views import LINKED_ROLES, ticket_view

log = logging.getLogger(__name__)

DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Asker:
    """The device that a command came from, its connection's language, and where it stands."""

    device: str
    role: DeviceRole
    language: str = "id"
    counter: int | None = None


@dataclass(frozen=True, slots=True)
class House:
    """The kiosks that print, and the people who may sign in, of this branch; ``managers`` are
    those who may do so with a browser."""

    kiosks: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()
    managers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answered:
    """An earlier command: who asked, and the ticket that it made, if it made one."""

    device: str
    ticket: str | None


@dataclass(frozen=True, slots=True)
class Occasion:
    """Everything that a handler may look at: the day, who asks, when, new ids, earlier days."""

    day: BranchDay
    asker: Asker
    now_ms: int
    ids: Ids
    records: Records
    sealer: Sealer
    person: Person | None = None
    house: House = House()
    guesses: CodeGuesses = field(default_factory=CodeGuesses)
    # What this command puts under seal; written in the same transaction as its events.
    sealed: list[SealedRecord] = field(default_factory=list)
    # What the commands before it in the same batch put there, not yet on the disk.
    pending: Sequence[SealedRecord] = ()
    # What an earlier command was answered, and the ids that this one takes out of the world.
    answered: Callable[[UUID], Answered | None] = lambda _: None
    withdrawn: list[UUID] = field(default_factory=list)
    # Whose word it is where the pages speak for a manager; their second step, and who guessed it;
    # and the secrets that the answer alone tells.
    session: WebSession | None = None
    second_step: SecondStep = field(default_factory=NoSecondStep)
    wrong_codes: Lockout = field(default_factory=Lockout)
    secrets: list[str] = field(default_factory=list)

    @property
    def staff(self) -> str | None:
        """Who sits at the asking device, or for whom the pages speak."""
        if self.session is not None:
            return self.session.staff
        seat = self.day.seats.get(self.asker.device)
        return seat.staff if seat is not None else None

    @property
    def manager(self) -> str:
        """The same where the lane has seen that somebody sits there, or speaks."""
        assert self.staff is not None
        return self.staff

    @property
    def desk(self) -> Desk:
        """The counter of the asking device, or a refusal."""
        return self.day.desk_of(self.asker.device)

    @property
    def desk_if_counter(self) -> Desk | None:
        """The same where the device is a counter's; None at the door and for a manager."""
        return self.desk if self.asker.role is DeviceRole.COUNTER else None

    def seal(
        self,
        kind: str,
        record_id: str,
        fields: Mapping[str, str],
        *,
        keep_days: int,
        fingerprint: bytes | None = None,
    ) -> None:
        """Keep what is personal beside the events, for so many days."""
        self.sealed.append(
            SealedRecord(
                record_id,
                kind,
                self.day.business_date,
                self.now_ms,
                fingerprint,
                self.sealer.seal(kind, record_id, fields),
                self.now_ms + keep_days * DAY_MS,
            )
        )

    def seal_anew(self, before: SealedRecord, fields: Mapping[str, str], *, keep_days: int) -> None:
        """Put more under a seal: its time counts anew, unless that was over; its day stays."""
        erase_at_ms = before.erase_at_ms
        if erase_at_ms > self.now_ms:
            erase_at_ms = max(erase_at_ms, self.now_ms + keep_days * DAY_MS)
        sealed = self.sealer.seal(before.kind, before.id, fields)
        self.sealed.append(replace(before, sealed=sealed, erase_at_ms=erase_at_ms))

    def opened(self, record: SealedRecord) -> dict[str, str]:
        """What stands under a seal; a damaged one is refused, and told to the log."""
        try:
            return self.sealer.open(record.kind, record.id, record.sealed)
        except SealBrokenError:
            log.error("the seal of record %s does not open: is it this branch's key?", record.id)
            raise QueueRuleError("record-unreadable") from None

    def sealed_record(self, record_id: str) -> SealedRecord | None:
        """The newest form of what stands under seal, also of a moment ago."""
        newest = (one for one in reversed(self.pending) if one.id == record_id)
        return next(newest, None) or self.records.sealed(record_id)

    def view(self, ticket_id: str) -> TicketView:
        """A ticket as this device may see it."""
        ticket = self.day.tickets[ticket_id]
        return ticket_view(self.day, ticket, linked=self.asker.role in LINKED_ROLES)

    def demand_kiosk(self, device: str) -> str:
        """A kiosk of this branch, or a refusal."""
        if device not in self.house.kiosks:
            raise QueueRuleError("bad-value", field="print_at")
        return device

    def paper_at(self, named: str | None) -> str | None:
        """The kiosk at which a paper comes out: the named one, else a kiosk itself, else none."""
        if named is not None:
            return self.demand_kiosk(named)
        return self.asker.device if self.asker.role is DeviceRole.KIOSK else None

    def demand_staff(self, staff: str) -> str:
        """Who may sign in here, or a refusal: nobody waits for a person who cannot come."""
        if staff not in self.house.staff:
            raise QueueRuleError("bad-value", field="staff")
        return staff


Decide = Callable[[Any, Occasion], list[AnyEvent]]
Answer = Callable[[Any, Sequence[AnyEvent], Occasion], dict[str, Any]]


def nothing_more(command: Any, events: Sequence[AnyEvent], occasion: Occasion) -> dict[str, Any]:
    """An answer of nothing beyond ``revision``."""
    return {}


def with_ticket(command: Any, events: Sequence[AnyEvent], occasion: Occasion) -> dict[str, Any]:
    """The ticket that the command named or made."""
    ticket_id: str = getattr(command, "ticket", None) or events[0].ticket  # type: ignore[assignment, union-attr]
    return {"ticket": occasion.view(ticket_id)}


@dataclass(frozen=True, slots=True)
class Handler:
    """How a command is decided, and what its answer says.

    ``seated`` asks for a person there; ``after_close`` is heard on a closed day, too.
    """

    decide: Decide
    answer: Answer = nothing_more
    seated: bool = True
    after_close: bool = False
