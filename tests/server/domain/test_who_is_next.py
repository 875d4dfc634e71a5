"""Who is next, on days on which anything may happen, against the plain queue (law I5)."""

import sys
from random import Random
from types import FrameType
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from server.domain.branch import Skills
from server.domain.calling import decide_call_next
from server.domain.discipline import DISCIPLINES
from server.domain.events import (
    CounterOpened,
    Recorded,
    StaffSignedIn,
    TicketCalled,
    TicketIssued,
)
from server.domain.explaining import line_of, overtakers, preview
from server.domain.serving import Destination
from server.domain.ticket import TicketState
from tests.server.domain.played_day import PEOPLE, PlayedDay, lively_branch
from tests.server.domain.trying import DEEDS, GAPS_S, Deed, begun, deeds, do, examples, weight

NEVER = 10**6
RULES = st.fixed_dictionaries(
    {
        "discipline": st.sampled_from(sorted(DISCIPLINES)),
        "overtakes_most": st.sampled_from((1, 2, 4, NEVER)),
        "overdue_s": st.sampled_from((15, 90, NEVER)),
        "help_after_s": st.sampled_from((None, 0, 5, 20)),
        "priority_in_a_row": st.integers(1, 3),
        "regular_in_a_row": st.integers(1, 3),
        "grace_places": st.sampled_from((0, 1, 2)),
        "undo_s": st.sampled_from((5, 60)),
        "transfer_fallback_s": st.sampled_from((None, 30)),
    }
)
KEPT_PLACES = ("close day", "close", "get up", "pause", "turn out")


def called(day: PlayedDay) -> list[TicketCalled]:
    """The calls by rule, oldest first."""
    return [
        one.event
        for one in day.entries
        if isinstance(one.event, TicketCalled) and not one.event.chosen
    ]


@given(RULES, deeds())
@examples(1.5)
def test_every_call_is_the_one_of_the_plain_queue(rules: dict[str, Any], tried: list[Deed]) -> None:
    """Law I5: for every discipline, skill, preference, help, transfer, return and undo."""
    day = begun(PlayedDay(lively_branch(**rules)))
    day.check()
    for deed in tried:
        do(day, deed)
        day.check()


def test_on_such_days_every_rule_has_its_turn(long_run: bool) -> None:
    """A day on which nothing happens would agree with every model."""
    names = [name for name in DEEDS for _ in range(weight(name))]
    used: set[str] = set()
    done: set[str] = set()
    for seed in range(2_000 if long_run else 150):
        chance = Random(seed)
        day = begun(
            PlayedDay(
                lively_branch(
                    discipline=chance.choice(sorted(DISCIPLINES)),
                    overtakes_most=chance.choice((2, 4, NEVER)),
                    overdue_s=chance.choice((30, NEVER)),
                )
            )
        )
        for _ in range(80):
            what = chance.choice(names)
            deed = (what, chance.randint(1, 3), chance.randrange(1000), chance.choice(GAPS_S))
            if do(day, deed):
                done.add(what)
            day.check()
        used |= set(day.rules_used)
    assert used >= {
        *("first-come", "due-time", "priority-turn", "regular-turn"),
        *("overtaken", "overdue", "placed-first", "due-time+", "first-come+"),
    }
    assert done == set(DEEDS)


# The promise.


@given(RULES, deeds())
@examples(1)
def test_nobody_is_overtaken_more_often_than_promised_nor_when_overdue(
    rules: dict[str, Any], tried: list[Deed]
) -> None:
    """The promise in one sentence: who has N overtakes, or is M past the target, gets no more."""
    day = begun(PlayedDay(lively_branch(**rules)), visitors=9)
    most, past_ms = rules["overtakes_most"], rules["overdue_s"] * 1000
    for deed in tried:
        day.pass_s(deed[3])
        overdue = [
            one.id
            for one in day.day.tickets.values()
            if one.state is TicketState.WAITING
            and day.now_ms >= one.waits_since_ms + one.target_wait_ms + past_ms
        ]
        counted = {one: _counted(day, one) for one in overdue}
        do(day, (*deed[:3], 0.0))
        for one in day.day.tickets.values():
            assert day.day.lines.overtakes_of(one) <= most
        for ticket, count in counted.items():
            assert _counted(day, ticket) <= count, "overdue, and passed over all the same"


