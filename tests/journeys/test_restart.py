"""The server dies in the middle of the day: all screens say so, and then stand as before.

kill -9 on the real server under the real programs; nobody has to touch anything (F01, F41).
"""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from msgspec import structs

from protocol.messages import (
    Accepted,
    Announcement,
    AnyCommand,
    BoardSnapshot,
    CallNext,
    FinishService,
    HallSnapshot,
    IssueTicket,
    KioskSnapshot,
    OpenCounter,
    PauseCounter,
    SignIn,
    StartService,
    Ticket,
    WaitingCount,
)
from protocol.session import LinkState
from tests.journeys.listening import calls_in, sounds_in, voice_of_notes, words_heard, words_of
from tests.journeys.screens import (
    Screen,
    Screens,
    choose_service,
    eventually,
    sit_down,
    take_number,
)
from tests.journeys.wiretap import Wiretap
from tests.paper import decode, decode_all
from tests.running_branch import PIN, RunningBranch
from tests.sound_room import SoundRoom
from tests.tcp_printer import TcpPrinter
from tests.wire_client import WireClient

LOSS_SHOWN_WITHIN_S = 2.0
TIMER_SLACK_S = 1.6  # the screen counts whole seconds
HISTORY = (
    "SELECT * FROM ticket ORDER BY id",
    "SELECT * FROM ticket_period ORDER BY ticket, ordinal",
    "SELECT * FROM counter_period ORDER BY counter, ordinal",
)
CONFIRMED = "SELECT body FROM event WHERE type = 'AnnouncementConfirmed' ORDER BY seq"


# The hall as the server tells it, and as the screens show it.


def hall_of(branch: RunningBranch) -> dict[str, Any]:
    """What the server tells whoever asks, without what time alone changes, and what it wrote."""

    async def ask() -> tuple[HallSnapshot, BoardSnapshot, KioskSnapshot]:
        async with (
            branch.client("manager-1") as manager,
            branch.client("display-2") as board,
            branch.client("kiosk-2") as kiosk,
        ):
            return (
                await manager.notice(HallSnapshot),
                await board.notice(BoardSnapshot),
                await kiosk.notice(KioskSnapshot),
            )

    hall, board, kiosk = asyncio.run(ask())
    return {
        "date": hall.business_date,
        "totals": hall.totals,
        "services": hall.services,
        "counters": hall.counters,
        "waiting": [(each.service, each.count, each.oldest_issued_at) for each in hall.waiting],
        "calls": board.calls,
        "missed": board.missed,
        "kiosk": [
            (each.code, each.open, each.waiting, each.numbers_left) for each in kiosk.services
        ],
        "rows": [branch.rows(sql) for sql in HISTORY],
    }


SEAT_FACTS = (
    "counter-title",
    "counter-state",
    "my-number",
    "my-state",
    "my-service",
    "call-count",
    "waiting-total",
    "waiting-counts",
    "next-ones",
    "other-counters",
)
BOARD_FACTS = ("current-number", "current-counter", "history-1", "history-2", "facts")
KIOSK_FACTS = ("branch", "waiting", "start")


def shown_by(screen: Screen, facts: tuple[str, ...]) -> dict[str, str]:
    """What a screen says of the hall; times that run are left out."""
    shown = screen.shown()
    return {name: _without_times(shown[name]) for name in facts if name in shown}


def _without_times(text: str) -> str:
    return text.split(" terlama ")[0]


def due_announcement(branch: RunningBranch, device: str = "display-2") -> Announcement:
    """What a display that never confirmed anything is told when it connects."""

    async def ask() -> Announcement:
        async with branch.client(device) as board:
            return await board.notice(Announcement)

    return asyncio.run(ask())


async def _accepted(client: WireClient, command: AnyCommand) -> None:
    answer = await client.ask(command)
    assert isinstance(answer, Accepted), answer


async def _morning(branch: RunningBranch) -> None:
    """Five visitors with numbers, and counter 3 resting."""
    async with branch.client("kiosk-2") as kiosk:
        for service in ("A", "A", "B", "C", "B"):
            await _accepted(kiosk, IssueTicket(id=uuid4(), service=service))
    async with branch.client("counter-3") as desk:
        await _accepted(desk, SignIn(id=uuid4(), staff="rina", pin=PIN, counter=3))
        await _accepted(desk, OpenCounter(id=uuid4()))
        await _accepted(desk, PauseCounter(id=uuid4(), reason="prayer"))


