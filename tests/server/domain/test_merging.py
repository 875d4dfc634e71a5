"""Taking in what a kiosk gave without a link: places, ghosts, dates, numbers; no effect twice."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from server.domain.calling import decide_call_next
from server.domain.closing import decide_day_end
from server.domain.errors import QueueRuleError
from server.domain.events import (
    EarlierTicketMerged,
    PrintRecorded,
    TicketCancelled,
    TicketExpired,
    TicketIssued,
)
from server.domain.issuing import paper_is_due, waits_without_paper
from server.domain.leasing import day_begins_ms
from server.domain.merging import OnDisk, decide_merge
from server.domain.serving import (
    Result,
    decide_cancel,
    decide_finish,
    decide_park,
    decide_start,
)
from server.domain.ticket import TicketState
from server.domain.undoing import decide_undo
from tests.server.branch_example import BRANCH, DATE, HandTurnedDay, branch_with
from tests.server.domain.offline_example import given, leased, merge

DISCIPLINES = ("due-time", "first-come", "ratio")
YESTERDAY = "2026-09-20"


@pytest.fixture
def hall() -> HandTurnedDay:
    hall = HandTurnedDay(branch_with(kiosk_priority_claim=True))
    leased(hall)
    return hall


def refused(hall: HandTurnedDay, *offline: Any, device: str = "kiosk-1", **more: Any) -> str:
    before = len(hall.entries)
    with pytest.raises(QueueRuleError) as no:
        merge(hall, *offline, device=device, **more)
    assert len(hall.entries) == before
    return no.value.reason


def since_dawn(hall: HandTurnedDay) -> int:
    return day_begins_ms(hall.branch, DATE)


# Places.


def test_a_merged_ticket_waits_like_any_other_from_when_it_was_given(hall: HandTurnedDay) -> None:
    hall.pass_s(60)
    gave = given(hall, 12)
    hall.pass_s(600)
    merge(hall, gave)
    ticket = hall.day.tickets["off-AK12"]
    assert (ticket.number, ticket.service, ticket.state) == ("AK012", "A", TicketState.WAITING)
    assert ticket.offline
    assert ticket.issued_at_ms == ticket.waits_since_ms == gave.issued_at_ms
    assert ticket.period.started_at_ms == gave.issued_at_ms
    assert hall.day.by_link["link-AK12"] == "off-AK12"
    assert hall.day.serials == {}, "the branch's own series goes on where it was"


def test_numbers_given_with_a_link_stay_dense_beside_offline_ones(hall: HandTurnedDay) -> None:
    """I2: the offline range stands apart."""
    first = hall.issue("A")
    merge(hall, given(hall, 1), given(hall, 2))
    assert [first.number, hall.issue("A").number] == ["A001", "A002"]


@pytest.mark.parametrize("discipline", DISCIPLINES)
@pytest.mark.parametrize("seed", range(8))
def test_who_came_without_a_link_is_called_as_if_there_had_been_one(
    discipline: str, seed: int
) -> None:
    """I5: the same people in the same seconds, some told late: the order of calls is the same."""
    random = Random(seed)
    rules = {"discipline": discipline, "kiosk_priority_claim": True, "overtakes_most": 3}
    told_late, told_at_once = (
        HandTurnedDay(branch_with(**rules)),
        HandTurnedDay(branch_with(**rules)),
    )
    for hall in (told_late, told_at_once):
        leased(hall)
    serial, late = 0, []
    for place in range(60):
        for hall in (told_late, told_at_once):
            hall.pass_s(7 + place % 5)
        service, priority = random.choice("AB"), random.choice(("none", "none", "elderly"))
        if random.random() < 0.5:
            for hall in (told_late, told_at_once):
                hall.issue(service, priority=priority)
            continue
        serial += 1
        gave = given(told_late, serial, "AK", service=service, priority=priority)
        late.append(gave)
        merge(told_at_once, gave)
    for start in range(0, len(late), 7):
        told_late.pass_s(1)
        merge(told_late, *late[start : start + 7])
    told_at_once.now_ms = told_late.now_ms
    orders = []
    for hall in (told_late, told_at_once):
        desks = [hall.seat(1), hall.seat(3)]
        called: list[tuple[str, str]] = []
        while hall.day.lines.length("service:A") + hall.day.lines.length("service:B"):
            desk = desks[len(called) % 2]
            if hall.day.next_choice(desk, hall.now_ms) is None:
                desk = desks[0]
            ticket = hall.call_next(desk)
            called.append((ticket.number, hall.day.calls_made[-1].rule))
            hall.do(decide_cancel(hall.day, ticket.id, "visitor-left", "counter-1", None, None))
            hall.pass_s(40)
        orders.append(called)
    assert orders[0] == orders[1]


def test_places_of_arrival_follow_the_instants_whenever_they_were_told(hall: HandTurnedDay) -> None:
    late = []
    for serial in range(1, 41):
        hall.pass_s(5)
        late.append(given(hall, serial))
        if serial % 3 == 0:
            hall.pass_s(1)
            hall.issue("A")
    desk = hall.seat(1)
    hall.call_next(desk)
    random = Random(5)
    while late:
        # One kiosk tells in order, but another may tell between.
        merge(hall, late.pop(0))
        if random.random() < 0.3:
            hall.issue("B")
    tickets = sorted(hall.day.tickets.values(), key=lambda one: one.ordinal)
    arrivals = [(one.issued_at_ms, one.arrival) for one in tickets]
    assert arrivals == sorted(arrivals)
    assert len({one.ordinal for one in tickets}) == len(tickets)
    (made,) = hall.day.calls_made
    assert made.ordinal == hall.day.tickets[made.ticket].ordinal


def test_whoever_was_passed_over_keeps_the_count(hall: HandTurnedDay) -> None:
    """I5: new places of arrival change nothing about who was overtaken, nor does an undo."""
    hall.pass_s(10)
    late = [given(hall, serial) for serial in (1, 2)]
    hall.pass_s(10)
    waits, urgent = hall.issue("A"), hall.issue("A", priority="elderly")
    desk = hall.seat(1)
    assert hall.call_next(desk) is urgent
    assert hall.day.lines.overtakes_of(waits) == 1
    merge(hall, *late)
    assert hall.day.lines.overtakes_of(waits) == 1
    assert [hall.day.lines.overtakes_of(hall.day.tickets[one.ticket]) for one in late] == [0, 0]
    again = hall.retold()
    assert again.lines.overtakes_of(again.tickets[waits.id]) == 1
    assert {one.id: one.ordinal for one in again.tickets.values()} == {
        one.id: one.ordinal for one in hall.day.tickets.values()
    }


def test_an_undo_puts_somebody_back_to_the_place_of_arrival_of_now(hall: HandTurnedDay) -> None:
    hall.pass_s(5)
    late = given(hall, 1)
    hall.pass_s(5)
    first, second = hall.issue("A"), hall.issue("A")
    desk = hall.seat(1)
    hall.call_next(desk)
    hall.do(decide_start(hall.day, desk, first.id))
    hall.do(decide_finish(hall.day, desk, first.id, Result("solved")))
    merge(hall, late)
    hall.do(decide_undo(hall.day, desk, hall.now_ms))
    merged = hall.day.tickets[late.ticket]
    assert merged.ordinal < first.ordinal < second.ordinal
    assert first.state is TicketState.SERVING


# Once.


def test_the_same_journal_again_changes_nothing(hall: HandTurnedDay) -> None:
    """I6: also in parts, also under another command id, also after a restart."""
    late = [given(hall, serial, print="printed", copies=1) for serial in range(1, 6)]
    merge(hall, *late[:3])
    assert [type(one) for one in merge(hall, *late)] == [TicketIssued, TicketIssued]
    assert merge(hall, *late) == []
    again = hall.retold()
    assert decide_merge(again, "kiosk-1", late, OnDisk(), hall.now_ms) == []
    hall.do(decide_day_end(hall.day, hall.now_ms))
    assert merge(hall, *late) == []


def test_a_ticket_twice_in_one_command_is_one(hall: HandTurnedDay) -> None:
    one = given(hall, 1)
    assert len(merge(hall, one, one)) == 1


def test_a_ticket_that_was_served_since_is_not_given_again(hall: HandTurnedDay) -> None:
    late = given(hall, 1)
    merge(hall, late)
    hall.do(decide_cancel(hall.day, late.ticket, "visitor-left", "kiosk-1", None, None))
    assert merge(hall, late) == []
    assert hall.day.tickets[late.ticket].state is TicketState.CANCELLED


# Whose number it is.


def test_a_number_that_another_ticket_has_is_refused_with_all_of_its_command(
    hall: HandTurnedDay,
) -> None:
    merge(hall, given(hall, 1))
    other = replace(given(hall, 1), ticket="another")
    assert refused(hall, given(hall, 2), other) == "number-taken"
    assert (
        refused(hall, given(hall, 2), replace(given(hall, 2), ticket="another")) == "number-taken"
    )
    assert "off-AK2" not in hall.day.tickets
    wider = replace(other, number="AK0001")
    assert refused(hall, wider) == "number-taken"


def test_a_ticket_cannot_change_its_number(hall: HandTurnedDay) -> None:
    merge(hall, given(hall, 1))
    assert refused(hall, replace(given(hall, 2), ticket="off-AK1")) == "number-taken"


def test_a_kiosk_gives_only_numbers_of_its_own(hall: HandTurnedDay) -> None:
    leased(hall, "kiosk-2")
    assert refused(hall, given(hall, 1), device="kiosk-2") == "not-yours"
    assert refused(hall, given(hall, 1, "AL")) == "not-yours"
    assert refused(hall, given(hall, 1, "AM")) == "not-yours"
    assert refused(hall, given(hall, 1), device="kiosk-3") == "not-yours"
    # The branch's own series is lent to nobody.
    assert refused(hall, replace(given(hall, 1), series="A", number="A001")) == "not-yours"


@pytest.mark.parametrize("number", ["AK002", "AL001", "AKK01", "A001", "AK", "AK01x"])
def test_a_number_is_its_series_and_serial(hall: HandTurnedDay, number: str) -> None:
    assert refused(hall, replace(given(hall, 1), number=number)) == "bad-value"


def test_a_number_beyond_what_was_ever_lent_is_refused(hall: HandTurnedDay) -> None:
    assert refused(hall, given(hall, 201)) == "bad-value"
    leased(hall, used={"AK": 150})
    merge(hall, given(hall, 201))
    assert refused(hall, given(hall, 401)) == "bad-value"


# Instants.


def test_no_ticket_waits_since_the_future_or_since_before_its_lease() -> None:
    """I11, F13: whatever the kiosk's clock says."""
    hall = HandTurnedDay()
    hall.pass_s(100)
    begins_ms = hall.now_ms
    leased(hall)
    hall.pass_s(100)
    merge(hall, given(hall, 1, issued_at_ms=0), given(hall, 2, issued_at_ms=hall.now_ms + 10**9))
    assert hall.day.tickets["off-AK1"].issued_at_ms == begins_ms
    assert hall.day.tickets["off-AK2"].issued_at_ms == hall.now_ms


