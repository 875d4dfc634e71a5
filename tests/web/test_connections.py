"""Nobody holds the connections of the pages for nothing (F44, F55)."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from tests.web.running_pages import RunningPages
from web import serving
from web.serving import PageServer

Peer = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Served = tuple[int, list[Peer]]


async def _app(scope: Any, receive: Any, send: Any) -> None:
    """Answers a GET at once, ``/stream`` never to its end, and a POST once its body is whole."""
    while scope["method"] == "POST" and (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    is_stream = scope["path"] == "/stream"
    await send({"type": "http.response.body", "body": b"x", "more_body": is_stream})
    if is_stream:
        await receive()  # the request
        await receive()  # the end


@asynccontextmanager
async def served() -> AsyncIterator[Served]:
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(_app, log_config=None, lifespan="off", http="h11", ws="none")
    server = PageServer(config)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    await server.hears.wait()
    peers: list[Peer] = []
    try:
        yield listening.getsockname()[1], peers
    finally:
        for _, writer in peers:
            writer.close()
        server.should_exit = True
        await running
        listening.close()


async def say(served: Served, text: str, own: str = "127.0.0.1") -> Peer:
    port, peers = served
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(own, 0))
    peers.append((reader, writer))
    writer.write(text.encode())
    await writer.drain()
    return reader, writer


async def is_dropped(peer: Peer, within_s: float) -> bool:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            try:
                while await peer[0].read(1000):
                    pass
            except ConnectionError:
                pass
            return True
    return False


GET = "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"


async def test_who_never_ends_a_request_is_dropped_and_a_stream_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """F44: no head at all, half a head, half a body, half a second request."""
    monkeypatch.setattr(serving, "SILENT_MOST_S", 1.0)
    monkeypatch.setattr(serving, "TICKS_BETWEEN_LOOKS", 1)
    async with served() as pages:
        half_a_body = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"
        said = ("", "GET / HTTP/1.1\r\nX: ", half_a_body, GET.format(path="/") + "GET / HT")
        slow = [await say(pages, text) for text in said]
        stream = await say(pages, GET.format(path="/stream"))
        assert await asyncio.gather(*(is_dropped(one, 10) for one in slow)) == [True] * 4
        assert not await is_dropped(stream, 2)


async def test_one_address_leaves_room_for_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """F55: who opens too many streams loses the surplus; a neighbour keeps theirs."""
    monkeypatch.setattr(serving, "OF_ONE_ADDRESS_MOST", 5)
    monkeypatch.setattr(serving, "TICKS_BETWEEN_LOOKS", 1)
    async with served() as pages:
        neighbour = await say(pages, GET.format(path="/stream"), "127.0.2.2")
        greedy = [await say(pages, GET.format(path="/stream"), "127.0.2.1") for _ in range(12)]
        ends = await asyncio.gather(*(is_dropped(one, 3) for one in greedy))
        assert sum(ends) == 7
        assert not await is_dropped(neighbour, 0.5)


def test_nonsense_writes_no_log_and_there_are_no_websockets(pages: RunningPages) -> None:
    """F42: neither fills the disk."""
    host, _, port = pages.url.removeprefix("http://").partition(":")
    before = len(pages.said())
    for said in (b"\x00\x01nonsense\r\n\r\n", b"GET /hall\r\n\r\n"):
        with socket.create_connection((host, int(port)), timeout=10) as peer:
            peer.sendall(said)
            assert b"400" in peer.recv(100)
    with pages.client() as client:
        head = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
        assert client.get("/hall", headers=head).status_code == 303
    assert len(pages.said()) == before
