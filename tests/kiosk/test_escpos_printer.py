"""The adapter over python-escpos: bytes read back from a printer, and every way that it can fail.

F28 paper, F29 cover and cutter, F30 broken off, F32 no status, F50 control bytes.
"""

import contextlib
import os
import pty
import random
import socket
import sys
import threading
import time
import tty
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.escpos_printer import EscposPrinter, Printed
from kiosk.paper_layout import (
    Cut,
    Feed,
    PaperLayout,
    PaperSize,
    QrCode,
    Rule,
    TextLine,
)
from kiosk.printer import PrinterReason, PrinterStatus, PrintOutcome
from kiosk.printer_url import known_profiles, parse_printer_url
from protocol.messages import TicketToPrint
from tests.kiosk.ticket_examples import LINK, lay_out_now, ticket_to_print
from tests.paper import Line, NativeQr, Picture, PrintedPaper, decode, decode_all
from tests.tcp_printer import PrinterState, TcpPrinter

ADDRESSES = [
    "network://printer?profile=TM-T20II",
    "network://printer?profile=TM-T88V",
    "network://printer?profile=POS-5890",
    "network://printer",
    "network://printer?width=58",
]


def printer_at(address: str) -> EscposPrinter:
    return EscposPrinter(parse_printer_url(address))


def printed_paper(address: str, ticket: TicketToPrint) -> PrintedPaper:
    printer = printer_at(address)
    return decode(printer.render(lay_out_now(ticket, printer.paper)))


def print_ticket(address: str, ticket: TicketToPrint | None = None) -> tuple[Printed, list[int]]:
    printer = printer_at(address)
    sent: list[int] = []
    layout = lay_out_now(ticket or ticket_to_print(), printer.paper)
    return printer.print(layout, sent.append), sent


def expected_lines(layout: PaperLayout) -> list[Line]:
    found = []
    for element in layout.elements:
        if isinstance(element, TextLine):
            line = element
            found.append(Line(line.text, line.width, line.height, line.bold, line.align))
        elif isinstance(element, Rule):
            found.append(Line("-" * layout.columns, 1, 1, False, "center"))
    return found


# What stands on the paper.


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("number", ["A012", "A1000", "AK012"])
def test_the_whole_ticket_can_be_read_back_from_the_bytes(address: str, number: str) -> None:
    printer = printer_at(address)
    paper = printed_paper(address, ticket_to_print(number))
    assert paper.biggest.text == number
    assert paper.biggest.height_mm >= 20
    assert paper.widest_dots() <= printer.paper.dots
    text = paper.text.replace("–", "-")
    for words in (
        "Perubahan data",
        "08.12 WIB",
        "6 orang di depan Anda",
        "Perkiraan dipanggil 08.25-08.40",
        "- KTP elektronik",
        "- Kartu Keluarga (KK)",
        "PANDAWA (WhatsApp) 0811-8165-165",
        "Care Center 165",
    ):
        assert words in text
    assert paper.qr == LINK
    assert "CETAK ULANG" not in text


def test_copy_two_says_cetak_ulang() -> None:
    line = printed_paper(ADDRESSES[0], ticket_to_print(copy=2)).line("CETAK ULANG")
    assert (line.width, line.height, line.bold) == (2, 2, True)


def test_the_qr_code_is_native_only_where_the_profile_has_it() -> None:
    native = printed_paper("network://printer?profile=TM-T20II", ticket_to_print())
    assert [type(i) for i in native.items if isinstance(i, NativeQr | Picture)] == [NativeQr]
    for address in ("network://printer?profile=POS-5890", "network://printer"):
        drawn = printed_paper(address, ticket_to_print())
        assert [type(i) for i in drawn.items if isinstance(i, NativeQr | Picture)] == [Picture]


@pytest.mark.parametrize("address", ["network://printer", "network://printer?profile=POS-5890"])
def test_the_drawn_qr_code_stands_in_the_middle(address: str) -> None:
    paper = printed_paper(address, ticket_to_print())
    picture = next(item.image for item in paper.items if isinstance(item, Picture))
    left, _, right, _ = picture.convert("L").point(lambda dot: 255 - dot).getbbox() or (0, 0, 0, 0)
    assert abs((left + right) / 2 - printer_at(address).paper.dots / 2) <= 4


