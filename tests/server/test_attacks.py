"""Somebody on the branch's network means harm: the branch goes on, and its memory stays flat."""

import asyncio
import base64
import json
import os
import random
import resource
import socket
import sqlite3
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.running_branch import RunningBranch
from tests.server.test_gateway import answer, close_code, hello, open_raw

TEXT, PING = 0x1, 0x9
ATTACKER = ("127.0.0.2", 0)
FLOOD_BYTES = 64 << 20


@pytest.fixture(scope="module")
def lifted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBranch]:
    """A branch without limits of rate: what must hold here holds for every pace."""
    running = RunningBranch(tmp_path_factory.mktemp("lifted") / "data")
    running.add_devices("kiosk", "kiosk-1", "kiosk-2")
    running.configure(limits__commands_per_s=0)
    with running:
        yield running


def raw_websocket(branch: RunningBranch) -> socket.socket:
    """A websocket by hand, with as little room for what comes in as the system allows."""
    peer = socket.socket()
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    peer.bind(ATTACKER)
    peer.connect(("127.0.0.1", branch.port))
    key = base64.b64encode(os.urandom(16)).decode()
    peer.sendall(
        f"GET / HTTP/1.1\r\nHost: branch\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    read = b""
    while b"\r\n\r\n" not in read:
        read += peer.recv(1)
    return peer


def frame(opcode: int, payload: bytes, *, fin: bool = True) -> bytes:
    """A client's frame, masked with zeros."""
    head = bytes([(0x80 if fin else 0) | opcode])
    if len(payload) < 126:
        head += bytes([0x80 | len(payload)])
    else:
        head += bytes([0x80 | 126]) + struct.pack("!H", len(payload))
    return head + bytes(4) + payload


def memory_mib(branch: RunningBranch) -> int:
    status = Path(f"/proc/{branch.process.pid}/status").read_text()
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(resident.split()[1]) // 1024


def handles(branch: RunningBranch) -> int:
    return sum(1 for _ in Path(f"/proc/{branch.process.pid}/fd").iterdir())


def push(
    peer: socket.socket, chunk: bytes, seconds: float, most: int = 1 << 40, stalled_s: float = 0.5
) -> int:
    """Send without ever reading, until it stalls, breaks, the time is over or so much was sent."""
    sent, ends_s = 0, time.monotonic() + seconds
    peer.settimeout(stalled_s)
    with suppress(OSError):
        while sent < most and time.monotonic() < ends_s:
            sent += peer.send(chunk)
    return sent


def issue(command_id: str | None = None) -> str:
    return json.dumps({"type": "IssueTicket", "id": command_id or str(uuid4()), "service": "A"})


async def slowest_issue_s(kiosk: ClientConnection, times: int = 15) -> float:
    """The longest wait of some visitors, one after the other."""
    slowest = 0.0
    for _ in range(times):
        began_s = time.perf_counter()
        await kiosk.send(issue())
        await answer(kiosk, "Accepted")
        slowest = max(slowest, time.perf_counter() - began_s)
    return slowest


def test_pings_that_nobody_collects_are_not_answered_into_memory(lifted: RunningBranch) -> None:
    """I14, F43: from a stranger, before any Hello."""
    before_mib = memory_mib(lifted)
    with closing(raw_websocket(lifted)) as peer:
        # Whom nobody listens to stalls for good; so long only a server that reads is given,
        # because a slow machine must not hide what it would read.
        sent = push(peer, frame(PING, b"x" * 125) * 500, 120, most=FLOOD_BYTES, stalled_s=5)
        assert sent < FLOOD_BYTES, "the flood was read to its end"
        assert memory_mib(lifted) - before_mib < 20


def test_who_reads_no_answers_is_not_listened_to_and_cannot_keep_the_server_from_stopping(
    lifted: RunningBranch,
) -> None:
    """I14, F20: retries of one command, which no limit of rate holds up."""
    before_mib = memory_mib(lifted)
    with closing(raw_websocket(lifted)) as peer:
        peer.sendall(frame(TEXT, hello(lifted, "kiosk-1").encode()))
        push(peer, frame(TEXT, issue(str(uuid4())).encode()) * 100, 3)
        assert memory_mib(lifted) - before_mib < 20
        began_s = time.monotonic()
        assert lifted.stop() == 0
        assert time.monotonic() - began_s < 5
    lifted.start()


async def test_a_peer_that_is_silent_for_12_s_is_dropped_also_with_a_full_socket(
    lifted: RunningBranch,
) -> None:
    """F19, F20, once in real time: one peer is mute, the other left its answers unread."""
    mute = raw_websocket(lifted)
    mute.sendall(frame(TEXT, hello(lifted, "kiosk-2").encode()))
    full = raw_websocket(lifted)
    full.sendall(frame(TEXT, hello(lifted, "kiosk-1").encode()))
    await asyncio.to_thread(push, full, frame(TEXT, issue(str(uuid4())).encode()) * 100, 2)
    open_handles = handles(lifted)
    async with asyncio.timeout(15):
        while handles(lifted) > open_handles - 2:
            await asyncio.sleep(0.1)
    mute.close()
    full.close()


async def test_a_flood_of_retries_slows_nobody_else(branch: RunningBranch) -> None:
    """I6 asks that a retry is answered again; F45 that it costs the flooder alone."""
    async with open_raw(branch, "kiosk-1") as flooder, open_raw(branch, "kiosk-2") as kiosk:
        again = issue()

        async def flood() -> None:
            while True:
                await flooder.send(again)

        async def drain() -> None:
            async for _ in flooder:
                pass

        noise = [asyncio.create_task(flood()), asyncio.create_task(drain())]
        await asyncio.sleep(0.5)
        slowest_s = await slowest_issue_s(kiosk)
        for task in noise:
            task.cancel()
        flooder.transport.abort()
        assert slowest_s < 0.5


async def test_sockets_that_never_say_anything_leave_room_for_the_branch(
    branch: RunningBranch,
) -> None:
    """F44: 300 open connections of one address that do not even finish their handshake."""
    before = handles(branch)
    peers = []
    for _ in range(300):
        peer = socket.socket()
        peer.bind(ATTACKER)
        peer.connect(("127.0.0.1", branch.port))
        with suppress(OSError):
            peer.send(b"GET / HT")
        peers.append(peer)
    async with open_raw(branch, "kiosk-1") as kiosk:
        assert await slowest_issue_s(kiosk) < 0.5
        assert handles(branch) - before < 100
    for peer in peers:
        peer.close()


async def test_more_strangers_than_the_limit_are_told_that_they_are_too_many(
    branch: RunningBranch,
) -> None:
    """F44: the reason for the first ones beyond it; devices that said Hello do not count."""
    async with open_raw(branch, "kiosk-1"), open_raw(branch, "tv-1"):
        strangers = [
            await connect(branch.url, compression=None, local_addr=("127.0.0.3", 0))
            for _ in range(20)
        ]
        async with connect(branch.url, compression=None, local_addr=("127.0.0.3", 0)) as one_more:
            assert await close_code(one_more) == 4429
        async with open_raw(branch, "counter-1"):
            pass
        for stranger in strangers:
            await stranger.close()


async def test_guessing_tokens_slows_nobody_and_does_not_fill_the_log(
    branch: RunningBranch,
) -> None:
    """F53."""
    written = branch.log.stat().st_size

    async def guess() -> None:
        words = hello(branch, "kiosk-1", token=base64.b64encode(os.urandom(32)).decode())
        async with connect(branch.url, compression=None, local_addr=ATTACKER) as socket_:
            with suppress(ConnectionClosed):
                await socket_.send(words)
            assert await close_code(socket_) in (4401, 4429)

    async with open_raw(branch, "kiosk-2") as kiosk:
        # Ten at a time, or most would be turned away as too many before their token is looked at.
        for _ in range(6):
            guesses = [asyncio.create_task(guess()) for _ in range(10)]
            assert await slowest_issue_s(kiosk, 3) < 1
            await asyncio.gather(*guesses)
    assert branch.log.stat().st_size - written < 4_000


async def test_garbage_in_every_form_leaves_the_branch_standing(branch: RunningBranch) -> None:
    """F42: good frames with bytes changed, cut or doubled; each is answered or closed."""
    dice = random.Random(42)
    good = [
        hello(branch, "kiosk-1"),
        issue(),
        json.dumps({"type": "CallNext", "id": str(uuid4()), "finish": {"outcome": "solved"}}),
        json.dumps({"type": "ConfirmPrint", "id": str(uuid4()), "job": "x", "outcome": "printed"}),
    ]

    def mutated() -> str:
        text = list(dice.choice(good))
        for _ in range(dice.randint(1, 4)):
            place = dice.randrange(len(text))
            match dice.randrange(4):
                case 0:
                    text[place] = chr(dice.choice([0, 9, 34, 92, 123, 0x202E, 0xFFFF, 0x1F600]))
                case 1:
                    del text[place:]
                case 2:
                    text[place:place] = text[: dice.randrange(40)]
                case _:
                    text[place] = dice.choice(["1e999", "-0", "[[", "null", "9" * 400, "\\ud800"])
            if not text:
                break
        return "".join(text)

    for _ in range(60):
        with suppress(ConnectionClosed):
            async with open_raw(branch, "tv-2") as socket_:
                for _ in range(10):
                    await socket_.send(mutated())
                await answer(socket_)
                socket_.transport.abort()
    async with open_raw(branch, "kiosk-1") as kiosk:
        assert await slowest_issue_s(kiosk, 3) < 1
    assert "Traceback" not in branch.log.read_text()


async def test_broken_frames_of_the_websocket_itself_end_only_their_own_connection(
    branch: RunningBranch,
) -> None:
    """F43: reserved bits, an endless row of fragments, a length of 8 exbibytes, no mask."""
    broken = [
        b"\xf1\x80" + bytes(4),
        frame(TEXT, b"", fin=False) + frame(0, b"", fin=False) * 30_000,
        bytes([0x81, 0xFF]) + struct.pack("!Q", 2**63 - 1) + bytes(8),
        b"\x81\x02{}",
        frame(0x8, b"\x00"),
        b"\x00" * 4096,
    ]
    for nonsense in broken:
        with closing(raw_websocket(branch)) as peer:
            push(peer, nonsense, 0)
            peer.settimeout(5)
            with suppress(OSError):
                peer.sendall(nonsense)
                while peer.recv(4096):
                    pass
    async with open_raw(branch, "kiosk-1") as kiosk:
        assert await slowest_issue_s(kiosk, 3) < 1


async def test_another_program_that_locks_the_database_is_waited_for_and_nothing_is_lost(
    branch: RunningBranch,
) -> None:
    """F05: two seconds of patience, a reason that asks for a retry, and the same id once more."""
    async with open_raw(branch, "kiosk-1") as kiosk:
        with closing(sqlite3.connect(branch.data / "branch.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            command_id = str(uuid4())
            await kiosk.send(issue(command_id))
            refused = await answer(kiosk)
            assert (refused["reason"], refused["id"]) == ("try-again", command_id)
            other.execute("ROLLBACK")
        await kiosk.send(issue(command_id))
        number = (await answer(kiosk, "Accepted"))["ticket"]["number"]
    held = branch.rows(f"SELECT count(*) FROM ticket WHERE number = '{number}'")
    assert held == [(1,)]


def test_a_second_server_on_the_same_folder_is_refused_with_a_sentence(
    branch: RunningBranch,
) -> None:
    """F09."""
    second = subprocess.run(
        [sys.executable, "-m", "server", "--data", str(branch.data), "--port", "0"],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert second.returncode == 4
    assert "Another antrean-server" in second.stderr
    assert "Traceback" not in second.stderr


async def test_without_a_free_handle_the_branch_goes_on_and_says_so_once(tmp_path: Path) -> None:
    """F11: 48 handles in all, and 100 sockets at the door."""
    branch = RunningBranch(tmp_path / "data").add_devices("kiosk", "kiosk-1")
    branch.configure(limits__commands_per_s=0)
    own = resource.getrlimit(resource.RLIMIT_NOFILE)
    with branch:
        resource.prlimit(branch.process.pid, resource.RLIMIT_NOFILE, (48, own[1]))
        async with open_raw(branch, "kiosk-1") as kiosk:
            peers = [socket.create_connection(("127.0.0.1", branch.port)) for _ in range(100)]
            await asyncio.sleep(0.3)  # until the loop has met the limit
            assert await slowest_issue_s(kiosk, 5) < 0.5
            for peer in peers:
                peer.close()
        log = branch.log.read_text()
        assert log.count("no file handle is left") == 1
        assert len(log) < 5_000


async def test_an_old_frame_played_again_by_somebody_else_has_no_effect(
    branch: RunningBranch,
) -> None:
    """F46: an id belongs to its device."""
    recorded = issue()
    async with open_raw(branch, "kiosk-1") as kiosk:
        await kiosk.send(recorded)
        first: dict[str, Any] = await answer(kiosk, "Accepted")
    async with open_raw(branch, "kiosk-2") as thief:
        await thief.send(recorded)
        assert (await answer(thief))["reason"] == "id-reused"
    async with open_raw(branch, "kiosk-1") as kiosk:
        await kiosk.send(recorded)
        assert await answer(kiosk, "Accepted") == first
