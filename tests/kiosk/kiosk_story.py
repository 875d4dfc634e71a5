"""A visitor, a server that answers when the story says so, a printer, and a clock in the hand."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from msgspec.structs import replace as replace_struct

from kiosk.choosing_model import ChoosingModel
from kiosk.paper_jobs import PaperJobs
from kiosk.printer import PaperToPrint, PrinterReason, PrinterStatus, PrintOutcome, PrintResult
from kiosk.shown_ticket import ShownTicket
from kiosk.visit import Absence, Fault, KioskChoices, Page, Patience, Remark
from protocol.messages import (
    Accepted,
    AnyCommand,
    BranchInfo,
    ChannelInfo,
    CheckIn,
    Choice,
    Choices,
    Disturbance,
    DoorCatalogue,
    Estimate,
    IssueTicket,
    KioskRules,
    KioskService,
    KioskSnapshot,
    MatterInfo,
    Names,
    Rejected,
    ServiceInfo,
    Ticket,
    TicketToPrint,
    Welcome,
)
from protocol.session import LinkState, LinkStatus, OnAnswer

_C = TypeVar("_C", bound=AnyCommand)

MORNING = datetime(2026, 11, 20, 1, 12, 3, tzinfo=UTC)
LINK = "http://antrean.kc-contoh.lan:8080/t/4f6c1a9e2b7d4c0f8e3a5b6c7d8e9f01"
CLOSED: Names = {"id": "Nomor lagi pukul 13.00.", "en": "Next numbers at 13:00."}
ALL_CLOSED: Names = {
    "id": "Layanan sedang beristirahat.\nNomor diberikan pukul 13.00.",
    "en": "The counters are having a break.\nNumbers are given at 13:00.",
}
DISTURBED: Names = {
    "id": "Mobile JKN sedang terganggu. Gunakan PANDAWA (WhatsApp) 0811-8165-165.",
    "en": "Mobile JKN is not working now. Please use PANDAWA (WhatsApp) 0811-8165-165.",
}
CODE = "480915"
BOOKING = "CD34XY"
BOOKING_LINK = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
BOOKING_PAGE = f"http://antrean.kc-contoh.lan:8080/b/{BOOKING_LINK}"
MATTER = MatterInfo(code="register-newborn", name={"id": "Bayi baru lahir"}, service="A")
NAMES: dict[str, Names] = {
    "A": {"id": "Pendaftaran", "en": "Registration"},
    "B": {"id": "Perubahan data", "en": "Change of data"},
    "C": {"id": "Informasi dan pengaduan", "en": "Information and complaints"},
    "D": {"id": "Iuran dan tunggakan", "en": "Contributions and arrears"},
    "E": {"id": "Badan usaha", "en": "Employers"},
    "F": {"id": "PBI dan instansi", "en": "PBI and agencies"},
}
ICONS = {"A": "registration", "B": "data-change", "C": "information", "D": "money"}


def welcome(
    codes: str = "ABCDEF", languages: Sequence[str] = ("id", "en"), *, door: bool = False
) -> Welcome:
    """The branch's greeting with these services; ``door``: an officer gives out slips."""
    return Welcome(
        protocol=1,
        branch=BranchInfo(
            code="1301",
            name="Kantor Cabang Contoh",
            time_zone="Asia/Jakarta",
            languages=list(languages),
        ),
        server_time=MORNING,
        business_date=date(2026, 11, 20),
        revision=0,
        signed_in=None,
        services=[
            ServiceInfo(
                code=code,
                name=NAMES.get(code, {"id": f"Layanan {code}", "en": f"Service {code}"}),
                open=True,
                icon=ICONS.get(code, ""),
            )
            for code in codes
        ],
        counters=[],
        choices=Choices(
            priority=[],
            needs=[Choice(code="help", name={"id": "Belum tahu layanannya"})],
            education=[],
            category=[],
            pause_reason=[],
            cancel_reason=[],
        ),
        door=DoorCatalogue(matters=[MATTER]) if door else None,
    )


def snapshot(
    revision: int = 1,
    codes: str = "ABCDEF",
    closed: str = "",
    used_up: str = "",
    waiting: int = 3,
    left: int | None = None,
    why: Names | None = None,
    mode: str = "open",
    disturbed: bool = False,
    channels_open: Sequence[str] = (),
) -> KioskSnapshot:
    """The tiles' counts; every other service has an estimate."""
    services = [
        KioskService(
            code=code,
            open=code not in closed,
            why=CLOSED if code in closed else None,
            waiting=waiting,
            estimate=Estimate(from_s=900, to_s=1500) if index % 2 == 0 else None,
            numbers_left=0 if code in used_up else left,
            closing=left is not None,
        )
        for index, code in enumerate(codes)
    ]
    return KioskSnapshot(
        revision=revision,
        services=services,
        total=len(services),
        waiting=waiting * len(services),
        why=why,
        mode=mode,
        disturbance=Disturbance(system="mobile-jkn", since=MORNING, text=DISTURBED)
        if disturbed
        else None,
        channels_open=list(channels_open),
    )


