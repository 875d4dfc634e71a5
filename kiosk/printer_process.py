"""The printing process: takes layouts from the kiosk, line by line, and drives the printer.

It is a process of its own because a printer may hang in the system's kernel, where no thread can
be ended: the kiosk then ends all of it (fault F31). Words go as JSON, one a line, over stdin and
stdout. The kiosk's end is this process' end: stdin closes, the running ticket is finished first.
"""

import contextlib
import logging
import os
import signal
import sys
import tempfile
from typing import TYPE_CHECKING, BinaryIO

import msgspec
from msgspec import Struct

from kiosk.paper_layout import PaperLayout, PaperSize
from kiosk.printer import PrinterReason, PrinterStatus, PrintOutcome
from kiosk.printer_url import PrinterUrl, parse_printer_url

if TYPE_CHECKING:
    from kiosk.escpos_printer import EscposPrinter

log = logging.getLogger(__name__)


class Print(Struct, tag=True, frozen=True):
    """Kiosk: print this; `after_torn` and `talks` as for the printer."""

    layout: PaperLayout
    after_torn: bool = False
    talks: bool = False


class Check(Struct, tag=True, frozen=True):
    """Kiosk: how is the printer?"""


class Ready(Struct, tag=True, frozen=True):
    """Process: I am here, and this is the paper in the printer."""

    paper: PaperSize


class Sending(Struct, tag=True, frozen=True):
    """Process: from now on bytes of this ticket may have left."""

    byte_count: int


class Done(Struct, tag=True, frozen=True):
    """Process: what became of the paper."""

    outcome: PrintOutcome
    reason: PrinterReason | None
    status: PrinterStatus


class Checked(Struct, tag=True, frozen=True):
    """Process: how the printer is."""

    status: PrinterStatus


Order = Print | Check
Report = Ready | Sending | Done | Checked

_orders = msgspec.json.Decoder(Order)


def main() -> None:
    """Serve one printer, whose address is the only argument, until stdin ends."""
    # Ctrl-C in a terminal is meant for the kiosk, which then lets the running ticket finish.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with _take_stdout() as reports:
        _serve(parse_printer_url(sys.argv[1]), sys.stdin.buffer, reports)


def _take_stdout() -> BinaryIO:
    """Stdout for our words alone: python-escpos prints notices there."""
    reports = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return reports


def _serve(url: PrinterUrl, orders: BinaryIO, reports: BinaryIO) -> None:
    # The library leaves a folder with a pickle in /tmp at each import; ours goes away with it.
    with tempfile.TemporaryDirectory(prefix="antrean-printer-") as folder:
        os.environ["ESCPOS_CAPABILITIES_PICKLE_DIR"] = folder
        from kiosk.escpos_printer import EscposPrinter

    printer = EscposPrinter(url)

    def report(words: Report) -> None:
        reports.write(msgspec.json.encode(words) + b"\n")
        reports.flush()

    report(Ready(printer.paper))
    for line in orders:
        order = _orders.decode(line)
        if isinstance(order, Check):
            report(Checked(_status_of(printer)))
            continue
        sent: list[int] = []

        def sending(byte_count: int, sent: list[int] = sent) -> None:
            sent.append(byte_count)
            report(Sending(byte_count))

        try:
            printed = printer.print(
                order.layout, sending, after_torn=order.after_torn, talks=order.talks
            )
            report(Done(printed.outcome, printed.reason, printed.status))
        except Exception:
            # A bug, ours or the library's: in full to the log, and to the kiosk in one word.
            log.exception("a ticket could not be printed")
            outcome = PrintOutcome.UNKNOWN if sent else PrintOutcome.FAILED
            fault = PrinterStatus(fault=PrinterReason.PROGRAM)
            report(Done(outcome, PrinterReason.PROGRAM, fault))


def _status_of(printer: "EscposPrinter") -> PrinterStatus:
    try:
        return printer.status()
    except Exception:
        log.exception("the printer's status could not be asked")
        return PrinterStatus(fault=PrinterReason.PROGRAM)


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):  # the kiosk is gone; there is nobody to tell
        main()
