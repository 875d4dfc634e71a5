"""A morning in a small hall: numbers taken, called, served, missed and still waiting."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from protocol.messages import (
    Accepted,
    CallNext,
    FinishService,
    IssueTicket,
    OpenCounter,
    RateService,
    SignIn,
    StartService,
)
from tests.running_branch import PIN, RunningBranch
from tests.wire_client import WireClient

_T = TypeVar("_T")
Told = dict[str, str]
"""Numbers of the day by what became of them."""


async def take(kiosk: WireClient, service: str) -> str:
    """A number; gives its ticket's id."""
    done = await kiosk.ask(IssueTicket(id=kiosk.new_id(), service=service))
    assert isinstance(done, Accepted), done
    assert done.ticket
    return done.ticket.id


async def sit_down(client: WireClient, staff: str, counter: int) -> None:
    """Signed in, and the counter open."""
    signed_in = await client.ask(SignIn(id=client.new_id(), staff=staff, pin=PIN, counter=counter))
    assert isinstance(signed_in, Accepted), signed_in
    assert isinstance(await client.ask(OpenCounter(id=client.new_id())), Accepted)


async def serve_one(client: WireClient, *, rate: int | None = None) -> str:
    """Call, start, finish; the ticket's id."""
    called = await client.ask(CallNext(id=client.new_id()))
    assert isinstance(called, Accepted), called
    assert called.ticket
    ticket = called.ticket.id
    started = await client.ask(StartService(id=client.new_id(), ticket=ticket))
    assert isinstance(started, Accepted), started
    done = await client.ask(FinishService(id=client.new_id(), ticket=ticket, outcome="solved"))
    assert isinstance(done, Accepted), done
    if rate is not None:
        rated = await client.ask(RateService(id=client.new_id(), ticket=ticket, score=rate))
        assert isinstance(rated, Accepted), rated
    return ticket


async def morning(branch: RunningBranch, *, people: int = 12) -> Told:
    """Some are served, one is at the counter, the others wait; who is there stays signed in."""
    async with (
        branch.client("kiosk-1") as kiosk,
        branch.client("counter-1") as one,
        branch.client("counter-2") as two,
    ):
        services = [info.code for info in kiosk.welcome.services][:4]  # type: ignore[union-attr]
        taken = [await take(kiosk, services[at % len(services)]) for at in range(people)]
        await sit_down(one, "staff-1", 1)
        await sit_down(two, "staff-2", 2)
        served = await serve_one(one, rate=4)
        await serve_one(one, rate=3)
        await serve_one(two)
        called = await two.ask(CallNext(id=two.new_id()))
        assert isinstance(called, Accepted)
        assert called.ticket
        await two.ask(StartService(id=two.new_id(), ticket=called.ticket.id))
        return {"served": served, "serving": called.ticket.id, "waiting": taken[-1]}


def morning_of(branch: RunningBranch, *, people: int = 12) -> Told:
    """The same for who has no loop; once for each branch."""
    return in_own_loop(morning(branch, people=people))


def in_own_loop(story: Coroutine[Any, Any, _T]) -> _T:
    """Run it to its end in another thread: the browser's own loop runs in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, story).result(60)
