"""Nobody's name, PIN, token or note leaves the staff's own screens (law I12, F54).

Canaries go in where people type them: real programs, sign-in, a finish with a note, a stranger who
says too much. Then everything that came out is searched: notices, paper, TV, logs, crash notes.
"""

import asyncio
import functools
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from websockets.asyncio.client import connect

from protocol.messages import RatingInvitation
from tests.journeys.screens import Screen, Screens, eventually, take_number
from tests.journeys.wiretap import Wiretap
from tests.paper import decode_all
from tests.running_branch import RunningBranch
from tests.tcp_printer import TcpPrinter

# PINs so long that no clock or id says them by chance.
CODE, NAME = "canary-kode", "Canary Nama Petugas"
PIN, WRONG_PIN = "947218305516", "canary-pin-salah"
NOTE = "Canary catatan NIK 3174012345670001"
KEPT_NOTE = "Canary catatan NIK ************0001"
"""A note is for colleagues, and stays in the history; a number of a person does not."""
EXIT_PIN = "580236914477"
GUEST, GUEST_NIK = "Canary Tamu", "3174998877665544"
WRONG_TOKEN = "canary-token-salah"
SECRETS = (CODE, NAME, PIN, WRONG_PIN, NOTE, KEPT_NOTE, EXIT_PIN, GUEST, GUEST_NIK, WRONG_TOKEN)
OLD_DIGITS = "3174012345670001"


def found_in(text: str, *more: str) -> list[str]:
    """Which canaries sing in a text, however they are written."""
    lowered = text.lower()
    return [word for word in (*SECRETS, OLD_DIGITS, *more) if word.lower() in lowered]


def test_no_canary_leaves_the_staffs_own_screens(branch: RunningBranch, tmp_path: Path) -> None:
    branch.command("staff", "add", CODE, "--role", "frontliner", "--name", NAME, ANTREAN_PIN=PIN)
    branch = _with_a_talkative_log(branch)
    with (
        branch,
        TcpPrinter() as printer,
        Wiretap(branch.port) as kiosk_wire,
        Wiretap(branch.port) as board_wire,
        Wiretap(branch.port) as rating_wire,
        Screens(branch, tmp_path) as screens,
    ):
        seat = screens.counter()
        screens.server_options = ("--server", f"ws://127.0.0.1:{kiosk_wire.port}/")
        kiosk = screens.kiosk(printer.url, environment={"ANTREAN_EXIT_PIN": EXIT_PIN})
        screens.server_options = ("--server", f"ws://127.0.0.1:{board_wire.port}/")
        board = screens.display("display-1", "--no-voice")
        _sit_down_with_a_slip(seat)
        take_number(kiosk, "B")
        printer.wait_for_papers()
        rating = asyncio.run(_serve_with_a_note(branch, seat, board, rating_wire))
        asyncio.run(_strangers_say_too_much(branch))

        links = [link for (link,) in branch.rows("SELECT link FROM ticket")]
        tokens = list(branch.tokens.values())
        for wire, word in (
            (kiosk_wire, b'"TicketToPrint"'),
            (board_wire, b'"Announcement"'),
            (rating_wire, b'"RatingInvitation"'),
        ):
            assert word in wire.told, "the wire was really heard"
        assert not found_in(kiosk_wire.told.decode("utf-8", "replace"), *tokens)
        assert not found_in(board_wire.told.decode("utf-8", "replace"), *tokens, *links)
        assert not found_in(rating_wire.told.decode("utf-8", "replace"), *tokens, *links)
        assert not found_in(repr(rating), *links)
        assert not found_in(" ".join((*kiosk.shown().values(), *board.shown().values())))
        assert not found_in("\n".join(paper.text for paper in decode_all(printer.paper())))
        for screen in screens.all:
            assert not found_in(_command_line(screen.process.pid), *tokens, *links)
        _really_went_in(branch, seat)
        _all_fall_over(branch, screens)
    written = dict(_all_that_was_written(tmp_path / "screens"))
    written["the server's log"] = branch.log.read_text("utf-8", "replace")
    assert any("crashes" in name for name in written), "a program that falls over leaves a note"
    assert "Fatal Python error" in written["the server's log"]
    assert "setting exit-pin" in written["kiosk-1/log.txt"]
    for name, text in written.items():
        assert not found_in(text, *tokens), name


def _with_a_talkative_log(branch: RunningBranch) -> RunningBranch:
    talkative = RunningBranch(branch.data, options=("--log-level", "debug"))
    talkative.tokens, talkative.roles = branch.tokens, branch.roles
    return talkative


