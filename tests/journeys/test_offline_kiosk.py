"""The server is gone, and visitors go on getting numbers: real programs, kill -9 (F01, F16, F41).

Numbers within 2 s of the touch by a real clock, on paper, over a restart of the kiosk; then the
server comes back, and everybody is called and shown as if nothing had been.
"""

import json
import sqlite3
import time
from pathlib import Path
from typing import Any

from tests.journeys.screens import (
    Screen,
    Screens,
    choose_service,
    eventually,
    sit_down,
    take_number,
)
from tests.paper import decode, decode_all
from tests.running_branch import RunningBranch
from tests.tcp_printer import TcpPrinter

NUMBER_WITHIN_S = 2.0
QUIET = "--no-voice"
NUMBERS = "SELECT number FROM ticket ORDER BY issued_at_ms"


def until_lent(kiosk: Screen) -> None:
    """The kiosk has numbers of its own on its disk."""
    eventually(
        lambda: [told.read_bytes() for told in kiosk.folder.rglob("*.told.json")],
        lambda told: any(b'"ranges"' in each for each in told),
        "a lease on the kiosk's disk",
    )


def number_by_the_clock(kiosk: Screen, service: str) -> tuple[str, float]:
    """From the finger on a service to the number on the screen, in real seconds."""
    kiosk.wait(page="idle")
    kiosk.wait(name="start", enabled=True)
    kiosk.press("start")
    kiosk.wait(page="services")
    began_s = time.monotonic()
    choose_service(kiosk, service)
    number = kiosk.wait(name="number", pattern=r"^[A-Z]+\d{3,}$")
    return number, time.monotonic() - began_s


def leave(kiosk: Screen) -> None:
    kiosk.wait(name="paper", text="Silakan ambil kertas Anda")
    kiosk.press("finish")
    kiosk.wait(page="idle")


def serve(seat: Screen, number: str) -> None:
    seat.wait(name="my-number", text=number)
    seat.wait(name="start", enabled=True)
    seat.key("F4")
    seat.wait(name="my-state", text="Dilayani")
    seat.key("F8")
    seat.wait(page="serving-finish")
    seat.key("Return")
    seat.wait(name="remark", text=f"{number} selesai")


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


def test_visitors_go_on_getting_numbers_while_the_server_is_gone(
    branch: RunningBranch, tmp_path: Path
) -> None:
    """Laws I1, I2, I9 and I11 through the real programs."""
    with branch, TcpPrinter() as printer, Screens(branch, tmp_path) as screens:
        kiosk, seat = screens.kiosk(printer.url), screens.counter()
        board = screens.display("display-1", QUIET)
        sit_down(seat, "sari")
        board.wait(page="board")
        assert take_number(kiosk, "B") == "B001"
        leave(kiosk)
        until_lent(kiosk)

        branch.kill()
        first, took_s = number_by_the_clock(kiosk, "B")
        assert first == "BK001"
        assert took_s < NUMBER_WITHIN_S
        kiosk.wait(name="offline", text="Mode mandiri")
        assert "people-ahead" not in kiosk.shown() or not kiosk.shown()["people-ahead"]
        kiosk.picture(tmp_path / "own-number.png")
        leave(kiosk)
        second, took_s = number_by_the_clock(kiosk, "A")
        assert second == "AK001"
        assert took_s < NUMBER_WITHIN_S
        leave(kiosk)

        # The kiosk dies, too, and starts while there is nobody to greet it.
        kiosk.process.kill()
        kiosk.process.wait(10)
        kiosk = screens.kiosk(printer.url)
        kiosk.wait(name="offline", text="Mode mandiri")
        third, took_s = number_by_the_clock(kiosk, "B")
        assert third == "BK002"
        assert took_s < NUMBER_WITHIN_S
        leave(kiosk)

        branch.start()
        kiosk.wait(name="offline", gone=True)
        eventually(
            lambda: [number for (number,) in branch.rows(NUMBERS)],
            lambda numbers: numbers == ["B001", "BK001", "AK001", "BK002"],
            "the numbers of the kiosk, in their order",
        )
        for number in ("BK001", "AK001", "BK002"):
            row = ticket(branch, number)
            assert (row["state"], row["print"], row["copies"]) == ("waiting", "printed", 1)
        kiosk.wait(name="waiting", text="4 orang")
        assert take_number(kiosk, "B") == "B002", "the server's own count has no gap"
        leave(kiosk)

        # They are called by their arrival, and the hall sees them.
        seat.wait(name="link-banner", gone=True)
        for number in ("B001", "BK001", "AK001"):
            seat.wait(name="next-ones", pattern=f"^{number}")
            seat.wait(name="next", enabled=True)
            seat.key("F2")
            seat.wait(name="my-number", text=number)
            board.wait(name="current-number", text=number)
            serve(seat, number)
        papers = [paper.biggest.text.strip() for paper in decode_all(printer.paper())]
        assert papers == ["B001", "BK001", "AK001", "BK002", "B002"]
    branch.command("verify")
    summary = json.loads(branch.command("summary", "--json"))
    assert summary["adds_up"]
    assert summary["total"]["issued"] == 5


