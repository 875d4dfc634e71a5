"""A kiosk on its own, step by step, over a server that the test plays (F01, F16, F40, F41)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import pytest
from msgspec.structs import replace

from kiosk.printer import PrintOutcome
from kiosk.visit import Absence, Page
from protocol.messages import (
    CallOfficer,
    ConfirmPrint,
    IssueTicket,
    LeasedRange,
    LeaseNumbers,
    MergeOffline,
    RecordIdentity,
    Rejected,
    ReprintTicket,
)
from protocol.session import LinkState, LinkStatus
from tests.kiosk.kiosk_story import MORNING, paper_of, snapshot, ticket, welcome
from tests.kiosk.offline_examples import FOOTER, PAPERS, TODAY, DeskStory, lease, leased, span


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.jsonl"


class Start(Protocol):
    """Starts the program on the same disk, after ending the one before it as kill -9 does.

    ``wall`` is what this machine's clock shows then, by default what it has come to.
    """

    def __call__(self, wall: datetime | None = None) -> DeskStory: ...


@pytest.fixture
def start(path: Path) -> Iterator[Start]:
    programs: list[DeskStory] = []

    def started(wall: datetime | None = None) -> DeskStory:
        if not programs:
            programs.append(DeskStory(path, wall=wall or MORNING))
            return programs[-1]
        before = programs[-1]
        before.journal.close()
        programs.append(DeskStory(path, wall=wall or before.wall, printer=before.printer))
        return programs[-1]

    yield started
    programs[-1].journal.close()


def merges(story: DeskStory) -> list[list[str]]:
    """The numbers of each merge that was asked for."""
    return [[one.number for one in each.tickets] for each in story.ask.of(MergeOffline)]


def back(story: DeskStory) -> DeskStory:
    """The link is up again."""
    return story.online().after(0.2)


# Losing the server.


def test_a_lost_link_is_waited_for_a_moment_and_then_the_kiosk_goes_on(start: Start) -> None:
    """F16: numbers again within 2 s of the loss, and quietly so."""
    story = start().online().lent().lost()
    story.after(0.9)
    assert not story.model.alone
    assert story.model.page is Page.IDLE
    story.after(0.2)
    assert story.model.alone
    assert (story.model.page, story.model.absence) == (Page.IDLE, None)
    story.choose()
    assert story.number() == "AK001"
    assert not story.ask.of(IssueTicket), "nobody was asked"
    assert story.model.page is Page.ISSUED


@pytest.mark.parametrize("reason", ["unanswered", "silent"])
def test_a_loss_that_took_its_time_to_be_found_is_not_waited_for(start: Start, reason: str) -> None:
    """F19: a cable that was pulled."""
    assert start().online().lent().lost(reason).after(0.1).model.alone


def test_a_wish_without_an_answer_gets_its_number_within_two_seconds(start: Start) -> None:
    """F01: the same command is not carried out any more; the number names it."""
    story = start().online().lent().choose()
    wish = story.ask.last(IssueTicket)
    story.lost().after(1.6)
    assert story.model.page is Page.MOMENT, "the server may be back with the very number"
    story.after(0.3)
    assert story.number() == "AK001"
    assert story.withdrawn == [wish.id]
    (told,) = story.journal.unmerged
    assert told.ticket.instead_of == wish.id


def test_a_server_that_is_back_in_time_gives_the_number_itself(start: Start) -> None:
    """F01: a restart within a second; nothing is written down here."""
    story = start().online().lent().choose()
    story.lost().after(1.2)
    back(story)
    story.ask.accept(story.ask.last(IssueTicket), ticket=ticket("A007"))
    assert story.number() == "A007"
    assert story.after(3).journal.unmerged == []


def test_a_server_that_says_try_again_for_two_seconds_is_not_waited_for(start: Start) -> None:
    """F05: another tool holds the database."""
    story = start().online().lent().choose()
    for _ in range(12):
        if story.ask.is_waiting(story.ask.last(IssueTicket)):
            story.ask.reject(story.ask.last(IssueTicket), "try-again")
        story.after(0.2)
    assert story.number() == "AK001"


def test_the_pace_that_a_server_names_is_kept_and_not_gone_around(start: Start) -> None:
    """F45: a server that says "later" is there."""
    story = start().online().lent().choose()
    story.ask.reject(story.ask.last(IssueTicket), "rate-limited", retry_after_s=5.0)
    story.after(4.5)
    assert story.number() == ""
    story.after(1)
    assert len(story.ask.of(IssueTicket)) == 2
    story.ask.accept(story.ask.last(IssueTicket), ticket=ticket("A007"))
    assert story.number() == "A007"
    assert story.journal.unmerged == []


def test_a_child_that_plays_gets_no_roll_of_paper(start: Start) -> None:
    """F45: twenty at once, and then one in three seconds, as with the server."""
    ranges = [LeasedRange(series="AK", first=1, last=999)]
    story = start().online().lent(lease(ranges=ranges)).lost().after(2)
    answers: list[object] = []
    for _ in range(50):
        story.desk.ask(IssueTicket(id=uuid4(), service="A"), answers.append)
        story.settle()
    assert len(story.journal.unmerged) == 20
    refused = [each for each in answers if isinstance(each, Rejected)]
    assert {each.reason for each in refused} == {"rate-limited"}
    story.printed().leave().after(30)
    began = len(story.journal.unmerged)
    for _ in range(50):
        story.desk.ask(IssueTicket(id=uuid4(), service="A"), answers.append)
        story.settle()
    assert 9 <= len(story.journal.unmerged) - began <= 11


def test_an_answer_that_comes_too_late_changes_nothing(start: Start) -> None:
    story = start().online().lent().choose()
    story.lost().after(2)
    story.ask.accept(story.ask.last(IssueTicket), ticket=ticket("A007"))
    assert story.number() == "AK001"


def test_no_number_is_refused_that_the_server_may_have_given(start: Start) -> None:
    """The block is used up while a wish is under way: it stays asked."""
    short = lease(ranges=[LeasedRange(series="BK", first=1, last=5)])
    story = start().online().lent(short).choose("A")
    story.lost().after(5)
    assert story.ask.is_waiting(story.ask.last(IssueTicket))
    assert not story.model.visit.remark


# Where no number can be given.


def test_without_a_lease_the_page_says_whom_to_call(start: Start) -> None:
    story = start().online().lost().after(5)
    assert (story.model.page, story.model.absence) == (Page.AWAY, Absence.LOST)
    assert not story.model.alone


def test_an_old_lease_gives_no_number(start: Start) -> None:
    soon = lease(valid_until=MORNING + timedelta(seconds=20))
    story = start().online().lent(soon).lost().after(5)
    assert story.model.alone
    story.after(20)
    assert (story.model.page, story.model.absence) == (Page.AWAY, Absence.LOST)


def test_a_series_that_is_used_up_is_closed_and_then_the_whole_kiosk_is(start: Start) -> None:
    ranges = [LeasedRange(series=series, first=1, last=1) for series in ("AK", "BK")]
    story = start().online().lent(lease(ranges=ranges)).lost().after(2)
    story.choose("A").printed().leave().after(1)
    tiles = {tile.code: tile for tile in story.model.tiles()}
    assert (tiles["A"].open, tiles["A"].numbers_used_up) == (False, True)
    assert tiles["B"].open
    story.choose("B").printed().leave().after(1)
    assert story.model.page is Page.AWAY


def test_services_open_and_close_by_the_hours_of_the_lease(start: Start) -> None:
    hours = span("2026-11-20T08:00", "2026-11-20T08:12:30")
    story = start().online().lent(lease(services=[leased("A", hours), leased("B")]))
    story.lost().after(2)
    assert [tile.open for tile in story.model.tiles()] == [True, True]
    story.after(30)
    assert [tile.open for tile in story.model.tiles()] == [False, True]


def test_what_people_closed_stays_closed_for_the_day(start: Start) -> None:
    """F16: a service that is paused or full, or a day that was ended, is not opened by a cable;
    and what only the clock has closed it opens."""
    late = span("2026-11-20T08:14", None)
    services = [leased("A"), leased("B", late), leased("C")]
    ranges = [LeasedRange(series=f"{code}K", first=1, last=10) for code in "ABC"]
    story = start().online(codes="ABC").lent(lease(services=services, ranges=ranges))
    story.desk.on_notice(snapshot(6, codes="ABC", closed="AB"))
    story.lost().after(2)
    assert [tile.open for tile in story.model.tiles()] == [False, False, True]
    story.after(240)
    assert [tile.open for tile in story.model.tiles()] == [False, True, True]
    again = start()
    again.lost("unreachable").after(2)
    assert [tile.open for tile in again.model.tiles()] == [False, True, True]
    again.now_s += 24 * 3600
    again.after(2)
    assert [tile.open for tile in again.model.tiles()] == [True, True, True]


def test_a_disk_that_says_no_gives_no_number_and_is_tried_again(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F03, law I1: nothing is shown that is not written."""
    story = start().alone()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kiosk.offline_journal.write_durably", full)
    story.choose()
    assert story.number() == ""
    assert not story.printer.submitted
    story.after(3)
    assert not story.model.alone
    story.after(20)
    assert not story.model.alone
    monkeypatch.undo()
    story.after(61)
    assert story.model.alone
    story.choose()
    assert story.number() == "AK001"


