"""P1, the visitor's phone: place in line, live, the call, coming back, cancelling, rating (F55).

The secret of the ticket's QR stands in the address and is all that is needed: no name, no app, no
cookie but the language. Without JavaScript the page loads itself again.
"""

import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.responses import StreamingResponse as Streaming
from starlette.routing import BaseRoute, Route

from assets.texts import Texts
from protocol.messages import CancelTicket, RateService, Rejected, VisitView
from web.branch import new_id
from web.house import House, house_of
from web.phone_view import away_words, shown_visit, updated_words
from web.rendering import STATIC, static_address
from web.shield import address_of
from web.visitor_pages import (
    NothingThereError,
    behind_link,
    comes_from_elsewhere,
    form_of,
    open_page,
    refused_page,
    visitor_page,
    visitor_texts,
)
from web.visits import OutOfReachError, Seen

STILL_HERE_S = 15.0
"""Something at least so often, so that nothing between takes the connection for dead."""
RETRY_MS = 2000
RELOAD_S = {"waiting": 15, "near": 8, "called": 8, "parked": 15, "missed": 15, "serving": 20}
"""After so long a page without JavaScript loads itself again; others change no more."""
LEFT = "visitor-left"
SCORES = frozenset("1234")
NO_STORE = {"Cache-Control": "no-store"}


async def visit_behind(request: Request, *, anew: bool = False) -> tuple[Seen, bool]:
    """The visit of the address, and whether it is as of now: while the server is out of reach a
    page that was open before goes on with what was known."""
    house = house_of(request)
    visits = house.branch.visits
    link = request.path_params["link"]
    try:
        find = visits.look_anew if anew else visits.find
        return await behind_link(request, find), True
    except OutOfReachError:
        last = visits.last_known(link)
        if last is None:
            raise
        if _is_over(house, last):
            raise NothingThereError from None
        return last, False


def _is_over(house: House, seen: Seen) -> bool:
    dies_at = seen.visit.dies_at
    return dies_at is not None and house.branch.now() >= dies_at


# The page, and what keeps it live.


@open_page
async def phone(request: Request) -> Response:
    """``/t/<link>``: the ticket as it is now."""
    house = house_of(request)
    seen, is_now = await visit_behind(request)
    texts = visitor_texts(request, seen.visit.language)
    shown = shown_visit(seen, texts, house.zone)
    context = {
        "shown": shown,
        "updated": updated_words(seen.at, texts, house.zone),
        "away": "" if is_now else away_words(seen.at, texts, house.zone),
        "base": request.url.path,
        "refresh_s": RELOAD_S.get(str(shown["view"]), 0),
    }
    return visitor_page(request, "phone.html", texts, context)


@open_page
async def stream(request: Request) -> Response:
    """``/t/<link>/stream``: the changing parts, whenever they change."""
    seen, _ = await visit_behind(request)
    texts = visitor_texts(request, seen.visit.language)
    return Streaming(
        _events(house_of(request), seen.visit.link, texts),
        media_type="text/event-stream",
        headers=NO_STORE | {"X-Accel-Buffering": "no"},
    )


async def _events(house: House, link: str, texts: Texts) -> AsyncIterator[str]:
    visits = house.branch.visits
    yield f"retry: {RETRY_MS}\n\n"
    before, said_s = "", 0.0
    with visits.watched(link) as topic:
        while True:
            version = topic.version
            event = _event(house, link, texts)
            if event != before or house.monotonic_s() - said_s >= STILL_HERE_S:
                yield (event if event != before else "") + _still_here(house, link, texts)
                before, said_s = event, house.monotonic_s()
            if event == OVER:
                return
            await topic.after(version, STILL_HERE_S)


OVER = "event: over\ndata: .\n\n"


def _event(house: House, link: str, texts: Texts) -> str:
    """What a page is told now; the same text as before needs no telling."""
    seen = house.branch.visits.of(link)
    if seen is None or _is_over(house, seen):
        return OVER
    if not house.branch.visits.is_in_reach:
        return f"event: away\ndata: {away_words(seen.at, texts, house.zone)}\n\n"
    return f"data: {_line(shown_visit(seen, texts, house.zone))}\n\n"


def _still_here(house: House, link: str, texts: Texts) -> str:
    seen = house.branch.visits.of(link)
    if seen is None or not house.branch.visits.is_in_reach:
        return ": .\n\n"
    return f"event: still\ndata: {updated_words(seen.at, texts, house.zone)}\n\n"


def _line(shown: Any) -> str:
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