def test_a_lease_of_an_earlier_day_is_good_from_the_first_minute_of_this_one() -> None:
    hall = HandTurnedDay()
    leased(hall)
    for series, known in hall.day.leased.items():
        hall.day.leased[series] = replace(known, business_date=YESTERDAY, since_ms=0)
    merge(hall, given(hall, 1, issued_at_ms=0))
    assert hall.day.tickets["off-AK1"].issued_at_ms == since_dawn(hall)


def test_a_kiosk_whose_clock_went_back_keeps_its_visitors_in_their_order(
    hall: HandTurnedDay,
) -> None:
    """F13: order from the sequence, not from the time."""
    hall.pass_s(1000)
    at_ms = [hall.now_ms - 10_000, hall.now_ms - 500_000, hall.now_ms - 5_000]
    merge(hall, *(given(hall, n, issued_at_ms=ms) for n, ms in enumerate(at_ms, 1)))
    hall.pass_s(1)
    merge(hall, given(hall, 4, issued_at_ms=at_ms[0]))
    assert hall.day.lines.tickets("service:A") == ["off-AK1", "off-AK2", "off-AK3", "off-AK4"]


# The ghost.


@pytest.mark.parametrize("state", ["waiting", "called", "parked"])
def test_the_ticket_of_the_lost_answer_makes_way(hall: HandTurnedDay, state: str) -> None:
    """Never a ghost: nobody holds that number."""
    ghost = hall.issue("A")
    hall.pass_s(2)
    late = given(hall, 1, instead_of=ghost.id)
    other = hall.issue("A")
    desk = hall.seat(1)
    if state != "waiting":
        hall.call_next(desk)
    if state == "parked":
        hall.do(decide_park(hall.day, desk, ghost.id, "papers", None, hall.now_ms))
    assert ghost.state == state
    hall.pass_s(30)
    gone, come = merge(hall, late)
    assert isinstance(gone, TicketCancelled)
    assert gone.reason == "offline"
    assert isinstance(come, TicketIssued)
    assert ghost.state is TicketState.CANCELLED
    assert desk.ticket is None
    # Its place in the line is that of the first touch.
    assert hall.day.tickets[late.ticket].issued_at_ms == ghost.issued_at_ms
    assert hall.day.lines.tickets("service:A") == [late.ticket, other.id]
    assert merge(hall, late) == []


