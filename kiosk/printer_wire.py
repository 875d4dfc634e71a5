"""The way to a printer, one class per kind of connector: send, ask, and know what arrived.

They work on python-escpos' opened connectors (duck-typed, so that they need not import
that package) and mend what those leave out: timeouts for each single act, part-written USB
transfers, and whether the other side took all bytes.
"""

import contextlib
import errno
import os
import select
import socket
import stat
import sys
import time
from collections.abc import Iterator
from typing import Any, Protocol

CHUNK_BYTES = 4096
ANSWER_WAIT_S = 0.4
WRITE_TIMEOUT_S = 3.0
HAND_OVER_S = 1.0
QUIET_S = 0.006
STALE_READS_MAX = 16
NOISE_BYTES_MAX = 64


class Wire(Protocol):
    """An open way to a printer. Any method may raise `OSError` when it breaks."""

    def send(self, data: bytes) -> None:
        """Hand over all of `data`, or raise."""

    def ask(self, question: bytes, wait_s: float) -> bytes:
        """What comes back within `wait_s`; empty from a mute printer."""

    def handed_over(self) -> bool:
        """Whether the other side surely took all that was sent; the last act on a wire."""

    def close(self) -> None:
        """Let go."""


class NetworkWire:
    """A TCP connection to port 9100."""

    def __init__(self, connector: Any) -> None:
        self._connector = connector
        self._socket: socket.socket = connector.device
        # Else a question behind a ticket waits 40 ms for the ticket's last acknowledgement.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data: bytes) -> None:
        """Send in chunks, so that a dead peer is noticed between two of them."""
        self._socket.settimeout(WRITE_TIMEOUT_S)
        for start in range(0, len(data), CHUNK_BYTES):
            self._socket.sendall(data[start : start + CHUNK_BYTES])

    def ask(self, question: bytes, wait_s: float) -> bytes:
        """One question; whatever lay in the line before it is not its answer."""
        self._socket.settimeout(0)
        with contextlib.suppress(BlockingIOError):
            for _ in range(STALE_READS_MAX):
                if not self._socket.recv(256):
                    break
        self._socket.settimeout(wait_s)
        answer = b""
        try:
            self._socket.sendall(question)
            answer = self._socket.recv(16)
            if not answer:
                raise ConnectionResetError(errno.ECONNRESET, "the printer hung up")
            # One byte is an answer only if nothing follows it; what follows is taken, too, or it
            # would be the answer to the next question.
            self._socket.settimeout(QUIET_S)
            while len(answer) < NOISE_BYTES_MAX:
                more = self._socket.recv(16)
                if not more:
                    break
                answer += more
        except TimeoutError:
            pass
        return answer

    def handed_over(self) -> bool:
        """Whether the peer closed in good order after our end, or its system took every byte."""
        deadline = time.monotonic() + HAND_OVER_S
        self._socket.shutdown(socket.SHUT_WR)
        self._socket.settimeout(HAND_OVER_S)
        with contextlib.suppress(TimeoutError):
            while time.monotonic() < deadline:
                if self._socket.recv(256) == b"":
                    break
        if self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            return False
        return _unacknowledged_bytes(self._socket) == 0

    def close(self) -> None:
        """Close the connection."""
        self._connector.close()


def _unacknowledged_bytes(connection: socket.socket) -> int:
    if not sys.platform.startswith("linux"):
        # Elsewhere nobody tells; the orderly way to here is then all that is known.
        return 0
    import array
    import fcntl
    import termios

    waiting = array.array("i", [0])
    fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, waiting)
    return waiting[0]


