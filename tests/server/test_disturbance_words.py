"""Causes and disturbances on the wire: what is asked, in which commit, what screens are told."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from db import tables as t
from protocol import messages as m
from server.administration.summary import as_table, read_summary
from server.connections import Connections
from server.disturbance_words import text_of
from server.lane import Batch
from server.notices import Notices
from server.snapshots import (
    Hall,
    board_snapshot,
    hall_snapshot,
    kiosk_snapshot,
    queue_snapshot,
    screening_snapshot,
)
from tests.server.domain.played_day import facts
from tests.server.lane_story import ADI, BUDI, DESK, DEWI, DOOR, OFFICE, OTHER_DESK, LaneStory

IN_PANDAWA_HOURS = {
    "id": "Mobile JKN sedang terganggu. Sementara ini silakan gunakan "
    "PANDAWA (WhatsApp) 0811-8165-165.",
    "en": "Mobile JKN is not working properly. Meanwhile please use "
    "PANDAWA (WhatsApp) 0811-8165-165.",
}
OUTSIDE_THEM = {
    "id": "Mobile JKN sedang terganggu. Sementara ini silakan gunakan Care Center 165.",
    "en": "Mobile JKN is not working properly. Meanwhile please use Care Center 165.",
}


class Branch(LaneStory):
    """A branch with the shipped catalogue, whose counters finish visitors with a cause."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.sit_down(1)
        self.sit_down(2, OTHER_DESK, ADI)
        self.sign_in(DOOR, BUDI)
        self.sign_in(OFFICE, DEWI)

    def call(self) -> str:
        self.ask(m.IssueTicket(id=uuid4(), service="A"))
        ticket: str = self.ask(m.CallNext(id=uuid4()), DESK)["ticket"]["id"]
        return ticket

    def finish(self, cause: str | None = "system", **fields: Any) -> Batch:
        """Serve somebody; gives the batch in which the service ended."""
        word = m.FinishService(
            id=uuid4(), ticket=self.call(), outcome="solved", cause=cause, **fields
        )
        batch = self.decide((word, DESK))
        self.lane.write(batch)
        self.clock.ms += 10_000
        return batch

    @property
    def disturbed(self) -> list[str]:
        return list(self.lane.day.disturbances)


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Branch]:
    story = Branch(tmp_path)
    yield story
    story.store.close()


def kinds(batch: Batch) -> list[str]:
    return [type(one.event).__name__ for one in batch.entries]


# Causes.


@pytest.mark.parametrize("cause", ["administrative", "system", None])
def test_a_finish_takes_down_why_it_took_a_counter(branch: Branch, cause: str | None) -> None:
    branch.finish(cause)
    (ticket,) = branch.lane.day.tickets.values()
    assert ticket.cause == cause
    (row,) = branch.store.rows(t.ticket)
    assert row["cause"] == cause
    branch.restart()
    assert branch.lane.day.tickets[ticket.id].cause == cause


def test_a_cause_that_the_catalogue_does_not_know_is_refused_on_every_way_out(
    branch: Branch,
) -> None:
    ticket = branch.call()
    fields: dict[str, Any] = {"outcome": "solved", "cause": "weather"}
    for word in (
        m.FinishService(id=uuid4(), ticket=ticket, **fields),
        m.ContinueService(id=uuid4(), ticket=ticket, service="B", **fields),
        m.CallNext(id=uuid4(), finish=m.Finish(**fields)),
    ):
        answer = branch.ask(word, DESK)
        assert (answer["reason"], "cause" in answer["message"]) == ("bad-value", True)
    assert branch.lane.day.tickets[ticket].state.value == "called"


def test_an_undo_takes_the_cause_back(branch: Branch) -> None:
    batch = branch.finish("system")
    branch.clock.ms -= 8000
    ticket = next(iter(branch.lane.day.tickets))
    assert branch.lane.day.tickets[ticket].cause == "system"
    branch.ask(m.UndoLast(id=uuid4()), DESK)
    assert branch.lane.day.tickets[ticket].cause is None
    assert branch.lane.day.system_causes == []
    assert kinds(batch) == ["ServiceStarted", "ServiceFinished"]


