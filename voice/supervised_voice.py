"""The voice in a child process that is watched: whoever hangs, dies or lies there is replaced.

The child does what it is asked or is killed at its deadline, together with the player that it
started, and a new one takes the next call (fault F34). The caller is never made to wait.
"""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from voice.port import OnFinished, Utterance, VoiceHealth, VoiceResult, VoiceStatus
from voice.words import Done, Playing, Ready, Speak, Status, Stop, Tell

PREPARE_DEADLINE_S = 2.0
"""From being asked (or from being ready) to the first sound: 1 s for the engine, then the clips."""

OVERRUN_S = 3.0
"""An utterance may take so much longer than its length."""

START_DEADLINE_S = 5.0
STOP_DEADLINE_S = 0.5
LONGEST_PAUSE_S = 2.0
"""The most that is waited before a child that keeps failing is started again."""

_LEAST_SHARE = 0.7  # of the length; whoever says "played" before that did not play it
_LEAST_LENGTH = 0.4  # of the estimate; a sound so short does not hold the words

_log = logging.getLogger(__name__)


def voice_command(
    languages: Sequence[str],
    clips: Sequence[Path] = (),
    cache: Path | None = None,
    *,
    fixed_words: bool = True,
) -> list[str]:
    """Say how the voice process is started: languages to be spoken, folders of recorded voices.

    ``cache`` None is the user's own cache folder. Without ``fixed_words`` nothing speaks where
    neither recordings nor the engine do.
    """
    command = [sys.executable, "-m", "voice.process", "--languages", ",".join(languages)]
    for folder in clips:
        command += ["--clips", str(folder)]
    if not fixed_words:
        command.append("--no-fixed-words")
    return command if cache is None else [*command, "--cache", str(cache)]


@dataclass(slots=True)
class _Job:
    number: int
    utterance: Utterance
    on_finished: OnFinished
    asked_at_s: float
    playing_at_s: float | None = None
    length_s: float = 0.0
    stop_at_s: float | None = None
    sent: bool = False


@dataclass(slots=True)
class _Child:
    """One life of the child. The reader thread fills ``heard``, and sets ``ended`` at the end.

    What is heard carries the time at which it came: the caller may have been busy since.
    """

    process: "subprocess.Popen[bytes]"
    started_at_s: float
    ready_at_s: float | None = None
    status: VoiceStatus | None = None
    heard: deque[tuple[float, Tell]] = field(default_factory=deque)
    ended: threading.Event = field(default_factory=threading.Event)