def test_after_a_kill_in_mid_day_the_hall_is_exactly_as_before(
    branch: RunningBranch, tmp_path: Path
) -> None:
    """Waiting, called, serving, a resting counter, people signed in, and a call that sounds."""
    branch.configure(limits__ticket_pace_s=0.01, limits__ticket_burst=100)
    with branch, SoundRoom() as room, Screens(branch, tmp_path) as screens:
        kiosk = screens.kiosk("none:")
        first, second = screens.counter("counter-1"), screens.counter("counter-2")
        voice = ("--voices", str(voice_of_notes(tmp_path / "voices")), "--voice-counters", "2")
        board = screens.display("display-1", *voice, environment=sounds_in(room))
        asyncio.run(_morning(branch))
        sit_down(first, "sari")
        sit_down(second, "budi")
        board.wait(name="sound", text="Suara hidup")
        with room.record() as heard:
            _two_visitors_at_the_counters(first, second)
            before = _see_all(branch, first, second, board, kiosk)
            due = due_announcement(branch)

            eventually(room.streams, bool, "the call to sound")
            killed_s = time.monotonic()
            branch.kill()
            _all_say_so(killed_s, first, second, board, kiosk)
            branch.start()
            _all_are_back(first, second, board, kiosk)

            assert _see_all(branch, first, second, board, kiosk) == before
            assert due_announcement(branch) == due, "due for whoever has not confirmed it"
            _timer_is_right(first, branch, "A001", "started_at_ms")
            _timer_is_right(second, branch, "A002", "called_at_ms")
            _work_goes_on(branch, first, second, board)
            eventually(room.streams, lambda count: not count, "silence")
    # A002 was being called when the server died: said to its end, and not called out again.
    first_call, second_call = calls_in(heard)
    for call, number in ((first_call, "A002"), (second_call, "B001")):
        once = words_of(number, 2)
        # Without a visitor each call is named twice; nobody came while the server was away.
        assert words_heard(heard, call) in (once, once + once)
    branch.command("verify")


def _two_visitors_at_the_counters(first: Screen, second: Screen) -> None:
    first.key("F2")
    first.wait(name="my-number", text="A001")
    first.key("F4")
    first.wait(name="my-state", text="Dilayani")
    second.wait(name="next-ones", pattern="^A002")
    second.key("F2")
    second.wait(name="my-number", text="A002")


def _see_all(
    branch: RunningBranch, first: Screen, second: Screen, board: Screen, kiosk: Screen
) -> dict[str, Any]:
    # Snapshots are merged over 100 ms: until all have come, a screen is not yet what it will be.
    first.wait(name="other-counters", pattern="2 memanggil A002")
    second.wait(name="other-counters", pattern="1 melayani A001")
    board.wait(name="current-number", text="A002", deadline_s=40)
    board.wait(name="facts", text="Perubahan data: 2 orang menunggu")
    kiosk.wait(name="waiting", text="3 orang")
    return {
        "hall": hall_of(branch),
        "first": shown_by(first, SEAT_FACTS),
        "second": shown_by(second, SEAT_FACTS),
        "board": shown_by(board, BOARD_FACTS),
        "kiosk": shown_by(kiosk, KIOSK_FACTS),
    }


def _all_say_so(
    killed_s: float, first: Screen, second: Screen, board: Screen, kiosk: Screen
) -> None:
    for seat in (first, second):
        seat.wait(name="link", text="Terputus")
        seat.wait(name="link-banner", text="Sambungan terputus")
    board.wait(name="link-state")
    kiosk.wait(name="link-banner")
    assert time.monotonic() - killed_s < LOSS_SHOWN_WITHIN_S
    for seat in (first, second):
        seat.wait(name="next", enabled=False)


def _all_are_back(*everyone: Screen) -> None:
    for screen in everyone:
        screen.wait(name="link-banner", gone=True)
        screen.wait(name="link-state", gone=True)


def _timer_is_right(seat: Screen, branch: RunningBranch, number: str, since: str) -> None:
    (at_ms,) = branch.rows(f"SELECT {since} FROM ticket WHERE number = '{number}'")[0]
    minutes, seconds = seat.shown()["my-timer"].split(":")
    really_s = time.time() - at_ms / 1000
    assert abs(really_s - (int(minutes) * 60 + int(seconds))) < TIMER_SLACK_S


