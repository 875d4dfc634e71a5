"""ReportHealth: how a kiosk's paper and a display's voice are, shown to the staff, kept nowhere."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from protocol.messages import Accepted, AnyCommand, IssueTicket, ReportHealth, ScreeningSnapshot
from protocol.roles import DeviceRole
from server.commands.handler import Asker
from server.connections import Connection, Connections
from server.dispatch import Dispatch
from server.lane import Ask
from server.notices import Notices
from tests.running_branch import RunningBranch
from tests.server.lane_story import (
    BUDI,
    DESK,
    DEWI,
    DOOR,
    KIOSK,
    OFFICE,
    PAD,
    TV,
    WEB,
    LaneStory,
    decoded,
)
from tests.server.test_greeting import Wire

SOON_S = 5.0


class Branch(LaneStory):
    """A lane with its shell on the event loop, and devices that are there."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.connections = Connections()
        self.notices = Notices(self.connections, lambda: self.lane.day, self.clock.now_ms)
        self.dispatch = Dispatch(self.lane, self.notices, list)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        running = asyncio.create_task(self.dispatch.run())
        try:
            yield
        finally:
            self.dispatch.stop()
            await running

    def connect(self, asker: Asker) -> tuple[Connection, Wire]:
        wire = Wire()
        connection = Connection(wire, asker)
        self.connections.add(connection, self.clock.ms)
        self.dispatch.join(connection)
        return connection, wire

    async def say(self, command: AnyCommand, asker: Asker) -> dict[str, Any]:
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self.dispatch.submit(Ask(command, asker, answer.set_result))
        async with asyncio.timeout(SOON_S):
            (words,) = decoded([await answer])
        return words

    def device(self, name: str) -> dict[str, Any]:
        (found,) = (one for one in self.notices.device_health() if one.device == name)
        return {"paper": found.paper, "left": found.tickets_left, "voice": found.voice}


@pytest.fixture
def branch(tmp_path: Path) -> Any:
    story = Branch(tmp_path)
    story.sit_down(1)
    story.sign_in(DOOR, BUDI)
    story.sign_in(OFFICE, DEWI)
    yield story
    story.store.close()


async def snapshot(wire: Wire, kind: str, *, after: int) -> dict[str, Any]:
    """The next snapshot of a kind that comes after so many frames."""
    async with asyncio.timeout(SOON_S):
        while True:
            for words in wire.frames[after:]:
                if words["type"] == kind:
                    return words
            await asyncio.sleep(0.01)


async def test_the_door_sees_on_one_line_how_every_device_says_it_is(branch: Branch) -> None:
    async with branch.running():
        for asker in (KIOSK, TV):
            branch.connect(asker)
        _, door = branch.connect(DOOR)
        _, office = branch.connect(OFFICE)
        await snapshot(door, "ScreeningSnapshot", after=0)
        seen = len(door.frames), len(office.frames)
        low = ReportHealth(id=uuid4(), paper="low", tickets_left=60)
        assert (await branch.say(low, KIOSK))["type"] == "Accepted"
        failed = ReportHealth(id=uuid4(), voice="failed")
        assert (await branch.say(failed, TV))["type"] == "Accepted"
        shown = await snapshot(door, "ScreeningSnapshot", after=seen[0])
        told = {one["device"]: one for one in shown["devices"]}
        assert (told["kiosk-1"]["paper"], told["kiosk-1"]["tickets_left"]) == ("low", 60)
        assert told["tv-1"]["voice"] == "failed"
        assert told["kiosk-1"]["voice"] is None
        alerts = (await snapshot(office, "HallSnapshot", after=seen[1]))["alerts"]
        found = {(one["code"], one["subject"]): one["message"] for one in alerts}
        assert found["paper-low", "kiosk-1"] == {
            "id": "Kertas Kios 1 hampir habis, kira-kira 60 karcis lagi.",
            "en": "Kiosk 1 is running out of paper, about 60 more tickets.",
        }
        assert found["voice-failed", "tv-1"]["id"].startswith("Suara TV 1 tidak berfungsi")


