"""From the officer at the door to the paper in the hand: slip, code, number, and no second one.

The server, the kiosk and the printer's wire are the real ones; the officer is a client of theirs.
"""

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import zxingcpp
from PIL import Image

from protocol.messages import Accepted, DeclareDisturbance, PrintSlip, RecordScreening, SignIn
from tests.journeys.screens import Screen, Screens, eventually
from tests.paper import PrintedPaper, decode_all
from tests.running_branch import PIN, RunningBranch
from tests.tcp_printer import TcpPrinter

NIK = "3515144508680002"
WISHES = "SELECT count(*) FROM ticket"


def at_the_door(branch: RunningBranch, *commands: Any) -> list[Accepted]:
    """A manager stands in at the door and does this, one after the other."""

    async def do() -> list[Accepted]:
        answers = []
        async with branch.client("screening-1") as door:
            for command in (SignIn(id=uuid4(), staff="wati", pin=PIN), *commands):
                answer = await door.ask(command)
                assert isinstance(answer, Accepted), answer
                answers.append(answer)
        return answers[1:]

    return asyncio.run(do())


def screening(**facts: Any) -> RecordScreening:
    """A visitor who is sent to the kiosk with a slip."""
    given: dict[str, Any] = {
        "outcome": "code",
        "service": "B",
        "identifier": NIK,
        "priority": "elderly",
        "note": "Ibu Siti Rahayu",
        "print_at": "kiosk-1",
    }
    return RecordScreening(id=uuid4(), **(given | facts))


def papers(printer: TcpPrinter, count: int) -> list[PrintedPaper]:
    """So many papers, each cut off."""
    found = decode_all(printer.wait_for_papers(count))
    assert len(found) == count
    assert all(paper.is_cut for paper in found)
    return found


def type_code(kiosk: Screen, code: str) -> None:
    """Finger by finger, from the idle page or the page of codes."""
    if kiosk.ask("look")["page"] == "idle":
        kiosk.wait(name="start", enabled=True)
        kiosk.press("start")
    kiosk.wait(page="code")
    for digit in code:
        kiosk.press(f"code-{digit}")
    kiosk.wait(name="code-digits", text=code)
    kiosk.wait(name="code-ok", enabled=True)
    kiosk.press("code-ok")


@pytest.fixture
def screened(branch: RunningBranch) -> RunningBranch:
    """The branch whose kiosks ask for the officer's code."""
    return branch.configure(kiosk__mode="screened")


def test_a_slips_code_gives_one_number_and_one_paper(
    screened: RunningBranch, tmp_path: Path
) -> None:
    """I9 and I12; the same code a second time is refused with kind words."""
    with screened as branch, TcpPrinter() as printer, Screens(branch, tmp_path) as screens:
        kiosk = screens.kiosk(printer.url)
        kiosk.wait(page="idle")
        kiosk.wait(name="invitation", pattern="petugas di pintu")
        (told,) = at_the_door(branch, screening())
        code = str(told.code)
        (slip,) = papers(printer, 1)
        assert slip.biggest.text == code
        assert slip.qr == code
        type_code(kiosk, code)
        number = kiosk.wait(name="number", pattern=r"^[A-Z]+\d{3,}$")
        ticket = papers(printer, 2)[1]
        assert ticket.biggest.text == number
        rows = branch.rows("SELECT number, service, priority, screening FROM ticket")
        assert rows == [(number, "B", "elderly", told.screening)], "as the officer said"
        kiosk.wait(name="paper", pattern="ambil kertas")
        kiosk.press("finish")
        type_code(kiosk, code)
        kiosk.wait(name="code-remark", pattern="sudah diambil")
        kiosk.picture(tmp_path / "used.png")
        assert branch.rows(WISHES) == [(1,)]
        for paper in (slip, ticket):
            assert "Siti" not in paper.text
            assert NIK not in paper.text
            assert NIK[-4:] not in paper.text
            assert "lansia" not in paper.text.lower()


def test_a_scanner_reads_the_slip_and_a_slip_lost_is_printed_again_with_its_mark(
    screened: RunningBranch, tmp_path: Path
) -> None:
    """F33: what the printer drew is what the scanner reads and the kiosk takes."""
    with (
        screened as branch,
        TcpPrinter(settings="settle=0") as printer,
        Screens(branch, tmp_path) as screens,
    ):
        kiosk = screens.kiosk(printer.url)
        kiosk.wait(page="idle")
        (told,) = at_the_door(branch, screening())
        papers(printer, 1)
        again = PrintSlip(id=uuid4(), subject=str(told.screening), print_at="kiosk-1")
        at_the_door(branch, again)
        copy = papers(printer, 2)[1]
        assert "CETAK ULANG" in copy.text
        read = scanned(copy)
        assert read == told.code
        kiosk.press("start")
        kiosk.wait(page="code")
        for sign in read:
            kiosk.key(sign)
        kiosk.wait(name="code-digits", text=read)
        kiosk.key("Return")
        kiosk.wait(name="number", pattern=r"^[A-Z]+\d{3,}$")
        papers(printer, 3)


def scanned(paper: PrintedPaper) -> str:
    """What a scanner sees on the whole paper, drawn dot by dot."""
    picture: Image.Image = paper.picture()
    (found,) = zxingcpp.read_barcodes(picture)
    return str(found.text)


def test_three_unknown_codes_pause_the_kiosk_and_open_nothing(
    screened: RunningBranch, tmp_path: Path
) -> None:
    with screened as branch, TcpPrinter() as printer, Screens(branch, tmp_path) as screens:
        kiosk = screens.kiosk(printer.url)
        kiosk.wait(page="idle")
        for wrong in ("000000", "111111", "222222"):
            type_code(kiosk, wrong)
            kiosk.wait(name="code-remark", pattern="tidak ditemukan|Terlalu banyak")
            kiosk.wait(page="code")
        kiosk.wait(name="code-remark", pattern="Terlalu banyak kode salah")
        kiosk.wait(name="code-1", enabled=False)
        assert branch.rows(WISHES) == [(0,)]


def test_a_disturbance_told_at_the_door_is_on_the_kiosk_and_on_the_tv(
    branch: RunningBranch, tmp_path: Path
) -> None:
    with branch, TcpPrinter() as printer, Screens(branch, tmp_path) as screens:
        kiosk = screens.kiosk(printer.url)
        board = screens.display("display-1", "--no-voice")
        kiosk.wait(page="idle")
        board.wait(page="board")
        at_the_door(branch, DeclareDisturbance(id=uuid4(), system="mobile-jkn"))
        kiosk.wait(name="disturbance", pattern="Mobile JKN")
        board.wait(name="text-line", pattern="Mobile JKN")
        eventually(
            lambda: kiosk.shown().get("disturbance", ""),
            lambda words: words == board.shown()["text-line"][: len(words)],
            "the same words on both",
        )
