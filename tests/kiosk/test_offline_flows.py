"""A thousand visitors at kiosks whose link is cut at every point of the way to a number.

F01, F14, F16, F19, F23, F40 and F41 under laws I1, I2, I6 and I9: each story ends with all faults
healed, and then every number that anybody has seen must be one ticket of the server, once.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import msgspec
import pytest

from kiosk.visit import Page
from protocol.codec import encode
from protocol.messages import AnyCommand, IssueTicket, MergeOffline
from simulation.disk import DiskFault
from tests.kiosk.offline_branch import OfflineBranch, OfflineKiosk, choose, shown_ticket

FLOWS, FLOWS_LONG, FLOWS_OF_A_STORY = 1_000, 20_000, 25
NUMBER_WITHIN_S = 2.1
"""Two seconds of law, and one look of the clock."""

PAPER_DUE_S = 600
MORNING = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
BEFORE_MIDNIGHT = datetime(2026, 11, 20, 16, 58, tzinfo=UTC)
"""Two minutes before midnight in Jakarta."""

DAY_S = 24 * 3600


@dataclass
class Tally:
    """What came to pass, so that nobody takes a quiet day for a proof."""

    flows: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    tickets: Counter[str] = field(default_factory=Counter)
    crashes: int = 0
    reboots: int = 0

    def add(self, other: "Tally") -> None:
        self.flows += other.flows
        self.faults += other.faults
        self.tickets += other.tickets
        self.crashes += other.crashes
        self.reboots += other.reboots


class Story:
    """Some visitors, one after the other, at the kiosks of one branch."""

    def __init__(self, seed: str, folder: Path) -> None:
        self.seed = seed
        self.dice = Random(f"{seed}/story")
        starts_at = self.dice.choice((MORNING, MORNING, BEFORE_MIDNIGHT))
        self.branch = OfflineBranch(seed, folder, starts_at=starts_at)
        self.tally = Tally()
        self.strikes: dict[str, Callable[[OfflineKiosk], None]] = {
            "nothing": lambda _kiosk: None,
            "cut before": lambda kiosk: kiosk.cut(),
            "cut after sending": self._soon(lambda kiosk: kiosk.cut()),
            "cut after the commit": self._at_commit(lambda kiosk: kiosk.cut()),
            "cut after the answer": self._at_answer(lambda kiosk: kiosk.cut()),
            "half open": self._half_open,
            "half open after sending": self._soon(self._half_open),
            "server killed before": lambda _kiosk: self.branch.server.crash(),
            "server killed after sending": self._soon(lambda _kiosk: self.branch.server.crash()),
            "server killed after the commit": self._order(DiskFault.POWER_AFTER),
            "server killed before the commit": self._order(DiskFault.POWER_BEFORE),
            "server killed while it answers": lambda _kiosk: self.branch.server.crash_after_frames(
                self.dice.randrange(6)
            ),
            "disk busy": self._order(DiskFault.BUSY_HALFWAY),
            "kiosk killed after sending": self._soon(self._reboot),
            "kiosk killed after the commit": self._at_commit(self._reboot),
            "kiosk killed after the answer": self._at_answer(self._reboot),
            "kiosk killed before its number is seen": self._die_unseen,
            "cut while merging": self._at_merge(lambda kiosk: kiosk.cut()),
            "cut after the merge": self._at_merge(lambda kiosk: kiosk.cut(), committed=True),
            "kiosk killed while merging": self._at_merge(self._reboot),
            "kiosk killed after the merge": self._at_merge(self._reboot, committed=True),
            "server killed while merging": self._at_merge(
                lambda _kiosk: self.branch.server.crash()
            ),
            "server killed after the merge": self._at_merge(
                lambda _kiosk: self.branch.server.crash(), committed=True
            ),
            "the frame comes late": self._late_frame,
            "days pass": self._days_pass,
        }

    # What strikes.

    def _soon(self, strike: Callable[[OfflineKiosk], None]) -> Callable[[OfflineKiosk], None]:
        """While the wish is on its way, or just after."""

        def order(kiosk: OfflineKiosk) -> None:
            def asked(device: str, command: AnyCommand) -> None:
                if device == kiosk.name and isinstance(command, IssueTicket):
                    self.branch.book.quiet()
                    after_s = self.dice.choice((0.0, 0.03, 0.3)) * self.dice.random()
                    self.branch.loop.call_later(after_s, strike, kiosk)

            self.branch.book.on_asked = asked

        return order

    def _at_commit(self, strike: Callable[[OfflineKiosk], None]) -> Callable[[OfflineKiosk], None]:
        """The ticket is on the disk, and nobody knows it yet."""

        def order(kiosk: OfflineKiosk) -> None:
            def committed() -> None:
                self.branch.book.quiet()
                self.branch.loop.call_soon(strike, kiosk)

            def asked(device: str, command: AnyCommand) -> None:
                if device == kiosk.name and isinstance(command, IssueTicket):
                    self.branch.book.on_committed = committed

            self.branch.book.on_asked = asked

        return order

    def _at_answer(self, strike: Callable[[OfflineKiosk], None]) -> Callable[[OfflineKiosk], None]:
        """The number is known, and its paper is not asked for yet."""

        def order(kiosk: OfflineKiosk) -> None:
            def answered(device: str, command: AnyCommand) -> None:
                if device == kiosk.name and isinstance(command, IssueTicket):
                    self.branch.book.quiet()
                    self.branch.loop.call_soon(strike, kiosk)

            self.branch.book.on_answered = answered

        return order

    def _at_merge(
        self, strike: Callable[[OfflineKiosk], None], *, committed: bool = False
    ) -> Callable[[OfflineKiosk], None]:
        """This number is given alone; when it is merged, it strikes."""

        def order(kiosk: OfflineKiosk) -> None:
            loop, book = self.branch.loop, self.branch.book

            def now() -> None:
                book.quiet()
                after_s = 0.0 if committed else self.dice.choice((0.0, 0.01)) * self.dice.random()
                loop.call_later(after_s, strike, kiosk)

            def at_commit() -> None:
                book.on_committed = now

            def asked(device: str, command: AnyCommand) -> None:
                if device == kiosk.name and isinstance(command, MergeOffline):
                    if committed:
                        at_commit()
                    else:
                        now()

            kiosk.cut()
            book.on_asked = asked

        return order

    def _order(self, fault: DiskFault) -> Callable[[OfflineKiosk], None]:
        return lambda _kiosk: self.branch.server.order(fault)

    def _half_open(self, kiosk: OfflineKiosk) -> None:
        up, down = self.dice.choice(((True, True), (True, False), (False, True)))
        kiosk.cable.half_open(up=up, down=down)

    def _reboot(self, kiosk: OfflineKiosk) -> None:
        self.tally.reboots += 1
        kiosk.restart()

    def _die_unseen(self, kiosk: OfflineKiosk) -> None:
        kiosk.cut()
        kiosk.dies_after_journal = True

    def _late_frame(self, kiosk: OfflineKiosk) -> None:
        """A wish that this kiosk granted itself reaches the server long after its merge (F23)."""
        sent: list[AnyCommand] = []

        def asked(device: str, command: AnyCommand) -> None:
            if device != kiosk.name:
                return
            if isinstance(command, IssueTicket) and not sent:
                sent.append(command)
                kiosk.cable.half_open(up=True, down=True)

        def answered(device: str, command: AnyCommand) -> None:
            if device == kiosk.name and isinstance(command, MergeOffline) and sent:
                self.branch.book.quiet()
                kiosk.say_bytes(encode(sent[0]))

        self.branch.book.on_asked, self.branch.book.on_answered = asked, answered

    def _days_pass(self, kiosk: OfflineKiosk) -> None:
        """Nobody is there for a night or three; then this kiosk starts without a server (F41)."""
        days = self.dice.choice((1, 1, 2, 3))
        if not all(one.lease_lasts_s > (days + 1) * DAY_S for one in self.branch.kiosks):
            # After a week without any link there are no numbers, and rightly so.
            self.heal()
        for one in self.branch.kiosks:
            one.cut()
        self.branch.wall.jump(days * DAY_S)
        for one in self.branch.kiosks:
            self._reboot(one)

    # A visitor.

    def visit(self) -> None:
        branch, dice = self.branch, self.dice
        kiosk = dice.choice(branch.kiosks)
        fault = dice.choice(list(self.strikes))
        self.tally.flows += 1
        self.tally.faults[fault] += 1
        self._come(kiosk)
        self.strikes[fault](kiosk)
        branch.pass_s(dice.choice((0.0, 0.0, 0.4, 1.5, 4.0)))
        self._take_number(kiosk)
        branch.pass_s(dice.choice((0.0, 0.2, 1.0, 4.0)))
        if dice.random() < 0.2 and kiosk.model.can_reprint:
            kiosk.model.wait_paper()
        branch.pass_s(dice.choice((0.0, 1.0)))
        self._leave(kiosk)
        if dice.random() < 0.6:
            kiosk.mend()
            branch.pass_s(dice.choice((0.0, 0.3, 3.0)))
        branch.book.quiet()

    def _come(self, kiosk: OfflineKiosk) -> None:
        """Whoever comes finds the first page, where it is not for the one before."""
        kiosk.dies_after_journal = False
        self._leave(kiosk)
        seen = self.branch.until(lambda: kiosk.model.page is Page.IDLE, 100)
        assert seen, f"nobody can begin: {kiosk.model.page}"
        self.branch.pass_s(0.5)

    def _take_number(self, kiosk: OfflineKiosk) -> None:
        branch, program = self.branch, kiosk.desk
        choose(kiosk, self.dice.randrange(6))
        touched_s = branch.loop.now_s
        wished = kiosk.model.visit.wish is not None

        def is_over() -> bool:
            return shown_ticket(kiosk) is not None or kiosk.desk is not program

        if not wished and not is_over():
            return  # the page changed under the finger, and nothing was asked
        assert branch.until(is_over, 8), f"no number at all: {kiosk.model.page}"
        took_s = branch.loop.now_s - touched_s
        assert took_s <= NUMBER_WITHIN_S, f"a number after {took_s:.2f} s"

    def _leave(self, kiosk: OfflineKiosk) -> None:
        self.branch.pass_s(0.5)
        kiosk.model.finish()
        kiosk.model.noted()

    # Afterwards.

    def heal(self) -> None:
        branch = self.branch
        branch.heal()
        settled = branch.until(lambda: all(one.is_settled for one in branch.kiosks), 60)
        assert settled, [(one.name, one.desk.alone, one.model.page) for one in branch.kiosks]
        # Papers that waited, and what became of them.
        branch.pass_s(5)

    def check(self) -> None:
        rows = self.branch.tickets()
        self.tally.crashes = self.branch.server.crashes
        _check_numbers(self.branch, rows)
        _check_papers(self.branch, rows)
        _check_order(self.branch)
        made_way = [row for row in rows if row["reason"] == "offline"]
        self.tally.tickets["offline"] += sum(row["offline"] for row in rows)
        self.tally.tickets["made way"] += len(made_way)
        self.tally.tickets["of the server"] += sum(not row["offline"] for row in rows)
        dates = {row["business_date"] for row in rows}
        self.tally.tickets["business days"] += len(dates)


def _check_numbers(branch: OfflineBranch, rows: list[dict[str, Any]]) -> None:
    """I1 and I2: each number that was seen is one ticket, each ticket one number."""
    number_of = {row["id"]: row["number"] for row in rows}
    assert len(number_of) == len(rows)
    for ticket, number in branch.book.shown.items():
        assert number_of.get(ticket) == number, f"{number} was shown and is no ticket"
    for given in (one for several in branch.book.given.values() for one in several):
        assert number_of.get(given.ticket.ticket) == given.ticket.number, "a ticket is lost"
    numbers = Counter((row["business_date"], row["number"]) for row in rows)
    assert not [number for number, count in numbers.items() if count > 1], "a number twice"


def _check_papers(branch: OfflineBranch, rows: list[dict[str, Any]]) -> None:
    """I9: no paper without a ticket, none of one that made way, and nobody waits unseen."""
    known = {row["id"]: row for row in rows}
    printed = {ticket for ticket, _ in branch.book.papers}
    for ticket, number in branch.book.papers:
        assert ticket in known, f"a paper without a ticket: {number}"
        assert known[ticket]["number"] == number
        assert known[ticket]["reason"] != "offline", f"a paper of {number}, which made way"
    now_ms = branch.wall.now_ms()
    for row in rows:
        held = row["id"] in branch.book.shown or row["id"] in printed
        is_told = row["print"] in ("failed", "unknown")
        is_old = now_ms - row["issued_at_ms"] > PAPER_DUE_S * 1000
        if row["state"] == "waiting" and not (held or is_told or is_old):
            raise AssertionError(f"{row['number']} waits, and nobody has it: {row['print']}")


def _check_order(branch: OfflineBranch) -> None:
    """The server took each kiosk's numbers in as they were given."""
    merged: dict[str, list[str]] = {}
    for row in branch.events():
        body = msgspec.json.decode(row["body"])
        if row["type"] == "EarlierTicketMerged" or body.get("offline"):
            merged.setdefault(body["device"], []).append(body["ticket"])
    for kiosk, given in branch.book.given.items():
        assert merged.get(kiosk, []) == [one.ticket.ticket for one in given], kiosk


