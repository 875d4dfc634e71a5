"""The laws of reliability.md, held against a simulated branch after each step.

Each look touches only what is new; a full recount comes now and then and after every crash.
"""

import re
from collections import Counter
from collections.abc import Callable

from protocol.messages import Accepted, AnyCommand, MergeOffline, Rejected, TicketToPrint
from server.command_memory import RECENT_ANSWERS_MAX
from server.connections import OUT_BYTES_MAX, Connections
from server.lane import Lane
from simulation.branch import SimulatedBranch
from simulation.disk import MadeUpDiskError
from simulation.lane_alone import LaneAlone
from simulation.watching import Watcher
from tests.simulation.book import Book, Entry, key_of
from tests.simulation.broken_law import BrokenLaw, demand
from tests.simulation.recount import (
    demand_bookings,
    demand_counters,
    demand_late_rows,
    demand_right_screen,
    demand_rows,
    demand_same_day,
    rulebook_of,
)
from tests.simulation.retelling import Retelling

RECOUNT_EVERY = 1000
MEMORY_AFTER_CLOSE_MS = 24 * 3600 * 1000
FRAME_BYTES = 64 * 1024

_ID = re.compile(rb'"id":"([^"]*)"')
_REVISION = re.compile(rb'"revision":(\d+)')
_ANNOUNCEMENT = re.compile(rb'"announcement":"([^"]*)"')
_JOB = re.compile(rb'"job":"([^"]*)"')
# The last one answers whoever says another word under the id of a merge, as the hands do.
PASSING = (b"try-again", b"internal", b"too-soon", b"id-reused")
_PUBLIC = ("kiosk-", "tv-", "pad-")


def _key_if_any(command_id: str) -> bytes:
    """The 16 bytes of a UUID; of anything else nothing."""
    try:
        return key_of(command_id)
    except ValueError:
        return b""


