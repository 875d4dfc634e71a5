"""What all open pages share: a secret in the address instead of a sign-in, and one kind page for
every address that leads nowhere (F55)."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from assets.texts import Texts
from web.house import House, house_of, texts_of
from web.shield import address_of
from web.visits import OutOfReachError

LANGUAGE_NAMES = {"id": "Indonesia", "jv": "Jawa", "su": "Sunda", "en": "English"}
SECRET = re.compile(r"[A-Za-z0-9_-]{16,64}")
_Found = TypeVar("_Found")
AGAIN_S = 10
"""After so long a page that could not be shown asks by itself."""


class NothingThereError(Exception):
    """The link leads nowhere, or nowhere any more: the two are told alike."""


class TooManyWrongError(Exception):
    """Too many links were guessed from there; ``wait_s`` until the next."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


Page = Callable[[Request], Awaitable[Response]]


def open_page(page: Page) -> Page:
    """A page behind a secret link, with the kind pages for when it cannot be shown."""

    async def guarded(request: Request) -> Response:
        try:
            return await page(request)
        except NothingThereError:
            return plain_page(request, "dead", 404)
        except TooManyWrongError as error:
            response = plain_page(request, "busy", 429)
            response.headers["Retry-After"] = str(int(error.wait_s) + 1)
            return response
        except OutOfReachError:
            return plain_page(request, "unreachable", 503)

    return guarded


async def behind_link(
    request: Request, look_up: Callable[[str], Awaitable[_Found | None]]
) -> _Found:
    """What the link in the address leads to; raises the errors that ``open_page`` knows."""
    house, link, address = house_of(request), request.path_params["link"], address_of(request)
    wrong = house.limits.wrong_links
    if wait_s := wrong.wait_s(address, link, house.monotonic_s()):
        raise TooManyWrongError(wait_s)
    found = await look_up(link) if SECRET.fullmatch(link) else None
    if found is None:
        wrong.was_wrong(address, house.monotonic_s())
        raise NothingThereError
    wrong.was_right(address, link)
    return found


def visitor_texts(request: Request, preferred: str = "") -> Texts:
    """The words: as chosen, else as the ticket was made, else as the browser likes."""
    house = house_of(request)
    chosen = request.query_params.get("lang") or request.cookies.get("lang", "")
    for language in (chosen, preferred):
        if language in offered(house):
            return house.rendering.texts(language)
    return texts_of(request)


def offered(house: House) -> list[str]:
    """The languages that this branch offers, in its order."""
    return [one for one in house.branch.welcome.branch.languages if one in LANGUAGE_NAMES]


def visitor_page(
    request: Request,
    template: str,
    texts: Texts,
    context: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HTMLResponse:
    """A page in the visitors' frame."""
    house = house_of(request)
    known = offered(house)
    shown: dict[str, Any] = {
        "branch_name": house.branch.welcome.branch.name,
        "languages": [(one, LANGUAGE_NAMES[one]) for one in known] if len(known) > 1 else [],
        "here": request.url.path,
        "is_https": house.is_https,
        "refresh_s": 0,
        "refresh_to": "",
        **(context or {}),
    }
    return house.rendering.page(template, texts, shown, status)


def plain_page(request: Request, what: str, status: int) -> HTMLResponse:
    """A page of one sentence; the same bytes whatever the link was."""
    context = {
        "title": f"phone.{what}.title",
        "line": f"phone.{what}.line",
        "refresh_s": 0 if what == "dead" else AGAIN_S,
        # Not even the address comes back: it may hold a secret of somebody else.
        "here": "",
        "languages": [],
    }
    return visitor_page(request, "visitor_plain.html", visitor_texts(request), context, status)


def refused_page(
    request: Request, texts: Texts, reason: str, back: str, status: int = 409
) -> HTMLResponse:
    """A deed that was not done, why, and the way back."""
    known = f"phone.refused.{reason}"
    line = known if texts.has(known) else "phone.refused.wrong-state"
    context = {"title": "phone.refused.title", "line": line, "back": back}
    return visitor_page(request, "visitor_plain.html", texts, context, status)


def comes_from_elsewhere(request: Request) -> bool:
    """Whether the browser says that another site sent this form. Old ones say nothing, and the
    secret in the address, or the form's own mark, stands for them."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, each once; empty where it is none of ours."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("application/x-www-form-urlencoded"):
        return {}
    form = await request.form(max_fields=60, max_files=0)
    return {name: value for name, value in form.items() if isinstance(value, str)}