@pytest.mark.parametrize("reason", ["bad-token", "replaced", "wrong-role", "bad-protocol"])
def test_a_device_that_was_refused_gives_no_numbers(start: Start, reason: str) -> None:
    """F53: a token that was revoked, or another kiosk in its place."""
    story = start().alone().lost(reason, LinkState.REFUSED).after(5)
    assert (story.model.page, story.model.absence) == (Page.AWAY, Absence.REFUSED)


def test_a_certificate_that_ran_out_is_a_lost_server(start: Start) -> None:
    """F26."""
    story = start().alone().lost("bad-certificate", LinkState.REFUSED).after(1)
    assert story.model.alone


# Screens and codes.


def test_nothing_is_shown_that_nobody_can_know(start: Start) -> None:
    story = start().alone()
    assert story.model.waiting_total is None
    assert {(tile.waiting, tile.estimate) for tile in story.model.tiles()} == {(None, None)}
    story.choose()
    shown = story.model.visit.shown
    assert shown is not None
    assert (shown.ticket.estimate, shown.ticket.link) == (None, None)


def test_in_a_screened_branch_everybody_may_choose_while_no_code_can_be_checked(
    start: Start,
) -> None:
    story = start().online().lent()
    story.desk.on_notice(snapshot(6, codes="AB", mode="screened"))
    story.after(0.5)
    story.model.start()
    assert story.model.page is Page.CODE
    story.lost().after(1.2)
    assert story.model.page is Page.SERVICES
    story.after(0.5)
    story.model.choose("B")
    assert story.settle().number() == "BK001"


