"""The laws of reliability.md, held against a simulated branch after each step.

Each look touches only what is new; a full recount comes now and then and after every crash.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from protocol.codec import decode_server_message, encode
from protocol.messages import (
    Accepted,
    AnyCommand,
    BoardSnapshot,
    Rejected,
    TicketToPrint,
)
from protocol.roles import DeviceRole
from server import snapshots
from server.connections import OUT_BYTES_MAX, Connections
from server.domain.branch import Branch
from server.domain.branch_day import BranchDay
from server.domain.events import AnyEvent, Recorded
from server.lane import RECENT_ANSWERS_MAX, Lane
from simulation.branch import SimulatedBranch
from simulation.devices import CounterDevice, Device
from simulation.disk import MadeUpDiskError
from simulation.watching import Watcher
from tests.simulation.book import Book
from tests.simulation.broken_law import BrokenLaw, demand
from tests.simulation.retelling import Retelling, Rulebook

RECOUNT_EVERY = 1000
MEMORY_AFTER_CLOSE_MS = 24 * 3600 * 1000
FRAME_BYTES = 64 * 1024

_ID = re.compile(rb'"id":"([^"]*)"')
_REVISION = re.compile(rb'"revision":(\d+)')
_ANNOUNCEMENT = re.compile(rb'"announcement":"([^"]*)"')
_JOB = re.compile(rb'"job":"([^"]*)"')
_PUBLIC = ("kiosk-", "tv-", "pad-")
_event_of = msgspec.json.Decoder(AnyEvent).decode


class Laws(Watcher):
    """Listens to a branch and raises BrokenLaw; the first one counts."""

    def __init__(self) -> None:
        self.broken: BrokenLaw | None = None
        self.branch: SimulatedBranch | None = None
        self.checks = 0
        self._kinds: dict[str, type[AnyCommand]] = {}
        self._answers: dict[str, bytes] = {}
        self._dates: dict[str, str] = {}
        self._last_event: dict[str, int] = {}
        self._acknowledged: set[str] = set()
        self._greeted: set[tuple[str, int]] = set()
        self._unmarked: set[str] = set()
        self._answered: set[str] = set()
        self._bugs = 0
        self._next_recount = RECOUNT_EVERY
        self._book: Book | None = None

    def watch(self, branch: SimulatedBranch) -> None:
        """Begin with a branch that has just been made."""
        self.branch = branch

    def close(self) -> None:
        """Let go of the database."""
        if self._book is not None:
            self._book.close()

    # What the branch tells.

    def started(self, lane: Lane, connections: Connections) -> None:
        self._lane, self._connections = lane, connections
        self._bugs = 0
        if self._book is None:
            self._book = Book(lane._store.database.file, lane._store.branch_code)  # type: ignore[arg-type]
            self._retelling = Retelling(_rulebook(lane.day.branch))
        self._lawfully(self._read_book, self._book.demand_nothing_lost, self._recount)

    def committed(self) -> None:
        self._lawfully(self._read_book)
        assert self.branch is not None
        if self.branch.operations >= self._next_recount:
            self._next_recount = self.branch.operations + RECOUNT_EVERY
            self._lawfully(self._recount)

    def sent(self, device: str, connection: int, frame: bytes) -> None:
        self._lawfully(lambda: self._see_frame(device, connection, frame))

    def queued(self, device: str, waiting_bytes: int) -> None:
        bounded = waiting_bytes <= OUT_BYTES_MAX + 2 * FRAME_BYTES
        self._lawfully(lambda: demand(bounded, "I14", device, "has", waiting_bytes, "bytes to read"))

    def asked(self, device: str, command: AnyCommand) -> None:
        self._kinds[str(command.id)] = type(command)

    def answered(self, device: str, command: AnyCommand, answer: Accepted | Rejected) -> None:
        if isinstance(answer, Accepted):
            known = self._is_durable(str(command.id))
            self._lawfully(lambda: demand(known, "I1", device, "believes", command))

    def printed(self, kiosk: str, ticket: TicketToPrint) -> None:
        self._lawfully(lambda: self._see_paper(ticket))

    def rested(self) -> None:
        self._lawfully(self._demand_all_right)

    def stopped(self, error: BaseException | None) -> None:
        if isinstance(error, BrokenLaw):
            raise error
        planted = isinstance(error, MadeUpDiskError)
        self._lawfully(lambda: demand(planted, "F12", "the server ended itself:", repr(error)))

    def handler_broke(self) -> None:
        self._bugs += 1

    def _lawfully(self, *looks: Any) -> None:
        """Look; whatever the shipped code does with the error, the first one is kept."""
        if self.broken is not None:
            raise self.broken
        try:
            for look in looks:
                self.checks += 1
                look()
        except BrokenLaw as broken:
            self.broken = broken
            raise

    # After each transaction.

    def _read_book(self) -> None:
        """I1 to I6, I8, I11, I13, for what is new on the disk."""
        assert self._book is not None
        entries = self._book.new_entries()
        forgets = any(entry.body["type"] == "DayOpened" for entry in entries)
        answers = {one.command: one for one in self._book.new_commands(anew=forgets)}
        for command, remembered in answers.items():
            self._remember(command, remembered.answer)
        groups: dict[str, int] = {}
        for entry in entries:
            asked = entry.command is not None
            self._retelling.hear(entry.seq, entry.at_ms, entry.date, asked, entry.body)
            if entry.command is not None:
                self._see_effect(entry.command, entry.seq, entry.at_ms, entry.date)
                groups[entry.command] = entry.seq
        for command, last_seq in groups.items():
            self._demand_whole(command, last_seq)

    def _remember(self, command: str, answer: bytes) -> None:
        known = self._answers.get(command)
        same = known is None or known == answer or self._may_be_forgotten(command)
        demand(same, "I6", command, "has two answers")
        self._answers[command] = answer

    def _see_effect(self, command: str, seq: int, at_ms: int, date: str) -> None:
        before = self._last_event.get(command)
        if before is not None and before != seq - 1:
            forgotten = self._may_be_forgotten(command)
            demand(forgotten, "I6", command, "had effects at", before, "and", seq)
        self._last_event[command] = seq
        self._dates[command] = date

    def _may_be_forgotten(self, command: str) -> bool:
        """Whether the day of a command is closed for more than 24 h."""
        date = self._dates.get(command)
        closed_ms = self._retelling.closed_ms.get(date or "")
        return closed_ms is not None and self._lane.now_ms() > closed_ms + MEMORY_AFTER_CLOSE_MS

    def _demand_whole(self, command: str, last_seq: int) -> None:
        """Law I1: all of a command is there, with its answer, in one transaction."""
        kind = self._kinds.get(command)
        if kind is not None and not kind.remembered:
            return
        answer = self._answers.get(command)
        demand(answer is not None, "I1", command, "has effects and no answer")
        found = _REVISION.search(answer or b"")
        revision = int(found[1]) if found else -1
        demand(revision == last_seq, "I1", command, "answered", revision, "wrote", last_seq)

    # What leaves the server.

    def _see_frame(self, device: str, connection: int, frame: bytes) -> None:
        assert self._book is not None
        kind = frame[9 : frame.index(b'"', 9)]
        if (device, connection) not in self._greeted:
            greeting = kind in (b"Welcome", b"Rejected")
            demand(greeting, "protocol", device, "hears", kind.decode(), "before Welcome")
            self._greeted.add((device, connection))
        if device.startswith(_PUBLIC):
            demand(b"CANARY" not in frame, "I12", device, "is told", frame)
            if not device.startswith("kiosk-"):
                demand(b'"link":"' not in frame, "I12", device, "is told a link", frame)
        if kind == b"Rejected":
            self._see_refusal(device, frame)
            return
        if (found := _REVISION.search(frame)) is not None:
            revision, last = int(found[1]), self._book.last_seq
            demand(revision <= last, "I1", device, "sees", revision, "the disk has", last)
        if kind == b"Accepted":
            self._see_answer(device, frame)
        elif kind == b"Announcement":
            found = _ANNOUNCEMENT.search(frame)
            known = found is not None and found[1].decode() in self._retelling.day.announcements
            demand(known, "I1", "announced before the commit:", frame)
        elif kind == b"TicketToPrint":
            found = _JOB.search(frame)
            known = found is not None and found[1].decode() in self._retelling.day.jobs
            demand(known, "I9", "paper before the commit:", frame)

    def _see_refusal(self, device: str, frame: bytes) -> None:
        if b'"reason":"internal"' in frame:
            self._bugs -= 1
            demand(self._bugs >= 0, "F12", device, "met a bug:", frame)

    def _see_answer(self, device: str, frame: bytes) -> None:
        """I1 and I6: it is on the disk, in these very bytes."""
        found = _ID.search(frame)
        command = found[1].decode() if found else ""
        kind = self._kinds.get(command)
        if kind is not None and not kind.remembered:
            return
        durable = self._answers.get(command)
        demand(durable is not None, "I1", command, "was answered and is not on the disk")
        demand(durable == frame, "I6", command, "got", frame, "but the disk has", durable)
        self._acknowledged.add(command)

    def _is_durable(self, command: str) -> bool:
        kind = self._kinds.get(command)
        return command in self._answers or (kind is not None and not kind.remembered)

    def _see_paper(self, ticket: TicketToPrint) -> None:
        """Law I9: no paper without a ticket, and one paper without CETAK ULANG at most."""
        known = ticket.ticket.id in self._retelling.ever_issued
        demand(known, "I9", "paper without a ticket:", ticket.ticket.number)
        if ticket.copy == 1:
            again = ticket.ticket.id in self._unmarked
            demand(not again, "I9", ticket.ticket.number, "has two papers that look alike")
            self._unmarked.add(ticket.ticket.id)

    # The recount.

    def _recount(self) -> None:
        """Everything anew: the fold (I3), the rows (I11), the chain (I13), the memory (I1)."""
        assert self._book is not None
        self._book.demand_nothing_lost()
        self._book.demand_whole_chain()
        self._demand_same_day()
        for date, told in [*self._retelling.last_days.items(), ("", self._retelling.day)]:
            if told.date:
                self._demand_rows(date or told.date)
        self._retelling.last_days.clear()
        kept = {one.command for one in self._book.new_commands(anew=True)}
        lost = [one for one in self._acknowledged - kept if not self._may_be_forgotten(one)]
        demand(not lost, "I1", "acknowledged and not on the disk:", lost[:3])
        self._acknowledged &= kept
        recent = len(self._lane._recent)
        demand(recent <= RECENT_ANSWERS_MAX, "I14", recent, "answers in memory")

    def _demand_same_day(self) -> None:
        """Law I3: the day told again from the stored events is the live one, in everything."""
        assert self._book is not None
        live = self._lane.day
        again = BranchDay(live.branch, live.business_date)
        for seq, at_ms, date, command, actor, body in self._book.entries_of(live.business_date):
            again.apply(
                Recorded(
                    seq=seq,
                    at_ms=at_ms,
                    business_date=date,
                    event=_event_of(body),
                    actor=actor,
                    command_id=command,
                )
            )
        again.revision = self._book.last_seq
        mine, theirs = _facts(live), _facts(again)
        differ = [name for name in mine if mine[name] != theirs[name]]
        demand(not differ, "I3", "the live day differs from its events in", differ)

    def _demand_rows(self, date: str) -> None:
        """Law I11: the tables say the same as the events, and no stretch of time is missing."""
        assert self._book is not None
        told = self._retelling.last_days.get(date, self._retelling.day)
        rows, periods = self._book.tickets(date), self._book.periods(date)
        demand(set(rows) == set(told.tickets), "I11", "table ticket has others than the events")
        for ticket in told.tickets.values():
            at = ticket.counter if ticket.state in ("called", "serving") else rows[ticket.id][3]
            wanted = (ticket.number, ticket.service, ticket.state, at)
            wanted += (ticket.call_count, ticket.copies)
            demand(rows[ticket.id] == wanted, "I11", rows[ticket.id], "should be", wanted)
            _demand_periods(ticket.number, ticket.issued_ms, ticket.state, periods[ticket.id])

    # When all faults have stopped.

    def _demand_all_right(self) -> None:
        """Law I7: every client shows the server's revision and state; nothing is left waiting."""
        assert self.branch is not None
        assert self._book is not None
        day = self._lane.day
        same = day.revision == self._book.last_seq
        demand(same, "I7", "the day is at", day.revision, "the disk at", self._book.last_seq)
        for device in self.branch.devices:
            shown, left = device.session.status, device.session.unanswered
            demand(device.is_online, "I7", device.name, "is not back:", shown)
            demand(not left, "I7", device.name, "waits for", left, "answers")
            self._demand_right_screen(device, day)
        self._recount()

    def _demand_right_screen(self, device: Device, day: BranchDay) -> None:
        if device.role is DeviceRole.RATING:
            return
        shown, right = device.snapshot, self._right_snapshot(device, day)
        if isinstance(shown, BoardSnapshot) and isinstance(right, BoardSnapshot):
            # A number's time may run out without an event; the board drops it by its clock.
            now = datetime.fromtimestamp(self._lane.now_ms() / 1000, UTC)
            fresh = [one for one in shown.missed if one.valid_until > now]
            shown = msgspec.structs.replace(shown, missed=fresh)
        demand(shown == right, "I7", device.name, "shows", shown, "instead of", right)
        if isinstance(device, CounterDevice):
            seat = day.seats.get(device.name)
            seated = device.seat.occupied == (seat is not None)
            demand(seated, "I7", device.name, "shows the page", device.seat.page)

    def _right_snapshot(self, device: Device, day: BranchDay) -> Any:
        health = self.branch.server.notices.device_health() if self.branch is not None else []
        frame: msgspec.Struct
        match device.role:
            case DeviceRole.KIOSK:
                frame = snapshots.kiosk_snapshot(day)
            case DeviceRole.DISPLAY:
                frame = snapshots.board_snapshot(day, self._lane.now_ms())
            case DeviceRole.COUNTER:
                frame = snapshots.queue_snapshot(day, device.name)
            case DeviceRole.SCREENING:
                frame = snapshots.screening_snapshot(day, device.name, health)
            case _:
                frame = snapshots.hall_snapshot(day, device.name, health)
        return decode_server_message(encode(frame))


