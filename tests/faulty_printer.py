"""A printer that breaks where it is told to, behind a TCP port or a pseudo-terminal.

It is one machine with one input, as real ones are: whatever connection bytes come by, a command
that was begun goes on with them, bytes that cannot be printed now wait, and a paper that was begun
stays in it until something cuts it off. `moment` is called at each `MOMENTS` of the running job,
from the printer's own thread and before the printer does what comes next.
"""

import contextlib
import os
import pty
import random
import select
import socket
import struct
import threading
import time
import tty
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.tcp_printer import PrinterState

MOMENTS = (
    "status-before",
    "first-bytes",
    "mid-raster",
    "before-cut",
    "between-copies",
    "after-cut",
)
_FIRST_BYTES, _RASTER_BYTES = 20, 900


class GoneError(Exception):
    """The line went down while these bytes were printed."""


@dataclass
class Sheet:
    """What came out in one piece: the bytes since the last cut, parted where power was lost."""

    parts: list[bytes] = field(default_factory=lambda: [b""])
    torn: bool = False

    @property
    def data(self) -> bytes:
        """All of its bytes."""
        return b"".join(self.parts)


class Engine:
    """The machine behind the plug: takes bytes, prints what it can, answers DLE EOT."""

    def __init__(self, copies: int) -> None:
        self.state = PrinterState()
        self.mute = self.garbled = self.slow = False
        self.moment: Callable[[str], None] = lambda _: None
        self.sheets: list[Sheet] = []
        self.now = Sheet()
        self.taken = 0
        self._copies = copies
        self._waiting: deque[int] = deque()
        self._command = bytearray()
        self._chance = random.Random(32)
        self._lock = threading.RLock()
        self._half = b""
        self._taker: int | None = None
        self.begin_job()

    @property
    def is_taking(self) -> bool:
        """Whether whoever asks does so from within the taking of bytes."""
        return self._taker == threading.get_ident()

    def begin_job(self) -> None:
        """From now on the bytes are another job's."""
        with self._lock:
            self.taken = self._printed = self._raster = self._cuts = 0
            self._told: set[str] = set()

    def arrive(self, data: bytes, reply: Callable[[bytes], None]) -> None:
        """Bytes come in, questions among them; those are answered even while nothing prints."""
        with self._lock:
            self._taker = threading.get_ident()
            try:
                self._sort_out(self._half + data, reply)
            finally:
                self._taker = None

    def _sort_out(self, data: bytes, reply: Callable[[bytes], None]) -> None:
        self._half = b""
        at = 0
        while (found := data.find(b"\x10", at)) >= 0:
            if found + 3 > len(data) and b"\x10\x04".startswith(data[found : found + 2]):
                break
            if data[found + 1 : found + 2] != b"\x04":
                self._take(data[at : found + 1])
                at = found + 1
                continue
            self._take(data[at:found])
            self._asked(data[found + 2], reply)
            at = found + 3
        else:
            found = len(data)
        self._take(data[at:found])
        self._half = data[found:]

    def change(self, **facts: object) -> None:
        """A hand, a sensor: some facts change, and what waits is printed if it can be."""
        with self._lock:
            self.state = replace(self.state, **facts)  # type: ignore[arg-type]
            self._print()

    def lose_power(self) -> None:
        """What is not on the paper is lost; what is stays there, uncut."""
        with self._lock:
            self._waiting.clear()
            self._command.clear()
            self._half = b""
            if self.now.data.strip(b"\x00"):
                self.now.parts.append(b"")
                self.now.torn = True

    def _asked(self, kind: int, reply: Callable[[bytes], None]) -> None:
        self._at("after-cut" if self._cuts >= self._copies else "status-before")
        if self.mute:
            return
        if self.garbled:
            length = self._chance.randrange(5)
            # All but the one shape that is a true answer.
            reply(bytes(self._chance.choice((0x00, 0xFF, 0x41, 0x93, 0x13)) for _ in range(length)))
            return
        reply(self.state.answer(kind))

    def _take(self, data: bytes) -> None:
        self.taken += len(data)
        self._waiting.extend(data)
        if self.slow:
            time.sleep(len(data) / 100_000)
        self._print()

    def _print(self) -> None:
        while self._waiting and self._ready:
            byte = self._waiting.popleft()
            self._command.append(byte)
            self._printed += 1
            length = _length(self._command)
            if self._command[:2] == b"\x1dV" and len(self._command) == 2:
                if self._cuts == self._copies - 1:
                    self._at("before-cut")
            elif self._command[:3] == b"\x1dv0":
                self._raster += 1
                if self._raster == _RASTER_BYTES:
                    self._at("mid-raster")
            if self._printed == _FIRST_BYTES:
                self._at("first-bytes")
            if length is not None and len(self._command) >= length:
                self._done(bytes(self._command))

    def _done(self, command: bytes) -> None:
        self._command.clear()
        self.now.parts[-1] += command
        if command[:2] != b"\x1dV":
            return
        has_ink = b"\x1d!" in self.now.data
        self.sheets.append(self.now)
        self.now = Sheet()
        if has_ink and not self.sheets[-1].torn:
            self._cuts += 1
            if self._cuts < self._copies:
                self._at("between-copies")

    @property
    def _ready(self) -> bool:
        state = self.state
        return not (state.paper == "out" or state.cover_open or state.cutter_fault or state.offline)

    def _at(self, moment: str) -> None:
        if moment not in self._told:
            self._told.add(moment)
            self.moment(moment)


