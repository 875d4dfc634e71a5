"""The rating pad's window: one page at a time, and the staff's way out of a locked one.

It reads the model and paints; every touch goes straight back to the model.
"""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from assets.texts import Texts
from kiosk.leaving_model import LeavingModel
from kiosk.leaving_window import LeavingPad
from kiosk.pages.areas import place
from kiosk.rating_model import PadPage, RatingModel
from kiosk.rating_pages import make_view
from kiosk.rating_view import PadView
from ui.theme import Theme, Themed

TICK_MS = 100


class RatingWindow(QWidget):
    """All pages of the pad, one of them seen."""

    def __init__(
        self,
        model: RatingModel,
        *,
        theme_of: Callable[[QWidget], Theme],
        texts_of: Callable[[str], Texts],
        leaving: LeavingModel,
    ) -> None:
        """``theme_of`` gives the look for the window's present size and screen."""
        super().__init__()
        self.setObjectName("rating-pad")
        self._model, self._leaving = model, leaving
        self._theme_of, self._texts_of = theme_of, texts_of
        self.theme, self.texts = theme_of(self), texts_of(model.language)
        self._pages: dict[PadPage, PadView] = {
            page: make_view(page, model, self.theme, self.texts, self) for page in PadPage
        }
        self._pad = LeavingPad(leaving, self.theme, self.texts, self)
        self._dress()
        model.changed = self.refresh
        leaving.changed = self.refresh
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self.refresh()

    @property
    def page_name(self) -> str:
        """What is seen, for whoever drives the program."""
        return "leaving" if self._leaving.asks else self._model.page.value

    @Slot()
    def refresh(self) -> None:
        """Show what the model knows now."""
        if self._model.language != self.texts.language:
            self.texts = self._texts_of(self._model.language)
            for page in self._pages.values():
                page.texts = self.texts
        self.setWindowTitle(self.texts("kiosk.rating.title"))
        page = self._pages[self._model.page]
        page.show_model(self._model)
        if page.isHidden():
            page.lay_out()
            # The new one first: between two pages nobody may see neither.
            page.show()
            for other in self._pages.values():
                other.setVisible(other is page)
            self.setFocus()
        if self._leaving.asks:
            self._pad.refresh(self.texts)
        if self._pad.isHidden() == self._leaving.asks:
            self._pad.setVisible(self._leaving.asks)
            self._pad.raise_()
            (self._pad if self._leaving.asks else self).setFocus()

    def _dress(self) -> None:
        self.setPalette(self.theme.palette())
        self.setFont(self.theme.font())
        for child in self.findChildren(QWidget):
            if isinstance(child, Themed):
                child.set_theme(self.theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        theme = self._theme_of(self)
        if theme != self.theme:
            self.theme = theme
            self._dress()
        top = self.theme.sizes.margin * 0.8
        for page in self._pages.values():
            place(page, QRectF(0, top, self.width(), self.height() - top))
        self._pages[self._model.page].lay_out()
        place(self._pad, QRectF(self.rect()))
        self._pad.lay_out()

    # Hands.

    @Slot()
    def _tick(self) -> None:
        self._leaving.tick()
        self._model.tick()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A touch that hit no button: somebody is here. The corner is the staff's way out."""
        if self._is_corner(event):
            self._leaving.hold()
        self._model.touch()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._leaving.let_go()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._is_corner(event):
            self._leaving.let_go()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Tab and Enter for a tactile pad; 1 to 4 are the faces."""
        self._model.touch()
        focused = self.focusWidget()
        if event.text() in ("1", "2", "3", "4"):
            self._model.rate(int(event.text()))
        elif isinstance(focused, QAbstractButton) and event.text() in ("\r", "\n"):
            focused.click()
        else:
            super().keyPressEvent(event)

    def _is_corner(self, event: QMouseEvent) -> bool:
        corner = self.theme.sizes.target
        return event.position().x() < corner and event.position().y() < corner
