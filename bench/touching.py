"""Touch to what is seen of it: the pressed look of a kiosk's tile, and the next page."""

import os
import subprocess
import sys
from pathlib import Path

from bench.table import Figure

GOAL_MS = 50.0
PAGE_GOAL_MS = 100.0

_MEASURE = """
import sys, time
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication
from tests.kiosk.kiosk_pictures import window_of
from tests.kiosk.kiosk_story import Story
from ui.theme import load_fonts

app = QApplication([])
load_fonts()
TOUCHES = 120

def mouse(target, kind):
    at = QPointF(target.rect().center())
    up = kind is QEvent.Type.MouseButtonRelease
    held = Qt.MouseButton.NoButton if up else Qt.MouseButton.LeftButton
    QApplication.sendEvent(target, QMouseEvent(
        kind, at, QPointF(target.mapToGlobal(at.toPoint())), Qt.MouseButton.LeftButton, held,
        Qt.KeyboardModifier.NoModifier))

def seen(window):
    app.processEvents()
    window.grab()

story = Story()
window = window_of(story.online(), 1080, 1920)
window.make_rest()
pressed, turned = [], []
for _ in range(TOUCHES):
    story.after(1)
    start = window.findChild(QAbstractButton, "start")
    began = time.perf_counter()
    mouse(start, QEvent.Type.MouseButtonPress)
    seen(window)
    pressed.append(time.perf_counter() - began)
    began = time.perf_counter()
    mouse(start, QEvent.Type.MouseButtonRelease)
    seen(window)
    turned.append(time.perf_counter() - began)
    assert window.page_name == "services", window.page_name
    story.after(1)
    story.model.back()
    seen(window)
    assert window.page_name == "idle", window.page_name

def p95(times):
    return sorted(times)[int(len(times) * 0.95)] * 1000

print(p95(pressed), p95(turned))
"""


async def feedback(_folder: Path) -> Figure:
    """Press to the painted frame with the pressed look, p95; a whole 1080x1920 frame each."""
    pressed_ms, _turned_ms = _measured()
    what = "kiosk, touch to the painted look of it, p95"
    return Figure(what, "the goal", pressed_ms, GOAL_MS, "ms", at_most=1)


async def page(_folder: Path) -> Figure:
    """Release to the painted next page, p95."""
    _pressed_ms, turned_ms = _measured()
    what = "kiosk, touch to the painted next page, p95"
    return Figure(what, "the goal", turned_ms, PAGE_GOAL_MS, "ms", at_most=1)


def _measured() -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    pressed_ms, turned_ms = done.stdout.split()[-2:]
    return float(pressed_ms), float(turned_ms)
