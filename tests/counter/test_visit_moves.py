"""A visit that does not go straight on: aside, handed on, out of turn, undone, another errand."""

from datetime import timedelta

import pytest

from counter.actions import Destination, Visitor, Wish
from counter.handing_on import goals_of, people_before
from counter.picking import matching, picks_of
from protocol.messages import (
    CallTicket,
    ContinueService,
    IssueTicket,
    ParkTicket,
    RequeueTicket,
    ResumeTicket,
    TransferTicket,
    UndoLast,
)
from tests.counter.words import (
    COLLEAGUES,
    MORNING,
    SERVICES,
    Story,
    coming,
    counter,
    entry,
    missed,
    parked,
    snapshot,
    ticket,
    undoable,
)

CALLED, SERVING = ticket("A012", "called"), ticket("A012", "serving", served_s=100)


def remark_code(story: Story) -> str:
    """The code of what is said now."""
    return story.serving.remark.code if story.serving.remark is not None else ""


# Aside, and back.


def test_a_visitor_is_put_aside_with_a_reason_and_a_reminder() -> None:
    story = Story().serving_with(SERVING)
    at = MORNING + timedelta(minutes=10)
    assert not story.serving.do("park", Wish(reason="made-up"))
    assert story.serving.do("park", Wish(reason="photocopy", alarm_at=at))
    asked = story.asked.the(ParkTicket)
    assert (asked.ticket, asked.reason, asked.alarm_at) == ("id-A012", "photocopy", at)
    story.asked.accept(11, ticket=ticket("A012", "parked"))
    assert story.serving.ticket is None
    assert remark_code(story) == "done.park"


def test_who_is_due_is_first_and_rings_once() -> None:
    story = Story().serving_with(None, parked=[parked("A003", 900), parked("A001", 60)])
    rung: list[str] = []
    story.serving.rings = lambda one: rung.append(one.number)
    assert [one.number for one in story.serving.parked] == ["A001", "A003"]
    story.pass_s(30)
    assert rung == []
    story.pass_s(31)
    story.pass_s(1)
    assert rung == ["A001"]
    assert remark_code(story) == "parked.due"
    again = snapshot(11, None, parked=[parked("A001", 300)])
    story.seat.on_notice(again)
    story.pass_s(300)
    assert rung == ["A001", "A001"], "a new reminder rings anew"


def test_a_parked_visitor_is_called_back_only_to_a_free_counter() -> None:
    story = Story().serving_with(SERVING, parked=[parked("A001")])
    assert story.serving.hindrance("resume") == "visitor-here"
    story = Story().serving_with(None, parked=[parked("A001")])
    story.serving.do("resume", Wish(ticket="id-A001"))
    assert story.asked.the(ResumeTicket).ticket == "id-A001"
    story.asked.accept(11, ticket=ticket("A001"))
    assert story.serving.ticket is not None
    assert story.serving.ticket.number == "A001"
    assert story.serving.parked == []


# Out of turn.


def test_everything_that_can_be_taken_stands_in_one_list() -> None:
    story = Story().serving_with(
        None,
        "A012",
        "P004",
        parked=[parked("A001", 900), parked("A002", -1), parked("A005", None)],
        missed=[missed("C001"), missed("C002", -1)],
    )
    picks = story.serving.picks()
    assert [(pick.number, pick.kind, pick.move) for pick in picks] == [
        ("A002", "parked", "resume"),
        ("A001", "parked", "resume"),
        ("A005", "parked", "resume"),
        ("C001", "missed", "requeue"),
        ("A012", "waiting", "call"),
        ("P004", "waiting", "call"),
    ]
    assert [pick.due for pick in picks[:3]] == [True, False, False]
    assert picks_of(None, MORNING) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["A012", "B012", "A112", "P004"]),
        ("12", ["A012", "B012"]),
        ("a12", ["A012"]),
        (" A 012 ", ["A012"]),
        ("b", ["B012"]),
        ("11", ["A112"]),
        ("p", ["P004"]),
        ("999", []),
    ],
)
def test_a_number_is_found_as_people_say_it(typed: str, found: list[str]) -> None:
    picks = picks_of(snapshot(1, None, "A012", "B012", "A112", "P004"), MORNING)
    assert [pick.number for pick in matching(picks, typed)] == found