async def test_what_a_device_does_not_know_is_neither_guessed_nor_alarmed(branch: Branch) -> None:
    """F32: a printer that says nothing of itself is no printer without paper."""
    async with branch.running():
        branch.connect(KIOSK)
        assert branch.device("kiosk-1") == {"paper": None, "left": None, "voice": None}
        await branch.say(ReportHealth(id=uuid4(), paper="unknown"), KIOSK)
        assert branch.device("kiosk-1")["paper"] == "unknown"
        _, office = branch.connect(OFFICE)
        shown = await snapshot(office, "HallSnapshot", after=0)
        assert [one["code"] for one in shown["alerts"]] == []


async def test_a_report_is_no_event_and_is_not_remembered(branch: Branch) -> None:
    async with branch.running():
        branch.connect(KIOSK)
        await branch.say(IssueTicket(id=uuid4(), service="A"), KIOSK)
        revision, known = branch.lane.day.revision, branch.store.known_command_ids()
        report = ReportHealth(id=uuid4(), paper="out")
        assert await branch.say(report, KIOSK) == {
            "type": "Accepted",
            "id": str(report.id),
            "revision": revision,
        }
        assert branch.lane.day.revision == revision
        assert branch.store.known_command_ids() == known
        assert branch.store.load_day().last_seq == revision


async def test_it_is_shown_while_the_disk_says_no(branch: Branch) -> None:
    """It never goes through the lane: a branch with a broken disk still sees its paper."""

    def no(batch: Any) -> None:
        raise AssertionError("a report was written")

    async with branch.running():
        branch.connect(KIOSK)
        branch.lane.write = no  # type: ignore[method-assign]
        await branch.say(ReportHealth(id=uuid4(), paper="cover"), KIOSK)
        assert branch.device("kiosk-1")["paper"] == "cover"


async def test_a_device_that_goes_takes_its_word_along(branch: Branch) -> None:
    async with branch.running():
        connection, _ = branch.connect(KIOSK)
        await branch.say(ReportHealth(id=uuid4(), paper="ok"), KIOSK)
        assert branch.device("kiosk-1")["paper"] == "ok"
        branch.connections.remove(connection, branch.clock.ms)
        assert branch.device("kiosk-1")["paper"] is None
        branch.connect(KIOSK)
        assert branch.device("kiosk-1")["paper"] is None
        await branch.say(ReportHealth(id=uuid4(), paper="out"), KIOSK)
        branch.connect(KIOSK)  # replaced by a program that has yet to look
        assert branch.device("kiosk-1")["paper"] is None


@pytest.mark.parametrize("asker", [DESK, DOOR, PAD, OFFICE, WEB], ids=lambda one: one.role.value)
async def test_only_kiosks_and_displays_speak_of_themselves(branch: Branch, asker: Asker) -> None:
    """F47."""
    async with branch.running():
        report = ReportHealth(id=uuid4(), paper="ok")
        assert (await branch.say(report, asker))["reason"] == "not-allowed"


@pytest.mark.parametrize(
    ("asker", "fields"),
    [(KIOSK, {"voice": "ok"}), (TV, {"paper": "ok"}), (TV, {"tickets_left": 3})],
    ids=lambda value: str(getattr(value, "role", value)),
)
async def test_a_device_speaks_of_what_it_has(
    branch: Branch, asker: Asker, fields: dict[str, Any]
) -> None:
    assert asker.role in (DeviceRole.KIOSK, DeviceRole.DISPLAY)
    async with branch.running():
        answer = await branch.say(ReportHealth(id=uuid4(), **fields), asker)
        assert (answer["reason"], branch.connections.presence) == ("bad-value", {})


async def test_over_real_sockets_the_door_hears_of_the_paper(tmp_path: Path) -> None:
    running = RunningBranch(tmp_path / "data")
    running.add_devices("kiosk", "kiosk-1").add_devices("screening", "door-1")
    with running:
        async with running.client("kiosk-1") as kiosk, running.client("door-1") as door:
            report = ReportHealth(id=kiosk.new_id(), paper="out", tickets_left=0)
            assert isinstance(await kiosk.ask(report), Accepted)
            async with asyncio.timeout(SOON_S):
                while True:
                    shown = await door.notice(ScreeningSnapshot)
                    told = {one.device: one for one in shown.devices}["kiosk-1"]
                    if told.paper is not None:
                        break
        assert (told.paper, told.tickets_left, told.voice) == ("out", 0, None)
        assert running.rows("SELECT count(*) FROM event WHERE type = 'ReportHealth'") == [(0,)]
        assert running.rows("SELECT count(*) FROM command") == [(0,)]
