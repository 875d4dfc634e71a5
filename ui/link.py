"""The socket of a screen: frames move in a thread of their own, Qt hears of them by signals.

The thread keeps pings and reads going while a window paints or a dialog blocks, and decides
nothing. What frames mean, when to connect and when the link is lost is the session's business,
and the session lives in the Qt thread, so models and windows need no locks.
"""

import asyncio
import logging
import secrets
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal, Slot
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from protocol.messages import AnyCommand, Hello, Query
from protocol.session import BAD_CERTIFICATE, Deadlines, LinkStatus, OnAnswer, OnFound, Session
from ui.server_address import tls_for

log = logging.getLogger(__name__)
# At DEBUG websockets writes every frame to the log, with tokens and PINs in it (I12).
socket_log = logging.getLogger(f"{__name__}.socket")
socket_log.setLevel(logging.INFO)

TICK_MS = 50
FRAME_FROM_SERVER_MAX = 1024 * 1024
# Frames that may wait for a window that is busy; beyond them the thread reads no more, and the
# server sees a slow consumer (I14, F20).
WAITING_FRAMES_MAX = 256
GOODBYE_S = 0.05
STOP_S = 0.1


class Link(QObject):
    """One program's connection to the server, for use in the Qt thread only.

    Signals: ``welcomed(Welcome)``, ``noticed(Notice)``, ``state_changed(LinkStatus)``.
    """

    welcomed = Signal(object)
    noticed = Signal(object)
    state_changed = Signal(object)
    _woken = Signal()

    def __init__(
        self,
        url: str,
        hello: Hello,
        *,
        ca_file: Path | None = None,
        plain_allowed: bool = False,
        deadlines: Deadlines | None = None,
        parent: QObject | None = None,
    ) -> None:
        """``ca_file`` is the branch's own authority for ``wss``; None trusts the system's.

        Raises LinkSettingsError; plain ``ws`` to another machine needs ``plain_allowed``.
        """
        super().__init__(parent)
        self._session = Session(
            hello,
            random=secrets.SystemRandom().random,
            now_s=time.monotonic(),
            on_welcome=self.welcomed.emit,
            on_notice=self.noticed.emit,
            on_state=self._tell_state,
            on_unreadable=self._note_unreadable,
            deadlines=deadlines,
        )
        self._wire = _Wire(
            url,
            tls_for(url, ca_file, plain_allowed),
            self._session.deadlines,
            self._woken.emit,
        )
        # Queued: the signal is emitted in the thread and must be heard in this one.
        self._woken.connect(self._turn, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._turn)

    @Slot()
    def start(self) -> None:
        """Connect, and stay connected until ``stop``."""
        self._wire.start()
        self._timer.start()
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.stop)
        self._turn()

    @Slot()
    def stop(self) -> None:
        """Say goodbye and end the thread, within 0.1 s; a stopped link is not started again."""
        self._timer.stop()
        self._wire.stop()

    def ask(self, command: AnyCommand, on_answer: OnAnswer, *, keep: bool | None = None) -> None:
        """Ask once and hear one answer later, in this thread (``Session.ask``)."""
        self._session.ask(command, on_answer, time.monotonic(), keep=keep)
        self._obey()

    def withdraw(self, command: UUID) -> None:
        """Send a command no more and hear no answer to it (``Session.withdraw``)."""
        self._session.withdraw(command)

    def inquire(self, query: Query, on_found: OnFound) -> None:
        """Ask what changes nothing and hear one answer later, in this thread."""
        self._session.inquire(query, on_found, time.monotonic())
        self._obey()

    @Slot()
    def retry_now(self) -> None:
        """A person wants the connection now, also after another device took it over."""
        self._session.retry_now(time.monotonic())
        self._obey()

    @property
    def status(self) -> LinkStatus:
        """What the link is doing now, since when (``time.monotonic``), and why."""
        return self._session.status

    def server_now(self) -> datetime:
        """The server's clock in UTC; this machine's own before the first Welcome."""
        return self._session.server_now(time.monotonic()) or datetime.now(UTC)

    def new_id(self) -> UUID:
        """An id for one intention."""
        return uuid4()

    @Slot()
    def _turn(self) -> None:
        """Hear what the thread has to say, let time pass, and do what the session wants.

        The thread comes first: after a stall of this one, answers that are already here must not
        count as missing. For the same reason "now" is the time of hearing.
        """
        session = self._session
        for event in self._wire.take_events():
            now_s = time.monotonic()
            match event:
                case _Opened():
                    session.opened(now_s)
                case _Frame(data):
                    session.received(data, now_s)
                case _Heard():
                    session.heard(now_s)
                case _Closed(code, reason):
                    session.closed(code, now_s, reason)
        session.tick(time.monotonic())
        self._obey()

    def _obey(self) -> None:
        session, now_s = self._session, time.monotonic()
        if frames := session.take_frames():
            self._wire.send(frames)
        if session.wants_close:
            self._wire.drop()
        if session.connect_at_s is not None and now_s >= session.connect_at_s:
            session.opening(now_s)
            self._wire.open()

    def _tell_state(self, status: LinkStatus) -> None:
        log.info("link %s %s", status.state, status.reason)
        self.state_changed.emit(status)

    def _note_unreadable(self, why: str) -> None:
        log.warning("a frame of the server breaks the protocol: %s", why)


