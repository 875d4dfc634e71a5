"""Visitors at a kiosk or a rating pad who ask for a person: who rings, and that somebody goes."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from counter.asker import Asker
from counter.remarks import Remark
from protocol.messages import Accepted, AnswerCall, HelpCall, OfficerCall
from protocol.session import Ask, LinkState, LinkStatus

RING_AGAIN_S = 5.0
"""As long as nobody goes there a desk that rings does so again after this."""


class HelpDesk:
    """The calls that stand, by the server's newest word, and answering one of them."""

    def __init__(
        self,
        ask: Ask,
        *,
        new_id: Callable[[], UUID],
        now_s: Callable[[], float],
        server_now: Callable[[], datetime],
        say: Callable[[Remark], None],
    ) -> None:
        """``now_s`` is monotonic; ``say`` tells the person what came of an answer."""
        self.changed: Callable[[], None] = lambda: None
        # Told each time when it should be heard that somebody calls.
        self.rings: Callable[[HelpCall], None] = lambda _call: None
        self.calls: list[HelpCall] = []
        # Whether the newest ring could not be heard here: then eyes must do.
        self.is_mute = False
        self.asker = Asker(ask, new_id=new_id, now_s=now_s, say=say)
        self.asker.changed = lambda: self.changed()
        self._now_s, self._server_now = now_s, server_now
        self._rung_s = 0.0
        # Those to which somebody here has said to go; the snapshot says so a moment later.
        self._going: set[str] = set()

    # What comes in.

    def hear(self, moment: OfficerCall) -> None:
        """Somebody calls at this moment: ring at once, before any snapshot."""
        call = HelpCall(
            call=moment.call, device=moment.device, reason=moment.reason, since=moment.since
        )
        others = [one for one in self.calls if one.call != call.call]
        self.calls = [*others, call]
        self._going.discard(call.call)
        self._ring(call)
        self.changed()

    def show(self, calls: Sequence[HelpCall]) -> None:
        """What stands, whole."""
        self.calls = list(calls)
        self._going &= {one.call for one in calls}
        self.asker.fresh = True

    def on_link(self, status: LinkStatus) -> None:
        """Without a link nobody knows who still calls."""
        self.asker.link = status
        if status.state is not LinkState.ONLINE:
            self.calls, self.asker.fresh = [], False

    def forget(self) -> None:
        """Somebody got up."""
        self.asker.forget()
        self._going.clear()

    def tick(self) -> None:
        """Ring again for whoever still waits for a person."""
        waiting = self.waiting
        if waiting and self._now_s() - self._rung_s >= RING_AGAIN_S:
            self._ring(waiting[0])

    # What is seen and done.

    @property
    def waiting(self) -> list[HelpCall]:
        """Calls to which nobody goes yet, the oldest first."""
        free = (one for one in self.calls if one.answered_at is None)
        return sorted((one for one in free if one.call not in self._going), key=_since)

    def waits_s(self, call: HelpCall) -> int:
        """For how long somebody has been waiting for a person."""
        return max(0, int((self._server_now() - call.since).total_seconds()))

    def answer(self) -> bool:
        """I go to the oldest of them; False (with a remark) when that cannot be."""
        if not self.waiting:
            self.asker.say(Remark("calm", "help-call.nobody"))
            return False
        call = self.waiting[0]

        def done(_answer: Accepted) -> None:
            self._going.add(call.call)
            self.asker.say(Remark("good", "help-call.going", {"device": call.device}))

        return self.asker.send("answer", lambda key: AnswerCall(id=key, call=call.call), done)

    def _ring(self, call: HelpCall) -> None:
        self._rung_s = self._now_s()
        self.rings(call)


def _since(call: HelpCall) -> tuple[datetime, str]:
    return call.since, call.device
