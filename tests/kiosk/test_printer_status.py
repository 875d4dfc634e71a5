"""F32: a status is yes, no or unknown; noise is never 'paper ok' and never 'no paper'."""

import itertools
from typing import Literal

from kiosk.printer import PrinterReason, PrinterStatus
from kiosk.printer_status import (
    ERROR_CAUSE,
    OFFLINE_CAUSE,
    ONLINE,
    PAPER,
    query,
    read_status,
)
from tests.tcp_printer import PrinterState


def test_every_state_is_read_as_it_was_answered() -> None:
    papers: tuple[Literal["ok", "near-end", "out"], ...] = ("ok", "near-end", "out")
    yes_no = (False, True)
    for paper, cover, cutter, fault in itertools.product(papers, yes_no, yes_no, yes_no):
        state = PrinterState(paper=paper, cover_open=cover, cutter_fault=cutter, device_fault=fault)
        status = read_status({kind: state.answer(kind) for kind in range(1, 5)})
        assert status.paper == paper
        assert status.cover_open is cover
        assert status.cutter_fault is cutter
        assert status.device_fault is fault
        assert status.online is not (cover or paper == "out" or cutter)


def test_one_byte_of_256_counts_only_with_its_fixed_bits() -> None:
    known = dict.fromkeys(("ok", "near-end", "out", "unknown"), 0)
    for byte in range(256):
        status = read_status({PAPER: bytes((byte,))})
        known[status.paper] += 1
        if byte & 0x93 != 0x12:
            assert status == PrinterStatus()
    # Of 16 bytes with the fixed bits: both end bits 4, none of four 1, both near-end bits 1.
    assert known == {"ok": 1, "near-end": 1, "out": 4, "unknown": 250}


def test_answers_of_every_other_length_mean_nothing() -> None:
    for kind in (ONLINE, OFFLINE_CAUSE, ERROR_CAUSE, PAPER):
        assert read_status({kind: b""}) == PrinterStatus()
        for byte in range(256):
            for length in (2, 3, 4):
                assert read_status({kind: bytes((byte,)) * length}) == PrinterStatus()


def test_stopped_for_want_of_paper_is_the_printers_own_word() -> None:
    assert read_status({OFFLINE_CAUSE: b"\x32", PAPER: b"\x12"}).paper == "out"


def test_the_most_helpful_reason_comes_first() -> None:
    status = PrinterStatus(online=False, paper="out", cover_open=True)
    assert status.reason is PrinterReason.COVER_OPEN
    assert PrinterStatus(online=False, paper="out").reason is PrinterReason.PAPER_OUT
    assert PrinterStatus(online=False).reason is PrinterReason.OFFLINE
    assert PrinterStatus(paper="near-end").reason is None
    assert PrinterStatus().reason is None


def test_the_question_is_the_real_time_command() -> None:
    assert query(PAPER) == b"\x10\x04\x04"