def test_a_manager_puts_a_cause_right_and_the_report_counts_the_newest(branch: Branch) -> None:
    branch.finish("system", category="application")
    branch.finish("system", category="card")
    branch.finish("administrative", category="card")
    ticket = next(iter(branch.lane.day.tickets))
    right: dict[str, Any] = {"ticket": ticket, "field": "cause", "reason": "keliru"}
    answer = branch.ask(m.CorrectRecord(id=uuid4(), value="weather", **right), OFFICE)
    assert answer["reason"] == "bad-value"
    answer = branch.ask(m.CorrectRecord(id=uuid4(), value="administrative", **right), OFFICE)
    assert answer["type"] == "Accepted"
    summary = read_summary(branch.store, None)
    assert summary.records.causes == {
        "administrative": {"application": 1, "card": 1},
        "system": {"card": 1},
    }
    said = "\n".join(as_table(branch.store, summary, "id"))
    assert "Penyebab Gangguan sistem: 1 (" in said
    assert "1 kali (penyebab 1)" in said
    branch.clock.set("2026-11-21T08:00:00")
    branch.restart()
    again = m.CorrectRecord(id=uuid4(), value="", **right)
    branch.sign_in(OFFICE, DEWI)
    assert branch.ask(again, OFFICE)["type"] == "Accepted"
    (second,) = (one for one in branch.store.rows(t.correction) if one["after"] == "")
    assert second["before"] == "administrative"


# A burst.


def test_a_burst_is_declared_in_the_commit_of_its_last_finish(branch: Branch) -> None:
    """domain.md 1.1 row 12; both or neither survive a crash (law I1)."""
    assert kinds(branch.finish()) == kinds(branch.finish()) == ["ServiceStarted", "ServiceFinished"]
    last = branch.finish()
    assert kinds(last) == ["ServiceStarted", "ServiceFinished", "DisturbanceDeclared"]
    assert len({entry.command_id for entry in last.entries}) == 1
    live = facts(branch.lane.day)
    branch.restart()
    assert branch.disturbed == ["mobile-jkn"]
    assert facts(branch.lane.day) == live


def test_a_finish_with_the_next_call_raises_it_as_well(branch: Branch) -> None:
    branch.finish()
    branch.finish()
    branch.call()
    waiting = branch.ask(m.IssueTicket(id=uuid4(), service="A"))["ticket"]["number"]
    word = m.CallNext(id=uuid4(), finish=m.Finish(outcome="solved", cause="system"))
    answer = branch.ask(word, DESK)
    assert answer["ticket"]["number"] == waiting
    assert answer["finished"]["state"] == "finished"
    assert branch.disturbed == ["mobile-jkn"]


def test_a_batch_that_the_disk_refused_raised_nothing(branch: Branch) -> None:
    branch.finish()
    branch.finish()
    word = m.FinishService(id=uuid4(), ticket=branch.call(), outcome="solved", cause="system")
    batch = branch.decide((word, DESK))
    assert branch.disturbed == ["mobile-jkn"]
    branch.lane.fail(batch)
    assert branch.disturbed == []
    assert branch.ask(word, DESK)["type"] == "Accepted"
    assert branch.disturbed == ["mobile-jkn"]


def test_an_undo_of_the_last_finish_withdraws_it_in_one_commit(branch: Branch) -> None:
    for _ in range(3):
        branch.finish()
    branch.clock.ms -= 8000
    batch = branch.decide((m.UndoLast(id=uuid4()), DESK))
    branch.lane.write(batch)
    assert kinds(batch) == ["LastUndone", "DisturbanceEnded"]
    (answer,) = branch.answers(batch)
    assert answer["ticket"]["state"] == "called"
    assert branch.disturbed == []


def test_the_clock_alone_ends_it_and_a_restart_on_the_way_changes_nothing(branch: Branch) -> None:
    for _ in range(3):
        branch.finish()
    branch.clock.ms += 3000 * 1000
    branch.restart()
    assert not branch.lane.something_is_due()
    branch.clock.ms += 600 * 1000
    assert branch.lane.something_is_due()
    batch = branch.lane.decide([])
    branch.lane.write(batch)
    assert kinds(batch) == ["DisturbanceEnded"]
    assert not branch.lane.something_is_due()


def test_a_disturbance_ends_with_its_day(branch: Branch) -> None:
    """F14: nobody comes into a new day whose banner is of yesterday."""
    branch.ask(m.DeclareDisturbance(id=uuid4(), system="network"), DOOR)
    branch.clock.set("2026-11-21T00:00:01")
    batch = branch.lane.decide([])
    branch.lane.write(batch)
    ends = kinds(batch)
    assert ends.index("DisturbanceEnded") < ends.index("DayClosed") < ends.index("DayOpened")
    assert branch.disturbed == []
    branch.restart()
    assert branch.disturbed == []


# What people are told.


def test_the_door_and_a_manager_declare_and_end_it(branch: Branch) -> None:
    for asker, ender in ((DOOR, OFFICE), (OFFICE, DOOR)):
        declare = m.DeclareDisturbance(id=uuid4(), system="mobile-jkn")
        assert branch.ask(declare, asker)["type"] == "Accepted"
        assert branch.disturbed == ["mobile-jkn"]
        end = m.EndDisturbance(id=uuid4(), system="mobile-jkn")
        assert branch.ask(end, ender)["type"] == "Accepted"
        assert branch.disturbed == []
    unknown = m.DeclareDisturbance(id=uuid4(), system="weather")
    assert branch.ask(unknown, DOOR)["reason"] == "bad-value"


