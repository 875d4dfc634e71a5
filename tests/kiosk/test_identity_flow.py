"""K4: a NIK that nobody has to give; its digits stay in memory and leave it once, or never."""

import logging

import pytest

from kiosk.identity import masked_digits, objection_to
from kiosk.visit import Page
from protocol.messages import IssueTicket, KioskRules, RecordIdentity
from tests.kiosk.kiosk_story import MORNING, RULES, Story, ticket

NIK = "3578080102030001"
IDENTITY = KioskRules(identity=True, home=False)


def at_identity() -> Story:
    story = Story().asking(IDENTITY).start().choose("B").after(1)
    assert story.page() is Page.IDENTITY
    return story


def typed(story: Story, digits: str = NIK) -> Story:
    for digit in digits:
        story.after(0.2)
        story.model.type_identity(digit)
    return story


def given(story: Story, **facts: object) -> Story:
    """The number is there."""
    story.ask.accept(story.ask.last(IssueTicket), ticket=ticket("B012", **facts))
    return story


def test_the_nik_goes_once_and_only_after_the_ticket_is_there() -> None:
    story = typed(at_identity())
    story.model.confirm_identity()
    assert story.page() is Page.MOMENT
    assert story.ask.of(RecordIdentity) == []
    assert NIK not in repr(story.ask.last(IssueTicket))
    given(story)
    (told,) = story.ask.of(RecordIdentity)
    assert (told.ticket, told.identifier) == ("ticket-B012", NIK)
    assert story.model.visit.identity_digits == "", "forgotten in the same breath"
    assert story.page() is Page.ISSUED


@pytest.mark.parametrize("reason", ["internal", "try-again", "not-allowed", "too-late"])
def test_a_nik_that_is_not_taken_disturbs_nobody(reason: str) -> None:
    story = typed(at_identity())
    story.model.confirm_identity()
    given(story)
    story.ask.reject(story.ask.last(RecordIdentity), reason, "words of the server")
    assert story.page() is Page.ISSUED
    assert not story.remarks()
    story.after(5)
    assert len(story.ask.of(RecordIdentity)) == 1, "nobody keeps the digits to try again"


def test_skip_gives_the_same_number_whatever_was_typed() -> None:
    story = typed(at_identity(), NIK[:9])
    story.model.skip_identity()
    assert story.page() is Page.MOMENT
    given(story)
    assert story.ask.of(RecordIdentity) == []
    assert story.model.visit.identity_digits == ""


def test_a_kiosk_that_has_lost_its_link_drops_the_digits() -> None:
    story = typed(at_identity())
    story.model.confirm_identity()
    story.lost()
    given(story, offline=True)
    assert story.ask.of(RecordIdentity) == []
    assert story.model.visit.identity_digits == ""


def test_a_number_that_the_kiosk_gave_by_itself_takes_no_nik_along() -> None:
    story = typed(at_identity())
    story.model.confirm_identity()
    given(story, offline=True)
    assert story.ask.of(RecordIdentity) == []


def test_without_a_link_no_nik_is_asked_for() -> None:
    story = Story().asking(IDENTITY).start().lost()
    story.choose("B")
    assert story.page() is not Page.IDENTITY


def test_it_is_asked_only_where_the_branch_wants_it() -> None:
    assert Story().asking(KioskRules(home=False)).start().choose("B").page() is Page.MOMENT


@pytest.mark.parametrize(
    ("digits", "objection"),
    [
        ("", "empty"),
        (NIK[:15], "length"),
        ("0001234567890", "length"),
        ("1111111111111111", "one-digit"),
        ("3578083502030001", "date"),
        ("3578080113030001", "date"),
        ("3578080102030000", "serial"),
        ("3578083102030001", "doubt"),
        ("9978080102030001", "doubt"),
        (NIK, ""),
        ("3515144508680002", ""),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_asked_of_the_server(
    digits: str, objection: str
) -> None:
    story = typed(at_identity(), digits)
    story.model.confirm_identity()
    if objection:
        assert story.page() is Page.IDENTITY
        assert story.model.visit.identity_objection == objection
        assert story.ask.of(IssueTicket) == []
    else:
        assert story.page() is Page.MOMENT


def test_what_looks_wrong_and_may_be_right_is_taken_when_confirmed_again() -> None:
    """domain.md 3: a NIK never changes, errors stay in it."""
    story = typed(at_identity(), "3578083102030001")
    story.model.confirm_identity()
    story.after(1)
    story.model.confirm_identity()
    assert story.page() is Page.MOMENT


def test_another_number_is_doubted_anew() -> None:
    story = typed(at_identity(), "3578083102030001")
    story.model.confirm_identity()
    story.model.erase_identity()
    typed(story, "2")
    story.model.confirm_identity()
    assert story.model.visit.identity_objection == "doubt"


def test_a_keyboard_types_digits_too_and_backspace_takes_one_away() -> None:
    story = at_identity()
    story.model.type_key("35a7")
    assert story.model.visit.identity_digits == "357"
    story.model.erase_digit()
    assert story.model.visit.identity_digits == "35"
    story.model.clear_identity()
    assert story.model.visit.identity_digits == ""
    typed(story, NIK + "99")
    assert story.model.visit.identity_digits == NIK, "a seventeenth digit is not taken"


def test_the_screen_shows_the_last_four_alone() -> None:
    assert masked_digits(NIK) == "•••• •••• •••• 0001"
    assert masked_digits("357") == "357"
    for length in range(17):
        shown = masked_digits(NIK[:length])
        assert sum(sign.isdigit() for sign in shown) == min(4, length)


def test_the_digits_reach_no_log_and_no_crash_note(caplog: pytest.LogCaptureFixture) -> None:
    """Law I12, F54."""
    caplog.set_level(logging.DEBUG)
    story = typed(at_identity())
    assert NIK not in repr(story.model.visit)
    story.model.confirm_identity()
    given(story)
    assert NIK not in repr(story.ask.asked)
    story.ask.reject(story.ask.last(RecordIdentity), "internal")
    assert NIK not in caplog.text
    assert "identity" in caplog.text


def test_back_keeps_what_was_typed_and_the_end_of_the_visit_forgets_it() -> None:
    story = Story().asking(RULES).start().choose("B").after(1)
    story.model.leave_priority()
    typed(story.after(1), "3578")
    story.model.back()
    assert story.page() is Page.PRIORITY
    story.after(1)
    story.model.leave_priority()
    assert story.model.visit.identity_digits == "3578"
    story.after(70)
    assert story.page() is Page.IDLE
    assert story.model.visit.identity_digits == ""


def test_who_takes_another_step_back_and_goes_is_forgotten() -> None:
    story = typed(at_identity(), "3578")
    story.model.back()
    story.after(1)
    story.model.back()
    assert story.page() is Page.IDLE
    assert story.model.visit.identity_digits == ""


def test_the_day_of_the_visit_decides_what_is_doubted() -> None:
    assert objection_to("3578082011260001", MORNING.date()) == ""
    assert objection_to("3578082111260001", MORNING.date()) == "doubt", "born tomorrow"
