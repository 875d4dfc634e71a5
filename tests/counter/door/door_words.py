"""A door in the server's words: catalogue, hall and devices, and a server that answers by hand."""

import tomllib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from assets import asset_path
from counter.door.door_model import DoorModel
from protocol.messages import (
    AdviceView,
    ChannelInfo,
    ComplaintCounts,
    ComplaintLevelInfo,
    ComplaintView,
    DecreeInfo,
    DeviceHealth,
    Disturbance,
    DoorCatalogue,
    DoorTotals,
    Estimate,
    KioskService,
    MatterInfo,
    MemberView,
    OfficeInfo,
    PaperInfo,
    PaperlessTicket,
    ProcedureInfo,
    RecentScreening,
    ScreeningSnapshot,
    SignedIn,
    Ticket,
    WaitingCount,
)
from protocol.session import LinkState, LinkStatus
from tests.counter.words import MORNING, Asked, Clock, Inquired, counter, ticket, welcome

_CATALOGUE = tomllib.loads(asset_path("catalogues", "bpjs-kesehatan.toml").read_text("utf-8"))
BUDI = SignedIn(staff="budi", counter=None, name="Budi")
NIK = "3578014509900002"
CARD = "0001234567890"


def _infos(section: str, kind: Callable[..., Any], *fields: str, **made: Any) -> list[Any]:
    return [
        kind(**{field: one[field] for field in fields if field in one}, **made)
        for one in _CATALOGUE[section]
    ]


DOOR = DoorCatalogue(
    papers=_infos("paper", PaperInfo, "code", "name"),
    matters=_infos(
        "matter",
        MatterInfo,
        *("code", "name", "service", "icon", "papers", "papers_by_segment", "channels"),
        *("offices", "category", "complaint"),
    ),
    channels=[
        ChannelInfo(
            **{
                field: one[field]
                for field in ("code", "name", "kind", "about", "link")
                if field in one
            },
            hours={"id": "Sen–Jum 08.00–15.00", "en": "Mon–Fri 08:00–15:00"}
            if "hours" in one
            else {},
        )
        for one in _CATALOGUE["channel"]
    ],
    offices=[
        OfficeInfo(
            code=one["code"],
            name=one["name"],
            address={"id": "Jalan Pahlawan 12, Kota Contoh", "en": "Jalan Pahlawan 12, Kota Contoh"}
            if one["code"] == "dinsos"
            else {},
            phone="(031) 555-0012" if one["code"] == "dinsos" else "",
            hours={"id": "Sen–Kam 08.00–16.30, Jum 08.00–11.00", "en": "Mon–Thu 08:00–16:30"}
            if "hours" in one
            else {},
            papers=one["papers"],
        )
        for one in _CATALOGUE["office"]
    ],
    procedures=_infos("procedure", ProcedureInfo, "category", "text", "next_step"),
    complaint_levels=_infos(
        "complaint_level",
        ComplaintLevelInfo,
        *("code", "name", "first_response_min", "working_days"),
    ),
    decrees=[
        DecreeInfo(
            code=f"SK {number}/2026",
            name={"id": f"SK Mensos {number}/2026"},
            effective_on=date(2026, month, 1),
        )
        for number, month in ((80, 5), (112, 9))
    ],
)


def kiosk(number: int = 1, **other: Any) -> DeviceHealth:
    """A kiosk with its paper."""
    words: dict[str, Any] = {
        "device": f"kiosk-{number}",
        "role": "kiosk",
        "connected": True,
        "since": MORNING,
        "paper": "ok",
        "tickets_left": 320,
    }
    return DeviceHealth(**(words | other))


def display(**other: Any) -> DeviceHealth:
    """The hall's TV with its voice."""
    words: dict[str, Any] = {
        "device": "display-1",
        "role": "display",
        "connected": True,
        "since": MORNING,
        "voice": "ok",
    }
    return DeviceHealth(**(words | other))


def recent(number: str | None, outcome: str = "ticket", **other: Any) -> RecentScreening:
    """One of the last visitors."""
    words: dict[str, Any] = {
        "screening": f"s-{number or outcome}",
        "at": MORNING - timedelta(minutes=3),
        "outcome": outcome,
        "matter": "identity-change" if number else "information",
        "ticket": f"id-{number}" if number else None,
        "number": number,
        "state": "waiting" if number else None,
        "print": "printed" if number else None,
        "service": "B" if number else None,
    }
    return RecentScreening(**(words | other))


RECENT = [
    recent("B007"),
    recent(None, "solved"),
    recent("P004", priority="elderly", service="A", matter="new-registration"),
    recent("A012", state="serving", service="A", matter="family-member"),
    recent(None, "channel", matter="facility-change"),
    recent("A011", state="finished", service="A", matter="newborn"),
]


