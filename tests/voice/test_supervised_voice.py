"""The watched child process: whoever hangs, dies or lies there is replaced (F34, I14)."""

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from display.announcer import Announcer
from protocol.messages import Announcement
from voice.phrases import Group, Phrase
from voice.port import Utterance, VoiceHealth, VoiceResult
from voice.supervised_voice import SupervisedVoice

BROKEN_VOICE = Path(__file__).with_name("broken_voice.py")
WORD = Utterance((Phrase("id", (Group("satu", ("satu",)),)),), chime=False)  # about 0.5 s
DEADLINE_S = 15.0
LONGEST_CALL_S = 0.25  # a whole call of ours, on a machine that does much else


class Theatre:
    """A supervised voice whose child plays a script, and what its caller hears."""

    def __init__(self, folder: Path, *script: str, speed: float = 1.0) -> None:
        self.script = folder / "script"
        self.script.write_text("\n".join(script))
        self.woken = threading.Event()
        self.slowest_s = 0.0
        self.voice = SupervisedVoice(
            [sys.executable, str(BROKEN_VOICE), str(self.script)],
            elapsed_s=lambda: time.monotonic() * speed,
            wake=self.woken.set,
        )

    def poll(self) -> None:
        began_s = time.monotonic()
        self.voice.poll()
        self.slowest_s = max(self.slowest_s, time.monotonic() - began_s)
        self.woken.wait(0.02)
        self.woken.clear()

    def wait_for(
        self, thing: Callable[[], bool], what: str, deadline_s: float = DEADLINE_S
    ) -> None:
        end_s = time.monotonic() + deadline_s
        while not thing():
            assert time.monotonic() < end_s, f"waited in vain for {what}: {self.voice.status}"
            self.poll()

    def begin(self) -> list[VoiceResult]:
        results: list[VoiceResult] = []
        self.voice.speak(WORD, results.append)
        return results

    def say(self) -> VoiceResult:
        results = self.begin()
        self.wait_for(lambda: bool(results), "a result")
        assert len(results) == 1
        return results[0]

    def wait_for_health(self, health: VoiceHealth) -> None:
        self.wait_for(lambda: self.voice.status.health is health, f"health {health}")


@pytest.fixture
def theatre(tmp_path: Path) -> Iterator[Callable[..., Theatre]]:
    opened: list[Theatre] = []

    def make(*script: str, speed: float = 1.0) -> Theatre:
        opened.append(Theatre(tmp_path, *script, speed=speed))
        return opened[-1]

    yield make
    for one in opened:
        one.voice.close()


Make = Callable[..., Theatre]


def test_nothing_is_started_before_the_first_poll(theatre: Make) -> None:
    """The first frame of the board does not wait for the voice."""
    stage = theatre()
    assert stage.voice.process_id is None
    assert stage.voice.status.health is VoiceHealth.STARTING
    stage.poll()
    assert stage.voice.process_id is not None
    stage.wait_for_health(VoiceHealth.OK)


def test_an_utterance_is_played_and_its_result_heard_once(theatre: Make) -> None:
    stage = theatre("play 0.3")
    assert stage.say() == VoiceResult("played", heard=True)


def test_two_utterances_never_overlap(theatre: Make) -> None:
    stage = theatre("play 0.5")
    results = stage.begin()
    with pytest.raises(RuntimeError, match="One utterance"):
        stage.voice.speak(WORD, results.append)
    stage.wait_for(lambda: bool(results), "a result")


def test_the_next_utterance_may_be_asked_for_from_within_the_result(theatre: Make) -> None:
    stage = theatre("play 0.3", "play 0.3")
    results: list[VoiceResult] = []
    stage.voice.speak(
        WORD, lambda first: (results.append(first), stage.voice.speak(WORD, results.append))[0]
    )
    stage.wait_for(lambda: len(results) == 2, "two results")
    assert [result.outcome for result in results] == ["played", "played"]


