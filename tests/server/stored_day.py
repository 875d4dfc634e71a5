"""A business day decided by the real rules and written by the real store, without a lane."""

from uuid import UUID, uuid4

from db.reports import DaySummary, day_summary
from server.domain import calling, closing, issuing, serving
from server.domain.branch_day import BranchDay
from server.domain.configuring import decide_day_open
from server.domain.events import (
    AnyEvent,
    CounterOpened,
    Recorded,
    ServiceRated,
    StaffSignedIn,
)
from server.domain.experience import PastDays
from server.store import RememberedAnswer, Store

MORNING_MS = 1_795_136_400_000  # 2026-11-20 08:00 in Jakarta
DAY_MS = 24 * 3600 * 1000


class StoredDay:
    """One day after another; each verb decides, applies, and keeps the facts for ``write``."""

    def __init__(
        self,
        store: Store,
        date: str = "2026-11-20",
        now_ms: int = MORNING_MS,
        past: PastDays | None = None,
    ) -> None:
        self.store = store
        self.now_ms = now_ms
        self.entries: list[Recorded] = []
        self.answers: list[RememberedAnswer] = []
        self._ids = 0
        self.seq = store.load_day().last_seq
        self.day = BranchDay(store.load_branch(), date, past)
        self.day.revision = self.seq
        self.record(*decide_day_open(self.day.branch, date))

    def record(self, *events: AnyEvent, command: UUID | None = None) -> None:
        for event in events:
            self.seq += 1
            recorded = Recorded(
                seq=self.seq,
                at_ms=self.now_ms,
                business_date=self.day.business_date,
                event=event,
                actor="kiosk-1",
                command_id=str(command) if command else None,
            )
            self.day.apply(recorded)
            self.entries.append(recorded)

    def issue(self, service: str = "A", priority: str = "none", weight: int = 1) -> str:
        """Take a number as a remembered command; returns the ticket's id."""
        self._ids += 1
        ticket = f"{self.day.business_date}-{self._ids:05d}"
        command = uuid4()
        new = issuing.NewTicket(
            ticket, f"secret-{ticket}", service, "kiosk-1", job=f"job-{ticket}",
            print_at="kiosk-1", priority=priority, weight=weight,
        )  # fmt: skip
        self.record(*issuing.decide_issue(self.day, new, self.now_ms), command=command)
        self.answers.append(
            RememberedAnswer(
                command.bytes, "kiosk-1", b"digest", b"{}", self.now_ms, self.day.business_date
            )
        )
        return ticket

    def open_counter(self, number: int = 1) -> None:
        device, staff = f"counter-{number}", f"staff-{number}"
        self.record(
            StaffSignedIn(
                device=device, staff=staff, name=staff, role="frontliner", counter=number
            ),
            CounterOpened(counter=number, staff=staff),
        )

    def call(self, number: int = 1) -> str:
        self._ids += 1
        desk = self.day.desks[number]
        self.record(
            *calling.decide_call_next(self.day, desk, f"announcement-{self._ids}", self.now_ms)
        )
        assert desk.ticket is not None
        return desk.ticket

    def serve(self, number: int = 1, seconds: int = 60) -> str:
        """Call, start and finish; the way takes 10 s."""
        ticket, desk = self.call(number), self.day.desks[number]
        self.pass_s(10)
        self.record(*serving.decide_start(self.day, desk, ticket))
        self.pass_s(seconds)
        result = serving.Result("solved", "identity", ["mobile-jkn"], "")
        self.record(*serving.decide_finish(self.day, desk, ticket, result))
        return ticket

    def nobody_comes(self, number: int = 1) -> str:
        ticket, desk = self.call(number), self.day.desks[number]
        self.record(*calling.decide_no_show(self.day, desk, ticket, self.now_ms))
        return ticket

    def cancel(self, ticket: str) -> None:
        self.record(*serving.decide_cancel(self.day, ticket, "visitor-left", "kiosk-1", None, None))

    def rate(self, ticket: str, score: int) -> None:
        self.record(ServiceRated(ticket=ticket, score=score, device="pad-1", reasons=["time"]))

    def close(self) -> None:
        self.record(*closing.decide_day_end(self.day, self.now_ms))

    def pass_s(self, seconds: float) -> None:
        self.now_ms += int(seconds * 1000)

    def write(self) -> None:
        """Everything since the last time, as one batch."""
        self.store.commit(self.entries, self.answers, [self.day.take_changes()])
        self.entries, self.answers = [], []

    def summary(self) -> DaySummary:
        with self.store.database.reading() as connection:
            return day_summary(connection, self.store.branch_code, self.day.business_date)


def a_whole_day(store: Store, date: str = "2026-11-20", now_ms: int = MORNING_MS) -> StoredDay:
    """A small day with one of everything: served, missed, cancelled, expired."""
    story = StoredDay(store, date, now_ms)
    story.open_counter(1)
    story.issue("A")
    story.issue("B", priority="elderly")
    cancelled = story.issue("C")
    story.write()
    story.pass_s(300)
    story.rate(story.serve(1, 240), 4)
    story.nobody_comes(1)
    story.cancel(cancelled)
    story.issue("D")
    story.pass_s(60)
    story.close()
    story.write()
    return story