def test_a_code_that_could_not_be_checked_makes_way_for_the_number_that_is_chosen_then(
    start: Start,
) -> None:
    """Had the server granted it, its ticket would be nobody's."""
    story = start().online().lent()
    story.desk.on_notice(snapshot(6, codes="AB", mode="screened"))
    story.after(0.5)
    story.model.start()
    for digit in "480915":
        story.after(0.5)
        story.model.type_digit(digit)
    story.after(0.5)
    story.model.confirm_code()
    wish = story.ask.last(IssueTicket)
    story.lost().after(2.5)
    assert story.model.page is Page.SERVICES
    remark = story.model.visit.remark
    assert remark is not None
    assert remark.reason == "offline-code"
    story.model.choose("A")
    assert story.settle().number() == "AK001"
    assert story.journal.unmerged[0].ticket.instead_of == wish.id
    story.printed().leave().choose("A")
    assert story.journal.unmerged[1].ticket.instead_of is None, "that of somebody else is not his"


def test_a_scanned_code_asks_to_choose(start: Start) -> None:
    story = start().alone()
    for sign in "480915":
        story.now_s += 0.005
        story.model.type_key(sign)
    story.model.enter_key()
    assert story.model.page is Page.SERVICES
    assert not story.ask.of(IssueTicket)


def test_an_identity_is_never_kept_here(start: Start) -> None:
    """I12: it would lie on this disk until the server is back."""
    story = start().alone().choose()
    answers: list[object] = []
    command = RecordIdentity(id=uuid4(), ticket="any", identifier="3174012505900001")
    story.desk.ask(command, answers.append)
    assert not answers, "never inside the ask"
    story.settle()
    assert isinstance(answers[0], Rejected)
    assert not story.ask.of(RecordIdentity)


# Papers.


def test_its_paper_says_what_it_is_and_what_is_needed(start: Start) -> None:
    story = start().alone().choose()
    paper = story.paper()
    assert paper.offline
    assert (paper.ticket.number, paper.copy, paper.link) == ("AK001", 1, None)
    assert (paper.papers, paper.footer) == (PAPERS, FOOTER)
    assert paper.job == story.journal.unmerged[0].ticket.ticket


