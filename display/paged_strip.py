"""A strip of the board that turns pages, because a crawl is hard to read."""

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from ui.labels import PAGE_S
from ui.theme import Theme


class PagedStrip(QLabel):
    """A strip that turns its pages by itself while it is seen, with a dot for each page.

    Its text is what stands on all pages: whoever does not look at them hears it whole.
    """

    def __init__(
        self, theme: Theme, *, name: str, page_s: float = PAGE_S, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._page = 0
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._timer = QTimer(self, interval=round(page_s * 1000))
        self._timer.timeout.connect(self.turn)

    @property
    def page_count(self) -> int:
        """How many pages there are now."""
        raise NotImplementedError

    @property
    def page(self) -> int:
        """The page that is shown, from 0."""
        return self._page

    def page_text(self, page: int) -> str:
        """The words of a page."""
        raise NotImplementedError

    def say(self, words: str) -> None:
        """What the strip says, as text and for those who hear the screen."""
        self.setText(words)
        self.setAccessibleName(words)

    def divide(self) -> None:
        """Cut the content into pages for the present size."""
        raise NotImplementedError

    def turn(self) -> None:
        """Show the next page."""
        if self.page_count:
            self._page = (self._page + 1) % self.page_count
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.renew()

    def renew(self) -> None:
        """The content or the room has changed: divide anew and stay on the page if it is there."""
        self.divide()
        if self._page >= self.page_count:
            self._page = 0
        self.update()
        if self.isVisible() and self.page_count > 1:
            if not self._timer.isActive():
                self._timer.start()
        else:
            self._timer.stop()

    def paint_dots(self, painter: QPainter, box: QRectF) -> None:
        """A dot for each page, at the right end of a box."""
        if self.page_count < 2:
            return
        side = self._dot()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        colours = self._theme.colours
        for place in range(self.page_count):
            left = box.right() - (self.page_count - place) * 2 * side + side
            painter.setBrush(QColor(colours.ink if place == self._page else colours.border))
            painter.drawEllipse(QRectF(left, box.center().y() - side / 2, side, side))

    def dots_width(self, pages: int) -> float:
        """The room that the dots of so many pages take."""
        return 0.0 if pages < 2 else (pages + 0.5) * 2 * self._dot()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.renew()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.renew()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def _dot(self) -> float:
        return max(3.0, self._theme.sizes.smallest / 6)
