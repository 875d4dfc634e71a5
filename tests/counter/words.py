"""A small branch in the server's words, and a server that answers when the story says so."""

import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from assets import asset_path
from counter.seat_model import SeatModel
from protocol.messages import (
    Accepted,
    Answer,
    AnyCommand,
    BranchInfo,
    Choice,
    Choices,
    Command,
    ComplaintLevelInfo,
    CounterInfo,
    CounterView,
    DoorCatalogue,
    HelpCall,
    LineEntry,
    MatterInfo,
    MissedEntry,
    Overtaker,
    PaperInfo,
    PaperlessTicket,
    ParkedEntry,
    PreviewEntry,
    ProcedureInfo,
    Query,
    QueueSnapshot,
    Rateable,
    Rejected,
    ServiceInfo,
    SignedIn,
    StaffPresence,
    Ticket,
    Undoable,
    WaitingCount,
    Welcome,
)
from protocol.session import LinkState, LinkStatus, OnAnswer, OnFound

C = TypeVar("C", bound=Command)

MORNING = datetime(2026, 11, 20, 1, 12, 3, tzinfo=UTC)

_CATALOGUE = tomllib.loads(asset_path("catalogues", "bpjs-kesehatan.toml").read_text("utf-8"))

CHOICES = Choices(
    **{
        field: [Choice(code=each["code"], name=each["name"]) for each in entries]
        for field, entries in _CATALOGUE["choice"].items()
    }
)
SERVICES = [
    ServiceInfo(
        code=service["code"],
        name=service["name"],
        open=True,
        target_wait_s=service["target_wait_s"],
        target_service_s=service["target_service_s"],
    )
    for service in _CATALOGUE["service"]
]

DOOR = DoorCatalogue(
    papers=[
        PaperInfo(code="ktp", name={"id": "KTP elektronik", "en": "Electronic ID card"}),
        PaperInfo(code="kk", name={"id": "Kartu Keluarga", "en": "Family card"}),
        PaperInfo(code="birth-letter", name={"id": "Surat lahir", "en": "Birth letter"}),
    ],
    matters=[
        MatterInfo(
            code="newborn",
            name={"id": "Bayi baru lahir", "en": "Newborn"},
            service="A",
            papers=["ktp", "kk", "birth-letter"],
            category="newborn",
        )
    ],
    procedures=[
        ProcedureInfo(
            category="newborn",
            text={
                "id": "Daftarkan bayi ke segmen ibunya; iuran pertama dibayar dalam 28 hari.",
                "en": "Register the baby in the mother's segment; first payment within 28 days.",
            },
            next_step={
                "id": "Ingatkan: nama dan NIK dilengkapi dalam 3 bulan.",
                "en": "Remind: name and NIK are completed within 3 months.",
            },
        )
    ],
    complaint_levels=[
        ComplaintLevelInfo(
            code=code, name={"id": name, "en": code}, first_response_min=minutes, working_days=days
        )
        for code, name, minutes, days in (
            ("red", "Merah", 30, 1),
            ("yellow", "Kuning", 30, 5),
            ("green", "Hijau", 60, 10),
        )
    ],
)


def welcome(signed_in: SignedIn | None = None, revision: int = 1, **other: Any) -> Welcome:
    """The server's first word."""
    words: dict[str, Any] = {
        "protocol": 1,
        "branch": BranchInfo(
            code="1301",
            name="Kantor Cabang Contoh",
            time_zone="Asia/Jakarta",
            languages=["id", "en"],
        ),
        "server_time": MORNING,
        "business_date": date(2026, 11, 20),
        "revision": revision,
        "signed_in": signed_in,
        "services": SERVICES,
        "counters": [
            CounterInfo(number=n, services=["A", "B", "C", "D", "E", "F"]) for n in range(1, 7)
        ],
        "choices": CHOICES,
        "door": DOOR,
    }
    return Welcome(**(words | other))


def ticket(
    number: str = "A012",
    state: str = "called",
    *,
    now: datetime = MORNING,
    waited_s: int = 600,
    called_s: int = 20,
    served_s: int = 0,
    **other: Any,
) -> Ticket:
    """A ticket at the counter; the seconds count back from ``now``."""
    serving = state == "serving"
    called_at = now - timedelta(seconds=called_s + (served_s if serving else 0))
    words: dict[str, Any] = {
        "id": f"id-{number}",
        "number": number,
        "service": number[0] if number[0] in "ABCDEF" else "A",
        "state": state,
        "priority": "none",
        "needs": [],
        "issued_at": called_at - timedelta(seconds=waited_s),
        "counter": 3,
        "call_count": 1,
        "people_ahead": 0,
        "estimate": None,
        "print": "printed",
        "link": "http://127.0.0.1/t/x",
        "called_at": called_at,
        "started_at": now - timedelta(seconds=served_s) if serving else None,
    }
    return Ticket(**(words | other))


