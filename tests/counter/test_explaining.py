"""Why who is next: asked once, answered late or in another order, never shown wrongly."""

from protocol.messages import ExplainTicket, PreviewLine
from tests.counter.words import Story, coming, overtaker

LINE = [coming("P004"), coming("A013", place=2)]


def opened() -> Story:
    """Somebody looks at the next ones of counter 3."""
    story = Story().serving_with(None, "P004", "A013")
    story.serving.explaining.open(3, 10, story.clock())
    return story


def test_the_next_ten_are_asked_for_and_the_first_is_explained() -> None:
    story = opened()
    explaining = story.serving.explaining
    asked = story.inquired.the(PreviewLine)
    assert (asked.counter, asked.count, asked.discipline) == (3, 10, None)
    assert explaining.asking
    story.inquired.answer(line=LINE, discipline="due-time")
    assert (explaining.rule_now, explaining.asking) == ("due-time", False)
    assert story.inquired.the(ExplainTicket).ticket == "id-P004"
    story.inquired.answer(overtakers=[overtaker("A020")])
    assert explaining.explained is not None
    assert explaining.chosen_entry == LINE[0]


def test_what_if_keeps_the_chosen_one_and_the_rule_of_now() -> None:
    story = opened()
    story.inquired.answer(line=LINE, discipline="due-time")
    explaining = story.serving.explaining
    explaining.choose("id-A013")
    explaining.suppose("first-come")
    assert story.inquired.the(PreviewLine).discipline == "first-come"
    swapped = [coming("A013", place_now=2), coming("P004", place=2, place_now=1)]
    story.inquired.answer(line=swapped, discipline="first-come")
    assert explaining.rule_now == "due-time"
    assert explaining.chosen == "id-A013"
    assert story.inquired.the(ExplainTicket).ticket == "id-A013"


def test_an_answer_to_an_older_question_is_not_shown() -> None:
    story = opened()
    explaining = story.serving.explaining
    explaining.suppose("ratio")
    story.inquired.answer(at=0, line=LINE, discipline="due-time")
    assert (explaining.line, explaining.asking) == ([], True)
    story.inquired.answer(at=1, line=LINE[:1], discipline="ratio")
    assert explaining.line == LINE[:1]
    explaining.choose("id-A013")
    story.inquired.answer(at=2, overtakers=[])
    assert explaining.explained is None, "that one was about P004"


def test_the_hall_moves_on_and_is_asked_again_but_not_at_every_step() -> None:
    story = opened()
    explaining = story.serving.explaining
    story.inquired.answer(line=LINE, discipline="due-time")
    asked = len(story.inquired.queries)
    for revision in (11, 12, 13):
        explaining.follow(revision, story.clock())
    assert len(story.inquired.queries) == asked
    story.clock.now_s += 2
    explaining.follow(13, story.clock())
    explaining.follow(14, story.clock())
    assert len(story.inquired.queries) == asked + 1


def test_a_refusal_is_said_in_the_servers_words() -> None:
    story = opened()
    story.inquired.refuse("not-signed-in", "Silakan masuk terlebih dahulu.")
    assert story.serving.explaining.refused == "Silakan masuk terlebih dahulu."
    assert not story.serving.explaining.asking


def test_who_gets_up_leaves_nothing_to_be_seen() -> None:
    story = opened()
    story.inquired.answer(line=LINE, discipline="due-time")
    story.serving.forget()
    assert story.serving.explaining.line == []
    story.inquired.answer(overtakers=[])
    assert story.serving.explaining.explained is None
