"""Starting: the server's first accepted command, and the first frame of the screens."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench.bare import BareClient
from bench.past import give_past, give_today
from bench.serving import issue_many, office
from bench.table import Figure
from tests.running_branch import PIN, RunningBranch

PAST_DAYS, TICKETS_PER_DAY = 100, 2_000
TICKETS_TODAY = 2_000
STARTS = 7


async def _first_accepted_s(branch: RunningBranch) -> float:
    started_s = time.perf_counter()
    branch.start()
    kiosk = await BareClient.open(branch, "kiosk-1")
    await kiosk.ask("IssueTicket", service="A")
    took_s = time.perf_counter() - started_s
    branch.kill()
    return took_s


async def server_start(folder: Path) -> Figure:
    """Server start to first accepted command, 2,000 tickets today against an empty day."""
    full, empty = office(folder / "full"), office(folder / "empty")
    give_today(full.data, TICKETS_TODAY)
    ours, bare = [], []
    for _ in range(STARTS):
        bare.append(await _first_accepted_s(empty))
        ours.append(await _first_accepted_s(full))
    return Figure(
        "server start to first accepted command, 2,000 tickets today",
        "empty day",
        statistics.median(ours) * 1000,
        statistics.median(bare) * 1000,
        "ms",
    )


async def _issue_and_call_ms(branch: RunningBranch, rounds: int = 150) -> float:
    kiosk = await BareClient.open(branch, "kiosk-1")
    desk = await BareClient.open(branch, "counter-1")
    await desk.ask("SignIn", staff="rina", pin=PIN, counter=1)
    await desk.ask("OpenCounter")
    took_s = []
    for _ in range(rounds):
        started_s = time.perf_counter()
        await kiosk.ask("IssueTicket", service="A")
        ticket = (await desk.ask("CallNext"))["ticket"]
        took_s.append(time.perf_counter() - started_s)
        await desk.ask("FinishService", ticket=ticket["id"], outcome="solved")
    await kiosk.socket.close()
    await desk.socket.close()
    return statistics.median(took_s) * 1000


async def with_a_past(folder: Path) -> Figure:
    """Issue and call with 200,000 past tickets in the database, against an empty one."""
    old, new = office(folder / "old"), office(folder / "new")
    give_past(old.data, PAST_DAYS, TICKETS_PER_DAY)
    ours, bare = [], []
    with old, new:
        for _ in range(5):
            bare.append(await _issue_and_call_ms(new))
            ours.append(await _issue_and_call_ms(old))
    return Figure(
        "issue and call with 200,000 past tickets in the database",
        "the same with an empty one",
        statistics.median(ours),
        statistics.median(bare),
        "ms",
        at_most=1.1,
    )


BARE_WINDOW = """
import sys
import websockets.asyncio.client
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
class Window(QWidget):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, lambda: (print("first frame", flush=True), app.exit()))
app = QApplication(sys.argv)
window = Window()
window.resize(1080, 1920)
window.show()
app.exec()
"""


def _first_frame_s(command: list[str], environment: dict[str, str]) -> float:
    started_s = time.perf_counter()
    process = subprocess.Popen(
        command,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "first frame" in line or "first picture" in line:
            took_s = time.perf_counter() - started_s
            process.kill()
            process.wait()
            return took_s
    raise RuntimeError(f"no first frame from {command}: exit code {process.wait()}")


def first_frame(folder: Path, program: str) -> Figure:
    """A screen's start to its first frame, against a bare window with the websocket client."""
    ours, bare = [], []
    command = [
        *(sys.executable, "-m", program, "--server", "ws://127.0.0.1:9/", "--device", "bench"),
        *("--token", "bench", "--windowed", "1080x1920"),
        *(["--printer", "none:"] if program == "kiosk" else []),
    ]
    # Places of their own, so that nobody's settings are read or written.
    home = {
        name: str(folder / program)
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")
    }
    for _ in range(STARTS + 1):
        bare.append(_first_frame_s([sys.executable, "-c", BARE_WINDOW], {}))
        ours.append(_first_frame_s(command, home))
    return Figure(
        f"{program}, start to first frame",
        "bare Qt window + websockets import",
        statistics.median(ours[1:]) * 1000,
        statistics.median(bare[1:]) * 1000,
        "ms",
        at_most=1.6,
    )


async def memory(folder: Path) -> list[str]:
    """The server's memory with 1,000 clients, and after 10,000 tickets."""
    branch = office(folder / "memory")
    names = [f"screen-{number}" for number in range(1, 1_001)]
    branch.add_devices("display", *names)
    lines = []
    with branch:
        lines.append(f"- server, nobody connected: {_memory_mib(branch):.0f} MiB")
        screens = []
        for name in names:
            screens.append(await BareClient.open(branch, name))
        lines.append(f"- with 1,000 clients: {_memory_mib(branch):.0f} MiB")
        for screen in screens:
            screen.socket.transport.abort()
        kiosk = await BareClient.open(branch, "kiosk-1")
        issued = 0
        while issued < 10_000:
            issued += len(await issue_many(kiosk, 1.0))
        lines.append(f"- after {issued:,} tickets: {_memory_mib(branch):.0f} MiB")
    return lines


def _memory_mib(branch: RunningBranch) -> float:
    status = Path(f"/proc/{branch.process.pid}/status").read_text("utf-8")
    kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kib) / 1024