def test_a_long_link_is_still_read_from_58_mm() -> None:
    link = "http://antrean.example/t/" + "0123456789abcdef" * 12
    paper = printed_paper("network://printer?width=58", ticket_to_print(link=link))
    assert paper.qr == link


def test_a_printer_with_a_knife_cuts_and_one_without_feeds_to_its_edge() -> None:
    assert printed_paper("network://printer?profile=TM-T20II", ticket_to_print()).is_cut
    assert printed_paper("network://printer", ticket_to_print()).is_cut
    torn = printed_paper("network://printer?profile=POS-5890", ticket_to_print())
    assert not torn.is_cut
    assert torn.items[-1] != torn.lines[-1]


@pytest.mark.parametrize("profile", known_profiles())
def test_a_ticket_prints_with_every_profile_and_width(profile: str) -> None:
    for width in ("", "&width=58", "&width=80"):
        address = f"network://printer?profile={profile}{width}"
        paper = printed_paper(address, ticket_to_print("A1000"))
        assert paper.biggest.text == "A1000"
        assert paper.widest_dots() <= printer_at(address).paper.dots
        assert len(paper.qrs) <= 1


@pytest.mark.parametrize(
    ("address", "columns", "dots"),
    [
        ("network://p", 48, 576),
        ("network://p?width=58", 32, 384),
        ("network://p?profile=TM-T88V", 42, 512),
        ("network://p?profile=NT-80-V-UL", 48, 576),
        ("network://p?profile=RP326", 42, 504),
        ("network://p?profile=TM-T20II&width=58", 32, 384),
        ("network://p?columns=44", 44, 576),
    ],
)
def test_the_paper_is_as_wide_as_profile_and_settings_say(
    address: str, columns: int, dots: int
) -> None:
    paper = printer_at(address).paper
    assert (paper.columns, paper.dots) == (columns, dots)


# Control bytes (F50).


def hostile_signs() -> list[str]:
    controls = [chr(code) for code in range(0xA0) if not 0x20 <= code < 0x7F]
    formats = [chr(c) for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)) == "Cf"]
    return controls + formats


@pytest.mark.parametrize("address", ["network://printer?profile=TM-T20II", "network://printer"])
def test_no_typed_sign_becomes_a_command(address: str) -> None:
    """F50: each hostile sign at each position of each field; only the layout comes out."""
    printer = printer_at(address)
    paper = PaperSize(48, 576, printer.paper.characters)
    for sign in hostile_signs():
        for place in range(4):
            typed = "dVJ@"[:place] + sign + "dVJ@"[place:]
            ticket = ticket_to_print(
                number=typed,
                branch=typed,
                service_name={"id": typed},
                papers=[{"id": typed}],
                footer=[{"id": typed}],
                link=None,
                time_zone=typed,
            )
            layout = lay_out_now(ticket, paper)
            assert decode(printer.render(layout)).lines == expected_lines(layout), hex(ord(sign))


@pytest.mark.parametrize("address", ADDRESSES)
def test_even_a_layout_full_of_control_bytes_prints_text_only(address: str) -> None:
    signs = "".join(chr(code) for code in range(0x250)) + "健康😀\u202e"
    printer = printer_at(address)
    layout = PaperLayout(32, [TextLine(signs), Feed(9999), QrCode("http://x/t", 6), Cut()])
    paper = decode(printer.render(layout))
    assert len(paper.lines) == 1
    assert paper.text.isprintable()


def test_a_sign_of_the_printers_code_pages_is_printed_as_itself() -> None:
    service = {"id": "Kéluarga “baru” – ½"}
    rich = printed_paper(
        "network://printer?profile=TM-T20II", ticket_to_print(service_name=service)
    )
    assert "Kéluarga “baru” – ½" in rich.text
    plain = printed_paper("network://printer", ticket_to_print(service_name=service))
    assert 'Keluarga "baru" - 1/2' in plain.text


