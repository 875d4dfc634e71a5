"""Every state of a ticket times every command that moves one (protocol.md, Moves; law I3)."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from protocol.messages import (
    AnyCommand,
    CallNext,
    CallTicket,
    CancelTicket,
    ContinueService,
    CorrectTicket,
    FinishService,
    IssueTicket,
    ParkTicket,
    RecallTicket,
    RecordNoShow,
    RequeueTicket,
    ResumeTicket,
    StartService,
    TransferTicket,
)
from server.domain.ticket import TicketState
from tests.server.lane_story import ADI, BUDI, DESK, DOOR, OTHER_DESK, LaneStory

_S = TicketState
COMMANDS: dict[type[AnyCommand], dict[str, Any]] = {
    CallTicket: {},
    RecallTicket: {},
    StartService: {},
    FinishService: {"outcome": "solved"},
    ContinueService: {"outcome": "solved", "service": "B"},
    ParkTicket: {"reason": "documents"},
    ResumeTicket: {},
    TransferTicket: {"service": "B", "position": "arrival"},
    RecordNoShow: {},
    RequeueTicket: {},
    CancelTicket: {"reason": "visitor-left"},
    CorrectTicket: {"service": "B"},
}
# What the door says of a ticket, and no counter.
AT_THE_DOOR = {CorrectTicket}
# protocol.md, "Moves", written out once more.
LAWFUL: dict[type[AnyCommand], dict[TicketState, TicketState]] = {
    CallTicket: {_S.WAITING: _S.CALLED},
    RecallTicket: {_S.CALLED: _S.CALLED},
    StartService: {_S.CALLED: _S.SERVING},
    FinishService: {_S.SERVING: _S.FINISHED, _S.CALLED: _S.FINISHED},
    # The example's counters serve everything, so the next errand begins at once.
    ContinueService: {_S.SERVING: _S.SERVING, _S.CALLED: _S.SERVING},
    ParkTicket: {_S.CALLED: _S.PARKED, _S.SERVING: _S.PARKED},
    ResumeTicket: {_S.PARKED: _S.CALLED},
    TransferTicket: {
        _S.WAITING: _S.WAITING,
        _S.CALLED: _S.WAITING,
        _S.SERVING: _S.WAITING,
        _S.PARKED: _S.WAITING,
    },
    RecordNoShow: {_S.CALLED: _S.NO_SHOW},
    RequeueTicket: {_S.NO_SHOW: _S.WAITING},
    CancelTicket: {_S.WAITING: _S.CANCELLED, _S.CALLED: _S.CANCELLED, _S.PARKED: _S.CANCELLED},
    CorrectTicket: {_S.WAITING: _S.WAITING},
}
WAYS: dict[TicketState, tuple[type[AnyCommand], ...]] = {
    _S.WAITING: (),
    _S.CALLED: (CallTicket,),
    _S.SERVING: (CallTicket, StartService),
    _S.PARKED: (CallTicket, ParkTicket),
    _S.FINISHED: (CallTicket, FinishService),
    _S.NO_SHOW: (CallTicket, RecordNoShow),
    _S.CANCELLED: (CancelTicket,),
}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaneStory]:
    told = LaneStory(tmp_path_factory.mktemp("moves"))
    told.sit_down(1)
    told.sit_down(2, OTHER_DESK, ADI)
    told.sign_in(DOOR, BUDI)
    yield told
    told.store.close()


def say(kind: type[AnyCommand], ticket: str) -> AnyCommand:
    made: AnyCommand = msgspec.convert(
        {"id": str(uuid4()), "ticket": ticket, **COMMANDS[kind]}, kind
    )
    return made


def ticket_in(story: LaneStory, state: TicketState) -> str:
    """A new ticket, brought into a state by counter 1."""
    ticket: str = story.ask(IssueTicket(id=uuid4(), service="A"))["ticket"]["id"]
    for kind in WAYS[state]:
        assert story.ask(say(kind, ticket), DESK)["type"] == "Accepted"
    assert story.lane.day.tickets[ticket].state is state
    story.clock.ms += 6000  # over the pause before a recall
    return ticket


def tidy_up(story: LaneStory) -> None:
    """Nobody may be left standing at a counter."""
    for asker, desk in ((DESK, story.lane.day.desks[1]), (OTHER_DESK, story.lane.day.desks[2])):
        if desk.ticket is not None:
            assert story.ask(say(FinishService, desk.ticket), asker)["type"] == "Accepted"


@pytest.mark.parametrize("state", WAYS, ids=lambda state: state.value)
@pytest.mark.parametrize("kind", COMMANDS, ids=lambda kind: kind.__name__)
def test_a_command_moves_a_ticket_as_the_table_says_or_is_told_its_state(
    story: LaneStory, kind: type[AnyCommand], state: TicketState
) -> None:
    ticket = ticket_in(story, state)
    answer = story.ask(say(kind, ticket), DOOR if kind in AT_THE_DOOR else DESK)
    after = LAWFUL[kind].get(state)
    if after is not None:
        assert answer["ticket"]["state"] == after.value
    elif kind in (CallTicket, ResumeTicket) and state in (_S.CALLED, _S.SERVING):
        # The counter holds this very ticket, so it is busy before anything else.
        assert (answer["reason"], answer["ticket"]["id"]) == ("counter-busy", ticket)
    else:
        assert (answer["reason"], answer["state"]) == ("wrong-state", state.value)
        assert story.lane.day.tickets[ticket].state is state
    tidy_up(story)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (RecallTicket, _S.CALLED),
        (StartService, _S.CALLED),
        (FinishService, _S.SERVING),
        (FinishService, _S.CALLED),
        (ContinueService, _S.SERVING),
        (ContinueService, _S.CALLED),
        (ParkTicket, _S.SERVING),
        (RecordNoShow, _S.CALLED),
        (TransferTicket, _S.CALLED),
        (TransferTicket, _S.SERVING),
        (CancelTicket, _S.CALLED),
    ],
    ids=lambda value: getattr(value, "__name__", None) or str(value),
)
def test_a_counter_touches_only_what_it_holds(
    story: LaneStory, kind: type[AnyCommand], state: TicketState
) -> None:
    """Law I4."""
    ticket = ticket_in(story, state)
    assert story.ask(say(kind, ticket), OTHER_DESK)["reason"] == "not-yours"
    assert story.lane.day.tickets[ticket].state is state
    tidy_up(story)


def test_a_counter_with_a_visitor_calls_nobody_else_and_is_told_whom_it_holds(
    story: LaneStory,
) -> None:
    held = ticket_in(story, _S.SERVING)
    waiting = ticket_in(story, _S.WAITING)
    for command in (CallNext(id=uuid4()), say(CallTicket, waiting)):
        refused = story.ask(command, DESK)
        assert (refused["reason"], refused["ticket"]["id"]) == ("counter-busy", held)
    tidy_up(story)


def test_a_finish_from_called_writes_the_start_too_and_says_that_it_is_implied(
    story: LaneStory,
) -> None:
    ticket = ticket_in(story, _S.CALLED)
    batch = story.decide((say(FinishService, ticket), DESK))
    story.lane.write(batch)
    kinds = [type(recorded.event).__name__ for recorded in batch.entries]
    assert kinds == ["ServiceStarted", "ServiceFinished"]
    assert getattr(batch.entries[0].event, "implied", False) is True


def test_a_transfer_goes_to_exactly_one_place(story: LaneStory) -> None:
    ticket = ticket_in(story, _S.CALLED)
    for places in ({}, {"service": "B", "counter": 2}, {"counter": 2, "staff": "adi"}):
        command = TransferTicket(id=uuid4(), ticket=ticket, position="first", **places)  # type: ignore[arg-type]
        assert story.ask(command, DESK)["reason"] == "bad-value"
    assert story.lane.day.tickets[ticket].state is _S.CALLED
    tidy_up(story)
