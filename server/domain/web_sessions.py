"""Managers with a browser: whose word it is, who is in, and who goes (F53, row 23 of ASVS)."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, ManagerSignedIn, ManagerSignedOut
from server.domain.hall_sessions import WebSession
from server.domain.seating import Person

SESSIONS_MAX = 10
"""So many browsers of one person; one more ends the oldest, so that nothing grows (I14)."""
ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class NewSession:
    """A browser that is being signed in; ``session`` is what ``mark_of`` makes of its secret."""

    session: str
    handle: str
    device: str
    where: str = ""
    step: int = 0


def mark_of(secret: str) -> str:
    """What is kept of a session's secret: it opens nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def session_of(
    day: BranchDay, secret: str, device: str, managers: Collection[str], now_ms: int
) -> WebSession:
    """Whose session a secret is, or ``not-signed-in``.

    It holds at the device that opened it alone, while the person may sign in, and not for ever.
    """
    session = day.web_sessions.get(mark_of(secret))
    if (
        session is None
        or session.device != device
        or session.staff not in managers
        or is_over(day, session, now_ms)
    ):
        raise QueueRuleError("not-signed-in")
    return session


def is_over(day: BranchDay, session: WebSession, now_ms: int) -> bool:
    """Whether a session was opened too long ago to hold."""
    return now_ms - session.opened_at_ms >= day.branch.rules.page_session_s * 1000


def decide_sign_in(day: BranchDay, person: Person, new: NewSession) -> list[AnyEvent]:
    """One more browser of a manager whose PIN or password, and second step, were right."""
    theirs = [one for one in day.web_sessions.values() if one.staff == person.staff]
    events: list[AnyEvent] = [
        _out(one, "ended") for one in theirs[: max(0, len(theirs) + 1 - SESSIONS_MAX)]
    ]
    events.append(
        ManagerSignedIn(
            session=new.session,
            handle=new.handle,
            staff=person.staff,
            name=person.name,
            role=person.role,
            device=new.device,
            where=new.where,
            step=new.step,
        )
    )
    return events


def decide_end(day: BranchDay, mine: WebSession, handle: str | None) -> list[AnyEvent]:
    """One's own session ends, or another that one may see."""
    if handle is None or handle == mine.handle:
        return [_out(mine, "asked")]
    for one in seen_by(day, mine):
        if one.handle == handle:
            return [_out(one, "ended")]
    raise QueueRuleError("bad-value", field="session")


def decide_gone(day: BranchDay, managers: Collection[str]) -> list[AnyEvent]:
    """Whoever may not sign in any more does not stay signed in either."""
    return [_out(one, "disabled") for one in gone(day, managers)]


def gone(day: BranchDay, managers: Collection[str]) -> list[WebSession]:
    """The sessions of people who may not sign in with a browser any more."""
    return [one for one in day.web_sessions.values() if one.staff not in managers]


def seen_by(day: BranchDay, mine: WebSession) -> list[WebSession]:
    """One's own sessions, an admin's word shows all; the newest first."""
    everything = reversed(day.web_sessions.values())
    return [one for one in everything if mine.role == ADMIN or one.staff == mine.staff]


def _out(session: WebSession, reason: str) -> ManagerSignedOut:
    return ManagerSignedOut(session=session.session, staff=session.staff, reason=reason)
