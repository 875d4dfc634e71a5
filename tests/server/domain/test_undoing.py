"""Taking the last move of a counter back (protocol.md, ``UndoLast``): all is as it was."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from server.domain.errors import QueueRuleError
from server.domain.events import LastUndone, TicketCalled
from server.domain.explaining import overtakers
from server.domain.serving import Destination
from server.domain.undoing import decide_undo, undoable
from tests.server.domain.played_day import PlayedDay, lively_branch

Move = Callable[[PlayedDay], bool]

MOVES: dict[str, Move] = {
    "finish": lambda day: day.finish(1),
    "finish and call": lambda day: day.call_next(1, finishing=True),
    "no-show": lambda day: day.no_show(1),
    "park": lambda day: day.park(1),
    "hand on to a service": lambda day: day.transfer(1, held(day), Destination(service="C")),
    "hand on to a counter": lambda day: day.transfer(
        1, held(day), Destination(counter=3, position="first")
    ),
    "hand on to a person": lambda day: day.transfer(
        1, held(day), Destination(staff="citra", position="last")
    ),
    "hand on who waits": lambda day: day.transfer(
        1, day.tickets("waiting")[1], Destination(service="B", position="last")
    ),
}
ONLY_CALLED = {"no-show"}


def held(day: PlayedDay) -> str:
    return day.desk(1).ticket or "-"


def hall(discipline: str = "due-time", **rules: Any) -> PlayedDay:
    """Three counters, counter 1 has called somebody; five wait, of all kinds."""
    day = PlayedDay(lively_branch(discipline=discipline, overdue_s=10**6, **rules))
    for counter, staff in enumerate(("ani", "dodi", "citra"), 1):
        day.sit(counter, staff)
        day.open(counter)
    kinds = ("none", "none", "urgent", "elderly", "none", "none")
    for service, priority in zip("AABABB", kinds, strict=True):
        day.issue(service, priority)
        day.pass_s(1)
    assert day.call_next(1)
    return day


def as_seen(day: PlayedDay) -> dict[str, Any]:
    """Everything that anybody may see or that decides who is next."""
    state, lines = day.day, day.day.lines
    tickets = {one.id: asdict(one) for one in state.tickets.values()}
    for one in tickets.values():
        # The history of what stood where, and how often it moved, keeps both moves.
        one["overtakes"] = state.lines.overtakes_of(state.tickets[one["id"]])
        del one["moves"], one["stands"]
    desks = {number: asdict(desk) | {"period": None} for number, desk in state.desks.items()}
    return {
        "tickets": tickets,
        "desks": desks,
        "lines": {name: line for name in lines.names() if (line := lines.tickets(name))},
        "board": list(state.board),
        "missed": list(state.missed),
        "totals": {key: dict(value) for key, value in state.totals.items() if any(value.values())},
        "runs": state.runs,
        "fall_backs": list(state.fall_backs),
        "alarms": list(state.alarms),
        "priority": set(state.lines.priority),
    }


@pytest.mark.parametrize("discipline", ["due-time", "first-come", "ratio"])
@pytest.mark.parametrize("started", [False, True])
@pytest.mark.parametrize("name", sorted(MOVES))
def test_all_is_as_it_was_before_the_move(name: str, *, started: bool, discipline: str) -> None:
    """Places, overtakes, the counter's figures, the board: within 5 s, whoever was served."""
    day = hall(discipline)
    if started and name not in ONLY_CALLED:
        day.pass_s(20)
        assert day.start(1)
    before = as_seen(day)
    day.pass_s(10)
    assert MOVES[name](day), day.refused
    day.check()
    assert as_seen(day) != before
    day.pass_s(5)
    assert day.undo(1), day.refused
    assert as_seen(day) == before
    day.check()
    assert not day.undo(1), "it is taken back once"


def test_the_undo_tells_what_it_took_back_and_which_call_it_withdrew() -> None:
    day = hall()
    first = held(day)
    day.call_next(1, finishing=True)
    finished, called = day.entries[-2], day.entries[-1]
    day.undo(1)
    undone = day.entries[-1].event
    assert isinstance(called.event, TicketCalled)
    assert undone == LastUndone(
        ticket=first,
        counter=1,
        staff="ani",
        undone_seq=finished.seq,
        called=called.event.ticket,
        announcement=called.event.announcement,
    )


