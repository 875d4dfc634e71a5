"""The shipped voice heard in a hall: really spoken, really played, recorded and measured.

Nothing is replaced here but the loudspeaker: the supervisor, the voice process, espeak-ng and
paplay are those of a branch.
"""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from display.announcer import Announcer
from protocol.messages import Announcement, BoardCall, BoardSnapshot
from tests.sound_room import Recording, SoundRoom, SoundRoomMissingError
from tests.voice.test_sound import tone
from voice.phrases import call_phrases, clip_script
from voice.port import Utterance, VoiceHealth, VoiceResult
from voice.sound import CHIME_NOTES_HZ, write_wav
from voice.supervised_voice import SupervisedVoice, voice_command

DEADLINE_S = 20.0
WHOLE = Utterance(call_phrases("A012", 3, ["id"]))
SHORT = Utterance(call_phrases("B7", 1, ["id"], short=True), gap_s=0.0)  # some 3 s


class Listener:
    """The shipped voice in a sound room."""

    def __init__(
        self,
        room: SoundRoom,
        cache: Path,
        *,
        clips: tuple[Path, ...] = (),
        languages: tuple[str, ...] = ("id",),
    ) -> None:
        command = voice_command(languages, clips, cache)
        self.voice = SupervisedVoice(command, environment=room.environment)

    def wait_for(
        self, thing: Callable[[], bool], what: str, deadline_s: float = DEADLINE_S
    ) -> float:
        """Wait, and say how long it took."""
        began_s = time.monotonic()
        while not thing():
            waited_s = time.monotonic() - began_s
            assert waited_s < deadline_s, f"waited in vain for {what}: {self.voice.status}"
            self.voice.poll()
            time.sleep(0.01)
        return time.monotonic() - began_s

    def wait_for_health(self, health: VoiceHealth, deadline_s: float = DEADLINE_S) -> float:
        return self.wait_for(lambda: self.voice.status.health is health, health, deadline_s)

    def begin(self, utterance: Utterance) -> list[VoiceResult]:
        results: list[VoiceResult] = []
        self.voice.speak(utterance, results.append)
        return results

    def say(self, utterance: Utterance) -> VoiceResult:
        results = self.begin(utterance)
        self.wait_for(lambda: bool(results), "a result")
        return results[0]


@pytest.fixture
def room() -> Iterator[SoundRoom]:
    try:
        opened = SoundRoom()
    except SoundRoomMissingError as missing:
        pytest.fail(str(missing), pytrace=False)
    with opened:
        yield opened


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("voice")


@pytest.fixture
def listener(room: SoundRoom, cache: Path) -> Iterator[Listener]:
    one = Listener(room, cache)
    one.wait_for_health(VoiceHealth.OK)
    yield one
    one.voice.close()


def test_a_call_is_heard_with_its_chime_and_its_words(room: SoundRoom, listener: Listener) -> None:
    with room.record() as heard:
        assert listener.say(WHOLE) == VoiceResult("played", heard=True)
    (whole,) = heard.stretches(gap_s=0.6)
    assert whole[1] - whole[0] == pytest.approx(WHOLE.estimated_s, abs=0.6)
    start_s = whole[0]
    assert heard.pitch_hz(start_s + 0.05, start_s + 0.35) == pytest.approx(CHIME_NOTES_HZ[0], abs=2)
    assert heard.pitch_hz(start_s + 0.45, start_s + 0.75) == pytest.approx(CHIME_NOTES_HZ[1], abs=2)
    # chime | Nomor antrean | A | nol satu dua | silakan menuju | loket tiga
    groups = heard.stretches(gap_s=0.16)
    assert len(groups) == 6
    assert _voice_share(heard, groups[1][0], groups[-1][1]) > 0.8
    level = np.sqrt(np.mean(heard.between(*groups[1]) ** 2))
    assert -22 < 20 * np.log10(level) < -12, "neither a whisper nor a shout"


def _voice_share(heard: Recording, start_s: float, end_s: float) -> float:
    """How much of a stretch lies where a voice has its strength, 80 to 4,000 Hz."""
    samples = heard.between(start_s, end_s)
    power = np.abs(np.fft.rfft(samples)) ** 2
    pitches = np.fft.rfftfreq(len(samples), 1 / heard.rate)
    return float(power[(pitches > 80) & (pitches < 4000)].sum() / power.sum())


