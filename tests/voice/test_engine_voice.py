"""The engine behind a deadline: who hangs, dies or lies is ended, what was made is kept (F34)."""

import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.voice.test_sound import tone
from voice.engine_voice import EngineVoice
from voice.phrases import Group, Phrase, call_phrases
from voice.port import Utterance
from voice.sound import Sound, chime
from voice.sources import Sources
from voice.speech_voice import SpeechError

A012, ENGLISH = call_phrases("A012", 3, ["id", "en"])
(JAVANESE,) = call_phrases("A012", 3, ["jv"])

ENGINE = """
    import sys, time, os
    from pathlib import Path
    import msgspec
    from voice.engine_words import Made, Make, NotMade, Voices
    from voice.sound import write_wav
    from voice.speech_voice import cache_name
    from tests.voice.test_sound import tone

    folder, script = Path(sys.argv[1]), Path(sys.argv[2])
    voices = {"id": "poz/id", "en": "gmw/en"}
    out = sys.stdout.buffer

    def next_line():
        lines = script.read_text().splitlines()
        script.write_text("\\n".join(lines[1:]))
        with (script.parent / "asked").open("a") as log:
            log.write("x")
        return lines[0] if lines else "make"

    def tell(words):
        out.write(msgspec.json.encode(words) + b"\\n")
        out.flush()

    def made(ask, seconds):
        path = folder / cache_name(voices[ask.language], ask.language, ask.words)
        write_wav(path, tone(300, seconds))
        tell(Made(ask.job, str(path)))

    if script.read_text().startswith("start-hang"):
        next_line()
        time.sleep(60)
    tell(Voices(voices))
    for asked in sys.stdin.buffer:
        ask = msgspec.json.decode(asked, type=Make)
        match next_line():
            case "hang":
                time.sleep(60)
            case "die":
                os._exit(3)
            case "garbage":
                out.write(b"Audio saved\\n")
                out.flush()
                time.sleep(60)
            case "error":
                tell(NotMade(ask.job, "no such word"))
            case "nothing":
                tell(Made(ask.job, str(folder / "nowhere.wav")))
            case "click":
                made(ask, 0.01)
            case "old":
                tell(Made(ask.job - 1, "x"))
                made(ask, 0.6)
            case _:
                made(ask, 0.25 * len(ask.words.split()))
"""
Make = Callable[..., EngineVoice]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Make]:
    program = tmp_path / "engine.py"
    program.write_text(textwrap.dedent(ENGINE))
    script, cache = tmp_path / "script", tmp_path / "cache"
    cache.mkdir()
    opened: list[EngineVoice] = []

    def make(*lines: str) -> EngineVoice:
        script.write_text("\n".join(lines))
        command = [sys.executable, str(program), str(cache), str(script)]
        opened.append(EngineVoice(cache, command))
        opened[-1].wait_until_ready(20)
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture(autouse=True)
def from_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[2]))


def test_a_phrase_is_made_once_and_then_needs_no_engine(engine: Make, tmp_path: Path) -> None:
    voice = engine()
    first = voice.render(A012, time.monotonic() + 10)
    asked = (tmp_path / "asked").read_text()
    assert len(asked) == 5
    again = engine("hang")
    assert again.render(A012, time.monotonic() + 10) == first
    assert (tmp_path / "asked").read_text() == asked


@pytest.mark.parametrize("fault", ["hang", "die", "garbage", "error", "nothing", "click"])
def test_who_breaks_is_told_in_time_and_the_next_phrase_is_made(engine: Make, fault: str) -> None:
    voice = engine(fault)
    began_s = time.monotonic()
    with pytest.raises(SpeechError):
        voice.render(A012, began_s + 0.5)
    assert time.monotonic() - began_s < 0.8
    assert voice.render(A012, time.monotonic() + 20) is not None


def test_an_answer_to_an_older_question_is_not_taken_for_this_one(engine: Make) -> None:
    sound = engine("old").render(A012, time.monotonic() + 10)
    assert sound is not None
    assert sound.length_s > 2


