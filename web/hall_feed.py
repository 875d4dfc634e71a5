"""The live hall for all browsers together: read once, rendered once per language, told to each.

What the server sends is told at once; the day's figures are read from the database in a thread,
at most once a second, and only while somebody looks.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from protocol.messages import AdviseStaffing, Answer, StaffingHint
from report.day import DayReport
from web.branch import new_id
from web.hall import Hall
from web.hall_shown import HallShown
from web.topic import Topic

if TYPE_CHECKING:
    from web.house import House

log = logging.getLogger(__name__)

FIGURES_PAUSE_S = 1.0
FIGURES_AT_LEAST_EVERY_S = 10.0
"""Times run on while nothing happens."""
FIGURES_OLD_S = 2 * FIGURES_AT_LEAST_EVERY_S
HINTS_PAUSE_S = 5.0
STILL_EVERY_S = 2.0
"""A browser that hears nothing for longer says how old its data is."""
PARTS = ("cards", "wants", "counters", "services", "hours", "door", "state")


class HallFeed:
    """The hall's newest state; a task keeps it fresh while browsers listen."""

    def __init__(self, house: "House") -> None:
        self._house = house
        self._topic = Topic()
        self._listeners = 0
        self._keeper: asyncio.Task[None] | None = None
        self._report: DayReport | None = None
        self._looked_s = self._read_s = -FIGURES_AT_LEAST_EVERY_S
        self._read_head = ("", 0)
        self._reading = asyncio.Lock()
        self._hints: tuple[StaffingHint, ...] = ()
        self._hinted_s = -HINTS_PAUSE_S
        self._rendered: dict[str, tuple[tuple[object, ...], dict[str, str]]] = {}

    async def hall(self) -> Hall | None:
        """The hall now, for a page that is opened; None before the server told anything."""
        await self._read_figures()
        await self._ask_hints()
        return self._now()

    async def report(self) -> DayReport | None:
        """The figures of today, at most a second old."""
        await self._read_figures()
        return self._report

    def parts(self, language: str) -> dict[str, str]:
        """Each part of the page as HTML, rendered once for all who read this language."""
        hall = self._now()
        if hall is None:
            return {}
        # Waiting times are shown in whole minutes; seconds run in the browsers.
        minute = hall.now.replace(second=0, microsecond=0)
        key = (hall.snapshot, hall.report, hall.hints, minute, hall.is_online)
        known = self._rendered.get(language)
        if known is not None and _same(known[0], key):
            return known[1]
        rendering = self._house.rendering
        texts = rendering.texts(language)
        context = HallShown(hall, texts, self._house.zone).context()
        made = {part: rendering.filled(f"hall/{part}.html", texts, context) for part in PARTS}
        self._rendered[language] = (key, made)
        return made

    async def events(self, language: str) -> AsyncIterator[str]:
        """Server-sent events: the parts that changed, and a sign of life every two seconds."""
        yield "retry: 2000\n\n"
        with self._listening():
            told: dict[str, str] = {}
            version = self._topic.version
            while True:
                parts = self.parts(language)
                news = {name: html for name, html in parts.items() if told.get(name) != html}
                told = dict(parts)
                yield _event({"parts": news} if news else {}, self._still())
                version = await self._topic.after(version, STILL_EVERY_S)

    def _still(self) -> Mapping[str, Any]:
        now_ms = int(self._house.branch.now().timestamp() * 1000)
        made_ms = now_ms if self._report is None else self._report.made_at_ms
        return {
            "now": now_ms,
            "online": self._house.branch.is_online,
            # The link may be fine while the disk is not.
            "old": now_ms - made_ms > FIGURES_OLD_S * 1000,
        }

    def _now(self) -> Hall | None:
        branch = self._house.branch
        if branch.hall is None:
            return None
        return Hall(
            branch.welcome,
            branch.hall,
            self._report,
            branch.now(),
            branch.is_online,
            self._hints,
        )

    # Keeping it fresh.

    @contextlib.contextmanager
    def _listening(self) -> Iterator[None]:
        self._listeners += 1
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            self._listeners -= 1
            if not self._listeners and self._keeper is not None:
                self._keeper.cancel()
                self._keeper = None

    async def _keep(self) -> None:
        figures = asyncio.create_task(self._keep_figures())
        version = self._house.branch.hall_topic.version
        try:
            while True:
                version = await self._house.branch.hall_topic.after(version, 60.0)
                self._topic.turn()
        finally:
            figures.cancel()

    async def _keep_figures(self) -> None:
        while True:
            before = (self._report, self._hints)
            try:
                await self._read_figures()
                await self._ask_hints()
            except Exception:
                log.exception("the day's figures could not be read")
            if (self._report, self._hints) != before:
                self._topic.turn()
            await asyncio.sleep(FIGURES_PAUSE_S)

    async def _read_figures(self) -> None:
        branch = self._house.branch
        if branch.hall is None:
            return
        async with self._reading:
            now_s, date = self._house.monotonic_s(), branch.hall.business_date.isoformat()
            if now_s - self._looked_s < FIGURES_PAUSE_S:
                return
            self._looked_s = now_s
            head = await asyncio.to_thread(self._house.figures.head, date)
            is_known = (date, head) == self._read_head
            if is_known and now_s - self._read_s < FIGURES_AT_LEAST_EVERY_S:
                return
            self._report = await asyncio.to_thread(self._house.figures.of_day, date, self._report)
            self._read_s, self._read_head = now_s, (date, head)

    async def _ask_hints(self) -> None:
        now_s = self._house.monotonic_s()
        if now_s - self._hinted_s < HINTS_PAUSE_S or not self._house.branch.is_online:
            return
        self._hinted_s = now_s
        answer = await self._house.branch.inquire(AdviseStaffing(id=new_id()))
        if isinstance(answer, Answer) and isinstance(answer.staffing, list):
            self._hints = tuple(answer.staffing)


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """By identity first: snapshots are large, and a new one is a new object."""
    return all(
        a is b or (not isinstance(a, Struct) and a == b) for a, b in zip(one, other, strict=True)
    )


def _event(*parts: Mapping[str, Any]) -> str:
    told: dict[str, Any] = {}
    for part in parts:
        told |= part
    return f"data: {json.dumps(told, ensure_ascii=False, separators=(',', ':'))}\n\n"
