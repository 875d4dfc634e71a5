"""The server's speed: tickets a second, one kiosk's wait, a call on its way to 200 screens."""

import asyncio
import statistics
import time
from pathlib import Path
from uuid import uuid4

from websockets.asyncio.client import connect

from bench.bare import BareClient, bare_server, commit_p50_s, commits_per_s, percentile
from bench.table import Figure
from tests.running_branch import PIN, RunningBranch

KIOSKS = 8
DISPLAYS = 200


def office(data: Path) -> RunningBranch:
    """A branch without limits, with all devices that are measured."""
    branch = RunningBranch(data)
    branch.add_devices("kiosk", *[f"kiosk-{number}" for number in range(1, KIOSKS + 1)])
    branch.add_devices("display", *[f"tv-{number}" for number in range(1, DISPLAYS + 1)])
    branch.add_devices("counter", "counter-1").add_staff("rina")
    return branch.configure(limits__commands_per_s=0)


async def issue_many(kiosk: BareClient, seconds: float) -> list[float]:
    """Take numbers one after the other; the seconds that each took."""
    took_s = []
    until_s = time.perf_counter() + seconds
    while time.perf_counter() < until_s:
        frame = '{"type":"IssueTicket","id":"%s","service":"A"}' % uuid4()  # noqa: UP031
        started_s = time.perf_counter()
        await kiosk.socket.send(frame)
        await kiosk.hear(b'{"type":"Accepted"')
        took_s.append(time.perf_counter() - started_s)
    return took_s


async def tickets_per_s(folder: Path, seconds: float = 4.0) -> Figure:
    """Acknowledged tickets of 8 kiosks at once against raw commits, in turns."""
    ours, bare = [], []
    with office(folder / "tickets") as branch:
        kiosks = [await BareClient.open(branch, f"kiosk-{n}") for n in range(1, KIOSKS + 1)]
        for _ in range(3):
            bare.append(commits_per_s(folder, 1.0))
            started_s = time.perf_counter()
            took = await asyncio.gather(*[issue_many(kiosk, seconds / 3) for kiosk in kiosks])
            ours.append(sum(map(len, took)) / (time.perf_counter() - started_s))
    return Figure(
        "acknowledged tickets a second, 8 kiosks at once",
        "raw sqlite3 single-insert commits a second",
        statistics.median(ours),
        statistics.median(bare),
        "1/s",
        at_least=0.4,
    )


async def one_kiosk(folder: Path) -> Figure:
    """One kiosk's wait against one commit and one bare round trip."""
    ours, bare = [], []
    with office(folder / "one") as branch, bare_server("echo") as url:
        kiosk = await BareClient.open(branch, "kiosk-1")
        async with connect(url, compression=None) as echo:
            for _ in range(5):
                ours.append(statistics.median(await issue_many(kiosk, 0.6)))
                trips_s = []
                for _ in range(300):
                    started_s = time.perf_counter()
                    await echo.send("x" * 290)
                    await echo.recv()
                    trips_s.append(time.perf_counter() - started_s)
                bare.append(statistics.median(trips_s) + commit_p50_s(folder, 0.4))
    return Figure(
        "one kiosk, ask to answer, p50",
        "one commit + one bare websocket round trip",
        statistics.median(ours) * 1000,
        statistics.median(bare) * 1000,
        "ms",
        at_most=4.0,
    )


async def _last_of(waiting: list[asyncio.Task[float]], started_s: float) -> float:
    return max(await asyncio.gather(*waiting)) - started_s


async def _heard_at_s(client: BareClient, start: bytes) -> float:
    await client.hear(start)
    return time.perf_counter()


async def call_to_the_last_display(folder: Path, calls: int = 60) -> Figure:
    """From the frontliner's key to the last of 200 screens, against a bare broadcast."""
    ours, bare = [], []
    announcement = b'{"type":"Announcement"'
    with office(folder / "call") as branch, bare_server("broadcast") as url:
        displays = [await BareClient.open(branch, f"tv-{n}") for n in range(1, DISPLAYS + 1)]
        kiosk = await BareClient.open(branch, "kiosk-1")
        desk = await BareClient.open(branch, "counter-1")
        await desk.ask("SignIn", staff="rina", pin=PIN, counter=1)
        await desk.ask("OpenCounter")
        listeners = []
        for _ in range(DISPLAYS):
            socket = await connect(url, compression=None, ping_interval=None)
            await socket.send("listen")
            listeners.append(BareClient(socket))
        speaker = await connect(url, compression=None, ping_interval=None)
        await speaker.send("speak")
        frame = announcement.decode() + "x" * 190
        for _ in range(calls):
            await kiosk.ask("IssueTicket", service="A")
            hearing = [asyncio.create_task(_heard_at_s(one, announcement)) for one in displays]
            await asyncio.sleep(0.12)  # the snapshots of the ticket's issue go out first
            started_s = time.perf_counter()
            calling = asyncio.create_task(desk.ask("CallNext"))
            ours.append(await _last_of(hearing, started_s))
            ticket = (await calling)["ticket"]
            await desk.ask("FinishService", ticket=ticket["id"], outcome="solved")
            hearing = [asyncio.create_task(_heard_at_s(one, announcement)) for one in listeners]
            await asyncio.sleep(0.12)
            started_s = time.perf_counter()
            await speaker.send(frame)
            bare.append(await _last_of(hearing, started_s))
    return Figure(
        "call to the last of 200 displays, p95",
        "bare websockets.broadcast of the same bytes to 200",
        percentile(ours, 0.95) * 1000,
        percentile(bare, 0.95) * 1000,
        "ms",
        at_most=2.5,
    )
