"""What is said of the page that is seen: its words in reading order, then the control in focus.

It looks at the window from outside, as a reader of the screen would, so that whatever a page
shows is said and nothing has to be written twice.
"""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from assets.texts import Texts
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

TYPED = ("identity-digits", "code-digits", "booking-digits")
"""Fields of which each digit is said as it comes; as words they say how many there are."""

HINTED_PAGES = 2
"""How often is said what the keys do: who has heard it twice wants to get on."""

ROW_PX = 12
"""Labels whose tops differ by less stand on one line."""


class SpokenPages(QObject):
    """Guides a visitor through every page by ear, while `Visit.speech` is on.

    An arrow key on the first page turns it on: who feels for the keys may not see the screen.
    """

    def __init__(self, window: ChoosingWindow, model: ChoosingModel, reader: PageReader) -> None:
        super().__init__(window)
        self._window, self._model, self._reader = window, model, reader
        self._visit = model.visit
        self._forget()
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
        # By the visit itself: the next visitor may want speech before anybody looked in between.
        is_other = self._visit is not self._model.visit
        is_wanted = self._model.visit.speech and not self._is_forbidden
        # The staff's pad says nothing: its keys are a PIN.
        if is_other or not is_wanted or self._window.page_name == "leaving":
            if self._said_page is not None:
                self._reader.hush()
            self._visit = self._model.visit
            self._forget()
            if not is_wanted or not is_other:
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
        if not self._model.visit.speech:
            if event.key() in ARROWS and self._model.page is Page.IDLE and not self._is_forbidden:
                self._model.toggle_speech()
                # The first arrow says where one is; only the next ones move.
                return True
            return False
        if event.key() == Qt.Key.Key_Asterisk:
            self._reader.again()
            return True
        return False

    @property
    def _is_forbidden(self) -> bool:
        """Whether the branch wants no speech at its kiosks."""
        return not self._model.may_speak

    def _forget(self) -> None:
        self._said_page: str | None = None
        self._said: dict[str, str] = {}
        self._said_control: tuple[QAbstractButton | None, bool] = (None, False)
        self._language = self._typed = ""
        self._pages_said = 0

    def _look(self) -> None:
        language, words = self._model.visit.language, dict(self._words())
        # By what is seen: the model knows of the question before the window shows it.
        page = f"{self._cover().objectName()} {self._model.page} {self._model.visit.sheet}"
        if page != self._said_page or language != self._language:
            told, news = self._whole_page(words), []
        else:
            told = [*self._news_of_digits(words), *self._news_of_control()]
            news = self._news(words)
        self._said_page, self._language, self._said = page, language, words
        self._said_control, self._typed = self._control(), self._digits()
        if told:  # a key was pressed: nobody waits for the end of a sentence
            self._reader.read([*told, *news], language)
        elif news:  # "take your paper" must not cost the rest of the page
            self._reader.add(news, language)

    def _whole_page(self, words: dict[str, str]) -> list[str]:
        """All that stands there, the control in focus, and what the keys do."""
        control, texts = self._control()[0], self._window.texts
        told = list(words.values())
        if control is not None:
            told.append(control_words(control, texts))
        if not self._has_controls():
            told.append(texts("kiosk.speech.wait"))
        elif self._pages_said < HINTED_PAGES:
            self._pages_said += 1
            told.append(texts("kiosk.speech.hint"))
        return told

    def _news(self, words: dict[str, str]) -> list[str]:
        """What has come or become something else; a countdown that runs has not."""
        return [
            text
            for name, text in words.items()
            if name not in TYPED
            and without_figures(text) != without_figures(self._said.get(name, ""))
        ]

    def _news_of_control(self) -> list[str]:
        """Another control, or the same one that now holds or no longer does."""
        (control, is_on), (said, was_on) = self._control(), self._said_control
        if control is None or (control is said and is_on == was_on):
            return []
        texts = self._window.texts
        return [state_words(control, texts) if control is said else control_words(control, texts)]

    def _news_of_digits(self, words: dict[str, str]) -> list[str]:
        """The digits that were typed; after one was taken back, how many are left."""
        now, before = self._digits(), self._typed
        if now == before:
            return []
        if now.startswith(before):
            said = (digit_word(each, self._model.visit.language) for each in now[len(before) :])
            return [", ".join(said)]
        return [words[name] for name in TYPED if name in words]

    def _digits(self) -> str:
        visit, page = self._model.visit, self._model.page
        if page is Page.IDENTITY:
            return visit.identity_digits
        if page is Page.BOOKING:
            return visit.booking.digits
        return visit.code.digits if page is Page.CODE else ""

    def _cover(self) -> QWidget:
        """What a visitor can reach now: the card on top, or the whole window."""
        for name in COVERS:
            found = self._window.findChild(QWidget, name)
            if found is not None and found.isVisible():
                return found
        return self._window

    def _control(self) -> tuple[QAbstractButton | None, bool]:
        """The control in focus, and whether it holds."""
        focused = self._window.focusWidget()
        if isinstance(focused, QAbstractButton) and focused.isVisible():
            return focused, focused.isChecked()
        return None, False

    def _has_controls(self) -> bool:
        """Whether there is something to press but the bar, which stands at every foot."""
        cover, page = self._cover(), f"page-{self._model.page}"
        top = self._window.findChild(QWidget, page) if cover is self._window else cover
        found = top.findChildren(QAbstractButton) if top is not None else []
        return any(button.isVisible() and button.isEnabled() for button in found)

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
            text = label.text()
            if name in TYPED:  # their text is dots, and the last digits of a person's number
                text = label.accessibleName()
            seen.append((at.y() // ROW_PX, at.x(), name, text))
        for _, _, name, text in sorted(seen):
            yield name, text


def control_words(control: QAbstractButton, texts: Texts) -> str:
    """A control's name, whether it holds, and what it says of itself."""
    name = control.accessibleName() or control.text()
    parts = [name, state_words(control, texts), control.accessibleDescription()]
    return ". ".join(part for part in parts if part)


def state_words(control: QAbstractButton, texts: Texts) -> str:
    """Whether a control that can be on or off is on; empty of any other."""
    if not control.isCheckable():
        return ""
    return texts("kiosk.speech.on" if control.isChecked() else "kiosk.speech.off")


def _in_button(label: QLabel) -> bool:
    above = label.parent()
    while above is not None:
        if isinstance(above, QAbstractButton):
            return True
        above = above.parent()
    return False
