"""The printer as the kiosk has it: never blocks, never prints twice, always says what became.

I9 and F01 (told twice, killed in the middle), F28 (status), F31 (hangs).
"""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from kiosk.paper_layout import PaperLayout, PaperSize
from kiosk.print_journal import PrintJournal
from kiosk.printer import (
    NoPrinter,
    PaperToPrint,
    PrinterReason,
    PrinterStatus,
    PrintOutcome,
    PrintResult,
    TicketPrinter,
)
from kiosk.printer_url import parse_printer_url
from kiosk.supervised_printer import WAITING_MAX, Deadlines, SupervisedPrinter
from tests.kiosk.slip_examples import CODE, slip_to_print
from tests.kiosk.ticket_examples import lay_out_now, ticket_to_print
from tests.paper import decode, decode_all
from tests.tcp_printer import PrinterState, TcpPrinter

QUICK = Deadlines(start_s=10, job_s=1.0, check_s=1.0, restart_s=0.1, watch_s=None)

Open = Callable[..., SupervisedPrinter]


@pytest.fixture
def journal_path(tmp_path: Path) -> Path:
    return tmp_path / "printed.jsonl"


@pytest.fixture
def open_printer(journal_path: Path) -> Iterator[Open]:
    """Open a supervised printer; each is closed at the test's end."""
    with ExitStack() as stack:

        def open_one(
            address: str, deadlines: Deadlines = QUICK, script: str | None = None
        ) -> SupervisedPrinter:
            command = script and [sys.executable, "-u", "-c", textwrap.dedent(script)]
            printer = SupervisedPrinter(
                parse_printer_url(address),
                lay_out_now,
                PrintJournal(journal_path),
                deadlines=deadlines,
                command=command or None,
            )
            stack.callback(printer.close)
            return printer

        yield open_one


def wait_until(true: Callable[[], bool], timeout_s: float = 15.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.005)


def results(printer: TicketPrinter, count: int = 1) -> list[PrintResult]:
    found: list[PrintResult] = []

    def enough() -> bool:
        found.extend(printer.poll())
        return len(found) >= count

    wait_until(enough)
    return found


def process_of(printer: SupervisedPrinter) -> int:
    process = printer.process_id
    assert process is not None
    return process


PRINTED = PrintResult("job-1", 1, PrintOutcome.PRINTED)


def test_a_ticket_is_printed_and_its_result_told(open_printer: Open) -> None:
    with TcpPrinter() as device:
        printer: TicketPrinter = open_printer(device.url)
        told = threading.Event()
        printer.listen(told.set)
        printer.submit(ticket_to_print())
        assert results(printer) == [PRINTED]
        assert told.is_set()
        assert printer.poll() == []
        assert printer.status() == PrinterStatus(True, "ok", False, False, False)
        assert decode(device.wait_for_papers()).biggest.text == "B012"


def test_the_first_byte_leaves_within_150_ms_of_a_warm_printer(open_printer: Open) -> None:
    with TcpPrinter() as device:
        printer = open_printer(device.url)
        printer.start()
        wait_until(lambda: printer.status().known)
        waits = []
        for number in range(3):
            had = len(device.paper())
            started = time.perf_counter()
            printer.submit(ticket_to_print(job=f"job-{number}"))
            device.wait_for_bytes(had + 1)
            waits.append(time.perf_counter() - started)
            results(printer)
        assert min(waits) < 0.15


def test_a_job_told_twice_is_printed_once(open_printer: Open) -> None:
    """I9: the same copy of the same job, while it prints and after."""
    with TcpPrinter() as device:
        printer = open_printer(device.url)
        for _ in range(3):
            printer.submit(ticket_to_print())
        again = PrintResult("job-1", 1, PrintOutcome.PRINTED, None, repeated=True)
        assert results(printer, 3) == [PRINTED, again, again]
        assert len(decode_all(device.paper())) == 1


def test_the_next_copy_is_printed_and_marked(open_printer: Open) -> None:
    with TcpPrinter() as device:
        printer = open_printer(device.url)
        printer.submit(ticket_to_print())
        printer.submit(ticket_to_print(copy=2))
        assert results(printer, 2) == [PRINTED, PrintResult("job-1", 2, PrintOutcome.PRINTED)]
        first, second = decode_all(device.wait_for_papers(2))
        assert "CETAK ULANG" not in first.text
        assert "CETAK ULANG" in second.text


