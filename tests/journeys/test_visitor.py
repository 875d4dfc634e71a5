"""A visitor's whole way through the real programs, and a second one for whom there is no paper.

Nothing stands between the test and the branch but what a person has: fingers, keys, eyes, ears.
"""

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.listening import HeardCall, calls_in, sounds_in
from tests.journeys.pixels import contrast, number_shown, read_qr
from tests.journeys.screens import Screen, Screens, eventually, sit_down, take_number
from tests.paper import NativeQr, Picture, PrintedPaper, decode, decode_all
from tests.running_branch import RunningBranch
from tests.sound_room import SoundRoom
from tests.tcp_printer import PrinterState, TcpPrinter
from voice.phrases import PAUSE_S, call_phrases
from voice.port import CHIME_S, Utterance

SERVICE, NAME = "B", "Perubahan data"
PAPERS = ("KTP dan Kartu Keluarga", "Kartu JKN atau KIS", "Surat pendukung")
FOOTER = ("Mobile JKN", "PANDAWA (WhatsApp) 0811-8165-165", "Care Center 165")
PLATE = 0.06
KIOSK_PLATE = 0.12
# Numbers that a hasty eye takes for one another.
LIKE = ("B001", "B002", "D001", "E001", "B011", "B000")
LOUD_ENOUGH_S = 3.0
SPOKEN = "SELECT body FROM event WHERE type = 'AnnouncementConfirmed' ORDER BY seq"


def ticket(branch: RunningBranch, number: str) -> dict[str, Any]:
    """A ticket's row, as anyone may read it."""
    address = f"file:{branch.data / 'branch.db'}?mode=ro"
    connection = sqlite3.connect(address, uri=True, timeout=5)
    connection.row_factory = sqlite3.Row
    try:
        row = connection.execute("SELECT * FROM ticket WHERE number = ?", (number,)).fetchone()
    finally:
        connection.close()
    return dict(row)


def spoken(branch: RunningBranch) -> list[str]:
    """What the displays confirmed, in order."""
    return [json.loads(body)["outcome"] for (body,) in branch.rows(SPOKEN)]


def check_paper(paper: PrintedPaper, number: str, ahead: str, link_secret: str) -> None:
    assert paper.biggest.text.strip() == number
    assert paper.biggest.height_mm >= 20
    assert paper.line(NAME).height == 2
    assert re.search(r"\d{1,2} \w+ \d{4}, \d\d\.\d\d WIB", paper.text)
    assert ahead in paper.text
    for papers in PAPERS:
        assert f"- {papers}" in paper.text
    for line in FOOTER:
        assert line in paper.text
    assert "CETAK ULANG" not in paper.text
    assert paper.qr is not None
    assert paper.qr.endswith(f"/t/{link_secret}")
    assert paper.is_cut


def said_once(number: str) -> Utterance:
    # B sounds like other letters: the service's name follows it.
    return Utterance(call_phrases(number, 1, ["id"], service={"id": NAME}))


def check_call(call: HeardCall, number: str) -> None:
    """The words were really said: long enough for them, and with a voice's strength."""
    assert call.length_s == pytest.approx(said_once(number).estimated_s, abs=1.5)
    assert call.speech_s > LOUD_ENOUGH_S
    assert call.speech_share > 0.8
    assert call.length_s > CHIME_S + PAUSE_S + call.speech_s


def test_a_visitor_takes_a_number_hears_it_called_and_is_served(
    branch: RunningBranch, tmp_path: Path, our_fonts: None
) -> None:
    """From the touch to the day's figures; laws I4, I9 and I10 on the way."""
    with (
        branch,
        SoundRoom() as room,
        TcpPrinter() as native,
        TcpPrinter(settings="settle=0") as raster,
        Screens(branch, tmp_path) as screens,
    ):
        kiosk, second_kiosk = screens.kiosk(native.url), screens.kiosk(raster.url, "kiosk-2")
        seat = screens.counter()
        board = screens.display(environment=sounds_in(room))
        sit_down(seat, "sari")
        board.wait(page="board")
        board.wait(name="no-calls")
        board.wait(name="sound", text="Suara hidup")
        streams: list[int] = []

        def outcomes() -> list[str]:
            streams.append(room.streams())
            return spoken(branch)

        with room.record() as heard:
            visitors_take_numbers(branch, kiosk, native, second_kiosk, raster, tmp_path)
            seat.wait(name="waiting-total", text="2")
            seat.key("F2")
            board_shows(board, "B001", tmp_path)
            eventually(room.streams, bool, "the first call to sound")
            # The visitor comes while the call still sounds, and is served at once.
            serve(seat, "B001")
            seat.key("F2")
            seat.wait(name="my-number", text="B002")
            eventually(outcomes, lambda said: len(said) == 1, "the first call's end")
            board_shows(board, "B002", tmp_path)
            eventually(room.streams, bool, "the second call to sound")
            serve(seat, "B002")
            eventually(outcomes, lambda said: len(said) == 2, "the second call's end")
            eventually(room.streams, lambda count: not count, "silence")
        assert spoken(branch) == ["spoken", "spoken"]
        calls = calls_in(heard)
        assert len(calls) == 2, calls
        for call, number in zip(calls, ("B001", "B002"), strict=True):
            check_call(call, number)
        # A chime is only found where nothing else sounds, and each call has its whole length.
        assert max(streams) == 1, "two calls at once"
        assert calls[1].start_s - calls[0].start_s > 0.9 * said_once("B001").estimated_s
        board.wait(name="history-1", pattern="B001")
    summary = json.loads(branch.command("summary", "--json"))
    assert summary["total"]["issued"] == summary["total"]["finished"] == 2
    assert summary["adds_up"]
    row = re.search(rf"^{SERVICE} {NAME} +2 +2 ", branch.command("summary"), re.MULTILINE)
    assert row, "the table for people says the same"


