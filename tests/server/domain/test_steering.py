"""What the manager changes on a running day holds from the next call on, for that day."""

from dataclasses import replace

import pytest

from server.domain.branch import Skills
from server.domain.errors import QueueRuleError
from server.domain.events import (
    CounterServicesSet,
    DisciplineSet,
    ServicePaused,
    ServiceResumed,
    StaffServicesSet,
)
from server.domain.serving import Result, decide_finish
from server.domain.steering import (
    decide_counter_services,
    decide_discipline,
    decide_pause_service,
    decide_resume_service,
    decide_staff_services,
)
from tests.server.branch_example import BRANCH, HandTurnedDay, branch_with


def refusal(raised: pytest.ExceptionInfo[QueueRuleError]) -> tuple[str, object]:
    return raised.value.reason, raised.value.facts.get("field", raised.value.facts.get("service"))


def test_another_discipline_holds_at_the_next_call() -> None:
    hall = HandTurnedDay(branch_with(discipline="due-time"))
    desk = hall.seat(1)
    regular = hall.issue("A")
    hall.pass_s(1)
    hall.issue("A", priority="elderly")
    hall.do(decide_discipline(hall.day, "first-come", None, None, "dewi"))
    assert hall.call_next(desk) is regular


@pytest.mark.parametrize(
    ("priority", "regular", "in_a_row"),
    [(None, None, None), (3, None, (3, 5)), (None, 4, (2, 4)), (3, 4, (3, 4))],
)
def test_a_count_that_is_not_given_is_the_branchs_own(
    priority: int | None, regular: int | None, in_a_row: tuple[int, int] | None
) -> None:
    hall = HandTurnedDay(branch_with(priority_in_a_row=2, regular_in_a_row=5))
    asked = decide_discipline(hall.day, "ratio", priority, regular, "dewi")
    assert asked == [DisciplineSet(discipline="ratio", staff="dewi", in_a_row=in_a_row)]
    hall.do(asked)
    rules = hall.day.rules
    assert (rules.discipline, hall.day.discipline.name) == ("ratio", "ratio")
    assert (rules.priority_in_a_row, rules.regular_in_a_row) == (in_a_row or (2, 5))
    assert hall.retold().rules == rules


def test_the_rule_that_holds_already_does_not_begin_its_turns_anew() -> None:
    """Else a manager who presses twice would give two priority calls where one is the most."""
    hall = HandTurnedDay(branch_with(discipline="ratio"))
    desk = hall.seat(1)
    hall.issue("A", priority="elderly")
    hall.issue("A", priority="elderly")
    regular = hall.issue("A")
    called = hall.call_next(desk)
    hall.do(decide_finish(hall.day, desk, called.id, Result("solved")))
    assert decide_discipline(hall.day, "ratio", None, None, "dewi") == []
    assert decide_discipline(hall.day, "ratio", 1, 2, "dewi") == []
    assert hall.call_next(desk) is regular
    assert decide_discipline(hall.day, "due-time", None, None, "dewi") != []
    assert decide_discipline(hall.day, "ratio", 3, None, "dewi") != []


def test_a_counter_serves_other_services_from_its_next_call_on() -> None:
    hall = HandTurnedDay()
    desk = hall.seat(3)
    waiting = hall.issue("A")
    with pytest.raises(QueueRuleError) as no:
        hall.call_next(desk)
    assert no.value.reason == "queue-empty"
    changed = hall.do(decide_counter_services(hall.day, 3, ["B", "A"], {"B": 2}, "dewi"))
    assert changed == [
        CounterServicesSet(counter=3, services=["A", "B"], preference={"B": 2}, staff="dewi")
    ]
    assert hall.day.skills_of_counter(3) == Skills(("A", "B"), {"B": 2})
    assert hall.call_next(desk) is waiting
    assert hall.retold().counter_skills == hall.day.counter_skills


