"""The catalogue of the day is written down with it, so its fold needs no other (law I3)."""

from dataclasses import replace

from server.domain.branch import Counter, Skills
from server.domain.branch_day import BranchDay
from server.domain.configuring import decide_configured, decide_day_open
from server.domain.events import Recorded
from tests.server.branch_example import BRANCH, DATE, MORNING_MS

OTHER = replace(
    BRANCH,
    counters={1: Counter(1, ("B",)), 4: Counter(4, ("A", "B"), {"B": 2})},
    staff_skills={"sari": Skills(("A",))},
)


def opened(entries: list[Recorded], told_with: object = BRANCH) -> BranchDay:
    day = BranchDay(told_with, DATE)  # type: ignore[arg-type]
    for recorded in entries:
        day.apply(recorded)
    return day


def recorded(events: list[object], start: int = 1) -> list[Recorded]:
    return [
        Recorded(seq=seq, at_ms=MORNING_MS, business_date=DATE, event=event)  # type: ignore[arg-type]
        for seq, event in enumerate(events, start)
    ]


def test_a_day_is_told_by_the_catalogue_of_its_morning() -> None:
    entries = recorded([*decide_day_open(BRANCH, DATE)])
    told = opened(entries, OTHER)
    assert told.lines_of(told.desks[1]) == ("service:A", "service:B", "counter:1")
    assert told.skills_of_staff("sari") is None
    assert 3 in told.desks, "a counter that the branch has lost since"


def test_another_catalogue_holds_from_the_start_of_the_server_on() -> None:
    entries = recorded([*decide_day_open(BRANCH, DATE)])
    day = opened(entries, OTHER)
    entries += recorded([*decide_configured(day)], 2)
    day = opened(entries, OTHER)
    assert day.lines_of(day.desks[1]) == ("service:B", "counter:1")
    assert day.call_lines(day.desks[4]).levels == (("service:A", "counter:4"), ("service:B",))
    assert day.skills_of_staff("sari") == Skills(("A",))
    assert day.lines_of(day.desks[3]) == ("counter:3",)
    assert decide_configured(day) == []


def test_an_old_day_without_it_is_told_by_the_catalogue_of_now() -> None:
    day = BranchDay(OTHER, DATE)
    assert day.skills_of_counter(1) == Skills(("B",))
    assert day.skills_of_counter(9) == Skills(())
    assert day.skills_of_staff("sari") == Skills(("A",))
    assert day.skills_of_staff(None) is None
    assert len(decide_configured(day)) == 1
