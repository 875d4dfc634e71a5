"""The language of the pages, kept in a cookie of its own."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from web.guarding import safe_path
from web.house import LANGUAGES, house_of

KEPT_S = 365 * 24 * 3600


async def choose_language(request: Request) -> Response:
    """``/language/en?to=/hall``: from now on in this language."""
    language = request.path_params["language"]
    if language not in LANGUAGES:
        raise HTTPException(404)
    response = RedirectResponse(safe_path(request.query_params.get("to", ""), "/"), 303)
    response.set_cookie(
        "lang",
        language,
        max_age=KEPT_S,
        secure=house_of(request).is_https,
        httponly=True,
        samesite="lax",
    )
    return response


PAGES: list[BaseRoute] = [Route("/language/{language}", choose_language)]