def test_what_sounds_is_stopped_at_once(theatre: Make) -> None:
    stage = theatre("play 9")
    results = stage.begin()
    stage.wait_for(lambda: stage.voice.sounding, "sound")
    stage.voice.stop()
    stopped_at_s = time.monotonic()
    stage.wait_for(lambda: bool(results), "a result")
    assert results == [VoiceResult("stopped", heard=True)]
    assert time.monotonic() - stopped_at_s < 0.5


def test_what_was_not_even_asked_for_is_stopped_too(theatre: Make) -> None:
    stage = theatre("play 9")
    results = stage.begin()
    stage.voice.stop()
    stage.wait_for(lambda: bool(results), "a result")
    assert results == [VoiceResult("stopped", heard=False)]


def test_a_voice_that_does_not_stop_is_ended(theatre: Make) -> None:
    stage = theatre("deaf 30", "play 0.3")
    results = stage.begin()
    stage.wait_for(lambda: stage.voice.sounding, "sound")
    stage.voice.stop()
    stage.wait_for(lambda: bool(results), "a result", 2)
    assert results == [VoiceResult("stopped", heard=True, detail="the voice process did not stop")]
    assert stage.say().outcome == "played"


@pytest.mark.parametrize(
    ("line", "heard", "at_least_s", "at_most_s"),
    [
        ("hang", False, 1.9, 3.0),
        ("die", False, 0.0, 1.0),
        ("die-playing", True, 0.0, 1.0),
        ("endless", True, 3.2, 5.0),
        ("early", True, 0.0, 1.0),
        ("silent", False, 0.0, 1.0),
        ("short", True, 0.0, 1.0),
        ("garbage", False, 0.0, 1.0),
        ("mangled", False, 0.0, 1.0),
    ],
)
def test_whoever_hangs_dies_or_lies_is_replaced_and_the_next_call_is_spoken(
    theatre: Make, line: str, heard: bool, at_least_s: float, at_most_s: float
) -> None:
    """F34: deadlines are 2 s for making a sound, its length and 3 s for playing it."""
    stage = theatre(line, "play 0.3")
    stage.wait_for_health(VoiceHealth.OK)
    first = stage.voice.process_id
    began_s = time.monotonic()
    result = stage.say()
    took_s = time.monotonic() - began_s
    assert (result.outcome, result.health) == ("failed", VoiceHealth.BROKEN)
    assert result.heard is heard
    assert at_least_s <= took_s <= at_most_s
    assert stage.say().outcome == "played"
    assert stage.voice.process_id != first
    assert stage.slowest_s < LONGEST_CALL_S


def test_a_caller_who_was_busy_does_not_take_the_truth_for_a_lie(theatre: Make) -> None:
    stage = theatre("play 0.6")
    stage.wait_for_health(VoiceHealth.OK)
    results = stage.begin()
    time.sleep(1.5)  # the screen does something else, longer than the whole sound
    stage.wait_for(lambda: bool(results), "a result")
    assert results == [VoiceResult("played", heard=True)]


def test_a_device_fault_is_told_and_the_voice_process_stays(theatre: Make) -> None:
    stage = theatre("no-device", "play 0.3")
    stage.wait_for_health(VoiceHealth.OK)
    first = stage.voice.process_id
    result = stage.say()
    assert (result.outcome, result.health) == ("failed", VoiceHealth.NO_DEVICE)
    stage.wait_for_health(VoiceHealth.NO_DEVICE)
    assert stage.voice.status.silent
    assert stage.voice.status.detail == "no card"
    assert stage.say().outcome == "played"
    assert stage.voice.process_id == first


def test_a_voice_that_fails_twice_in_a_row_is_broken_until_it_plays(theatre: Make) -> None:
    stage = theatre("die", "die", "play 0.3")
    stage.wait_for_health(VoiceHealth.OK)
    stage.say()
    stage.say()
    assert stage.voice.status.health is VoiceHealth.BROKEN
    assert stage.say().outcome == "played"
    assert stage.voice.status.health is VoiceHealth.OK


def test_a_voice_that_does_not_come_up_fails_calls_at_once_and_is_tried_again(
    theatre: Make,
) -> None:
    stage = theatre("start-die", "start-die", "start-die", "play 0.3")
    stage.wait_for_health(VoiceHealth.BROKEN)
    began_s = time.monotonic()
    assert stage.say().outcome == "failed"
    assert time.monotonic() - began_s < 0.2
    stage.wait_for_health(VoiceHealth.OK)
    assert stage.say().outcome == "played"