@dataclass(frozen=True, slots=True)
class _Opened:
    pass


@dataclass(frozen=True, slots=True)
class _Frame:
    data: bytes


@dataclass(frozen=True, slots=True)
class _Heard:
    pass


@dataclass(frozen=True, slots=True)
class _Closed:
    code: int | None
    reason: str


_Event = _Opened | _Frame | _Heard | _Closed


class _Wire:
    """At most one socket at a time, in an asyncio loop in a daemon thread.

    Public methods are called from the Qt thread, all others run in the loop. ``wake`` is called
    in the loop when there are events to take. Every ``open`` ends in exactly one ``_Closed``.
    """

    def __init__(
        self,
        url: str,
        tls: ssl.SSLContext | None,
        deadlines: Deadlines,
        wake: Callable[[], None],
    ) -> None:
        self._url = url
        self._tls = tls
        self._opening_s = deadlines.opening_s
        self._ping_every_s = deadlines.silence_s * 5 / 12
        self._wake = wake
        self._wake_is_due = False
        self._events: deque[_Event] = deque()
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue()
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._stopped = asyncio.Event()
        self._connection: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)

    # From the Qt thread.

    def start(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread.start()

    def open(self) -> None:
        self._in_loop(self._begin)

    def send(self, frames: Sequence[bytes]) -> None:
        self._in_loop(self._queue, frames)

    def drop(self) -> None:
        self._in_loop(self._cancel)

    def take_events(self) -> Sequence[_Event]:
        self._wake_is_due = False
        events = [self._events.popleft() for _ in range(len(self._events))]
        if not self._has_room.is_set():
            self._in_loop(self._has_room.set)
        return events

    def stop(self) -> None:
        self._in_loop(self._stopped.set)
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def _in_loop(self, call: Callable[..., object], *arguments: object) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: the link was stopped
                self._loop.call_soon_threadsafe(call, *arguments)

    # In the loop.

    def _run(self) -> None:
        assert self._loop is not None
        # Not asyncio.run, which at its end waits for a name look-up that may hang for a minute.
        try:
            self._loop.run_until_complete(self._until_stopped())
        finally:
            self._loop.close()

    async def _until_stopped(self) -> None:
        await self._stopped.wait()
        if self._connection is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._connection.close(), GOODBYE_S)
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task], timeout=GOODBYE_S)

    def _begin(self) -> None:
        self._outgoing = asyncio.Queue()
        self._task = asyncio.create_task(self._connect())

    def _queue(self, frames: Sequence[bytes]) -> None:
        for frame in frames:
            self._outgoing.put_nowait(frame)

    def _cancel(self) -> None:
        # Once only: a second cancellation would hit the cleaning up after the first.
        if self._task is not None and not self._task.cancelling():
            self._task.cancel()

    def _post(self, event: _Event) -> None:
        self._events.append(event)
        if self._wake_is_due:
            return
        self._wake_is_due = True
        try:
            self._wake()
        except RuntimeError:  # the window is gone and took its link along without stopping it
            self._stopped.set()

    async def _connect(self) -> None:
        code, reason = None, ""
        try:
            connection = await connect(
                self._url,
                ssl=self._tls,
                compression=None,
                max_size=FRAME_FROM_SERVER_MAX,
                open_timeout=self._opening_s,
                # The session counts the silence, so that one place decides; see _keep_alive.
                ping_interval=None,
                # By default a proxy from the environment would be asked to reach the branch.
                proxy=None,
                logger=socket_log,
            )
            code = await self._converse(connection)
        except ssl.SSLCertVerificationError as error:
            log.warning("the server's certificate is not accepted: %s", error.verify_message)
            reason = BAD_CERTIFICATE
        except (OSError, WebSocketException) as error:
            log.debug("no connection to %s: %s", self._url, error)
        except Exception:
            log.exception("the connection to %s broke by a fault of this program", self._url)
        finally:
            self._post(_Closed(code, reason))

    async def _converse(self, connection: ClientConnection) -> int | None:
        """Move frames until the socket is closed; its close code."""
        self._connection = connection
        self._post(_Opened())
        helpers = [
            asyncio.create_task(self._send_all(connection, self._outgoing)),
            asyncio.create_task(self._keep_alive(connection)),
        ]
        try:
            while True:
                self._post(_Frame(await connection.recv(decode=False)))
                if len(self._events) >= WAITING_FRAMES_MAX:
                    self._has_room.clear()
                    await self._has_room.wait()
        except ConnectionClosed:
            return connection.close_code
        finally:
            self._connection = None
            for helper in helpers:
                helper.cancel()
            # Not close(), which waits for the other side: it may be a black hole (F19).
            connection.transport.abort()

    async def _send_all(self, connection: ClientConnection, outgoing: asyncio.Queue[bytes]) -> None:
        with suppress(ConnectionClosed):  # the reading side finds out why
            while True:
                await connection.send(await outgoing.get(), text=True)

    async def _keep_alive(self, connection: ClientConnection) -> None:
        """Ping, and report each pong. Nothing to report is what the session calls silence."""
        with suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(self._ping_every_s)
                await (await connection.ping())
                self._post(_Heard())
