"""A scripted ESC/POS printer on a TCP port: answers DLE EOT, and fails in the ways printers fail.

with TcpPrinter() as printer:                 # a good one
    ...                                       # print to printer.url
    decode(printer.paper())                   # what came out (`tests.paper`)

TcpPrinter(mute=True)            never answers a question
TcpPrinter(hang=True)            takes the connection and reads nothing
TcpPrinter(die_after=500)        breaks off when 500 bytes of paper have come
TcpPrinter(state=PrinterState(paper="out"))     and cover_open, near-end, offline, cutter
printer.on_paper = lambda p: ... called when ticket bytes first arrive (paper runs out, ...)
TcpPrinter(answer=lambda kind: b"")             answers of your own, garbled ones too
"""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Literal, Self

_WAIT_S = 10.0


@dataclass(frozen=True)
class PrinterState:
    """What the printer says when it is asked."""

    paper: Literal["ok", "near-end", "out"] = "ok"
    cover_open: bool = False
    offline: bool = False
    cutter_fault: bool = False
    device_fault: bool = False

    def answer(self, kind: int) -> bytes:
        """The byte for DLE EOT `kind`, as the command set gives it."""
        not_ready = self.offline or self.cover_open or self.paper == "out" or self.cutter_fault
        bits = {
            1: 0x08 * not_ready,
            2: 0x04 * self.cover_open + 0x20 * (self.paper == "out"),
            3: 0x08 * self.cutter_fault + 0x20 * self.device_fault,
            4: {"ok": 0, "near-end": 0x0C, "out": 0x6C}[self.paper],
        }
        return bytes((0x12 | bits[kind],))


@dataclass
class TcpPrinter:
    """One printer; `state` may be changed at any time."""

    state: PrinterState = field(default_factory=PrinterState)
    mute: bool = False
    hang: bool = False
    die_after: int | None = None
    answer: Callable[[int], bytes] | None = None
    on_paper: Callable[["TcpPrinter"], None] | None = None
    settings: str = "profile=TM-T20II&settle=0"

    def __post_init__(self) -> None:
        self._received = bytearray()
        self._lock = threading.Condition()
        self._ended = threading.Event()
        self._sockets: list[socket.socket] = []
        self.connection_count = 0
        self._listener = socket.socket()
        if self.hang:
            # The smallest buffers, so that a ticket cannot vanish into them.
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(8)
        self.port: int = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        """The printer's address for the kiosk."""
        return f"network://127.0.0.1:{self.port}?{self.settings}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, name="tcp-printer", daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.switch_off()

    def switch_off(self) -> None:
        """Pull the plug: nothing listens any more, open connections end."""
        self._ended.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._sockets:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def change(self, **facts: object) -> None:
        """Change some facts of the state, as a hand or a sensor does."""
        self.state = replace(self.state, **facts)  # type: ignore[arg-type]

    def say(self, data: bytes) -> None:
        """Say something unasked on every open connection, as some printers do."""
        for connection in self._sockets:
            with contextlib.suppress(OSError):  # that one is closed
                connection.sendall(data)

    def paper(self) -> bytes:
        """All ticket bytes so far, without the questions."""
        with self._lock:
            return bytes(self._received)

    def wait_for_bytes(self, count: int, timeout_s: float = _WAIT_S) -> bytes:
        """The ticket bytes, once there are at least `count`."""
        return self._wait(lambda data: len(data) >= count, f"{count} bytes", timeout_s)

    def wait_for_papers(self, count: int = 1, timeout_s: float = _WAIT_S) -> bytes:
        """The ticket bytes, once `count` papers have been cut off."""
        return self._wait(lambda data: data.count(b"\x1dVB") >= count, f"{count} papers", timeout_s)

    def _wait(self, enough: Callable[[bytes], bool], what: str, timeout_s: float) -> bytes:
        deadline = time.monotonic() + timeout_s
        with self._lock:
            while not enough(bytes(self._received)):
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"no {what} within {timeout_s} s: {bytes(self._received)!r}")
                self._lock.wait(left)
            return bytes(self._received)

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connection_count += 1
            self._sockets.append(connection)
            if not self.hang:
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        pending = b""
        with contextlib.suppress(OSError):  # the kiosk went away; so does this connection
            while data := connection.recv(4096):
                pending = self._digest(connection, pending + data)
                if self._is_dead():
                    # Linger 0: an abrupt end with a reset, as a pulled plug looks like.
                    connection.setsockopt(
                        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                    )
                    break
        connection.close()

    def _digest(self, connection: socket.socket, data: bytes) -> bytes:
        """Answer the questions in `data`, keep the paper; half a question comes back."""
        paper = bytearray()
        at = 0
        while at < len(data):
            if data[at : at + 2] == b"\x10\x04" and at + 2 < len(data):
                self._keep(paper)
                paper.clear()
                self._reply(connection, data[at + 2])
                at += 3
            elif data[at] == 0x10 and at + 3 > len(data) and b"\x10\x04".startswith(data[at:][:2]):
                break
            else:
                paper.append(data[at])
                at += 1
        self._keep(paper)
        return data[at:]

    def _keep(self, paper: bytearray) -> None:
        if not paper:
            return
        with self._lock:
            first = not self._received
            room = len(paper) if self.die_after is None else self.die_after - len(self._received)
            self._received += paper[: max(0, room)]
            self._lock.notify_all()
        if first and self.on_paper is not None:
            self.on_paper(self)

    def _is_dead(self) -> bool:
        return self.die_after is not None and len(self._received) >= self.die_after

    def _reply(self, connection: socket.socket, kind: int) -> None:
        if self.mute or self._is_dead():
            return
        answer = self.answer or self.state.answer
        connection.sendall(answer(kind))
