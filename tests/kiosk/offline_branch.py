"""A branch of one server and some kiosks on virtual time, and a book of all that is seen there.

Everything that decides is the shipped code: the choosing model, the desk, the session, the gateway,
the lane and its database. Made up are the cable, the printer's paper, the clocks and the dice.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from db import tables as t
from kiosk.choosing_model import ChoosingModel
from kiosk.offline_desk import OfflineDesk
from kiosk.offline_journal import Given, OfflineJournal
from kiosk.paper_jobs import PaperJobs
from kiosk.visit import Page
from protocol.messages import (
    Accepted,
    AnyCommand,
    MergeOffline,
    Notice,
    Rejected,
    Ticket,
    TicketToPrint,
    Welcome,
)
from protocol.roles import DeviceRole
from protocol.session import LinkStatus
from server.branch_server import BranchAccess
from server.config import ServerSettings
from server.gateway import DeviceAccount
from simulation.clock import VirtualLoop, VirtualWall
from simulation.devices import TickingDevice, secret_of
from simulation.disk import Disk
from simulation.machines import SimulatedPrinter
from simulation.network import Cable, Connection, Weather
from simulation.server_process import Conditions, ServerProcess
from simulation.watching import Watcher

TICK_S = 0.1
STEP_S = 0.02


@dataclass
class Book(Watcher):
    """What was seen: numbers on screens, papers, and what each kiosk wrote down."""

    # Ticket id to number.
    shown: dict[str, str] = field(default_factory=dict)
    papers: list[tuple[str, str]] = field(default_factory=list)
    given: dict[str, list[Given]] = field(default_factory=dict)
    # Called at the instants at which a story strikes.
    on_committed: Callable[[], None] = lambda: None
    on_asked: Callable[[str, AnyCommand], None] = lambda _device, _command: None
    on_answered: Callable[[str, AnyCommand], None] = lambda _device, _command: None

    def quiet(self) -> None:
        """Nobody strikes any more."""
        self.on_committed = lambda: None
        self.on_asked = self.on_answered = lambda _device, _command: None

    def committed(self) -> None:
        self.on_committed()

    def asked(self, device: str, command: AnyCommand) -> None:
        self.on_asked(device, command)

    def answered(self, device: str, command: AnyCommand, answer: Accepted | Rejected) -> None:
        self.on_answered(device, command)

    def printed(self, kiosk: str, ticket: TicketToPrint) -> None:
        self.papers.append((ticket.ticket.id, ticket.ticket.number))

    def stopped(self, error: BaseException | None) -> None:
        raise AssertionError(f"the server ended itself: {error!r}")


class WatchedJournal(OfflineJournal):
    """The shipped journal, in whose writing a story may strike."""

    def __init__(self, path: Path, on_given: Callable[[Given], None]) -> None:
        self._on_given = on_given
        super().__init__(path)

    def give(self, given: Given) -> None:
        super().give(given)
        self._on_given(given)


class KioskKilled(Exception):
    """The program is gone in the middle of a line."""


class OfflineKiosk(TickingDevice):
    """The kiosk's models and its desk; its journal and its printer outlive the program."""

    TICK_S = TICK_S

    def __init__(
        self,
        name: str,
        branch: "OfflineBranch",
        folder: Path,
        random: Random,
    ) -> None:
        self.branch = branch
        self.journal_file = folder / f"{name}.jsonl"
        self.journal: WatchedJournal | None = None
        self.is_cut = False
        # Struck when the next number has been written down and nobody has seen it yet.
        self.dies_after_journal = False
        self.printer = SimulatedPrinter(
            branch.loop,
            Random(random.random()),
            lambda paper: branch.book.printed(name, paper),
        )
        cable = Cable(branch.loop, Random(random.random()), Weather())
        super().__init__(
            name, DeviceRole.KIOSK, branch.loop, cable, random, self._accepted, branch.book
        )

    def _accepted(self, cord: Connection) -> bool:
        return not self.is_cut and self.branch.server.accept(cord)

    def cut(self) -> None:
        """The cable is out, and stays out."""
        self.is_cut = True
        self.cable.cut()

    def mend(self) -> None:
        """The cable is in again."""
        self.is_cut = False
        self.cable.heal()

    # The program.

    def begin(self) -> None:
        super().begin()
        self.printer.interrupt()
        if self.journal is not None:
            self.journal.close()
        self.journal = WatchedJournal(self.journal_file, self._given)
        self.desk = desk = OfflineDesk(
            self.ask,
            self.journal,
            new_id=self.new_id,
            now_s=self.now_s,
            wall_now=lambda: datetime.fromtimestamp(self.branch.wall.now_ms() / 1000, UTC),
            soon=self._soon,
            withdraw=self.session.withdraw,
        )
        papers = PaperJobs(self.printer, desk.ask, new_id=self.new_id, now_s=self.now_s)
        self.model = ChoosingModel(
            desk.ask,
            papers,
            new_id=self.new_id,
            now_s=self.now_s,
            server_now=self.server_now,
        )
        self.model.changed = self._seen
        self.printer.listen(self.model.on_printer)
        desk.serve(self.model)
        desk.resume_papers()

    def _soon(self, call: Callable[[], None]) -> None:
        desk = self.desk

        def later() -> None:
            if desk is self.desk:  # else the program that wanted it is gone
                self._surviving(call)

        self.loop.call_later(0.0, later)

    def _given(self, given: Given) -> None:
        self.branch.book.given.setdefault(self.name, []).append(given)
        if self.dies_after_journal:
            self.dies_after_journal = False
            raise KioskKilled

    def _surviving(self, call: Callable[[], None]) -> None:
        try:
            call()
        except KioskKilled:
            self.restart()

    def _seen(self) -> None:
        shown = self.model.visit.shown
        if shown is not None:
            self.branch.book.shown[shown.ticket.id] = shown.ticket.number

    def on_welcome(self, welcome: Welcome) -> None:
        super().on_welcome(welcome)
        self._surviving(lambda: self.desk.on_welcome(welcome))

    def on_notice(self, notice: Notice) -> None:
        super().on_notice(notice)
        self._surviving(lambda: self.desk.on_notice(notice))

    def on_state(self, status: LinkStatus) -> None:
        self._surviving(lambda: self.desk.on_link(status))

    def tick(self) -> None:
        def both() -> None:
            self.model.tick()
            self.desk.tick()

        self._surviving(both)

    @property
    def is_settled(self) -> bool:
        """Whether the server has everything, and everybody has been answered."""
        assert self.journal is not None
        return (
            self.is_online
            and not self.desk.alone
            and not self.journal.unmerged
            and not self.session.unanswered
        )

    @property
    def lease_lasts_s(self) -> float:
        """How long it may go on alone."""
        assert self.journal is not None
        told = self.journal.told
        lease = told.lease if told is not None else None
        if lease is None:
            return 0.0
        return lease.valid_until.timestamp() - self.branch.wall.now_ms() / 1000

    @property
    def has_lease(self) -> bool:
        """Whether it could go on alone at all."""
        assert self.journal is not None
        told = self.journal.told
        return told is not None and told.lease is not None


