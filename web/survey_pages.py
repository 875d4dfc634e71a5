"""The satisfaction survey on the visitor's phone: all on one page, skipped as easily as sent."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from assets.texts import Texts
from protocol.messages import Accepted, VisitView
from protocol.survey_form import needed_answers
from web.house import House, house_of
from web.phone_pages import NO_STORE, visit_behind
from web.shield import address_of
from web.survey_form import (
    Filled,
    answer_of,
    filled_in,
    groups,
    instrument_of,
    is_enough,
    questions,
)
from web.visitor_pages import (
    comes_from_elsewhere,
    form_of,
    open_page,
    refused_page,
    visitor_page,
    visitor_texts,
)

EMPTY = Filled({}, {})


@open_page
async def survey(request: Request) -> Response:
    """``/t/<link>/survey``: the questionnaire, for whom it was drawn, once."""
    house = house_of(request)
    seen, _ = await visit_behind(request, anew=True)
    texts = visitor_texts(request, seen.visit.language)
    if not seen.visit.may_answer_survey:
        return _over(request, texts, seen.visit, is_thanks="done" in request.query_params)
    return _form(request, house, texts, seen.visit, EMPTY)


@open_page
async def send(request: Request) -> Response:
    """The filled-in form; too few answers bring it back as it was."""
    house = house_of(request)
    seen, is_now = await visit_behind(request)
    visit = seen.visit
    texts = visitor_texts(request, visit.language)
    back = f"/t/{visit.link}"
    if comes_from_elsewhere(request):
        return refused_page(request, texts, "foreign", back, 403)
    if not is_now or house.limits.deeds.take(address_of(request), house.monotonic_s()):
        return refused_page(request, texts, "try-again", back, 503)
    instrument = instrument_of(house.branch.rules.survey_instrument)
    filled = filled_in(instrument, await form_of(request))
    if not is_enough(instrument, filled):
        return _form(request, house, texts, visit, filled, is_too_few=True)
    answer = await house.branch.ask(answer_of(instrument, filled, link=visit.link))
    if not isinstance(answer, Accepted):
        return _over(request, texts, visit, is_thanks=False)
    await visit_behind(request, anew=True)
    return RedirectResponse(f"{back}/survey?done", 303, headers=NO_STORE)


def _form(
    request: Request,
    house: House,
    texts: Texts,
    visit: VisitView,
    filled: Filled,
    *,
    is_too_few: bool = False,
) -> Response:
    instrument = instrument_of(house.branch.rules.survey_instrument)
    context = {
        "base": f"/t/{visit.link}",
        "questions": questions(instrument, texts),
        "groups": groups(texts),
        "filled": filled,
        "too_few": needed_answers(instrument) if is_too_few else 0,
        "here": f"/t/{visit.link}/survey",
    }
    return visitor_page(request, "survey.html", texts, context, 422 if is_too_few else 200)


def _over(request: Request, texts: Texts, visit: VisitView, *, is_thanks: bool) -> Response:
    context = {
        "title": "survey.thanks" if is_thanks else "survey.title",
        "line": "survey.thanks_line" if is_thanks else "survey.over",
        "back": f"/t/{visit.link}",
        "here": "",
    }
    return visitor_page(request, "visitor_plain.html", texts, context)


PAGES: list[BaseRoute] = [
    Route("/t/{link}/survey", survey, methods=["GET"]),
    Route("/t/{link}/survey", send, methods=["POST"]),
]
