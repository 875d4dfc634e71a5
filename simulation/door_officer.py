"""The officer at the front door: who receives visitors there, and what becomes of them.

The words go over a real connection, as from the door's own program.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from protocol.messages import (
    Accepted,
    AdviseVisitor,
    AnyCommand,
    Choices,
    CorrectTicket,
    DoorCatalogue,
    FileComplaint,
    MatterInfo,
    PrintSlip,
    RecordGuest,
    RecordScreening,
    SignIn,
    Ticket,
)
from simulation.arrivals import Visit
from simulation.demo_branch import OFFICER, PIN
from simulation.link import SimulatedDevice
from simulation.programs import ProgramFailedError

DOOR = "door-1"
DOOR_SHARE = 0.3
"""Of so many visitors the officer gives the number."""
CODE_SHARE = 0.25
"""Of those again so many get a code for the kiosk instead."""
AWAY_SHARE = 0.4
"""For each visitor with a number so many come who need none."""

AWAY: Mapping[str, float] = {
    "solved": 6,
    "channel": 4,
    "return": 4,
    "office": 3,
    "self-service": 2,
    "guest": 2,
}
"""How those leave the door who take no number, in proportion."""

KNOWN_SHARE = 0.6
"""Of so many the officer takes down a number of the person."""
COMES_AGAIN_SHARE = 0.15
CORRECTED_SHARE = 0.1
LEAST_S, MOST_S = 12.0, 95.0
"""How long a screening takes."""

NAMES = ("Sekar Ayuningtyas", "Bima Prakoso", "Laras Widodo", "Galih Nugraha")
"""Made-up guests."""


@dataclass(frozen=True, slots=True)
class Received:
    """A number that was given at the door, and for whom it is now."""

    ticket: str
    number: str
    visit: Visit


class DoorOfficer:
    """One officer for a day; each verb is one visitor. Paper comes out of ``prints_at``."""

    def __init__(self, device: SimulatedDevice, random: Random, prints_at: str) -> None:
        self._device = device
        self._prints_at = prints_at
        self._random = random
        self._door = DoorCatalogue()
        self._choices: Choices | None = None
        self._people: list[str] = []
        self.received = 0

    async def sign_in(self) -> None:
        """Sit down at the door."""
        welcome = await self._device.online()
        self._door, self._choices = welcome.door or DoorCatalogue(), welcome.choices
        code, _ = OFFICER
        await self._do(SignIn(id=self._device.new_id(), staff=code, pin=PIN))

    async def give_number(self, visit: Visit, at: datetime) -> Received:
        """A visitor who needs a counter gets a number with papers and priority checked.

        Now and then something was misheard, and is put right at once.
        """
        random, matter = self._random, self._matter(visit.service)
        facts = self._facts(matter, at)
        corrected = random.random() < CORRECTED_SHARE
        heard = "none" if corrected and visit.priority != "none" else visit.priority
        answer = await self._do(
            RecordScreening(
                id=self._device.new_id(),
                outcome="ticket",
                service=visit.service,
                priority=heard,  # type: ignore[arg-type]
                language=visit.language,
                companion=random.random() < 0.1,
                weight=random.choice((1, 1, 1, 1, 3)),
                print_at=self._prints_at,
                **facts,
            )
        )
        self.received += 1
        assert isinstance(answer.ticket, Ticket)
        if corrected:
            visit = await self._correct(answer.ticket, visit)
        return Received(answer.ticket.id, answer.ticket.number, visit)

    async def give_code(self, visit: Visit, at: datetime) -> str:
        """The same, but the visitor takes the number at the kiosk, with the code of the slip."""
        answer = await self._do(
            RecordScreening(
                id=self._device.new_id(),
                outcome="code",
                service=visit.service,
                priority=visit.priority,  # type: ignore[arg-type]
                language=visit.language,
                print_at=self._prints_at,
                **self._facts(self._matter(visit.service), at),
            )
        )
        self.received += 1
        return str(answer.code)

    async def send_away(self, at: datetime, outcome: str | None = None) -> None:
        """A visitor who needs no number: solved, somewhere else, back with papers, or a guest."""
        outcome = outcome or self._random.choices(list(AWAY), list(AWAY.values()))[0]
        if outcome == "guest":
            await self._write_guest()
            return
        facts = self._facts(self._fitting(outcome), at)
        answer = await self._do(
            RecordScreening(
                id=self._device.new_id(),
                outcome=outcome,  # type: ignore[arg-type]
                print_at=None if outcome in ("solved", "self-service") else self._prints_at,
                **(facts | self._where(outcome, facts)),
            )
        )
        self.received += 1
        if outcome == "return" and self._random.random() < 0.2:
            # The first one was lost on the way to the door.
            subject = str(answer.screening)
            again = PrintSlip(id=self._device.new_id(), subject=subject, print_at=self._prints_at)
            await self._do(again)

    async def take_complaint(self) -> None:
        """Somebody complains, and gets a receipt."""
        levels = self._door.complaint_levels
        if levels:
            await self._do(
                FileComplaint(
                    id=self._device.new_id(),
                    level=self._random.choice(levels).code,
                    description="Antrean terlalu lama dan petugas kurang jelas.",
                    wish="Penjelasan",
                    anonymous=True,
                    print_at=self._prints_at,
                )
            )

    # Parts.

    async def _correct(self, ticket: Ticket, visit: Visit) -> Visit:
        """The other service if the priority was right, else the priority.

        Who was called in the meantime stays as he is: the counter will see to it.
        """
        changed: dict[str, Any] = {"priority": visit.priority}
        corrected = visit
        if visit.priority == "none":
            others = [one for one in ("A", "B", "C") if one != visit.service]
            corrected = replace(visit, service=self._random.choice(others))
            changed = {"service": corrected.service}
        words = CorrectTicket(id=self._device.new_id(), ticket=ticket.id, **changed)
        answer = await self._device.ask(words)
        return corrected if isinstance(answer, Accepted) else visit

    async def _write_guest(self) -> None:
        assert self._choices is not None
        if self._choices.guest_purpose:
            await self._do(
                RecordGuest(
                    id=self._device.new_id(),
                    name=self._random.choice(NAMES),
                    purpose=self._random.choice(self._choices.guest_purpose).code,
                    consent=True,
                )
            )

    def _facts(self, matter: MatterInfo | None, at: datetime) -> dict[str, Any]:
        """What was asked and looked at; every rule that stands in the way has its reason."""
        random, choices = self._random, self._choices
        assert choices is not None
        took = timedelta(seconds=random.uniform(LEAST_S, MOST_S))
        segment = random.choice(choices.segment).code if choices.segment else None
        needed = [] if matter is None else matter.papers_of(segment)
        missing = [paper for paper in needed if random.random() < 0.15]
        facts: dict[str, Any] = {
            "started_at": (at - took).astimezone(UTC),
            "matter": None if matter is None else matter.code,
            "segment": segment,
            "membership": random.choice(choices.membership).code if choices.membership else None,
            "papers": [paper for paper in needed if paper not in missing],
            "missing": missing,
            "nik_mismatch": random.random() < 0.05,
        }
        if choices.override_reason:
            reason = random.choice(choices.override_reason).code
            facts["overrides"] = {"identity-first": reason}
        if random.random() < KNOWN_SHARE:
            facts["identifier"] = self._person()
        return facts

    def _person(self) -> str:
        """A made-up number of a person, sometimes of one who was here before."""
        if self._people and self._random.random() < COMES_AGAIN_SHARE:
            return self._random.choice(self._people)
        day, month = self._random.randint(1, 28), self._random.randint(1, 12)
        year, serial = self._random.randint(50, 99), self._random.randint(1, 9999)
        number = f"357808{day:02d}{month:02d}{year:02d}{serial:04d}"
        self._people.append(number)
        return number

    def _matter(self, service: str) -> MatterInfo | None:
        fitting = [one for one in self._door.matters if one.service == service]
        return self._random.choice(fitting) if fitting else None

    def _fitting(self, outcome: str) -> MatterInfo | None:
        """A matter for which such an end makes sense."""
        fits = {
            "channel": [one for one in self._door.matters if one.channels],
            "office": [one for one in self._door.matters if one.offices],
            "return": [one for one in self._door.matters if one.papers],
        }.get(outcome, self._door.matters)
        return self._random.choice(fits) if fits else None

    def _where(self, outcome: str, facts: Mapping[str, Any]) -> dict[str, Any]:
        """What belongs to the outcome."""
        random, assumed = self._random, self._choices
        matter = next((one for one in self._door.matters if one.code == facts["matter"]), None)
        assert assumed is not None
        match outcome:
            case "solved":
                return {"reason": random.choice(assumed.solved_reason).code}
            case "channel" if matter is not None:
                return {"channel": random.choice(matter.channels)}
            case "office" if matter is not None:
                return {"office": random.choice(matter.offices)}
            case "return" if not facts["missing"] and facts["papers"]:
                first, *rest = facts["papers"]
                return {"missing": [first], "papers": rest}
        return {}

    async def _do(self, command: AnyCommand) -> Accepted:
        """Say it; whatever is refused is a fault of the demo."""
        answer = await self._device.ask(command)
        if not isinstance(answer, Accepted):
            word = type(command).__name__
            raise ProgramFailedError(f"the door's {word} was refused: {answer.message}")
        if getattr(command, "print_at", None) is not None:
            # A question is answered once the kiosk was told of the paper: only then may the day's
            # clock jump, else the paper would be too old when it is asked for.
            await self._device.inquire(AdviseVisitor(id=self._device.new_id()))
        return answer


def others_of_day(random: Random, visits: int, last_s: float) -> list[tuple[float, str | None]]:
    """When those come who take no number: one of each kind for certain, others of any (None)."""
    kinds: list[str | None] = list(AWAY)
    kinds += [None] * max(0, round(visits * AWAY_SHARE) - len(kinds))
    return sorted(((random.uniform(0.0, last_s), kind) for kind in kinds), key=lambda one: one[0])


def branch_instant(at_ms: float) -> datetime:
    """The branch's clock as an instant."""
    return datetime.fromtimestamp(at_ms / 1000, UTC)
