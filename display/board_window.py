"""The TV's window: reads the model, paints. Nothing here decides what is shown.

Its first picture is the calm page that waits for the server; the board is loaded behind it.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from display.board_notice import NoticePage
from ui.theme import Theme, apply_theme, tv_theme

if TYPE_CHECKING:
    from display.board import Board
    from display.board_model import BoardModel
    from display.media_show import MediaShow
    from display.set_up_page import SetUpPage, SetUpWords

TICK_MS = 100
SHIFT_MS = 5 * 60 * 1000
"""How often everything moves by some pixels, so that nothing burns into the screen (F38)."""

LEAST_SIZE = QSize(320, 240)


class BoardWindow(QWidget):
    """The waiting page, and the board once there is one, in whichever shape the window has.

    ``woken`` may be emitted from any thread: the voice has news.
    """

    woken = Signal()

    def __init__(
        self,
        texts: Texts,
        *,
        server: str = "",
        device: str = "",
        theme_of: Callable[[QSize], Theme] = tv_theme,
        parent: QWidget | None = None,
    ) -> None:
        """``server`` and ``device`` are told to the admin while there is no board."""
        super().__init__(parent)
        self.setObjectName("display")
        self.setMinimumSize(LEAST_SIZE)
        self.setWindowTitle(texts("display.title"))
        self.setAccessibleName(texts("display.title"))
        self._texts = texts
        self._theme_of = theme_of
        self._theme = theme_of(self.size())
        self._model: BoardModel | None = None
        self._board: Board | None = None
        self._media: MediaShow | None = None
        self.notice = NoticePage(self._theme, texts, server=server, device=device, parent=self)
        self._set_up: SetUpPage | None = None
        self._say_set_up: Callable[[], SetUpWords] | None = None
        self._test_voice: Callable[[], None] = lambda: None
        self._pulse_at_set_up = 0
        self._ticker = QTimer(self, interval=TICK_MS)
        self._shifter = QTimer(self, interval=SHIFT_MS)

    def take(
        self,
        model: "BoardModel",
        *,
        media: "MediaShow | None" = None,
        call_s: float | None = None,
        reduce_motion: bool = False,
        elapsed_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Show this model from now on, and let time pass for it.

        ``media``: what stands there while nobody is called; ``call_s``: how long a call keeps
        the whole card at most, None for the usual.
        """
        # Not above: the first picture needs none of it.
        from display.board import Board

        self._model = model
        self._board = Board(
            model,
            self._texts,
            self._theme,
            media=media,
            call_s=call_s,
            reduce_motion=reduce_motion,
            elapsed_s=elapsed_s,
            parent=self,
        )
        self._board.setGeometry(self.rect())
        model.changed = self.refresh
        self._media = media
        self._ticker.timeout.connect(model.tick)
        self._ticker.timeout.connect(self._board.tick)
        self.woken.connect(model.tick, Qt.ConnectionType.QueuedConnection)
        self._shifter.timeout.connect(self._board.shift_pixels)
        self._ticker.start()
        self._shifter.start()
        self.refresh()

    def offer_set_up(
        self,
        say: "Callable[[], SetUpWords]",
        *,
        now: bool = False,
        test_voice: Callable[[], None] = lambda: None,
    ) -> None:
        """Let F2 show the page for setting up, or show it ``now``; ``say`` gives its words.

        ``test_voice`` is what Enter asks for there.
        """
        self._say_set_up, self._test_voice = say, test_voice
        if now:
            self.open_set_up()

    def open_set_up(self) -> None:
        """Show the page for setting up until Esc, or until somebody is called."""
        if self._say_set_up is None:
            return
        if self._set_up is None:
            from display.set_up_page import SetUpPage

            self._set_up = SetUpPage(self._theme, parent=self)
        self._pulse_at_set_up = self._pulse_now
        self._set_up.setGeometry(self.rect())
        self._set_up.open_with(self._say_set_up)

    @property
    def model(self) -> "BoardModel":
        """What this window shows; there is none before ``take``."""
        assert self._model is not None
        return self._model

    @property
    def board(self) -> "Board":
        """The board's part of the window; there is none before ``take``."""
        assert self._board is not None
        return self._board

    @property
    def page_name(self) -> str:
        """``waiting``, ``refused`` or ``board``, for whoever drives this window."""
        return "waiting" if self._model is None else self._model.page

    def hide_pointer(self) -> None:
        """No arrow on the screen of the hall."""
        self.setCursor(Qt.CursorShape.BlankCursor)

    def refresh(self) -> None:
        """Show what the model has."""
        on_board = self.page_name == "board"
        if self._set_up is not None and self._pulse_now > self._pulse_at_set_up:
            self._set_up.hide()  # somebody is called
        if on_board:
            self.board.refresh()
        else:
            self.notice.show_page(self.page_name, self.model.link.reason)
        self.board.setVisible(on_board)
        self.notice.setVisible(not on_board)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._theme = self._theme_of(self.size())
        self.notice.setGeometry(self.rect())
        if self._board is not None:
            self._board.setGeometry(self.rect())
        if self._set_up is not None:
            self._set_up.setGeometry(self.rect())
        apply_theme(self, self._theme)
        if self._model is not None:
            self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = self._set_up if self._set_up is not None and self._set_up.isVisible() else None
        if event.key() == Qt.Key.Key_F2:
            self.open_set_up()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and page is not None:
            if not event.isAutoRepeat():
                self._test_voice()
                page.renew()
        elif event.key() == Qt.Key.Key_Escape and page is not None:
            page.hide()
        else:
            super().keyPressEvent(event)

    @property
    def _pulse_now(self) -> int:
        """Counts up with each call that draws eyes to it."""
        card = None if self._model is None else self._model.card
        return 0 if card is None else card.pulse

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing sounds any more when the board is gone."""
        self._ticker.stop()
        self._shifter.stop()
        if self._model is not None:
            self._model.close()
        if self._media is not None:
            self._media.close()
        super().closeEvent(event)
