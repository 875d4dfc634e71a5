"""The socket shell: frames in and out, nothing decided here."""

import asyncio
import hashlib
import hmac
import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from ssl import SSLContext
from typing import ClassVar

from websockets.asyncio.server import Server, ServerConnection
from websockets.asyncio.server import serve as serve_websockets
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import State

from protocol.codec import (
    FRAME_BYTES_MAX,
    MalformedFrame,
    RefusedCommand,
    decode_command,
    decode_hello,
)
from protocol.messages import AnyCommand, Hello, OpenSession, Query, SetSecondStep, SignIn
from protocol.roles import PROTOCOL_VERSION, DeviceRole
from server.commands.handler import Asker
from server.config import ServerSettings
from server.connections import OUT_BYTES_MAX, Connection, Connections
from server.dispatch import Dispatch
from server.domain.errors import QueueRuleError
from server.domain.seating import Person
from server.lane import Ask, Lane
from server.pace import Pace, TokenBucket
from server.refusals import rejection
from server.staff_door import StaffDoor

log = logging.getLogger(__name__)
# At DEBUG the library logs whole frames, tokens and PINs among them; never let it (law I12).
_wire_log = logging.getLogger(f"{__name__}.wire")
_wire_log.setLevel(logging.WARNING)

HELLO_WITHIN_S = 5.0
PING_EVERY_S = 5.0
SILENCE_S_MAX = 12.0
# Somebody who goes on after so many refusals in a row is not a person pressing keys.
REFUSALS_MAX = 100
# So many commands of one connection may be on their way through the lane; the next ones wait at
# the socket, so that a flood costs the flooder and not the branch's memory (I14).
UNANSWERED_MAX = 64
CATCH_UP_LOOK_S = 0.005
PATIENCE_S = 10.0
# Nor is a peer listened to who leaves so much unread.
UNREAD_BYTES_MAX = 256 * 1024
# Sockets that have not even come to their Hello, as a multiple of the limit that gets a reason.
KNOCKS_FACTOR = 4
TOLD_PER_S = 0.2
TOLD_BURST = 20


@dataclass(frozen=True, slots=True)
class DeviceAccount:
    """A device of this branch; the server keeps only the token's hash."""

    device: str
    role: DeviceRole
    token_hash: str
    counter: int | None = None


