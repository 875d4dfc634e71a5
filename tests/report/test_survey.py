"""The survey of a period out of stored questionnaires; one-tap ratings never count into it."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from db.engine import sqlite_url
from protocol.survey_form import ELEMENTS, IKM, SKM
from report.document import Document
from report.survey_document import survey_document
from report.wording import Wording
from server.store import Store
from tests.report.survey_days import SurveyDay, reported
from tests.report.test_satisfaction import ROWS


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = sqlite_url(tmp_path / "branch.db")
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")
    with Store.open(url) as opened:
        yield opened


def worked_example(store: Store) -> SurveyDay:
    """The five people of domain.md 4.1, and three who rated with one tap."""
    day = SurveyDay(store)
    day.open_counter()
    for number, row in enumerate(ROWS):
        answers = dict(zip(ELEMENTS[SKM], map(int, row.split()), strict=True))
        sex = "female" if number < 3 else "male"
        day.fill_in(answers, service="AB"[number % 2], sex=sex, age="26-35", work="private")
    for score in (1, 4, 4, None):
        day.serve_and_rate(score)
    day.write()
    return day


def test_the_worked_example_comes_out_of_the_database(store: Store) -> None:
    worked_example(store)
    exact, rounded = reported(store), reported(store, weight="0.11")
    assert (exact.result.value, exact.result.grade) == (Decimal("84.44"), "B")
    assert (rounded.result.value, rounded.result.grade) == (Decimal("83.60"), "B")
    assert (exact.result.weight, rounded.result.weight) == ("1/9", "0.11")
    assert exact.result.lowest == ("u3",)
    assert exact.respondents == 5


def test_one_tap_ratings_stand_apart_with_their_number(store: Store) -> None:
    worked_example(store)
    before = reported(store)
    assert before.one_tap.count == 3
    assert before.one_tap.scores == (1, 0, 0, 2)
    assert before.one_tap.average == 3.0
    assert before.one_tap.share_good == pytest.approx(2 / 3)
    assert [(one.code, one.many, average) for one, average in before.one_tap.services] == [
        ("A", 3, 3.0)
    ]
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE rating SET score = 1")
    after = reported(store)
    assert after.one_tap.average == 1.0
    assert after.result == before.result


def test_who_answered_is_counted_by_the_groups_of_the_form(store: Store) -> None:
    day = worked_example(store)
    day.fill_in(dict.fromkeys(ELEMENTS[SKM], 3), sex="", age="66-", education="s9")
    day.write()
    about = reported(store).about
    assert {one.code: one.many for one in about.sex} == {"female": 3, "male": 2, "": 1}
    assert {one.code: one.many for one in about.age if one.many} == {"26-35": 5, "66-": 1}
    assert ("s9", 1) in [(one.code, one.many) for one in about.education]
    for groups in (about.sex, about.age, about.education, about.work):
        assert sum(one.many for one in groups) == 6


def test_each_service_has_its_own_index(store: Store) -> None:
    worked_example(store)
    services = {one.code: one for one in reported(store).services}
    assert {code: one.respondents for code, one in services.items()} == {"A": 3, "B": 2}
    # 31 + 28 + 25 points of three people, 33 + 35 of two: 25/9 of the mean.
    assert services["A"].result.value == Decimal("77.78")
    assert services["B"].result.value == Decimal("94.44")


def test_another_instrument_is_never_added(store: Store) -> None:
    day = worked_example(store)
    day.fill_in(dict.fromkeys(ELEMENTS[IKM], 4), IKM)
    day.write()
    skm, ikm = reported(store), reported(store, IKM)
    assert (skm.result.value, skm.respondents, skm.others) == (Decimal("84.44"), 5, 1)
    assert (ikm.result.value, ikm.respondents, ikm.others) == (Decimal("100.00"), 1, 5)


def test_how_many_are_needed_follows_from_visits_or_from_the_setting(store: Store) -> None:
    worked_example(store)
    mine = reported(store)
    assert (mine.population, mine.is_own_population, mine.needed, mine.is_enough) == (
        *(4, False, 4, True),
    )
    asked = reported(store, population=1000)
    assert (asked.needed, asked.is_own_population, asked.is_enough) == (278, True, False)


def test_comments_say_neither_when_nor_who(store: Store) -> None:
    day = SurveyDay(store)
    answers = dict.fromkeys(ELEMENTS[SKM], 3)
    for comment in ("Ruang tunggu panas", "", "Antreannya jelas"):
        day.fill_in(answers, comment=comment, sex="female", service="A")
    day.write()
    comments = reported(store).comments
    assert [(one.month, one.words) for one in comments] == [
        ("2026-11", "Antreannya jelas"),
        ("2026-11", "Ruang tunggu panas"),
    ]


def test_a_form_that_somebody_damaged_is_left_out(store: Store) -> None:
    day = worked_example(store)
    day.fill_in(dict.fromkeys(ELEMENTS[SKM], 1))
    day.write()
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE survey_answer SET answers = '{' WHERE service = ''")
    assert reported(store).result.value == Decimal("84.44")


# On paper.


def told(document: Document) -> str:
    wording = Wording.for_document(document)
    cells = [
        wording(cell)
        for _, table in document.tables()
        for row in (*table.rows, *([table.total] if table.total else []))
        for cell in row
    ]
    facts = [
        f"{one.name}: {wording(one.cell)} {one.note}"
        for one in (*document.head, *document.headline)
    ]
    return "\n".join([*facts, *(one.words for one in document.marks), *document.notes, *cells])


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_paper_says_value_grade_weight_and_number(store: Store, language: str) -> None:
    """Paper says which weight was used, and of how many people."""
    worked_example(store)
    exact = told(survey_document(reported(store), language, "Asia/Jakarta"))
    rounded = told(survey_document(reported(store, weight="0.11"), language, "Asia/Jakarta"))
    assert ("84,44" if language == "id" else "84.44") in exact
    assert "1/9" in exact
    assert ("0,11" if language == "id" else "0.11") in rounded
    assert ("83,60" if language == "id" else "83.60") in rounded
    assert "B – b" in exact or "B – g" in exact
    assert "report." not in exact


@pytest.mark.parametrize(
    ("language", "said"), [("id", "tidak ada indeks"), ("en", "there is no index")]
)
def test_without_a_form_the_paper_says_so(store: Store, language: str, said: str) -> None:
    document = survey_document(reported(store), language, "Asia/Jakarta")
    assert said in told(document)
    assert not any(mark.good for mark in document.marks)
    value, index = document.headline[0].cell.value, document.headline[2].cell.value
    assert (value, index) == (None, None)


def test_an_element_without_an_answer_is_named(store: Store) -> None:
    day = SurveyDay(store)
    day.fill_in(dict.fromkeys(ELEMENTS[SKM][:-1], 4))
    day.write()
    document = survey_document(reported(store), "id", "Asia/Jakarta")
    assert any("U9" in mark.words for mark in document.marks)