def _demand_periods(number: str, issued_ms: int, state: str, periods: list[Any]) -> None:
    demand(periods[0][:2] == ("waiting", issued_ms), "I11", number, "begins with", periods[0])
    for (_, started, ended), (_, following, _) in zip(periods, periods[1:], strict=False):
        gap = ended is None or ended < started or following < ended
        demand(not gap, "I11", number, "has a wrong stretch", periods)
    is_open = periods[-1][2] is None
    lives = state in ("waiting", "called", "serving", "parked")
    demand(is_open == lives, "I11", number, "is", state, "but its last stretch is", periods[-1])
    demand(not lives or periods[-1][0] == state, "I11", number, "is", state, periods[-1])


def _facts(day: BranchDay) -> Mapping[str, Any]:
    """A day as plain facts to compare."""
    facts = {
        name: value
        for name, value in vars(day).items()
        if name not in ("branch", "discipline", "lines", "_changes")
    }
    facts["lines"] = {
        name: line for name in day.lines.names() if (line := day.lines.in_order([name], 10**6))
    }
    for name in ("board", "missed"):
        facts[name] = list(facts[name])
    return facts


def _rulebook(branch: Branch) -> Rulebook:
    rules = branch.rules
    offset = branch.time_zone.utcoffset(datetime(2026, 11, 20))  # noqa: DTZ001 (a wall clock)
    assert offset is not None

    return Rulebook(
        services={one.code: (one.letter, one.target_wait_s) for one in branch.services.values()},
        counters={one.number: one.services for one in branch.counters.values()},
        discipline=rules.discipline,
        priority_letter=rules.priority_letter,
        number_last=rules.number_last,
        grace_places=rules.grace_places,
        utc_offset=offset,
        day_starts=timedelta(minutes=branch.day_starts_minute),
    )


