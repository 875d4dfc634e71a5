"""A whole branch day through the real programs without a screen, as fast as they answer.

Numbers are taken by presses in the kiosk program or given by the officer at the door, and every
call, start, end and no-show is a key in a counter program. The clock stands still while a program
is at work and jumps between; so a seed tells the same day again.
"""

import asyncio
import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random
from typing import Any

from counter.actions import ACTIONS
from simulation.arrivals import Visit
from simulation.day import hour_words, went_home
from simulation.demo_branch import CALLS_H, OPENS_AT_H, PIN, TAKES_NUMBERS_H, DemoBranch, staff_of
from simulation.door_officer import (
    CODE_SHARE,
    DOOR_SHARE,
    DoorOfficer,
    branch_instant,
    others_of_day,
)
from simulation.people import CALLS_LEAST, CounterSight, Frontliner, Habits, Move
from simulation.programs import DrivenProgram, ProgramFailedError, ServerProgram

HABITS = Habits(parks=0.0, transfers=0.0, cancels=0.0)
"""The counter program has no key for parking and transfers; who goes home is in the day's plan."""

LOOKS_AGAIN_S = 3.0
TOLD_S = 20.0
"""How long it takes until somebody says that the person who was called has gone home."""

SAID = {"name": "remark", "pattern": "."}
"""After every answer of the server the counter says in its remark line what was done."""

