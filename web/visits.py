"""The visits that have open pages, kept fresh by one question for all of them (F55).

A thousand phones make one question a second, and links that nobody has a page of yet are looked
up together, however many are guessed.
"""

import asyncio
import contextlib
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from protocol.messages import Answer, GetVisits, Rejected, VisitView
from web.link import BranchLink
from web.topic import Topic

log = logging.getLogger(__name__)

PAUSE_S = 1.0
"""Phones see a change within this time, and cost the server one question per so long."""
AT_LEAST_EVERY_S = 15.0
"""Estimates change with the clock alone."""
ASKED_MOST = 200
STRANGERS_PAUSE_S = 0.05
STRANGERS_MOST = 2_000
FOUND_WITHIN_S = 5.0
REMEMBERED_MOST = 5_000


class OutOfReachError(Exception):
    """The branch's server cannot be asked now: whether a link is known is not known either."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A visit as it was at an instant of the branch's clock."""

    visit: VisitView
    at: datetime


@dataclass(slots=True)
class _OpenPages:
    """The pages that are open of one link; ``seen`` None: the server knows it no more."""

    seen: Seen | None
    pages: int = 0
    topic: Topic = field(default_factory=Topic)


class Visits:
    """What the pages of visitors show; ``now`` is the branch's clock, UTC."""

    def __init__(
        self, link: BranchLink, now: Callable[[], datetime], new_id: Callable[[], UUID]
    ) -> None:
        self._link = link
        self._now = now
        self._new_id = new_id
        self._open: dict[str, _OpenPages] = {}
        self._last: OrderedDict[str, Seen] = OrderedDict()
        self._strangers: dict[str, asyncio.Future[Seen | None]] = {}
        self._stale = asyncio.Event()
        self._asked_s = 0.0

    # For pages.

    @property
    def is_in_reach(self) -> bool:
        """Whether what is shown is kept fresh now."""
        return self._link.is_online

    @property
    def open_pages(self) -> int:
        """How many pages are open now."""
        return sum(one.pages for one in self._open.values())

    @contextlib.contextmanager
    def watched(self, link: str) -> Iterator[Topic]:
        """While a page of this link is open; the topic turns when it may show something else."""
        mine = self._open.setdefault(link, _OpenPages(self._last.get(link)))
        mine.pages += 1
        try:
            yield mine.topic
        finally:
            mine.pages -= 1
            if not mine.pages:
                self._open.pop(link, None)

    def of(self, link: str) -> Seen | None:
        """What is known of a watched link; None: nothing, or its time is over."""
        watched = self._open.get(link)
        return watched.seen if watched is not None else None

    async def find(self, link: str) -> Seen | None:
        """A visit as it is now; None: there is none. Raises OutOfReachError."""
        watched = self._open.get(link)
        if watched is not None and watched.seen is not None and self.is_in_reach:
            return watched.seen
        return await self.look_anew(link)

    async def look_anew(self, link: str) -> Seen | None:
        """The same after a deed: asked of the server with whoever else is asked for."""
        if not self.is_in_reach or len(self._strangers) >= STRANGERS_MOST:
            raise OutOfReachError
        if (waiting := self._strangers.get(link)) is None:
            waiting = asyncio.get_running_loop().create_future()
            self._strangers[link] = waiting
        try:
            async with asyncio.timeout(FOUND_WITHIN_S):
                return await asyncio.shield(waiting)
        except TimeoutError:
            raise OutOfReachError from None

    def last_known(self, link: str) -> Seen | None:
        """What was last seen of a link, for the time in which the server cannot be asked."""
        return self._last.get(link)

    # For the branch.

    def hall_changed(self) -> None:
        """Somebody was called, came or went."""
        self._stale.set()

    def link_turned(self) -> None:
        """The server went out of reach or came back: every open page says so."""
        self._stale.set()
        for one in self._open.values():
            one.topic.turn()

    async def keep_fresh(self) -> None:
        """Runs as long as the program."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(AT_LEAST_EVERY_S):
                    await self._stale.wait()
            pause_s = self._asked_s + PAUSE_S - time.monotonic()
            if pause_s > 0:
                await asyncio.sleep(pause_s)
            self._stale.clear()
            self._asked_s = time.monotonic()
            for some in _batches(self._open):
                await self._ask(some)

    async def look_up_strangers(self) -> None:
        """Runs as long as the program."""
        while True:
            await asyncio.sleep(STRANGERS_PAUSE_S)
            waiting, self._strangers = self._strangers, {}
            for some in _batches(waiting):
                try:
                    found = await self._ask(some)
                except BaseException:
                    _fail(waiting.values())
                    raise
                for link in some:
                    _settle(waiting[link], found, link)

    async def _ask(self, links: list[str]) -> dict[str, Seen] | None:
        """By link; None when the server could not be asked."""
        answer = await self._link.inquire(GetVisits(id=self._new_id(), links=links))
        if isinstance(answer, Rejected):
            log.debug("visits are not told now: %s", answer.reason)
            return None
        assert isinstance(answer, Answer)
        at = answer.as_of if isinstance(answer.as_of, datetime) else self._now()
        visits = answer.visits if isinstance(answer.visits, list) else []
        found = {visit.link: Seen(visit, at) for visit in visits}
        for link in links:
            self._keep(link, found.get(link))
        return found

    def _keep(self, link: str, seen: Seen | None) -> None:
        self._last.pop(link, None)
        if seen is not None:
            self._last[link] = seen
            # Bounded (I14): who was not seen for longest is forgotten first.
            if len(self._last) > REMEMBERED_MOST:
                self._last.popitem(last=False)
        if (watched := self._open.get(link)) is not None:
            watched.seen = seen
            watched.topic.turn()


def _batches(links: Iterable[str]) -> Iterator[list[str]]:
    rest = list(links)
    for start in range(0, len(rest), ASKED_MOST):
        yield rest[start : start + ASKED_MOST]


def _settle(
    waiting: "asyncio.Future[Seen | None]", found: dict[str, Seen] | None, link: str
) -> None:
    if waiting.done():
        return
    if found is None:
        waiting.set_exception(OutOfReachError())
        waiting.exception()  # who asked may be gone
    else:
        waiting.set_result(found.get(link))


def _fail(waiting: Iterable["asyncio.Future[Seen | None]"]) -> None:
    for one in waiting:
        if not one.done():
            one.set_exception(OutOfReachError())
            one.exception()  # who asked may be gone
