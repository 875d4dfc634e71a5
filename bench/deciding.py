"""What it costs to decide who is next, and to tell a day again: the domain alone, no disk."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

from bench.table import Figure
from server.domain.branch import Branch, Choice, Counter, Rules, Service
from server.domain.branch_day import BranchDay
from server.domain.calling import decide_call_next
from server.domain.events import AnyEvent, DayOpened, Recorded
from server.domain.issuing import NewTicket, decide_issue
from server.domain.seating import Person, decide_open, decide_sign_in
from server.domain.serving import Result, decide_finish

LONG_LINE, SHORT_LINE = 10_000, 10
CALLS = 400
DAY_TICKETS = 5_000
MORNING_MS = 1_795_136_400_000
PRIORITIES = ("none", "none", "none", "elderly")


def _branch(discipline: str) -> Branch:
    return Branch(
        code="1301",
        name="Bench",
        time_zone=ZoneInfo("Asia/Jakarta"),
        time_zone_name="Asia/Jakarta",
        services={code: Service(code, {"id": code}, letter=code) for code in "ABCDEF"},
        counters={number: Counter(number, tuple("ABCDEF")) for number in (1, 2)},
        choices={"priority": (Choice("elderly", {"id": "Lansia"}),)},
        rules=replace(Rules(), discipline=discipline),
    )


class _Day:
    """A branch day that is driven directly."""

    def __init__(self, discipline: str) -> None:
        self.branch = _branch(discipline)
        self.day = BranchDay(self.branch, "2026-11-20")
        self.entries: list[Recorded] = []
        self.now_ms = MORNING_MS
        self.do([DayOpened(business_date="2026-11-20")])
        person = Person("bench", "Bench", "frontliner")
        self.do(decide_sign_in(self.day, "counter-1", person, 1, needs_counter=True))
        self.desk = self.day.desks[1]
        self.do(decide_open(self.day, self.desk))

    def do(self, events: Sequence[AnyEvent]) -> None:
        for event in events:
            self.entries.append(
                Recorded(
                    seq=len(self.entries) + 1,
                    at_ms=self.now_ms,
                    business_date="2026-11-20",
                    event=event,
                )
            )
            self.day.apply(self.entries[-1])

    def issue(self, place: int) -> None:
        self.now_ms += 1000
        asked = NewTicket(
            f"t{place}", f"l{place}", "ABCDEF"[place % 6], "kiosk-1", PRIORITIES[place % 4]
        )
        self.do(decide_issue(self.day, asked, self.now_ms))

    def call(self, place: int) -> float:
        """Seconds to decide and apply one CallNext."""
        began = perf_counter()
        self.do(decide_call_next(self.day, self.desk, f"a{place}", self.now_ms))
        return perf_counter() - began

    def finish(self) -> None:
        assert self.desk.ticket is not None
        self.do(decide_finish(self.day, self.desk, self.desk.ticket, Result("solved")))


def _call_s(discipline: str, waiting: int) -> float:
    hall = _Day(discipline)
    for place in range(waiting):
        hall.issue(place)
    took: list[float] = []
    for place in range(CALLS):
        took.append(hall.call(place))
        hall.finish()
        # The line stays as long as it was.
        hall.issue(waiting + place)
    return median(took)


async def call_next(folder: Path) -> Figure:
    """CallNext with a long line against a short one, of the slowest discipline."""
    pairs: list[tuple[float, float]] = [
        (_call_s(name, LONG_LINE), _call_s(name, SHORT_LINE))
        for name in ("first-come", "ratio", "due-time")
    ]
    ours, bare = max(pairs, key=lambda pair: pair[0] / pair[1])
    return Figure(
        f"decide and apply CallNext, {LONG_LINE:,} waiting, the slowest discipline",
        f"the same with {SHORT_LINE} waiting",
        ours * 1e6,
        bare * 1e6,
        "µs",
        at_most=2,
    )


async def rebuild(folder: Path) -> Figure:
    """A day told again from its events."""
    hall = _Day("due-time")
    for place in range(DAY_TICKETS):
        hall.issue(place)
        if place >= 50:
            hall.call(place)
            hall.finish()
    took = _fastest_s(lambda: _retell(hall))
    return Figure(
        f"rebuild a day of {DAY_TICKETS:,} tickets from {len(hall.entries):,} events",
        "one second",
        took,
        1.0,
        "s",
        at_most=1,
    )


def _retell(hall: _Day) -> None:
    day = BranchDay(hall.branch, "2026-11-20")
    for recorded in hall.entries:
        day.apply(recorded)


def _fastest_s(work: Callable[[], None]) -> float:
    took: list[float] = []
    for _ in range(3):
        began = perf_counter()
        work()
        took.append(perf_counter() - began)
    return min(took)
