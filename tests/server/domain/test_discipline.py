"""Disciplines by themselves: ranks, turns, and how many go first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.branch import Rules, Service
from server.domain.discipline import DISCIPLINES, Runs, discipline_of, target_wait_s

A = Service("A", {}, letter="A", target_wait_s=1800)
QUICK = Service("Q", {}, letter="Q", target_wait_s=300)
PRIORITY_S = 600
ROW = st.integers(1, 4)


def test_runs_count_one_kind_after_the_other() -> None:
    """Regular calls count only while a priority ticket waits."""
    runs = (
        Runs().after(priority=True, priority_waits=True).after(priority=True, priority_waits=True)
    )
    assert runs == Runs(2, 0)
    runs = runs.after(priority=False, priority_waits=False)
    assert runs == Runs(0, 0)
    runs = Runs(3, 0).after(priority=False, priority_waits=True)
    assert runs.after(priority=False, priority_waits=True) == Runs(0, 2)
    assert runs.after(priority=True, priority_waits=False) == Runs(1, 0)


@pytest.mark.parametrize(
    ("service", "priority", "target_s"),
    [
        (A, "none", 1800),
        (A, "elderly", PRIORITY_S),
        (A, "urgent", 0),
        (QUICK, "none", 300),
        (QUICK, "infant", 300),
    ],
)
def test_a_priority_shortens_the_target_and_never_lengthens_it(
    service: Service, priority: str, target_s: int
) -> None:
    assert target_wait_s(Rules(priority_target_wait_s=PRIORITY_S), service, priority) == target_s


@pytest.mark.parametrize(
    ("name", "priority", "rank"),
    [
        ("first-come", "none", (5000, 7, 0)),
        ("first-come", "urgent", (5000, 7, 0)),
        ("due-time", "none", (1_805_000, 7, 0)),
        ("due-time", "elderly", (605_000, 7, 0)),
        ("due-time", "urgent", (5000, 7, 0)),
        ("ratio", "none", (5000, 7, 0)),
        ("ratio", "elderly", (5000, 7, 0)),
        ("ratio", "urgent", (5000 - 86_400_000, 7, 0)),
    ],
)
def test_a_rank_is_an_instant_and_the_order_of_issue(
    name: str, priority: str, rank: tuple[int, int, int]
) -> None:
    discipline = discipline_of(Rules(discipline=name, priority_target_wait_s=PRIORITY_S))
    assert discipline.name == name
    assert discipline.rank(A, priority, 5000, 7) == rank


def test_the_branch_has_three_disciplines() -> None:
    assert set(DISCIPLINES) == {"first-come", "ratio", "due-time"}


def test_in_turns_begins_with_a_priority_ticket_and_fills_up_with_the_other_kind() -> None:
    turns = discipline_of(Rules(discipline="ratio", priority_in_a_row=2, regular_in_a_row=1)).turns
    regular = [((n, n, 0), f"r{n}") for n in range(2)]
    priority = [((n, n, 0), f"p{n}") for n in range(5)]
    told = [(entry[1], rule) for entry, rule in turns(regular, priority, Runs())]
    first, then = "priority-turn", "regular-turn"
    assert told == [
        ("p0", first),
        ("p1", first),
        ("r0", then),
        ("p2", first),
        ("p3", first),
        ("r1", then),
        ("p4", first),
    ]


@pytest.mark.parametrize("name", sorted(DISCIPLINES))
@given(ROW, ROW, st.integers(0, 7), st.integers(0, 7), st.integers(0, 4), st.integers(0, 4))
def test_how_many_go_first_is_the_place_among_the_turns(
    name: str, k: int, n: int, regulars: int, priorities: int, row: int, other_row: int
) -> None:
    """``ahead`` counts what ``turns`` would tell, wherever in its cycle the branch is."""
    rules = Rules(discipline=name, priority_in_a_row=k, regular_in_a_row=n)
    discipline = discipline_of(rules)
    runs = Runs(row, 0) if other_row == 0 else Runs(0, other_row)
    regular = [((2 * i, 0, 0), f"r{i}") for i in range(regulars)]
    priority = [((2 * i + 1, 0, 0), f"p{i}") for i in range(priorities)]
    told = [entry for entry, _ in discipline.turns(regular, priority, runs)]
    assert sorted(told) == sorted(regular + priority)
    for entries, others, is_priority in ((regular, priority, False), (priority, regular, True)):
        for place, entry in enumerate(entries):
            ranked = sum(other < entry for other in others)
            of_others = len(others) if name == "ratio" else ranked
            counts = (of_others, place) if is_priority else (place, of_others)
            ahead = discipline.ahead(*counts, is_priority=is_priority, runs=runs)
            assert ahead == told.index(entry), (entry, told)
