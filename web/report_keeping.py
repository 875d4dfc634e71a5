"""The day's papers are made by themselves at the signed close, and sent where the branch wants."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

from db.closed_days import ClosedDay
from report.keeper import ReportKeeper
from report.sending import SendingRules
from report.source import BranchDays

if TYPE_CHECKING:
    from web.house import House

log = logging.getLogger(__name__)

LOOKS_EVERY_S = 30.0


def sending_rules(house: "House") -> SendingRules:
    """What the branch set, as the greeting says it."""
    rules = house.branch.rules
    return SendingRules(
        folder=rules.report_folder,
        formats=tuple(rules.report_formats),
        send_at=rules.report_send_at,
        mail_to=tuple(rules.report_mail_to),
        language=rules.report_language,
        time_zone=str(house.zone),
    )


class Papers:
    """Looks every half minute, and at once when somebody asks."""

    def __init__(self, house: "House") -> None:
        self._house = house
        self._source = BranchDays(
            house.database,
            lambda: house.branch_code,
            lambda: sending_rules(house),
            self._now_ms,
        )
        self._keeper = ReportKeeper(house.data, self._source)
        self._looking = asyncio.Lock()

    async def look(self) -> None:
        """Make and send what is due; never two at once."""
        async with self._looking:
            await asyncio.to_thread(self._keeper.look, self._now_ms())

    def days(self) -> Sequence[ClosedDay]:
        """Every day that was closed, the newest first."""
        return self._source.days()

    async def kept(self, business_date: str) -> bytes | None:
        """The newest paper of a day."""
        path = await asyncio.to_thread(self._keeper.newest, business_date)
        try:
            return None if path is None else await asyncio.to_thread(path.read_bytes)
        except OSError:
            return None  # made anew for whoever asks

    async def is_behind(self, business_date: str) -> bool:
        """Whether the page knows more than the newest paper: ratings come in after the close."""
        return await asyncio.to_thread(self._keeper.is_behind, business_date)

    @contextlib.asynccontextmanager
    async def made(self) -> AsyncIterator[None]:
        """For the life of the program."""
        task = asyncio.create_task(self._keep_looking())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _keep_looking(self) -> None:
        while True:
            was_closed = self._is_closed()
            try:
                await self.look()
            except Exception:
                log.exception("the reports could not be looked after; tried again")
            waited_s = 0.0
            while waited_s < LOOKS_EVERY_S and self._is_closed() == was_closed:
                await asyncio.sleep(1.0)
                waited_s += 1.0

    def _now_ms(self) -> int:
        return int(self._house.branch.now().timestamp() * 1000)

    def _is_closed(self) -> tuple[str, bool]:
        hall = self._house.branch.hall
        return ("", False) if hall is None else (hall.business_date.isoformat(), hall.closed)
