"""Around every page of a manager: who it is, whether the form is ours, how often, what was said.

``for_managers`` makes a route; nothing of a manager is served by any other way.
"""

import asyncio
import base64
import contextlib
import hmac
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from assets.texts import Texts, read_words
from protocol.messages import Accepted, AnyCommand, Rejected
from web.house import House, house_of, texts_of
from web.own_key import signed, unsigned
from web.sessions import Session, cookie_of, drop_cookie, mark_of
from web.shield import address_of

SAID_COOKIE = "said"
SAID_MOST = 400
SEEN_WITHIN_S = 1.5
FORM_FIELDS_MOST = 200
TOKEN_FIELD = "token"  # noqa: S105 - the name of a field, not a secret
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\\]")


@dataclass(frozen=True, slots=True)
class Manager:
    """A signed-in person's request: what a page of a manager has at hand."""

    request: Request
    house: House
    texts: Texts
    session: Session
    form: Mapping[str, str]

    @property
    def key(self) -> str:
        """What goes to the server as ``on_behalf_of``."""
        return self.session.secret

    @property
    def token(self) -> str:
        """The mark of this session's own forms."""
        return form_token(self.house, self.session)

    def page(
        self, template: str, context: Mapping[str, Any] | None = None, status: int = 200
    ) -> HTMLResponse:
        """A page around the manager's navigation; what was said before is shown once."""
        said = _take_said(self.request, self.house)
        shown = {
            "manager": self.session.name or self.session.staff,
            "branch_name": self.house.branch.welcome.branch.name,
            "token": self.token,
            "said": said,
            "path": self.request.url.path,
            "here": quote(_address(self.request)),
            "online": self.house.branch.is_online,
            **(context or {}),
        }
        response = self.house.rendering.page(template, self.texts, shown, status)
        if self.request.cookies.get(SAID_COOKIE):
            response.delete_cookie(SAID_COOKIE, httponly=True, samesite="strict")
        return response

    def go(self, to: str, said: str = "", *, good: bool = True) -> RedirectResponse:
        """On to a page after a deed, with what became of it."""
        response = RedirectResponse(to, 303)
        if said:
            _say(response, self.house, said, good=good)
        return response

    async def do(self, command: AnyCommand, to: str, done: str) -> Response:
        """Ask the server, then on to a page that says what came of it."""
        answer = await self.house.branch.ask(command)
        if isinstance(answer, Accepted):
            await self.seen(answer)
            return self.go(to, done)
        return self.refused(answer, to)

    async def seen(self, answer: Accepted) -> None:
        """Wait a moment until the hall shows what was done, so that the next page has it."""
        branch, topic = self.house.branch, self.house.branch.hall_topic
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SEEN_WITHIN_S):
                while branch.hall is not None and branch.hall.revision < answer.revision:
                    await topic.after(topic.version, SEEN_WITHIN_S)

    def refused(self, answer: Rejected, to: str) -> Response:
        """The server said no: its kind words, or the sign-in if nobody is signed in any more."""
        if answer.reason == "not-signed-in":
            self.house.sessions.forget(self.session.secret)
            return _to_sign_in(self.request, self.house)
        return self.go(to, refusal_words(answer, self.texts), good=False)

    def path_number(self, name: str) -> int:
        """A whole number of the address."""
        return int(self.request.path_params[name])


Page = Callable[[Manager], Awaitable[Response]]


def for_managers(path: str, page: Page, *, posts: bool = False, is_deed: bool = True) -> Route:
    """A route for a signed-in manager alone. ``posts``: a deed, whose form must be ours.

    ``is_deed`` False: the browser asks by itself, which does not keep a session from idling out.
    """

    async def guarded(request: Request) -> Response:
        house = house_of(request)
        by_itself = not is_deed or "auto" in request.query_params
        session = await _session(request, house, is_deed=not by_itself)
        if session is None:
            return _to_sign_in(request, house)
        form: Mapping[str, str] = {}
        if posts:
            demand_pace(request, house)
            form = await own_form(request, form_token(house, session))
        texts = texts_of(request, for_staff=True)
        return await page(Manager(request, house, texts, session, form))

    return Route(path, guarded, methods=["POST"] if posts else ["GET"])