class OfflineBranch:
    """One story's branch; close it to free its files."""

    def __init__(
        self,
        seed: str,
        folder: Path,
        *,
        starts_at: datetime,
        kiosks: int = 2,
        rules: dict[str, Any] | None = None,
    ) -> None:
        self.loop = VirtualLoop()
        self.book = Book()
        self.wall = VirtualWall(self.loop, round(starts_at.timestamp() * 1000))
        names = [f"kiosk-{number + 1}" for number in range(kiosks)]
        devices = {
            name: DeviceAccount(
                name, DeviceRole.KIOSK, hashlib.sha256(secret_of(name).encode()).hexdigest()
            )
            for name in names
        }
        self.server = ServerProcess(
            self.loop,
            self.wall,
            Disk(folder),
            Conditions(
                access=BranchAccess(devices, {}, verify=lambda *_: False, decoy_hash=""),
                rules=rules or {},
                limits=ServerSettings(commands_per_s=0),
            ),
            Random(f"{seed}/server"),
            self.book,
        )
        self.server.start()
        self.kiosks = [OfflineKiosk(name, self, folder, Random(f"{seed}/{name}")) for name in names]

    def pass_s(self, seconds: float) -> None:
        """Let time pass."""
        self.loop.run_until(self.loop.now_s + seconds)

    def until(self, is_so: Callable[[], bool], within_s: float) -> bool:
        """Let time pass until it is so; False if it never was."""
        ends_s = self.loop.now_s + within_s
        while not is_so():
            if self.loop.now_s >= ends_s:
                return False
            self.pass_s(STEP_S)
        return True

    def heal(self) -> None:
        """All faults stop."""
        self.book.quiet()
        self.server.calm_down()
        for kiosk in self.kiosks:
            kiosk.dies_after_journal = False
            kiosk.mend()

    def tickets(self) -> list[dict[str, Any]]:
        """Every ticket of the database, also those of earlier days."""
        return self.server.store.rows(t.ticket)

    def events(self) -> list[dict[str, Any]]:
        """Every event, in order."""
        return self.server.store.rows(t.event)

    def close(self) -> None:
        """The end."""
        self.server.stop()
        for kiosk in self.kiosks:
            if kiosk.journal is not None:
                kiosk.journal.close()
        self.loop.close()


def shown_ticket(kiosk: OfflineKiosk) -> Ticket | None:
    """The number that stands on the screen."""
    shown = kiosk.model.visit.shown
    return None if shown is None else shown.ticket


def is_merge(command: AnyCommand) -> bool:
    """Whether this command takes in offline tickets."""
    return isinstance(command, MergeOffline)


def choose(kiosk: OfflineKiosk, place: int) -> None:
    """A visitor's finger on an open service, and past what is asked before the number."""
    model = kiosk.model
    model.start()
    kiosk.branch.pass_s(0.5)
    open_ones = [tile.code for tile in model.tiles() if tile.open]
    if not open_ones:
        return
    model.choose(open_ones[place % len(open_ones)])
    while model.page in (Page.HOME, Page.PRIORITY, Page.IDENTITY):
        kiosk.branch.pass_s(0.5)
        match model.page:
            case Page.HOME:
                model.take_number()
            case Page.PRIORITY:
                model.leave_priority()
            case Page.IDENTITY:
                model.skip_identity()