def _work_goes_on(branch: RunningBranch, first: Screen, second: Screen, board: Screen) -> None:
    """Nobody signs in anew: the keys go on where they were."""
    second.key("F4")
    second.wait(name="my-state", text="Dilayani")
    _until_confirmed(branch, ["shown", "spoken"])
    second.key("F8")
    second.wait(page="serving-finish")
    second.key("F2")
    second.wait(name="remark", text="A002 selesai; B001 dipanggil.")
    board.wait(name="current-number", text="B001")
    second.key("F4")
    second.wait(name="my-state", text="Dilayani")
    first.key("F8")
    first.wait(page="serving-finish")
    first.key("Return")
    first.wait(name="remark", text="A001 selesai")
    _until_confirmed(branch, ["shown", "spoken", "spoken"])


def _until_confirmed(branch: RunningBranch, outcomes: list[str]) -> None:
    """Counter 1 is not voiced in this hall: its call is shown."""
    eventually(
        lambda: [json.loads(body)["outcome"] for (body,) in branch.rows(CONFIRMED)],
        lambda said: said == outcomes,
        f"the calls to end as {outcomes}",
        40,
    )


# The same on the other database, by the words of the wire alone.


async def test_on_postgresql_a_killed_server_comes_back_to_the_same_hall(
    tmp_path: Path, postgres_database: str
) -> None:
    """Laws I1, I6 and I13 on PostgreSQL."""
    branch = RunningBranch(tmp_path / "data", database=postgres_database)
    branch.add_devices("kiosk", "kiosk-1").add_devices("counter", "counter-1", "counter-2")
    branch.add_devices("display", "display-1").add_devices("manager", "manager-1")
    branch.add_staff("sari", "budi").configure(limits__ticket_pace_s=0.01, limits__ticket_burst=100)
    asked = [IssueTicket(id=uuid4(), service=service) for service in "AABC"]
    with branch:
        async with (
            branch.client("kiosk-1") as kiosk,
            branch.client("counter-1") as first,
            branch.client("counter-2") as second,
        ):
            given = [await _ticket(kiosk, ask) for ask in asked]
            assert [ticket.number for ticket in given] == ["A001", "A002", "B001", "C001"]
            for desk, number, staff in ((first, 1, "sari"), (second, 2, "budi")):
                await _accepted(desk, SignIn(id=uuid4(), staff=staff, pin=PIN, counter=number))
                await _accepted(desk, OpenCounter(id=uuid4()))
                await _ticket(desk, CallNext(id=uuid4()))
            await _ticket(first, StartService(id=uuid4(), ticket=given[0].id))
            before = await _hall_by_wire(branch)
            branch.kill()
            await asyncio.to_thread(branch.start)
            for client in (kiosk, first, second):
                await _come_back(client)
            assert await _hall_by_wire(branch) == before
            assert before[1].calls[0].number == "A002"
            # A retry is answered, and not repeated.
            assert [await _ticket(kiosk, ask) for ask in asked] == given
            fifth = await _ticket(kiosk, IssueTicket(id=uuid4(), service="A"))
            assert fifth.number == "A003"
            await _ticket(
                first, FinishService(id=uuid4(), ticket=given[0].id, outcome="solved", note="")
            )
        branch.stop()
    branch.command("verify")
    total = json.loads(branch.command("summary", "--json"))["total"]
    assert (total["issued"], total["finished"], total["called"], total["waiting"]) == (5, 1, 1, 3)


async def _ticket(client: WireClient, command: AnyCommand) -> Ticket:
    answer = await client.ask(command)
    assert isinstance(answer, Accepted), answer
    assert isinstance(answer.ticket, Ticket)
    return answer.ticket


async def _hall_by_wire(branch: RunningBranch) -> tuple[HallSnapshot, BoardSnapshot]:
    """Everything live, but for what time alone changes and for who is connected."""
    async with branch.client("manager-1") as manager, branch.client("display-1") as board:
        hall, calls = await manager.notice(HallSnapshot), await board.notice(BoardSnapshot)
    # The boards of the branch's own devices come and go; their absence is an alert of its own.
    waiting = _by_count(hall.waiting)
    hall = structs.replace(hall, devices=[], alerts=[], waiting=waiting, server_time=None)
    return hall, structs.replace(calls, waiting=_by_count(calls.waiting))


def _by_count(waiting: list[WaitingCount]) -> list[WaitingCount]:
    return [structs.replace(each, estimate=None) for each in waiting]


