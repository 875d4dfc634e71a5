"""The tests' own client does over real sockets what a screen's link does."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from protocol.messages import Accepted, IssueTicket, KioskSnapshot
from protocol.session import LinkState
from tests.protocol.session_story import kiosk_snapshot
from tests.ui.wire_server import WireServer
from tests.wire_client import LinkRefusedError, WireClient


@pytest.fixture
def server(free_port: Callable[[], int]) -> Iterator[WireServer]:
    with WireServer(free_port()) as server:
        yield server


def client(server: WireServer) -> WireClient:
    return WireClient(
        f"ws://127.0.0.1:{server.port}/", role="kiosk", device="kiosk-1", token="secret"
    )


async def test_it_connects_asks_and_takes_notices_by_kind(server: WireServer) -> None:
    async with client(server) as kiosk:
        command = IssueTicket(id=kiosk.new_id(), service="A")
        assert await kiosk.ask(command) == Accepted(id=command.id, revision=1)
        server.tell(kiosk_snapshot(4), kiosk_snapshot(7))
        newest = await kiosk.notice(KioskSnapshot, where=lambda notice: notice.revision > 4)
        assert newest.revision == 7
        assert list(kiosk.notices) == [kiosk_snapshot(4)]
    assert kiosk.unreadable == []


async def test_a_command_survives_a_cut_and_a_restart_of_the_server(server: WireServer) -> None:
    async with client(server) as kiosk:
        await kiosk.lose_connection()
        first = IssueTicket(id=kiosk.new_id(), service="A")
        assert isinstance(await kiosk.ask(first), Accepted)
        server.stop()
        await kiosk.until(lambda: kiosk.session.status.state is LinkState.LOST)
        server.start()
        second = IssueTicket(id=kiosk.new_id(), service="A")
        assert isinstance(await kiosk.ask(second), Accepted)
    assert server.commands == [first, second]


async def test_a_refusal_is_raised(server: WireServer) -> None:
    server.refuses_with = 4401
    with pytest.raises(LinkRefusedError, match="bad-token"):
        async with client(server):
            pass


async def test_it_leaves_with_a_goodbye(server: WireServer) -> None:
    async with client(server) as kiosk:
        await kiosk.ask(IssueTicket(id=kiosk.new_id(), service="A"))
    # The server notes it in a thread of its own.
    async with asyncio.timeout(10):
        while server.last_close_code is None:
            await asyncio.sleep(0.01)
    assert server.last_close_code == 1000


async def test_waiting_has_an_end(server: WireServer) -> None:
    server.is_answering = False
    async with client(server) as kiosk:
        with pytest.raises(TimeoutError):
            await kiosk.notice(KioskSnapshot, timeout_s=0.1)
        with pytest.raises(TimeoutError):
            await kiosk.ask(IssueTicket(id=kiosk.new_id(), service="A"), timeout_s=0.1)
