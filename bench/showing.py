"""From the call key to the number on the TV, against a bare window with a bare websocket."""

import asyncio
import os
import queue
import shutil
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from websockets.asyncio.client import connect

from assets import asset_path
from bench.bare import BareClient, bare_server, percentile
from bench.serving import office
from bench.table import Figure
from tests.journeys.screens import Screens, sit_down
from tests.running_branch import RunningBranch

CALLS = 40
GOAL_MS = 250.0
"""The goal is a time, not a ratio: p95 with everything on one machine of two cores."""

IDLE_GOAL = 10.0
"""Of one core, in hundredths: for a light PC behind a TV."""

IDLE_PICTURES = 6
SETTLED_S, IDLE_S = 8.0, 30.0

SIZE = "1920x1080"
BETWEEN_S = 0.4
_PATIENCE_S = 30.0

_BARE_WINDOW = """
import asyncio, sys, threading, time
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QLabel
from websockets.asyncio.client import connect

class Words(QObject):
    came = Signal(str)

class Window(QLabel):
    def paintEvent(self, event):
        super().paintEvent(event)
        words = self.text()
        QTimer.singleShot(0, lambda: print("painted", words, time.perf_counter(), flush=True))

async def listen():
    async with connect(sys.argv[1], compression=None) as socket:
        await socket.send("listen")
        async for frame in socket:
            words.came.emit(frame)

app = QApplication(sys.argv)
words, window = Words(), Window("ready")
words.came.connect(window.setText, Qt.ConnectionType.QueuedConnection)
font = window.font()
font.setPixelSize(300)
window.setFont(font)
window.resize(1920, 1080)
window.show()
threading.Thread(target=lambda: asyncio.run(listen()), daemon=True).start()
app.exec()
"""


class _Window:
    """A program that says when it has painted which number."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self._command = command
        self._folder = folder
        self._painted: queue.Queue[tuple[str, float]] = queue.Queue()

    def __enter__(self) -> Self:
        places = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")
        environment = {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
        self._process = subprocess.Popen(
            [sys.executable, *self._command],
            env=os.environ | environment | {name: str(self._folder) for name in places},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()

    def painted_s(self, number: str) -> float:
        """Wait until a number has been painted; when it was."""
        until_s = time.perf_counter() + _PATIENCE_S
        while True:
            words, at_s = self._painted.get(timeout=max(0.1, until_s - time.perf_counter()))
            if words == number:
                return at_s

    def cpu_s(self) -> float:
        """What it and its children have used so far."""
        return _cpu_s(self._process.pid)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("painted "):
                _, words, at_s = line.split()
                self._painted.put((words, float(at_s)))


async def key_to_tv(folder: Path) -> Figure:
    """F2 at the real counter until the real TV has painted the number, all on one machine."""
    bare_ms = await _bare_ms(folder)
    with office(folder / "branch") as branch, Screens(branch, folder) as screens:
        ours_ms = await _ours_ms(branch, screens, folder)
    return Figure(
        f"key to TV paint, p95 of {CALLS} calls (median {statistics.median(ours_ms):.0f} ms)",
        "bare window + bare websocket",
        percentile(ours_ms, 0.95),
        percentile(bare_ms, 0.95),
        "ms",
        at_most=GOAL_MS / percentile(bare_ms, 0.95),
    )


async def idle_cpu(folder: Path) -> Figure:
    """The real display with pictures and standards while nobody is called: share of a core."""
    pictures = folder / "pictures"
    pictures.mkdir()
    icons = sorted(asset_path("icons").glob("*.svg"))
    for icon in icons[:IDLE_PICTURES]:
        shutil.copy(icon, pictures)
    with office(folder / "branch") as branch:
        words = ["-m", "display", "--server", branch.url, "--device", "tv-1", "--no-voice"]
        words += ["--token", branch.tokens["tv-1"], "--windowed", SIZE, "--media", str(pictures)]
        with _Window(words, folder / "tv") as window:
            await asyncio.sleep(SETTLED_S)
            before_s, began_s = window.cpu_s(), time.perf_counter()
            await asyncio.sleep(IDLE_S)
            share = (window.cpu_s() - before_s) / (time.perf_counter() - began_s)
    what = f"display at rest with {IDLE_PICTURES} pictures and the standards, share of a core"
    return Figure(what, "the goal", share * 100, IDLE_GOAL, "%", at_most=1)


async def _bare_ms(folder: Path) -> list[float]:
    took_ms = []
    with bare_server("broadcast") as url, _Window(["-c", _BARE_WINDOW, url], folder) as window:
        await asyncio.to_thread(window.painted_s, "ready")
        await asyncio.sleep(1)  # it has to come to the server, too
        async with connect(url, compression=None) as socket:
            await socket.send("speak")
            for place in range(CALLS):
                number = f"A{place:03}"
                asked_s = time.perf_counter()
                await socket.send(number)
                painted_s = await asyncio.to_thread(window.painted_s, number)
                took_ms.append((painted_s - asked_s) * 1000)
                await asyncio.sleep(BETWEEN_S)
    return took_ms


async def _ours_ms(branch: RunningBranch, screens: Screens, folder: Path) -> list[float]:
    words = ["-m", "bench.watched_display", "--server", branch.url, "--device", "tv-1"]
    words += ["--token", branch.tokens["tv-1"], "--windowed", SIZE, "--no-voice", "--card-s", "0.1"]
    kiosk = await BareClient.open(branch, "kiosk-1")
    seat = screens.counter()
    await asyncio.to_thread(sit_down, seat, "rina")
    took_ms = []
    with _Window(words, folder / "tv") as window:
        for place in range(CALLS + 1):
            issued = await kiosk.ask("IssueTicket", service="A")
            number = str(issued["ticket"]["number"])
            await asyncio.to_thread(seat.wait, name="next", text=number)
            await asyncio.sleep(BETWEEN_S)
            asked_s = time.perf_counter()
            seat.tell('{"do":"key","keys":"F2"}')
            painted_s = await asyncio.to_thread(window.painted_s, number)
            await asyncio.to_thread(seat.answer, _PATIENCE_S)
            if place:  # the first call loads fonts of that size
                took_ms.append((painted_s - asked_s) * 1000)
    return took_ms


def _cpu_s(pid: int) -> float:
    """Seconds on a processor of a process, of its children, and of those that have ended."""
    process = Path(f"/proc/{pid}")
    try:
        fields = (process / "stat").read_text("utf-8").rpartition(")")[2].split()
        tasks = [(task / "children").read_text("utf-8") for task in (process / "task").iterdir()]
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    own_s = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return own_s + sum(_cpu_s(int(child)) for words in tasks for child in words.split())
