"""The synthetic voice as the voice process has it: from the cache, else from the engine in time.

The engine is in a process of its own and has a deadline for each utterance; whoever hangs or
breaks there is ended and started again behind the caller's back (fault F34).
"""

import contextlib
import json
import logging
import os
import queue
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import msgspec

from voice.engine_words import EngineTell, Made, Make, NotMade, Voices
from voice.phrases import PAUSE_S, Phrase
from voice.sound import BREATH_S, Sound, SoundFormatError, joined, measured, read_wav, silence
from voice.speech_voice import SpeechError, cache_name, is_plausible

RENDER_DEADLINE_S = 1.0
"""For whoever asks for a phrase without a deadline of its own."""

START_DEADLINE_S = 5.0
LONGEST_PAUSE_S = 2.0
READ_BY = {"jv": "id", "su": "id"}
"""Languages that no engine speaks, and whose voice reads them: their spelling is much alike."""

_KEPT_SOUNDS = 128
_log = logging.getLogger(__name__)


def engine_command(cache: Path) -> list[str]:
    """Say how the engine's process is started."""
    return [sys.executable, "-m", "voice.engine_process", str(cache)]


class _Engine:
    """One life of the engine's process. ``heard`` is filled by its reader; None is its end."""

    def __init__(self, command: Sequence[str]) -> None:
        self.started_at_s = time.monotonic()
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.heard: queue.SimpleQueue[EngineTell | None] = queue.SimpleQueue()
        self.voices: dict[str, str] | None = None
        threading.Thread(target=self._read, name="engine", daemon=True).start()

    def ask(self, words: Make) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):  # its reader finds that it is gone
            self.process.stdin.write(msgspec.json.encode(words) + b"\n")
            self.process.stdin.flush()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()

    def _read(self) -> None:
        decoder = msgspec.json.Decoder(EngineTell)
        assert self.process.stdout is not None
        with self.process.stdout as lines, contextlib.suppress(msgspec.DecodeError, ValueError):
            for line in lines:
                self.heard.put(decoder.decode(line))
        self.heard.put(None)


