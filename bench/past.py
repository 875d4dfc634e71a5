"""A branch with a past: days of served tickets, written by the shipped rules and store."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from db.engine import sqlite_url
from server.domain.branch import Branch
from server.domain.branch_day import BranchDay
from server.domain.calling import decide_call_next
from server.domain.closing import decide_day_end
from server.domain.events import AnyEvent, DayOpened, Recorded
from server.domain.issuing import NewTicket, decide_issue
from server.domain.seating import Person, decide_open, decide_sign_in
from server.domain.serving import Result, decide_finish
from server.store import Store

BATCH_EVENTS = 2_000


class PastWriter:
    """Lives through a day, quickly, and writes it down."""

    def __init__(self, store: Store, branch: Branch) -> None:
        self._store = store
        self._branch = branch
        self._seq = store.load_day().last_seq
        self._now_ms = 0
        self._entries: list[Recorded] = []

    def live(self, business_date: str, tickets: int, *, close: bool = True) -> None:
        """One day with this many tickets, all served; ``close=False`` leaves it open."""
        day = BranchDay(self._branch, business_date)
        day.revision = self._seq
        morning = datetime.fromisoformat(business_date).replace(tzinfo=self._branch.time_zone)
        self._now_ms = int(morning.astimezone(UTC).timestamp() * 1000) + 1
        self._do(day, [DayOpened(business_date=business_date)])
        person = Person("past", "Past", "frontliner")
        self._do(day, decide_sign_in(day, "past-counter", person, 1, needs_counter=True))
        desk = day.desks[1]
        self._do(day, decide_open(day, desk))
        services = list(self._branch.services)
        for number in range(tickets):
            asked = NewTicket(str(uuid4()), uuid4().hex, services[number % len(services)], "past")
            self._do(day, decide_issue(day, asked, self._now_ms))
            self._do(day, decide_call_next(day, desk, str(uuid4()), self._now_ms))
            assert desk.ticket is not None
            self._do(day, decide_finish(day, desk, desk.ticket, Result("solved")))
            if len(self._entries) >= BATCH_EVENTS:
                self._write(day)
        if close:
            self._do(day, decide_day_end(day, self._now_ms))
        self._write(day)

    def _do(self, day: BranchDay, events: list[AnyEvent]) -> None:
        for event in events:
            self._seq += 1
            self._now_ms += 10
            recorded = Recorded(
                seq=self._seq,
                at_ms=self._now_ms,
                business_date=day.business_date,
                event=event,
            )
            day.apply(recorded)
            self._entries.append(recorded)

    def _write(self, day: BranchDay) -> None:
        self._store.commit(self._entries, [], [day.take_changes()])
        self._entries = []


def give_past(data: Path, days: int, tickets_per_day: int) -> None:
    """Fill a branch that never opened with closed days up to the day before yesterday."""
    with Store.open(sqlite_url(data / "branch.db")) as store:
        writer = PastWriter(store, store.load_branch())
        yesterday = datetime.now(UTC).date() - timedelta(days=2)
        for back in reversed(range(days)):
            writer.live((yesterday - timedelta(days=back)).isoformat(), tickets_per_day)


def give_today(data: Path, tickets: int) -> None:
    """Fill today of a branch that never opened with served tickets, and leave the day open."""
    with Store.open(sqlite_url(data / "branch.db")) as store:
        branch = store.load_branch()
        today = branch.business_date(int(datetime.now(UTC).timestamp() * 1000))
        PastWriter(store, branch).live(today.isoformat(), tickets, close=False)
