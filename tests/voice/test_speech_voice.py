"""The synthetic voice: right speed, right pauses, right language, and no lie believed."""

import array
import itertools
import logging
import os
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voice import speech_voice
from voice.phrases import PAUSE, Phrase, call_phrases
from voice.sound import LOUDNESS_LUFS, Sound
from voice.speech_voice import SpeechError, SpeechVoice, choose_voice, start_pyttsx3

(A012,) = call_phrases("A012", 3, ["id"])
(A012_ENGLISH,) = call_phrases("A012", 3, ["en"])


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> SpeechVoice:
    """The real engine; it is one for the whole process."""
    speech = SpeechVoice(tmp_path_factory.mktemp("voice"))
    if not speech.speaks("id"):
        pytest.fail(
            f"espeak-ng has no Indonesian voice ({speech.fault or 'voice not found'}): install the "
            "Debian packages 'espeak-ng' and 'libespeak-ng1' (script/setup test does it).",
            pytrace=False,
        )
    return speech


def _rendered(voice: SpeechVoice, phrase: Phrase) -> Sound:
    sound = voice.render(phrase)
    assert sound is not None
    return sound


def _groups(sound: Sound) -> list[tuple[float, float]]:
    """Find the groups of a phrase: stretches with at least 200 ms of silence between them."""
    loud = np.flatnonzero(np.abs(np.array(sound.samples, dtype=float)) > 150) / sound.rate
    breaks = np.flatnonzero(np.diff(loud) > 0.2)
    starts = [loud[0], *loud[breaks + 1]]
    ends = [*loud[breaks], loud[-1]]
    return [(float(start), float(end)) for start, end in zip(starts, ends, strict=True)]


@pytest.mark.parametrize(("phrase", "syllables"), [(A012, 21), (A012_ENGLISH, 16)])
def test_a_call_is_spoken_at_3_8_syllables_a_second(
    voice: SpeechVoice, phrase: Phrase, syllables: int
) -> None:
    """ux.md 1.3, for reverberant halls and older ears."""
    spoken_s = sum(end - start for start, end in _groups(_rendered(voice, phrase)))
    rate = syllables / spoken_s
    print(f"{phrase.language}: {rate:.2f} syllables/s")
    assert 3.6 <= rate <= 4.0


def test_the_whole_sentence_lasts_six_and_a_half_seconds(voice: SpeechVoice) -> None:
    assert _rendered(voice, A012).length_s == pytest.approx(6.5, abs=0.4)


def test_there_are_250_ms_of_silence_between_groups(voice: SpeechVoice) -> None:
    groups = _groups(_rendered(voice, A012))
    assert len(groups) == 1 + A012.clips.count(PAUSE)
    pauses = [after[0] - before[1] for before, after in itertools.pairwise(groups)]
    assert all(abs(pause_s - 0.25) < 0.04 for pause_s in pauses), pauses


def test_a_whole_phrase_has_the_level_of_everything_that_is_played(voice: SpeechVoice) -> None:
    for phrase in (A012, A012_ENGLISH):
        assert _rendered(voice, phrase).lufs == pytest.approx(LOUDNESS_LUFS, abs=1.5)


def test_different_numbers_sound_different_and_the_same_number_the_same(voice: SpeechVoice) -> None:
    (other,) = call_phrases("A013", 3, ["id"])
    assert _rendered(voice, A012) == _rendered(voice, A012)
    assert _rendered(voice, A012) != _rendered(voice, other)


def test_every_counter_and_letter_can_be_spoken(voice: SpeechVoice) -> None:
    for place in range(26):
        (phrase,) = call_phrases(f"{chr(65 + place)}012", place + 1, ["id"], short=True)
        assert 2.0 < _rendered(voice, phrase).length_s < 6.0, phrase.text


def test_a_language_without_a_voice_of_its_own_is_not_spoken(voice: SpeechVoice) -> None:
    """F35: no other language's voice reads it."""
    assert not voice.speaks("xx")
    assert voice.render(Phrase("xx", A012.groups)) is None


