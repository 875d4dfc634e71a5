"""The questionnaire as a form: its words, what was filled in, and the answer to the server."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from assets.texts import Texts
from protocol.messages import AnswerSurvey, Respondent
from protocol.survey_form import (
    AGES,
    EDUCATIONS,
    ELEMENTS,
    IKM,
    SCORES,
    SEXES,
    SKM,
    WORKS,
    needed_answers,
)
from protocol.web_commands import Instrument
from web.branch import new_id

GROUPS: Mapping[str, tuple[str, ...]] = {
    "sex": SEXES,
    "age": AGES,
    "education": EDUCATIONS,
    "work": WORKS,
}
COMMENT_MOST = 500


@dataclass(frozen=True, slots=True)
class Question:
    """An element in words; ``choices`` are the words of 1 to 4."""

    code: str
    words: str
    choices: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in so far; only what the form knows."""

    answers: Mapping[str, int]
    about: Mapping[str, str]
    comment: str = ""


def instrument_of(given: str) -> Instrument:
    """The branch's questionnaire; SKM where a newer server names one that we do not know."""
    return cast("Instrument", given if given in (SKM, IKM) else SKM)


def questions(instrument: str, texts: Texts) -> list[Question]:
    """The elements in the order of the form."""
    return [_question(instrument, code, texts) for code in ELEMENTS[instrument]]


def _question(instrument: str, code: str, texts: Texts) -> Question:
    room = f"survey.{instrument}.{code}"
    words = texts("survey.question", what=texts(room))
    return Question(code, words, tuple((score, texts(f"{room}_{score}")) for score in SCORES))


def groups(texts: Texts) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What may be asked of the person: code, words, and the choices with their words."""
    return [
        (name, texts(f"survey.{name}.title"), [(one, texts(f"survey.{name}.{one}")) for one in of])
        for name, of in GROUPS.items()
    ]


def filled_in(instrument: str, form: Mapping[str, str]) -> Filled:
    """A form as it came: what is none of its choices is left out."""
    scores = {str(score): score for score in SCORES}
    answers = {
        code: scores[form[code]] for code in ELEMENTS[instrument] if form.get(code) in scores
    }
    about = {name: form[name] for name, known in GROUPS.items() if form.get(name) in known}
    return Filled(answers, about, form.get("comment", "").strip()[:COMMENT_MOST])


def is_enough(instrument: str, filled: Filled) -> bool:
    """At least half of the elements."""
    return len(filled.answers) >= needed_answers(instrument)


def answer_of(
    instrument: Instrument, filled: Filled, *, link: str | None = None, service: str | None = None
) -> AnswerSurvey:
    """The word to the server."""
    return AnswerSurvey(
        id=new_id(),
        instrument=instrument,
        answers=dict(filled.answers),
        about=Respondent(**filled.about),
        comment=filled.comment,
        link=link,
        service=service,
    )
