"""Words to read: the label that fits, the ticket number, the line that turns pages."""

import unicodedata

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.fitting import FittedText, fit_text, needed_height, text_size
from ui.theme import Theme, Weight, font_of
from ui.tokens import Role

PAGE_S = 8.0
"""Long enough to read one line twice (ux.md, T1)."""


class FittedLabel(QLabel):
    """Plain text that never loses a letter: it wraps, then shrinks to its floor.

    It is a QLabel, so ``setText``, ``text`` and accessibility work as ever; rich text does not.
    ``tone`` names a colour of the theme (``ink``, ``ink_soft``, ``primary``, ``error`` …).
    """

    def __init__(
        self,
        text: str,
        theme: Theme,
        *,
        role: Role = Role.BODY,
        weight: Weight = Weight.REGULAR,
        tone: str = "ink",
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
        floor: Role = Role.SMALLEST,
        wrap: bool = True,
        tabular: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._role = role
        self._weight = weight
        self._tone = tone
        self._floor = floor
        self._tabular = tabular
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(align)
        self.setWordWrap(wrap)
        if name:
            self.setObjectName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.setText(text)

    def set_tone(self, tone: str) -> None:
        """Take another colour of the theme."""
        self._tone = tone
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def fitted(self) -> FittedText:
        """The text as it is painted now."""
        return fit_text(
            self.text(),
            QRectF(self.contentsRect()),
            self._theme.sizes.text(self._role),
            self._theme.sizes.text(self._floor),
            weight=self._weight,
            align=self.alignment(),
            wrap=self.wordWrap(),
            tabular=self._tabular,
        )

    def sizeHint(self) -> QSize:
        px = self._theme.sizes.text(self._role)
        width, height = text_size(self.text(), px, self._weight, self._tabular, 0, 1 << 20)
        return QSize(round(width) + 1, round(height) + 1)

    def minimumSizeHint(self) -> QSize:
        px = self._theme.sizes.text(self._floor)
        words = self.text().split() if self.wordWrap() else [self.text()]
        widths = [text_size(word, px, self._weight, self._tabular, 0, 1 << 20) for word in words]
        return QSize(
            round(max((width for width, _ in widths), default=0)) + 1,
            round(max((height for _, height in widths), default=px)) + 1,
        )

    def hasHeightForWidth(self) -> bool:
        return self.wordWrap()

    def heightForWidth(self, width: int) -> int:
        px = self._theme.sizes.text(self._role)
        return needed_height(self.text(), px, self._weight, width) + 1

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.text():
            return
        painter = QPainter(self)
        painter.setPen(QColor(_tone(self._theme, self._tone, self.isEnabled())))
        self.fitted().paint(painter, QRectF(self.contentsRect()))


class NumberPlate(QLabel):
    """A ticket number, as large as its box allows, letters and figures set apart: A 0 1 2.

    It uses equally wide figures, so that the number does not jump when it changes. ``limit`` is
    the largest type height, by default the theme's; None means only the box limits it.
    """

    def __init__(
        self,
        number: str,
        theme: Theme,
        *,
        role: Role | None = Role.NUMBER,
        weight: Weight = Weight.EXTRABOLD,
        tone: str = "ink",
        spacing: float = 0.12,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """``role`` limits the type height, None lets only the box limit it; ``spacing`` in em."""
        super().__init__(parent)
        self._theme = theme
        self._role = role
        self._weight = weight
        self._tone = tone
        self._spacing = spacing
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(align)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if name:
            self.setObjectName(name)
        self.set_number(number)

    def set_number(self, number: str) -> None:
        """Show another number."""
        self.setText(number)
        self.setAccessibleName(" ".join(number))
        self.update()

    def set_tone(self, tone: str) -> None:
        """Take another colour of the theme."""
        self._tone = tone
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = self._theme.sizes.text(self._role or Role.NUMBER)
        width, height = self._extent(self._font(px))
        return QSize(round(width) + 1, round(height * 1.2) + 1)

    def minimumSizeHint(self) -> QSize:
        px = self._theme.sizes.smallest
        width, height = self._extent(self._font(px))
        return QSize(round(width) + 1, round(height) + 1)

    def fitted_px(self) -> int:
        """The type height at which the number fills its box, within its limit."""
        box = QRectF(self.contentsRect())
        probe = 200
        width, height = self._extent(self._font(probe))
        if width <= 0 or height <= 0:
            return 1
        px = int(probe * min(box.width() / width, box.height() / height))
        limit = self._theme.sizes.text(self._role) if self._role is not None else px
        return max(1, min(px, limit))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.text():
            return
        painter = QPainter(self)
        font = self._font(self.fitted_px())
        painter.setFont(font)
        painter.setPen(QColor(_tone(self._theme, self._tone, self.isEnabled())))
        box = QRectF(self.contentsRect())
        width, height = self._extent(font)
        left = box.left() + (box.width() - width) / 2
        if self.alignment() & Qt.AlignmentFlag.AlignLeft:
            left = box.left()
        elif self.alignment() & Qt.AlignmentFlag.AlignRight:
            left = box.right() - width
        # Capitals and figures have no descender: centred by their own height, not by the line's.
        painter.drawText(round(left), round(box.center().y() + height / 2), self.text())

    def _font(self, px: int) -> QFont:
        font = font_of(px, self._weight, tabular=True)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, px * self._spacing)
        return font

    def _extent(self, font: QFont) -> tuple[float, float]:
        """Width without the space behind the last figure, and height of the capitals."""
        metrics = QFontMetricsF(font)
        width = metrics.horizontalAdvance(self.text()) - font.letterSpacing()
        if unicodedata.is_normalized("NFD", self.text()):
            return width, metrics.capHeight()
        # Accents stand above the capitals, in other languages.
        return width, -metrics.tightBoundingRect(self.text()).top()


class PagedText(FittedLabel):
    """A long text in one line that turns pages every 8 s, because a crawl is hard to read.

    Beside a page that is not the only one stand small dots.
    """

    def __init__(
        self,
        text: str,
        theme: Theme,
        *,
        role: Role = Role.BODY,
        weight: Weight = Weight.MEDIUM,
        tone: str = "ink",
        page_s: float = PAGE_S,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self._whole = ""
        self._pages: list[str] = []
        self._page = 0
        super().__init__(
            "", theme, role=role, weight=weight, tone=tone, wrap=False, name=name, parent=parent
        )
        self._timer = QTimer(self, interval=round(page_s * 1000))
        self._timer.timeout.connect(self.turn)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show another text from its first page; the same text goes on where it is."""
        text = " ".join(text.split())
        if text == self._whole:
            return
        self._whole = text
        self.setAccessibleName(text)
        self._divide()

    @property
    def pages(self) -> list[str]:
        """The pages at the present width."""
        return list(self._pages)

    def turn(self) -> None:
        """Show the next page."""
        if self._pages:
            self._page = (self._page + 1) % len(self._pages)
            self.setText(self._pages[self._page])

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._divide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._divide()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run_timer()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.sizes.target * 4, self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        px = self._theme.sizes.text(self._role)
        return QSize(1, round(px * 1.3))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if len(self._pages) < 2:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        side = self._dot()
        top = self.height() / 2 - side / 2
        colours = self._theme.colours
        for place in range(len(self._pages)):
            left = self.width() - (len(self._pages) - place) * side * 2 + side
            painter.setBrush(QColor(colours.ink if place == self._page else colours.border))
            painter.drawEllipse(QRectF(left, top, side, side))

    def _divide(self) -> None:
        """Cut the text into pages of as many words as one line holds."""
        px = self._theme.sizes.text(self._role)
        metrics = QFontMetricsF(font_of(px, self._weight))
        room = float(self.width())
        if metrics.horizontalAdvance(self._whole) > room:
            room -= self._dot() * 2 * (metrics.horizontalAdvance(self._whole) // max(1, room) + 3)
        self._pages = divide_into_lines(self._whole, metrics, room)
        self._page = 0
        self.setText(self._pages[0] if self._pages else "")
        self._run_timer()

    def _run_timer(self) -> None:
        if self.isVisible() and len(self._pages) > 1:
            self._timer.start()
        else:
            self._timer.stop()

    def _dot(self) -> float:
        return max(4.0, self._theme.sizes.smallest / 5)


def divide_into_lines(text: str, metrics: QFontMetricsF, width: float) -> list[str]:
    """Lines of whole words no wider than this; a single wider word keeps a line of its own."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and metrics.horizontalAdvance(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _tone(theme: Theme, tone: str, enabled: bool) -> str:
    colour: str = getattr(theme.colours, tone if enabled else "on_disabled")
    return colour
