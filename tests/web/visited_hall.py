"""A hall that visitors come to while a browser looks at their pages: real server, real pages.

The devices live in a loop of their own thread, so that a test may drive a browser beside them.
"""

import asyncio
import shutil
import threading
from collections.abc import Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar
from uuid import uuid4

import httpx

from db.engine import sqlite_url
from protocol import messages as m
from protocol.roles import DeviceRole, StaffRole
from server.adapters.clock import wall_ms
from server.administration.devices import add_devices
from server.administration.settings import set_setting
from server.administration.staff import add_staff
from server.store import Store
from tests.running_branch import PIN, RunningBranch
from tests.web.running_pages import RunningPages
from tests.wire_client import WireClient

DEVICES = {
    DeviceRole.KIOSK: ["kiosk-1"],
    DeviceRole.COUNTER: ["counter-1", "counter-3"],
    DeviceRole.SCREENING: ["screening-1"],
    DeviceRole.MANAGER: ["manager-1"],
    DeviceRole.WEB: ["web-1"],
}
PEOPLE = dict.fromkeys(("sari", "rina"), StaffRole.FRONTLINER)
PEOPLE |= dict.fromkeys(("wati", "agus"), StaffRole.MANAGER)
_T = TypeVar("_T")


def founded_branch(data: Path, **settings: str) -> RunningBranch:
    """Devices and people without fifteen starts of a program; not started yet."""
    branch = RunningBranch(data)
    data.mkdir(parents=True)
    with Store.open(sqlite_url(data / "branch.db")) as store:
        for role, names in DEVICES.items():
            branch.tokens |= dict(add_devices(store, names, role, None, wall_ms()))
            branch.roles |= dict.fromkeys(names, role.value)
        for code, role_of in PEOPLE.items():
            add_staff(store, code, code.title(), role_of, PIN, wall_ms())
        # Bursts of a test must not be taken for a broken device.
        for name, value in {"limits.commands_per_s": "0", **settings}.items():
            set_setting(store, name.replace("__", "."), value)
    return branch


def copied(founded: RunningBranch, data: Path, **settings: str) -> RunningBranch:
    """The same branch in a folder of its own."""
    copy = RunningBranch(data)
    shutil.copytree(founded.data, copy.data)
    copy.tokens, copy.roles = dict(founded.tokens), dict(founded.roles)
    with Store.open(sqlite_url(copy.data / "branch.db")) as store:
        for name, value in settings.items():
            set_setting(store, name.replace("__", "."), value)
    return copy


class VisitedHall:
    """A running branch with its devices; ``url`` is where its pages are."""

    def __init__(self, branch: RunningBranch, pages: RunningPages) -> None:
        self.branch, self.pages = branch, pages
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._clients: dict[str, WireClient] = {}
        self._taken: list[m.Ticket] = []
        self._visitors = 0

    @property
    def url(self) -> str:
        """Where the pages are."""
        return self.pages.url

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.quit()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def quit(self) -> None:
        """All devices hang up; they come back when they are asked again."""
        for client in self._clients.values():
            self._do(client.close())
        self._clients.clear()

    def ask(self, device: str, command: m.AnyCommand) -> m.Accepted:
        """Say a word from a device; it must be done."""
        answer = self.try_(device, command)
        assert isinstance(answer, m.Accepted), answer
        return answer

    def visitor(self) -> httpx.Client:
        """Somebody with an address of their own (all of 127/8 is this machine)."""
        self._visitors += 1
        transport = httpx.HTTPTransport(local_address=f"127.0.1.{self._visitors}")
        return httpx.Client(base_url=self.url, transport=transport, timeout=20)

    def try_(self, device: str, command: m.AnyCommand) -> m.Accepted | m.Rejected:
        """Say a word from a device, whatever comes of it."""
        return self._do(self._client(device).ask(command))

    def inquire(self, device: str, query: m.Query) -> m.Answer | m.Rejected:
        """Ask what changes nothing."""
        return self._do(self._client(device).inquire(query))

    # What happens in a hall.

    def take(self, service: str = "A", **more: Any) -> m.Ticket:
        """Somebody takes a number at the kiosk."""
        word = m.IssueTicket(id=uuid4(), service=service, **more)
        self._taken.append(_ticket(self.ask("kiosk-1", word)))
        return self._taken[-1]

    def empty(self, device: str) -> None:
        """Everybody goes home, whatever became of them."""
        for one in self._taken:
            for word in (
                m.StartService(id=uuid4(), ticket=one.id),
                m.FinishService(id=uuid4(), ticket=one.id, outcome="solved"),
                m.CancelTicket(id=uuid4(), ticket=one.id, reason="visitor-left"),
            ):
                self.try_(device, word)
        self._taken.clear()

    def open_counter(self, number: int, staff: str) -> str:
        """Somebody sits down there and opens; the device's name."""
        device = f"counter-{number}"
        self.ask(device, m.SignIn(id=uuid4(), staff=staff, pin=PIN, counter=number))
        self.ask(device, m.OpenCounter(id=uuid4()))
        return device

    def call_next(self, device: str) -> m.Ticket:
        """Next, please."""
        return _ticket(self.ask(device, m.CallNext(id=uuid4())))

    def serve(self, device: str) -> m.Ticket:
        """Call the next one, serve and finish."""
        ticket = self.call_next(device)
        self.start(device, ticket)
        self.finish(device, ticket)
        return ticket

    def start(self, device: str, ticket: m.Ticket) -> None:
        """The visitor is there."""
        self.ask(device, m.StartService(id=uuid4(), ticket=ticket.id))

    def finish(self, device: str, ticket: m.Ticket) -> None:
        """The visitor was served."""
        self.ask(device, m.FinishService(id=uuid4(), ticket=ticket.id, outcome="solved"))

    def _client(self, device: str) -> WireClient:
        if device not in self._clients:
            self._clients[device] = self._do(self._connected(device))
        return self._clients[device]

    async def _connected(self, device: str) -> WireClient:
        client = self.branch.client(device)
        await client.connect()
        return client

    def _do(self, work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)


def secret_of(ticket: m.Ticket) -> str:
    """The link of a ticket's QR without the address before it."""
    assert ticket.link is not None
    return ticket.link.rpartition("/t/")[2]


def _ticket(answer: m.Accepted) -> m.Ticket:
    assert isinstance(answer.ticket, m.Ticket), answer
    return answer.ticket


@contextmanager
def visited_hall(branch: RunningBranch, *options: str) -> Iterator[VisitedHall]:
    """The branch, its pages and its devices, until the end of the context."""
    with ExitStack() as stack:
        stack.enter_context(branch)
        pages = stack.enter_context(RunningPages(branch, options=options))
        yield stack.enter_context(VisitedHall(branch, pages))
