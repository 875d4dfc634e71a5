"""Ears: what really sounds, as samples: the monitor of the sound device, or a microphone.

A program writes raw samples on its standard output (`parec`, `arecord`) and a thread takes them in.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
from array import array
from collections.abc import Sequence
from typing import Protocol

QUIET = 33
"""Samples up to this (-60 dBFS) count as silence: a monitor's silence is exactly nought."""

_PIECE_BYTES = 640
_ASK_DEADLINE_S = 0.6


class Hearing(Protocol):
    """One listening, until it is closed; may be asked from any thread."""

    @property
    def taken_s(self) -> float:
        """How much was taken in so far, in seconds of sound or silence."""

    @property
    def sounding_s(self) -> float:
        """How much of it was louder than silence, in seconds (in steps of 20 ms)."""

    @property
    def ended(self) -> bool:
        """Whether there will be no more, for example because the device is gone."""

    def samples(self) -> "array[int]":
        """Everything heard, if the ear was asked to keep it; of the last minute at least."""

    def recent_peak(self) -> float:
        """The strongest of the last 0.1 s, from 0 to 1, for a level meter."""

    def close(self) -> None:
        """Listen no longer."""


class Ear(Protocol):
    """Something that can listen. ``rate`` is in samples a second."""

    rate: int

    def listen(self, *, keep: bool = False) -> Hearing | None:
        """Begin to listen; None if there is nothing to listen with: then nothing is known."""


class CommandHearing:
    """The output of a program that records, as it comes."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", rate: int, *, keep_s: float | None
    ) -> None:
        self._process = process
        self._rate = rate
        self._most_bytes = 0 if keep_s is None else 2 * int(keep_s * rate)
        self._kept = bytearray()
        self._count = 0
        self._sounding_steps = 0
        self._peaks = [0] * 5
        self._ended = threading.Event()
        self._lock = threading.Lock()
        threading.Thread(target=self._read, name="ear", daemon=True).start()

    @property
    def taken_s(self) -> float:
        """See `Hearing.taken_s`."""
        return self._count / self._rate

    @property
    def sounding_s(self) -> float:
        """See `Hearing.sounding_s`."""
        return self._sounding_steps / 50

    @property
    def ended(self) -> bool:
        """See `Hearing.ended`."""
        return self._ended.is_set()

    def samples(self) -> "array[int]":
        """See `Hearing.samples`."""
        with self._lock:
            kept = bytes(self._kept)
        samples = array("h", kept[: len(kept) // 2 * 2])
        if sys.byteorder == "big":
            samples.byteswap()
        return samples

    def recent_peak(self) -> float:
        """See `Hearing.recent_peak`."""
        return max(self._peaks) / 32_768

    def close(self) -> None:
        """See `Hearing.close`."""
        self._process.kill()
        self._process.wait()

    def _read(self) -> None:
        """Runs in a thread of its own, to the program's end."""
        step_bytes = 2 * (self._rate // 50)
        left = b""
        assert self._process.stdout is not None
        with self._process.stdout as output, contextlib.suppress(OSError, ValueError):
            while piece := output.read(min(_PIECE_BYTES, step_bytes)):
                left = self._take(left + piece, step_bytes)
        self._ended.set()

    def _take(self, heard: bytes, step_bytes: int) -> bytes:
        while len(heard) >= step_bytes:
            step, heard = heard[:step_bytes], heard[step_bytes:]
            samples = array("h", step)
            if sys.byteorder == "big":
                samples.byteswap()
            peak = max(max(samples), -min(samples))
            self._peaks = [*self._peaks[1:], peak]
            self._sounding_steps += peak > QUIET
            self._count += len(samples)
            if self._most_bytes:
                with self._lock:
                    self._kept += step
                    del self._kept[: max(0, len(self._kept) - self._most_bytes)]
        return heard


class CommandEar:
    """An ear that is a program: raw mono samples of 16 bits on its standard output."""

    def __init__(self, command: Sequence[str], rate: int, *, keep_s: float = 120.0) -> None:
        self._command = tuple(command)
        self._keep_s = keep_s
        self.rate = rate

    def listen(self, *, keep: bool = False) -> Hearing | None:
        """See `Ear.listen`."""
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            return None
        return CommandHearing(process, self.rate, keep_s=self._keep_s if keep else None)


class MonitorEar(CommandEar):
    """Hears what the default sound device is given to play (PulseAudio, PipeWire).

    A monitor that is muted hears nothing and so proves nothing: `listen` then gives None.
    """

    def __init__(self, rate: int = 8_000) -> None:
        super().__init__(_parec("@DEFAULT_MONITOR@", rate), rate)

    def listen(self, *, keep: bool = False) -> Hearing | None:
        """See `Ear.listen`."""
        if shutil.which("parec") is None or shutil.which("pactl") is None:
            return None
        if self._is_muted():
            return None
        return super().listen(keep=keep)

    def _is_muted(self) -> bool:
        """Whether it is known to be deaf; a server that cannot say so is tried all the same."""
        try:
            answer = subprocess.run(
                ["pactl", "get-source-mute", "@DEFAULT_MONITOR@"],
                capture_output=True,
                text=True,
                timeout=_ASK_DEADLINE_S,
                env={**os.environ, "LC_ALL": "C"},  # its words are compared
                stdin=subprocess.DEVNULL,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return True
        return "yes" in answer.stdout


def microphone(rate: int = 44_100) -> Ear | None:
    """Choose what records a voice on this system; None if no such program is installed."""
    if shutil.which("parec") is not None:
        return CommandEar(_parec("@DEFAULT_SOURCE@", rate), rate)
    if shutil.which("arecord") is not None:
        command = ["arecord", "-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", str(rate)]
        return CommandEar(command, rate)
    return None


def wait_for_sound(hearing: Hearing, seconds: float) -> bool:
    """Wait until the ear takes anything in at all; False if it does not in so many seconds."""
    until_s = time.monotonic() + seconds
    while hearing.taken_s == 0:
        if hearing.ended or time.monotonic() > until_s:
            return False
        time.sleep(0.01)
    return True


def _parec(device: str, rate: int) -> list[str]:
    return [
        *("parec", "--raw", "--latency-msec=20", f"--device={device}", f"--rate={rate}"),
        *("--channels=1", "--format=s16le", "--client-name=antrean"),
    ]