# A printer on the network, well and ill.


def test_a_good_printer_prints_and_says_so() -> None:
    with TcpPrinter() as printer:
        printed, sent = print_ticket(printer.url)
        assert printed.outcome is PrintOutcome.PRINTED
        assert printed.reason is None
        assert printed.status == PrinterStatus(True, "ok", False, False, False)
        data = printer.wait_for_papers()
        assert sent == [len(data)]
        assert decode(data).qr == LINK


def test_near_end_prints_and_is_known() -> None:
    with TcpPrinter(PrinterState(paper="near-end")) as printer:
        printed, _ = print_ticket(printer.url)
        assert printed.outcome is PrintOutcome.PRINTED
        assert printed.status.paper == "near-end"


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (PrinterState(paper="out"), PrinterReason.PAPER_OUT),
        (PrinterState(cover_open=True), PrinterReason.COVER_OPEN),
        (PrinterState(cover_open=True, paper="out"), PrinterReason.COVER_OPEN),
        (PrinterState(cutter_fault=True), PrinterReason.CUTTER),
        (PrinterState(device_fault=True), PrinterReason.FAULT),
        (PrinterState(offline=True), PrinterReason.OFFLINE),
    ],
)
def test_a_printer_known_to_be_ill_gets_no_byte(state: PrinterState, reason: PrinterReason) -> None:
    """F28, F29 before the job."""
    with TcpPrinter(state) as printer:
        printed, sent = print_ticket(printer.url)
        assert (printed.outcome, printed.reason) == (PrintOutcome.FAILED, reason)
        assert sent == []
        assert printer.paper() == b""
        printer.state = PrinterState()
        assert print_ticket(printer.url)[0].outcome is PrintOutcome.PRINTED


@pytest.mark.parametrize(
    ("fact", "outcome", "reason"),
    [
        # What was not yet printed comes out after the refill, so it has not surely failed.
        ({"paper": "out"}, PrintOutcome.UNKNOWN, PrinterReason.PAPER_OUT),
        ({"cover_open": True}, PrintOutcome.UNKNOWN, PrinterReason.COVER_OPEN),
        ({"cutter_fault": True}, PrintOutcome.UNKNOWN, PrinterReason.CUTTER),
    ],
)
def test_a_fault_during_the_job_is_seen_after_it(
    fact: dict[str, object], outcome: PrintOutcome, reason: PrinterReason
) -> None:
    """F28, F29 during the job."""
    with TcpPrinter(on_paper=lambda printer: printer.change(**fact)) as printer:
        printed, _ = print_ticket(printer.url)
        assert (printed.outcome, printed.reason) == (outcome, reason)


def test_paper_that_ends_while_the_last_lines_print_is_still_seen() -> None:
    """F28: the printer answers at once but prints for a while."""
    asked: list[int] = []

    def answer(kind: int) -> bytes:
        asked.append(kind)
        # One round before, one right after; the paper ends before the third.
        return PrinterState(paper="out" if len(asked) > 8 else "ok").answer(kind)

    with TcpPrinter(answer=answer, settings="profile=TM-T20II&settle=0.05") as printer:
        printed, _ = print_ticket(printer.url)
        assert (printed.outcome, printed.reason) == (
            PrintOutcome.UNKNOWN,
            PrinterReason.PAPER_OUT,
        )


def test_a_mute_printer_prints_and_its_status_stays_unknown() -> None:
    """F32: cheap printers never answer; that is no fault and no 'no paper'."""
    with TcpPrinter(mute=True) as printer:
        device = printer_at(printer.url)
        layout = lay_out_now(ticket_to_print(), device.paper)
        for _ in range(2):
            printed = device.print(layout, lambda count: None)
            assert printed.outcome is PrintOutcome.PRINTED
            assert printed.reason is PrinterReason.NO_STATUS
            assert printed.status == PrinterStatus()
        assert len(decode_all(printer.wait_for_papers(2))) == 2