def test_whoever_is_being_served_with_the_lost_number_is_served(hall: HandTurnedDay) -> None:
    ghost = hall.issue("A")
    desk = hall.seat(1)
    hall.call_next(desk)
    hall.do(decide_start(hall.day, desk, ghost.id))
    (come,) = merge(hall, given(hall, 1, instead_of=ghost.id))
    assert isinstance(come, TicketIssued)
    assert ghost.state is TicketState.SERVING


def test_one_ghost_makes_way_once(hall: HandTurnedDay) -> None:
    ghost = hall.issue("A")
    events = merge(hall, *(given(hall, n, instead_of=ghost.id) for n in (1, 2)))
    assert [type(one) for one in events] == [TicketCancelled, TicketIssued, TicketIssued]


# Paper.


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        ("none", "none"),
        ("printed", "printed"),
        ("failed", "failed"),
        ("unknown", "unknown"),
        ("pending", "pending"),
    ],
)
def test_what_became_of_the_paper_is_a_fact_beside_the_ticket(
    hall: HandTurnedDay, told: str, stands: str
) -> None:
    """I9: a ticket without paper is known as such; the server asks for no second one."""
    merge(hall, given(hall, 1, print=told, copies=1 if told != "none" else 0))
    ticket = hall.day.tickets["off-AK1"]
    assert (ticket.print, ticket.copies) == (stands, 0 if told == "none" else 1)
    assert [job.outcome for job in hall.day.jobs.values()] == ([] if told == "none" else [told])
    assert not any(paper_is_due(hall.day, job, hall.now_ms) for job in hall.day.jobs.values())


