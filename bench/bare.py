"""The bare things that Antrean is measured against, and bare clients that measure it."""

import asyncio
import json
import multiprocessing
import sqlite3
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, broadcast, serve

from tests.running_branch import RunningBranch


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def commits_per_s(folder: Path, seconds: float = 2.0) -> float:
    """Single-insert commits of raw sqlite3, WAL, ``synchronous=FULL``, on this disk."""
    took_s = _commit_times_s(folder, seconds)
    return len(took_s) / sum(took_s)


def commit_p50_s(folder: Path, seconds: float = 1.0) -> float:
    """The median of one such commit."""
    return statistics.median(_commit_times_s(folder, seconds))


def _commit_times_s(folder: Path, seconds: float) -> list[float]:
    file = folder / f"bare-{uuid4().hex}.db"
    took_s: list[float] = []
    with sqlite3.connect(file, isolation_level=None) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE ticket (id TEXT PRIMARY KEY, number TEXT, body TEXT)")
        body = "x" * 200
        until_s = time.perf_counter() + seconds
        while time.perf_counter() < until_s:
            row = (uuid4().hex, "A001", body)
            started_s = time.perf_counter()
            connection.execute("INSERT INTO ticket VALUES (?, ?, ?)", row)
            took_s.append(time.perf_counter() - started_s)
    connection.close()
    file.unlink()
    return took_s


def _echo_process(port: Connection) -> None:
    async def echo(socket: ServerConnection) -> None:
        async for frame in socket:
            await socket.send(frame)

    async def main() -> None:
        async with serve(echo, "127.0.0.1", 0, compression=None) as server:
            port.send(server.sockets[0].getsockname()[1])
            await server.serve_forever()

    asyncio.run(main())


def _broadcast_process(port: Connection) -> None:
    """Sends each frame of its first client to all the others."""
    others: set[ServerConnection] = set()

    async def talk(socket: ServerConnection) -> None:
        if await socket.recv() == "listen":
            others.add(socket)
            await socket.wait_closed()
            return
        async for frame in socket:
            broadcast(others, frame)

    async def main() -> None:
        async with serve(talk, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
            port.send(server.sockets[0].getsockname()[1])
            await server.serve_forever()

    asyncio.run(main())


@contextmanager
def bare_server(kind: str) -> Iterator[str]:
    """A bare ``websockets`` server in a process of its own: ``echo`` or ``broadcast``."""
    target = {"echo": _echo_process, "broadcast": _broadcast_process}[kind]
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=target, args=(theirs,), daemon=True)
    process.start()
    try:
        yield f"ws://127.0.0.1:{ours.recv()}/"
    finally:
        process.kill()
        process.join()


class BareClient:
    """A device with no more than a socket: the measuring costs as little as it can."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    @classmethod
    async def open(cls, branch: RunningBranch, device: str) -> "BareClient":
        socket = await connect(branch.url, compression=None, ping_interval=None, open_timeout=60)
        words = {
            "type": "Hello",
            "protocol": 1,
            "role": branch.roles[device],
            "device": device,
            "token": branch.tokens[device],
        }
        await socket.send(json.dumps(words))
        welcome = json.loads(await socket.recv())
        assert welcome["type"] == "Welcome", welcome
        return cls(socket)

    async def ask(self, kind: str, **fields: Any) -> dict[str, Any]:
        """One command and its answer; whatever else comes is passed over."""
        words = {"type": kind, "id": str(uuid4()), **fields}
        await self.socket.send(json.dumps(words))
        answer: dict[str, Any] = json.loads(await self.hear(b'{"type":"Accepted"'))
        return answer

    async def hear(self, start: bytes) -> bytes:
        """The next frame that begins so; a refusal ends the run."""
        while True:
            frame = await self.socket.recv(decode=False)
            assert isinstance(frame, bytes)
            if frame.startswith(start):
                return frame
            assert not frame.startswith(b'{"type":"Rejected"'), frame
