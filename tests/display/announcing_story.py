"""A display's voice told as a story: a hand-turned clock, a voice of our own, and its reports."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from display.announcer import Announcer
from protocol.messages import Announcement, BoardCall, BoardSnapshot
from voice.port import OnFinished, Utterance, VoiceHealth, VoiceResult, VoiceStatus

OPENING = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
STEP_S = 0.05


class Clock:
    """Time that passes only when the story says so."""

    def __init__(self) -> None:
        self.elapsed_s = 0.0

    def now(self) -> datetime:
        return OPENING + timedelta(seconds=self.elapsed_s)


@dataclass
class Naming:
    """One utterance as the hall would have heard it."""

    text: str
    chime: bool
    began_at_s: float
    ended_at_s: float | None = None
    volume_percent: int = 100


class HandVoice:
    """A voice that takes as long as its words, and breaks when the story wants it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._under_way: tuple[Naming, OnFinished, float, VoiceResult] | None = None
        self._stopped = False
        self.namings: list[Naming] = []
        self.health = VoiceHealth.OK
        self.breaks: list[VoiceResult] = []
        """What becomes of the next utterances, instead of being played."""
        self.prepares_s = 0.0
        self.closed = False

    def speak(self, utterance: Utterance, on_finished: OnFinished) -> None:
        assert self._under_way is None, "two announcements at once"
        text = " / ".join(phrase.text for phrase in utterance.phrases)
        naming = Naming(
            text,
            utterance.chime,
            self._clock.elapsed_s,
            volume_percent=utterance.volume_percent,
        )
        result = self.breaks.pop(0) if self.breaks else VoiceResult("played", heard=True)
        if result.heard:
            self.namings.append(naming)
        lasts_s = utterance.estimated_s if result.outcome == "played" else 0.2
        ends_at_s = naming.began_at_s + self.prepares_s + lasts_s
        self._under_way = (naming, on_finished, ends_at_s, result)
        self._stopped = False

    def stop(self) -> None:
        assert self._under_way is not None
        self._stopped = True

    def poll(self) -> None:
        if self._under_way is None:
            return
        naming, on_finished, ends_at_s, result = self._under_way
        if self._stopped:
            result = VoiceResult("stopped", heard=self.sounding)
        elif self._clock.elapsed_s < ends_at_s:
            return
        naming.ended_at_s = self._clock.elapsed_s
        self._under_way = None
        on_finished(result)

    @property
    def sounding(self) -> bool:
        return (
            self._under_way is not None
            and self._clock.elapsed_s >= self._under_way[0].began_at_s + self.prepares_s
        )

    @property
    def status(self) -> VoiceStatus:
        return VoiceStatus(self.health)

    def close(self) -> None:
        self.closed = True


class Hall:
    """A hall with one display: calls are made, tickets move on, and time passes."""

    def __init__(self, *, voice: bool = True, **facts: Any) -> None:
        self.clock = Clock()
        self.voice = HandVoice(self.clock)
        self.reports: list[tuple[str, str]] = []
        self.changes = 0
        self.calls: dict[str, BoardCall] = {}
        self.announcer = Announcer(
            self.voice if voice else None,
            lambda announcement, outcome: self.reports.append((announcement, outcome)),
            now=self.clock.now,
            elapsed_s=lambda: self.clock.elapsed_s,
            changed=self._changed,
            **facts,
        )

    def call(
        self,
        number: str,
        counter: int = 1,
        *,
        call_count: int = 1,
        announcement: str = "",
        lives_s: float = 600,
        languages: tuple[str, ...] = ("id",),
        board: bool = True,
        service: str = "",
    ) -> Announcement:
        """Call a number: the board shows it, and the display hears the announcement."""
        called = Announcement(
            announcement=announcement or f"{number}-{call_count}",
            number=number,
            counter=counter,
            call_count=call_count,
            languages=list(languages),
            expires_at=self.clock.now() + timedelta(seconds=lives_s),
            service=service,
        )
        self.calls[number] = BoardCall(
            number=number,
            counter=counter,
            state="called",
            called_at=self.clock.now(),
            call_count=call_count,
        )
        self.announcer.on_announcement(called)
        if board:
            self.show_board()
        return called

    def move(self, number: str, state: str) -> None:
        """Move a ticket on; "waiting" takes it off the board, as an undone call."""
        was = self.calls.pop(number)
        if state != "waiting":
            self.calls[number] = BoardCall(
                number=number,
                counter=was.counter,
                state=state,
                called_at=was.called_at,
                call_count=was.call_count,
            )
        self.show_board()

    def show_board(self) -> None:
        self.announcer.on_board(self.board())

    def board(self) -> BoardSnapshot:
        calls = list(reversed(self.calls.values()))
        return BoardSnapshot(
            revision=1, calls=calls, total=len(calls), waiting=[], missed=[], text={}
        )

    def wait(self, seconds: float) -> None:
        """Let time pass, with a poll every 50 ms."""
        end_s = self.clock.elapsed_s + seconds
        while self.clock.elapsed_s < end_s:
            self.clock.elapsed_s += STEP_S
            self.announcer.poll()

    def wait_for_silence(self, at_most_s: float = 3600) -> None:
        """Let time pass until nothing is spoken or waits."""
        end_s = self.clock.elapsed_s + at_most_s
        while self.announcer.speaking is not None or self.announcer.waiting:
            assert self.clock.elapsed_s < end_s, "the hall never falls silent"
            self.wait(STEP_S)

    def texts(self) -> list[str]:
        return [naming.text for naming in self.voice.namings]

    def _changed(self) -> None:
        self.changes += 1
