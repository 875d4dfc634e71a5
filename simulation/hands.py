"""Hands on the simulated devices: what people do there in a hurry, lawful or not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import get_args

from counter.actions import Wish
from kiosk.visit import Page
from protocol.codec import encode
from protocol.messages import (
    Accepted,
    AnyCommand,
    CallOfficer,
    CallTicket,
    CancelTicket,
    ContinueService,
    IssueTicket,
    LeaseNumbers,
    MergeOffline,
    PaperState,
    ParkTicket,
    RateService,
    RecordNoShow,
    Rejected,
    ReportHealth,
    ReprintTicket,
    RequeueTicket,
    ResumeTicket,
    SignIn,
    SignOut,
    StartService,
    Ticket,
    TransferTicket,
    UndoLast,
)
from protocol.session import OnAnswer
from simulation.arrivals import PRIORITIES, Crowd, Visit, one_visit
from simulation.at_home import AtHome
from simulation.browser import Browser
from simulation.devices import CounterDevice, Device, KioskDevice, PlainDevice
from simulation.front_door import Heard, door_word
from simulation.office import manager_word, when_closed
from simulation.offline_kiosk import OfflineKiosk
from simulation.people import CounterSight, Frontliner, hasty_move
from simulation.visitor_side import claim, hall_word, identify, kiosk_word

TICKETS_KEPT = 120
SERVICES = ("A", "B", "C", "D", "E", "F")
CROWD = Crowd()


@dataclass(slots=True)
class Hearsay:
    """Tickets that people have heard of lately, and in which state they last were."""

    states: dict[str, str] = field(default_factory=dict)

    def hear(self, answer: Accepted | Rejected) -> None:
        """Somebody was answered."""
        for ticket in (answer.ticket, getattr(answer, "finished", None)):
            if isinstance(ticket, Ticket):
                self.states.pop(ticket.id, None)
                self.states[ticket.id] = ticket.state
        while len(self.states) > TICKETS_KEPT:
            del self.states[next(iter(self.states))]

    def one_of(self, random: Random, *states: str) -> str:
        """A ticket in one of these states, if any is known; else any; else one that is not."""
        fit = [ticket for ticket, state in self.states.items() if state in states]
        known = fit or list(self.states)
        return random.choice(known) if known else "no-such-ticket"


class Hands:
    """Everybody in the branch."""

    def __init__(self, people: list[Frontliner], counters: int) -> None:
        self.people = people
        self.counters = counters
        self.hearsay = Hearsay()
        self.heard = Heard()
        self.home = AtHome()
        self.browser = Browser()

    def hear(self, answer: Accepted | Rejected) -> None:
        """Somebody was answered."""
        self.hearsay.hear(answer)
        self.heard.hear(answer)
        self.home.hear(answer)
        self.browser.hear(answer)

    # Visitors.

    def at_kiosk(self, device: KioskDevice, random: Random) -> str:
        """A touch, or two."""
        visit = one_visit(random, 0.0, CROWD)
        if random.random() < 0.3:
            return self._ask(device, self.kiosk_command(device, visit, random))
        model, page = device.model, device.model.page
        touches: dict[Page, Callable[[], None]] = {
            Page.IDLE: model.start,
            Page.SERVICES: lambda: model.choose(visit.service),
            Page.ISSUED: model.finish,
            Page.PAPERLESS: model.wait_paper if random.random() < 0.5 else model.noted,
            Page.HOME: model.take_number if random.random() < 0.9 else model.use_phone,
            Page.THANKS: model.leave_thanks,
            Page.PRIORITY: lambda: claim(model, visit.priority),
            Page.IDENTITY: lambda: identify(model, random),
        }
        if page not in touches:
            return f"{device.name}: waits before the page {page}"
        touches[page]()
        if visit.taps_twice:
            touches[page]()
        if page is Page.SERVICES and visit.language != "id":
            model.choose_language(visit.language)
        return f"{device.name}: touches the page {page}{' twice' if visit.taps_twice else ''}"

    def alone(
        self, device: KioskDevice, offline: OfflineKiosk, now: datetime, random: Random
    ) -> str:
        """A kiosk that believes that it has no link, or has just found it again."""
        dice = random.random()
        if offline.lease is None or dice < 0.1:
            return self._ask(device, offline.ask_lease(), offline.hear)
        if dice < 0.2 and offline.late:
            wish = offline.late.pop(random.randrange(len(offline.late)))
            device.say_bytes(encode(wish))
            return f"{device.name}: an old frame comes after all: {wish}"
        if dice < 0.55 and device.is_online and (told := offline.tell()) is not None:
            return self._ask(device, told, offline.hear)
        given = [offline.give(now, device.asked) for _ in range(random.choice((1, 1, 1, 3)))]
        numbers = ", ".join(one.number for one in given if one is not None)
        return f"{device.name}: gives {numbers or 'nothing'} by itself"

    def kiosk_command(self, device: Device, visit: Visit, random: Random) -> AnyCommand:
        """What a kiosk's other screens may ask one day."""
        if random.random() < 0.05:
            ticket = self.hearsay.one_of(random, "waiting")
            return kiosk_word(ticket, visit.service, device.new_id, random)
        if random.random() < 0.1 and (came := self.home.check_in(device.new_id, random)):
            return came
        dice = random.random()
        if dice < 0.06 and self.heard.codes:
            code = random.choice((*self.heard.codes, "000000"))
            return IssueTicket(id=device.new_id(), service="A", screening=code)
        if dice < 0.86:
            return IssueTicket(
                id=device.new_id(),
                service=visit.service if random.random() < 0.98 else "Z",
                priority=visit.priority,  # type: ignore[arg-type]
                language=visit.language if random.random() < 0.5 else None,
            )
        if dice < 0.88:
            paper = random.choice((*get_args(PaperState), None))
            return ReportHealth(id=device.new_id(), paper=paper, tickets_left=60)
        ticket = self.hearsay.one_of(random, "waiting")
        if dice < 0.93:
            return CancelTicket(id=device.new_id(), ticket=ticket, reason="visitor-left")
        return ReprintTicket(id=device.new_id(), ticket=ticket)

    def at_home(self, device: Device, now: datetime, random: Random) -> str:
        """Somebody with a phone; now and then the manager's browser."""
        if random.random() < 0.3:
            ticket = self.hearsay.one_of(random, "waiting")
            boss = ("CANARY-boss", "135790")
            return self._ask(device, self.browser.word(*boss, ticket, now, device.new_id, random))
        return self._ask(device, self.home.word(now, device.new_id, random))

    def at_pad(self, device: PlainDevice, random: Random) -> str:
        """A rating of somebody just served, or of anybody."""
        if random.random() < 0.05:
            return self._ask(device, CallOfficer(id=device.new_id()))
        known = device.invitations
        ticket = random.choice(known).ticket if known else self.hearsay.one_of(random, "finished")
        return self._ask(
            device,
            RateService(
                id=device.new_id(),
                ticket=ticket,
                score=random.randint(1, 4),
                reasons=random.sample(["time", "courtesy", "no-such"], 1),
            ),
        )

    # Staff.

    def at_counter(self, device: CounterDevice, place: int, random: Random) -> str:
        """What the person at this counter does now."""
        seat = device.seat
        person = self.people[place % len(self.people)]
        if seat.page == "sign-in":
            if place >= len(self.people) and random.random() < 0.9:
                return f"{device.name}: stays empty"
            return self._sign_in(device, person, random)
        serving = seat.serving
        sight = CounterSight(
            signed_in=True,
            counter_state=serving.counter_state,
            ticket_state=serving.ticket.state if serving.ticket is not None else "",
            waiting=serving.waiting_total,
        )
        name = hasty_move(person, sight, random)
        if name == "wild":
            return self._ask(device, self.wild(device, random))
        if (raw := self.raw(name, device, random)) is not None:
            return self._ask(device, raw)
        wish = Wish(reason={"pause": "break", "cancel": "visitor-left"}.get(name, ""))
        if name in ("finish", "next") and random.random() < 0.3:
            serving.set_draft(cause=random.choice(("administrative", "system", "system", "")))
        asked = serving.do(name, wish)
        if random.random() < 0.1:
            serving.do(name, wish)  # the second press of a double press
        return f"{device.name}: presses {name}{'' if asked else ' in vain'}"

    def _sign_in(self, device: CounterDevice, person: Frontliner, random: Random) -> str:
        dice = random.random()
        if dice < 0.08:
            person = random.choice(self.people)  # sits down elsewhere, or forgot to sign out
        counter = person.counter if dice < 0.9 else random.randint(1, self.counters)
        pin = person.pin if random.random() < 0.97 else "000000"
        device.seat.sign_in.choose_counter(counter)
        asked = device.seat.sign_in.sign_in(person.staff, pin)
        vain = "" if asked else " in vain"
        return f"{device.name}: {person.staff} signs in at counter {counter}{vain}"

    def raw(self, name: str, device: Device, random: Random) -> AnyCommand | None:
        """Moves for which the counter's model has no key yet."""
        tell = self.hearsay
        key = device.new_id
        mine = self._held(device) or tell.one_of(random, "serving", "called")
        match name:
            case "call":
                return CallTicket(id=key(), ticket=self._in_line(device, random))
            case "park":
                return ParkTicket(id=key(), ticket=mine, reason="photocopy")
            case "resume":
                return ResumeTicket(id=key(), ticket=tell.one_of(random, "parked"))
            case "transfer":
                return self._transfer(device, mine, random)
            case "continue":
                return ContinueService(
                    id=key(), ticket=mine, service=random.choice(SERVICES), outcome="solved"
                )
            case "requeue":
                return RequeueTicket(id=key(), ticket=tell.one_of(random, "no-show"))
            case "issue":
                return self._issue(device, random)
            case "undo":
                return UndoLast(id=key())
        return None

    def wild(self, device: Device, random: Random) -> AnyCommand:
        """Something about any ticket."""
        ticket = self.hearsay.one_of(random)
        if random.random() < 0.3:
            return self._transfer(device, ticket, random)
        kind = random.choice((CallTicket, StartService, RecordNoShow, ResumeTicket, RequeueTicket))
        return kind(id=device.new_id(), ticket=ticket)

    def _held(self, device: Device) -> str | None:
        ticket = getattr(device.snapshot, "ticket", None)
        return None if ticket is None else str(ticket.id)

    def _in_line(self, device: Device, random: Random) -> str:
        line = getattr(device.snapshot, "line", ())
        return str(random.choice(line).ticket) if line else self.hearsay.one_of(random, "waiting")

    def _transfer(self, device: Device, ticket: str, random: Random) -> TransferTicket:
        place = random.choice(("service", "counter", "staff"))
        return TransferTicket(
            id=device.new_id(),
            ticket=ticket,
            service=random.choice(SERVICES) if place == "service" else None,
            counter=random.randint(1, self.counters) if place == "counter" else None,
            staff=random.choice(self.people).staff if place == "staff" else None,
            position=random.choice(("arrival", "first", "last")),
            note="NIK 3174 CANARY-NIK" if random.random() < 0.5 else "",
        )

    def _issue(self, device: Device, random: Random) -> IssueTicket:
        return IssueTicket(
            id=device.new_id(),
            service=random.choice(SERVICES),
            priority=random.choice(("none", *PRIORITIES)),  # type: ignore[arg-type]
            needs=["wheelchair"] if random.random() < 0.1 else [],
            weight=random.choice((None, None, 1, 3)),
            print_at=random.choice((None, None, "kiosk-1", "kiosk-2", "no-such-kiosk")),
        )

    def at_door(self, device: Device, random: Random) -> str:
        """The officer: numbers for those who need help, and those who come back."""
        if not self._seated(device):
            return self._ask(device, SignIn(id=device.new_id(), staff="CANARY-door", pin="135790"))
        dice, key, tell = random.random(), device.new_id, self.hearsay
        command: AnyCommand
        if dice < 0.06:
            command = hall_word(self.heard, key, random)
        elif dice < 0.45:
            command = door_word(self.heard, tell.one_of(random, "waiting"), key, random)
        elif dice < 0.7:
            command = self._issue(device, random)
        elif dice < 0.8:
            command = RequeueTicket(id=key(), ticket=tell.one_of(random, "no-show"))
        elif dice < 0.9:
            ticket = tell.one_of(random, "waiting", "parked")
            command = CancelTicket(id=key(), ticket=ticket, reason="not-needed")
        elif dice < 0.98:
            command = ReprintTicket(id=key(), ticket=tell.one_of(random, "waiting"))
        else:
            command = SignOut(id=key())
        return self._ask(device, command)

    def at_office(self, device: Device, random: Random) -> str:
        """The manager: hands visitors on, also from other counters, and steers the day."""
        if not self._seated(device):
            sign_in = SignIn(id=device.new_id(), staff="CANARY-boss", pin="135790")
            return self._ask(device, sign_in)
        dice, key, tell = random.random(), device.new_id, self.hearsay
        seen = device.snapshot
        if (going_on := when_closed(seen, key, random)) is not None:
            return self._ask(device, going_on)
        command: AnyCommand
        if dice < 0.4:
            command = self._transfer(device, tell.one_of(random, "waiting", "called"), random)
        elif dice < 0.7:
            finished = tell.one_of(random, "finished", "no-show")
            people = [one.staff for one in self.people]
            command = manager_word(seen, key, finished, self.counters, people, random)
        elif dice < 0.8:
            ticket = tell.one_of(random, "waiting", "called", "parked")
            command = CancelTicket(id=key(), ticket=ticket, reason="mistake")
        elif dice < 0.97:
            command = ReprintTicket(
                id=key(), ticket=tell.one_of(random, "waiting"), print_at="kiosk-1"
            )
        else:
            command = SignOut(id=key())
        return self._ask(device, command)

    def _seated(self, device: Device) -> bool:
        return getattr(device.snapshot, "signed_in", None) is not None

    # Programs that repeat themselves.

    def retry(self, device: Device, random: Random) -> str:
        """Say an old command again, up to five times (law I6, F23)."""
        old = [command for command in device.asked if command.remembered]
        if not old:
            return f"{device.name}: has nothing to repeat"
        command, times = random.choice(old), random.randint(1, 5)
        for _ in range(times):
            device.say_bytes(encode(command))
        return f"{device.name}: says {type(command).__name__} {command.id} again, {times} times"

    def clash(self, device: Device, other: Device, random: Random) -> str:
        """Use an id for something else, or somebody else's id."""
        # Of the ids that a kiosk makes for itself nobody else ever hears.
        own = LeaseNumbers | MergeOffline
        old = [one for one in device.asked if one.remembered and not isinstance(one, own)]
        if not old:
            return f"{device.name}: has no id to use twice"
        command = random.choice(old)
        if other is not device and other.role is device.role:
            other.say_bytes(encode(command))
            return f"{other.name}: says {command.id} of {device.name}"
        device.say_bytes(encode(IssueTicket(id=command.id, service="A", weight=7)))
        return f"{device.name}: uses {command.id} for another IssueTicket"

    def nonsense(self, device: Device, random: Random) -> str:
        """Words that no program of ours says; the connection stays."""
        key = device.new_id()
        frame = random.choice(
            (
                f'{{"type":"IssueTicket","id":"{key}","service":"A","name":"CANARY"}}',
                f'{{"type":"IssueTicket","id":"{key}"}}',
                f'{{"type":"CallNext","id":"{key}","finish":7}}',
                f'{{"type":"SetTheHouseOnFire","id":"{key}"}}',
                '{"type":"CallNext","id":"not-a-uuid"}',
            )
        )
        device.say_bytes(frame.encode())
        return f"{device.name}: says {frame}"

    def _ask(
        self, device: Device, command: AnyCommand, hear: OnAnswer = lambda _answer: None
    ) -> str:
        if not device.is_online:
            return f"{device.name}: has no link for {type(command).__name__}"
        device.ask(command, hear)
        return f"{device.name}: asks {command}"
