"""``UndoLast`` through lane and store: on both databases, over restarts, once for each id."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from db import tables as t
from db.engine import sqlite_url
from protocol.messages import (
    AnyCommand,
    CallNext,
    Finish,
    FinishService,
    IssueTicket,
    ParkTicket,
    RateService,
    RecordNoShow,
    StartService,
    TransferTicket,
    UndoLast,
)
from server.administration.verify import verify
from server.commands.handler import Asker
from server.snapshots import Hall, board_snapshot, queue_snapshot
from server.store import Store
from tests.server.lane_story import (
    ADI,
    DESK,
    KIOSK,
    OTHER_DESK,
    PAD,
    LaneStory,
)
from tests.simulation.recount import _facts

ENGLISH = Asker(DESK.device, DESK.role, "en")
FINISH = Finish(outcome="solved")


class UndoStory(LaneStory):
    """A lane story on a database of either kind."""

    def __init__(self, url: str) -> None:
        super().__init__(Path(), Store.open(url))

    def issue(self, *services: str) -> list[str]:
        return [self.ask(IssueTicket(id=uuid4(), service=one))["ticket"]["id"] for one in services]

    def undo(self, asker: Asker = DESK) -> dict[str, Any]:
        return self.ask(UndoLast(id=uuid4()), asker)

    def rows(self) -> list[str]:
        """What the recount of everything stored finds wrong (law I11)."""
        return verify(self.store)


def begun(url: str) -> UndoStory:
    """Counter 1 with Rina and counter 2 with Adi; four wait, the first is called to counter 1."""
    story = UndoStory(url)
    story.sit_down(1)
    story.sit_down(2, OTHER_DESK, ADI)
    story.issue("A", "A", "A", "A", "A")
    assert story.ask(CallNext(id=uuid4()), DESK)["type"] == "Accepted"
    story.clock.ms += 60_000
    return story


@pytest.fixture
def story(tmp_path: Path) -> Iterator[UndoStory]:
    story = begun(sqlite_url(tmp_path / "branch.db"))
    yield story
    story.store.close()


@pytest.fixture
def on_postgresql(postgres_database: str) -> Iterator[UndoStory]:
    story = begun(postgres_database)
    yield story
    story.store.close()


def held(story: UndoStory, number: int = 1) -> str:
    return story.lane.day.desks[number].ticket or "-"


def moves(story: UndoStory) -> dict[str, AnyCommand]:
    """Every move that may be taken back, of the ticket that counter 1 holds."""
    ticket, new = held(story), uuid4
    return {
        "finish": FinishService(id=new(), ticket=ticket, outcome="solved"),
        "finish and call": CallNext(id=new(), finish=FINISH),
        "no-show": RecordNoShow(id=new(), ticket=ticket),
        "park": ParkTicket(id=new(), ticket=ticket, reason="photocopy"),
        "transfer": TransferTicket(id=new(), ticket=ticket, service="B", position="arrival"),
        "hand on": TransferTicket(id=new(), ticket=ticket, staff="adi", position="last"),
    }


NAMES = ("finish", "finish and call", "no-show", "park", "transfer", "hand on")


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_the_rows_after_an_undo_are_those_of_the_events(
    story: UndoStory, name: str, *, restarts: bool
) -> None:
    """I1, I3, I11, F01: also when the server died between move and undo; undone stretches go."""
    _demand_as_before(story, name, restarts=restarts)


def test_the_same_on_postgresql(on_postgresql: UndoStory) -> None:
    """Every move after the other; each is taken back and the rows are as before."""
    for name in NAMES:
        _demand_as_before(on_postgresql, name, restarts=False)
    _demand_as_before(on_postgresql, "finish and call", restarts=True)


def _demand_as_before(story: UndoStory, name: str, *, restarts: bool) -> None:
    ticket = held(story)
    before = sorted(story.store.rows(t.ticket_period), key=str)
    assert story.ask(moves(story)[name], DESK)["type"] == "Accepted"
    assert sorted(story.store.rows(t.ticket_period), key=str) != before
    assert story.rows() == []
    if restarts:
        story.restart()
    story.clock.ms += 5000
    answer = story.undo()
    assert answer["ticket"]["id"] == ticket
    assert (answer["ticket"]["state"], answer["ticket"]["counter"]) == ("called", 1)
    assert story.rows() == []
    assert sorted(story.store.rows(t.ticket_period), key=str) == before
    live = story.lane.day
    story.restart()
    assert _facts(story.lane.day) == _facts(live)


def test_the_same_id_again_gets_the_same_answer_and_has_one_effect(story: UndoStory) -> None:
    """I6, F23: also after a restart; another id has nothing more to take back."""
    story.ask(moves(story)["finish and call"], DESK)
    command = UndoLast(id=uuid4())
    first, again = story.together((command, DESK), (command, DESK))
    assert first == again
    revision = story.lane.day.revision
    story.restart()
    assert story.ask(command, DESK) == first
    assert story.lane.day.revision == revision
    assert story.undo()["reason"] == "too-late"


def test_move_undo_and_next_move_in_one_batch(story: UndoStory) -> None:
    """Rows that came and went between two writes are as they should be."""
    first = held(story)
    all_moves = moves(story)
    answers = story.together(
        (all_moves["finish and call"], DESK),
        (UndoLast(id=uuid4()), DESK),
        (all_moves["transfer"], DESK),
        (UndoLast(id=uuid4()), DESK),
        (StartService(id=uuid4(), ticket=first), DESK),
    )
    assert [one["type"] for one in answers] == ["Accepted"] * 5
    assert story.rows() == []


def shown(story: UndoStory) -> tuple[Any, Any]:
    """The calls of the board, and the line at the seat."""
    seat = queue_snapshot(Hall(story.lane.day, story.clock.ms), DESK.device)
    line = [(one.number, one.place) for one in seat.line]
    return board_snapshot(story.lane.day, story.clock.ms).calls, line


def test_the_board_and_the_seat_show_it_as_it_was(story: UndoStory) -> None:
    """The call that was withdrawn is off the board, the one before is on it again."""
    before, waiting = shown(story)
    called = story.ask(moves(story)["finish and call"], DESK)["ticket"]
    board = board_snapshot(story.lane.day, story.clock.ms)
    assert board.calls[0].number == called["number"]
    story.undo()
    assert shown(story) == (before, waiting)
    seat = queue_snapshot(Hall(story.lane.day, story.clock.ms), DESK.device)
    assert seat.ticket is not None
    assert seat.ticket.number == "A001"


def test_the_announcement_of_the_withdrawn_call_is_not_due_any_more(story: UndoStory) -> None:
    """I10: a display that comes back hears nothing of a number that waits again."""
    called = story.ask(moves(story)["finish and call"], DESK)["ticket"]["id"]
    announcement = story.lane.day.tickets[called].announcement
    assert announcement in story.lane.day.calls
    story.undo()
    assert story.lane.day.tickets[called].announcement is None
    assert story.lane.day.tickets[called].call_count == 0


@pytest.mark.parametrize("name", NAMES)
def test_after_five_seconds_it_is_refused_with_a_sentence(story: UndoStory, name: str) -> None:
    story.ask(moves(story)[name], DESK)
    story.clock.ms += 5001
    revision = story.lane.day.revision
    answer = story.ask(UndoLast(id=uuid4()), ENGLISH)
    assert (answer["type"], answer["reason"]) == ("Rejected", "too-late")
    assert answer["message"]
    assert "''" not in answer["message"]
    assert "  " not in answer["message"]
    assert story.lane.day.revision == revision
    assert story.rows() == []


def test_it_is_too_late_when_the_next_service_began_or_somebody_rated(story: UndoStory) -> None:
    called = story.ask(moves(story)["finish and call"], DESK)["ticket"]["id"]
    story.ask(StartService(id=uuid4(), ticket=called), DESK)
    assert story.undo()["reason"] == "too-late"
    story.ask(FinishService(id=uuid4(), ticket=called, outcome="solved"), DESK)
    assert story.ask(RateService(id=uuid4(), ticket=called, score=4), PAD)["type"] == "Accepted"
    assert story.undo()["reason"] == "too-late"
    assert story.rows() == []


def test_two_counters_undo_their_own_moves_only(story: UndoStory) -> None:
    """Each takes back its own last move, in whatever order, and the rows add up."""
    mine = held(story)
    story.ask(CallNext(id=uuid4()), OTHER_DESK)
    theirs = held(story, 2)
    story.ask(CallNext(id=uuid4(), finish=FINISH), DESK)
    story.ask(CallNext(id=uuid4(), finish=FINISH), OTHER_DESK)
    assert story.undo()["ticket"]["id"] == mine
    assert story.undo(OTHER_DESK)["ticket"]["id"] == theirs
    assert [held(story), held(story, 2)] == [mine, theirs]
    assert story.rows() == []


def test_a_kiosk_has_nothing_to_take_back(story: UndoStory) -> None:
    """F47: the word belongs to counters."""
    assert story.undo(KIOSK)["reason"] == "not-allowed"


def test_a_crash_before_the_undo_is_durable_leaves_the_move(story: UndoStory) -> None:
    """I1, F01: an undo that was decided and never written did not happen; it works again."""
    ticket = held(story)
    story.ask(moves(story)["finish"], DESK)
    command = UndoLast(id=uuid4())
    story.decide((command, DESK))
    story.restart()
    assert story.lane.day.tickets[ticket].state == "finished"
    assert story.ask(command, DESK)["ticket"]["state"] == "called"
    assert story.rows() == []
