"""The survey's words: whom it asks, once each, what a form must hold, and what is kept of it."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from db import tables as t
from db.engine import sqlite_url
from protocol import messages as m
from protocol import survey_form
from server.administration.verify import verify
from server.domain.survey import is_drawn
from server.store import Store
from tests.server.lane_story import RINA, WEB
from tests.server.pages_story import SKM_ANSWERS, PagesStory


@pytest.fixture
def story(tmp_path: Path) -> Iterator[PagesStory]:
    made = PagesStory(tmp_path)
    made.sit_down(1)
    yield made
    made.store.close()


def served(story: PagesStory, service: str = "A") -> dict[str, Any]:
    ticket = story.issue(service)
    story.serve()
    return ticket


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PagesStory]:
    """The same on either database."""
    postgres = request.param == "postgresql"
    url = request.getfixturevalue("postgres_database") if postgres else sqlite_url(tmp_path / "b")
    with Store.open(url) as store:
        yield PagesStory(tmp_path, store)


# Whom it asks.


def test_whoever_was_served_is_asked_and_answers_once(story: PagesStory) -> None:
    ticket = story.issue("B")
    assert not story.visit(ticket)["may_answer_survey"]
    assert story.answer_survey(ticket["link"])["reason"] == "not-allowed"
    story.serve()
    assert story.visit(ticket)["may_answer_survey"]
    assert story.answer_survey(ticket["link"])["type"] == "Accepted"
    assert not story.visit(ticket)["may_answer_survey"]
    again = story.answer_survey(ticket["link"])
    assert again["reason"] == "already-answered"
    story.restart()
    assert story.answer_survey(ticket["link"])["reason"] == "already-answered"


def test_the_lot_is_fixed_and_draws_the_share_that_is_set() -> None:
    links = [f"link-{number}" for number in range(10_000)]
    drawn = {share: {one for one in links if is_drawn(one, share)} for share in (1, 30, 100)}
    assert drawn[1] < drawn[30] < drawn[100] == set(links)
    assert 2800 < len(drawn[30]) < 3200
    assert all(is_drawn(one, 30) for one in drawn[30])


def test_who_was_not_drawn_is_not_asked_and_told_so_kindly(story: PagesStory) -> None:
    story.set_one("survey.share", "40")
    tickets = [served(story) for _ in range(8)]
    drawn = [is_drawn(one["link"], 40) for one in tickets]
    assert set(drawn) == {True, False}
    assert [story.visit(one)["may_answer_survey"] for one in tickets] == drawn
    answers = [story.answer_survey(one["link"]) for one in tickets]
    assert [one["type"] == "Accepted" for one in answers] == drawn
    refused = answers[drawn.index(False)]
    assert "tidak terpilih" in refused["message"]


def test_a_survey_that_is_off_asks_nobody(story: PagesStory) -> None:
    story.set_one("survey.open", "false")
    ticket = served(story)
    assert not story.visit(ticket)["may_answer_survey"]
    assert story.answer_survey(ticket["link"])["reason"] == "not-allowed"
    assert story.answer_survey()["reason"] == "not-allowed"


def test_it_ends_with_the_pages(story: PagesStory) -> None:
    ticket, other = served(story), served(story)
    story.close_day()
    story.clock.ms += 3600 * 1000 - 1
    assert story.answer_survey(ticket["link"])["type"] == "Accepted"
    story.clock.ms += 1
    assert story.answer_survey(other["link"])["reason"] == "unknown-ticket"
    assert story.answer_survey()["reason"] == "day-closed"


def test_the_tablet_asks_without_a_ticket_and_as_often_as_people_come(story: PagesStory) -> None:
    for service in (None, "B", "B"):
        assert story.answer_survey(service=service)["type"] == "Accepted"
    assert story.answer_survey(service="Z")["reason"] == "unknown-service"
    rows = story.rows(t.survey_answer)
    assert Counter(row["service"] for row in rows) == {"": 1, "B": 2}
    assert {row["mark"] for row in rows} == {""}


def test_a_wrong_link_answers_nothing(story: PagesStory) -> None:
    """F55: nor is it told whether there is such a ticket."""
    assert story.answer_survey("x" * 22)["reason"] == "unknown-ticket"


# What a form must hold.


def test_half_of_the_elements_are_enough_and_one_less_is_not(story: PagesStory) -> None:
    five = {f"u{number}": 3 for number in range(1, 6)}
    assert story.answer_survey(answers=five)["type"] == "Accepted"
    del five["u1"]
    answer = story.answer_survey(answers=five)
    assert answer["reason"] == "bad-value"
    assert "5 pertanyaan" in answer["message"]


def test_the_other_instrument_has_fourteen_elements_of_which_seven_are_enough(
    story: PagesStory,
) -> None:
    given: dict[str, Any] = {
        "instrument": "ikm-2004",
        "answers": {f"p{number}": 3 for number in range(8, 15)},
    }
    assert story.answer_survey(**given)["reason"] == "bad-value", "the branch asks the other one"
    story.set_one("survey.instrument", "ikm-2004")
    assert story.answer_survey(**given)["type"] == "Accepted"
    assert story.answer_survey()["reason"] == "bad-value"


@pytest.mark.parametrize(
    "fields",
    [
        {"answers": SKM_ANSWERS | {"u10": 4}},
        {"answers": SKM_ANSWERS | {"p1": 4}},
        {"about": m.Respondent(sex="Budi Hartono"[:10])},
        {"about": m.Respondent(age="1968-08-05")},
        {"about": m.Respondent(education="sarjana")},
        {"about": m.Respondent(work="3515144508680002")},
    ],
)
def test_only_what_the_form_knows_is_kept(story: PagesStory, fields: dict[str, Any]) -> None:
    """I12: no field of the form can hold a name, a birthday or a number of a person."""
    assert story.answer_survey(**fields)["reason"] == "bad-value"
    assert story.rows(t.survey_answer) == []


@pytest.mark.parametrize("score", [0, 5, -1, 2.5, "4"])
def test_a_score_is_one_to_four(score: Any) -> None:
    words = {
        "type": "AnswerSurvey",
        "id": str(uuid4()),
        "instrument": "skm-2017",
        "answers": SKM_ANSWERS | {"u1": score},
    }
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(words, m.AnswerSurvey)


# What is kept.


def test_a_row_has_the_answers_and_nothing_that_says_by_whom(story: PagesStory) -> None:
    """I12: the mark of the ticket is a keyed hash; neither id, number nor link stands there."""
    ticket = served(story, "B")
    about = m.Respondent(sex="female", age="26-35", education="s1", work="private")
    comment = "Bagus\x1b[31m,  NIK saya 3515144508680002\nterima kasih"
    answer = story.answer_survey(ticket["link"], about=about, comment=comment)
    assert answer["type"] == "Accepted"
    (row,) = story.rows(t.survey_answer)
    assert json.loads(row["answers"]) == SKM_ANSWERS
    assert (row["instrument"], row["service"]) == ("skm-2017", "B")
    assert [row[one] for one in ("sex", "age", "education", "work")] == [
        "female",
        "26-35",
        "s1",
        "private",
    ]
    assert "3515144508680002" not in row["comment"]
    assert "\x1b" not in row["comment"]
    assert "\n" not in row["comment"]
    assert row["comment"].startswith("Bagus")
    assert len(row["mark"]) == 64
    told = json.dumps([str(one.event) for one in story.store.load_day().entries[-1:]])
    for secret in (ticket["id"], ticket["link"], ticket["number"], RINA.staff):
        assert secret not in told
        assert secret not in json.dumps(row, default=str)


def test_verify_recounts_the_answers_from_the_events(kept: PagesStory) -> None:
    """I13: a row that somebody puts in, changes or takes away is named."""
    story = kept
    story.answer_survey(comment="ramah")
    assert verify(story.store) == []
    with story.store.database.writing() as connection:
        connection.execute(t.survey_answer.update().values(answers='{"u1":1}'))
    (problem,) = verify(story.store)
    assert "survey_answer" in problem


def test_a_retry_is_one_answer(story: PagesStory) -> None:
    """I6."""
    ticket = served(story)
    command = m.AnswerSurvey(
        id=uuid4(), instrument="skm-2017", answers=SKM_ANSWERS, link=ticket["link"]
    )
    assert story.ask(command, WEB) == story.ask(command, WEB)
    assert len(story.rows(t.survey_answer)) == 1


def test_a_one_tap_rating_is_no_survey_and_a_survey_no_rating(story: PagesStory) -> None:
    ticket = served(story)
    story.ask(m.RateService(id=uuid4(), ticket=ticket["id"], score=1, link=ticket["link"]), WEB)
    assert story.rows(t.survey_answer) == []
    story.answer_survey(ticket["link"])
    assert len(story.rows(t.rating)) == 1


@pytest.mark.parametrize("instrument", survey_form.ELEMENTS)
def test_each_instrument_needs_at_least_half(instrument: str) -> None:
    elements = survey_form.ELEMENTS[instrument]
    needed = survey_form.needed_answers(instrument)
    assert 2 * needed >= len(elements) > 2 * (needed - 1)
