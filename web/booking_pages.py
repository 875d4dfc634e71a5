"""A place for today from home: which windows there are, booking one, its code, giving it up.

Off unless the branch wants it; then these addresses lead nowhere. Works without JavaScript.
"""

from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import segno
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from assets.texts import Texts
from protocol.messages import (
    Accepted,
    BookingView,
    BookingWindow,
    BookTicket,
    CancelBooking,
    Rejected,
)
from web.branch import new_id
from web.house import House, house_of
from web.open_forms import browser_of, form_mark, keep_browser, new_browser, sender_of
from web.own_key import signed, unsigned
from web.shield import address_of
from web.visitor_pages import (
    NothingThereError,
    behind_link,
    comes_from_elsewhere,
    form_of,
    offered,
    open_page,
    refused_page,
    visitor_page,
    visitor_texts,
)
from web.visits import OutOfReachError

MINE = "booking"
"""The cookie that leads back to one's own booking."""
RELOAD_S = 20
NO_STORE = {"Cache-Control": "no-store"}


def _demand_open(house: House) -> None:
    if not house.branch.rules.booking:
        raise NothingThereError


# Choosing.


@open_page
async def choose(request: Request) -> Response:
    """``/b``: a service, then a window (``?service=A``), then make sure (``&from=…``)."""
    house = house_of(request)
    _demand_open(house)
    texts = visitor_texts(request)
    windows = await house.branch.booking_windows()
    service = request.query_params.get("service", "")
    of_service = [one for one in windows if one.service == service]
    chosen = _window_at(of_service, request.query_params.get("from", ""))
    if chosen is not None:
        return _confirm(request, house, texts, chosen)
    is_gone = "from" in request.query_params
    mine = await _my_booking(request, house)
    context = {
        "services": _services(windows, texts) if not of_service else [],
        "windows": [_window_row(one, texts, house) for one in of_service],
        "service_name": texts.pick(of_service[0].service_name) if of_service else "",
        "is_gone": is_gone,
        "mine": mine,
        "here": str(request.url.path) + (f"?service={service}" if of_service else ""),
    }
    return visitor_page(request, "booking_choose.html", texts, context)


def _confirm(request: Request, house: House, texts: Texts, window: BookingWindow) -> Response:
    browser = browser_of(request) or new_browser()
    context = {
        "service": window.service,
        "service_name": texts.pick(window.service_name),
        "time": _time(window, texts, house),
        "from_s": int(window.window_from.timestamp()),
        "mark": form_mark(house, browser),
        "here": f"/b?{request.url.query}",
    }
    response = visitor_page(request, "booking_confirm.html", texts, context)
    keep_browser(response, house, browser)
    return response


def _window_at(windows: list[BookingWindow], given: str) -> BookingWindow | None:
    free = (one for one in windows if one.left)
    return next((one for one in free if str(int(one.window_from.timestamp())) == given), None)


def _services(windows: list[BookingWindow], texts: Texts) -> list[dict[str, Any]]:
    rows = []
    for code, group in groupby(windows, lambda one: one.service):
        of_it = list(group)
        left = sum(one.left for one in of_it)
        rows.append({"code": code, "name": texts.pick(of_it[0].service_name), "left": left})
    return rows


def _window_row(window: BookingWindow, texts: Texts, house: House) -> dict[str, Any]:
    return {
        "from_s": int(window.window_from.timestamp()),
        "service": window.service,
        "time": _time(window, texts, house),
        "left": window.left,
    }


def _time(window: BookingWindow | BookingView, texts: Texts, house: House) -> str:
    zone = house.zone
    return texts(
        "booking.window",
        first=texts.clock(window.window_from.astimezone(zone)),
        last=texts.clock(window.window_until.astimezone(zone)),
    )


async def _my_booking(request: Request, house: House) -> str:
    """The link of the booking that this browser holds; empty if none is open."""
    link = unsigned(house.secret, MINE, request.cookies.get(MINE, ""))
    if link is None:
        return ""
    try:
        found = await house.branch.find_booking(link)
    except OutOfReachError:
        return ""
    return link if found is not None and found.state == "booked" else ""


# Booking.


