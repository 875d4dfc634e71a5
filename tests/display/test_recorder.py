"""The recorder leads through the words of a voice; tested at the monitor of a real sound device."""

import subprocess
import sys
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from assets.texts import Texts
from display.pre_rendering import ChildPlaying
from display.recorder_model import RecorderModel
from display.recorder_window import RecorderWindow
from tests.sound_room import SoundRoom
from tests.voice.test_sound import tone
from tests.voice.test_takes import said
from ui.theme import console_theme
from voice.ear import Hearing, microphone
from voice.phrases import clip_script
from voice.sound import LOUDNESS_LUFS, Sound, read_wav, silence, write_wav


class _Take:
    """One take that was spoken before."""

    def __init__(self, sound: Sound) -> None:
        self._sound = sound
        self.ended = False
        self.closed = False

    taken_s = property(lambda self: self._sound.length_s)
    sounding_s = property(lambda self: self._sound.length_s)

    def samples(self) -> "array[int]":
        return self._sound.samples

    def recent_peak(self) -> float:
        return 0.4

    def close(self) -> None:
        self.closed = True


class _Microphone:
    rate = 22_050

    def __init__(self, *takes: Sound) -> None:
        self.takes = list(takes)
        self.opened: list[_Take] = []

    def listen(self, *, keep: bool = False) -> Hearing | None:
        assert keep
        self.opened.append(_Take(self.takes.pop(0) if self.takes else said()))
        return self.opened[-1]


class _Player:
    def __init__(self) -> None:
        self.played: list[Sound] = []
        self.fault = ""
        self.sounding: Path | None = None

    def play(self, path: Path) -> None:
        self.played.append(read_wav(path))

    def close(self) -> None:
        self.sounding = None


def recorder(folder: Path, *takes: Sound, language: str = "id", **facts: object) -> RecorderModel:
    return RecorderModel(
        language,
        folder,
        _Microphone(*takes),
        _Player(),
        elapsed_s=time.monotonic,
        **facts,  # type: ignore[arg-type]
    )


def take(model: RecorderModel) -> None:
    model.record()
    model.tick()
    model.record()


def test_a_take_is_recorded_judged_heard_and_kept_and_the_next_word_comes(tmp_path: Path) -> None:
    model = recorder(tmp_path)
    assert (model.words, model.place, model.total) == ("nol", 1, len(clip_script("id")))
    model.record()
    assert model.step == "recording"
    model.tick()
    assert model.level == 0.4
    model.record()
    assert (model.step, model.judgement) == ("judged", "good")
    model.listen()
    player = model._playing
    assert isinstance(player, _Player)
    assert player.played[0].length_s == pytest.approx(1.02, abs=0.05)
    model.keep()
    assert read_wav(tmp_path / "id" / "nol.wav").lufs == pytest.approx(LOUDNESS_LUFS, abs=0.5)
    assert (model.words, model.step) == ("satu", "ready")
    assert "nol" not in model.missing


def test_every_word_can_be_recorded_to_the_end_and_then_nothing_is_missing(tmp_path: Path) -> None:
    model = recorder(tmp_path, more=["Perubahan data"])
    for left in reversed(range(model.total)):
        take(model)
        model.keep()
        assert len(model.missing) == left
    files = {path.stem for path in (tmp_path / "id").glob("*.wav")}
    assert files == {*clip_script("id"), "perubahan-data"}


def test_it_goes_on_where_it_was_left(tmp_path: Path) -> None:
    model = recorder(tmp_path)
    for _ in range(3):
        take(model)
        model.keep()
    take(model)  # not kept
    model.close()
    again = recorder(tmp_path)
    assert (again.words, again.step) == ("tiga", "ready")


def test_a_take_may_be_done_again_and_a_word_passed_over(tmp_path: Path) -> None:
    model = recorder(tmp_path, silence(1), said())
    take(model)
    assert model.judgement == "silent"
    model.keep()
    assert not model.is_kept, "silence is never kept"
    take(model)
    assert model.judgement == "good"
    model.go(1)
    assert (model.words, model.is_kept) == ("satu", False)
    model.go(-1)
    assert (model.words, model.step) == ("nol", "ready"), "a take that was not kept is gone"
    model.go(5)
    model.go_to_missing()
    assert model.words == "enam"


def test_a_forgotten_microphone_is_switched_off(tmp_path: Path) -> None:
    microphone = _Microphone(tone(300, 11))
    model = RecorderModel("id", tmp_path, microphone, _Player(), elapsed_s=time.monotonic)
    model.record()
    model.tick()
    assert (model.step, model.judgement) == ("judged", "too-long")
    assert microphone.opened[0].closed


