"""The band that says which system outside is disturbed, and what to tell people instead."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from counter.chips import elided, paint_chip
from counter.wording import Wording
from protocol.messages import Disturbance
from ui.fitting import text_size
from ui.theme import Theme, Weight

_ANY_WIDTH = 1 << 20


class DisturbanceBand(QWidget):
    """One amber line, as much of it as there is room for; the whole is its tooltip."""

    def __init__(self, wording: Wording, theme: Theme) -> None:
        super().__init__()
        self._say, self._theme = wording, theme
        self._text = ""
        self.setObjectName("disturbance")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def show_disturbance(self, disturbance: Disturbance | None) -> None:
        """Say it, or nothing."""
        text = ""
        if disturbance is not None:
            since = self._say.clock(disturbance.since)
            told = self._say.texts.pick(disturbance.text)
            text = self._say("disturbance.since", text=told, at=since)
        if text == self._text:
            return
        self._text = text
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.setVisible(bool(text))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = self._theme.sizes.smallest
        height = text_size("Mg", px, Weight.SEMIBOLD, True, 0, _ANY_WIDTH)[1]
        return QSize(self._theme.sizes.target * 20, round(height + px * 0.6))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.sizes.target * 4, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        px = self._theme.sizes.smallest
        words = elided(self._text, px, self.width() - px * 3, Weight.SEMIBOLD)
        box = QRectF(self.rect())
        paint_chip(QPainter(self), box, "warning", words, self._theme, "due")
