"""Signing in with staff code, PIN or password and the second step; signing out; the sessions."""

import base64
import io
import secrets
from urllib.parse import quote

import segno
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from protocol.messages import Accepted, EndSession, OpenSession, Rejected, SetSecondStep
from web.branch import new_id
from web.guarding import (
    Manager,
    demand_own_site,
    for_managers,
    read_form,
    refusal_words,
    safe_path,
)
from web.house import House, house_of, texts_of
from web.own_key import signed, unsigned
from web.pending import PENDING_S, Pending
from web.sessions import cookie_of, drop_cookie, set_cookie
from web.shield import address_of

PENDING_COOKIE = "signing-in"
FORM_GOOD_FOR_S = 3600
PIN_DIGITS_MOST = 11
"""Passwords have at least one more."""
# Said in other words than "wrong", because they help only whoever is right already.
TOLD_AS_THEY_ARE = frozenset({"locked-out", "rate-limited", "try-again", "internal", "wrong-code"})


async def home(request: Request) -> Response:
    """The first page: the hall, which asks for the sign-in by itself."""
    return RedirectResponse("/hall", 303)


async def sign_in(request: Request) -> Response:
    """The form."""
    house = house_of(request)
    known = cookie_of(request, is_https=house.is_https)
    is_known = house.sessions.is_known(known)
    if is_known and await house.sessions.find(known, house.monotonic_s()) is not None:
        return RedirectResponse(safe_path(request.query_params.get("to", "")), 303)
    return _form(request, safe_path(request.query_params.get("to", "")))


async def begin_sign_in(request: Request) -> Response:
    """Code and PIN or password were sent."""
    house = house_of(request)
    form = await _stranger_form(request, house)
    to = safe_path(form.get("to", ""))
    staff, word = form.get("staff", "").strip()[:40], form.get("word", "")[:200]
    if not staff or not word:
        return _form(request, to, "web.sign_in.wrong", status=400)
    if (refused := _pace(request, house)) is not None:
        return refused
    is_pin = word.isascii() and word.isdigit() and len(word) <= PIN_DIGITS_MOST
    pending = Pending(
        staff,
        word if is_pin else None,
        None if is_pin else word,
        to,
        house.monotonic_s() + PENDING_S,
    )
    answer = await _open(request, house, pending, None)
    if isinstance(answer, Accepted):
        return _signed_in(house, answer, to)
    if answer.reason == "second-step-needed":
        return _on_to_second_step(house, pending)
    if answer.reason == "second-step-unset":
        return _on_to_second_step(house, _with_new_secret(pending))
    return _refused(request, to, answer)


async def second_step(request: Request) -> Response:
    """The form for the code, with the picture to set it up where there is none yet."""
    house = house_of(request)
    pending = _pending(request, house)
    return _to_form() if pending is None else _step_form(request, pending)


async def finish_second_step(request: Request) -> Response:
    """The code was sent."""
    house = house_of(request)
    form = await _stranger_form(request, house)
    pending = _pending(request, house)
    if pending is None:
        return _to_form()
    if (refused := _pace(request, house)) is not None:
        return refused
    code = "".join(form.get("code", "").split())
    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        return _step_form(request, pending, texts_of(request, for_staff=True)("web.step.digits"))
    if pending.step_secret:
        answer = await house.branch.ask(
            SetSecondStep(
                id=new_id(),
                staff=pending.staff,
                secret=pending.step_secret,
                code=code,
                pin=pending.pin,
                password=pending.password,
                where=_where(request),
            )
        )
    else:
        answer = await _open(request, house, pending, code)
    if isinstance(answer, Accepted):
        house.pending.drop(request.cookies.get(PENDING_COOKIE, ""))
        return _signed_in(house, answer, pending.to)
    texts = texts_of(request, for_staff=True)
    if answer.reason in TOLD_AS_THEY_ARE:
        return _step_form(request, pending, refusal_words(answer, texts))
    house.pending.drop(request.cookies.get(PENDING_COOKIE, ""))
    return _refused(request, pending.to, answer)


async def sign_out(manager: Manager) -> Response:
    """This browser's session ends."""
    await manager.house.sessions.end(manager.session)
    response = RedirectResponse("/sign-in", 303)
    drop_cookie(response, is_https=manager.house.is_https)
    return response


async def sessions(manager: Manager) -> Response:
    """Who is signed in."""
    listed = await manager.house.sessions.listed(manager.session)
    if isinstance(listed, Rejected):
        return manager.refused(listed, "/hall")
    return manager.page("sessions.html", {"sessions": listed, "zone": manager.house.zone})


async def end_session(manager: Manager) -> Response:
    """Another session of mine (an admin's word: anybody's) ends."""
    return await manager.do(
        EndSession(
            id=new_id(), on_behalf_of=manager.key, session=manager.form.get("session", "")[:64]
        ),
        "/sessions",
        manager.texts("web.sessions.ended"),
    )


# The steps between.


async def _open(
    request: Request, house: House, pending: Pending, code: str | None
) -> Accepted | Rejected:
    return await house.branch.ask(
        OpenSession(
            id=new_id(),
            staff=pending.staff,
            pin=pending.pin,
            password=pending.password,
            code=code,
            where=_where(request),
        )
    )


