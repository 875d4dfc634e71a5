"""A kiosk with the shipped desk that gives numbers while there is no server.

Its journal lies in memory here and outlives the program, as it does on a kiosk's disk.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

from kiosk.choosing_model import ChoosingModel
from kiosk.offline_desk import OfflineDesk
from kiosk.offline_journal import OfflineJournal
from kiosk.paper_jobs import PaperJobs
from protocol.messages import Notice, Welcome
from protocol.session import LinkStatus
from simulation.clock import VirtualLoop, VirtualWall
from simulation.devices import Accept, Device, KioskDevice
from simulation.network import Cable
from simulation.watching import Watcher


class DeskKiosk(KioskDevice):
    """Screen, desk and printer; ``wall`` is the machine's own clock."""

    def __init__(
        self,
        name: str,
        loop: VirtualLoop,
        cable: Cable,
        random: Random,
        accept: Accept,
        watcher: Watcher,
        wall: VirtualWall,
    ) -> None:
        self.journal = OfflineJournal(None)
        self._wall = wall
        super().__init__(name, loop, cable, random, accept, watcher)

    def begin(self) -> None:
        super().begin()
        self.desk = desk = OfflineDesk(
            self.ask,
            self.journal,
            new_id=self.new_id,
            now_s=self.now_s,
            wall_now=lambda: datetime.fromtimestamp(self._wall.now_ms() / 1000, UTC),
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
        self.printer.listen(self.model.on_printer)
        desk.serve(self.model)
        desk.resume_papers()

    def _soon(self, call: Callable[[], None]) -> None:
        desk = self.desk

        def later() -> None:
            if desk is self.desk:  # else the program that wanted it is gone
                call()

        self.loop.call_later(0.0, later)

    def on_welcome(self, welcome: Welcome) -> None:
        Device.on_welcome(self, welcome)
        self.desk.on_welcome(welcome)

    def on_notice(self, notice: Notice) -> None:
        Device.on_notice(self, notice)
        self.desk.on_notice(notice)

    def on_state(self, status: LinkStatus) -> None:
        self.desk.on_link(status)

    def tick(self) -> None:
        self.model.tick()
        self.desk.tick()

    @property
    def untold(self) -> list[str]:
        """Numbers that the server may not know of yet."""
        return [given.ticket.number for given in self.journal.unmerged]
