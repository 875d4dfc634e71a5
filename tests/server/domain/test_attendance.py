"""What counters do while they are open, and that an event touches no counter without need."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings

from server.domain import calling, seating, serving
from server.domain.attendance import Attendance
from server.domain.branch import Counter
from server.domain.changes import CounterPeriod
from server.domain.closing import decide_day_end
from server.domain.hall import Desk
from server.domain.seating import Person
from server.domain.steering import decide_counter_services, decide_staff_services
from tests.server.branch_example import BRANCH, HandTurnedDay
from tests.server.domain.played_day import PlayedDay, lively_branch
from tests.server.domain.trying import Deed, begun, deeds, do

ADI = Person("adi", "Adi", "frontliner")
PRAYER = replace(BRANCH.choices["pause_reason"][0], code="prayer")


def activity(desk: Desk) -> str:
    return desk.activity


def test_an_open_counter_serves_or_is_idle_with_or_without_a_line() -> None:
    hall = HandTurnedDay()
    desk = hall.seat(1)
    assert activity(desk) == "idle"
    hall.pass_s(10)
    ticket = hall.issue("A")
    assert activity(desk) == "idle-with-line"
    hall.pass_s(10)
    hall.call_next(desk)
    assert activity(desk) == "serving"
    hall.pass_s(10)
    hall.do(calling.decide_no_show(hall.day, desk, ticket.id, hall.now_ms))
    assert activity(desk) == "idle"


def test_a_counter_that_is_not_open_does_nothing() -> None:
    hall = HandTurnedDay()
    desk = hall.seat(1, opened=False)
    assert (activity(desk), desk.period) == ("", None)
    hall.do(seating.decide_open(hall.day, desk))
    hall.pass_s(1)
    hall.issue("A")
    hall.do(seating.decide_pause(hall.day, desk, "break"))
    assert activity(desk) == ""
    hall.do(seating.decide_close(hall.day, desk))
    assert activity(desk) == ""


def test_somebody_in_another_line_is_nobody_whom_the_counter_may_call() -> None:
    hall = HandTurnedDay()
    desk = hall.seat(3)  # serves B alone
    hall.issue("A")
    assert activity(desk) == "idle"
    hall.issue("B")
    assert activity(desk) == "idle-with-line"


def test_the_line_of_a_counter_and_of_its_person_count() -> None:
    hall = HandTurnedDay()
    three, one = hall.seat(3, "adi"), hall.seat(1)
    for to in (serving.Destination(counter=3), serving.Destination(staff="adi")):
        ticket = hall.issue("A")
        hall.do(serving.decide_transfer(hall.day, None, ticket.id, to, "boss", hall.now_ms))
        assert (activity(three), activity(one)) == ("idle-with-line", "idle")
        hall.do(serving.decide_cancel(hall.day, ticket.id, "visitor-left", "d", None, None))
        assert activity(three) == "idle"


def test_other_skills_change_what_an_idle_counter_is() -> None:
    hall = HandTurnedDay()
    desk = hall.seat(1, "adi")
    hall.issue("A")
    hall.do(decide_counter_services(hall.day, 1, ["B"], {}, "boss"))
    assert activity(desk) == "idle"
    hall.do(decide_counter_services(hall.day, 1, ["A", "B"], {}, "boss"))
    assert activity(desk) == "idle-with-line"
    hall.do(decide_staff_services(hall.day, "adi", ["B"], {}, "boss"))
    assert activity(desk) == "idle"
    # Of somebody who does not sit here it changes nothing.
    hall.do(decide_staff_services(hall.day, "rina", ["A"], {}, "boss"))
    assert activity(desk) == "idle"


def noted(hall: HandTurnedDay, counter: int) -> list[tuple[str, str, int, int | None]]:
    """The stretches of a counter: state, activity, and from and to in seconds."""
    began = hall.entries[0].at_ms

    def seconds(period: CounterPeriod) -> tuple[int, int | None]:
        ended = period.ended_at_ms
        return (period.started_at_ms - began) // 1000, ended and (ended - began) // 1000

    periods = sorted(hall.day.changes.counter_periods.items())
    return [
        (period.state, period.activity, *seconds(period))
        for (number, _), period in periods
        if number == counter
    ]


def test_one_visitor_after_the_other_is_one_stretch_each_without_a_gap() -> None:
    hall = HandTurnedDay()
    hall.issue("A")
    hall.issue("A")
    desk = hall.seat(1)
    for _ in range(2):
        ticket = hall.call_next(desk)
        hall.pass_s(60)
        result = serving.Result("solved")
        hall.do(serving.decide_finish(hall.day, desk, ticket.id, result))
    assert noted(hall, 1) == [
        ("open", "serving", 0, 60),
        ("open", "serving", 60, 120),
        ("open", "idle", 120, None),
    ]


def test_the_next_person_at_an_open_counter_begins_a_new_stretch() -> None:
    hall = HandTurnedDay()
    desk = hall.seat(1, "rina")
    hall.issue("A")
    hall.call_next(desk)
    hall.pass_s(30)
    hall.do(seating.decide_turn_out(hall.day, hall.day.seats["counter-1"]))
    hall.pass_s(30)
    hall.do(seating.decide_sign_in(hall.day, "counter-1", ADI, 1, needs_counter=True))
    periods = [period for _, period in sorted(hall.day.changes.counter_periods.items())]
    assert [(one.staff, one.activity) for one in periods] == [
        ("rina", "serving"),
        (None, "serving"),
        ("adi", "serving"),
    ]


def test_who_sits_down_at_a_closed_counter_does_not_work_there_yet() -> None:
    hall = HandTurnedDay()
    desk = hall.seat(1, "rina")
    hall.pass_s(5)
    hall.do(seating.decide_sign_out(hall.day, "counter-1"))
    hall.pass_s(5)
    hall.do(seating.decide_sign_in(hall.day, "counter-1", ADI, 1, needs_counter=True))
    assert noted(hall, 1) == [("open", "idle", 0, 5), ("closed", "", 5, None)]
    assert desk.staff == "adi"


def test_another_reason_is_another_pause() -> None:
    branch = replace(
        BRANCH,
        choices={**BRANCH.choices, "pause_reason": (*BRANCH.choices["pause_reason"], PRAYER)},
    )
    hall = HandTurnedDay(branch)
    desk = hall.seat(1)
    hall.do(seating.decide_pause(hall.day, desk, "break"))
    hall.pass_s(9)
    hall.do(seating.decide_pause(hall.day, desk, "prayer"))
    assert noted(hall, 1)[1:] == [("paused", "", 0, 9), ("paused", "", 9, None)]


def test_the_running_ticket_goes_along_and_both_counters_tell_so() -> None:
    hall = HandTurnedDay()
    hall.issue("A")
    old = hall.seat(1, "adi")
    hall.call_next(old)
    hall.pass_s(40)
    hall.do(seating.decide_sign_in(hall.day, "counter-2", ADI, 2, needs_counter=True))
    assert noted(hall, 1)[-2:] == [("open", "idle", 40, 40), ("closed", "", 40, None)]
    assert noted(hall, 2) == [("open", "serving", 40, None)]


def test_at_the_end_of_the_day_every_counter_is_closed_and_idle_no_more() -> None:
    hall = HandTurnedDay()
    hall.issue("A")
    hall.seat(1)
    hall.pass_s(10)
    hall.do(decide_day_end(hall.day, hall.now_ms))
    assert noted(hall, 1)[0] == ("open", "idle-with-line", 0, 10)
    assert noted(hall, 1)[-1] == ("closed", "", 10, None)


def test_an_event_touches_no_more_counters_than_change() -> None:
    """A hundred open counters: a number more for a line that has people concerns none of them."""
    counters = {n: Counter(n, ("A",)) for n in range(1, 101)}
    hall = HandTurnedDay(replace(BRANCH, counters=counters))
    for number in counters:
        hall.seat(number)

    def concerned() -> int:
        return len(hall.day.take_changes().counter_periods)

    concerned()
    hall.pass_s(1)
    hall.issue("A")
    # Of each the stretch that ends and the one that begins.
    assert concerned() == 2 * 100
    hall.issue("A")
    assert concerned() == 0
    hall.pass_s(1)
    hall.call_next(hall.day.desks[50])
    assert concerned() == 2
    hall.pass_s(1)
    hall.call_next(hall.day.desks[51])
    # The line is empty: 98 are idle in another way, and one serves.
    assert concerned() == 2 * 99


def test_attendance_gives_each_touched_counter_once_and_forgets() -> None:
    attendance = Attendance()
    attendance.attend(2, ["service:A", "service:B"])
    attendance.attend(1, ["service:A"])
    assert attendance.take_touched() == [1, 2]
    assert attendance.take_touched() == []
    attendance.line_changed("service:A", has_people=True)
    attendance.line_changed("service:B", has_people=True)
    attendance.line_changed("staff:nobody", has_people=False)
    assert attendance.take_touched() == [1, 2]
    attendance.attend(2, ())
    attendance.take_touched()
    attendance.line_changed("service:B", has_people=False)
    assert attendance.take_touched() == []
    assert (attendance.lines_of(1), attendance.lines_of(2)) == (("service:A",), ())


def plainly(played: PlayedDay, number: int) -> str:
    """What a counter does, found by looking at everyone who waits, by the plain queue."""
    queue, desk = played.plain.queue, played.plain.queue.desks[number]
    if number not in played.plain.open:
        return ""
    if number in played.plain.holds:
        return "serving"
    levels = queue.levels(desk)
    waits = any(queue.level(desk, one, levels) is not None for one in queue.waiting.values())
    return "idle-with-line" if waits else "idle"


@given(deeds(most=80))
@settings(max_examples=150, deadline=None)
def test_on_any_day_each_counter_does_what_somebody_sees_who_looks_at_everyone(
    tried: list[Deed],
) -> None:
    """Law I11: after every deed, also of steering and undoing, and without a gap or overlap."""
    played = begun(PlayedDay(lively_branch()))
    for deed in tried:
        do(played, deed)
        for number, desk in played.day.desks.items():
            assert activity(desk) == plainly(played, number), (deed, number)
    periods = sorted(played.day.changes.counter_periods.items())
    for ((one, _), before), ((other, _), after) in pairwise(periods):
        if one == other:
            assert before.ended_at_ms == after.started_at_ms