def test_every_screen_is_told_and_the_tv_s_text_switches(branch: Branch) -> None:
    branch.clock.set("2026-11-20T10:00:00")
    assert [shown.disturbance for shown in _snapshots(branch)] == [None] * 5
    before = board_snapshot(branch.lane.day, branch.clock.ms).text
    branch.ask(m.DeclareDisturbance(id=uuid4(), system="mobile-jkn"), DOOR)
    for shown in _snapshots(branch):
        assert shown.disturbance is not None
        assert (shown.disturbance.system, shown.disturbance.automatic) == ("mobile-jkn", False)
        assert shown.disturbance.text == IN_PANDAWA_HOURS
    assert board_snapshot(branch.lane.day, branch.clock.ms).text == IN_PANDAWA_HOURS
    (alert,) = _office(branch).alerts
    assert (alert.code, alert.subject) == ("disturbance", "mobile-jkn")
    assert alert.message["id"] == "Mobile JKN terganggu sejak 10.00."
    branch.ask(m.EndDisturbance(id=uuid4(), system="mobile-jkn"), DOOR)
    assert board_snapshot(branch.lane.day, branch.clock.ms).text == before
    assert [shown.disturbance for shown in _snapshots(branch)] == [None] * 5


def _snapshots(branch: Branch) -> list[Any]:
    day, now_ms = branch.lane.day, branch.clock.ms
    hall = Hall(day, now_ms)
    return [
        kiosk_snapshot(day, now_ms),
        board_snapshot(day, now_ms),
        queue_snapshot(hall, "counter-1"),
        screening_snapshot(hall, "door-1", [], now_ms),
        _office(branch),
    ]


def _office(branch: Branch) -> m.HallSnapshot:
    return hall_snapshot(Hall(branch.lane.day, branch.clock.ms), "office-1", [])


def test_a_burst_says_that_nobody_in_particular_said_it(branch: Branch) -> None:
    for _ in range(3):
        branch.finish()
    shown = kiosk_snapshot(branch.lane.day, branch.clock.ms).disturbance
    assert shown is not None
    assert shown.automatic
    assert "menurut sebab yang dicatat loket" in _office(branch).alerts[0].message["id"]


def test_the_text_follows_the_hours_of_the_channel_by_the_clock_alone(branch: Branch) -> None:
    """PANDAWA until 15.00, then the Care Center, on all screens and without anybody's doing."""
    branch.clock.set("2026-11-20T14:59:59")
    notices = Notices(Connections(), lambda: branch.lane.day, branch.clock.now_ms)
    branch.ask(m.DeclareDisturbance(id=uuid4(), system="mobile-jkn"), DOOR)
    notices.flush()
    assert board_snapshot(branch.lane.day, branch.clock.ms).text == IN_PANDAWA_HOURS
    assert not notices.follow_clock()
    branch.clock.ms += 1000
    assert notices.follow_clock()
    assert notices.snapshots_due
    assert board_snapshot(branch.lane.day, branch.clock.ms).text == OUTSIDE_THEM
    notices.flush()
    assert not notices.follow_clock()


def test_without_another_way_people_are_sent_to_the_staff_or_asked_for_patience(
    branch: Branch,
) -> None:
    day = branch.lane.day
    day.branch = replace(day.branch, door=replace(day.branch.door, channels={}))
    assert text_of(day, "mobile-jkn", branch.clock.ms)["en"].endswith("Please ask our staff.")
    slower = text_of(day, "membership-system", branch.clock.ms)
    assert slower["id"].endswith(
        "Pelayanan dapat memakan waktu lebih lama; terima kasih atas kesabaran Anda."
    )


def test_a_branch_may_say_it_in_its_own_words(branch: Branch) -> None:
    """Empty is ours; a brace of theirs that fills nothing stays as they wrote it."""
    branch.clock.set("2026-11-20T10:00:00")
    with branch.store.database.writing() as connection:
        connection.execute(
            t.setting.insert(),
            {
                "branch": branch.store.branch_code,
                "key": "disturbance.text.id",
                "value": "{system}: pakai {channel} {dulu}",
            },
        )
    branch.restart()
    text = text_of(branch.lane.day, "mobile-jkn", branch.clock.ms)
    assert text["id"] == "Mobile JKN: pakai PANDAWA (WhatsApp) 0811-8165-165 {dulu}"
    assert text["en"] == IN_PANDAWA_HOURS["en"]
