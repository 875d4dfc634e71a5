"""The socket of the pages: the shipped session over a websocket, in asyncio.

It comes back by itself like every program of the branch. The simulated devices use it, too.
"""

import asyncio
import logging
import random
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from protocol.messages import (
    Accepted,
    Answer,
    AnyCommand,
    Hello,
    Notice,
    Query,
    Rejected,
    Welcome,
)
from protocol.session import LinkState, LinkStatus, Session

log = logging.getLogger(__name__)
# At DEBUG the library writes every frame to the log, with PINs and secrets in it (I12).
logging.getLogger("websockets.client").setLevel(logging.INFO)

GOODBYE_S = 0.5
PING_EVERY_S = 5.0
LATEST_TICK_S = 1.0


class BranchLink:
    """One connection to the branch's server, kept up until the end of its context.

    ``on_welcome``, ``on_notice`` and ``on_state`` are called in the loop.
    """

    def __init__(self, url: str, hello: Hello, tls: ssl.SSLContext | None = None) -> None:
        self.welcome: Welcome | None = None
        self.on_welcome: Callable[[Welcome], None] = lambda _welcome: None
        self.on_notice: Callable[[Notice], None] = lambda _notice: None
        self.on_state: Callable[[LinkStatus], None] = lambda _status: None
        self._url = url
        self._tls = tls
        self._session = Session(
            hello,
            random=random.random,
            now_s=time.monotonic(),
            on_welcome=self._welcomed,
            on_notice=lambda notice: self.on_notice(notice),
            on_state=lambda status: self.on_state(status),
            on_unreadable=lambda why: log.error("the server sent what cannot be read: %s", why),
        )
        self._turned = asyncio.Event()
        self._is_welcomed = asyncio.Event()
        self._socket: ClientConnection | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._live()), asyncio.create_task(self._tick())]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def is_online(self) -> bool:
        """Whether the server hears us now."""
        return self._session.status.state is LinkState.ONLINE

    async def online(self) -> Welcome:
        """Wait for the first Welcome."""
        await self._is_welcomed.wait()
        assert self.welcome is not None
        return self.welcome

    async def ask(self, command: AnyCommand) -> Accepted | Rejected:
        """Ask once and wait for the one answer."""
        answer: asyncio.Future[Accepted | Rejected] = asyncio.get_running_loop().create_future()

        def resolve(given: Accepted | Rejected) -> None:
            if not answer.done():
                answer.set_result(given)

        self._session.ask(command, resolve, time.monotonic())
        self._turned.set()
        await self._flush()
        return await answer

    async def inquire(self, query: Query) -> Answer | Rejected:
        """Ask what changes nothing, and wait for what was found."""
        found: asyncio.Future[Answer | Rejected] = asyncio.get_running_loop().create_future()

        def resolve(given: Answer | Rejected) -> None:
            if not found.done():
                found.set_result(given)

        self._session.inquire(query, resolve, time.monotonic())
        self._turned.set()
        await self._flush()
        return await found

    # The shell around the session: its socket, and the passing of time.

    async def _live(self) -> None:
        session = self._session
        while True:
            at_s = session.connect_at_s
            wait_s = PING_EVERY_S if at_s is None else at_s - time.monotonic()
            if at_s is None or wait_s > 0:
                await asyncio.sleep(max(wait_s, 0.01))
                continue
            session.opening(time.monotonic())
            code = None
            try:
                async with connect(
                    self._url,
                    ssl=self._tls,
                    compression=None,
                    ping_interval=None,
                    proxy=None,
                    close_timeout=GOODBYE_S,
                ) as socket:
                    code = await self._converse(socket)
            except (OSError, WebSocketException):
                pass  # the session is told below: unreachable
            finally:
                self._socket = None
                session.closed(code, time.monotonic())

    async def _converse(self, socket: ClientConnection) -> int | None:
        session, self._socket = self._session, socket
        session.opened(time.monotonic())
        await self._flush()
        with suppress(ConnectionClosed):
            while not session.wants_close:
                frame = await socket.recv(decode=False)
                session.received(frame, time.monotonic())
                await self._flush()
        return socket.close_code

    async def _tick(self) -> None:
        pinged_s = time.monotonic()
        while True:
            wakes_s = self._session.wakes_at_s
            now_s = time.monotonic()
            wait_s = LATEST_TICK_S if wakes_s is None else min(LATEST_TICK_S, wakes_s - now_s)
            with suppress(TimeoutError):
                async with asyncio.timeout(max(wait_s, 0.01)):
                    await self._turned.wait()
            self._turned.clear()
            self._session.tick(time.monotonic())
            await self._flush()
            if self._session.wants_close and self._socket is not None:
                self._socket.transport.abort()
            elif time.monotonic() - pinged_s > PING_EVERY_S and self._socket is not None:
                pinged_s = time.monotonic()
                with suppress(ConnectionClosed):
                    pong = asyncio.ensure_future(await self._socket.ping())
                    pong.add_done_callback(self._heard)

    async def _flush(self) -> None:
        frames, socket = self._session.take_frames(), self._socket
        with suppress(ConnectionClosed):
            for frame in frames:
                if socket is not None:
                    await socket.send(frame, text=True)

    def _heard(self, pong: "asyncio.Future[float]") -> None:
        if not pong.cancelled() and pong.exception() is None:
            self._session.heard(time.monotonic())

    def _welcomed(self, welcome: Welcome) -> None:
        self.welcome = welcome
        self._is_welcomed.set()
        self.on_welcome(welcome)
