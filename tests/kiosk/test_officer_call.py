"""Calling a person: within 2 s it rings, or the visitor is told to wave; never a dead end (V5)."""

import pytest
from msgspec.structs import replace

from kiosk.choosing_model import COUNTED_DOWN
from kiosk.officer_call import AGAIN_S, RING_S, Calling
from kiosk.visit import Page
from protocol.kiosk_shown import HelpCall
from protocol.messages import CallOfficer
from protocol.session import LinkState
from tests.kiosk.kiosk_story import MORNING, Story, impatient, snapshot
from ui.labels import FittedLabel


@pytest.fixture
def story() -> Story:
    return Story().online().after(1)


def heard(story: Story, officer: str | None = None, revision: int = 5) -> None:
    call = HelpCall(
        call="call-1",
        device="kiosk-1",
        reason="help",
        since=MORNING,
        answered_by=officer,
        answered_at=MORNING if officer else None,
    )
    other = replace(call, call="call-0", device="kiosk-2", answered_by="Wayan")
    story.model.on_notice(replace(snapshot(revision), help=[other, call]))


def test_a_call_is_made_once_heard_and_answered(story: Story) -> None:
    model = story.model
    model.call_officer()
    assert model.calling is Calling.RINGING
    model.call_officer()
    assert len(story.ask.of(CallOfficer)) == 1, "one visitor, one call"
    story.ask.accept(story.ask.last(CallOfficer), call="call-1")
    assert called(story) is Calling.CALLED
    heard(story)
    assert called(story) is Calling.CALLED
    heard(story, "Budi", 6)
    assert called(story) is Calling.COMING
    assert model.bell.officer == "Budi", "not the officer who goes to another kiosk"


def called(story: Story) -> Calling | None:
    return story.model.calling


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("id", "Petugas sedang datang"),
        ("en", "Someone is coming"),
        ("jv", "Petugas saweg rawuh"),
        ("su", "Patugas nuju sumping"),
    ],
)
def test_that_somebody_comes_is_said_in_the_visitors_language_and_names_nobody(
    language: str, words: str
) -> None:
    """To a kiosk, which everyone sees, the server says an Indonesian word in place of a name."""
    from tests.kiosk.kiosk_pictures import STATES, story_of, window_of

    window = window_of(story_of("officer-coming", STATES["officer-coming"], language), 1080, 1920)
    title = window.findChild(FittedLabel, "officer-title")
    assert title is not None
    assert title.text() == words
    window.close()


@pytest.mark.parametrize("page", list(Page))
def test_a_person_can_be_called_from_every_page(page: Page) -> None:
    story = at_page(page)
    assert story.page() is page
    story.model.call_officer()
    assert story.model.shows_call
    reason = "paper" if page is Page.PAPERLESS else "help"
    assert story.ask.last(CallOfficer).reason == reason


def at_page(page: Page) -> Story:
    """The shortest way to a page; a page that has none here fails."""
    from tests.kiosk.kiosk_pictures import STATES, story_of

    return next(
        story for name, lead in STATES.items() if (story := story_of(name, lead)).model.page is page
    )


def test_without_a_link_the_visitor_is_told_at_once_to_wave(story: Story) -> None:
    story.lost()
    story.model.call_officer()
    assert story.model.calling is Calling.WAVE


def test_a_call_that_nobody_hears_in_two_seconds_says_so_and_still_rings_later(
    story: Story,
) -> None:
    story.model.call_officer()
    story.after(RING_S - 0.2)
    assert called(story) is Calling.RINGING
    story.after(0.4)
    assert called(story) is Calling.WAVE
    story.ask.accept(story.ask.last(CallOfficer), call="call-1")
    assert called(story) is Calling.CALLED


def test_a_server_that_says_later_is_asked_again_with_the_same_command(story: Story) -> None:
    story.model.call_officer()
    story.ask.reject(story.ask.last(CallOfficer), "try-again")
    story.after(AGAIN_S + 0.2)
    first, second = story.ask.of(CallOfficer)
    assert first == second, "the same call, not a second one (I1)"


