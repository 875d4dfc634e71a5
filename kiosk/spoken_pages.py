"""What is said of the page that is seen: its words in reading order, then the control in focus.

It looks at the window from outside, as a reader of the screen would, so that whatever a page
shows is said and nothing has to be written twice.
"""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from kiosk.choosing_model import ChoosingModel
from kiosk.choosing_window import ChoosingWindow
from kiosk.reader import PageReader
from kiosk.spoken_text import digit_word, without_figures
from kiosk.visit import Page

TICK_MS = 100
ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
QUESTION = "page-question"
COVERS = (QUESTION, "page-officer")
"""What lies over a page, the one on top first."""

ROW_PX = 12
"""Labels whose tops differ by less stand on one line."""


class SpokenPages(QObject):
    """Guides a visitor through every page by ear, while `Visit.speech` is on.

    An arrow key on the first page turns it on: who feels for the keys may not see the screen.
    """

    def __init__(self, window: ChoosingWindow, model: ChoosingModel, reader: PageReader) -> None:
        super().__init__(window)
        self._window, self._model, self._reader = window, model, reader
        self._said_page: str | None = None
        self._said: dict[str, str] = {}
        self._said_control: QObject | None = None
        self._language = ""
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.follow)
        self._timer.start()
        window.installEventFilter(self)

    @property
    def reading(self) -> bool:
        """Whether something is being said."""
        return self._reader.reading

    def follow(self) -> None:
        """Say what is new; to be called often."""
        if not self._model.visit.speech:
            if self._said_page is not None:
                self._reader.hush()
                self._forget()
            self._reader.tick()
            return
        self._look()
        if self._reader.reading and self._cover().objectName() != QUESTION:
            # Listening is being here; the question alone must not answer itself.
            self._model.touch()
        self._reader.tick()

    def close(self) -> None:
        """Be silent for good."""
        self._timer.stop()
        self._reader.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        """Whether the key was for the guide alone."""
        language = self._model.visit.language
        if not self._model.visit.speech:
            if event.key() in ARROWS and self._model.page is Page.IDLE and self._may_speak:
                self._model.toggle_speech()
                # The first arrow says where one is; only the next ones move.
                return True
            return False
        if event.key() == Qt.Key.Key_Asterisk:
            self._reader.again()
            return True
        if word := digit_word(event.text(), language):
            self._reader.read([word], language)
        return False

    @property
    def _may_speak(self) -> bool:
        welcome = self._model.welcome
        return welcome is not None and (welcome.kiosk is None or welcome.kiosk.speech)

    def _forget(self) -> None:
        self._said_page, self._said, self._said_control, self._language = None, {}, None, ""

    def _look(self) -> None:
        window, language = self._window, self._model.visit.language
        # By what is seen: the model knows of the question before the window shows it.
        cover = self._cover()
        page = f"{cover.objectName()} {self._model.page} {self._model.visit.sheet}"
        control = self._control()
        words = dict(self._words())
        if page != self._said_page or language != self._language:
            self._said_page, self._language = page, language
            self._said, self._said_control = words, control
            told = list(words.values())
            if control is not None:
                told.append(control_words(control))
            hint = "kiosk.speech.hint" if self._buttons() else "kiosk.speech.wait"
            self._reader.read([*told, window.texts(hint)], language)
            return
        news = [
            text
            for name, text in words.items()
            if without_figures(text) != without_figures(self._said.get(name, ""))
        ]
        self._said = words
        if control is not None and control is not self._said_control:
            news.append(control_words(control))
        self._said_control = control
        if news:
            self._reader.read(news, language)

    def _cover(self) -> QWidget:
        """What a visitor can reach now: the card on top, or the whole window."""
        for name in COVERS:
            found = self._window.findChild(QWidget, name)
            if found is not None and found.isVisible():
                return found
        return self._window

    def _control(self) -> QAbstractButton | None:
        focused = self._window.focusWidget()
        if isinstance(focused, QAbstractButton) and focused.isVisible():
            return focused
        return None

    def _buttons(self) -> list[QAbstractButton]:
        return [
            button
            for button in self._cover().findChildren(QAbstractButton)
            if button.isVisible() and button.isEnabled()
        ]

    def _words(self) -> Iterator[tuple[str, str]]:
        """Every label that is seen, by name, from the top down and from the left."""
        cover = self._cover()
        seen: list[tuple[int, int, str, str]] = []
        for place, label in enumerate(cover.findChildren(QLabel)):
            if not label.isVisible() or not label.text() or _in_button(label):
                continue
            if cover is self._window and label.parent() is self._window:
                continue  # the head: branch, clock, date, which no page needs
            at = label.mapTo(self._window, QPoint(0, 0))
            name = label.objectName() or str(place)
            seen.append((at.y() // ROW_PX, at.x(), name, label.text()))
        for _, _, name, text in sorted(seen):
            yield name, text


def control_words(control: QAbstractButton) -> str:
    """A control's name and what it says of itself."""
    parts = [control.accessibleName() or control.text(), control.accessibleDescription()]
    return ". ".join(part for part in parts if part)


def _in_button(label: QLabel) -> bool:
    above = label.parent()
    while above is not None:
        if isinstance(above, QAbstractButton):
            return True
        above = above.parent()
    return False
