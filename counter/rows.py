"""Lines of text under one another: to be read, or to be chosen from."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from counter.chips import elided
from ui.fitting import fit_text, text_size
from ui.icons import paint_icon
from ui.shapes import paint_card, paint_focus
from ui.signs import paint_progress
from ui.theme import Theme, Weight

_ANY_WIDTH = 1 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: what stands bold, in the middle, at the right; a share for a bar.

    ``tone`` names the colour of the icon.
    """

    head: str
    text: str
    tail: str = ""
    icon: str = ""
    share: float | None = None
    hint: str = ""
    tone: str = "priority"

    @property
    def words(self) -> str:
        """All of it for who cannot see it."""
        return " ".join(filter(None, (self.head, self.text, self.tail)))


def row_height(theme: Theme) -> int:
    """How high a line is."""
    return round(theme.sizes.body * 1.36)


def head_width(rows: Sequence[Row], theme: Theme) -> float:
    """So wide that everything beside the bold parts begins at one place."""
    longest = max((row.head for row in rows), key=len, default="")
    return text_size(f"{longest}W", theme.sizes.body, Weight.BOLD, True, 0, _ANY_WIDTH)[0]


def paint_row(painter: QPainter, box: QRectF, row: Row, head_px: float, theme: Theme) -> None:
    """One line into its box."""
    colours, sizes = theme.colours, theme.sizes
    quiet = row.share == 0
    ink = colours.ink_soft if quiet else colours.ink
    left = _paint(painter, box, row.head, sizes.body, Weight.BOLD, ink)
    left = max(left, box.left() + head_px)
    if row.icon:
        side = sizes.smallest * 0.95
        at = QRectF(left, box.center().y() - side / 2, side, side)
        paint_icon(painter, row.icon, at, getattr(colours, row.tone))
        left = at.right() + sizes.gap / 2
    right = box.right()
    if row.tail:
        width = text_size(row.tail, sizes.smallest, Weight.MEDIUM, True, 0, _ANY_WIDTH)[0]
        right -= width + 1
        tail = QRectF(right, box.top(), width + 1, box.height())
        _paint(painter, tail, row.tail, sizes.smallest, Weight.MEDIUM, colours.ink_soft)
    rest = QRectF(left, box.top(), max(0.0, right - left - sizes.gap), box.height())
    if row.share is None:
        words = elided(row.text, sizes.smallest, rest.width())
        _paint(painter, rest, words, sizes.smallest, Weight.REGULAR, colours.ink_soft)
        return
    count = text_size("000", sizes.body, Weight.SEMIBOLD, True, 0, _ANY_WIDTH)[0]
    number = QRectF(rest.left(), rest.top(), count, rest.height())
    _paint(painter, number, row.text, sizes.body, Weight.SEMIBOLD, ink)
    thick = max(3.0, sizes.body * 0.45)
    track = QRectF(
        number.right(), box.center().y() - thick / 2, rest.right() - number.right(), thick
    )
    paint_progress(painter, track, row.share, colours.primary, colours.hairline)


def _paint(painter: QPainter, box: QRectF, text: str, px: int, weight: Weight, ink: str) -> float:
    """Paint a text in one line; gives where it ends."""
    if not text:
        return box.left()
    fitted = fit_text(text, box, px, 1, weight=weight, wrap=False, tabular=True)
    painter.setPen(QColor(ink))
    fitted.paint(painter, box)
    return box.left() + fitted.width