class Refusal(Exception):
    """The connection ends with this close code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class BranchSocket(ServerConnection):
    """A socket of the branch: nothing waits for who does not read, and little is kept for them.

    The library waits without a deadline until a stalled peer has read: its keepalive would never
    find it silent, closing it would hang, and its pings would be answered into memory (I14, F20).
    """

    knocks: ClassVar[Counter[str]]
    knocks_max: ClassVar[int] = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._knock = str(self.remote_address[0]) if self.remote_address else "unknown"
        self.knocks[self._knock] += 1
        if self.knocks_max and self.knocks[self._knock] > self.knocks_max:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.authenticated()
        super().connection_lost(exc)

    def authenticated(self) -> None:
        """Who has said who it is counts towards no address's limit."""
        if self._knock:
            self.knocks[self._knock] -= 1
            if not self.knocks[self._knock]:
                del self.knocks[self._knock]
            self._knock = ""

    async def drain(self) -> None:
        """Wait for nobody: what is unread is bounded by what follows here."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.get_write_buffer_size() > OUT_BYTES_MAX:
            self.transport.abort()
        elif self.paused:
            self.transport.pause_reading()

    def resume_writing(self) -> None:
        super().resume_writing()
        if not self.recv_messages.paused:
            self.transport.resume_reading()


@lru_cache(maxsize=8)
def _framed(frame: bytes) -> bytes:
    """A text frame as it goes onto the socket, made once for everyone who gets it."""
    return Frame(Opcode.TEXT, frame).serialize(mask=False)


class SocketWire:
    """One websocket as the notices see it: writes never wait for a slow reader."""

    def __init__(self, socket: ServerConnection) -> None:
        self._socket = socket
        self._closing: asyncio.Task[None] | None = None

    def send(self, frame: bytes) -> None:
        # What the server sends is not masked, and nothing is compressed or fragmented: the same
        # bytes are right for a whole room, which spares most of a broadcast's work.
        if self._socket.state is State.OPEN:
            self._socket.transport.write(_framed(frame))

    def waiting_bytes(self) -> int:
        return self._socket.transport.get_write_buffer_size()

    def is_open(self) -> bool:
        return self._socket.state is State.OPEN

    def close(self, code: int, reason: str) -> None:
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._socket.close(code, reason))


class Gateway:
    """Lets devices in, hands their commands to the lane, and keeps each within its limits."""

    def __init__(
        self,
        lane: Lane,
        dispatch: Dispatch,
        connections: Connections,
        devices: Mapping[str, DeviceAccount],
        door: StaffDoor,
        limits: ServerSettings,
        touched: Callable[[str], None],
    ) -> None:
        self._lane = lane
        self._dispatch = dispatch
        self._connections = connections
        self._devices = devices
        self._door = door
        self._limits = limits
        self._touched = touched
        self._strangers: Counter[str] = Counter()
        self._pace = Pace(limits)
        # Who is turned away is told of, but a guesser must not fill the disk with it.
        self._told = TokenBucket(TOLD_PER_S, TOLD_BURST, time.monotonic())

    async def listen(self, host: str, port: int, ssl: SSLContext | None) -> Server:
        """Open the branch's door."""
        lifted, by_address = self._limits.limits_lifted, self._limits.connections_per_address

        class Door(BranchSocket):
            knocks: ClassVar[Counter[str]] = Counter()
            knocks_max: ClassVar[int] = 0 if lifted else KNOCKS_FACTOR * by_address

        return await serve_websockets(
            self.talk,
            host,
            port,
            ssl=ssl,
            create_connection=Door,
            write_limit=UNREAD_BYTES_MAX,
            compression=None,
            max_size=FRAME_BYTES_MAX,
            origins=[None],  # our programs send none; a web page of anywhere must not connect
            open_timeout=HELLO_WITHIN_S,
            ping_interval=PING_EVERY_S,
            ping_timeout=SILENCE_S_MAX - PING_EVERY_S,
            close_timeout=1,
            process_request=self._health,
            server_header=None,
            logger=_wire_log,
            backlog=1024,
        )

    def _health(self, socket: ServerConnection, request: Request) -> Response | None:
        """``GET /healthz`` for watchdogs; anything else is a websocket."""
        if request.path == "/healthz":
            return socket.respond(HTTPStatus.OK, "ok\n")
        return None

    async def talk(self, socket: ServerConnection) -> None:
        """One connection from its first frame to its last."""
        wire = SocketWire(socket)
        try:
            connection = await self._let_in(socket, wire)
        except Refusal as no:
            await socket.close(no.code, no.reason)
            return
        except ConnectionClosed:
            return
        if isinstance(socket, BranchSocket):
            socket.authenticated()
        try:
            await self._listen_to(socket, connection)
        except Refusal as no:
            await socket.close(no.code, no.reason)
        except ConnectionClosed:
            pass
        finally:
            if self._connections.remove(connection, self._lane.now_ms()):
                self._dispatch.room_changed()

    # Opening.

    async def _let_in(self, socket: ServerConnection, wire: SocketWire) -> Connection:
        address = str(socket.remote_address[0]) if socket.remote_address else "unknown"
        if (
            self._strangers[address] >= self._limits.connections_per_address
            and not self._limits.limits_lifted
        ):
            raise Refusal(4429, "too many connections")
        self._strangers[address] += 1
        try:
            hello = await self._hello(socket)
        finally:
            self._strangers[address] -= 1
            if not self._strangers[address]:
                del self._strangers[address]
        if hello.protocol != PROTOCOL_VERSION:
            await _reject(socket, "bad-value", field="protocol")
            raise Refusal(4400, "protocol version not spoken here")
        account = self._authenticate(hello, address)
        self._demand_room(account.device)
        connection = Connection(
            wire,
            Asker(hello.device, hello.role, hello.language, account.counter),
            hello.program,
        )
        older = self._connections.add(connection, self._lane.now_ms())
        if older is not None:
            older.wire.close(4409, "replaced by a newer connection of this device")
        self._dispatch.join(connection)
        self._dispatch.room_changed()
        return connection

    async def _hello(self, socket: ServerConnection) -> Hello:
        try:
            frame = await asyncio.wait_for(socket.recv(), HELLO_WITHIN_S)
        except TimeoutError:
            await _reject(socket, "malformed")
            raise Refusal(4400, "no Hello in time") from None
        try:
            if not isinstance(frame, str):
                raise MalformedFrame("binary")
            return decode_hello(frame)
        except MalformedFrame:
            await _reject(socket, "malformed")
        except RefusedCommand as no:
            await _reject(socket, no.reason, field=no.field)
        raise Refusal(4400, "no proper Hello")

    def _demand_room(self, device: str) -> None:
        """Who is connected already comes back into the same place."""
        full = len(self._connections) >= self._limits.devices and not self._limits.limits_lifted
        if full and self._connections.of_device(device) is None:
            raise Refusal(4429, "too many devices")

    def _authenticate(self, hello: Hello, address: str) -> DeviceAccount:
        account = self._devices.get(hello.device)
        offered = hashlib.sha256(hello.token.encode()).hexdigest()
        known = account.token_hash if account is not None else ""
        if account is None or not hmac.compare_digest(offered, known):
            self._tell("a device was refused: bad token for %r from %s", hello.device, address)
            raise Refusal(4401, "bad token")
        if account.role is not hello.role:
            self._tell("device %r asked for the role %s", hello.device, hello.role)
            raise Refusal(4403, "role not allowed")
        return account

    def _tell(self, words: str, *facts: object) -> None:
        if not self._told.take(time.monotonic()):
            log.warning(words, *facts)

    # Talking.

    async def _listen_to(self, socket: ServerConnection, connection: Connection) -> None:
        refusals = 0
        async for frame in socket:
            await self._let_catch_up(connection)
            if self._connections.of_device(connection.asker.device) is not connection:
                return  # replaced: what the older connection still says does not count
            refused = await self._hear(frame, connection)
            refusals = refusals + 1 if refused else 0
            if refusals > REFUSALS_MAX and not self._limits.limits_lifted:
                raise Refusal(4429, "too many refused messages")

    async def _hear(self, frame: str | bytes, connection: Connection) -> bool:
        """Hand one command on; True if it was refused here."""
        wire, language = connection.wire, connection.asker.language
        try:
            if not isinstance(frame, str):
                raise MalformedFrame("binary")
            command = decode_command(frame)
        except MalformedFrame:
            wire.send(rejection(None, QueueRuleError("malformed"), language))
            raise Refusal(4400, "malformed frame") from None
        except RefusedCommand as no:
            refusal = QueueRuleError(no.reason, field=no.field)
            wire.send(rejection(no.command_id, refusal, language))
            return True
        try:
            await self._keep_pace(command, connection.asker)
            if not isinstance(command, Query):
                # A screen that looks by itself is no sign of a person.
                self._touched(connection.asker.device)
            person = await self._person(command, connection.asker)
        except QueueRuleError as no:
            wire.send(rejection(str(command.id), no, language))
            return True
        connection.unanswered += 1
        self._dispatch.submit(Ask(command, connection.asker, connection.answer, person))
        return False

    async def _person(self, command: AnyCommand, asker: Asker) -> Person | None:
        if not isinstance(command, SignIn | OpenSession | SetSecondStep):
            return None
        if asker.role not in command.roles:
            raise QueueRuleError("not-allowed")
        if not isinstance(command, SignIn):
            return await self._door.prove_at_pages(command.staff, command.pin, command.password)
        return await self._door.prove(command.staff, command.pin, asker.device, asker.role)

    async def _keep_pace(self, command: AnyCommand, asker: Asker) -> None:
        # A retry of an answered command is answered again, whatever the pace (protocol.md).
        if isinstance(command, Query) or not self._lane.knows(command.id.bytes):
            self._pace.demand(command, asker, time.monotonic())
        elif wait_s := self._pace.of_retry(asker.device, time.monotonic()):
            await asyncio.sleep(wait_s)

    async def _let_catch_up(self, connection: Connection) -> None:
        """Wait until a connection had its Welcome and has room for one more answer.

        A peer who takes no answers for too long must go.
        """
        wire, ends_s = connection.wire, time.monotonic() + PATIENCE_S
        while (
            not connection.greeted
            or connection.unanswered >= UNANSWERED_MAX
            or wire.waiting_bytes() > UNREAD_BYTES_MAX
        ) and wire.is_open():
            if time.monotonic() > ends_s:
                raise Refusal(4429, "too many unread answers")
            await asyncio.sleep(CATCH_UP_LOOK_S)


async def _reject(socket: ServerConnection, reason: str, **facts: str) -> None:
    refusal = rejection(None, QueueRuleError(reason, **facts), "id")
    await socket.send(refusal, text=True)