def test_the_chime_is_heard_within_half_a_second(room: SoundRoom, listener: Listener) -> None:
    with room.record() as heard:
        began_s = time.monotonic()
        results = listener.begin(SHORT)
        listener.wait_for(lambda: listener.voice.sounding, "sound")
        told_s = time.monotonic() - began_s
        listener.wait_for(lambda: bool(results), "a result")
    print(f"asked to playing {1000 * told_s:.0f} ms")
    assert told_s < 0.5
    assert heard.stretches()[0][0] < 1.0


def test_two_calls_are_heard_one_after_the_other(room: SoundRoom, listener: Listener) -> None:
    """The whole chain: two announcements at once are never heard together."""
    reports: list[tuple[str, str]] = []
    opened_at = datetime(2026, 11, 20, 1, tzinfo=UTC)
    announcer = Announcer(
        listener.voice,
        lambda announcement, outcome: reports.append((announcement, outcome)),
        now=lambda: opened_at,
        elapsed_s=time.monotonic,
    )
    states = {"A1": "called", "B2": "called"}
    for place, number in enumerate(states):
        announcer.on_announcement(
            Announcement(
                announcement=number,
                number=number,
                counter=place + 1,
                call_count=1,
                languages=["id"],
                expires_at=opened_at + timedelta(minutes=10),
            )
        )
    most_streams, end_s = 0, time.monotonic() + 60
    with room.record() as heard:
        while announcer.speaking is not None or announcer.waiting:
            assert time.monotonic() < end_s, reports
            announcer.poll()
            if announcer.speaking is not None and listener.voice.sounding:
                # The visitor comes while the number is called: it is not repeated.
                states[announcer.speaking] = "serving"
                announcer.on_board(_board(states, opened_at))
            most_streams = max(most_streams, room.streams())
            time.sleep(0.05)
    assert reports == [("A1", "spoken"), ("B2", "spoken")]
    assert most_streams == 1
    chimes = [
        start_s
        for start_s, _ in heard.stretches(gap_s=0.1)
        if abs(heard.pitch_hz(start_s, start_s + 0.3) - CHIME_NOTES_HZ[0]) < 2
    ]
    assert len(chimes) == 2, "each call is chimed once"
    (phrase,) = call_phrases("A1", 1, ["id"])
    assert chimes[1] - chimes[0] > 0.9 * Utterance((phrase,)).estimated_s


def _board(states: dict[str, str], called_at: datetime) -> BoardSnapshot:
    calls = [
        BoardCall(number=number, counter=place + 1, state=state, called_at=called_at, call_count=1)
        for place, (number, state) in enumerate(states.items())
    ]
    return BoardSnapshot(revision=1, calls=calls, total=len(calls), waiting=[], missed=[], text={})


def test_what_is_stopped_falls_silent_at_once(room: SoundRoom, listener: Listener) -> None:
    with room.record() as heard:
        results = listener.begin(WHOLE)
        listener.wait_for(lambda: room.streams() == 1, "sound")
        _listen(1.0)
        listener.voice.stop()
        assert listener.wait_for(lambda: bool(results), "a result") < 0.5
        listener.wait_for(lambda: room.streams() == 0, "silence", 1)
        _listen(0.5)
    assert results == [VoiceResult("stopped", heard=True)]
    (whole,) = heard.stretches(gap_s=0.6)
    assert whole[1] - whole[0] < 3.0


def test_a_device_that_is_unplugged_is_told_and_found_again(
    room: SoundRoom, listener: Listener
) -> None:
    """F36: told within 3 s while idle, at once by a call, and well again within 3 s."""
    room.plug_out()
    result = listener.say(SHORT)
    assert (result.outcome, result.heard) == ("failed", False)
    assert result.health is VoiceHealth.NO_DEVICE
    listener.wait_for_health(VoiceHealth.NO_DEVICE)
    assert listener.voice.status.silent
    room.plug_in()
    assert listener.wait_for_health(VoiceHealth.OK) < 3.0
    with room.record() as heard:
        assert listener.say(SHORT).outcome == "played"
    assert heard.stretches()
    room.plug_out()
    assert listener.wait_for_health(VoiceHealth.NO_DEVICE) < 3.0


