"""Between the two steps of a sign-in: what was right is kept in memory alone, for minutes."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass

PENDING_S = 300
PENDING_MOST = 200


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody between the two steps: what was right, kept in memory alone for minutes."""

    staff: str
    pin: str | None
    password: str | None
    to: str
    until_s: float
    # What the page shows to be set up; empty where the person has a second step.
    step_secret: str = ""

    def __repr__(self) -> str:
        return f"Pending(staff={self.staff!r})"


class PendingSignIns:
    """By the secret of their cookie; bounded (I14)."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Pending] = OrderedDict()

    def put(self, pending: Pending) -> str:
        """Keep it; gives the cookie's value."""
        while len(self._kept) >= PENDING_MOST:
            self._kept.popitem(last=False)
        name = secrets.token_urlsafe(16)
        self._kept[name] = pending
        return name

    def get(self, name: str, now_s: float) -> Pending | None:
        """It, while its time is not over."""
        pending = self._kept.get(name)
        if pending is not None and pending.until_s < now_s:
            del self._kept[name]
            return None
        return pending

    def drop(self, name: str) -> None:
        """Signed in, or given up."""
        self._kept.pop(name, None)
