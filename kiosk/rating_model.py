"""What the rating pad at a counter asks, and of whom, without a window.

Every rating belongs to one ticket. So an invitation that comes while somebody is answering waits
until that is done: a finger on its way must never rate the next visitor's service.
"""

import logging
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from msgspec import UNSET

from protocol.messages import (
    Accepted,
    Choice,
    Notice,
    RateService,
    RatingInvitation,
    Rejected,
    Welcome,
)
from protocol.session import Ask, LinkState, LinkStatus

log = logging.getLogger(__name__)

SCORES = (1, 2, 3, 4)
ASKS_WHY = 2
"""Up to this score the pad asks what it was."""

REMEMBERED = 200
"""Tickets that were asked about already: more than are finished at a counter in a day."""


class PadPage(StrEnum):
    """What fills the pad; the values are the names that a driven program reports."""

    IDLE = "idle"
    FACES = "faces"
    REASONS = "reasons"
    THANKS = "thanks"


@dataclass(frozen=True, slots=True)
class PadPatience:
    """How long each thing lasts, in seconds (ux.md 5, R1)."""

    # Since the last touch: whoever has gone must not keep the next one from answering.
    answer_s: float = 15.0
    thanks_s: float = 4.0
    review_s: float = 15.0
    # An invitation that had to wait for longer is about somebody who has gone.
    due_s: float = 60.0
    guard_s: float = 0.4
    # A rating that the server could not take is told again, as the same one.
    again_s: float = 1.0
    keep_s: float = 600.0


@dataclass(slots=True)
class Told:
    """A rating on its way to the server."""

    command: RateService
    until_s: float
    retry_at_s: float | None = None


