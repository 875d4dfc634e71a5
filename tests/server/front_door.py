"""The front door over a lane and a real disk, with the shipped catalogue of the door."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec

from protocol import messages as m
from server.commands.handler import Asker
from server.config import Settings
from server.lane import Ask
from server.query_desk import QueryDesk
from tests.server.lane_story import BUDI, DESK, DEWI, DOOR, KIOSK, OFFICE, LaneStory, decoded

NIK = "3515144508680002"
OTHER_NIK = "3578080102030001"
DAY_MS = 24 * 3_600_000


class FrontDoor(LaneStory):
    """Budi at the door, Rina at counter 1, Dewi in the office."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.sit_down(1)
        self.sign_in(DOOR, BUDI)
        self.sign_in(OFFICE, DEWI)

    def screen(self, outcome: str, **fields: Any) -> dict[str, Any]:
        answer = self.ask(self.screening(outcome, **fields), DOOR)
        assert answer["type"] == "Accepted", answer
        return answer

    def screening(self, outcome: str, **fields: Any) -> m.RecordScreening:
        words = {"id": str(uuid4()), "outcome": outcome, **fields}
        return msgspec.convert(words, m.RecordScreening)

    def refused(self, outcome: str, **fields: Any) -> tuple[str, str]:
        answer = self.ask(self.screening(outcome, **fields), DOOR)
        return answer["reason"], answer["message"]

    def take(self, code: str, kiosk: Asker = KIOSK, **fields: Any) -> dict[str, Any]:
        words = {"service": "A", **fields}
        return self.ask(m.IssueTicket(id=uuid4(), screening=code, **words), kiosk)

    def set(self, **stored: str) -> None:
        """As if the branch had these settings, from a restart on."""
        wanted = {name.replace("__", "."): value for name, value in stored.items()}
        known = self.store.settings().stored
        object.__setattr__(self, "_wanted", Settings({**known, **wanted}))
        self.store.settings = lambda: self._wanted  # type: ignore[method-assign, attr-defined]
        self.restart()

    def inquire(self, query: m.AnyCommand, asker: Asker = DESK) -> dict[str, Any]:
        """What is answered at a seat, with what the archive's thread may have to read."""

        async def ask() -> dict[str, Any]:
            desk = QueryDesk(self.lane)
            answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
            desk.submit(Ask(query, asker, answer.set_result))
            desk.answer_some()
            async with asyncio.timeout(5):
                (words,) = decoded([await answer])
            desk.close()
            return words

        return asyncio.run(ask())

    def get(self, **named: str) -> dict[str, Any]:
        """What GetScreening answers in the office, where every note may be read."""
        return self.inquire(m.GetScreening(id=uuid4(), **named), OFFICE)

    def rows(self, table: Any) -> list[dict[str, Any]]:
        return self.store.rows(table)
