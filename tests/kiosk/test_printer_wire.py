"""F32 on the wires themselves: 256 values x lengths 0 to 4, byte by byte as on a slow line.

A single byte that is a true answer counts; the same byte with another behind it is noise, also
when the other comes a moment later.
"""

import contextlib
import itertools
import os
import pty
import socket
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import serial

from kiosk.printer import PrinterStatus
from kiosk.printer_status import PAPER, query, read_status
from kiosk.printer_wire import FileWire, NetworkWire, SerialWire, Wire

GAP_S = 0.001
"""Between two bytes at 9600 baud."""
WAIT_S = 0.5


class Answerer:
    """The far end: each question gets the bytes that are set now, one by one."""

    def __init__(self, read: Callable[[], bytes], write: Callable[[bytes], object]) -> None:
        self.answer = b""
        self._read, self._write = read, write
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while asked := self._read():
                for _ in range(len(asked) // 3):
                    for byte in self.answer:
                        self._write(bytes((byte,)))
                        time.sleep(GAP_S)


@contextmanager
def network() -> Iterator[tuple[Wire, Answerer]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ours = socket.create_connection(listener.getsockname())
        theirs, _ = listener.accept()
    with ours, theirs:
        theirs.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire = NetworkWire(SimpleNamespace(device=ours, close=ours.close))
        yield wire, Answerer(lambda: theirs.recv(64), theirs.sendall)
        with contextlib.suppress(OSError):
            theirs.shutdown(socket.SHUT_RDWR)


@contextmanager
def line(kind: str) -> Iterator[tuple[Wire, Answerer]]:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    name = os.ttyname(theirs)
    answerer = Answerer(lambda: os.read(ours, 64), lambda data: os.write(ours, data))
    if kind == "serial":
        with serial.Serial(name, 9600) as port:
            yield SerialWire(SimpleNamespace(device=port, close=port.close)), answerer
    else:
        handle = os.open(name, os.O_RDWR | os.O_NOCTTY)
        with os.fdopen(handle, "wb", buffering=0) as device:
            yield FileWire(SimpleNamespace(device=device, close=device.close)), answerer
    os.close(theirs)
    os.close(ours)


WIRES = {"network": network, "serial": lambda: line("serial"), "file": lambda: line("file")}


@pytest.mark.parametrize("kind", WIRES)
def test_no_noise_of_any_length_is_a_status(kind: str, long_run: bool) -> None:
    """F32: every byte alone, doubled, three and four times; with --long every pair of them."""
    with WIRES[kind]() as (wire, far):

        def told(answer: bytes) -> PrinterStatus:
            far.answer = answer
            return read_status({PAPER: wire.ask(query(PAPER), WAIT_S)})

        for byte in range(256):
            is_true = byte & 0x93 == 0x12
            status = told(bytes((byte,)))
            if not is_true:
                assert status == PrinterStatus(), hex(byte)
            for length in (2, 3, 4):
                assert told(bytes((byte,)) * length) == PrinterStatus(), f"{byte:#x} x {length}"
        assert told(b"\x12").paper == "ok"
        assert told(b"\x1e").paper == "near-end"
        assert told(b"\x7e").paper == "out"
        firsts = range(0x12, 0x80) if long_run else (0x12, 0x1E, 0x72)
        for first, second in itertools.product(firsts, range(0, 256, 1 if long_run else 16)):
            assert told(bytes((first, second))) == PrinterStatus(), (first, second)
        far.answer = b""
        started = time.monotonic()
        assert wire.ask(query(PAPER), 0.05) == b""
        assert time.monotonic() - started < 0.5


def test_a_printer_that_hung_up_is_gone_and_not_mute() -> None:
    """F30: else the ticket would be sent into nothing."""
    with network() as (wire, far):
        far.answer = b"\x12"
        assert wire.ask(query(PAPER), WAIT_S) == b"\x12"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ours = socket.create_connection(listener.getsockname())
        theirs, _ = listener.accept()
        theirs.close()
        with ours, pytest.raises(ConnectionError):
            NetworkWire(SimpleNamespace(device=ours, close=ours.close)).ask(query(PAPER), WAIT_S)


def test_a_serial_line_that_is_gone_is_told_as_the_system_tells_it() -> None:
    """F30: pyserial passes on an error that is no OSError; the printing process would end by it."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    port = serial.Serial(os.ttyname(theirs), 9600)
    wire = SerialWire(SimpleNamespace(device=port, close=port.close))
    os.close(theirs)
    os.close(ours)
    with pytest.raises(OSError, match="Input/output error"):
        wire.ask(query(PAPER), WAIT_S)
    with pytest.raises(OSError, match="Input/output error"):
        wire.send(b"x")
    wire.close()
