"""Sitting down: what is asked, what is refused, and what the person reads."""

import pytest

from protocol.messages import SignedOut, SignIn
from protocol.session import LinkState
from tests.counter.words import RINA, Story, snapshot


def test_signing_in_asks_once_and_opens_the_serving_page() -> None:
    story = Story().welcome()
    assert story.sign_in.sign_in(" rina ", "2468")
    assert not story.sign_in.sign_in("rina", "2468"), "the second press of a double press"
    assert len(story.asked.commands) == 1
    command = story.asked.last
    assert isinstance(command, SignIn)
    assert (command.staff, command.pin, command.counter) == ("rina", "2468", 3)
    story.asked.accept(5, staff="rina", permissions=[])
    assert story.seat.page == "serving"
    assert story.remembered == [3]


def test_a_snapshot_from_before_the_sign_in_does_not_lead_back() -> None:
    story = Story().welcome()
    story.sign_in.sign_in("rina", "2468")
    story.asked.accept(5)
    story.seat.on_notice(snapshot(4, signed_in=None))
    assert story.seat.page == "serving"


@pytest.mark.parametrize(
    ("staff", "pin", "why", "field"),
    [("", "2468", "staff-missing", "staff"), ("rina", "", "pin-missing", "pin")],
)
def test_an_empty_field_is_named_without_asking(staff: str, pin: str, why: str, field: str) -> None:
    story = Story().welcome()
    assert not story.sign_in.sign_in(staff, pin)
    assert story.sign_in.remark is not None
    assert (story.sign_in.remark.code, story.sign_in.wrong_field) == (f"why.{why}", field)
    assert story.asked.commands == []


def test_a_counter_that_no_longer_exists_must_be_chosen_anew() -> None:
    story = Story(remembered=99).welcome()
    assert story.sign_in.counter is None
    assert not story.sign_in.sign_in("rina", "2468")
    assert story.sign_in.wrong_field == "counter"
    story.sign_in.choose_counter(2)
    assert story.sign_in.sign_in("rina", "2468")


@pytest.mark.parametrize(("reason", "field"), [("wrong-pin", "pin"), ("counter-busy", "counter")])
def test_a_refusal_has_kind_words_and_points_at_the_field(reason: str, field: str) -> None:
    story = Story().welcome()
    story.sign_in.sign_in("rina", "1111")
    story.asked.reject(reason, "dari server")
    assert story.sign_in.remark is not None
    assert story.sign_in.remark.code == f"sign-in.{reason}"
    assert story.sign_in.wrong_field == field
    assert not story.sign_in.asking


def test_another_refusal_is_said_in_the_servers_words() -> None:
    story = Story().welcome()
    story.sign_in.sign_in("budi", "1111")
    story.asked.reject("not-allowed", "Akun ini untuk petugas pintu.")
    assert story.sign_in.remark is not None
    assert story.sign_in.remark.words == "Akun ini untuk petugas pintu."


def test_a_lock_counts_down_and_holds_for_that_person_only() -> None:
    story = Story().welcome()
    story.sign_in.sign_in("rina", "1111")
    story.asked.reject("locked-out", retry_after_s=29.5)
    assert story.sign_in.locked_s("Rina ") == 30
    assert story.sign_in.hindrance("rina", "2468") == "locked-out"
    assert story.sign_in.hindrance("sari", "1357") == ""
    story.pass_s(20)
    assert story.sign_in.locked_s("rina") == 10
    story.pass_s(10)
    assert story.sign_in.hindrance("rina", "2468") == ""


def test_without_a_link_nothing_is_asked() -> None:
    story = Story().welcome()
    story.link(LinkState.LOST, "closed")
    assert not story.sign_in.sign_in("rina", "2468")
    assert story.asked.commands == []


def test_an_answer_that_never_came_lets_the_person_try_again() -> None:
    story = Story().welcome()
    story.sign_in.sign_in("rina", "2468")
    story.asked.reject("try-again")
    assert story.sign_in.remark is not None
    assert story.sign_in.remark.code == "refused.no-answer"
    assert story.sign_in.sign_in("rina", "2468")


def test_after_a_reconnect_the_sign_in_still_holds() -> None:
    story = Story().serving_with()
    story.link(LinkState.LOST, "closed")
    assert story.seat.page == "serving"
    story.link(LinkState.ONLINE)
    story.welcome(RINA)
    assert story.seat.page == "serving"
    assert story.asked.commands == []


def test_after_a_reconnect_without_sign_in_the_first_page_is_back() -> None:
    story = Story().serving_with()
    story.welcome(None)
    assert story.seat.page == "sign-in"


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("elsewhere", "signed-out.elsewhere"),
        ("idle", "signed-out.idle"),
        ("new-reason-of-a-later-server", "signed-out.other"),
    ],
)
def test_being_signed_out_leads_back_with_the_reason(reason: str, code: str) -> None:
    """F25: the same person signed in at another counter."""
    story = Story().serving_with()
    story.seat.on_notice(SignedOut(reason=reason))
    assert story.seat.page == "sign-in"
    assert story.sign_in.remark is not None
    assert story.sign_in.remark.code == code


def test_the_servers_own_words_for_a_sign_out_are_shown() -> None:
    story = Story().serving_with()
    story.seat.on_notice(SignedOut(reason="elsewhere", message="Anda masuk di loket 5."))
    assert story.sign_in.remark is not None
    assert story.sign_in.remark.words == "Anda masuk di loket 5."


def test_signing_out_needs_no_reason() -> None:
    story = Story().serving_with()
    assert story.serving.do("sign-out")
    story.asked.accept(11)
    assert story.seat.page == "sign-in"
    assert story.sign_in.remark is None
    story.seat.on_notice(snapshot(10))
    assert story.seat.page == "sign-in", "a snapshot from before the sign-out"
    story.seat.on_notice(SignedOut(reason="asked"))
    assert story.sign_in.remark is None
