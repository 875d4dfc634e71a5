"""The kiosk's word on its paper: what the printer said, never a guess (F32)."""

import pytest

from kiosk.paper_health import paper_health
from kiosk.printer import NoPrinter, PrinterReason, PrinterStatus


@pytest.mark.parametrize(
    ("status", "paper"),
    [
        (PrinterStatus(online=True, paper="ok", cover_open=False), "ok"),
        (PrinterStatus(online=True, paper="near-end"), "low"),
        (PrinterStatus(online=False, paper="out"), "out"),
        (PrinterStatus(online=False, paper="out", cover_open=True), "cover"),
        (PrinterStatus(online=True, paper="ok", cutter_fault=True), "fault"),
        (PrinterStatus(online=True, paper="ok", device_fault=True), "fault"),
        (PrinterStatus(online=False, paper="ok"), "fault"),
        (PrinterStatus(fault=PrinterReason.NOT_FOUND), "fault"),
        (PrinterStatus(fault=PrinterReason.NO_ANSWER), "fault"),
        (PrinterStatus(), "unknown"),
        (PrinterStatus(online=True), "unknown"),
        (PrinterStatus(fault=PrinterReason.NO_STATUS), "unknown"),
    ],
)
def test_the_paper_in_one_word(status: PrinterStatus, paper: str) -> None:
    assert paper_health(status) == {"paper": paper}


def test_a_kiosk_without_a_printer_by_its_settings_says_nothing_of_paper() -> None:
    assert paper_health(NoPrinter().status()) == {}
