"""All addresses of the pages, one table of them, and what happens where there is none."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from web.house import House, house_of, texts_of
from web.rendering import STATIC
from web.shield import Shield

KEPT_S = 365 * 24 * 3600


class KeptFiles(StaticFiles):
    """Our own files: their address has their digest, so a browser asks for each once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if b"v=" in scope.get("query_string", b""):
            response.headers["Cache-Control"] = f"public, max-age={KEPT_S}, immutable"
        return response


async def health(request: Request) -> Response:
    """For watchdogs: we live; ``server: no`` while the branch's server is out of reach."""
    is_online = house_of(request).branch.is_online
    return PlainTextResponse(f"ok\nserver: {'yes' if is_online else 'no'}\n")


async def nothing_there(request: Request, error: Exception) -> Response:
    """An address that leads nowhere, or a deed that may not be."""
    code = error.status_code if isinstance(error, HTTPException) else 500
    texts = texts_of(request)
    known = f"web.error.{code}"
    words = texts(known if texts.has(known) else "web.error.other")
    page = {"title": words, "code": code}
    return house_of(request).rendering.page("error.html", texts, page, code)


def make_app(house: House, pages: Sequence[BaseRoute]) -> Shield:
    """The whole site around its pages."""
    app = Starlette(
        routes=[
            Route("/healthz", health),
            Mount("/static", KeptFiles(directory=STATIC)),
            *pages,
        ],
        exception_handlers={HTTPException: nothing_there, 500: nothing_there},
    )
    app.state.house = house
    return Shield(app, house.limits, house.monotonic_s, is_https=house.is_https)
