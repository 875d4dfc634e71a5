"""The voice's own process: makes a call's sound and plays it, so that a hang is not the board's.

It is asked and tells by JSON lines on standard input and output (`voice.words`); it ends
when its input ends. The display starts it as ``python -m voice.process``.
"""

import argparse
import contextlib
import logging
import os
import queue
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

import msgspec
from platformdirs import user_cache_path

from voice.clip_voice import ClipVoice
from voice.phrases import Phrase, call_phrases
from voice.players import Player, PlayerError, system_player
from voice.port import BETWEEN_LANGUAGES_S, Utterance, VoiceHealth
from voice.sound import RATE, Sound, SoundFormatError, chime, joined, read_wav, silence, write_wav
from voice.speech_voice import SpeechError, SpeechVoice
from voice.words import Ask, Done, Playing, Ready, Speak, Status, Stop, Tell

CHECK_EVERY_S = 2.0
"""How often an idle voice looks whether it could be heard: it recovers by itself within 3 s."""

_log = logging.getLogger(__name__)
_STALE_S = 3600.0


class PhraseSource(Protocol):
    """Something that can make the sound of a phrase."""

    def render(self, phrase: Phrase) -> Sound | None:
        """Make the sound, or return None if this source has no voice for it."""

    def speaks(self, language: str) -> bool:
        """Whether every phrase of this language can be made."""


class VoiceProcess:
    """Does one job after another; `run` returns when there will be no more."""

    def __init__(
        self,
        sources: Sequence[PhraseSource],
        player: Player,
        languages: Sequence[str],
        cache: Path,
        output: BinaryIO,
    ) -> None:
        self._sources = tuple(sources)
        self._player = player
        self._languages = tuple(languages)
        self._cache = cache
        self._wav = cache / f"playing-{os.getpid()}.wav"
        self._output = output
        self._encoder = msgspec.json.Encoder()
        self._asked: queue.SimpleQueue[Speak] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._stopped_job = 0
        self._told: Status | None = None

    def listen(self, lines: BinaryIO) -> None:
        """Take in what is asked, in a thread of its own; the end of the input ends the process."""
        decoder = msgspec.json.Decoder(Ask)
        try:
            for line in lines:
                ask = decoder.decode(line)
                if isinstance(ask, Stop):
                    self._stopped_job = ask.job
                    self._stopped.set()
                else:
                    self._asked.put(ask)
        finally:
            self._wav.unlink(missing_ok=True)
            _end_with_players()

    def run(self) -> None:
        """Do what is asked, and look at the device when nothing is."""
        self._clean()
        self._check()
        self._warm_up()
        self._tell(Ready())
        while True:
            try:
                ask = self._asked.get(timeout=CHECK_EVERY_S)
            except queue.Empty:
                self._check()
                continue
            done = self._speak(ask)
            self._tell(done)
            self._check(done)

    def _speak(self, ask: Speak) -> Done:
        self._stopped.clear()
        if self._stopped_job >= ask.job:
            return Done(ask.job, "stopped")
        try:
            sound = self._sound(ask.utterance)
            if sound is None:
                return Done(ask.job, "failed", VoiceHealth.NO_VOICE, detail=self._why_no_voice())
            write_wav(self._wav, sound)
        except (SpeechError, OSError) as error:
            return Done(ask.job, "failed", VoiceHealth.BROKEN, detail=str(error))
        if self._stopped.is_set():
            return Done(ask.job, "stopped")
        self._tell(Playing(ask.job, sound.length_s))
        try:
            self._player.play(self._wav, sound.length_s, self._stopped)
        except PlayerError as fault:
            return Done(ask.job, "failed", fault.health, fault.heard, fault.detail)
        return Done(ask.job, "stopped" if self._stopped.is_set() else "played")

    def _sound(self, utterance: Utterance) -> Sound | None:
        """Make the whole utterance one sound, so that nothing in it can overlap or part."""
        pieces: list[Sound] = []
        for phrase in utterance.phrases:
            rendered = self._render(phrase)
            if rendered is None:
                continue  # the status names the language; the others are still heard
            if pieces:
                pieces.append(silence(BETWEEN_LANGUAGES_S))
            pieces.append(rendered)
        if not pieces:
            return None
        if utterance.chime:
            pieces[:0] = [self._chime(), silence(utterance.gap_s)]
        return joined(pieces)

    def _render(self, phrase: Phrase) -> Sound | None:
        fault: SpeechError | None = None
        for source in self._sources:
            try:
                sound = source.render(phrase)
            except SpeechError as error:
                fault = error
                continue
            if sound is not None:
                return sound
        if fault is not None:
            raise fault
        return None

    def _warm_up(self) -> None:
        """Make what every call has in common, so that the first one does not wait for it."""
        for phrase in call_phrases("A123", 1, self._languages):
            try:
                self._render(phrase)
            except SpeechError as error:
                _log.warning("The voice is not warm: %s", error)
        self._chime()

    def _chime(self) -> Sound:
        path = self._cache / f"chime-{RATE}.wav"
        with contextlib.suppress(OSError, SoundFormatError):
            return read_wav(path)
        made = chime()
        with contextlib.suppress(OSError):  # then it is made anew each time
            write_wav(path, made)
        return made

    def _check(self, done: Done | None = None) -> None:
        """Tell how the voice is, if that is news."""
        missing = tuple(
            language
            for language in self._languages
            if not any(source.speaks(language) for source in self._sources)
        )
        health, detail = VoiceHealth.OK, ""
        if done is not None and done.outcome == "failed":
            health, detail = done.health, done.detail
        else:
            try:
                self._player.check()
            except PlayerError as fault:
                health, detail = fault.health, fault.detail
        if health is VoiceHealth.OK and missing and self._languages[0] == missing[0]:
            health, detail = VoiceHealth.NO_VOICE, self._why_no_voice()
        status = Status(health, missing, detail)
        if status != self._told:
            self._told = status
            self._tell(status)

    def _why_no_voice(self) -> str:
        faults = [source.fault for source in self._sources if isinstance(source, SpeechVoice)]
        return "; ".join(fault for fault in faults if fault) or "no voice of this language"

    def _tell(self, words: Tell) -> None:
        self._output.write(self._encoder.encode(words) + b"\n")
        self._output.flush()

    def _clean(self) -> None:
        """Remove what processes left that were ended while they played."""
        self._cache.mkdir(parents=True, exist_ok=True)
        for left in self._cache.glob("playing-*"):
            with contextlib.suppress(OSError):
                if time.time() - left.stat().st_mtime > _STALE_S:
                    left.unlink()