def test_everything_is_a_star_and_the_same_again_is_no_news() -> None:
    hall = HandTurnedDay()
    assert decide_counter_services(hall.day, 1, ["*"], {}, "dewi") == []
    assert hall.do(decide_counter_services(hall.day, 3, ["*"], {}, "dewi"))
    assert decide_counter_services(hall.day, 3, ["A", "B"], {}, "dewi") == []
    assert hall.do(decide_staff_services(hall.day, "staff-1", ["B"], {}, "dewi"))
    assert decide_staff_services(hall.day, "staff-1", ["B"], {}, "dewi") == []
    of_branch = HandTurnedDay(replace(BRANCH, staff_skills={"staff-1": Skills(("B",))}))
    assert decide_staff_services(of_branch.day, "staff-1", ["B"], {}, "dewi") == []


def test_a_person_serves_other_services_wherever_the_person_sits() -> None:
    hall = HandTurnedDay()
    desk = hall.seat(1)
    hall.issue("A")
    second = hall.issue("B")
    changed = hall.do(decide_staff_services(hall.day, "staff-1", ["B"], {"B": 3}, "dewi"))
    assert changed == [
        StaffServicesSet(of_staff="staff-1", services=["B"], preference={"B": 3}, staff="dewi")
    ]
    assert hall.call_next(desk) is second
    assert hall.retold().staff_skills == {"staff-1": Skills(("B",), {"B": 3})}


def test_skills_of_nobody_who_is_there_wait_for_the_person() -> None:
    hall = HandTurnedDay()
    hall.do(decide_staff_services(hall.day, "staff-2", ["B"], {}, "dewi"))
    hall.issue("A")
    second = hall.issue("B")
    assert hall.call_next(hall.seat(2)) is second


def test_what_cannot_be_served_is_refused() -> None:
    day = HandTurnedDay().day
    with pytest.raises(QueueRuleError) as no:
        decide_counter_services(day, 9, ["A"], {}, "dewi")
    assert refusal(no) == ("bad-value", "counter")
    with pytest.raises(QueueRuleError) as no:
        decide_counter_services(day, 1, ["A", "Z"], {}, "dewi")
    assert refusal(no) == ("unknown-service", "Z")
    with pytest.raises(QueueRuleError) as no:
        decide_counter_services(day, 1, [], {}, "dewi")
    assert refusal(no) == ("bad-value", "services")
    with pytest.raises(QueueRuleError) as no:
        decide_staff_services(day, "staff-1", ["A"], {"B": 2}, "dewi")
    assert refusal(no) == ("bad-value", "preference")


def test_a_paused_service_gives_no_numbers_and_who_waits_is_served() -> None:
    hall = HandTurnedDay()
    desk, waiting = hall.seat(1), hall.issue("A")
    assert hall.do(decide_pause_service(hall.day, "A", "Jaringan putus", "dewi")) == [
        ServicePaused(service="A", staff="dewi", reason="Jaringan putus")
    ]
    assert decide_pause_service(hall.day, "A", "Jaringan putus", "dewi") == []
    assert decide_pause_service(hall.day, "A", "Listrik", "dewi")
    with pytest.raises(QueueRuleError) as no:
        hall.issue("A")
    assert no.value.reason == "service-closed"
    assert hall.issue("B").number == "B001"
    assert hall.call_next(desk) is waiting
    assert hall.do(decide_resume_service(hall.day, "A", "dewi")) == [
        ServiceResumed(service="A", staff="dewi")
    ]
    assert decide_resume_service(hall.day, "A", "dewi") == []
    assert hall.issue("A").number == "A002"


def test_an_unknown_service_is_neither_paused_nor_resumed() -> None:
    day = HandTurnedDay().day
    for refused in (
        lambda: decide_pause_service(day, "Z", "", "dewi"),
        lambda: decide_resume_service(day, "Z", "dewi"),
    ):
        with pytest.raises(QueueRuleError) as no:
            refused()
        assert refusal(no) == ("unknown-service", "Z")
