"""What the door captured reaches the frontliner: nothing is asked twice, nothing stays behind."""

import pytest
from msgspec.structs import replace

from counter.visit import Visit
from protocol.messages import FileComplaint, GetScreening, RevealRecord, ScreeningView
from tests.counter.gallery import NOTE, SCREENED
from tests.counter.words import Story, snapshot, ticket

MASKED = "************0002"
WHOLE = "3578080102030001"


@pytest.fixture
def story() -> Story:
    return Story()


def held(story: Story) -> Visit:
    """A visitor of the door stands at the counter."""
    story.serving_with(ticket("A012", "serving"), screening=SCREENED)
    visit: Visit = story.serving.visit
    return visit


def again(story: Story) -> None:
    """A newer snapshot of the same visitor."""
    assert story.serving.snapshot is not None
    story.serving.on_snapshot(replace(story.serving.snapshot, revision=20))


def told(story: Story) -> None:
    """The server answers what stands under seal."""
    story.inquired.answer(screening=ScreeningView(facts=SCREENED, masked=MASKED, note=NOTE))


def test_the_note_is_asked_for_once_and_shown(story: Story) -> None:
    visit = held(story)
    assert story.inquired.the(GetScreening).screening == SCREENED.id
    asked = len(story.inquired.queries)
    told(story)
    again(story)
    assert len(story.inquired.queries) == asked
    assert visit.view is not None
    assert (visit.view.note, visit.view.masked) == (NOTE, MASKED)


def test_the_category_that_the_matter_points_to_is_filled_in_but_never_forced(story: Story) -> None:
    held(story)
    assert story.serving.draft.category == "newborn"
    story.serving.set_draft(category="arrears")
    again(story)
    assert story.serving.draft.category == "arrears"


def test_the_visitor_before_is_forgotten_with_the_answer_that_brings_the_next(story: Story) -> None:
    """I12: not for a moment does the card of the next visitor have the note of the one before."""
    visit = held(story)
    told(story)
    visit.reveal("x")
    story.asked.accept(11, revealed={"identifier": WHOLE})
    story.serving.do("next")
    story.asked.accept(
        12, ticket=ticket("P004", "called"), finished=ticket("A012", "finished"), empty=False
    )
    assert story.serving.ticket is not None
    assert story.serving.ticket.number == "P004"
    assert (visit.facts, visit.view, visit.revealed) == (None, None, {})


def test_an_answer_about_the_visitor_before_comes_too_late(story: Story) -> None:
    visit = held(story)
    visit.follow(replace(SCREENED, id="s-2"))
    story.inquired.answer(0, screening=ScreeningView(facts=SCREENED, note="of the one before"))
    assert visit.view is None


def test_a_number_is_seen_whole_only_when_asked_and_while_somebody_looks(story: Story) -> None:
    visit = held(story)
    told(story)
    assert visit.revealed == {}
    visit.reveal("Memeriksa kepesertaan")
    asked = story.asked.last
    assert isinstance(asked, RevealRecord)
    assert (asked.record, asked.reason) == (SCREENED.id, "Memeriksa kepesertaan")
    story.asked.accept(11, revealed={"identifier": WHOLE})
    assert visit.revealed == {"identifier": WHOLE}
    visit.hide()
    assert visit.revealed == {}


def test_a_number_that_comes_after_nobody_looks_any_more_is_not_kept(story: Story) -> None:
    visit = held(story)
    told(story)
    visit.reveal("x")
    visit.hide()
    story.asked.accept(11, revealed={"identifier": WHOLE})
    assert visit.revealed == {}


def test_a_refused_look_says_why(story: Story) -> None:
    visit = held(story)
    told(story)
    visit.reveal("x")
    story.asked.reject("record-erased", "Data ini sudah dihapus.")
    assert (visit.refused, visit.revealed) == ("Data ini sudah dihapus.", {})


def test_a_visitor_of_no_screening_is_not_asked_about(story: Story) -> None:
    story.serving_with(ticket("A012", "serving"))
    assert not any(isinstance(query, GetScreening) for query in story.inquired.queries)
    assert story.serving.visit.facts is None


def test_a_complaint_at_the_counter_is_of_the_visitor_who_is_here(story: Story) -> None:
    held(story)
    told(story)
    desk = story.serving.complaints
    desk.begin(ticket="id-A012", screening=SCREENED.id)
    desk.set("description", "Panggilan tidak terdengar.")
    desk.choose_level("yellow")
    assert desk.file()
    asked = story.asked.last
    assert isinstance(asked, FileComplaint)
    assert (asked.ticket, asked.screening, asked.level) == ("id-A012", SCREENED.id, "yellow")
    assert "terdengar" not in repr(asked)


def test_a_complaint_half_written_goes_with_the_person_who_wrote_it(story: Story) -> None:
    """I12: whoever sits down next reads nothing of it."""
    held(story)
    desk = story.serving.complaints
    desk.begin(ticket="id-A012")
    desk.set("name", "CANARY-name")
    story.serving.forget()
    assert desk.draft.name == ""


def test_a_number_from_the_kiosk_is_opened_by_its_own_record(story: Story) -> None:
    """It stands under a seal of its own, beside what the door wrote down, or without a door."""
    facts = replace(SCREENED, identified=True, identity="r-9")
    story.serving_with(ticket("A012", "serving"), screening=facts)
    story.inquired.answer(screening=ScreeningView(facts=facts, masked=MASKED))
    visit: Visit = story.serving.visit
    visit.reveal("Mengubah data")
    assert story.asked.the(RevealRecord).record == "r-9"
    story.asked.accept(12, revealed={"identifier": WHOLE})
    assert visit.revealed == {"identifier": WHOLE}


def test_a_number_that_comes_later_is_asked_for(story: Story) -> None:
    story.serving_with(ticket("A012", "called"), screening=replace(SCREENED, identified=False))
    asked = len(story.inquired.queries)
    facts = replace(SCREENED, identity="r-9")
    story.serving.on_snapshot(snapshot(20, ticket("A012", "called"), screening=facts))
    assert len(story.inquired.queries) == asked + 1
