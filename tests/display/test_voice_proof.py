"""The voice proves itself each morning: played, recorded back, measured, kept, and told (F36)."""

import json
import time
from array import array
from collections.abc import Iterator
from datetime import UTC, datetime
from datetime import time as hour
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from display.announcer import Announcer
from display.voice_health import voice_health
from display.voice_proof import KEPT_PROOFS, Proof, VoiceProof
from display.voice_rules import SpeakingRules
from tests.display.announcing_story import STEP_S, Hall
from tests.sound_room import SoundRoom
from tests.voice.test_sound import tone
from voice.ear import Hearing, MonitorEar
from voice.phrases import trial_phrase
from voice.port import Utterance, VoiceHealth, VoiceResult, VoiceStatus
from voice.self_test import measure
from voice.sound import Sound, chime, joined, levelled, read_wav, silence
from voice.supervised_voice import SupervisedVoice, voice_command

JAKARTA = ZoneInfo("Asia/Jakarta")
EIGHT = hour(8)  # the story opens at 08.00 in Jakarta
SENTENCE = Utterance((trial_phrase("id"),))


def sentence(*, volume_percent: int = 100) -> Sound:
    """What the loudspeaker would be given: chime, then something as long as the words."""
    words = tone(300, SENTENCE.estimated_s - 1.05)
    return levelled(joined([chime(), silence(0.25), words]), volume_percent=volume_percent)


class StoryHearing:
    """Hears what the story put into the room."""

    def __init__(self, heard: Sound) -> None:
        self._heard = heard
        self.closed = False

    taken_s = property(lambda self: self._heard.length_s)
    sounding_s = property(lambda self: self._heard.length_s)
    ended = False

    def samples(self) -> "array[int]":
        return self._heard.samples

    def recent_peak(self) -> float:
        return 0.0

    def close(self) -> None:
        self.closed = True


class StoryEar:
    """An ear whose next hearings are written down; without one there is nothing to hear with."""

    rate = 22_050

    def __init__(self, *hears: Sound | None) -> None:
        self.hears = list(hears)
        self.hearings: list[StoryHearing] = []

    def listen(self, *, keep: bool = False) -> Hearing | None:
        assert keep
        heard = self.hears.pop(0) if self.hears else sentence()
        if heard is None:
            return None
        self.hearings.append(StoryHearing(heard))
        return self.hearings[-1]


class Morning(Hall):
    """A hall whose voice is tested at eight."""

    def __init__(self, folder: Path, ear: StoryEar | None, at: hour | None = EIGHT) -> None:
        super().__init__(rules=SpeakingRules(self_test_at=at, zone=JAKARTA))
        self.folder = folder
        self.ear = ear
        self.proof = self.open()

    def open(self) -> VoiceProof:
        return VoiceProof(
            self.announcer,
            self.ear,
            self.folder,
            now=self.clock.now,
            elapsed_s=lambda: self.clock.elapsed_s,
        )

    def wait(self, seconds: float) -> None:
        end_s = self.clock.elapsed_s + seconds
        while self.clock.elapsed_s < end_s:
            self.clock.elapsed_s += STEP_S
            self.announcer.poll()
            self.proof.tick()


def test_the_sentence_is_spoken_once_each_morning_and_kept_with_its_recording(
    tmp_path: Path,
) -> None:
    ear = StoryEar()
    morning = Morning(tmp_path, ear)
    assert morning.proof.outcome is None
    morning.wait(60)
    assert morning.texts() == ["Uji suara, satu dua tiga."]
    assert morning.proof.outcome == "ok"
    assert [path.suffix for path in sorted(tmp_path.iterdir())] == [".json", ".wav"]
    told = json.loads(next(tmp_path.glob("*.json")).read_text())
    assert (told["outcome"], told["at"][:16]) == ("ok", "2026-11-20T08:00")
    assert told["measures"]["heard_s"] == pytest.approx(SENTENCE.estimated_s, abs=0.3)
    assert read_wav(next(tmp_path.glob("*.wav"))) == sentence()
    assert all(hearing.closed for hearing in ear.hearings)
    morning.wait(3600)
    assert len(morning.texts()) == 1, "not a second time"
    morning.proof = morning.open()
    assert morning.proof.outcome == "ok", "also known after a restart"
    morning.wait(60)
    assert len(morning.texts()) == 1
    assert morning.reports == [], "a test is no call"
    morning.wait(23 * 3600)
    assert len(morning.texts()) == 2, "and again the next morning"