# An engine of our own, which lies and breaks.


class _Voice:
    def __init__(self, name: str, languages: list[str]) -> None:
        self.id = name
        self.languages = languages


class _Engine:
    """Writes a tone as long as its words at the rate that was set, unless the story lies."""

    def __init__(self, languages: tuple[str, ...] = ("id", "en")) -> None:
        self.languages = languages
        self.made = 0
        self.rate = 175
        self.lies: list[Callable[[list[float]], list[float]]] = []
        self.loses_rate = 0
        self._saving: tuple[str, str] = ("", "")
        self._finished: Callable[..., None] = lambda **_: None

    def connect(self, topic: str, heard: Callable[..., None]) -> None:
        assert topic == "finished-utterance"
        self._finished = heard

    def getProperty(self, name: str) -> list[_Voice]:
        assert name == "voices"
        return [_Voice(f"poz/{code}", [code]) for code in self.languages]

    def setProperty(self, name: str, value: Any) -> None:
        if name == "rate":
            if self.loses_rate:
                self.loses_rate -= 1
            else:
                self.rate = value

    def save_to_file(self, text: str, path: str) -> None:
        self._saving = (text, path)

    def runAndWait(self) -> None:
        text, path = self._saving
        self.made += 1
        counting = text.startswith(("nol satu", "zero one")) and len(text.split()) == 10
        set_rate = 121 if "nol" in text else 146
        length_s = 5.23 if "nol" in text else 3.45
        seconds = length_s * set_rate / self.rate if counting else 0.25 * len(text.split())
        samples = list(10_000 * np.sin(np.arange(round(seconds * 22_050)) / 20))
        if self.lies and not counting:
            samples = self.lies.pop(0)(samples)
        with wave.open(path, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(22_050)
            file.writeframes(array.array("h", [round(value) for value in samples]).tobytes())
        self._finished(name=None, completed=True)


@pytest.fixture
def engine() -> _Engine:
    return _Engine()


@pytest.fixture
def scripted(tmp_path: Path, engine: _Engine) -> SpeechVoice:
    return SpeechVoice(tmp_path, lambda: engine)


def test_what_was_made_once_is_not_made_again(
    scripted: SpeechVoice, engine: _Engine, tmp_path: Path
) -> None:
    first = _rendered(scripted, A012)
    made = engine.made
    assert _rendered(scripted, A012) == first
    assert _rendered(SpeechVoice(tmp_path, lambda: engine), A012) == first
    assert engine.made == made


def test_groups_are_shared_by_calls(scripted: SpeechVoice, engine: _Engine) -> None:
    _rendered(scripted, A012)
    made = engine.made
    (other,) = call_phrases("A012", 4, ["id"])
    _rendered(scripted, other)
    assert engine.made == made + 2  # "loket empat", made twice because one might be a lie


LIES: dict[str, Callable[[list[float]], list[float]]] = {
    "nothing": lambda samples: [],
    "silence": lambda samples: [0.0] * len(samples),
    "a click": lambda samples: samples[:400],
    "half of it": lambda samples: samples[: len(samples) // 2],
    "two in one": lambda samples: samples * 2,
    "a minute": lambda samples: samples * 60,
}


@pytest.mark.parametrize("lie", sorted(LIES))
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_lie_of_the_engine_is_never_kept(
    tmp_path: Path, engine: _Engine, lie: str, place: int
) -> None:
    """F34: the cache holds a sound only when two makings agree."""
    honest = _rendered(SpeechVoice(tmp_path / "honest", _Engine), A012)
    engine.lies = [lambda samples: samples] * place + [LIES[lie]]
    voice = SpeechVoice(tmp_path / "lied", lambda: engine)
    assert _rendered(voice, A012) == honest


def test_an_engine_that_only_lies_is_an_error_and_leaves_nothing_behind(
    tmp_path: Path, engine: _Engine
) -> None:
    engine.lies = [LIES["nothing"]] * 100
    with pytest.raises(SpeechError, match="Nomor antrean"):
        SpeechVoice(tmp_path, lambda: engine).render(A012)
    assert list(tmp_path.iterdir()) == []


def test_a_rate_that_the_engine_lost_is_set_again(scripted: SpeechVoice, engine: _Engine) -> None:
    engine.loses_rate = 2
    _rendered(scripted, A012)
    assert engine.rate == speech_voice.RATES["id"]


def test_an_engine_that_keeps_losing_the_rate_is_an_error(
    scripted: SpeechVoice, engine: _Engine
) -> None:
    engine.loses_rate = 100
    with pytest.raises(SpeechError, match="rate"):
        scripted.render(A012)


def test_a_damaged_file_in_the_cache_is_made_anew(scripted: SpeechVoice, tmp_path: Path) -> None:
    first = _rendered(scripted, A012)
    for place, path in enumerate(sorted(tmp_path.glob("*.wav"))):
        path.write_bytes(path.read_bytes()[: 60 * place])
    assert _rendered(scripted, A012) == first
    assert _rendered(scripted, A012) == first


def test_the_cache_is_bounded(
    tmp_path: Path, engine: _Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I14: the least used half goes."""
    monkeypatch.setattr(speech_voice, "_MAX_FILES", 20)
    for place in range(30):
        path = tmp_path / f"old-{place}.wav"
        path.touch()
        os.utime(path, (place, place))
    voice = SpeechVoice(tmp_path, lambda: engine)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {f"old-{place}.wav" for place in range(20, 30)}
    for place in range(60):  # between two prunings the cache may grow by 200 files
        (phrase,) = call_phrases(f"A{place:03}", 1, ["id"], short=True)
        voice.render(phrase)
    assert len(list(tmp_path.iterdir())) <= 20 + 200


def test_without_a_cache_folder_calls_are_still_spoken(
    tmp_path: Path, engine: _Engine, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    with caplog.at_level(logging.WARNING):
        voice = SpeechVoice(tmp_path / "file", lambda: engine)
        assert voice.render(A012) is not None
    assert "cannot be" in caplog.text


def test_an_engine_that_is_not_installed_is_asked_again_later(tmp_path: Path) -> None:
    engines: list[Callable[[], Any]] = [_missing, _Engine]
    voice = SpeechVoice(tmp_path, lambda: engines.pop(0)())
    assert not voice.speaks("id")
    assert "libespeak" in voice.fault
    assert voice.speaks("id")
    assert voice.fault == ""


def _missing() -> Any:
    raise OSError("libespeak-ng.so.1: cannot open shared object file")


def test_an_engine_without_indonesian_says_so(tmp_path: Path) -> None:
    """F35."""
    voice = SpeechVoice(tmp_path, lambda: _Engine(("en",)))
    assert not voice.speaks("id")
    assert voice.render(A012) is None
    assert voice.render(A012_ENGLISH) is not None


@pytest.mark.parametrize(
    ("language", "voices", "chosen"),
    [
        ("id", [("gmw/en", ["en-gb"]), ("poz/id", ["id"])], "poz/id"),
        ("id", [("mb/mb-id1", ["id"])], None),
        ("id", [("poz/ms", ["ms"]), ("xx/idx", ["idx"])], None),
        ("en", [("gmw/en-us", ["en-us"]), ("gmw/en", ["en-gb"])], "gmw/en"),
        ("en", [("gmw/en-us", ["en-us"])], "gmw/en-us"),
        ("id", [("TTS_MS_ID-ID_ANDIKA", ["id_ID"]), ("ZIRA", ["en-US"])], "TTS_MS_ID-ID_ANDIKA"),
        ("id", [], None),
    ],
)
def test_the_voice_of_the_language_is_chosen_and_never_another(
    language: str, voices: list[tuple[str, list[str]]], chosen: str | None
) -> None:
    assert choose_voice(voices, language) == chosen


def test_the_real_engine_is_started_once_for_the_process() -> None:
    assert start_pyttsx3() is start_pyttsx3()