def hall(revision: int = 10, **other: Any) -> ScreeningSnapshot:
    """The hall in the morning: fourteen wait, both kiosks have paper."""
    waits = {"A": 6, "B": 3, "C": 1, "D": 4, "E": 0, "F": 0}
    words: dict[str, Any] = {
        "revision": revision,
        "signed_in": BUDI,
        "waiting": [
            WaitingCount(
                service=code,
                count=count,
                estimate=None,
                oldest_issued_at=MORNING - timedelta(minutes=22) if count else None,
            )
            for code, count in waits.items()
        ],
        "services": [
            KioskService(
                code=code, open=True, why=None, waiting=count, estimate=None, numbers_left=None
            )
            for code, count in waits.items()
        ],
        "counters": [counter(1), counter(2), counter(3), counter(4, "closed")],
        "devices": [kiosk(1), kiosk(2, tickets_left=60), display()],
        "without_paper": [],
        "total": 0,
        "channels_open": [one.code for one in DOOR.channels],
        "offices_open": ["dukcapil", "village"],
        "recent": RECENT,
        "today": DoorTotals(
            screened=41, outcomes={"ticket": 27, "solved": 9, "channel": 4, "return": 1}, guests=3
        ),
        "disturbance": None,
        "complaints": ComplaintCounts(open=2, due_soon=1, overdue=0),
    }
    return ScreeningSnapshot(**(words | other))


def printed(number: str = "B008", state: str = "waiting", **other: Any) -> Ticket:
    """A number that was just given."""
    words: dict[str, Any] = {
        "people_ahead": 3,
        "estimate": Estimate(from_s=900, to_s=1500),
        "print": "pending",
        "counter": None,
        "called_at": None,
        "link": "http://127.0.0.1:8080/t/Zk3q9",
    }
    return ticket(number, state, **(words | other))


def advice(rule: str = "identity-first", weight: str = "blocks", **other: Any) -> AdviceView:
    """A rule's word."""
    words: dict[str, Any] = {
        "rule": rule,
        "weight": weight,
        "text": {
            "id": "NIK peserta PBI berbeda dari KTP. Perbaiki dahulu di Dinas Sosial (SIKS-NG) "
            "atau Dukcapil; BPJS tidak boleh mengubahnya lebih dulu.",
            "en": "The NIK of this assisted participant differs from the ID card. It is put right "
            "first at the social affairs office or the civil registry.",
        },
        "source": "Permensos 3/2026",
        "valid_from": date(2026, 1, 1),
        "office": "dinsos",
    }
    return AdviceView(**(words | other))


REACTIVATION = advice(
    "pbi-reactivation",
    "tells",
    text={
        "id": "Dapat diaktifkan kembali sampai 01-03-2027 bila membawa surat Dinas Sosial.",
        "en": "Can be activated again until 01-03-2027 with the letter of the social office.",
    },
    until=date(2027, 3, 1),
)


def member(**other: Any) -> MemberView:
    """Whom the directory knows."""
    words: dict[str, Any] = {
        "initials": "S. R.",
        "masked": "************0002",
        "segment": "PBI-APBN",
        "membership": "pbi-inactive",
        "status_text": "PBI nonaktif",
        "source": "daftar 19-11-2026",
        "as_of": MORNING,
        "facility": "Puskesmas Contoh",
        "decree_on": date(2026, 9, 1),
    }
    return MemberView(**(words | other))


def complaint(number: str = "A009", **other: Any) -> ComplaintView:
    """A complaint that is not closed."""
    words: dict[str, Any] = {
        "id": f"c-{number}",
        "level": DOOR.complaint_levels[0].code,
        "state": "open",
        "filed_at": MORNING - timedelta(hours=2),
        "answer_due_at": MORNING - timedelta(hours=1),
        "due_at": MORNING + timedelta(days=1),
        "number": number,
        "staff": "Rina",
        "urgency": "answer-overdue",
    }
    return ComplaintView(**(words | other))


OUTAGE = Disturbance(
    system="mobile-jkn",
    since=MORNING - timedelta(minutes=6),
    text={
        "id": "Mobile JKN sedang terganggu. Pakai PANDAWA 0811-8165-165.",
        "en": "Mobile JKN is disturbed. Use PANDAWA 0811-8165-165.",
    },
    automatic=True,
)
PAPERLESS = [
    PaperlessTicket(
        ticket="id-A014", number="A014", print="failed", issued_at=MORNING - timedelta(minutes=2)
    )
]


class DoorStory:
    """The desk at the door, its clock and its server, online and ready for Welcome."""

    def __init__(self, kiosk_before: str = "kiosk-1") -> None:
        self.clock = Clock()
        self.asked = Asked()
        self.inquired = Inquired()
        self.remembered: list[str] = []
        self.door = DoorModel(
            self.asked,
            self.inquired,
            new_id=uuid4,
            now_s=self.clock,
            server_now=self.clock.server_now,
            kiosk=kiosk_before,
            remember_kiosk=self.remembered.append,
        )
        self.screening, self.sign_in = self.door.screening, self.door.sign_in
        self.visitor = self.screening.visitor
        self.link(LinkState.ONLINE)

    def link(self, state: LinkState, reason: str = "") -> None:
        """The link changes now."""
        self.door.on_link(LinkStatus(state, self.clock(), reason))

    def welcome(self, signed_in: SignedIn | None = None) -> "DoorStory":
        """Say hello."""
        self.door.on_welcome(welcome(signed_in, door=DOOR))
        return self

    def stand(self, **other: Any) -> "DoorStory":
        """Budi stands at the door of this hall."""
        self.welcome(BUDI)
        self.door.on_notice(hall(**other))
        return self

    def pass_s(self, seconds: float) -> None:
        """Let time pass, then let the desk notice."""
        self.clock.now_s += seconds
        self.door.tick()
