"""What a printer's answers to DLE EOT 1-4 mean; an answer that is not surely one means nothing.

Printers without status stay mute, others answer with noise. An answer counts only if it is one
byte with the four fixed bits of ESC/POS (``0xx1xx10``); else its facts are unknown (fault F32).
"""

from collections.abc import Mapping

from kiosk.printer import Paper, PrinterStatus

ONLINE, OFFLINE_CAUSE, ERROR_CAUSE, PAPER = 1, 2, 3, 4
QUERIES = (ONLINE, PAPER, OFFLINE_CAUSE, ERROR_CAUSE)
"""In the order of worth, for a printer so slow that not all can be asked."""

_FIXED_MASK, _FIXED_BITS = 0x93, 0x12
_NEAR_END, _PAPER_END = 0x0C, 0x60


def query(kind: int) -> bytes:
    """The bytes that ask for one status; the printer answers them even while it prints."""
    return bytes((0x10, 0x04, kind))


def read_status(answers: Mapping[int, bytes]) -> PrinterStatus:
    """The facts in `answers` (query to what came back); never a guess."""
    online = _bits(answers, ONLINE)
    cause = _bits(answers, OFFLINE_CAUSE)
    error = _bits(answers, ERROR_CAUSE)
    paper = _paper(_bits(answers, PAPER))
    # "Printing stopped: no paper" is the printer's own word, whatever its sensor says.
    if cause is not None and cause & 0x20:
        paper = "out"
    return PrinterStatus(
        online=None if online is None else not online & 0x08,
        paper=paper,
        cover_open=None if cause is None else bool(cause & 0x04),
        cutter_fault=None if error is None else bool(error & 0x08),
        device_fault=None if error is None else bool(error & 0x20),
    )


def _bits(answers: Mapping[int, bytes], kind: int) -> int | None:
    answer = answers.get(kind, b"")
    if len(answer) != 1 or answer[0] & _FIXED_MASK != _FIXED_BITS:
        return None
    return answer[0]


def _paper(bits: int | None) -> Paper:
    if bits is None:
        return "unknown"
    # Each sensor has two bits that always change together; one alone is noise.
    if bits & _PAPER_END == _PAPER_END:
        return "out"
    if bits & _PAPER_END:
        return "unknown"
    if bits & _NEAR_END == _NEAR_END:
        return "near-end"
    return "unknown" if bits & _NEAR_END else "ok"
