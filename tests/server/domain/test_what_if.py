"""What if another rule held: the same as from a copy of whole lines, and quick in long ones."""

import time
from copy import copy
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.discipline import DISCIPLINES
from server.domain.explaining import _of_all, _other_order, preview
from server.domain.hall import Desk
from server.domain.lines import Lines
from server.domain.placing import new_ranks
from server.domain.selection import Order, line_up
from tests.server.domain.played_day import PRIORITIES, SERVICES, PlayedDay, lively_branch
from tests.server.domain.trying import Deed, begun, deeds, do, examples

NAMES = sorted(DISCIPLINES)
MOST_MS = 60.0
"""Thrice what is aimed at: other programs may run beside the tests."""


def from_whole_lines(
    played: PlayedDay, desk: Desk | None, most: int, name: str, in_a_row: tuple[int, int]
) -> list[tuple[str, str]]:
    """The plain way: everyone is placed anew."""
    day = played.day
    order: Order = _other_order(day, name, in_a_row)
    call = day.call_lines(desk) if desk is not None else _of_all(day)
    lines = day.lines
    if order.rules != day.rules:
        lines = Lines()
        for line in call.every:
            standing = [day.tickets[one] for one in day.lines.tickets(line)]
            for ticket, rank in new_ranks(standing, day.branch.services, order.discipline):
                twin = copy(ticket)
                twin.rank, twin.overtakes = rank, day.lines.overtakes_of(ticket)
                lines.join(twin)
    found = islice(line_up(lines, order, call, played.now_ms, most), most)
    return [(one.ticket, one.rule) for one in found]


@examples(1.0)
@given(
    st.sampled_from(NAMES),
    deeds("close day", "sign", "turn out", most=50),
    st.integers(1, 6),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
)
def test_what_if_is_as_from_a_copy_of_the_whole_lines(
    name: str, tried: list[Deed], most: int, in_a_row: tuple[int, int]
) -> None:
    played = begun(PlayedDay(lively_branch(discipline=name, grace_s=6000)), visitors=12)
    for deed in tried:
        do(played, deed)
    for desk in (None, *(played.desk(number) for number in (1, 2, 3))):
        for other in NAMES:
            seen = preview(played.day, desk, played.now_ms, most, other, in_a_row)
            told = [(one.ticket.id, one.rule) for one in seen]
            assert told == from_whole_lines(played, desk, most, other, in_a_row)


@pytest.mark.parametrize("name", NAMES)
def test_what_if_is_quick_with_ten_thousand_waiting(name: str) -> None:
    played = PlayedDay(lively_branch(discipline="first-come", overdue_s=10**6))
    played.sit(1, "ani")
    played.open(1)
    for place in range(10_000):
        played.issue(SERVICES[place % 2], PRIORITIES[place % 5])
    took_ms = []
    for _ in range(5):
        began_s = time.perf_counter()
        seen = preview(played.day, None, played.now_ms, 10, name, (2, 3))
        took_ms.append((time.perf_counter() - began_s) * 1000)
    assert len(seen) == 10
    assert min(took_ms) < MOST_MS, took_ms
