"""Somebody before a kiosk calls a person: the door rings at once, and everybody knows who goes."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from protocol import messages as m
from server import snapshots
from tests.server.lane_story import DESK, DOOR, KIOSK, OFFICE, OTHER_KIOSK, PAD, TV
from tests.server.test_words import last
from tests.server.visitor_side import VisitorSide


@pytest.fixture
def side(tmp_path: Path) -> Iterator[VisitorSide]:
    told = VisitorSide(tmp_path)
    yield told
    told.store.close()


def test_a_press_rings_at_every_desk_of_the_door_in_its_own_commit(side: VisitorSide) -> None:
    """Within two seconds: it waits for no snapshot and no clock."""
    door, tv, desk = side.connect(DOOR), side.connect(TV), side.connect(DESK)
    call = side.press(KIOSK)["call"]
    ring = last(door, "OfficerCall")
    assert (ring["call"], ring["device"], ring["reason"]) == (call, "kiosk-1", "help")
    assert "OfficerCall" not in tv.heard + desk.heard


def test_staff_kiosks_and_the_manager_see_the_call_that_stands(side: VisitorSide) -> None:
    call = side.press(KIOSK, reason="paper")["call"]
    office = snapshots.hall_snapshot(side.hall(), OFFICE.device, [])
    for seen in (side.at_door(), side.at_desk(), side.at_kiosk(), office):
        assert [(one.call, one.device, one.reason) for one in seen.help] == [
            (call, "kiosk-1", "paper")
        ]
        assert seen.help[0].answered_by is None


def test_pressing_again_rings_again_but_is_one_call_and_never_refused(side: VisitorSide) -> None:
    """F45: a child on the button rings once in ten seconds."""
    door = side.connect(DOOR)
    first = side.press(KIOSK)
    for _ in range(20):
        side.pass_s(0.4)
        again = side.press(KIOSK)
        assert (again["type"], again["call"]) == ("Accepted", first["call"])
    assert door.heard.count("OfficerCall") == 1
    side.pass_s(3)
    assert side.press(KIOSK)["call"] == first["call"]
    assert door.heard.count("OfficerCall") == 2
    assert last(door, "OfficerCall")["since"] == door.frames[-2]["since"], "since the first press"
    assert len(side.at_door().help) == 1


def test_two_devices_call_side_by_side_the_older_first(side: VisitorSide) -> None:
    side.press(OTHER_KIOSK)
    side.pass_s(1)
    side.press(PAD)
    side.press(KIOSK)
    assert [one.device for one in side.at_door().help] == ["kiosk-2", "kiosk-1", "pad-1"]


def test_who_answers_goes_there_and_the_next_one_need_not(side: VisitorSide) -> None:
    call = side.press(KIOSK)["call"]
    side.pass_s(4)
    assert side.ask(m.AnswerCall(id=uuid4(), call=call), DOOR)["type"] == "Accepted"
    (seen,) = side.at_door().help
    assert (seen.answered_by, seen.answered_at) == ("Budi", seen.answered_at)
    assert side.ask(m.AnswerCall(id=uuid4(), call=call), DOOR)["type"] == "Accepted"
    refused = side.ask(m.AnswerCall(id=uuid4(), call=call), DESK)
    assert (refused["reason"], refused["message"]) == ("too-late", "Budi sudah menuju ke sana.")
    assert side.ask(m.AnswerCall(id=uuid4(), call="x"), DESK)["reason"] == "too-late"


def test_no_name_of_anybody_reaches_a_kiosk(side: VisitorSide) -> None:
    """protocol.md: no notice to a kiosk carries a name; it says that an officer comes (I12)."""
    call = side.press(KIOSK)["call"]
    side.ask(m.AnswerCall(id=uuid4(), call=call), DOOR)
    kiosk = side.connect(KIOSK)
    (seen,) = last(kiosk, "KioskSnapshot")["help"]
    assert seen["answered_by"] == "Petugas"
    assert "Budi" not in json.dumps(kiosk.frames)


def test_an_answered_call_is_over_after_a_while_and_a_press_before_is_a_new_one(
    side: VisitorSide,
) -> None:
    call = side.press(KIOSK)["call"]
    side.ask(m.AnswerCall(id=uuid4(), call=call), DOOR)
    side.pass_s(11)
    other = side.press(KIOSK)["call"]
    assert other != call, "the officer has not come"
    side.ask(m.AnswerCall(id=uuid4(), call=other), DOOR)
    side.pass_s(179.9)
    assert side.at_kiosk().help
    side.pass_s(0.2)
    assert side.at_kiosk().help == []


def test_a_call_that_nobody_answers_ends_by_the_clock_and_wakes_the_snapshots(
    side: VisitorSide,
) -> None:
    side.set(help__call_life_s="60")
    side.press(KIOSK)
    side.notices.flush()
    side.pass_s(59.9)
    assert not side.notices.follow_clock()
    side.pass_s(0.2)
    assert side.notices.follow_clock()
    assert side.at_door().help == []


def test_a_desk_that_comes_back_rings_for_what_still_stands(side: VisitorSide) -> None:
    """Moments are due again after a reconnect."""
    call = side.press(KIOSK)["call"]
    assert last(side.connect(DOOR), "OfficerCall")["call"] == call
    side.restart()
    assert last(side.connect(DOOR), "OfficerCall")["call"] == call, "and after a restart"
    side.ask(m.AnswerCall(id=uuid4(), call=call), DESK)
    assert "OfficerCall" not in side.connect(DOOR).heard


def test_a_retry_of_a_press_is_the_same_press(side: VisitorSide) -> None:
    """Law I6."""
    word = m.CallOfficer(id=uuid4())
    first = side.ask(word, KIOSK)
    side.pass_s(20)
    revision = side.lane.day.revision
    assert side.ask(word, KIOSK) == first
    assert side.lane.day.revision == revision


def test_help_is_heard_when_the_day_is_closed(side: VisitorSide) -> None:
    side.ask(m.CloseBranchDay(id=uuid4()), OFFICE)
    assert side.press(KIOSK)["type"] == "Accepted"