Say = Callable[[str], None]
Deed = Callable[[], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody with a number."""

    visit: Visit
    since_s: float


class Kiosk:
    """The kiosk program and the fingers in front of it."""

    def __init__(self, program: DrivenProgram) -> None:
        self._program = program
        self._leaving: asyncio.Task[None] | None = None

    async def take_number(self, service: str) -> str:
        """From the first touch to the number on the screen."""
        await self.rest()
        program = self._program
        await program.wait(page="idle", name="start", enabled=True)
        await program.ask("press", name="start")
        await program.wait(page="services")
        await program.ask("press", name=f"service-{service}")
        # Whoever is in the office here wants to be served in the office.
        if (await program.ask("look"))["page"] == "home":
            await program.ask("press", name="home-take")
        return await self._see_number()

    async def _see_number(self) -> str:
        seen = await self._program.wait(page="issued", name="number", pattern=r"\d")
        # The next person at a counter need not wait until this visitor has stepped aside.
        self._leaving = asyncio.create_task(self._leave(), name="visitor leaves the kiosk")
        return str(seen["text"])

    async def take_number_with(self, code: str) -> str:
        """The same with the code on the officer's slip."""
        await self.rest()
        program = self._program
        await program.wait(page="idle", name="start", enabled=True)
        await program.ask("press", name="start")
        await program.wait(page="services", name="code", enabled=True)
        await program.ask("press", name="code")
        await program.wait(page="code")
        for digit in code:
            await program.ask("press", name=f"code-{digit}")
        await program.wait(name="code-ok", enabled=True)
        await program.ask("press", name="code-ok")
        return await self._see_number()

    async def rest(self) -> None:
        """Wait until nobody stands there and the paper is out."""
        if self._leaving is not None:
            leaving, self._leaving = self._leaving, None
            await leaving

    async def _leave(self) -> None:
        await self._program.wait(name="paper-progress", gone=True)
        await self._program.ask("press", name="finish")
        await self._program.wait(page="idle")


class Seat:
    """A counter program and the person whose hands are on its keys."""

    def __init__(self, program: DrivenProgram, counter: int, services: Sequence[str]) -> None:
        staff, _ = staff_of(counter)
        self.person = Frontliner(staff, PIN, counter, HABITS)
        self.counter = counter
        self.services = services
        self.state = ""
        self.number = ""
        self.ticket_state = ""
        self.calls = 0
        self.is_seated = False
        self.rests = False
        self._program = program

    async def do(self, name: str) -> None:
        """One move by keys, until the program says what came of it."""
        match name:
            case "sign-in":
                await self._sign_in()
            case "pause" | "cancel":
                await self._key(ACTIONS[name].key)
                await self._say("1")
            case "finish":
                await self._key(ACTIONS[name].key)
                await self._say("Return")
            case _:
                await self._say(ACTIONS[name].key)
        await self._see()

    def sight(self, waiting: int) -> CounterSight:
        """What this person knows."""
        return CounterSight(self.is_seated, self.state, self.ticket_state, waiting, self.calls)

    async def see_the_end(self) -> None:
        """The day is closed: the program has signed its person out."""
        await self._program.wait(page="sign-in")

    async def _sign_in(self) -> None:
        program = self._program
        await program.wait(name="sign-in", enabled=True)
        await program.ask("type", name="staff", text=self.person.staff)
        await program.ask("type", name="pin", text=self.person.pin)
        await program.ask("press", name="sign-in")
        await program.wait(page="serving", name="counter-state", pattern=".")
        self.is_seated = True

    async def _key(self, keys: str) -> None:
        await self._program.ask("key", keys=keys)

    async def _say(self, keys: str) -> None:
        await self._key(keys)
        await self._program.wait(**SAID)

    async def _see(self) -> None:
        seen = {each["name"]: each["text"] for each in (await self._program.ask("look"))["widgets"]}
        self.state = STATES.get(seen.get("counter-state", ""), "")
        self.number = seen.get("my-number", "")
        self.ticket_state = TICKET_STATES[seen["my-state"]] if self.number else ""
        told = seen.get("call-count", "").rpartition("-")[2]  # "panggilan ke-2"
        # A crowded card gives its count of calls up: who cannot see it takes it for enough, or
        # would call somebody who went home until midnight.
        self.calls = int(told) if told.isdigit() else CALLS_LEAST


# The programs speak Indonesian here, as in a branch.
STATES: Mapping[str, str] = {"Buka": "open", "Istirahat": "paused", "Tutup": "closed"}
TICKET_STATES: Mapping[str, str] = {"Dipanggil": "called", "Dilayani": "serving"}


class HeadlessDay:
    """One day, event after event; ``run`` returns when the day is closed."""

    def __init__(
        self,
        branch: DemoBranch,
        server: ServerProgram,
        kiosk: DrivenProgram,
        counters: Mapping[int, DrivenProgram],
        officer: DoorOfficer,
        visits: Sequence[Visit],
        random: Random,
        say: Say,
    ) -> None:
        self._officer = officer
        self._branch, self._server, self._say, self._random = branch, server, say, random
        self._kiosk = Kiosk(kiosk)
        self._seats = [
            Seat(program, number, branch.counters[number]) for number, program in counters.items()
        ]
        self._visits = visits
        self._visitors: dict[str, Waiting] = {}
        self._line: Counter[str] = Counter()
        self._taken = self._served = 0
        self._due: list[tuple[float, int, Deed]] = []
        self._order = itertools.count()
        self._now_s = 0.0
        self._hour = OPENS_AT_H

    async def run(self) -> None:
        """From the first sign-in to the midnight after."""
        await asyncio.gather(self._officer.sign_in(), *(seat.do("sign-in") for seat in self._seats))
        for place, seat in enumerate(self._seats):
            self._plan(float(place), partial(self._go_on, seat))
        for visit in self._visits:
            self._plan(visit.arrives_s, partial(self._arrive, visit))
        self._plan_others()
        while self._due:
            at_s, _, deed = heapq.heappop(self._due)
            await self._step_to(at_s)
            await deed()
        await self._close_day()

    # The door.

    def _plan_others(self) -> None:
        """Those who take no number, and one who complains."""
        last_s = (TAKES_NUMBERS_H - 0.5) * 3600
        for at_s, kind in others_of_day(self._random, len(self._visits), last_s):
            self._plan(at_s, partial(self._send_away, kind))
        self._plan(CALLS_H / 2 * 3600, self._officer.take_complaint)

    async def _send_away(self, kind: str | None) -> None:
        await self._officer.send_away(self._now, kind)

    async def _number_of(self, visit: Visit) -> tuple[str, Visit]:
        """From the officer or from the kiosk, and for which service in the end."""
        chance = self._random.random()
        if chance < DOOR_SHARE * CODE_SHARE:
            code = await self._officer.give_code(visit, self._now)
            return await self._kiosk.take_number_with(code), visit
        if chance < DOOR_SHARE:
            given = await self._officer.give_number(visit, self._now)
            return given.number, given.visit
        return await self._kiosk.take_number(visit.service), visit

    @property
    def _now(self) -> datetime:
        return branch_instant(self._branch.opens_at_ms + self._now_s * 1000)

    # The kiosk.

    async def _arrive(self, visit: Visit) -> None:
        number, visit = await self._number_of(visit)
        self._taken += 1
        self._line[visit.service] += 1
        self._visitors[number] = Waiting(visit, self._now_s)
        for seat in self._seats:
            if seat.rests and visit.service in seat.services:
                seat.rests = False
                self._plan(self._now_s + LOOKS_AGAIN_S, partial(self._go_on, seat))
                return

    # The counters.

    async def _go_on(self, seat: Seat) -> None:
        """Decide what this person does next, and when."""
        waiting = sum(self._line[service] for service in seat.services)
        if self._is_over and not seat.number:
            if seat.state == "open":
                await self._do(seat, "close")
            return
        move = self._next_move(seat, waiting)
        if move.name == "next" and not seat.number and not waiting:
            seat.rests = not self._is_over
            return
        if self._is_over and move.name == "next":
            move = Move("finish", move.after_s)
        self._plan(self._now_s + move.after_s, partial(self._act, seat, move.name))

    async def _act(self, seat: Seat, name: str) -> None:
        if self._is_over and name in ("next", "pause"):
            # Decided before closing time, due after it.
            name = "finish" if seat.number else "close"
        await self._do(seat, name)
        if seat.state == "open" or not self._is_over:
            await self._go_on(seat)

    async def _do(self, seat: Seat, name: str) -> None:
        before = seat.number
        await seat.do(name)
        if before and before != seat.number:
            self._served += name in ("finish", "next")
            del self._visitors[before]
        if seat.number and before != seat.number:
            self._line[self._visitors[seat.number].visit.service] -= 1

    def _next_move(self, seat: Seat, waiting: int) -> Move:
        if not seat.number:
            return seat.person.next_move(seat.sight(waiting), self._random)
        visitor = self._visitors[seat.number]
        visit = visitor.visit
        if seat.ticket_state == "called" and went_home(visit, self._now_s - visitor.since_s):
            return Move("cancel", TOLD_S)
        return seat.person.next_move(
            seat.sight(waiting),
            self._random,
            shows_up=visit.shows_up,
            walk_s=visit.walk_s,
            service_s=visit.service_s,
        )

    # Time.

    @property
    def _is_over(self) -> bool:
        return self._now_s >= CALLS_H * 3600

    def _plan(self, at_s: float, deed: Deed) -> None:
        heapq.heappush(self._due, (at_s, next(self._order), deed))

    async def _step_to(self, at_s: float) -> None:
        while self._hour < OPENS_AT_H + TAKES_NUMBERS_H and at_s >= (self._hour_s + 3600):
            self._hour += 1
            self._tell()
        self._now_s = max(self._now_s, at_s)
        await self._server.step_to(self._branch.opens_at_ms + round(self._now_s * 1000))

    @property
    def _hour_s(self) -> float:
        return (self._hour - OPENS_AT_H) * 3600.0

    def _tell(self) -> None:
        self._say(hour_words(self._hour, self._taken, self._served, self._line.total()))

    async def _close_day(self) -> None:
        """Midnight: who waits still, expires."""
        await self._kiosk.rest()
        unseated = [seat.counter for seat in self._seats if seat.number]
        if unseated:
            raise ProgramFailedError(f"counters {unseated} still hold a ticket at closing time")
        await self._server.step_to(int(self._branch.next_day.timestamp() * 1000))
        await asyncio.gather(*(seat.see_the_end() for seat in self._seats))
