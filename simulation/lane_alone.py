"""The shipped lane and store under the same hands, without network, screens and event loop.

A third of a simulated branch's work for each command, so a night goes through more of them. Nobody
looks at screens here: hands see the day itself, as it was before what is under way. What only a
whole branch can show (links, sessions, models, rooms) is not tried.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import Any, cast
from uuid import UUID

from protocol import messages as m
from protocol.codec import decode_command, decode_server_message, encode
from protocol.roles import DeviceRole
from server.adapters.sealing import KeySealer
from server.commands.handler import Asker
from server.connections import Connections
from server.domain import events as e
from server.domain.branch import Branch
from server.domain.branch_day import BranchDay
from server.domain.seating import Person
from server.greeting import welcome
from server.lane import Ask, Lane
from server.store import StoreBusy
from simulation.arrivals import one_visit
from simulation.at_home import PLACES
from simulation.branch import COUNTERS, KIOSKS, PIN, STARTS_AT_MS, access_of, rules_of
from simulation.browser import SimulatedSteps
from simulation.clock import VirtualLoop, VirtualWall
from simulation.deeds import Deed
from simulation.devices import ASKED_KEPT, CounterDevice, KioskDevice, PlainDevice
from simulation.disk import Disk, DiskFault, MadeUpDiskError, PowerCutError
from simulation.hands import CROWD, Hands
from simulation.misfortunes import seconds_to_next_day
from simulation.offline_kiosk import OfflineKiosk
from simulation.people import CounterSight, Frontliner, hasty_move
from simulation.server_process import KEY_OF_PRACTICE, SeededIds
from simulation.watching import Watcher

GATHERED_MOST = 64
"""So many commands are decided together at most, as when a disk is slow; mostly it is a few."""

THINKING = 0.6
"""A kiosk's other touches, which only choose: else the line would be longer than at a branch."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody at a seat sees, as far as hands look."""

    signed_in: object | None = None
    ticket: object | None = None
    closed: bool = False
    business_date: date | None = None


class Seat:
    """A place from which commands come; it hears its answers as everybody does."""

    is_online = True

    def __init__(self, name: str, role: DeviceRole, branch: "LaneAlone", random: Random) -> None:
        self.name = name
        self.role = role
        self.asker = Asker(name, role)
        self.asked: list[m.AnyCommand] = []
        self.invitations: list[m.RatingInvitation] = []
        self._branch = branch
        self._random = random
        is_kiosk = role is DeviceRole.KIOSK
        self.offline = OfflineKiosk(random, self.new_id) if is_kiosk else None

    @property
    def snapshot(self) -> Seen:
        """The day at this instant."""
        day = self._branch.lane.day
        seat = day.seats.get(self.name)
        if seat is None or seat.counter is None:
            # Before the disk has taken the first day there is none.
            today = date.fromisoformat(day.business_date) if day.business_date else None
            return Seen(seat, None, day.closed, today)
        held = day.desks[seat.counter].ticket
        return Seen(seat, None if held is None else day.tickets[held])

    def new_id(self) -> UUID:
        """The id of a new intention."""
        return UUID(int=self._random.getrandbits(128), version=4)

    def ask(self, command: m.AnyCommand, _on_answer: object = None) -> None:
        """Ask once."""
        self.asked.append(command)
        if len(self.asked) > ASKED_KEPT:
            del self.asked[0]
        self._branch.watcher.asked(self.name, command)
        self._branch.submit(self, command)

    def say_bytes(self, frame: bytes) -> None:
        """An old command once more."""
        self._branch.submit(self, decode_command(frame))


