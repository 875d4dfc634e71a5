"""kill -9 in the middle of a burst: what was acknowledged is there once, and numbers are dense."""

import asyncio
import random
import re
from collections import defaultdict
from pathlib import Path
from uuid import UUID

import pytest

from protocol.messages import Accepted, IssueTicket
from protocol.messages import Ticket as TicketView
from protocol.session import LinkState
from tests.running_branch import RunningBranch
from tests.wire_client import WireClient

KIOSKS = 8
CYCLES, CYCLES_LONG = 100, 1_000
SERVICES = "ABCDEF"
# Long enough for a hundred tickets, short enough that most kills fall into a commit.
BURST_S = (0.01, 0.06)


class Kiosk:
    """A kiosk that asks for one ticket after the other and keeps every answer."""

    def __init__(self, client: WireClient, chance: random.Random, gate: asyncio.Event) -> None:
        self.client = client
        self._chance = chance
        self._gate = gate
        self.acknowledged: dict[UUID, TicketView] = {}
        self.closing = False

    async def work(self) -> None:
        while not self.closing:
            await self._gate.wait()
            command = IssueTicket(id=self.client.new_id(), service=self._chance.choice(SERVICES))
            answer = await self.client.ask(command, timeout_s=60)
            assert isinstance(answer, Accepted), answer
            assert isinstance(answer.ticket, TicketView)
            self.acknowledged[command.id] = answer.ticket


@pytest.mark.timeout(600)
async def test_no_acknowledged_ticket_is_lost_or_given_twice(
    tmp_path: Path, long_run: bool
) -> None:
    """Laws I1, I2, I6, I8 and I13 under fault F01, on the real server and a real file."""
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)
    names = [f"kiosk-{number}" for number in range(1, KIOSKS + 1)]
    branch = RunningBranch(tmp_path / "data").add_devices("kiosk", *names)
    branch.configure(limits__commands_per_s=0)
    with branch:
        gate = asyncio.Event()
        kiosks = [Kiosk(branch.client(name), chance, gate) for name in names]
        for kiosk in kiosks:
            await kiosk.client.connect()
        workers = [asyncio.create_task(kiosk.work()) for kiosk in kiosks]
        for _ in range(CYCLES_LONG if long_run else CYCLES):
            gate.set()
            await asyncio.sleep(chance.uniform(*BURST_S))
            branch.kill()
            gate.clear()  # nobody gets ahead of the others while they come back
            await asyncio.to_thread(branch.start)
            await asyncio.gather(*[_come_back(kiosk.client) for kiosk in kiosks])
        for kiosk in kiosks:
            kiosk.closing = True
        gate.set()
        await asyncio.wait_for(asyncio.gather(*workers), 60)
        await _retries_change_nothing(kiosks, chance)
        for kiosk in kiosks:
            await kiosk.client.close()
        branch.stop()
    _check(branch, kiosks, seed)
    branch.command("verify")


async def _come_back(client: WireClient) -> None:
    """Connect at once; a real kiosk takes its time, so that not all of them come together."""
    async with asyncio.timeout(20):
        while client.session.status.state is not LinkState.ONLINE:
            client.retry_now()
            await asyncio.sleep(0.02)


async def _retries_change_nothing(kiosks: list[Kiosk], chance: random.Random) -> None:
    """Law I6: the same id gets the same number again, long after."""
    for kiosk in kiosks:
        for command_id, ticket in chance.sample(list(kiosk.acknowledged.items()), 5):
            again = IssueTicket(id=command_id, service=ticket.service)
            answer = await kiosk.client.ask(again)
            assert isinstance(answer, Accepted)
            assert answer.ticket == ticket


def _check(branch: RunningBranch, kiosks: list[Kiosk], seed: int) -> None:
    acknowledged = [ticket for kiosk in kiosks for ticket in kiosk.acknowledged.values()]
    assert len(acknowledged) > CYCLES, "too few tickets to say anything"
    rows = dict(branch.rows("SELECT id, number FROM ticket"))
    lost = [ticket.number for ticket in acknowledged if rows.get(ticket.id) != ticket.number]
    assert not lost, f"seed {seed}: acknowledged and not there: {lost[:5]}"
    numbers = list(rows.values())
    assert len(set(numbers)) == len(numbers), f"seed {seed}: a number was given twice"
    series: dict[str, list[int]] = defaultdict(list)
    for number in numbers:
        found = re.fullmatch(r"([A-Z]+)(\d{3,})", number)
        assert found, number
        series[found[1]].append(int(found[2]))
    for letter, serials in series.items():
        dense = list(range(1, len(serials) + 1))
        assert sorted(serials) == dense, f"seed {seed}: a gap in series {letter}"
    # Whole or absent: a ticket has its issue event, its first period and its remembered answer.
    (whole,) = branch.rows(
        "SELECT count(*) FROM ticket t"
        " JOIN event e ON e.type = 'TicketIssued' AND json_extract(e.body, '$.ticket') = t.id"
        " JOIN ticket_period p ON p.ticket = t.id AND p.ordinal = 1"
    )
    assert whole == (len(rows),)
    (remembered,) = branch.rows("SELECT count(*) FROM command")
    assert remembered == (len(rows),)