def test_a_later_word_on_the_paper_is_heard_once(hall: HandTurnedDay) -> None:
    late = given(hall, 1, print="pending", copies=1)
    merge(hall, late)
    (told,) = merge(hall, replace(late, print="printed"))
    assert told == PrintRecorded(ticket="off-AK1", job="off-AK1", outcome="printed")
    assert hall.day.tickets["off-AK1"].print == "printed"
    assert merge(hall, replace(late, print="failed")) == []
    assert merge(hall, late) == []


def test_who_got_no_paper_without_a_link_is_known_to_wait_without_one(hall: HandTurnedDay) -> None:
    """I9: at the door and the counter; not while the kiosk may still say that it came out."""
    prints = ("none", "failed", "unknown", "pending", "printed")
    merge(hall, *(given(hall, n, print=one, copies=1) for n, one in enumerate(prints, 1)))
    waits = [waits_without_paper(hall.day, one, hall.now_ms) for one in hall.day.tickets.values()]
    assert waits == [True, True, True, False, False]
    hall.pass_s(601)
    waits = [waits_without_paper(hall.day, one, hall.now_ms) for one in hall.day.tickets.values()]
    assert waits == [True, True, True, True, False]


# What visitors said.


def test_a_priority_is_as_good_as_the_branch_lets_it_be() -> None:
    for claim, said, wanted in (
        (True, "elderly", "elderly"),
        (True, "urgent", "none"),
        (True, "no-such", "none"),
        (False, "elderly", "none"),
    ):
        hall = HandTurnedDay(branch_with(kiosk_priority_claim=claim))
        leased(hall)
        merge(hall, given(hall, 1, "PK", service="A", priority=said, needs=["wheelchair", "no"]))
        ticket = hall.day.tickets["off-PK1"]
        assert (ticket.priority, ticket.needs) == (wanted, ("wheelchair",))


def test_a_service_that_is_closed_or_gone_by_now_still_has_its_visitor(hall: HandTurnedDay) -> None:
    """The paper exists: nothing is refused for being unusual."""
    hall.day.paused_services["A"] = "Listrik"
    merge(hall, given(hall, 1), given(hall, 2, service="Z"))
    assert hall.day.tickets["off-AK2"].service == "Z"


