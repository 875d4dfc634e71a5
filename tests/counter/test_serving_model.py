"""A frontliner's day as stories: what may be done when, and what is seen after it."""

import pytest

from counter.actions import ACTIONS, VIEWS, Wish
from protocol.messages import (
    CallNext,
    CancelTicket,
    Finish,
    FinishService,
    PauseCounter,
    RecallTicket,
    SignedOut,
)
from protocol.session import LinkState
from tests.counter.words import RINA, Story, snapshot, ticket

CALLED, SERVING = ticket("A012", "called"), ticket("A012", "serving", served_s=100)


def lawful(story: Story) -> set[str]:
    """The moves whose buttons are enabled."""
    return {name for name in ACTIONS if not story.serving.hindrance(name)}


ALWAYS = {"issue", "requeue"}
FREE = {"next", "call", "resume", "pause", "close", "sign-out"}


@pytest.mark.parametrize(
    ("state", "mine", "expected"),
    [
        ("closed", None, {"open", "sign-out"}),
        ("paused", None, {"open", "close", "sign-out"}),
        ("open", None, FREE),
        (
            "open",
            CALLED,
            {"next", "recall", "start", "finish", "park", "transfer", "no-show", "cancel"},
        ),
        ("open", SERVING, {"next", "finish", "park", "transfer", "continue"}),
    ],
)
def test_what_is_lawful_in_each_state(state: str, mine: object, expected: set[str]) -> None:
    """I3: a button never asks for a move that the rules refuse."""
    story = Story().serving_with(mine, "A013", state=state)  # type: ignore[arg-type]
    assert lawful(story) == expected | ALWAYS


def test_a_forbidden_move_says_why_and_asks_nothing() -> None:
    story = Story().serving_with(SERVING)
    assert not story.serving.do("no-show")
    assert story.serving.remark is not None
    assert story.serving.remark.code == "why.ticket-serving"
    assert story.asked.commands == []


def test_next_shows_the_called_ticket_before_any_snapshot() -> None:
    story = Story().serving_with(None, "A012", "B007")
    story.serving.do("next")
    assert story.asked.last == CallNext(id=story.asked.last.id)
    story.asked.accept(11, ticket=CALLED)
    assert story.serving.ticket == CALLED
    assert [entry.number for entry in story.serving.line] == ["B007"]
    assert story.serving.waiting_total == 1


def test_a_snapshot_older_than_the_answer_does_not_undo_it() -> None:
    story = Story().serving_with(None, "A012")
    story.serving.do("next")
    story.asked.accept(12, ticket=CALLED)
    story.seat.on_notice(snapshot(11, None, "A012"))
    assert story.serving.ticket == CALLED
    story.seat.on_notice(snapshot(13, CALLED))
    assert story.serving.waiting_total == 0


def test_an_answer_older_than_the_snapshot_does_not_undo_it() -> None:
    """A retry is answered from memory, with the revision of its first effect."""
    story = Story().serving_with(None, "A012")
    story.serving.do("next")
    story.seat.on_notice(snapshot(20, ticket("B001", "serving")))
    story.asked.accept(12, ticket=CALLED)
    assert story.serving.ticket is not None
    assert story.serving.ticket.number == "B001"


def test_a_double_press_asks_once() -> None:
    story = Story().serving_with(None, "A012")
    assert story.serving.do("next")
    assert not story.serving.do("next")
    assert len(story.asked.commands) == 1
    assert story.serving.remark is None, "no scolding for a double press"


def test_nothing_else_is_asked_while_an_answer_is_owed() -> None:
    story = Story().serving_with(CALLED, "A013")
    story.serving.do("no-show")
    assert lawful(story) == set()
    story.asked.accept(11, ticket=ticket("A012", "no-show"))
    assert story.serving.ticket is None
    assert "next" in lawful(story)


def test_an_empty_line_is_a_calm_word() -> None:
    """F24: the loser of the last ticket gets no error box."""
    story = Story().serving_with(None)
    story.serving.do("next")
    story.asked.reject("queue-empty", "Tidak ada yang menunggu.")
    assert story.serving.remark is not None
    assert (story.serving.remark.tone, story.serving.remark.code) == ("calm", "done.empty")
    assert "next" in lawful(story)


