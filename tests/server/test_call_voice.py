"""Whether a call was heard, at the counter that made it (I10: spoken, or shown as not spoken)."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from protocol import messages as m
from protocol.roles import DeviceRole
from server.commands.handler import Asker
from tests.server.lane_story import DESK, TV
from tests.server.test_words import last
from tests.server.visitor_side import VisitorSide

OTHER_TV = Asker("tv-2", DeviceRole.DISPLAY)


@pytest.fixture
def side(tmp_path: Path) -> Iterator[VisitorSide]:
    told = VisitorSide(tmp_path)
    told.issue()
    yield told
    told.store.close()


def say(side: VisitorSide, outcome: m.AnnouncementOutcome, asker: Asker = TV) -> None:
    call = side.lane.day.tickets[side.lane.day.desks[1].ticket or ""].announcement
    assert call is not None
    word = m.ConfirmAnnouncement(id=uuid4(), announcement=call, outcome=outcome)
    assert side.ask(word, asker)["type"] == "Accepted"


def test_a_call_waits_for_its_voice_for_ten_seconds(side: VisitorSide) -> None:
    assert side.at_desk("tv-1").call_voice is None
    side.call()
    assert side.at_desk("tv-1").call_voice == "waiting"
    side.pass_s(9.9)
    assert side.at_desk("tv-1").call_voice == "waiting"
    side.pass_s(0.1)
    assert side.at_desk("tv-1").call_voice == "late"


def test_without_a_display_nobody_will_say_anything(side: VisitorSide) -> None:
    side.call()
    assert side.at_desk().call_voice == "late"


def test_one_display_that_spoke_is_enough_and_one_that_could_not_is_not(side: VisitorSide) -> None:
    side.call()
    say(side, "failed")
    assert side.at_desk("tv-1", "tv-2").call_voice == "waiting", "the other one may still speak it"
    assert side.at_desk("tv-1").call_voice == "failed", "there is no other one"
    say(side, "shown", OTHER_TV)
    assert side.at_desk("tv-1", "tv-2").call_voice == "shown"
    say(side, "spoken", OTHER_TV)
    assert side.at_desk("tv-1", "tv-2").call_voice == "spoken"


def test_called_again_it_is_asked_anew_and_the_older_announcement_is_not_due_any_more(
    side: VisitorSide,
) -> None:
    ticket = side.call()
    older = last(side.connect(TV), "Announcement")["announcement"]
    say(side, "spoken")
    side.pass_s(6)
    side.ask(m.RecallTicket(id=uuid4(), ticket=ticket), DESK)
    assert side.at_desk("tv-1").call_voice == "waiting"
    due = [one for one in side.connect(TV).frames if one["type"] == "Announcement"]
    assert [one["call_count"] for one in due] == [2]
    assert due[0]["announcement"] != older


def test_the_voice_is_of_no_concern_once_the_visitor_came(side: VisitorSide) -> None:
    side.ask(m.StartService(id=uuid4(), ticket=side.call()), DESK)
    assert side.at_desk("tv-1").call_voice is None


def test_that_nobody_spoke_in_time_reaches_the_counter_without_any_event(
    side: VisitorSide,
) -> None:
    side.connect(TV)
    desk = side.connect(DESK)
    side.call()
    side.notices.flush()
    assert last(desk, "QueueSnapshot")["call_voice"] == "waiting"
    side.pass_s(9.9)
    assert not side.notices.follow_clock()
    side.pass_s(0.2)
    assert side.notices.follow_clock()
    side.notices.flush()
    assert last(desk, "QueueSnapshot")["call_voice"] == "late"


def test_an_announcement_names_its_service(side: VisitorSide) -> None:
    """The voice says it after letters that sound alike."""
    tv = side.connect(TV)
    side.call()
    assert last(tv, "Announcement")["service"] == "A"
