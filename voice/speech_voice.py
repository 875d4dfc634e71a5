"""The synthetic voice, made into files: pyttsx3 over espeak-ng on Linux, over SAPI5 on Windows.

Runs in the engine's own process alone (`voice.engine_process`), because it may hang for ever. Its
traps, all met here:

- ``say`` swallows, overwrites and reports success without a device: it is never used.
- Two ``save_to_file`` in one run keep only the last: there is one at a time.
- ``runAndWait`` returns while espeak-ng still works in its own thread, so a file may be empty or
  missing: we wait for the engine's own word, and make each group of words until two sounds agree.
- A setting of the rate is sometimes lost (a run that begins cancels what is still queued): after
  each change the engine counts to nine, and the length shows whether the rate holds.
- It prints where it saved; the output of the process is not its to write on.
"""

import contextlib
import hashlib
import io
import logging
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from voice.phrases import LANGUAGES, PAUSE_S, Phrase, syllables
from voice.sound import (
    BREATH_S,
    Sound,
    SoundFormatError,
    joined,
    levelled,
    read_wav,
    silence,
    trimmed,
    write_wav,
)

_log = logging.getLogger(__name__)

RATES: Mapping[str, int] = {"id": 121, "en": 146}
"""The engine's "words a minute" that come to 3.8 syllables a second in each language, measured."""

COUNTING_S: Mapping[str, float] = {"id": 5.23, "en": 3.45}
"""How long espeak-ng counts from nought to nine at that rate; at its own it is much faster."""

_DEFAULT_RATE = 120
_COUNTING_TOLERANCE = 0.10
_SETTLE_S = 0.01
_MADE_DEADLINE_S = 0.5

# Spellings that make espeak-ng say a word right: "loket" would end in a murmur.
_SPELLINGS: Mapping[str, Mapping[str, str]] = {"id": {"loket": "lo-ket"}}

_CACHE_FORM = "1"  # raise it when rate, spelling or treatment change: old files are then not found
_MAX_FILES = 4_000  # of about 50 kB: a branch needs some 1,100 groups for each language
_TRIES = 6
_SHORTEST_SYLLABLE_S = 0.05
_LONGEST_SYLLABLE_S = 1.2


class SpeechError(Exception):
    """The engine cannot make this sound; the text says why."""


def start_pyttsx3() -> Any:
    """Start the engine of this system; raises OSError and others if it is not installed."""
    # Imported late: it loads the system's speech library, which may be missing.
    import pyttsx3

    return pyttsx3.init()