class LaneAlone:
    """A branch day after day, command by command. Close it to free its files."""

    def __init__(self, seed: int, folder: Path, watcher: Watcher | None = None) -> None:
        """``folder`` best lies in memory."""
        self.seed = seed
        self.watcher = watcher or Watcher()
        self.operations = self.crashes = self.frames = 0
        # What a watcher of a whole branch looks at: there are no screens here.
        self.devices: list[Any] = []
        self.server: Any = self
        self.desks: list[Any] = []
        self._loop = VirtualLoop()
        self._wall = VirtualWall(self._loop, STARTS_AT_MS)
        self._disk = Disk(folder)
        self._digest = blake2b(digest_size=16)
        random = Random(f"{seed}/lane")
        self._rules, self._random = rules_of(random), random
        self._day_starts_minute = random.choice((0, 0, 180))
        self.staff = [Frontliner(f"CANARY-{n}", PIN, n) for n in range(1, COUNTERS + 1)]
        self._access = access_of(self.staff)
        self.hands = Hands(self.staff, COUNTERS)
        self._ids = SeededIds(random, self.watcher.handler_broke)
        self._asks: list[Ask] = []
        self._gather = 1
        self._start()
        self._seats = {
            name: Seat(name, account.role, self, Random(f"{seed}/{name}"))
            for name, account in self._access.devices.items()
        }

    @property
    def digest(self) -> str:
        """A hash of every answer: equal for equal stories."""
        return self._digest.hexdigest()

    def _start(self) -> None:
        """Build the lane anew from the disk; who was not answered is not."""
        self._asks.clear()
        self._ids.breaks_next = False
        store = self._disk.open()
        store.on_committed = self.watcher.committed
        branch = store.load_branch()
        branch = replace(
            branch,
            rules=replace(branch.rules, **cast(Any, self._rules)),
            day_starts_minute=self._day_starts_minute,
            booking_places=PLACES,
        )
        self.branch: Branch = branch
        self.lane = Lane(
            store,
            branch,
            self._wall.steady(),
            self._ids,
            self._access.house,
            KeySealer(KEY_OF_PRACTICE),
            SimulatedSteps(),
        )
        self.store = store
        self.watcher.started(self.lane, Connections())
        self._greeted: set[str] = set()

    def close(self) -> None:
        """The end."""
        self._disk.close()
        self._loop.close()

    # Deeds.

    def step(self, deed: Deed) -> None:
        """Let the time until the deed pass, and do it. Raises what a watcher raised."""
        self._loop.now_s += deed.gap_s  # nothing waits in this loop: it is a clock
        if not self.lane.day.business_date:
            self._work_off()  # a lane opens its first day by itself, whoever comes
        self._do(deed, Random(deed.dice))
        if len(self._asks) >= self._gather:
            self._work_off()

    def _do(self, deed: Deed, random: Random) -> None:
        who, hands = deed.who, self.hands
        match deed.what:
            case "kiosk":
                self._at_kiosk(self._seats[f"kiosk-{who % KIOSKS + 1}"], random)
            case "counter":
                place = COUNTERS if who % 50 == 0 else who % COUNTERS
                self._at_counter(self._seats[f"counter-{place + 1}"], place, random)
            case "door":
                hands.at_door(self._as_device("door-1"), random)
            case "office":
                hands.at_office(self._as_device("office-1"), random)
            case "home":
                now = datetime.fromtimestamp(self._wall.now_ms() / 1000, UTC)
                hands.at_home(self._as_device("web-1"), now, random)
            case "pad":
                hands.at_pad(self._as_device(f"pad-{who % 2 + 1}"), random)
            case "retry":
                hands.retry(self._anybody(who), random)
            case "alone":
                self._alone(self._seats[f"kiosk-{who % KIOSKS + 1}"], random)
            case "clash":
                hands.clash(self._anybody(who), self._anybody(random.randrange(1000)), random)
            case "rest":
                self._tell_everything()
                self.watcher.rested()
            case _:
                self._strike(deed.what, random)

    @property
    def offline_kiosks(self) -> dict[str, OfflineKiosk]:
        """What each kiosk has on its disk."""
        seats = self._seats.items()
        return {name: seat.offline for name, seat in seats if seat.offline is not None}

    def _tell_everything(self) -> None:
        """Every kiosk tells what it gave by itself, as long as it is heard."""
        self.store.fault, self._ids.breaks_next = None, False
        self._work_off()
        for name, offline in self.offline_kiosks.items():
            while offline.journal and not offline.must_wait:
                told = offline.tell()
                assert told is not None
                self._seats[name].ask(told)
                self._work_off()

    def _as_device(self, name: str) -> PlainDevice:
        # A seat has what hands use of a device.
        return cast(PlainDevice, self._seats[name])

    def _anybody(self, who: int) -> PlainDevice:
        return self._as_device(list(self._seats)[who % len(self._seats)])

    def _at_kiosk(self, seat: Seat, random: Random) -> None:
        if random.random() < THINKING:
            return
        visit = one_visit(random, 0.0, CROWD)
        seat.ask(self.hands.kiosk_command(self._as_device(seat.name), visit, random))

    def _alone(self, seat: Seat, random: Random) -> None:
        """Its clock is as far behind as it was long ago that it heard the branch's."""
        assert seat.offline is not None
        behind_s = random.choice((0, 0, 1, 600, 24 * 3600))
        now = datetime.fromtimestamp(self._wall.now_ms() / 1000 - behind_s, UTC)
        self.hands.alone(cast(KioskDevice, seat), seat.offline, now, random)

    def _at_counter(self, seat: Seat, place: int, random: Random) -> None:
        person = self.staff[place % len(self.staff)]
        seen, day = seat.snapshot, self.lane.day
        sitting = day.seats.get(seat.name)
        if sitting is None or sitting.counter is None:
            seat.ask(
                m.SignIn(id=seat.new_id(), staff=person.staff, pin=PIN, counter=person.counter)
            )
            return
        held = cast(Any, seen.ticket)
        sight = CounterSight(
            signed_in=True,
            counter_state=day.desks[sitting.counter].state,
            ticket_state=held.state.value if held is not None else "",
            waiting=1,
        )
        name = hasty_move(person, sight, random)
        device = cast(CounterDevice, seat)
        if name == "wild":
            seat.ask(self.hands.wild(device, random))
            return
        command = self.hands.raw(name, device, random) or _plain(name, seat, held)
        if command is not None:
            seat.ask(command)

    # Misfortunes, as far as they reach this far in.

    def _strike(self, what: str, random: Random) -> None:
        match what:
            case "crash":
                self._crash()
            case "bug":
                self._ids.breaks_next = True
            case "clock":
                self._wall.jump(random.choice((1, 3, 60, 1800)) * random.uniform(-1, 1))
            case "midnight":
                self._work_off()
                self._wall.jump(seconds_to_next_day(self.branch, self._wall.now_ms()) + 1)
            case _ if what in {fault.value for fault in DiskFault}:
                self.store.fault = DiskFault(what)

    def _crash(self) -> None:
        self.crashes += 1
        self._start()

    # The lane's shell, as server/dispatch.py is one.

    def submit(self, seat: Seat, command: m.AnyCommand) -> None:
        """Put a command into the next batch."""
        person = None
        if isinstance(command, m.SignIn | m.OpenSession | m.SetSecondStep):
            account = self._access.staff.get(command.staff)
            if account is None or command.pin != PIN:
                return  # the door of the house says no to that, before the lane
            person = Person(account.staff, account.name, account.role.value)
        reply: Callable[[bytes], None] = lambda frame: self._hear(seat.name, frame)  # noqa: E731
        self._asks.append(Ask(command, seat.asker, reply, person))

    def _work_off(self) -> None:
        asks, self._asks = self._asks, []
        self._gather = int(GATHERED_MOST ** self._random.random())
        batch = self.lane.decide(asks)
        replies: Sequence[tuple[Ask, bytes]] = batch.replies
        try:
            if batch.must_be_written:
                self.lane.write(batch)
        except StoreBusy:
            replies, batch.entries = self.lane.fail(batch), []
        except (MadeUpDiskError, PowerCutError):
            self._crash()
            return
        for ask, frame in replies:
            ask.reply(frame)
        for recorded in batch.entries:
            self._tell(recorded.event)

    def _hear(self, name: str, frame: bytes) -> None:
        if name not in self._greeted:
            self._greeted.add(name)
            greeting = welcome(self.lane.day, name, self.lane.now_ms())
            self.watcher.sent(name, self.crashes, encode(greeting))
        self.operations += 1
        self.frames += 1
        self._digest.update(frame)
        self.watcher.sent(name, self.crashes, frame)
        is_accepted = frame.startswith(b'{"type":"Accepted"')
        offline = self._seats[name].offline
        if is_accepted or offline is not None:
            answer = cast(m.Accepted | m.Rejected, decode_server_message(frame))
            if is_accepted:
                self.hands.hear(answer)
            if offline is not None:
                offline.hear(answer)

    def _tell(self, event: e.AnyEvent) -> None:
        """What devices say by themselves when they hear of this."""
        day: BranchDay = self.lane.day
        match event:
            case e.TicketIssued(job=str(job)) | e.TicketReprinted(job=job):
                known = day.jobs.get(job)
                kiosk = self._seats.get(known.kiosk) if known is not None else None
                if kiosk is not None:
                    kiosk.ask(m.ConfirmPrint(id=kiosk.new_id(), job=job, outcome="printed"))
            case e.TicketCalled() | e.TicketRecalled() | e.TicketResumed():
                for name in ("tv-1", "tv-2"):
                    display = self._seats[name]
                    display.ask(
                        m.ConfirmAnnouncement(
                            id=display.new_id(), announcement=event.announcement, outcome="spoken"
                        )
                    )