def test_next_finishes_my_visitor_and_calls_in_one_key() -> None:
    story = Story().serving_with(SERVING, "P004")
    assert story.serving.prospect().code == "finish-call"
    assert (story.serving.prospect().closing, story.serving.prospect().calling) == ("A012", "P004")
    story.serving.do("next")
    assert story.asked.last == CallNext(id=story.asked.last.id, finish=Finish(outcome="solved"))
    story.asked.accept(11, ticket=ticket("P004"), finished=ticket("A012", "finished"), empty=False)
    assert story.serving.ticket is not None
    assert story.serving.ticket.number == "P004"
    assert story.serving.remark is not None
    assert story.serving.remark.code == "done.finish-next"
    assert story.serving.remark.facts == {"a": "A012", "b": "P004"}


def test_next_with_nobody_waiting_still_finishes() -> None:
    story = Story().serving_with(SERVING)
    assert story.serving.prospect().code == "finish-none"
    story.serving.do("next")
    story.asked.accept(11, ticket=None, finished=ticket("A012", "finished"), empty=True)
    assert story.serving.ticket is None
    assert story.serving.remark is not None
    assert (story.serving.remark.tone, story.serving.remark.code) == ("calm", "done.finish-empty")


def test_what_was_said_about_the_ending_goes_with_finish_and_with_next() -> None:
    story = Story().serving_with(SERVING, "A013")
    story.serving.set_draft(
        outcome="referred", category="arrears", education=("pandawa",), note=" ke Dinsos "
    )
    story.serving.do("finish")
    assert story.asked.last == FinishService(
        id=story.asked.last.id,
        ticket="id-A012",
        outcome="referred",
        category="arrears",
        education=["pandawa"],
        note="ke Dinsos",
    )
    story.asked.reject("try-again")
    story.serving.do("next")
    command = story.asked.last
    assert isinstance(command, CallNext)
    assert command.finish is not None
    assert (command.finish.outcome, command.finish.category) == ("referred", "arrears")


def test_the_next_visitor_starts_with_an_empty_draft() -> None:
    story = Story().serving_with(SERVING, "A013")
    story.serving.set_draft(outcome="pending", category="arrears")
    story.serving.do("next")
    story.asked.accept(11, ticket=ticket("A013"), finished=ticket("A012", "finished"))
    assert (story.serving.draft.outcome, story.serving.draft.category) == ("solved", None)


def test_a_new_snapshot_of_the_same_ticket_keeps_the_draft() -> None:
    story = Story().serving_with(SERVING)
    story.serving.set_draft(note="KK belum lengkap")
    story.seat.on_notice(snapshot(11, SERVING, "A013"))
    assert story.serving.draft.note == "KK belum lengkap"


def test_a_recall_that_is_too_soon_counts_down() -> None:
    story = Story().serving_with(CALLED)
    story.serving.do("recall")
    assert story.asked.last == RecallTicket(id=story.asked.last.id, ticket="id-A012")
    story.asked.reject("too-soon", "", retry_after_s=3.2)
    assert story.serving.hindrance("recall") == "recall-soon"
    assert story.serving.recall_wait_s() == 4
    assert "start" in lawful(story)
    story.pass_s(3.3)
    assert "recall" in lawful(story)


def test_start_and_recall_change_my_ticket_at_once() -> None:
    story = Story().serving_with(CALLED)
    story.serving.do("recall")
    story.asked.accept(11, ticket=ticket("A012", "called", call_count=2))
    assert story.serving.ticket is not None
    assert story.serving.ticket.call_count == 2
    story.serving.do("start")
    story.asked.accept(12, ticket=SERVING)
    assert story.serving.ticket.state == "serving"


def test_a_reason_comes_from_the_branchs_own_list() -> None:
    story = Story().serving_with(None)
    assert not story.serving.do("pause", Wish(reason="made-up"))
    assert story.asked.commands == []
    assert story.serving.do("pause", Wish(reason="prayer"))
    assert story.asked.last == PauseCounter(id=story.asked.last.id, reason="prayer")
    story.asked.accept(11)
    assert story.serving.counter_state == "paused"
    assert lawful(story) == {"open", "close", "sign-out"} | ALWAYS


def test_cancelling_takes_a_reason() -> None:
    story = Story().serving_with(CALLED)
    assert story.serving.do("cancel", Wish(reason="visitor-left"))
    assert story.asked.last == CancelTicket(
        id=story.asked.last.id, ticket="id-A012", reason="visitor-left"
    )
    story.asked.accept(11, ticket=ticket("A012", "cancelled"))
    assert story.serving.ticket is None