def _counted(day: PlayedDay, ticket: str) -> int:
    return sum(made.counted for made in overtakers(day.day, day.day.tickets[ticket]))


def waiting_line(**rules: Any) -> PlayedDay:
    """One counter for all services, rina's, and nobody else."""
    day = PlayedDay(lively_branch(**rules))
    day.set_counter(1, ["A", "B", "C"], 1)
    day.sit(1, "ani")
    day.open(1)
    return day


def numbers(day: PlayedDay) -> list[str]:
    """Those called by rule, by number."""
    return [day.day.tickets[event.ticket].number for event in called(day)]


def call_all(day: PlayedDay, *counters: int) -> list[str]:
    """One call after another, in turns at the counters, until nobody waits."""
    while day.tickets("waiting"):
        for counter in counters or (1,):
            day.finish(counter)
            day.call_next(counter)
    return numbers(day)


def test_after_so_many_overtakes_the_oldest_is_next() -> None:
    """The promise by overtakes: regular A001 stands behind all urgent ones, but not for ever."""
    day = waiting_line(overtakes_most=2, overdue_s=NEVER, discipline="due-time")
    day.issue("A")
    for _ in range(5):
        day.issue("A", "urgent")
    assert call_all(day) == ["P001", "P002", "A001", "P003", "P004", "P005"]
    assert [event.rule for event in called(day)][2] == "overtaken"


def test_so_long_past_the_target_the_oldest_is_next() -> None:
    """The promise by minutes: A's target is 60 s, urgent is 0 s, and 30 s more are allowed."""
    day = waiting_line(overtakes_most=NEVER, overdue_s=30, discipline="due-time")
    day.issue("A")
    day.pass_s(10)
    for _ in range(3):
        day.issue("A", "urgent")
    for seconds in (29.999, 50, 0.001):
        day.pass_s(seconds)
        day.finish(1)
        day.call_next(1)
    assert [event.rule for event in called(day)] == ["due-time", "overdue", "overdue"]
    assert call_all(day) == ["P001", "P002", "A001", "P003"]


def test_calls_that_nobody_may_complain_of_are_listed_and_do_not_count() -> None:
    """A chosen ticket, one that was placed first and a parked one overtake nobody."""
    day = waiting_line(overtakes_most=2, discipline="first-come")
    for _ in range(5):
        day.issue("A")
    first, chosen, placed, parked, _ = day.tickets("waiting")
    day.call_chosen(1, chosen)
    day.finish(1)
    day.call_chosen(1, parked)
    day.park(1)
    day.transfer(None, placed, _to("A", "first"))
    day.call_next(1)
    day.finish(1)
    day.resume(1, parked)
    day.finish(1)
    ticket = day.day.tickets[first]
    listed = [(made.ticket, made.rule, made.counted) for made in overtakers(day.day, ticket)]
    assert listed == [
        (chosen, "chosen", False),
        (parked, "chosen", False),
        (placed, "placed-first", False),
        (parked, "resumed", False),
    ]
    assert day.day.lines.overtakes_of(ticket) == 0


def _to(service: str, position: str) -> Destination:
    return Destination(service=service, position=position)


def test_a_counter_that_may_not_serve_a_ticket_does_not_overtake_it() -> None:
    day = PlayedDay(lively_branch(overtakes_most=1, discipline="first-come"))
    day.set_counter(1, ["A"], 1)
    day.sit(1, "ani")
    day.open(1)
    day.issue("B")
    day.issue("A")
    assert day.call_next(1)
    assert day.day.lines.overtakes_of(day.day.tickets[day.tickets("waiting")[0]]) == 0