def test_a_slip_is_printed_once_over_a_restart_and_a_copy_of_it_is_marked(
    open_printer: Open,
) -> None:
    """I9: slips and tickets share one journal, one process and one line."""
    with TcpPrinter() as device:
        first = open_printer(device.url)
        for paper in (slip_to_print(), ticket_to_print(), slip_to_print()):
            first.submit(paper)
        assert [result.repeated for result in results(first, 3)] == [False, False, True]
        first.close()
        second = open_printer(device.url)
        second.submit(slip_to_print())
        second.submit(slip_to_print(copy=2))
        told = results(second, 2)
        assert [result.repeated for result in told] == [True, False]
        assert {result.outcome for result in told} == {PrintOutcome.PRINTED}
        slip, ticket, again = decode_all(device.wait_for_papers(3))
        assert slip.biggest.text == again.biggest.text == CODE
        assert slip.qr == CODE
        assert ticket.biggest.text == "B012"
        assert "CETAK ULANG" not in slip.text
        assert "CETAK ULANG" in again.text


def test_a_restarted_kiosk_remembers_what_it_printed(open_printer: Open) -> None:
    with TcpPrinter() as device:
        first = open_printer(device.url)
        first.submit(ticket_to_print())
        results(first)
        first.close()
        second = open_printer(device.url)
        second.submit(ticket_to_print())
        assert results(second) == [
            PrintResult("job-1", 1, PrintOutcome.PRINTED, None, repeated=True)
        ]
        assert len(decode_all(device.paper())) == 1


KIOSK = """
import sys, time
from pathlib import Path
from kiosk.paper_layout import PaperLayout, PaperSize
from kiosk.print_journal import PrintJournal
from kiosk.printer_url import parse_printer_url
from kiosk.supervised_printer import SupervisedPrinter
from tests.kiosk.slip_examples import slip_to_print
from tests.kiosk.ticket_examples import lay_out_now, ticket_to_print

printer = SupervisedPrinter(
    parse_printer_url(sys.argv[1]), lay_out_now, PrintJournal(Path(sys.argv[2]))
)
printer.submit({"ticket": ticket_to_print, "slip": slip_to_print}[sys.argv[3]](job="job-1"))
while not printer.poll():
    time.sleep(0.01)
print("done")
"""


@pytest.mark.parametrize("kind", ["ticket", "slip"])
def test_a_kiosk_killed_while_printing_knows_that_it_does_not_know(
    open_printer: Open, journal_path: Path, kind: str
) -> None:
    """F01: kill -9 when the first byte is on the paper; never a second unmarked paper."""
    kiosks: list[subprocess.Popen[bytes]] = []

    def paper(copy: int) -> PaperToPrint:
        if kind == "slip":
            return slip_to_print(job="job-1", copy=copy)
        return ticket_to_print(job="job-1", copy=copy)

    with TcpPrinter(on_paper=lambda device: kiosks[0].kill()) as device:
        command = [sys.executable, "-c", KIOSK, device.url, str(journal_path), kind]
        root = Path(__file__).parents[2]
        kiosks.append(subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE))
        output, _ = kiosks[0].communicate(timeout=20)
        assert kiosks[0].returncode == -signal.SIGKILL
        assert output == b""

        printer = open_printer(device.url)
        printer.submit(paper(1))
        unknown = PrintResult(
            "job-1", 1, PrintOutcome.UNKNOWN, PrinterReason.INTERRUPTED, repeated=True
        )
        assert results(printer) == [unknown]
        # The kiosk's end does not tear the paper: the printing process finishes it.
        assert len(decode_all(device.wait_for_papers())) == 1
        printer.submit(paper(2))
        assert results(printer)[0].outcome is PrintOutcome.PRINTED
        assert "CETAK ULANG" in decode_all(device.wait_for_papers(2))[1].text


def test_a_printing_process_killed_in_the_job_is_unknown_and_comes_back(
    open_printer: Open,
) -> None:
    with TcpPrinter() as device:
        printer = open_printer(device.url)
        device.on_paper = lambda _: os.kill(process_of(printer), signal.SIGKILL)
        printer.submit(ticket_to_print())
        result = results(printer)[0]
        assert result.outcome is PrintOutcome.UNKNOWN
        assert result.reason is PrinterReason.BROKEN_OFF
        device.on_paper = None
        printer.submit(ticket_to_print(copy=2))
        assert results(printer)[0].outcome is PrintOutcome.PRINTED


