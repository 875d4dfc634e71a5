"""Managers sign in with a browser: second step, cookie, sessions, forms that only we can send."""

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import httpx
import pytest
from starlette.responses import Response

from protocol.messages import Accepted, Answer, Rejected, SessionView
from tests.running_branch import PIN
from tests.web.running_pages import HttpManager, RunningPages, token_of
from web.guarding import safe_path
from web.sessions import Session, Sessions, set_cookie

WRONG = "Belum berhasil masuk"


@pytest.fixture
def stranger(pages: RunningPages) -> Iterator[HttpManager]:
    with HttpManager(pages, "manager-1") as someone:
        yield someone


def test_the_cookie_is_hidden_from_scripts_and_other_sites_and_nothing_else_is_kept(
    pages: RunningPages,
) -> None:
    """F53: what opens a session is the server's secret in one host-only cookie."""
    with HttpManager(pages, "manager-2") as other:
        other.post("/sign-in", on="/sign-in", staff="manager-2", word=PIN)
        page = other.get("/second-step")
        assert page.headers["cache-control"] == "no-store"
        other.sign_in()
        names = {one.name for one in other.http.cookies.jar}
    assert names == {"session"}
    response = Response()
    set_cookie(response, "x" * 22, is_https=False)
    plain = response.headers["set-cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=strict" in plain
    assert "Domain" not in plain
    assert "expires" not in plain.lower()
    assert "max-age" not in plain.lower()
    response = Response()
    set_cookie(response, "x" * 22, is_https=True)
    secure = response.headers["set-cookie"]
    assert secure.startswith("__Host-session=")
    assert "Secure" in secure
    assert "Path=/" in secure


@pytest.mark.parametrize(
    ("staff", "word"),
    [("manager-1", "000000"), ("nobody", PIN), ("manager-1", "a long wrong password")],
    ids=["wrong PIN", "unknown code", "wrong password"],
)
def test_whoever_is_wrong_hears_the_same_words_and_sees_no_pin(
    stranger: HttpManager, staff: str, word: str
) -> None:
    """F52: nobody learns which part was wrong, and nothing typed comes back."""
    answer = stranger.post("/sign-in", on="/sign-in", staff=staff, word=word)
    assert answer.status_code == 400
    assert WRONG in answer.text
    assert word not in answer.text
    assert staff not in answer.text
    assert "set-cookie" not in answer.headers


def test_a_frontliner_does_not_get_in(stranger: HttpManager) -> None:
    """F47: the pages are for managers; the words do not tell that the PIN was right."""
    answer = stranger.post("/sign-in", on="/sign-in", staff="staff-1", word=PIN)
    assert answer.status_code == 400
    assert WRONG in answer.text


def test_a_form_of_another_place_opens_nothing(stranger: HttpManager) -> None:
    """Login CSRF: without our own mark, or from another origin, 403."""
    token = token_of(stranger.get("/sign-in").text)
    fields = {"staff": "manager-1", "word": PIN}
    assert stranger.send("/sign-in", "", **fields).status_code == 403
    assert stranger.send("/sign-in", f"1.{'0' * 40}", **fields).status_code == 403
    for headers in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": stranger.origin},
        {},
    ):
        answer = stranger.http.post("/sign-in", data={"token": token, **fields}, headers=headers)
        assert answer.status_code == 403, headers


def test_a_deed_needs_the_mark_of_this_very_session(
    pages: RunningPages, manager: HttpManager
) -> None:
    """CSRF: missing, forged and another session's mark are refused, and nothing was done."""
    with HttpManager(pages, "admin-1") as admin:
        admin.sign_in()
        others = token_of(admin.get("/tv").text)
        own = token_of(manager.get("/tv").text)
        assert others != own
        for token in ("", "x", own[:-1] + ("0" if own[-1] != "0" else "1"), others):
            assert manager.send("/tv/post", token, id="Tidak boleh tampil").status_code == 403
        foreign = manager.http.post(
            "/tv/post",
            data={"token": own, "id": "Tidak boleh tampil"},
            headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        )
        assert foreign.status_code == 403
        assert "Tidak boleh tampil" not in manager.get("/tv").text
        assert manager.send("/tv/post", own, id="Boleh tampil").status_code == 303
        assert "Boleh tampil" in manager.get("/tv").text


def test_a_get_never_does_a_deed(manager: HttpManager) -> None:
    for path in ("/tv/post", "/day/close", "/counters/1/open", "/sign-out", "/discipline/set"):
        assert manager.get(path).status_code == 405, path


def test_signing_out_ends_the_session_also_for_who_kept_the_cookie(pages: RunningPages) -> None:
    with HttpManager(pages, "manager-3") as leaving:
        leaving.sign_in()
        kept = leaving.http.cookies["session"]
        assert leaving.get("/hall").status_code == 200
        gone = leaving.post("/sign-out", on="/hall")
        assert gone.headers["location"] == "/sign-in"
        leaving.http.cookies.set("session", kept)
        again = leaving.get("/hall")
        assert again.status_code == 303
        assert again.headers["location"].startswith("/sign-in")


def test_sessions_are_listed_and_another_can_be_ended(
    pages: RunningPages, manager: HttpManager
) -> None:
    with HttpManager(pages, "manager-1", second_step=manager.secret) as other:
        other.sign_in()
        page = manager.get("/sessions").text
        assert page.count('name="session" value="') == 1
        assert "Peramban ini" in page
        handle = page.split('name="session" value="', 1)[1].split('"', 1)[0]
        assert other.http.cookies["session"] not in page
        done = manager.post("/sessions/end", on="/sessions", session=handle)
        assert done.status_code == 303
        # Asked on its behalf the server says no at once, whatever the pages remember.
        deed = other.post("/tv/post", on="/tv", id="Dari peramban yang diakhiri")
        assert deed.headers["location"].startswith("/sign-in")
        assert other.get("/hall").headers["location"].startswith("/sign-in")


