"""Players of WAV files, the one part of the house that touches the sound device.

`paplay`, then `aplay` on Linux, `winsound` on Windows. Exit codes are checked, a player that says
it is done too early is not believed, and none may run longer than its clip and one second.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from voice.port import VoiceHealth

AFTER_LENGTH_S = 1.0
"""A player may take so much longer than its clip (ux.md 1.3)."""

CHECK_DEADLINE_S = 0.6
WELL_FOR_S = 30.0
"""For so long after it was heard, a device that is opened to be checked is not checked again."""

LOOKED_FOR_S = 2.0
"""For so long a sink that was well is not looked at again."""

_LEAST_SHARE = 0.7  # of the clip's length; a player that returns before that did not play it
_NOT_BEGUN_S = 0.5  # a player that fails before that has not been heard
_POLL_S = 0.02


class PlayerError(Exception):
    """The sound did not come out. ``heard``: some of it may have."""

    def __init__(self, health: VoiceHealth, detail: str, *, heard: bool = False) -> None:
        super().__init__(detail)
        self.health = health
        self.detail = detail
        self.heard = heard


class NoOutputError(PlayerError):
    """The sound server is there, but nothing sounds behind it: no other player can do better."""


class OverrunError(PlayerError):
    """The player did not end in time and was ended."""


class NoAnswerError(PlayerError):
    """The sound server did not say how it is; that is no reason not to try it."""


class Player(Protocol):
    """Plays one file after another; used by one thread, `stopped` may be set by another."""

    def play(self, wav: Path, length_s: float, stopped: threading.Event) -> None:
        """Play to the end, or until ``stopped``; raises PlayerError if it did not sound."""

    def check(self) -> None:
        """Raise PlayerError if the device cannot be heard now; makes no sound."""


class CommandPlayer:
    """A player that is a program: it gets the file's name, and exit code 0 means played."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)

    def play(self, wav: Path, length_s: float, stopped: threading.Event) -> None:
        """See `Player.play`."""
        started_s = time.monotonic()
        process = self._start(wav)
        try:
            while process.poll() is None:
                if stopped.is_set():
                    return
                if time.monotonic() - started_s > length_s + AFTER_LENGTH_S:
                    raise OverrunError(
                        VoiceHealth.NO_DEVICE,
                        f"{self._command[0]} did not end within {length_s + AFTER_LENGTH_S:.1f} s",
                        heard=True,
                    )
                stopped.wait(_POLL_S)
        finally:
            process.kill()
            said = process.communicate()[1].decode(errors="replace").strip()[-300:]
        took_s = time.monotonic() - started_s
        if process.returncode != 0:
            raise PlayerError(
                VoiceHealth.NO_DEVICE,
                f"{self._command[0]} ended with {process.returncode}: {said}",
                heard=took_s > _NOT_BEGUN_S,
            )
        if took_s < _LEAST_SHARE * length_s:
            raise PlayerError(
                VoiceHealth.NO_DEVICE,
                f"{self._command[0]} said it played {length_s:.1f} s in {took_s:.1f} s",
                heard=True,
            )

    def check(self) -> None:
        """Raise PlayerError if the program is not installed."""
        if shutil.which(self._command[0]) is None:
            raise PlayerError(VoiceHealth.NO_PLAYER, f"{self._command[0]} is not installed")

    def _start(self, wav: Path) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(
                [*self._command, str(wav)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise PlayerError(VoiceHealth.NO_PLAYER, f"{self._command[0]}: {error}") from error


class PulsePlayer(CommandPlayer):
    """`paplay`, for PulseAudio and PipeWire.

    The sound server plays happily into nothing: into its dummy sink while no device is there, or
    into a muted one. So the sink is looked at before each sound (about 5 ms).
    """

    def __init__(self) -> None:
        super().__init__(["paplay"])
        self._well_at_s = -LOOKED_FOR_S

    def play(self, wav: Path, length_s: float, stopped: threading.Event) -> None:
        """See `Player.play`."""
        # It was looked at while the words were made; the hall does not wait for it again.
        if time.monotonic() - self._well_at_s > LOOKED_FOR_S:
            with contextlib.suppress(NoAnswerError):
                self.check()
        try:
            super().play(wav, length_s, stopped)
        except OverrunError:
            # A device of long latency tells the end late (up to 2 s), although all was given to
            # it. So a sound server that is well is believed; one that hangs does not answer.
            self.check()

    def check(self) -> None:
        """See `Player.check`."""
        self._well_at_s = -LOOKED_FOR_S
        self._look()
        self._well_at_s = time.monotonic()

    def _look(self) -> None:
        super().check()
        if shutil.which("pactl") is None:
            return
        answer = _ask("pactl", "info")
        if answer is None:
            raise NoAnswerError(VoiceHealth.NO_DEVICE, "the sound server does not answer")
        if answer.returncode != 0:
            raise PlayerError(VoiceHealth.NO_DEVICE, f"no sound server: {answer.stderr.strip()}")
        for line in answer.stdout.splitlines():
            name, _, value = line.partition(": ")
            if name.strip() == "Default Sink" and value.strip() in {
                "",
                "(null)",
                "n/a",
                "auto_null",
            }:
                raise NoOutputError(VoiceHealth.NO_DEVICE, "the sound server has no device")
        # Servers before PulseAudio 15 do not know this question; then nothing is known.
        mute = _ask("pactl", "get-sink-mute", "@DEFAULT_SINK@")
        if mute is not None and "yes" in mute.stdout:
            raise NoOutputError(VoiceHealth.MUTED, "the sound device is muted")


class AlsaPlayer(CommandPlayer):
    """`aplay`, for machines without a sound server."""

    def __init__(self) -> None:
        super().__init__(["aplay", "-q"])
        self._well_until_s = 0.0

    def play(self, wav: Path, length_s: float, stopped: threading.Event) -> None:
        """See `Player.play`."""
        self._well_until_s = 0.0
        super().play(wav, length_s, stopped)
        self._well_until_s = time.monotonic() + WELL_FOR_S

    def check(self) -> None:
        """See `Player.check`; 20 ms of silence show whether the device opens."""
        super().check()
        if time.monotonic() < self._well_until_s:
            return
        answer = _ask("aplay", "-q", "-f", "S16_LE", "-r", "22050", "-s", "441", "/dev/zero")
        if answer is None or answer.returncode != 0:
            said = answer.stderr.strip()[-300:] if answer else "no answer"
            raise PlayerError(VoiceHealth.NO_DEVICE, f"aplay: {said}")
        self._well_until_s = time.monotonic() + WELL_FOR_S


class FirstThatPlays:
    """Several players in the order of preference; the next one helps if nothing was heard yet."""

    def __init__(self, players: Sequence[Player]) -> None:
        self._players = tuple(players)

    def play(self, wav: Path, length_s: float, stopped: threading.Event) -> None:
        """See `Player.play`."""
        faults: list[PlayerError] = []
        for player in self._players:
            try:
                return player.play(wav, length_s, stopped)
            except PlayerError as fault:
                faults.append(fault)
                if fault.heard or isinstance(fault, NoOutputError):
                    break
        raise _most_telling(faults)

    def check(self) -> None:
        """See `Player.check`."""
        faults: list[PlayerError] = []
        for player in self._players:
            try:
                return player.check()
            except PlayerError as fault:
                faults.append(fault)
                if isinstance(fault, NoOutputError):
                    break
        raise _most_telling(faults)


if sys.platform == "win32":
    import ctypes
    import winsound

    class WindowsPlayer:
        """`winsound`: it tells when a sound cannot begin, but not when it ends early."""

        def play(self, wav: Path, length_s: float, stopped: threading.Event) -> None:
            """See `Player.play`."""
            self.check()
            flags = winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT
            try:
                winsound.PlaySound(str(wav), flags)
            except RuntimeError as error:
                raise PlayerError(VoiceHealth.NO_DEVICE, f"winsound: {error}") from error
            try:
                stopped.wait(length_s)
            finally:
                winsound.PlaySound(None, 0)

        def check(self) -> None:
            """See `Player.check`."""
            if ctypes.windll.winmm.waveOutGetNumDevs() == 0:
                raise PlayerError(VoiceHealth.NO_DEVICE, "Windows has no sound device")


def system_player() -> Player:
    """Choose what plays on this system."""
    if sys.platform == "win32":
        return WindowsPlayer()
    return FirstThatPlays([PulsePlayer(), AlsaPlayer()])


def _most_telling(faults: Sequence[PlayerError]) -> PlayerError:
    """A missing device says more than a missing program, of which there may be another."""
    for fault in faults:
        if fault.health is not VoiceHealth.NO_PLAYER:
            return fault
    return faults[0]


def _ask(*command: str) -> "subprocess.CompletedProcess[str] | None":
    """Ask a program; None if it does not answer in time."""
    try:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=CHECK_DEADLINE_S,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},  # its words are compared
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    except OSError as error:
        return subprocess.CompletedProcess(command, 1, "", str(error))