def _plain(name: str, seat: Seat, held: Any) -> m.AnyCommand | None:
    """The keys of a counter, without a screen that would hold one back."""
    key, ticket = seat.new_id(), held.id if held is not None else "no-such-ticket"
    match name:
        case "next":
            serves = held is not None and held.state.value == "serving"
            finish = m.Finish(outcome="solved", cause=_cause(key)) if serves else None
            return m.CallNext(id=key, finish=finish)
        case "recall":
            return m.RecallTicket(id=key, ticket=ticket)
        case "start":
            return m.StartService(id=key, ticket=ticket)
        case "finish":
            return m.FinishService(id=key, ticket=ticket, outcome="solved", cause=_cause(key))
        case "no-show":
            return m.RecordNoShow(id=key, ticket=ticket)
        case "cancel":
            return m.CancelTicket(id=key, ticket=ticket, reason="visitor-left")
        case "open":
            return m.OpenCounter(id=key)
        case "pause":
            return m.PauseCounter(id=key, reason="break")
        case "close":
            return m.CloseCounter(id=key)
        case "sign-out":
            return m.SignOut(id=key)
    return None


def _cause(command_id: UUID) -> str | None:
    """Now and then a system outside was the cause, as the made-up id has it."""
    return "system" if command_id.int % 4 == 0 else None
