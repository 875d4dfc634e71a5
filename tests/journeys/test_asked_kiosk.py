"""K3, K4 and home with the shipped kiosk and a real server: what is asked, kept and forgotten."""

import json
from pathlib import Path

from tests.journeys.screens import Screen, Screens, eventually
from tests.running_branch import RunningBranch
from tests.tcp_printer import TcpPrinter

NIK = "3578080102030001"


def at_service(kiosk: Screen, service: str) -> None:
    kiosk.wait(page="idle")
    kiosk.wait(name="start", enabled=True)
    kiosk.press("start")
    kiosk.wait(page="services")
    kiosk.press(f"service-{service}")


def asking(branch: RunningBranch) -> RunningBranch:
    return branch.configure(kiosk__priority_claim="true", kiosk__identity="true")


def test_an_old_visitor_with_a_nik_gets_a_number_ahead_and_leaves_no_digit_here(
    branch: RunningBranch, tmp_path: Path
) -> None:
    """V6; I12, F54: the reason is on no paper, the digits are in no file of the kiosk."""
    with asking(branch), TcpPrinter() as printer, Screens(branch, tmp_path) as screens:
        kiosk = screens.kiosk(printer.url)
        at_service(kiosk, "B")
        kiosk.wait(page="home")
        kiosk.press("home-take")
        kiosk.wait(page="priority")
        kiosk.press("priority-elderly")
        kiosk.press("need-sign-language")
        kiosk.press("priority-on")
        kiosk.wait(page="identity")
        for digit in NIK:
            kiosk.press(f"identity-{digit}")
        assert NIK[:12] not in " ".join(kiosk.shown().values()).replace(" ", "")
        kiosk.press("identity-ok")
        number = kiosk.wait(name="number", pattern=r"^P\d{3}$")
        paper = printer.wait_for_papers()
        eventually(
            lambda: branch.rows("SELECT 1 FROM sealed_record"), bool, "the NIK under its seal"
        )
        (row,) = branch.rows("SELECT number, priority, needs FROM ticket")
        assert (row[0], row[1], json.loads(row[2])) == (number, "elderly", ["sign-language"])
        assert b"ansia" not in paper
        shown = " ".join(kiosk.shown().values())
        assert NIK not in shown
    written = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert any(path.name == "log.txt" for path in written)
    found = [str(path) for path, data in written.items() if NIK.encode() in data]
    assert not found, "neither the kiosk nor the server keeps it in plain"


def test_skip_and_no_are_as_good_and_home_ends_without_a_number(
    branch: RunningBranch, tmp_path: Path
) -> None:
    with asking(branch), TcpPrinter() as printer, Screens(branch, tmp_path) as screens:
        kiosk = screens.kiosk(printer.url)
        at_service(kiosk, "A")
        kiosk.wait(page="home")
        kiosk.press("home-phone")
        kiosk.wait(page="thanks")
        kiosk.press("thanks-finish")
        at_service(kiosk, "A")
        kiosk.wait(page="home")
        kiosk.press("home-take")
        kiosk.wait(page="priority")
        kiosk.press("priority-on")
        kiosk.wait(page="identity")
        kiosk.press("identity-skip")
        assert kiosk.wait(name="number", pattern=r"^A\d{3}$") == "A001", "home took no number"
        rows = branch.rows("SELECT number, priority, needs FROM ticket")
        assert rows == [("A001", "none", "[]")]
        assert not branch.rows("SELECT 1 FROM sealed_record")
        chosen = branch.rows("SELECT body FROM event WHERE type LIKE '%Channel%'")
        assert [json.loads(body)["service"] for (body,) in chosen] == ["A"]