def visitors_take_numbers(
    branch: RunningBranch,
    kiosk: Screen,
    native: TcpPrinter,
    second_kiosk: Screen,
    raster: TcpPrinter,
    folder: Path,
) -> None:
    assert take_number(kiosk, SERVICE) == "B001"
    secret = ticket(branch, "B001")["link"]
    assert read_qr(kiosk.picture(folder / "issued.png")).endswith(f"/t/{secret}")
    first = decode(native.wait_for_papers())
    check_paper(first, "B001", "Tidak ada orang di depan Anda", secret)
    assert any(isinstance(item, NativeQr) for item in first.items)
    kiosk.wait(name="paper", text="Silakan ambil kertas Anda")
    kiosk.press("finish")
    kiosk.wait(page="idle")
    kiosk.wait(name="waiting", text="1 orang")
    assert take_number(second_kiosk, SERVICE) == "B002"
    second = decode(raster.wait_for_papers())
    check_paper(second, "B002", "1 orang di depan Anda", ticket(branch, "B002")["link"])
    assert any(isinstance(item, Picture) for item in second.items)
    assert not any(isinstance(item, NativeQr) for item in second.items)
    eventually(
        lambda: branch.rows("SELECT print, copies FROM ticket"),
        lambda rows: rows == [("printed", 1), ("printed", 1)],
        "both papers to be confirmed",
    )


def board_shows(board: Screen, number: str, folder: Path) -> None:
    """In words, and for every eye in the hall: in pixels."""
    board.wait(name="current-number", text=number)
    board.wait(name="current-counter", text="LOKET 1")
    picture = board.picture(folder / f"{number}.png")
    box = board.box("current-number")
    assert number_shown(picture, box, LIKE, spacing=PLATE) == number
    assert contrast(picture, box) >= 4.5
    assert contrast(picture, board.box("current-counter")) >= 4.5


def serve(seat: Screen, number: str) -> None:
    seat.wait(name="my-number", text=number)
    seat.wait(name="start", enabled=True)
    seat.key("F4")
    seat.wait(name="my-state", text="Dilayani")
    seat.key("F8")
    seat.wait(page="serving-finish")
    seat.key("Return")
    seat.wait(name="remark", text=f"{number} selesai")


def test_without_paper_the_number_stands_and_the_paper_comes_after_the_refill(
    branch: RunningBranch, tmp_path: Path, our_fonts: None
) -> None:
    """K6: number first, fault second (F28, law I9)."""
    with (
        branch,
        TcpPrinter(state=PrinterState(paper="out")) as printer,
        Screens(branch, tmp_path) as screens,
    ):
        kiosk, seat = screens.kiosk(printer.url), screens.counter()
        sit_down(seat, "sari")
        assert take_number(kiosk, SERVICE) == "B001"
        kiosk.wait(page="paperless")
        fault = kiosk.wait(name="fault")
        assert "Kertas habis." in fault
        assert "Nomor Anda tetap SAH." in fault
        picture = kiosk.picture(tmp_path / "paperless.png")
        shown = number_shown(picture, kiosk.box("number"), LIKE, spacing=KIOSK_PLATE)
        assert shown == "B001"
        assert read_qr(picture).endswith(f"/t/{ticket(branch, 'B001')['link']}")
        eventually(
            lambda: ticket(branch, "B001")["print"], lambda fact: fact == "failed", "the mark"
        )
        assert ticket(branch, "B001")["state"] == "waiting"
        assert not decode_all(printer.paper())
        # The staff know, and the number is called like any other.
        seat.wait(name="next-ones", pattern="B001")
        seat.key("F2")
        seat.wait(name="my-number", text="B001")
        seat.wait(name="fact-printer", text="tanpa kertas")

        printer.state = PrinterState()
        kiosk.wait(name="wait-paper", enabled=True)
        kiosk.press("wait-paper")
        again = decode(printer.wait_for_papers())
        assert "CETAK ULANG" in again.text
        assert again.biggest.text.strip() == "B001"
        assert again.qr is not None
        assert again.qr.endswith(f"/t/{ticket(branch, 'B001')['link']}")
        kiosk.wait(page="issued")
        kiosk.wait(name="paper", text="Silakan ambil kertas Anda")
        eventually(
            lambda: ticket(branch, "B001")["print"], lambda fact: fact == "printed", "the mark"
        )
        assert ticket(branch, "B001")["number"] == "B001"
        assert branch.rows("SELECT count(*) FROM ticket") == [(1,)]
