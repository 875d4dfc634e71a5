"""The satisfaction survey: whom it asks, once each, and what is kept of the answers.

Whom it asks is drawn by a lot that lies in the ticket itself, so that nobody can pick whom to
ask, and asking again asks the same people.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, SurveyAnswered
from server.domain.ticket import Ticket, TicketState
from server.domain.visiting import demand_page_lives, ticket_of_link


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A form as it was filled in; what it asks about the person are groups, never a name."""

    survey: str
    instrument: str
    answers: Mapping[str, int]
    device: str
    sex: str = ""
    age: str = ""
    education: str = ""
    work: str = ""
    comment: str = ""


def is_drawn(link: str, share: int) -> bool:
    """Whether the visit with this link is one of ``share`` in a hundred that are asked."""
    return int(hashlib.sha256(link.encode()).hexdigest()[:8], 16) % 100 < share


def is_asked(day: BranchDay, ticket: Ticket) -> bool:
    """Whether this visit is asked at all: the survey is on, it was served, and it was drawn."""
    rules = day.branch.rules
    return (
        rules.survey
        and ticket.state is TicketState.FINISHED
        and is_drawn(ticket.link, rules.survey_share)
    )


def demand_asked(day: BranchDay, link: str, now_ms: int) -> Ticket:
    """The visit that may answer with this link, or a refusal."""
    ticket = ticket_of_link(day, link, now_ms)
    if not is_asked(day, ticket):
        raise QueueRuleError("not-allowed", words="survey-not-asked")
    return ticket


def decide_answer(
    day: BranchDay, form: Questionnaire, *, mark: str, service: str, now_ms: int
) -> list[AnyEvent]:
    """A filled-in form; ``mark`` stands for the ticket, "" where there is none (the tablet)."""
    if not day.branch.rules.survey:
        raise QueueRuleError("not-allowed", words="survey-off")
    if form.instrument != day.branch.rules.survey_instrument:
        raise QueueRuleError("bad-value", field="instrument")
    if mark in day.surveyed:
        raise QueueRuleError("already-answered")
    if service and service not in day.branch.services:
        raise QueueRuleError("unknown-service", service=service)
    demand_page_lives(day, now_ms)
    return [
        SurveyAnswered(
            survey=form.survey,
            instrument=form.instrument,
            answers=dict(form.answers),
            device=form.device,
            mark=mark,
            service=service,
            sex=form.sex,
            age=form.age,
            education=form.education,
            work=form.work,
            comment=form.comment,
        )
    ]
