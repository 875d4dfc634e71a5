"""What the officer at a simulated front door says: screening, guests, complaints, disturbances."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any, get_args
from uuid import UUID

from protocol import messages as m

KEPT = 60
MATTERS = ("new-registration", "newborn", "identity-change", "reactivation-arrears", "complaint")
SERVICES = ("A", "B", "C", "D", "F")
PAPERS = ("ktp", "kk", "kis", "birth-letter", "dinsos-letter", "no-such")
KIOSKS = (None, None, "kiosk-1", "kiosk-2", "no-such-kiosk")
SOLVED = ("information", "otp", "no-such", None)
CHANNELS = ("mobile-jkn", "pandawa", "care-center", "no-such", None)
OFFICES = ("dinsos", "dukcapil", "village", "no-such")
SEGMENTS = ("PBPU", "PPU-BU", "PBI-APBN", None)
MEMBERSHIPS = ("active", "arrears", "pbi-inactive", None)
# Numbers that are right, wrong, and no numbers at all; those that are right are nobody's.
IDENTIFIERS = (
    "3578080102030001",
    "3515144508680002",
    "0001234567890",
    "3515143208680001",
    "CANARY-NIK",
    "\u202e35780801",
    None,
    None,
)
SYSTEMS = ("mobile-jkn", "network", "no-such")


@dataclass(slots=True)
class Heard:
    """Screenings, codes, guests and complaints that the officer was told of lately."""

    screenings: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    records: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def hear(self, answer: m.Accepted | m.Rejected) -> None:
        """The server answered."""
        if isinstance(answer, m.Rejected):
            return
        _keep(self.screenings, answer.screening)
        _keep(self.codes, answer.code)
        _keep(self.calls, answer.call)
        for record in (answer.screening, answer.guest):
            _keep(self.records, record)
        if isinstance(answer.complaint, m.ComplaintView):
            _keep(self.complaints, answer.complaint.id)


def _keep(known: list[str], told: object) -> None:
    if isinstance(told, str):
        known.append(told)
        del known[:-KEPT]


def _one_of(random: Random, known: list[str]) -> str:
    return random.choice(known) if known and random.random() < 0.95 else "no-such-record"


def door_word(
    heard: Heard, waiting: str, new_id: Callable[[], UUID], random: Random
) -> m.AnyCommand:
    """One word of the officer; ``waiting`` is a ticket that may well wait."""
    dice = random.random()
    if dice < 0.55:
        return screening(new_id, random)
    if dice < 0.67:
        return m.CorrectTicket(
            id=new_id(),
            ticket=waiting,
            service=random.choice((*SERVICES, None, "Z")),
            priority=random.choice((*get_args(m.Priority), None)),
        )
    if dice < 0.73:
        return m.RecordGuest(
            id=new_id(),
            name="CANARY-guest",
            purpose=random.choice(("meeting", "delivery", "no-such")),
            consent=random.random() < 0.9,
        )
    if dice < 0.79:
        return m.PrintSlip(
            id=new_id(),
            subject=_one_of(random, heard.screenings + heard.complaints),
            print_at=random.choice(("kiosk-1", "kiosk-2", "no-such-kiosk")),
        )
    if dice < 0.83:
        return m.RevealRecord(id=new_id(), record=_one_of(random, heard.records), reason="Periksa")
    if dice < 0.96:
        return complaint(heard, waiting, new_id, random)
    kind = random.choice((m.DeclareDisturbance, m.EndDisturbance))
    return kind(id=new_id(), system=random.choice(SYSTEMS))


def screening(new_id: Callable[[], UUID], random: Random) -> m.RecordScreening:
    """A visitor at the door, rightly captured or not."""
    outcome: Any = random.choice((*get_args(m.DoorOutcome), "ticket", "ticket", "ticket", "code"))
    return m.RecordScreening(
        id=new_id(),
        outcome=outcome,
        service=random.choice((*SERVICES, None)),
        matter=random.choice((*MATTERS, None, None, "no-such")),
        identifier=random.choice(IDENTIFIERS),
        segment=random.choice(SEGMENTS),
        membership=random.choice(MEMBERSHIPS),
        papers=random.sample(PAPERS[:-1], random.randint(0, 3)),
        missing=random.sample(PAPERS, random.randint(0, 2)),
        priority=random.choice(("none", "none", "elderly", "pregnant", "urgent")),
        needs=["wheelchair"] if random.random() < 0.1 else [],
        weight=random.choice((None, None, None, 3)),
        companion=random.random() < 0.1,
        reason=random.choice(SOLVED) if outcome == "solved" else None,
        channel=random.choice(CHANNELS) if outcome == "channel" else None,
        office=random.choice(OFFICES) if outcome == "office" else None,
        decree_on=random.choice((None, date(2026, 1, 19), date(2025, 1, 1))),
        nik_mismatch=random.random() < 0.1,
        overrides={"identity-first": "urgent-care"} if random.random() < 0.2 else {},
        note="CANARY-note" if random.random() < 0.3 else "",
        print_at=random.choice(KIOSKS),
    )


def complaint(
    heard: Heard, ticket: str, new_id: Callable[[], UUID], random: Random
) -> m.AnyCommand:
    """A complaint, or a step of one."""
    if not heard.complaints or random.random() < 0.4:
        return m.FileComplaint(
            id=new_id(),
            level=random.choice(("red", "yellow", "green", "no-such")),
            description="CANARY-complaint",
            ticket=ticket if random.random() < 0.3 else None,
            anonymous=random.random() < 0.3,
            name="CANARY-name" if random.random() < 0.5 else "",
            print_at=random.choice(KIOSKS),
        )
    return m.UpdateComplaint(
        id=new_id(),
        complaint=_one_of(random, heard.complaints),
        step=random.choice((*get_args(m.ComplaintStep), None)),
        level=random.choice((None, None, "red", "green")),
        sipp=random.choice((None, "SIPP-2026-001")),
    )
