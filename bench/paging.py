"""The pages under load: 2,000 open phones, a flood from the street, fifty managers' browsers."""

import asyncio
import contextlib
import itertools
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import uuid4

from bench.bare import BareClient, percentile
from bench.table import Figure
from tests.running_branch import PIN, RunningBranch
from tests.web.running_pages import HttpManager, RunningPages

PHONES = 2_000
SERVICES = ("A", "B", "C")
BROWSERS = 50
CALLS = 12
CALL_EVERY_S = 2.0
ROUNDS, ROUND_S = 3, 4.0


def office(data: Path) -> RunningBranch:
    """A branch without limits on its own devices."""
    branch = RunningBranch(data)
    branch.add_devices("kiosk", "kiosk-1").add_devices("counter", "counter-1")
    branch.add_devices("web", "web-1").add_staff("rina").add_staff("wati", role="manager")
    return branch.configure(limits__commands_per_s=0)


def on_one_core(pid: int, core: int) -> None:
    """Keep a process on one core while there are several."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(pid, {core})


async def until(is_so: Callable[[], bool], within_s: float = 30.0) -> None:
    """Wait for what only clocks of many sockets tell."""
    async with asyncio.timeout(within_s):
        while not is_so():  # noqa: ASYNC110 - a thousand sockets have no common event
            await asyncio.sleep(0.001)


def cpu_s(pid: int) -> float:
    """Seconds of a core that a process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# (a) Open phones.


class OpenPhone:
    """One open stream, with no more than a socket; ``heard_s``: when it last heard something."""

    def __init__(self, wanted: bytes) -> None:
        self.wanted = wanted
        self.heard_s = 0.0
        self.bytes = 0
        self.begun = asyncio.Event()

    async def listen(self, host: str, port: int, path: str, own: str) -> None:
        """Until it is cancelled."""
        reader, writer = await asyncio.open_connection(host, port, local_addr=(own, 0))
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        try:
            while some := await reader.read(65536):
                if self.wanted in some:
                    self.heard_s = time.perf_counter()
                    self.bytes += len(some)
                    self.begun.set()
        finally:
            writer.close()


def own_addresses(phones_each: int) -> Iterator[str]:
    """Addresses of visitors; all of 127/8 is this machine."""
    for number in itertools.count():
        place = number // phones_each
        yield f"127.1.{place // 250}.{place % 250 + 1}"


@asynccontextmanager
async def open_phones(
    host: str, port: int, paths: list[str], wanted: bytes
) -> AsyncIterator[list[OpenPhone]]:
    """So many streams, all of which have heard their first words."""
    phones = [OpenPhone(wanted) for _ in paths]
    tasks = []
    for phone, path, own in zip(phones, paths, own_addresses(50), strict=False):
        tasks.append(asyncio.create_task(phone.listen(host, port, path, own)))
        if len(tasks) % 20 == 0:
            await asyncio.sleep(0.02)
    try:
        async with asyncio.timeout(180):
            await asyncio.gather(*(phone.begun.wait() for phone in phones))
        yield phones
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def issue(kiosk: BareClient, count: int) -> list[str]:
    """Numbers in turn of the services; the secrets of their QRs."""
    links = []
    for number in range(count):
        service = SERVICES[number % len(SERVICES)]
        frame = f'{{"type":"IssueTicket","id":"{uuid4()}","service":"{service}"}}'
        await kiosk.socket.send(frame)
        answer = await kiosk.hear(b'{"type":"Accepted"')
        links.append(answer.partition(b"/t/")[2].partition(b'"')[0].decode())
    return links


async def seat(branch: RunningBranch) -> BareClient:
    """A counter that is open."""
    counter = await BareClient.open(branch, "counter-1")
    for words in (
        f'"type":"SignIn","staff":"rina","pin":"{PIN}","counter":1',
        '"type":"OpenCounter"',
    ):
        await counter.socket.send(f'{{{words},"id":"{uuid4()}"}}')
        await counter.hear(b'{"type":"Accepted"')
    return counter


