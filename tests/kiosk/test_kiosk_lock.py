"""F51: what a locked kiosk does not do, whatever a hand, a keyboard or a stick may ask of it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QHelpEvent,
    QInputMethodEvent,
    QKeyEvent,
    QNativeGestureEvent,
    QPointingDevice,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.choosing_window import ChoosingWindow
from protocol.messages import IssueTicket
from tests.kiosk.kiosk_pictures import STATES, story_of, window_of
from tests.kiosk.kiosk_story import Story
from ui.placing import KioskLock

NONE = Qt.KeyboardModifier.NoModifier
PAGES = ("idle", "services", "identity", "code-typed", "issued-out", "question", "leaving")
KEYS = (
    *(Qt.Key.Key_Meta, Qt.Key.Key_Super_L, Qt.Key.Key_Super_R, Qt.Key.Key_Menu, Qt.Key.Key_Help),
    *(Qt.Key.Key_HomePage, Qt.Key.Key_LaunchMail, Qt.Key.Key_Search, Qt.Key.Key_Explorer),
    *(Qt.Key.Key_Print, Qt.Key.Key_SysReq, Qt.Key.Key_Pause, Qt.Key.Key_Back, Qt.Key.Key_Sleep),
    *(Qt.Key.Key_Context1, Qt.Key.Key_Multi_key, Qt.Key.Key_Kanji, Qt.Key.Key_Zoom),
)


class Locked:
    """A locked kiosk on one of its pages, and what it looked like before."""

    def __init__(self, name: str) -> None:
        self.story: Story = story_of(name, STATES[name])
        self.window: ChoosingWindow = window_of(self.story, 540, 960)
        self.window._timer.stop()
        self.lock = KioskLock(self.window)
        self.page = self.window.page_name

    def is_untouched(self) -> bool:
        """Nothing opened, closed, typed, asked or turned."""
        tops = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
        visit = self.story.model.visit
        return (
            tops == [self.window]
            and QApplication.activePopupWidget() is None
            and self.window.page_name == self.page
            and visit.identity_digits == ""
            and visit.code.digits in ("", "4809")
        )

    def everywhere(self) -> list[QWidget]:
        """The window and all that is seen in it."""
        return [self.window, *(w for w in self.window.findChildren(QWidget) if w.isVisible())]


@pytest.fixture(params=PAGES)
def locked(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[Locked]:
    locked = Locked(request.param)
    yield locked
    locked.lock.release()
    locked.window.close()


def test_no_key_of_the_system_does_anything(locked: Locked) -> None:
    if locked.page == "question":  # any key is the answer to "still here?", and no more
        QApplication.sendEvent(locked.window, QKeyEvent(QEvent.Type.KeyPress, KEYS[1], NONE, ""))
        locked.page = locked.window.page_name
        assert locked.page == "services"
    for key in KEYS:
        for target in {locked.window, locked.window.focusWidget()}:
            for kind in (
                QEvent.Type.ShortcutOverride,
                QEvent.Type.KeyPress,
                QEvent.Type.KeyRelease,
            ):
                QApplication.sendEvent(target, QKeyEvent(kind, key, NONE, ""))
            assert locked.is_untouched(), key


def test_no_menu_no_help_no_drop_and_no_input_method(locked: Locked) -> None:
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile("/etc/hostname")])
    files.setText("3578089902030001")
    copy, left, at = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, QPoint(5, 5)
    for target in locked.everywhere():
        for reason in QContextMenuEvent.Reason:
            QApplication.sendEvent(target, QContextMenuEvent(reason, at, at, NONE))
        QApplication.sendEvent(target, QHelpEvent(QEvent.Type.ToolTip, at, at))
        QApplication.sendEvent(target, QHelpEvent(QEvent.Type.WhatsThis, at, at))
        dragged = QDragEnterEvent(at, copy, files, left, NONE)
        QApplication.sendEvent(target, dragged)
        assert not dragged.isAccepted()
        dropped = QDropEvent(QPointF(at), copy, files, left, NONE)
        QApplication.sendEvent(target, dropped)
        assert not dropped.isAccepted()
        typed = QInputMethodEvent()
        typed.setCommitString("123")
        QApplication.sendEvent(target, typed)
        assert locked.is_untouched(), target.objectName()


def test_pinch_swipe_and_turn_are_nothing(locked: Locked) -> None:
    finger = QTest.createTouchDevice()
    pad = QPointingDevice.primaryPointingDevice()
    window, at = locked.window, QPointF(270, 300)
    for kind in Qt.NativeGestureType:
        QApplication.sendEvent(window, QNativeGestureEvent(kind, pad, 2, at, at, at, 1.5, at))
    # Two fingers from where nothing stands, apart over the whole page and off it.
    touches = QTest.touchEvent(window, finger, False)
    touches.press(0, QPoint(260, 130), window).press(1, QPoint(280, 130), window).commit()
    for step in range(1, 12):
        one, other = QPoint(260 - step * 20, 130), QPoint(280 + step * 20, 130)
        touches.move(0, one, window).move(1, other, window).commit()
    touches.release(0, QPoint(20, 130), window).release(1, QPoint(520, 130), window).commit()
    if locked.page == "question":  # a touch is the answer to "still here?"
        assert window.page_name == "services"
        return
    assert locked.is_untouched()
    assert locked.story.ask.of(IssueTicket)[1:] == []


def test_who_presses_long_has_pressed(qtbot: QtBot) -> None:
    """Old hands rest on the glass: no menu comes, and the button acts when they leave it."""
    locked = Locked("idle")
    locked.story.after(1)
    start = locked.window.findChild(QAbstractButton, "start")
    assert start is not None
    at, left = start.mapTo(locked.window, start.rect().center()), Qt.MouseButton.LeftButton
    QTest.mousePress(locked.window.windowHandle(), left, NONE, at)
    reason = QContextMenuEvent.Reason.Mouse  # what some systems make of a long press
    QApplication.sendEvent(start, QContextMenuEvent(reason, at, at, NONE))
    locked.story.after(3)
    assert locked.window.page_name == "idle"
    QTest.mouseRelease(locked.window.windowHandle(), left, NONE, at)
    assert locked.window.page_name == "services"
    assert QApplication.activePopupWidget() is None
    locked.lock.release()
    locked.window.close()


def test_the_kiosk_listens_to_no_fingers_of_its_own(qtbot: QtBot) -> None:
    """Qt then gives it the first finger as a mouse, and nothing of the others."""
    locked = Locked("services")
    for each in locked.everywhere():
        assert not each.testAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        assert not each.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        assert not each.acceptDrops()
    locked.lock.release()
    locked.window.close()
