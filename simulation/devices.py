"""The branch's programs without windows: shipped sessions and models over virtual connections."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from uuid import UUID

from counter.seat_model import SeatModel
from display.announcer import Announcer
from kiosk.choosing_model import ChoosingModel
from kiosk.paper_jobs import PaperJobs
from protocol.messages import (
    Accepted,
    Announcement,
    AnnouncementOutcome,
    AnyCommand,
    BoardSnapshot,
    ConfirmAnnouncement,
    Hello,
    Notice,
    Query,
    RatingInvitation,
    Rejected,
    Snapshot,
    Welcome,
)
from protocol.roles import PROTOCOL_VERSION, DeviceRole
from protocol.session import LinkState, LinkStatus, OnAnswer, OnFound, Session
from simulation.clock import VirtualLoop
from simulation.machines import SimulatedPrinter, SimulatedVoice
from simulation.network import Cable, Connection
from simulation.offline_kiosk import OfflineKiosk
from simulation.watching import Watcher

ASKED_KEPT = 64
"""Commands that a device remembers, to say one of them again long after its answer."""

Accept = Callable[[Connection], bool]


def secret_of(device: str) -> str:
    """The token of a made-up device."""
    return f"token-of-{device}"


class Device:
    """A program of the branch: its session, its cable, and what it was last shown."""

    def __init__(
        self,
        name: str,
        role: DeviceRole,
        loop: VirtualLoop,
        cable: Cable,
        random: Random,
        accept: Accept,
        watcher: Watcher,
    ) -> None:
        self.name = name
        self.role = role
        self.cable = cable
        self.random = random
        self.loop = loop
        self.watcher = watcher
        self.welcome: Welcome | None = None
        self.snapshot: Snapshot | None = None
        self.asked: list[AnyCommand] = []
        self._accept = accept
        self._cord: Connection | None = None
        self._connections = 0
        self._timer: asyncio.TimerHandle | None = None
        self.restart()

    # The program.

    def restart(self) -> None:
        """The program starts anew and has forgotten everything that is not on its disk."""
        if self._cord is not None:
            self._cord.drop()
            self._cord = None
        self.welcome = self.snapshot = None
        self.session = Session(
            Hello(
                protocol=PROTOCOL_VERSION,
                role=self.role,
                device=self.name,
                token=secret_of(self.name),
                program="simulation",
            ),
            random=self.random.random,
            now_s=self.loop.now_s,
            on_welcome=self.on_welcome,
            on_notice=self.on_notice,
            on_state=self.on_state,
        )
        self.begin()
        self.settle()

    def begin(self) -> None:
        """Build what the program has beyond its session."""

    def on_welcome(self, welcome: Welcome) -> None:
        """The session is up."""
        self.welcome = welcome

    def on_notice(self, notice: Notice) -> None:
        """The server tells something."""
        if isinstance(notice, Snapshot):
            self.snapshot = notice

    def on_state(self, status: LinkStatus) -> None:
        """The link changed."""

    @property
    def is_online(self) -> bool:
        """Whether the session believes in its connection."""
        return self.session.status.state is LinkState.ONLINE

    def new_id(self) -> UUID:
        """The id of a new intention."""
        return UUID(int=self.random.getrandbits(128), version=4)

    def now_s(self) -> float:
        """The device's monotonic clock."""
        return self.loop.now_s

    def server_now(self) -> datetime:
        """The server's clock as far as this device knows it."""
        return self.session.server_now(self.loop.now_s) or datetime.fromtimestamp(0, UTC)

    def ask(self, command: AnyCommand, on_answer: OnAnswer) -> None:
        """How the program's models ask."""
        self.watcher.asked(self.name, command)
        self.asked.append(command)
        if len(self.asked) > ASKED_KEPT:
            del self.asked[0]

        def told(answer: Accepted | Rejected) -> None:
            self.watcher.answered(self.name, command, answer)
            on_answer(answer)

        try:
            self.session.ask(command, told, self.loop.now_s)
        except ValueError:
            return  # it waits for an answer already, and models ask only after one
        self.settle()

    def inquire(self, query: Query, on_found: OnFound) -> None:
        """How the program's models ask what changes nothing."""
        self.session.inquire(query, on_found, self.loop.now_s)
        self.settle()

    def say(self, command: AnyCommand) -> None:
        """Ask without a model; the answer shows in the next snapshot."""
        self.ask(command, lambda _answer: None)

    def say_bytes(self, frame: bytes) -> None:
        """Put bytes on the wire behind the session's back, such as an old frame once more."""
        if self._cord is not None and self.is_online:
            self._cord.send_up(frame)

    # The shell of the session.

    def settle(self) -> None:
        """What every shell does after each input of its session."""
        session = self.session
        if self._cord is not None:
            for frame in session.take_frames():
                if self._cord is not None:
                    self._cord.send_up(frame)
        if session.wants_close:
            if self._cord is not None:
                self._cord.drop()
                self._cord = None
            session.closed(None, self.loop.now_s)
        self._set_timer()

    def _set_timer(self) -> None:
        due_s = self.session.wakes_at_s
        timer = self._timer
        if timer is not None:
            # An earlier waking does no harm: it looks again.
            if due_s is not None and timer.when() <= due_s:
                return
            timer.cancel()
            self._timer = None
        if due_s is not None:
            self._timer = self.loop.call_at(max(due_s, self.loop.now_s + 0.001), self._wake)

    def _wake(self) -> None:
        self._timer = None
        session, now_s = self.session, self.loop.now_s
        if session.connect_at_s is not None and session.connect_at_s <= now_s:
            self._connect()
        session.tick(now_s)
        self.settle()

    def _connect(self) -> None:
        self.session.opening(self.loop.now_s)
        self._connections += 1
        cord = Connection(self.loop, self.cable, self, self.name, self._connections)
        self._cord = cord
        cable = self.cable
        if cable.dead_up or cable.dead_down or cable.is_clogged:
            cord.socket.on_closed()  # the opening never gets there; the session's deadline ends it
            return
        self.loop.call_later(cable.weather.delay_s_max, self._knock, cord)

    def _knock(self, cord: Connection) -> None:
        if self._cord is not cord:
            return
        if self._accept(cord):
            self.on_opened()
        else:
            self._cord = None
            cord.drop()
            self.session.closed(None, self.loop.now_s)
            self.settle()

    # What the connection says (ClientEnd).

    def on_opened(self) -> None:
        self.session.opened(self.loop.now_s)
        self.settle()

    def on_frame(self, frame: bytes) -> None:
        self.session.received(frame, self.loop.now_s)
        self.settle()

    def on_sign_of_life(self) -> None:
        self.session.heard(self.loop.now_s)

    def on_closed(self, code: int | None) -> None:
        self._cord = None
        self.session.closed(code, self.loop.now_s)
        self.settle()


