"""R1: one tap rates the service that has just ended, and no other (ux.md V13)."""

import random
from uuid import UUID

import pytest

from kiosk.rating_model import PadPage, PadPatience
from protocol.messages import RateService
from protocol.session import FACTS, LinkState
from tests.kiosk.rating_story import REVIEW, PadStory, invitation


def test_one_tap_is_a_rating_of_the_ticket_on_the_screen() -> None:
    story = PadStory().online()
    assert story.page() is PadPage.IDLE
    story.served("A012")
    assert story.page() is PadPage.FACES
    story.rated(4)
    assert story.told() == [("ticket-A012", 4, [])]
    assert story.page() is PadPage.THANKS
    story.after(4)
    assert story.page() is PadPage.IDLE


@pytest.mark.parametrize("score", [1, 2])
def test_a_low_score_is_asked_why_and_several_reasons_go_along(score: int) -> None:
    story = PadStory().online().served().rated(score)
    assert story.page() is PadPage.REASONS
    assert story.told() == [], "nothing is told before the visitor is done"
    for reason in ("time", "courtesy", "time", "facility", "unheard-of"):
        story.model.toggle_reason(reason)
    story.model.send()
    assert story.told() == [("ticket-A012", score, ["courtesy", "facility"])]
    assert story.page() is PadPage.THANKS


@pytest.mark.parametrize("score", [3, 4])
def test_a_good_score_is_asked_nothing_more(score: int) -> None:
    story = PadStory().online().served().rated(score)
    assert story.told() == [("ticket-A012", score, [])]


def test_a_branch_without_reasons_asks_for_none() -> None:
    story = PadStory().online(reasons=False).served().rated(1)
    assert story.told() == [("ticket-A012", 1, [])]


def test_skipping_why_still_rates_and_skipping_the_faces_rates_nothing() -> None:
    story = PadStory().online().served().rated(2)
    story.model.toggle_reason("time")
    story.model.skip()
    assert story.told() == [("ticket-A012", 2, [])]
    story = PadStory().online().served()
    story.model.skip()
    assert story.page() is PadPage.IDLE
    story.after(30)
    assert story.told() == []


def test_back_from_the_reasons_to_another_face() -> None:
    story = PadStory().online().served().rated(1)
    story.model.toggle_reason("time")
    story.model.back()
    assert story.page() is PadPage.FACES
    story.after(1).rated(4)
    assert story.told() == [("ticket-A012", 4, [])]


def test_it_closes_by_itself_after_fifteen_seconds() -> None:
    story = PadStory().online().served()
    assert story.model.time_left_s() == pytest.approx(14, abs=0.2)
    story.after(13.8)
    assert story.page() is PadPage.FACES
    story.after(0.4)
    assert story.page() is PadPage.IDLE
    assert story.told() == []


def test_a_touch_that_hits_nothing_keeps_it_open() -> None:
    story = PadStory().online().served().after(13)
    story.model.touch()
    story.after(10)
    assert story.page() is PadPage.FACES


def test_a_score_whose_reasons_were_left_alone_counts() -> None:
    """The tap on the face was the answer."""
    story = PadStory().online().served().rated(2)
    story.model.toggle_reason("facility")
    story.after(16)
    assert story.told() == [("ticket-A012", 2, ["facility"])]


def test_the_next_invitation_waits_until_this_one_is_answered() -> None:
    """Never rate the wrong ticket: a finger on its way means the page that it saw."""
    story = PadStory().online().served("A012")
    story.model.on_notice(invitation("B007"))
    assert story.model.invitation is not None
    assert story.model.invitation.number == "A012"
    story.rated(3)
    assert story.told() == [("ticket-A012", 3, [])]
    story.after(5)
    assert story.page() is PadPage.FACES
    assert story.model.invitation.number == "B007"
    story.rated(4)
    assert story.told()[-1] == ("ticket-B007", 4, [])


def test_the_next_invitation_also_comes_when_nobody_answered() -> None:
    story = PadStory().online().served("A012")
    story.model.on_notice(invitation("B007"))
    story.after(15)
    assert story.model.invitation is not None
    assert story.model.invitation.number == "B007"


def test_the_thanks_make_room_for_the_next_visitor() -> None:
    story = PadStory().online().served("A012", review_link=REVIEW).rated(4)
    story.served("B007")
    assert story.page() is PadPage.FACES
    assert story.model.invitation is not None
    assert story.model.invitation.number == "B007"


def test_a_tap_on_the_moment_of_the_change_rates_nobody() -> None:
    story = PadStory().online().served("A012").rated(4)
    story.model.on_notice(invitation("B007"))
    story.model.rate(1)
    assert story.told() == [("ticket-A012", 4, [])]


def test_of_several_that_wait_only_the_newest_is_asked() -> None:
    """Whoever was served before that has gone."""
    story = PadStory().online().served("A012")
    for number in ("B001", "B002", "B003"):
        story.model.on_notice(invitation(number))
    story.model.skip()
    assert story.model.invitation is not None
    assert story.model.invitation.number == "B003"
    story.after(1)
    story.model.skip()
    assert story.page() is PadPage.IDLE


def test_an_invitation_that_waited_too_long_asks_nobody() -> None:
    story = PadStory(patience=PadPatience(due_s=10)).online().served("A012")
    story.model.on_notice(invitation("B001"))
    for _ in range(4):
        story.after(5)
        story.model.touch()
    story.model.skip()
    assert story.page() is PadPage.IDLE


