"""The kiosk's end of the printing process: deadlines, last words, a sure end."""

import sys
import time
from pathlib import Path

import pytest

from kiosk.printer_child import ChildGoneError, ChildLateError, PrinterChild, child_command
from kiosk.printer_process import Check, Ready, Sending
from kiosk.printer_url import parse_printer_url


def child_that(script: str) -> PrinterChild:
    return PrinterChild([sys.executable, "-u", "-c", script])


def in_s(seconds: float) -> float:
    return time.monotonic() + seconds


def test_what_it_said_before_its_end_is_still_heard() -> None:
    """F31: bytes may have left in the moment between our patience and its end."""
    child = child_that('print(\'{"type":"Sending","byte_count":9}\'); raise SystemExit')
    while child.alive():
        time.sleep(0.005)
    child.end(at_once=True)
    assert child.last_words() == [Sending(9)]


def test_waiting_has_an_end_and_so_has_the_process() -> None:
    child = child_that("import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)")
    with pytest.raises(ChildLateError):
        child.next(in_s(0.05))
    child.end(at_once=True)
    assert not child.alive()
    assert not Path(f"/proc/{child.pid}").exists()


def test_a_process_that_ignores_the_end_of_its_orders_is_killed() -> None:
    child = child_that("import time; time.sleep(60)")
    child.end(at_once=False)
    assert not child.alive()


def test_words_to_a_dead_process_are_known_to_be_lost() -> None:
    child = child_that("")
    with pytest.raises(ChildGoneError):
        child.next(in_s(10))
    while child.alive():
        time.sleep(0.005)
    with pytest.raises(ChildGoneError):
        child.send(Check())
    child.end(at_once=True)


def test_the_real_process_gets_ready_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = set(Path("/tmp").glob("antrean-printer-*"))
    child = PrinterChild(child_command(parse_printer_url("network://127.0.0.1?width=58")))
    ready = child.next(in_s(15))
    assert isinstance(ready, Ready)
    assert ready.paper.columns == 32
    child.end(at_once=False)
    assert not child.alive()
    # The library's scratch folder is gone with it.
    assert set(Path("/tmp").glob("antrean-printer-*")) <= before
