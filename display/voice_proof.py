"""The voice proves itself each morning: a sentence is played, recorded back, measured and kept.

Plain Python: no Qt, and time is given. What a player says of itself is no proof: the sound device's
own monitor is listened to. Where there is none, the result is ``unknown``, never ``ok``.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol

from display.voice_rules import SpeakingRules
from voice.ear import Ear, Hearing
from voice.languages import LANGUAGES
from voice.phrases import trial_phrase
from voice.port import OnFinished, Utterance, VoiceResult
from voice.self_test import Measures, measure
from voice.sound import Sound, write_wav

KEPT_PROOFS = 30
AGAIN_AFTER_S = 600.0
"""A voice that failed is tested again, so that it is known when it is well."""

LATEST = timedelta(hours=4)
"""A display that is switched on so long after the hour still makes up for its test."""

_EAR_DEADLINE_S = 2.0
_TAIL_S = 0.4  # what is still on its way through the sound server when the player ends

ProofOutcome = Literal["ok", "failed", "unknown"]
log = logging.getLogger(__name__)


class Speaking(Protocol):
    """What speaks for the test: the announcer, which lets a call go first."""

    rules: SpeakingRules

    def try_out(self, utterance: Utterance, on_finished: OnFinished) -> bool:
        """Speak, if nothing is due."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The result of one test, as it stands beside its recording."""

    at: str
    outcome: ProofOutcome
    text: str
    volume_percent: int
    player: str
    detail: str
    measures: Measures | None = None


@dataclass(slots=True)
class _Test:
    utterance: Utterance
    hearing: Hearing | None
    began_s: float
    spoken_s: float | None = None
    result: VoiceResult | None = None


