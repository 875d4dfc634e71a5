"""A small branch for tests of the rules, and a day that is driven by hand."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from server.domain.branch import Branch, Choice, Counter, Rules, Service
from server.domain.branch_day import BranchDay
from server.domain.calling import decide_call_next
from server.domain.events import AnyEvent, DayClosed, DayOpened, Recorded
from server.domain.hall import Desk
from server.domain.issuing import NewTicket, decide_issue
from server.domain.seating import Person, decide_open, decide_sign_in
from server.domain.ticket import Ticket

MORNING_MS = 1_790_000_000_000
DATE = "2026-09-21"


def choices(*codes: str) -> tuple[Choice, ...]:
    return tuple(Choice(code, {"id": code, "en": code}) for code in codes)


BRANCH = Branch(
    code="1301",
    name="Kantor Cabang Contoh",
    time_zone=ZoneInfo("Asia/Jakarta"),
    time_zone_name="Asia/Jakarta",
    services={
        code: Service(code, {"id": f"Layanan {code}", "en": f"Service {code}"}, letter=code)
        for code in "AB"
    },
    counters={1: Counter(1, ("A", "B")), 2: Counter(2, ("A", "B")), 3: Counter(3, ("B",))},
    choices={
        "priority": choices("elderly", "disability", "pregnant", "infant", "urgent"),
        "needs": choices("wheelchair"),
        "education": choices("mobile-jkn"),
        "category": choices("activation"),
        "pause_reason": choices("break"),
        "cancel_reason": choices("visitor-left"),
        "park_reason": choices("papers"),
        "rating_reason": choices("slow"),
    },
    board_text={"id": "Selamat datang", "en": "Welcome"},
    link_base_url="http://antrean.local",
)


def branch_with(**rules: Any) -> Branch:
    """The example branch under other rules."""
    return replace(BRANCH, rules=Rules(**rules))


class HandTurnedDay:
    """A branch day with a clock and ids that the test turns by hand."""

    def __init__(self, branch: Branch = BRANCH) -> None:
        self.branch = branch
        self.day = BranchDay(branch, DATE)
        self.now_ms = MORNING_MS
        self.entries: list[Recorded] = []
        self._ids = 0
        self.do([DayOpened(business_date=DATE)])

    def new_id(self) -> str:
        self._ids += 1
        return f"id-{self._ids}"

    def pass_s(self, seconds: float) -> None:
        self.now_ms += int(seconds * 1000)

    def do(self, events: Sequence[AnyEvent]) -> list[AnyEvent]:
        """Apply what was decided: by the clock when it closes the day, else by a counter."""
        closes = any(isinstance(event, DayClosed) for event in events)
        for event in events:
            recorded = Recorded(
                seq=len(self.entries) + 1,
                at_ms=self.now_ms,
                business_date=self.day.business_date,
                event=event,
                actor="server" if closes else "counter-1",
            )
            self.entries.append(recorded)
            self.day.apply(recorded)
        return list(events)

    def issue(self, service: str = "A", device: str = "kiosk-1", **fields: Any) -> Ticket:
        asked = NewTicket(self.new_id(), self.new_id(), service, device, **fields)
        self.do(decide_issue(self.day, asked, self.now_ms))
        return self.day.tickets[asked.ticket]

    def seat(self, number: int, staff: str | None = None, *, opened: bool = True) -> Desk:
        """Somebody sits down at a counter, and opens it."""
        staff = staff or f"staff-{number}"
        person = Person(staff, staff.title(), "frontliner")
        self.do(decide_sign_in(self.day, f"counter-{number}", person, number, needs_counter=True))
        desk = self.day.desks[number]
        if opened:
            self.do(decide_open(self.day, desk))
        return desk

    def call_next(self, desk: Desk) -> Ticket:
        self.do(decide_call_next(self.day, desk, self.new_id(), self.now_ms))
        assert desk.ticket is not None
        return self.day.tickets[desk.ticket]

    def retold(self) -> BranchDay:
        """The same day, told again from its events."""
        day = BranchDay(self.branch, DATE)
        for recorded in self.entries:
            day.apply(recorded)
        return day
