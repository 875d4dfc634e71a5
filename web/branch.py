"""What the pages know of the branch: who it is, its hall as it is now, and visits with open pages.

Only this file, ``web/visits.py`` and ``web/link.py`` speak with the server while pages are read.
"""

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from protocol.messages import (
    Accepted,
    Answer,
    AnyCommand,
    BookingView,
    BookingWindow,
    FindBooking,
    GetBookingWindows,
    HallSnapshot,
    Notice,
    PageRules,
    Query,
    Rejected,
    Welcome,
)
from protocol.session import LinkStatus
from web.link import BranchLink
from web.topic import Topic
from web.visits import FOUND_WITHIN_S, OutOfReachError, Visits

log = logging.getLogger(__name__)


WINDOWS_KEPT_S = 2.0
"""Many who look at what can be booked cost the server one question per so long (F55)."""


def new_id() -> UUID:
    """An id for one intention."""
    return UUID(bytes=secrets.token_bytes(16), version=4)


class Branch:
    """The branch as the pages know it."""

    def __init__(self, link: BranchLink) -> None:
        self.hall_topic = Topic()
        self.hall: HallSnapshot | None = None
        self.visits = Visits(link, self.now, new_id)
        self._link = link
        link.on_welcome = self._welcomed
        link.on_notice = self._noticed
        link.on_state = self._turned
        self._welcome: Welcome | None = None
        self._windows: asyncio.Future[list[BookingWindow]] | None = None
        self._windows_s = 0.0
        self._server_ahead = timedelta()

    @property
    def is_online(self) -> bool:
        """Whether the server hears us now."""
        return self._link.is_online

    @property
    def welcome(self) -> Welcome:
        """Who the branch is; there is one before the first page is served."""
        assert self._welcome is not None
        return self._welcome

    @property
    def rules(self) -> PageRules:
        """What the branch set for its pages."""
        assert self.welcome.pages is not None
        return self.welcome.pages

    def now(self) -> datetime:
        """The branch's own time, UTC."""
        return datetime.now(UTC) + self._server_ahead

    async def online(self) -> Welcome:
        """Wait until the server has said who the branch is."""
        return await self._link.online()

    async def ask(self, command: AnyCommand) -> Accepted | Rejected:
        """Ask the server for a change."""
        return await self._link.ask(command)

    async def inquire(self, query: Query) -> Answer | Rejected:
        """Ask the server what changes nothing."""
        return await self._link.inquire(query)

    async def booking_windows(self) -> list[BookingWindow]:
        """What can be booked now, asked once for all who look at it. Raises OutOfReachError."""
        if self._windows is None or time.monotonic() - self._windows_s > WINDOWS_KEPT_S:
            self._windows_s = time.monotonic()
            self._windows = asyncio.ensure_future(self._ask_windows())
        return await asyncio.shield(self._windows)

    def forget_windows(self) -> None:
        """A place was taken or given back."""
        self._windows = None

    async def _ask_windows(self) -> list[BookingWindow]:
        answer = await self._inquire_now(GetBookingWindows(id=new_id()))
        found = answer.windows if answer is not None else None
        return found if isinstance(found, list) else []

    async def find_booking(self, link: str) -> BookingView | None:
        """The booking behind a link; None: there is none. Raises OutOfReachError."""
        answer = await self._inquire_now(FindBooking(id=new_id(), link=link), "unknown-booking")
        found = answer.booking if answer is not None else None
        return found if isinstance(found, BookingView) else None

    async def _inquire_now(self, query: Query, none: str = "") -> Answer | None:
        """Ask while a person waits; ``none`` is the refusal that says there is nothing. Raises
        OutOfReachError where no answer comes soon."""
        if not self.is_online:
            raise OutOfReachError
        try:
            async with asyncio.timeout(FOUND_WITHIN_S):
                answer = await self.inquire(query)
        except TimeoutError:
            raise OutOfReachError from None
        if isinstance(answer, Answer):
            return answer
        if answer.reason == none:
            return None
        raise OutOfReachError

    @contextlib.asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Keep the link and what is known, for the life of the program."""
        async with self._link:
            tasks = [
                asyncio.create_task(self.visits.keep_fresh()),
                asyncio.create_task(self.visits.look_up_strangers()),
            ]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    def _welcomed(self, welcome: Welcome) -> None:
        self._welcome = welcome
        self._server_ahead = welcome.server_time - datetime.now(UTC)
        self.visits.link_turned()
        self.hall_topic.turn()

    def _noticed(self, notice: Notice) -> None:
        if isinstance(notice, HallSnapshot):
            is_newer = self.hall is None or notice.revision != self.hall.revision
            self.hall = notice
            if notice.server_time is not None:
                # The branch's clock may be put right, or run faster in a demonstration.
                self._server_ahead = notice.server_time - datetime.now(UTC)
            self.hall_topic.turn()
            if is_newer:
                self.visits.hall_changed()

    def _turned(self, status: LinkStatus) -> None:
        log.info("the server is %s %s", status.state.value, status.reason)
        self.hall_topic.turn()
        self.visits.link_turned()