# Other days.


def test_a_ticket_of_an_earlier_day_is_written_there_and_waits_for_nobody(
    hall: HandTurnedDay,
) -> None:
    for series, known in hall.day.leased.items():
        hall.day.leased[series] = replace(known, business_date="2026-09-18", since_ms=0)
    noon_ms = since_dawn(hall) - 12 * 3600 * 1000
    late = given(hall, 7, business_date=YESTERDAY, issued_at_ms=noon_ms, print="pending", copies=1)
    (event,) = merge(hall, late)
    assert isinstance(event, EarlierTicketMerged)
    assert (event.of_date, event.number, event.issued_at_ms) == (YESTERDAY, "AK007", noon_ms)
    assert event.ended_at_ms == since_dawn(hall)
    assert event.print == "unknown"
    assert hall.day.tickets == {}
    assert merge(hall, late) == []
    # The number is free on this day, for the same kiosk counts anew.
    merge(hall, given(hall, 7))
    assert refused(hall, replace(late, ticket="another")) == "number-taken"


def test_an_instant_that_is_not_of_its_day_is_put_into_it(hall: HandTurnedDay) -> None:
    for series, known in hall.day.leased.items():
        hall.day.leased[series] = replace(known, business_date=YESTERDAY, since_ms=0)
    begins_ms = day_begins_ms(BRANCH, YESTERDAY)
    early, late = merge(
        hall,
        given(hall, 1, business_date=YESTERDAY, issued_at_ms=0),
        given(hall, 2, business_date=YESTERDAY, issued_at_ms=hall.now_ms),
    )
    assert isinstance(early, EarlierTicketMerged)
    assert isinstance(late, EarlierTicketMerged)
    assert (early.issued_at_ms, late.issued_at_ms) == (begins_ms, since_dawn(hall))


def test_what_the_disk_knows_of_earlier_days_counts(hall: HandTurnedDay) -> None:
    for series, known in hall.day.leased.items():
        hall.day.leased[series] = replace(known, business_date=YESTERDAY, since_ms=0)
    late = given(hall, 1, business_date=YESTERDAY)
    place = (YESTERDAY, "AK", 1)
    assert merge(hall, late, on_disk=OnDisk({late.ticket: place}, {place: late.ticket})) == []
    other = OnDisk({"other": place}, {place: "other"})
    assert refused(hall, late, on_disk=other) == "number-taken"


def test_a_day_before_the_first_lease_is_refused(hall: HandTurnedDay) -> None:
    assert refused(hall, given(hall, 1, business_date=YESTERDAY)) == "bad-value"


def test_on_a_day_that_is_closed_a_visitor_expires_at_once(hall: HandTurnedDay) -> None:
    late = given(hall, 1)
    hall.pass_s(60)
    hall.do(decide_day_end(hall.day, hall.now_ms))
    issued, expired = merge(hall, late)
    assert isinstance(issued, TicketIssued)
    assert expired == TicketExpired(ticket=late.ticket)
    assert hall.day.tickets[late.ticket].state is TicketState.EXPIRED


def test_a_kiosk_whose_clock_runs_ahead_means_today(hall: HandTurnedDay) -> None:
    late = given(hall, 1, business_date="2026-09-22")
    merge(hall, late)
    assert hall.day.tickets[late.ticket].state is TicketState.WAITING
    assert merge(hall, late) == []
    # Its second count of the same day has to wait until that day has come.
    assert refused(hall, replace(late, ticket="another")) == "too-soon"


def test_a_merged_day_comes_back_whole_from_its_events(hall: HandTurnedDay) -> None:
    """I3."""
    ghost = hall.issue("B")
    late = [given(hall, n, issued_at_ms=hall.now_ms - 1000 * n) for n in (1, 2, 3)]
    merge(hall, *late, given(hall, 4, instead_of=ghost.id, print="printed", copies=1))
    desk = hall.seat(1)
    hall.do(decide_call_next(hall.day, desk, hall.new_id(), hall.now_ms))
    again = hall.retold()
    for name in ("tickets", "jobs", "offline_serials", "next_ordinal", "offline_last_ms"):
        assert getattr(again, name) == getattr(hall.day, name), name
