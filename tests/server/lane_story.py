"""A lane on a real store, with a clock and ids that the test turns by hand."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import msgspec
import pyotp

from db import tables as t
from db.engine import sqlite_url
from db.rows import put_row
from protocol.messages import AnyCommand, OpenCounter, OpenSession, SetSecondStep, SignIn
from protocol.roles import DeviceRole
from server.adapters.sealing import KeySealer
from server.adapters.second_step import STEP_S, TotpSteps
from server.commands.handler import Asker, House
from server.domain.seating import Person
from server.lane import Ask, Batch, Lane
from server.store import Store

JAKARTA = ZoneInfo("Asia/Jakarta")
KIOSK = Asker("kiosk-1", DeviceRole.KIOSK)
OTHER_KIOSK = Asker("kiosk-2", DeviceRole.KIOSK)
DESK = Asker("counter-1", DeviceRole.COUNTER)
OTHER_DESK = Asker("counter-2", DeviceRole.COUNTER)
DOOR = Asker("door-1", DeviceRole.SCREENING)
OFFICE = Asker("office-1", DeviceRole.MANAGER)
TV = Asker("tv-1", DeviceRole.DISPLAY)
PAD = Asker("pad-1", DeviceRole.RATING)
WEB = Asker("web-1", DeviceRole.WEB)
RINA = Person("rina", "Rina", "frontliner")
ADI = Person("adi", "Adi", "frontliner")
BUDI = Person("budi", "Budi", "officer")
DEWI = Person("dewi", "Dewi", "manager")
HADI = Person("hadi", "Hadi", "manager")
WATI = Person("wati", "Wati", "admin")
PEOPLE = {one.staff: one for one in (RINA, ADI, BUDI, DEWI, HADI, WATI)}


STEP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class HandClock:
    """Stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.set("2026-11-20T08:00:00")

    def set(self, local: str) -> None:
        """The branch's own time of day."""
        at = datetime.fromisoformat(local).replace(tzinfo=JAKARTA)
        self.ms = int(at.timestamp() * 1000)

    def now_ms(self) -> int:
        return self.ms


class CountedIds:
    def __init__(self, first: int = 0) -> None:
        self._count = first
        self._codes = 0

    def new_id(self) -> str:
        self._count += 1
        return str(UUID(int=self._count))

    def new_secret(self) -> str:
        return f"secret-{self.new_id()}"

    def new_code(self) -> str:
        self._codes += 1
        return f"{100_000 + self._codes}"


class LaneStory:
    """Asks commands one by one or together; ``answers`` are decoded frames."""

    def __init__(self, folder: Path, store: Store | None = None, first_id: int = 0) -> None:
        self.clock = HandClock()
        self._ids = CountedIds(first_id)
        self.staff = {"rina", "adi", "budi", "dewi"}
        self.managers = {"dewi", "hadi", "wati"}
        self.store = store or Store.open(sqlite_url(folder / "branch.db"))
        self.sealer = KeySealer(b"a key of 32 bytes for our tests!")
        self.lane = self._new_lane()

    def _new_lane(self) -> Lane:
        kiosks = frozenset({"kiosk-1", "kiosk-2"})
        house = House(kiosks, frozenset(self.staff), frozenset(self.managers))
        branch = self.store.load_branch()
        return Lane(self.store, branch, self.clock, self._ids, house, self.sealer, TotpSteps())

    def let_kiosks_claim(self) -> None:
        """As if the branch let visitors claim a priority at the kiosk, from a restart on."""
        self.set_one("kiosk.priority_claim", "true")

    def set_one(self, key: str, value: str) -> None:
        """The branch sets something, from a restart on."""
        with self.store.database.writing() as connection:
            put_row(connection, t.setting, self.store.branch_code, {"key": key, "value": value})
        self.restart()

    def restart(self) -> None:
        """As after a crash: everything is told again from the store."""
        self.lane = self._new_lane()

    def decide(self, *asked: tuple[AnyCommand, Asker]) -> Batch:
        asks = [
            Ask(command, asker, lambda frame: None, _who_proved(command))
            for command, asker in asked
        ]
        return self.lane.decide(asks)

    def answers(self, batch: Batch) -> list[dict[str, Any]]:
        return decoded(frame for _, frame in batch.replies)

    def together(self, *asked: tuple[AnyCommand, Asker]) -> list[dict[str, Any]]:
        """Decide in one batch, write it, and give the answers."""
        batch = self.decide(*asked)
        if batch.must_be_written:
            self.lane.write(batch)
        return self.answers(batch)

    def ask(self, command: AnyCommand, asker: Asker = KIOSK) -> dict[str, Any]:
        (answer,) = self.together((command, asker))
        return answer

    def sign_in(
        self, asker: Asker, person: Person = RINA, counter: int | None = None
    ) -> dict[str, Any]:
        """Somebody whose PIN was right sits down at a device."""
        command = SignIn(id=uuid4(), staff=person.staff, pin="-", counter=counter)
        batch = self.lane.decide([Ask(command, asker, lambda frame: None, person)])
        if batch.must_be_written:
            self.lane.write(batch)
        return self.answers(batch)[0]

    def step_code(self, secret: str = STEP_SECRET, steps: int = 0) -> str:
        """What the phone shows now, or so many steps of time from now."""
        return pyotp.TOTP(secret).at(self.clock.ms // 1000 + steps * STEP_S)

    def open_browser(self, person: Person = DEWI, asker: Asker = WEB, where: str = "") -> str:
        """A manager signs in with a browser, with the second step; the session's secret."""
        words: dict[str, Any] = {"staff": person.staff, "pin": "-", "where": where}
        answer = self.ask(OpenSession(id=uuid4(), code=self.step_code(), **words), asker)
        if answer.get("reason") == "second-step-unset":
            answer = self.ask(
                SetSecondStep(id=uuid4(), secret=STEP_SECRET, code=self.step_code(), **words),
                asker,
            )
        # The next code, so that nobody has to wait for it.
        self.clock.ms += STEP_S * 1000
        session: str = answer["session"]
        return session

    def sit_down(self, number: int = 1, asker: Asker = DESK, person: Person = RINA) -> None:
        """Somebody sits down at a counter, and opens it."""
        assert self.sign_in(asker, person, number)["type"] == "Accepted"
        assert self.ask(OpenCounter(id=uuid4()), asker)["type"] == "Accepted"


def _who_proved(command: AnyCommand) -> Person | None:
    """Whose PIN the gateway would have found right."""
    if isinstance(command, SignIn):
        return RINA
    return PEOPLE[command.staff] if isinstance(command, OpenSession | SetSecondStep) else None


def decoded(frames: Any) -> list[dict[str, Any]]:
    return [msgspec.json.decode(frame) for frame in frames]


def numbers(answers: Sequence[dict[str, Any]]) -> list[str]:
    return [answer["ticket"]["number"] for answer in answers]
