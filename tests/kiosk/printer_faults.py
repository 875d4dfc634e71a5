"""Which fault of a printer, in which phase of a job, ends how: the matrix of F28 to F33.

``.venv/bin/python -m tests.kiosk.printer_faults`` writes docs/printer-faults.md from this table;
`test_printer_faults` tries each cell, and holds the page to it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from tests.faulty_printer import Engine, GoneError, Plug

PAGE = Path(__file__).parents[2] / "docs" / "printer-faults.md"

PHASES: Mapping[str, str] = {
    "connect": "before the connection",
    "status-before": "at the question before",
    "first-bytes": "in the first bytes",
    "mid-raster": "in the middle of a picture",
    "between-copies": "between two papers",
    "before-cut": "before the last cut",
    "after-cut": "after the cut, before the question",
}
WAYS = ("tcp", "serial", "file")
"""A TCP port; a pseudo-terminal by pyserial; the same by its device file, as /dev/usb/lp0."""

PRINTED, FAILED, UNKNOWN = "printed", "failed", "unknown"


@dataclass(frozen=True)
class Fault:
    """``strike`` breaks the printer, ``cure`` mends it as a hand would; ``ends`` by phase."""

    name: str
    words: str
    strike: Callable[[Plug], None]
    cure: Callable[[Plug], None]
    ends: Mapping[str, str]


def _ends(connect: str, asked: str, printing: str, cut: str) -> dict[str, str]:
    of_phase = dict.fromkeys(PHASES, printing)
    return of_phase | {"connect": connect, "status-before": asked, "after-cut": cut}


def _facts(**facts: object) -> Callable[[Plug], None]:
    return lambda plug: plug.engine.change(**facts)


def _flags(**flags: bool) -> Callable[[Plug], None]:
    def set_them(plug: Plug) -> None:
        for name, value in flags.items():
            setattr(plug.engine, name, value)

    return set_them


def _nothing(plug: Plug) -> None:
    """It mends itself, or was none."""


def _unplug(plug: Plug) -> None:
    plug.engine.lose_power()
    plug.pull()
    _break_off(plug.engine)


def _plug_elsewhere(plug: Plug) -> None:
    plug.put_in(elsewhere=True)


def _plug_in(plug: Plug) -> None:
    plug.put_in()


def _welcome(plug: Plug) -> None:
    plug.welcome()


def _refuse(plug: Plug) -> None:
    plug.pull()
    _break_off(plug.engine)


def _cycle(plug: Plug) -> None:
    plug.engine.lose_power()
    plug.pull()
    Timer(0.3, plug.put_in).start()
    _break_off(plug.engine)


def _hang_up(plug: Plug) -> None:
    if not plug.engine.is_taking:
        plug.slam()
        return
    plug.hang_up()
    raise GoneError


def _break_off(engine: Engine) -> None:
    """Ends the reading where it is; what arrived behind it is not taken."""
    if engine.is_taking:
        raise GoneError


NO_BYTE = _ends(FAILED, FAILED, UNKNOWN, UNKNOWN)
"""Seen before a byte left: surely no paper. Else nobody can know."""

FAULTS = (
    Fault(
        "near-end", "paper nearly at its end", _facts(paper="near-end"), _facts(paper="ok"),
        _ends(PRINTED, PRINTED, PRINTED, PRINTED),
    ),
    Fault("out", "out of paper", _facts(paper="out"), _facts(paper="ok"), NO_BYTE),
    Fault("cover", "cover open", _facts(cover_open=True), _facts(cover_open=False), NO_BYTE),
    Fault(
        "jam", "jam, cutter error", _facts(cutter_fault=True), _facts(cutter_fault=False), NO_BYTE
    ),
    Fault(
        "unplugged", "unplugged, and back on another port", _unplug, _plug_elsewhere, NO_BYTE
    ),
    Fault("refused", "connection refused, line gone", _refuse, _plug_in, NO_BYTE),
    Fault("power", "power cycle", _cycle, _nothing, NO_BYTE),
    Fault("hang-up", "takes a part, then closes", _hang_up, _welcome, NO_BYTE),
    Fault(
        "hangs", "takes no more bytes, for ever", Plug.stop_reading, Plug.read_on,
        _ends(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ),
    Fault(
        "mute", "prints, but does not answer any more", _flags(mute=True), _flags(mute=False),
        _ends(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ),
    Fault(
        "garbled", "prints, and answers nonsense", _flags(garbled=True), _flags(garbled=False),
        _ends(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ),
    Fault(
        "slow", "a slow line", _flags(slow=True), _flags(slow=False),
        _ends(PRINTED, PRINTED, PRINTED, PRINTED),
    ),
)  # fmt: skip


def page() -> str:
    """The page of the matrix, in Markdown."""
    cells = len(FAULTS) * len(PHASES)
    counts = {
        end: sum(list(fault.ends.values()).count(end) for fault in FAULTS)
        for end in (PRINTED, FAILED, UNKNOWN)
    }
    head = ["fault", *PHASES.values()]
    rows = [[fault.words, *(fault.ends[phase] for phase in PHASES)] for fault in FAULTS]
    table = "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])
    return f"""\
# What becomes of a paper when the printer fails

Every fault in every phase of a job, and what the kiosk then says of the paper. `printed`: both
papers of the job surely came out. `failed`: surely no byte of it reached the printer. `unknown`:
nobody can know; the reprint says CETAK ULANG.

{table}

{cells} cells ({", ".join(f"{count} {end}" for end, count in counts.items())}), each tried on a TCP
port, on a serial line and on a device file: {cells * len(WAYS)} in all with
`script/test --long tests/kiosk/test_printer_faults.py`, each once in a normal run.

Of each cell is held, too: a job that is told again is not printed again; within 5 s of the cure
the program is back by itself and the next copy comes out whole and marked; no paper bears two
numbers; no paper without a mark comes out twice; the screen is never held; every job ends by its
deadline. A printer that never answered is none of these: it prints, and its state is unknown.

The page is written by `python -m tests.kiosk.printer_faults`.
"""


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