# The disciplines.


def test_first_come_is_first_served_whatever_the_priority() -> None:
    day = waiting_line(discipline="first-come", overdue_s=NEVER)
    for priority in ("none", "urgent", "none", "elderly"):
        day.issue("A", priority)
    assert call_all(day) == ["A001", "P001", "A002", "P002"]


def test_due_time_is_arrival_and_target_wait() -> None:
    """A: 60 s, B: 20 s, priority 10 s at most, urgent at once; ties by arrival."""
    day = waiting_line(discipline="due-time", overdue_s=NEVER)
    day.issue("A")
    day.pass_s(39)
    day.issue("B")  # due a second before A001
    day.pass_s(1)
    day.issue("B")  # due with A001
    day.pass_s(10)
    day.issue("A", "elderly")  # due with them
    day.issue("A", "urgent")
    assert call_all(day) == ["P002", "B001", "A001", "B002", "P001"]


def test_in_turns_counts_the_calls_of_the_whole_branch() -> None:
    """Ratio: k = 1 priority, then n = 2 regular; two counters do not each begin a cycle."""
    day = PlayedDay(lively_branch(discipline="ratio", overdue_s=NEVER, overtakes_most=NEVER))
    for counter in (1, 2):
        day.set_counter(counter, ["A", "B", "C"], 1)
        day.sit(counter, PEOPLE[counter * 3 - 3])
        day.open(counter)
    for _ in range(4):
        day.issue("A")
    for _ in range(3):
        day.issue("A", "elderly")
    assert call_all(day, 1, 2) == ["P001", "A001", "A002", "P002", "A003", "A004", "P003"]


@given(
    st.integers(1, 3),
    st.integers(1, 3),
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 2)), min_size=8, max_size=60),
)
def test_the_bounds_of_the_ratio_hold_for_the_branch(
    most_priority: int, most_regular: int, steps: list[tuple[int, int]]
) -> None:
    """At most k priority calls in a row, at most n regular ones while a priority ticket waits."""
    rules = {"priority_in_a_row": most_priority, "regular_in_a_row": most_regular}
    branch = lively_branch(discipline="ratio", overdue_s=NEVER, overtakes_most=NEVER, **rules)
    day = PlayedDay(branch)
    for counter in (1, 2):
        day.set_counter(counter, ["A", "B", "C"], 1)
        day.sit(counter, PEOPLE[counter * 3 - 3])
        day.open(counter)
    priorities_in_a_row = regulars_in_a_row = 0
    for what, counter in steps:
        if what < 2:
            day.issue("ABC"[counter], ("none", "elderly")[what])
            continue
        day.finish(counter)
        waiting = [day.day.tickets[one].priority for one in day.tickets("waiting")]
        if not day.call_next(counter):
            continue
        is_priority = day.day.tickets[called(day)[-1].ticket].priority != "none"
        if is_priority:
            alone = "none" not in waiting
            assert alone or priorities_in_a_row < most_priority
            priorities_in_a_row, regulars_in_a_row = priorities_in_a_row + 1, 0
        else:
            one_waits = "elderly" in waiting
            assert not one_waits or regulars_in_a_row < most_regular
            priorities_in_a_row, regulars_in_a_row = 0, regulars_in_a_row + one_waits


def test_another_discipline_places_everyone_anew_from_the_next_call_on() -> None:
    day = waiting_line(discipline="due-time", overdue_s=NEVER)
    day.issue("A")
    day.issue("B")
    day.issue("A", "urgent")
    day.set_discipline("first-come", None, None)
    assert call_all(day) == ["A001", "B001", "P001"]