def _sit_down_with_a_slip(seat: Screen) -> None:
    """A wrong PIN first: what was typed must not stand anywhere either."""
    seat.wait(name="sign-in", enabled=True)
    seat.type("staff", CODE)
    seat.type("pin", WRONG_PIN)
    seat.key("Return")
    seat.wait(name="sign-in-remark", text="belum cocok")
    assert WRONG_PIN not in " ".join(seat.shown().values())
    seat.type("pin", PIN)
    seat.key("Return")
    seat.wait(name="open", enabled=True)
    seat.key("Ctrl+O")
    seat.wait(name="counter-state", text="Buka")
    seat.wait(name="counter-title", text=NAME)


async def _serve_with_a_note(
    branch: RunningBranch, seat: Screen, board: Screen, wire: Wiretap
) -> RatingInvitation:
    """Finish with a note, while somebody is invited to rate."""
    branch_url, branch.url = branch.url, f"ws://127.0.0.1:{wire.port}/"
    async with branch.client("rating-1") as rating:
        branch.url = branch_url
        await asyncio.to_thread(_call_and_finish, seat, board)
        return await rating.notice(RatingInvitation)


def _call_and_finish(seat: Screen, board: Screen) -> None:
    seat.wait(name="next", text="B001")
    seat.key("F2")
    seat.wait(name="my-number", text="B001")
    board.wait(name="current-number", text="B001")
    seat.wait(name="start", enabled=True)
    seat.key("F4")
    seat.wait(name="my-state", text="Dilayani")
    seat.key("F8")
    seat.wait(page="serving-finish")
    seat.type("note", NOTE)
    seat.press("finish-confirm")
    seat.wait(name="remark", text="B001 selesai")


async def _strangers_say_too_much(branch: RunningBranch) -> None:
    """Other people's programs that send what nobody asked for; nothing of it may be kept."""
    hello = {"type": "Hello", "protocol": 1, "role": "kiosk", "device": "kiosk-2"}
    async with connect(branch.url, compression=None) as wire:
        await wire.send(json.dumps(hello | {"token": WRONG_TOKEN}))
        await wire.wait_closed()
        assert wire.close_code == 4401
        assert not found_in(wire.close_reason or "")
    async with connect(branch.url, compression=None) as wire:
        await wire.send(json.dumps(hello | {"token": branch.tokens["kiosk-2"]}))
        ask = {"type": "IssueTicket", "id": str(uuid4()), "service": "A"}
        await wire.send(json.dumps(ask | {"name": GUEST, "nik": GUEST_NIK}))
        await wire.send(json.dumps(ask | {"id": str(uuid4()), "service": GUEST}))
        answers = [str(await wire.recv()) for _ in range(4)]
        assert sum('"Rejected"' in answer for answer in answers) == 2, answers
        await wire.send(f"no JSON at all: {GUEST} {GUEST_NIK}")
        await wire.wait_closed()
        assert wire.close_code == 4400


def _command_line(pid: int) -> str:
    """What everybody on the machine can see of a program and of its children."""
    tasks = Path(f"/proc/{pid}/task")
    children = " ".join((task / "children").read_text() for task in tasks.iterdir()).split()
    own = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return " ".join((own, *(_command_line(int(child)) for child in children)))


def _really_went_in(branch: RunningBranch, seat: Screen) -> None:
    """Else nothing could have come out."""
    assert branch.rows("SELECT note, staff FROM ticket") == [(KEPT_NOTE, CODE)]
    assert NAME in seat.shown()["counter-title"]


def _all_fall_over(branch: RunningBranch, screens: Screens) -> None:
    """The hardest way to end: each writes what it can about where it stood."""
    for pid in (*(screen.process.pid for screen in screens.all), branch.process.pid):
        os.kill(pid, signal.SIGABRT)
    assert branch.process.wait(10) == -signal.SIGABRT
    for screen in screens.all:
        assert screen.process.wait(10) == -signal.SIGABRT
        eventually(functools.partial(_notes_of, screen), bool, "a crash note")


def _notes_of(screen: Screen) -> list[Path]:
    notes = (screen.folder / "state").rglob("crashes/*")
    return [note for note in notes if note.stat().st_size]


def _all_that_was_written(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file of every screen but the token that it was given."""
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix != ".token":
            yield str(path.relative_to(folder)), path.read_bytes().decode("utf-8", "replace")