def test_a_refusal_is_a_line_in_the_servers_words_and_goes_after_a_while() -> None:
    story = Story().serving_with(CALLED)
    story.serving.do("start")
    story.asked.reject("not-yours", "A012 sedang di loket 5.")
    assert story.serving.remark is not None
    assert (story.serving.remark.tone, story.serving.remark.words) == (
        "no",
        "A012 sedang di loket 5.",
    )
    story.pass_s(10)
    assert story.serving.remark is None


@pytest.mark.parametrize("name", ["next", "recall", "start", "finish", "no-show"])
def test_a_lost_link_stops_every_button_and_one_snapshot_makes_it_right(name: str) -> None:
    """F17, L5: also while the answer to each move is owed."""
    story = Story().serving_with(CALLED, "A013")
    story.serving.do(name)
    story.link(LinkState.LOST, "unanswered")
    assert {story.serving.hindrance(each) for each in ACTIONS} == {"link-lost"}
    story.link(LinkState.ONLINE)
    story.welcome(RINA)
    assert {story.serving.hindrance(each) for each in ACTIONS} == {"no-snapshot"}
    # The command reached the server before the cut: its snapshot shows it, its answer follows.
    after = ticket("B007", "called")
    story.seat.on_notice(snapshot(30, after, "C001"))
    assert lawful(story) == set(), "the answer is still owed"
    story.asked.accept(12, ticket=CALLED)
    assert story.serving.ticket == after
    assert "next" in lawful(story)


def test_a_wish_that_was_given_up_leaves_a_kind_line() -> None:
    story = Story().serving_with(None, "A012")
    story.serving.do("next")
    story.link(LinkState.LOST, "unanswered")
    story.asked.reject("try-again")
    assert story.serving.remark is not None
    assert story.serving.remark.code == "refused.no-answer"
    story.link(LinkState.ONLINE)
    story.welcome(RINA)
    story.seat.on_notice(snapshot(10, None, "A012"))
    assert "next" in lawful(story)


def test_the_timer_goes_on_without_a_link() -> None:
    """F17."""
    story = Story().serving_with(SERVING)
    story.link(LinkState.LOST, "closed")
    story.pass_s(60)
    timer = story.serving.timer()
    assert timer is not None
    assert (timer.kind, timer.elapsed_s, timer.level) == ("serving", 160, "calm")


@pytest.mark.parametrize(
    ("served_s", "level"), [(383, "calm"), (384, "near"), (479, "near"), (480, "over")]
)
def test_the_timer_turns_at_80_and_100_percent_of_the_target(served_s: int, level: str) -> None:
    story = Story().serving_with(ticket("A012", "serving", served_s=served_s))
    timer = story.serving.timer()
    assert timer is not None
    assert (timer.target_s, timer.level) == (480, level)


def test_waiting_and_way_have_timers_too() -> None:
    story = Story().serving_with(ticket("A012", "called", waited_s=1500, called_s=61))
    waited, way = story.serving.waited(), story.serving.timer()
    assert waited is not None
    assert (waited.elapsed_s, waited.level) == (1500, "near")
    assert way is not None
    assert (way.kind, way.elapsed_s, way.level) == ("called", 61, "over")


def test_being_signed_out_elsewhere_takes_the_ticket_along() -> None:
    """F25: an answer that comes after the take-over is nobody's."""
    story = Story().serving_with(CALLED)
    story.serving.do("start")
    story.seat.on_notice(SignedOut(reason="elsewhere"))
    story.asked.accept(40, ticket=SERVING)
    assert story.seat.page == "sign-in"
    assert story.serving.ticket is None


def test_counts_are_of_my_services_in_the_order_of_the_catalogue() -> None:
    story = Story().serving_with(None, "B001", "A001", "A002")
    assert [(count.service, count.count) for count in story.serving.my_counts()] == [
        ("A", 2),
        ("B", 1),
        ("C", 0),
        ("D", 0),
        ("E", 0),
        ("F", 0),
    ]
    assert [view.number for view in story.serving.other_counters()] == [1, 2, 4]


def test_no_key_belongs_to_the_browser_and_none_is_given_twice() -> None:
    keys = [*(action.key for action in ACTIONS.values() if action.key), *VIEWS.values()]
    letters = [action.global_letter for action in ACTIONS.values() if action.global_letter]
    assert not {"F5", "F11", "F12"} & set(keys)
    assert len(set(keys)) == len(keys)
    assert sorted(letters) == ["F", "H", "N", "R", "X"]
