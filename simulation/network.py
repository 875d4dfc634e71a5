"""The branch's network: each connection is two queues of frames under the weather of its device.

The weather may be worse than TCP: frames are lost, repeated and overtaken on a connection that
lives on. Since TCP never does that, a connection that lost or turned around a frame is doomed:
it breaks a while later, or at the latest when all faults stop.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Protocol

from simulation.clock import VirtualLoop

KEEPALIVE_S = 5.0
SILENCE_S = 12.0
CALM_DELAY_S = 0.01


@dataclass(frozen=True, slots=True)
class Weather:
    """How a device's cable behaves; the last three are chances per frame."""

    delay_s: float = 0.001
    delay_s_max: float = CALM_DELAY_S
    loss: float = 0.0
    repeat: float = 0.0
    overtake: float = 0.0

    @property
    def calm(self) -> "Weather":
        """The same cable without faults."""
        return replace(self, delay_s_max=CALM_DELAY_S, loss=0.0, repeat=0.0, overtake=0.0)


class SocketGone(Exception):
    """The other end is away."""


class ClientEnd(Protocol):
    """What a device hears of its connection."""

    def on_opened(self) -> None: ...

    def on_frame(self, frame: bytes) -> None: ...

    def on_sign_of_life(self) -> None: ...

    def on_closed(self, code: int | None) -> None: ...


class Way:
    """One direction of a connection: frames arrive after a while, in order if the weather lets."""

    def __init__(
        self, loop: VirtualLoop, cable: "Cable", arrive: Callable[[bytes], None], *, up: bool
    ) -> None:
        self._loop = loop
        self._cable = cable
        self._up = up
        self._arrive = arrive
        self._last_arrival_s = 0.0
        self._held: deque[bytes] = deque()
        self.bytes_on_the_way = 0
        self.harmed = False
        self.is_cut = False

    def send(self, frame: bytes) -> None:
        """Put a frame on the way."""
        cable = self._cable
        weather, dice_of = cable.weather, cable.random.random
        # The dice are the same in every weather, so that a story can be shortened.
        dice, delay = dice_of(), dice_of()
        is_dead = cable.dead_up if self._up else cable.dead_down
        if is_dead or dice < weather.loss:
            self.harmed = True
            if is_dead:
                # Nobody says that it arrived, so it stays in the sender's buffer.
                self.bytes_on_the_way += len(frame)
            return
        delay_s = weather.delay_s + delay * (weather.delay_s_max - weather.delay_s)
        dice -= weather.loss
        arrival_s = self._loop.now_s + delay_s
        if dice < weather.overtake:
            self.harmed = True
            arrival_s += 3 * delay_s
        else:
            if arrival_s < self._last_arrival_s:
                arrival_s = self._last_arrival_s
            self._last_arrival_s = arrival_s
            dice -= weather.overtake
            if dice < weather.repeat:
                self._schedule(frame, arrival_s + delay_s)
        self._schedule(frame, arrival_s)

    @property
    def is_late(self) -> bool:
        """Whether what is on its way takes longer than calm weather would."""
        return self._last_arrival_s > self._loop.now_s + CALM_DELAY_S

    def _schedule(self, frame: bytes, at_s: float) -> None:
        self.bytes_on_the_way += len(frame)
        self._loop.call_at(at_s, self._arrived, frame)

    def _arrived(self, frame: bytes) -> None:
        if self.is_cut:
            return
        cable = self._cable
        if cable.is_clogged:
            self._held.append(frame)
            return
        self.bytes_on_the_way -= len(frame)
        if cable.dead_up if self._up else cable.dead_down:
            self.harmed = True
        else:
            self._arrive(frame)

    def release(self) -> None:
        """The cable is free again: what was held arrives now, in order."""
        while self._held and not self._cable.is_clogged:
            self._arrived(self._held.popleft())


class Cable:
    """The way of one device to the server; connections come and go on it."""

    def __init__(self, loop: VirtualLoop, random: Random, weather: Weather) -> None:
        self._loop = loop
        self.random = random
        self.weather = weather
        self.is_clogged = False
        self.dead_up = False
        self.dead_down = False
        self.connections: list[Connection] = []

    def clog(self) -> None:
        """Nothing arrives until ``heal``, and nothing is lost."""
        self.is_clogged = True

    def half_open(self, *, up: bool, down: bool) -> None:
        """From now on frames vanish without a word (F19)."""
        self.dead_up, self.dead_down = up, down

    def cut(self) -> None:
        """Every connection breaks, and both ends see it."""
        for connection in list(self.connections):
            connection.break_off()

    def free(self) -> None:
        """What was held up arrives."""
        self.is_clogged = False
        for connection in list(self.connections):
            connection.up.release()
            connection.down.release()

    def heal(self) -> None:
        """The faults stop; what lost a frame is no connection any more."""
        self.weather = self.weather.calm
        self.dead_up = self.dead_down = False
        for connection in list(self.connections):
            if connection.is_harmed:
                connection.break_off()
        self.free()


