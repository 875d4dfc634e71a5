"""What wants the manager's eye (B4): who is named, when the clock alone says so, and when not."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from protocol import messages as m
from server import snapshots
from server.connections import Connections
from server.domain.branch import Branch
from server.domain.calling import decide_no_show, decide_requeue
from server.domain.closing import decide_day_end
from server.domain.events import AnnouncementConfirmed, TextPosted
from server.domain.seating import decide_pause
from server.domain.serving import Destination, decide_start, decide_transfer
from server.instants import instant
from server.notices import Notices
from tests.server.branch_example import BRANCH, HandTurnedDay, branch_with
from tests.server.lane_story import WEB
from tests.server.pages_story import PagesStory

TV = m.DeviceHealth(device="tv-1", role="display", connected=True, since=None, voice="ok")
KIOSK = m.DeviceHealth(device="kiosk-1", role="kiosk", connected=True, since=None, paper="ok")


class Watched(HandTurnedDay):
    """A day with the manager's page and the notices beside it."""

    def __init__(self, branch: Branch = BRANCH) -> None:
        super().__init__(branch)
        self.notices = Notices(Connections(), lambda: self.day, lambda: self.now_ms)

    def page(self, *devices: m.DeviceHealth) -> m.HallSnapshot:
        displays = [one.device for one in devices if one.role == "display" and one.connected]
        seen = snapshots.Hall(self.day, self.now_ms, displays)
        return snapshots.hall_snapshot(seen, "office-1", list(devices))

    def alerts(self, *devices: m.DeviceHealth) -> list[tuple[str, str]]:
        return [(one.code, one.subject) for one in self.page(*devices).alerts]

    def said(self, language: str = "id") -> list[str]:
        return [one.message[language] for one in self.page().alerts]

    def clock_tells(self) -> bool:
        """Whether the clock alone makes a snapshot due; it is then sent."""
        told = self.notices.follow_clock()
        if told:
            self.notices.flush()
        return told


def quietly(stretch: str, **rules: Any) -> Watched:
    return Watched(branch_with(alert_quiet=stretch, **rules))


# Long waits.


def test_who_waits_too_long_is_named_and_opened_and_the_others_are_counted() -> None:
    """B4: after ``alert.waiting_s`` exactly, per service the one who waits the longest."""
    hall = Watched()
    first = hall.issue("B")
    hall.pass_s(60)
    hall.issue("B")
    hall.issue("A")
    hall.pass_s(1739)
    assert hall.alerts() == []
    hall.pass_s(1)
    (alert,) = hall.page().alerts
    assert (alert.code, alert.subject, alert.ticket) == ("long-wait", "B001", first.id)
    assert alert.service == "B"
    assert alert.message == {
        "id": "B001 (Layanan B) sudah menunggu 30 menit; panggil sekarang?",
        "en": "B001 (Service B) has waited for 30 minutes; call now?",
    }
    hall.pass_s(60)
    assert hall.alerts() == [("long-wait", "B001"), ("long-wait", "A001")]
    assert "31 menit, begitu pula 1 orang lain; panggil sekarang?" in hall.said()[0]
    desk = hall.seat(3)
    assert hall.call_next(desk).id == first.id
    assert hall.alerts() == [("long-wait", "B002"), ("long-wait", "A001")]


def test_who_was_served_before_waits_anew_since_then() -> None:
    """Minutes at a counter are no waiting."""
    hall = Watched()
    ticket = hall.issue("A")
    desk = hall.seat(1)
    hall.call_next(desk)
    hall.do(decide_start(hall.day, desk, ticket.id))
    hall.pass_s(1500)
    to = Destination(service="B")
    hall.do(decide_transfer(hall.day, desk, ticket.id, to, "staff-1", hall.now_ms))
    hall.pass_s(1799)
    assert [one for one in hall.alerts() if one[0] == "long-wait"] == []
    hall.pass_s(1)
    assert ("long-wait", "A001") in hall.alerts()
    assert "30 menit" in hall.said()[0]


def test_who_came_back_after_a_missed_call_waits_since_then() -> None:
    hall = Watched()
    desk = hall.seat(1)
    ticket = hall.issue("A")
    hall.pass_s(1500)
    hall.call_next(desk)
    hall.do(decide_no_show(hall.day, desk, ticket.id, hall.now_ms))
    hall.pass_s(500)
    hall.do(decide_requeue(hall.day, ticket.id, "staff-1", hall.now_ms))
    hall.pass_s(1799)
    assert ("long-wait", "A001") not in hall.alerts()
    hall.pass_s(1)
    assert ("long-wait", "A001") in hall.alerts()


