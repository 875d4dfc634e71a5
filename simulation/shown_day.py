"""The rest of the branch beside the windows of the demo, at the pace of its fast clock.

Visitors take numbers at a second kiosk or from the officer at the door, and frontliners work the
other counters, all over real connections; so whoever tries the windows finds people in the line
and colleagues beside them.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from protocol.messages import (
    Accepted,
    AnyCommand,
    CallNext,
    CancelTicket,
    CloseCounter,
    ConfirmPrint,
    Finish,
    FinishService,
    IssueTicket,
    Notice,
    OpenCounter,
    PauseCounter,
    QueueSnapshot,
    RecallTicket,
    RecordNoShow,
    SignIn,
    SlipToPrint,
    StartService,
    Ticket,
    TicketToPrint,
)
from protocol.roles import DeviceRole
from simulation.arrivals import Visit
from simulation.day import went_home
from simulation.demo_branch import CALLS_H, PIN, TAKES_NUMBERS_H, DemoBranch, staff_of
from simulation.door_officer import (
    DOOR,
    DOOR_SHARE,
    DoorOfficer,
    branch_instant,
    others_of_day,
)
from simulation.headless_day import HABITS, TOLD_S
from simulation.link import SimulatedDevice
from simulation.people import CounterSight, Frontliner, Move

KIOSK = "kiosk-2"
PAPER_S = 1.0
"""How long the simulated kiosk's paper takes, in real seconds."""
LOOKS_S = 20.0
"""How often an idle frontliner looks at the line, in the branch's seconds."""


def counter_device(number: int) -> str:
    """The name of the device at a counter."""
    return f"counter-{number}"


class FastClock:
    """The branch's seconds since opening, ``speed`` times as many as real ones."""

    def __init__(self, speed: float, starts_s: float) -> None:
        """``starts_s`` is what it shows now, negative before the opening."""
        self._speed = speed
        self._began_s = time.monotonic() - starts_s / speed

    @property
    def now_s(self) -> float:
        """Seconds of the branch since it opened."""
        return (time.monotonic() - self._began_s) * self._speed

    async def until(self, at_s: float) -> None:
        """Sleep until the branch's clock shows so many seconds since opening."""
        await asyncio.sleep(max(0.0, (at_s - self.now_s) / self._speed))

    async def sleep(self, branch_s: float) -> None:
        """Sleep for so many of the branch's seconds."""
        await asyncio.sleep(branch_s / self._speed)


class ShownDay:
    """The other visitors and frontliners of one day."""

    def __init__(
        self,
        branch: DemoBranch,
        url: str,
        counters: Sequence[int],
        visits: Sequence[Visit],
        random: Random,
        clock: FastClock,
        new_id: Callable[[], UUID],
    ) -> None:
        self._branch, self._url, self._counters = branch, url, counters
        self._visits, self._random = visits, random
        self._visitors: dict[str, tuple[Visit, float]] = {}
        self.clock = clock
        self._new_id = new_id

    async def run(self) -> None:
        """Until the kiosks give no more numbers; raises nothing but bugs."""
        async with AsyncExitStack() as stack:
            kiosk = await stack.enter_async_context(self._device(DeviceRole.KIOSK, KIOSK))
            door = await stack.enter_async_context(self._device(DeviceRole.SCREENING, DOOR))
            officer = DoorOfficer(door, Random(self._random.getrandbits(64)), KIOSK)
            await officer.sign_in()
            people = [self._colleague(stack, number) for number in self._counters]
            people.append(self._send_others_away(officer))
            working = [asyncio.create_task(work) for work in people]
            try:
                await self._take_numbers(kiosk, officer)
                await self.clock.until(TAKES_NUMBERS_H * 3600)
            finally:
                for task in working:
                    task.cancel()
                ends = await asyncio.gather(*working, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception):
                raise end

    def _device(self, role: DeviceRole, name: str) -> SimulatedDevice:
        return SimulatedDevice(self._url, role, name, self._branch.tokens[name], self._new_id)

    # Visitors.

    async def _take_numbers(self, kiosk: SimulatedDevice, officer: DoorOfficer) -> None:
        papers: set[asyncio.Task[Any]] = set()

        def on_notice(notice: Notice) -> None:
            if isinstance(notice, TicketToPrint | SlipToPrint):
                papers.add(task := asyncio.create_task(self._print(kiosk, notice)))
                task.add_done_callback(papers.discard)

        kiosk.on_notice = on_notice
        await kiosk.online()
        for visit in self._visits:
            await self.clock.until(visit.arrives_s)
            if self._random.random() < DOOR_SHARE:
                given = await officer.give_number(visit, self._now)
                self._visitors[given.ticket] = (given.visit, self.clock.now_s)
                continue
            answer = await kiosk.ask(
                IssueTicket(
                    id=kiosk.new_id(),
                    service=visit.service,
                    priority=visit.priority,  # type: ignore[arg-type]  # one of PRIORITIES
                    language=visit.language,
                )
            )
            if isinstance(answer, Accepted) and isinstance(answer.ticket, Ticket):
                self._visitors[answer.ticket.id] = (visit, self.clock.now_s)

    async def _send_others_away(self, officer: DoorOfficer) -> None:
        last_s = (TAKES_NUMBERS_H - 0.5) * 3600
        for at_s, kind in others_of_day(self._random, len(self._visits), last_s):
            await self.clock.until(at_s)
            await officer.send_away(self._now, kind)

    @property
    def _now(self) -> datetime:
        return branch_instant(self._branch.opens_at_ms + self.clock.now_s * 1000)

    async def _print(self, kiosk: SimulatedDevice, paper: TicketToPrint | SlipToPrint) -> None:
        await asyncio.sleep(PAPER_S)
        await kiosk.ask(ConfirmPrint(id=kiosk.new_id(), job=paper.job, outcome="printed"))

    # Frontliners.

    async def _colleague(self, stack: AsyncExitStack, number: int) -> None:
        name = counter_device(number)
        device = await stack.enter_async_context(self._device(DeviceRole.COUNTER, name))
        staff, _ = staff_of(number)
        person = Colleague(device, Frontliner(staff, PIN, number, HABITS))
        await device.online()
        while True:
            move = self._decide(person)
            is_over = self.clock.now_s + move.after_s >= CALLS_H * 3600
            if is_over and person.ticket is None:
                await person.do("close")
                return
            if is_over and move.name == "next":
                move = Move("finish", move.after_s)
            await self.clock.sleep(move.after_s)
            await person.do(move.name)

    def _decide(self, person: "Colleague") -> Move:
        if person.ticket is None:
            waits = person.sight.waiting > 0
            move = person.habits.next_move(person.sight, self._random)
            return move if waits or move.name != "next" else Move("look", LOOKS_S)
        visit, since_s = self._visitors.get(person.ticket.id, (None, 0.0))
        called = person.ticket.state == "called"
        if visit is None:  # a number that somebody took at the kiosk on the screen
            return person.habits.next_move(person.sight, self._random)
        if called and went_home(visit, self.clock.now_s - since_s):
            return Move("cancel", TOLD_S)
        return person.habits.next_move(
            person.sight,
            self._random,
            shows_up=visit.shows_up,
            walk_s=visit.walk_s,
            service_s=visit.service_s,
        )


