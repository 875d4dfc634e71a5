"""The strip of facts: how many wait for each service, and which numbers were missed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from display.paged_strip import PagedStrip
from ui.fitting import fit_text
from ui.icons import paint_icon
from ui.labels import PAGE_S
from ui.shapes import paint_card
from ui.theme import Theme, Weight, font_of

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_DOTS_LEAST = 4


@dataclass(frozen=True)
class Fact:
    """One entry of the strip: what is large, what is said of it, and how it is read aloud."""

    badge: str
    value: str
    note: str
    spoken: str


@dataclass(frozen=True)
class Facts:
    """Entries under one heading."""

    heading: str
    short_heading: str
    icon: str
    entries: tuple[Fact, ...]


class FactsStrip(PagedStrip):
    """Headings with their entries, as many on a page as there is room for."""

    def __init__(
        self, theme: Theme, *, name: str, page_s: float = PAGE_S, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, name=name, page_s=page_s, parent=parent)
        self._facts: tuple[Facts, ...] = ()
        self._pages: list[Facts] = []
        self._is_heading_above = False
        self._dots_kept = _DOTS_LEAST

    def set_facts(self, facts: Sequence[Facts]) -> None:
        """Show other facts; headings without entries are left out."""
        new = tuple(group for group in facts if group.entries)
        if new == self._facts:
            return
        self._facts = new
        self.say(". ".join(_spoken(group) for group in new))
        self.renew()

    def set_heading_above(self, above: bool) -> None:
        """Whether the heading has a row of its own, where the strip is narrow."""
        self._is_heading_above = above
        self.renew()

    @property
    def page_count(self) -> int:
        return len(self._pages)

    def page_text(self, page: int) -> str:
        return _spoken(self._pages[page])

    def divide(self) -> None:
        self._dots_kept = _DOTS_LEAST
        self._pages = [page for group in self._facts for page in self._cut(group)]
        if len(self._pages) > _DOTS_LEAST:
            # More dots take more room, which may take one page more.
            self._dots_kept = len(self._pages) + 1
            self._pages = [page for group in self._facts for page in self._cut(group)]

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._pages:
            return
        painter = QPainter(self)
        colours, sizes = self._theme.colours, self._theme.sizes
        paint_card(painter, QRectF(self.rect()), sizes.radius / 2, fill=colours.panel)
        page = self._pages[min(self._page, len(self._pages) - 1)]
        heading, room = self._heading_box(page), self._entries_box(page)
        side = sizes.smallest * 0.9
        paint_icon(
            painter,
            page.icon,
            QRectF(heading.left(), heading.center().y() - side / 2, side, side),
            colours.ink_soft,
        )
        words = heading.adjusted(side + sizes.gap * 0.5, 0, 0, 0)
        painter.setPen(QColor(colours.ink_soft))
        fit_text(
            page.heading,
            words,
            sizes.smallest,
            sizes.smallest // 2,
            weight=Weight.SEMIBOLD,
            align=_LEFT,
            wrap=False,
        ).paint(painter, words)
        dots = heading if self._is_heading_above else QRectF(self.rect())
        self.paint_dots(painter, dots.adjusted(0, 0, -sizes.gap * 0.5, 0))
        self._paint_entries(painter, page, room)

    def _paint_entries(self, painter: QPainter, page: Facts, room: QRectF) -> None:
        widths = [self._entry_px(entry) for entry in page.entries]
        least = self._between_px()
        spare = room.width() - sum(widths) - least * (len(widths) - 1)
        between = least + min(max(0.0, spare) / len(widths), least)
        left = room.left()
        for entry, width in zip(page.entries, widths, strict=True):
            self._paint_entry(painter, entry, QRectF(left, room.top(), width, room.height()))
            left += width + between

    def _paint_entry(self, painter: QPainter, entry: Fact, box: QRectF) -> None:
        colours, px = self._theme.colours, self._theme.sizes.smallest
        if entry.badge:
            side = px * 1.15
            badge = QRectF(box.left(), box.center().y() - side / 2, side, side)
            paint_card(painter, badge, px * 0.25, fill=colours.ok_soft)
            painter.setPen(QColor(colours.on_ok_soft))
            fit_text(
                entry.badge,
                badge.adjusted(px * 0.08, 0, -px * 0.08, 0),
                round(px * 0.85),
                px // 3,
                weight=Weight.BOLD,
                align=Qt.AlignmentFlag.AlignCenter,
                wrap=False,
            ).paint(painter, badge)
            box = box.adjusted(side + px * 0.3, 0, 0, 0)
        for words, ink, weight in (
            (entry.value, colours.ink, Weight.BOLD),
            (entry.note, colours.ink_soft, Weight.MEDIUM),
        ):
            if not words:
                continue
            painter.setPen(QColor(ink))
            fitted = fit_text(
                words, box, px, px // 2, weight=weight, align=_LEFT, wrap=False, tabular=True
            )
            fitted.paint(painter, box)
            box = box.adjusted(fitted.width + px * 0.35, 0, 0, 0)

    def _cut(self, group: Facts) -> list[Facts]:
        """On one page with the whole heading, or on as few as can be with the short one."""
        if len(self._filled(group)) == 1:
            return [group]
        short = replace(group, heading=group.short_heading)
        return [replace(short, entries=entries) for entries in self._filled(short)]

    def _filled(self, group: Facts) -> list[tuple[Fact, ...]]:
        """The entries page by page, about as many on each."""
        room = self._entries_box(group).width()
        widths = [self._entry_px(entry) for entry in group.entries]
        for pages in range(1, len(widths) + 1):
            count = -(-len(widths) // pages)
            starts = range(0, len(widths), count)
            if all(self._row_px(widths[at : at + count]) <= room for at in starts):
                return [group.entries[at : at + count] for at in starts]
        return [(entry,) for entry in group.entries]

    def _row_px(self, widths: Sequence[float]) -> float:
        return sum(widths) + self._between_px() * (len(widths) - 1)

    def _between_px(self) -> float:
        return self._theme.sizes.gap * 1.25

    def _entry_px(self, entry: Fact) -> float:
        px = self._theme.sizes.smallest
        bold = QFontMetricsF(font_of(px, Weight.BOLD, tabular=True))
        medium = QFontMetricsF(font_of(px, Weight.MEDIUM, tabular=True))
        width = px * 1.45 if entry.badge else 0.0
        width += bold.horizontalAdvance(entry.value) + px * 0.1
        return width + (medium.horizontalAdvance(entry.note) + px * 0.4 if entry.note else 0.0)

    def _heading_box(self, page: Facts) -> QRectF:
        sizes = self._theme.sizes
        box = QRectF(self.rect()).adjusted(sizes.gap, 0, -sizes.gap * 0.5, 0)
        if self._is_heading_above:
            box.setHeight(box.height() / 2)
            return box
        metrics = QFontMetricsF(font_of(sizes.smallest, Weight.SEMIBOLD))
        box.setWidth(
            metrics.horizontalAdvance(page.heading) + sizes.smallest * 0.9 + sizes.gap * 0.6
        )
        return box

    def _entries_box(self, page: Facts) -> QRectF:
        sizes = self._theme.sizes
        box = QRectF(self.rect()).adjusted(sizes.gap, 0, -sizes.gap * 0.5, 0)
        if self._is_heading_above:
            box.setTop(box.center().y())
            box.setBottom(box.bottom() - sizes.gap * 0.3)
            return box
        box.setLeft(self._heading_box(page).right() + sizes.gap * 1.5)
        # The dots keep their room also where there is one page, so that nothing moves.
        box.setRight(box.right() - self.dots_width(self._dots_kept))
        return box


def _spoken(group: Facts) -> str:
    return f"{group.heading}: " + ", ".join(entry.spoken for entry in group.entries)