def test_a_ticket_that_was_seen_overdue_is_not_lost_from_the_watch() -> None:
    """Those who came back stand in a list of their own once the promise has looked at them."""
    hall = Watched(branch_with(overdue_s=0, help_after_s=None))
    desk = hall.seat(1)
    ticket = hall.issue("A")
    hall.call_next(desk)
    hall.do(decide_no_show(hall.day, desk, ticket.id, hall.now_ms))
    hall.pass_s(10)
    hall.do(decide_requeue(hall.day, ticket.id, "staff-1", hall.now_ms))
    hall.pass_s(2000)
    assert hall.day.next_choice(desk, hall.now_ms) is not None
    assert ("long-wait", "A001") in hall.alerts()


# Counters.


def test_a_counter_that_is_idle_with_a_line_and_a_break_that_is_too_long() -> None:
    hall = Watched()
    hall.seat(1)
    resting = hall.seat(2)
    hall.do(decide_pause(hall.day, resting, "break"))
    hall.pass_s(400)
    hall.issue("A")  # from now on counter 1 is idle with a line
    hall.pass_s(199)
    assert hall.alerts() == []
    hall.pass_s(1)
    (alert,) = hall.page().alerts
    assert (alert.code, alert.subject, alert.counter) == ("long-pause", "2", 2)
    assert alert.message == {
        "id": "Loket 2 sudah istirahat 10 menit.",
        "en": "Counter 2 has been on a break for 10 minutes.",
    }
    hall.pass_s(100)
    assert hall.alerts() == [("idle-counter", "1"), ("long-pause", "2")]
    assert hall.said()[0] == "Loket 1 menganggur 5 menit padahal ada yang menunggu."
    hall.call_next(hall.day.desks[1])
    assert hall.alerts() == [("long-pause", "2")]


# Calls and devices.


def test_a_call_that_no_display_spoke_or_showed_is_an_alert_where_there_are_displays() -> None:
    """I10: a silent TV is noticed by the calls that it does not confirm."""
    hall = Watched()
    hall.issue("A")
    called = hall.call_next(hall.seat(1))
    hall.pass_s(9)
    assert hall.alerts(TV) == []
    hall.pass_s(1)
    assert hall.alerts() == [], "a branch without displays calls aloud"
    (alert,) = hall.page(TV).alerts
    assert (alert.code, alert.subject) == ("call-unheard", "A001")
    assert (alert.ticket, alert.counter) == (called.id, 1)
    assert called.announcement is not None
    spoken = AnnouncementConfirmed(
        announcement=called.announcement, device="tv-1", outcome="spoken"
    )
    hall.do([spoken])
    assert hall.alerts(TV) == []


@pytest.mark.parametrize(
    ("device", "code"),
    [
        ({"paper": "low"}, "paper-low"),
        ({"paper": "out"}, "paper-out"),
        ({"paper": "cover"}, "paper-cover"),
        ({"paper": "fault"}, "paper-fault"),
        ({"voice": "failed"}, "voice-failed"),
        ({"connected": False}, "device-lost"),
        ({"paper": "ok"}, None),
        ({"paper": "unknown"}, None),
        ({"voice": "muted"}, None),
    ],
)
def test_what_a_device_says_of_itself(device: dict[str, Any], code: str | None) -> None:
    """F32: what is not known alarms nobody; ``muted`` is silent because the branch wants it so."""
    fields = {"device": "d-1", "role": "kiosk", "connected": True, "since": None, **device}
    alerts = Watched().page(m.DeviceHealth(**fields)).alerts
    assert [(one.code, one.device) for one in alerts] == ([(code, "d-1")] if code else [])


# Quiet hours. The example's day begins at 21:13:20 in Jakarta.


@pytest.mark.parametrize(
    ("stretch", "is_quiet"),
    [
        ("21:00-22:00", True),
        ("21:44-21:45", False),
        ("21:43-21:44", True),
        ("21:00-21:43", False),
        ("20:00-06:00", True),
        ("23:00-21:44", True),
        ("23:00-21:43", False),
        ("21:43-21:43", False),
        ("", False),
    ],
)
def test_in_quiet_hours_nobody_is_warned_of_anything(stretch: str, is_quiet: bool) -> None:
    """Also over midnight, and by the branch's own clock; the end is not quiet any more."""
    hall = quietly(stretch)
    hall.issue("A")
    hall.pass_s(1800)  # 21:43:20
    lost = m.DeviceHealth(device="tv-1", role="display", connected=False, since=None)
    seen = hall.alerts(lost, KIOSK)
    assert seen == ([] if is_quiet else [("long-wait", "A001"), ("device-lost", "tv-1")])


