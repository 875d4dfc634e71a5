"""Lines asked directly: who stands where, who came first, who waits too long."""

import pytest

from server.domain.lines import Line, Lines
from server.domain.ticket import Ticket


def ticket(place: int, at_ms: int = 0, priority: str = "none", **fields: object) -> Ticket:
    given = Ticket(
        id=f"t{place}",
        number=f"A{place:03d}",
        series="A",
        serial=place + 1,
        service=str(fields.pop("service", "A")),
        rank=(1000 + place, place, 0),
        link=f"l{place}",
        device="kiosk-1",
        issued_at_ms=at_ms or 1000 + place,
        priority=priority,
        ordinal=place,
    )
    for name, value in fields.items():
        setattr(given, name, value)
    return given


@pytest.fixture
def lines() -> Lines:
    """Line A: t0 placed first, t1 and t3 regular, t2 priority, by rank 3, 0, 1, 2."""
    lines = Lines()
    for one in (
        ticket(0, placing="first"),
        ticket(1),
        ticket(2, priority="elderly"),
        ticket(3, rank=(900, 3, 0)),
    ):
        lines.join(one)
    return lines


def test_a_line_is_told_by_rank(lines: Lines) -> None:
    assert lines.tickets("service:A") == ["t3", "t0", "t1", "t2"]
    assert lines.tickets("service:B") == []
    assert (lines.length("service:A"), lines.length("service:B")) == (4, 0)
    assert list(lines.names()) == ["service:A"]


def test_the_rank_at_a_place_and_at_the_tail(lines: Lines) -> None:
    ranks = [lines.rank_at("service:A", place) for place in range(-2, 5)]
    assert ranks == [
        None,
        (1002, 2, 0),
        (900, 3, 0),
        (1000, 0, 0),
        (1001, 1, 0),
        (1002, 2, 0),
        None,
    ]
    assert lines.rank_at("service:B", 0) is None
    assert lines.rank_at("service:B", -1) is None


def test_the_tail_of_a_line_that_was_left_is_nobody() -> None:
    lines, one = Lines(), ticket(0)
    lines.join(one)
    lines.leave(one)
    assert lines.rank_at("service:A", -1) is None
    assert lines.rank_at("service:A", 0) is None
    assert lines.oldest("service:A") is None
    assert lines.several(["service:A", "service:B"]) == []


def test_who_came_first_whatever_the_rank(lines: Lines) -> None:
    assert lines.oldest("service:A") == "t0"
    assert lines.oldest("service:B") is None


def test_classes(lines: Lines) -> None:
    assert lines.classes_of("service:A") == (2, 1)
    assert lines.classes_of("service:B") == (0, 0)
    first, regular = ticket(0, placing="first"), ticket(1)
    assert lines.classes_ahead(first) == (0, 0, 0)
    assert lines.classes_ahead(regular) == (1, 1, 0)
    assert lines.classes_ahead(ticket(2, priority="elderly")) == (1, 2, 0)
    second = ticket(4, placing="first")
    lines.join(second)
    assert lines.classes_ahead(second) == (1, 0, 0)


def test_a_line_that_fills_or_empties_is_told() -> None:
    lines, told = Lines(), []
    lines.on_change = lambda name, full: told.append((name, full))
    one, two = ticket(0), ticket(1)
    lines.join(one)
    lines.join(two)
    lines.leave(one)
    assert told == [("service:A", True)]
    lines.leave(two)
    assert told == [("service:A", True), ("service:A", False)]


def test_those_with_priority_are_known_in_whatever_line() -> None:
    lines, one = Lines(), ticket(0, priority="urgent", service="B")
    lines.join(one)
    lines.join(ticket(1))
    assert lines.priority == {"t0"}
    lines.leave(one)
    assert lines.priority == set()


def test_overtakes_are_kept_while_somebody_is_away_and_may_be_taken_back() -> None:
    lines, one = Lines(), ticket(0)
    lines.join(one)
    lines.overtake(["service:B", "service:A"], 5)
    lines.overtake(["service:A"], 0)  # nobody came before it
    assert lines.overtakes_of(one) == 1
    lines.leave(one)
    assert (one.overtakes, lines.overtakes_of(one)) == (1, 1)
    lines.forgive(one)
    assert lines.overtakes_of(one) == 0
    lines.join(one)
    lines.overtake(["service:A"], 5)
    lines.overtake(["service:A"], 6)
    lines.forgive(one)
    assert lines.overtakes_of(one) == 1
    assert lines.overtakes_of(ticket(9, service="C", overtakes=4)) == 4
    lines.forgive(away := ticket(9, service="C", overtakes=4))
    assert away.overtakes == 3


def test_the_overtaken_are_told_by_arrival_up_to_so_many() -> None:
    line = Line()
    for place, overtakes in enumerate((3, 0, 2, 5)):
        line.join(ticket(place, overtakes=overtakes))
    assert list(line.overtaken(2, 2)) == [(0, "t0"), (2, "t2")]
    assert list(line.overtaken(2, 9)) == [(0, "t0"), (2, "t2"), (3, "t3")]
    assert list(line.overtaken(6, 9)) == []
    assert list(line.overtaken(0, 0)) == []


def test_the_overdue_are_told_from_their_very_millisecond_on() -> None:
    """Two targets, 50 past each; t2 and t3 came back: they count from then, told by arrival."""
    line = Line()
    line.join(ticket(0, 100, target_wait_ms=10))
    line.join(ticket(1, 120, target_wait_ms=10))
    line.join(ticket(2, 130, target_wait_ms=0, waits_since_ms=170))
    line.join(ticket(3, 140, target_wait_ms=5, waits_since_ms=150))
    assert list(line.overdue(50, 159, 9)) == []
    assert list(line.overdue(50, 160, 9)) == [(0, "t0")]
    assert list(line.overdue(50, 180, 9)) == [(0, "t0"), (1, "t1")]
    assert list(line.overdue(50, 180, 1)) == [(0, "t0")]
    assert list(line.overdue(50, 205, 9)) == [(0, "t0"), (1, "t1"), (3, "t3")]
    assert list(line.overdue(50, 219, 1)) == [(0, "t0"), (3, "t3")]
    assert list(line.overdue(50, 220, 9)) == [(0, "t0"), (1, "t1"), (2, "t2"), (3, "t3")]
    assert list(line.overdue(50, 220, 1)) == [(0, "t0"), (2, "t2")]
    # Asked about an earlier moment, those seen overdue are not told too soon.
    assert list(line.overdue(50, 210, 9)) == [(0, "t0"), (1, "t1"), (3, "t3")]


def test_who_was_seen_overdue_may_leave_and_come_back() -> None:
    line, back = Line(), ticket(0, 100, waits_since_ms=200)
    line.join(back)
    assert list(line.overdue(0, 300, 1)) == [(0, "t0")]
    line.leave(back)
    assert list(line.overdue(0, 300, 1)) == []
    assert len(line) == 0
    line.join(back)
    line.leave(back)
    assert list(line.overdue(0, 300, 1)) == []
    assert line.oldest() is None