RULES = KioskRules(priority_claim=True, identity=True, home=True)
CHANNELS = [
    ChannelInfo(
        code="mobile-jkn",
        name={"id": "Aplikasi Mobile JKN", "en": "The Mobile JKN app"},
        kind="app",
        link="https://play.google.com/store/apps/details?id=app.bpjs.mobile",
    ),
    ChannelInfo(
        code="pandawa",
        name={"id": "PANDAWA (WhatsApp) 0811-8165-165", "en": "PANDAWA (WhatsApp) 0811-8165-165"},
        kind="chat",
        link="https://wa.me/628118165165",
        hours={"id": "Senin–Jumat 08.00–15.00", "en": "Monday–Friday 08:00–15:00"},
    ),
    ChannelInfo(code="care-center", name={"id": "Care Center 165"}, kind="phone", link="tel:165"),
    ChannelInfo(code="vika", name={"id": "VIKA (suara, 165)"}, kind="phone", link="tel:165"),
    ChannelInfo(code="anjungan", name={"id": "Anjungan"}, kind="self-service", link="http://x"),
    ChannelInfo(code="counter-only", name={"id": "Tanpa alamat"}, kind="web"),
]
MATTERS = [
    MatterInfo(
        code="new",
        name={"id": "Pendaftaran peserta baru", "en": "New registration"},
        service="A",
        channels=["anjungan", "vika", "pandawa", "mobile-jkn", "care-center", "counter-only"],
    ),
    MatterInfo(
        code="family",
        name={"id": "Tambah anggota keluarga", "en": "Add a family member"},
        service="A",
        channels=["mobile-jkn", "pandawa", "care-center"],
    ),
    MatterInfo(
        code="newborn",
        name={"id": "Bayi baru lahir", "en": "Newborn"},
        service="A",
        channels=["pandawa"],
    ),
    MatterInfo(code="deceased", name={"id": "Peserta meninggal"}, service="B"),
]
EVERY_CHANNEL = [channel.code for channel in CHANNELS]
PRIORITY = {
    "elderly": {"id": "Lansia (60 tahun ke atas)", "en": "Elderly (60 and over)"},
    "disability": {"id": "Penyandang disabilitas", "en": "Person with a disability"},
    "pregnant": {"id": "Ibu hamil atau menyusui", "en": "Pregnant or nursing"},
    "infant": {"id": "Membawa bayi atau balita", "en": "With a baby or small child"},
    "urgent": {"id": "Mendesak", "en": "Urgent"},
}
NEEDS = {
    "wheelchair": {"id": "Kursi roda", "en": "Wheelchair"},
    "sign-language": {"id": "Bahasa isyarat", "en": "Sign language"},
    "written": {"id": "Komunikasi tertulis", "en": "In writing"},
}


def asking(given: Welcome, rules: KioskRules = RULES) -> Welcome:
    """The same greeting of a branch that asks all that it may ask."""
    named = [Choice(code=code, name=name) for code, name in PRIORITY.items()]
    needed = [Choice(code=code, name=name) for code, name in NEEDS.items()]
    return replace_struct(
        given,
        kiosk=rules,
        door=DoorCatalogue(matters=MATTERS, channels=CHANNELS),
        choices=replace_struct(
            given.choices, priority=named, needs=[*needed, *given.choices.needs]
        ),
    )


def ticket(number: str = "A012", **facts: Any) -> Ticket:
    """A ticket just issued, six people ahead."""
    given: dict[str, Any] = {
        "id": f"ticket-{number}",
        "number": number,
        "service": number[0],
        "state": "waiting",
        "priority": "none",
        "needs": [],
        "issued_at": MORNING,
        "counter": None,
        "call_count": 0,
        "people_ahead": 6,
        "estimate": Estimate(from_s=900, to_s=1500),
        "print": "pending",
        "link": LINK,
    }
    return Ticket(**(given | facts))


def paper_of(given: Ticket, copy: int = 1, job: str = "") -> TicketToPrint:
    """The server's wish for the paper of a ticket."""
    return TicketToPrint(
        job=job or f"job-{given.number}",
        copy=copy,
        ticket=given,
        branch="Kantor Cabang Contoh",
        time_zone="Asia/Jakarta",
        service_name=NAMES.get(given.service, {}),
        people_ahead=given.people_ahead,
        estimate=given.estimate,
        papers=[
            {"id": "KTP asli", "en": "Identity card"},
            {"id": "Kartu Keluarga", "en": "Family card"},
        ],
        link=given.link,
        footer=[],
        language="id",
    )


