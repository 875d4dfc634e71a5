"""The lane's shell: while one batch is on its way to the disk, the next commands gather.

So eight kiosks together are faster than the disk's single commits, the loop never blocks, and
whatever is sent shows only what the disk has: answers first, then moments, then snapshots.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from functools import partial

from protocol.codec import encode
from protocol.messages import Accepted, Query, ReportHealth
from server.connections import Connection, demand_own_health
from server.directory_desk import DirectoryDesk
from server.disk_thread import DiskThread
from server.domain.errors import QueueRuleError
from server.lane import BATCH_COMMANDS_MAX, Ask, Batch, Lane
from server.notices import SNAPSHOT_PAUSE_S, Notices
from server.query_desk import QueryDesk
from server.refusals import rejection
from server.store import DatabaseRefusedError, StoreBusy

log = logging.getLogger(__name__)

TICK_S = 0.5
# A snapshot on the heels of a call would keep the sockets busy that the call is going through.
AFTER_MOMENTS_S = 0.03


class Dispatch:
    """Runs the lane on the event loop, with one thread for the disk."""

    def __init__(
        self,
        lane: Lane,
        notices: Notices,
        idle_devices: Callable[[], list[str]],
        directory: DirectoryDesk | None = None,
    ) -> None:
        self._lane = lane
        self._notices = notices
        self._idle_devices = idle_devices
        self._asks: deque[Ask] = deque()
        self._reports: deque[Ask] = deque()
        self._joining: deque[Connection] = deque()
        self._wake = asyncio.Event()
        self._snapshot_timer: asyncio.TimerHandle | None = None
        self._snapshot_time_came = False
        self._flushed_at_s = 0.0
        self._tidied_for = ""
        self._stopping = False
        self._disk = DiskThread()
        self._queries = QueryDesk(lane, directory)

    def submit(self, ask: Ask) -> None:
        """Put a command into the lane, or a query beside it; ``ask.reply`` gets the answer."""
        if isinstance(ask.command, Query):
            self._queries.submit(ask)
        elif isinstance(ask.command, ReportHealth):
            self._reports.append(ask)
        else:
            self._asks.append(ask)
        self._wake.set()

    def join(self, connection: Connection) -> None:
        """Greet a connection as soon as the day is what the disk has."""
        self._joining.append(connection)
        self._wake.set()

    def room_changed(self) -> None:
        """A device came or went: the staff's snapshots show it."""
        self._notices.mark_dirty()
        self._wake.set()

    def stop(self) -> None:
        """End ``run`` after the batch under way."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Serve the lane until ``stop``; an error of the disk ends it (F04)."""
        ticker = asyncio.create_task(self._tick())
        try:
            while not self._stopping:
                await self._wake.wait()
                self._wake.clear()
                await self._work_off()
        finally:
            ticker.cancel()
            self._disk.close()
            self._queries.close()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            if (
                self._lane.day_is_over()
                or self._lane.something_is_due()
                or self._lane.erasing_is_due()
                or self._idle_devices()
                or self._notices.somebody_caught_up
                or self._notices.follow_clock()
            ):
                self._wake.set()

    def _take_reports(self) -> None:
        """How devices are is shown, and kept nowhere: so it needs neither the lane nor the disk."""
        while self._reports:
            ask = self._reports.popleft()
            assert isinstance(ask.command, ReportHealth)
            try:
                demand_own_health(ask.command, ask.asker.role)
            except QueueRuleError as no:
                ask.reply(rejection(str(ask.command.id), no, ask.asker.language))
                continue
            self._notices.take_health(ask.asker.device, ask.command)
            ask.reply(encode(Accepted(id=ask.command.id, revision=self._lane.day.revision)))

    async def _work_off(self) -> None:
        if not self._asks and (
            self._lane.day_is_over()
            or self._lane.something_is_due()
            or self._lane.somebody_must_go()
        ):
            await self._write(self._lane.decide([]))
        if idle := self._idle_devices():
            await self._write(self._lane.end_idle_seats(idle))
        self._take_reports()
        self._greet()
        while self._asks and not self._stopping:
            asks = [self._asks.popleft() for _ in range(min(len(self._asks), BATCH_COMMANDS_MAX))]
            await self._write(self._lane.decide(asks))
            self._take_reports()
            self._greet()
            self._queries.answer_some()
            self._send_snapshots()
        self._greet()
        self._send_snapshots()
        self._notices.catch_up()
        if self._queries.somebody_waits:
            self._queries.answer_some()
            # The rest comes after whatever has been sent meanwhile: commands go first.
            self._wake.set()
            await asyncio.sleep(0)
        if self._tidied_for != self._lane.day.business_date:
            await self._forget_old_commands()
        if self._lane.erasing_is_due():
            await self._erase_what_is_due()

    async def _forget_old_commands(self) -> None:
        self._tidied_for = self._lane.day.business_date
        try:
            await self._disk.run(self._lane.forget_old_commands)
        except DatabaseRefusedError as busy:
            # To remember for longer than promised does no harm: tomorrow is soon enough.
            log.warning("old answers are forgotten tomorrow: %s", busy)

    async def _erase_what_is_due(self) -> None:
        """Between two batches, when nobody is kept waiting for an answer."""
        await self._write(self._lane.erase_what_is_due())
        if self._lane.traces_are_left:
            try:
                await self._disk.run(self._lane.clear_traces)
            except DatabaseRefusedError as busy:
                log.warning("traces of what was erased are cleared in an hour: %s", busy)

    async def _write(self, batch: Batch) -> None:
        if batch.must_be_written:
            try:
                lone = len(batch.replies) == 1 and not self._asks
                await self._disk.run(partial(self._lane.write, batch), lone=lone)
            except StoreBusy:
                log.warning("the database is busy; %d commands are asked again", len(batch.replies))
                for ask, frame in self._lane.fail(batch):
                    ask.reply(frame)
                return
            except Exception:
                log.critical("the database failed; stopping so that it is opened afresh")
                for ask, frame in self._lane.refuse(batch):
                    ask.reply(frame)
                raise
        for ask, frame in batch.replies:
            ask.reply(frame)
        self._notices.tell(batch.entries)

    def _greet(self) -> None:
        # The day may not be open yet when the disk was busy at the first start.
        while self._joining and self._lane.day.business_date:
            self._notices.greet(self._joining.popleft())

    def _send_snapshots(self) -> None:
        """When a moment's own way to the screens is over, and at most every 100 ms."""
        if not self._notices.snapshots_due:
            return
        loop = asyncio.get_running_loop()
        if self._snapshot_timer is None:
            at_s = max(loop.time() + AFTER_MOMENTS_S, self._flushed_at_s + SNAPSHOT_PAUSE_S)
            self._snapshot_timer = loop.call_at(at_s, self._snapshot_time)
        elif self._snapshot_time_came:
            self._snapshot_timer, self._snapshot_time_came = None, False
            self._flushed_at_s = loop.time()
            self._notices.flush()

    def _snapshot_time(self) -> None:
        self._snapshot_time_came = True
        self._wake.set()