def test_a_chosen_number_is_called_and_leaves_the_line() -> None:
    story = Story().serving_with(None, "A012", "A013", next=coming("A012"))
    story.serving.do("call", Wish(ticket="id-A013"))
    assert story.asked.the(CallTicket).ticket == "id-A013"
    story.asked.accept(11, ticket=ticket("A013"))
    assert [one.number for one in story.serving.line] == ["A012"]
    assert story.serving.waiting_total == 1
    assert remark_code(story) == "done.call"


def test_a_missed_number_goes_back_while_somebody_is_served() -> None:
    story = Story().serving_with(SERVING, missed=[missed("C001")])
    story.serving.do("requeue", Wish(ticket="id-C001"))
    assert story.asked.the(RequeueTicket).ticket == "id-C001"
    story.asked.accept(11, ticket=ticket("C001", "waiting"))
    assert story.serving.ticket == SERVING, "the visitor at the counter stays"
    assert story.serving.picks() == []


# Handed on.


def test_a_visitor_is_handed_on_to_one_place() -> None:
    story = Story().serving_with(SERVING)
    story.serving.do("transfer", Wish(to=Destination(counter=1, position="first", note="KK")))
    asked = story.asked.the(TransferTicket)
    assert (asked.service, asked.counter, asked.staff) == (None, 1, None)
    assert (asked.position, asked.note) == ("first", "KK")
    story.asked.accept(11, ticket=ticket("A012", "waiting"))
    assert story.serving.ticket is None


def test_every_goal_has_a_key_of_its_own_and_the_plain_ones_are_the_signs() -> None:
    seen = snapshot(1, SERVING, colleagues=COLLEAGUES)
    goals = goals_of(list(SERVICES), seen, lambda code: f"service {code}")
    keys = {goal.code: goal.key for goal in goals}
    assert keys["service-A"] == "A"
    assert keys["counter-1"] == "1"
    assert len(set(keys.values())) == len(keys)
    assert "counter-3" not in keys, "this counter"
    assert "counter-4" not in keys, "a closed one"
    assert "staff-rina" not in keys, "myself"
    assert {goal.name for goal in goals if goal.kind == "counter"} == {"1 Sari", "2 Adi"}


@pytest.mark.parametrize(
    ("to", "before"),
    [
        (Destination(service="A", position="first"), 0),
        (Destination(service="A", position="last"), 3),
        (Destination(service="A", position="arrival"), 2),
        (Destination(service="B", position="arrival"), None),
        (Destination(counter=1, position="last"), None),
        (Destination(staff="adi", position="first"), 0),
    ],
)
def test_where_a_visitor_will_stand_is_said_only_as_far_as_it_is_known(
    to: Destination, before: int | None
) -> None:
    mine = ticket("A012", "serving", served_s=10, called_s=0, waited_s=590)  # issued 600 s ago
    line = [entry("A001", 1, 900), entry("A002", 2, 700), entry("A020", 3, 100)]
    seen = snapshot(1, mine, "A001", "A002", "A020", counter=counter(services=["A"]), line=line)
    assert people_before(seen, mine, to) == before


def test_a_line_that_is_longer_than_what_is_shown_gives_no_false_place() -> None:
    seen = snapshot(1, SERVING, "A001", total=60)
    assert people_before(seen, SERVING, Destination(service="A")) is None
    assert people_before(None, SERVING, Destination(service="A")) is None


# Taken back.


def test_the_last_move_is_taken_back_within_its_seconds() -> None:
    """L3: counted down by the server's own instant, and not a moment longer."""
    story = Story().serving_with(None, undo=undoable("A012", left_s=4.2))
    assert story.serving.undo_left_s() == 5
    story.pass_s(3.3)
    assert story.serving.undo_left_s() == 1
    assert story.serving.do("undo")
    story.asked.the(UndoLast)
    story.asked.accept(11, ticket=SERVING)
    assert story.serving.ticket == SERVING
    assert story.serving.undo_left_s() == 0
    assert remark_code(story) == "done.undo"


def test_after_its_seconds_nothing_is_asked() -> None:
    story = Story().serving_with(None, undo=undoable("A012", left_s=5))
    story.pass_s(5)
    assert story.serving.undo_left_s() == 0
    assert not story.serving.do("undo")
    assert remark_code(story) == "why.nothing-to-undo"
    assert story.asked.commands == []