def test_the_called_one_goes_back_to_its_very_place_with_its_overtakes() -> None:
    """And those whom that call overtook are not overtaken by it any more (law I5)."""
    day = hall("due-time", overtakes_most=9)
    day.set_counter(1, ["A", "B", "C"], 1)
    waiting = day.tickets("waiting")
    day.call_next(1, finishing=True)  # the urgent one, past everybody else
    day.call_next(2)
    called = []
    for _ in range(2):  # first the last one of B, past those of A, then one of A itself
        order = [day.day.lines.tickets(f"service:{service}") for service in "AB"]
        before = [day.day.lines.overtakes_of(day.day.tickets[one]) for one in waiting]
        assert day.call_next(1, finishing=True)
        called.append(held(day))
        assert day.undo(1)
        assert [day.day.lines.tickets(f"service:{service}") for service in "AB"] == order
        assert [day.day.lines.overtakes_of(day.day.tickets[one]) for one in waiting] == before
        day.check()
        day.call_next(2, finishing=True)
    assert called == [waiting[-1], waiting[0]]
    assert before[0] > 0


@pytest.mark.parametrize("name", sorted(MOVES))
def test_after_five_seconds_it_is_too_late(name: str) -> None:
    day = hall()
    assert MOVES[name](day)
    day.pass_s(5.001)
    assert not day.undo(1)
    assert day.refused["too-late"] == 1


@pytest.mark.parametrize(
    ("name", "then"),
    [
        ("finish and call", lambda day: day.start(1)),  # its service has begun
        ("finish and call", lambda day: day.no_show(1) and day.requeue(day.tickets("no-show")[0])),
        ("finish", lambda day: day.rate(day.tickets("finished")[0])),
        ("finish", lambda day: day.call_next(1)),  # a later call of the same counter
        ("finish", lambda day: day.call_chosen(1, day.tickets("waiting")[-1])),
        ("park", lambda day: day.resume(2, day.tickets("parked")[0])),
        ("park", lambda day: day.resume(1, day.tickets("parked")[0])),
        ("park", lambda day: day.cancel(day.tickets("parked")[0])),
        ("no-show", lambda day: day.requeue(day.tickets("no-show")[0])),
        ("hand on to a service", lambda day: day.call_chosen(2, last(day))),
        ("hand on to a service", lambda day: day.cancel(last(day))),
        ("hand on who waits", lambda day: day.transfer(None, last(day), Destination(service="A"))),
        ("finish", lambda day: day.close(1)),
        ("finish", lambda day: day.pause(1)),
        ("finish", lambda day: day.get_up(1) and day.sit(1, "ani")),
        ("finish", lambda day: day.get_up(1) and day.sit(1, "budi") and day.open(1)),
    ],
)
def test_it_is_too_late_once_somebody_went_on(name: str, then: Move) -> None:
    day = hall(grace_places=2)
    assert MOVES[name](day), day.refused
    assert then(day), day.refused
    before = as_seen(day)
    refused = day.refused["too-late"]
    assert not day.undo(1)
    assert day.refused["too-late"] == refused + 1
    assert as_seen(day) == before


def last(day: PlayedDay) -> str:
    return day.entries[-1].event.ticket  # type: ignore[return-value, union-attr]


def test_a_call_that_finished_nobody_cannot_be_taken_back() -> None:
    """Nor a start, nor a recall: only what protocol.md names."""
    day = hall()
    assert not day.undo(1)
    day.start(1)
    assert not day.undo(1)
    day.finish(1)
    day.call_next(1)
    assert not day.undo(1)
    day.recall(1)
    assert not day.undo(1)
    assert day.refused["too-late"] == 4


def test_a_called_number_may_be_called_again_before_it_is_put_back() -> None:
    day = hall(recall_pause_s=0)
    before = as_seen(day)
    day.call_next(1, finishing=True)
    assert day.recall(1)
    assert day.undo(1)
    assert as_seen(day) == before


def test_two_counters_take_back_in_any_order() -> None:
    """Each undoes its own last move, though both moved in between."""
    for order in ((1, 2), (2, 1)):
        day = hall("ratio", overtakes_most=9)
        day.call_next(2)
        day.call_next(1, finishing=True)
        day.call_next(2, finishing=True)
        for counter in order:
            assert day.undo(counter), day.refused
            day.check()
        assert [day.desk(counter).finished_count for counter in (1, 2)] == [0, 0]


def test_a_ticket_put_back_by_another_counter_keeps_no_overtake_that_was_undone() -> None:
    """Counter 1 calls past T, counter 2 hands T on; both take that back, 1 before 2."""
    day = hall("due-time", overtakes_most=9)
    for counter in (1, 2):
        day.set_counter(counter, ["A", "B", "C"], 1)
    passed = day.day.tickets[day.tickets("waiting")[0]]
    assert day.call_next(2)
    count = day.day.lines.overtakes_of(passed)
    assert day.call_next(1, finishing=True)
    assert day.day.lines.overtakes_of(passed) == count + 1
    assert day.transfer(2, passed.id, Destination(service="C"))
    assert day.undo(1)
    day.check()
    assert day.undo(2)
    assert day.day.lines.overtakes_of(passed) == count
    assert sum(made.counted for made in overtakers(day.day, passed)) == count
    day.check()


