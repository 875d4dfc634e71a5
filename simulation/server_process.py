"""The server's process on virtual time: the shipped rooms, wired together as in a real one.

A crash is a process that has no effect any more from one instant on, wherever it stood.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any, cast
from uuid import UUID

from server.adapters.sealing import KeySealer
from server.branch_server import Activity, BranchAccess
from server.config import ServerSettings
from server.connections import Connection, Connections, Presence
from server.disk_thread import DiskThread
from server.dispatch import Dispatch
from server.domain.branch import Rules
from server.gateway import Gateway, Refusal
from server.lane import Lane
from server.notices import Notices
from server.staff_door import StaffDoor
from simulation.at_home import PLACES
from simulation.browser import SimulatedSteps
from simulation.clock import VirtualLoop, VirtualWall
from simulation.disk import Disk, DiskFault, FaultyStore
from simulation.network import Connection as Cord
from simulation.network import SocketGone, VirtualSocket
from simulation.watching import Watcher

log = logging.getLogger(__name__)


Idle = Callable[[], list[str]]
KEY_OF_PRACTICE = b"no branch has this key: practice"
DISK_S_MAX = 0.015
"""So long a batch is under way at most, on most days; meanwhile the next commands gather."""


class MadeUpBugError(Exception):
    """What a handler may raise that has a bug (F12)."""


class SeededIds:
    """Ids in the order of their making, the same for the same seed."""

    def __init__(self, random: Random, on_break: Callable[[], None]) -> None:
        self._random = random
        self._made = 0
        self._on_break = on_break
        self.breaks_next = False

    def new_id(self) -> str:
        """A new UUID; the next one breaks its asker if that was ordered."""
        if self.breaks_next:
            self.breaks_next = False
            self._on_break()
            raise MadeUpBugError
        self._made += 1
        return str(UUID(int=self._made << 64 | self._random.getrandbits(64)))

    def new_secret(self) -> str:
        """128 bits from the seed."""
        return f"{self._random.getrandbits(128):032x}"

    def new_code(self) -> str:
        """Six digits from the seed."""
        return f"{self._random.randrange(1_000_000):06d}"


class VirtualDiskThread(DiskThread):
    """The disk's thread on virtual time: a call takes effect after a while, in this thread."""

    def __init__(self, loop: VirtualLoop) -> None:
        # Not the thread of the shipped one: there is one thread in a simulation.
        self._loop = loop

    def run(self, call: Callable[[], object], *, lone: bool = False) -> asyncio.Future[None]:
        """As another thread would, at instants that the simulation chooses."""
        return self._loop.do_elsewhere(call)

    def close(self) -> None:
        """Nothing is under way that could be waited for."""


class VirtualDispatch(Dispatch):
    """The shipped dispatch over a virtual disk thread."""

    def __init__(self, loop: VirtualLoop, lane: Lane, notices: Notices, idle: Idle) -> None:
        super().__init__(lane, notices, idle)
        self._disk.close()
        self._disk = VirtualDiskThread(loop)
        self._queries.close()
        self._queries.archive_thread = VirtualDiskThread(loop)


class VirtualWire:
    """A connection as the notices see it; a dead process sends nothing."""

    def __init__(self, cord: Cord, server: "ServerProcess") -> None:
        self._cord = cord
        self._server = server

    def send(self, frame: bytes) -> None:
        if self._server.may_send():
            self._cord.send_down(frame)

    def waiting_bytes(self) -> int:
        return self._cord.down.bytes_on_the_way

    def is_open(self) -> bool:
        return self._server.is_up and not self._cord.socket.is_closed

    def close(self, code: int, reason: str) -> None:
        if self._server.is_up:
            self._cord.close_from_server(code)


class VirtualGateway(Gateway):
    """The shipped door over virtual sockets."""

    async def talk_over(self, socket: VirtualSocket, wire: VirtualWire, gone: "Gone") -> None:
        """One connection from its first frame to its last."""
        try:
            # A virtual socket has what the gateway uses of a real one.
            connection = await self._let_in(cast(Any, socket), cast(Any, wire))
        except Refusal as no:
            await socket.close(no.code, no.reason)
            return
        except SocketGone:
            return
        try:
            await self._listen_to(cast(Any, socket), connection)
        except Refusal as no:
            await socket.close(no.code, no.reason)
        finally:
            gone(connection)


Gone = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a branch is given from outside; ``rules`` are changes to the catalogue's settings."""

    access: BranchAccess
    rules: Mapping[str, Any]
    limits: ServerSettings
    day_starts_minute: int = 0


