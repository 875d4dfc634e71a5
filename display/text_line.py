"""The branch's own words at the foot of the board, and above all what people must know now."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from display.paged_strip import PagedStrip
from ui.fitting import fit_text
from ui.icons import paint_icon
from ui.labels import PAGE_S, divide_into_lines
from ui.shapes import paint_card
from ui.theme import Theme, Weight, font_of

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class TextLine(PagedStrip):
    """Sentences, each on pages of its own; warnings come first and are amber with an icon."""

    def __init__(
        self, theme: Theme, *, name: str, page_s: float = PAGE_S, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, name=name, page_s=page_s, parent=parent)
        self._sentences: tuple[str, ...] = ()
        self._warnings = 0
        self._icon = ""
        self._pages: list[tuple[str, bool]] = []

    def set_sentences(
        self, sentences: Sequence[str], *, warnings: Sequence[str] = (), icon: str = ""
    ) -> None:
        """Show other sentences; the same ones go on where they are."""
        new = tuple(" ".join(sentence.split()) for sentence in (*warnings, *sentences))
        if (new, len(warnings), icon) == (self._sentences, self._warnings, self._icon):
            return
        self._sentences, self._warnings, self._icon = new, len(warnings), icon
        self._page = 0
        self.say(" ".join(new))
        self.renew()

    @property
    def page_count(self) -> int:
        return len(self._pages)

    def page_text(self, page: int) -> str:
        return self._pages[page][0].replace("\n", " ")

    def divide(self) -> None:
        self._pages = self._cut(1)
        if len(self._pages) > 1:
            self._pages = self._cut(len(self._pages) + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._pages:
            return
        painter = QPainter(self)
        colours, sizes = self._theme.colours, self._theme.sizes
        words, is_warning = self._pages[min(self._page, len(self._pages) - 1)]
        ink = colours.on_warning_soft if is_warning else colours.ink
        box = self._words_box(is_warning, 1)
        if is_warning:
            paint_card(
                painter,
                QRectF(self.rect()),
                sizes.radius / 2,
                fill=colours.warning_soft,
                edge=ink,
                edge_px=max(1.0, sizes.border / 1.5),
            )
            side = float(sizes.smallest)
            at = QRectF(sizes.smallest * 0.45, box.center().y() - side / 2, side, side)
            paint_icon(painter, self._icon, at, ink)
        self.paint_dots(painter, box)
        box = self._words_box(is_warning, self.page_count)
        painter.setPen(QColor(ink))
        fit_text(
            words,
            box,
            sizes.smallest,
            sizes.smallest // 2,
            weight=_weight(is_warning),
            align=_LEFT,
            wrap=False,
        ).paint(painter, box)

    def _cut(self, pages: int) -> list[tuple[str, bool]]:
        """Pages of as many lines as the strip is high; no page holds two sentences."""
        cut = []
        for place, sentence in enumerate(self._sentences):
            is_warning = place < self._warnings
            metrics = QFontMetricsF(font_of(self._theme.sizes.smallest, _weight(is_warning)))
            room = self._words_box(is_warning, pages).width()
            rows = max(1, int(self.height() / metrics.height()))
            lines = divide_into_lines(sentence, metrics, room)
            for at in range(0, len(lines), rows):
                cut.append(("\n".join(lines[at : at + rows]), is_warning))
        return cut

    def _words_box(self, is_warning: bool, pages: int) -> QRectF:
        """The room for words beside the icon and the dots of so many pages."""
        px = self._theme.sizes.smallest
        left = px * 1.8 if is_warning else px * 0.2
        return QRectF(self.rect()).adjusted(left, 0, -px * 0.3 - self.dots_width(pages), 0)


def _weight(is_warning: bool) -> Weight:
    return Weight.SEMIBOLD if is_warning else Weight.MEDIUM