class RatingModel:
    """One visitor at a time: four faces, why, thanks."""

    def __init__(
        self,
        ask: Ask,
        *,
        new_id: Callable[[], UUID],
        now_s: Callable[[], float],
        language: str = "id",
        languages: Collection[str] = ("id", "en"),
        patience: PadPatience | None = None,
    ) -> None:
        """``languages`` are those that this program has texts for, ``language`` its own."""
        self.changed: Callable[[], None] = lambda: None
        self.patience = patience or PadPatience()
        self.welcome: Welcome | None = None
        self.link = LinkStatus(LinkState.CONNECTING, now_s())
        self.invitation: RatingInvitation | None = None
        self.score: int | None = None
        self.reasons: list[str] = []
        self.thanked = False
        self._ask, self._new_id, self._now_s = ask, new_id, now_s
        self._home, self._languages = language, frozenset(languages)
        self._next: tuple[RatingInvitation, float] | None = None
        self._asked_about: deque[str] = deque(maxlen=REMEMBERED)
        self._told: list[Told] = []
        self._touched_s = self._place_since_s = now_s()

    # What comes in.

    def on_welcome(self, welcome: Welcome) -> None:
        """A connection is up. Who is answering goes on."""
        self.welcome = welcome
        self.changed()

    def on_link(self, status: LinkStatus) -> None:
        """The link changed. Nothing here needs it: a rating waits for it by itself."""
        self.link = status
        self.changed()

    def on_notice(self, notice: Notice) -> None:
        """Somebody has been served."""
        if not isinstance(notice, RatingInvitation) or notice.ticket in self._asked_about:
            return
        self._asked_about.append(notice.ticket)
        if self.page in (PadPage.FACES, PadPage.REASONS):
            # The newest one: whoever was served before that has gone.
            self._next = (notice, self._now_s())
        else:
            self._invite(notice)
        self.changed()

    def tick(self) -> None:
        """Time passed."""
        self._tell_again()
        left_s = self.time_left_s()
        if left_s is not None and left_s <= 0:
            if self.page is PadPage.REASONS:
                self._rate()  # the tap on the face was the answer
            else:
                self._close()
        self.changed()

    # What the visitor does.

    def touch(self) -> None:
        """Somebody is here."""
        if self.page in (PadPage.FACES, PadPage.REASONS):
            self._touched_s = self._now_s()
            self.changed()

    def rate(self, score: int) -> None:
        """FACES: one tap, 1 (not good) to 4 (very good)."""
        if not self._may(PadPage.FACES) or score not in SCORES:
            return
        self.score = score
        if score <= ASKS_WHY and self.reasons_offered:
            self._turn()
        else:
            self._rate()
        self.changed()

    def skip(self) -> None:
        """FACES: no rating. REASONS: the rating without a reason."""
        if self._may(PadPage.FACES):
            self._close()
        elif self._may(PadPage.REASONS):
            self.reasons = []
            self._rate()
        self.changed()

    def toggle_reason(self, reason: str) -> None:
        """REASONS: it was this, or not after all."""
        known = any(each.code == reason for each in self.reasons_offered)
        if known and self._may(PadPage.REASONS):
            held = reason in self.reasons
            self.reasons = [each for each in self.reasons if each != reason]
            self.reasons += [] if held else [reason]
            self._touched_s = self._now_s()
            self.changed()

    def send(self) -> None:
        """REASONS: that is all."""
        if self._may(PadPage.REASONS):
            self._rate()
            self.changed()

    def back(self) -> None:
        """REASONS: it was another face."""
        if self._may(PadPage.REASONS):
            self.score, self.reasons = None, []
            self._turn()
            self.changed()

    def finish(self) -> None:
        """THANKS: the visitor goes."""
        if self._may(PadPage.THANKS):
            self._close()
            self.changed()

    # What the window shows.

    @property
    def page(self) -> PadPage:
        """What fills the screen now."""
        if self.invitation is None:
            return PadPage.IDLE
        if self.thanked:
            return PadPage.THANKS
        return PadPage.FACES if self.score is None else PadPage.REASONS

    @property
    def language(self) -> str:
        """The language of the visitor who is asked, else the pad's own."""
        spoken = self.invitation.language if self.invitation is not None else ""
        return spoken if spoken in self._languages else self._home

    @property
    def reasons_offered(self) -> list[Choice]:
        """What it may have been, in the branch's words."""
        return self.welcome.choices.rating_reason if self.welcome is not None else []

    @property
    def review_link(self) -> str:
        """THANKS: where a review may be written; empty: nowhere. The same for every score."""
        return self.invitation.review_link if self.invitation is not None else ""

    def time_left_s(self) -> float | None:
        """Seconds until the page goes away by itself; None on the idle page."""
        patience = self.patience
        stays_s = {
            PadPage.IDLE: None,
            PadPage.FACES: patience.answer_s,
            PadPage.REASONS: patience.answer_s,
            PadPage.THANKS: patience.review_s if self.review_link else patience.thanks_s,
        }[self.page]
        return None if stays_s is None else self._touched_s + stays_s - self._now_s()

    # Inside.

    def _invite(self, invitation: RatingInvitation) -> None:
        self.invitation = invitation
        self.score, self.reasons, self.thanked = None, [], False
        self._turn()

    def _rate(self) -> None:
        """Tell the rating, once; the ticket and the score are those that were on the screen."""
        if self.invitation is None or self.score is None:
            return
        command = RateService(
            id=self._new_id(),
            ticket=self.invitation.ticket,
            score=self.score,
            reasons=self.reasons,
        )
        self._tell(Told(command, self._now_s() + self.patience.keep_s))
        self.thanked = True
        self._turn()

    def _close(self) -> None:
        """Nobody is asked any more; or the one who was served meanwhile."""
        waiting, self._next = self._next, None
        self.invitation = None
        self.score, self.reasons, self.thanked = None, [], False
        self._turn()
        if waiting is not None and self._now_s() < waiting[1] + self.patience.due_s:
            self._invite(waiting[0])

    def _turn(self) -> None:
        self._touched_s = self._place_since_s = self._now_s()

    def _may(self, page: PadPage) -> bool:
        """Whether a touch is meant for this page: it is shown, and has been for a moment."""
        since_s = self._place_since_s + self.patience.guard_s
        return self.page is page and self._now_s() >= since_s

    def _tell(self, told: Told) -> None:
        told.retry_at_s = None
        self._told.append(told)
        self._ask(told.command, lambda answer: self._answered(told, answer))

    def _answered(self, told: Told, answer: Accepted | Rejected) -> None:
        self._told.remove(told)
        if isinstance(answer, Accepted):
            return
        passes = answer.reason in ("try-again", "rate-limited")
        if not passes or self._now_s() >= told.until_s:
            log.warning("a rating was not taken: %s", answer.reason)
            if told.command.ticket in self._asked_about:
                # A finish that was taken back: after the next one the visitor is asked again.
                self._asked_about.remove(told.command.ticket)
            return
        pause_s = self.patience.again_s
        if answer.retry_after_s is not UNSET:
            pause_s = max(pause_s, answer.retry_after_s)
        told.retry_at_s = self._now_s() + pause_s
        self._told.append(told)

    def _tell_again(self) -> None:
        now_s = self._now_s()
        due = [each for each in self._told if each.retry_at_s is not None]
        for told in due:
            if told.retry_at_s is not None and now_s >= told.retry_at_s:
                self._told.remove(told)
                self._tell(told)
