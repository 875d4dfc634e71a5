"""The single lane: commands one at a time, facts on the disk before anyone is answered.

``Lane`` has no asyncio and no thread, so the simulator drives the shipped code in one thread:
``decide`` a batch, ``write`` it (this may happen elsewhere: the lane touches nothing meanwhile),
then send its replies, or ``fail`` it when the disk said no.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from protocol.codec import encode
from protocol.messages import Accepted, AnyCommand, Rejected
from protocol.roles import DeviceRole
from server.acting import session_for
from server.command_memory import WITHDRAWN, CommandMemory, digest_of, same_again
from server.commands import COMMANDS
from server.commands.code_guesses import CodeGuesses
from server.commands.handler import Asker, House, Occasion
from server.domain.branch import Branch
from server.domain.branch_day import BranchDay
from server.domain.changes import DayChanges
from server.domain.clockwork import decide_due
from server.domain.closing import decide_day_over
from server.domain.configuring import decide_configured, decide_day_open
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, DayOpened, PersonalDataErased, Recorded
from server.domain.experience import PastDays
from server.domain.hall_door import Complaint
from server.domain.hall_lease import LeasedSeries
from server.domain.hall_sessions import WebSession
from server.domain.lockout import Lockout
from server.domain.seating import Person, decide_sign_out, decide_turn_out
from server.domain.ticket import Ticket
from server.domain.web_sessions import decide_gone, gone
from server.fault_words import places_of
from server.free_text import without_numbers_of_people
from server.ports import Clock, Erasure, Ids, NoSecondStep, SealedRecord, Sealer, SecondStep
from server.refusals import sentence
from server.retention import Retention
from server.store import RememberedAnswer, Store
from server.ticket_views import LINKED_ROLES, ticket_view

log = logging.getLogger(__name__)

BATCH_COMMANDS_MAX = 256
SEATED_ROLES = frozenset({DeviceRole.COUNTER, DeviceRole.SCREENING, DeviceRole.MANAGER})


@dataclass(slots=True)
class Ask:
    """A command on its way through the lane; ``reply`` gets the frame of its answer."""

    command: AnyCommand
    asker: Asker
    reply: Callable[[bytes], None]
    person: Person | None = None


@dataclass(slots=True)
class Batch:
    """What was decided together and is written in one transaction."""

    entries: list[Recorded] = field(default_factory=list)
    answers: list[RememberedAnswer] = field(default_factory=list)
    changes: list[DayChanges] = field(default_factory=list)
    sealed: list[SealedRecord] = field(default_factory=list)
    erasure: Erasure | None = None
    replies: list[tuple[Ask, bytes]] = field(default_factory=list)

    @property
    def must_be_written(self) -> bool:
        """Whether anything happened that has to survive."""
        return bool(self.entries or self.answers)


class Lane:
    """Decides commands against the branch day, in order, each exactly once."""

    def __init__(
        self,
        store: Store,
        branch: Branch,
        clock: Clock,
        ids: Ids,
        house: House,
        sealer: Sealer,
        second_step: SecondStep | None = None,
    ) -> None:
        self._store = store
        self._branch = branch
        self._clock = clock
        self._ids = ids
        self._house = house
        self._sealer = sealer
        self._memory = CommandMemory(store)
        self._now_ms = 0
        self._seq = 0
        self._configured = False
        self._past: tuple[str, PastDays, list[Complaint], list[LeasedSeries]] | None = None
        self._dated: tuple[Branch, int, str] | None = None
        self._retention = Retention(store)
        self._guesses = CodeGuesses()
        self._second_step = second_step or NoSecondStep()
        self._wrong_codes = Lockout()
        self.day = self._rebuild()

    def _rebuild(self) -> BranchDay:
        """The day as the disk has it: the fold of its events."""
        loaded = self._store.load_day()
        self._seq, self._now_ms = loaded.last_seq, max(self._now_ms, loaded.last_at_ms)
        day = self._new_day(loaded.business_date or "")
        for recorded in loaded.entries:
            day.apply(recorded)
        day.revision = loaded.last_seq
        day.take_changes()
        return day

    def now_ms(self) -> int:
        """The branch's time: it follows the clock, but never goes back (law I11)."""
        self._now_ms = max(self._now_ms, self._clock.now_ms())
        return self._now_ms

    def knows(self, command_id: bytes) -> bool:
        """Whether this id was answered before; a retry is never held up by a limit."""
        return self._memory.knows(command_id)

    def new_reference(self) -> str:
        """What a person reads out to us when something of ours broke."""
        return self._ids.new_id()[-6:]

    @property
    def archive(self) -> Store:
        """What queries read beside the lane: only what is on the disk."""
        return self._store

    @property
    def sealer(self) -> Sealer:
        """The branch's key, for queries that show what stands under seal."""
        return self._sealer

    # Deciding.

    def decide(self, asks: Sequence[Ask]) -> Batch:
        """Decide commands in order; each sees what those before it changed."""
        batch = Batch()
        now_ms = self.now_ms()
        self._turn_day(batch, now_ms)
        self._do_what_is_due(batch, now_ms)
        self._turn_out(batch, now_ms)
        for ask in asks:
            batch.replies.append((ask, self._answer(batch, ask, now_ms)))
        self._take_changes(batch)
        return batch

    def day_is_over(self) -> bool:
        """Whether the business day has to change before the next command."""
        return self._date_of(self.now_ms()) > self.day.business_date

    def _date_of(self, now_ms: int) -> str:
        """The business day of an instant, reckoned once a minute: no day turns within one."""
        branch, minute = self._branch, now_ms // 60_000
        if self._dated is None or self._dated[0] is not branch or self._dated[1] != minute:
            self._dated = branch, minute, branch.business_date(now_ms).isoformat()
        return self._dated[2]

    def _turn_day(self, batch: Batch, now_ms: int) -> None:
        """Close the day that is over and open the next; never one before the last (F14, F15)."""
        if not self.day_is_over():
            if not self._configured:
                self._configured = True
                self._record(batch, decide_configured(self.day), now_ms)
            return
        self._configured = True
        if self.day.business_date:
            self._record(batch, decide_day_over(self.day, now_ms), now_ms)
        self._take_changes(batch)
        self._open_day(self._date_of(now_ms))
        opened = decide_day_open(self._branch, self.day.business_date)
        self._record(batch, opened, now_ms)

    def something_is_due(self) -> bool:
        """Whether the clock alone changes something before the next command."""
        due_ms = self.day.next_due_ms
        return due_ms is not None and due_ms <= self.now_ms()

    def _do_what_is_due(self, batch: Batch, now_ms: int) -> None:
        while events := decide_due(self.day, now_ms):
            self._record(batch, events, now_ms)

    def _turn_out(self, batch: Batch, now_ms: int) -> None:
        """Whoever may not sign in any more does not stay signed in either."""
        leaving = [seat for seat in self.day.seats.values() if seat.staff not in self._house.staff]
        for seat in leaving:
            self._record(batch, decide_turn_out(self.day, seat), now_ms)
        self._record(batch, decide_gone(self.day, self._house.managers), now_ms)

    def somebody_must_go(self) -> bool:
        """Whether a person is signed in here who may not sign in any more."""
        if gone(self.day, self._house.managers):
            return True
        return any(seat.staff not in self._house.staff for seat in self.day.seats.values())

    def _open_day(self, business_date: str) -> None:
        revision = self.day.revision
        self.day = self._new_day(business_date)
        self.day.revision = revision

    def _new_day(self, business_date: str) -> BranchDay:
        """A day that knows what the days before it taught about waiting, and their complaints.

        What changed today of a complaint is told again by today's events, whole; so it is the
        same whether the disk is read in the morning or after a restart.
        """
        # Summed once a day: a busy disk must not make the lane sum 20 days again.
        if self._past is None or self._past[0] != business_date:
            past_days = self._store.past_days(business_date, self._branch)
            complaints = self._store.complaints_at_hand(business_date, self._branch.time_zone)
            leased = self._store.leased_before(business_date)
            self._past = business_date, past_days, complaints, leased
        return BranchDay(self._branch, business_date, *self._past[1:])

    def end_idle_seats(self, devices: Sequence[str]) -> Batch:
        """Sign out devices where nobody did anything for too long."""
        batch, now_ms = Batch(), self.now_ms()
        for device in devices:
            seat = self.day.seats.get(device)
            desk = self.day.desks[seat.counter] if seat and seat.counter is not None else None
            if seat is not None and (desk is None or desk.ticket is None):
                self._record(batch, decide_sign_out(self.day, device, "idle"), now_ms)
        self._take_changes(batch)
        return batch

    # Erasing what is personal, at the end of its time.

    def erasing_is_due(self) -> bool:
        """Whether to look for it: at the start, when the day turns, and every hour."""
        return self._retention.is_due(self.day.business_date, self.now_ms())

    def erase_what_is_due(self) -> Batch:
        """Rows and event go in one transaction, so that the history says what was erased when."""
        batch, now_ms = Batch(), self.now_ms()
        if counts := self._retention.look(self.day.business_date, now_ms):
            erased = PersonalDataErased(counts=counts, reason="retention", until_ms=now_ms)
            self._record(batch, [erased], now_ms)
            batch.erasure = Erasure(until_ms=now_ms)
        self._take_changes(batch)
        return batch

    @property
    def traces_are_left(self) -> bool:
        """Whether files may still hold bytes of what was erased."""
        return self._retention.traces_are_left

    def clear_traces(self) -> None:
        """Take them out of the files; touches the disk alone, so it may run in its thread."""
        self._retention.clear_traces()

    def _take_changes(self, batch: Batch) -> None:
        batch.changes.append(self.day.take_changes())

    def _record(
        self,
        batch: Batch,
        events: Sequence[AnyEvent],
        now_ms: int,
        actor: str = "server",
        command_id: str | None = None,
    ) -> None:
        for event in events:
            self._seq += 1
            recorded = Recorded(
                seq=self._seq,
                at_ms=now_ms,
                business_date=self.day.business_date,
                event=event,
                actor=actor,
                command_id=command_id,
            )
            self.day.apply(recorded)
            batch.entries.append(recorded)

    def _answer(self, batch: Batch, ask: Ask, now_ms: int) -> bytes:
        happened, sealed = len(batch.entries), len(batch.sealed)
        try:
            return self._decide_one(batch, ask, now_ms)
        except QueueRuleError as no:
            return self._rejected(ask, no)
        except Exception as error:
            # A bug in one command must not take the others down (F12), nor leave half of it.
            reference, name = self.new_reference(), type(ask.command).__name__
            if ask.command.personal:
                log.error("command %s failed, reference %s: %s", name, reference, places_of(error))
            else:
                log.exception("command %s failed, reference %s", name, reference)
            del batch.sealed[sealed:]
            self._take_back(batch, happened)
            return self._rejected(ask, QueueRuleError("internal", reference=reference))

    def _take_back(self, batch: Batch, happened: int) -> None:
        """Tell the day again from the disk and from what this batch had before a bug."""
        del batch.entries[happened:]
        batch.changes.clear()
        self.day = self._rebuild()
        for recorded in batch.entries:
            if isinstance(recorded.event, DayOpened):
                self._take_changes(batch)
                self._open_day(recorded.business_date)
            self.day.apply(recorded)
            self._seq = recorded.seq

    def _decide_one(self, batch: Batch, ask: Ask, now_ms: int) -> bytes:
        # First of all, so that no handler, event, digest or bug sees what was typed.
        command, asker = without_numbers_of_people(ask.command), ask.asker
        digest = b""
        if command.remembered:
            command = _with_defaults(command, asker)
            digest = digest_of(command, self._sealer)
            if (answer := self._remembered(command.id.bytes)) is not None:
                return same_again(answer, asker, digest)
        handler = COMMANDS.get(type(command))
        if handler is None:
            raise QueueRuleError("unknown-type")
        if asker.role not in command.roles:
            raise QueueRuleError("not-allowed")
        session = self.session_for(command, asker, now_ms)
        if self.day.closed and not handler.after_close:
            raise QueueRuleError("day-closed")
        occasion = Occasion(
            self.day,
            asker,
            now_ms,
            self._ids,
            self._store,
            self._sealer,
            ask.person,
            self._house,
            self._guesses,
            pending=batch.sealed,
            answered=self._memory.answered,
            session=session,
            second_step=self._second_step,
            wrong_codes=self._wrong_codes,
        )
        if handler.seated and asker.role in SEATED_ROLES and occasion.staff is None:
            raise QueueRuleError("not-signed-in")
        events = handler.decide(command, occasion)
        self._record(batch, events, now_ms, asker.device, str(command.id))
        batch.sealed += occasion.sealed
        fields = handler.answer(command, events, occasion)
        frame = encode(Accepted(id=command.id, revision=self.day.revision, **fields))
        if command.remembered:
            self._remember(batch, command.id, asker, digest, frame, now_ms)
        for command_id in occasion.withdrawn:
            self._remember(batch, command_id, asker, WITHDRAWN, b"", now_ms)
        return frame

    def session_for(self, command: AnyCommand, asker: Asker, now_ms: int) -> WebSession | None:
        """The manager's session that the pages speak for, or a refusal; None: nobody's."""
        return session_for(self.day, self._house, command, asker, now_ms)

    # The command memory (law I6).

    def _remembered(self, command_id: bytes) -> RememberedAnswer | None:
        return self._memory.recall(command_id)

    def _remember(
        self,
        batch: Batch,
        command_id: UUID,
        asker: Asker,
        digest: bytes,
        frame: bytes,
        now_ms: int,
    ) -> None:
        answer = RememberedAnswer(
            command_id=command_id.bytes,
            device=asker.device,
            body_digest=digest,
            answer=frame,
            at_ms=now_ms,
            business_date=self.day.business_date,
        )
        batch.answers.append(answer)
        self._memory.keep(answer)

    def forget_old_commands(self) -> None:
        """Drop the answers of days that closed more than 24 h ago."""
        self._memory.forget_old(self.now_ms())

    # Answers.

    def _rejected(self, ask: Ask, no: QueueRuleError) -> bytes:
        facts = dict(no.facts)
        held = facts.pop("ticket", None)
        extra: dict[str, Any] = {key: facts[key] for key in ("retry_after_s",) if key in facts}
        if no.reason == "wrong-state":
            extra["state"] = facts["state"]
        if isinstance(held, str):
            extra["ticket"] = self._view(self.day.tickets[held], ask.asker)
        return encode(
            Rejected(
                id=str(ask.command.id),
                reason=no.reason,
                message=sentence(no.reason, ask.asker.language, facts),
                **extra,
            )
        )

    def _view(self, ticket: Ticket, asker: Asker) -> Any:
        return ticket_view(self.day, ticket, linked=asker.role in LINKED_ROLES)

    # The other two steps.

    def write(self, batch: Batch) -> None:
        """Make a batch durable; may run in another thread while the lane rests."""
        self._store.commit(batch.entries, batch.answers, batch.changes, batch.sealed, batch.erasure)

    def fail(self, batch: Batch) -> list[tuple[Ask, bytes]]:
        """The disk refused a batch: tell the day again from what it has; everyone asks again."""
        self._memory.take_back(batch.answers)
        self.day = self._rebuild()
        self._configured = False
        if batch.erasure is not None:
            self._retention.look_again_soon(self._now_ms)
        return self.refuse(batch)

    def refuse(self, batch: Batch) -> list[tuple[Ask, bytes]]:
        """The answers of a batch that was not written."""
        no = QueueRuleError("try-again", retry_after_s=1)
        return [(ask, self._rejected(ask, no)) for ask, _ in batch.replies]


def _with_defaults(command: AnyCommand, asker: Asker) -> AnyCommand:
    """Absent language means the connection's (protocol.md, Asking), before bodies are compared."""
    if getattr(command, "language", "") is None:
        return msgspec.structs.replace(command, language=asker.language)
    return command