class EngineVoice:
    """Phrases of the synthetic voice, kept in ``cache``; used by one thread.

    ``command`` starts the engine's process.
    """

    def __init__(self, cache: Path, command: Sequence[str] | None = None) -> None:
        self._cache = cache
        self._command = list(command or engine_command(cache))
        self._engine: _Engine | None = None
        self._jobs = 0
        self._failures = 0
        self._start_at_s = 0.0
        self._fault = ""
        self._notes = cache / "voices.json"
        self._voices = self._read_notes()
        self._sounds: OrderedDict[Path, Sound] = OrderedDict()
        self.tend()

    def render(self, phrase: Phrase, until_s: float | None = None) -> Sound | None:
        """Make the sound of a phrase; None if there is no voice of its language.

        Raises SpeechError if the engine is not ready by ``until_s`` (monotonic) or keeps failing.
        """
        if until_s is None:
            until_s = time.monotonic() + RENDER_DEADLINE_S
        if not self._voices:
            self._wait_for_voices(until_s)
        if not self.speaks(phrase.language) or not phrase.groups:
            return None
        pieces: list[Sound] = []
        for group in phrase.groups:
            if pieces:
                pieces.append(silence(PAUSE_S - 2 * BREATH_S))
            pieces.append(self._group(self._read_by(phrase.language), group.text, until_s))
        return joined(pieces)

    def speaks(self, language: str) -> bool:
        """Whether the engine has a voice for this language, be it a borrowed one."""
        self.tend()
        return self._read_by(language) in self._voices

    def borrows(self, language: str) -> bool:
        """Whether another language's voice reads this one."""
        return self.speaks(language) and self._read_by(language) != language

    def identity(self, phrase: Phrase) -> str:
        """What its sound depends on: other words, voice or treatment, another identity."""
        language = self._read_by(phrase.language)
        voice = self._voices.get(language, "")
        names = [cache_name(voice, language, group.text.strip(" ,.")) for group in phrase.groups]
        return "engine:" + ",".join(names)

    def wait_until_ready(self, seconds: float) -> None:
        """Wait until the engine has said what voices it has, at most so long."""
        if not self._voices:  # else what it had last time holds until it says otherwise
            self._wait_for_voices(time.monotonic() + seconds)

    @property
    def fault(self) -> str:
        """Why there is no engine now; empty if there is one."""
        return self._fault

    def tend(self) -> None:
        """Take in what the engine said, end one that does not start, begin another. No wait."""
        engine = self._engine
        if engine is None:
            if time.monotonic() >= self._start_at_s:
                self._start()
            return
        with contextlib.suppress(queue.Empty, SpeechError):
            while True:
                self._take(engine.heard.get_nowait())
        late = time.monotonic() > engine.started_at_s + START_DEADLINE_S
        if self._engine is engine and engine.voices is None and late:
            self._drop("the speech engine did not start in time")

    def close(self) -> None:
        """End the engine."""
        if self._engine is not None:
            self._engine.end()
            self._engine = None

    def _group(self, language: str, text: str, until_s: float) -> Sound:
        words = text.strip(" ,.")
        path = self._cache / cache_name(self._voices[language], language, words)
        kept = self._sounds.get(path)
        if kept is not None:
            self._sounds.move_to_end(path)
            return kept
        with contextlib.suppress(OSError, SoundFormatError):
            sound = read_wav(path)
            if is_plausible(sound, words):
                path.touch()  # the least used ones are thrown away
                return self._keep(path, sound)
        made = self._make(language, words, until_s)
        try:
            sound = read_wav(made)
        except (OSError, SoundFormatError) as error:
            raise SpeechError(f"what the speech engine made cannot be read: {error}") from error
        if not is_plausible(sound, words):
            raise SpeechError(f"the speech engine made no sound of {words!r}")
        return self._keep(made, sound)

    def _keep(self, path: Path, sound: Sound) -> Sound:
        sound = self._sounds[path] = measured(sound)
        while len(self._sounds) > _KEPT_SOUNDS:
            self._sounds.popitem(last=False)
        return sound

    def _make(self, language: str, words: str, until_s: float) -> Path:
        self._wait_for_voices(until_s)
        engine = self._engine
        if engine is None or engine.voices is None:
            raise SpeechError(self._fault or "the speech engine is starting")
        self._jobs += 1
        engine.ask(Make(self._jobs, language, words))
        while True:
            told = self._next(engine, until_s)
            match told:
                case Made() if told.job == self._jobs:
                    self._failures = 0
                    return Path(told.path)
                case NotMade() if told.job == self._jobs:
                    raise SpeechError(told.fault)

    def _wait_for_voices(self, until_s: float) -> None:
        self.tend()
        with contextlib.suppress(SpeechError):
            while (engine := self._engine) is not None and engine.voices is None:
                self._next(engine, until_s, ends=False)

    def _next(self, engine: _Engine, until_s: float, *, ends: bool = True) -> EngineTell:
        """Take the engine's next word; whoever keeps silent is ended, unless it still starts."""
        try:
            told = engine.heard.get(timeout=max(0.001, until_s - time.monotonic()))
        except queue.Empty:
            fault = "the speech engine did not answer in time"
            if ends:
                self._drop(fault)
            raise SpeechError(fault) from None
        self._take(told)
        assert told is not None  # its end was an error
        return told

    def _take(self, told: EngineTell | None) -> None:
        engine = self._engine
        assert engine is not None
        if told is None:
            self._drop("the speech engine ended by itself")
            raise SpeechError(self._fault)
        if isinstance(told, Voices):
            engine.voices = told.voices
            self._fault = told.fault
            if told.voices != self._voices:
                self._voices = told.voices
                self._write_notes()

    def _start(self) -> None:
        try:
            self._engine = _Engine(self._command)
        except OSError as error:
            self._failures += 1
            self._later(f"the speech engine cannot be started: {error}")

    def _drop(self, fault: str) -> None:
        """End this engine; the next one starts at once, then more and more slowly."""
        assert self._engine is not None
        self._engine.end()
        self._engine = None
        self._failures += 1
        self._later(fault)
        if time.monotonic() >= self._start_at_s:
            self._start()

    def _later(self, fault: str) -> None:
        _log.warning("The speech engine starts anew: %s.", fault)
        self._fault = fault
        extra = self._failures - 2
        pause_s = min(LONGEST_PAUSE_S, 0.25 * 2**extra) if extra > 0 else 0.0
        self._start_at_s = time.monotonic() + pause_s

    def _read_by(self, language: str) -> str:
        return language if language in self._voices else READ_BY.get(language, language)

    def _read_notes(self) -> dict[str, str]:
        """Which voices the engine had last time: what lies in the cache needs no engine."""
        try:
            return msgspec.json.decode(self._notes.read_bytes(), type=dict[str, str])
        except (OSError, ValueError):  # of msgspec, or bytes that are no text
            return {}

    def _write_notes(self) -> None:
        part = self._notes.with_suffix(f".{os.getpid()}.part")
        with contextlib.suppress(OSError):
            part.write_text(json.dumps(self._voices, sort_keys=True), "utf-8")
            part.replace(self._notes)