def test_who_came_back_stays_behind_the_same_person_or_goes_first_without() -> None:
    orders = {False: ["B002", "B001", "A001"], True: ["A001", "B002"]}  # B002 is due before B001
    for person_is_called, expected in orders.items():
        day = waiting_line(discipline="first-come", overdue_s=NEVER, grace_places=1)
        day.set_counter(2, ["A"], 1)
        day.sit(2, "dodi")
        day.open(2)
        for service in "AABB":
            day.issue(service)
        first, other, anchor, _ = day.tickets("waiting")
        day.call_chosen(2, other)
        day.finish(2)
        day.call_chosen(2, first)
        day.no_show(2)
        day.transfer(None, anchor, _to("A", "arrival"))
        day.requeue(first)
        if person_is_called:
            day.call_chosen(2, anchor)
        assert day.set_discipline("due-time", None, None)
        rank = day.day.tickets[first].rank
        assert len(rank) == 3
        assert (rank[:2] == day.day.tickets[anchor].rank[:2]) is not person_is_called
        day.check()
        assert call_all(day) == expected


def test_another_discipline_begins_to_count_the_turns_anew() -> None:
    day = waiting_line(discipline="ratio", overdue_s=NEVER, overtakes_most=NEVER)
    for _ in range(3):
        day.issue("A")
        day.issue("A", "elderly")
    day.call_next(1)
    day.set_discipline("ratio", 2, 1)
    assert call_all(day) == ["P001", "P002", "P003", "A001", "A002", "A003"]


# Skills.


def test_the_persons_preference_weighs_more_than_the_counters() -> None:
    """Counter 1 prefers A, dodi prefers B: at that counter B is called first."""
    day = PlayedDay(lively_branch(discipline="first-come", overdue_s=NEVER))
    day.set_staff("dodi", ["B", "A"], 2)
    day.set_counter(1, ["A", "B"], 2)
    day.sit(1, "dodi")
    day.open(1)
    for service in "ABAB":
        day.issue(service)
    assert call_all(day) == ["B001", "B002", "A001", "A002"]


def test_who_is_handed_on_to_a_counter_or_person_stands_among_the_most_preferred() -> None:
    day = PlayedDay(lively_branch(discipline="first-come", overdue_s=NEVER))
    day.sit(1, "ani")  # counter 1 prefers A to B
    day.open(1)
    for service in "BABB":
        day.issue(service)
    third, fourth = day.tickets("waiting")[2:]
    day.transfer(None, third, Destination(counter=1))
    day.transfer(None, fourth, Destination(staff="ani"))
    assert call_all(day) == ["A001", "B002", "B003", "B001"]


def test_a_person_with_other_skills_calls_others_from_the_next_call_on() -> None:
    day = waiting_line(discipline="first-come", overdue_s=NEVER, help_after_s=None)
    for service in "ABAB":
        day.issue(service)
    day.call_next(1)
    day.set_staff("ani", ["B"], 1)
    day.finish(1)
    assert day.call_next(1)
    assert numbers(day) == ["A001", "B001"]


def test_an_idle_counter_helps_other_lines_after_a_set_time_and_only_with_its_skills() -> None:
    """Help after 20 s, when its own lines are empty; budi serves A and C alone."""
    day = PlayedDay(lively_branch(discipline="first-come", overdue_s=NEVER))
    day.set_counter(1, ["A"], 1)
    day.sit(1, "budi")
    day.open(1)
    day.issue("B")
    day.issue("C")
    day.pass_s(19.999)
    assert not day.call_next(1)
    day.pass_s(0.001)
    assert day.call_next(1)
    assert (numbers(day), called(day)[0].helping) == (["C001"], True)
    day.finish(1)
    day.pass_s(100)
    assert not day.call_next(1)  # nobody but B, whom budi cannot serve
    day.issue("C")
    day.issue("A")
    assert day.call_next(1)
    assert numbers(day)[-1] == "A001"
    assert not called(day)[-1].helping


def test_a_call_of_help_overtakes_those_whom_it_might_have_helped() -> None:
    day = PlayedDay(lively_branch(discipline="due-time", overdue_s=NEVER))
    day.set_counter(1, ["A"], 1)
    day.sit(1, "ani")
    day.open(1)
    day.issue("B")
    day.issue("C", "urgent")
    day.pass_s(60)
    assert day.call_next(1)
    assert numbers(day) == ["P001"]
    (left,) = day.tickets("waiting")
    assert day.day.lines.overtakes_of(day.day.tickets[left]) == 1


