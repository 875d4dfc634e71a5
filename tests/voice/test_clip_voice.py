"""Recorded clips: a human voice wins, and one missing word is no broken sentence."""

import logging
import wave
from pathlib import Path

import pytest

from tests.voice.test_sound import pitch_hz, tone
from voice.clip_voice import ClipVoice
from voice.phrases import call_phrases, clip_script
from voice.sound import Sound, write_wav

(A12,) = call_phrases("A12", 3, ["id"], short=True)  # a | satu dua | loket tiga


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "id").mkdir()
    for place, name in enumerate(["letter-a", "satu", "dua", "loket", "tiga"]):
        write_wav(tmp_path / "id" / f"{name}.wav", tone(400 + 100 * place, 0.5))
    return tmp_path


def test_a_phrase_is_joined_from_its_clips_with_pauses_between_groups(folder: Path) -> None:
    sound = ClipVoice([folder]).render(A12)
    assert sound is not None
    assert sound.length_s == pytest.approx(5 * 0.5 + 2 * 0.25, abs=0.1)
    for start_s, pitch in ((0.1, 400), (0.85, 500), (1.35, 600), (2.1, 700), (2.6, 800)):
        assert pitch_hz(sound, start_s, start_s + 0.3) == pytest.approx(pitch, abs=3)


def test_a_phrase_of_which_a_clip_is_missing_is_left_to_the_other_voice(folder: Path) -> None:
    (folder / "id" / "dua.wav").unlink()
    assert ClipVoice([folder]).render(A12) is None


def test_a_language_without_recordings_is_left_to_the_other_voice(folder: Path) -> None:
    (english,) = call_phrases("A12", 3, ["en"])
    assert ClipVoice([folder]).render(english) is None
    assert ClipVoice([folder / "nowhere"]).render(A12) is None
    assert not ClipVoice([folder / "nowhere"]).speaks("id")


def test_a_language_is_spoken_when_every_clip_of_its_script_exists(folder: Path) -> None:
    voice = ClipVoice([folder])
    assert not voice.speaks("id")
    assert "nomor-antrean" in voice.missing("id")
    for name in clip_script("id"):
        write_wav(folder / "id" / f"{name}.wav", tone(500, 0.2))
    assert voice.speaks("id")
    assert voice.languages() == {"id"}


def test_a_folder_of_an_unknown_language_is_passed_over(folder: Path) -> None:
    (folder / "xx").mkdir()
    assert ClipVoice([folder]).languages() == frozenset()


def test_the_branchs_own_recording_comes_before_ours(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "id").mkdir(parents=True)
    write_wav(own / "id" / "letter-a.wav", tone(1000, 0.5))
    sound = ClipVoice([own, folder]).render(A12)
    assert sound is not None
    assert pitch_hz(sound, 0.1, 0.4) == pytest.approx(1000, abs=3)


def test_a_clip_that_was_recorded_anew_is_heard_at_once(folder: Path) -> None:
    voice = ClipVoice([folder])
    voice.render(A12)
    write_wav(folder / "id" / "letter-a.wav", tone(1200, 0.5))
    sound = voice.render(A12)
    assert sound is not None
    assert pitch_hz(sound, 0.1, 0.4) == pytest.approx(1200, abs=3)


def test_a_clip_of_another_format_is_named_in_the_log_and_not_used(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with wave.open(str(folder / "id" / "dua.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(22_050)
        file.writeframes(bytes(1000))
    with caplog.at_level(logging.WARNING):
        assert ClipVoice([folder]).render(A12) is None
    assert "dua.wav" in caplog.text
    assert "16 bits" in caplog.text


def test_a_stereo_clip_at_another_rate_is_played_all_the_same(folder: Path) -> None:
    mono = tone(700, 0.5, 44_100)
    stereo = Sound(44_100, mono.samples[:0])
    for value in mono.samples:
        stereo.samples.extend((value, value))
    with wave.open(str(folder / "id" / "loket.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(stereo.samples.tobytes())
    sound = ClipVoice([folder]).render(A12)
    assert sound is not None
    assert sound.rate == 44_100
    assert pitch_hz(sound, 2.1, 2.4) == pytest.approx(700, abs=3)