class SupervisedVoice:
    """A `Voice` in a child process, started by the first `poll`: construction costs nothing.

    ``wake`` may be called from another thread when there is news; `poll` soon then.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: dict[str, str] | None = None,
        elapsed_s: Callable[[], float] = time.monotonic,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._command = list(command)
        self._environment = environment
        self._elapsed_s = elapsed_s
        self._wake = wake
        self._child: _Child | None = None
        self._job: _Job | None = None
        self._jobs = 0
        self._failed_starts = 0
        self._failed_jobs = 0
        self._start_at_s = 0.0
        self._fault = ""
        self._closed = False

    # Public.

    def speak(self, utterance: Utterance, on_finished: OnFinished) -> None:
        """See `Voice.speak`."""
        if self._job is not None:
            raise RuntimeError("One utterance at a time: another one is under way.")
        self._jobs += 1
        self._job = _Job(self._jobs, utterance, on_finished, self._elapsed_s())
        self._ask()
        self._wake()

    def stop(self) -> None:
        """See `Voice.stop`."""
        job = self._job
        if job is not None and job.stop_at_s is None:
            job.stop_at_s = self._elapsed_s()
            if job.sent:
                self._say(Stop(job.number))

    def poll(self) -> None:
        """See `Voice.poll`."""
        if self._closed:
            return
        self._hear()
        self._keep_deadlines()
        if self._child is None and self._elapsed_s() >= self._start_at_s:
            self._start()
        self._ask()

    @property
    def sounding(self) -> bool:
        """See `Voice.sounding`."""
        return self._job is not None and self._job.playing_at_s is not None

    @property
    def status(self) -> VoiceStatus:
        """See `Voice.status`; a voice that failed twice in a row is broken until it plays."""
        if self._failed_starts > 1 or self._failed_jobs > 1:
            return VoiceStatus(VoiceHealth.BROKEN, detail=self._fault)
        if self._child is None or self._child.status is None:
            return VoiceStatus(VoiceHealth.STARTING)
        return self._child.status

    @property
    def process_id(self) -> int | None:
        """The child's process id while it runs."""
        return self._child.process.pid if self._child else None

    def close(self) -> None:
        """See `Voice.close`."""
        self._closed = True
        self._job = None
        if self._child is not None:
            self._kill()

    # Private: talking with the child.

    def _start(self) -> None:
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=self._environment,
                # A group of its own, so that child and player can be ended together.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            self._failed_starts += 1
            self._start_later(f"the voice process cannot be started: {error}")
            return
        child = _Child(process, self._elapsed_s())
        self._child = child
        threading.Thread(target=self._read, args=(child,), name="voice", daemon=True).start()

    def _read(self, child: _Child) -> None:
        """Runs in the child's reader thread, to the child's end."""
        decoder = msgspec.json.Decoder(Tell)
        assert child.process.stdout is not None
        with contextlib.suppress(ValueError):  # not our words, or no text: as good as dead
            for line in child.process.stdout:
                child.heard.append((self._elapsed_s(), decoder.decode(line)))
                self._wake()
        _kill_group(child.process)
        child.process.stdout.close()
        child.process.wait()
        child.ended.set()
        self._wake()

    def _say(self, words: Speak | Stop) -> None:
        assert self._child is not None
        stdin = self._child.process.stdin
        assert stdin is not None
        # A child that is gone is found by its reader; here only the pipe is known to be broken.
        with contextlib.suppress(OSError):
            stdin.write(msgspec.json.encode(words) + b"\n")
            stdin.flush()

    def _ask(self) -> None:
        job = self._job
        if job is None or job.sent:
            return
        if job.stop_at_s is not None:
            self._finish(VoiceResult("stopped", heard=False))
        elif self._child is not None and self._child.ready_at_s is not None:
            job.sent = True
            job.asked_at_s = self._elapsed_s()
            self._say(Speak(job.number, job.utterance))
        elif self._failed_starts > 1:
            # It does not come up: say so at once rather than keep the hall waiting.
            self._finish(VoiceResult("failed", heard=False, health=VoiceHealth.BROKEN))

    def _hear(self) -> None:
        child = self._child
        if child is None:
            return
        ended = child.ended.is_set()  # asked before reading, so that no last word is lost
        while child.heard and child is self._child:
            self._take(child, *child.heard.popleft())
        if ended and child is self._child:
            self._fail(f"the voice process ended by itself ({child.process.returncode})")

    def _take(self, child: _Child, came_at_s: float, words: Tell) -> None:
        job = self._job
        match words:
            case Ready():
                child.ready_at_s = came_at_s
                self._failed_starts = 0
            case Status():
                child.status = VoiceStatus(
                    words.health,
                    words.missing_languages,
                    words.detail,
                    words.borrowed_languages,
                    words.fixed_languages,
                )
            case Playing() if job is not None and words.job == job.number:
                job.playing_at_s = came_at_s
                job.length_s = words.length_s
            case Done() if job is not None and words.job == job.number:
                self._take_done(job, came_at_s, words)
            case _:
                pass  # about a job that is over

    def _take_done(self, job: _Job, came_at_s: float, done: Done) -> None:
        if done.outcome == "stopped" and job.stop_at_s is not None:
            self._finish(VoiceResult("stopped", heard=self.sounding))
        elif done.outcome == "played" and self._believable(job, came_at_s):
            self._failed_jobs = 0
            self._finish(VoiceResult("played", heard=True))
        elif done.outcome == "failed":
            heard = done.heard and self.sounding
            self._failed_jobs += done.health is VoiceHealth.BROKEN
            self._fault = done.detail
            _log.warning("A call was not spoken (%s): %s.", done.health.value, done.detail)
            self._finish(VoiceResult("failed", heard, done.health, done.detail))
        else:
            self._fail(f"the voice process said {done.outcome!r} too early")

    def _believable(self, job: _Job, came_at_s: float) -> bool:
        """Whether the sound was long enough for its words, and there was time to play it."""
        if job.playing_at_s is None:
            return False
        took_s = came_at_s - job.playing_at_s
        return (
            took_s >= _LEAST_SHARE * job.length_s
            and job.length_s >= _LEAST_LENGTH * job.utterance.estimated_s
        )

    # Private: deadlines and new beginnings.

    def _keep_deadlines(self) -> None:
        child, job, now_s = self._child, self._job, self._elapsed_s()
        if child is None:
            return
        if child.ready_at_s is None:
            if now_s > child.started_at_s + START_DEADLINE_S:
                self._fail("the voice process did not get ready")
        elif job is None or not job.sent:
            return
        elif job.stop_at_s is not None:
            if now_s > max(job.stop_at_s, job.asked_at_s) + STOP_DEADLINE_S:
                self._fail("the voice process did not stop")
        elif job.playing_at_s is None:
            if now_s > job.asked_at_s + PREPARE_DEADLINE_S:
                self._fail("the voice made no sound in time")
        else:
            length_s = min(job.length_s, 2 * job.utterance.estimated_s + 1)
            if now_s > job.playing_at_s + length_s + OVERRUN_S:
                self._fail("the voice process did not end its sound in time")

    def _fail(self, fault: str) -> None:
        """Replace the child, and say what became of the utterance that it had."""
        child, job = self._child, self._job
        assert child is not None
        self._kill()
        if child.ready_at_s is None:
            self._failed_starts += 1
        elif job is not None and job.sent:
            self._failed_jobs += 1
        self._start_later(fault)
        if job is not None and job.sent:
            stopped = job.stop_at_s is not None
            self._finish(
                VoiceResult(
                    "stopped" if stopped else "failed",
                    heard=self.sounding,
                    health=VoiceHealth.OK if stopped else VoiceHealth.BROKEN,
                    detail=fault,
                )
            )

    def _start_later(self, fault: str) -> None:
        _log.warning("The voice starts anew: %s.", fault)
        self._fault = fault
        times = max(0, self._failed_starts - 1)
        pause_s = min(LONGEST_PAUSE_S, 0.25 * 2**times) if times else 0.0
        self._start_at_s = self._elapsed_s() + pause_s

    def _kill(self) -> None:
        child = self._child
        assert child is not None
        self._child = None
        _kill_group(child.process)
        with contextlib.suppress(OSError):
            assert child.process.stdin is not None
            child.process.stdin.close()

    def _finish(self, result: VoiceResult) -> None:
        """Give the voice free before the answer: whoever hears it may speak again at once."""
        job = self._job
        assert job is not None
        self._job = None
        job.on_finished(result)


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    """End the child and the player that it may have left behind; once reaped, nothing is left."""
    if process.returncode is not None:
        return
    if sys.platform == "win32":
        process.kill()
        return
    # The group outlives its leader while a player runs in it; a reaped and empty one is gone.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
