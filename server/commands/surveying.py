"""AnswerSurvey: a questionnaire, from a visitor's phone or from the tablet in the hall."""

from protocol import survey_form
from protocol.messages import AnswerSurvey
from protocol.plain_text import plain_line
from server.commands.handler import Occasion
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent
from server.domain.survey import Questionnaire, decide_answer, demand_asked
from server.visit_views import survey_mark

COMMENT_MAX = 500
# What the form asks of a person: codes alone, so that nobody's name can stand there (I12).
_GROUPS = (
    ("sex", survey_form.SEXES),
    ("age", survey_form.AGES),
    ("education", survey_form.EDUCATIONS),
    ("work", survey_form.WORKS),
)


def answer_survey(command: AnswerSurvey, occasion: Occasion) -> list[AnyEvent]:
    """With a link for that visit, once; without one it is the tablet's, and nobody's."""
    day, now_ms = occasion.day, occasion.now_ms
    _demand_filled_in(command)
    mark, service = "", command.service or ""
    if command.link is not None:
        ticket = demand_asked(day, command.link, now_ms)
        mark, service = survey_mark(occasion.sealer, ticket.id), ticket.service
    form = Questionnaire(
        survey=occasion.ids.new_id(),
        instrument=command.instrument,
        answers=command.answers,
        device=occasion.asker.device,
        sex=command.about.sex,
        age=command.about.age,
        education=command.about.education,
        work=command.about.work,
        comment=plain_line(command.comment, COMMENT_MAX),
    )
    return decide_answer(day, form, mark=mark, service=service, now_ms=now_ms)


def _demand_filled_in(command: AnswerSurvey) -> None:
    elements = survey_form.ELEMENTS[command.instrument]
    if not command.answers.keys() <= set(elements):
        raise QueueRuleError("bad-value", field="answers")
    needed = survey_form.needed_answers(command.instrument)
    if len(command.answers) < needed:
        raise QueueRuleError("bad-value", field="answers", words="survey-too-few", needed=needed)
    for field, known in _GROUPS:
        given = getattr(command.about, field)
        if given and given not in known:
            raise QueueRuleError("bad-value", field=f"about.{field}")
