"""A client over real sockets without Qt, for tests, load and journeys: the shipped session.

async with WireClient(url, role="kiosk", device="kiosk-1", token=token) as kiosk:
    answer = await kiosk.ask(IssueTicket(id=kiosk.new_id(), service="A"))
    board = await kiosk.notice(KioskSnapshot)
"""

import asyncio
import random
import ssl
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Self, TypeVar
from uuid import UUID, uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from protocol.messages import Accepted, Answer, AnyCommand, Hello, Notice, Query, Rejected, Welcome
from protocol.roles import PROTOCOL_VERSION, DeviceRole
from protocol.session import BAD_CERTIFICATE, Deadlines, LinkState, LinkStatus, Session

NOTICES_KEPT = 10_000
GOODBYE_S = 0.2
_N = TypeVar("_N")


class LinkRefusedError(Exception):
    """The server (or the client's check of its certificate) said no to the connection itself."""

    def __init__(self, status: LinkStatus) -> None:
        super().__init__(f"{status.reason}: {status.message}")
        self.status = status


class WireClient:
    """One device, connected and reconnecting until it is closed.

    ``welcome`` is the newest Welcome, ``notices`` the notices not yet taken, oldest first,
    ``on_notice`` hears each one as it comes, ``session`` is the shipped one.
    """

    def __init__(
        self,
        url: str,
        *,
        role: str,
        device: str,
        token: str,
        language: str = "id",
        tls: ssl.SSLContext | None = None,
        deadlines: Deadlines | None = None,
    ) -> None:
        hello = Hello(
            protocol=PROTOCOL_VERSION,
            role=DeviceRole(role),
            device=device,
            token=token,
            program="wire-client",
            language=language,
        )
        self._url = url
        self._tls = tls
        self.session = Session(
            hello,
            random=random.random,
            now_s=time.monotonic(),
            on_welcome=self._hear_welcome,
            on_notice=self._hear_notice,
            on_state=self._hear_state,
            on_unreadable=self._hear_unreadable,
            deadlines=deadlines,
        )
        self.welcome: Welcome | None = None
        self.notices: deque[Notice] = deque(maxlen=NOTICES_KEPT)
        self.on_notice: Callable[[Notice], None] = lambda notice: None
        self.states: deque[LinkStatus] = deque(maxlen=1_000)
        # Frames that broke the protocol: a test may want to see that there were none.
        self.unreadable: list[str] = []
        self._changed = asyncio.Event()
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue()
        self._connection: ClientConnection | None = None
        self._socket_task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    async def __aenter__(self) -> Self:
        try:
            await self.connect()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def connect(self, timeout_s: float = 10.0) -> Welcome:
        """Connect and wait for Welcome. Raises LinkRefusedError or TimeoutError."""
        self._turn()
        await self.until(
            lambda: self.welcome is not None or self.session.status.state is LinkState.REFUSED,
            timeout_s,
        )
        if self.welcome is None:
            raise LinkRefusedError(self.session.status)
        return self.welcome

    async def ask(
        self, command: AnyCommand, timeout_s: float = 30.0, *, keep: bool | None = True
    ) -> Accepted | Rejected:
        """Ask and wait for the answer, across lost links. Raises TimeoutError."""
        answer: asyncio.Future[Accepted | Rejected] = asyncio.get_running_loop().create_future()

        def resolve(given: Accepted | Rejected) -> None:
            if not answer.done():  # the asker may have stopped waiting
                answer.set_result(given)

        self.session.ask(command, resolve, time.monotonic(), keep=keep)
        self._obey()
        async with asyncio.timeout(timeout_s):
            return await answer

    async def inquire(self, query: Query, timeout_s: float = 30.0) -> Answer | Rejected:
        """Ask what changes nothing and wait for the answer. Raises TimeoutError."""
        found: asyncio.Future[Answer | Rejected] = asyncio.get_running_loop().create_future()

        def resolve(given: Answer | Rejected) -> None:
            if not found.done():
                found.set_result(given)

        self.session.inquire(query, resolve, time.monotonic())
        self._obey()
        async with asyncio.timeout(timeout_s):
            return await found

    async def notice(
        self,
        kind: type[_N],
        timeout_s: float = 10.0,
        *,
        where: Callable[[_N], bool] = lambda notice: True,
    ) -> _N:
        """Take the oldest notice of a kind, or wait for one; notices of other kinds stay."""
        found: list[_N] = []

        def take() -> bool:
            for index, notice in enumerate(self.notices):
                if isinstance(notice, kind) and where(notice):
                    del self.notices[index]
                    found.append(notice)
                    return True
            return False

        await self.until(take, timeout_s)
        return found[0]

    async def until(self, is_so: Callable[[], bool], timeout_s: float = 10.0) -> None:
        """Wait until something about this client is so. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not is_so():
                self._changed.clear()
                await self._changed.wait()

    def retry_now(self) -> None:
        """Try to connect at once, whatever the back-off says."""
        self.session.retry_now(time.monotonic())
        self._obey()

    async def lose_connection(self) -> None:
        """Cut the cable: no close frame, no goodbye. The client comes back by itself."""
        if self._connection is not None:
            self._connection.transport.abort()
        await self.until(lambda: self.session.status.state is not LinkState.ONLINE)

    async def close(self) -> None:
        """Leave for good."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        if self._connection is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._connection.close(), GOODBYE_S)
        if self._socket_task is not None:
            self._socket_task.cancel()
            await asyncio.wait([self._socket_task])

    @staticmethod
    def new_id() -> UUID:
        """An id for one intention."""
        return uuid4()

    # The shell around the session.

    def _turn(self) -> None:
        if self._closed:
            return
        self.session.tick(time.monotonic())
        self._obey()

    def _obey(self) -> None:
        session, now_s = self.session, time.monotonic()
        for frame in session.take_frames():
            self._outgoing.put_nowait(frame)
        if (
            session.wants_close
            and self._socket_task is not None
            and not self._socket_task.cancelling()
        ):
            self._socket_task.cancel()
        if session.connect_at_s is not None and now_s >= session.connect_at_s and not self._closed:
            session.opening(now_s)
            self._outgoing = asyncio.Queue()
            self._socket_task = asyncio.create_task(self._live())
        if self._timer is not None:
            self._timer.cancel()
        if session.wakes_at_s is not None and not self._closed:
            wait_s = session.wakes_at_s - now_s
            self._timer = asyncio.get_running_loop().call_later(wait_s, self._turn)
        self._changed.set()

    async def _live(self) -> None:
        """One connection from its opening to its end."""
        code, reason = None, ""
        try:
            connection = await connect(
                self._url, ssl=self._tls, compression=None, ping_interval=None, proxy=None
            )
            code = await self._converse(connection)
        except ssl.SSLCertVerificationError:
            reason = BAD_CERTIFICATE
        except (OSError, WebSocketException):
            pass  # closed() below says it: unreachable
        finally:
            self.session.closed(code, time.monotonic(), reason)
            self._obey()

    async def _converse(self, connection: ClientConnection) -> int | None:
        self._connection = connection
        self.session.opened(time.monotonic())
        self._obey()
        helpers = [
            asyncio.create_task(self._send_all(connection, self._outgoing)),
            asyncio.create_task(self._keep_alive(connection)),
        ]
        try:
            while True:
                frame = await connection.recv(decode=False)
                self.session.received(frame, time.monotonic())
                self._obey()
        except ConnectionClosed:
            return connection.close_code
        finally:
            self._connection = None
            for helper in helpers:
                helper.cancel()
            connection.transport.abort()

    async def _send_all(self, connection: ClientConnection, frames: "asyncio.Queue[bytes]") -> None:
        with suppress(ConnectionClosed):
            while True:
                await connection.send(await frames.get(), text=True)

    async def _keep_alive(self, connection: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(self.session.deadlines.silence_s * 5 / 12)
                await (await connection.ping())
                self.session.heard(time.monotonic())

    def _hear_welcome(self, welcome: Welcome) -> None:
        self.welcome = welcome

    def _hear_notice(self, notice: Notice) -> None:
        self.notices.append(notice)
        self.on_notice(notice)

    def _hear_state(self, status: LinkStatus) -> None:
        self.states.append(status)

    def _hear_unreadable(self, why: str) -> None:
        self.unreadable.append(why)
