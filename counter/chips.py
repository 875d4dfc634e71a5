"""Facts as small chips with icon and word, and rows of them that wrap."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QSizePolicy, QWidget

from ui.fitting import fit_text, text_size
from ui.icons import paint_icon
from ui.shapes import paint_card
from ui.theme import Theme, Weight
from ui.tokens import Role

_ANY_WIDTH = 1 << 20


class FactChip(QLabel):
    """One fact: an icon and a word, purple for priority, blue for needs, plain for the rest."""

    def __init__(
        self, icon: str, word: str, theme: Theme, *, tone: str = "plain", name: str = ""
    ) -> None:
        """``tone`` is ``priority``, ``info``, ``due``, ``bad`` or ``plain``."""
        super().__init__(word)
        self._icon, self._theme, self._tone = icon, theme, tone
        if name:
            self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return chip_size(self.text(), self._icon, self._theme)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        box = QRectF(self.rect())
        paint_chip(QPainter(self), box, self._icon, self.text(), self._theme, self._tone)


class ChipButton(QAbstractButton):
    """A chip to be pressed; ``due`` is the tone for what somebody should look after now."""

    def __init__(
        self, icon: str, word: str, theme: Theme, *, tone: str = "plain", name: str = ""
    ) -> None:
        super().__init__()
        self.setText(word)
        self.icon_name, self.theme, self.tone = icon, theme, tone
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self.theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return chip_size(self.text(), self.icon_name, self.theme)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box = QPainter(self), QRectF(self.rect())
        paint_chip(painter, box, self.icon_name, self.text(), self.theme, self.tone)
        if self.hasFocus():
            focus = self.theme.sizes.focus
            edge = self.theme.colours.focus
            paint_card(painter, box, box.height() / 2, fill=None, edge=edge, edge_px=focus)


def chip_size(text: str, icon: str, theme: Theme) -> QSize:
    """How large a chip is."""
    px = theme.sizes.smallest
    width, height = text_size(text, px, Weight.SEMIBOLD, True, 0, _ANY_WIDTH)
    return QSize(round(width + px * (2.5 if icon else 1.3)), round(height + px * 0.5))


def paint_chip(
    painter: QPainter, box: QRectF, icon: str, text: str, theme: Theme, tone: str
) -> None:
    """A rounded sign with icon and word."""
    colours, px = theme.colours, theme.sizes.smallest
    fill, ink, edge = {
        "priority": (colours.panel, colours.priority, colours.priority),
        "info": (colours.info_soft, colours.on_info_soft, colours.info),
        "due": (colours.warning_soft, colours.on_warning_soft, colours.on_warning_soft),
        "bad": (colours.error_soft, colours.on_error_soft, colours.error),
    }.get(tone, (colours.disabled, colours.on_disabled, colours.border))
    paint_card(painter, box, box.height() / 2, fill=fill, edge=edge, edge_px=max(1.0, px / 13))
    words = box.adjusted(px * 0.6, 0, -px * 0.4, 0)
    if icon:
        side = px * 0.95
        at = QRectF(words.left(), box.center().y() - side / 2, side, side)
        paint_icon(painter, icon, at, ink)
        words.setLeft(at.right() + px * 0.35)
    painter.setPen(QColor(ink))
    fit_text(
        text, words, px, max(1, px // 2), weight=Weight.SEMIBOLD, wrap=False, tabular=True
    ).paint(painter, words)


class ChipRows(QWidget):
    """Chips in rows, as many in each as the width holds; those beyond ``rows`` are not shown.

    What is left out is counted in a last chip ("+2"), whose tooltip has their words.
    """

    def __init__(self, theme: Theme, *, rows: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._rows = theme, rows
        self._chips: list[QLabel | QAbstractButton] = []
        self._rest = FactChip("", "", theme, name="chips-rest")
        self._rest.setParent(self)
        self._rest.hide()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)

    def set_chips(self, chips: Sequence[QLabel | QAbstractButton]) -> None:
        """Show these in place of the former ones."""
        for old in self._chips:
            old.hide()
            old.deleteLater()
        self._chips = list(chips)
        for chip in chips:
            chip.setParent(self)
        self._arrange()
        self.updateGeometry()

    def set_rows(self, rows: int) -> None:
        """Show so many rows at most."""
        if rows != self._rows:
            self._rows = rows
            self._arrange()
            self.updateGeometry()

    def chips(self) -> list[QLabel | QAbstractButton]:
        """Those that are shown, or would be with more room."""
        return list(self._chips)

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self._arrange()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        sizes = self._theme.sizes
        row = self._row_height()
        rows = min(self._rows, self._used_rows(self.width() or 10 * sizes.target))
        return QSize(sizes.target * 4, rows * row + max(0, rows - 1) * sizes.gap // 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.sizes.target, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _row_height(self) -> int:
        px = self._theme.sizes.smallest
        return round(text_size("Mg", px, Weight.SEMIBOLD, True, 0, _ANY_WIDTH)[1] + px * 0.5)

    def _places(
        self, width: int, chips: Sequence[QLabel | QAbstractButton]
    ) -> list[tuple[int, int, int]]:
        """For each chip its row, left edge and width."""
        gap = self._theme.sizes.gap // 2
        places, row, left = [], 0, 0
        for chip in chips:
            wide = min(width, chip.sizeHint().width())
            if left and left + wide > width:
                row, left = row + 1, 0
            places.append((row, left, wide))
            left += wide + gap
        return places

    def _used_rows(self, width: int) -> int:
        return max((row + 1 for row, _, _ in self._places(width, self._chips)), default=0)

    def _arrange(self) -> None:
        height, gap, width = self._row_height(), self._theme.sizes.gap // 2, self.width()
        shown, places = list(self._chips), self._places(width, self._chips)
        for kept in reversed(range(len(self._chips))):
            if places[-1][0] < self._rows:
                break
            left_out = self._chips[kept:]
            self._rest.setText(f"+{len(left_out)}")
            self._rest.setToolTip("\n".join(chip.text() for chip in left_out))
            shown = [*self._chips[:kept], self._rest]
            places = self._places(width, shown)
        for chip in (*self._chips, self._rest):
            chip.setVisible(chip in shown)
        for chip, (row, left, wide) in zip(shown, places, strict=True):
            chip.setGeometry(QRect(left, row * (height + gap), wide, height))


class Card(QWidget):
    """A white panel with a thin edge, on which other things stand."""

    def __init__(self, theme: Theme, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._edge = ""

    def set_edge(self, colour_name: str) -> None:
        """Draw a thick edge in a colour of the theme; empty for the thin one."""
        if colour_name != self._edge:
            self._edge = colour_name
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, sizes = self._theme.colours, self._theme.sizes
        edge: str = getattr(colours, self._edge) if self._edge else colours.hairline
        paint_card(
            QPainter(self),
            QRectF(self.rect()),
            sizes.radius,
            fill=colours.panel,
            edge=edge,
            edge_px=sizes.border * (2 if self._edge else 1),
        )


def elided(text: str, px: int, width: float, weight: Weight = Weight.REGULAR) -> str:
    """As many letters as a width holds, with an ellipsis if some are left out."""
    if text_size(text, px, weight, True, 0, _ANY_WIDTH)[0] <= width:
        return text
    while text and text_size(f"{text}…", px, weight, True, 0, _ANY_WIDTH)[0] > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


SMALL = Role.SMALLEST