def entry(number: str, place: int, waited_s: int = 300, **other: Any) -> LineEntry:
    """One who waits."""
    words: dict[str, Any] = {
        "ticket": f"id-{number}",
        "number": number,
        "service": number[0] if number[0] in "ABCDEF" else "A",
        "priority": "elderly" if number[0] == "P" else "none",
        "issued_at": MORNING - timedelta(seconds=waited_s),
        "place": place,
        "why": {
            "id": "Prioritas, jatuh waktunya lebih awal"
            if number[0] == "P"
            else "Datang lebih awal",
            "en": "Priority, due earlier" if number[0] == "P" else "Came earlier",
        },
        "print": "printed",
    }
    return LineEntry(**(words | other))


def counter(number: int = 3, state: str = "open", **other: Any) -> CounterView:
    """A counter as others see it."""
    words: dict[str, Any] = {
        "number": number,
        "state": state,
        "since": MORNING,
        "reason": "break" if state == "paused" else None,
        "staff": "Rina",
        "ticket": None,
        "ticket_state": None,
        "services": ["A", "B", "C", "D", "E", "F"],
    }
    return CounterView(**(words | other))


def coming(number: str, rule: str = "due-time", place: int = 1, **other: Any) -> PreviewEntry:
    """Who would be called, as the server previews it."""
    words: dict[str, Any] = {
        "ticket": f"id-{number}",
        "number": number,
        "service": number[0] if number[0] in "ABCDEF" else "A",
        "priority": "elderly" if number[0] == "P" else "none",
        "place": place,
        "why": {
            "id": "Lansia (60 tahun ke atas): target 10 menit, paling lambat 08.20."
            if number[0] == "P"
            else "Dipanggil paling lambat 08.42 menurut target 30 menit.",
            "en": "Elderly (60 and over): target 10 minutes, by 08:20."
            if number[0] == "P"
            else "To be called by 08:42, the target being 30 minutes.",
        },
        "rule": rule,
    }
    return PreviewEntry(**(words | other))


def overtaker(number: str, rule: str = "due-time", *, counted: bool = True) -> Overtaker:
    """Who came later and was called before."""
    chosen = rule == "chosen"
    return Overtaker(
        number=number,
        counter=1,
        called_at=MORNING - timedelta(minutes=3),
        rule=rule,
        counted=counted,
        why={
            "id": "Dipilih langsung oleh petugas." if chosen else "Batas waktunya lebih awal.",
            "en": "Chosen by an officer." if chosen else "It was due earlier.",
        },
    )


def parked(number: str, alarm_s: int | None = 600, **other: Any) -> ParkedEntry:
    """A ticket that this counter put aside; the alarm counts from the morning."""
    words: dict[str, Any] = {
        "ticket": f"id-{number}",
        "number": number,
        "service": number[0],
        "reason": "photocopy",
        "parked_at": MORNING - timedelta(minutes=5),
        "counter": 3,
        "staff": "rina",
        "alarm_at": None if alarm_s is None else MORNING + timedelta(seconds=alarm_s),
    }
    return ParkedEntry(**(words | other))


def missed(number: str, left_s: int = 480) -> MissedEntry:
    """A number for which nobody came, and which may still come back."""
    return MissedEntry(
        ticket=f"id-{number}",
        number=number,
        service=number[0],
        valid_until=MORNING + timedelta(seconds=left_s),
    )


def undoable(number: str, event: str = "ServiceFinished", left_s: float = 5) -> Undoable:
    """The last move, as long as it can be taken back."""
    return Undoable(event=event, number=number, until=MORNING + timedelta(seconds=left_s))


def calling(
    device: str = "kiosk-1", waited_s: int = 25, reason: str = "help", **other: Any
) -> HelpCall:
    """A visitor who asks for a person there."""
    since = MORNING - timedelta(seconds=waited_s)
    words: dict[str, Any] = {
        "call": f"call-{device}",
        "device": device,
        "reason": reason,
        "since": since,
    }
    return HelpCall(**(words | other))


def paperless(number: str, printed: str = "failed", waited_s: int = 240) -> PaperlessTicket:
    """Somebody who waits without paper."""
    return PaperlessTicket(
        ticket=f"id-{number}",
        number=number,
        print=printed,
        issued_at=MORNING - timedelta(seconds=waited_s),
        service=number[0] if number[0] in "ABCDEF" else "A",
    )


def rateable(number: str = "A011", left_s: float = 110, link: str = "") -> Rateable:
    """Who has just been served."""
    until = MORNING + timedelta(seconds=left_s)
    return Rateable(ticket=f"id-{number}", number=number, until=until, review_link=link)


COLLEAGUES = [
    StaffPresence(staff="rina", name="Rina", counter=3),
    StaffPresence(staff="sari", name="Sari", counter=1),
    StaffPresence(staff="adi", name="Adi", counter=2),
]