class SerialWire:
    """A serial line."""

    def __init__(self, connector: Any) -> None:
        self._connector = connector
        self._port = connector.device

    def send(self, data: bytes) -> None:
        """Write and wait until the last bit has left; the caller's deadline knows the baud."""
        # A timeout per write would have to know the baud; a line that stands still is
        # ended from outside, with the whole process.
        with _broken_line():
            self._port.write(data)
            self._port.flush()

    def ask(self, question: bytes, wait_s: float) -> bytes:
        """One question; what lay in the buffer is not its answer."""
        with _broken_line():
            return self._asked(question, wait_s)

    def _asked(self, question: bytes, wait_s: float) -> bytes:
        self._port.reset_input_buffer()
        self._port.timeout = wait_s
        self._port.write(question)
        first: bytes = self._port.read(1)
        if not first:
            return b""
        # One byte is an answer only if nothing follows it; at 9600 baud the next takes 1 ms.
        self._port.timeout = QUIET_S
        answer = first
        while len(answer) < NOISE_BYTES_MAX and (more := bytes(self._port.read(1))):
            answer += more
        return answer

    def handed_over(self) -> bool:
        """All bits have left; a serial line tells no more."""
        return True

    def close(self) -> None:
        """Close the port; the connector would first wait for a line that may be dead."""
        self._port.close()
        self._connector._device = False


@contextlib.contextmanager
def _broken_line() -> Iterator[None]:
    """What the system says of a line that is gone, as the error that a wire may raise."""
    try:
        yield
    except Exception as error:
        # termios.error is none, and Windows does not have its module.
        if type(error).__module__ != "termios":
            raise
        raise OSError(*error.args) from error


class UsbWire:
    """A USB printer's bulk endpoints; `in_endpoint` is None where a printer cannot answer."""

    def __init__(self, connector: Any, out_endpoint: int, in_endpoint: int | None) -> None:
        self._connector = connector
        self._device = connector.device
        self._out = out_endpoint
        self._in = in_endpoint

    def send(self, data: bytes) -> None:
        """Write until all is taken: a transfer that times out half-way is no error to pyusb."""
        rest = memoryview(data)
        while rest:
            # pyusb counts in milliseconds, python-escpos hands its seconds on as they are.
            taken = self._device.write(
                self._out, bytes(rest[:CHUNK_BYTES]), int(WRITE_TIMEOUT_S * 1000)
            )
            if taken <= 0:
                raise TimeoutError("the printer took no more bytes")
            rest = rest[taken:]

    def ask(self, question: bytes, wait_s: float) -> bytes:
        """One question and its answer."""
        if self._in is None:
            raise NotImplementedError
        self._device.write(self._out, question, int(WRITE_TIMEOUT_S * 1000))
        try:
            return bytes(self._device.read(self._in, 16, max(1, int(wait_s * 1000))))
        except OSError as error:
            if isinstance(error, TimeoutError) or error.errno in (110, 10060, 60):
                return b""
            raise

    def handed_over(self) -> bool:
        """The printer acknowledged each transfer."""
        return True

    def close(self) -> None:
        """Release the interface."""
        self._connector.close()


class FileWire:
    """A device file, which may answer, or a plain file, which takes bytes alone."""

    def __init__(self, connector: Any) -> None:
        self._connector = connector
        self._handle: int = connector.device.fileno()
        self.answers = stat.S_ISCHR(os.fstat(self._handle).st_mode)

    def send(self, data: bytes) -> None:
        """Write everything; one that takes no more holds us here, and is ended from outside."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._handle, rest[:CHUNK_BYTES]) :]

    def ask(self, question: bytes, wait_s: float) -> bytes:
        """One question and its answer; a device that cannot be read has none."""
        if not self.answers or sys.platform == "win32":
            raise NotImplementedError
        try:
            for _ in range(STALE_READS_MAX):
                if not self._readable(0) or not os.read(self._handle, 256):
                    break
            os.write(self._handle, question)
            answer = b""
            while len(answer) < NOISE_BYTES_MAX and self._readable(QUIET_S if answer else wait_s):
                more = os.read(self._handle, 16)
                if not more:
                    break
                answer += more
        except OSError as error:
            if error.errno != errno.EBADF:
                raise
            raise NotImplementedError from error  # opened for writing only
        return answer

    def _readable(self, wait_s: float) -> bool:
        return bool(select.select([self._handle], [], [], wait_s)[0])

    def handed_over(self) -> bool:
        """The system took all bytes."""
        return True

    def close(self) -> None:
        """Close the file."""
        self._connector.close()
