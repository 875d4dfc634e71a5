"""The lane: one effect per command, group commit, and the day that turns by itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from protocol.messages import (
    CallNext,
    Finish,
    FinishService,
    IssueTicket,
    RecallTicket,
    SignOut,
    StartService,
)
from server.commands import COMMANDS
from server.commands.handler import Handler
from server.domain.ticket import TicketState
from tests.server.lane_story import DESK, KIOSK, OTHER_KIOSK, LaneStory, numbers


@pytest.fixture
def story(tmp_path: Path) -> Iterator[LaneStory]:
    told = LaneStory(tmp_path)
    yield told
    told.store.close()


def issue(service: str = "A") -> IssueTicket:
    return IssueTicket(id=uuid4(), service=service)


def test_commands_of_one_batch_see_each_other(story: LaneStory) -> None:
    answers = story.together(*[(issue(), KIOSK) for _ in range(5)])
    assert numbers(answers) == ["A001", "A002", "A003", "A004", "A005"]
    assert [answer["ticket"]["people_ahead"] for answer in answers] == [0, 1, 2, 3, 4]
    revisions = [answer["revision"] for answer in answers]
    assert revisions == sorted(set(revisions))


def test_the_same_id_gets_the_same_answer_with_one_effect(story: LaneStory) -> None:
    """Law I6, F23: in one batch, later, and after a restart."""
    command = issue()
    first, twice = story.together((command, KIOSK), (command, KIOSK))
    later = story.ask(command)
    story.restart()
    after_restart = story.ask(command)
    assert first == twice == later == after_restart
    assert numbers([story.ask(issue())]) == ["A002"]


def test_absent_fields_count_as_their_defaults_when_bodies_are_compared(
    story: LaneStory,
) -> None:
    command_id = uuid4()
    first = story.ask(IssueTicket(id=command_id, service="A"))
    spelled_out = IssueTicket(
        id=command_id, service="A", priority="none", needs=[], language="id", weight=None
    )
    assert story.ask(spelled_out) == first


def test_an_id_with_another_body_or_device_is_refused(story: LaneStory) -> None:
    command = issue("A")
    story.ask(command)
    other_body = IssueTicket(id=command.id, service="B")
    assert story.ask(other_body)["reason"] == "id-reused"
    assert story.ask(command, OTHER_KIOSK)["reason"] == "id-reused"


def test_a_refusal_is_not_remembered(story: LaneStory) -> None:
    story.sit_down()
    command = CallNext(id=uuid4())
    assert story.ask(command, DESK)["reason"] == "queue-empty"
    story.ask(issue())
    assert story.ask(command, DESK)["ticket"]["number"] == "A001"


def test_a_batch_that_the_disk_refused_leaves_nothing(story: LaneStory) -> None:
    """Law I1: everyone is asked to try again, and the same ids then have one effect."""
    command = issue()
    batch = story.decide((command, KIOSK), (issue(), KIOSK))
    refused = story.lane.fail(batch)
    assert len(refused) == 2
    assert story.lane.day.tickets == {}
    assert numbers([story.ask(command)]) == ["A001"]


def test_a_bug_in_one_command_takes_no_other_down(
    story: LaneStory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """F12: what the broken command applied is taken back, the others are answered."""
    shipped = COMMANDS[IssueTicket]

    def breaks_for_b(command: Any, events: Any, occasion: Any) -> dict[str, Any]:
        if command.service == "B":
            raise ZeroDivisionError
        return shipped.answer(command, events, occasion)

    broken = Handler(shipped.decide, breaks_for_b, shipped.seated)
    monkeypatch.setitem(COMMANDS, IssueTicket, broken)
    answers = story.together((issue("A"), KIOSK), (issue("B"), KIOSK), (issue("A"), KIOSK))
    assert [answer["type"] for answer in answers] == ["Accepted", "Rejected", "Accepted"]
    assert answers[1]["reason"] == "internal"
    assert "ZeroDivisionError" in caplog.text
    assert "ZeroDivision" not in answers[1]["message"]
    assert [t.number for t in story.lane.day.tickets.values()] == ["A001", "A002"]
    story.restart()
    assert [t.number for t in story.lane.day.tickets.values()] == ["A001", "A002"]


def test_next_with_finish_is_one_commit_and_may_find_nobody(story: LaneStory) -> None:
    story.sit_down()
    story.ask(issue())
    first = story.ask(CallNext(id=uuid4()), DESK)["ticket"]
    busy = story.ask(CallNext(id=uuid4()), DESK)
    assert (busy["reason"], busy["ticket"]["number"]) == ("counter-busy", "A001")
    done = story.ask(CallNext(id=uuid4(), finish=Finish(outcome="solved")), DESK)
    assert (done["ticket"], done["finished"]["id"], done["empty"]) == (None, first["id"], True)
    assert done["finished"]["state"] == "finished"


def test_a_refused_recall_says_how_long_to_wait(story: LaneStory) -> None:
    story.sit_down()
    story.ask(issue())
    ticket = story.ask(CallNext(id=uuid4()), DESK)["ticket"]
    refused = story.ask(RecallTicket(id=uuid4(), ticket=ticket["id"]), DESK)
    assert refused["reason"] == "too-soon"
    assert 0 < refused["retry_after_s"] <= 5


def test_a_wrong_state_is_named(story: LaneStory) -> None:
    story.sit_down()
    ticket = story.ask(issue())["ticket"]
    refused = story.ask(StartService(id=uuid4(), ticket=ticket["id"]), DESK)
    assert (refused["reason"], refused["state"]) == ("wrong-state", "waiting")
    assert "menunggu" in refused["message"]


def test_a_restart_in_mid_day_brings_the_hall_back_as_it_was(story: LaneStory) -> None:
    """Law I3."""
    story.sit_down()
    for _ in range(4):
        story.ask(issue())
    story.ask(CallNext(id=uuid4()), DESK)
    before = story.lane.day
    story.restart()
    after = story.lane.day
    assert after.tickets == before.tickets
    assert after.desks == before.desks
    assert after.seats == before.seats
    assert after.serials == before.serials
    assert after.revision == before.revision
    assert list(after.board) == list(before.board)


def test_numbers_restart_once_at_the_turn_of_the_business_day(story: LaneStory) -> None:
    """F14: at the branch's own midnight, not at that of UTC."""
    story.clock.set("2026-11-20T23:59:59")
    assert numbers([story.ask(issue()), story.ask(issue())]) == ["A001", "A002"]
    story.clock.set("2026-11-21T00:00:00")
    assert numbers([story.ask(issue()), story.ask(issue())]) == ["A001", "A002"]
    assert story.lane.day.business_date == "2026-11-21"
    with story.store.database.reading() as connection:
        kinds = [row.recorded.event for row in story.store.history(connection) if row.recorded]
    names = [type(event).__name__ for event in kinds]
    assert names.count("DayOpened") == 2
    assert names.count("TicketExpired") == 2