class Colleague:
    """A simulated frontliner at a simulated counter program."""

    def __init__(self, device: SimulatedDevice, habits: Frontliner) -> None:
        self.habits = habits
        self._device = device
        self._snapshot: QueueSnapshot | None = None
        self._is_seated = False
        self.ticket: Ticket | None = None
        device.on_notice = self._hear

    @property
    def sight(self) -> CounterSight:
        """What this person sees on the screen."""
        snapshot, ticket = self._snapshot, self.ticket
        counter = snapshot.counter if snapshot is not None else None
        return CounterSight(
            self._is_seated,
            counter.state if counter is not None else "",
            ticket.state if ticket is not None else "",
            snapshot.total if snapshot is not None else 0,
            ticket.call_count if ticket is not None else 0,
        )

    async def do(self, name: str) -> None:
        """One move; a refusal (somebody else was quicker) is seen in the next snapshot."""
        command = self._command(name)
        if command is None:
            return
        answer = await self._device.ask(command)
        if isinstance(answer, Accepted):
            if name == "sign-in":
                self._is_seated = True
            elif isinstance(answer.ticket, Ticket) or answer.ticket is None:
                self._hold(answer.ticket)

    def _hold(self, ticket: Ticket | None) -> None:
        self.ticket = ticket if ticket is not None and ticket.state in HELD else None

    def _hear(self, notice: Notice) -> None:
        if isinstance(notice, QueueSnapshot):
            self._snapshot = notice
            self._hold(notice.ticket)

    def _command(self, name: str) -> AnyCommand | None:
        new_id, ticket = self._device.new_id(), self.ticket
        finish = Finish(outcome="solved")
        plain: Mapping[str, AnyCommand] = {
            "sign-in": SignIn(
                id=new_id, staff=self.habits.staff, pin=self.habits.pin, counter=self.habits.counter
            ),
            "open": OpenCounter(id=new_id),
            "close": CloseCounter(id=new_id),
            "pause": PauseCounter(id=new_id, reason=self._choice("pause_reason")),
            "next": CallNext(id=new_id, finish=finish if ticket is not None else None),
        }
        if name in plain or ticket is None:
            return plain.get(name)
        about: Mapping[str, AnyCommand] = {
            "recall": RecallTicket(id=new_id, ticket=ticket.id),
            "start": StartService(id=new_id, ticket=ticket.id),
            "finish": FinishService(id=new_id, ticket=ticket.id, outcome="solved"),
            "no-show": RecordNoShow(id=new_id, ticket=ticket.id),
            "cancel": CancelTicket(
                id=new_id, ticket=ticket.id, reason=self._choice("cancel_reason")
            ),
        }
        return about.get(name)

    def _choice(self, field: str) -> str:
        welcome = self._device.welcome
        assert welcome is not None
        return str(getattr(welcome.choices, field)[0].code)


HELD = ("called", "serving")