def _with_new_secret(pending: Pending) -> Pending:
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    return Pending(
        pending.staff, pending.pin, pending.password, pending.to, pending.until_s, secret
    )


def _signed_in(house: House, answer: Accepted, to: str) -> Response:
    secret, staff, name = answer.session, answer.staff, answer.name
    assert isinstance(secret, str), "the server opens a session with its secret"
    session = house.sessions.begin(
        secret,
        staff if isinstance(staff, str) else "",
        name if isinstance(name, str) else "",
        house.monotonic_s(),
    )
    response = RedirectResponse(to, 303)
    set_cookie(response, session.secret, is_https=house.is_https)
    response.delete_cookie(PENDING_COOKIE, httponly=True, samesite="strict")
    return response


def _on_to_second_step(house: House, pending: Pending) -> Response:
    response = RedirectResponse("/second-step", 303)
    response.set_cookie(
        PENDING_COOKIE,
        house.pending.put(pending),
        max_age=PENDING_S,
        secure=house.is_https,
        httponly=True,
        samesite="strict",
    )
    return response


def _pending(request: Request, house: House) -> Pending | None:
    return house.pending.get(request.cookies.get(PENDING_COOKIE, ""), house.monotonic_s())


def _to_form() -> Response:
    return RedirectResponse("/sign-in", 303)


def _refused(request: Request, to: str, answer: Rejected) -> Response:
    """Whatever was wrong is told in the same words, so that nobody learns which part it was."""
    if answer.reason in TOLD_AS_THEY_ARE and answer.reason != "wrong-code":
        texts = texts_of(request, for_staff=True)
        return _form(request, to, said=refusal_words(answer, texts), status=400)
    return _form(request, to, "web.sign_in.wrong", status=400)


def _pace(request: Request, house: House) -> Response | None:
    wait_s = house.limits.sign_ins.take(address_of(request), house.monotonic_s())
    if not wait_s:
        return None
    texts = texts_of(request, for_staff=True)
    response = _form(
        request, "/hall", said=texts("web.sign_in.wait", seconds=int(wait_s) + 1), status=429
    )
    response.headers["Retry-After"] = str(int(wait_s) + 1)
    return response


def _form(
    request: Request, to: str, words: str = "", *, said: str = "", status: int = 200
) -> Response:
    texts = texts_of(request, for_staff=True)
    return _plain_page(
        request,
        "sign_in.html",
        {"to": to, "wrong": said or (texts(words) if words else "")},
        status,
    )


def _step_form(request: Request, pending: Pending, wrong: str = "") -> Response:
    shown: dict[str, object] = {"wrong": wrong, "picture": "", "groups": []}
    if pending.step_secret:
        branch = house_of(request).branch.welcome.branch
        shown["picture"] = _picture(_key_address(branch.name, pending))
        shown["groups"] = [pending.step_secret[at : at + 4] for at in range(0, 32, 4)]
    return _plain_page(request, "second_step.html", shown, 400 if wrong else 200)


def _plain_page(request: Request, template: str, shown: dict[str, object], status: int) -> Response:
    house, texts = house_of(request), texts_of(request, for_staff=True)
    context = {
        **shown,
        "token": signed(house.secret, "sign-in", str(_now_s(house))),
        "branch_name": house.branch.welcome.branch.name,
        "here": quote(request.url.path),
        "online": house.branch.is_online,
    }
    return house.rendering.page(template, texts, context, status)


async def _stranger_form(request: Request, house: House) -> dict[str, str]:
    """A form of ours, shown within the hour to somebody who is not signed in; else 403."""
    demand_own_site(request)
    form = await read_form(request)
    shown_at = unsigned(house.secret, "sign-in", form.get("token", ""))
    if shown_at is None or not 0 <= _now_s(house) - int(shown_at) <= FORM_GOOD_FOR_S:
        raise HTTPException(403)
    return form


def _now_s(house: House) -> int:
    return int(house.branch.now().timestamp())


def _key_address(branch: str, pending: Pending) -> str:
    """What authenticator apps read (otpauth); shown as a picture, never as a link."""
    name = quote(f"Antrean {branch}")
    return (
        f"otpauth://totp/{name}:{quote(pending.staff)}?secret={pending.step_secret}&issuer={name}"
    )


def _picture(address: str) -> str:
    """A QR as an address of data that a page may show as an image."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(
        drawn, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, scale=5
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}"


def _where(request: Request) -> str:
    """Which browser, in words that its owner knows again."""
    agent = request.headers.get("user-agent", "")[:400]
    browsers = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"))
    systems = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux")
    browser = next((name for mark, name in browsers if mark in agent), "")
    if not browser:
        browser = "Safari" if "Safari/" in agent else "?"
    system = next((name for name in systems if name in agent), "?")
    return f"{browser}, {system}, {address_of(request)}"[:120]


PAGES: list[BaseRoute] = [
    Route("/", home),
    Route("/sign-in", sign_in, methods=["GET"]),
    Route("/sign-in", begin_sign_in, methods=["POST"]),
    Route("/second-step", second_step, methods=["GET"]),
    Route("/second-step", finish_second_step, methods=["POST"]),
    for_managers("/sign-out", sign_out, posts=True),
    for_managers("/sessions", sessions),
    for_managers("/sessions/end", end_session, posts=True),
]
