"""What happens in a running branch while nobody asks for anything."""

from pathlib import Path
from uuid import uuid4

from protocol.messages import (
    Accepted,
    AnyCommand,
    CallNext,
    HallSnapshot,
    IssueTicket,
    OpenCounter,
    ParkTicket,
    QueueSnapshot,
    SignIn,
    Ticket,
    TransferTicket,
)
from tests.running_branch import PIN, RunningBranch
from tests.wire_client import WireClient


async def accepted(client: WireClient, command: AnyCommand) -> Accepted:
    answer = await client.ask(command)
    assert isinstance(answer, Accepted), answer
    return answer


async def test_a_transfer_falls_back_and_a_parked_number_rings_while_nobody_asks(
    tmp_path: Path,
) -> None:
    branch = RunningBranch(tmp_path / "data")
    branch.add_devices("counter", "counter-1").add_devices("manager", "office-1")
    branch.add_staff("rina")
    branch.configure(transfer__fallback_s=1, park__alarm_s=1)
    with branch:
        async with branch.client("counter-1") as desk, branch.client("office-1") as office:
            await accepted(desk, SignIn(id=uuid4(), staff="rina", pin=PIN, counter=1))
            await accepted(desk, OpenCounter(id=uuid4()))
            tickets = []
            for _ in range(2):
                answer = await accepted(desk, IssueTicket(id=uuid4(), service="A"))
                assert isinstance(answer.ticket, Ticket)
                tickets.append(answer.ticket.id)
            handed, parked = tickets
            await accepted(
                desk, TransferTicket(id=uuid4(), ticket=handed, counter=2, position="last")
            )
            await accepted(desk, CallNext(id=uuid4()))
            await accepted(desk, ParkTicket(id=uuid4(), ticket=parked, reason="documents"))
            rung = await office.notice(
                HallSnapshot,
                where=lambda hall: any(one.code == "park-alarm" for one in hall.alerts),
            )
            assert rung.totals.parked == 1
            seen = await desk.notice(
                QueueSnapshot, where=lambda mine: [one.ticket for one in mine.line] == [handed]
            )
            assert seen.total == 1
