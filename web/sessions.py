"""Who is signed in with which browser.

The cookie holds the session's secret as the server gave it, and nothing else is stored anywhere:
when this program starts again, the server says whose an unknown cookie is (``ListSessions``).
"""

import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from protocol.messages import Answer, EndSession, ListSessions, Rejected, SessionView
from web.branch import Branch, new_id

CHECKED_EVERY_S = 5.0
"""A session that somebody ended elsewhere shows a page for so long at most; its deeds fail at
once."""
KNOWN_MOST = 1000
OVER = frozenset({"not-signed-in", "not-allowed"})
"""What the server says of a session that is no more, or of somebody who may no more."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(slots=True)
class Session:
    """A manager with a browser; ``secret`` is what goes to the server as ``on_behalf_of``."""

    secret: str
    staff: str
    name: str
    seen_s: float
    checked_s: float

    def __repr__(self) -> str:  # the secret must not reach a log
        return f"Session(staff={self.staff!r})"


class Sessions:
    """The sessions that were seen since this program started."""

    def __init__(self, branch: Branch) -> None:
        self._branch = branch
        self._known: OrderedDict[str, Session] = OrderedDict()
        # Idle for too long: not known again even while the server could not be told.
        self._over: OrderedDict[str, None] = OrderedDict()

    def begin(self, secret: str, staff: str, name: str, now_s: float) -> Session:
        """The server has just opened one."""
        session = Session(secret, staff, name, now_s, now_s)
        self._known[secret] = session
        while len(self._known) > KNOWN_MOST:  # bounded (I14); the server still knows it
            self._known.popitem(last=False)
        return session

    async def find(self, secret: str, now_s: float, *, is_deed: bool = True) -> Session | None:
        """Whose cookie it is, if it is good; ``is_deed``: the person did something, so that the
        time of being idle begins anew."""
        if not _SECRET.fullmatch(secret) or secret in self._over:
            return None
        session = self._known.get(secret)
        if session is not None and now_s - session.seen_s > self._branch.rules.idle_s:
            await self.end(session)
            return None
        if session is None or self._is_due(session, now_s):
            session = await self._ask(secret, session, now_s)
        if session is not None and is_deed:
            session.seen_s = now_s
        return session

    def _is_due(self, session: Session, now_s: float) -> bool:
        """Nobody waits for a server that is out of reach: who was known may go on looking."""
        return self._branch.is_online and now_s - session.checked_s > CHECKED_EVERY_S

    async def end(self, session: Session) -> None:
        """Here at once, and at the server."""
        self.forget(session.secret)
        self._over[session.secret] = None
        while len(self._over) > KNOWN_MOST:
            self._over.popitem(last=False)
        await self._branch.ask(EndSession(id=new_id(), on_behalf_of=session.secret))

    def is_known(self, secret: str) -> bool:
        """Whether it was seen before; whose it is else only the server can say."""
        return secret in self._known

    def forget(self, secret: str) -> None:
        """The server says that it is over."""
        self._known.pop(secret, None)

    async def listed(self, session: Session) -> list[SessionView] | Rejected:
        """Who is signed in, as far as this person may know."""
        answer = await self._branch.inquire(ListSessions(id=new_id(), on_behalf_of=session.secret))
        if isinstance(answer, Rejected):
            return answer
        return answer.sessions if isinstance(answer.sessions, list) else []

    async def _ask(self, secret: str, known: Session | None, now_s: float) -> Session | None:
        if known is not None:
            known.checked_s = now_s  # many pages of one browser ask once
        answer = await self._branch.inquire(ListSessions(id=new_id(), on_behalf_of=secret))
        if isinstance(answer, Answer) and isinstance(answer.sessions, list):
            mine = next((one for one in answer.sessions if one.mine), None)
            if mine is None:
                self.forget(secret)
                return None
            if known is None:
                return self.begin(secret, mine.staff, mine.name, now_s)
            return known
        if isinstance(answer, Rejected) and answer.reason in OVER:
            self.forget(secret)
            return None
        return known  # out of reach, or asked too fast: that says nothing of the session


def cookie_name(*, is_https: bool) -> str:
    """With the prefix browsers hold it to this host and to https by themselves."""
    return "__Host-session" if is_https else "session"


def cookie_of(request: Request, *, is_https: bool) -> str:
    """What the browser brought; empty if nothing."""
    return request.cookies.get(cookie_name(is_https=is_https), "")


def set_cookie(response: Response, secret: str, *, is_https: bool) -> None:
    """For this host alone, hidden from scripts, never sent from another site, gone with the
    browser."""
    response.set_cookie(
        cookie_name(is_https=is_https),
        secret,
        path="/",
        secure=is_https,
        httponly=True,
        samesite="strict",
    )


def drop_cookie(response: Response, *, is_https: bool) -> None:
    """Signed out."""
    response.delete_cookie(
        cookie_name(is_https=is_https),
        path="/",
        secure=is_https,
        httponly=True,
        samesite="strict",
    )


def mark_of(secret: str) -> str:
    """A session's name for things that are signed for it, which does not give it away."""
    return hashlib.sha256(secret.encode()).hexdigest()
