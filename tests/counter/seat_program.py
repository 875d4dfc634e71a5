"""The counter's real windows and real global keys; it says on stdout what it would ask."""

import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from assets.texts import Texts
from counter.global_keys_x11 import X11GlobalKeys
from counter.memory import SeatMemory
from counter.seat_window import SeatWindow
from tests.counter.words import Story, ticket
from ui.theme import console_theme

app = QApplication(sys.argv)
story = Story()
folder = Path(tempfile.mkdtemp())
window = SeatWindow(
    story.seat,
    Texts.load("id", ["counter"], strict=True),
    theme=console_theme(),
    strip_theme=console_theme(compact=True),
    keys=X11GlobalKeys(),
    memory=SeatMemory(folder / "seat.json"),
    branch_time=story.clock.server_now,
    as_strip=True,
)
window.show()
window.setWindowTitle("console")
told = 0


def tell() -> None:
    """Say each new command, and answer it."""
    global told
    while told < len(story.asked.commands):
        print(type(story.asked.commands[told]).__name__, flush=True)
        told += 1
        story.asked.accept(10 + told, ticket=ticket(f"A{told:03}", "serving"))


def sit_down() -> None:
    """Somebody signs in at a seat that begins as strip."""
    story.serving_with(None, "A012", "A013")
    strip = window.strip
    print(f"strip {strip.x()} {strip.y()} {strip.width()} {strip.height()}", flush=True)


timer = QTimer(interval=10)
timer.timeout.connect(tell)
timer.start()
QTimer.singleShot(200, sit_down)
app.exec()
