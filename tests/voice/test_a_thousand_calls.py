"""A thousand calls with an engine and a player that hang, die or lie at random (F34, G21, I10).

None is lost, none is doubled, each is confirmed once, what is confirmed as spoken was in the room,
and while a call is due the room is never silent for more than 3 s. First on a hand-turned clock
with displays that die in mid-call and a server that tells what is due again; then for real, with
the shipped voice process, a scripted engine, a scripted `paplay`, and a recording of the room.
"""

import itertools
import os
import random
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from display.announcer import Announcer
from protocol.messages import Announcement
from tests.display.announcing_story import Clock
from tests.sound_room import Recording, SoundRoom
from voice.phrases import call_phrases
from voice.port import OnFinished, Utterance, VoiceHealth, VoiceResult, VoiceStatus
from voice.sound import chime
from voice.supervised_voice import SupervisedVoice

LONGEST_SILENCE_S = 3.0

# On a hand-turned clock.


@dataclass
class _Naming:
    """A call as the room heard it: from, to, and whether all of it was there."""

    announcement: str
    began_s: float
    ended_s: float
    whole: bool


FAULTS = (
    "engine-hangs",
    "engine-dies",
    "player-silent",
    "player-dies",
    "player-early",
    "process-dies",
)


class _BrokenVoice:
    """A voice with the deadlines of the shipped one, whose engine, player and process break.

    What a fault costs and tells is what `voice.process` and `voice.supervised_voice` make of it;
    their own tests hold that.
    """

    def __init__(self, clock: Clock, chance: random.Random, heard: list[_Naming]) -> None:
        self._clock, self._chance, self._heard = clock, chance, heard
        self._under_way: tuple[float, float, VoiceResult, OnFinished] | None = None
        self.speaking_of = ""
        self.faults: Counter[str] = Counter()

    def speak(self, utterance: Utterance, on_finished: OnFinished) -> None:
        assert self._under_way is None, "two announcements at once"
        fault = self._chance.choice(FAULTS) if self._chance.random() < 0.3 else "none"
        self.faults[fault] += 1
        begins_s = self._clock.elapsed_s + 0.1
        ends_s = begins_s + utterance.estimated_s
        result = VoiceResult("played", heard=True)
        match fault:
            case "engine-hangs":  # its deadline, then the shipped words
                begins_s, ends_s = begins_s + 1.0, ends_s + 1.0
            case "engine-dies":
                begins_s, ends_s = begins_s + 0.1, ends_s + 0.1
            case "player-silent":  # noticed after a second, played again
                begins_s, ends_s = begins_s + 1.0, ends_s + 1.0
            case "player-early":  # heard by the ear, not believed
                ends_s = begins_s + 0.05
                result = VoiceResult("failed", heard=False, health=VoiceHealth.BROKEN)
            case "player-dies":
                ends_s = begins_s + self._chance.uniform(0.6, 2.0)
                result = VoiceResult("failed", heard=True, health=VoiceHealth.BROKEN)
            case "process-dies":
                ends_s = begins_s + self._chance.uniform(0.0, 0.1)
                result = VoiceResult("failed", heard=False, health=VoiceHealth.BROKEN)
        self._under_way = (begins_s, ends_s, result, on_finished)

    def stop(self) -> None:
        assert self._under_way is not None
        begins_s, _, _, on_finished = self._under_way
        stopped = VoiceResult("stopped", heard=self.sounding)
        self._under_way = (begins_s, self._clock.elapsed_s, stopped, on_finished)

    def poll(self) -> None:
        if self._under_way is None or self._clock.elapsed_s < self._under_way[1]:
            return
        begins_s, ends_s, result, on_finished = self._under_way
        self._under_way = None
        self._hear(begins_s, ends_s, result)
        on_finished(result)

    def die(self) -> None:
        """The display is killed: the room hears what had sounded so far."""
        if self._under_way is not None and self.sounding:
            self._hear(
                self._under_way[0], self._clock.elapsed_s, VoiceResult("stopped", heard=True)
            )
        self._under_way = None

    def _hear(self, begins_s: float, ends_s: float, result: VoiceResult) -> None:
        if result.heard:
            played = result.outcome == "played"
            self._heard.append(_Naming(self.speaking_of, begins_s, ends_s, played))

    @property
    def sounding(self) -> bool:
        return self._under_way is not None and self._clock.elapsed_s >= self._under_way[0]

    @property
    def status(self) -> VoiceStatus:
        return VoiceStatus(VoiceHealth.OK)

    def close(self) -> None:
        self.die()


