"""Taking a number: dense, unique, never wrapping (law I2)."""

import pytest

from server.domain.errors import QueueRuleError
from server.domain.issuing import (
    PAPER_DUE_MS,
    decide_print_outcome,
    decide_reprint,
    demand_own_fresh_ticket,
    paper_is_due,
)
from server.domain.ticket import TicketState
from tests.server.branch_example import HandTurnedDay, branch_with


def reason_of(raised: pytest.ExceptionInfo[QueueRuleError]) -> str:
    return raised.value.reason


def test_numbers_are_dense_per_series_in_the_order_of_issue() -> None:
    hall = HandTurnedDay()
    numbers = [hall.issue(service).number for service in "AABAB"]
    assert numbers == ["A001", "A002", "B001", "A003", "B002"]


def test_a_priority_ticket_takes_its_number_from_the_priority_series() -> None:
    hall = HandTurnedDay()
    ticket = hall.issue("A", priority="elderly")
    assert (ticket.number, ticket.service) == ("P001", "A")


def test_without_a_priority_letter_it_takes_the_number_of_its_service() -> None:
    hall = HandTurnedDay(branch_with(priority_letter=""))
    assert hall.issue("A", priority="elderly").number == "A001"


def test_after_a999_comes_a1000() -> None:
    hall = HandTurnedDay()
    hall.day.serials["A"] = 999
    assert hall.issue("A").number == "A1000"


def test_a_used_up_range_refuses_and_never_starts_again() -> None:
    hall = HandTurnedDay(branch_with(number_last=2))
    hall.issue("A")
    hall.issue("A")
    with pytest.raises(QueueRuleError) as no:
        hall.issue("A")
    assert reason_of(no) == "numbers-exhausted"
    assert hall.issue("B").number == "B001"


def test_an_unknown_service_and_an_unknown_need_are_refused() -> None:
    hall = HandTurnedDay()
    with pytest.raises(QueueRuleError) as no:
        hall.issue("Z")
    assert reason_of(no) == "unknown-service"
    with pytest.raises(QueueRuleError) as no:
        hall.issue("A", needs=["ladder"])
    assert reason_of(no) == "bad-value"


def test_a_ticket_waits_from_its_issue_on_with_its_paper_pending() -> None:
    hall = HandTurnedDay()
    ticket = hall.issue("A", job="job-1", print_at="kiosk-1")
    assert (ticket.state, ticket.print) == (TicketState.WAITING, "pending")


def test_what_the_kiosk_says_of_a_paper_is_a_fact_beside_the_state() -> None:
    hall = HandTurnedDay()
    ticket = hall.issue("A", job="job-1", print_at="kiosk-1")
    hall.do(decide_print_outcome(hall.day, "kiosk-1", "job-1", "failed"))
    assert (ticket.state, ticket.print) == (TicketState.WAITING, "failed")
    assert decide_print_outcome(hall.day, "kiosk-1", "job-1", "failed") == []


def test_only_the_kiosk_that_was_asked_may_speak_of_a_paper() -> None:
    hall = HandTurnedDay()
    hall.issue("A", job="job-1", print_at="kiosk-1")
    with pytest.raises(QueueRuleError) as no:
        decide_print_outcome(hall.day, "kiosk-2", "job-1", "printed")
    assert reason_of(no) == "not-yours"
    with pytest.raises(QueueRuleError) as no:
        decide_print_outcome(hall.day, "kiosk-1", "job-9", "printed")
    assert reason_of(no) == "bad-value"


def test_a_reprint_is_a_further_copy_and_a_late_word_on_the_first_does_not_count() -> None:
    hall = HandTurnedDay()
    ticket = hall.issue("A", job="job-1", print_at="kiosk-1")
    hall.do(decide_reprint(hall.day, ticket.id, "job-2", "kiosk-1"))
    assert (ticket.copies, ticket.job, ticket.print) == (2, "job-2", "pending")
    hall.do(decide_print_outcome(hall.day, "kiosk-1", "job-1", "failed"))
    assert ticket.print == "pending"


def test_a_kiosk_touches_only_its_own_ticket_and_not_for_long() -> None:
    hall = HandTurnedDay()
    ticket = hall.issue("A")
    demand_own_fresh_ticket(hall.day, ticket, "kiosk-1", hall.now_ms)
    with pytest.raises(QueueRuleError) as no:
        demand_own_fresh_ticket(hall.day, ticket, "kiosk-2", hall.now_ms)
    assert reason_of(no) == "not-yours"
    hall.pass_s(601)
    with pytest.raises(QueueRuleError) as no:
        demand_own_fresh_ticket(hall.day, ticket, "kiosk-1", hall.now_ms)
    assert reason_of(no) == "too-late"


def test_a_paper_is_due_while_nobody_said_what_became_of_it_and_it_is_wanted() -> None:
    """Law I9: a paper that comes after ten minutes would come out in front of somebody else."""
    hall = HandTurnedDay()
    ticket = hall.issue("A", job="job-1", print_at="kiosk-1")
    job = hall.day.jobs["job-1"]
    asked_ms = hall.now_ms
    assert paper_is_due(hall.day, job, asked_ms)
    assert paper_is_due(hall.day, job, asked_ms + PAPER_DUE_MS - 1)
    assert not paper_is_due(hall.day, job, asked_ms + PAPER_DUE_MS)
    hall.do(decide_reprint(hall.day, ticket.id, "job-2", "kiosk-1"))
    assert not paper_is_due(hall.day, job, asked_ms), "a later copy was asked for"