class Laws(Watcher):
    """Listens to a branch and raises BrokenLaw; the first one counts."""

    def __init__(self) -> None:
        self.broken: BrokenLaw | None = None
        self.branch: SimulatedBranch | LaneAlone | None = None
        self.checks = 0
        # What was answered: a command's name and "accepted" or the reason of its refusal.
        self.answers: Counter[tuple[str, str]] = Counter()
        self._kinds: dict[bytes, type[AnyCommand]] = {}
        # Who told which tickets with a command, and which command each was given instead of.
        self._merges: dict[bytes, tuple[str, list[str]]] = {}
        self._instead: dict[str, bytes] = {}
        # Papers of numbers that only a kiosk knows of yet: id to number.
        self._own_papers: dict[str, str] = {}
        self._answers: dict[bytes, bytes] = {}
        self._dates: dict[bytes, str] = {}
        self._last_event: dict[bytes, int] = {}
        self._acknowledged: set[bytes] = set()
        self._greeted: set[tuple[str, int]] = set()
        self._unmarked: set[str] = set()
        self._bugs = 0
        self._next_recount = RECOUNT_EVERY
        self._book: Book | None = None

    def watch(self, branch: SimulatedBranch | LaneAlone) -> None:
        """Begin with a branch that has just been made."""
        self.branch = branch

    def demand_history(self) -> None:
        """Law I13, at the end: every event from the first to the last, once more."""
        if self._book is not None and self.broken is None:
            self._lawfully(self._book.demand_whole_chain)

    @property
    def days(self) -> int:
        """How many business days have ended."""
        return len(self._retelling.closed_ms) if self._book is not None else 0

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
            self._retelling = Retelling(rulebook_of(lane.day.branch))
            self._retelling.offline.instead = self._instead
        self._lawfully(self._read_book)
        self._lawfully(self._demand_as_it_was)

    def committed(self) -> None:
        self._lawfully(self._read_book)
        assert self.branch is not None
        if self.branch.operations >= self._next_recount:
            self._next_recount = self.branch.operations + RECOUNT_EVERY
            self._lawfully(self._recount)

    def sent(self, device: str, connection: int, frame: bytes) -> None:
        self._lawfully(self._see_frame, device, connection, frame)

    def queued(self, device: str, waiting_bytes: int) -> None:
        bounded = waiting_bytes <= OUT_BYTES_MAX + 2 * FRAME_BYTES
        self._lawfully(demand, bounded, "I14", device, "has", waiting_bytes, "bytes to read")

    def asked(self, device: str, command: AnyCommand) -> None:
        self._kinds[command.id.bytes] = type(command)
        if isinstance(command, MergeOffline):
            self._merges[command.id.bytes] = device, [one.ticket for one in command.tickets]
            for one in command.tickets:
                if one.instead_of is not None:
                    self._instead[one.ticket] = one.instead_of.bytes

    def answered(self, device: str, command: AnyCommand, answer: Accepted | Rejected) -> None:
        reason = "accepted" if isinstance(answer, Accepted) else answer.reason
        self.answers[type(command).__name__, reason] += 1
        if isinstance(answer, Accepted):
            known = self._is_durable(command.id.bytes)
            self._lawfully(demand, known, "I1", device, "believes", command)

    def printed(self, kiosk: str, ticket: TicketToPrint) -> None:
        self._lawfully(self._see_paper, ticket)

    def rested(self) -> None:
        self._lawfully(self._demand_all_right)

    def stopped(self, error: BaseException | None) -> None:
        if isinstance(error, BrokenLaw):
            raise error
        planted = isinstance(error, MadeUpDiskError)
        self._lawfully(demand, planted, "F12", "the server ended itself:", repr(error))

    def handler_broke(self) -> None:
        self._bugs += 1

    def _lawfully(self, look: Callable[..., object], *facts: object) -> None:
        """Look; whatever the shipped code does with the error, the first one is kept."""
        if self.broken is not None:
            raise self.broken
        try:
            self.checks += 1
            look(*facts)
        except BrokenLaw as broken:
            self.broken = broken
            raise

    # After each transaction.

    def _read_book(self) -> None:
        """I1 to I6, I8, I11, I13, for what is new on the disk."""
        assert self._book is not None
        entries = self._book.new_entries()
        forgets = any(entry.body["type"] == "DayOpened" for entry in entries)
        self._read_answers(anew=forgets)
        merged: list[Entry] = []
        groups: dict[bytes, int] = {}
        for entry in entries:
            # Before the next command: that one may send on whom this one found being served.
            merged = self._demand_no_ghosts(merged, entry.command)
            self._retelling.hear(
                entry.seq, entry.at_ms, entry.date, entry.command, entry.actor, entry.body
            )
            if entry.command is not None:
                self._see_effect(entry.command, entry.seq)
                groups[entry.command] = entry.seq
            if entry.body.get("offline"):
                merged.append(entry)
        self._demand_no_ghosts(merged, None)
        for command, last_seq in groups.items():
            self._demand_whole(command, last_seq)

    def _demand_no_ghosts(self, merged: list[Entry], next_command: bytes | None) -> list[Entry]:
        """Look when a merge is whole; gives what is not looked at yet."""
        if not merged or merged[0].command == next_command:
            return merged
        for entry in merged:
            self._retelling.offline.demand_no_ghost(self._retelling.day, entry.actor, entry.body)
        return []

    def _read_answers(self, anew: bool) -> None:
        assert self._book is not None
        for command, (answer, date) in self._book.new_answers(anew).items():
            self._remember(command, answer, date)

    def _remember(self, command: bytes, answer: bytes, date: str) -> None:
        known = self._answers.get(command)
        if known is not None and (known, self._dates[command]) != (answer, date):
            demand(self._may_be_forgotten(command), "I6", command.hex(), "has two answers")
            self._last_event.pop(command, None)
        self._answers[command] = answer
        self._dates[command] = date

    def _see_effect(self, command: bytes, seq: int) -> None:
        if not self._is_remembered(command):
            return
        before = self._last_event.get(command)
        once = before is None or before == seq - 1
        demand(once, "I6", command.hex(), "had effects at", before, "and", seq)
        self._last_event[command] = seq

    def _may_be_forgotten(self, command: bytes) -> bool:
        """Whether the day of a command is closed for more than 24 h."""
        date = self._dates.get(command)
        closed_ms = self._retelling.closed_ms.get(date or "")
        return closed_ms is not None and self._lane.now_ms() > closed_ms + MEMORY_AFTER_CLOSE_MS

    def _demand_whole(self, command: bytes, last_seq: int) -> None:
        """Law I1: all of a command is there, with its answer, in one transaction."""
        if not self._is_remembered(command):
            return
        answer = self._answer_of(command)
        demand(answer is not None, "I1", command.hex(), "has effects and no answer")
        found = _REVISION.search(answer or b"")
        revision = int(found[1]) if found else -1
        demand(revision == last_seq, "I1", command.hex(), "answered", revision, "wrote", last_seq)

    def _demand_as_it_was(self) -> None:
        """After a restart: nothing lost, nothing added, and the hall exactly as it was."""
        assert self._book is not None
        self._book.demand_nothing_lost()
        demand_same_day(self._lane.day, self._book)

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
        elif (found := _ID.search(frame)) is not None:
            self._see_merge_refused(device, found[1].decode(), frame)

    def _see_merge_refused(self, device: str, command_id: str, frame: bytes) -> None:
        """Law I9: a kiosk that keeps to its lease is never told that its paper does not count."""
        teller, _ = self._merges.get(_key_if_any(command_id), ("", []))
        passes = teller != device or any(b'"reason":"%s"' % one in frame for one in PASSING)
        demand(passes, "I9", device, "may not merge:", frame)

    def _see_answer(self, device: str, frame: bytes) -> None:
        """I1 and I6: it is on the disk, in these very bytes."""
        found = _ID.search(frame)
        command = key_of(found[1].decode()) if found else b""
        if not self._is_remembered(command):
            return
        durable = self._answer_of(command)
        demand(durable is not None, "I1", command.hex(), "was answered and is not on the disk")
        demand(durable == frame, "I6", command.hex(), "got", frame, "but the disk has", durable)
        self._acknowledged.add(command)
        for ticket in self._merges.get(command, ("", []))[1]:
            kept = ticket in self._retelling.ever_issued
            demand(kept, "I1", ticket, "was merged, and is not on the disk")

    def _answer_of(self, command: bytes) -> bytes | None:
        if command not in self._answers:
            # After old answers were deleted, new ones may lie where those lay.
            self._read_answers(anew=True)
        return self._answers.get(command)

    def _is_durable(self, command: bytes) -> bool:
        return command in self._answers or not self._is_remembered(command)

    def _is_remembered(self, command: bytes) -> bool:
        """SignIn and SignOut stand outside the memory (protocol.md, Asking)."""
        kind = self._kinds.get(command)
        return kind is None or kind.remembered

    def _see_paper(self, ticket: TicketToPrint) -> None:
        """Law I9: no paper without a ticket, and one paper without CETAK ULANG at most."""
        known = ticket.ticket.id in self._retelling.ever_issued
        if ticket.offline and not known:
            self._own_papers[ticket.ticket.id] = ticket.ticket.number
        else:
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
        demand_same_day(self._lane.day, self._book)
        for told in (*self._retelling.last_days, self._retelling.day):
            demand_rows(told, self._book)
            demand_counters(told, self._retelling.rules, self._book)
        self._retelling.last_days.clear()
        demand_late_rows(self._retelling.offline, self._book)
        demand_bookings(self._retelling.home, self._retelling.day.date, self._book)
        kept = set(self._book.new_answers(anew=True))
        lost = [one for one in self._acknowledged - kept if not self._may_be_forgotten(one)]
        demand(not lost, "I1", "acknowledged and not on the disk:", [one.hex() for one in lost[:3]])
        self._acknowledged &= kept
        recent = len(self._lane._memory)
        demand(recent <= RECENT_ANSWERS_MAX, "I14", recent, "answers in memory")

    # When all faults have stopped.

    def _demand_all_right(self) -> None:
        """Law I7: every client shows the server's revision and state; nothing is left waiting."""
        assert self.branch is not None
        assert self._book is not None
        day = self._lane.day
        same = day.revision == self._book.last_seq
        demand(same, "I7", "the day is at", day.revision, "the disk at", self._book.last_seq)
        for name, offline in self.branch.offline_kiosks.items():
            waits = [one.number for one in offline.journal]
            demand(not waits or offline.must_wait, "I1", name, "could not merge", waits[:3])
        for kiosk in self.branch.desks:
            demand(not kiosk.untold, "I1", kiosk.name, "could not merge", kiosk.untold[:3])
        untold = self._own_papers.keys() - self._retelling.ever_issued
        demand(not untold, "I9", "paper without a ticket:", [self._own_papers[i] for i in untold])
        self._own_papers.clear()
        for device in self.branch.devices:
            shown, left = device.session.status, device.session.unanswered
            demand(device.is_online, "I7", device.name, "is not back:", shown)
            demand(not left, "I7", device.name, "waits for", left, "answers")
            demand_right_screen(device, self.branch.server)
        self._recount()
