"""The shipped display between the calls, and displays of some services: the real programs."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QColor, QImage

from display.media_stage import videos_can_be_played
from protocol.messages import Accepted, CallNext, IssueTicket, OpenCounter, SignIn, Ticket
from tests.running_branch import PIN, RunningBranch
from tests.ui.driven import DrivenScreen
from tests.wire_client import WireClient
from ui.program import ExitCode

SILENT = {"PULSE_SERVER": "unix:/nowhere", "ALSA_CONFIG_PATH": "/dev/null"}


@pytest.fixture(scope="module")
def branch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBranch]:
    """A branch with the shipped catalogue, and displays for some services."""
    made = RunningBranch(tmp_path_factory.mktemp("branch") / "data")
    made.add_devices("kiosk", "kiosk-1").add_devices("counter", "counter-1", "counter-2")
    made.add_devices("display", "hall", "ground", "upper").add_staff("rina", "budi")
    made.configure(limits__commands_per_s=0, calling__recall_pause_s=0)
    made.command("config", "set", "display.zone.ground", "A, B")
    made.command("config", "set", "display.zone.upper", "C")
    with made:
        yield made


def display(branch: RunningBranch, folder: Path, device: str, *options: str) -> DrivenScreen:
    words = ["-m", "display", "--server", branch.url, "--device", device, "--no-voice"]
    words += ["--token", branch.tokens[device], "--windowed", "960x540", *options]
    folder.mkdir(exist_ok=True)
    return DrivenScreen(
        words, folder=folder, environment=SILENT | {"XDG_CACHE_HOME": str(folder / "cache")}
    )


def wait(screen: DrivenScreen, **what: Any) -> str:
    told = screen.ask("wait", deadline_s=20, answer_s=40, **what)
    assert "error" not in told, (told, screen.errors[-2000:])
    return str(told.get("text", ""))


def paint(path: Path) -> None:
    image = QImage(160, 90, QImage.Format.Format_RGB32)
    image.fill(QColor("orange"))
    assert image.save(str(path))


async def call(branch: RunningBranch, service: str, counter: int, staff: str) -> str:
    """A visitor takes a number, and a counter calls it."""
    device = f"counter-{counter}"
    async with branch.client("kiosk-1") as kiosk, branch.client(device) as seat:
        for command in (
            SignIn(id=seat.new_id(), staff=staff, pin=PIN, counter=counter),
            OpenCounter(id=seat.new_id()),
        ):
            await accepted(seat, command)
        await accepted(kiosk, IssueTicket(id=kiosk.new_id(), service=service))
        called = await accepted(seat, CallNext(id=seat.new_id()))
        assert isinstance(called.ticket, Ticket)
        return called.ticket.number


async def accepted(client: WireClient, command: Any) -> Accepted:
    answer = await client.ask(command)
    assert isinstance(answer, Accepted), answer
    return answer


def test_standards_pictures_and_what_is_skipped_while_nobody_is_called(
    branch: RunningBranch, tmp_path: Path
) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "2 broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    (folder / "3 film.mp4").write_bytes(b"\x00\x00\x00\x20ftypisom" + bytes(100))
    (folder / "notes.txt").write_text("none of a display's business")
    words = ("--media", str(folder), "--picture-s", "0.3", "--page-s", "0.3")
    with display(branch, tmp_path / "tv", "hall", *words, "--screen-inches", "40") as screen:
        wait(screen, name="media", text="Standar pelayanan: Pendaftaran. Persyaratan: • KTP")
        wait(screen, name="media", text="Biaya: Gratis")
        # A file that is put in while it runs has its turn.
        paint(folder / "1 open from eight.png")
        wait(screen, name="media", text="1 open from eight")
        # Whoever sets up sees what is skipped, and why.
        screen.ask("key", keys="F2")
        wait(screen, name="set-up", text="notes.txt (jenisnya tidak dikenal)")
        wait(screen, name="set-up", text="2 broken.png (rusak)")
        wait(screen, name="set-up", text="Nomor terbaca sampai")
        if not videos_can_be_played():
            wait(screen, name="set-up", text="Video dilewati: pasang ekstra antrean[video].")
        screen.ask("key", keys="Escape")
        wait(screen, name="set-up", gone=True)
        assert screen.end() == ExitCode.OK
        log = screen.errors
        assert "2 broken.png is not shown: broken" in log
        assert "notes.txt is not shown: unknown" in log
        assert "Nomor terbaca sampai" in log
        assert "Traceback" not in log


async def test_each_display_shows_the_calls_of_its_own_services_alone(
    branch: RunningBranch, tmp_path: Path
) -> None:
    def look(screen: DrivenScreen) -> dict[str, str]:
        return {each["name"]: each["text"] for each in screen.ask("look")["widgets"]}

    with (
        display(branch, tmp_path / "1", "hall") as hall,
        display(branch, tmp_path / "2", "ground") as ground,
        display(branch, tmp_path / "3", "upper") as upper,
    ):
        for screen, title in (
            (hall, "Kantor Cabang"),
            (ground, "A Pendaftaran · B Perubahan data"),
            (upper, "C Informasi"),
        ):
            await asyncio.to_thread(wait, screen, page="board")
            await asyncio.to_thread(wait, screen, name="branch-name", text=title)
        first = await call(branch, "A", 1, "rina")
        await asyncio.to_thread(wait, hall, name="current-number", text=first)
        await asyncio.to_thread(wait, ground, name="current-number", text=first)
        second = await call(branch, "C", 2, "budi")
        await asyncio.to_thread(wait, hall, name="current-number", text=second)
        await asyncio.to_thread(wait, upper, name="current-number", text=second)
        # What the upper floor is told is older than its own call: it never had the other's.
        shown = await asyncio.to_thread(look, upper)
        assert first not in " ".join(shown.values())
        assert "Pendaftaran" not in shown["facts"]
        below = await asyncio.to_thread(look, ground)
        assert second not in " ".join(below.values())
        assert (await asyncio.to_thread(look, hall))["history-1"].startswith(first)