def test_a_device_that_is_unplugged_in_mid_sentence_fails_the_call(
    room: SoundRoom, listener: Listener
) -> None:
    results = listener.begin(WHOLE)
    listener.wait_for(lambda: room.streams() == 1, "sound")
    _listen(1.0)
    room.plug_out()
    listener.wait_for(lambda: bool(results), "a result", WHOLE.estimated_s + 4)
    assert (results[0].outcome, results[0].health) == ("failed", VoiceHealth.NO_DEVICE)
    assert results[0].heard


def test_a_sound_server_that_dies_is_told_and_found_again(
    room: SoundRoom, listener: Listener
) -> None:
    room.stop()
    assert listener.say(SHORT).health is VoiceHealth.NO_DEVICE
    room.start()
    listener.wait_for_health(VoiceHealth.OK)
    assert listener.say(SHORT).outcome == "played"


def test_a_muted_device_is_not_taken_for_a_voice(room: SoundRoom, listener: Listener) -> None:
    room.mute(True)
    assert listener.wait_for_health(VoiceHealth.MUTED) < 3.0
    assert listener.say(SHORT).health is VoiceHealth.MUTED
    room.mute(False)
    assert listener.wait_for_health(VoiceHealth.OK) < 3.0


def test_the_sound_servers_dummy_is_not_taken_for_a_device(
    room: SoundRoom, listener: Listener
) -> None:
    """It plays into nothing and says that all is well."""
    room.plug_out()
    room.plug_in("auto_null")
    result = listener.say(SHORT)
    assert (result.outcome, result.health) == ("failed", VoiceHealth.NO_DEVICE)


def test_a_device_that_tells_the_end_late_is_believed(room: SoundRoom, listener: Listener) -> None:
    """The player ends up to 2 s after its clip there, although every word was heard."""
    room.plug_out()
    room.plug_in(coarse=True)
    assert listener.say(SHORT) == VoiceResult("played", heard=True)


def test_a_sound_server_that_hangs_in_mid_sentence_fails_the_call(
    room: SoundRoom, listener: Listener
) -> None:
    results = listener.begin(SHORT)
    listener.wait_for(lambda: room.streams() == 1, "sound")
    room.freeze()
    listener.wait_for(lambda: bool(results), "a result", SHORT.estimated_s + 5)
    assert results[0].outcome == "failed"
    room.thaw()
    listener.wait_for_health(VoiceHealth.OK)
    assert listener.say(SHORT).outcome == "played"


def test_a_voice_killed_in_mid_sentence_takes_its_player_along(
    room: SoundRoom, listener: Listener
) -> None:
    """F34: otherwise the next call would sound together with the rest of this one."""
    results = listener.begin(WHOLE)
    listener.wait_for(lambda: room.streams() == 1, "sound")
    process = listener.voice.process_id
    assert process is not None
    os.kill(process, signal.SIGKILL)
    listener.wait_for(lambda: bool(results), "a result", 3)
    assert (results[0].outcome, results[0].health) == ("failed", VoiceHealth.BROKEN)
    listener.wait_for(lambda: room.streams() == 0, "silence", 1)
    assert listener.say(SHORT).outcome == "played"


def test_a_display_that_is_killed_leaves_no_voice_behind(room: SoundRoom, cache: Path) -> None:
    script = f"""
        import time
        from pathlib import Path
        from voice.phrases import call_phrases
        from voice.supervised_voice import SupervisedVoice, voice_command
        from voice.port import Utterance
        voice = SupervisedVoice(voice_command(["id"], (), Path({str(cache)!r})))
        voice.speak(Utterance(call_phrases("A012", 3, ["id"])), print)
        while True:
            voice.poll()
            time.sleep(0.01)
    """
    display = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], env=room.environment
    )
    _wait_for(lambda: room.streams() == 1, "sound")
    display.kill()
    display.wait(5)
    _wait_for(lambda: room.streams() == 0, "silence", 1)


def test_recorded_clips_win_over_the_synthetic_voice(
    room: SoundRoom, cache: Path, tmp_path: Path
) -> None:
    (tmp_path / "id").mkdir()
    for name in clip_script("id"):
        write_wav(tmp_path / "id" / f"{name}.wav", tone(440, 0.4))
    listener = Listener(room, cache, clips=(tmp_path,))
    with room.record() as heard:
        assert listener.say(SHORT).outcome == "played"
    listener.voice.close()
    chime, *_, last = heard.stretches(gap_s=0.005)
    assert heard.pitch_hz(chime[0], chime[0] + 0.3) == pytest.approx(CHIME_NOTES_HZ[0], abs=2)
    assert heard.pitch_hz(last[0] + 0.05, last[1] - 0.05) == pytest.approx(440, abs=3)


