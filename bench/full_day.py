"""A full business day by the shipped rules: door, kiosks, counters, displays, pads; nothing rare is
left out but what kiosks give without a link."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from random import Random

import msgspec

from server.domain import calling, closing, issuing, serving
from server.domain.branch import Branch
from server.domain.branch_day import BranchDay
from server.domain.configuring import decide_day_open
from server.domain.events import (
    AnnouncementConfirmed,
    AnyEvent,
    ChannelChosen,
    ComplaintFiled,
    CounterPaused,
    GuestRecorded,
    PrintRecorded,
    RecordCorrected,
    Recorded,
    ServiceRated,
    TicketIssued,
    VisitorScreened,
)
from server.domain.seating import Person, decide_open, decide_sign_in
from server.store import Store

HOURS_OPEN = 8
SERVICE_S = 150.0
MARK = "0000a0a0-"
"""Every id of the day begins so: a copy of the day puts another mark there."""


@dataclass
class FullDay:
    """Lives through one day; ``write`` puts it into a branch without a past."""

    branch: Branch
    date: str
    tickets: int
    seed: int = 1
    entries: list[Recorded] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)
        self._day = BranchDay(self.branch, self.date)
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self._ids = self._order = 0
        morning = datetime.fromisoformat(f"{self.date}T08:00").replace(tzinfo=self.branch.time_zone)
        self._opens_ms = self._now_ms = int(morning.timestamp() * 1000)

    def write(self, store: Store) -> None:
        """Live through it and commit it."""
        self._do(*decide_day_open(self.branch, self.date))
        for number in self.branch.counters:
            self._plan(number, partial(self._sit_down, number))
        for _ in range(self.tickets):
            self._plan(self._random.random() * HOURS_OPEN * 3600, self._arrive)
        while self._due:
            self._now_ms, _, deed = heapq.heappop(self._due)
            deed()
        self._do(*closing.decide_close(self._day, self._now_ms, "past", ""))
        store.commit(self.entries, [], [self._day.take_changes()])

    def _plan(self, after_s: float, deed: Callable[[], None]) -> None:
        self._order += 1
        heapq.heappush(self._due, (self._now_ms + int(after_s * 1000), self._order, deed))

    def _do(self, *events: AnyEvent) -> None:
        for event in events:
            recorded = Recorded(
                seq=len(self.entries) + 1,
                at_ms=self._now_ms,
                business_date=self.date,
                event=event,
                actor="past",
            )
            self._day.apply(recorded)
            self.entries.append(recorded)

    def _new_id(self) -> str:
        self._ids += 1
        return f"{MARK}0000-7000-8000-{self._ids:012x}"

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    # The door and the kiosk.

    def _arrive(self) -> None:
        if self._chance(0.02):
            self._do(GuestRecorded(guest=self._new_id(), purpose="other", staff="so", device="d"))
        if self._chance(0.03):
            self._do(ChannelChosen(service="A", channel="pandawa", device="kiosk-1"))
        screening = self._screen("ticket") if self._chance(0.4) else None
        if self._chance(0.1):
            self._screen("solved")
        ticket = self._new_id()
        asked = issuing.NewTicket(
            ticket,
            f"link-{ticket}",
            self._random.choice(list(self.branch.services)),
            "kiosk-1",
            job=f"{ticket}-job",
            print_at="kiosk-1",
            priority="elderly" if self._chance(0.12) else "none",
            screening=screening,
        )
        for event in issuing.decide_issue(self._day, asked, self._now_ms):
            is_issue = isinstance(event, TicketIssued)
            self._do(msgspec.structs.replace(event, promised_s=(60, 900)) if is_issue else event)
        self._plan(2, partial(self._print, ticket, f"{ticket}-job"))
        for number in self.branch.counters:
            self._plan(1, partial(self._call, number))

    def _screen(self, outcome: str) -> str:
        screening = self._new_id()
        self._do(
            VisitorScreened(
                screening=screening,
                outcome=outcome,
                device="door-1",
                staff="so",
                started_at_ms=self._now_ms - self._random.randint(5_000, 90_000),
                service=self._random.choice(list(self.branch.services)),
                segment=self._random.choice(("PBPU", "PBI-APBN", "PPU-BU")),
                missing=["kk"] if self._chance(0.1) else [],
                reason="information" if outcome == "solved" else None,
            )
        )
        return screening

    def _print(self, ticket: str, job: str) -> None:
        self._do(PrintRecorded(ticket=ticket, job=job, outcome="printed"))
        if self._chance(0.01):
            self._do(PrintRecorded(ticket=ticket, job=job, outcome="failed"))

    # The counters.

    def _sit_down(self, number: int) -> None:
        person = Person(f"past-{number}", "Past", "frontliner")
        self._do(
            *decide_sign_in(self._day, f"counter-{number}", person, number, needs_counter=True)
        )
        self._do(*decide_open(self._day, self._day.desks[number]))
        self._plan(4 * 3600 + number * 600, partial(self._rest, number))

    def _rest(self, number: int) -> None:
        desk = self._day.desks[number]
        if desk.ticket is not None:
            self._plan(30, partial(self._rest, number))
            return
        self._do(CounterPaused(counter=number, staff=desk.staff or "", reason="rest"))
        self._plan(1200, partial(self._come_back, number))

    def _come_back(self, number: int) -> None:
        self._do(*decide_open(self._day, self._day.desks[number]))
        self._call(number)

    def _call(self, number: int) -> None:
        desk = self._day.desks[number]
        attended = self._day.lines_of(desk)
        if desk.state != "open" or desk.ticket is not None:
            return
        if not any(map(self._day.lines.length, attended)):
            return
        announcement = self._new_id()
        self._do(*calling.decide_call_next(self._day, desk, announcement, self._now_ms))
        called = self._day.desks[number].ticket
        assert called is not None
        if self._chance(0.97):
            for display in ("tv-1", "tv-2"):
                self._do(
                    AnnouncementConfirmed(
                        announcement=announcement, device=display, outcome="spoken"
                    )
                )
        comes = self._chance(0.96)
        after_s = self._random.randint(10, 60)
        self._plan(after_s, partial(self._serve if comes else self._miss, number, called))

    def _miss(self, number: int, ticket: str) -> None:
        desk = self._day.desks[number]
        self._do(*calling.decide_no_show(self._day, desk, ticket, self._now_ms))
        self._plan(5, partial(self._call, number))

    def _serve(self, number: int, ticket: str) -> None:
        self._do(*serving.decide_start(self._day, self._day.desks[number], ticket))
        took_s = self._random.expovariate(1 / SERVICE_S) + 20
        deed = self._hand_on if self._chance(0.03) else self._finish
        self._plan(took_s, partial(deed, number, ticket))

    def _hand_on(self, number: int, ticket: str) -> None:
        desk = self._day.desks[number]
        to = serving.Destination(service=self._random.choice(list(self.branch.services)))
        staff = calling.staff_at(desk)
        self._do(*serving.decide_transfer(self._day, desk, ticket, to, staff, self._now_ms))
        for other in self.branch.counters:
            self._plan(5, partial(self._call, other))

    def _finish(self, number: int, ticket: str) -> None:
        random = self._random
        categories = [one.code for one in self.branch.choices["category"]]
        result = serving.Result(
            "solved", random.choice(categories), ["mobile-jkn"] if self._chance(0.4) else [], ""
        )
        self._do(*serving.decide_finish(self._day, self._day.desks[number], ticket, result))
        if self._chance(0.35):
            score = random.choice((1, 2, 3, 3, 4, 4, 4))
            self._do(ServiceRated(ticket=ticket, score=score, device="pad-1", reasons=["time"]))
        if self._chance(0.01):
            self._correct(ticket)
        if self._chance(0.005):
            self._complain(ticket)
        self._plan(5, partial(self._call, number))

    def _correct(self, ticket: str) -> None:
        self._do(
            RecordCorrected(
                ticket=ticket,
                of_date=self.date,
                field="category",
                before="",
                after="identity",
                reason="wrong",
                staff="past",
            )
        )

    def _complain(self, ticket: str) -> None:
        self._do(
            ComplaintFiled(
                complaint=self._new_id(),
                level="green",
                answer_due_at_ms=self._now_ms + 1_800_000,
                due_at_ms=self._now_ms + 864_000_000,
                device="door-1",
                staff="so",
                ticket=ticket,
            )
        )