def test_an_undone_call_brings_the_visitor_before_it_back() -> None:
    story = Story().serving_with(ticket("P004"), undo=undoable("A012"))
    story.serving.do("undo")
    story.asked.accept(11, ticket=SERVING)
    assert story.serving.ticket == SERVING


# Another errand, another visitor.


def test_another_errand_ends_the_first_as_it_was_drafted() -> None:
    story = Story().serving_with(SERVING)
    story.serving.set_draft(outcome="referred", category="arrears", note=" ke Dinsos ")
    story.serving.do("continue", Wish(service="D"))
    asked = story.asked.the(ContinueService)
    assert (asked.ticket, asked.service, asked.outcome) == ("id-A012", "D", "referred")
    assert (asked.category, asked.note) == ("arrears", "ke Dinsos")
    story.asked.accept(11, ticket=ticket("A012", "serving", service="D"))
    assert story.serving.ticket is not None
    assert story.serving.ticket.service == "D"
    assert remark_code(story) == "done.continue"


def test_an_errand_that_another_counter_serves_waits_in_its_line() -> None:
    story = Story().serving_with(SERVING)
    story.serving.do("continue", Wish(service="D"))
    story.asked.accept(11, ticket=ticket("A012", "waiting", service="D"))
    assert story.serving.ticket is None
    assert remark_code(story) == "done.continue-waits"


def test_what_was_drafted_for_one_errand_does_not_end_the_next() -> None:
    story = Story().serving_with(SERVING)
    story.serving.set_draft(category="arrears")
    story.serving.do("continue", Wish(service="D"))
    story.asked.accept(11, ticket=ticket("A012", "serving", service="D"))
    assert story.serving.draft.category is None


def test_a_number_for_who_stands_at_the_counter_leaves_my_visitor_alone() -> None:
    story = Story().serving_with(SERVING)
    story.serving.do("issue", Wish(visitor=Visitor("B", "elderly", 3)))
    asked = story.asked.the(IssueTicket)
    assert (asked.service, asked.priority, asked.weight) == ("B", "elderly", 3)
    assert asked.print_at is None
    story.asked.accept(11, ticket=ticket("P005", "waiting", people_ahead=2))
    assert story.serving.ticket == SERVING
    assert story.serving.remark is not None
    assert story.serving.remark.facts == {"a": "P005", "ahead": 2}


# Calls, and what is next.


def test_recalls_are_counted_and_end() -> None:
    story = Story().serving_with(CALLED, recalls_left=2)
    assert story.serving.recalls() == (1, 2)
    story.serving.do("recall")
    story.asked.accept(11, ticket=ticket("A012", call_count=2))
    assert story.serving.recalls() == (2, 2)
    story.seat.on_notice(snapshot(12, ticket("A012", call_count=3), recalls_left=0))
    assert story.serving.recalls() == (2, 2)
    assert story.serving.hindrance("recall") == "recalls-used"
    story.seat.on_notice(snapshot(13, CALLED, recalls_left=None))
    assert story.serving.recalls() is None
    assert story.serving.hindrance("recall") == ""


def test_the_key_says_whom_the_server_will_call_not_the_head_of_what_is_shown() -> None:
    story = Story().serving_with(SERVING, "A013", "P004", next=coming("P004", "overtaken"))
    prospect = story.serving.prospect()
    assert (prospect.code, prospect.closing, prospect.calling) == ("finish-call", "A012", "P004")
    assert prospect.why["id"].startswith("Lansia")
    assert prospect.helping == ""


def test_a_help_is_said_and_a_transfer_to_this_counter_is_none() -> None:
    mine = counter(services=["A"])
    helping = coming("C002", helping=True)
    story = Story().serving_with(None, counter=mine, next=helping, waiting_elsewhere=4)
    assert story.serving.prospect().helping == "C"
    story = Story().serving_with(None, counter=mine, next=coming("C002"))
    assert story.serving.prospect().helping == ""


def test_from_when_an_idle_counter_helps_is_known_only_while_it_waits() -> None:
    at = MORNING + timedelta(minutes=4)
    story = Story().serving_with(None, waiting_elsewhere=2, help_from=at)
    assert story.serving.help_from == at
    story = Story().serving_with(None, "A001", next=coming("A001"), help_from=at)
    assert story.serving.help_from is None