@dataclass
class _Server:
    """Keeps each call due until it is confirmed, as the shipped one does."""

    calls: list[Announcement] = field(default_factory=list)
    outcomes: dict[str, list[str]] = field(default_factory=dict)

    def due(self) -> list[Announcement]:
        return [call for call in self.calls if call.announcement not in self.outcomes]


class _Day:
    """Calls at random, spoken by displays that are killed now and then."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.clock = Clock()
        self.heard: list[_Naming] = []
        self.server = _Server()
        self.faults: Counter[str] = Counter()
        self.displays = 0
        self.cut: set[str] = set()
        self.open_display()

    def open_display(self) -> None:
        self.displays += 1
        self.voice = _BrokenVoice(self.clock, self.chance, self.heard)
        self.announcer = Announcer(
            self.voice,
            lambda name, outcome: self.server.outcomes.setdefault(name, []).append(outcome),
            now=self.clock.now,
            elapsed_s=lambda: self.clock.elapsed_s,
        )
        for call in self.server.due():
            self.announcer.on_announcement(call)

    def kill_display(self) -> None:
        if self.announcer.speaking is not None:
            self.cut.add(self.announcer.speaking)
        self.voice.die()
        self.faults += self.voice.faults
        self.open_display()

    def call(self, place: int) -> None:
        call = _announcement(place, self.clock.now())
        self.server.calls.append(call)
        self.announcer.on_announcement(call)

    def pass_time(self, seconds: float) -> None:
        end_s = self.clock.elapsed_s + seconds
        while self.clock.elapsed_s < end_s:
            self.clock.elapsed_s = round(self.clock.elapsed_s + 0.05, 6)
            self.announcer.poll()
            self.voice.speaking_of = self.announcer.speaking or self.voice.speaking_of


def _announcement(place: int, now: datetime) -> Announcement:
    return Announcement(
        announcement=f"call-{place}",
        number=f"{'ABCD'[place % 4]}{place % 1000:03}",
        counter=place % 9 + 1,
        call_count=1,
        languages=["id"],
        expires_at=now + timedelta(hours=1),
    )


def test_a_thousand_calls_on_a_hand_turned_clock(long_run: bool) -> None:
    calls = 10_000 if long_run else 1_000
    seed = random.randrange(1_000_000) if long_run else 20261121
    day = _Day(seed)
    due_since_s: dict[str, float] = {}
    for place in range(calls):
        day.call(place)
        due_since_s[f"call-{place}"] = day.clock.elapsed_s
        day.pass_time(day.chance.choice([0.05, 1, 4, 9, 20]))
        if day.chance.random() < 0.03:
            day.kill_display()
    while day.server.due():
        day.pass_time(1)
        assert day.clock.elapsed_s < 60 * calls, f"the queue stands still (seed {seed})"
    names = [f"call-{place}" for place in range(calls)]
    outcomes = day.server.outcomes
    day.faults += day.voice.faults
    said = Counter(outcome for each in outcomes.values() for outcome in each)
    silence_s = _longest_silence(day.heard, _due_spans(day, due_since_s))
    print(f"{calls} calls, {day.displays - 1} displays killed, {dict(day.faults)}: {dict(said)}, ")
    print(f"longest silence while a call was due {silence_s:.2f} s (seed {seed})")
    assert sorted(outcomes) == sorted(names), "none lost"
    assert all(len(each) == 1 for each in outcomes.values()), "none confirmed twice"
    whole = Counter(naming.announcement for naming in day.heard if naming.whole)
    for name, (outcome,) in outcomes.items():
        assert outcome != "spoken" or whole[name] > 0, f"{name} was never in the room"
        # Only who died in mid-call could not know that it had been heard.
        assert whole[name] <= (2 if name not in day.cut else 4), f"{name} was doubled"
        assert outcome == "spoken" or not whole[name] or name in day.cut, name
    assert said["spoken"] > 0.9 * calls
    assert silence_s <= LONGEST_SILENCE_S
    for before, after in itertools.pairwise(sorted(day.heard, key=lambda naming: naming.began_s)):
        assert before.ended_s <= after.began_s + 1e-6, "two at once"


def _due_spans(day: _Day, due_since_s: dict[str, float]) -> list[tuple[float, float]]:
    """From when to when some call was waiting to be named for the first time."""
    spans = []
    first: dict[str, float] = {}
    for naming in day.heard:
        if naming.whole or naming.announcement not in first:
            first.setdefault(naming.announcement, naming.began_s)
    for name, since_s in due_since_s.items():
        if name in first:
            spans.append((since_s, first[name]))
    return spans


def _longest_silence(heard: list[_Naming], due: list[tuple[float, float]]) -> float:
    """The longest time in which a call waited for its first naming and nothing sounded."""
    longest = 0.0
    ordered = sorted((naming.began_s, naming.ended_s) for naming in heard)
    starts = [began_s for began_s, _ in ordered]
    for since_s, until_s in due:
        at = since_s
        place = int(np.searchsorted(starts, since_s))
        for began_s, ended_s in ordered[max(0, place - 1) :]:
            if began_s >= until_s:
                break
            if ended_s <= at:
                continue
            longest = max(longest, began_s - at)
            at = max(at, ended_s)
        longest = max(longest, until_s - at)
    return longest


# For real.

LIAR = """\
#!/bin/sh
# A paplay that does what the next line of a script says.
what=$(head -n 1 {script})
sed -i 1d {script}
echo "${{what:-play}}" >> {log}
case "${{what:-play}}" in
    play) exec {paplay} "$@" ;;
    hang) exec sleep 60 ;;
    die) exit 1 ;;
    early) exit 0 ;;
    silent) exec sleep "$({python} -c "import sys, wave; clip = wave.open(sys.argv[1])
