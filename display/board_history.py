"""The history: the calls before the present one, each with its counter."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from display.board_card import paint_star
from display.board_places import HISTORY_ROWS_MOST, history_heading_px
from display.board_words import BoardWords
from display.card_turns import CallRow
from ui.fitting import fit_text, text_size
from ui.labels import FittedLabel
from ui.shapes import paint_card
from ui.theme import Theme, Weight
from ui.tokens import Role

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class HistoryRow(QLabel):
    """One call: number, star if it has priority, counter. A bar marks whom the hall waits for."""

    def __init__(
        self, theme: Theme, words: BoardWords, *, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = words
        self._row: CallRow | None = None
        self._digits = 1
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def show_row(self, row: CallRow | None, digits: int) -> None:
        """Show a call, or an empty row; ``digits`` of counters stand below one another."""
        if (row, digits) == (self._row, self._digits) and (row is None) == (not self.text()):
            return
        self._row, self._digits = row, digits
        words = ""
        if row is not None:
            words = self._words("display.history.row", number=row.number, counter=row.counter)
        self.setText(words)
        self.setAccessibleName(words)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.update()

    def number_px(self) -> int:
        """The type height in which the number is painted."""
        return self._theme.sizes.tile

    def paintEvent(self, event: QPaintEvent) -> None:
        row = self._row
        if row is None:
            return
        colours, sizes = self._theme.colours, self._theme.sizes
        painter = QPainter(self)
        box = QRectF(self.rect())
        bar = max(4.0, sizes.gap / 3)
        if row.is_due:
            mark = QRectF(box.left(), box.center().y() - sizes.tile * 0.42, bar, sizes.tile * 0.84)
            paint_card(painter, mark, bar / 2, fill=colours.primary)
        words = box.adjusted(bar + sizes.gap * 0.6, 0, 0, 0)
        painter.setPen(QColor(colours.ink))
        counter = fit_text(
            str(row.counter),
            words,
            sizes.tile,
            sizes.smallest,
            weight=Weight.BOLD,
            align=_RIGHT,
            wrap=False,
            tabular=True,
        )
        counter.paint(painter, words)
        # The word keeps one place, so that the figures stand below one another.
        words.setRight(
            words.right() - max(counter.width, sizes.tile * 0.66 * self._digits) - sizes.gap * 0.6
        )
        painter.setPen(QColor(colours.ink_soft))
        word = fit_text(
            self._words("display.history.counter"),
            words,
            sizes.smallest,
            sizes.smallest // 2,
            weight=Weight.MEDIUM,
            align=_RIGHT,
            wrap=False,
        )
        word.paint(painter, words.translated(0, sizes.tile * 0.06))
        words.setRight(words.right() - word.width - sizes.gap * 0.5)
        side = sizes.tile * 0.64 if row.priority else 0.0
        painter.setPen(QColor(colours.primary if row.is_due else colours.ink))
        number_box = words.adjusted(0, 0, -(side + sizes.gap * 0.4) if side else 0, 0)
        number = fit_text(
            row.number,
            number_box,
            sizes.tile,
            sizes.smallest,
            weight=Weight.BOLD,
            align=_LEFT,
            wrap=False,
            tabular=True,
        )
        number.paint(painter, number_box)
        if side:
            left = number_box.left() + number.width + sizes.gap * 0.4
            star = QRectF(left, words.center().y() - side / 2, side, side)
            paint_star(painter, star, self._theme)


class History(QWidget):
    """The panel with its heading and rows."""

    def __init__(self, theme: Theme, words: BoardWords, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history")
        self._theme = theme
        self._words = words
        self._count = HISTORY_ROWS_MOST
        self._filled = 0
        self._heading = FittedLabel(
            "",
            theme,
            role=Role.SMALLEST,
            weight=Weight.SEMIBOLD,
            tone="ink_soft",
            wrap=False,
            name="history-heading",
            parent=self,
        )
        self.rows = [
            HistoryRow(theme, words, name=f"history-{place}", parent=self)
            for place in range(1, HISTORY_ROWS_MOST + 1)
        ]

    def show_rows(self, rows: Sequence[CallRow]) -> None:
        """Show the newest calls, as many as there is room for."""
        self._say_heading()
        shown = rows[: self._count]
        digits = max((len(str(row.counter)) for row in shown), default=1)
        for place, row in enumerate(self.rows):
            row.show_row(shown[place] if place < len(shown) else None, digits)
        if len(shown) != self._filled:
            self._filled = len(shown)
            self.update()  # the lines between the rows

    def set_count(self, count: int) -> None:
        """Make room for so many rows."""
        self._count = count
        self._place()

    def set_theme(self, theme: Theme) -> None:
        """Take another look; the parts are told by ``apply_theme``."""
        self._theme = theme
        self._place()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours, sizes = self._theme.colours, self._theme.sizes
        paint_card(painter, QRectF(self.rect()), sizes.radius, fill=colours.panel)
        painter.setPen(QColor(colours.hairline))
        for row in self.rows[: self._count]:
            if not row.text():
                continue
            painter.fillRect(
                QRectF(
                    row.x(), row.y() - max(1, sizes.border // 2), row.width(), max(1, sizes.border)
                ),
                QColor(colours.hairline),
            )

    def _say_heading(self) -> None:
        """In both languages where the line is long enough for them at full size."""
        words = self._words.both("display.history.heading")
        px = self._theme.sizes.smallest
        width, _ = text_size(words, px, Weight.SEMIBOLD, False, 0, 1 << 20)
        if width > self._heading.width():
            words = self._words("display.history.heading")
        if words != self._heading.text():
            self._heading.setText(words)

    def _place(self) -> None:
        sizes = self._theme.sizes
        side, top = sizes.gap, history_heading_px(sizes)
        width = self.width() - 2 * side
        self._heading.setGeometry(QRect(side, 0, width, top))
        room = self.height() - top - sizes.gap // 2
        for place, row in enumerate(self.rows):
            row.setVisible(place < self._count)
            first = top + room * place // self._count
            last = top + room * (place + 1) // self._count
            row.setGeometry(QRect(side, first + 2, width, last - first - 4))
        self._say_heading()
