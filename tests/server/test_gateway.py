"""The branch's door: who is let in, and what becomes of bad frames (protocol.md, Transport)."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.running_branch import PIN, RunningBranch


def hello(branch: RunningBranch, device: str, /, **changes: Any) -> str:
    words = {
        "type": "Hello",
        "protocol": 1,
        "role": branch.roles[device],
        "device": device,
        "token": branch.tokens[device],
        "program": "test 0",
        "language": "id",
    }
    return json.dumps(words | changes)


@asynccontextmanager
async def open_raw(branch: RunningBranch, device: str) -> AsyncIterator[ClientConnection]:
    """A bare socket after Welcome and the first snapshot."""
    async with connect(branch.url, compression=None) as socket:
        await socket.send(hello(branch, device))
        assert json.loads(await socket.recv())["type"] == "Welcome"
        if branch.roles[device] != "rating":
            await socket.recv()
        yield socket


async def answer(socket: ClientConnection, kind: str = "Rejected") -> dict[str, Any]:
    """The next frame of a kind; snapshots and moments in between are passed over."""
    async with asyncio.timeout(5):
        while True:
            words: dict[str, Any] = json.loads(await socket.recv())
            if words["type"] == kind:
                return words


async def close_code(socket: ClientConnection) -> int | None:
    async with asyncio.timeout(8):
        try:
            while True:
                await socket.recv()
        except ConnectionClosed:
            return socket.close_code


async def test_welcome_says_who_and_what_this_branch_is(branch: RunningBranch) -> None:
    async with connect(branch.url, compression=None) as socket:
        await socket.send(hello(branch, "kiosk-1"))
        words = json.loads(await socket.recv())
    assert words["protocol"] == 1
    assert words["branch"]["code"] == "1301"
    assert words["branch"]["time_zone"] == "Asia/Jakarta"
    assert words["server_time"].endswith("Z")
    assert len(words["server_time"]) == len("2026-11-20T01:12:03.456Z")
    assert [service["code"] for service in words["services"]] == list("ABCDEF")
    assert [counter["number"] for counter in words["counters"]] == [1, 2, 3, 4, 5, 6]
    assert set(words["counters"][0]["services"]) == set("ABCDEF")
    assert words["signed_in"] is None
    for field in ("priority", "needs", "education", "category", "pause_reason", "cancel_reason"):
        assert words["choices"][field], field
        assert {"code", "name"} <= set(words["choices"][field][0])


@pytest.mark.parametrize(
    ("device", "snapshot"),
    [
        ("kiosk-1", "KioskSnapshot"),
        ("tv-1", "BoardSnapshot"),
        ("counter-1", "QueueSnapshot"),
        ("door-1", "ScreeningSnapshot"),
        ("office-1", "HallSnapshot"),
    ],
)
async def test_each_role_gets_its_own_snapshot(
    branch: RunningBranch, device: str, snapshot: str
) -> None:
    async with connect(branch.url, compression=None) as socket:
        await socket.send(hello(branch, device))
        await socket.recv()
        words = json.loads(await socket.recv())
    assert words["type"] == snapshot
    assert "total" in words


async def test_a_wrong_token_a_wrong_role_and_an_unknown_device_are_turned_away(
    branch: RunningBranch,
) -> None:
    for changes, code in (
        ({"token": "x" * 43}, 4401),
        ({"device": "nobody"}, 4401),
        ({"role": "manager"}, 4403),
    ):
        async with connect(branch.url, compression=None) as socket:
            await socket.send(hello(branch, "kiosk-1", **changes))
            assert await close_code(socket) == code


@pytest.mark.parametrize(
    "frame",
    [
        "not json",
        "[]",
        '{"id":"1"}',
        '{"type":"CallNext","type":"CallNext"}',
        '{"type":"CallNext","id":NaN}',
        "[" * 20_000,
        '{"type":"SignIn","staff":"\\ud800"}',
        b"\x00\x01",
    ],
    ids=["text", "list", "no type", "twice a key", "NaN", "deep", "surrogate", "binary"],
)
async def test_what_is_no_message_gets_a_rejection_without_id_and_4400(
    branch: RunningBranch, frame: str | bytes
) -> None:
    """F42."""
    async with open_raw(branch, "kiosk-1") as socket:
        await socket.send(frame)
        words = await answer(socket)
        assert words["id"] is None
        assert words["message"]
        assert await close_code(socket) == 4400


async def test_a_first_frame_that_is_no_hello_is_rejected(branch: RunningBranch) -> None:
    async with connect(branch.url, compression=None) as socket:
        await socket.send(json.dumps({"type": "CallNext", "id": str(uuid4())}))
        assert (await answer(socket))["id"] is None
        assert await close_code(socket) == 4400


async def test_who_says_nothing_for_5_s_is_shown_the_door(branch: RunningBranch) -> None:
    """F44, once in real time."""
    async with connect(branch.url, compression=None) as socket:
        started_s = asyncio.get_running_loop().time()
        assert await close_code(socket) == 4400
        assert 4.5 < asyncio.get_running_loop().time() - started_s < 7


async def test_a_frame_over_64_kib_ends_the_connection_with_1009(branch: RunningBranch) -> None:
    """F43."""
    async with open_raw(branch, "kiosk-1") as socket:
        await socket.send("x" * (64 * 1024 + 1))
        assert await close_code(socket) == 1009


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"type": "Dance"}, "unknown-type"),
        ({"type": "IssueTicket", "service": "A", "colour": "red"}, "unknown-field"),
        ({"type": "IssueTicket"}, "missing-field"),
        ({"type": "IssueTicket", "service": 7}, "bad-value"),
        ({"type": "IssueTicket", "service": "A", "priority": "vip"}, "bad-value"),
        ({"type": "IssueTicket", "service": "A", "weight": 0}, "bad-value"),
        ({"type": "IssueTicket", "service": "A", "needs": ["ladder"]}, "bad-value"),
        ({"type": "IssueTicket", "service": "Z"}, "unknown-service"),
        ({"type": "IssueTicket", "service": "A", "print_at": "counter-1"}, "bad-value"),
        ({"type": "CallNext"}, "not-allowed"),
        ({"type": "ConfirmPrint", "job": "none", "outcome": "printed"}, "bad-value"),
        ({"type": "CancelTicket", "ticket": "none", "reason": "mistake"}, "unknown-ticket"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["type"],
)
async def test_a_wrong_word_gets_a_reason_and_the_connection_stays(
    branch: RunningBranch, words: dict[str, Any], reason: str
) -> None:
    async with open_raw(branch, "kiosk-1") as socket:
        command_id = str(uuid4())
        await socket.send(json.dumps(words | {"id": command_id}))
        refused = await answer(socket)
        assert (refused["id"], refused["reason"]) == (command_id, reason)
        assert refused["message"]
        await socket.send(json.dumps({"type": "IssueTicket", "id": str(uuid4()), "service": "A"}))
        assert (await answer(socket, "Accepted"))["ticket"]["service"] == "A"


async def test_a_newer_connection_of_a_device_replaces_the_older(branch: RunningBranch) -> None:
    """F19: a half-open old connection must not keep the device out."""
    async with open_raw(branch, "kiosk-2") as older, open_raw(branch, "kiosk-2") as newer:
        assert await close_code(older) == 4409
        await newer.send(json.dumps({"type": "IssueTicket", "id": str(uuid4()), "service": "A"}))
        await answer(newer, "Accepted")


async def test_a_web_page_of_anywhere_cannot_connect(branch: RunningBranch) -> None:
    with pytest.raises(InvalidStatus):
        await connect(branch.url, origin="http://example.org")  # type: ignore[arg-type]


async def test_the_message_is_in_the_language_of_the_connection(branch: RunningBranch) -> None:
    texts = []
    for language in ("id", "en"):
        async with connect(branch.url, compression=None) as socket:
            await socket.send(hello(branch, "counter-3", language=language))
            await socket.send(json.dumps({"type": "CallNext", "id": str(uuid4())}))
            texts.append((await answer(socket))["message"])
    assert texts == ["Silakan masuk terlebih dahulu.", "Please sign in first."]


async def test_a_pin_is_asked_five_times_and_then_not_for_a_while(branch: RunningBranch) -> None:
    """F52: the account and the device are locked, and nobody else."""
    async with open_raw(branch, "counter-3") as socket:

        async def sign_in(staff: str, pin: str) -> dict[str, Any]:
            await socket.send(
                json.dumps(
                    {"type": "SignIn", "id": str(uuid4()), "staff": staff, "pin": pin, "counter": 3}
                )
            )
            return await answer(socket)

        reasons = [(await sign_in("sari", "000000"))["reason"] for _ in range(6)]
        assert reasons == ["wrong-pin"] * 5 + ["locked-out"]
        locked = await sign_in("sari", PIN)
        assert locked["reason"] == "locked-out"
        assert 0 < locked["retry_after_s"] <= 30
    async with open_raw(branch, "counter-2") as other:
        words = {"type": "SignIn", "id": str(uuid4()), "staff": "adi", "pin": PIN, "counter": 2}
        await other.send(json.dumps(words))
        await answer(other, "Accepted")


async def test_too_many_commands_are_told_to_wait_and_a_flood_is_cut_off(
    branch: RunningBranch,
) -> None:
    """F45."""
    async with open_raw(branch, "tv-2") as socket:
        for _ in range(200):
            await socket.send(
                json.dumps(
                    {
                        "type": "ConfirmAnnouncement",
                        "id": str(uuid4()),
                        "announcement": "none",
                        "outcome": "shown",
                    }
                )
            )
        reasons = []
        try:
            while True:
                words = json.loads(await socket.recv())
                if words["type"] == "Rejected":
                    reasons.append(words["reason"])
                    if words["reason"] == "rate-limited":
                        assert words["retry_after_s"] > 0
        except ConnectionClosed:
            pass
        assert socket.close_code == 4429
        assert {"bad-value", "rate-limited"} == set(reasons)


async def test_who_may_not_sit_down_here_is_told_so(branch: RunningBranch) -> None:
    """F47: an officer's account opens no counter."""
    async with open_raw(branch, "counter-1") as socket:
        await socket.send(
            json.dumps(
                {"type": "SignIn", "id": str(uuid4()), "staff": "budi", "pin": PIN, "counter": 1}
            )
        )
        assert (await answer(socket))["reason"] == "not-allowed"


async def test_the_watchdog_page_answers(branch: RunningBranch) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", branch.port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: branch\r\n\r\n")
    assert b"200" in await reader.readline()
    writer.close()
    await writer.wait_closed()


async def test_what_is_accepted_is_on_the_disk(branch: RunningBranch) -> None:
    """Law I1: another process reads the ticket as soon as the kiosk has its answer."""
    async with open_raw(branch, "kiosk-1") as socket:
        await socket.send(json.dumps({"type": "IssueTicket", "id": str(uuid4()), "service": "A"}))
        ticket = (await answer(socket, "Accepted"))["ticket"]
    rows = dict(branch.rows("SELECT id, number FROM ticket"))
    assert rows[ticket["id"]] == ticket["number"]
