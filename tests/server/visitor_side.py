"""A branch whose kiosks, displays and desks are there: what the visitor's side does, all hear."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from protocol import messages as m
from server import snapshots
from server.config import Settings
from server.instants import instant
from tests.server.lane_story import BUDI, DESK, DEWI, DOOR, OFFICE
from tests.server.test_words import Hall


class VisitorSide(Hall):
    """Rina at counter 1, Budi at the door, Dewi in the office."""

    def __init__(self, folder: Path, **stored: str) -> None:
        super().__init__(folder)
        self.set(**stored)
        self.sit_down(1)
        self.sign_in(DOOR, BUDI)
        self.sign_in(OFFICE, DEWI)

    def set(self, **stored: str) -> None:
        """As if the branch had these settings (``kiosk__home``), from a restart on."""
        wanted = {name.replace("__", "."): value for name, value in stored.items()}
        self.set_all(wanted)

    def set_all(self, stored: dict[str, str]) -> None:
        """The same with the names as they are."""
        settings = Settings({**self.store.settings().stored, **stored})
        self.store.settings = lambda: settings  # type: ignore[method-assign]
        self.restart()

    def pass_s(self, seconds: float) -> None:
        self.clock.ms += int(seconds * 1000)

    def instant_in(self, seconds: float) -> datetime:
        return instant(self.clock.ms + int(seconds * 1000))

    @property
    def clock_date(self) -> date:
        return date.fromisoformat(self.lane.day.business_date)

    def press(self, asker: Any, **fields: Any) -> dict[str, Any]:
        return self.ask(m.CallOfficer(id=uuid4(), **fields), asker)

    # What is seen.

    def hall(self, *displays: str) -> snapshots.Hall:
        return snapshots.Hall(self.lane.day, self.clock.ms, list(displays))

    def at_desk(self, *displays: str) -> m.QueueSnapshot:
        return snapshots.queue_snapshot(self.hall(*displays), DESK.device)

    def at_door(self) -> m.ScreeningSnapshot:
        return snapshots.screening_snapshot(self.hall(), DOOR.device, [], self.clock.ms)

    def at_kiosk(self) -> m.KioskSnapshot:
        return snapshots.kiosk_snapshot(self.lane.day, self.clock.ms)

    def at_tv(self) -> m.BoardSnapshot:
        return snapshots.board_snapshot(self.lane.day, self.clock.ms)
