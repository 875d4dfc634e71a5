"""Complaints: when they are due (domain.md 2.6), their steps, and what people are reminded of."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import complaints
from server.domain.branch import Branch
from server.domain.branch_day import BranchDay
from server.domain.door import ComplaintLevel, DoorCatalogue
from server.domain.due_times import answer_due_ms, solved_due_ms
from server.domain.errors import QueueRuleError
from server.domain.events import ComplaintFiled, ComplaintUpdated, Recorded
from server.domain.hall_door import Complaint
from server.domain.opening import OpeningHours
from tests.server.branch_example import BRANCH, DATE, HandTurnedDay
from tests.server.domain.played_day import facts

JAKARTA = ZoneInfo("Asia/Jakarta")
RED = ComplaintLevel("red", {"id": "Merah"}, 30, 1)
YELLOW = ComplaintLevel("yellow", {"id": "Kuning"}, 30, 5)
GREEN = ComplaintLevel("green", {"id": "Hijau"}, 30, 10)
LEVELS = {one.code: one for one in (RED, YELLOW, GREEN)}
WORKDAYS = OpeningHours(
    days=(
        *(((480, 720), (780, 960)),) * 4,  # Monday to Thursday 08.00-12.00, 13.00-16.00
        ((480, 690),),  # Friday 08.00-11.30
        (),
        (),
    ),
    holidays={date(2026, 11, 24): {"id": "Libur"}},
)


def branch_of(hours: OpeningHours | None = WORKDAYS, **rules: Any) -> Branch:
    return replace(
        BRANCH,
        hours=hours,
        door=DoorCatalogue(complaint_levels=LEVELS),
        rules=replace(BRANCH.rules, **rules),
    )


OPEN = branch_of()


def ms(local: str, zone: ZoneInfo = JAKARTA) -> int:
    return int(datetime.fromisoformat(local).replace(tzinfo=zone).timestamp() * 1000)


def local(at_ms: int, zone: ZoneInfo = JAKARTA) -> str:
    return datetime.fromtimestamp(at_ms / 1000, zone).strftime("%a %d %H:%M")


# 16 November 2026 is a Monday; Tuesday the 24th is a holiday here.


@pytest.mark.parametrize(
    ("filed", "due"),
    [
        ("2026-11-16T09:00", "Mon 16 09:30"),
        ("2026-11-16T11:50", "Mon 16 13:20"),  # the hour at noon does not count
        ("2026-11-16T12:30", "Mon 16 13:30"),
        ("2026-11-16T07:00", "Mon 16 08:30"),  # before the opening
        ("2026-11-16T15:30", "Mon 16 16:00"),
        ("2026-11-16T15:50", "Mon 16 16:00"),  # the same day, so at its close
        ("2026-11-16T16:00", "Tue 17 08:30"),  # after the close: from the next opening
        ("2026-11-20T11:20", "Fri 20 11:30"),
        ("2026-11-20T11:30", "Mon 23 08:30"),
        ("2026-11-21T10:00", "Mon 23 08:30"),  # a Saturday
        ("2026-11-23T18:00", "Wed 25 08:30"),  # the next day is a holiday
        ("2026-11-24T09:00", "Wed 25 08:30"),
    ],
)
def test_the_first_answer_is_due_within_minutes_of_opening_hours(filed: str, due: str) -> None:
    assert local(answer_due_ms(OPEN, RED, ms(filed))) == due


@pytest.mark.parametrize(
    ("level", "filed", "due"),
    [
        (RED, "2026-11-16T09:00", "Tue 17 16:00"),
        (RED, "2026-11-16T23:59", "Tue 17 16:00"),
        (RED, "2026-11-19T09:00", "Fri 20 11:30"),
        (RED, "2026-11-20T09:00", "Mon 23 16:00"),
        (RED, "2026-11-22T09:00", "Mon 23 16:00"),
        (RED, "2026-11-23T09:00", "Wed 25 16:00"),
        (YELLOW, "2026-11-16T09:00", "Mon 23 16:00"),
        (YELLOW, "2026-11-17T09:00", "Wed 25 16:00"),
        (GREEN, "2026-11-16T09:00", "Tue 01 16:00"),
    ],
)
def test_it_is_solved_by_the_end_of_a_working_day(
    level: ComplaintLevel, filed: str, due: str
) -> None:
    assert local(solved_due_ms(OPEN, level, ms(filed))) == due


def test_without_hours_of_the_week_monday_to_friday_are_working_days() -> None:
    holidays = {date(2026, 11, 23): {"id": "Libur"}}
    for hours, due in (
        (None, "Tue 24 00:00"),
        (OpeningHours(), "Tue 24 00:00"),
        (OpeningHours(holidays=holidays), "Wed 25 00:00"),
        (OpeningHours(days=((),) * 7), "Tue 24 00:00"),
    ):
        assert local(solved_due_ms(branch_of(hours), RED, ms("2026-11-20T09:00"))) == due
    assert local(answer_due_ms(branch_of(None), RED, ms("2026-11-21T23:50"))) == "Sun 22 00:20"
    never = branch_of(OpeningHours(days=((),) * 7))
    assert local(answer_due_ms(never, RED, ms("2026-11-21T23:50"))) == "Sun 22 00:20"


def test_a_level_that_is_solved_on_the_same_day() -> None:
    at_once = ComplaintLevel("now", {}, 5, 0)
    assert local(solved_due_ms(OPEN, at_once, ms("2026-11-16T09:00"))) == "Mon 16 16:00"
    assert local(solved_due_ms(OPEN, at_once, ms("2026-11-16T16:30"))) == "Tue 17 16:00"
    assert local(solved_due_ms(OPEN, at_once, ms("2026-11-21T09:00"))) == "Mon 23 16:00"


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Jayapura"])
def test_times_are_those_of_the_clock_on_the_branch_s_wall(zone: str) -> None:
    """F15: over the night in which the clock is put back, the day still ends at 16.00."""
    there = ZoneInfo(zone)
    branch = replace(branch_of(), time_zone=there)
    due = solved_due_ms(branch, RED, ms("2026-10-30T09:00", there))
    assert local(due, there) == "Mon 02 16:00"


@given(
    minutes=st.integers(0, 14 * 24 * 60),
    level=st.sampled_from(sorted(LEVELS)),
    hours=st.sampled_from([None, WORKDAYS, OpeningHours(holidays=WORKDAYS.holidays)]),
)
def test_no_due_time_lies_before_the_filing_nor_where_nobody_works(
    minutes: int, level: str, hours: OpeningHours | None
) -> None:
    branch, found = branch_of(hours), LEVELS[level]
    from_ms = ms("2026-11-15T00:00") + minutes * 60_000
    answer, solved = answer_due_ms(branch, found, from_ms), solved_due_ms(branch, found, from_ms)
    assert from_ms <= answer
    assert from_ms < solved
    if hours is WORKDAYS:
        for due in (answer, solved):
            day = datetime.fromtimestamp(due / 1000, JAKARTA)
            work = WORKDAYS.work_of(day.date(), JAKARTA)
            assert any(start < due <= end for start, end in work), day


@given(later=st.integers(0, 10**9))
def test_who_complains_later_is_not_owed_an_answer_sooner(later: int) -> None:
    first = ms("2026-11-16T08:00")
    for due in (answer_due_ms, solved_due_ms):
        assert due(OPEN, YELLOW, first) <= due(OPEN, YELLOW, first + later)


# The life of one.


class Desk(HandTurnedDay):
    """A day on which complaints are filed and followed."""

    def __init__(self, **rules: Any) -> None:
        super().__init__(branch_of(**rules))
        self.now_ms = ms("2026-09-21T09:00")

    def file(self, level: str = "red", **fields: Any) -> str:
        asked = complaints.NewComplaint(self.new_id(), level, "door-1", "budi", **fields)
        self.do(complaints.decide_file(self.day, asked, self.now_ms))
        return asked.complaint

    def say(self, complaint: str, step: str | None = None, **said: Any) -> list[Any]:
        update = complaints.Update(step, **said)
        return self.do(
            complaints.decide_update(self.day, complaint, update, "door-1", "budi", self.now_ms)
        )

    def state(self, complaint: str) -> str:
        return self.day.complaints[complaint].state


LAWFUL = {
    "open": {"answered", "solved", "withdrawn", "escalated"},
    "answered": {"solved", "withdrawn", "escalated"},
    "escalated": {"solved", "withdrawn", "reopened"},
    "solved": {"reopened"},
    "withdrawn": {"reopened"},
}
WAYS = {
    "open": (),
    "answered": ("answered",),
    "escalated": ("escalated",),
    "solved": ("solved",),
    "withdrawn": ("withdrawn",),
}
STEPS = ("answered", "solved", "withdrawn", "escalated", "reopened")


@pytest.mark.parametrize("state", LAWFUL)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_from_where_it_may_be(state: str, step: str) -> None:
    desk = Desk()
    complaint = desk.file()
    for one in WAYS[state]:
        desk.say(complaint, one)
    assert desk.state(complaint) == state
    if step in LAWFUL[state]:
        desk.say(complaint, step)
        assert desk.state(complaint) == ("open" if step == "reopened" else step)
    else:
        with pytest.raises(QueueRuleError) as no:
            desk.say(complaint, step)
        assert (no.value.reason, no.value.facts["state"]) == ("wrong-state", state)
        assert desk.state(complaint) == state


def test_what_is_filed_has_its_times_and_everything_that_was_said_of_it() -> None:
    desk = Desk()
    ticket = desk.issue()
    complaint = desk.file("yellow", ticket=ticket.id, anonymous=True, sipp="S-1", lapor="77/A.1")
    found = desk.day.complaints[complaint]
    assert local(found.answer_due_at_ms) == "Mon 21 09:30"
    assert local(found.due_at_ms) == "Mon 28 16:00"
    assert (found.ticket, found.anonymous) == (ticket.id, True)
    assert (found.sipp, found.lapor, found.business_date) == ("S-1", "77/A.1", DATE)
    assert desk.day.changes.complaints == {complaint: found}


def test_a_level_that_is_put_right_counts_from_the_filing() -> None:
    desk = Desk()
    complaint = desk.file("green")
    desk.pass_s(3600)
    desk.say(complaint, level="red")
    found = desk.day.complaints[complaint]
    assert (found.level, local(found.answer_due_at_ms)) == ("red", "Mon 21 09:30")
    assert local(found.due_at_ms) == "Tue 22 16:00"


def test_one_that_is_opened_again_has_its_time_again() -> None:
    desk = Desk()
    complaint = desk.file("red")
    desk.say(complaint, "answered")
    answered_at_ms = desk.now_ms
    desk.pass_s(600)
    desk.say(complaint, "solved")
    assert desk.day.complaints[complaint].closed_at_ms == desk.now_ms
    desk.pass_s(2 * 86_400)
    desk.say(complaint, "reopened")
    found = desk.day.complaints[complaint]
    assert (found.closed_at_ms, found.answered_at_ms) == (None, answered_at_ms)
    assert local(found.due_at_ms) == "Thu 24 16:00"


def test_numbers_of_elsewhere_are_put_right_and_nothing_new_is_no_event() -> None:
    desk = Desk()
    complaint = desk.file(sipp="S-1")
    (event,) = desk.say(complaint, lapor="12345")
    assert isinstance(event, ComplaintUpdated)
    assert (event.sipp, event.lapor, event.state) == ("S-1", "12345", "open")
    assert desk.say(complaint) == []
    assert desk.say(complaint, lapor="12345", level="red") == []
    (noted,) = desk.say(complaint, noted=True)
    assert noted.noted
    desk.say(complaint, sipp="")
    assert desk.day.complaints[complaint].sipp == ""


@pytest.mark.parametrize(
    "text", ["a b", "S--1", "-1", "S_1", "1\u202e2", "№5", "١٢", "1;2", "=1", "a" * 3 + "\n"]
)
def test_a_number_of_elsewhere_is_letters_digits_and_single_marks(text: str) -> None:
    desk = Desk()
    with pytest.raises(QueueRuleError) as no:
        desk.file(sipp=text)
    assert (no.value.reason, no.value.facts["field"]) == ("bad-value", "sipp")
    assert desk.day.complaints == {}


def test_an_unknown_level_and_an_unknown_complaint_are_refused() -> None:
    desk = Desk()
    with pytest.raises(QueueRuleError, match="bad-value"):
        desk.file("purple")
    complaint = desk.file()
    with pytest.raises(QueueRuleError, match="bad-value"):
        desk.say(complaint, level="purple")
    with pytest.raises(QueueRuleError, match="unknown-record"):
        desk.say("nothing", "solved")


@pytest.mark.parametrize(("days", "noted"), [(0, 0), (30, 0), (31, 31), (400, 400)])
def test_a_late_complaint_is_taken_and_noted_as_late(days: int, noted: int) -> None:
    """UU 25/2009 Art. 40: within 30 days; whoever comes later is not sent away."""
    desk = Desk()
    served_on = (date.fromisoformat(DATE) - timedelta(days)).isoformat()
    desk.file(served_on=served_on)
    event = desk.entries[-1].event
    assert isinstance(event, ComplaintFiled)
    assert event.days_after == noted


# Reminders.


def test_reminders_follow_the_clock_alone() -> None:
    desk = Desk(complaint_due_soon_s=600)
    complaint = desk.file("red")
    found = desk.day.complaints[complaint]
    seen = [
        (minutes, complaints.urgency(found, 600, desk.now_ms + minutes * 60_000))
        for minutes in (0, 19, 20, 29, 30)
    ]
    assert seen == [(0, ""), (19, ""), (20, "due-soon"), (29, "due-soon"), (30, "answer-overdue")]
    desk.pass_s(1800)
    assert complaints.reminders_of(desk.day, desk.now_ms) == complaints.Reminders(1, 0, 1)
    desk.say(complaint, "answered")
    assert complaints.reminders_of(desk.day, desk.now_ms) == complaints.Reminders(1, 0, 0)
    found = desk.day.complaints[complaint]
    assert complaints.urgency(found, 600, found.due_at_ms - 600_000) == "due-soon"
    assert complaints.urgency(found, 600, found.due_at_ms) == "overdue"
    desk.say(complaint, "solved")
    closed = desk.day.complaints[complaint]
    assert complaints.urgency(closed, 600, closed.due_at_ms + 1) == ""
    assert complaints.reminders_of(desk.day, closed.due_at_ms + 1) == complaints.Reminders()


# The day told again.


def _earlier(**fields: Any) -> Complaint:
    filed_ms = ms("2026-09-18T10:00")
    made: dict[str, Any] = {
        "id": "old",
        "business_date": "2026-09-18",
        "filed_at_ms": filed_ms,
        "level": "red",
        "state": "open",
        "answer_due_at_ms": filed_ms + 1_800_000,
        "due_at_ms": ms("2026-09-21T16:00"),
        "device": "door-1",
        "staff": "budi",
    }
    return Complaint(**made | fields)


class Morning(Desk):
    """A day that begins with a complaint of an earlier one."""

    def __init__(self, **fields: Any) -> None:
        super().__init__()
        self.at_hand = [_earlier(**fields)]
        self.day = BranchDay(self.branch, DATE, None, self.at_hand)
        entries, self.entries = self.entries, []
        for recorded in entries:
            self._again(recorded)

    def _again(self, recorded: Recorded) -> None:
        self.entries.append(recorded)
        self.day.apply(recorded)

    def told_again(self, at_hand: list[Complaint]) -> BranchDay:
        day = BranchDay(self.branch, DATE, None, at_hand)
        for recorded in self.entries:
            day.apply(recorded)
        return day


STORIES = st.lists(st.sampled_from([*STEPS, "level", "sipp", "note"]), max_size=8)


@given(story=STORIES, state=st.sampled_from(sorted(LAWFUL)))
def test_told_again_from_the_morning_or_from_the_newest_rows_a_day_is_the_same(
    story: list[str], state: str
) -> None:
    """Law I3, F01: a restart reads the rows as they are by now, and tells today's events again."""
    closed = {"closed_at_ms": ms("2026-09-19T10:00")} if state in ("solved", "withdrawn") else {}
    morning = Morning(state=state, **closed)
    todays = morning.file("green")
    for what in story:
        morning.pass_s(60)
        for complaint in ("old", todays):
            said: dict[str, Any] = {"step": what} if what in STEPS else {}
            if what == "level":
                said = {"level": "yellow"}
            elif what == "sipp":
                said = {"sipp": f"S-{morning.now_ms}"}
            elif what == "note":
                said = {"noted": True}
            try:
                morning.say(complaint, **said)
            except QueueRuleError as no:
                assert no.reason == "wrong-state"  # noqa: PT017 (only some steps are lawful)
    live = facts(morning.day)
    assert facts(morning.told_again(morning.at_hand)) == live
    newest = [morning.day.complaints["old"]]
    assert facts(morning.told_again(newest)) == live


def test_an_event_about_what_is_not_at_hand_is_heard_and_changes_nothing() -> None:
    """A history is told again without the rows of earlier days, too."""
    morning = Morning()
    morning.say("old", "solved")
    alone = morning.told_again([])
    assert alone.complaints == {}
    assert alone.revision == morning.day.revision
