"""Asking for a person: one call per visitor, told to the desk at the door and waited for here."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal
from uuid import UUID

from protocol.messages import Accepted, CallOfficer, KioskSnapshot, Rejected
from protocol.session import Ask

RING_S = 2.0
"""The desk rings within this; a call that is not heard by then is told to be made by hand."""

AGAIN_S = 1.0
"""Before a call that nobody heard is made again, as long as somebody waits for it."""


class Calling(StrEnum):
    """How far a call has come; the values are the keys of its words."""

    RINGING = "ringing"
    CALLED = "called"
    COMING = "coming"
    WAVE = "wave"
    """Nobody can be told from here: the visitor waves."""


@dataclass(slots=True)
class OfficerCall:
    """One visitor's call; asked again it is the same command. ``seen``: its words are shown."""

    command: CallOfficer
    asked_s: float
    seen: bool = True
    waits: bool = False
    refused: bool = False
    again_s: float | None = None
    # Its id on the server, as soon as that has heard it, and who goes there.
    heard: str | None = None
    officer: str = ""


class OfficerBell:
    """Rings for the visitor who is there, and knows what became of it."""

    def __init__(
        self,
        ask: Ask,
        *,
        new_id: Callable[[], UUID],
        now_s: Callable[[], float],
        changed: Callable[[], None],
    ) -> None:
        self._ask, self._new_id, self._now_s, self._changed = ask, new_id, now_s, changed
        self.call: OfficerCall | None = None

    def ring(self, reason: Literal["help", "paper"] = "help") -> None:
        """Call, or show again what became of the call that was made."""
        if self.call is None:
            command = CallOfficer(id=self._new_id(), reason=reason)
            self.call = OfficerCall(command, asked_s=self._now_s())
            self._send(self.call)
        self.call.seen = True

    def hide(self) -> None:
        """The visitor has read it; the call stays made."""
        if self.call is not None:
            self.call.seen = False

    def forget(self) -> None:
        """Another visitor: the desk still comes, but nobody here waits for it."""
        self.call = None

    def learn(self, snapshot: KioskSnapshot) -> None:
        """What the server says of the calls of this kiosk."""
        call = self.call
        if call is None or call.heard is None:
            return
        for known in snapshot.help:
            if known.call == call.heard:
                call.officer = known.answered_by or call.officer

    def tick(self, *, online: bool) -> None:
        """Time passed: a call that nobody heard is made again."""
        call = self.call
        if call is None or call.waits or call.heard is not None or call.refused or not online:
            return
        if call.again_s is not None and self._now_s() >= call.again_s:
            self._send(call)

    def state(self, *, online: bool) -> Calling | None:
        """What to tell the visitor; None while nobody was called."""
        call = self.call
        if call is None:
            return None
        if call.heard is not None:
            return Calling.COMING if call.officer else Calling.CALLED
        late = self._now_s() >= call.asked_s + RING_S
        return Calling.WAVE if call.refused or late or not online else Calling.RINGING

    @property
    def officer(self) -> str:
        """Who comes, as soon as it is known."""
        return self.call.officer if self.call is not None else ""

    def _send(self, call: OfficerCall) -> None:
        call.waits, call.again_s = True, None
        self._ask(call.command, lambda answer: self._answered(call, answer))

    def _answered(self, call: OfficerCall, answer: Accepted | Rejected) -> None:
        call.waits = False
        if isinstance(answer, Accepted):
            # An answer without the call's name is an answer all the same: it was heard.
            call.heard = answer.call if isinstance(answer.call, str) else ""
        elif answer.reason in ("try-again", "rate-limited"):
            pause_s = answer.retry_after_s if isinstance(answer.retry_after_s, float) else AGAIN_S
            call.again_s = self._now_s() + max(AGAIN_S, pause_s)
        else:
            call.refused = True
        self._changed()