@open_page
async def book(request: Request) -> Response:
    """A place in a window, held for this browser."""
    house = house_of(request)
    _demand_open(house)
    texts = visitor_texts(request)
    form = await form_of(request)
    browser = sender_of(request, form)
    if browser is None:
        return refused_page(request, texts, "foreign", "/b", 403)
    if house.limits.bookings.take(address_of(request), house.monotonic_s()):
        return _say(request, texts, texts("booking.too_many"), 429)
    word = BookTicket(
        id=new_id(),
        service=form.get("service", "")[:40],
        window_from=_instant(form.get("from", "")),
        booker=browser,
        language=texts.language if texts.language in offered(house) else None,
    )
    answer = await house.branch.ask(word)
    house.branch.forget_windows()
    if isinstance(answer, Rejected):
        gone = answer.reason in ("window-full", "booking-closed")
        words = texts("booking.gone") if gone else answer.message
        return _say(request, texts, words or texts("phone.refused.try-again"), 409)
    view = _booking_of(answer)
    response = RedirectResponse(f"/b/{view.link}", 303, headers=NO_STORE)
    response.set_cookie(
        MINE,
        signed(house.secret, MINE, view.link),
        max_age=24 * 3600,
        path="/b",
        secure=house.is_https,
        httponly=True,
        samesite="strict",
    )
    return response


def _instant(given: str) -> datetime:
    seconds = int(given) if given.isdecimal() and len(given) < 12 else 0
    return datetime.fromtimestamp(seconds, UTC)


def _booking_of(answer: Accepted) -> BookingView:
    assert isinstance(answer.booking, BookingView)
    return answer.booking


def _say(request: Request, texts: Texts, words: str, status: int) -> Response:
    context = {"words": words, "here": ""}
    return visitor_page(request, "booking_refused.html", texts, context, status)


# One's own booking.


async def _booking_behind(request: Request) -> BookingView:
    house = house_of(request)
    _demand_open(house)
    return await behind_link(request, house.branch.find_booking)


@open_page
async def booking(request: Request) -> Response:
    """``/b/<link>``: the code, when to come, what to bring."""
    house = house_of(request)
    found = await _booking_behind(request)
    texts = visitor_texts(request, found.language)
    zone = house.zone
    is_open = found.state == "booked"
    address = f"{request.url.scheme}://{request.url.netloc}/b/{found.link}"
    context = {
        "booking": found,
        "service_name": texts.pick(found.service_name),
        "day": texts.day(found.window_from.astimezone(zone).date()),
        "first": texts.clock(found.window_from.astimezone(zone)),
        "last": texts.clock(found.window_until.astimezone(zone)),
        "check_in_first": texts.clock(found.check_in_from.astimezone(zone)),
        "check_in_last": texts.clock(found.check_in_until.astimezone(zone)),
        "papers": [texts.pick(paper) for paper in found.papers],
        "qr": segno.make(address, error="m").svg_data_uri(scale=6, border=4) if is_open else "",
        "refresh_s": RELOAD_S if is_open else 0,
    }
    return visitor_page(request, "booking.html", texts, context)


@open_page
async def ask_cancel(request: Request) -> Response:
    """``/b/<link>/cancel``: are you sure?"""
    found = await _booking_behind(request)
    texts = visitor_texts(request, found.language)
    back = f"/b/{found.link}"
    if found.state != "booked":
        return RedirectResponse(back, 303, headers=NO_STORE)
    return visitor_page(request, "booking_cancel.html", texts, {"back": back, "here": back})


@open_page
async def cancel(request: Request) -> Response:
    """Whoever booked does not come; the secret in the address is the form's own mark."""
    house = house_of(request)
    found = await _booking_behind(request)
    texts = visitor_texts(request, found.language)
    back = f"/b/{found.link}"
    if comes_from_elsewhere(request):
        return refused_page(request, texts, "foreign", back, 403)
    await house.branch.ask(CancelBooking(id=new_id(), link=found.link))
    house.branch.forget_windows()
    return RedirectResponse(back, 303, headers=NO_STORE)


PAGES: list[BaseRoute] = [
    Route("/b", choose, methods=["GET"]),
    Route("/b", book, methods=["POST"]),
    Route("/b/{link}", booking),
    Route("/b/{link}/cancel", ask_cancel, methods=["GET"]),
    Route("/b/{link}/cancel", cancel, methods=["POST"]),
]