class VoiceProof:
    """Tests the voice when it is due; `tick` it often. ``folder`` keeps the last 30 proofs."""

    def __init__(
        self,
        speaking: Speaking,
        ear: Ear | None,
        folder: Path,
        *,
        now: Callable[[], datetime],
        elapsed_s: Callable[[], float],
    ) -> None:
        self._speaking = speaking
        self._ear = ear
        self._folder = folder
        self._now = now
        self._elapsed_s = elapsed_s
        self._test: _Test | None = None
        self._wanted = False
        self._not_before_s = 0.0
        self.last: Proof | None = self._newest()
        """The newest proof, also of an earlier run of this display."""

    @property
    def outcome(self) -> ProofOutcome | None:
        """What today's newest proof says; None if there was none today."""
        if self.last is None or self._day_of(self.last) != self._local().date():
            return None
        return self.last.outcome

    @property
    def running(self) -> bool:
        """Whether a test is under way."""
        return self._test is not None

    @property
    def waits(self) -> bool:
        """Whether a test was asked for and has not ended."""
        return self._wanted or self.running

    def want(self) -> None:
        """Test as soon as nothing is due, whatever the hour."""
        self._wanted, self._not_before_s = True, 0.0

    def tick(self) -> None:
        """Begin a test that is due, and go on with one that is under way."""
        if self._test is not None:
            self._go_on(self._test)
        elif self._elapsed_s() >= self._not_before_s and (self._wanted or self._is_due()):
            self._begin()

    def close(self) -> None:
        """Listen no longer."""
        if self._test is not None and self._test.hearing is not None:
            self._test.hearing.close()
        self._test = None

    def _is_due(self) -> bool:
        at = self._speaking.rules.self_test_at
        if at is None or not self._speaking.rules.volume_percent(self._now()):
            return False
        local = self._local()
        begins_at = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
        if not begins_at <= local < begins_at + LATEST:
            return self.outcome == "failed" and local >= begins_at
        return self.outcome is None or self.outcome == "failed"

    def _begin(self) -> None:
        rules = self._speaking.rules
        volume = rules.volume_percent(self._now()) or 100
        utterance = Utterance((trial_phrase(_spoken(rules.languages)),), volume_percent=volume)
        hearing = self._ear.listen(keep=True) if self._ear is not None else None
        self._test = _Test(utterance, hearing, self._elapsed_s())

    def _go_on(self, test: _Test) -> None:
        now_s = self._elapsed_s()
        if test.spoken_s is None:
            deaf = test.hearing is None or test.hearing.ended
            listening = test.hearing is not None and test.hearing.taken_s > 0
            if not (deaf or listening) and now_s < test.began_s + _EAR_DEADLINE_S:
                return
            if self._speaking.try_out(test.utterance, lambda result: self._on_spoken(test, result)):
                test.spoken_s = now_s
            else:
                self._drop(test)  # a call is due: its own turn comes later
        elif test.result is not None and now_s >= test.spoken_s + _TAIL_S:
            self._finish(test, test.result)

    def _on_spoken(self, test: _Test, result: VoiceResult) -> None:
        test.result = result
        test.spoken_s = self._elapsed_s()

    def _drop(self, test: _Test) -> None:
        if test.hearing is not None:
            test.hearing.close()
        self._test = None
        self._not_before_s = self._elapsed_s() + 5

    def _finish(self, test: _Test, result: VoiceResult) -> None:
        self._drop(test)
        if result.outcome == "stopped":
            return
        self._wanted = False
        self._not_before_s = self._elapsed_s() + AGAIN_AFTER_S
        measures = self._measured(test, result)
        if result.outcome == "failed" or (measures is not None and measures.faults):
            outcome: ProofOutcome = "failed"
        else:
            outcome = "unknown" if measures is None else "ok"
        self.last = Proof(
            at=self._local().isoformat(timespec="seconds"),
            outcome=outcome,
            text=test.utterance.phrases[0].text,
            volume_percent=test.utterance.volume_percent,
            player=result.outcome,
            detail=result.detail,
            measures=measures,
        )
        log.log(
            logging.INFO if outcome == "ok" else logging.WARNING,
            "self-test of the voice: %s",
            self.last,
        )
        self._keep(self.last, test)

    def _measured(self, test: _Test, result: VoiceResult) -> Measures | None:
        """What was heard; None if the ear was not there for most of it."""
        expected_s = test.utterance.estimated_s
        if test.hearing is None or test.hearing.taken_s < 0.8 * expected_s:
            return None
        assert self._ear is not None
        return measure(
            test.hearing.samples(),
            self._ear.rate,
            expected_s=expected_s,
            volume_percent=test.utterance.volume_percent,
        )

    def _keep(self, proof: Proof, test: _Test) -> None:
        name = proof.at.replace(":", "-")[:19]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if test.hearing is not None and self._ear is not None:
                sound = Sound(self._ear.rate, test.hearing.samples())
                write_wav(self._folder / f"{name}.wav", sound)
            part = self._folder / f"{name}.part"
            part.write_text(json.dumps(asdict(proof), indent=1, allow_nan=False) + "\n", "utf-8")
            part.replace(self._folder / f"{name}.json")
            for path in sorted(self._folder.glob("*.json"))[:-KEPT_PROOFS]:
                path.unlink()
                path.with_suffix(".wav").unlink(missing_ok=True)
        except OSError as error:
            log.warning("the proof of the voice cannot be kept in %s: %s", self._folder, error)

    def _newest(self) -> Proof | None:
        try:
            files = sorted(self._folder.glob("*.json"))
            if not files:
                return None
            told = json.loads(files[-1].read_text("utf-8"))
            measures = told.pop("measures", None)
            if measures is not None:
                measures = Measures(**{**measures, "faults": tuple(measures["faults"])})
            return Proof(**told, measures=measures)
        except (OSError, ValueError, TypeError, KeyError) as error:
            log.warning("the last proof of the voice cannot be read: %s", error)
            return None

    def _local(self) -> datetime:
        return self._now().astimezone(self._speaking.rules.zone)

    def _day_of(self, proof: Proof) -> date | None:
        try:
            return datetime.fromisoformat(proof.at).astimezone(self._speaking.rules.zone).date()
        except ValueError:
            return None


def _spoken(languages: tuple[str, ...]) -> str:
    return next((code for code in languages if code in LANGUAGES), "id")