async def _come_back(client: WireClient) -> None:
    async with asyncio.timeout(20):
        while client.session.status.state is not LinkState.ONLINE:
            client.retry_now()
            await asyncio.sleep(0.02)


# A visitor's touch in the moment of the kill (F01).

Stage = Callable[[RunningBranch, Screen, TcpPrinter, Wiretap], None]


def before_the_commit(
    branch: RunningBranch, kiosk: Screen, printer: TcpPrinter, wire: Wiretap
) -> None:
    """The wish is on its way and never arrives."""
    wire.loses_up = True
    choose_service(kiosk, "B")
    kiosk.wait(page="moment")
    eventually(lambda: b"IssueTicket" in _unmasked(wire), bool, "the wish on the wire")
    assert not branch.rows("SELECT 1 FROM ticket")


def after_the_commit(
    branch: RunningBranch, kiosk: Screen, printer: TcpPrinter, wire: Wiretap
) -> None:
    """The ticket is on the disk, its answer never arrives."""
    wire.loses_down = True
    choose_service(kiosk, "B")
    eventually(lambda: branch.rows("SELECT 1 FROM ticket"), bool, "the ticket on the disk")
    assert not printer.paper()


def after_the_paper(
    branch: RunningBranch, kiosk: Screen, printer: TcpPrinter, wire: Wiretap
) -> None:
    """The visitor has the paper, and the server never hears of it."""

    def cut(_: TcpPrinter) -> None:
        wire.loses_up = True

    printer.on_paper = cut
    choose_service(kiosk, "B")
    kiosk.wait(name="paper", text="Silakan ambil kertas Anda")
    assert branch.rows("SELECT print FROM ticket") == [("pending",)]


def _unmasked(wire: Wiretap) -> bytes:
    """All frames of the newest connection in plain: a client masks what it says (RFC 6455, 5.3)."""
    data = wire.connections[-1].said.partition(b"\r\n\r\n")[2]
    plain = bytearray()
    while len(data) >= 6:
        length, at = data[1] & 0x7F, 2
        if length == 126:
            length, at = int.from_bytes(data[2:4]), 4
        mask, body = data[at : at + 4], data[at + 4 : at + 4 + length]
        plain += bytes(byte ^ mask[place % 4] for place, byte in enumerate(body))
        data = data[at + 4 + length :]
    return bytes(plain)


@pytest.mark.parametrize("stage", [before_the_commit, after_the_commit, after_the_paper])
def test_a_touch_in_the_moment_of_the_kill_gets_its_one_number_and_its_one_paper(
    branch: RunningBranch, tmp_path: Path, stage: Stage
) -> None:
    """F01 at its named points; laws I1, I2, I6 and I9."""
    with (
        branch,
        TcpPrinter() as printer,
        Wiretap(branch.port) as wire,
        Screens(branch, tmp_path) as screens,
    ):
        screens.server_options = ("--server", f"ws://127.0.0.1:{wire.port}/")
        kiosk = screens.kiosk(printer.url)
        kiosk.wait(page="idle")
        kiosk.wait(name="start", enabled=True)
        kiosk.press("start")
        kiosk.wait(page="services")
        stage(branch, kiosk, printer, wire)
        branch.kill()
        wire.loses_up = wire.loses_down = False
        branch.start()
        # The same number, or after 2 s one of the kiosk's own in its place.
        number = kiosk.wait(name="number", pattern=r"^BK?001$")
        paper = decode(printer.wait_for_papers())
        assert paper.biggest.text.strip() == number
        waiting = "SELECT number, print FROM ticket WHERE state = 'waiting' ORDER BY issued_at_ms"
        eventually(
            lambda: branch.rows(waiting),
            lambda rows: rows == [(number, "printed")],
            "one ticket, and its paper known",
        )
        kiosk.wait(name="paper", text="Silakan ambil kertas Anda")
        # The next visitor has the next number: nothing of the first is still on its way.
        kiosk.press("finish")
        kiosk.wait(name="offline", gone=True)
        second = take_number(kiosk, "B")
        assert second in ("B001", "B002")
        assert second != number
        eventually(
            lambda: branch.rows(waiting),
            lambda rows: rows == [(number, "printed"), (second, "printed")],
            "two tickets with their papers",
        )
        papers = decode_all(printer.paper())
        assert [paper.biggest.text.strip() for paper in papers] == [number, second]
        assert "CETAK ULANG" not in papers[1].text