class ServerProcess:
    """Starts, dies where it is told to, and starts again from what the disk has."""

    # Replaced by tests that plant bugs and want to see them found.
    lane_of: Callable[..., Lane] = Lane
    notices_of: Callable[..., Notices] = Notices

    def __init__(
        self,
        loop: VirtualLoop,
        wall: VirtualWall,
        disk: Disk,
        conditions: Conditions,
        random: Random,
        watcher: Watcher,
    ) -> None:
        self._loop = loop
        self._wall = wall
        self._disk = disk
        self._conditions = conditions
        self._random = random
        self._watcher = watcher
        self.ids = SeededIds(random, watcher.handler_broke)
        self.is_up = False
        self.crashes = 0
        self._frames_until_crash: int | None = None
        self._restart: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._cords: dict[Cord, None] = {}
        loop.thread_delays = self._thread_delays

    # Its life.

    def start(self) -> None:
        """Build everything anew from the disk."""
        assert not self.is_up
        self._restart = None
        self.store: FaultyStore = self._disk.open()
        self.store.on_committed = self._watcher.committed
        self.store.on_power_cut = self.crash
        access, conditions = self._conditions.access, self._conditions
        branch = self.store.load_branch()
        branch = replace(
            branch,
            rules=_changed(branch.rules, conditions.rules),
            day_starts_minute=conditions.day_starts_minute,
            booking_places=PLACES,
        )
        self.branch = branch
        self.lane = lane = self.lane_of(
            self.store,
            branch,
            self._wall.steady(),
            self.ids,
            access.house,
            KeySealer(KEY_OF_PRACTICE),
            SimulatedSteps(),
        )
        self.connections = Connections()
        for device, account in access.devices.items():
            self.connections.presence[device] = Presence(account.role)
        self.notices = self.notices_of(self.connections, lambda: lane.day, lane.now_ms)
        activity = Activity(lane)
        self.dispatch = VirtualDispatch(self._loop, lane, self.notices, activity.idle_devices)
        door = StaffDoor(access.staff, access.verify, access.decoy_hash, self._loop.time)
        self._gateway = VirtualGateway(
            lane,
            self.dispatch,
            self.connections,
            access.devices,
            door,
            conditions.limits,
            activity.touch,
        )
        self.is_up = True
        self._watcher.started(lane, self.connections)
        self._run(self.dispatch.run(), self._dispatch_ended)
        self.dispatch.room_changed()

    def crash(self) -> None:
        """The process is gone, as after ``kill -9``; it starts again by itself."""
        if not self.is_up:
            return
        self._end()
        self.crashes += 1
        self._restart = self._loop.call_later(0.1 + 2 * self._random.random(), self.start)

    def _end(self) -> None:
        """From now on nothing of this process has any effect."""
        self.is_up = False
        self._frames_until_crash = None
        self._loop.kill_process()
        for task in self._tasks:
            task.cancel()
        cords, self._cords = list(self._cords), {}
        for cord in cords:
            cord.close_from_server(None)

    def stop(self) -> None:
        """The end of the simulation."""
        if self.is_up:
            self._end()
        elif self._restart is not None:
            self._restart.cancel()
        self._loop.run_until(self._loop.now_s)
        self._disk.close()

    # What is ordered from outside.

    def order(self, fault: DiskFault) -> None:
        """The next batch meets this."""
        if self.is_up:
            self.store.fault = fault

    def crash_after_frames(self, frames: int) -> None:
        """Die while answers and notices are on their way out."""
        if self.is_up:
            self._frames_until_crash = frames

    def calm_down(self) -> None:
        """Whatever was ordered is off; a server that is down starts now."""
        self._frames_until_crash = None
        self.ids.breaks_next = False
        if self.is_up:
            self.store.fault = None
        elif self._restart is not None:
            self._restart.cancel()
            self.start()

    def accept(self, cord: Cord) -> bool:
        """Somebody connects; False when nobody listens."""
        if not self.is_up:
            return False
        wire = VirtualWire(cord, self)
        self._cords[cord] = None
        cord.on_sent = self._say_sent
        connections, dispatch, lane = self.connections, self.dispatch, self.lane

        def gone(connection: Connection) -> None:
            self._cords.pop(cord, None)
            if connections.remove(connection, lane.now_ms()):
                dispatch.room_changed()

        self._run(self._gateway.talk_over(cord.socket, wire, gone), self._talk_ended)
        return True

    # Inside.

    def _say_sent(self, cord: Cord, frame: bytes) -> None:
        self._watcher.sent(cord.device, cord.number, frame)
        self._watcher.queued(cord.device, cord.down.bytes_on_the_way)

    def may_send(self) -> bool:
        """Whether a frame still leaves this process; counts down to an ordered crash."""
        if self._frames_until_crash is not None:
            self._frames_until_crash -= 1
            if self._frames_until_crash < 0:
                self.crash()
        return self.is_up

    def _run(self, talk: Any, ended: Callable[[asyncio.Task[None]], None]) -> None:
        task: asyncio.Task[None] = self._loop.create_task(talk)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(ended)

    def _talk_ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None and self.is_up:
            self._loop.error = error

    def _dispatch_ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if not self.is_up:
            return  # it died before it could end itself
        log.info("the server stops: %s", error)
        self._watcher.stopped(error)
        self.crash()

    def _thread_delays(self) -> tuple[float, float]:
        """A disk that is mostly quick, and now and then as slow as one that turns."""
        random = self._random.random
        slow = 10 if random() < 0.01 else 1
        return slow * DISK_S_MAX * random() ** 2, slow * 0.001 * random()


def _changed(rules: Rules, changes: Mapping[str, Any]) -> Rules:
    return replace(rules, **changes)