def test_what_became_of_its_paper_is_written_down_and_merged(start: Start) -> None:
    """I9: a ticket without paper is known as such."""
    story = start().alone().choose().printed()
    story.leave().choose()
    story.printer.finish(PrintOutcome.FAILED)
    story.model.on_printer()
    assert not story.ask.of(ConfirmPrint), "the server knows of no such paper yet"
    back(story)
    told = story.ask.last(MergeOffline).tickets
    assert [(one.number, one.print, one.copies) for one in told] == [
        ("AK001", "printed", 1),
        ("AK002", "failed", 1),
    ]


def test_it_can_be_printed_once_more_without_the_server(start: Start) -> None:
    story = start().alone().choose()
    story.printer.finish(PrintOutcome.FAILED)
    story.model.on_printer()
    story.after(1)
    assert story.model.page is Page.PAPERLESS
    assert story.model.can_reprint
    story.model.wait_paper()
    story.settle()
    assert story.paper().copy == 2
    story.printed().after(0.5)
    assert story.model.page is Page.ISSUED
    back(story)
    (told,) = story.ask.last(MergeOffline).tickets
    assert (told.print, told.copies) == ("printed", 2)


def test_after_the_merge_the_server_is_asked_for_another_paper(start: Start) -> None:
    story = start().alone().choose()
    story.printer.finish(PrintOutcome.FAILED)
    story.model.on_printer()
    back(story)
    story.ask.accept(story.ask.last(MergeOffline), merged=[], replaced=[])
    story.after(0.5)
    story.model.wait_paper()
    assert story.ask.last(ReprintTicket).ticket == story.paper().ticket.id


def test_a_paper_that_hangs_does_not_keep_the_merge_waiting_for_ever(start: Start) -> None:
    """F31; its end is told by ConfirmPrint then, with the ticket's id as the job."""
    story = start().alone().choose()
    back(story)
    assert not merges(story)
    story.after(8)
    (told,) = story.ask.last(MergeOffline).tickets
    assert (told.print, told.copies) == ("pending", 1)
    story.printed()
    confirmed = story.ask.last(ConfirmPrint)
    assert (confirmed.job, confirmed.outcome) == (told.ticket, "printed")


# Merging.


def test_numbers_are_merged_in_their_order_before_anything_else(start: Start) -> None:
    story = start().alone()
    for _ in range(3):
        story.choose().printed().leave()
    back(story)
    assert merges(story) == [["AK001", "AK002", "AK003"]]
    assert story.ask.last(MergeOffline).lease == "lease-1"
    assert story.model.alone, "until the server has said what it makes of them"
    story.ask.accept(story.ask.last(MergeOffline), merged=[], replaced=[])
    story.after(0.2)
    assert not story.model.alone
    assert story.journal.unmerged == []
    story.choose()
    assert story.ask.is_waiting(story.ask.last(IssueTicket)), "the server gives numbers again"


def test_a_merge_is_of_forty_at_most(start: Start) -> None:
    ranges = [LeasedRange(series="AK", first=1, last=200)]
    story = start().online().lent(lease(ranges=ranges)).lost().after(2)
    for _ in range(85):
        story.choose().printed().leave().after(2)
    back(story)
    for _ in range(3):
        story.ask.accept(story.ask.last(MergeOffline), merged=[], replaced=[])
        story.settle()
    assert [len(each) for each in merges(story)] == [40, 40, 5]
    assert [number for each in merges(story) for number in each] == [
        f"AK{serial:03d}" for serial in range(1, 86)
    ]


def test_a_merge_without_an_answer_is_asked_again_with_the_same_id(start: Start) -> None:
    """I6: its answer names the tickets that made way, also the second time."""
    story = start().alone().choose().printed()
    back(story)
    first = story.ask.last(MergeOffline)
    story.ask.reject(first, "try-again")
    story.lost().after(3)
    back(story)
    again = story.ask.of(MergeOffline)
    assert len(again) == 2
    assert again[1] == first


def test_a_ticket_that_the_server_cannot_take_does_not_stop_the_others(start: Start) -> None:
    """It is kept, and tried again with the next connection; nobody is forgotten: the door rings."""
    story = start().alone()
    for _ in range(4):
        story.choose().printed().leave()
    back(story)
    for _ in range(12):
        asked = story.ask.last(MergeOffline)
        if story.ask.is_waiting(asked):
            if any(one.number == "AK003" for one in asked.tickets):
                story.ask.reject(asked, "bad-value")
            else:
                story.ask.accept(asked, merged=[], replaced=[])
        story.after(0.2)
    assert [one.ticket.number for one in story.journal.unmerged] == ["AK003"]
    assert not story.model.alone, "the kiosk serves with the server"
    assert [call.reason for call in story.ask.of(CallOfficer)] == ["number"]
    story.lost().after(0.5)
    back(story)
    assert merges(story)[-1] == ["AK003"]
    story.ask.reject(story.ask.last(MergeOffline), "bad-value")
    story.after(0.2)
    assert len(story.ask.of(CallOfficer)) == 1, "once for a ticket"