def test_calls_that_others_make_meanwhile_do_not_overtake_who_was_called() -> None:
    day = hall("first-come", overtakes_most=9, undo_s=60)
    for counter in (1, 2):
        day.set_counter(counter, ["A", "B", "C"], 1)
    day.call_next(1, finishing=True)
    back = held(day)
    day.call_next(2)
    day.undo(1)
    day.check()
    ticket = day.day.tickets[back]
    assert (day.day.lines.overtakes_of(ticket), overtakers(day.day, ticket)) == (0, [])
    day.call_next(2, finishing=True)
    assert day.desk(2).ticket == back


def test_after_another_discipline_who_comes_back_has_its_place_by_it() -> None:
    """Else a place of the old rule would stand in the line of the new one for ever."""
    day = hall("due-time", undo_s=60)
    for counter in (1, 2):
        day.set_counter(counter, ["A", "B", "C"], 1)
    assert day.call_next(2)  # the urgent one
    assert day.call_next(1, finishing=True)
    called = held(day)
    day.set_discipline("first-come", None, None)
    assert day.undo(1)
    day.check()
    ticket = day.day.tickets[called]
    assert ticket.rank == (ticket.issued_at_ms, ticket.arrival, 0)


def test_an_undo_counts_no_turn_from_before_another_discipline() -> None:
    """The turns begin anew with the rule, also when an undo recounts them."""
    day = hall("ratio", overtakes_most=99, undo_s=60, priority_in_a_row=1, regular_in_a_row=5)
    for counter in (1, 2):
        day.set_counter(counter, ["A", "B", "C"], 1)
    day.issue("A", "elderly")
    day.call_next(2)
    assert day.set_discipline("ratio", 1, 4)
    day.call_next(1, finishing=True)
    assert day.undo(1)
    assert day.day.runs == type(day.day.runs)(0, 0)
    day.check()
    assert day.call_next(2, finishing=True)


def test_an_undo_without_any_call_by_rule_counts_no_turns() -> None:
    day = hall("ratio")
    assert day.set_discipline("ratio", 1, 1)
    day.call_next(1, finishing=True)
    assert day.undo(1)
    assert (day.day.runs.priority, day.day.runs.regular) == (0, 0)


def test_a_move_of_a_manager_is_nobodys_to_take_back() -> None:
    day = hall()
    assert day.transfer(None, held(day), Destination(service="C"))
    assert not day.undo(1)


def test_an_open_stretch_of_the_ticket_goes_on_and_the_undone_ones_are_gone() -> None:
    """The history of the ticket's states tells nothing of the move that was taken back (I11)."""
    day = hall()
    ticket = day.day.tickets[held(day)]
    ordinal = ticket.period.ordinal
    for written in (False, True):
        day.day.take_changes()
        day.transfer(1, ticket.id, Destination(service="C"))
        if written:
            day.day.take_changes()
        day.undo(1)
        changes = day.day.take_changes()
        assert ticket.period.ordinal == ordinal
        assert ticket.period.ended_at_ms is None
        assert changes.periods == {(ticket.id, ordinal): ticket.period}
        assert changes.gone_periods == {(ticket.id, ordinal + 1)}
        assert changes.tickets == {ticket.id: ticket}


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("finish", "ServiceFinished"),
        ("finish and call", "ServiceFinished"),
        ("no-show", "NoShowRecorded"),
        ("park", "TicketParked"),
        ("hand on who waits", "TicketTransferred"),
    ],
)
def test_the_counter_is_told_which_move_it_may_take_back(name: str, event: str) -> None:
    """A start that was only implied is none of its own."""
    day = hall()
    MOVES[name](day)
    note = undoable(day.day, day.desk(1), day.now_ms)
    assert note is not None
    assert note.event == event
    assert undoable(day.day, day.desk(2), day.now_ms) is None


def test_the_counters_last_visitor_is_the_one_before_again() -> None:
    """Whom a rating would be asked of."""
    day = hall()
    day.start(1)
    first = held(day)
    day.finish(1)
    day.pass_s(100)
    day.call_next(1)
    day.finish(1)
    assert day.undo(1)
    assert (day.desk(1).last_finished, day.desk(1).finished_count) == (first, 1)


def test_who_was_moved_and_moved_back_by_another_counter_stays_where_it_is() -> None:
    day = hall()
    waiting = day.tickets("waiting")[0]
    assert day.transfer(2, waiting, Destination(service="C"))
    assert day.transfer(1, waiting, Destination(service="B"))
    assert day.undo(1)
    assert not day.undo(2)
    assert day.day.tickets[waiting].service == "C"


def test_no_refusal_names_a_number_that_is_none() -> None:
    day = hall()
    with pytest.raises(QueueRuleError) as refusal:
        decide_undo(day.day, day.desk(1), day.now_ms)
    assert (refusal.value.reason, refusal.value.facts) == ("too-late", {"number": ""})
