"""One announcement at a time: which call is spoken now, how often, and what is reported of it.

Plain Python: no Qt, no thread, and time is given. Announcements are spoken in the order in which
they came, never two at once, and never begun after their ticket left ``called`` (law I10). Each is
reported exactly once: ``spoken`` when the hall heard it, ``shown`` when it was not to be voiced
(quiet, expired, called back, another counter's), ``failed`` when voice or device broke.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import datetime

from display.standing_calls import Standing, StandingCalls
from display.voice_rules import SpeakingRules
from protocol.messages import Announcement, AnnouncementOutcome, BoardSnapshot
from voice.phrases import PAUSE_S, call_phrases
from voice.port import OnFinished, Utterance, Voice, VoiceHealth, VoiceResult, VoiceStatus

ONCE_FROM_BACKLOG = 2
"""With so many calls waiting, each is named once only (ux.md 1.3, F37)."""

SHORT_FROM_BACKLOG = 5
"""With so many calls waiting, only number and counter are said."""

BEFORE_REPETITION_S = 0.5
MAX_WAITING = 256
MAX_REMEMBERED = 1024

Report = Callable[[str, AnnouncementOutcome], None]


@dataclass(slots=True)
class _Call:
    """An announcement on its way through the voice."""

    announcement: Announcement
    came_at_s: float
    attempts: int = 0
    spoken: bool = False
    short: bool = False
    speaking: bool = False
    stopping: bool = False
    repeat_at_s: float | None = None


class Announcer:
    """Speaks the calls of a board. Feed it notices, and `poll` it at least every 100 ms.

    ``report`` hears each announcement's outcome, for `ConfirmAnnouncement`. ``now`` is the
    server's wall clock, ``elapsed_s`` a monotonic one. ``changed`` is called when `status` or
    `speaking` has news. Without a voice every call is shown only.
    """

    def __init__(
        self,
        voice: Voice | None,
        report: Report,
        *,
        now: Callable[[], datetime],
        elapsed_s: Callable[[], float],
        rules: SpeakingRules | None = None,
        voiced_counters: Set[int] | None = None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._voice = voice
        self._report = report
        self._now = now
        self._elapsed_s = elapsed_s
        self._changed = changed
        self._waiting: deque[_Call] = deque()
        self._current: _Call | None = None
        self._known: OrderedDict[str, None] = OrderedDict()
        self._withdrawn: OrderedDict[str, None] = OrderedDict()
        self._trial: OnFinished | None = None
        self._board = StandingCalls()
        self._last_news: tuple[VoiceStatus, str | None] = (self.status, None)
        self.voiced_counters = voiced_counters
        """Only the calls of these counters are voiced; None means all. May change at any time."""
        self.rules = rules or SpeakingRules()
        """How calls are spoken, and how loud at which hour. May change at any time."""
        self.quiet = False
        """While true, calls are shown only: somebody speaks in the hall."""

    # What the board hears.

    def on_announcement(self, announcement: Announcement) -> None:
        """Take in a call. The same announcement again, after a reconnect, changes nothing.

        A ticket that is called again before its first call was begun is announced once, by its
        newer call and at the place of the first.
        """
        if announcement.announcement in self._known:
            return
        self._remember(announcement.announcement)
        if not self._is_voiced(announcement):
            self._report(announcement.announcement, "shown")
            return
        self._queue(_Call(announcement, self._elapsed_s()))
        if len(self._waiting) > MAX_WAITING:
            self._report(self._waiting.popleft().announcement.announcement, "shown")
        self.poll()

    def on_withdrawn(self, announcement_id: str) -> None:
        """The call was taken back: it is not begun any more, and cut off where it is spoken."""
        self._withdrawn[announcement_id] = None
        while len(self._withdrawn) > MAX_REMEMBERED:
            self._withdrawn.popitem(last=False)
        self.poll()

    def on_board(self, board: BoardSnapshot) -> None:
        """Take in which calls still stand."""
        self._board.take(board, self._elapsed_s())
        self.poll()

    def poll(self) -> None:
        """Go on: take the voice's results, drop what is no longer due, speak what is next."""
        if self._voice is not None:
            self._voice.poll()
        self._drop_waiting()
        self._look_after_current()
        while self._current is None and self._trial is None and self._waiting:
            self._begin(self._waiting.popleft())
        self._tell_news()

    def try_out(self, utterance: Utterance, on_finished: OnFinished) -> bool:
        """Speak something that is no call, if nothing is due; False if it is not the time for it.

        A call that comes meanwhile silences it.
        """
        if self._voice is None or self._current or self._waiting or self._trial:
            return False
        self._trial = on_finished
        self._voice.speak(utterance, self._on_tried_out)
        return True

    # What the board shows.

    @property
    def status(self) -> VoiceStatus:
        """How the voice is: for the icon "suara mati" and its reason."""
        if self._voice is None:
            return VoiceStatus(VoiceHealth.OFF)
        return self._voice.status

    @property
    def speaking(self) -> str | None:
        """The id of the announcement that has the voice now."""
        return self._current.announcement.announcement if self._current else None

    @property
    def waiting(self) -> int:
        """How many announcements wait for the voice."""
        return len(self._waiting)

    def close(self) -> None:
        """Be silent. What was not spoken stays unreported: the server still holds it due."""
        self._waiting.clear()
        self._current = self._trial = None
        if self._voice is not None:
            self._voice.close()

    # Private.

    def _is_voiced(self, announcement: Announcement) -> bool:
        if self._voice is None or self.quiet or not self._volume_percent():
            return False
        return self.voiced_counters is None or announcement.counter in self.voiced_counters

    def _volume_percent(self) -> int:
        return self.rules.volume_percent(self._now())

    def _queue(self, call: _Call) -> None:
        for place, older in enumerate(self._waiting):
            if older.announcement.number == call.announcement.number:
                self._waiting[place] = call
                self._report(older.announcement.announcement, "shown")
                return
        self._waiting.append(call)

    def _is_called_again(self, call: _Call) -> bool:
        number = call.announcement.number
        return any(newer.announcement.number == number for newer in self._waiting)

    def _remember(self, announcement_id: str) -> None:
        self._known[announcement_id] = None
        while len(self._known) > MAX_REMEMBERED:
            self._known.popitem(last=False)

    def _drop_waiting(self) -> None:
        if all(self._may_speak(call) for call in self._waiting):
            return
        calls, self._waiting = self._waiting, deque()
        for call in calls:
            if self._may_speak(call):
                self._waiting.append(call)
            else:
                self._report(call.announcement.announcement, "shown")

    def _may_speak(self, call: _Call) -> bool:
        return (
            call.announcement.expires_at > self._now()
            and self._standing(call) == "due"
            and self._is_voiced(call.announcement)
        )

    def _standing(self, call: _Call) -> Standing:
        """Whether the ticket is still called, its visitor has arrived, or the call is void."""
        if call.announcement.announcement in self._withdrawn:
            return "gone"
        return self._board.standing_of(call.announcement, call.came_at_s, self._elapsed_s())

    def _look_after_current(self) -> None:
        call = self._current
        if self._voice is None:
            return
        if self._trial is not None and self._waiting:
            self._voice.stop()  # a call does not wait for a test
        if call is None:
            return
        if call.speaking:
            # Whoever has arrived is not cut off in mid-sentence; a call that is void is.
            standing = self._standing(call)
            void = standing == "gone" or (standing == "arrived" and not self._voice.sounding)
            if void and not call.stopping:
                call.stopping = True
                self._voice.stop()
        elif call.repeat_at_s is not None:
            crowded = len(self._waiting) >= ONCE_FROM_BACKLOG
            if not self._may_speak(call) or crowded or self._is_called_again(call):
                self._finish(call)
            elif self._elapsed_s() >= call.repeat_at_s:
                self._speak(call, chime=False)

    def _begin(self, call: _Call) -> None:
        self._current = call
        call.short = len(self._waiting) >= SHORT_FROM_BACKLOG
        self._speak(call, chime=True)

    def _speak(self, call: _Call, *, chime: bool) -> None:
        assert self._voice is not None  # without a voice nothing is ever queued
        asked = call.announcement
        phrases = call_phrases(
            asked.number,
            asked.counter,
            asked.languages,
            call_count=asked.call_count,
            short=call.short,
            reading=self.rules.reading,
            service=self.rules.services.get(asked.service),
        )
        call.speaking = True
        call.attempts += 1
        gap_s = 0.0 if call.short else PAUSE_S
        utterance = Utterance(phrases, chime, gap_s, self._volume_percent())
        self._voice.speak(utterance, lambda result: self._on_finished(call, result))

    def _on_tried_out(self, result: VoiceResult) -> None:
        on_finished, self._trial = self._trial, None
        if on_finished is not None:
            on_finished(result)

    def _on_finished(self, call: _Call, result: VoiceResult) -> None:
        assert call is self._current, "only the call that has the voice can end"
        call.speaking = False
        if result.outcome == "played":
            again = not call.spoken and not call.short and not call.stopping
            call.spoken = True
            if again:
                call.repeat_at_s = self._elapsed_s() + BEFORE_REPETITION_S
                return  # whether it is really said again is judged then
        elif self._deserves_another_try(call, result):
            self._speak(call, chime=True)
            return
        self._finish(call, result)

    def _deserves_another_try(self, call: _Call, result: VoiceResult) -> bool:
        """An engine that broke before a sound came is new by now; a missing device is not."""
        return (
            result.outcome == "failed"
            and not result.heard
            and result.health is VoiceHealth.BROKEN
            and call.attempts < 2
            and not call.spoken
            and self._may_speak(call)
        )

    def _finish(self, call: _Call, result: VoiceResult | None = None) -> None:
        self._current = None
        failed = result is not None and result.outcome == "failed"
        outcome: AnnouncementOutcome = "failed" if failed else "shown"
        self._report(call.announcement.announcement, "spoken" if call.spoken else outcome)

    def _tell_news(self) -> None:
        news = (self.status, self.speaking)
        if news != self._last_news:
            self._last_news = news
            self._changed()
