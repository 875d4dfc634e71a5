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
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec
from platformdirs import user_cache_path

from assets import asset_path
from voice.clip_voice import ClipVoice
from voice.ear import MonitorEar
from voice.engine_voice import EngineVoice
from voice.heard_player import HeardPlayer
from voice.phrases import Phrase, call_phrases, clip_script, trial_phrase
from voice.players import PlayerError, system_player
from voice.port import VoiceHealth
from voice.process_output import take_output
from voice.sound import RATE, Sound, SoundFormatError, chime, levelled, read_wav, write_wav
from voice.sources import Sources
from voice.speech_voice import SpeechError
from voice.words import Ask, Done, Playing, Ready, Speak, Status, Stop, Tell

CHECK_EVERY_S = 2.0
"""How often an idle voice looks whether it could be heard: it recovers by itself within 3 s."""

ENGINE_START_S = 1.5
"""So long is waited for the engine at the start; what it has not said by then comes later."""

PREPARE_DEADLINE_S = 0.3
"""A call that comes meanwhile waits for this and its own deadline at most."""

_log = logging.getLogger(__name__)
_STALE_S = 3600.0


class VoiceProcess:
    """Does one job after another; `run` returns when there will be no more."""

    def __init__(
        self,
        sources: Sources,
        player: HeardPlayer,
        languages: Sequence[str],
        cache: Path,
        output: BinaryIO,
    ) -> None:
        self._sources = sources
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
        self._unprepared: deque[Phrase] = deque()
        # The shipped words must be at hand when the engine hangs: they are read in advance, too.
        self._unread = deque(
            (language, clip) for language in self._languages for clip in clip_script(language)
        )
        self._kept_chime: Sound | None = None

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
        """Do what is asked; while nothing is, make ready what calls need and look at the device."""
        self._clean()
        self._sources.wait_for_engine(ENGINE_START_S)
        self._chime()
        for language in self._languages:
            self._unprepared.extend(
                Phrase(phrase.language, (group,))
                for phrase in (*call_phrases("A123", 1, [language]), trial_phrase(language))
                for group in phrase.groups
            )
        # The first language before anybody may ask, the others whenever nobody does.
        for _ in range(len(self._unprepared) // max(1, len(self._languages))):
            if not self._prepare(self._unprepared.popleft()):
                break
        self._check()
        self._tell(Ready())
        checked_s = time.monotonic()
        while True:
            try:
                ask = self._asked.get(
                    timeout=0.001 if self._unprepared or self._unread else CHECK_EVERY_S
                )
            except queue.Empty:
                if self._unprepared:
                    self._prepare(self._unprepared.popleft())
                elif self._unread:
                    self._sources.read_fixed(*self._unread.popleft())
                if time.monotonic() - checked_s >= CHECK_EVERY_S:
                    self._check()
                    checked_s = time.monotonic()
                continue
            done = self._speak(ask)
            self._tell(done)
            self._check(done)

    def _speak(self, ask: Speak) -> Done:
        self._stopped.clear()
        if self._stopped_job >= ask.job:
            return Done(ask.job, "stopped")
        with self._player.ready():
            return self._speak_into_room(ask)

    def _speak_into_room(self, ask: Speak) -> Done:
        try:
            sound = self._sources.sound(ask.utterance, self._chime)
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

    def _prepare(self, phrase: Phrase) -> bool:
        """Make what every call has in common, so that the first one does not wait for it."""
        try:
            rendered = self._sources.render(phrase, time.monotonic() + PREPARE_DEADLINE_S)
            if rendered is not None:
                levelled(rendered.sound)  # which fills its tables
        except SpeechError as error:
            _log.warning("The voice is not warm: %s", error)
            return False
        return True

    def _chime(self) -> Sound:
        if self._kept_chime is None:
            self._kept_chime = self._read_chime()
        return self._kept_chime

    def _read_chime(self) -> Sound:
        path = self._cache / f"chime-{RATE}.wav"
        with contextlib.suppress(OSError, SoundFormatError):
            return read_wav(path)
        made = chime()
        with contextlib.suppress(OSError):  # then it is made anew each time
            write_wav(path, made)
        return made

    def _check(self, done: Done | None = None) -> None:
        """Tell how the voice is, if that is news."""
        missing = tuple(code for code in self._languages if not self._sources.speaks(code))
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
        status = Status(
            health,
            missing,
            detail,
            tuple(code for code in self._languages if self._sources.borrows(code)),
            tuple(code for code in self._languages if self._sources.is_fixed(code)),
        )
        if status != self._told:
            self._told = status
            self._tell(status)

    def _why_no_voice(self) -> str:
        return self._sources.fault or "no voice of this language"

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


def main(arguments: Sequence[str] | None = None) -> None:
    """Start the voice process."""
    parser = argparse.ArgumentParser(description="Speaks calls for antrean-display.")
    parser.add_argument("--languages", default="id", help="codes that should be spoken: id,en")
    parser.add_argument("--clips", action="append", type=Path, default=[], help="recorded voices")
    parser.add_argument("--cache", type=Path, default=None, help="folder for sounds made before")
    parser.add_argument("--no-fixed-words", action="store_true", help="without the shipped words")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="voice: %(levelname)s %(message)s")
    output = take_output()
    cache = writable_cache(chosen.cache)
    languages = [code for code in chosen.languages.split(",") if code]
    sources = shipped_sources(chosen.clips, cache, fixed_words=not chosen.no_fixed_words)
    player = HeardPlayer(system_player(), MonitorEar())
    run_voice(VoiceProcess(sources, player, languages, cache, output))


def shipped_sources(clips: Sequence[Path], cache: Path, *, fixed_words: bool = True) -> Sources:
    """Choose what makes sounds here: recordings, the engine, and the shipped words behind both."""
    folders = [asset_path("fixed_words")] if fixed_words else []
    return Sources(ClipVoice(clips), EngineVoice(cache), ClipVoice(folders, finished=True))


def writable_cache(wanted: Path | None) -> Path:
    """Take this folder or the user's own, or one among the temporary files if need be."""
    return _writable(wanted or user_cache_path("antrean") / "voice")


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