async def call(counter: BareClient) -> float:
    """Call the next one and finish; the seconds until the call was answered."""
    started_s = time.perf_counter()
    await counter.socket.send(f'{{"type":"CallNext","id":"{uuid4()}"}}')
    answer = await counter.hear(b'{"type":"Accepted"')
    took_s = time.perf_counter() - started_s
    ticket = answer.partition(b'"ticket":{"id":"')[2].partition(b'"')[0].decode()
    for words in (
        f'"type":"StartService","ticket":"{ticket}"',
        f'"type":"FinishService","ticket":"{ticket}","outcome":"solved"',
    ):
        await counter.socket.send(f'{{{words},"id":"{uuid4()}"}}')
        await counter.hear(b'{"type":"Accepted"')
    return took_s


async def phones_on_one_core(folder: Path) -> Figure:
    """2,000 open pages: from the call to the last page that shows it, against the same bytes from
    a bare server of streams. Ours waits up to a second on purpose (one question a second)."""
    ours, shares, told, heard = [], [], 0, 1
    with office(folder / "phones") as branch, RunningPages(branch) as pages:
        pid = pages.pid
        on_one_core(pid, 1)
        host, port = pages.url.removeprefix("http://").split(":")
        links = await issue(await BareClient.open(branch, "kiosk-1"), PHONES)
        counter = await seat(branch)
        paths = [f"/t/{link}/stream?lang=id" for link in links]
        async with open_phones(host, int(port), paths, b"data: {") as phones:
            await asyncio.sleep(2)
            used_s, since_s = cpu_s(pid), time.perf_counter()
            for _ in range(CALLS):
                started_s = time.perf_counter()
                before = sum(phone.bytes for phone in phones)
                await call(counter)
                await asyncio.sleep(CALL_EVERY_S)
                ours.append(max(phone.heard_s for phone in phones) - started_s)
                told = sum(phone.bytes for phone in phones) - before
                heard = sum(phone.heard_s > started_s for phone in phones)
            shares.append((cpu_s(pid) - used_s) / (time.perf_counter() - since_s))
    bare = await _bare_streams(told // max(1, heard), heard)
    share = 100 * statistics.median(shares)
    return Figure(
        f"{PHONES} open phone pages, a call until the last of {heard} shows it "
        f"(antrean-web takes {share:.0f} % of a core at a call every {CALL_EVERY_S:g} s), p50",
        "a bare asyncio server sends as many streams the same bytes",
        statistics.median(ours) * 1000,
        bare * 1000,
        "ms",
    )


BARE_PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 2048\r\n\r\n" + b"x" * 2048


def _bare_process(port: Connection) -> None:
    """Answers every request with a page, and keeps the asker for events of so many bytes."""

    async def main() -> None:
        writers: set[asyncio.StreamWriter] = set()

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                while head := await reader.readuntil(b"\r\n\r\n"):
                    if b"/stream" in head:
                        writer.write(b"HTTP/1.1 200 OK\r\n\r\ndata: {}\n\n")
                        writers.add(writer)
                    else:
                        writer.write(BARE_PAGE)

        server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=2048)
        port.send(server.sockets[0].getsockname()[1])
        loop = asyncio.get_running_loop()
        while size := await loop.run_in_executor(None, port.recv):
            for writer in writers:
                writer.write(b"data: {" + b"x" * (size - 9) + b"\n\n")

    asyncio.run(main())


@contextmanager
def _bare_server() -> Iterator[tuple[int, Connection]]:
    """A bare server on the pages' core: its port, and where it is told to send."""
    spawn = multiprocessing.get_context("spawn")
    mine, theirs = spawn.Pipe()
    process = spawn.Process(target=_bare_process, args=(theirs,), daemon=True)
    process.start()
    try:
        port = mine.recv()
        on_one_core(process.pid or 0, 1)
        yield port, mine
    finally:
        process.kill()
        process.join()


async def _bare_streams(size: int, count: int) -> float:
    """The median until the last of so many bare streams has so many bytes."""
    took = []
    with _bare_server() as (port, told):
        paths = ["/stream"] * count
        async with open_phones("127.0.0.1", port, paths, b"data: {") as phones:
            for _ in range(CALLS):
                await asyncio.sleep(0.3)
                started_s = time.perf_counter()
                told.send(max(10, size))
                await until(partial(_all_heard, phones, started_s))
                took.append(max(phone.heard_s for phone in phones) - started_s)
    return statistics.median(took)


# (b) A flood.


