"""Disturbances: a burst of causes says one, staff or quiet ends it (domain.md 1.1 row 12)."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain import disturbance, serving
from server.domain.branch import Branch
from server.domain.clockwork import decide_due
from server.domain.closing import decide_close, decide_day_over, decide_reopen
from server.domain.door import Channel, DoorCatalogue
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, DisturbanceDeclared, DisturbanceEnded
from server.domain.hall import Desk
from server.domain.opening import OpeningHours
from server.domain.ticket import Ticket
from server.domain.undoing import decide_undo, undoable
from tests.server.branch_example import BRANCH, MORNING_MS, HandTurnedDay, choices
from tests.server.domain.played_day import facts

WINDOW_S, ENDS_S = 900, 3600
EVERY_DAY = OpeningHours(days=(((480, 900),),) * 7)
SAID_BY_ITSELF = DisturbanceDeclared(system="mobile-jkn")


def _channel(code: str, kind: str, **more: Any) -> Channel:
    return Channel(code, {"id": code, "en": code}, kind, **more)


CHANNELS = {
    one.code: one
    for one in (
        _channel("app", "app", needs_app="mobile-jkn"),
        _channel("pandawa", "chat", hours=EVERY_DAY, needs_app="pandawa"),
        _channel("care-center", "phone"),
        _channel("robot", "chat"),
    )
}


def branch_of(**rules: Any) -> Branch:
    return replace(
        BRANCH,
        choices={
            **BRANCH.choices,
            "cause": choices("administrative", "system"),
            "disturbance": choices("network", "mobile-jkn", "pandawa"),
        },
        door=DoorCatalogue(channels=CHANNELS),
        rules=replace(BRANCH.rules, **rules),
    )


class Hall(HandTurnedDay):
    """Two counters that finish visitors with a cause."""

    def __init__(self, **rules: Any) -> None:
        super().__init__(branch_of(**rules))
        self.desk, self.other = self.seat(1), self.seat(2)

    def serve(self, desk: Desk | None = None) -> Ticket:
        """Somebody is called and comes."""
        desk = desk or self.desk
        self.issue()
        ticket = self.call_next(desk)
        self.do(serving.decide_start(self.day, desk, ticket.id))
        return ticket

    def finish(self, desk: Desk, ticket: Ticket, cause: str | None) -> list[AnyEvent]:
        """As the handler of ``FinishService`` does; gives what came beside the finish."""
        result = serving.Result("solved", cause=cause)
        finished = serving.decide_finish(self.day, desk, ticket.id, result)
        beside = disturbance.decide_after_cause(self.day, ticket.id, cause, self.now_ms)
        self.do(finished + beside)
        return beside

    def end(self, cause: str | None = "system", *, after_s: float = 60) -> list[AnyEvent]:
        """A visitor more is finished, a while after the last."""
        self.pass_s(after_s)
        return self.finish(self.desk, self.serve(), cause)

    def undo(self, desk: Desk | None = None) -> list[AnyEvent]:
        """As the handler of ``UndoLast`` does."""
        desk = desk or self.desk
        note = undoable(self.day, desk, self.now_ms)
        assert note is not None
        beside = disturbance.decide_after_undo(self.day, note)
        self.do(decide_undo(self.day, desk, self.now_ms) + beside)
        return beside

    def clock(self) -> list[AnyEvent]:
        """What the clock alone brings about."""
        found: list[AnyEvent] = []
        while events := decide_due(self.day, self.now_ms):
            found += self.do(events)
        return found

    @property
    def lasts(self) -> list[str]:
        return list(self.day.disturbances)


# A burst says it.


def test_so_many_causes_in_so_short_a_time_are_said_with_the_last_of_them() -> None:
    hall = Hall()
    assert hall.end() == []
    assert hall.end("administrative") == []
    assert hall.end(None) == []
    assert hall.end() == []
    assert hall.lasts == []
    assert hall.end() == [SAID_BY_ITSELF]
    assert hall.day.disturbances["mobile-jkn"].since_ms == hall.now_ms
    assert hall.day.disturbances["mobile-jkn"].staff is None


def test_causes_that_lie_too_far_apart_say_nothing() -> None:
    hall = Hall()
    for _ in range(10):
        assert hall.end(after_s=WINDOW_S / 2 + 1) == []


def test_the_window_is_as_long_as_the_setting_says() -> None:
    hall = Hall()
    hall.end()
    hall.end(after_s=0)
    assert hall.end(after_s=WINDOW_S) == [SAID_BY_ITSELF]
    hall = Hall()
    hall.end()
    hall.end(after_s=0)
    assert hall.end(after_s=WINDOW_S + 0.001) == []


def test_several_errands_of_one_visitor_are_one_experience() -> None:
    hall = Hall()
    ticket = hall.serve()
    for service in "BABA":
        result = serving.Result("solved", cause="system")
        events = serving.decide_continue(hall.day, hall.desk, ticket.id, service, result)
        beside = disturbance.decide_after_cause(hall.day, ticket.id, "system", hall.now_ms)
        assert beside == []
        hall.do(events)
        hall.pass_s(10)
    assert hall.finish(hall.desk, ticket, "system") == []
    assert hall.end() == []
    assert hall.end() == [SAID_BY_ITSELF]


def test_while_it_lasts_it_is_not_said_again() -> None:
    hall = Hall()
    assert [hall.end() for _ in range(6)] == [[], [], [SAID_BY_ITSELF], [], [], []]


def test_what_somebody_declared_explains_the_causes_that_follow() -> None:
    hall = Hall()
    hall.do(disturbance.decide_declare(hall.day, "network", "budi"))
    assert [hall.end() for _ in range(5)] == [[]] * 5
    assert hall.lasts == ["network"]


def test_a_burst_speaks_of_the_first_system_that_a_channel_needs() -> None:
    branch = branch_of()
    assert disturbance.system_of_bursts(branch) == "mobile-jkn"
    swapped = (*choices("network", "pandawa", "mobile-jkn"),)
    other = replace(branch, choices={**branch.choices, "disturbance": swapped})
    assert disturbance.system_of_bursts(other) == "pandawa"
    assert disturbance.system_of_bursts(BRANCH) == "mobile-jkn"


# A finish that is taken back.


def test_a_finish_that_is_taken_back_does_not_count() -> None:
    hall = Hall()
    hall.end()
    hall.end()
    assert hall.undo() == []
    hall.do(serving.decide_finish(hall.day, hall.desk, hall.desk.ticket or "", RIGHT))
    assert hall.end() == []
    assert hall.end() == [SAID_BY_ITSELF]


RIGHT = serving.Result("solved", cause="administrative")


def test_what_was_said_because_of_it_is_withdrawn_and_the_other_causes_count_on() -> None:
    hall = Hall()
    hall.end()
    hall.end()
    assert hall.end() == [SAID_BY_ITSELF]
    assert hall.undo() == [DisturbanceEnded(system="mobile-jkn", withdrawn=True)]
    assert hall.lasts == []
    assert hall.finish(hall.desk, hall.day.tickets[hall.desk.ticket or ""], "system") == [
        SAID_BY_ITSELF
    ]


def test_it_stays_where_there_were_enough_without_it() -> None:
    """Also where another counter finished in the very same instant."""
    hall = Hall()
    hall.end()
    hall.end()
    hall.pass_s(60)
    mine, theirs = hall.serve(), hall.serve(hall.other)
    assert hall.finish(hall.desk, mine, "system") == [SAID_BY_ITSELF]
    assert hall.finish(hall.other, theirs, "system") == []
    assert hall.undo(hall.other) == []
    assert hall.lasts == ["mobile-jkn"]


def test_an_undo_of_anything_else_ends_nothing() -> None:
    hall = Hall()
    for _ in range(3):
        hall.end()
    ticket = hall.serve(hall.other)
    hall.do(serving.decide_park(hall.day, hall.other, ticket.id, "papers", None, hall.now_ms))
    assert hall.undo(hall.other) == []
    assert hall.lasts == ["mobile-jkn"]


# Its end.


def test_it_is_over_by_itself_when_it_was_quiet_for_long_enough() -> None:
    hall = Hall()
    for _ in range(3):
        hall.end()
    since_ms = hall.now_ms
    assert hall.day.next_due_ms == since_ms + ENDS_S * 1000
    hall.pass_s(ENDS_S - 1)
    assert hall.clock() == []
    hall.pass_s(1)
    assert hall.clock() == [DisturbanceEnded(system="mobile-jkn")]
    assert (hall.lasts, hall.day.next_due_ms) == ([], None)


def test_every_further_cause_makes_it_last() -> None:
    hall = Hall()
    for _ in range(3):
        hall.end()
    hall.end(after_s=ENDS_S - 10)
    hall.pass_s(ENDS_S - 10)
    assert hall.clock() == []
    hall.pass_s(10)
    assert hall.clock() == [DisturbanceEnded(system="mobile-jkn")]


def test_what_a_person_said_a_person_ends() -> None:
    hall = Hall()
    hall.do(disturbance.decide_declare(hall.day, "mobile-jkn", "budi"))
    hall.pass_s(20 * ENDS_S)
    assert (hall.day.next_due_ms, hall.clock()) == (None, [])
    ended = hall.do(disturbance.decide_end(hall.day, "mobile-jkn", "dewi"))
    assert ended == [DisturbanceEnded(system="mobile-jkn", staff="dewi")]
    assert hall.lasts == []


def test_a_person_may_take_over_what_the_burst_said() -> None:
    hall = Hall()
    for _ in range(3):
        hall.end()
    since_ms = hall.now_ms
    hall.pass_s(30)
    hall.do(disturbance.decide_declare(hall.day, "mobile-jkn", "budi"))
    assert hall.day.disturbances["mobile-jkn"].since_ms == since_ms
    assert hall.day.next_due_ms is None
    assert disturbance.decide_declare(hall.day, "mobile-jkn", "dewi") == []


def test_without_the_setting_it_lasts_until_somebody_ends_it() -> None:
    hall = Hall(disturbance_ends_after_s=None)
    for _ in range(3):
        hall.end()
    hall.pass_s(12 * 3600)
    assert (hall.day.next_due_ms, hall.clock(), hall.lasts) == (None, [], ["mobile-jkn"])


def test_what_went_wrong_before_it_worked_again_does_not_count() -> None:
    """Else the first slip after "it works again" would raise the banner anew."""
    hall = Hall()
    for _ in range(5):
        hall.end()
    hall.do(disturbance.decide_end(hall.day, "mobile-jkn", "budi"))
    assert [hall.end(after_s=1) for _ in range(3)] == [[], [], [SAID_BY_ITSELF]]


def test_what_does_not_last_cannot_be_ended_and_what_is_unknown_cannot_be_said() -> None:
    hall = Hall()
    assert disturbance.decide_end(hall.day, "network", "budi") == []
    for decide in (disturbance.decide_declare, disturbance.decide_end):
        with pytest.raises(QueueRuleError) as no:
            decide(hall.day, "weather", "budi")
        assert (no.value.reason, no.value.facts) == ("bad-value", {"field": "system"})


@pytest.mark.parametrize("by", ["clock", "manager"])
def test_a_day_that_closes_ends_it(by: str) -> None:
    hall = Hall()
    for _ in range(3):
        hall.end()
    hall.do(disturbance.decide_declare(hall.day, "network", "budi"))
    if by == "clock":
        hall.do(decide_day_over(hall.day, hall.now_ms))
    else:
        hall.do(decide_close(hall.day, hall.now_ms, "dewi", ""))
        hall.do(decide_reopen(hall.day, "dewi", "too early"))
    assert (hall.lasts, hall.day.next_due_ms) == ([], None)


# What follows from it.


def test_a_channel_is_of_no_use_while_what_it_needs_is_disturbed() -> None:
    hall = Hall()
    hall.do(disturbance.decide_declare(hall.day, "mobile-jkn", "budi"))
    useless = [one.code for one in CHANNELS.values() if disturbance.is_disturbed(hall.day, one)]
    assert useless == ["app"]


def test_instead_stands_the_first_that_is_open_and_works() -> None:
    hall = Hall()
    local_noon = MORNING_MS - MORNING_MS % 86_400_000 + 5 * 3_600_000
    assert _instead(hall, local_noon) == "pandawa"
    assert _instead(hall, local_noon + 3 * 3_600_000) == "care-center"
    hall.do(disturbance.decide_declare(hall.day, "pandawa", "budi"))
    assert _instead(hall, local_noon) == "care-center"
    nothing = replace(hall.branch, door=DoorCatalogue())
    hall.day.branch = nothing
    assert disturbance.instead(hall.day, local_noon) is None


def _instead(hall: Hall, at_ms: int) -> str | None:
    found = disturbance.instead(hall.day, at_ms)
    return None if found is None else found.code


def test_people_are_told_first_of_what_they_would_use_themselves() -> None:
    hall = Hall()
    assert disturbance.shown(hall.day) is None
    for system in ("network", "mobile-jkn"):
        hall.do(disturbance.decide_declare(hall.day, system, "budi"))
    found = disturbance.shown(hall.day)
    assert found is not None
    assert found.system == "mobile-jkn"
    hall.do(disturbance.decide_end(hall.day, "mobile-jkn", "budi"))
    found = disturbance.shown(hall.day)
    assert found is not None
    assert found.system == "network"


# Any day.


def plain_burst(told: list[tuple[int, str]], causes: int, window_ms: int) -> bool:
    """Whether the newest cause is the last of a burst, looked at in the plainest way."""
    at_ms = told[-1][0]
    recent = [(when, who) for when, who in told if at_ms - when <= window_ms]
    return any(
        len({who for _, who in group}) == causes and (at_ms, told[-1][1]) in group
        for group in combinations(recent, causes)
    )


STEPS = st.lists(
    st.tuples(st.sampled_from(("system", "system", "administrative", "undo")), st.integers(1, 500)),
    max_size=14,
)


@settings(max_examples=150, deadline=None)
@given(steps=STEPS, causes=st.integers(1, 4))
def test_a_burst_is_what_the_plainest_count_says_and_the_day_told_again_is_the_same(
    steps: list[tuple[str, int]], causes: int
) -> None:
    """Law I3: also with finishes that were taken back, ends by quiet, and everything between."""
    hall = Hall(disturbance_causes=causes, undo_s=60, disturbance_ends_after_s=1200)
    told: list[tuple[int, str]] = []
    for what, seconds in steps:
        hall.pass_s(seconds)
        if hall.clock():
            told.clear()
        if what == "undo":
            note = undoable(hall.day, hall.desk, hall.now_ms)
            if note is None:
                continue
            hall.undo()
            if told and told[-1][1] == note.ticket.id:
                told.pop()
            hall.finish(hall.desk, hall.day.tickets[note.ticket.id], "administrative")
            continue
        lasted = bool(hall.lasts)
        ticket = hall.serve()
        beside = hall.finish(hall.desk, ticket, what)
        if what == "system":
            told.append((hall.now_ms, ticket.id))
        is_burst = what == "system" and not lasted and plain_burst(told, causes, WINDOW_S * 1000)
        assert bool(beside) == is_burst
    assert facts(hall.retold()) == facts(hall.day)
    assert hall.retold().next_due_ms == hall.day.next_due_ms


def test_a_choice_that_nobody_knows_is_no_cause() -> None:
    hall = Hall()
    ticket = hall.serve()
    with pytest.raises(QueueRuleError) as no:
        serving.decide_finish(hall.day, hall.desk, ticket.id, serving.Result("solved", cause="x"))
    assert (no.value.reason, no.value.facts) == ("bad-value", {"field": "cause"})
