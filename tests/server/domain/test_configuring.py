"""The catalogue of the day is written down with it, so its fold needs no other (law I3)."""

from dataclasses import replace
from typing import Any

from server.domain.branch import Branch, Counter, Skills
from server.domain.branch_day import BranchDay
from server.domain.configuring import decide_configured, decide_day_open
from server.domain.events import BranchConfigured, DisciplineSet, Recorded
from server.domain.serving import Result, decide_finish
from tests.server.branch_example import BRANCH, DATE, MORNING_MS, HandTurnedDay, branch_with

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


class Restarted(HandTurnedDay):
    """A day whose server starts again with other settings."""

    def __init__(self, **rules: Any) -> None:
        super().__init__(branch_with(**rules))
        self.restart(self.branch)

    def restart(self, branch: Branch) -> None:
        self.branch = branch
        self.day = self.retold()
        self.do(decide_configured(self.day))

    def called(self, many: int) -> list[str]:
        numbers = []
        for _ in range(many):
            ticket = self.call_next(self.day.desks[1])
            numbers.append(ticket.number)
            self.do(decide_finish(self.day, self.day.desks[1], ticket.id, Result("solved")))
        return numbers


def test_another_discipline_in_the_settings_lets_nobody_pass_who_comes_later() -> None:
    """Whoever came under due-time would have stood half an hour behind the newcomers (I5)."""
    hall = Restarted(discipline="due-time")
    hall.seat(1)
    for _ in range(2):
        hall.issue()
    hall.restart(branch_with(discipline="first-come"))
    assert hall.day.discipline.name == hall.day.rules.discipline == "first-come"
    hall.pass_s(300)
    hall.issue()
    assert hall.called(3) == ["A001", "A002", "A003"]
    assert hall.retold().tickets == hall.day.tickets
    assert decide_configured(hall.day) == []


def test_shorter_target_waits_in_the_settings_let_nobody_pass_who_comes_later() -> None:
    hall = Restarted()
    hall.seat(1)
    hall.issue(priority="elderly")
    hall.issue()
    services = {code: replace(one, target_wait_s=60) for code, one in BRANCH.services.items()}
    hall.restart(replace(branch_with(priority_target_wait_s=30), services=services))
    hall.pass_s(10)
    hall.issue(priority="elderly")
    hall.issue()
    assert hall.called(4) == ["P001", "P002", "A001", "A002"]


def test_what_a_manager_chose_for_the_day_holds_while_the_setting_stays() -> None:
    hall = Restarted(discipline="due-time")
    hall.do([DisciplineSet(discipline="ratio", staff="dewi", in_a_row=(3, 4))])
    hall.restart(branch_with(discipline="due-time", priority_target_wait_s=30))
    rules = hall.day.rules
    assert (rules.discipline, rules.priority_in_a_row, rules.regular_in_a_row) == ("ratio", 3, 4)
    hall.restart(branch_with(discipline="first-come"))
    assert hall.day.rules.discipline == "first-come"


def test_a_day_that_was_opened_by_an_older_version_keeps_its_places() -> None:
    hall = HandTurnedDay()
    before = hall.issue().rank
    hall.do([BranchConfigured(counters={}, staff={}, services=["A", "B"])])
    assert hall.day.tickets[next(iter(hall.day.tickets))].rank == before
    assert hall.day.discipline.name == "due-time"
