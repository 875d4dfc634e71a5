"""The hall's survey tablet: one question a screen, nothing but the survey, back to its start.

Each step sends all answers so far along with the next, so nothing of a half-filled form is kept
anywhere, and no JavaScript is needed.
"""

import secrets
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from assets.texts import Texts
from protocol.messages import Accepted
from protocol.survey_form import needed_answers
from web.guarding import Manager, for_managers
from web.house import House, house_of
from web.sessions import drop_cookie
from web.shield import address_of
from web.survey_form import answer_of, filled_in, groups, instrument_of, is_enough, questions
from web.visitor_pages import (
    comes_from_elsewhere,
    form_of,
    offered,
    open_page,
    refused_page,
    visitor_page,
)

IDLE_S = 45
"""Whoever leaves in the middle leaves a fresh start behind."""
THANKS_S = 10


# A manager makes this browser the tablet.


async def set_up(manager: Manager) -> Response:
    """``/survey-tablet``."""
    return manager.page("survey_tablet_setup.html", {"is_on": manager.house.branch.rules.survey})


async def connect(manager: Manager) -> Response:
    """From here on this browser is the tablet, and the manager is signed out of it."""
    house = manager.house
    leave = house.tablets.new_leave(house.branch.now().timestamp())
    await house.sessions.end(manager.session)
    response = RedirectResponse(f"/s/{leave}", 303)
    drop_cookie(response, is_https=house.is_https)
    return response


async def revoke(manager: Manager) -> Response:
    """Every tablet stops."""
    manager.house.tablets.revoke_all()
    return manager.go("/survey-tablet", manager.texts("survey.setup.revoked"))


# The tablet.


@open_page
async def start(request: Request) -> Response:
    """``/s/<leave>``: touch to begin."""
    house, texts, dead = _tablet(request)
    return dead or _screen(request, house, texts, "start", {}, {"form_id": secrets.token_hex(8)})


@open_page
async def step(request: Request) -> Response:
    """The next screen, by what was touched; the last one sends."""
    house, texts, dead = _tablet(request)
    if dead is not None:
        return dead
    if comes_from_elsewhere(request):
        return refused_page(request, texts, "foreign", _home(request), 403)
    form = await form_of(request)
    instrument = instrument_of(house.branch.rules.survey_instrument)
    asked = questions(instrument, texts)
    wanted = form.get("to", "")
    to = int(wanted) if wanted.isdecimal() and len(wanted) < 3 else 0
    kept = _kept(instrument, form)
    more: dict[str, object]
    if to == 0:
        more = {"services": _services(house, texts)}
        return _screen(request, house, texts, "service", kept, more)
    if to <= len(asked):
        question = asked[to - 1]
        more = {"question": question, "chosen": kept.pop(question.code, ""), "step": to}
        more["steps"] = len(asked)
        return _screen(request, house, texts, "question", kept, more)
    if to == len(asked) + 1:
        more = {"groups": groups(texts), "step": to}
        return _screen(request, house, texts, "about", kept, more)
    return await _send(request, house, texts, form)


async def _send(request: Request, house: House, texts: Texts, form: Mapping[str, str]) -> Response:
    instrument = instrument_of(house.branch.rules.survey_instrument)
    filled = filled_in(instrument, form)
    if not is_enough(instrument, filled):
        more: dict[str, object] = {"needed": needed_answers(instrument)}
        return _screen(request, house, texts, "few", _kept(instrument, form), more)
    if house.limits.deeds.take(address_of(request), house.monotonic_s()):
        return refused_page(request, texts, "try-again", _home(request), 429)
    known = {one.code for one in house.branch.welcome.services}
    service = form.get("service", "")
    word = answer_of(instrument, filled, service=service if service in known else None)
    if house.tablets.is_first(form.get("form_id", "")):
        answer = await house.branch.ask(word)
        if not isinstance(answer, Accepted):
            return refused_page(request, texts, "try-again", _home(request), 503)
    return _screen(request, house, texts, "thanks", {}, {})


def _tablet(request: Request) -> tuple[House, Texts, Response | None]:
    house = house_of(request)
    known = offered(house)
    wanted = request.query_params.get("lang", "")
    # Each person begins in the branch's own language, whatever the one before chose.
    texts = house.rendering.texts(wanted if wanted in known else known[0])
    now_s = house.branch.now().timestamp()
    if house.tablets.is_good(request.path_params["leave"], now_s) and house.branch.rules.survey:
        return house, texts, None
    context = {"title": "survey.tablet.dead", "line": "survey.tablet.dead_line", "here": ""}
    return house, texts, visitor_page(request, "visitor_plain.html", texts, context, 404)


def _home(request: Request) -> str:
    return f"/s/{request.path_params['leave']}"


def _kept(instrument: str, form: Mapping[str, str]) -> dict[str, str]:
    """What goes along to the next screen, as hidden fields."""
    filled = filled_in(instrument, form)
    kept = {code: str(score) for code, score in filled.answers.items()}
    for name in ("service", "form_id"):
        if form.get(name):
            kept[name] = form[name][:40]
    return kept


def _services(house: House, texts: Texts) -> list[tuple[str, str]]:
    return [(one.code, texts.pick(one.name)) for one in house.branch.welcome.services]


def _screen(
    request: Request,
    house: House,
    texts: Texts,
    screen: str,
    kept: Mapping[str, str],
    more: Mapping[str, object],
) -> Response:
    home = _home(request)
    seconds = {"start": 0, "thanks": THANKS_S}.get(screen, IDLE_S)
    context = {
        "screen": screen,
        "kept": kept,
        "home": home,
        "action": f"{home}?lang={texts.language}",
        "idle_s": seconds,
        "refresh_s": seconds,
        "refresh_to": home,
        "languages": [],
        "choices_of_language": offered(house) if screen == "start" else [],
        "here": "",
        **more,
    }
    return visitor_page(request, "survey_tablet.html", texts, context)


PAGES: list[BaseRoute] = [
    for_managers("/survey-tablet", set_up),
    for_managers("/survey-tablet/connect", connect, posts=True),
    for_managers("/survey-tablet/revoke", revoke, posts=True),
    Route("/s/{leave}", start, methods=["GET"]),
    Route("/s/{leave}", step, methods=["POST"]),
]