async def _session(request: Request, house: House, *, is_deed: bool) -> Session | None:
    """Whose browser it is; guessers run out of questions before the server runs out of time."""
    secret, now_s = cookie_of(request, is_https=house.is_https), house.monotonic_s()
    is_stranger = bool(secret) and not house.sessions.is_known(secret)
    if is_stranger and house.limits.unknown_sessions.take(address_of(request), now_s):
        return None
    return await house.sessions.find(secret, now_s, is_deed=is_deed)


def form_token(house: House, session: Session) -> str:
    """The mark that a form of this session carries; another session has another."""
    return signed(house.secret, "form", mark_of(session.secret)).rpartition(".")[2]


async def own_form(request: Request, token: str) -> dict[str, str]:
    """The fields of a form that this site showed to this session; else 403 (forged requests)."""
    demand_own_site(request)
    form = await read_form(request)
    given = form.get(TOKEN_FIELD, "")
    if not hmac.compare_digest(given.encode(), token.encode()):
        raise HTTPException(403)
    return form


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form as text; several of one name are joined by commas (boxes)."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("application/x-www-form-urlencoded"):
        raise HTTPException(415)
    data: FormData = await request.form(max_fields=FORM_FIELDS_MOST, max_files=0)
    fields: dict[str, str] = {}
    for name, value in data.multi_items():
        if isinstance(value, UploadFile):
            raise HTTPException(415)
        fields[name] = f"{fields[name]},{value}" if name in fields else value
    return fields


def demand_own_site(request: Request) -> None:
    """What the browser says of where the request comes from must be here; else 403."""
    site = request.headers.get("sec-fetch-site")
    if site not in (None, "same-origin", "none"):
        raise HTTPException(403)
    origin = request.headers.get("origin")
    if origin is None:
        # Every browser of the last years says one of the two with a form.
        if site is None:
            raise HTTPException(403)
        return
    if urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403)


def demand_pace(request: Request, house: House) -> None:
    """Deeds are done by people: faster ones are refused."""
    if house.limits.deeds.take(address_of(request), house.monotonic_s()):
        raise HTTPException(429)


def refusal_words(answer: Rejected, texts: Texts) -> str:
    """The server's kind words; it says them in Indonesian, so English ones are looked up."""
    if not answer.message:
        return texts("web.refused.try-again")
    if texts.language == "id":
        return answer.message
    words = read_words(texts.language, ["server"]).get(f"refusal.{answer.reason}", "")
    return words if words and "{" not in words else answer.message


def safe_path(given: str, otherwise: str = "/hall") -> str:
    """An address of this site, whatever somebody wrote behind ``to=`` (open redirects)."""
    if not given.startswith("/") or given.startswith("//") or _CONTROLS.search(given):
        return otherwise
    return given[:500]


def _address(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _to_sign_in(request: Request, house: House) -> Response:
    if request.headers.get("accept", "").startswith("text/event-stream"):
        return Response(status_code=204)  # tells the browser's stream to end
    to = ""
    if request.method == "GET" and request.url.path not in ("/", "/hall"):
        to = f"?to={quote(_address(request), safe='')}"
    response = RedirectResponse(f"/sign-in{to}", 303)
    if cookie_of(request, is_https=house.is_https):
        drop_cookie(response, is_https=house.is_https)
    return response


def _say(response: Response, house: House, words: str, *, good: bool) -> None:
    plain = f"{'+' if good else '-'}{words[:SAID_MOST]}"
    packed = base64.urlsafe_b64encode(plain.encode()).decode()
    response.set_cookie(
        SAID_COOKIE,
        signed(house.secret, "said", packed),
        max_age=30,
        secure=house.is_https,
        httponly=True,
        samesite="strict",
    )


def _take_said(request: Request, house: House) -> tuple[bool, str] | None:
    given = request.cookies.get(SAID_COOKIE, "")
    packed = unsigned(house.secret, "said", given) if given else None
    if packed is None:
        return None
    plain = base64.urlsafe_b64decode(packed).decode()
    return plain[0] == "+", plain[1:]