def test_a_printing_process_killed_while_idle_costs_no_paper(open_printer: Open) -> None:
    with TcpPrinter() as device:
        printer = open_printer(device.url)
        for number in range(3):
            printer.submit(ticket_to_print(job=f"job-{number}"))
            assert results(printer)[0].outcome is PrintOutcome.PRINTED
            os.kill(process_of(printer), signal.SIGKILL)
        assert len(decode_all(device.paper())) == 3


READY = """
import sys, time
print('{"type":"Ready","paper":{"columns":48,"dots":576,"characters":[]}}')
STATUS = '"status":{}'
def orders():
    for line in sys.stdin:
        if '"Check"' in line:
            print('{"type":"Checked",' + STATUS + '}')
        else:
            yield line
"""


@pytest.mark.parametrize(
    ("acts", "outcome", "reason"),
    [
        ("time.sleep(60)", PrintOutcome.FAILED, PrinterReason.NO_ANSWER),
        (
            'print(\'{"type":"Sending","byte_count":9}\'); time.sleep(60)',
            PrintOutcome.UNKNOWN,
            PrinterReason.NO_ANSWER,
        ),
        ("sys.exit(3)", PrintOutcome.FAILED, PrinterReason.PROGRAM),
        (
            'print(\'{"type":"Sending","byte_count":9}\'); sys.exit(3)',
            PrintOutcome.UNKNOWN,
            PrinterReason.BROKEN_OFF,
        ),
        ("print('nonsense'); time.sleep(60)", PrintOutcome.FAILED, PrinterReason.PROGRAM),
        (
            'print(\'{"type":"Sending","byte_count":9}\'); print(\'{"type":\'); sys.exit(0)',
            PrintOutcome.UNKNOWN,
            PrinterReason.BROKEN_OFF,
        ),
    ],
)
def test_a_process_that_hangs_or_dies_is_ended_and_judged_by_what_it_said(
    open_printer: Open, acts: str, outcome: PrintOutcome, reason: PrinterReason
) -> None:
    """F31: failed if surely no byte left, else unknown; the screen's thread never waits."""
    script = READY + f"for order in orders():\n    {acts}\n"
    printer = open_printer("network://127.0.0.1", script=script)
    slowest = 0.0
    started = time.monotonic()
    found: list[PrintResult] = []
    for act in (printer.start, lambda: printer.submit(ticket_to_print())):
        before = time.perf_counter()
        act()
        slowest = max(slowest, time.perf_counter() - before)
    while not found:
        before = time.perf_counter()
        found = printer.poll()
        printer.status()
        slowest = max(slowest, time.perf_counter() - before)
        assert time.monotonic() - started < 12
        time.sleep(0.002)
    assert found == [PrintResult("job-1", 1, outcome, reason)]
    assert slowest < 0.1


def test_a_job_that_ends_well_at_the_last_moment_counts(open_printer: Open) -> None:
    script = READY + (
        "for order in orders():\n"
        '    print(\'{"type":"Sending","byte_count":9}\')\n'
        "    time.sleep(0.8)\n"
        '    print(\'{"type":"Done","outcome":"printed","reason":null,\' + STATUS + \'}\')\n'
    )
    printer = open_printer("network://127.0.0.1", script=script)
    printer.submit(ticket_to_print())
    assert results(printer) == [PRINTED]


def test_a_slow_serial_line_gets_the_time_that_its_bytes_need(open_printer: Open) -> None:
    # 240 bytes at 1200 baud take 2 s; the deadline of a job is 1 s here.
    script = READY + (
        "for order in orders():\n"
        '    print(\'{"type":"Sending","byte_count":240}\')\n'
        "    time.sleep(1.6)\n"
        '    print(\'{"type":"Done","outcome":"printed","reason":null,\' + STATUS + \'}\')\n'
    )
    printer = open_printer("serial:///dev/ttyS0?baud=1200", script=script)
    printer.submit(ticket_to_print())
    assert results(printer) == [PRINTED]


@pytest.mark.parametrize("script", ["raise SystemExit(1)", "import time; time.sleep(60)"])
def test_a_process_that_never_gets_ready_fails_the_job_and_says_so(
    open_printer: Open, script: str
) -> None:
    deadlines = Deadlines(start_s=1.0, job_s=1.0, restart_s=60, watch_s=None)
    printer = open_printer("network://127.0.0.1", deadlines, script)
    for job in ("job-1", "job-2"):
        printer.submit(ticket_to_print(job=job))
        assert results(printer) == [PrintResult(job, 1, PrintOutcome.FAILED, PrinterReason.PROGRAM)]
    assert printer.status().reason is PrinterReason.PROGRAM


