"""Slips: when one is due, what a further copy is, and what a kiosk's word does (law I9)."""

from dataclasses import replace
from typing import Any

import pytest

from server.domain.errors import QueueRuleError
from server.domain.events import (
    ComplaintFiled,
    SlipRecorded,
    SlipRequested,
    VisitorScreened,
)
from server.domain.hall_door import SlipJob
from server.domain.slips import decide_slip_again, decide_slip_outcome, slip_is_due
from tests.server.branch_example import HandTurnedDay

TEN_MINUTES_S = 600


class Door(HandTurnedDay):
    """A day with an officer at the door."""

    def screen(self, outcome: str, **facts: Any) -> str:
        screening = self.new_id()
        self.do(
            [
                VisitorScreened(
                    screening=screening,
                    outcome=outcome,
                    device="door-1",
                    staff="budi",
                    started_at_ms=self.now_ms,
                    **facts,
                )
            ]
        )
        return screening

    def screen_with_code(self, life_s: int = 3600) -> str:
        return self.screen("code", code="123456", code_until_ms=self.now_ms + life_s * 1000)

    def ask_slip(self, subject: str, kind: str) -> SlipJob:
        job = self.new_id()
        self.do([SlipRequested(job=job, kind=kind, subject=subject, print_at="kiosk-1")])
        return self.day.slips[job]

    def again(self, subject: str, kiosk: str = "kiosk-1") -> SlipJob:
        job = self.new_id()
        self.do(decide_slip_again(self.day, subject, job, kiosk, self.now_ms))
        return self.day.slips[job]

    def is_due(self, slip: SlipJob) -> bool:
        return slip_is_due(self.day, slip, self.now_ms)

    def complain(self) -> str:
        complaint = self.new_id()
        due_ms = self.now_ms + 3_600_000
        self.do(
            [
                ComplaintFiled(
                    complaint=complaint,
                    level="red",
                    answer_due_at_ms=due_ms,
                    due_at_ms=due_ms,
                    device="door-1",
                    staff="budi",
                )
            ]
        )
        return complaint


@pytest.fixture
def door() -> Door:
    return Door()


def refusal(door: Door, subject: str) -> str:
    with pytest.raises(QueueRuleError) as no:
        door.again(subject)
    return no.value.reason


def test_a_slip_is_due_until_its_kiosk_has_said_a_word_and_for_ten_minutes(door: Door) -> None:
    """Law I9, F33: later it would come out in front of another visitor."""
    slip = door.ask_slip(door.screen("return"), "return")
    door.pass_s(TEN_MINUTES_S - 1)
    assert door.is_due(slip)
    door.pass_s(1)
    assert not door.is_due(slip)
    said = door.ask_slip(door.screen("return"), "return")
    door.do(decide_slip_outcome(door.day, "kiosk-1", said.job, "unknown"))
    assert not door.is_due(said)


def test_only_the_newest_slip_of_a_visitor_is_due(door: Door) -> None:
    screening = door.screen("office", office="dinsos")
    first = door.ask_slip(screening, "office")
    second = door.again(screening, "kiosk-2")
    assert (door.is_due(first), door.is_due(second)) == (False, True)
    assert (second.copy, second.kind, second.kiosk) == (2, "office", "kiosk-2")


def test_every_further_slip_is_a_further_copy_and_the_first_one_is_none(door: Door) -> None:
    """Law I9: only what may be on paper already says CETAK ULANG."""
    screening = door.screen("channel", channel="pandawa")
    assert [door.again(screening).copy for _ in range(3)] == [1, 2, 3]
    other = door.screen("channel", channel="pandawa")
    assert door.again(other).copy == 1


def test_a_code_that_was_used_or_is_over_is_not_printed_any_more(door: Door) -> None:
    """F33: the paper would promise a number that the kiosk refuses."""
    used = door.screen_with_code()
    slip = door.ask_slip(used, "code")
    assert door.is_due(slip)
    door.issue(screening=used)
    assert not door.is_due(slip)
    assert refusal(door, used) == "code-used"
    over = door.screen_with_code(life_s=60)
    late = door.ask_slip(over, "code")
    door.pass_s(59)
    assert door.is_due(late)
    door.pass_s(1)
    assert not door.is_due(late)
    assert refusal(door, over) == "code-expired"


@pytest.mark.parametrize("outcome", ["ticket", "solved", "self-service"])
def test_an_outcome_without_paper_has_no_slip(door: Door, outcome: str) -> None:
    assert refusal(door, door.screen(outcome)) == "bad-value"


def test_a_slip_of_nobody_is_refused(door: Door) -> None:
    assert refusal(door, "nobody") == "unknown-screening"


def test_a_complaint_has_a_receipt_and_that_of_an_earlier_day_is_a_copy(door: Door) -> None:
    """Law I9: what was printed yesterday nobody knows today."""
    complaint = door.complain()
    first, second = door.again(complaint), door.again(complaint)
    assert (first.kind, first.copy, second.copy) == ("complaint", 1, 2)
    assert (door.is_due(first), door.is_due(second)) == (False, True)
    older = door.complain()
    known = door.day.complaints[older]
    door.day.complaints[older] = replace(known, business_date="2026-09-18")
    assert door.again(older).copy == 2


def test_only_the_kiosk_that_was_asked_has_a_word_on_a_slip_and_once(door: Door) -> None:
    slip = door.ask_slip(door.screen("return"), "return")
    with pytest.raises(QueueRuleError, match="not-yours"):
        decide_slip_outcome(door.day, "kiosk-2", slip.job, "printed")
    events = door.do(decide_slip_outcome(door.day, "kiosk-1", slip.job, "printed"))
    assert events == [SlipRecorded(job=slip.job, outcome="printed")]
    assert decide_slip_outcome(door.day, "kiosk-1", slip.job, "printed") == []
    # A kiosk that was not sure may learn better.
    assert decide_slip_outcome(door.day, "kiosk-1", slip.job, "failed") != []


def test_the_slips_of_a_day_come_back_with_its_events(door: Door) -> None:
    """Law I11: retold, the day knows the same slips, and the same one is the newest."""
    screening = door.screen("return")
    door.ask_slip(screening, "return")
    newest = door.again(screening)
    door.do(decide_slip_outcome(door.day, "kiosk-1", newest.job, "printed"))
    told = door.retold()
    assert told.slips == door.day.slips
    assert told.screenings[screening].slip == newest.job