def test_without_any_player_the_status_says_so(cache: Path, tmp_path: Path) -> None:
    voice = SupervisedVoice(
        voice_command(["id"], (), cache), environment={**os.environ, "PATH": str(tmp_path)}
    )
    _poll_until(voice, lambda: voice.status.health is VoiceHealth.NO_PLAYER)
    results: list[VoiceResult] = []
    voice.speak(SHORT, results.append)
    _poll_until(voice, lambda: bool(results))
    assert (results[0].outcome, results[0].health) == ("failed", VoiceHealth.NO_PLAYER)
    voice.close()


def test_without_a_voice_of_the_language_the_status_says_so(
    room: SoundRoom, tmp_path: Path
) -> None:
    """F35: an engine without data speaks no language, and above all not a wrong one."""
    environment = {**room.environment, "ESPEAK_DATA_PATH": str(_without_indonesian(tmp_path))}
    command = voice_command(["id", "en"], (), tmp_path / "cache", fixed_words=False)
    voice = SupervisedVoice(command, environment=environment)
    _poll_until(voice, lambda: voice.status.health is VoiceHealth.NO_VOICE)
    assert voice.status.missing_languages == ("id",)
    results: list[VoiceResult] = []
    voice.speak(SHORT, results.append)
    _poll_until(voice, lambda: bool(results))
    assert (results[0].outcome, results[0].health) == ("failed", VoiceHealth.NO_VOICE)
    voice.close()


def test_without_a_voice_of_the_language_the_shipped_words_speak(
    room: SoundRoom, tmp_path: Path
) -> None:
    """F35: the default fallback; the status says which language has nothing else."""
    environment = {**room.environment, "ESPEAK_DATA_PATH": str(_without_indonesian(tmp_path))}
    voice = SupervisedVoice(
        voice_command(["id", "en"], (), tmp_path / "cache"), environment=environment
    )
    _poll_until(voice, lambda: voice.status.health is VoiceHealth.OK)
    assert voice.status.fixed_languages == ("id",)
    results: list[VoiceResult] = []
    with room.record() as heard:
        voice.speak(SHORT, results.append)
        _poll_until(voice, lambda: bool(results))
    voice.close()
    assert results == [VoiceResult("played", heard=True)]
    assert sum(end - start for start, end in heard.stretches()) > 0.6 * SHORT.estimated_s


def _without_indonesian(folder: Path) -> Path:
    """Give espeak-ng's data without the voice of Indonesian."""
    shutil.copytree(_espeak_data(), folder / "espeak-ng-data")
    shutil.rmtree(folder / "espeak-ng-data" / "lang" / "poz")
    return folder


def _espeak_data() -> Path:
    for folder in (*Path("/usr").glob("lib/*/espeak-ng-data"), Path("/usr/share/espeak-ng-data")):
        if (folder / "lang" / "poz").is_dir():
            return folder
    pytest.fail("espeak-ng's data were not found: install the Debian package 'espeak-ng-data'.")


def test_the_cache_holds_no_sound_of_a_voice_that_ended_while_it_played(cache: Path) -> None:
    """The files of killed processes are taken away after an hour."""
    left = cache / "playing-1.wav"
    left.write_bytes(b"")
    os.utime(left, (time.time() - 7200, time.time() - 7200))
    voice = SupervisedVoice(voice_command(["id"], (), cache))
    _poll_until(voice, lambda: not left.exists())
    voice.close()


def _listen(seconds: float) -> None:
    """Let the hall hear something for a while: the time is the thing that is waited for."""
    time.sleep(seconds)


def _poll_until(voice: SupervisedVoice, thing: Callable[[], bool]) -> None:
    _wait_for(lambda: (voice.poll(), thing())[1], "it")


def _wait_for(thing: Callable[[], bool], what: str, deadline_s: float = DEADLINE_S) -> None:
    end_s = time.monotonic() + deadline_s
    while not thing():
        assert time.monotonic() < end_s, f"waited in vain for {what}"
        time.sleep(0.01)
