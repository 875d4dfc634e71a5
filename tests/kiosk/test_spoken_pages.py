"""A visitor who does not see is led through every page by ear, with arrows and OK (ux.md V12)."""

from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from kiosk.choosing_window import ChoosingWindow
from kiosk.reader import PageReader
from kiosk.spoken_pages import SpokenPages
from kiosk.visit import Page
from protocol.messages import IssueTicket
from tests.display.announcing_story import Clock, HandVoice
from tests.kiosk.kiosk_pictures import window_of
from tests.kiosk.kiosk_story import Story, ticket

STEP_S = 0.1
PAGE_S = 60.0
"""No page takes longer to be read."""


class Ear:
    """A visitor with headphones and four arrows, OK and a star."""

    def __init__(self, qtbot: QtBot) -> None:
        self.story = Story()
        self.window: ChoosingWindow = window_of(self.story.online(), 1080, 1920)
        qtbot.addWidget(self.window)
        self.window._timer.stop()
        self.clock = Clock()
        self.voice = HandVoice(self.clock)
        self.guide = SpokenPages(self.window, self.story.model, PageReader(lambda: self.voice))
        self.guide._timer.stop()
        self.window.activateWindow()
        self.window.make_rest()
        self.heard = 0

    def hear(self, seconds: float = PAGE_S, *, whole: bool = True) -> str:
        """What is said since the last look, until there is silence."""
        for _ in range(round(seconds / STEP_S)):
            self.clock.elapsed_s += STEP_S
            self.story.now_s += STEP_S
            self.guide.follow()
            if self.guide.reading or not whole:
                continue
            break
        before, self.heard = self.heard, len(self.voice.namings)
        return " | ".join(naming.text for naming in self.voice.namings[before:])

    def press(self, key: Qt.Key, text: str = "") -> "Ear":
        none = Qt.KeyboardModifier.NoModifier
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(self.window, QKeyEvent(kind, key, none, text))
        return self

    def find(self, name: str) -> str:
        """Move with the arrow until a control of this name has been said; what was said of it."""
        said = self.hear()
        for _ in range(40):
            focused = self.window.focusWidget()
            if isinstance(focused, QAbstractButton) and focused.objectName() == name:
                return said
            said = self.press(Qt.Key.Key_Down).hear()
        raise AssertionError(f"{name} cannot be reached with the arrows")


@pytest.fixture
def ear(qtbot: QtBot) -> Any:
    ear = Ear(qtbot)
    yield ear
    ear.guide.close()


def test_silence_until_somebody_wants_speech(ear: Ear) -> None:
    ear.hear(2, whole=False)
    assert ear.voice.namings == []


def test_an_arrow_on_the_first_page_begins_the_guide(ear: Ear) -> None:
    ear.press(Qt.Key.Key_Down)
    said = ear.hear()
    assert "Selamat datang" in said
    assert "Panah untuk pindah" in said


def test_a_number_is_taken_without_sight(ear: Ear) -> None:
    """From the first arrow to the number, nothing but arrows and OK."""
    ear.press(Qt.Key.Key_Down).hear()
    ear.find("start")
    ear.story.after(1)
    ear.press(Qt.Key.Key_Return)
    assert "Perlu layanan apa" in ear.hear()
    assert "Iuran dan tunggakan" in ear.find("service-D")
    ear.story.after(1)
    ear.press(Qt.Key.Key_Return)
    ear.story.ask.accept(ear.story.ask.last(IssueTicket), ticket=ticket("D012"))
    ear.window.refresh()
    said = ear.hear()
    assert "de, nol, satu, dua" in said
    assert ear.story.model.page in (Page.ISSUED, Page.PAPERLESS)


def test_the_star_says_it_again(ear: Ear) -> None:
    ear.press(Qt.Key.Key_Down)
    first = ear.hear()
    ear.press(Qt.Key.Key_Asterisk, "*")
    assert ear.hear() == first


def test_a_countdown_is_not_read_every_second(ear: Ear) -> None:
    ear.press(Qt.Key.Key_Down).hear()
    ear.find("start")
    ear.story.after(1)
    ear.press(Qt.Key.Key_Return).hear()
    ear.story.after(50)
    ear.window.refresh()
    assert "Masih di sini" in ear.hear()
    before = len(ear.voice.namings)
    for _ in range(5):
        ear.story.after(1)
        ear.window.refresh()
        ear.hear(0.5, whole=False)
    assert len(ear.voice.namings) == before


def test_listening_is_being_here(ear: Ear) -> None:
    """A page that is read longer than the time-out does not go away while it is read."""
    ear.press(Qt.Key.Key_Down).hear()
    ear.find("start")
    ear.story.after(1)
    ear.press(Qt.Key.Key_Return)
    touched_s = ear.story.model.visit.touched_s
    ear.hear(3, whole=False)
    assert ear.story.model.visit.touched_s > touched_s + 2


def test_the_next_visitor_hears_nothing(ear: Ear) -> None:
    """Speech ends with the visit (V4), and nothing of it can be said again (I12)."""
    ear.press(Qt.Key.Key_Down).hear()
    ear.story.after(120)
    ear.window.refresh()
    assert not ear.story.model.visit.speech
    before = len(ear.voice.namings)
    ear.press(Qt.Key.Key_Asterisk, "*")
    ear.hear(3, whole=False)
    assert len(ear.voice.namings) == before