class TickingDevice(Device):
    """A program whose model wants to know that time passes."""

    TICK_S = 0.25

    def begin(self) -> None:
        self._tick_timer = self.loop.call_later(self.TICK_S, self._tick_on)

    def restart(self) -> None:
        timer: asyncio.TimerHandle | None = getattr(self, "_tick_timer", None)
        if timer is not None:
            timer.cancel()
        super().restart()

    def _tick_on(self) -> None:
        self._tick_timer = self.loop.call_later(self.TICK_S, self._tick_on)
        self.tick()

    def tick(self) -> None:
        """Time passed."""


class KioskDevice(TickingDevice):
    """The kiosk's models over a simulated printer, whose journal outlives the program."""

    def __init__(
        self,
        name: str,
        loop: VirtualLoop,
        cable: Cable,
        random: Random,
        accept: Accept,
        watcher: Watcher,
    ) -> None:
        self.printer = SimulatedPrinter(
            loop, Random(random.random()), lambda ticket: watcher.printed(name, ticket)
        )
        self.offline = OfflineKiosk(Random(f"{name}/{random.random()}"), self.new_id)
        super().__init__(name, DeviceRole.KIOSK, loop, cable, random, accept, watcher)

    def begin(self) -> None:
        super().begin()
        self.printer.interrupt()
        papers = PaperJobs(self.printer, self.ask, new_id=self.new_id, now_s=self.now_s)
        self.model = ChoosingModel(
            self.ask,
            papers,
            new_id=self.new_id,
            now_s=self.now_s,
            server_now=self.server_now,
        )
        self.printer.listen(self.model.on_printer)

    def on_welcome(self, welcome: Welcome) -> None:
        super().on_welcome(welcome)
        self.model.on_welcome(welcome)

    def on_notice(self, notice: Notice) -> None:
        super().on_notice(notice)
        self.model.on_notice(notice)

    def on_state(self, status: LinkStatus) -> None:
        self.model.on_link(status)

    def tick(self) -> None:
        self.model.tick()


class CounterDevice(Device):
    """The counter's models: signing in and serving."""

    def __init__(
        self,
        name: str,
        loop: VirtualLoop,
        cable: Cable,
        random: Random,
        accept: Accept,
        watcher: Watcher,
    ) -> None:
        super().__init__(name, DeviceRole.COUNTER, loop, cable, random, accept, watcher)

    def begin(self) -> None:
        self.seat = SeatModel(
            self.ask, self.inquire, new_id=self.new_id, now_s=self.now_s, server_now=self.server_now
        )

    def on_welcome(self, welcome: Welcome) -> None:
        super().on_welcome(welcome)
        self.seat.on_welcome(welcome)

    def on_notice(self, notice: Notice) -> None:
        super().on_notice(notice)
        self.seat.on_notice(notice)

    def on_state(self, status: LinkStatus) -> None:
        self.seat.on_link(status)


class DisplayDevice(TickingDevice):
    """The display's announcer over a simulated voice."""

    TICK_S = 0.1

    def __init__(
        self,
        name: str,
        loop: VirtualLoop,
        cable: Cable,
        random: Random,
        accept: Accept,
        watcher: Watcher,
    ) -> None:
        super().__init__(name, DeviceRole.DISPLAY, loop, cable, random, accept, watcher)

    def begin(self) -> None:
        super().begin()
        voice = SimulatedVoice(self.loop, self.random)
        self.announcer = Announcer(voice, self._report, now=self.server_now, elapsed_s=self.now_s)

    def _report(self, announcement: str, outcome: AnnouncementOutcome) -> None:
        self.say(ConfirmAnnouncement(id=self.new_id(), announcement=announcement, outcome=outcome))

    def on_notice(self, notice: Notice) -> None:
        super().on_notice(notice)
        if isinstance(notice, Announcement):
            self.announcer.on_announcement(notice)
        elif isinstance(notice, BoardSnapshot):
            self.announcer.on_board(notice)

    def tick(self) -> None:
        self.announcer.poll()


class PlainDevice(Device):
    """A seat without a model yet: the door, the manager, the rating pad."""

    def begin(self) -> None:
        self.invitations: list[RatingInvitation] = []

    def on_notice(self, notice: Notice) -> None:
        super().on_notice(notice)
        if isinstance(notice, RatingInvitation):
            self.invitations = [*self.invitations[-3:], notice]