@open_page
async def state(request: Request) -> Response:
    """``/t/<link>/state``: the same once, for browsers that know no streams."""
    house = house_of(request)
    seen, is_now = await visit_behind(request)
    texts = visitor_texts(request, seen.visit.language)
    told = {
        "shown": shown_visit(seen, texts, house.zone),
        "updated": updated_words(seen.at, texts, house.zone),
        "away": "" if is_now else away_words(seen.at, texts, house.zone),
    }
    return JSONResponse(told, headers=NO_STORE)


# What a visitor may do.


@open_page
async def ask_cancel(request: Request) -> Response:
    """``/t/<link>/cancel``: are you sure? A page of its own, so that no slip of a thumb does it."""
    seen, _ = await visit_behind(request)
    texts = visitor_texts(request, seen.visit.language)
    back = f"/t/{seen.visit.link}"
    if not seen.visit.may_cancel:
        return RedirectResponse(back, 303, headers=NO_STORE)
    context = {"number": seen.visit.number, "back": back, "here": back}
    return visitor_page(request, "phone_cancel.html", texts, context)


@open_page
async def cancel(request: Request) -> Response:
    """The visitor does not want to be served any more."""
    visit, texts, refusal = await _deed(request)
    if refusal is not None:
        return refusal
    word = CancelTicket(id=new_id(), ticket=visit.ticket, reason=LEFT, link=visit.link)
    return await _done(request, texts, visit, await house_of(request).branch.ask(word))


@open_page
async def rate(request: Request) -> Response:
    """One tap, 1 to 4."""
    visit, texts, refusal = await _deed(request)
    if refusal is not None:
        return refusal
    score = (await form_of(request)).get("score", "")
    if score not in SCORES:
        return refused_page(request, texts, "try-again", f"/t/{visit.link}", 400)
    word = RateService(id=new_id(), ticket=visit.ticket, score=int(score), link=visit.link)
    return await _done(request, texts, visit, await house_of(request).branch.ask(word))


async def _deed(request: Request) -> tuple[VisitView, Texts, Response | None]:
    """Whose deed it is, and a page that says no where it must not be done."""
    seen, is_now = await visit_behind(request)
    house, visit = house_of(request), seen.visit
    texts = visitor_texts(request, visit.language)
    back = f"/t/{visit.link}"
    if comes_from_elsewhere(request):
        return visit, texts, refused_page(request, texts, "foreign", back, 403)
    if not is_now or house.limits.deeds.take(address_of(request), house.monotonic_s()):
        return visit, texts, refused_page(request, texts, "try-again", back, 503)
    return visit, texts, None


async def _done(request: Request, texts: Texts, visit: VisitView, answer: object) -> Response:
    """Back to the page, as it is after the deed."""
    back = f"/t/{visit.link}"
    if isinstance(answer, Rejected):
        return refused_page(request, texts, answer.reason, back)
    await visit_behind(request, anew=True)
    return RedirectResponse(back, 303, headers=NO_STORE)


# Over https: a page that can be kept on the home screen.


@open_page
async def manifest(request: Request) -> Response:
    """``/t/<link>/app.webmanifest``: what the page is called on the phone's own screen."""
    if not house_of(request).is_https:
        raise NothingThereError
    seen, _ = await visit_behind(request)
    texts = visitor_texts(request, seen.visit.language)
    icon = {"src": static_address("icon.svg"), "type": "image/svg+xml", "sizes": "any"}
    told = {
        "name": texts("phone.title", number=seen.visit.number),
        "short_name": seen.visit.number,
        "lang": texts.language,
        "start_url": f"/t/{seen.visit.link}",
        "scope": "/t/",
        "display": "standalone",
        "background_color": "#f3f8f5",
        "theme_color": "#00613b",
        "icons": [icon],
    }
    return JSONResponse(told, headers=NO_STORE, media_type="application/manifest+json")


@open_page
async def worker(request: Request) -> Response:
    """``/t/worker.js``: keeps the last page for when the phone is offline."""
    if not house_of(request).is_https:
        raise NothingThereError
    file = STATIC / "phone-worker.js"
    return FileResponse(file, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


PAGES: list[BaseRoute] = [
    Route("/t/worker.js", worker),
    Route("/t/{link}", phone),
    Route("/t/{link}/stream", stream),
    Route("/t/{link}/state", state),
    Route("/t/{link}/cancel", ask_cancel, methods=["GET"]),
    Route("/t/{link}/cancel", cancel, methods=["POST"]),
    Route("/t/{link}/rate", rate, methods=["POST"]),
    Route("/t/{link}/app.webmanifest", manifest),
]