def test_the_turn_of_the_day_signs_everyone_out_and_closes_what_is_open(
    story: LaneStory,
) -> None:
    story.sit_down()
    story.ask(issue())
    ticket = story.ask(CallNext(id=uuid4()), DESK)["ticket"]
    yesterday = story.lane.day
    story.clock.set("2026-11-21T00:00:01")
    refused = story.ask(FinishService(id=uuid4(), ticket=ticket["id"], outcome="solved"), DESK)
    assert refused["reason"] == "not-signed-in"
    assert yesterday.tickets[ticket["id"]].state is TicketState.NO_SHOW


def test_a_clock_that_jumps_back_opens_no_earlier_day(story: LaneStory) -> None:
    """F13, F15, law I11: the branch's time stands until the clock has caught up."""
    story.ask(issue())
    at_ms = story.lane.now_ms()
    story.clock.set("2000-01-01T08:00:00")
    assert numbers([story.ask(issue())]) == ["A002"]
    assert story.lane.now_ms() == at_ms
    story.restart()
    assert story.lane.day.business_date == "2026-11-20"
    assert numbers([story.ask(issue())]) == ["A003"]


def test_answers_of_a_closed_day_are_forgotten_after_24_h_and_not_before(
    story: LaneStory,
) -> None:
    command = issue()
    first = story.ask(command)
    story.clock.set("2026-11-21T08:00:00")
    story.ask(issue())
    story.lane.forget_old_commands()
    assert story.ask(command) == first
    story.clock.set("2026-11-22T08:00:01")
    story.lane.forget_old_commands()
    assert story.ask(command)["ticket"]["id"] != first["ticket"]["id"]


def test_who_did_nothing_for_long_is_signed_out_unless_somebody_stands_there(
    story: LaneStory,
) -> None:
    story.sit_down()
    story.ask(issue())
    ticket = story.ask(CallNext(id=uuid4()), DESK)["ticket"]
    assert story.lane.end_idle_seats(["counter-1"]).entries == []
    story.ask(FinishService(id=uuid4(), ticket=ticket["id"], outcome="solved"), DESK)
    batch = story.lane.end_idle_seats(["counter-1"])
    story.lane.write(batch)
    assert story.lane.day.seats == {}
    assert story.ask(SignOut(id=uuid4()), DESK)["reason"] == "not-signed-in"
