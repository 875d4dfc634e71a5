"""Where a window stands: the whole screen, a given place, or where it stood last time."""

import json
import logging
import os
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QObject, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QScreen
from PySide6.QtWidgets import QApplication, QWidget

from ui.settings import Geometry

log = logging.getLogger(__name__)

SETTLED_MS = 200
"""A screen that is plugged in reports several changes in a row; one answer is enough."""
REMEMBER_MS = 1000
VISIBLE_LEAST_PX = 48
"""So much of a window must be on a screen for a person to get hold of it."""


def place_at(window: QWidget, geometry: Geometry) -> None:
    """Give a window this size, inside its frame, and this place if it has one."""
    if geometry.x is not None and geometry.y is not None:
        window.setGeometry(geometry.x, geometry.y, geometry.width, geometry.height)
    else:
        window.resize(geometry.width, geometry.height)


class FullScreen(QObject):
    """Keeps a window over the whole of one screen, also when screens come, go or change (F38).

    ``number`` counts the screens from 1; if that one is missing the main screen is used until it
    is back.
    """

    def __init__(self, window: QWidget, *, number: int | None = None, on_top: bool = False) -> None:
        super().__init__(window)
        self._window = window
        self._number = number
        window.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        if on_top:
            window.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(self.fill)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.screenAdded.connect(self._watch)
        app.screenRemoved.connect(self._settled.start)
        app.primaryScreenChanged.connect(self._settled.start)
        for screen in app.screens():
            self._watch(screen)

    def fill(self) -> None:
        """Cover the screen now."""
        screen = self.screen()
        window = self._window
        window.setScreen(screen)
        # Both: without a window manager only the geometry works, with one only the state does.
        window.setGeometry(screen.geometry())
        window.showFullScreen()
        if window.geometry() != screen.geometry():
            window.setGeometry(screen.geometry())

    def screen(self) -> QScreen:
        """The screen to cover."""
        screens = QGuiApplication.screens()
        if self._number is not None and self._number <= len(screens):
            return screens[self._number - 1]
        return QGuiApplication.primaryScreen()

    def _watch(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._settled.start)
        self._settled.start()


class KioskLock(QObject):
    """Leaves a visitor no way out of the window: no closing, no menus, no key chords (F51).

    What the system itself answers to (switching programs, Ctrl+Alt+Del) is shut by running under
    a kiosk shell; see the installation guide. ``release`` opens it for the program's own end.
    """

    _CHORDS = (
        Qt.KeyboardModifier.AltModifier
        | Qt.KeyboardModifier.ControlModifier
        | Qt.KeyboardModifier.MetaModifier
    )

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._locked = True
        window.setCursor(Qt.CursorShape.BlankCursor)
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)

    def release(self) -> None:
        """Let the window be closed."""
        self._locked = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._locked:
            return False
        match event.type():
            case QEvent.Type.Close:
                if watched is self._window:
                    event.ignore()
                    return True
            case QEvent.Type.ContextMenu:
                return True
            case QEvent.Type.KeyPress | QEvent.Type.ShortcutOverride:
                assert isinstance(event, QKeyEvent)
                return bool(event.modifiers() & self._CHORDS)
        return False


class RememberedPlace(QObject):
    """Brings a window back to where it stood, on a screen that is there, and remembers moves.

    ``file`` belongs to this window alone. A place that cannot be read or written is no reason to
    stop: it is logged and the window opens at its default size.
    """

    def __init__(self, window: QWidget, file: Path, default: QSize) -> None:
        super().__init__(window)
        self._window = window
        self._file = file
        self._soon = QTimer(self, singleShot=True, interval=REMEMBER_MS)
        self._soon.timeout.connect(self.remember)
        window.resize(default.boundedTo(window.screen().availableGeometry().size()))
        self._restore()
        window.installEventFilter(self)

    def remember(self) -> None:
        """Write the place down now; happens by itself a second after a move."""
        self._soon.stop()
        geometry = bytes(self._window.saveGeometry().toBase64().data()).decode("ascii")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            partial = self._file.with_suffix(".partial")
            partial.write_text(json.dumps({"geometry": geometry}), encoding="ascii")
            partial.replace(self._file)
        except OSError as error:
            log.warning("the place of the window cannot be remembered: %s", error)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.Move | QEvent.Type.Resize | QEvent.Type.WindowStateChange:
                if self._window.isVisible():
                    self._soon.start()
            case QEvent.Type.Close | QEvent.Type.Hide:
                self.remember()
        return False

    def _restore(self) -> None:
        try:
            geometry = json.loads(self._file.read_text(encoding="ascii"))["geometry"]
            self._window.restoreGeometry(QByteArray.fromBase64(str(geometry).encode("ascii")))
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("the place of the window cannot be read from %s: %s", self._file, error)
        bring_onto_a_screen(self._window)


def bring_onto_a_screen(window: QWidget) -> None:
    """Move a window to the main screen if no screen shows enough of it any more."""
    frame = window.frameGeometry()
    for screen in QGuiApplication.screens():
        seen = frame.intersected(screen.availableGeometry())
        if min(seen.width(), seen.height()) >= min(VISIBLE_LEAST_PX, frame.width(), frame.height()):
            return
    area = QGuiApplication.primaryScreen().availableGeometry()
    size = frame.size().boundedTo(area.size())
    place = QRect(area.topLeft(), size)
    place.moveCenter(area.center())
    window.setGeometry(place)


def on_wayland() -> bool:
    """Whether this session is Wayland, where programs may not place windows or grab keys."""
    return QGuiApplication.platformName().startswith("wayland") or bool(
        os.environ.get("WAYLAND_DISPLAY") and not os.environ.get("DISPLAY")
    )
