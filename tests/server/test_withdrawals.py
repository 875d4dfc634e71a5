"""A move that is taken back (L3): what the displays and the counters hear of it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from protocol.messages import CallNext, Finish, StartService, UndoLast
from server import snapshots
from server.domain.branch import Skills
from tests.server.lane_story import DESK, OTHER_DESK, TV, WEB
from tests.server.test_greeting import Wire
from tests.server.test_words import Hall, last


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    told = Hall(tmp_path)
    told.sit_down()
    yield told
    told.store.close()


def kinds(wire: Wire) -> list[str]:
    return [str(words["type"]) for words in wire.frames]


def finish_and_call_next(hall: Hall) -> tuple[str, str]:
    """One served, the next called with the same key; both tickets."""
    first, second = hall.issue(), hall.issue()
    hall.call()
    hall.ask(StartService(id=uuid4(), ticket=first), DESK)
    hall.ask(CallNext(id=uuid4(), finish=Finish(outcome="solved")), DESK)
    return first, second


def test_an_undone_call_is_withdrawn_from_every_display_and_from_nobody_else(
    hall: Hall,
) -> None:
    tv, desk, web = hall.connect(TV), hall.connect(OTHER_DESK), hall.connect(WEB)
    first, second = finish_and_call_next(hall)
    announced = last(tv, "Announcement")
    answer = hall.ask(UndoLast(id=uuid4()), DESK)
    assert (answer["ticket"]["id"], answer["ticket"]["state"]) == (first, "serving")
    withdrawn = last(tv, "AnnouncementWithdrawn")
    assert withdrawn["announcement"] == announced["announcement"]
    assert (withdrawn["number"], withdrawn["counter"]) == ("A002", 1)
    assert "AnnouncementWithdrawn" not in kinds(desk) + kinds(web)
    assert hall.lane.day.tickets[second].state.value == "waiting"
    board = snapshots.board_snapshot(hall.lane.day, hall.clock.ms)
    assert [(call.number, call.state) for call in board.calls] == [("A001", "serving")]


def test_an_undo_without_a_call_withdraws_nothing(hall: Hall) -> None:
    tv = hall.connect(TV)
    hall.issue()
    hall.call()
    hall.ask(CallNext(id=uuid4(), finish=Finish(outcome="solved")), DESK)
    assert hall.ask(UndoLast(id=uuid4()), DESK)["type"] == "Accepted"
    assert "AnnouncementWithdrawn" not in kinds(tv)


def test_a_display_that_comes_back_hears_nothing_of_an_undone_call(hall: Hall) -> None:
    finish_and_call_next(hall)
    hall.ask(UndoLast(id=uuid4()), DESK)
    tv = hall.connect(TV)
    assert kinds(tv) == ["Welcome", "BoardSnapshot"]


def test_the_counter_sees_what_it_may_take_back_until_it_may_not(hall: Hall) -> None:
    finish_and_call_next(hall)

    def seen() -> tuple[str, str] | None:
        now = snapshots.Hall(hall.lane.day, hall.clock.ms)
        undo = snapshots.queue_snapshot(now, DESK.device).undo
        return None if undo is None else (undo.event, undo.number)

    assert seen() == ("ServiceFinished", "A001")
    hall.clock.ms += 5_000
    assert seen() == ("ServiceFinished", "A001")
    hall.clock.ms += 1
    assert seen() is None
    assert hall.ask(UndoLast(id=uuid4()), DESK)["reason"] == "too-late"


def test_the_key_for_the_next_one_is_told_whom_it_will_call_and_why(hall: Hall) -> None:
    """L10: the snapshot's word and the call are the same choice."""
    hall.let_kiosks_claim()
    hall.issue()
    hall.issue(priority="elderly")
    now = snapshots.Hall(hall.lane.day, hall.clock.ms)
    seen = snapshots.queue_snapshot(now, DESK.device)
    assert seen.next is not None
    assert (seen.next.number, seen.next.rule) == ("P001", "due-time")
    assert seen.next.why["en"].startswith("Elderly (60 and over): target 10 minutes")
    assert hall.lane.day.tickets[hall.call()].number == seen.next.number


def test_the_clock_alone_puts_somebody_else_next_and_the_screens_are_told(hall: Hall) -> None:
    """An idle counter helps another line after its time: no event says so, a snapshot does."""
    hall.lane.day.counter_skills[1] = Skills(("B",))
    hall.lane.day.attend(hall.lane.day.desks[1])
    hall.issue()
    desk = hall.connect(DESK)
    hall.notices.flush()
    assert last(desk, "QueueSnapshot")["next"] is None
    assert last(desk, "QueueSnapshot")["waiting_elsewhere"] == 1
    assert last(desk, "QueueSnapshot")["help_from"] == "2026-11-20T01:05:00.000Z"
    hall.clock.ms += 299_000
    assert not hall.notices.follow_clock()
    hall.clock.ms += 1_000
    assert hall.notices.follow_clock()
    hall.notices.flush()
    coming = last(desk, "QueueSnapshot")["next"]
    assert (coming["number"], coming["helping"]) == ("A001", True)
    assert not hall.notices.follow_clock()
