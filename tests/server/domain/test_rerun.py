"""A past day run again: the same visitors, another rule or staffing, and honest figures."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

import pytest

from server.domain.branch import Branch, Counter, Service, Skills
from server.domain.branch_day import BranchDay
from server.domain.calling import decide_no_show
from server.domain.closing import decide_close, decide_day_end, decide_reopen
from server.domain.configuring import decide_day_open
from server.domain.hall import Desk
from server.domain.past import Errand, Past, Shift, Visit, past_of
from server.domain.rerun import Plan, rerun
from server.domain.run_summary import RunSummary, Waits, summary_of
from server.domain.seating import Person, decide_open, decide_pause, decide_sign_in
from server.domain.serving import (
    Destination,
    Result,
    decide_cancel,
    decide_finish,
    decide_start,
    decide_transfer,
)
from server.domain.steering import (
    decide_counter_services,
    decide_discipline,
    decide_staff_services,
)
from tests.server.branch_example import BRANCH, DATE, MORNING_MS, HandTurnedDay, branch_with

FIRST_COME = branch_with(discipline="first-come")
WAY_S, SERVICE_S = 10, 100
EVERYTHING = {1: Skills(("A", "B"))}


class PastDay(HandTurnedDay):
    """A day with short verbs; every call takes 10 s to come and 100 s to serve."""

    def start(self, desk: Desk, way_s: float = WAY_S) -> str:
        ticket = self.call_next(desk)
        self.pass_s(way_s)
        self.do(decide_start(self.day, desk, ticket.id))
        return ticket.id

    def finish(self, desk: Desk, after_s: float = SERVICE_S) -> None:
        assert desk.ticket is not None
        self.pass_s(after_s)
        self.do(decide_finish(self.day, desk, desk.ticket, Result("solved")))

    def serve(self, desk: Desk) -> None:
        self.start(desk)
        self.finish(desk)

    def close(self) -> Past:
        self.do(decide_day_end(self.day, self.now_ms))
        return self.past()

    def past(self) -> Past:
        return past_of(self.day, self.entries)

    def again(self, **plan: object) -> BranchDay:
        return rerun(self.branch, self.past(), Plan(**plan))  # type: ignore[arg-type]


def s(seconds: float) -> int:
    return MORNING_MS + int(seconds * 1000)


def states(day: BranchDay) -> list[str]:
    return [ticket.state.value for ticket in day.tickets.values()]


# What is read off a day.


def test_a_visit_is_who_came_when_and_how_long_the_counter_took() -> None:
    hall = PastDay(FIRST_COME)
    desk = hall.seat(1)
    first = hall.issue("A", priority="elderly", weight=3)
    hall.pass_s(5)
    hall.serve(desk)
    past = hall.close()
    assert past.visits == (
        Visit(first.id, s(0), (Errand("A", 10_000, 100_000),), priority="elderly", weight=3),
    )
    assert past.shifts == (Shift(1, "staff-1", s(0), s(115)),)
    assert (past.closed_at_ms, past.services) == (s(115), {"A"})


def test_each_service_of_a_visit_is_an_errand_and_what_was_never_called_is_none() -> None:
    hall = PastDay(FIRST_COME)
    desk = hall.seat(1)
    ticket = hall.issue("A")

    def hand_on(service: str) -> None:
        to = Destination(service=service)
        hall.do(decide_transfer(hall.day, None, ticket.id, to, "dewi", hall.now_ms))

    hand_on("B")  # by the manager, before anybody was called
    hall.start(desk)
    hall.pass_s(20)
    hand_on("A")
    hall.serve(desk)
    (visit,) = hall.close().visits
    assert visit.errands == (Errand("B", 10_000, 20_000), Errand("A", 10_000, 100_000))


def test_who_missed_the_call_left_or_was_never_called_is_kept_apart() -> None:
    hall = PastDay(FIRST_COME)
    desk = hall.seat(1)
    for _ in range(5):
        hall.issue("A")
    missed = hall.call_next(desk)
    hall.pass_s(30)
    hall.do(decide_no_show(hall.day, desk, missed.id, hall.now_ms))
    gone = hall.call_next(desk)
    hall.pass_s(20)
    hall.do(decide_cancel(hall.day, gone.id, "visitor-left", "c", "staff-1", desk))
    hall.serve(desk)
    left, stayed = list(hall.day.tickets.values())[3:]
    hall.do(decide_cancel(hall.day, left.id, "visitor-left", "kiosk-1", None, None))
    visits = hall.close().visits
    assert [visit.ending for visit in visits] == [
        "no-show", "cancelled", "served", "served", "served",
    ]  # fmt: skip
    assert [visit.leaves_at_ms for visit in visits] == [None, None, None, s(160), None]
    assert [visit.errands[0].way_ms for visit in visits] == [30_000, 20_000] + [10_000] * 3
    # The two who were never called would have taken as long as is usual.
    assert [visit.errands[0].service_ms for visit in visits[2:]] == [100_000] * 3
    assert stayed.state.value == "expired"


def test_on_a_day_without_any_service_the_target_is_the_usual_time() -> None:
    hall = PastDay(FIRST_COME)
    hall.issue("A")
    errand = Errand("A", 30_000, BRANCH.services["A"].target_service_s * 1000)
    assert hall.close().visits[0].errands == (errand,)


def test_a_service_that_is_gone_since_takes_no_time() -> None:
    hall = PastDay(FIRST_COME)
    hall.issue("A")
    hall.do(decide_day_end(hall.day, hall.now_ms))
    hall.day.branch = replace(hall.branch, services={"B": hall.branch.services["B"]})
    past = hall.past()
    assert past.services == {"A"}
    assert past.visits[0].errands == (Errand("A", 30_000, 0),)


def test_who_waited_for_a_second_service_when_the_day_ended_has_two_errands() -> None:
    hall = PastDay(FIRST_COME)
    desk = hall.seat(1)
    hall.issue("A")
    ticket = hall.start(desk)
    to = Destination(service="B")
    hall.do(decide_transfer(hall.day, desk, ticket, to, "staff-1", hall.now_ms))
    (visit,) = hall.close().visits
    assert visit.errands == (Errand("A", 10_000, 0), Errand("B", 30_000, 480_000))


def test_a_shift_ends_with_a_pause_another_person_or_the_day() -> None:
    hall = PastDay(FIRST_COME)
    desk = hall.seat(1)
    hall.pass_s(60)
    hall.do(decide_pause(hall.day, desk, "break"))
    hall.pass_s(60)
    hall.do(decide_open(hall.day, desk))
    hall.pass_s(60)
    hall.do(decide_sign_in(hall.day, "counter-1", Person("adi", "Adi", "frontliner"), 1,
                           needs_counter=True))  # fmt: skip
    hall.pass_s(60)
    hall.seat(2)
    hall.do(decide_day_end(hall.day, hall.now_ms + 0))
    assert hall.past().shifts == (
        Shift(1, "staff-1", s(0), s(60)),
        Shift(1, "staff-1", s(120), s(180)),
        Shift(1, "adi", s(180), s(240)),
        Shift(2, "staff-2", s(240), s(240)),
    )


def test_the_pause_between_calls_is_what_a_counter_stood_idle_before_a_line() -> None:
    hall = PastDay(FIRST_COME)
    hall.seat(2)
    desk = hall.seat(1)
    for _ in range(4):
        hall.issue("A")
    hall.serve(desk)  # at once
    for pause_s in (20, 10, 0):
        hall.pass_s(pause_s)
        hall.serve(desk)
    hall.pass_s(500)  # with nobody there
    hall.issue("A")
    hall.pass_s(3)
    hall.do(decide_pause(hall.day, desk, "break"))  # not before a call
    hall.do(decide_open(hall.day, desk))
    hall.pass_s(7)
    hall.serve(desk)
    assert hall.close().between_calls_ms == (20 + 10 + 7) * 1000 // 5


def test_a_counter_that_is_free_calls_after_the_pause_of_that_day() -> None:
    past = Past(
        DATE,
        visits=tuple(
            Visit(f"t{place}", s(at_s), (Errand("A", 0, 100_000),))
            for place, at_s in enumerate((30, 30, 300))
        ),
        shifts=(Shift(1, "rina", s(0), s(1000)),),
        changes=(),
        closed_at_ms=s(1000),
        between_calls_ms=15_000,
        counters=EVERYTHING,
    )
    day = rerun(FIRST_COME, past, Plan())
    called = [ticket.called_at_ms for ticket in day.tickets.values()]
    assert called == [s(30), s(145), s(300)]


def test_a_day_that_went_on_after_its_first_close_ends_with_the_last() -> None:
    hall = PastDay(FIRST_COME)
    hall.issue("A")
    hall.pass_s(60)
    hall.do(decide_close(hall.day, hall.now_ms, "dewi", ""))
    hall.do(decide_reopen(hall.day, "dewi", "Salah tekan"))
    hall.pass_s(60)
    desk = hall.seat(1)
    hall.issue("A")
    hall.serve(desk)
    past = hall.close()
    assert past.closed_at_ms == s(230)
    assert [visit.leaves_at_ms for visit in past.visits] == [s(60), None]
    assert states(hall.again()) == ["cancelled", "finished"]


# Running it again.


def test_the_same_day_again_ends_the_same() -> None:
    hall = PastDay(FIRST_COME)
    desk = hall.seat(1)
    for service in "AABA":
        hall.issue(service)
    hall.serve(desk)
    missed = hall.call_next(desk)
    hall.pass_s(30)
    hall.do(decide_no_show(hall.day, desk, missed.id, hall.now_ms))
    third = hall.call_next(desk)
    hall.do(decide_cancel(hall.day, third.id, "visitor-left", "c", "staff-1", desk))
    hall.start(desk)
    to = Destination(service="B")
    assert desk.ticket is not None
    hall.do(decide_transfer(hall.day, desk, desk.ticket, to, "staff-1", hall.now_ms))
    hall.serve(desk)
    hall.issue("A")
    hall.issue("A")
    left = list(hall.day.tickets)[-1]
    hall.start(desk)
    hall.do(decide_cancel(hall.day, left, "visitor-left", "kiosk-1", None, None))
    hall.pass_s(50)
    hall.close()
    again = hall.again()
    assert states(again) == states(hall.day)
    assert states(again) == [
        "finished", "no-show", "cancelled", "finished", "finished", "cancelled",
    ]  # fmt: skip
    assert summary_of(again) == summary_of(hall.day)


def test_a_shift_ends_when_its_visitor_has_gone_and_the_next_one_begins_then() -> None:
    """The counter of the past was quicker: under another order a visitor may be in the way."""
    past = Past(
        DATE,
        visits=(
            Visit("t1", s(0), (Errand("A", 0, 100_000),)),
            Visit("t2", s(1), (Errand("A", 0, 10_000),)),
        ),
        shifts=(Shift(1, "rina", s(0), s(50)), Shift(1, "adi", s(50), s(200))),
        changes=(),
        closed_at_ms=s(300),
        counters=EVERYTHING,
    )
    day = rerun(FIRST_COME, past, Plan())
    assert [ticket.staff for ticket in day.tickets.values()] == ["rina@1", "adi@1"]
    assert [ticket.called_at_ms for ticket in day.tickets.values()] == [s(0), s(100)]
    assert day.desks[1].state == "closed"


def test_what_a_manager_set_on_the_day_is_set_again_unless_the_plan_says_otherwise() -> None:
    branch = replace(
        branch_with(discipline="due-time"),
        staff_skills={"staff-1": Skills(("A",)), "staff-2": Skills(("A", "B"))},
    )
    hall = PastDay(branch)
    desks = [hall.seat(number) for number in (1, 3)]
    hall.pass_s(10)
    hall.do(decide_discipline(hall.day, "first-come", None, None, "dewi"))
    hall.do(decide_counter_services(hall.day, 3, ["A"], {}, "dewi"))
    hall.do(decide_counter_services(hall.day, 2, ["A"], {}, "dewi"))
    hall.do(decide_staff_services(hall.day, "staff-1", ["B"], {}, "dewi"))
    hall.pass_s(10)
    first = hall.issue("B")
    second = hall.issue("A", priority="elderly")
    hall.issue("A", priority="elderly")
    for desk in desks:
        hall.serve(desk)
    hall.close()
    assert [first.counter, second.counter] == [1, 3]
    again = hall.again()
    assert [ticket.counter for ticket in again.tickets.values()] == [1, 3, 3]
    assert (again.rules.discipline, hall.again(discipline="due-time").rules.discipline) == (
        "first-come", "due-time",
    )  # fmt: skip
    everything = hall.again(counters=1)
    assert everything.counter_skills == everything.staff_skills == {}
    assert everything.skills_of_counter(1).services == ("A", "B")


def test_the_catalogue_of_that_day_counts_and_not_the_one_of_now() -> None:
    hall = PastDay(replace(FIRST_COME, staff_skills={"staff-1": Skills(("B",))}))
    hall.day = BranchDay(hall.branch, DATE)
    hall.entries.clear()
    hall.do(decide_day_open(hall.branch, DATE))
    hall.seat(1)
    hall.seat(2)
    hall.issue("A")
    hall.issue("B")
    hall.pass_s(3600)
    hall.close()
    past = hall.past()
    assert past.staff == {"staff-1": Skills(("B",))}
    later = replace(
        FIRST_COME, counters={number: Counter(number, ("A",)) for number in range(1, 4)}
    )
    day = rerun(later, past, Plan())
    assert [ticket.counter for ticket in day.tickets.values()] == [2, 1]


def test_another_discipline_changes_who_waits_and_for_how_long() -> None:
    past = drawn_day(Random(5), visits=150)
    by_arrival = summary_of(rerun(HALL, past, Plan("first-come", 3)))
    by_due_time = summary_of(rerun(HALL, past, Plan("due-time", 3)))
    assert by_arrival.overtakes_most == 0
    assert 0 < by_due_time.overtakes_most <= HALL.rules.overtakes_most + 1
    for kind, shorter in (("priority", by_due_time), ("regular", by_arrival)):
        other = by_arrival if shorter is by_due_time else by_due_time
        assert mean_of(shorter, kind) < mean_of(other, kind), kind
    assert by_arrival.issued == by_due_time.issued == 150


@pytest.mark.parametrize("seed", range(12))
def test_one_more_counter_never_makes_the_waiting_longer(seed: int) -> None:
    """By arrival, and with nobody who gives up: then each visitor is called no later."""
    past = drawn_day(Random(seed), visits=60)
    waits = [total_wait(rerun(HALL, past, Plan("first-come", many))) for many in range(1, 9)]
    assert all(more <= fewer for fewer, more in pairwise(waits))
    assert waits[-1] < waits[0]


@pytest.mark.parametrize("seed", range(6))
def test_a_day_with_people_in_it_is_told_again_closely(seed: int) -> None:
    """People need some seconds between two calls, and a rerun takes the mean of them: its
    waits are never off by a quarter."""
    hall = played(Random(seed), visits=80, counters=3)
    really, again = summary_of(hall.day), summary_of(hall.again())
    assert (again.issued, again.no_show) == (really.issued, really.no_show)
    assert really.total is not None
    assert again.total is not None
    assert abs(again.total.mean_ms - really.total.mean_ms) < 0.25 * really.total.mean_ms


def test_counters_of_a_plan_begin_with_the_branchs_own_and_go_on_behind_them() -> None:
    hall = PastDay(FIRST_COME)
    for number in (1, 2):
        hall.seat(number)
    for _ in range(6):
        hall.issue("A")
    hall.pass_s(3600)
    hall.close()
    used = {ticket.counter for ticket in hall.again(counters=5).tickets.values()}
    assert used == {1, 2, 3, 4, 5}
    assert {one.counter for one in hall.again(counters=2).tickets.values()} == {1, 2}


def test_who_gave_up_is_served_where_a_counter_comes_in_time() -> None:
    hall = PastDay(FIRST_COME)
    desk = hall.seat(1)
    for _ in range(2):
        hall.issue("A")
    left = list(hall.day.tickets)[-1]
    hall.start(desk)
    hall.pass_s(50)
    hall.do(decide_cancel(hall.day, left, "visitor-left", "kiosk-1", None, None))
    hall.finish(desk)
    hall.pass_s(200)
    hall.close()
    assert states(hall.again()) == ["finished", "cancelled"]
    assert states(hall.again(counters=2)) == ["finished", "finished"]


def test_a_day_on_which_no_counter_opened_can_have_some() -> None:
    hall = PastDay(FIRST_COME)
    hall.issue("A")
    hall.pass_s(3600)
    hall.close()
    assert states(hall.again()) == ["expired"]
    assert states(hall.again(counters=1)) == ["finished"]


def test_a_day_without_visitors_has_nothing_to_tell() -> None:
    hall = PastDay(FIRST_COME)
    hall.close()
    for day in (hall.day, hall.again(), hall.again(counters=2)):
        assert summary_of(day) == RunSummary(0, 0, 0, 0, 0, 0, None, {})


def test_an_idle_counter_helps_in_a_rerun_too_when_its_time_has_come() -> None:
    hall = PastDay(branch_with(help_after_s=300))
    hall.seat(3)  # serves B alone
    waiting = hall.issue("A")
    hall.pass_s(3600)
    hall.close()
    ticket = hall.again().tickets[waiting.id]
    assert (ticket.state.value, ticket.called_at_ms) == ("finished", s(300))
    patient = PastDay(branch_with(help_after_s=None))
    patient.seat(3)
    patient.issue("A")
    patient.pass_s(3600)
    patient.close()
    assert states(patient.again()) == ["expired"]


def test_limits_of_today_do_not_keep_away_who_came_that_day() -> None:
    hall = PastDay(FIRST_COME)
    desk = hall.seat(1)
    hall.issue("A", priority="urgent")
    hall.serve(desk)
    past = hall.close()
    services = {
        code: replace(one, open=False, quota=0) for code, one in FIRST_COME.services.items()
    }
    rules = replace(FIRST_COME.rules, number_last=1, quota_daily=0, no_show_calls_least=3)
    strict = replace(FIRST_COME, services=services, rules=rules, choices={})
    assert states(rerun(strict, past, Plan())) == ["finished"]


# The figures.


def test_the_figures_are_waits_that_people_really_had() -> None:
    hall = PastDay(replace(FIRST_COME, services={
        code: replace(one, target_wait_s=110) for code, one in FIRST_COME.services.items()
    }))  # fmt: skip
    desk = hall.seat(1)
    for _ in range(3):
        hall.issue("A")
    hall.issue("B", priority="elderly")
    for _ in range(3):
        hall.serve(desk)
    hall.pass_s(70)
    hall.close()
    summary = summary_of(hall.day)
    assert (summary.issued, summary.finished, summary.expired) == (4, 3, 1)
    assert summary.parts == {
        ("A", "regular"): Waits(3, 330_000, 110_000, 220_000, 220_000, in_target=2),
        ("B", "priority"): Waits(1, 400_000, 400_000, 400_000, 400_000, in_target=0),
    }
    assert summary.total is not None
    assert (summary.total.mean_ms, summary.total.median_ms) == (182_500, 110_000)


# Days to run again.

HALL = Branch(
    code="1301",
    name="",
    time_zone=BRANCH.time_zone,
    time_zone_name="Asia/Jakarta",
    services={
        code: Service(code, {}, letter=code, target_wait_s=1800, target_service_s=300)
        for code in "AB"
    },
    counters={number: Counter(number, ("A", "B")) for number in range(1, 5)},
    choices=BRANCH.choices,
)


def drawn_day(chance: Random, visits: int) -> Past:
    """So many people in four hours, some of them with priority; each for one service."""
    coming = sorted(chance.random() * 4 * 3600 for _ in range(visits))
    return Past(
        DATE,
        visits=tuple(
            Visit(
                f"t{place}",
                s(at_s),
                (Errand(chance.choice("AB"), 20_000, int(chance.gammavariate(4, 75)) * 1000),),
                priority="elderly" if chance.random() < 0.2 else "none",
            )
            for place, at_s in enumerate(coming)
        ),
        shifts=(Shift(1, "rina", s(0), s(24 * 3600)),),
        changes=(),
        closed_at_ms=s(24 * 3600),
    )


@dataclass
class Stage:
    """People at counters, moved by a plain agenda that knows nothing of the rerun."""

    hall: PastDay
    chance: Random
    coming: int = 0

    def __post_init__(self) -> None:
        self.agenda: list[tuple[int, int, Callable[[], None]]] = []
        self.count = 0

    def later(self, seconds: float, do: Callable[[], None]) -> None:
        self.count += 1
        at_ms = self.hall.now_ms + int(seconds * 1000)
        heapq.heappush(self.agenda, (at_ms, self.count, do))

    def expect(self, seconds: float, service: str, priority: str) -> None:
        self.coming += 1

        def arrive() -> None:
            self.coming -= 1
            self.hall.issue(service, priority=priority)

        self.later(seconds, arrive)

    def play(self) -> None:
        while self.agenda:
            self.hall.now_ms, _, do = heapq.heappop(self.agenda)
            do()

    def open(self, number: int) -> None:
        desk = self.hall.seat(number)
        self.later(0, lambda: self.work(desk))

    def work(self, desk: Desk) -> None:
        """Call when somebody waits, and look again a moment later when nobody does."""
        if self.hall.day.next_choice(desk, self.hall.now_ms) is None:
            if self.coming:
                self.later(5, lambda: self.work(desk))
            return
        ticket = self.hall.call_next(desk)
        if self.chance.random() < 0.1:
            self.later(60, lambda: self.miss(desk, ticket.id))
        else:
            self.later(15, lambda: self.begin(desk, ticket.id))

    def miss(self, desk: Desk, ticket: str) -> None:
        self.hall.do(decide_no_show(self.hall.day, desk, ticket, self.hall.now_ms))
        self.later(5, lambda: self.work(desk))

    def begin(self, desk: Desk, ticket: str) -> None:
        self.hall.do(decide_start(self.hall.day, desk, ticket))
        self.later(self.chance.gammavariate(4, 75), lambda: self.end(desk))

    def end(self, desk: Desk) -> None:
        self.hall.finish(desk, after_s=0)
        self.later(5 + self.chance.random() * 10, lambda: self.work(desk))


def played(chance: Random, visits: int, counters: int) -> PastDay:
    """A day of two hours and some, with the pauses of people."""
    hall = PastDay(HALL)
    stage = Stage(hall, chance)
    for _ in range(visits):
        priority = "elderly" if chance.random() < 0.2 else "none"
        stage.expect(chance.random() * 2 * 3600, chance.choice("AB"), priority)
    for number in range(1, counters + 1):
        stage.open(number)
    stage.play()
    hall.close()
    return hall


def total_wait(day: BranchDay) -> int:
    total = summary_of(day).total
    assert total is not None
    return total.total_ms


def mean_of(summary: RunSummary, kind: str) -> float:
    parts = [waits for (_, of_kind), waits in summary.parts.items() if of_kind == kind]
    return sum(waits.total_ms for waits in parts) / sum(waits.count for waits in parts)