def run_voice(process: VoiceProcess) -> None:
    """Run a voice on this process's standard input until that ends."""
    threading.Thread(target=process.listen, args=(sys.stdin.buffer,), daemon=True).start()
    process.run()


def take_output() -> BinaryIO:
    """Keep standard output for our words alone: what libraries print goes to the log."""
    ours = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return ours


def main(arguments: Sequence[str] | None = None) -> None:
    """Start the voice process."""
    parser = argparse.ArgumentParser(description="Speaks calls for antrean-display.")
    parser.add_argument("--languages", default="id", help="codes that should be spoken: id,en")
    parser.add_argument("--clips", action="append", type=Path, default=[], help="recorded voices")
    parser.add_argument("--cache", type=Path, default=None, help="folder for sounds made before")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="voice: %(levelname)s %(message)s")
    output = take_output()
    cache = _writable(chosen.cache or user_cache_path("antrean") / "voice")
    languages = [code for code in chosen.languages.split(",") if code]
    sources: list[PhraseSource] = [ClipVoice(chosen.clips), SpeechVoice(cache)]
    run_voice(VoiceProcess(sources, system_player(), languages, cache, output))


def _writable(folder: Path) -> Path:
    """Take this folder, or one among the temporary files if it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        other = Path(tempfile.mkdtemp(prefix="antrean-voice-"))
        _log.warning("The voice's cache is kept in %s: %s", other, error)
        return other


def _end_with_players() -> None:
    """End this process and the player that it may have started, at once."""
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    main()