@contextmanager
def _memory() -> Iterator[Path]:
    """A folder that costs no disk."""
    room = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=room if room.is_dir() else None) as folder:
        yield Path(folder)


def tell(seed: str) -> Tally:
    """One story from its seed."""
    with _memory() as folder:
        story = Story(seed, folder)
        try:
            story.branch.pass_s(3)
            assert all(kiosk.has_lease for kiosk in story.branch.kiosks)
            for _ in range(FLOWS_OF_A_STORY):
                story.visit()
            story.heal()
            story.check()
        except AssertionError as error:
            raise AssertionError(f"story {seed!r}, flow {story.tally.flows}: {error}") from error
        finally:
            story.branch.close()
    return story.tally


@pytest.mark.timeout(1800)
def test_a_thousand_visitors_whose_link_is_cut_anywhere(long_run: bool) -> None:
    """Every number that was seen is one ticket, and the merge keeps the order (I1, I2, I9)."""
    base = SystemRandom().randrange(2**32)
    whole = Tally()
    for number in range((FLOWS_LONG if long_run else FLOWS) // FLOWS_OF_A_STORY):
        whole.add(tell(f"{base}/{number}"))
    print(whole)
    assert whole.flows == (FLOWS_LONG if long_run else FLOWS)
    assert min(whole.faults.values()) >= 10, "some fault hardly ever struck"
    assert whole.tickets["offline"] > whole.flows / 5
    assert whole.tickets["made way"] > whole.flows / 100, "no answer was ever lost"


@pytest.mark.parametrize("seed", ["a night", "a morning", "7/3"])
def test_stories_that_are_always_told(seed: str) -> None:
    """The same stories on every machine."""
    assert tell(seed).flows == FLOWS_OF_A_STORY