RINA = SignedIn(staff="rina", counter=3, name="Rina")


def snapshot(
    revision: int,
    mine: Ticket | None = None,
    *numbers: str,
    state: str = "open",
    **other: Any,
) -> QueueSnapshot:
    """The hall for counter 3, with these numbers waiting in this order."""
    words: dict[str, Any] = {
        "revision": revision,
        "signed_in": RINA,
        "counter": counter(state=state),
        "ticket": mine,
        "line": [entry(number, place) for place, number in enumerate(numbers, 1)],
        "total": len(numbers),
        "waiting": [
            WaitingCount(
                service=code,
                count=sum(number[0] == code for number in numbers),
                estimate=None,
                oldest_issued_at=MORNING - timedelta(minutes=9),
            )
            for code in "ABCDEF"
        ],
        "counters": [
            counter(1, "open", staff="Sari", ticket="B031", ticket_state="serving"),
            counter(2, "paused", staff="Adi"),
            counter(3, state),
            counter(4, "closed", staff=None),
        ],
        "finished_today": 17,
        "average_service_s": 472,
    }
    return QueueSnapshot(**(words | other))


class Clock:
    """A clock turned by hand; both clocks of the models go with it."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s

    def server_now(self) -> datetime:
        """The server's clock."""
        return MORNING + timedelta(seconds=self.now_s - 1000.0)


class Asked:
    """Every command that was asked, and the answers that are still owed."""

    def __init__(self) -> None:
        self.commands: list[AnyCommand] = []
        self._owed: dict[UUID, OnAnswer] = {}

    def __call__(self, command: AnyCommand, on_answer: OnAnswer) -> None:
        self.commands.append(command)
        self._owed[command.id] = on_answer

    @property
    def last(self) -> AnyCommand:
        """The newest command."""
        return self.commands[-1]

    def the(self, kind: type[C]) -> C:
        """The newest command, which must be of this kind."""
        newest = self.last
        assert isinstance(newest, kind), newest
        return newest

    def accept(self, revision: int, **fields: Any) -> None:
        """Answer the newest command with Accepted."""
        self._owed.pop(self.last.id)(Accepted(id=self.last.id, revision=revision, **fields))

    def reject(self, reason: str, message: str = "", **fields: Any) -> None:
        """Answer the newest command with Rejected."""
        self._owed.pop(self.last.id)(
            Rejected(id=str(self.last.id), reason=reason, message=message, **fields)
        )


class Inquired:
    """Every query that was asked, and the answers that are still owed."""

    def __init__(self) -> None:
        self.queries: list[Query] = []
        self._owed: list[OnFound] = []

    def __call__(self, query: Query, on_found: OnFound) -> None:
        self.queries.append(query)
        self._owed.append(on_found)

    def forget(self) -> None:
        """As if nothing had been asked."""
        self.queries.clear()
        self._owed.clear()

    def the(self, kind: type[C]) -> C:
        """The newest query, which must be of this kind."""
        newest = self.queries[-1]
        assert isinstance(newest, kind), newest
        return newest

    def answer(self, at: int = -1, **fields: Any) -> None:
        """Answer the newest query, or another one of them."""
        self._owed[at](Answer(id=self.queries[at].id, revision=11, **fields))

    def refuse(self, reason: str, message: str) -> None:
        """Refuse the newest query."""
        query_id = str(self.queries[-1].id)
        self._owed[-1](Rejected(id=query_id, reason=reason, message=message))


class Story:
    """A seat, its clock and its server, online and ready for Welcome."""

    def __init__(self, remembered: int | None = 3) -> None:
        self.clock = Clock()
        self.asked = Asked()
        self.inquired = Inquired()
        self.remembered: list[int] = []
        self.seat = SeatModel(
            self.asked,
            self.inquired,
            new_id=uuid4,
            now_s=self.clock,
            server_now=self.clock.server_now,
            counter=remembered,
            remember_counter=self.remembered.append,
        )
        self.serving, self.sign_in = self.seat.serving, self.seat.sign_in
        self.link(LinkState.ONLINE)

    def link(self, state: LinkState, reason: str = "") -> None:
        """The link changes now."""
        self.seat.on_link(LinkStatus(state, self.clock(), reason))

    def welcome(self, signed_in: SignedIn | None = None) -> "Story":
        """Say hello."""
        self.seat.on_welcome(welcome(signed_in))
        return self

    def serving_with(
        self, mine: Ticket | None = None, *numbers: str, state: str = "open", **other: Any
    ) -> "Story":
        """Rina sits at counter 3, with this ticket and this line."""
        self.welcome(RINA)
        self.seat.on_notice(snapshot(10, mine, *numbers, state=state, **other))
        return self

    def pass_s(self, seconds: float, tick: Callable[[], None] | None = None) -> None:
        """Let time pass, then let the seat notice."""
        self.clock.now_s += seconds
        (tick or self.seat.tick)()