def test_a_server_that_refuses_is_not_bothered_again(story: Story) -> None:
    story.model.call_officer()
    story.ask.reject(story.ask.last(CallOfficer), "forbidden")
    assert called(story) is Calling.WAVE
    story.after(10)
    assert len(story.ask.of(CallOfficer)) == 1


def test_the_next_visitor_knows_nothing_of_the_call(story: Story) -> None:
    model = story.model
    model.call_officer()
    story.ask.accept(story.ask.last(CallOfficer), call="call-1")
    story.after(46)
    assert story.question() is not None, "the warning comes before the call is forgotten"
    story.after(20)
    assert called(story) is None
    assert not model.shows_call
    heard(story, "Budi")
    assert called(story) is None


def test_who_closed_the_words_sees_them_again_with_the_same_call(story: Story) -> None:
    model = story.model
    model.call_officer()
    model.close_call()
    assert not model.shows_call
    model.call_officer()
    assert model.shows_call
    assert len(story.ask.of(CallOfficer)) == 1


def test_a_number_stays_while_its_holder_waits_for_a_person() -> None:
    story = Story(patience=impatient(issued_s=8.0)).online().numbered().asked_to_print().printed()
    story.model.call_officer()
    story.after(30)
    assert story.page() is Page.ISSUED
    story.model.close_call()
    story.after(9)
    assert story.page() is Page.IDLE


LOOKS = ("large_text", "high_contrast", "low_menu", "speech")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("page", list(Page))
def test_each_look_is_a_toggle_on_every_page(page: Page, look: str) -> None:
    """V4."""
    model = at_page(page).model
    toggle = getattr(model, f"toggle_{look}")
    toggle()
    assert getattr(model.visit, look)
    toggle()
    assert not getattr(model.visit, look)


@pytest.mark.parametrize("look", LOOKS)
def test_each_look_is_forgotten_with_its_visitor(look: str, story: Story) -> None:
    """V4: all reset after each person, also of one who only changed the look and went."""
    getattr(story.model, f"toggle_{look}")()
    story.after(44)
    assert story.question() is None
    story.after(2)
    assert story.question() is not None, "warned 20 s before, on the idle page, too"
    story.after(20)
    assert not any(story.model.visit.look)
    story.numbered().asked_to_print().printed()
    getattr(story.model, f"toggle_{look}")()
    story.after(1)
    story.model.finish()
    assert not any(story.model.visit.look)


def test_the_warning_can_be_answered_without_limit(story: Story) -> None:
    """ux.md 1.1: extendable as often as anyone likes."""
    story.start()
    for _ in range(30):
        story.after(50)
        assert story.question() is not None
        story.model.still_here()
    assert story.page() is Page.SERVICES


def test_every_page_on_which_a_visit_can_be_forgotten_warns_twenty_seconds_before() -> None:
    """WCAG 2.2.1. A number and the thanks go after their own countdown, which their page shows."""
    from tests.kiosk.kiosk_pictures import STATES, story_of

    for name, lead in STATES.items():
        story = story_of(name, lead, "en")
        page, left_s = story.page(), story.model.time_left_s()
        if left_s is None or page in COUNTED_DOWN:
            continue
        asked_s = story.question()
        if asked_s is None:
            story.after(left_s - story.model.patience.question_s + 0.2)
            asked_s = story.question()
        assert asked_s is not None, name
        assert asked_s > 15, f"{name} warns late"


def test_an_answered_call_is_kept_if_the_server_drops_it_from_its_list(story: Story) -> None:
    story.model.call_officer()
    story.ask.accept(story.ask.last(CallOfficer), call="call-1")
    heard(story, "Budi")
    story.model.on_notice(snapshot(9))
    assert called(story) is Calling.COMING


def test_a_link_that_comes_back_takes_the_call_along(story: Story) -> None:
    story.lost(LinkState.LOST)
    story.model.call_officer()
    story.ask.reject(story.ask.last(CallOfficer), "try-again")
    story.after(5)
    assert len(story.ask.of(CallOfficer)) == 1, "nobody is asked while there is no link"
    story.online().after(AGAIN_S + 1)
    assert len(story.ask.of(CallOfficer)) == 2
    assert called(story) is Calling.WAVE
    story.ask.accept(story.ask.last(CallOfficer), call="call-1")
    assert called(story) is Calling.CALLED
