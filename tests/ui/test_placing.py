"""Windows stand where they should: on the whole screen, or where they stood last time."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QCloseEvent, QContextMenuEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.placing import FullScreen, KioskLock, RememberedPlace, bring_onto_a_screen, place_at
from ui.settings import Geometry


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "windows" / "main.json"


def test_a_window_gets_the_place_it_is_given(window: QWidget) -> None:
    place_at(window, Geometry(400, 300, 20, 30))
    assert window.geometry() == QRect(20, 30, 400, 300)
    place_at(window, Geometry(500, 200))
    assert window.size() == QSize(500, 200)


def test_full_screen_covers_the_screen_without_a_frame(qtbot: QtBot, window: QWidget) -> None:
    full = FullScreen(window, on_top=True)
    full.fill()
    screen = QGuiApplication.primaryScreen().geometry()
    assert window.geometry() == screen
    assert window.windowFlags() & Qt.WindowType.FramelessWindowHint
    assert window.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert window.isFullScreen()


def test_a_screen_that_changes_is_filled_again_within_a_second(
    qtbot: QtBot, window: QWidget
) -> None:
    """F38, as far as one offscreen screen can tell: a change is answered by filling it anew."""
    full = FullScreen(window)
    full.fill()
    window.setGeometry(0, 0, 100, 100)
    screen = QGuiApplication.primaryScreen()
    screen.geometryChanged.emit(screen.geometry())
    qtbot.waitUntil(lambda: window.geometry() == screen.geometry(), timeout=1000)


def test_a_screen_that_is_missing_is_stood_in_for_by_the_main_one(window: QWidget) -> None:
    assert FullScreen(window, number=7).screen() is QGuiApplication.primaryScreen()
    assert FullScreen(window, number=1).screen() is QGuiApplication.screens()[0]


def test_a_window_comes_back_to_where_it_stood(qtbot: QtBot, file: Path) -> None:
    first = QWidget()
    qtbot.addWidget(first)
    RememberedPlace(first, file, QSize(300, 200))
    first.show()
    first.setGeometry(50, 60, 320, 240)
    first.close()

    second = QWidget()
    qtbot.addWidget(second)
    RememberedPlace(second, file, QSize(300, 200))
    second.show()
    assert second.geometry() == QRect(50, 60, 320, 240)


def test_a_move_is_remembered_even_if_the_program_is_killed(
    qtbot: QtBot, window: QWidget, file: Path
) -> None:
    RememberedPlace(window, file, QSize(300, 200))
    window.show()
    window.move(70, 80)
    qtbot.waitUntil(file.is_file, timeout=3000)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"geometry": 5}', '{"geometry": "AAAA"}', "\xff"]
)
def test_a_place_that_cannot_be_read_gives_the_default(
    qtbot: QtBot, window: QWidget, file: Path, content: str
) -> None:
    """F39: the content may be anything, cut off in mid-writing for example."""
    file.parent.mkdir()
    file.write_text(content, encoding="latin-1")
    RememberedPlace(window, file, QSize(300, 200))
    assert window.size() == QSize(300, 200)


def test_a_window_whose_screen_is_gone_comes_back_onto_one(window: QWidget) -> None:
    area = QGuiApplication.primaryScreen().availableGeometry()
    window.setGeometry(QRect(area.bottomRight() + QPoint(5000, 5000), QSize(300, 200)))
    window.show()
    bring_onto_a_screen(window)
    assert area.contains(window.geometry())
    window.setGeometry(10, 10, 300, 200)
    bring_onto_a_screen(window)
    assert window.geometry() == QRect(10, 10, 300, 200)


def test_a_locked_kiosk_cannot_be_closed_until_the_program_ends_it(
    qtbot: QtBot, window: QWidget
) -> None:
    """F51: Alt-F4 arrives as a close event."""
    lock = KioskLock(window)
    window.show()
    window.close()
    assert window.isVisible()
    event = QCloseEvent()
    QApplication.sendEvent(window, event)
    assert not event.isAccepted()
    lock.release()
    window.close()
    assert not window.isVisible()


@pytest.mark.parametrize(
    ("key", "modifier", "passes"),
    [
        (Qt.Key.Key_F4, Qt.KeyboardModifier.AltModifier, False),
        (Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier, False),
        (Qt.Key.Key_D, Qt.KeyboardModifier.MetaModifier, False),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, True),
        (Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier, True),
    ],
)
def test_a_locked_kiosk_hears_no_key_chords(
    qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier, passes: bool
) -> None:
    heard: list[int] = []

    class Listening(QWidget):
        def keyPressEvent(self, event: QKeyEvent) -> None:
            heard.append(event.key())

        def contextMenuEvent(self, event: QContextMenuEvent) -> None:
            heard.append(-1)

    window = Listening()
    qtbot.addWidget(window)
    lock = KioskLock(window)
    window.show()
    QApplication.sendEvent(window, QKeyEvent(QEvent.Type.KeyPress, key, modifier))
    menu = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(window, menu)
    assert heard == ([key.value] if passes else [])
    lock.release()
