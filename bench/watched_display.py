"""The display program with an eye on its card: ``python -m bench.watched_display``.

It says on standard output when a number was painted: ``painted A012 12345.678``, by the clock of
``time.perf_counter``, which all programs of a machine share.
"""

import dataclasses
import sys
import time
from typing import TYPE_CHECKING

from display.__main__ import PROGRAM
from ui.program import run_screen

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.running import Run


def _build(run: "Run") -> "QWidget":
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication, QLabel

    class Eye(QObject):
        """Sees the number's paint events; what comes right behind one is on the screen."""

        def __init__(self, parent: QObject) -> None:
            super().__init__(parent)
            self._last = ""

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Paint and isinstance(watched, QLabel):
                words = watched.text()
                if watched.objectName() == "current-number" and words not in ("", self._last):
                    self._last = words
                    QTimer.singleShot(0, lambda: _say(f"painted {words} {time.perf_counter()}"))
            return False

    window = PROGRAM.build(run)
    app = QApplication.instance()
    assert app is not None
    app.installEventFilter(Eye(window))
    return window


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(run_screen(dataclasses.replace(PROGRAM, build=_build)))
