"""One more counter: made-up lines with known answers, and halls of chance that it never harms."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest

from server.domain.events import CounterClosed
from server.domain.forecasting import estimates, present
from server.domain.outlook import InLine, Learned, Moment, OpenDesk, Present
from server.domain.promises import Accuracy, Margins
from server.domain.seating import decide_pause
from server.domain.service_times import NoShows, Occupancy, ServiceTimes, StillTimes
from server.domain.serving import Destination, decide_start, decide_transfer
from server.domain.skills import service_line
from server.domain.staffing import Hint, Waits, advise, replay, with_one_more
from tests.server.branch_example import BRANCH, HandTurnedDay, branch_with

HOUR = 3_600_000
NOW = 10 * HOUR
STAY_S = 280


class Sure:
    """Everybody stays equally long, and everybody knows it."""

    def of(self, service: str, hour: int) -> Occupancy:
        return Occupancy(STAY_S, 0.0, 0.0)


def hall(lines: dict[str, int], *desks: str) -> Present:
    """So many in each line, one after the other, and free counters by the lines that they serve;
    turnaround and no-shows bring the stay to five minutes."""
    entries = [InLine(f"{line}{place}", line, service_line(line)) for line, many in lines.items()
               for place in range(many)]  # fmt: skip
    learned = Learned(Sure(), NoShows(share=0.0), Accuracy())
    learned = replace(learned, habits=replace(learned.habits, closings_per_hour=0.0))
    return Present(
        tuple(entries),
        tuple(OpenDesk(frozenset(map(service_line, desk))) for desk in desks),
        Moment(NOW, 10, NOW),
        learned,
        {"B": 3},
    )


# Known answers.


def test_a_line_of_nine_at_one_counter_and_at_two() -> None:
    """The first is called at once, the ninth after eight stays; with two counters after four."""
    (hint,) = advise(hall({"B": 9}, "B"))
    assert (hint.service, hint.waiting, hint.counter) == ("B", 9, 3)
    assert hint.now is not None
    # Chance finishes of equal stays empty a line a little sooner than the clockwork of both.
    assert hint.now.longest_s == pytest.approx(8 * 300)
    assert hint.then.longest_s == pytest.approx(4 * 300, rel=0.15)
    assert hint.now.average_s == pytest.approx(4 * 300)
    assert hint.gained_s == hint.now.longest_s - hint.then.longest_s


def test_the_sentence_of_the_page_can_be_made_of_it() -> None:
    """Open one more counter for B: 42 -> 25 min."""
    (hint,) = advise(hall({"B": 9}, "B"))
    assert hint.now is not None
    now, then = (round(one.longest_s / 60) for one in (hint.now, hint.then))
    said = f"open one more counter for {hint.service}: {now} -> {then} min"
    assert said == "open one more counter for B: 40 -> 19 min"


def test_only_lines_that_it_helps_are_named_the_most_helped_first() -> None:
    found = advise(hall({"A": 7, "B": 9, "C": 1}, "A", "B", "C"))
    assert [hint.service for hint in found] == ["B", "A"]


@pytest.mark.parametrize(
    ("now_s", "then_s", "named"),
    [
        (1000, 701, True),  # a fifth and more
        (1000, 801, False),
        (1000, 800, True),
        (3000, 2701, False),
        (3000, 2700, True),  # five minutes
        (200, 141, False),  # a fifth, but not a minute
        (200, 140, True),
    ],
)
def test_it_helps_by_five_minutes_or_by_a_fifth_and_a_minute(
    monkeypatch: pytest.MonkeyPatch, now_s: int, then_s: int, named: bool
) -> None:
    hint = Hint("B", 3, Waits(now_s, 0), Waits(then_s, 0), None)
    monkeypatch.setattr("server.domain.staffing._hints", lambda _: iter([hint]))
    assert advise(hall({"B": 1}, "B")) == ([hint] if named else [])


def test_a_line_that_nobody_serves_comes_first_and_has_no_now() -> None:
    found = advise(hall({"A": 9, "B": 2}, "A"))
    assert (found[0].service, found[0].now) == ("B", None)
    assert found[0].then.longest_s == pytest.approx(300)


def test_nobody_waits_or_nobody_would_be_helped() -> None:
    assert advise(hall({}, "A")) == []
    assert advise(hall({"A": 1}, "A")) == []


def test_the_more_counter_serves_its_line_alone_and_nothing_else_is_changed() -> None:
    before = hall({"A": 8, "B": 8}, "A", "B")
    after = with_one_more(before, service_line("B"))
    assert replay(after)[service_line("A")] == replay(before)[service_line("A")]
    assert before.desks == after.desks[:-1]


# Halls of chance.


def _chance_desk(chance: random.Random, services: str) -> OpenDesk:
    lines = frozenset(map(service_line, chance.sample(services, chance.randint(1, len(services)))))
    if chance.random() < 0.2:
        return OpenDesk(lines)
    return OpenDesk(lines, chance.choice(services), since_ms=NOW - chance.randint(0, 900_000))


def chance_hall(chance: random.Random) -> Present:
    services = "ABCD"[: chance.randint(1, 4)]
    times = ServiceTimes({code: chance.randint(120, 900) for code in services})
    entries = [
        InLine(
            str(place),
            service := chance.choice(services),
            service_line(service),
            weight=chance.choice([1, 1, 1, 3]),
            overtaken_until_ms=chance.choice([0, NOW + HOUR]),
        )
        for place in range(chance.randint(1, 60))
    ]
    desks = tuple(_chance_desk(chance, services) for _ in range(chance.randint(1, 6)))
    breaks = ((NOW + HOUR, NOW + HOUR + 1_800_000),) if chance.random() < 0.3 else ()
    learned = Learned(times, NoShows(), Accuracy())
    return Present(tuple(entries), desks, Moment(NOW, 10, NOW, breaks), learned)


@pytest.mark.parametrize("seed", range(300))
def test_one_more_counter_never_makes_the_longest_wait_of_its_line_longer(seed: int) -> None:
    chance = random.Random(seed)
    hall_of_chance = chance_hall(chance)
    for line, now in replay(hall_of_chance).items():
        then = replay(with_one_more(hall_of_chance, line))[line]
        assert then is not None
        if now is not None:
            assert then.longest_s <= now.longest_s + 1e-6


# From a day.


def test_what_is_taken_down_of_a_day_is_replayed_as_the_estimates_say() -> None:
    """Both sides come from the machinery whose ranges people are shown."""
    story = HandTurnedDay()
    tickets = [story.issue("AB"[place % 2]) for place in range(9)]
    story.seat(1)
    desk = story.seat(3)
    story.call_next(desk)
    taken = present(story.day, story.now_ms)
    assert taken is not None
    waits = estimates(story.day, story.now_ms).waits
    now = replay(taken)[service_line("A")]
    known = [waits[one.id] for one in tickets if one.service == "A"]
    expected_s = [one.expected_s for one in known if one is not None]
    assert now is not None
    assert now.longest_s == pytest.approx(max(expected_s))
    assert now.average_s == pytest.approx(sum(expected_s) / len(expected_s))


def test_what_happens_later_does_not_reach_what_was_taken_down() -> None:
    """It is replayed in a thread, where the day must not be touched."""
    story = HandTurnedDay()
    for _ in range(6):
        story.issue("A")
    desk = story.seat(1)
    taken = present(story.day, story.now_ms)
    assert taken is not None
    before = advise(taken)
    assert isinstance(taken.learned.times, StillTimes)
    called = story.call_next(desk)
    story.pass_s(3000)
    story.day.experience.times.learn("A", 22, 3000)
    story.day.experience.no_shows.missed(1000)
    story.day.experience.accuracy.short = Margins(3.0, 3.0)
    assert called.state == "called"
    assert advise(taken) == before != []


def test_who_was_handed_on_to_one_counter_waits_for_that_alone() -> None:
    story = HandTurnedDay()
    ticket = story.issue("A")
    desk = story.seat(1)
    story.seat(2)
    story.call_next(desk)
    story.do(decide_start(story.day, desk, ticket.id))
    to = Destination(counter=2)
    story.do(decide_transfer(story.day, desk, ticket.id, to, "staff-1", story.now_ms))
    taken = present(story.day, story.now_ms)
    assert taken is not None
    assert [entry.line for entry in taken.line] == ["counter:2"]
    assert advise(taken) == []


def test_the_counter_to_open_rests_or_is_closed_and_best_has_somebody_there() -> None:
    """Counter 3 serves B alone, 1 and 2 serve both; who is open is no help."""
    story = HandTurnedDay()
    for _ in range(5):
        story.issue("B")

    def named() -> int | None:
        taken = present(story.day, story.now_ms)
        assert taken is not None
        return taken.free.get("B")

    assert named() == 3, "nobody is anywhere, and it has no other lines"
    resting = story.seat(2)
    story.do(decide_pause(story.day, resting, "break"))
    assert named() == 2, "somebody is there"
    story.seat(3)
    assert named() == 2
    story.seat(1)
    story.do([CounterClosed(counter=1, staff="staff-1")])
    assert named() == 1


def test_a_person_who_may_not_serve_a_line_is_no_help_for_it() -> None:
    story = HandTurnedDay(replace(BRANCH, counters={1: BRANCH.counters[1], 3: BRANCH.counters[3]}))
    story.issue("A")
    story.seat(1)
    taken = present(story.day, story.now_ms)
    assert taken is not None
    assert taken.free == {"B": 3}


def test_a_hall_that_no_branch_ever_had_is_not_replayed() -> None:
    story = HandTurnedDay(branch_with(number_width=4))
    for _ in range(1001):
        story.issue("A")
    assert present(story.day, story.now_ms) is None


def test_a_longer_line_gains_no_less() -> None:
    gains = [advise(hall({"B": many}, "B"))[0].gained_s for many in range(3, 40, 4)]
    assert all(one <= other for one, other in pairwise(gains))