def test_a_closed_day_warns_of_nobody_who_waits() -> None:
    hall = Watched()
    resting = hall.seat(2)
    hall.do(decide_pause(hall.day, resting, "break"))
    hall.issue("A")
    hall.pass_s(3600)
    hall.do(decide_day_end(hall.day, hall.now_ms))
    assert hall.alerts() == []


# The clock alone.


def test_the_clock_alone_raises_a_long_wait_and_tells_its_minutes_once_each() -> None:
    """Nobody does anything, and the manager sees it all the same (live within 2 s)."""
    hall = Watched()
    hall.issue("A")
    hall.notices.flush()
    hall.pass_s(1799)
    assert not hall.clock_tells()
    hall.pass_s(1)
    assert hall.clock_tells()
    hall.pass_s(59)
    assert not hall.clock_tells()
    hall.pass_s(1)
    assert hall.clock_tells()


def test_the_clock_alone_raises_what_counters_do_for_too_long() -> None:
    hall = Watched(branch_with(help_after_s=None))
    hall.seat(1)
    resting = hall.seat(2)
    hall.do(decide_pause(hall.day, resting, "break"))
    hall.issue("A")
    hall.notices.flush()
    hall.pass_s(299)
    assert not hall.clock_tells()
    hall.pass_s(1)
    assert hall.clock_tells(), "idle"
    hall.pass_s(59)
    assert not hall.clock_tells()
    hall.pass_s(241)
    assert hall.clock_tells(), "the break, and more minutes"
    assert hall.alerts() == [("idle-counter", "1"), ("long-pause", "2")]


def test_the_clock_alone_begins_and_ends_quiet_hours() -> None:
    hall = quietly("21:50-22:00")
    hall.issue("A")
    hall.pass_s(1800 + 399)  # 21:49:59
    hall.notices.flush()
    assert hall.alerts() != []
    hall.pass_s(1)
    assert hall.clock_tells()
    assert hall.alerts() == []
    hall.pass_s(599)
    assert not hall.clock_tells()
    hall.pass_s(1)
    assert hall.clock_tells()
    assert hall.alerts() != []


# What else the page needs live.


def test_a_counter_says_who_sits_there_and_what_it_holds_since_when() -> None:
    hall = Watched()
    ticket = hall.issue("A")
    desk = hall.seat(1, "sari")
    hall.call_next(desk)
    hall.pass_s(30)
    hall.do(decide_start(hall.day, desk, ticket.id))
    started_at = instant(hall.now_ms)
    hall.pass_s(60)
    one, two, _ = hall.page().counters
    assert (one.staff, one.staff_name, one.ticket, one.ticket_state) == (
        "sari",
        "Sari",
        "A001",
        "serving",
    )
    assert (one.ticket_id, one.ticket_service, one.ticket_since) == (ticket.id, "A", started_at)
    assert (two.staff_name, two.ticket_id, two.ticket_since) == ("", None, None)


def test_the_line_on_the_tv_is_shown_as_long_as_it_stands() -> None:
    hall = Watched(replace(BRANCH, board_text={"id": "Sama"}))
    assert hall.page().posted_text is None, "the branch's own line is nobody's post"
    until_ms = hall.now_ms + 60_000
    posted = TextPosted(text={"id": "Sama"}, staff="dewi", device="office-1", until_ms=until_ms)
    hall.do([posted])
    page = hall.page()
    until: datetime | None = page.posted_until
    assert (page.posted_text, until) == ({"id": "Sama"}, instant(until_ms))
    hall.notices.flush()
    hall.pass_s(60)
    assert hall.clock_tells()
    assert (hall.page().posted_text, hall.page().posted_until) == (None, None)


def test_the_page_counts_the_places_that_were_booked_from_home(tmp_path: Path) -> None:
    story = PagesStory(tmp_path)
    story.set_clock("08:20")
    story.together()

    def counts() -> m.BookingCounts | None:
        seen = snapshots.Hall(story.lane.day, story.clock.ms)
        return snapshots.hall_snapshot(seen, "office-1", []).bookings

    assert counts() is None, "nobody books from home here"
    story.let_people_book()
    assert counts() == m.BookingCounts(open=0, checked_in=0, cancelled=0, lapsed=0)
    booked = [story.booked("08:30", name) for name in "ab"]
    story.booked("14:00", "c")
    story.check_in(booked[0]["code"])
    assert counts() == m.BookingCounts(open=2, checked_in=1, cancelled=0, lapsed=0)
    story.ask(m.CancelBooking(id=uuid4(), link=booked[1]["link"]), WEB)
    story.set_clock("14:45")
    story.together()
    assert counts() == m.BookingCounts(open=0, checked_in=1, cancelled=1, lapsed=1)
    story.store.close()