def test_the_same_invitation_after_a_reconnect_is_asked_once() -> None:
    """The server invites again while it is due; who skipped is left alone."""
    story = PadStory().online().served("A012")
    story.model.skip()
    story.lost().after(3).online().served("A012")
    assert story.page() is PadPage.IDLE
    story.served("A013").served("A013").rated(3)
    story.after(5)
    assert story.page() is PadPage.IDLE
    assert story.told() == [("ticket-A013", 3, [])]


def test_without_a_link_the_pad_is_quiet_and_a_rating_waits_for_it() -> None:
    """The session keeps a fact until the server has it; the visitor sees thanks at once."""
    assert RateService in FACTS
    story = PadStory().online().served("A012").lost()
    assert story.page() is PadPage.FACES
    story.rated(4)
    assert story.page() is PadPage.THANKS
    story.after(60)
    assert story.page() is PadPage.IDLE
    assert len(story.told()) == 1, "asked once; sending it again is the session's part"


@pytest.mark.parametrize("reason", ["try-again", "rate-limited"])
def test_a_rating_that_must_wait_is_told_again_as_the_same_one(reason: str) -> None:
    story = PadStory().online().served().rated(4)
    story.ask.reject(story.ask.last(RateService), reason, retry_after_s=2.0)
    story.after(1.5)
    assert len(story.ask.of(RateService)) == 1
    story.after(1)
    first, second = story.ask.of(RateService)
    assert first == second, "the same id and body: one effect (I1)"
    story.ask.accept(second)
    story.after(10)
    assert len(story.ask.of(RateService)) == 2


def test_it_is_given_up_at_some_time() -> None:
    story = PadStory(patience=PadPatience(keep_s=5)).online().served().rated(4)
    for _ in range(20):
        last = story.ask.last(RateService)
        if story.ask.is_waiting(last):
            story.ask.reject(last, "try-again")
        story.after(1)
    assert len(story.ask.of(RateService)) < 8


@pytest.mark.parametrize("reason", ["too-late", "unknown-ticket", "wrong-state", "internal"])
def test_a_rating_that_is_refused_disturbs_nobody(reason: str) -> None:
    story = PadStory().online().served().rated(4)
    story.ask.reject(story.ask.last(RateService), reason, "words of the server")
    assert story.page() is PadPage.THANKS
    story.after(30)
    assert len(story.told()) == 1


def test_after_a_finish_that_was_taken_back_the_visitor_is_asked_again() -> None:
    story = PadStory().online().served().rated(4)
    story.ask.reject(story.ask.last(RateService), "wrong-state")
    story.after(20).served()
    assert story.page() is PadPage.FACES


def test_the_review_is_offered_alike_for_every_score_and_goes_by_itself() -> None:
    for score in (1, 2, 3, 4):
        story = PadStory().online().served(review_link=REVIEW).rated(score)
        if score <= 2:
            story.model.send()
        assert story.page() is PadPage.THANKS
        assert story.model.review_link == REVIEW
        story.after(14)
        assert story.page() is PadPage.THANKS
        story.after(1.2)
        assert story.page() is PadPage.IDLE


def test_done_ends_the_thanks() -> None:
    story = PadStory().online().served(review_link=REVIEW).rated(4)
    story.model.finish()
    assert story.page() is PadPage.IDLE


def test_it_speaks_the_language_of_the_visitor_and_then_its_own() -> None:
    story = PadStory().online().served(language="en")
    assert story.model.language == "en"
    story.model.skip()
    assert story.model.language == "id"
    assert story.served("A013", language="xx").model.language == "id"


def test_other_notices_change_nothing() -> None:
    from tests.kiosk.kiosk_story import snapshot

    story = PadStory().online()
    story.model.on_notice(snapshot())
    assert story.page() is PadPage.IDLE
    story.lost(LinkState.REFUSED)
    assert story.page() is PadPage.IDLE


@pytest.mark.parametrize("seed", range(20))
def test_whatever_hands_do_each_ticket_is_rated_once_and_by_who_saw_it(seed: int) -> None:
    """500 random acts: taps, double taps, invitations, losses, time."""
    chance = random.Random(seed)
    story = PadStory().online()
    seen: dict[UUID, str] = {}
    invited: list[str] = []

    def tap() -> None:
        model = story.model
        before = model.invitation.ticket if model.invitation is not None else ""
        count = len(story.ask.of(RateService))
        act = chance.choice(
            [
                lambda: model.rate(chance.randint(1, 4)),
                model.skip,
                model.send,
                model.back,
                model.finish,
                model.touch,
                lambda: model.toggle_reason(chance.choice(["time", "courtesy"])),
            ]
        )
        act()
        for each in story.ask.of(RateService)[count:]:
            seen[each.id] = before

    for _ in range(500):
        roll = chance.random()
        if roll < 0.1:
            invited.append(f"A{len(invited) + 1:03}")
            story.model.on_notice(invitation(invited[-1]))
        elif roll < 0.12:
            story.lost()
        elif roll < 0.14:
            story.online()
        elif roll < 0.5:
            story.after(chance.choice([0.1, 0.5, 1, 4]))
        else:
            tap()
    told = [each.ticket for each in story.ask.of(RateService)]
    assert len(set(told)) == len(told), "no ticket twice"
    assert all(each.ticket == seen.get(each.id, each.ticket) for each in story.ask.of(RateService))
    story.after(120)
    assert story.page() is PadPage.IDLE, "it always comes back by itself"
