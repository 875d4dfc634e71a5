"""The officer's real program at the door: screened there, printed at a kiosk, called at a counter.

The real server, the real desk (``antrean-counter --seat door``), a kiosk with a printer on TCP and
a frontliner's console; fingers, a scanner's keys, and what comes out of the printer.
"""

import json
from pathlib import Path

from tests.journeys.screens import Screen, Screens, eventually, sit_down
from tests.paper import decode
from tests.running_branch import PIN, RunningBranch
from tests.tcp_printer import PrinterState, TcpPrinter

NIK = "3578014509900002"
TOUCH = ("--windowed", "1024x600+0+0", "--seat", "door", "--touch")


def stand_at_the_door(screens: Screens, *options: str) -> Screen:
    """The officer signs in, without a counter."""
    door = screens.start("counter", "screening-1", *TOUCH, *options)
    door.wait(name="sign-in", enabled=True)
    assert "counter-number" not in door.shown()
    door.type("staff", "omar")
    door.type("pin", PIN)
    door.key("Return")
    door.wait(page="screening")
    door.wait(name="number", enabled=True)
    return door


def with_officer(branch: RunningBranch) -> RunningBranch:
    return branch.add_staff("omar", role="officer")


def events(branch: RunningBranch, kind: str) -> list[dict[str, object]]:
    rows = branch.rows(f"SELECT body FROM event WHERE type = '{kind}' ORDER BY seq")
    return [json.loads(body) for (body,) in rows]


def test_screened_at_the_door_printed_at_the_kiosk_called_at_a_counter(
    branch: RunningBranch, tmp_path: Path, our_fonts: None
) -> None:
    """U10: three taps to the paper; what was captured goes along, nothing is asked twice."""
    with with_officer(branch), TcpPrinter() as printer, Screens(branch, tmp_path) as screens:
        kiosk, seat = screens.kiosk(printer.url), screens.counter()
        sit_down(seat, "sari")
        kiosk.wait(page="idle")
        door = stand_at_the_door(screens)
        door.wait(name="kiosk-kiosk-1")
        door.type("identifier", NIK)
        door.key("Return")
        assert door.wait(name="masked", pattern=r"\*{12}0002$") == "NIK ************0002"
        door.press("service-B")
        door.press("matter-identity-change")
        door.wait(name="paper-ktp")
        door.press("paper-ktp")
        door.press("priority-elderly")
        door.press("number")
        number = door.wait(name="result-number", pattern=r"^P\d{3,}$")
        paper = decode(printer.wait_for_papers())
        assert paper.biggest.text.strip() == number
        assert "Perubahan data" in paper.text
        assert NIK not in paper.text
        door.wait(name="result-paper", text="Sudah tercetak di Kiosk 1")
        (screened,) = events(branch, "VisitorScreened")
        assert (screened["outcome"], screened["matter"]) == ("ticket", "identity-change")
        assert NIK not in json.dumps(screened)
        # The counter knows what the door captured.
        seat.wait(name="waiting-total", text="1")
        seat.key("F2")
        seat.wait(name="my-number", text=number)
        seat.wait(name="my-service", text="Perubahan identitas")
        # The next visitor is solved at the door, in two touches.
        door.press("solved")
        door.press("solved-information")
        door.wait(name="result-words", text="Informasi diberikan")
        rows = eventually(
            lambda: branch.rows("SELECT outcome FROM screening"),
            lambda found: len(found) == 2,
            "both visitors of the door",
        )
        assert sorted(rows) == [("solved",), ("ticket",)]
        assert branch.rows("SELECT count(*) FROM ticket") == [(1,)]


def test_a_slip_for_another_office_is_printed_and_a_wrong_number_stops_nobody(
    branch: RunningBranch, tmp_path: Path
) -> None:
    """O7: a referral slip with papers; a refused identifier says which rule."""
    with with_officer(branch), TcpPrinter() as printer, Screens(branch, tmp_path) as screens:
        screens.kiosk(printer.url).wait(page="idle")
        door = stand_at_the_door(screens)
        door.wait(name="kiosk-kiosk-1")
        door.type("identifier", "3578014513900002")
        door.key("Return")
        door.wait(name="identifier-told", text="bulan lahir")
        door.press("service-F")
        door.press("matter-pbi-reactivation")
        door.press("office")
        door.press("office-dinsos")
        door.press("office-confirm")
        door.wait(name="result-words", text="Dinas Sosial")
        slip = decode(printer.wait_for_papers())
        assert "Dinas Sosial" in slip.text
        assert "3578014513900002" not in slip.text
        (screened,) = events(branch, "VisitorScreened")
        assert (screened["outcome"], screened["office"]) == ("office", "dinsos")
        assert branch.rows("SELECT count(*) FROM sealed_record") == [(0,)]


def test_paper_that_runs_out_is_told_at_the_door_and_printed_again_there(
    branch: RunningBranch, tmp_path: Path
) -> None:
    """O3, O4, K6: the number stands without paper, the door is told within 3 s and reprints."""
    with (
        with_officer(branch),
        TcpPrinter(state=PrinterState(paper="out")) as printer,
        Screens(branch, tmp_path) as screens,
    ):
        screens.kiosk(printer.url)
        door = stand_at_the_door(screens)
        door.wait(name="kiosk-kiosk-1")
        door.press("service-A")
        door.press("number")
        number = door.wait(name="result-number", pattern=r"^A\d{3,}$")
        door.wait(name="result-paper", text="Nomor tetap sah")
        door.wait(name="recent-all", text="Tanpa kertas: 1")
        printer.state = PrinterState()
        door.press("reprint")
        paper = decode(printer.wait_for_papers())
        assert paper.biggest.text.strip() == number
        assert "CETAK ULANG" in paper.text
        door.wait(name="result-paper", text="Sudah tercetak")


def test_the_server_dies_between_touch_and_answer_and_there_is_one_number(
    branch: RunningBranch, tmp_path: Path
) -> None:
    """I1, F17: what was put down is kept over the fall, and a second press doubles nothing."""
    with with_officer(branch), TcpPrinter() as printer, Screens(branch, tmp_path) as screens:
        screens.kiosk(printer.url).wait(page="idle")
        door = stand_at_the_door(screens)
        door.press("service-C")
        door.press("priority-pregnant")
        branch.kill()
        door.wait(name="link-banner", text="Yang diketik tetap ada")
        branch.start()
        door.wait(name="number", enabled=True)
        door.press("number")
        door.wait(name="result-number", pattern=r"^P\d{3,}$")
        assert branch.rows("SELECT service, priority FROM ticket") == [("C", "pregnant")]
