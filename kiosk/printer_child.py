"""The kiosk's end of the printing process: start it, speak with deadlines, end it for sure."""

import contextlib
import logging
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from kiosk.printer_process import Order, Report
from kiosk.printer_url import PrinterUrl

log = logging.getLogger(__name__)

END_S = 1.0

_reports = msgspec.json.Decoder(Report)


class ChildGoneError(Exception):
    """The process has ended."""


class ChildLateError(Exception):
    """The process did not answer in time."""


def child_command(url: PrinterUrl) -> list[str]:
    """How the printing process for `url` is started."""
    return [sys.executable, "-m", "kiosk.printer_process", url.text]


class PrinterChild:
    """One running process. A thread reads its words, so that waiting for one can have an end."""

    def __init__(self, command: Sequence[str]) -> None:
        # The package is found from any working directory, installed or in a checkout.
        home = str(Path(__file__).resolve().parent.parent)
        paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            # Its own session: a Ctrl-C for the kiosk must not tear a ticket in two.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin: BinaryIO = self._process.stdin  # type: ignore[assignment]
        self._words: queue.Queue[Report | None] = queue.Queue()
        threading.Thread(
            target=self._read, args=(self._process.stdout,), name="printer-words", daemon=True
        ).start()

    @property
    def pid(self) -> int:
        """The process' id."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def send(self, order: Order) -> None:
        """Give one order; `ChildGoneError` means that it was surely not taken."""
        # The process reads between two orders and is given one at a time, so this never blocks.
        try:
            self._stdin.write(msgspec.json.encode(order) + b"\n")
            self._stdin.flush()
        except OSError as error:
            raise ChildGoneError(str(error)) from error

    def next(self, deadline: float) -> Report:
        """The next word until `deadline` (monotonic); without one, late or gone is raised."""
        try:
            report = self._words.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise ChildLateError("no answer in time") from None
        if report is None:
            raise ChildGoneError(f"ended with code {self._process.poll()}")
        return report

    def last_words(self) -> list[Report]:
        """What it said and nobody read; to be asked after `end`."""
        words = []
        with contextlib.suppress(queue.Empty):
            while (report := self._words.get(timeout=END_S)) is not None:
                words.append(report)
        return words

    def end(self, *, at_once: bool) -> None:
        """End the process: in peace (it finishes its ticket), or killed."""
        if at_once:
            self._process.kill()
        with contextlib.suppress(OSError):  # it may be gone already
            self._stdin.close()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                # A process in the kernel's hands ends when the kernel lets it; nobody waits.
                self._process.wait(END_S)

    def _read(self, stdout: BinaryIO) -> None:
        with stdout:
            try:
                for line in stdout:
                    self._words.put(_reports.decode(line))
            except (OSError, ValueError) as error:
                log.error("the printing process speaks nonsense: %s", error)
        self._words.put(None)