class SpeechVoice:
    """Phrases from the engine, kept in ``cache`` as one file for each group of words."""

    def __init__(self, cache: Path, start_engine: Callable[[], Any] = start_pyttsx3) -> None:
        self._cache = cache
        self._start_engine = start_engine
        self._engine: Any = None
        self._engine_fault = ""
        self._voices: dict[str, str] = {}
        self._language = ""
        self._finished = threading.Event()
        self._since_pruning = 0
        self._prune()

    def voices(self) -> dict[str, str]:
        """Which of the engine's voices speaks each of our languages that it has."""
        return {code: self._voices[code] for code in LANGUAGES if self.speaks(code)}

    def warm_up(self, language: str) -> None:
        """Set voice and rate of the language that is asked for first; raises SpeechError."""
        if self.speaks(language):
            self._choose(language)

    def make(self, language: str, words: str) -> Path:
        """Make a group of words; gives its file. Raises SpeechError, OSError."""
        if not self.speaks(language):
            raise SpeechError(self._engine_fault or f"the speech engine has no voice of {language}")
        self._group(language, words)
        path = self._cache / cache_name(self._voices[language], language, words.strip(" ,."))
        if not path.is_file():
            raise OSError(f"{path} could not be written")
        return path

    def render(self, phrase: Phrase) -> Sound | None:
        """Make the sound of a phrase; None if there is no voice of its language.

        Raises SpeechError if the engine keeps failing.
        """
        if not self.speaks(phrase.language):
            return None
        pieces: list[Sound] = []
        for group in phrase.groups:
            if pieces:
                pieces.append(silence(PAUSE_S - 2 * BREATH_S))
            pieces.append(self._group(phrase.language, group.text))
        return joined(pieces)

    def speaks(self, language: str) -> bool:
        """Whether the engine has a voice of this very language."""
        if language not in self._voices:
            self._open()
            if self._engine is None:
                return False
            found = choose_voice(
                [(voice.id, list(voice.languages or [])) for voice in self._engine_voices()],
                language,
            )
            if found is None:
                return False
            self._voices[language] = found
        return True

    @property
    def fault(self) -> str:
        """Why there is no engine at all; empty if there is one."""
        return self._engine_fault

    def _open(self) -> None:
        if self._engine is not None:
            return
        try:
            engine = self._start_engine()
            engine.connect("finished-utterance", self._on_finished)
            self._engine, self._engine_fault = engine, ""
        except (ImportError, OSError, RuntimeError, ValueError, KeyError) as error:
            self._engine_fault = f"the speech engine does not start: {error}"

    def _engine_voices(self) -> list[Any]:
        return list(self._engine.getProperty("voices"))

    def _group(self, language: str, text: str) -> Sound:
        words = text.strip(" ,.")
        path = self._cache / cache_name(self._voices[language], language, words)
        with contextlib.suppress(OSError, SoundFormatError):
            sound = read_wav(path)
            if is_plausible(sound, words):
                path.touch()  # the least used ones are thrown away
                return sound
        sound = levelled(self._agreed(language, words))
        try:
            self._prune_now_and_then()
            write_wav(path, sound)
        except OSError as error:
            # Without a cache every call is made anew: slower, but heard.
            _log.warning("The voice's cache %s cannot be written: %s", self._cache, error)
        return sound

    def _agreed(self, language: str, words: str) -> Sound:
        """Make words until two plausible sounds in a row agree in length."""
        before: Sound | None = None
        for _ in range(_TRIES):
            sound = trimmed(self._made(language, words))
            if not is_plausible(sound, words):
                continue
            if before is not None and abs(sound.length_s - before.length_s) < 0.05:
                return sound
            before = sound
        raise SpeechError(f"the speech engine made no sound of {words!r} in {_TRIES} tries")

    def _made(self, language: str, words: str) -> Sound:
        self._choose(language)
        spellings = _SPELLINGS.get(language, {})
        return self._saved(" ".join(spellings.get(word, word) for word in words.split()))

    def _choose(self, language: str) -> None:
        """Set voice and rate, until the engine is seen to keep to them."""
        if language == self._language:
            return
        self._language = ""
        for _ in range(_TRIES):
            self._engine.setProperty("voice", self._voices[language])
            self._engine.setProperty("rate", RATES.get(language, _DEFAULT_RATE))
            time.sleep(_SETTLE_S)
            if self._keeps_rate(language):
                self._language = language
                return
        raise SpeechError(f"the speech engine does not keep to the rate of {language!r}")

    def _keeps_rate(self, language: str) -> bool:
        expected_s = COUNTING_S.get(language)
        if expected_s is None or sys.platform == "win32":
            return True  # another engine, another length
        counted = trimmed(self._saved(" ".join(LANGUAGES[language].digits)))
        return abs(counted.length_s / expected_s - 1) < _COUNTING_TOLERANCE

    def _saved(self, text: str) -> Sound:
        with tempfile.TemporaryDirectory(prefix="antrean-voice-") as folder:
            path = Path(folder) / "words.wav"
            self._finished.clear()
            with contextlib.redirect_stdout(io.StringIO()):
                self._engine.save_to_file(text, str(path))
                self._engine.runAndWait()
                if sys.platform != "win32":  # there the file is whole when the run ends
                    self._finished.wait(_MADE_DEADLINE_S)
                    time.sleep(_SETTLE_S)
            try:
                return read_wav(path)
            except (OSError, SoundFormatError):
                return silence(0)

    def _on_finished(self, name: str | None, completed: bool) -> None:
        """Runs in the engine's thread."""
        self._finished.set()

    def _prune_now_and_then(self) -> None:
        self._since_pruning += 1
        if self._since_pruning >= 200:
            self._prune()

    def _prune(self) -> None:
        """Keep the cache bounded (law I14); half remains, so that it is seldom done."""
        self._since_pruning = 0
        try:
            self._cache.mkdir(parents=True, exist_ok=True)
            files = [(path.stat().st_mtime, path) for path in self._cache.glob("*.wav")]
            if len(files) > _MAX_FILES:
                for _, path in sorted(files)[: len(files) - _MAX_FILES // 2]:
                    path.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("The voice's cache %s cannot be kept: %s", self._cache, error)


def cache_name(voice: str, language: str, words: str) -> str:
    """Name the file of a group of words, so that other words, voice or treatment are another."""
    facts = (_CACHE_FORM, voice, RATES.get(language, _DEFAULT_RATE), words)
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32] + ".wav"


def choose_voice(voices: list[tuple[str, list[str]]], language: str) -> str | None:
    """Choose the engine's voice of a language, never one of another: (id, languages) of each.

    Leaves out mbrola voices: the engine writes them at a wrong speed.
    """
    best: tuple[int, str] | None = None
    for voice, languages in voices:
        if voice.startswith("mb/"):
            continue
        codes = [str(code).lower().replace("_", "-") for code in languages]
        if language in codes:
            rank = 0
        elif voice.split("/")[-1].lower() == language:
            rank = 1
        elif any(code.startswith(f"{language}-") for code in codes):
            rank = 2
        else:
            continue
        if best is None or (rank, voice) < best:
            best = (rank, voice)
    return best[1] if best else None


def is_plausible(sound: Sound, words: str) -> bool:
    """An engine that lies returns nothing, a click, or the sounds of two requests in one."""
    count = syllables(words)
    return _SHORTEST_SYLLABLE_S * count < sound.length_s < 0.5 + _LONGEST_SYLLABLE_S * count
