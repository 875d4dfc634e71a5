"""A small server of the protocol and a cable to it that can be cut, each in a thread, for tests
of the link over real sockets."""

import asyncio
import ssl
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Self, TypeVar

import msgspec
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from protocol.codec import decode_command, decode_hello, encode
from protocol.messages import Accepted, AnyCommand, Hello
from tests.protocol.session_story import welcome

_T = TypeVar("_T")
DEADLINE_S = 10.0


class LoopInThread:
    """An asyncio loop beside the test; its calls return when they are done."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(DEADLINE_S)

    def end(self) -> None:
        self.run(self._cancel_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(DEADLINE_S)
        assert not self._thread.is_alive()
        self._loop.close()

    @staticmethod
    async def _cancel_all() -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


class WireServer:
    """Says Welcome to every Hello and Accepted to every command, unless the test says otherwise."""

    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        self.port = port
        self.is_answering = True
        self.refuses_with: int | None = None
        # A server's own pings, as fast as the tests of silence need them.
        self.ping_every_s: float | None = None
        self.hellos: list[Hello] = []
        self.commands: list[AnyCommand] = []
        self.last_close_code: int | None = None
        self._tls = tls
        self._loop = LoopInThread()
        self._server: Server | None = None
        self._connections: set[ServerConnection] = set()

    @property
    def connected(self) -> int:
        return len(self._connections)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._loop.end()

    def start(self) -> None:
        self._loop.run(self._start())

    def stop(self) -> None:
        """As a kill: sockets end without a word."""
        self._loop.run(self._stop())

    def tell(self, *messages: msgspec.Struct) -> None:
        """Send notices to everyone who is connected."""
        self._loop.run(self._tell([encode(message) for message in messages]))

    def close_all(self, code: int) -> None:
        self._loop.run(self._close_all(code))

    async def _start(self) -> None:
        self._server = await serve(
            self._converse,
            "127.0.0.1",
            self.port,
            ssl=self._tls,
            compression=None,
            ping_interval=self.ping_every_s,
            ping_timeout=self.ping_every_s,
            close_timeout=0.5,
        )

    async def _stop(self) -> None:
        for connection in self._connections:
            connection.transport.abort()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def _tell(self, frames: list[bytes]) -> None:
        for connection in self._connections:
            for frame in frames:
                await connection.send(frame, text=True)

    async def _close_all(self, code: int) -> None:
        for connection in list(self._connections):
            await connection.close(code)

    async def _converse(self, connection: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            hello = await connection.recv()
            # Text frames only, as the protocol says: a binary one comes as bytes.
            assert isinstance(hello, str)
            self.hellos.append(decode_hello(hello))
            if self.refuses_with is not None:
                await connection.close(self.refuses_with)
                return
            await connection.send(encode(welcome()), text=True)
            self._connections.add(connection)
            try:
                async for frame in connection:
                    assert isinstance(frame, str)
                    await self._hear(connection, frame)
            finally:
                self._connections.discard(connection)
                self.last_close_code = connection.close_code

    async def _hear(self, connection: ServerConnection, frame: str) -> None:
        command = decode_command(frame)
        self.commands.append(command)
        if self.is_answering:
            answer = Accepted(id=command.id, revision=len(self.commands))
            await connection.send(encode(answer), text=True)


class Cable:
    """A TCP connection to a server's port that can turn into a black hole: no FIN, no RST (F19)."""

    def __init__(self, port: int, server_port: int) -> None:
        self.port = port
        self._server_port = server_port
        self._loop = LoopInThread()
        self._passes = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._writers: list[asyncio.StreamWriter] = []

    def __enter__(self) -> Self:
        self._loop.run(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.run(self._stop())
        self._loop.end()

    def pull(self) -> None:
        """From now on nothing passes; both ends believe that they are connected."""
        self._loop.run(self._set(False))

    def plug_in(self) -> None:
        self._loop.run(self._set(True))

    async def _set(self, passes: bool) -> None:
        if passes:
            self._passes.set()
        else:
            self._passes.clear()

    async def _start(self) -> None:
        self._passes.set()
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def _stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        await self._passes.wait()
        with suppress(OSError):
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._server_port)
            self._writers.append(far_writer)
            there = asyncio.create_task(self._copy(reader, far_writer))
            await self._copy(far_reader, writer)
            there.cancel()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await self._passes.wait()
                writer.write(data)
                await writer.drain()
        writer.close()
