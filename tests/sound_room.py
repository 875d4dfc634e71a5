"""A room with ears: a private PulseAudio whose only device is a null sink that is recorded.

What programs play with the room's environment is really played, and can be measured.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

PROGRAMS = {
    "pulseaudio": "pulseaudio",
    "pactl": "pulseaudio-utils",
    "paplay": "pulseaudio-utils",
    "parecord": "pulseaudio-utils",
    "setpriv": "util-linux",
}
RATE = 44_100
START_DEADLINE_S = 10.0
_SINK = "hall"


class SoundRoomMissingError(RuntimeError):
    """A program that the room needs is not on this machine; the text names its package."""


@dataclass
class Recording:
    """What was heard: filled in when the recording ends. Samples are between -1 and 1."""

    path: Path
    samples: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    rate: int = RATE

    @property
    def length_s(self) -> float:
        """How long was listened, in seconds."""
        return len(self.samples) / self.rate

    def stretches(
        self, *, gap_s: float = 0.3, threshold: float = 0.01, least_s: float = 0.02
    ) -> list[tuple[float, float]]:
        """Find the stretches of sound as (start, end) in seconds; shorter gaps do not part them."""
        window = self.rate // 100
        count = len(self.samples) // window
        levels = np.sqrt(
            np.mean(self.samples[: count * window].reshape(count, window) ** 2, axis=1)
        )
        found: list[tuple[float, float]] = []
        for place in np.flatnonzero(levels > threshold):
            start_s, end_s = place / 100, (place + 1) / 100
            if found and start_s - found[-1][1] <= gap_s:
                found[-1] = (found[-1][0], end_s)
            else:
                found.append((start_s, end_s))
        return [stretch for stretch in found if stretch[1] - stretch[0] >= least_s]

    def between(self, start_s: float, end_s: float) -> npt.NDArray[np.float64]:
        """Cut out the samples of a stretch."""
        return self.samples[round(start_s * self.rate) : round(end_s * self.rate)]

    def pitch_hz(self, start_s: float, end_s: float) -> float:
        """Find the strongest frequency of a stretch."""
        return strongest_hz(self.between(start_s, end_s), self.rate)


class SoundRoom:
    """One private sound server; give ``environment`` to the programs that shall be heard."""

    def __init__(self) -> None:
        for program, package in PROGRAMS.items():
            if shutil.which(program) is None:
                raise SoundRoomMissingError(
                    f"{program} was not found: install the Debian package '{package}' "
                    "(script/setup test does it)."
                )
        self._folder = Path()
        self._server: subprocess.Popen[bytes] | None = None
        self.environment: dict[str, str] = {}

    def __enter__(self) -> Self:
        # A short path: the socket's whole name must stay below 108 bytes.
        self._folder = Path(tempfile.mkdtemp(prefix="antrean-sound-"))
        self.environment = {
            **os.environ,
            "HOME": str(self._folder),
            "XDG_RUNTIME_DIR": str(self._folder),
            "XDG_CONFIG_HOME": str(self._folder / "config"),
            "PULSE_SERVER": f"unix:{self._folder / 'pulse' / 'native'}",
            "PULSE_COOKIE": str(self._folder / "cookie"),
        }
        for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "PULSE_SINK"):
            self.environment.pop(name, None)
        try:
            self.start()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._remove()

    def start(self) -> None:
        """Start the sound server with its device; also after `stop`."""
        log = (self._folder / "log").open("ab")
        with log:
            self._server = subprocess.Popen(
                [
                    *("setpriv", "--pdeathsig", "TERM", "--"),
                    *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1"),
                    *("--use-pid-file=no", "--log-target=stderr"),
                    *("-L", "module-native-protocol-unix"),
                ],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline_s = time.monotonic() + START_DEADLINE_S
        while self._control("info").returncode != 0:
            if self._server.poll() is not None or time.monotonic() > deadline_s:
                raise RuntimeError(
                    f"PulseAudio did not start:\n{(self._folder / 'log').read_text()}"
                )
            time.sleep(0.02)
        self.plug_in()

    def stop(self) -> None:
        """End the sound server, as if it had crashed."""
        if self._server is not None and self._server.poll() is None:
            self._server.kill()
            self._server.wait(START_DEADLINE_S)

    def freeze(self) -> None:
        """Let the sound server hang: it is there, and answers nobody."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen sound server go on."""
        assert self._server is not None
        self._server.send_signal(signal.SIGCONT)

    def plug_in(self, name: str = _SINK, *, coarse: bool = False) -> None:
        """Give the room a device (a loudspeaker that nobody hears but the recorder).

        It works in steps of 50 ms, as a sound card does. A ``coarse`` one works in steps of 2 s:
        whoever plays without being recorded seems to go on for so long after its end.
        """
        rewinds = f"norewinds={0 if coarse else 1}"
        self._must("load-module", "module-null-sink", f"sink_name={name}", f"rate={RATE}", rewinds)

    def plug_out(self) -> None:
        """Take the device away."""
        self._must("unload-module", "module-null-sink")

    def mute(self, muted: bool) -> None:
        """Mute the device, or let it sound again."""
        self._must("set-sink-mute", _SINK, "1" if muted else "0")

    def mute_monitor(self) -> None:
        """Make the device's monitor deaf; the device itself sounds as before."""
        self._must("set-source-mute", f"{_SINK}.monitor", "1")

    def set_volume(self, percent: int) -> None:
        """Turn the device up or down, as somebody does with the remote control."""
        self._must("set-sink-volume", _SINK, f"{percent}%")

    def streams(self) -> int:
        """Count who plays at this moment."""
        return len(self._control("list", "short", "sink-inputs").stdout.splitlines())

    @contextmanager
    def record(self) -> Iterator[Recording]:
        """Listen for as long as the block runs; the recording is filled in at its end."""
        recording = Recording(self._folder / f"{time.monotonic_ns()}.wav")
        process = subprocess.Popen(
            [
                *("parecord", "--latency-msec=20", f"--device={_SINK}.monitor", f"--rate={RATE}"),
                *("--channels=1", "--format=s16le", "--file-format=wav", str(recording.path)),
            ],
            env=self.environment,
            stdin=subprocess.DEVNULL,
        )
        try:
            self._wait_for_ears(process, recording.path)
            yield recording
        finally:
            process.send_signal(signal.SIGINT)  # it then writes its file to the end
            process.wait(START_DEADLINE_S)
            if recording.path.exists():
                recording.samples = read_samples(recording.path)

    def _wait_for_ears(self, process: "subprocess.Popen[bytes]", path: Path) -> None:
        deadline_s = time.monotonic() + START_DEADLINE_S
        while not path.exists() or path.stat().st_size < 1_000:
            if process.poll() is not None or time.monotonic() > deadline_s:
                raise RuntimeError("parecord did not begin to record the room.")
            time.sleep(0.02)

    def _control(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["pactl", *command],
            env={**self.environment, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            timeout=START_DEADLINE_S,
            check=False,
        )

    def _must(self, *command: str) -> None:
        answer = self._control(*command)
        if answer.returncode != 0:
            raise RuntimeError(f"pactl {' '.join(command)}: {answer.stderr}")

    def _remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def read_samples(path: Path) -> npt.NDArray[np.float64]:
    """Read a WAV of 16 bits and one channel as numbers between -1 and 1."""
    with wave.open(str(path)) as file:
        frames = file.readframes(file.getnframes())
    return np.frombuffer(frames[: len(frames) // 2 * 2], dtype="<i2") / 32768.0


def strongest_hz(samples: npt.NDArray[np.float64], rate: int) -> float:
    """Find the strongest frequency in samples, to a fraction of a hertz."""
    size = 1 << 18
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), size))
    return float(np.argmax(spectrum) * rate / size)
