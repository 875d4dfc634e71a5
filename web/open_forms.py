"""Forms that anybody may send: a mark of the browser in a cookie, and the same mark in the form,
so that no other site sends one in somebody's name."""

import hmac
import secrets

from starlette.requests import Request
from starlette.responses import Response

from web.house import House, house_of
from web.own_key import signed, unsigned
from web.visitor_pages import comes_from_elsewhere

COOKIE = "booker"
FIELD = "mark"
KEPT_S = 24 * 3600


def browser_of(request: Request) -> str | None:
    """The mark that this browser brought, if it is one of ours."""
    return unsigned(house_of(request).secret, COOKIE, request.cookies.get(COOKIE, ""))


def new_browser() -> str:
    """A mark for a browser that has none yet."""
    return secrets.token_urlsafe(16)


def keep_browser(response: Response, house: House, browser: str) -> None:
    """Let the browser bring its mark to the booking pages, for a day."""
    response.set_cookie(
        COOKIE,
        signed(house.secret, COOKIE, browser),
        max_age=KEPT_S,
        path="/b",
        secure=house.is_https,
        httponly=True,
        samesite="strict",
    )


def form_mark(house: House, browser: str) -> str:
    """What a form for this browser carries."""
    return signed(house.secret, "open-form", browser).rpartition(".")[2]


def sender_of(request: Request, form: dict[str, str]) -> str | None:
    """The browser that was shown this form; None: it was not ours, or the cookie is gone."""
    browser = browser_of(request)
    if browser is None or comes_from_elsewhere(request):
        return None
    wanted = form_mark(house_of(request), browser)
    given = form.get(FIELD, "").encode()
    return browser if hmac.compare_digest(given, wanted.encode()) else None
