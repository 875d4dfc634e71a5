"""The estimate of the wait: what moves it, when it is silent, and how often it keeps its word."""

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from server.domain.outlook import Habits, InLine, Learned, Moment, OpenDesk, Wait
from server.domain.promises import Accuracy, Margins, Outcome, Promise, rounded_range
from server.domain.service_times import (
    HourlyLevels,
    NoShows,
    Occupancy,
    ServiceTimes,
    group_factor,
    remaining,
)
from server.domain.waiting_range import quantiles
from server.domain.waiting_time import forecast
from tests.server.domain.made_up_day import Kept, Score, season

HOUR = 3_600_000
NOW = 10 * HOUR + 20 * 60_000
ALL = frozenset("AB")


def known(**changed: object) -> Learned:
    learned = Learned(ServiceTimes({"A": 480, "B": 300}), NoShows(), Accuracy())
    return replace(learned, **changed)  # type: ignore[arg-type]


def at(now: int = NOW, **more: object) -> Moment:
    return Moment(now, now // HOUR, now // HOUR * HOUR, **more)  # type: ignore[arg-type]


def line(length: int, service: str = "A") -> list[InLine]:
    return [InLine(str(place), service) for place in range(length)]


def busy(lines: frozenset[str] = ALL, minutes: float = 4, **more: object) -> OpenDesk:
    return OpenDesk(lines, "A", since_ms=NOW - int(minutes * 60_000), **more)  # type: ignore[arg-type]


def last(
    entries: list[InLine],
    desks: Sequence[OpenDesk],
    moment: Moment | None = None,
    learned: Learned | None = None,
) -> Wait:
    """The wait of the last in line; there must be one."""
    waits = forecast(entries, desks, moment or at(), learned or known()).waits
    wait = waits[entries[-1].key]
    assert wait is not None
    return wait


# When nothing honest can be said.


def test_without_an_open_counter_nothing_is_said() -> None:
    question = InLine("?", "A", asks=True)
    said = forecast([*line(2), question], [], at(), known())
    assert said.waits == {"0": None, "1": None, "?": None}
    assert said.interval_s == {"?": None}


def test_a_service_that_no_open_counter_serves_has_no_estimate_and_the_other_has() -> None:
    entries = [*line(2), InLine("b", "B")]
    said = forecast(entries, [busy(frozenset("A"))], at(), known()).waits
    assert said["b"] is None
    assert said["0"] is not None


def test_who_would_be_called_after_closing_is_told_nothing() -> None:
    said = forecast(line(12), [busy()], at(closes_ms=NOW + HOUR // 2), known()).waits
    assert said["1"] is not None
    assert said["11"] is None


def test_no_range_reaches_beyond_closing() -> None:
    closes_s = 1200.0
    wait = last(line(2), [busy()], at(closes_ms=NOW + 1_200_000))
    assert wait.from_s < wait.to_s == closes_s


def test_a_counter_that_will_have_gone_home_calls_nobody() -> None:
    said = forecast(line(6), [busy(until_ms=NOW + 20 * 60_000)], at(), known()).waits
    assert said["0"] is not None
    assert said["1"] is not None
    assert said["2"] is None
    gone = forecast(line(1), [busy(until_ms=NOW - 1)], at(), known()).waits
    assert gone["0"] is None


def test_a_planned_end_leaves_the_line_to_the_others() -> None:
    stays = last(line(12), [busy(), busy()])
    leaves = last(line(12), [busy(), busy(until_ms=NOW + 15 * 60_000)])
    assert leaves.expected_s > 1.3 * stays.expected_s


# What moves an estimate.


def test_a_free_counter_calls_at_once() -> None:
    wait = last(line(1), [OpenDesk(ALL), busy()])
    assert (wait.expected_s, wait.from_s) == (0, 0)
    assert rounded_range(wait.from_s, wait.to_s) == (0, 300)


@pytest.mark.parametrize("desks", [1, 2, 5])
def test_a_later_place_waits_longer(desks: int) -> None:
    hall = [busy(minutes=2 * number) for number in range(desks)]
    entries = [
        InLine(str(place), "AB"[place % 3 == 0], weight=1 + 4 * (place % 7 == 0))
        for place in range(60)
    ]
    waits = forecast(entries, hall, at(), known()).waits
    for service in "AB":
        of_line = [waits[entry.key] for entry in entries if entry.service == service]
        for before, after in pairwise(of_line):
            assert before is not None
            assert after is not None
            assert before.expected_s <= after.expected_s
            assert before.from_s <= after.from_s
            assert before.to_s <= after.to_s


def test_the_range_holds_the_expectation_and_widens_with_the_line() -> None:
    few, many = last(line(4), [busy(), busy()]), last(line(40), [busy(), busy()])
    for wait in (few, many):
        assert wait.from_s < wait.expected_s < wait.to_s
    assert many.to_s - many.from_s > few.to_s - few.from_s
    assert (many.to_s - many.from_s) / many.expected_s < (few.to_s - few.from_s) / few.expected_s


def test_one_counter_less_lengthens_every_wait() -> None:
    three = forecast(line(9), [busy()] * 3, at(), known()).waits
    two = forecast(line(9), [busy()] * 2, at(), known()).waits
    for key, wait in three.items():
        shorter = two[key]
        assert wait is not None
        assert shorter is not None
        assert wait.expected_s < shorter.expected_s


def test_the_mean_agrees_with_a_thousand_draws() -> None:
    """The walk's mean and spread against plain chance: 4 counters, gamma stays, 15 ahead."""
    stay = ServiceTimes({"A": 480})
    learned = known(
        times=stay, no_shows=NoShows(share=0.0), habits=Habits(0.0, 0.0), widths=Fixed(1.2816)
    )
    wait = last(line(16), [busy(minutes=0)] * 4, learned=learned)
    chance = random.Random(7)
    variance = stay.of("A", 10).variance

    def drawn() -> float:
        free = [chance.gammavariate(480**2 / variance, variance / 480) for _ in range(4)]
        for _ in range(15):
            free[free.index(min(free))] += chance.gammavariate(480**2 / variance, variance / 480)
        return min(free)

    draws = sorted(drawn() for _ in range(1000))
    assert wait.expected_s == pytest.approx(sum(draws) / 1000, rel=0.06)
    # On the first day the mean itself is in doubt, so the range is wider than chance alone.
    assert wait.from_s < draws[100]
    assert wait.to_s > draws[900]


class Fixed:
    """Margins that never move."""

    def __init__(self, margin: float) -> None:
        self.margin = margin

    def margins(self, expected_s: float) -> Margins:
        return Margins(self.margin, self.margin)


def test_a_group_takes_longer_by_its_share() -> None:
    assert [group_factor(weight) for weight in (0, 1, 2, 5)] == [1, 1, 1.6, pytest.approx(3.4)]
    alone = last([InLine("g", "A"), InLine("me", "A")], [OpenDesk(ALL)])
    group = last([InLine("g", "A", weight=3), InLine("me", "A")], [OpenDesk(ALL)])
    assert group.expected_s > 1.8 * alone.expected_s


def test_a_group_at_the_counter_stays_longer() -> None:
    alone = last(line(1), [busy()])
    group = last(line(1), [replace(busy(), serving_weight=4)])
    assert group.expected_s > 2 * alone.expected_s


def test_a_break_shifts_the_calls_behind_it_and_no_others() -> None:
    noon = (NOW + 20 * 60_000, NOW + 50 * 60_000)
    plain = forecast(line(10), [busy()], at(), known()).waits
    rested = forecast(line(10), [busy()], at(breaks=(noon,)), known()).waits
    first, before = rested["0"], plain["0"]
    assert first is not None
    assert before is not None
    assert first.expected_s == before.expected_s
    late, early = rested["9"], plain["9"]
    assert late is not None
    assert early is not None
    # Who is at the counter when the break begins is served in it, so less than all of it is lost.
    assert 1200 < late.expected_s - early.expected_s < 1800
    for wait in rested.values():
        assert wait is not None
        assert not 1200 < wait.expected_s < 3000


def test_a_call_that_may_come_before_or_after_the_break_has_a_range_around_it() -> None:
    noon = (NOW + 20 * 60_000, NOW + 50 * 60_000)
    wait = last(line(3), [busy()], at(breaks=(noon,)))
    assert wait.from_s < 1200
    assert wait.to_s > 3000


def test_a_break_that_is_over_and_one_turned_around_change_nothing() -> None:
    spans = ((NOW - HOUR, NOW - 1), (NOW + HOUR, NOW + HOUR // 2))
    assert last(line(9), [busy()], at(breaks=spans)) == last(line(9), [busy()])


def test_nobody_is_called_in_the_break_of_now() -> None:
    moment = at(breaks=((NOW - 60_000, NOW + 600_000), (NOW + 2 * HOUR, NOW + 3 * HOUR)))
    wait = last(line(1), [OpenDesk(ALL), OpenDesk(ALL)], moment)
    assert (wait.expected_s, wait.from_s) == (600, 600)
    both = last(line(4), [busy(), busy()], moment)
    assert both.from_s >= 600


def test_several_finishes_are_sooner_than_the_walk_says_but_not_inside_a_break() -> None:
    moment = at(breaks=((NOW + 250_000, NOW + 300_000),))
    waits = [
        last(line(length), [busy(minutes=minutes)] * 3, moment).expected_s
        for length in range(1, 8)
        for minutes in (0, 1, 2, 3, 5, 8)
    ]
    assert not any(250 < wait < 300 for wait in waits)


def test_a_counter_of_its_own_rest_leaves_the_line_to_the_others() -> None:
    noon = ((NOW + 5 * 60_000, NOW + 65 * 60_000),)
    whole = last(line(8), [busy(), busy()])
    half = last(line(8), [busy(), busy(rests=noon)])
    assert half.expected_s > 1.3 * whole.expected_s


def test_before_opening_the_wait_reaches_to_the_planned_opening_and_not_before_it() -> None:
    opens = NOW + HOUR // 2
    desks = [OpenDesk(ALL, from_ms=opens), OpenDesk(ALL, from_ms=opens)]
    first, fifth = last(line(1), desks), last(line(5), desks)
    assert first.expected_s == first.from_s == 1800
    assert first.to_s < 1860
    assert fifth.from_s > 1800
    assert fifth.to_s - fifth.from_s < 2700


def test_a_paused_counter_counts_from_the_end_of_its_pause() -> None:
    alone = last(line(8), [busy()])
    soon = last(line(8), [busy(), OpenDesk(ALL, from_ms=NOW + 10 * 60_000)])
    assert soon.expected_s < 0.75 * alone.expected_s
    over = last(line(1), [OpenDesk(ALL, from_ms=NOW - 5)])
    assert over.expected_s == 0


def test_a_ticket_goes_to_a_counter_that_may_serve_it() -> None:
    entries = [*line(6), InLine("b", "B"), InLine("mine", "A", line="counter:2")]
    desks = [busy(frozenset("A")), busy(frozenset({"B", "counter:2"}))]
    waits = forecast(entries, desks, at(), known()).waits
    a, b, mine = waits["5"], waits["b"], waits["mine"]
    assert a is not None
    assert b is not None
    assert mine is not None
    assert b.expected_s < mine.expected_s < a.expected_s / 2


def test_a_line_shared_with_a_second_kind_of_counter_is_quicker() -> None:
    alone = last(line(6), [busy(frozenset("A"))])
    helped = last(line(6), [busy(frozenset("A")), busy(ALL)])
    assert helped.expected_s < 0.6 * alone.expected_s
    away = last(line(6), [busy(frozenset("A")), busy(ALL, until_ms=NOW)])
    assert away.expected_s == pytest.approx(alone.expected_s)


def test_priority_that_may_still_come_lengthens_the_wait_of_who_may_be_overtaken() -> None:
    entries = [*line(8), InLine("me", "A", overtaken_until_ms=NOW + 20 * 60_000)]
    learned = known(overtakers_per_hour={"A": 4.0, "B": 2.0, "gone": 9.0})
    quiet = last(entries, [busy(), busy()])
    crowded = last(entries, [busy(), busy()], learned=learned)
    safe = last([*line(8), InLine("me", "A")], [busy(), busy()], learned=learned)
    assert safe.expected_s == quiet.expected_s < crowded.expected_s
    # At most the 2 that come in 20 minutes, one stay each, on two counters.
    assert crowded.expected_s - quiet.expected_s < 2 * 480 / 2 * 1.1


def test_priority_for_other_counters_overtakes_nobody_here() -> None:
    entries = [*line(4), InLine("me", "A", overtaken_until_ms=NOW + HOUR)]
    desks = [busy(frozenset("A")), busy(frozenset("B"))]
    learned = known(overtakers_per_hour={"B": 8.0})
    assert last(entries, desks, learned=learned) == last(entries, desks)


def test_counters_that_close_unannounced_widen_and_lengthen() -> None:
    calm = last(line(20), [busy()] * 2, learned=known(habits=Habits(closings_per_hour=0)))
    nervous = last(line(20), [busy()] * 2, learned=known(habits=Habits(closings_per_hour=0.2)))
    assert nervous.to_s - calm.to_s > 120
    assert nervous.expected_s > calm.expected_s


# Who might take a number now.


def test_a_question_takes_no_time_and_is_answered_like_the_ticket_that_follows() -> None:
    question = InLine("?", "A", asks=True)
    asked = forecast([*line(5), question], [busy()] * 2, at(), known())
    issued = forecast(line(6), [busy()] * 2, at(), known())
    assert asked.waits["?"] == issued.waits["5"]
    twice = [question, InLine("??", "A", asks=True), *line(1)]
    waits = forecast(twice, [busy()] * 2, at(), known()).waits
    assert waits["?"] == waits["??"] == waits["0"]


def test_the_interval_between_calls_at_the_end_of_the_line() -> None:
    question = InLine("?", "A", asks=True)
    busy_hall = forecast([*line(5), question], [busy()] * 3, at(), known()).interval_s["?"]
    idle_hall = forecast([question], [OpenDesk(ALL)] * 3, at(), known()).interval_s["?"]
    one_stay_s = 0.92 * 480 + 0.08 * 90 + 20
    assert busy_hall == idle_hall == pytest.approx(one_stay_s / 3)
    alone = forecast([question], [busy(), busy(frozenset("B"))], at(), known()).interval_s["?"]
    assert alone == pytest.approx(one_stay_s)


# What is learned.


def test_on_the_first_day_the_target_stands_in_with_much_doubt() -> None:
    occupancy = ServiceTimes({"A": 480}).of("A", 9)
    assert occupancy.mean_s == pytest.approx(480)
    assert math.sqrt(occupancy.variance) == pytest.approx(0.7 * 480)
    assert math.sqrt(occupancy.doubt) == pytest.approx(0.7 / 2, abs=0.01)


def test_a_target_of_nothing_is_not_believed() -> None:
    assert ServiceTimes({"A": 0}).of("A", 9).mean_s == 1


def test_today_is_learned_and_doubt_falls() -> None:
    times = ServiceTimes({"A": 480, "B": 480})
    doubt = times.of("A", 9).doubt
    for _ in range(30):
        times.learn("A", 9, 240)
    assert times.of("A", 9).mean_s < 290
    assert times.of("A", 9).doubt < doubt / 4
    # The same people work at the other service: some of the pace is believed of it, too.
    assert 240 < times.of("B", 9).mean_s < 400
    assert times.pace < 0.8


def test_equal_stays_are_not_taken_for_certain() -> None:
    times = ServiceTimes({"A": 300})
    times.load("A", 9, 10_000, 10_000 * 300, 10_000 * 300**2)
    assert math.sqrt(times.of("A", 9).variance) == pytest.approx(90)


def test_an_hour_that_was_slow_on_past_days_is_slow_and_the_others_are_not() -> None:
    times = ServiceTimes({"A": 480})
    times.of("A", 9)
    for hour, mean_s in ((9, 400), (11, 400), (14, 800)):
        times.load("A", hour, 100, 100 * mean_s, 100 * mean_s**2 * 1.5)
    assert times.of("A", 14).mean_s > 1.5 * times.of("A", 9).mean_s
    # An hour that was never seen goes by the service; few observations move little.
    times.load("A", 8, 1, 4000, 4000**2)
    service_s = times.of("A", 15).mean_s
    assert times.of("A", 9).mean_s < service_s < times.of("A", 14).mean_s
    assert times.of("A", 8).mean_s < 1.3 * service_s


def test_the_hour_of_the_call_counts_not_the_hour_of_the_question() -> None:
    times = ServiceTimes({"A": 480})
    times.load("A", 10, 200, 200 * 480, 200 * 480**2 * 1.4)
    times.load("A", 11, 200, 200 * 1200, 200 * 1200**2 * 1.4)
    slow = forecast(line(14), [busy()], at(), known(times=times)).waits.values()
    steps = [b.expected_s - a.expected_s for a, b in pairwise(slow) if a and b]
    assert steps[-1] > 1.5 * steps[1]


def test_a_group_teaches_the_time_of_one_person() -> None:
    times = ServiceTimes({"A": 480})
    assert times.learn("A", 9, 960, weight=2) == pytest.approx(600)


def test_a_forgotten_key_teaches_no_more_than_a_very_long_stay() -> None:
    times = ServiceTimes({"A": 480})
    assert times.learn("A", 9, 9 * 3600) == 6 * 480
    assert times.learn("A", 9, -5) == 0


def test_no_shows_are_learned_as_a_share_and_a_time() -> None:
    no_shows = NoShows()
    assert (no_shows.share, no_shows.mean_s) == (pytest.approx(0.08), 90)
    for _ in range(50):
        no_shows.came()
        no_shows.missed(30)
    assert no_shows.share == pytest.approx(0.416)
    assert no_shows.mean_s < 36
    no_shows.load(1000, 0, 0)
    assert no_shows.share < 0.05


def test_no_shows_shorten_the_wait() -> None:
    often, never = NoShows(share=0.3), NoShows(share=0.0)
    desks = [busy()]
    assert (
        last(line(9), desks, learned=known(no_shows=often)).expected_s
        < 0.85 * last(line(9), desks, learned=known(no_shows=never)).expected_s
    )


def test_the_usual_change_of_open_counters_is_expected_from_the_level_of_now() -> None:
    levels = HourlyLevels()
    assert levels.usual(12) is None
    assert levels.ahead(4, 10, 12) == 4
    for hour, counters in ((10, 6), (12, 3), (13, 6)):
        levels.learn(hour, counters, count=5)
    assert levels.ahead(6, 10, 12) == 3
    assert levels.ahead(6, 10, 10) == 6
    assert levels.ahead(3, 12, 13) == 6
    assert levels.ahead(6, 12, 13) == 6  # nobody rests today: nobody can come back
    assert levels.ahead(2, 10, 12) == pytest.approx(0.8)
    assert levels.ahead(2, 10, 15) == 2


def test_counters_that_usually_rest_at_noon_lengthen_the_wait_that_reaches_into_it() -> None:
    levels = HourlyLevels()
    for hour, counters in ((10, 4), (11, 2)):
        levels.learn(hour, counters)
    usual = known(open_counters=levels)
    desks = [busy()] * 4
    assert last(line(4), desks, learned=usual) == last(line(4), desks)
    long, plain = last(line(50), desks, learned=usual), last(line(50), desks)
    assert long.expected_s > 1.3 * plain.expected_s


def test_who_has_stayed_for_long_first_seems_nearly_done_then_lost() -> None:
    stay = Occupancy(480, (0.7 * 480) ** 2, 0.0)
    rests = [remaining(stay, minutes * 60) for minutes in (0, 4, 60, 10_000_000_000)]
    assert rests[0] == rests[2] == rests[3] == 480
    assert 0.5 * 480 < rests[1] < 0.85 * 480


# Rounding, and keeping one's word.


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        ((0, 0), (0, 5)),
        ((0, 20), (0, 5)),
        ((-3, -1), (0, 5)),
        ((40, 250), (0, 5)),
        ((40, 301), (0, 10)),
        ((300, 300), (5, 10)),
        ((20 * 60, 30 * 60), (20, 30)),
        ((21 * 60, 30 * 60 + 1), (20, 35)),
        ((44 * 60, 60 * 60), (40, 60)),
        ((44 * 60, 60 * 60 + 1), (40, 70)),
        ((69 * 60, 83 * 60), (60, 90)),
        ((60 * 60, 60 * 60), (60, 70)),
        ((30 * 60, 10 * 60), (30, 35)),
    ],
)
def test_a_range_is_rounded_outwards(exact: tuple[float, float], shown: tuple[int, int]) -> None:
    from_s, to_s = rounded_range(*exact)
    assert (from_s / 60, to_s / 60) == shown
    assert rounded_range(from_s, to_s) == (from_s, to_s)


def test_what_is_rounded_stays_as_it_was_shown() -> None:
    chance = random.Random(3)
    for _ in range(2000):
        from_s = chance.uniform(0, 9000)
        to_s = from_s + chance.expovariate(1 / 1500)
        first, end = rounded_range(from_s, to_s)
        assert first <= from_s <= to_s <= end
        assert first < end
        assert rounded_range(first, end) == (first, end)


@pytest.mark.parametrize(
    ("waited_s", "outcome"),
    [(599, "early"), (600, "inside"), (900, "inside"), (1200, "inside"), (1201, "late")],
)
def test_a_promise_is_kept_from_its_first_second_to_its_last(
    waited_s: int, outcome: Outcome
) -> None:
    accuracy = Accuracy()
    assert accuracy.inside_share is None
    assert accuracy.called(Promise(600, 1200, 800), waited_s) == outcome
    assert accuracy.counts[outcome] == 1
    assert accuracy.inside_share == (outcome == "inside")
    accuracy.new_day()
    assert sum(accuracy.counts.values()) == 0


def test_who_leaves_after_the_range_was_over_was_promised_too_much() -> None:
    accuracy = Accuracy()
    assert accuracy.left(Promise(600, 1200, 800), 1100) is None
    assert accuracy.left(Promise(600, 1200, 800), 1300) == "late"
    assert accuracy.counts == {"inside": 0, "early": 0, "late": 1}


def test_a_miss_widens_its_end_and_kept_promises_narrow_both() -> None:
    accuracy = Accuracy()
    promise = Promise(2400, 3000, 2700)
    begun = accuracy.margins(2700)
    accuracy.called(promise, 4000)
    wider = accuracy.margins(2700)
    assert wider[1] > begun[1]
    assert wider[0] < begun[0]
    accuracy.called(promise, 100)
    assert accuracy.margins(2700)[0] > wider[0]
    before = accuracy.margins(2700)
    accuracy.called(promise, 2700)
    after = accuracy.margins(2700)
    assert after[0] < before[0]
    assert after[1] < before[1]


def test_short_and_long_waits_learn_apart_and_blend_between() -> None:
    accuracy = Accuracy()
    for _ in range(20):
        accuracy.called(Promise(2400, 3000, 2700), 4000)
    assert accuracy.margins(60) == Accuracy().margins(60)
    between = accuracy.margins(1050)[1]
    assert accuracy.margins(60)[1] < between < accuracy.margins(2700)[1]
    assert between == pytest.approx((accuracy.short.late + accuracy.long.late) / 2)


def test_a_range_from_nothing_cannot_teach_how_early_is_early() -> None:
    accuracy = Accuracy()
    accuracy.called(Promise(0, 300, 60), 30)
    assert accuracy.short.early == Accuracy().short.early


def test_margins_stay_within_bounds() -> None:
    accuracy = Accuracy(step=0.5)
    for _ in range(100):
        accuracy.called(Promise(2400, 3000, 2700), 9000)
    assert accuracy.long == Margins(accuracy.least, accuracy.most)


@pytest.mark.parametrize("true_spread", [0.3, 0.12])
def test_late_misses_settle_at_their_share_whatever_the_model_gets_wrong(
    true_spread: float,
) -> None:
    """Waits whose spread the model gets wrong by far: the margins make up for it."""
    chance = random.Random(5)
    accuracy = Accuracy()
    late = 0
    for _ in range(4000):
        early_margin, late_margin = accuracy.margins(3600)
        promise = Promise(
            int(3600 * (1 - 0.2 * early_margin)), int(3600 * (1 + 0.2 * late_margin)), 3600
        )
        late += accuracy.called(promise, chance.gauss(3600, 3600 * true_spread)) == "late"
    assert late / 4000 == pytest.approx(0.07, abs=0.015)


@pytest.mark.parametrize("spread", [0.2, 0.7, 1.0])
def test_quantiles_agree_with_draws_of_a_gamma(spread: float) -> None:
    chance = random.Random(11)
    shape = 1 / spread**2
    draws = sorted(chance.gammavariate(shape, 100 / shape) for _ in range(20_000))
    low, high = quantiles(100, (100 * spread) ** 2, 1.2816, 1.2816)
    assert low == pytest.approx(draws[2_000], abs=2.5)
    assert high == pytest.approx(draws[18_000], abs=6)


def test_quantiles_of_more_doubt_than_mean_still_hold_the_mean() -> None:
    steady = quantiles(100, 100.0**2, 1.2816, 1.2816)
    beyond = quantiles(100, 100.01**2, 1.2816, 1.2816)
    assert beyond == pytest.approx(steady, rel=0.01)
    assert quantiles(5, 60.0**2, 1.2816, 1.2816)[0] == 0
    assert quantiles(5, 60.0**2, 1.2816, 1.2816)[1] > 60
    assert quantiles(0, 100, 1, 2) == (0, 20)


# Simulated branch days.


SEASONS = (
    # counters, how they rest at noon, each with a line of its own
    (3, "none", False),
    (3, "habit", False),
    (4, "none", False),
    (4, "habit", False),
    (5, "planned", True),
    (6, "habit", False),
    (7, "planned", False),
    (9, "none", False),
)


@pytest.fixture(scope="module")
def days() -> list[list[Kept]]:
    """48 days of 8 branches, each from its very first; two of its six with a counter closing."""
    return [
        day
        for seed, (counters, lunch, own_lines) in enumerate(SEASONS)
        for day in season(seed, counters, 6, lunch=lunch, own_lines=own_lines)
    ]


def together(days: list[list[Kept]], kind: str = "") -> list[Kept]:
    return [kept for day in days for kept in day if kind in ("", kept.day)]


def test_on_simulated_days_the_shown_range_keeps_its_word(days: list[list[Kept]]) -> None:
    """V8, U11: at least 80 % of calls inside the range that was shown, at most 10 % late."""
    score = Score.of(together(days))
    assert len(days) >= 30
    assert score.calls > 5000
    assert score.inside >= 0.80
    assert score.late <= 0.10


def test_also_on_days_on_which_a_counter_closes_at_noon(days: list[list[Kept]]) -> None:
    score = Score.of(together(days, "closing"))
    assert score.calls > 1500
    assert score.inside >= 0.80
    assert score.late <= 0.10


def test_also_on_the_very_first_days(days: list[list[Kept]]) -> None:
    score = Score.of(together(days[::6]))
    assert score.inside >= 0.80
    assert score.late <= 0.10


def test_also_where_a_long_wait_was_promised(days: list[list[Kept]]) -> None:
    """Half of all calls come within five minutes: they must not hide the others."""
    long = [kept for kept in together(days) if kept.promise.expected_s > 1200]
    score = Score.of(long)
    assert score.calls > 1500
    assert score.inside >= 0.80
    assert score.late <= 0.10


def test_ranges_are_narrow_enough_to_be_of_use(days: list[list[Kept]]) -> None:
    """The median width for waits above 20 minutes, as a share of the wait."""
    score = Score.of(together(days))
    assert score.long_calls > 1000
    assert score.width <= 0.60


def test_the_same_days_make_the_same_promises() -> None:
    assert season(3, 3, 2) == season(3, 3, 2)
