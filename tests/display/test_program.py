"""The display program as it is shipped: a real process, a real server, real calls."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from display.__main__ import PROGRAM
from protocol.messages import (
    Accepted,
    CallNext,
    FinishService,
    IssueTicket,
    OpenCounter,
    RecallTicket,
    SignIn,
    Ticket,
)
from tests.running_branch import PIN, RunningBranch
from tests.ui.driven import DrivenScreen
from tests.wire_client import WireClient
from ui.program import ExitCode, run_screen

DISPLAYS = tuple(f"display-{number}" for number in range(1, 7))
SILENT = {"PULSE_SERVER": "unix:/nowhere", "ALSA_CONFIG_PATH": "/dev/null"}
"""A machine without a sound device, whatever this one has."""


@pytest.fixture(scope="module")
def branch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBranch]:
    """A branch with a kiosk, two counters and some displays."""
    made = RunningBranch(tmp_path_factory.mktemp("branch") / "data")
    made.add_devices("kiosk", "kiosk-1").add_devices("counter", "counter-1", "counter-3")
    made.add_devices("display", *DISPLAYS).add_staff("rina", "budi")
    made.configure(limits__commands_per_s=0, calling__recall_pause_s=0)
    with made:
        yield made


def display(
    branch: RunningBranch, folder: Path, device: str, *options: str, token: str = ""
) -> DrivenScreen:
    words = ["-m", "display", "--server", branch.url, "--device", device]
    words += ["--token", token or branch.tokens[device], "--windowed", "960x540", *options]
    return DrivenScreen(
        words, folder=folder, environment=SILENT | {"XDG_CACHE_HOME": str(folder / "cache")}
    )


class Hall:
    """What happens in front of the displays."""

    def __init__(self, kiosk: WireClient, counters: dict[int, WireClient]) -> None:
        self.kiosk = kiosk
        self.counters = counters

    async def call(self, counter: int) -> Ticket:
        """A visitor takes a number and this counter calls it."""
        await _accepted(self.kiosk, IssueTicket(id=self.kiosk.new_id(), service="A"))
        seat = self.counters[counter]
        called = await _accepted(seat, CallNext(id=seat.new_id()))
        assert isinstance(called.ticket, Ticket)
        return called.ticket

    async def recall(self, counter: int, ticket: Ticket) -> None:
        seat = self.counters[counter]
        await _accepted(seat, RecallTicket(id=seat.new_id(), ticket=ticket.id))

    async def finish(self, counter: int, ticket: Ticket) -> None:
        seat = self.counters[counter]
        command = FinishService(id=seat.new_id(), ticket=ticket.id, outcome="solved")
        await _accepted(seat, command)


@asynccontextmanager
async def open_hall(branch: RunningBranch) -> AsyncIterator[Hall]:
    async with (
        branch.client("kiosk-1") as kiosk,
        branch.client("counter-1") as one,
        branch.client("counter-3") as three,
    ):
        counters = {1: one, 3: three}
        for (number, seat), staff in zip(counters.items(), ("rina", "budi"), strict=True):
            await _accepted(seat, SignIn(id=seat.new_id(), staff=staff, pin=PIN, counter=number))
            await _accepted(seat, OpenCounter(id=seat.new_id()))
        yield Hall(kiosk, counters)


async def _accepted(client: WireClient, command: Any) -> Accepted:
    answer = await client.ask(command)
    assert isinstance(answer, Accepted), answer
    return answer


async def ask(screen: DrivenScreen, do: str, **more: Any) -> dict[str, Any]:
    """Ask the screen while the hall goes on."""
    answer = await asyncio.to_thread(screen.ask, do, **more)
    assert "error" not in answer, answer
    return answer


async def outcome(branch: RunningBranch, device: str, count: int) -> list[str]:
    """What a display has confirmed, in order, once it is so many."""
    sql = (
        "SELECT json_extract(body, '$.outcome') FROM event WHERE type = 'AnnouncementConfirmed' "
        f"AND json_extract(body, '$.device') = '{device}' ORDER BY seq"
    )
    deadline_s = time.monotonic() + 15
    while len(rows := branch.rows(sql)) < count:
        assert time.monotonic() < deadline_s, f"only {rows} in 15 s"
        await asyncio.sleep(0.02)
    return [row[0] for row in rows]


async def test_a_call_and_its_recall_are_on_the_screen_and_confirmed(
    branch: RunningBranch, tmp_path: Path
) -> None:
    with display(branch, tmp_path, "display-1", "--no-voice") as screen:
        assert screen.started["page"] == "waiting"
        async with open_hall(branch) as hall:
            await ask(screen, "wait", page="board", deadline_s=10)
            ticket = await hall.call(3)
            await ask(screen, "wait", name="current-number", text=ticket.number)
            await ask(screen, "wait", name="current-counter", text="LOKET 3")
            await hall.recall(3, ticket)
            await ask(screen, "wait", name="card-caption", text="Panggilan ke-2")
            assert await outcome(branch, "display-1", 2) == ["shown", "shown"]
            await hall.finish(3, ticket)
            again = await hall.call(1)
            await ask(screen, "wait", name="current-number", text=again.number, deadline_s=10)
            await ask(screen, "wait", name="history-1", text=f"{ticket.number} loket 3")
            await hall.finish(1, again)
        assert screen.end() == ExitCode.OK
        assert "Traceback" not in screen.errors


async def test_only_the_named_counters_are_voiced_and_the_voice_ends_with_the_program(
    branch: RunningBranch, tmp_path: Path
) -> None:
    # Without a sound device a call that is to be spoken fails, and says so (F36).
    options = ("--clock-speed", "60", "--voice-counters", "1")
    with display(branch, tmp_path, "display-2", *options) as screen:
        async with open_hall(branch) as hall:
            await ask(screen, "wait", page="board", deadline_s=10)
            other = await hall.call(3)
            assert await outcome(branch, "display-2", 1) == ["shown"]
            named = await hall.call(1)
            assert await outcome(branch, "display-2", 2) == ["shown", "failed"]
            await ask(screen, "wait", name="sound", text="Suara mati")
            await ask(screen, "wait", name="text-line", text="Suara mati:")
            await hall.finish(3, other)
            await hall.finish(1, named)
        voices = children_of(screen.process.pid)
        assert voices
        assert screen.end() == ExitCode.OK
        deadline_s = time.monotonic() + 5
        while any(is_running(voice) for voice in voices):
            assert time.monotonic() < deadline_s, "the voice outlives its display"
            await asyncio.sleep(0.02)


async def test_on_a_fast_clock_nothing_is_voiced_unless_counters_are_named(
    branch: RunningBranch, tmp_path: Path
) -> None:
    with display(branch, tmp_path, "display-3", "--clock-speed", "60") as screen:
        async with open_hall(branch) as hall:
            await ask(screen, "wait", page="board", deadline_s=10)
            ticket = await hall.call(1)
            assert await outcome(branch, "display-3", 1) == ["shown"]
            assert children_of(screen.process.pid) == []
            await hall.finish(1, ticket)


async def test_a_killed_server_is_seen_within_two_seconds_and_one_snapshot_mends_it(
    branch: RunningBranch, tmp_path: Path
) -> None:
    with display(branch, tmp_path, "display-4", "--no-voice") as screen:
        async with open_hall(branch) as hall:
            await ask(screen, "wait", page="board", deadline_s=10)
            ticket = await hall.call(1)
            await ask(screen, "wait", name="current-number", text=ticket.number)
            await asyncio.to_thread(branch.kill)
            await ask(screen, "wait", name="link-state", text="Terputus", deadline_s=2)
            await ask(screen, "wait", name="current-number", text=ticket.number)
            await asyncio.to_thread(branch.start)
            await ask(screen, "wait", name="link-state", gone=True, deadline_s=15)
            await ask(screen, "wait", name="current-number", text=ticket.number)
            await hall.finish(1, ticket)
        assert screen.end() == ExitCode.OK


def test_a_display_that_starts_before_the_server_joins_by_itself_f41(
    branch: RunningBranch, tmp_path: Path
) -> None:
    branch.stop()
    with display(branch, tmp_path, "display-5", "--no-voice") as screen:
        assert screen.started["page"] == "waiting"
        waits = screen.ask("wait", name="notice-details", text=branch.url)
        assert "error" not in waits, waits
        branch.start()
        joined = screen.ask("wait", page="board", deadline_s=6)
        assert "error" not in joined, joined


def test_a_wrong_token_is_explained_and_ends_with_its_own_code(
    branch: RunningBranch, tmp_path: Path
) -> None:
    with display(branch, tmp_path, "display-6", token="not-the-token") as screen:
        refused = screen.ask("wait", page="refused", deadline_s=10)
        assert "error" not in refused, refused
        said = screen.ask("wait", name="notice-details", text="device add display-6 --role display")
        assert "error" not in said, said
        assert screen.end() == ExitCode.REFUSED


def test_counters_that_are_no_numbers_are_refused_with_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for wrong in ("1,x", "0", ""):
        with pytest.raises(SystemExit) as ended:
            main_with("--voice-counters", wrong)
        assert ended.value.code == ExitCode.USAGE
        assert "counter numbers with commas between them (1,2)" in capsys.readouterr().err


def test_the_help_names_every_option_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main_with("--help")
    assert ended.value.code == ExitCode.OK
    told = capsys.readouterr().out
    for option in PROGRAM.options:
        assert option.flag in told


def main_with(*words: str) -> int:
    return run_screen(PROGRAM, words)


def children_of(pid: int) -> list[int]:
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().split(")")[-1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