def test_an_engine_that_does_not_start_speaks_from_what_was_made_before(engine: Make) -> None:
    first = engine().render(A012, time.monotonic() + 10)
    voice = engine("start-hang")
    began_s = time.monotonic()
    assert voice.speaks("id")
    assert voice.render(A012, began_s + 0.5) == first
    with pytest.raises(SpeechError):
        voice.render(ENGLISH, time.monotonic() + 0.5)
    assert time.monotonic() - began_s < 1.5


def test_javanese_and_sundanese_are_read_by_the_indonesian_voice(engine: Make) -> None:
    """No fault: the status says that they borrow it."""
    voice = engine()
    assert voice.render(JAVANESE, time.monotonic() + 10) is not None
    assert [code for code in ("id", "en", "jv", "su") if voice.borrows(code)] == ["jv", "su"]
    assert not voice.speaks("xx")


def test_other_words_are_another_identity(engine: Make) -> None:
    voice = engine()
    (other,) = call_phrases("A013", 3, ["id"])
    assert voice.identity(A012) == voice.identity(A012)
    assert len({voice.identity(phrase) for phrase in (A012, other, ENGLISH)}) == 3


# All sources together.


class _Clips:
    def __init__(self, *languages: str) -> None:
        self.languages = languages

    def render(self, phrase: Phrase) -> Sound | None:
        return tone(500, 1) if phrase.language in self.languages else None

    def speaks(self, language: str) -> bool:
        return language in self.languages

    def identity(self, phrase: Phrase) -> str:
        return "clips"

    def read(self, language: str, clip: str) -> None:
        pass


def _origin(sources: Sources, phrase: Phrase) -> str:
    made = sources.render(phrase, time.monotonic() + 0.4)
    return "" if made is None else made.origin


def test_recordings_win_then_the_engine_then_the_shipped_words(engine: Make) -> None:
    voice = engine()
    assert _origin(Sources(_Clips("id"), voice, _Clips("id")), A012) == "recording"
    assert _origin(Sources(_Clips(), voice, _Clips("id")), A012) == "engine"
    broken = engine("hang")
    (other,) = call_phrases("Z99", 3, ["id"], short=True)
    assert _origin(Sources(_Clips(), broken, _Clips("id")), other) == "fixed"


def test_two_languages_share_one_deadline(engine: Make, tmp_path: Path) -> None:
    """An engine that hangs costs an utterance one second, not one for each language."""
    sources = Sources(_Clips(), engine("hang", "hang", "hang"), _Clips("id", "en"))
    assert sources.sound(Utterance((A012, ENGLISH)), chime) is not None
    assert (tmp_path / "asked").read_text() == "x", "for the second one there was no time left"


def test_free_text_without_an_engine_is_an_error_and_no_silence(engine: Make) -> None:
    sources = Sources(_Clips(), engine("error"), _Clips())
    with pytest.raises(SpeechError, match="no such word"):
        sources.render(Phrase("id", (Group("apa saja", ()),)), time.monotonic() + 5)


def test_the_shipped_words_say_every_call_of_every_language() -> None:
    """F35: about 50 files a language, each with its words in it."""
    from assets import asset_path
    from voice.clip_voice import ClipVoice
    from voice.languages import LANGUAGES
    from voice.phrases import Reading, clip_script
    from voice.sound import read_wav

    folder = asset_path("fixed_words")
    voice = ClipVoice([folder])
    assert voice.languages() == set(LANGUAGES)
    for language in LANGUAGES:
        for clip in clip_script(language):
            sound = read_wav(folder / language / f"{clip}.wav")
            assert 0.15 < sound.length_s < 2.5, clip
            assert sound.lufs == pytest.approx(-16, abs=1), clip
        for facts in ({}, {"call_count": 2}, {"call_count": 9}, {"short": True}):
            for number in ("A012", "BK987"):
                (phrase,) = call_phrases(
                    number,
                    12,
                    [language],
                    reading=Reading(last_call=9),
                    service={"id": "Perubahan data"},
                    **facts,
                )
                assert voice.render(phrase) is not None, phrase.text