def test_no_skills_at_all_means_nobody_to_call() -> None:
    day = PlayedDay(lively_branch(help_after_s=None))
    day.sit(1, "ani")
    day.open(1)
    day.set_staff("ani", ["C"], 1)
    day.issue("A")
    day.pass_s(NEVER)
    assert not day.call_next(1)
    assert day.day.skills_of_staff("ani") == Skills(("C",), {"C": 1})


# Looking ahead.


@given(RULES, deeds(*KEPT_PLACES), st.integers(1, 3))
@examples(1)
def test_calling_one_after_another_gives_the_previewed_order(
    rules: dict[str, Any], tried: list[Deed], counter: int
) -> None:
    """As long as time stands still, nobody joins and nobody is overtaken too often by it."""
    rules |= {"overtakes_most": NEVER, "help_after_s": None}
    day = begun(PlayedDay(lively_branch(**rules)))
    for deed in tried:
        do(day, deed)
    day.finish(counter) or day.open(counter)
    desk = day.desk(counter)
    seen = [
        [(one.ticket, one.rule) for one in line_of(day.day, desk, day.now_ms, most)]
        for most in (NEVER, 3)
    ]
    assert seen[1] == seen[0][:3]
    before = len(called(day))
    while desk.ticket is None and day.call_next(counter):
        day.finish(counter)
    if desk.state == "open" and desk.staff is not None:
        assert [(one.ticket, one.rule) for one in called(day)[before:]] == seen[0]


@given(RULES, deeds(*KEPT_PLACES), st.sampled_from((None, 1, 2)), RULES, st.booleans())
@examples(1)
def test_what_if_changes_nothing_and_is_what_would_be(
    rules: dict[str, Any],
    tried: list[Deed],
    counter: int | None,
    others: dict[str, Any],
    counts_asked: bool,
) -> None:
    """The counts that are not asked are the branch's own; the same rule again changes nothing."""
    day = begun(PlayedDay(lively_branch(**rules)))
    for deed in tried:
        do(day, deed)
    name, in_a_row = others["discipline"], None
    if counts_asked:
        in_a_row = (others["priority_in_a_row"], others["regular_in_a_row"])
    desk = None if counter is None else day.desk(counter)
    now = [(one.ticket.id, one.rule) for one in preview(day.day, desk, day.now_ms, 10)]
    would = preview(day.day, desk, day.now_ms, 10, name, in_a_row)
    day.check()
    assert now == [(one.ticket.id, one.rule) for one in preview(day.day, desk, day.now_ms, 10)]
    places = {ticket: place for place, (ticket, _) in enumerate(now, 1)}
    assert [one.place_now for one in would] == [places.get(one.ticket.id) for one in would]
    day.set_discipline(name, *(in_a_row or (None, None)))
    then = preview(day.day, desk, day.now_ms, 10)
    told = [(one.ticket.id, one.rule, one.place) for one in would]
    assert [(one.ticket.id, one.rule, one.place) for one in then] == told


def test_what_if_begins_the_turns_anew_unless_that_is_the_rule_already() -> None:
    day = waiting_line(discipline="ratio", overdue_s=NEVER, overtakes_most=NEVER)
    for priority in ("elderly", "elderly", "none"):
        day.issue("A", priority)
    day.call_next(1)
    seen = [
        [one.ticket.number for one in preview(day.day, day.desk(1), day.now_ms, 9, "ratio", counts)]
        for counts in (None, (1, 2), (1, 1))
    ]
    assert seen == [["A001", "P002"], ["A001", "P002"], ["P002", "A001"]]