def test_whoever_asks_hears_it_at_any_hour_and_knows_while_it_is_under_way(tmp_path: Path) -> None:
    morning = Morning(tmp_path, StoryEar(), at=None)
    morning.wait(60)
    assert (morning.texts(), morning.proof.waits) == ([], False)
    morning.proof.want()
    assert morning.proof.waits
    morning.wait(30)
    assert morning.texts() == ["Uji suara, satu dua tiga."]
    assert (morning.proof.waits, morning.proof.outcome) == (False, "ok")
    morning.proof.want()
    morning.wait(30)
    assert len(morning.texts()) == 2, "as often as somebody wants"


@pytest.mark.parametrize(
    ("heard", "faults"),
    [
        (silence(4), ["silent"]),
        (sentence(volume_percent=1), ["too-soft"]),
        (joined([chime(), silence(3)]), ["too-short"]),
        (joined([sentence(), sentence(), sentence()]), ["too-long"]),
        (tone(300, SENTENCE.estimated_s), ["no-chime"]),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_voice_that_was_not_heard_as_it_should_is_failed_whatever_the_player_says(
    tmp_path: Path, heard: Sound, faults: list[str]
) -> None:
    morning = Morning(tmp_path, StoryEar(heard))
    morning.wait(60)
    assert morning.proof.outcome == "failed"
    assert morning.proof.last is not None
    assert morning.proof.last.measures is not None
    assert list(morning.proof.last.measures.faults) == faults
    assert voice_health(VoiceStatus(VoiceHealth.OK), "failed") == {"voice": "failed"}
    morning.wait(660)
    assert morning.proof.outcome == "ok", "tested again, and well"


def test_where_nothing_listens_the_result_is_unknown_and_never_ok(tmp_path: Path) -> None:
    for place, ear in enumerate([None, StoryEar(None), StoryEar(silence(0.0))]):
        morning = Morning(tmp_path / str(place), ear)
        morning.wait(60)
        assert morning.proof.outcome == "unknown"
        assert len(morning.texts()) == 1
    assert voice_health(VoiceStatus(VoiceHealth.OK), "unknown") == {"voice": "unknown"}


def test_a_device_that_is_missing_fails_even_where_nothing_listens(tmp_path: Path) -> None:
    morning = Morning(tmp_path, None)
    morning.voice.breaks = [VoiceResult("failed", heard=False, health=VoiceHealth.NO_DEVICE)]
    morning.wait(60)
    assert morning.proof.outcome == "failed"


def test_a_call_goes_before_the_test_which_is_made_up_for(tmp_path: Path) -> None:
    morning = Morning(tmp_path, StoryEar())
    morning.wait(1)
    assert morning.proof.running
    morning.call("A012", 3)
    morning.wait(0.2)
    assert morning.announcer.speaking == "A012-1"
    assert morning.proof.outcome is None
    morning.wait_for_silence()
    morning.wait(30)
    assert morning.proof.outcome == "ok"
    assert morning.reports == [("A012-1", "spoken")]


def test_the_test_has_the_volume_of_its_day_part_and_quiet_hours_have_none(tmp_path: Path) -> None:
    morning = Morning(tmp_path, StoryEar(sentence(volume_percent=30)))
    morning.announcer.rules = SpeakingRules(
        self_test_at=EIGHT, zone=JAKARTA, day_parts=((hour(0), 0), (hour(8, 1), 30))
    )
    morning.wait(50)
    assert morning.texts() == []
    morning.wait(60)
    assert [naming.volume_percent for naming in morning.voice.namings] == [30]
    assert morning.proof.outcome == "ok"


def test_without_an_hour_there_is_no_test_but_on_demand(tmp_path: Path) -> None:
    morning = Morning(tmp_path, StoryEar(), at=None)
    morning.wait(3600)
    assert morning.texts() == []
    morning.proof.want()
    morning.wait(10)
    assert morning.proof.outcome == "ok"


def test_thirty_proofs_are_kept(tmp_path: Path) -> None:
    """I14."""
    for place in range(40):
        (tmp_path / f"2026-10-{place:02}T07-30-00.json").write_text("{}")
        (tmp_path / f"2026-10-{place:02}T07-30-00.wav").write_bytes(b"")
    morning = Morning(tmp_path, StoryEar())
    morning.wait(60)
    assert len(list(tmp_path.glob("*.json"))) == len(list(tmp_path.glob("*.wav"))) == KEPT_PROOFS
    assert morning.proof.outcome == "ok"
    assert not (tmp_path / "2026-10-10T07-30-00.json").exists()
    assert (tmp_path / "2026-10-11T07-30-00.json").exists()


def test_the_measures_are_those_of_the_sound() -> None:
    found = measure(
        joined([silence(0.7), sentence(), silence(1.2)]).samples,
        22_050,
        expected_s=SENTENCE.estimated_s,
        volume_percent=100,
    )
    assert found.faults == ()
    assert found.heard_s == pytest.approx(SENTENCE.estimated_s, abs=0.1)
    assert found.lufs == pytest.approx(-16, abs=0.5)
    assert found.chime_share > 0.7


# For real: the shipped voice, its player and the monitor of a sound device.


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundRoom]:
    with SoundRoom() as opened:
        for name in ("PULSE_SERVER", "PULSE_COOKIE", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, opened.environment[name])
        yield opened


def _prove(room: SoundRoom, folder: Path, rules: SpeakingRules | None = None) -> Proof:
    """Let the real voice prove itself in this room."""
    command = voice_command(["id"], (), folder / "cache")
    voice = SupervisedVoice(command, environment=room.environment)
    announcer = Announcer(
        voice,
        lambda announcement, outcome: None,
        now=lambda: datetime.now(UTC),
        elapsed_s=time.monotonic,
        rules=rules,
    )
    proof = VoiceProof(
        announcer,
        MonitorEar(22_050),
        folder / "proofs",
        now=lambda: datetime.now(UTC),
        elapsed_s=time.monotonic,
    )
    end_s = time.monotonic() + 40
    while voice.status.health is VoiceHealth.STARTING:
        assert time.monotonic() < end_s
        announcer.poll()
        time.sleep(0.02)
    proof.want()
    while proof.last is None:
        assert time.monotonic() < end_s, voice.status
        announcer.poll()
        proof.tick()
        time.sleep(0.02)
    announcer.close()
    return proof.last


def test_the_real_voice_proves_itself_in_a_real_room(room: SoundRoom, tmp_path: Path) -> None:
    proof = _prove(room, tmp_path)
    print(proof)
    assert proof.outcome == "ok", proof
    assert proof.measures is not None
    assert proof.measures.lufs == pytest.approx(-16, abs=1)
    kept = read_wav(next((tmp_path / "proofs").glob("*.wav")))
    assert kept.rate == 22_050
    assert kept.length_s > proof.measures.heard_s > 0.8 * SENTENCE.estimated_s


def test_the_real_voice_is_quieter_in_a_quieter_day_part(room: SoundRoom, tmp_path: Path) -> None:
    proof = _prove(room, tmp_path, SpeakingRules(day_parts=((hour(0), 50),)))
    assert proof.outcome == "ok", proof
    assert proof.measures is not None
    assert proof.measures.lufs == pytest.approx(-22, abs=1)


def test_a_real_device_that_is_turned_down_to_nothing_is_not_ok(
    room: SoundRoom, tmp_path: Path
) -> None:
    """Not muted, so every player says "played"; only the ear knows better."""
    room.set_volume(0)
    proof = _prove(room, tmp_path)
    print(proof)
    assert proof.outcome == "failed", proof
