"""The end of the phone page, by the branch's own clock (F55)."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx

from protocol import messages as m
from simulation.programs import PagesProgram, ServerProgram
from tests.running_branch import PIN, RunningBranch
from tests.web.visited_hall import founded_branch, secret_of
from tests.wire_client import WireClient


async def test_the_page_dies_one_hour_after_the_close(tmp_path: Path) -> None:
    """F55: alive until close + 1 h by the branch's clock, then the page of unknown links."""
    branch = founded_branch(tmp_path / "data")
    start = datetime.fromisoformat("2026-11-23T09:00:00+07:00")
    server = ServerProgram(
        branch.data,
        ["--simulated-clock", "--clock-start", start.isoformat()],
        tmp_path / "server.log",
    )
    await server.start()
    pages = PagesProgram(
        [
            *("--server", server.url, "--data", str(branch.data), "--port", "0"),
            *("--device", "web-1", "--token", branch.tokens["web-1"]),
        ],
        tmp_path / "web.log",
    )
    await pages.start()
    try:
        async with (
            _client(branch, server, "kiosk-1") as kiosk,
            _client(branch, server, "manager-1") as manager,
            httpx.AsyncClient(base_url=pages.url, timeout=20) as phone,
        ):
            taken = await kiosk.ask(m.IssueTicket(id=uuid4(), service="A"))
            assert isinstance(taken, m.Accepted)
            assert isinstance(taken.ticket, m.Ticket)
            link = f"/t/{secret_of(taken.ticket)}"
            dead = await phone.get(f"/t/{'x' * 22}")
            assert (await phone.get(link)).status_code == 200
            await manager.ask(m.SignIn(id=uuid4(), staff="wati", pin=PIN))
            closed = await manager.ask(m.CloseBranchDay(id=uuid4()))
            assert isinstance(closed, m.Accepted), closed
            after = await phone.get(link)
            assert after.status_code == 200
            assert 'data-view="expired"' in after.text
            hour = timedelta(hours=1)
            await server.step_to(_ms(start + hour - timedelta(seconds=1)))
            assert (await phone.get(link)).status_code == 200
            await server.step_to(_ms(start + hour))
            over = await phone.get(link)
            assert (over.status_code, over.content) == (404, dead.content)
            for path in ("state", "stream", "cancel", "survey"):
                assert (await phone.get(f"{link}/{path}")).content == dead.content
    finally:
        await pages.end()
        await server.end()


def _client(branch: RunningBranch, server: ServerProgram, device: str) -> WireClient:
    return WireClient(
        server.url, role=branch.roles[device], device=device, token=branch.tokens[device]
    )


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