def test_the_state_of_the_printer_is_watched_while_nobody_prints(open_printer: Open) -> None:
    """F28: out of paper is seen without a job, and so is the new roll."""
    watching = Deadlines(start_s=10, watch_s=0.05)
    with TcpPrinter() as device:
        printer = open_printer(device.url, watching)
        changes: list[PrinterStatus] = []
        printer.listen(lambda: changes.append(printer.status()))
        printer.start()
        wait_until(lambda: printer.status().paper == "ok")
        device.change(paper="out")
        wait_until(lambda: printer.status().reason is PrinterReason.PAPER_OUT)
        device.change(paper="near-end")
        wait_until(lambda: printer.status().paper == "near-end")
        assert printer.status().reason is None
        assert [status.paper for status in changes] == ["ok", "out", "near-end"]
    wait_until(lambda: printer.status().reason is PrinterReason.REFUSED)


def test_one_that_is_not_well_is_looked_at_more_often(open_printer: Open) -> None:
    """G20: back soon after the cure, without a touch."""
    with TcpPrinter(PrinterState(paper="out")) as device:
        printer = open_printer(device.url, Deadlines(start_s=10, watch_s=600, watch_ill_s=0.05))
        printer.start()
        wait_until(lambda: printer.status().reason is PrinterReason.PAPER_OUT)
        device.change(paper="ok")
        wait_until(lambda: printer.status().reason is None and printer.status().paper == "ok")


def test_a_layout_that_cannot_be_made_fails_its_job_alone(journal_path: Path) -> None:
    def lay_out(wanted: PaperToPrint, paper: PaperSize) -> PaperLayout:
        if wanted.copy == 1:
            raise ZeroDivisionError
        return lay_out_now(wanted, paper)

    with TcpPrinter() as device:
        url = parse_printer_url(device.url)
        printer = SupervisedPrinter(url, lay_out, PrintJournal(journal_path), deadlines=QUICK)
        printer.submit(ticket_to_print())
        printer.submit(ticket_to_print(copy=2))
        assert results(printer, 2) == [
            PrintResult("job-1", 1, PrintOutcome.FAILED, PrinterReason.PROGRAM),
            PrintResult("job-1", 2, PrintOutcome.PRINTED),
        ]
        printer.close()


def test_a_listener_that_fails_does_not_end_the_printing(open_printer: Open) -> None:
    def closed_window() -> None:
        raise RuntimeError("the window is gone")

    with TcpPrinter() as device:
        printer = open_printer(device.url)
        printer.listen(closed_window)
        for copy in (1, 2):
            printer.submit(ticket_to_print(copy=copy))
            assert results(printer)[0].outcome is PrintOutcome.PRINTED


def test_the_line_of_papers_is_bounded_and_closing_answers_each(open_printer: Open) -> None:
    """I14; a ticket is never left without an answer."""
    script = READY + "for order in orders():\n    time.sleep(60)\n"
    printer = open_printer("network://127.0.0.1", script=script)
    count = WAITING_MAX + 5
    for number in range(count):
        printer.submit(ticket_to_print(job=f"job-{number}"))
    printer.close()
    printer.submit(ticket_to_print(job="late"))
    found = results(printer, count + 1)
    assert {result.job for result in found} == {*(f"job-{n}" for n in range(count)), "late"}
    assert {result.outcome for result in found} == {PrintOutcome.FAILED}


def test_closing_finishes_the_running_ticket(open_printer: Open) -> None:
    with TcpPrinter() as device:
        printer = open_printer(device.url)
        printer.submit(ticket_to_print())
        device.wait_for_bytes(1)
        process = process_of(printer)
        printer.close()
        assert printer.poll() == [PRINTED]
        assert not Path(f"/proc/{process}").exists()


def test_a_printer_never_started_is_closed_at_once(open_printer: Open) -> None:
    open_printer("network://127.0.0.1").close()


def test_without_a_printer_each_ticket_is_failed_with_that_reason() -> None:
    printer: TicketPrinter = NoPrinter()
    told: list[str] = []
    printer.listen(lambda: told.append("news"))
    printer.start()
    printer.submit(ticket_to_print())
    assert told == ["news"]
    assert printer.poll() == [
        PrintResult("job-1", 1, PrintOutcome.FAILED, PrinterReason.NO_PRINTER)
    ]
    assert printer.poll() == []
    assert printer.status().reason is PrinterReason.NO_PRINTER
    printer.close()
