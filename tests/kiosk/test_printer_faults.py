"""F28 to F33: each fault of a printer in each phase of a job, on a TCP port and pseudo-terminals.

Of each cell is held: the outcome is what can be known (never `printed` without the paper, never
`failed` if one may have come out); told again, the job is not printed again; after the cure the
program is back by itself and the next copy comes out whole and marked; no paper bears two numbers;
nothing blocks, nothing takes longer than its deadline. Deadlines are scaled by `SCALE` alone, the
full product and all faults in real time run with ``--long``.
"""

import itertools
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.paper_layout import PaperLayout, PaperSize
from kiosk.paper_template import TicketForm
from kiosk.papers import lay_out_paper
from kiosk.print_journal import PrintJournal
from kiosk.printer import PaperToPrint, PrintOutcome, PrintResult
from kiosk.printer_finding import device_of_plug, found_device
from kiosk.printer_url import parse_printer_url
from kiosk.supervised_printer import Deadlines, SupervisedPrinter
from tests.faulty_printer import Engine, Plug, PtyPlug, Sheet, TcpPlug
from tests.kiosk.printer_faults import FAULTS, PAGE, PHASES, WAYS, Fault, page
from tests.kiosk.ticket_examples import LATER, paper_texts, ticket_to_print

SCALE = 0.3
"""Of the shipped deadlines; what only a person waits for stays as it is."""
SHIPPED = Deadlines()
SCALED = Deadlines(
    start_s=SHIPPED.start_s,
    job_s=SHIPPED.job_s * SCALE,
    check_s=SHIPPED.check_s * SCALE,
    restart_s=SHIPPED.restart_s * SCALE,
    watch_s=0.1,
)
BACK_S = 5.0
FRAME_GAP_S, HELD_S = 0.1, 0.5
COPIES = 2

# The resolver's answer comes from a file: an address by DHCP, which is another after a while.
_CHILD = """
import socket, sys
from pathlib import Path
hosts, resolve = Path(sys.argv.pop()), socket.getaddrinfo
def found(host, *more, **named):
    return resolve(hosts.read_text() if host == "printer.branch" else host, *more, **named)
socket.getaddrinfo = found
from kiosk.printer_process import main
main()
"""


