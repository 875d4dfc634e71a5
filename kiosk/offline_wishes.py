"""The numbers that visitors want: asked of the server, and given here where it does not answer.

Until it has answered nobody knows whether the server has given one. So a number of this kiosk names
the wish that it grants, and the server takes its own back, or gives none any more (law I2).
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from kiosk.offline_issuing import Issuing
from kiosk.offline_journal import Given
from kiosk.offline_lease import NoNumber
from kiosk.offline_papers import shown_ticket
from protocol.messages import Accepted, IssueTicket, Rejected
from protocol.session import Ask, LinkState, LinkStatus, OnAnswer

WISH_S, WISH_OLD_S = 1.8, 30.0
"""A number without an answer is given here after the first, so that it is seen within 2 s; after
the second nobody waits for it."""

CODE_S = 60.0
"""So long whoever came with a code that could not be checked may choose a service instead."""

PACE_S, BURST = 3.0, 20
"""The server's own pace for one kiosk, unless a branch sets another: a child that plays (F45)."""

KNOWN_S = 120.0
"""So long it is remembered that the server said try-again to a wish; nobody asks for longer."""

CODE_OFFLINE = "offline-code"
REASONS = {
    NoNumber.CLOSED: "service-closed",
    NoNumber.USED_UP: "numbers-exhausted",
    NoNumber.UNKNOWN_SERVICE: "unknown-service",
}


@dataclass(slots=True)
class _Wish:
    """A number that the screen wants. ``waits`` until the screen has been answered."""

    command: IssueTicket
    on_answer: OnAnswer
    asked_s: float
    waits: bool = True
    was_sent: bool = False


class Wishes:
    """Each wish is answered once, by the server or by this kiosk."""

    def __init__(
        self,
        ask: Ask,
        withdraw: Callable[[UUID], object],
        issuing: Issuing,
        *,
        now_s: Callable[[], float],
        soon: Callable[[Callable[[], None]], None],
    ) -> None:
        # Told with each number that is given here, after its wish was answered.
        self.given: Callable[[Given], None] = lambda _given: None
        # Told when an answer has come, from wherever.
        self.settled: Callable[[], None] = lambda: None
        self.alone = False
        self.link = LinkStatus(LinkState.CONNECTING, now_s())
        self._link_ask, self._withdraw, self._soon = ask, withdraw, soon
        self._issuing, self._now_s = issuing, now_s
        self._wishes: dict[UUID, _Wish] = {}
        self._lost_code: tuple[UUID, float] | None = None
        self._paced_s, self._level = now_s(), float(BURST)

    @property
    def waiting(self) -> bool:
        """Whether somebody has not been answered yet."""
        return any(wish.waits for wish in self._wishes.values())

    def grant_late(self) -> bool:
        """Give numbers for which the server has had its time; whether there was one."""
        self._forget_old()
        late = [one for one in self._wishes.values() if one.waits and self._is_late(one)]
        granted = [self._give(one) for one in late if one.was_sent and self._issuing.can_give]
        return any(granted)

    def ask(self, command: IssueTicket, on_answer: OnAnswer) -> None:
        """The screen wants a number, or asks for the same one again."""
        wish = self._wishes.setdefault(command.id, _Wish(command, on_answer, self._now_s()))
        wish.on_answer, wish.waits = on_answer, True
        if self.alone or self._is_late(wish):
            self._soon(lambda: self._grant(wish))
        else:
            self._send(wish)

    def _is_late(self, wish: _Wish) -> bool:
        """Whether the server has had its time: it may be back with the very number (F01)."""
        now_s, link = self._now_s(), self.link
        is_lost = link.state is LinkState.LOST and now_s >= link.since_s + WISH_S
        return is_lost or now_s >= wish.asked_s + WISH_S

    def _send(self, wish: _Wish) -> None:
        wish.was_sent = True
        self._link_ask(wish.command, lambda answer: self._answered(wish, answer))

    def _answered(self, wish: _Wish, answer: Accepted | Rejected) -> None:
        if not wish.waits:
            return  # this kiosk was quicker: the merge says what becomes of the other ticket
        wish.waits = False
        if not (isinstance(answer, Rejected) and answer.reason == "try-again"):
            self._wishes.pop(wish.command.id, None)
        wish.on_answer(answer)
        self.settled()

    def _grant(self, wish: _Wish) -> None:
        """Give a number here if it is still wanted and can be; else the server is asked."""
        if wish.waits and not self._give(wish):
            self._send(wish)
        self.settled()

    def _give(self, wish: _Wish) -> bool:
        """Whether the wish was answered here."""
        command = wish.command
        if command.screening is not None:
            return self._turn_code_away(wish)
        if self._now_s() >= wish.asked_s + WISH_OLD_S:
            return False
        if not wish.was_sent and (wait_s := self._pace_s()):
            no = Rejected(
                id=str(command.id), reason="rate-limited", message="", retry_after_s=wait_s
            )
            self._end(wish, no)
            return True
        given = self._issuing.give(command, command.id if wish.was_sent else self._code_in_doubt())
        if isinstance(given, NoNumber):
            reason = REASONS.get(given)
            # What the server may have granted already is not refused here.
            if wish.was_sent or reason is None:
                return False
            self._end(wish, Rejected(id=str(command.id), reason=reason, message=""))
            return True
        self._end(wish, Accepted(id=command.id, revision=0, ticket=shown_ticket(given)))
        self.given(given)
        return True

    def _turn_code_away(self, wish: _Wish) -> bool:
        """Nobody can check a code now: the visitor may choose like everybody."""
        if not self.alone:
            return False
        if wish.was_sent:
            self._lost_code = wish.command.id, self._now_s()
        self._end(wish, Rejected(id=str(wish.command.id), reason=CODE_OFFLINE, message=""))
        return True

    def _code_in_doubt(self) -> UUID | None:
        """The wish by code that may have been granted; it makes way for the next number."""
        lost, self._lost_code = self._lost_code, None
        return lost[0] if lost is not None and self._now_s() < lost[1] + CODE_S else None

    def _end(self, wish: _Wish, answer: Accepted | Rejected) -> None:
        wish.waits = False
        self._wishes.pop(wish.command.id, None)
        if wish.was_sent:
            self._withdraw(wish.command.id)
        wish.on_answer(answer)

    def _pace_s(self) -> float:
        """0 where a number may be given by itself now, else the seconds to wait."""
        now_s = self._now_s()
        self._level = min(float(BURST), self._level + (now_s - self._paced_s) / PACE_S)
        self._paced_s = now_s
        if self._level < 1:
            return (1 - self._level) * PACE_S
        self._level -= 1
        return 0.0

    def _forget_old(self) -> None:
        now_s = self._now_s()
        for key, wish in list(self._wishes.items()):
            if not wish.waits and now_s >= wish.asked_s + KNOWN_S:
                del self._wishes[key]
