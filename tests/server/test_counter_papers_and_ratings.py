"""At the counter: who waits without paper, and what the visitor says who was just served."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from protocol import messages as m
from tests.server.lane_story import ADI, DESK, DOOR, KIOSK, OTHER_DESK, OTHER_KIOSK, PAD
from tests.server.test_words import last
from tests.server.visitor_side import VisitorSide


@pytest.fixture
def side(tmp_path: Path) -> Iterator[VisitorSide]:
    told = VisitorSide(tmp_path)
    told.sit_down(2, OTHER_DESK, ADI)
    yield told
    told.store.close()


def said(side: VisitorSide, ticket: str, outcome: m.PrintOutcome) -> None:
    job = side.lane.day.tickets[ticket].job
    assert job is not None
    side.ask(m.ConfirmPrint(id=uuid4(), job=job, outcome=outcome))


def reprint(side: VisitorSide, ticket: str, **at: str) -> dict[str, Any]:
    return side.ask(m.ReprintTicket(id=uuid4(), ticket=ticket, **at), DESK)


# Waiting without paper.


def test_who_waits_without_paper_is_seen_at_the_counter_as_at_the_door(side: VisitorSide) -> None:
    """Never a ghost: failed, unknown, none, and pending for too long."""
    failed, unknown, printed, silent = (side.issue() for _ in range(4))
    said(side, failed, "failed")
    said(side, unknown, "unknown")
    said(side, printed, "printed")
    without = side.issue(DOOR)
    assert [one.print for one in side.at_desk().without_paper] == ["failed", "unknown", "none"]
    side.pass_s(600)
    seen = side.at_desk()
    assert [(one.ticket, one.print) for one in seen.without_paper] == [
        (failed, "failed"),
        (unknown, "unknown"),
        (silent, "pending"),
        (without, "none"),
    ]
    assert seen.without_paper_total == 4
    assert seen.without_paper == side.at_door().without_paper
    side.ask(m.CallTicket(id=uuid4(), ticket=failed), DESK)
    assert side.at_desk().without_paper_total == 3, "whoever is called does not wait"


def test_a_counter_has_a_missing_paper_printed_where_it_was_or_where_it_likes(
    side: VisitorSide,
) -> None:
    kiosk, other = side.connect(KIOSK), side.connect(OTHER_KIOSK)
    ticket = side.issue()
    said(side, ticket, "failed")
    assert reprint(side, ticket)["type"] == "Accepted"
    assert (last(kiosk, "TicketToPrint")["copy"], "TicketToPrint" in other.heard) == (2, False)
    said(side, ticket, "failed")
    assert reprint(side, ticket, print_at="kiosk-2")["type"] == "Accepted"
    assert last(other, "TicketToPrint")["copy"] == 3
    assert reprint(side, side.issue(DOOR))["reason"] == "missing-field", "nobody said where"
    assert last(side.connect(DESK), "QueueSnapshot")["kiosks"] == ["kiosk-1", "kiosk-2"]


def test_a_counter_reprints_nothing_that_has_its_paper_or_does_not_wait(side: VisitorSide) -> None:
    """F33: a lost paper is replaced by the officer, who sees the visitor."""
    ticket = side.issue()
    assert reprint(side, ticket)["reason"] == "has-paper", "it is being printed"
    said(side, ticket, "printed")
    refused = reprint(side, ticket)
    assert (refused["reason"], "A001" in refused["message"]) == ("has-paper", True)
    said(side, other := side.issue(), "failed")
    side.ask(m.CallTicket(id=uuid4(), ticket=other), DESK)
    assert reprint(side, other)["reason"] == "wrong-state"


# Ratings.


def served(side: VisitorSide, asker: Any = DESK) -> str:
    side.issue()
    ticket: str = side.ask(m.CallNext(id=uuid4()), asker)["ticket"]["id"]
    side.ask(m.FinishService(id=uuid4(), ticket=ticket, outcome="solved"), asker)
    return ticket


def rate(side: VisitorSide, ticket: str, asker: Any = DESK) -> dict[str, Any]:
    return side.ask(m.RateService(id=uuid4(), ticket=ticket, score=4), asker)


def test_a_counter_may_ask_whom_it_has_just_served_on_its_own_screen(side: VisitorSide) -> None:
    side.set(rating__review_link="https://g.page/r/contoh/review")
    assert side.at_desk().rateable is None
    ticket = served(side)
    seen = side.at_desk().rateable
    assert seen is not None
    assert (seen.ticket, seen.number, seen.until) == (ticket, "A001", side.instant_in(120))
    assert seen.review_link == "https://g.page/r/contoh/review"
    assert rate(side, ticket)["type"] == "Accepted"
    assert side.lane.day.ratings == {ticket: 4}
    assert side.at_desk().rateable is None


def test_nobody_elses_visitor_and_nobody_who_has_gone(side: VisitorSide) -> None:
    theirs = served(side, OTHER_DESK)
    assert rate(side, theirs)["reason"] == "not-yours"
    mine = served(side)
    side.notices.flush()
    side.pass_s(120)
    assert not side.notices.follow_clock()
    side.pass_s(0.001)
    assert rate(side, mine)["reason"] == "too-late"
    assert side.notices.follow_clock()
    assert side.at_desk().rateable is None
    assert side.lane.day.ratings == {}


def test_a_finish_that_was_taken_back_is_not_rated(side: VisitorSide) -> None:
    ticket = served(side)
    side.ask(m.UndoLast(id=uuid4()), DESK)
    assert side.at_desk().rateable is None
    assert rate(side, ticket)["reason"] == "wrong-state"


def test_a_pad_is_told_where_a_review_may_be_written(side: VisitorSide) -> None:
    pad = side.connect(PAD)
    served(side)
    assert last(pad, "RatingInvitation")["review_link"] == ""
    side.set(rating__review_link="https://g.page/r/contoh/review")
    assert last(side.connect(PAD), "RatingInvitation")["review_link"].endswith("/review")