def test_a_printer_that_is_not_asked_is_not_waited_for() -> None:
    asked: list[int] = []

    def answer(kind: int) -> bytes:
        asked.append(kind)
        return b""

    with TcpPrinter(answer=answer) as printer:
        printed, _ = print_ticket(printer.url + "&status=no")
        assert (printed.outcome, printed.reason) == (PrintOutcome.PRINTED, None)
        assert decode(printer.wait_for_papers()).is_cut
    assert asked == []


def test_a_printer_that_takes_nothing_is_unknown() -> None:
    """F31: a picture's worth of bytes that the other side never reads."""
    with TcpPrinter(hang=True, settings="width=80") as printer:
        printed, sent = print_ticket(printer.url)
        assert sent
        assert (printed.outcome, printed.reason) == (
            PrintOutcome.UNKNOWN,
            PrinterReason.NO_ANSWER,
        )


@pytest.mark.parametrize("settings", ["profile=TM-T20II&settle=0", "width=80&settle=0"])
@pytest.mark.parametrize("mute", [False, True], ids=["answering", "mute"])
def test_a_printer_that_dies_after_k_bytes_never_counts_as_printed(
    settings: str, mute: bool
) -> None:
    """F30, for a spread of k over the whole ticket."""
    device = printer_at(f"network://printer?{settings}")
    layout = lay_out_now(ticket_to_print(), device.paper)
    size = len(device.render(layout))
    points = sorted({1, 2, 3, size // 2, size - 1, *range(7, size, size // 12)})
    if mute:  # each costs the wait for answers that never come
        points = points[::5]
    for k in points:
        with TcpPrinter(die_after=k, mute=mute, settings=settings) as printer:
            printed, _ = print_ticket(printer.url)
            assert printed.outcome is PrintOutcome.UNKNOWN, f"k = {k} of {size}"
            assert len(printer.paper()) <= k


def test_a_printer_that_goes_silent_in_the_job_is_unknown() -> None:
    """F30: it answered before, so its silence after is news."""
    with TcpPrinter(on_paper=lambda printer: setattr(printer, "mute", True)) as printer:
        printed, _ = print_ticket(printer.url)
        assert (printed.outcome, printed.reason) == (
            PrintOutcome.UNKNOWN,
            PrinterReason.NO_ANSWER,
        )


def test_garbled_answers_never_mean_ok_or_out() -> None:
    """F32: noise of every length; the paper prints, the status stays unknown."""
    chance = random.Random(32)

    def noise(kind: int) -> bytes:
        length = chance.randrange(5)
        # The one shape that is a true answer is left out.
        return bytes(chance.choice((0x00, 0xFF, 0x41, 0x93, 0x13)) for _ in range(length))

    for _ in range(5):
        with TcpPrinter(answer=noise) as printer:
            printed, _ = print_ticket(printer.url)
            assert printed.outcome is PrintOutcome.PRINTED
            assert printed.status.paper == "unknown"
            assert printed.status.online is None
            assert printed.status.cover_open is None


def test_what_a_printer_says_unasked_is_no_answer() -> None:
    """F32: a late or unasked 'all well' must not hide that the paper ended in the job."""

    def run_out(printer: TcpPrinter) -> None:
        printer.say(b"\x12")
        printer.change(paper="out")

    with TcpPrinter(on_paper=run_out) as printer:
        printed, _ = print_ticket(printer.url)
        # A word that crosses the question on the wire looks like its answer: then nobody knows.
        assert printed.outcome is PrintOutcome.UNKNOWN


def test_a_refused_connection_is_failed_for_sure() -> None:
    with TcpPrinter() as printer:
        address = printer.url
    printed, sent = print_ticket(address)
    assert (printed.outcome, printed.reason) == (PrintOutcome.FAILED, PrinterReason.REFUSED)
    assert sent == []


def test_a_connection_that_nobody_takes_is_failed_in_time() -> None:
    """A full queue of connections: the handshake is never finished."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        waiting = []
        for _ in range(3):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(address)
            waiting.append(filler)
        started = time.monotonic()
        printed, sent = print_ticket(f"network://127.0.0.1:{address[1]}")
        assert time.monotonic() - started < 4
        assert (printed.outcome, printed.reason) == (
            PrintOutcome.FAILED,
            PrinterReason.NO_ANSWER,
        )
        assert sent == []
        for filler in waiting:
            filler.close()


def test_status_is_asked_without_printing() -> None:
    with TcpPrinter(PrinterState(paper="near-end")) as printer:
        device = printer_at(printer.url)
        assert device.status().paper == "near-end"
        printer.change(paper="out")
        assert device.status().reason is PrinterReason.PAPER_OUT
        assert printer.paper() == b""
    assert device.status() == PrinterStatus(fault=PrinterReason.REFUSED)


# Files, serial lines, USB.


def test_tickets_follow_one_another_in_a_file(tmp_path: Path) -> None:
    roll = tmp_path / "roll of paper.bin"
    for number in ("A001", "A002"):
        address = f"file://{roll.as_posix().replace(' ', '%20')}?profile=TM-T20II"
        printed, _ = print_ticket(address, ticket_to_print(number))
        assert (printed.outcome, printed.reason) == (PrintOutcome.PRINTED, None)
        assert printed.status == PrinterStatus()
    papers = decode_all(roll.read_bytes())
    assert [paper.biggest.text for paper in papers] == ["A001", "A002"]


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("file:///dev/usb/no-such-printer", PrinterReason.NOT_FOUND),
        ("file:///no/such/folder/lp0", PrinterReason.NOT_FOUND),
        ("file:///dev", PrinterReason.NOT_FOUND),
        ("serial:///dev/no-such-line", PrinterReason.NOT_FOUND),
    ],
)
def test_a_missing_device_is_failed_for_sure(address: str, reason: PrinterReason) -> None:
    printed, sent = print_ticket(address)
    assert (printed.outcome, printed.reason, sent) == (PrintOutcome.FAILED, reason, [])
    assert not Path("/dev/usb/no-such-printer").exists()


def test_a_full_disk_or_device_is_unknown_once_bytes_left() -> None:
    """F30: /dev/full takes the opening and refuses each byte."""
    printed, sent = print_ticket("file:///dev/full?status=no")
    assert sent
    assert (printed.outcome, printed.reason) == (
        PrintOutcome.UNKNOWN,
        PrinterReason.BROKEN_OFF,
    )


def test_a_usb_printer_that_is_not_there_is_failed_for_sure() -> None:
    printed, sent = print_ticket("usb://04b8:0202")
    assert printed.outcome is PrintOutcome.FAILED
    # Without libusb on the machine it is the installation that fails.
    assert printed.reason in (PrinterReason.NOT_FOUND, PrinterReason.PROGRAM)
    assert sent == []


@contextlib.contextmanager
def serial_printer(mute: bool) -> Iterator[tuple[str, bytearray]]:
    """A printer on a pseudo-terminal: its address, and the ticket bytes that came."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    received = bytearray()

    def serve() -> None:
        with contextlib.suppress(OSError):  # the line is taken down at the test's end
            while data := os.read(ours, 4096):
                received.extend(data)
                while (at := received.find(b"\x10\x04")) >= 0 and at + 2 < len(received):
                    kind = received[at + 2]
                    del received[at : at + 3]
                    if not mute:
                        os.write(ours, PrinterState().answer(kind))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"serial://{os.ttyname(theirs)}?baud=115200&profile=TM-T20II&settle=0", received
    finally:
        os.close(theirs)
        os.close(ours)


@pytest.mark.parametrize("mute", [False, True], ids=["answering", "mute"])
def test_a_serial_printer_prints_and_answers(mute: bool) -> None:
    with serial_printer(mute) as (address, received):
        printed, _ = print_ticket(address)
        assert printed.outcome is PrintOutcome.PRINTED
        assert printed.status.paper == ("unknown" if mute else "ok")
        deadline = time.monotonic() + 5
        while not received.endswith(b"\x1dVB\x00") and time.monotonic() < deadline:
            time.sleep(0.005)
        assert decode(bytes(received)).qr == LINK