class Rig:
    """A kiosk's printer with its process, and a machine that breaks."""

    def __init__(self, way: str, folder: Path, deadlines: Deadlines, settings: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.engine = Engine(COPIES)
        hosts = folder / "hosts"
        self.plug: Plug = (
            TcpPlug(self.engine, hosts) if way == "tcp" else PtyPlug(self.engine, folder, way)
        )
        self.plug.put_in()
        baud = "&baud=115200" if way == "serial" else ""
        url = parse_printer_url(f"{self.plug.url}?width=80{settings}{baud}")
        child = [sys.executable, "-c", textwrap.dedent(_CHILD), url.text, str(hosts)]
        self._texts = paper_texts()
        self._form = TicketForm(copies=COPIES)
        self.armed: tuple[Fault, str] | None = None
        self.deadlines = deadlines
        self.journal = PrintJournal(folder / "printed.jsonl")
        self.printer = SupervisedPrinter(
            url, self._lay_out, self.journal, deadlines=deadlines, command=child
        )
        self._calls_s: list[float] = []
        self.printer.start()
        self.until(self.is_well)

    def _lay_out(self, wanted: PaperToPrint, paper: PaperSize) -> PaperLayout:
        # In the printer's own thread: what is asked from here on is this job's.
        if self.armed is not None:
            (fault, phase), self.armed = self.armed, None
            self.engine.begin_job()
            if phase == "connect":
                fault.strike(self.plug)
            else:
                self.engine.moment = lambda moment: self._strike(fault, phase, moment)
        return lay_out_paper(wanted, self._texts, paper, LATER, self._form)

    def _strike(self, fault: Fault, phase: str, moment: str) -> None:
        if moment == phase:
            self.engine.moment = lambda _: None
            self.struck = True
            fault.strike(self.plug)

    def is_well(self) -> bool:
        """Whether the program says of itself that the printer is good."""
        status = self.printer.status()
        return status.is_complete and status.reason is None

    def until(self, true: Callable[[], bool], most_s: float = 20.0) -> float:
        """Wait until it is so; how long that took."""
        started = time.monotonic()
        while not true():
            assert time.monotonic() - started < most_s, f"not so within {most_s} s"
            time.sleep(0.003)
        return time.monotonic() - started

    def result(self, paper: PaperToPrint) -> tuple[PrintResult, float]:
        """What became of a paper, and after how long; every call of the screen is timed."""
        found: list[PrintResult] = []
        started = time.monotonic()
        self._timed(lambda: self.printer.submit(paper))

        def polled() -> bool:
            self._timed(lambda: found.extend(self.printer.poll()))
            self._timed(self.printer.status)
            return bool(found)

        self.until(polled)
        return found[0], time.monotonic() - started

    def _timed(self, call: Callable[[], object]) -> None:
        started = time.perf_counter()
        call()
        self._calls_s.append(time.perf_counter() - started)

    def held_nobody(self) -> None:
        """F31: every call of the screen's thread came back at once.

        One in a thousand may be late by the machine's own doing; a printer's fault holds for
        longer than half a second.
        """
        late = [took_s for took_s in self._calls_s if took_s >= FRAME_GAP_S]
        assert len(late) <= 1 + len(self._calls_s) // 1000, late
        assert max(self._calls_s) < HELD_S


@contextmanager
def rig_at(
    way: str, folder: Path, deadlines: Deadlines = SCALED, settings: str = "&settle=0.05&answer=0.8"
) -> Iterator[Rig]:
    rig = Rig(way, folder, deadlines, settings)
    try:
        yield rig
    finally:
        rig.plug.read_on()
        rig.printer.close()
        rig.plug.pull()


@dataclass
class Cell:
    """What one fault in one phase did."""

    fault: str
    phase: str
    way: str
    outcome: str
    took_s: float
    back_s: float


def try_cell(rig: Rig, fault: Fault, phase: str, way: str, number: str) -> Cell:
    """Break the printer, print, judge, cure, print again; every law of the matrix."""
    engine, job = rig.engine, f"job-{number}"
    before = len(engine.sheets)
    rig.struck = phase == "connect"
    rig.armed = (fault, phase)
    result, took_s = rig.result(ticket_to_print(number, job=job))
    engine.moment = lambda _: None
    where = f"{fault.name} / {phase} / {way}: {result}"
    assert rig.struck, f"{where}: the phase was never reached"
    assert result.outcome == fault.ends[phase], where
    # The truth, as the machine knows it.
    came_out = [sheet for sheet in engine.sheets[before:] if is_whole(sheet, number)]
    if result.outcome is PrintOutcome.PRINTED:
        assert len(came_out) == COPIES, where
    if result.outcome is PrintOutcome.FAILED:
        assert engine.taken == 0, where
    assert took_s < rig.deadlines.job_s + rig.deadlines.check_s + 2.5, where
    # The ticket stays known: told again (a lost answer), it is not printed again.
    again, _ = rig.result(ticket_to_print(number, job=job))
    assert (again.outcome, again.repeated) == (result.outcome, True), where

    cured = time.monotonic()
    fault.cure(rig.plug)
    rig.until(rig.is_well)
    reprint, _ = rig.result(ticket_to_print(number, job=job, copy=2))
    assert reprint.outcome is PrintOutcome.PRINTED, f"{where}; then {reprint}"
    back_s = time.monotonic() - cured
    assert back_s < BACK_S, f"{where}; back after {back_s:.1f} s"

    sheets = engine.sheets[before:]
    marked = [sheet for sheet in sheets if is_whole(sheet, number) and is_marked(sheet)]
    assert len(marked) == COPIES, where
    unmarked = [sheet for sheet in sheets if is_whole(sheet, number) and not is_marked(sheet)]
    assert len(unmarked) <= COPIES, f"{where}: a second paper without a mark"
    if result.outcome is PrintOutcome.FAILED:
        assert unmarked == [], where
    for sheet in sheets:
        assert sheet.data.count(number.encode()) <= 1, f"{where}: two numbers on one paper"
    return Cell(fault.name, phase, way, str(result.outcome), took_s, back_s)


def is_whole(sheet: Sheet, number: str) -> bool:
    return not sheet.torn and number.encode() in sheet.data and b"Care Center 165" in sheet.data


def is_marked(sheet: Sheet) -> bool:
    return b"CETAK ULANG" in sheet.data


def cells_of(way: str, every: bool) -> list[tuple[Fault, str]]:
    """All cells of a way, or the share of them that falls to it when each is tried once."""
    product = list(itertools.product(FAULTS, PHASES))
    if every:
        return product
    turn = WAYS.index(way)
    return [
        (fault, phase)
        for fault, phase in product
        if (FAULTS.index(fault) + list(PHASES).index(phase)) % len(WAYS) == turn
    ]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("way", WAYS)
def test_every_fault_in_every_phase_ends_as_the_truth_allows(
    way: str, tmp_path: Path, long_run: bool
) -> None:
    """F28 F29 F30 F31 F32 G20 I9: each cell once; with --long each cell on each way."""
    done: list[Cell] = []
    with rig_at(way, tmp_path) as rig:
        for count, (fault, phase) in enumerate(cells_of(way, long_run)):
            done.append(try_cell(rig, fault, phase, way, f"A{count:03d}"))
        rig.held_nobody()
    print("\n" + table_of(done))


def test_each_cell_falls_to_one_way_in_a_normal_run() -> None:
    shares = [(fault.name, phase) for way in WAYS for fault, phase in cells_of(way, every=False)]
    assert len(shares) == len(set(shares)) == len(FAULTS) * len(PHASES)


def table_of(cells: list[Cell]) -> str:
    """The matrix of what was tried, with its counts and its slowest times."""
    found = {(cell.fault, cell.phase): cell for cell in cells}
    lines = ["fault      " + " ".join(f"{phase:>15}" for phase in PHASES)]
    for fault in FAULTS:
        row = [found.get((fault.name, phase)) for phase in PHASES]
        lines.append(f"{fault.name:<11}" + " ".join(f"{c.outcome if c else '.':>15}" for c in row))
    counts = {end: sum(cell.outcome == end for cell in cells) for end in PrintOutcome}
    lines.append(
        f"{len(cells)} cells on {cells[0].way}: "
        + ", ".join(f"{count} {end}" for end, count in counts.items())
        + f"; slowest job {max(cell.took_s for cell in cells):.2f} s"
        + f", slowest return {max(cell.back_s for cell in cells):.2f} s"
    )
    return "\n".join(lines)


REAL_TIME = {
    "out": "mid-raster",
    "unplugged": "first-bytes",
    "hangs": "mid-raster",
    "mute": "before-cut",
}


@pytest.mark.timeout(300)
def test_with_the_shipped_deadlines_it_is_the_same(tmp_path: Path, long_run: bool) -> None:
    """G20: each kind of fault in real time; together, for each waits more than it works."""

    def in_real_time(fault: Fault) -> Cell:
        phase = REAL_TIME.get(fault.name, "between-copies")
        way = WAYS[FAULTS.index(fault) % len(WAYS)]
        with rig_at(way, tmp_path / fault.name, SHIPPED, "") as rig:
            return try_cell(rig, fault, phase, way, "A001")

    faults = [fault for fault in FAULTS if long_run or fault.name in REAL_TIME]
    with ThreadPoolExecutor(4) as pool:
        cells = list(pool.map(in_real_time, faults))
    assert {cell.fault for cell in cells} == {fault.name for fault in faults}


def test_the_page_of_the_matrix_is_what_is_tried() -> None:
    assert PAGE.read_text("utf-8") == page()


# Where the printer is now (F30).


@dataclass
class Port:
    """A serial port as pyserial lists it."""

    device: str
    vid: int | None = None
    pid: int | None = None
    serial_number: str | None = None


PORTS = [
    Port("/dev/ttyS0"),
    Port("/dev/ttyUSB10", 0x067B, 0x2303, "A"),
    Port("/dev/ttyUSB3", 0x067B, 0x2303, "B"),
    Port("/dev/ttyACM0", 0x04B8, 0x0202, None),
]


@pytest.mark.parametrize(
    ("plug", "device"),
    [
        ((0x067B, 0x2303, None), "/dev/ttyUSB3"),
        ((0x067B, 0x2303, "A"), "/dev/ttyUSB10"),
        ((0x067B, 0x2303, "C"), None),
        ((0x04B8, 0x0202, None), "/dev/ttyACM0"),
        ((0x04B8, 0x9999, None), None),
    ],
)
def test_a_serial_printer_is_found_by_its_plug(
    plug: tuple[int, int, str | None], device: str | None
) -> None:
    assert device_of_plug(PORTS, *plug) == device


def test_a_printer_that_is_nowhere_is_not_found() -> None:
    for address in ("serial://067b:ffff", "serial:///dev/no-such-*", "file:///dev/no-such-*"):
        with pytest.raises(FileNotFoundError):
            found_device(parse_printer_url(address))
    assert found_device(parse_printer_url("serial://COM3")) == "COM3"


def test_the_first_name_of_a_pattern_is_the_lowest_number(tmp_path: Path) -> None:
    for name in ("lp10", "lp2"):
        (tmp_path / name).touch()
    assert found_device(parse_printer_url(f"file://{tmp_path}/lp*")) == str(tmp_path / "lp2")