class Rows(QWidget):
    """Lines to be read; what does not fit is elided and told in a tooltip.

    With two columns they stand beside one another where there are too few lines for all; what
    is left out even so is counted in the last place ("+2").
    """

    def __init__(
        self, theme: Theme, *, name: str, most: int, least: int | None = None, columns: int = 1
    ) -> None:
        """``least`` lines stay when there is little room; None keeps all."""
        super().__init__()
        self.setObjectName(name)
        self._theme, self._most, self._least = theme, most, least
        self._columns, self._room = columns, most
        self._rows: list[Row] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def set_rows(self, rows: list[Row]) -> None:
        """Show these lines, at most as many as there is room for."""
        rows = rows[: self._most]
        if rows == self._rows:
            return
        grown = len(rows) != len(self._rows)
        self._rows = rows
        self.setAccessibleName("; ".join(row.words for row in rows))
        if grown:
            self.updateGeometry()
        self.update()

    def set_room(self, lines: int) -> None:
        """Ask for no more lines than so many."""
        if lines != self._room:
            self._room = lines
            self.updateGeometry()
            self.update()

    @property
    def count(self) -> int:
        """How many lines there are, seen or not."""
        return len(self._rows)

    @property
    def lines_least(self) -> int:
        """How many lines stay when there is little room."""
        lines = -(-len(self._rows) // self._columns)
        return lines if self._least is None else min(self._least, lines)

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        lines = max(self.lines_least, min(self._room, len(self._rows)))
        return QSize(self._theme.sizes.target * 6, row_height(self._theme) * lines)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.sizes.target * 4, row_height(self._theme) * self.lines_least)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            for box, row in self.shown():
                if box.contains(event.pos()):
                    QToolTip.showText(event.globalPos(), row.hint, self)
            return True
        return super().event(event)

    def shown(self) -> list[tuple[QRectF, Row]]:
        """What is seen, each in its box; a row that would be cut is left out: half a number
        reads as another number."""
        rows, height = self._rows, row_height(self._theme)
        lines = min(self.height() // height, len(rows))
        if not lines:
            return []
        columns = 1 if lines == len(rows) else self._columns
        lines = min(lines, -(-len(rows) // columns))
        if columns > 1 and len(rows) > columns * lines:
            left_out = rows[columns * lines - 1 :]
            hint = "\n".join(row.hint for row in left_out)
            rows = [*rows[: columns * lines - 1], Row(f"+{len(left_out)}", "", hint=hint)]
        gap = self._theme.sizes.gap * 2
        width = (self.width() - gap * (columns - 1)) / columns
        return [
            (
                QRectF((place // lines) * (width + gap), place % lines * height, width, height),
                row,
            )
            for place, row in enumerate(rows[: columns * lines])
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        head = head_width(self._rows, self._theme)
        for box, row in self.shown():
            paint_row(painter, box, row, head, self._theme)


class _Painter(QStyledItemDelegate):
    """Paints the rows of a RowList."""

    def __init__(self, rows: "RowList", theme: Theme) -> None:
        super().__init__(rows)
        self.rows, self.theme = rows, theme

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(self.theme.sizes.target * 4, self.rows.row_px())

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme, sizes = self.theme, self.theme.sizes
        box = QRectF(option.rect).adjusted(1, 1, -1, -1)
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            paint_card(
                painter,
                box,
                sizes.radius / 2,
                fill=theme.colours.pressed,
                edge=theme.colours.primary,
                edge_px=sizes.border,
            )
        inside = box.adjusted(sizes.gap, 0, -sizes.gap, 0)
        paint_row(painter, inside, self.rows.row_at(index.row()), self.rows.head_px, theme)
        if state & QStyle.StateFlag.State_HasFocus and self.rows.hasFocus():
            paint_focus(painter, box, theme)


class RowList(QListWidget):
    """Lines to choose from, by arrows, letters, Enter or mouse."""

    looked_at = Signal(str)
    """The key of the line on which the choice stands now."""
    taken = Signal(str)
    """The key of the line that was chosen by Enter or a double click."""

    def __init__(self, theme: Theme, *, name: str, label: str, touch: bool = False) -> None:
        """``touch`` makes each line as high as what a finger needs."""
        super().__init__()
        self._touch = touch
        self.setObjectName(name)
        self.setAccessibleName(label)
        self._rows: list[tuple[str, Row]] = []
        self.head_px = 0.0
        self._theme = theme
        self._delegate = _Painter(self, theme)
        self.setItemDelegate(self._delegate)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setUniformItemSizes(True)
        self.currentRowChanged.connect(self._tell)
        self.itemDoubleClicked.connect(lambda _item: self.taken.emit(self.current))

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = self._delegate.theme = theme
        self.head_px = head_width([row for _, row in self._rows], theme)
        self.doItemsLayout()

    def set_rows(self, rows: list[tuple[str, Row]]) -> None:
        """Offer these lines, each with its key; the choice stays on its key."""
        if rows == self._rows:
            return
        chosen = self.current
        self._rows = rows
        self.head_px = head_width([row for _, row in rows], self._theme)
        self.blockSignals(True)
        self.clear()
        for _, row in rows:
            item = QListWidgetItem(row.words)
            item.setToolTip(row.hint or row.words)
            self.addItem(item)
        keys = [key for key, _ in rows]
        self.setCurrentRow(keys.index(chosen) if chosen in keys else min(0, len(keys) - 1))
        self.blockSignals(False)
        if self.current != chosen:
            self.looked_at.emit(self.current)

    def row_px(self) -> int:
        """How high each line is."""
        sizes = self._theme.sizes
        return max(round(row_height(self._theme) * 1.35), sizes.target if self._touch else 0)

    def row_at(self, place: int) -> Row:
        """What stands in a line."""
        return self._rows[place][1]

    @property
    def current(self) -> str:
        """The key of the line on which the choice stands; empty without any."""
        place = self.currentRow()
        return self._rows[place][0] if 0 <= place < len(self._rows) else ""

    def look_at(self, key: str) -> None:
        """Put the choice on a line."""
        for place, (known, _) in enumerate(self._rows):
            if known == key:
                self.setCurrentRow(place)

    def step(self, by: int) -> None:
        """Move the choice up or down."""
        if self._rows:
            self.setCurrentRow(min(max(self.currentRow() + by, 0), len(self._rows) - 1))

    def sizeHint(self) -> QSize:
        return QSize(self._theme.sizes.target * 8, self.row_px() * 6)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.sizes.target * 5, self.row_px() * 3)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat() and self.current:
                self.taken.emit(self.current)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()  # the panel's way back
        else:
            super().keyPressEvent(event)

    def _tell(self, _place: int) -> None:
        self.looked_at.emit(self.current)


def steps_of(event: QEvent) -> int:
    """How far an arrow key in a field beside a list moves the choice, 0 for anything else."""
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
        return 0
    steps = {
        Qt.Key.Key_Up: -1,
        Qt.Key.Key_Down: 1,
        Qt.Key.Key_PageUp: -5,
        Qt.Key.Key_PageDown: 5,
    }
    return steps.get(Qt.Key(event.key()), 0)


__all__ = ["Row", "RowList", "Rows", "steps_of"]