print(clip.getnframes() / clip.getframerate())" "$1")" ;;
    die-midway) timeout 1 {paplay} "$@"; exit 1 ;;
esac
"""

ENGINE = '''\
"""An engine that does what the next line of a script says, and then makes honest words."""
import fcntl, io, os, sys, time
from pathlib import Path
import msgspec
from voice.engine_words import Made, Make, NotMade, Voices
from voice.process_output import take_output
from voice.speech_voice import SpeechVoice
def next_line():
    with open({script!r}, "r+") as script:
        fcntl.flock(script, fcntl.LOCK_EX)
        lines = script.read().splitlines()
        script.seek(0); script.truncate()
        script.write("\\n".join(lines[1:]))
    what = lines[0] if lines else "make"
    with open({log!r}, "a") as log:
        log.write(what + "\\n")
    return what
output = take_output()
speech = SpeechVoice(Path(sys.argv[1]))
def tell(words):
    output.write(msgspec.json.encode(words) + b"\\n"); output.flush()
tell(Voices(speech.voices()))
for line in sys.stdin.buffer:
    ask = msgspec.json.decode(line, type=Make)
    match next_line():
        case "hang": time.sleep(60)
        case "die": os._exit(3)
        case "garbage": output.write(b"Audio saved to x\\n"); output.flush(); time.sleep(60)
        case "lie":
            path = Path(sys.argv[1]) / "nothing.wav"
            path.write_bytes(b"")
            tell(Made(ask.job, str(path)))
        case "error": tell(NotMade(ask.job, "no"))
        case _: tell(Made(ask.job, str(speech.make(ask.language, ask.words))))
'''

VOICE = '''\
"""The shipped voice process with another engine behind it."""
import sys
from pathlib import Path
from assets import asset_path
from voice import process
from voice.clip_voice import ClipVoice
from voice.engine_voice import EngineVoice
from voice.sources import Sources
def sources(clips, cache, *, fixed_words=True):
    command = [sys.executable, {engine!r}, str(cache)]
    fixed = ClipVoice([asset_path("fixed_words")])
    return Sources(ClipVoice(clips), EngineVoice(cache, command), fixed)
process.shipped_sources = sources
process.main(["--languages", "id", "--cache", {cache!r}])
'''


@pytest.fixture
def room() -> Iterator[SoundRoom]:
    with SoundRoom() as opened:
        yield opened


ENGINE_FAULTS = ["hang", "die", "garbage", "lie", "error"]
PLAYER_FAULTS = ["hang", "die", "early", "silent", "die-midway"]


class _Struck(SupervisedVoice):
    """The shipped supervisor; before each utterance something may be broken."""

    def __init__(self, command: list[str], *, strike: Callable[[], None], **facts: Any) -> None:
        super().__init__(command, **facts)
        self._strike = strike

    def speak(self, utterance: Utterance, on_finished: OnFinished) -> None:
        self._strike()
        super().speak(utterance, on_finished)


class _Stage:
    """The shipped supervisor and voice process; engine and player follow a script."""

    def __init__(self, room: SoundRoom, folder: Path, seed: int) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        for name in ("player", "engine"):
            (folder / name).write_text("")
            (folder / f"{name}.log").write_text("")
        paplay = "/usr/bin/paplay"
        programs = folder / "bin"
        programs.mkdir()
        facts = {"script": str(folder / "player"), "log": str(folder / "player.log")}
        liar = LIAR.format(python=sys.executable, paplay=paplay, **facts)
        (programs / "paplay").write_text(liar)
        (programs / "paplay").chmod(0o755)
        (programs / "aplay").write_text("#!/bin/sh\nexit 1\n")
        (programs / "aplay").chmod(0o755)
        engine = folder / "engine.py"
        facts = {"script": str(folder / "engine"), "log": str(folder / "engine.log")}
        engine.write_text(textwrap.dedent(ENGINE.format(**facts)))
        voice = folder / "voice_of_test.py"
        voice.write_text(VOICE.format(engine=str(engine), cache=str(folder / "cache")))
        root = str(Path(__file__).resolve().parents[2])
        environment = {
            **room.environment,
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": root,
        }
        self.voice = _Struck(
            [sys.executable, str(voice)], environment=environment, strike=self.strike
        )
        self.kills = 0
        self.armed = False
        self._struck_before = False

    def strike(self) -> None:
        """Before each utterance, let chance decide what breaks in it; never twice in a row."""
        engine: list[str] = []
        player: list[str] = []
        if self.armed and not self._struck_before and self.chance.random() < 0.6:
            self._struck_before = True
            match self.chance.choice(["engine", "engine", "player", "player", "process"]):
                case "engine":
                    engine = [self.chance.choice(ENGINE_FAULTS)]
                case "player":
                    player = [self.chance.choice(PLAYER_FAULTS)]
                case _ if self.voice.process_id is not None:
                    os.kill(self.voice.process_id, 9)
                    self.kills += 1
        else:
            self._struck_before = False
        self.script_faults("engine", engine)
        self.script_faults("player", player)

    def script_faults(self, name: str, faults: list[str]) -> None:
        (self.folder / name).write_text("\n".join(faults))

    def faults_met(self) -> Counter[str]:
        met: Counter[str] = Counter()
        for name in ("player", "engine"):
            lines = (self.folder / f"{name}.log").read_text().splitlines()
            met.update(f"{name} {line}" for line in lines if line not in {"play", "make"})
        return met


@pytest.mark.timeout(1800)
def test_calls_for_real_with_an_engine_and_a_player_that_break(
    room: SoundRoom, tmp_path: Path, long_run: bool
) -> None:
    """A backlog in its short form; every second utterance or so meets a fault, never two in a row.

    The silence is that of the recording: from the first sound to the last there was always a call
    due.
    """
    calls = 200 if long_run else 16
    seed = random.randrange(1_000_000) if long_run else 20261121
    stage = _Stage(room, tmp_path, seed)
    reports: list[tuple[str, str]] = []
    opened_at = datetime(2026, 11, 21, 1, tzinfo=UTC)
    announcer = Announcer(
        stage.voice,
        lambda name, outcome: reports.append((name, outcome)),
        now=lambda: opened_at,
        elapsed_s=time.monotonic,
    )
    _until(announcer, lambda: stage.voice.status.health is VoiceHealth.OK, 30)
    begun: dict[str, float] = {}
    ended: dict[str, float] = {}
    with room.record() as heard:
        began_s = time.monotonic()
        for place in range(calls + 6):  # those behind keep the others short, and are taken back
            announcer.on_announcement(_announcement(place, opened_at))
        stage.armed = True
        while len(reports) < calls:
            assert time.monotonic() - began_s < 15 * calls, "the queue stands still"
            announcer.poll()
            if announcer.speaking is not None:
                begun.setdefault(announcer.speaking, time.monotonic() - began_s)
            for name, _ in reports:
                ended.setdefault(name, time.monotonic() - began_s)
            time.sleep(0.01)
        announcer.close()
    said = Counter(outcome for _, outcome in reports)
    assert [name for name, _ in reports] == [f"call-{place}" for place in range(calls)], "in order"
    sounds = [span for span in heard.stretches(gap_s=0.3) if span[0] < ended[f"call-{calls - 1}"]]
    gaps = [after[0] - before[1] for before, after in itertools.pairwise(sounds)]
    silence_s = max(sounds[0][0], *gaps)
    print(
        f"{calls} real calls, {stage.kills} processes killed, met {dict(stage.faults_met())}: "
        f"{dict(said)}; longest silence {silence_s:.2f} s (seed {seed})"
    )
    for name, outcome in reports:
        audible = _audible(heard, begun[name], ended[name])
        (phrase,) = call_phrases(
            _announcement(int(name[5:]), opened_at).number,
            _announcement(int(name[5:]), opened_at).counter,
            ["id"],
            short=True,
        )
        if outcome == "spoken":
            sounding_s = sum(end - start for start, end in audible)
            assert sounding_s > 0.5 * Utterance((phrase,)).estimated_s, (name, audible)
            assert len(_chimes(heard, begun[name], ended[name])) == 1, f"{name} once in the room"
    assert said["spoken"] + said["failed"] == calls
    assert said["spoken"] >= 0.7 * calls
    assert silence_s <= LONGEST_SILENCE_S


def _until(announcer: Announcer, thing: Callable[[], bool], deadline_s: float) -> None:
    end_s = time.monotonic() + deadline_s
    while not thing():
        assert time.monotonic() < end_s, announcer.status
        announcer.poll()
        time.sleep(0.01)


def _audible(heard: Recording, start_s: float, end_s: float) -> list[tuple[float, float]]:
    return [
        (max(start_s, begun_s), min(end_s, over_s))
        for begun_s, over_s in heard.stretches(gap_s=0.3)
        if over_s > start_s and begun_s < end_s
    ]


def _chimes(heard: Recording, start_s: float, end_s: float) -> list[float]:
    """Where the shipped chime is found in a part of what was heard."""
    wanted = np.array(chime(heard.rate).samples, dtype=float)
    wanted /= np.sqrt(np.sum(wanted**2))
    samples = heard.between(start_s, end_s)
    if len(samples) < len(wanted):
        return []
    size = 1 << (len(samples) + len(wanted)).bit_length()
    spectrum = np.fft.rfft(samples, size) * np.conj(np.fft.rfft(wanted, size))
    together = np.abs(np.fft.irfft(spectrum, size)[: len(samples) - len(wanted) + 1])
    energy = np.concatenate(([0.0], np.cumsum(samples**2)))
    alike = together / np.sqrt(np.maximum(energy[len(wanted) :] - energy[: -len(wanted)], 1.0))
    found: list[float] = []
    while len(alike) and alike[best := int(np.argmax(alike))] > 0.5:
        found.append(best / heard.rate)
        alike[max(0, best - len(wanted)) : best + len(wanted)] = 0
    return found