def _length(command: bytes | bytearray) -> int | None:
    """How long a command is that begins so; None while its head is not whole."""
    first, size = command[0], len(command)
    if first == 0x1B:
        return None if size < 2 else 2 if command[1] not in b"EatJd" else 3
    if first != 0x1D:
        return 1
    if size < 2:
        return None
    if command[1] == ord("!"):
        return 3
    if command[1] == ord("V"):
        return None if size < 3 else 4 if command[2] in (65, 66) else 3
    if command[1] == ord("v"):
        if size < 8:
            return None
        return 8 + int.from_bytes(command[4:6], "little") * int.from_bytes(command[6:8], "little")
    if command[1] == ord("("):
        return None if size < 5 else 5 + int.from_bytes(command[3:5], "little")
    return 2


class Plug(ABC):
    """The way to the engine; it can be pulled, and put in elsewhere."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reading = threading.Event()
        self._reading.set()

    @property
    @abstractmethod
    def url(self) -> str:
        """The address that stays the same wherever it is plugged in."""

    @abstractmethod
    def put_in(self, *, elsewhere: bool = False) -> None:
        """Be reachable; `elsewhere`: at another port or address than before."""

    @abstractmethod
    def pull(self) -> None:
        """Be gone: nobody answers, and open lines end abruptly."""

    @abstractmethod
    def slam(self) -> None:
        """Close each new line at once, or be gone where lines cannot be closed."""

    @abstractmethod
    def welcome(self) -> None:
        """The end of that."""

    @abstractmethod
    def hang_up(self) -> None:
        """End the open lines in good order, and stay reachable where that is possible."""

    def stop_reading(self) -> None:
        """Take no more bytes, as a machine that hangs."""
        self._reading.clear()

    def read_on(self) -> None:
        """Take bytes again."""
        self._reading.set()


class TcpPlug(Plug):
    """``network://``; its name is looked up in `hosts`, a file that the resolver reads."""

    NAME = "printer.branch"

    def __init__(self, engine: Engine, hosts: Path) -> None:
        super().__init__(engine)
        self._hosts = hosts
        self._places = ["127.0.0.1", "127.0.0.2"]
        self._listener: socket.socket | None = None
        self._open: list[socket.socket] = []
        self._slams = False
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]

    @property
    def url(self) -> str:
        return f"network://{self.NAME}:{self._port}"

    def put_in(self, *, elsewhere: bool = False) -> None:
        if elsewhere:
            self._places.reverse()
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # The smallest buffer, so that a machine that hangs is felt.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        listener.bind((self._places[0], self._port))
        listener.listen(8)
        self._listener = listener
        fresh = self._hosts.with_suffix(".new")
        fresh.write_text(self._places[0])
        fresh.replace(self._hosts)
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def pull(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for line in self._lines():
            with contextlib.suppress(OSError):
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._end(line)

    def hang_up(self) -> None:
        for line in self._lines():
            self._end(line)

    def slam(self) -> None:
        self._slams = True

    def welcome(self) -> None:
        self._slams = False

    def _lines(self) -> list[socket.socket]:
        lines, self._open = self._open, []
        return lines

    def _end(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError):
            # Wakes the thread that reads; the close alone would not.
            line.shutdown(socket.SHUT_RDWR)
        line.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            if self._slams:
                line.close()
                continue
            self._open.append(line)
            # One after the other: a printer has one input.
            self._serve(line)

    def _serve(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError, GoneError):
            while True:
                self._reading.wait()
                data = line.recv(512)
                if not data:
                    break
                self._reading.wait()
                self.engine.arrive(data, line.sendall)
        if line in self._open:
            self._open.remove(line)
        line.close()


class PtyPlug(Plug):
    """``serial://`` or ``file://`` on a pseudo-terminal; its name is another at each plugging."""

    def __init__(self, engine: Engine, folder: Path, kind: str) -> None:
        super().__init__(engine)
        self._folder, self._kind = folder, kind
        self._count = 0
        self._plugged = 0
        self._theirs: int | None = None
        self._link: Path | None = None

    @property
    def url(self) -> str:
        return f"{self._kind}://{self._folder.as_posix()}/ttyP*"

    def put_in(self, *, elsewhere: bool = False) -> None:
        self._count += elsewhere
        ours, theirs = pty.openpty()
        tty.setraw(theirs)
        self._theirs = theirs
        self._plugged += 1
        # As udev does it: a name of ours that leads to the device of now.
        self._link = self._folder / f"ttyP{self._count}"
        self._link.symlink_to(os.ttyname(theirs))
        threading.Thread(target=self._serve, args=(ours, self._plugged), daemon=True).start()

    def slam(self) -> None:
        self.pull()

    def welcome(self) -> None:
        if self._theirs is None:
            self.put_in()

    def pull(self) -> None:
        self._plugged += 1
        if self._link is not None:
            self._link.unlink()
            self._link = None
        if self._theirs is not None:
            # Our own end is closed by the thread that reads it: closed here, its number might be
            # another file's before that thread looks again.
            os.close(self._theirs)
            self._theirs = None

    def hang_up(self) -> None:
        # A serial line has no good order: it is there or it is not.
        self.pull()
        self.put_in()

    def _serve(self, ours: int, mine: int) -> None:
        def reply(answer: bytes) -> None:
            os.write(ours, answer)

        try:
            with contextlib.suppress(OSError, GoneError):
                while self._plugged == mine:
                    self._reading.wait()
                    if not select.select([ours], [], [], 0.02)[0]:
                        continue
                    data = os.read(ours, 512)
                    self._reading.wait()
                    if self._plugged != mine:
                        return
                    self.engine.arrive(data, reply)
        finally:
            os.close(ours)