def test_a_fault_of_the_server_is_waited_out_and_not_blamed_on_a_ticket(start: Start) -> None:
    """F12."""
    story = start().alone().choose().printed()
    back(story)
    story.ask.reject(story.ask.last(MergeOffline), "internal")
    story.after(1)
    asked = story.ask.of(MergeOffline)
    assert asked[0] == asked[1]


def test_papers_of_the_server_wait_for_the_merge_and_those_that_made_way_never_come_out(
    start: Start,
) -> None:
    """I9: the ticket of the lost answer has a paper at the server, too."""
    story = start().online().lent().choose()
    story.lost().after(2).printed().leave()
    back(story)
    ghost, other = ticket("A007"), ticket("A008")
    papers = len(story.printer.submitted)
    for one in (ghost, other):
        story.desk.on_notice(paper_of(one))
    assert len(story.printer.submitted) == papers
    story.ask.accept(story.ask.last(MergeOffline), merged=[], replaced=[ghost.id])
    story.after(0.2)
    assert [each.job for each in story.printer.submitted[papers:]] == ["job-A008"]
    story.desk.on_notice(paper_of(ghost))
    assert len(story.printer.submitted) == papers + 1, "nor when it is asked for later"


def test_a_paper_never_overtakes_its_own_answer(start: Start) -> None:
    """Had the answer been lost, the visitor would hold two papers."""
    story = start().online().lent().choose()
    story.desk.on_notice(paper_of(ticket("A007")))
    assert not story.printer.submitted
    story.ask.accept(story.ask.last(IssueTicket), ticket=ticket("A007"))
    assert [each.job for each in story.printer.submitted] == ["job-A007"]


# The lease.


def test_numbers_are_lent_at_every_greeting_and_when_half_of_them_is_used(start: Start) -> None:
    story = start().online()
    assert [(each.used, each.anew) for each in story.ask.of(LeaseNumbers)] == [({}, True)]
    story.lent().after(70)
    assert len(story.ask.of(LeaseNumbers)) == 1
    story.lost().after(2)
    for _ in range(5):
        story.choose().printed().leave()
    back(story)
    assert story.ask.last(LeaseNumbers).used == {"AK": 5}
    assert not story.ask.last(LeaseNumbers).anew
    story.lent().after(70)
    assert len(story.ask.of(LeaseNumbers)) == 3, "half of them is used, and they were not more"


def test_a_server_that_lends_nothing_now_is_asked_again(start: Start) -> None:
    """Else a kiosk that was too quick once would have no numbers when its link is lost."""
    story = start().online()
    story.ask.reject(story.ask.last(LeaseNumbers), "rate-limited")
    story.after(59)
    assert len(story.ask.of(LeaseNumbers)) == 1
    story.after(2)
    assert len(story.ask.of(LeaseNumbers)) == 2


def test_a_server_that_was_set_up_again_learns_the_letter_and_gets_the_numbers(
    start: Start,
) -> None:
    """F59: it takes no number before it knows whose they are; the visitors wait no longer."""
    story = start().alone().choose().printed()
    back(story)
    assert story.ask.last(LeaseNumbers).letter == "K"
    story.ask.reject(story.ask.last(MergeOffline), "not-yours")
    story.after(1)
    assert len(merges(story)) == 1
    story.lent().after(0.2)
    assert merges(story) == [["AK001"], ["AK001"]]


def test_numbers_are_lent_again_on_another_day(start: Start) -> None:
    """Else a kiosk whose link never breaks would have an old lease when it does."""
    story = start().online().lent().after(70)
    story.now_s += 24 * 3600
    story.after(0.2)
    assert len(story.ask.of(LeaseNumbers)) == 2


# Starting without a server.


def test_a_kiosk_that_starts_without_a_server_goes_on_with_the_next_number(start: Start) -> None:
    """F41, F40: from its disk alone."""
    start().alone().choose().printed()
    story = start()
    story.lost("unreachable").after(1.2)
    assert story.model.alone
    assert story.model.welcome is not None
    assert [tile.code for tile in story.model.tiles()] == ["A", "B"]
    story.choose()
    assert story.number() == "AK002"