def test_a_restart_of_the_pages_keeps_people_signed_in(
    pages: RunningPages, manager: HttpManager
) -> None:
    """Nothing is stored here: the server says whose the cookie is."""
    with RunningPages(pages.branch, device="web-1") as again:
        kept = httpx.get(
            f"{again.url}/sessions", cookies={"session": manager.http.cookies["session"]}
        )
        assert kept.status_code == 200
        assert "Manager-1" in kept.text


def test_whoever_guesses_cookies_runs_out_of_questions(
    pages: RunningPages, manager: HttpManager
) -> None:
    """F52, F55: an unknown cookie costs the server a question, so each address has few of them."""
    secret = manager.http.cookies["session"]

    def opened(address: str, cookie: str) -> int:
        transport = httpx.HTTPTransport(local_address=address)
        cookies = {"session": cookie}
        with httpx.Client(base_url=again.url, transport=transport, cookies=cookies) as client:
            return client.get("/sessions").status_code

    with RunningPages(pages.branch, device="web-1") as again:
        guessed = [opened("127.0.2.1", f"{at:022}") for at in range(25)]
        assert set(guessed) == {303}
        # It is not even asked for any more; from elsewhere it opens, and then it is known.
        assert opened("127.0.2.1", secret) == 303
        assert opened("127.0.2.2", secret) == 200
        assert opened("127.0.2.1", secret) == 200


def test_no_secret_reaches_the_log(pages: RunningPages, manager: HttpManager) -> None:
    """I12: neither PIN, code, second step nor session stands in what the pages wrote."""
    said = pages.said()
    for secret in (PIN, manager.secret, manager.http.cookies["session"]):
        assert secret not in said


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nX: y", "evil", ""],
)
def test_nobody_is_sent_to_another_site(path: str) -> None:
    """Open redirects and split headers: only paths of ours."""
    assert safe_path(path) == "/hall"
    assert safe_path("/tickets/abc?date=2026-11-22") == "/tickets/abc?date=2026-11-22"


def test_many_wrong_tries_from_one_address_have_to_wait(pages: RunningPages) -> None:
    """F52: the limit is the address's own; the last test of this file, since it locks us out."""
    with HttpManager(pages, "manager-2") as guesser:
        answers = [
            guesser.post("/sign-in", on="/sign-in", staff=f"guess-{at}", word="111111")
            for at in range(14)
        ]
    assert answers[0].status_code == 400
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1


# The memory of the pages, by itself.


class _Server:
    """Answers ListSessions and EndSession as it is told."""

    def __init__(self) -> None:
        self.rules = SimpleNamespace(idle_s=600)
        self.ended: list[str] = []
        self.asked = 0
        self.answer: str = "known"
        self.is_online = True

    async def inquire(self, query: Any) -> Answer | Rejected:
        self.asked += 1
        await asyncio.sleep(0)
        if self.answer != "known":
            return Rejected(id=None, reason=self.answer, message="")
        view = SessionView(
            handle="h",
            staff="m",
            name="M",
            where="",
            opened_at=cast(Any, None),
            mine=True,
        )
        return Answer(id=uuid4(), sessions=[view])

    async def ask(self, command: Any) -> Accepted:
        self.ended.append(command.on_behalf_of)
        return Accepted(id=uuid4(), revision=1)


SECRET = "s" * 22


def found(sessions: Sessions, at_s: float, *, is_deed: bool = True) -> Session | None:
    return asyncio.run(sessions.find(SECRET, at_s, is_deed=is_deed))


def test_whoever_is_idle_for_too_long_is_signed_out_here_and_at_the_server() -> None:
    server = _Server()
    sessions = Sessions(cast(Any, server))
    assert found(sessions, 0.0)
    assert found(sessions, 599.0)
    assert found(sessions, 1190.0, is_deed=False)
    assert found(sessions, 1200.0) is None
    assert server.ended == [SECRET]
    # Also when the server was out of reach and still knows it.
    assert found(sessions, 1201.0) is None


def test_a_session_that_ended_elsewhere_is_noticed_within_seconds() -> None:
    server = _Server()
    sessions = Sessions(cast(Any, server))
    assert found(sessions, 0.0)
    server.answer = "not-signed-in"
    assert found(sessions, 4.0)
    assert found(sessions, 6.0) is None
    assert found(sessions, 7.0) is None


def test_an_unreachable_server_ends_nobody_and_lets_nobody_in() -> None:
    server = _Server()
    sessions = Sessions(cast(Any, server))
    assert found(sessions, 0.0)
    server.answer = "try-again"
    assert found(sessions, 60.0)
    assert asyncio.run(sessions.find("t" * 22, 60.0)) is None
    server.answer = "rate-limited"
    assert found(sessions, 90.0), "asked too fast says nothing of the session"
    server.answer, server.is_online = "not-signed-in", False
    assert found(sessions, 120.0), "nobody waits for a server that is out of reach"


def test_many_pages_of_one_browser_are_one_question() -> None:
    server = _Server()
    sessions = Sessions(cast(Any, server))
    assert found(sessions, 0.0)

    async def fifty() -> list[Session | None]:
        return await asyncio.gather(*(sessions.find(SECRET, 60.0) for _ in range(50)))

    assert all(asyncio.run(fifty()))
    assert server.asked == 2


@pytest.mark.parametrize("secret", ["", "short", "x" * 65, "a b" * 8, "../" * 8])
def test_what_cannot_be_a_session_is_not_even_asked_for(secret: str) -> None:
    server = _Server()
    assert asyncio.run(Sessions(cast(Any, server)).find(secret, 0.0)) is None