def test_without_a_microphone_it_says_so(tmp_path: Path) -> None:
    model = RecorderModel("id", tmp_path, None, _Player(), elapsed_s=time.monotonic)
    model.record()
    assert (model.has_microphone, model.step) == (False, "ready")


def test_a_full_disk_is_told_and_the_take_is_not_lost(tmp_path: Path) -> None:
    (tmp_path / "id").write_text("in the way")
    model = recorder(tmp_path)
    take(model)
    model.keep()
    assert model.fault
    assert model.step == "judged"
    (tmp_path / "id").unlink()
    model.keep()
    assert (model.fault, model.words) == ("", "satu")


@pytest.mark.parametrize("language", ["id", "en", "jv", "su"])
def test_every_language_has_its_words(tmp_path: Path, language: str) -> None:
    model = recorder(tmp_path, language=language)
    assert len(model.missing) == model.total >= 40


# The window.


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_window_shows_the_words_and_what_to_do(
    qtbot: QtBot, tmp_path: Path, language: str
) -> None:
    model = recorder(tmp_path, said(), silence(1))
    window = RecorderWindow(
        model, Texts.load(language, ["voice_tools"], strict=True), console_theme(scale=1.4)
    )
    qtbot.addWidget(window)
    window.resize(960, 620)
    window.show()
    assert window.words.text() == "nol"
    assert not window.keep.isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.page_name == "recording"
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.page_name == "judged"
    assert window.keep.isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_Return)
    assert window.words.text() == "satu"
    assert str(model.total - 1) in window.missing.text()
    window.record.click()
    window.record.click()
    assert window.hint.text() == window._say("voice-record.judgement.silent")
    assert not window.keep.isEnabled()


# For real: a microphone that hears the room.


@pytest.fixture
def sound_room(monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundRoom]:
    with SoundRoom() as opened:
        for name in ("PULSE_SERVER", "PULSE_COOKIE", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, opened.environment[name])
        yield opened


def _wait(model: RecorderModel, thing: Callable[[], bool], what: str) -> None:
    end_s = time.monotonic() + 20
    while not thing():
        assert time.monotonic() < end_s, f"waited in vain for {what}"
        model.tick()
        time.sleep(0.02)


def test_a_real_microphone_records_what_is_said_to_it(
    sound_room: SoundRoom, tmp_path: Path
) -> None:
    """A null sink's monitor is the microphone, and a tone of 300 Hz the person."""
    write_wav(tmp_path / "person.wav", tone(300, 0.9, strength=0.2))
    model = RecorderModel("id", tmp_path, microphone(), ChildPlaying(), elapsed_s=time.monotonic)
    model.record()
    hearing = model._hearing
    assert hearing is not None
    _wait(model, lambda: hearing.taken_s > 0.4, "the microphone")
    person = subprocess.Popen(["paplay", str(tmp_path / "person.wav")], env=sound_room.environment)
    _wait(model, lambda: model.level > 0.1, "the level")
    assert person.wait(20) == 0
    _wait(model, lambda: hearing.taken_s > hearing.sounding_s + 0.8, "the end of the word")
    model.record()
    assert model.judgement == "good"
    with sound_room.record() as heard:
        model.listen()
        _wait(model, lambda: model.is_sounding, "the playback")
        _wait(model, lambda: not model.is_sounding, "its end")
    ((start_s, end_s),) = heard.stretches()
    assert end_s - start_s == pytest.approx(0.9, abs=0.15)
    assert heard.pitch_hz(start_s + 0.1, end_s - 0.1) == pytest.approx(300, abs=2)
    model.keep()
    kept = read_wav(tmp_path / "id" / "nol.wav")
    assert kept.length_s == pytest.approx(1.02, abs=0.15)
    assert kept.lufs == pytest.approx(LOUDNESS_LUFS, abs=1)
    print(f"recorded {kept.length_s:.2f} s at {kept.lufs:.1f} LUFS")
    model.close()


def test_the_programs_list_says_what_is_missing(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "display", "voice-record", "--voices", str(tmp_path)]
    done = subprocess.run([*words, "--missing"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == len(clip_script("id"))
    for clip in clip_script("id"):
        (tmp_path / "id").mkdir(exist_ok=True)
        write_wav(tmp_path / "id" / f"{clip}.wav", tone(300, 0.1))
    done = subprocess.run([*words, "--missing"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