class FakeAsk:
    """Keeps what was asked; the story answers."""

    def __init__(self) -> None:
        self.asked: list[AnyCommand] = []
        self._waiting: dict[UUID, OnAnswer] = {}

    def __call__(self, command: AnyCommand, on_answer: OnAnswer) -> None:
        assert command.id not in self._waiting, "asked twice before an answer"
        self.asked.append(command)
        self._waiting[command.id] = on_answer

    def of(self, kind: type[_C]) -> list[_C]:
        """The commands of a kind, in order."""
        return [command for command in self.asked if isinstance(command, kind)]

    def last(self, kind: type[_C]) -> _C:
        return self.of(kind)[-1]

    def accept(self, command: AnyCommand, **facts: Any) -> None:
        self._waiting.pop(command.id)(Accepted(id=command.id, revision=1, **facts))

    def reject(self, command: AnyCommand, reason: str, message: str = "", **facts: Any) -> None:
        answer = Rejected(id=str(command.id), reason=reason, message=message, **facts)
        self._waiting.pop(command.id)(answer)

    def is_waiting(self, command: AnyCommand) -> bool:
        return command.id in self._waiting


class FakePrinter:
    """A printer that remembers what it has, as the shipped one's journal does."""

    def __init__(self) -> None:
        self.submitted: list[PaperToPrint] = []
        self._results: deque[PrintResult] = deque()
        self._journal: dict[tuple[str, int], PrintResult] = {}

    @property
    def copies(self) -> list[tuple[str, int]]:
        """The papers that came out or were tried, without repeated ones."""
        return list(dict.fromkeys((each.job, each.copy) for each in self.submitted))

    def start(self) -> None:
        """Nothing to start."""

    def submit(self, ticket: PaperToPrint) -> None:
        known = self._journal.get((ticket.job, ticket.copy))
        self.submitted.append(ticket)
        if known is not None:
            self._results.append(known)

    def finish(
        self,
        outcome: PrintOutcome = PrintOutcome.PRINTED,
        reason: PrinterReason | None = None,
        index: int = -1,
    ) -> None:
        """What was submitted last comes to this end."""
        printed = self.submitted[index]
        result = PrintResult(printed.job, printed.copy, outcome, reason)
        self._journal[printed.job, printed.copy] = result
        self._results.append(result)

    def poll(self) -> list[PrintResult]:
        results = list(self._results)
        self._results.clear()
        return results

    def status(self) -> PrinterStatus:
        return PrinterStatus()

    def listen(self, changed: Callable[[], None]) -> None:
        """The story itself tells the model."""

    def close(self) -> None:
        """Nothing to close."""


