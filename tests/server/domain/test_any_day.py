"""Every command in any order, with clock jumps, midnights and restarts; the laws after each."""

import itertools
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from server.domain.changes import DayChanges
from server.domain.ticket import HELD_STATES, OPEN_STATES, TicketState
from tests.server.domain.played_day import PlayedDay, facts, lively_branch
from tests.server.domain.test_who_is_next import RULES
from tests.server.domain.trying import DEEDS, GAPS_S, begun, examples, weight

COUNTERS = st.integers(1, 3)
DICE = st.integers(0, 999)
OFTEN = ("issue", "next", "undo")
OTHERS = [name for name in DEEDS if name not in OFTEN for _ in range(weight(name))]


class AnyDay(RuleBasedStateMachine):
    """A branch, day after day."""

    @initialize(rules=RULES)
    def begin(self, rules: dict[str, Any]) -> None:
        self.played = PlayedDay(lively_branch(**rules))
        self._forget()
        begun(self.played)

    def _forget(self) -> None:
        self.rows: dict[str, dict[Any, Any]] = {"periods": {}, "counter_periods": {}}

    # What happens.

    @rule(counter=COUNTERS, dice=DICE)
    def somebody_comes(self, counter: int, dice: int) -> None:
        DEEDS["issue"](self.played, counter, dice)

    @rule(counter=COUNTERS, dice=DICE)
    def a_counter_calls(self, counter: int, dice: int) -> None:
        """Law I5 is held against the plain queue."""
        DEEDS["next"](self.played, counter, dice)

    @rule(counter=COUNTERS)
    def a_counter_takes_back(self, counter: int) -> None:
        self.played.undo(counter)

    @rule(what=st.sampled_from(OTHERS), counter=COUNTERS, dice=DICE)
    def something_is_tried(self, what: str, counter: int, dice: int) -> None:
        DEEDS[what](self.played, counter, dice)

    @rule(seconds=st.sampled_from(GAPS_S))
    def time_passes(self, seconds: float) -> None:
        self.played.pass_s(seconds)

    @rule(hours=st.sampled_from((0.5, 3, 10)))
    def the_clock_jumps(self, hours: float) -> None:
        """F13: forward; to a clock that goes back the branch does not listen."""
        self.played.pass_s(hours * 3600)

    @rule()
    def the_server_restarts(self) -> None:
        """F01: what it knows is what is written."""
        changes = self.played.day.take_changes()
        self._write(changes)
        self.played.restart()
        self.played.day.take_changes()

    @precondition(lambda self: len(self.played.entries) > 30)
    @rule()
    def the_day_turns(self) -> None:
        """F14: what is open is closed by rule, and numbers begin again."""
        played, before = self.played, self.played.day
        yesterday = date.fromisoformat(before.business_date)
        played.pass_s(3600)
        played.turn_day((yesterday + timedelta(days=1)).isoformat())
        assert all(one.state not in OPEN_STATES for one in before.tickets.values())
        assert not before.seats
        assert all(desk.state == "closed" for desk in before.desks.values())
        self._write(before.take_changes())
        self._demand_stretches(before)
        self._forget()
        begun(played, visitors=2)

    # What must hold.

    @invariant()
    def numbers_are_dense(self) -> None:
        """Law I2."""
        tickets = list(self.played.day.tickets.values())
        assert len({one.number for one in tickets}) == len(tickets)
        for series, last in self.played.day.serials.items():
            assert [one.serial for one in tickets if one.series == series] == [*range(1, last + 1)]

    @invariant()
    def the_day_is_the_fold_of_its_events(self) -> None:
        """Law I3: overtakes, places, seats, stretches of counters, notes of undo, everything."""
        again = self.played.retold()
        again.revision = self.played.day.revision
        live, told = facts(self.played.day), facts(again)
        differ = [name for name in live if live[name] != told[name]]
        assert not differ, differ

    @invariant()
    def everybody_is_somewhere_once(self) -> None:
        """Law I4, and the plain day agrees about everybody (I5)."""
        day = self.played.day
        held = {desk.ticket: desk.number for desk in day.desks.values() if desk.ticket is not None}
        at = {one.id: one.counter for one in day.tickets.values() if one.state in HELD_STATES}
        assert held == at
        self.played.check()

    @invariant()
    def events_have_no_gap(self) -> None:
        """Law I8."""
        entries = self.played.entries
        assert [one.seq for one in entries] == [*range(1, len(entries) + 1)]
        assert self.played.day.revision == len(entries)

    @invariant()
    def no_stretch_of_time_is_missing(self) -> None:
        """Law I11: rows as the store would write them, one after the other, none negative."""
        self._write(self.played.day.take_changes())
        self._demand_stretches(self.played.day)

    def _write(self, changes: DayChanges) -> None:
        for key in changes.gone_periods:
            self.rows["periods"].pop(key, None)
        for key, row in changes.periods.items():
            self.rows["periods"][key] = asdict(row)
        for number, one in changes.counter_periods.items():
            self.rows["counter_periods"][number] = asdict(one)

    def _demand_stretches(self, day: Any) -> None:
        of: dict[Any, list[dict[str, Any]]] = {}
        for key in sorted(self.rows["periods"]):
            of.setdefault(key[0], []).append(self.rows["periods"][key])
        assert set(of) == set(day.tickets)
        for ticket in day.tickets.values():
            stretches = of[ticket.id]
            assert stretches[0]["started_at_ms"] == ticket.issued_at_ms
            assert [one["ordinal"] for one in stretches] == [*range(1, len(stretches) + 1)]
            for one, following in itertools.pairwise(stretches):
                assert one["started_at_ms"] <= one["ended_at_ms"] <= following["started_at_ms"]
                # Only after a missed call there may be time in which nobody waited.
                away = ticket.requeues and following["state"] is TicketState.WAITING
                assert away or one["ended_at_ms"] == following["started_at_ms"]
            last = stretches[-1]
            is_open = ticket.state in OPEN_STATES
            assert (last["ended_at_ms"] is None) == is_open
            assert not is_open or last["state"] is ticket.state
        counters: dict[int, list[dict[str, Any]]] = {}
        for number, ordinal in sorted(self.rows["counter_periods"]):
            counters.setdefault(number, []).append(self.rows["counter_periods"][number, ordinal])
        for number, rows in counters.items():
            for one, following in itertools.pairwise(rows):
                assert one["started_at_ms"] <= one["ended_at_ms"] == following["started_at_ms"]
            assert rows[-1]["ended_at_ms"] is None
            assert rows[-1]["state"] == day.desks[number].state


def test_every_law_holds_on_any_day(long_run: bool) -> None:
    """I2, I3, I4, I5, I8, I11, F01, F13, F14."""
    how = examples(50) if long_run else examples(1.2)
    run_state_machine_as_test(AnyDay, settings=settings(how, stateful_step_count=50))
