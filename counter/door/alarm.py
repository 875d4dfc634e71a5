"""What the desk at the door rings with: a process that plays, so that no sound device holds it."""

import logging
import sys
from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QProcess
from PySide6.QtWidgets import QApplication

COMMAND = (sys.executable, "-m", "voice.play_file", "--alarm")
"""Ends with 0 if it sounded, else with a sentence on its standard error."""

DEADLINE_MS = 6000
"""The player ends itself sooner; a process that does not is ended."""

log = logging.getLogger(__name__)


class Alarm(Protocol):
    """Rings once at each wish; ``is_mute`` if the last one could not be heard."""

    is_mute: bool

    def ring(self) -> None:
        """Make a sound, without waiting for it."""


class Bell:
    """The desktop's own sound, if it has one: nobody can tell whether it was heard."""

    is_mute = False

    def ring(self) -> None:
        """See `Alarm.ring`."""
        QApplication.beep()


class NoAlarm:
    """A desk that was told to be quiet: it only flashes."""

    is_mute = False

    def ring(self) -> None:
        """See `Alarm.ring`."""


class ChimeAlarm(QObject):
    """Three rising notes, twice. Where they cannot be heard, the desktop's own sound as well."""

    def __init__(self, command: Sequence[str] = COMMAND, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_mute = False
        self._command = tuple(command)
        self._process = QProcess(self)
        self._process.setStandardInputFile(QProcess.nullDevice())
        self._process.setStandardOutputFile(QProcess.nullDevice())
        self._process.finished.connect(self._on_ended)
        self._process.errorOccurred.connect(self._on_error)
        # A program that ends takes its sound with it.
        app = QApplication.instance()
        assert app is not None, "a window has an application"
        app.aboutToQuit.connect(self.close)

    def ring(self) -> None:
        """See `Alarm.ring`; while it still sounds it needs no second one."""
        if self._process.state() is QProcess.ProcessState.NotRunning:
            self._process.start(self._command[0], list(self._command[1:]))
            self._watch = self.startTimer(DEADLINE_MS)

    def close(self) -> None:
        """Be quiet."""
        self._process.blockSignals(True)
        self._process.kill()
        self._process.waitForFinished(1000)
        self._process.blockSignals(False)

    def timerEvent(self, event: object) -> None:
        self._process.kill()

    def _on_ended(self, code: int, status: QProcess.ExitStatus) -> None:
        self.killTimer(self._watch)
        said = bytes(self._process.readAllStandardError().data()).decode(errors="replace").strip()
        self._heard(code == 0 and status is QProcess.ExitStatus.NormalExit, said)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.killTimer(self._watch)
            self._heard(False, self._process.errorString())

    def _heard(self, heard: bool, said: str) -> None:
        if not heard:
            log.log(logging.DEBUG if self.is_mute else logging.WARNING, "no alarm: %s", said)
            QApplication.beep()
        self.is_mute = not heard
