"""The manager's words through lane and store: closing, signing, going on, putting right."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from db import tables as t
from protocol import messages as m
from protocol.roles import DeviceRole
from server import snapshots
from server.commands.handler import Asker
from server.greeting import welcome
from tests.server.lane_story import (
    ADI,
    BUDI,
    DESK,
    DEWI,
    DOOR,
    KIOSK,
    OFFICE,
    OTHER_DESK,
    RINA,
    TV,
    LaneStory,
)

TODAY, TOMORROW = "2026-11-20", "2026-11-21"


@pytest.fixture
def story(tmp_path: Path) -> Iterator[LaneStory]:
    """Rina at counter 1, and Dewi in the office."""
    told = LaneStory(tmp_path)
    told.sit_down(1)
    told.sign_in(OFFICE, DEWI)
    yield told
    told.store.close()


def issue(story: LaneStory, service: str = "A") -> dict[str, Any]:
    return story.ask(m.IssueTicket(id=uuid4(), service=service))


def served(story: LaneStory) -> str:
    """A visitor comes, is served, and the id of the ticket."""
    ticket: str = issue(story)["ticket"]["id"]
    story.ask(m.CallNext(id=uuid4()), DESK)
    story.ask(m.FinishService(id=uuid4(), ticket=ticket, outcome="pending"), DESK)
    return ticket


def close(story: LaneStory, business_date: str | None = None) -> dict[str, Any]:
    of_day = None if business_date is None else date.fromisoformat(business_date)
    return story.ask(m.CloseBranchDay(id=uuid4(), business_date=of_day, note="Rapi"), OFFICE)


def reopen(story: LaneStory) -> dict[str, Any]:
    return story.ask(m.ReopenBranchDay(id=uuid4(), reason="Salah tekan"), OFFICE)


def correct(story: LaneStory, ticket: str, value: str, field: Any = "outcome") -> dict[str, Any]:
    word = m.CorrectRecord(id=uuid4(), ticket=ticket, field=field, value=value, reason="Keliru")
    return story.ask(word, OFFICE)


def rows(story: LaneStory, table: Any) -> list[dict[str, Any]]:
    return story.store.rows(table)


# The day.


def test_after_the_close_only_the_manager_is_heard(story: LaneStory) -> None:
    served(story)
    assert close(story)["type"] == "Accepted"
    assert story.lane.day.signed_by == "dewi"
    for word, asker in (
        (m.CallNext(id=uuid4()), DESK),
        (m.OpenCounter(id=uuid4()), DESK),
        (m.PauseService(id=uuid4(), service="A"), OFFICE),
        (m.SetDiscipline(id=uuid4(), discipline="ratio"), OFFICE),
    ):
        answer = story.ask(word, asker)
        assert answer["reason"] == "day-closed", word
        assert answer["message"].startswith("Hari layanan sudah ditutup")
    for asker, person in ((DESK, RINA), (DOOR, BUDI), (DESK, DEWI)):
        assert story.sign_in(asker, person, None)["reason"] == "day-closed"
    assert close(story)["reason"] == "too-late"
    assert story.ask(m.SignOut(id=uuid4()), OFFICE)["type"] == "Accepted"
    assert story.sign_in(OFFICE, DEWI)["type"] == "Accepted"


def test_the_kiosk_says_kindly_that_the_day_is_closed(story: LaneStory) -> None:
    close(story)
    answer = issue(story)
    assert answer["reason"] == "service-closed"
    assert "sudah ditutup" in answer["message"]


def test_papers_and_announcements_are_confirmed_after_the_close(story: LaneStory) -> None:
    """Laws I9 and I10: what became of them is written down whenever it is known."""
    issue(story)
    story.ask(m.CallNext(id=uuid4()), DESK)
    (job,), (announcement,) = story.lane.day.jobs, story.lane.day.calls
    close(story)
    printed = m.ConfirmPrint(id=uuid4(), job=job, outcome="printed")
    assert story.ask(printed, KIOSK)["type"] == "Accepted"
    spoken = m.ConfirmAnnouncement(id=uuid4(), announcement=announcement, outcome="spoken")
    assert story.ask(spoken, TV)["type"] == "Accepted"


def test_a_day_that_was_closed_too_early_goes_on_with_its_numbers(story: LaneStory) -> None:
    """Law I2; the table says that the day is open, also after a restart."""
    issue(story)
    close(story)
    assert rows(story, t.business_day)[0]["closed_at_ms"] is not None
    story.restart()
    assert story.lane.day.closed
    assert reopen(story)["type"] == "Accepted"
    assert rows(story, t.business_day)[0]["closed_at_ms"] is None
    story.restart()
    assert not story.lane.day.closed
    assert issue(story)["ticket"]["number"] == "A002"
    assert story.lane.day.count("A", "expired") == 1
    close(story)
    assert [row["staff"] for row in rows(story, t.day_signature)] == ["dewi", "dewi"]


def test_a_day_opened_closed_and_reopened_in_one_batch_is_open(story: LaneStory) -> None:
    story.clock.set(f"{TOMORROW}T07:00:00")
    answers = story.together(
        (m.SignIn(id=uuid4(), staff="rina", pin="-"), OFFICE),
        (m.CloseBranchDay(id=uuid4()), OFFICE),
        (m.ReopenBranchDay(id=uuid4(), reason="Salah tekan"), OFFICE),
    )
    assert [answer["type"] for answer in answers] == ["Accepted"] * 3
    yesterday, today = rows(story, t.business_day)
    assert yesterday["closed_at_ms"] is not None
    assert today["closed_at_ms"] is None


def test_the_manager_who_stayed_goes_home_when_the_day_changes(story: LaneStory) -> None:
    """F14: nobody stays signed in over midnight."""
    close(story)
    story.clock.set(f"{TOMORROW}T07:00:00")
    batch = story.lane.decide([])
    story.lane.write(batch)
    kinds = [type(entry.event).__name__ for entry in batch.entries]
    assert kinds == ["StaffSignedOut", "DayOpened"]
    assert story.lane.day.seats == {}
    assert [row["staff"] for row in rows(story, t.day_signature)] == ["dewi"]


def test_a_day_that_the_clock_closed_is_signed_once_afterwards(story: LaneStory) -> None:
    story.clock.set(f"{TOMORROW}T07:00:00")
    story.sign_in(OFFICE, DEWI)
    assert rows(story, t.day_signature) == []
    assert close(story, TODAY)["type"] == "Accepted"
    assert close(story, TODAY)["reason"] == "too-late"
    (signature,) = rows(story, t.day_signature)
    assert (signature["business_date"], signature["staff"]) == (TODAY, "dewi")
    assert signature["note"] == "Rapi"
    story.restart()
    assert close(story, TODAY)["reason"] == "too-late"
    story.clock.set("2026-11-22T07:00:00")
    story.sign_in(OFFICE, DEWI)
    assert close(story, TODAY)["reason"] == "too-late"
    assert close(story, TOMORROW)["type"] == "Accepted"


def test_a_signature_before_the_day_went_on_does_not_count(story: LaneStory) -> None:
    close(story)
    reopen(story)
    story.clock.set(f"{TOMORROW}T07:00:00")
    story.sign_in(OFFICE, DEWI)
    assert close(story, TODAY)["type"] == "Accepted"


def test_a_day_that_never_was_is_not_signed(story: LaneStory) -> None:
    for never in ("2026-11-19", "2027-01-01"):
        assert close(story, never)["reason"] == "bad-value"
    assert close(story, TODAY)["type"] == "Accepted"


# Records.


def test_a_record_of_today_is_put_right_and_the_first_version_stays(story: LaneStory) -> None:
    ticket = served(story)
    assert correct(story, ticket, "solved")["type"] == "Accepted"
    assert correct(story, ticket, "solved")["reason"] == "bad-value"
    assert correct(story, ticket, "referred")["type"] == "Accepted"
    versions = [(row["before"], row["after"]) for row in rows(story, t.correction)]
    assert versions == [("pending", "solved"), ("solved", "referred")]
    assert [row["outcome"] for row in rows(story, t.ticket)] == ["pending"]


def test_a_record_of_an_earlier_day_is_put_right_also_after_the_close(story: LaneStory) -> None:
    ticket = served(story)
    correct(story, ticket, "solved")
    story.clock.set(f"{TOMORROW}T07:00:00")
    story.sign_in(OFFICE, DEWI)
    close(story)
    assert correct(story, ticket, "solved")["reason"] == "bad-value"
    assert correct(story, ticket, "mobile-jkn", "education")["type"] == "Accepted"
    assert correct(story, ticket, "Lengkap", "note")["type"] == "Accepted"
    newest = rows(story, t.correction)[-1]
    assert (newest["business_date"], newest["before"]) == (TODAY, "")
    assert correct(story, "no-such-ticket", "x", "note")["reason"] == "unknown-ticket"


# The running day.


def test_skills_are_set_only_for_those_who_work_here(story: LaneStory) -> None:
    def ask(staff: str) -> dict[str, Any]:
        word = m.SetStaffServices(id=uuid4(), staff=staff, services=["B"])
        return story.ask(word, OFFICE)

    assert ask("adi")["type"] == "Accepted"
    assert ask("ghost")["reason"] == "bad-value"
    story.sit_down(2, OTHER_DESK, ADI)
    issue(story, "A")
    assert story.ask(m.CallNext(id=uuid4()), OTHER_DESK)["reason"] == "queue-empty"
    word = m.SetCounterServices(id=uuid4(), counter=1, services=["B"])
    assert story.ask(word, OFFICE)["type"] == "Accepted"
    assert story.ask(m.CallNext(id=uuid4()), DESK)["reason"] == "queue-empty"


def test_what_was_set_for_a_day_ends_with_it(story: LaneStory) -> None:
    for word in (
        m.SetDiscipline(id=uuid4(), discipline="ratio", priority_in_a_row=2),
        m.SetCounterServices(id=uuid4(), counter=1, services=["B"]),
        m.SetStaffServices(id=uuid4(), staff="rina", services=["B"]),
        m.PauseService(id=uuid4(), service="A", reason="Jaringan putus"),
    ):
        assert story.ask(word, OFFICE)["type"] == "Accepted"
    story.restart()
    day = story.lane.day
    assert (day.rules.discipline, day.rules.priority_in_a_row) == ("ratio", 2)
    assert day.paused_services == {"A": "Jaringan putus"}
    assert issue(story)["message"].count("Jaringan putus") == 1
    assert story.ask(m.ResumeService(id=uuid4(), service="A"), OFFICE)["type"] == "Accepted"
    assert issue(story)["type"] == "Accepted"
    story.ask(m.PauseService(id=uuid4(), service="A"), OFFICE)
    story.clock.set(f"{TOMORROW}T07:00:00")
    assert issue(story)["ticket"]["number"] == "A001"
    day = story.lane.day
    assert (day.rules, day.counter_skills, day.staff_skills) == (day.branch.rules, {}, {})


def test_only_a_managers_device_says_these_words(story: LaneStory) -> None:
    """F47."""
    for asker in (DESK, DOOR, KIOSK, TV):
        answer = story.ask(m.CloseBranchDay(id=uuid4()), asker)
        assert answer["reason"] == "not-allowed"
    answer = story.ask(m.CloseBranchDay(id=uuid4()), Asker("web-1", DeviceRole.WEB))
    assert answer["reason"] == "not-signed-in", "the pages alone are nobody"


def test_every_seat_sees_what_holds_today(story: LaneStory) -> None:
    word = m.SetCounterServices(id=uuid4(), counter=1, services=["B", "C"], preference={"C": 2})
    story.ask(word, OFFICE)
    ratio = m.SetDiscipline(id=uuid4(), discipline="ratio", regular_in_a_row=4)
    story.ask(ratio, OFFICE)
    story.ask(m.PauseService(id=uuid4(), service="D"), OFFICE)
    day, now_ms = story.lane.day, story.clock.now_ms()
    shown = snapshots.hall_snapshot(snapshots.Hall(day, now_ms), "office-1", [])
    assert (shown.discipline, shown.priority_in_a_row, shown.regular_in_a_row) == ("ratio", 1, 4)
    assert (shown.closed, shown.signed_by, shown.paused_services) == (False, None, ["D"])
    greeted = welcome(day, "office-1", now_ms)
    for counter in (shown.counters[0], greeted.counters[0]):
        assert (counter.services, counter.preference) == (["B", "C"], {"C": 2})
    close(story)
    shown = snapshots.hall_snapshot(snapshots.Hall(day, now_ms), "office-1", [])
    assert (shown.closed, shown.signed_by) == (True, "dewi")