async def flooded_counter(folder: Path) -> Figure:
    """F55: CallNext of a counter while one client asks the phone page as fast as it can, against
    the same while it floods a bare server that knows nothing of the branch: so both sides have
    the machine's second core taken. Server and pages have a core each."""
    calm, beside, flooded = [], [], []
    floods: list[float] = []
    with (
        office(folder / "flood") as branch,
        RunningPages(branch) as pages,
        _bare_server() as (bare, _),
    ):
        on_one_core(pages.pid, 1)
        on_one_core(branch.process.pid, 0)
        links = await issue(await BareClient.open(branch, "kiosk-1"), 900)
        counter = await seat(branch)
        ours = pages.url.removeprefix("http://").split(":")
        for _ in range(ROUNDS):
            calm += await _calls_for(counter, ROUND_S / 2)
            async with _flood("127.0.0.1", str(bare), "/", []):
                beside += await _calls_for(counter, ROUND_S)
            async with _flood(ours[0], ours[1], f"/t/{links[-1]}", floods):
                flooded += await _calls_for(counter, ROUND_S)
    tails = [percentile(one, 0.99) * 1000 for one in (flooded, beside)]
    return Figure(
        f"CallNext under a flood of {statistics.mean(floods):,.0f} phone pages a second, p50 "
        f"(p99 {tails[0]:.1f} against {tails[1]:.1f} ms; without any flood p50 "
        f"{statistics.median(calm) * 1000:.1f} ms)",
        "CallNext while a bare server beside is flooded alike, p50",
        statistics.median(flooded) * 1000,
        statistics.median(beside) * 1000,
        "ms",
        at_most=1.3,
    )


@asynccontextmanager
async def _flood(host: str, port: str, path: str, told: list[float]) -> AsyncIterator[None]:
    """A process that asks as fast as it can, for a round; how many a second it was told."""
    seconds = ROUND_S + 1
    flood = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.flooding", host, port, path, str(seconds)),
        stdout=asyncio.subprocess.PIPE,
    )
    on_one_core(flood.pid, 1)
    await asyncio.sleep(0.7)
    yield
    said, _ = await flood.communicate()
    told.append(int(said) / seconds)


async def _calls_for(counter: BareClient, seconds: float) -> list[float]:
    took, until_s = [], time.perf_counter() + seconds
    while time.perf_counter() < until_s:
        took.append(await call(counter))
        await asyncio.sleep(0.03)
    return took


# (c) The live hall.


async def live_hall(folder: Path) -> Figure:
    """From the word to the last of fifty managers' browsers that show it; the goal is 200 ms."""
    took = []
    with office(folder / "hall") as branch, RunningPages(branch) as pages:
        with HttpManager(pages, "wati") as manager:
            await asyncio.to_thread(manager.sign_in)
            cookie = manager.http.cookies["session"]
        host, port = pages.url.removeprefix("http://").split(":")
        kiosk = await BareClient.open(branch, "kiosk-1")
        async with open_halls(host, int(port), cookie) as heard:
            await asyncio.sleep(2)
            for _ in range(20):
                await asyncio.sleep(1.3)
                started_s = time.perf_counter()
                await issue(kiosk, 1)
                await until(partial(_told_since, heard, started_s))
                took.append(max(heard) - started_s)
    return Figure(
        f"a number taken, until the last of {BROWSERS} live halls was told, p50 "
        f"(p95 {percentile(took, 0.95) * 1000:.0f} ms)",
        "the goal",
        statistics.median(took) * 1000,
        200.0,
        "ms",
        at_most=1.0,
    )


@asynccontextmanager
async def open_halls(host: str, port: int, cookie: str) -> AsyncIterator[list[float]]:
    """Fifty streams of the live hall; when each was told of a change last."""
    heard = [0.0] * BROWSERS

    async def listen(number: int) -> None:
        reader, writer = await asyncio.open_connection(host, port)
        head = f"GET /hall/stream HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: session={cookie}\r\n"
        writer.write(f"{head}Accept: text/event-stream\r\n\r\n".encode())
        with contextlib.closing(writer):
            while some := await reader.read(1 << 20):
                if b"data: " in some:
                    heard[number] = time.perf_counter()

    tasks = [asyncio.create_task(listen(number)) for number in range(BROWSERS)]
    try:
        await until(partial(_told_since, heard, 0.0))
        yield heard
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _told_since(heard: list[float], since_s: float) -> bool:
    return min(heard) > since_s


def _all_heard(phones: list[OpenPhone], since_s: float) -> bool:
    return min(phone.heard_s for phone in phones) > since_s
