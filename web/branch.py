"""What the pages know of the branch: who it is, its hall as it is now, and visits with open pages.

Only this file and ``web/link.py`` speak with the server while pages are read: a thousand phones
make one question a second.
"""

import asyncio
import contextlib
import logging
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from protocol.messages import (
    Accepted,
    Answer,
    AnyCommand,
    GetVisits,
    HallSnapshot,
    Notice,
    PageRules,
    Query,
    Rejected,
    VisitView,
    Welcome,
)
from protocol.session import LinkStatus
from web.link import BranchLink

log = logging.getLogger(__name__)

VISITS_PAUSE_S = 1.0
"""Phones see a change within this time, and cost the server one question per so long."""
VISITS_AT_LEAST_EVERY_S = 15.0
"""Estimates change with the clock alone."""
VISITS_ASKED_MOST = 200
STRANGERS_PAUSE_S = 0.05
"""Links that nobody has a page of yet are looked up together, however many are guessed (F55)."""


def new_id() -> UUID:
    """An id for one intention."""
    return UUID(bytes=secrets.token_bytes(16), version=4)


class Topic:
    """Something that changes, and that many wait for."""

    def __init__(self) -> None:
        self.version = 0
        self._turned = asyncio.Event()

    def turn(self) -> None:
        """It changed: wake everyone who waits."""
        self.version += 1
        self._turned.set()
        self._turned = asyncio.Event()

    async def after(self, version: int, within_s: float) -> int:
        """Wait until it is newer than a version, or for so long; the version then."""
        if self.version == version:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(within_s):
                    await self._turned.wait()
        return self.version


class Visits:
    """The visits that have open pages, kept fresh by one question for all of them."""

    def __init__(self, link: BranchLink) -> None:
        self.topic = Topic()
        self._link = link
        self._open: Counter[str] = Counter()
        self._known: dict[str, VisitView] = {}
        self._strangers: dict[str, asyncio.Future[VisitView | None]] = {}
        self._stale = asyncio.Event()
        self._asked_s = 0.0

    @contextlib.contextmanager
    def watched(self, link: str) -> Iterator[None]:
        """While a page of this link is open."""
        self._open[link] += 1
        try:
            yield
        finally:
            self._open[link] -= 1
            if not self._open[link]:
                del self._open[link]
                self._known.pop(link, None)

    @property
    def open_pages(self) -> int:
        """How many pages are open now."""
        return self._open.total()

    def of(self, link: str) -> VisitView | None:
        """What is known of a watched link; None: nothing, or its time is over."""
        return self._known.get(link)

    async def find(self, link: str) -> VisitView | None:
        """A visit as it is now, asked of the server together with whoever else is asked for."""
        if (found := self._known.get(link)) is not None:
            return found
        if (waiting := self._strangers.get(link)) is None:
            waiting = asyncio.get_running_loop().create_future()
            self._strangers[link] = waiting
        return await asyncio.shield(waiting)

    def hall_changed(self) -> None:
        """Somebody was called, came or went."""
        self._stale.set()

    def refresh(self, visit: VisitView) -> None:
        """A newer view of one visit, from an answer."""
        if visit.link in self._open:
            self._known[visit.link] = visit
        self.topic.turn()

    def forget(self) -> None:
        """The server was gone: what is known may be old."""
        self._stale.set()

    async def keep_fresh(self) -> None:
        """Runs as long as the program."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(VISITS_AT_LEAST_EVERY_S):
                    await self._stale.wait()
            pause_s = self._asked_s + VISITS_PAUSE_S - time.monotonic()
            if pause_s > 0:
                await asyncio.sleep(pause_s)
            self._stale.clear()
            self._asked_s = time.monotonic()
            await self._ask_anew(list(self._open))

    async def look_up_strangers(self) -> None:
        """Runs as long as the program."""
        while True:
            await asyncio.sleep(STRANGERS_PAUSE_S)
            if not self._strangers:
                continue
            waiting, self._strangers = self._strangers, {}
            found: Mapping[str, VisitView] | None = {}
            try:
                found = await self._ask(waiting)
            finally:
                for link, future in waiting.items():
                    if not future.done():
                        future.set_result((found or {}).get(link))

    async def _ask_anew(self, links: list[str]) -> None:
        found = await self._ask(links)
        if found is None:
            return
        before = self._known
        self._known = {link: view for link, view in found.items() if link in self._open}
        if self._known != before:
            self.topic.turn()

    async def _ask(self, links: Iterable[str]) -> dict[str, VisitView] | None:
        """By link; None when the server could not be asked."""
        rest, found = list(links), dict[str, VisitView]()
        while rest:
            some, rest = rest[:VISITS_ASKED_MOST], rest[VISITS_ASKED_MOST:]
            answer = await self._link.inquire(GetVisits(id=new_id(), links=some))
            if isinstance(answer, Rejected):
                log.debug("visits are not told now: %s", answer.reason)
                return None
            assert isinstance(answer, Answer)
            visits = answer.visits
            found |= {one.link: one for one in visits} if isinstance(visits, list) else {}
        return found


class Branch:
    """The branch as the pages know it."""

    def __init__(self, link: BranchLink) -> None:
        self.hall_topic = Topic()
        self.hall: HallSnapshot | None = None
        self.visits = Visits(link)
        self._link = link
        link.on_welcome = self._welcomed
        link.on_notice = self._noticed
        link.on_state = self._turned
        self._welcome: Welcome | None = None
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
        self.visits.forget()
        self.hall_topic.turn()

    def _noticed(self, notice: Notice) -> None:
        if isinstance(notice, HallSnapshot):
            is_newer = self.hall is None or notice.revision != self.hall.revision
            self.hall = notice
            self.hall_topic.turn()
            if is_newer:
                self.visits.hall_changed()

    def _turned(self, status: LinkStatus) -> None:
        log.info("the server is %s %s", status.state.value, status.reason)
        self.hall_topic.turn()
