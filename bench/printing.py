"""Touch to paper: from the finger on a service to the first byte of its ticket at the printer."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.bare import percentile
from bench.table import Figure
from tests.running_branch import RunningBranch
from tests.tcp_printer import TcpPrinter
from tests.ui.driven import DrivenScreen

GOAL_MS = 150.0
VISITORS = 40


async def first_byte(folder: Path) -> Figure:
    """The whole way of a visitor's touch (window, link, server with its commit, printing process,
    status of the printer) against python-escpos alone, which opens and prints the same bytes."""
    branch = RunningBranch(folder / "data")
    branch.add_devices("kiosk", "kiosk-1").configure(limits__commands_per_s=0, kiosk__home="no")
    with branch, TcpPrinter() as printer:
        words = ["-m", "kiosk", "--server", branch.url, "--device", "kiosk-1"]
        words += ["--token", branch.tokens["kiosk-1"], "--windowed", "540x960"]
        with DrivenScreen([*words, "--printer", printer.url], folder=folder) as screen:
            ours = list(_visitors(screen, printer))
        paper = printer.paper()
    one = paper[: paper.index(b"\x1dVB") + 4]
    with TcpPrinter() as printer:
        bare = [_bare_s(printer, one) for _ in range(VISITORS)]
    bare_ms = percentile(bare, 0.95) * 1000
    return Figure(
        f"kiosk, touch to the first printed byte, p95 (goal {GOAL_MS:.0f} ms)",
        "python-escpos alone, open to first byte, p95",
        percentile(ours, 0.95) * 1000,
        bare_ms,
        "ms",
        at_most=round(GOAL_MS / bare_ms, 1),
    )


def _visitors(screen: DrivenScreen, printer: TcpPrinter) -> Iterator[float]:
    """The seconds of each visitor, one after the other; the first one only warms up."""
    _well(screen.ask("wait", page="idle", deadline_s=20))
    for number in range(VISITORS + 1):
        _well(screen.ask("press", name="start"))
        _well(screen.ask("wait", page="services"))
        had = len(printer.paper())
        started_s = time.perf_counter()
        _well(screen.ask("press", name="service-A"))
        printer.wait_for_bytes(had + 1)
        if number:
            yield time.perf_counter() - started_s
        printer.wait_for_papers(number + 1)
        _well(screen.ask("wait", page="issued"))
        _well(screen.ask("press", name="finish"))
        _well(screen.ask("wait", page="idle"))


def _well(answer: dict[str, Any]) -> None:
    if "error" in answer:
        raise RuntimeError(answer["error"])


def _bare_s(printer: TcpPrinter, data: bytes) -> float:
    # Here: the library is loaded by printing processes alone, and by this side of the ratio.
    from escpos.printer import Network

    had = len(printer.paper())
    started_s = time.perf_counter()
    device = Network("127.0.0.1", printer.port, timeout=5)
    device._raw(data)
    printer.wait_for_bytes(had + 1)
    took_s = time.perf_counter() - started_s
    device.close()
    return took_s