def test_after_a_restart_everything_is_merged_first(start: Start) -> None:
    start().alone().choose().printed()
    story = start()
    back(story)
    assert merges(story) == [["AK001"]]
    (told,) = story.ask.last(MergeOffline).tickets
    assert told.print == "printed"
    story.choose()
    assert story.number() == "AK002"


def test_a_paper_that_a_crash_kept_from_coming_out_does_so_at_the_start(start: Start) -> None:
    """I9: else the number would be nobody's."""
    first = start().alone().choose()
    first.printer.submitted.clear()
    story = start()
    number = story.journal.unmerged[0].ticket
    assert [each.job for each in story.printer.submitted] == [number.ticket]


def test_a_paper_of_long_ago_does_not_come_out_before_somebody_else(start: Start) -> None:
    first = start().alone().choose()
    first.printer.submitted.clear()
    story = start(wall=first.wall + timedelta(minutes=11))
    assert not story.printer.submitted
    back(story)
    (told,) = story.ask.last(MergeOffline).tickets
    assert told.print == "unknown"


def test_the_clock_is_the_servers_also_after_a_start_without_it(start: Start) -> None:
    """F13: this machine's own is an hour slow."""
    first = start(wall=MORNING - timedelta(hours=1)).alone().choose().printed()
    story = start()
    assert abs(story.desk.clock.now() - first.desk.clock.now()) < timedelta(seconds=2)
    story.lost("unreachable").after(2).choose()
    issued = [given.ticket.issued_at for given in story.journal.unmerged]
    assert MORNING < issued[0] < issued[1] < MORNING + timedelta(minutes=1)


def test_a_clock_that_fell_back_to_another_year_gives_no_number_twice(start: Start) -> None:
    """F15: a dead battery; the day is never before the last one that is known."""
    start().alone().choose().printed()
    story = start(wall=datetime(2000, 1, 1, tzinfo=UTC)).lost("unreachable").after(2).choose()
    assert story.number() == "AK002"
    days = {given.ticket.business_date for given in story.journal.unmerged}
    assert days == {TODAY}


@pytest.mark.parametrize("started_wrong", [timedelta(days=-3000), timedelta(days=3)])
def test_what_was_given_by_a_clock_that_started_wrong_is_told_by_the_right_one(
    start: Start, started_wrong: timedelta
) -> None:
    """F15, F41: else whoever waits would have a number of another day, and never be called."""
    start().alone().choose().printed()
    next_day = MORNING + timedelta(days=1)
    story = start(wall=next_day + started_wrong)
    story.lost("unreachable").after(2)
    story.choose("B").printed().leave()
    (_, wrong) = story.journal.unmerged
    assert wrong.ticket.business_date != TODAY + timedelta(days=1)
    story.desk.on_link(LinkStatus(LinkState.ONLINE, story.now_s))
    story.desk.on_welcome(replace(welcome("AB"), server_time=next_day + timedelta(seconds=60)))
    story.after(0.2)
    (_, told) = story.ask.last(MergeOffline).tickets
    assert (told.number, told.business_date) == (wrong.ticket.number, TODAY + timedelta(days=1))
    assert next_day < told.issued_at < next_day + timedelta(seconds=60)
    assert [one.ticket.business_date for one in start().journal.unmerged] == [
        TODAY,
        TODAY + timedelta(days=1),
    ]


def test_over_midnight_the_count_begins_again_and_the_dates_are_right(start: Start) -> None:
    """F14."""
    first = start().alone().choose().printed().leave()
    story = start(wall=first.wall + timedelta(hours=20)).lost("unreachable").after(2).choose()
    given = [(one.ticket.number, one.ticket.business_date) for one in story.journal.unmerged]
    assert given == [("AK001", TODAY), ("AK001", TODAY + timedelta(days=1))]


def test_a_second_loss_while_merging_goes_on_where_it_was(start: Start) -> None:
    """Repeated losses: what was given meanwhile comes behind."""
    story = start().alone().choose().printed().leave()
    back(story)
    first = story.ask.last(MergeOffline)
    story.lost().after(1.5)
    assert story.model.alone
    story.choose().printed().leave()
    assert story.number() == ""
    back(story)
    story.ask.accept(first, merged=[], replaced=[])
    story.after(0.2)
    assert merges(story) == [["AK001"], ["AK002"]]
