"""Tables on paper: the first column takes what the figures leave, and nothing is cut off."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from reportlab.pdfgen.canvas import Canvas

from report.document import Cell, Column, Kind, Table
from report.pdf_look import (
    BOLD,
    INK,
    LINE,
    MEDIUM,
    QUIET,
    RED,
    REGULAR,
    SURFACE,
    Look,
    lines_of,
    width_of,
)
from report.wording import Wording, plain

_PAD, _PAD_WHOLE, _PAD_MIN = 0.42, 0.24, 0.14
"""Left and right of a cell, in sizes of the text: as wished, with whole headings, at least."""
_FIRST_MIN = 0.16
"""The part of the width that the first column has at least."""


class TableBlock:
    """A table with its caption, where it needs one beside the heading."""

    def __init__(self, table: Table, wording: Wording, *, caption: bool = True) -> None:
        self.table = table
        self._with: list[TableBlock] = [self]
        self._measured: dict[tuple[float, Look, int], tuple[list[float], float]] = {}
        self._wording = wording
        self._caption = plain(table.caption) if caption else ""
        self._rows = [[wording(cell) for cell in row] for row in table.rows]
        self._total = [wording(cell) for cell in table.total] if table.total else None

    def height(self, width: float, look: Look) -> float:
        widths = self._widths(width, look)
        rows = [*self._rows, *([self._total] if self._total else [])]
        height = self._caption_height(look) + self._head_height(widths, look)
        height += sum(self._row_height(row, widths, look) for row in rows)
        return height + self._note_height(width, look)

    def draw(self, canvas: Canvas, left: float, top: float, width: float, look: Look) -> None:
        widths = self._widths(width, look)
        top = self._draw_caption(canvas, left, top, look)
        top = self._draw_head(canvas, left, top, widths, look)
        for place, (row, cells) in enumerate(zip(self._rows, self.table.rows, strict=True)):
            height = self._row_height(row, widths, look)
            if place % 2:
                canvas.setFillColor(SURFACE)
                canvas.rect(left, top - height, width, height, stroke=0, fill=1)
            self._draw_row(canvas, left, top, (row, cells), widths, look, REGULAR)
            top -= height
        if self._total and self.table.total:
            _rule(canvas, left, top, width, 0.7, INK)
            drawn = (self._total, self.table.total)
            self._draw_row(canvas, left, top, drawn, widths, look, BOLD)
            top -= self._row_height(self._total, widths, look)
        _rule(canvas, left, top, width, 0.4, LINE)
        if self.table.note:
            canvas.setFillColor(QUIET)
            canvas.setFont(REGULAR, look.small)
            for place, line in enumerate(self._note(width, look)):
                canvas.drawString(left, top - look.small * (1.15 + 1.2 * place), line)

    def joins(self, above: "TableBlock") -> None:
        """Stand under a table of the same columns: without a heading, and as wide."""
        assert self.table.columns == above.table.columns
        self._with = above._with
        self._with.append(self)

    def split(self, height: float, width: float, look: Look) -> "tuple[TableBlock, TableBlock]":
        """The rows that fit into this height, and the others under the same heading.

        Raises ValueError where not even one row fits.
        """
        widths = self._widths(width, look)
        left = height - self._caption_height(look) - self._head_height(widths, look)
        fits = 0
        for row in self._rows:
            left -= self._row_height(row, widths, look)
            if left < 0:
                break
            fits += 1
        if fits == 0 or fits == len(self._rows):
            raise ValueError("nothing to split")
        table = self.table
        first = Table(table.id, table.caption, table.columns, table.rows[:fits])
        rest = Table(
            table.id, table.caption, table.columns, table.rows[fits:], table.total, note=table.note
        )
        caption = bool(self._caption)
        return (
            TableBlock(first, self._wording, caption=caption),
            TableBlock(rest, self._wording, caption=caption),
        )

    # Widths.

    def _widths(self, width: float, look: Look) -> list[float]:
        """What each column needs; what is over goes to all alike."""
        needs, pad = self._needs(width, look)
        needs = [need + 2 * pad for need in needs]
        over = width - sum(needs)
        if over >= 0:
            share = over / len(needs)
            return [need + share for need in needs]
        # Too narrow: columns of words give, each its fair part, and wrap.
        words = [
            place
            for place, column in enumerate(self.table.columns)
            if place == 0 or _is_words(column)
        ]
        fixed = sum(need for place, need in enumerate(needs) if place not in words)
        whole = sum(needs[place] for place in words)
        room = max(width - fixed, min(whole, width * _FIRST_MIN))
        for place in words:
            needs[place] *= room / whole
        scale = width / sum(needs)
        return [need * scale for need in needs]

    def _needs(self, width: float, look: Look) -> tuple[list[float], float]:
        """The least of each column and the space beside it: whole headings where they fit."""
        asked = (width, look, len(self._with))
        if asked not in self._measured:
            self._measured[asked] = self._measure(width, look)
        return self._measured[asked]

    def _measure(self, width: float, look: Look) -> tuple[list[float], float]:
        most = _PAD * look.size
        needs = self._least(look, whole=True)
        free = (width - sum(needs)) / len(needs) / 2
        if free < _PAD_WHOLE * look.size:
            needs = self._least(look, whole=False)
            free = max(_PAD_MIN * look.size, (width - sum(needs)) / len(needs) / 2)
        return needs, min(most, free)

    def _least(self, look: Look, *, whole: bool) -> list[float]:
        """What each column needs at least, over all tables under the same heading."""
        places = range(len(self.table.columns))
        return [
            max(one._own_need(place, look, whole=whole) for one in self._with) for place in places
        ]

    def _pad(self, width: float, look: Look) -> float:
        return self._needs(width, look)[1]

    def _own_need(self, place: int, look: Look, *, whole: bool) -> float:
        rows = [*self._rows, *([self._total] if self._total else [])]
        font = BOLD if self._total else REGULAR
        cells = max((width_of(row[place], font, look.size) for row in rows), default=0.0)
        title = self._title(place)
        parts = [title] if whole else title.split() or [""]
        return max(cells, *(width_of(part, MEDIUM, look.small) for part in parts))

    def _title(self, place: int) -> str:
        column = self.table.columns[place]
        return plain(column.short or column.title)

    # Heights.

    def _caption_height(self, look: Look) -> float:
        return look.leading + look.size * 0.25 if self._caption else 0.0

    def _head_height(self, widths: Sequence[float], look: Look) -> float:
        if self._with[0] is not self:
            return 0.0
        lines = max(len(lines) for lines in self._head_lines(widths, look))
        lines += any(column.group for column in self.table.columns)
        return lines * look.small * 1.14 + look.size * 0.5

    def _groups(self) -> Iterator[tuple[str, range]]:
        """The groups of columns, each with the places that it spans."""
        start = 0
        for group, columns in groupby(self.table.columns, key=lambda one: one.group):
            end = start + len(list(columns))
            if group:
                yield plain(group), range(start, end)
            start = end

    def _head_lines(self, widths: Sequence[float], look: Look) -> list[list[str]]:
        pad = 2 * self._pad(sum(widths), look) - 0.01
        return [
            lines_of(self._title(place), MEDIUM, look.small, width - pad)
            for place, width in enumerate(widths)
        ]

    def _row_height(self, row: Sequence[str], widths: Sequence[float], look: Look) -> float:
        lines = max(len(lines) for lines in self._row_lines(row, widths, look))
        return look.row + (lines - 1) * look.leading

    def _row_lines(
        self, row: Sequence[str], widths: Sequence[float], look: Look
    ) -> list[list[str]]:
        # A hair more than the padding leaves, or rounding would break what was measured to fit.
        pad = 2 * self._pad(sum(widths), look) - 0.01
        font = BOLD if row is self._total else REGULAR
        return [
            lines_of(text, font, look.size, width - pad)
            for text, width in zip(row, widths, strict=True)
        ]

    def _note(self, width: float, look: Look) -> list[str]:
        if not self.table.note:
            return []
        return lines_of(plain(self.table.note), REGULAR, look.small, width)

    def _note_height(self, width: float, look: Look) -> float:
        lines = self._note(width, look)
        return len(lines) * look.small * 1.2 + (look.size * 0.3 if lines else 0.0)

    # Drawing.

    def _draw_caption(self, canvas: Canvas, left: float, top: float, look: Look) -> float:
        if self._caption:
            canvas.setFillColor(INK)
            canvas.setFont(BOLD, look.size)
            canvas.drawString(left, top - look.size, self._caption)
        return top - self._caption_height(look)

    def _draw_head(
        self, canvas: Canvas, left: float, top: float, widths: Sequence[float], look: Look
    ) -> float:
        bottom = top - self._head_height(widths, look)
        if bottom == top:
            _rule(canvas, left, top, sum(widths), 0.6, QUIET)
            return top
        canvas.setFillColor(QUIET)
        canvas.setFont(BOLD, look.small)
        pad = self._pad(sum(widths), look)
        for group, places in self._groups():
            begin = left + sum(widths[: places.start]) + pad
            end = left + sum(widths[: places.stop]) - pad
            canvas.drawCentredString((begin + end) / 2, top - look.small * 0.98, group)
            _rule(canvas, begin, top - look.small * 1.22, end - begin, 0.4, QUIET)
        canvas.setFont(MEDIUM, look.small)
        x = left
        for place, lines in enumerate(self._head_lines(widths, look)):
            for above, line in enumerate(reversed(lines)):
                y = bottom + look.size * 0.36 + above * look.small * 1.14
                self._draw_text(canvas, x, y, widths[place], line, place, pad)
            x += widths[place]
        _rule(canvas, left, bottom, sum(widths), 0.6, QUIET)
        return bottom

    def _draw_row(
        self,
        canvas: Canvas,
        left: float,
        top: float,
        drawn: tuple[Sequence[str], Sequence[Cell]],
        widths: Sequence[float],
        look: Look,
        font: str,
    ) -> None:
        row, cells = drawn
        x, pad = left, self._pad(sum(widths), look)
        for place, lines in enumerate(self._row_lines(row, widths, look)):
            wrong = cells[place].kind is Kind.MARK and not cells[place].value
            canvas.setFillColor(RED if wrong else INK)
            canvas.setFont(BOLD if wrong else font, look.size)
            for below, line in enumerate(lines):
                y = top - look.size * 1.0 - below * look.leading
                self._draw_text(canvas, x, y, widths[place], line, place, pad)
            x += widths[place]

    def _draw_text(
        self,
        canvas: Canvas,
        x: float,
        y: float,
        width: float,
        line: str,
        place: int,
        pad: float,
    ) -> None:
        if place == 0 or _is_words(self.table.columns[place]):
            canvas.drawString(x + pad, y, line)
        else:
            canvas.drawRightString(x + width - pad, y, line)


def _is_words(column: Column) -> bool:
    return column.kind is Kind.TEXT


def _rule(
    canvas: Canvas, left: float, y: float, width: float, thickness: float, color: object
) -> None:
    canvas.setStrokeColor(color)
    canvas.setLineWidth(thickness)
    canvas.line(left, y, left + width, y)
