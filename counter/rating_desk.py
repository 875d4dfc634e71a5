"""One tap of the visitor who has just been served, on the counter's own screen turned to them.

Nothing but the score and the reasons is asked; nobody's name is tied to it, only the number.
"""

from collections.abc import Callable
from uuid import UUID

from counter.asker import Asker
from counter.remarks import Remark
from protocol.messages import Accepted, QueueSnapshot, Rateable, RateService
from protocol.session import Ask

SCORES = (1, 2, 3, 4)
ASKS_WHY = frozenset({1, 2})
"""Scores after which it is asked what went wrong."""
CLOSES_AFTER_S = 15.0
"""So long nobody touches it, then the screen is the frontliner's again."""


class RatingDesk:
    """``stage`` is empty, ``ask``, ``why`` or ``thanks``."""

    def __init__(
        self,
        ask: Ask,
        *,
        new_id: Callable[[], UUID],
        now_s: Callable[[], float],
        say: Callable[[Remark], None],
    ) -> None:
        """``say`` tells the frontliner what came of it."""
        self.changed: Callable[[], None] = lambda: None
        # The screen is the frontliner's again.
        self.over: Callable[[], None] = lambda: None
        self.stage = ""
        self.about: Rateable | None = None
        self.score = 0
        self.reasons: tuple[str, ...] = ()
        self.rateable: Rateable | None = None
        self.asker = Asker(ask, new_id=new_id, now_s=now_s, say=say)
        self.asker.changed = lambda: self.changed()
        self._now_s = now_s
        self._touched_s = 0.0

    def on_snapshot(self, snapshot: QueueSnapshot) -> None:
        """Whom it may be asked of now."""
        self.rateable = snapshot.rateable
        self.asker.fresh = True

    def forget(self) -> None:
        """Somebody got up."""
        self.asker.forget()
        self.rateable = None
        self._clear()

    # What the visitor does.

    def begin(self) -> None:
        """The screen is turned to the visitor."""
        self._clear()
        self.about = self.rateable
        self.stage = "ask" if self.about is not None else ""
        self._touched_s = self._now_s()

    def rate(self, score: int) -> None:
        """One tap. A low score asks why first; any other is all there is to say."""
        if self.stage != "ask" or score not in SCORES:
            return
        self.score, self._touched_s = score, self._now_s()
        if score in ASKS_WHY:
            self.stage = "why"
        else:
            self._send()
        self.changed()

    def turn_reason(self, code: str) -> None:
        """A reason more, or one less."""
        if self.stage != "why":
            return
        self._touched_s = self._now_s()
        left = tuple(one for one in self.reasons if one != code)
        self.reasons = left if code in self.reasons else (*self.reasons, code)
        self.changed()

    def confirm(self) -> None:
        """That was all; nobody has to give a reason."""
        if self.stage == "why":
            self._send()
            self.changed()

    def skip(self) -> None:
        """Nobody has to say anything: not asked, or the tap without its reasons."""
        if self.stage == "why":
            self.reasons = ()
            self._send()
            self.changed()
        else:
            self.over()

    def leave(self) -> None:
        """The frontliner takes the screen back; what was tapped counts."""
        if self.stage == "why":
            self._send()
        self._clear()

    def tick(self) -> None:
        """Nobody stands there any more: the screen closes by itself."""
        if self.stage and self._now_s() - self._touched_s >= CLOSES_AFTER_S:
            if self.stage == "why":
                self._send()
            self.over()

    @property
    def left_s(self) -> int:
        """Seconds until it closes by itself."""
        return max(0, -int(-(CLOSES_AFTER_S - (self._now_s() - self._touched_s)) // 1))

    # Inside.

    def _send(self) -> None:
        about, score, reasons = self.about, self.score, list(self.reasons)
        assert about is not None
        self.stage, self._touched_s = "thanks", self._now_s()

        def done(_answer: Accepted) -> None:
            self.asker.say(Remark("good", "rating.done", {"number": about.number}))

        self.asker.send(
            "rate",
            lambda key: RateService(id=key, ticket=about.ticket, score=score, reasons=reasons),
            done,
        )

    def _clear(self) -> None:
        self.stage, self.about, self.score, self.reasons = "", None, 0, ()