def test_a_program_that_does_not_exist_is_a_broken_voice_and_no_crash() -> None:
    voice = SupervisedVoice(["/no/such/program"])
    for _ in range(100):
        voice.poll()
        if voice.status.health is VoiceHealth.BROKEN:
            break
        time.sleep(0.01)
    else:
        pytest.fail("the fault was not told")
    assert "/no/such/program" in voice.status.detail
    voice.close()


def test_a_start_that_hangs_is_ended_and_done_again(theatre: Make) -> None:
    stage = theatre("start-hang", "play 0.9", speed=3)
    assert stage.say().outcome == "played"


def test_a_killed_voice_process_is_replaced_while_idle(theatre: Make) -> None:
    stage = theatre()
    stage.wait_for_health(VoiceHealth.OK)
    first = stage.voice.process_id
    assert first is not None
    os.kill(first, signal.SIGKILL)
    stage.wait_for(lambda: stage.voice.process_id not in {None, first}, "another process", 3)
    stage.wait_for_health(VoiceHealth.OK)


def test_closing_ends_the_process_and_calls_nobody_back(theatre: Make) -> None:
    stage = theatre("play 9")
    results = stage.begin()
    stage.wait_for(lambda: stage.voice.sounding, "sound")
    process = stage.voice.process_id
    assert process is not None
    stage.voice.close()
    stage.voice.poll()
    end_s = time.monotonic() + 3
    while _runs(process):
        assert time.monotonic() < end_s, "the process is still there"
        time.sleep(0.01)
    assert results == []


def test_no_process_and_no_thread_is_left_of_forty_lives(theatre: Make) -> None:
    """I14: handles are bounded, however often the voice dies."""
    stage = theatre(*["die"] * 40)
    stage.wait_for_health(VoiceHealth.OK)
    before = _open_files(), threading.active_count()
    for _ in range(40):
        assert stage.say().outcome == "failed"
    stage.wait_for(lambda: stage.voice.process_id is not None, "a process")
    stage.wait_for(lambda: threading.active_count() <= before[1] + 1, "the threads to end")
    assert _open_files() <= before[0] + 4


def test_with_a_voice_that_breaks_at_random_no_call_is_lost_or_doubled(
    theatre: Make, long_run: bool
) -> None:
    """F34 with the shipped announcer: one outcome each, in order, and the queue goes on."""
    calls = 1000 if long_run else 25
    seed = random.randrange(1_000_000) if long_run else 20261120
    chance = random.Random(seed)
    plays = "play 3.2 0.4"  # at eight times the speed
    lines = [plays, "hang", "die", "die-playing 3.2", "early", "silent", "short", "garbage"]
    script = chance.choices(lines, [12, 1, 2, 1, 1, 1, 1, 1], k=4 * calls)
    stage = theatre(*script, speed=8)
    reports: list[tuple[str, str]] = []
    opened_at = datetime(2026, 11, 20, 1, tzinfo=UTC)
    announcer = Announcer(
        stage.voice,
        lambda announcement, outcome: reports.append((announcement, outcome)),
        now=lambda: opened_at,
        elapsed_s=lambda: time.monotonic() * 8,
    )
    for place in range(calls):
        announcer.on_announcement(
            Announcement(
                announcement=str(place),
                number=f"A{place:03}",
                counter=1,
                call_count=1,
                languages=["id"],
                expires_at=opened_at + timedelta(hours=1),
            )
        )
    end_s = time.monotonic() + 3 * calls
    while len(reports) < calls:
        assert time.monotonic() < end_s, f"the queue stands still (seed {seed}): {reports[-3:]}"
        announcer.poll()
        time.sleep(0.005)
    assert [announcement for announcement, _ in reports] == [str(n) for n in range(calls)]
    assert {outcome for _, outcome in reports} <= {"spoken", "failed"}
    assert sum(outcome == "spoken" for _, outcome in reports) > calls / 4


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