def test_an_own_number_is_on_paper_with_what_the_visitor_needs(
    branch: RunningBranch, tmp_path: Path
) -> None:
    """A paper without a wait that nobody can know, and without a page that nobody can open."""
    with branch, TcpPrinter() as printer, Screens(branch, tmp_path) as screens:
        kiosk = screens.kiosk(printer.url)
        kiosk.wait(page="idle")
        until_lent(kiosk)
        branch.kill()
        number, _ = number_by_the_clock(kiosk, "B")
        paper = decode(printer.wait_for_papers())
        assert paper.biggest.text.strip() == number == "BK001"
        assert paper.line("Perubahan data").height == 2
        assert "KTP" in paper.text
        assert "di depan Anda" not in paper.text
        assert paper.qr is None
        assert paper.is_cut


def test_a_counter_finishes_its_visitor_without_the_server_and_calls_nobody(
    branch: RunningBranch, tmp_path: Path
) -> None:
    """F17: the timer goes on, the end of the service is kept, and it is delivered once."""
    with branch, TcpPrinter() as printer, Screens(branch, tmp_path) as screens:
        kiosk, seat = screens.kiosk(printer.url), screens.counter()
        sit_down(seat, "sari")
        assert take_number(kiosk, "A") == "A001"
        leave(kiosk)
        assert take_number(kiosk, "A") == "A002"
        leave(kiosk)
        seat.wait(name="next-ones", pattern="^A001")
        seat.key("F2")
        seat.wait(name="my-number", text="A001")
        seat.wait(name="start", enabled=True)
        seat.key("F4")
        seat.wait(name="my-state", text="Dilayani")

        branch.kill()
        seat.wait(name="link-banner", text="Sambungan terputus")
        seat.wait(name="next", enabled=False)
        began = seat.shown()["my-timer"]
        eventually(lambda: seat.shown()["my-timer"], lambda now: now != began, "the timer")
        assert seat.shown()["my-number"] == "A001"
        seat.key("F8")
        seat.wait(page="serving-finish")
        seat.key("Return")
        seat.wait(name="remark", text="A001 selesai: dicatat di sini")

        branch.start()
        seat.wait(name="remark", text="A001 selesai")
        seat.wait(name="link-banner", gone=True)
        eventually(
            lambda: branch.rows("SELECT number, state FROM ticket ORDER BY number"),
            lambda rows: rows == [("A001", "finished"), ("A002", "waiting")],
            "one finish, and nobody called",
        )
        seat.wait(name="next", enabled=True)
    assert branch.rows("SELECT count(*) FROM event WHERE type = 'ServiceFinished'") == [(1,)]