class Story:
    """One kiosk. ``after`` lets time pass in steps of 0.1 s, as the window's timer does."""

    def __init__(
        self,
        *,
        codes: str = "ABCDEF",
        unknown_service: str = "",
        patience: Patience | None = None,
        choices: KioskChoices | None = None,
    ) -> None:
        self.ask, self.printer = FakeAsk(), FakePrinter()
        self.now_s = 1000.0
        self._ids = 0
        self.codes = codes
        # For pictures: the language to choose, and whether the pad of the staff is seen.
        self.visitors_language = "id"
        self.wants_pad = False
        self.has_left = False
        jobs = PaperJobs(self.printer, self.ask, new_id=self.new_id, now_s=lambda: self.now_s)
        choices = choices or KioskChoices(
            unknown_service=unknown_service, patience=patience or Patience()
        )
        self.model = ChoosingModel(
            self.ask,
            jobs,
            new_id=self.new_id,
            now_s=lambda: self.now_s,
            server_now=lambda: MORNING + timedelta(seconds=self.now_s - 1000.0),
            choices=choices,
        )

    def new_id(self) -> UUID:
        self._ids += 1
        return UUID(int=self._ids)

    def leave(self) -> None:
        self.has_left = True

    def after(self, seconds: float) -> "Story":
        until_s = self.now_s + seconds
        while self.now_s < until_s - 1e-9:
            self.now_s = min(until_s, self.now_s + 0.1)
            self.model.tick()
        return self

    # What is seen; as calls, because a checker believes that a property stays what it was.

    def page(self) -> Page:
        return self.model.page

    def absence(self) -> Absence | None:
        return self.model.absence

    def question(self) -> float | None:
        return self.model.question_left_s()

    def shown(self) -> ShownTicket:
        assert self.model.visit.shown is not None
        return self.model.visit.shown

    def remark(self) -> Remark:
        assert self.model.visit.remark is not None
        return self.model.visit.remark

    def remarks(self) -> bool:
        return self.model.visit.remark is not None

    def prints_for_others(self) -> bool:
        return self.model.prints_for_others

    def fault(self) -> Fault:
        fault = self.shown().fault
        assert fault is not None
        return fault

    def waits_long(self) -> bool:
        return self.model.waits_long

    def has_link(self) -> bool:
        return self.model.online

    # The link.

    def online(self) -> "Story":
        self.model.on_link(LinkStatus(LinkState.ONLINE, self.now_s))
        self.model.on_welcome(welcome(self.codes))
        self.model.on_notice(snapshot(codes=self.codes))
        return self

    def asking(
        self, rules: KioskRules = RULES, channels_open: Sequence[str] = EVERY_CHANNEL
    ) -> "Story":
        """Online at a branch that asks these things before a number."""
        self.model.on_link(LinkStatus(LinkState.ONLINE, self.now_s))
        self.model.on_welcome(asking(welcome(self.codes), rules))
        self.model.on_notice(snapshot(codes=self.codes, channels_open=channels_open))
        return self

    def screened(self, **facts: Any) -> "Story":
        """Online, and a number is given only for an officer's code."""
        self.online()
        self.model.on_welcome(welcome(self.codes, door=True))
        self.model.on_notice(snapshot(2, codes=self.codes, mode="screened", **facts))
        return self

    def booking(self) -> "Story":
        """Online at a branch that lets people book from home."""
        self.online()
        rules = KioskRules(home=False, booking=True)
        self.model.on_welcome(replace_struct(welcome(self.codes), kiosk=rules))
        self.model.on_notice(snapshot(2, codes=self.codes))
        return self

    def lost(self, state: LinkState = LinkState.LOST, reason: str = "closed") -> "Story":
        self.model.on_link(LinkStatus(state, self.now_s, reason))
        return self

    # The visitor, who reads a second before each touch.

    def start(self) -> "Story":
        self.after(1.0)
        self.model.start()
        return self

    def choose(self, code: str = "A") -> "Story":
        self.after(1.0)
        self.model.choose(code)
        return self

    def typed(self, digits: str = CODE) -> "Story":
        """From the idle page of a screened kiosk to digits in the boxes."""
        if self.page() is Page.IDLE:
            self.start()
        for digit in digits:
            self.after(0.5)
            self.model.type_digit(digit)
        return self

    def coded(self, digits: str = CODE) -> "Story":
        """These digits typed and confirmed."""
        self.typed(digits).after(0.5)
        self.model.confirm_code()
        return self

    def refused(self, reason: str = "unknown-screening", message: str = "") -> "Story":
        """The server's no to the last wish."""
        self.ask.reject(self.ask.last(IssueTicket), reason, message)
        return self

    def signed(self, signs: str = BOOKING) -> "Story":
        """From the idle page to signs of a booking's code in the boxes."""
        if self.page() is Page.IDLE:
            self.after(1.0).model.open_booking()
        for sign in signs:
            self.after(0.5)
            self.model.type_sign(sign)
        return self

    def checked_in(self, signs: str = BOOKING) -> "Story":
        """These signs typed and confirmed."""
        self.signed(signs).after(0.5)
        self.model.confirm_booking()
        return self

    def not_checked_in(self, reason: str, message: str = "", **facts: Any) -> "Story":
        """The server's no to the last booking."""
        self.ask.reject(self.ask.last(CheckIn), reason, message, **facts)
        return self

    def scanned(self, signs: str = CODE, *, enter: bool = True) -> bool:
        """A scanner's keys, 5 ms apart; whether its Enter ended something typed."""
        for sign in signs:
            self.now_s += 0.005
            self.model.type_key(sign)
        self.now_s += 0.005
        return self.model.enter_key() if enter else False

    def numbered(self, number: str = "A012", **facts: Any) -> "Story":
        """From the first touch to the number on the screen."""
        self.start().choose(number[0])
        self.ask.accept(self.ask.last(IssueTicket), ticket=ticket(number, **facts))
        return self

    def asked_to_print(self, number: str = "A012", copy: int = 1, job: str = "") -> "Story":
        self.model.on_notice(paper_of(ticket(number), copy, job))
        return self

    def printed(
        self,
        outcome: PrintOutcome = PrintOutcome.PRINTED,
        reason: PrinterReason | None = None,
    ) -> "Story":
        self.printer.finish(outcome, reason)
        self.model.on_printer()
        return self

    def failed(self, reason: PrinterReason = PrinterReason.PAPER_OUT) -> "Story":
        return self.printed(PrintOutcome.FAILED, reason)


def impatient(**changes: Any) -> Patience:
    """The shipped patience with other figures."""
    return replace(Patience(), **changes)