class VirtualSocket:
    """The server's end of a connection, as its gateway knows sockets."""

    def __init__(self, loop: VirtualLoop, address: str, connection: "Connection") -> None:
        self.remote_address = (address, 40000)
        self._loop = loop
        self._connection = connection
        self._frames: deque[str] = deque()
        self._reader: asyncio.Future[None] | None = None
        self.is_closed = False

    def on_frame(self, frame: bytes) -> None:
        """A frame has come."""
        self._frames.append(frame.decode())
        self._wake()

    def on_closed(self) -> None:
        """The other end is gone."""
        self.is_closed = True
        self._wake()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def recv(self) -> str:
        """The next frame; raises SocketGone."""
        while not self._frames:
            if self.is_closed:
                raise SocketGone
            self._reader = self._loop.create_future()
            await self._reader
        return self._frames.popleft()

    async def send(self, frame: bytes, text: bool | None = None) -> None:
        """One frame to the device."""
        self._connection.send_down(frame)

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """End the connection."""
        self._connection.close_from_server(code)

    def __aiter__(self) -> "VirtualSocket":
        return self

    async def __anext__(self) -> str:
        try:
            return await self.recv()
        except SocketGone:
            raise StopAsyncIteration from None


class Connection:
    """One connection from its opening to its end at both sides."""

    def __init__(
        self, loop: VirtualLoop, cable: Cable, client: ClientEnd, device: str, number: int
    ) -> None:
        self.device = device
        self.number = number
        self._loop = loop
        self._cable = cable
        self._client: ClientEnd | None = client
        self.socket = VirtualSocket(loop, device, self)
        self.up = Way(loop, cable, self.socket.on_frame, up=True)
        self.down = Way(loop, cable, self._on_frame_down, up=False)
        self._heard_s = loop.now_s
        self._doomed = False
        self.on_sent: Callable[[Connection, bytes], None] = lambda _cord, _frame: None
        cable.connections.append(self)
        loop.call_later(KEEPALIVE_S, self._keep_alive)

    @property
    def is_alive(self) -> bool:
        """Whether either end still believes in it."""
        return self._client is not None or not self.socket.is_closed

    @property
    def is_harmed(self) -> bool:
        """Whether it cannot be mended: a frame is missing or very late, or one end is away."""
        ways = (self.up, self.down)
        return self.socket.is_closed or any(way.harmed or way.is_late for way in ways)

    # The client's side.

    def send_up(self, frame: bytes) -> None:
        """The device says something."""
        if self.socket.is_closed and not self._cable.dead_up:
            self._loop.call_later(self._cable.weather.delay_s_max, self._end_client, None)
        self.up.send(frame)
        if self.up.harmed or self.down.harmed:
            self._doom()

    def drop(self) -> None:
        """The device lets go; the server hears of it if the cable lives."""
        self._client = None
        self.down.is_cut = True
        if not self._cable.dead_up:
            self._loop.call_later(self._cable.weather.delay_s_max, self._end_server)
        self._forget()

    def _on_frame_down(self, frame: bytes) -> None:
        if self._client is not None:
            self._client.on_frame(frame)

    # The server's side.

    def send_down(self, frame: bytes) -> None:
        """The server says something."""
        if self.socket.is_closed:
            return
        self.on_sent(self, frame)
        self.down.send(frame)
        if self.up.harmed or self.down.harmed:
            self._doom()

    def close_from_server(self, code: int | None) -> None:
        """The server lets go; the device hears of it after the frames that were sent before."""
        if self.socket.is_closed:
            return
        self._end_server()
        self._loop.call_later(4 * self._cable.weather.delay_s_max, self._tell_close, code)

    def _tell_close(self, code: int | None) -> None:
        # Behind the last frame, and not before a held one.
        if self._cable.is_clogged:
            self._loop.call_later(0.1, self._tell_close, code)
        elif not self._cable.dead_down:
            self._end_client(code)

    # What breaks it.

    def break_off(self) -> None:
        """It breaks, and both ends see it."""
        self._end_server()
        self._end_client(None)

    def _end_server(self) -> None:
        self.up.is_cut = True
        if not self.socket.is_closed:
            self.socket.on_closed()
        self._forget()

    def _end_client(self, code: int | None) -> None:
        self.down.is_cut = True
        client, self._client = self._client, None
        if client is not None:
            client.on_closed(code)
        self._forget()

    def _forget(self) -> None:
        if not self.is_alive and self in self._cable.connections:
            self._cable.connections.remove(self)

    def _doom(self) -> None:
        if not self._doomed:
            self._doomed = True
            self._loop.call_later(1 + 14 * self._cable.random.random(), self._meet_doom)

    def _meet_doom(self) -> None:
        # A dead cable tells nobody anything; silence does.
        if not (self._cable.dead_up or self._cable.dead_down):
            self.break_off()
        else:
            self._doomed = False

    def _keep_alive(self) -> None:
        """Pings of both sides: who hears nothing for 12 s lets go (protocol.md, Transport)."""
        if not self.is_alive:
            return
        cable = self._cable
        if not (cable.is_clogged or cable.dead_up or cable.dead_down):
            self._heard_s = self._loop.now_s
            if self.socket.is_closed:
                self._end_client(None)
            elif self._client is not None:
                self._client.on_sign_of_life()
        elif self._loop.now_s - self._heard_s >= SILENCE_S:
            self._end_server()
        self._loop.call_later(KEEPALIVE_S, self._keep_alive)
