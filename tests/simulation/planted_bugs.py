"""Servers with one bug each, to see that the laws find it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import text

from protocol.messages import CheckIn, MergeOffline
from server.command_memory import WITHDRAWN, CommandMemory
from server.commands.handler import Answered
from server.connections import Connection
from server.domain.branch_day import BranchDay
from server.domain.explaining import line_of
from server.lane import Ask, Batch, Lane
from server.notices import Notices
from simulation.server_process import ServerProcess


class AnsweringTooSoon(Lane):
    """Answers before the disk has it."""

    def decide(self, asks: Sequence[Ask]) -> Batch:
        batch = super().decide(asks)
        for ask, frame in batch.replies:
            ask.reply(frame)
        batch.replies.clear()
        return batch


class RepeatingNumbers(Lane):
    """Now and then gives the number of the ticket before once more."""

    def decide(self, asks: Sequence[Ask]) -> Batch:
        if self._seq % 7 == 0:
            self.day.serials = {
                series: max(0, last - 1) for series, last in self.day.serials.items()
            }
        return super().decide(asks)


class SkippingNumbers(Lane):
    """Leaves a number out when a batch is refused."""

    def fail(self, batch: Batch) -> Any:
        refused = super().fail(batch)
        self.day.serials = {series: last + 1 for series, last in self.day.serials.items()}
        return refused


class TwoAtOneCounter(Lane):
    """Forgets after a while which ticket a counter holds, so it may call another."""

    def decide(self, asks: Sequence[Ask]) -> Batch:
        if self._seq % 11 == 0:
            for desk in self.day.desks.values():
                desk.ticket = None
        return super().decide(asks)


class ForgettingCommands(Lane):
    """Loses its memory of commands with each restart, on the disk too."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._store.forget_commands(2**62)
        with self._store.database.writing() as connection:
            connection.execute(text("DELETE FROM command"))
        self._memory = CommandMemory(self._store)


class AnotherAnswerEachTime(Lane):
    """Answers a retry with the revision of now."""

    def _remembered(self, command_id: bytes) -> Any:
        known = super()._remembered(command_id)
        if known is None:
            return None
        answer = msgspec.json.decode(known.answer)
        answer["revision"] = self.day.revision
        return replace(known, answer=msgspec.json.encode(answer))


class UnfairDay(Lane):
    """Calls the last instead of the first when many wait."""

    def decide(self, asks: Sequence[Ask]) -> Batch:
        day = self.day

        def last(desk: Any, now_ms: int) -> Any:
            waiting = line_of(day, desk, now_ms, 10**6)
            return waiting[-1] if len(waiting) > 5 else BranchDay.next_choice(day, desk, now_ms)

        day.next_choice = last  # type: ignore[method-assign]
        try:
            return super().decide(asks)
        finally:
            del day.next_choice


class DeafToTheClock(Lane):
    """Lets visitors wait for one counter for ever."""

    def _do_what_is_due(self, batch: Batch, now_ms: int) -> None:
        pass


class BlindCounters(Lane):
    """Does not see that a line has filled or emptied."""

    def decide(self, asks: Sequence[Ask]) -> Batch:
        self.day.lines.on_change = None
        return super().decide(asks)


class KeepingWhatFailed(Lane):
    """After a batch that the disk refused, the day stays as it was decided."""

    def fail(self, batch: Batch) -> Any:
        day = self.day
        refused = super().fail(batch)
        day.revision = self.day.revision
        self.day = day
        return refused


class TwoTransactions(Lane):
    """Writes the events first, and the answers in a transaction of their own."""

    def write(self, batch: Batch) -> None:
        self._store.commit(batch.entries, [], batch.changes)
        self._store.commit([], batch.answers, [])


class TalkativeNotices(Notices):
    """Tells the hall who sits at the counter."""

    def _announcement(self, call: Any) -> bytes:
        frame = super()._announcement(call)
        desk = self._day().desks[call.counter]
        return frame[:-1] + b',"staff":"%s"}' % (desk.staff or "").encode()


class ForgetfulNotices(Notices):
    """Every second time nobody is shown the newest state."""

    def flush(self) -> None:
        self._flushes = getattr(self, "_flushes", 0) + 1
        if self._flushes % 2:
            super().flush()
        self._dirty = False


class WorkingAfterTheClose(Lane):
    """Does not mind that a manager has closed the day."""

    def decide(self, asks: Sequence[Ask]) -> Batch:
        self.day.closed = False
        return super().decide(asks)


class UnmarkedCopies(Notices):
    """Never says CETAK ULANG."""

    def _send(self, connection: Connection, frame: bytes) -> None:
        super()._send(connection, frame.replace(b'"copy":2', b'"copy":1'))


class NumbersForEver(Lane):
    """Goes on counting on the next day."""

    def _open_day(self, business_date: str) -> None:
        serials = self.day.serials
        super()._open_day(business_date)
        self.day.serials = dict(serials)


class ForgettingMerges(Lane):
    """Takes a journal that it has taken in before for a new one."""

    def _decide_one(self, batch: Batch, ask: Ask, now_ms: int) -> bytes:
        command = ask.command
        if isinstance(command, MergeOffline) and not self.knows(command.id.bytes):
            self.day.offline_serials = {}
            self.day.merged_earlier = {}
            anew = [
                msgspec.structs.replace(one, ticket=f"{one.ticket[:32]}-{self._seq}")
                for one in command.tickets
            ]
            ask.command = msgspec.structs.replace(command, tickets=anew)
        return super()._decide_one(batch, ask, now_ms)


class LeavingGhosts(Lane):
    """Does not know which ticket a lost answer was about."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        answered = self._memory.answered

        def forgetful(command_id: UUID) -> Answered | None:
            known = answered(command_id)
            return known and Answered(known.device, None)

        self._memory.answered = forgetful  # type: ignore[method-assign]


class CarryingOutWhatWasWithdrawn(Lane):
    """Gives a number also to a frame that comes after its merge."""

    def _remember(self, batch: Batch, *given: Any) -> None:
        if given[2] != WITHDRAWN:
            super()._remember(batch, *given)


class OneLetterForAll(Lane):
    """Forgets which letter belongs to which kiosk."""

    def decide(self, asks: Sequence[Ask]) -> Batch:
        leased, self.day.leased = self.day.leased, {}
        leases, self.day.leases = self.day.leases, {}
        batch = super().decide(asks)
        self.day.leased = leased | self.day.leased
        self.day.leases = leases | self.day.leases
        return batch


class LendingTheSameAgain(Lane):
    """Lends numbers that were given already to whoever asks late, as if each day were the first."""

    def _new_day(self, business_date: str) -> BranchDay:
        day = super()._new_day(business_date)
        day.leased = {}
        return day


class GivingABookingTwice(Lane):
    """Does not mind that a booking was taken before."""

    def _decide_one(self, batch: Batch, ask: Ask, now_ms: int) -> bytes:
        command, bookings = ask.command, self.day.bookings
        if isinstance(command, CheckIn):
            for one in bookings.by_id.values():
                if one.state == "checked-in" and command.code in (one.code, one.link):
                    one.state = "booked"
                    bookings.kept[one.service] += 1
                    bookings.open.add((one.check_in_until_ms, one.id))
        return super()._decide_one(batch, ask, now_ms)


def server_with(bug: type[Lane] | type[Notices]) -> type[ServerProcess]:
    """A server process with this bug."""

    class Buggy(ServerProcess):
        lane_of = bug if issubclass(bug, Lane) else Lane
        notices_of = bug if issubclass(bug, Notices) else Notices

    return Buggy