@given(RULES, deeds(*KEPT_PLACES, "counter's services", "person's services", "hand on any"))
@examples(2)
def test_people_ahead_is_the_place_in_the_preview_of_a_counter_with_one_line(
    rules: dict[str, Any], tried: list[Deed]
) -> None:
    """The number that the visitor is told, in every discipline and at any point of a cycle."""
    rules |= {"overtakes_most": NEVER, "overdue_s": NEVER}
    day = begun(PlayedDay(lively_branch(**rules)))
    day.set_counter(1, ["A"], 1)
    for deed in tried:
        do(day, deed)
    if day.desk(1).staff not in ("ani", "dodi"):
        return
    line = [one.ticket for one in line_of(day.day, day.desk(1), day.now_ms, NEVER)]
    if {day.day.tickets[one].line for one in line} != {"service:A"}:
        return  # more than one line, or none
    event(f"{day.day.discipline.name}, {min(len(line), 3)} or more")
    for place, ticket in enumerate(line):
        assert day.day.people_ahead(day.day.tickets[ticket]) == place


@pytest.mark.parametrize("placed_first", [False, True])
def test_the_preview_goes_on_with_the_turns_of_those_before(*, placed_first: bool) -> None:
    """Counter 1 prefers A: its priority ticket is called first, so B begins with regular ones."""
    day = PlayedDay(lively_branch(discipline="ratio", overtakes_most=NEVER, overdue_s=NEVER))
    day.sit(1, "ani")
    day.open(1)
    for service, priority in (("B", "elderly"), ("B", "none"), ("B", "none"), ("A", "elderly")):
        day.issue(service, priority)
    if placed_first:
        day.transfer(None, day.tickets("waiting")[-1], _to("A", "first"))
    seen = [day.day.tickets[one.ticket].number for one in line_of(day.day, day.desk(1), 0, 9)]
    assert seen == ["P002", "B001", "B002", "P001"]
    assert call_all(day) == seen


def test_nobody_is_ahead_of_who_does_not_wait() -> None:
    day = waiting_line()
    day.issue("A")
    day.issue("A")
    day.call_next(1)
    assert [day.day.people_ahead(one) for one in day.day.tickets.values()] == [0, 0]


@pytest.mark.parametrize("discipline", sorted(DISCIPLINES))
@pytest.mark.parametrize("late", [False, True])
def test_who_is_next_costs_no_walk_through_the_line(discipline: str, late: bool) -> None:
    """O(log n): counted in executed lines of our code and of the sorted lists, not in seconds."""
    few, many = (_steps_of_a_call(discipline, waiting, late=late) for waiting in (10, 10_000))
    assert few < many < 3 * few, (few, many)


def _steps_of_a_call(discipline: str, waiting: int, *, late: bool) -> int:
    overdue_s = 0 if late else NEVER
    day = PlayedDay(
        lively_branch(discipline=discipline, overdue_s=overdue_s, overtakes_most=NEVER)
    ).day

    def record(event: Any, at_ms: int) -> None:
        day.apply(
            Recorded(seq=day.revision + 1, at_ms=at_ms, business_date="2026-09-21", event=event)
        )

    begin = 1_790_000_000_000
    record(
        StaffSignedIn(device="counter-2", staff="ani", name="", role="frontliner", counter=2), begin
    )
    record(CounterOpened(counter=2, staff="ani"), begin)
    for n in range(waiting):
        service, priority = "ABC"[n % 3], ("none", "none", "none", "elderly")[n % 4]
        rank = day.discipline.rank(day.branch.services[service], priority, begin, day.revision + 1)
        record(
            TicketIssued(
                ticket=f"t{n}",
                number=f"X{n}",
                series=f"X{n}",
                serial=1,
                service=service,
                rank=rank,
                link=f"l{n}",
                device="kiosk-1",
                priority=priority,
            ),
            begin,
        )
    now_ms = begin + 3_600_000
    steps = 0

    def count(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal steps
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        for event in decide_call_next(day, day.desks[2], "announcement", now_ms):
            record(event, now_ms)
    finally:
        sys.settrace(before)
    return steps
