"""What the TV shows: the call on the card, the history, who waits, and how fresh all this is.

Plain Python: no Qt, and time is given. What is shown comes from the server alone; what is spoken,
and what is reported of it, is the announcer's business.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from display.announcer import MAX_REMEMBERED, Announcer
from display.card_turns import LEAST_S, CallRow, Card, CardTurns
from display.voice_proof import ProofOutcome, VoiceProof
from display.voice_rules import rules_of
from protocol.messages import (
    Accepted,
    Announcement,
    AnnouncementOutcome,
    AnnouncementWithdrawn,
    BoardSnapshot,
    ConfirmAnnouncement,
    MissedNumber,
    Names,
    Notice,
    Rejected,
    ServiceInfo,
    WaitingCount,
    Welcome,
)
from protocol.session import Ask, LinkState, LinkStatus
from voice.ear import Ear
from voice.port import Voice, VoiceStatus

log = logging.getLogger(__name__)

STALE_AFTER_S = 5.0
"""From so long after the loss on the board says how old it is (fault F18)."""

UNATTENDED_AFTER_S = 60.0
"""From so long after the loss on the board sends people to the officer (fault F18)."""

STALE_CALL_S = 20.0
"""A call that was made so long ago, while this display was away, is shown and not spoken (F18)."""


class Freshness(StrEnum):
    """How far the board can be trusted."""

    FRESH = "fresh"
    LOST = "lost"
    STALE = "stale"
    UNATTENDED = "unattended"


@dataclass(frozen=True)
class _View:
    """What a change of is worth a repaint; compared at every tick."""

    page: str
    card: Card | None
    rows: tuple[CallRow, ...]
    missed: tuple[MissedNumber, ...]
    freshness: Freshness
    voice: VoiceStatus
    minute: datetime


class BoardModel:
    """One display's board. Feed it the link's words and `tick` it at least every 100 ms."""

    def __init__(
        self,
        ask: Ask,
        *,
        new_id: Callable[[], UUID],
        now: Callable[[], datetime],
        elapsed_s: Callable[[], float],
        voice: Voice | None,
        voiced_counters: Set[int] | None = None,
        card_least_s: float = LEAST_S,
        clock_speed: float = 1.0,
        ear: Ear | None = None,
        proofs: Path | None = None,
    ) -> None:
        """``now`` is the server's wall clock, ``elapsed_s`` a monotonic one.

        ``voice`` None shows every call and speaks none; ``voiced_counters`` None speaks all.
        ``proofs``: folder for the voice's self-tests, of which ``ear`` hears the loudspeaker; None
        tests nothing.
        """
        self.changed: Callable[[], None] = lambda: None
        self.welcome: Welcome | None = None
        self.board: BoardSnapshot | None = None
        self.link = LinkStatus(LinkState.CONNECTING, elapsed_s())
        self.data_at: datetime | None = None
        """When the board was last known to be right, while the link is lost."""
        self._ask = ask
        self._new_id = new_id
        self._now = now
        self._elapsed_s = elapsed_s
        self._stale_call_s = STALE_CALL_S * max(1.0, clock_speed)
        self._zone: tzinfo = UTC
        self._lost_since_s: float | None = None
        # Every announcement heard, with what became of it; None while that is open.
        self._outcomes: OrderedDict[str, AnnouncementOutcome | None] = OrderedDict()
        self._unanswered: set[str] = set()
        self._turns = CardTurns(elapsed_s=elapsed_s, least_s=card_least_s)
        self._announcer = Announcer(
            voice, self._report, now=now, elapsed_s=elapsed_s, voiced_counters=voiced_counters
        )
        self.proof: VoiceProof | None = None
        """The voice's self-test, if there is one."""
        if voice is not None and proofs is not None:
            self.proof = VoiceProof(self._announcer, ear, proofs, now=now, elapsed_s=elapsed_s)
        self._view: _View | None = None

    # What the link says.

    def on_welcome(self, welcome: Welcome) -> None:
        """The server knows this display; its snapshot follows."""
        self.welcome = welcome
        self._announcer.rules = rules_of(welcome)
        self._zone = self._announcer.rules.zone
        self._look(forced=True)

    def on_notice(self, notice: Notice) -> None:
        """A snapshot of the board, a call or its withdrawal; other words are not for a display."""
        match notice:
            case BoardSnapshot():
                self.board = notice
                self.data_at = self._lost_since_s = None
                self._turns.on_board(notice)
                self._announcer.on_board(notice)
                self._look(forced=True)
            case Announcement():
                self._hear(notice)
                self._look()
            case AnnouncementWithdrawn():
                self._turns.on_withdrawn(notice.announcement, notice.number)
                self._announcer.on_withdrawn(notice.announcement)
                self._look()

    def on_link(self, status: LinkStatus) -> None:
        """The link changed; the board stays as it is until the next snapshot."""
        self.link = status
        is_away = status.state in (LinkState.LOST, LinkState.REFUSED)
        if is_away and self._lost_since_s is None and self.board is not None:
            self._lost_since_s = self._elapsed_s()
            self.data_at = self._now()
        self._look(forced=True)

    def tick(self) -> None:
        """Let time pass."""
        self._announcer.poll()
        if self.proof is not None and self.welcome is not None:
            self.proof.tick()
        self._look()

    def close(self) -> None:
        """Be silent; what was not spoken stays due at the server."""
        if self.proof is not None:
            self.proof.close()
        self._announcer.close()

    # What the window shows.

    @property
    def page(self) -> str:
        """``waiting`` until the first snapshot, ``refused`` if there will be none, ``board``."""
        if self.board is not None:
            return "board"
        return "refused" if self.link.state is LinkState.REFUSED else "waiting"

    @property
    def card(self) -> Card | None:
        """The call on the card."""
        return self._turns.choose(self._announcer.speaking)

    @property
    def history(self) -> tuple[CallRow, ...]:
        """Every other call, newest first, as many as the server tells."""
        card = self.card
        on_card = None if card is None else card.number
        return tuple(row for row in self._turns.rows() if row.number != on_card)

    @property
    def waiting(self) -> tuple[WaitingCount, ...]:
        """How many wait for each service, in the branch's order."""
        return () if self.board is None else tuple(self.board.waiting)

    @property
    def missed(self) -> tuple[MissedNumber, ...]:
        """Numbers for which nobody came and that may still come back."""
        if self.board is None:
            return ()
        now = self._now()
        return tuple(missed for missed in self.board.missed if missed.valid_until > now)

    @property
    def text(self) -> Names:
        """The branch's own line."""
        return {} if self.board is None else self.board.text

    @property
    def disturbance(self) -> Names:
        """What to do instead of a system outside that does not work; empty while all do."""
        told = None if self.board is None else self.board.disturbance
        return {} if told is None else told.text

    @property
    def services(self) -> tuple[ServiceInfo, ...]:
        """The catalogue, for the names of services."""
        return () if self.welcome is None else tuple(self.welcome.services)

    @property
    def zone(self) -> tuple[ServiceInfo, ...]:
        """The services that this display is for; empty if it is for all."""
        wanted = () if self.board is None else self.board.zone
        found = tuple(service for service in self.services if service.code in wanted)
        return () if len(found) == len(self.services) else found

    @property
    def freshness(self) -> Freshness:
        """How far the board can be trusted now."""
        if self._lost_since_s is None:
            return Freshness.FRESH
        lost_s = self._elapsed_s() - self._lost_since_s
        if lost_s >= UNATTENDED_AFTER_S:
            return Freshness.UNATTENDED
        return Freshness.STALE if lost_s >= STALE_AFTER_S else Freshness.LOST

    @property
    def voice(self) -> VoiceStatus:
        """How the voice is."""
        return self._announcer.status

    @property
    def proven(self) -> ProofOutcome | None:
        """What the voice's self-test of today says; None if there was none."""
        return None if self.proof is None else self.proof.outcome

    @property
    def speaking(self) -> str | None:
        """The announcement that has the voice."""
        return self._announcer.speaking

    def branch_time(self, at: datetime | None = None) -> datetime:
        """An instant, or now, on the branch's wall clock."""
        return (at or self._now()).astimezone(self._zone)

    # Private.

    def _hear(self, announcement: Announcement) -> None:
        key = announcement.announcement
        if key in self._outcomes:
            # Sent again after a reconnect: if our word of it got lost, it is said again.
            outcome = self._outcomes[key]
            if outcome is not None and key not in self._unanswered:
                self._confirm(key, outcome)
            return
        self._outcomes[key] = None
        while len(self._outcomes) > MAX_REMEMBERED:
            self._outcomes.popitem(last=False)
        self._turns.on_announcement(announcement)
        if self._is_stale(announcement):
            self._report(key, "shown")
        else:
            self._announcer.on_announcement(announcement)

    def _is_stale(self, announcement: Announcement) -> bool:
        """Whether the call was made long ago: the board, which came first, knows when."""
        for call in () if self.board is None else self.board.calls:
            if (call.number, call.call_count) == (announcement.number, announcement.call_count):
                return (self._now() - call.called_at).total_seconds() > self._stale_call_s
        return False

    def _report(self, announcement_id: str, outcome: AnnouncementOutcome) -> None:
        self._turns.on_reported(announcement_id)
        self._outcomes[announcement_id] = outcome
        self._confirm(announcement_id, outcome)

    def _confirm(self, announcement_id: str, outcome: AnnouncementOutcome) -> None:
        """Tell the server; the session keeps this until it is answered."""
        self._unanswered.add(announcement_id)

        def on_answer(answer: Accepted | Rejected) -> None:
            self._unanswered.discard(announcement_id)
            if isinstance(answer, Rejected):
                log.warning("the server did not take %r of a call: %s", outcome, answer.reason)

        self._ask(
            ConfirmAnnouncement(id=self._new_id(), announcement=announcement_id, outcome=outcome),
            on_answer,
        )

    def _look(self, *, forced: bool = False) -> None:
        """Tell the window if there is something new to see."""
        view = _View(
            page=self.page,
            card=self.card,
            rows=self.history,
            missed=self.missed,
            freshness=self.freshness,
            voice=self.voice,
            minute=self._now().replace(second=0, microsecond=0),
        )
        if forced or view != self._view:
            self._view = view
            self.changed()
