"""Bars on paper, told apart by pattern and not by colour, each with its figure above it."""

from collections.abc import Iterator

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.pdfgen.canvas import Canvas

from report.document import Bars, Cell, Kind, Series
from report.pdf_look import (
    BOLD,
    GREEN,
    INK,
    MEDIUM,
    PALE,
    QUIET,
    REGULAR,
    WHITE,
    Look,
    width_of,
)
from report.wording import Wording, plain

_HEIGHT = 7.4
"""Of the part where the bars stand, in sizes of the text."""
_STRIPE = 2.4
_BAR_WIDTH_MAX = 26.0


class BarsBlock:
    """One chart: bars in groups, one group for each label."""

    def __init__(self, bars: Bars, wording: Wording) -> None:
        self._bars = bars
        self._wording = wording

    def height(self, width: float, look: Look) -> float:
        """Caption, legend, the bars, and their labels."""
        return look.leading * 1.3 + look.size * (_HEIGHT + 1.4) + self._floor(look)

    def _floor(self, look: Look) -> float:
        """Where the bars stand: above the labels and the figures below them."""
        return look.leading * (1.1 + len(self._rows()))

    def _rows(self) -> list[Series]:
        return list(self._bars.below)

    def draw(self, canvas: Canvas, left: float, top: float, width: float, look: Look) -> None:
        """Paint it."""
        height = self.height(width, look)
        drawing = Drawing(width, height)
        for shape in self._shapes(width, height, look):
            drawing.add(shape)
        renderPDF.draw(drawing, canvas, left, top - height)

    def _shapes(self, width: float, height: float, look: Look) -> Iterator[object]:
        yield from self._legend(width, height, look)
        floor, room = self._floor(look), look.size * _HEIGHT
        gutter = self._gutter(look)
        yield Line(gutter, floor, width, floor, strokeColor=INK, strokeWidth=0.7)
        most = self._most()
        labels = self._bars.labels
        if not labels:
            return
        each = (width - gutter) / len(labels)
        bar = min(_BAR_WIDTH_MAX, each * 0.8 / max(1, len(self._bars.series)))
        for place, label in enumerate(labels):
            middle = gutter + (place + 0.5) * each
            yield _text(plain(label), middle, floor - look.size * 1.1, look.size, MEDIUM, QUIET)
            for row, series in enumerate(self._rows(), 1):
                cell = Cell(series.values[place], Kind.NUMBER, series.digits)
                y = floor - look.size * 1.1 - row * look.leading
                yield _text(self._wording(cell), middle, y, look.size, REGULAR, INK)
            start = middle - bar * len(self._bars.series) / 2
            for number, series in enumerate(self._bars.series):
                value = series.values[place]
                if value is None:
                    continue
                x, tall = start + number * bar, room * float(value) / most
                yield from _bar(x + 0.6, floor, bar - 1.2, tall, number)
                shown = self._wording(Cell(value, self._bars.kind, series.digits))
                font = BOLD if number == 0 else REGULAR
                yield _text(shown, x + bar / 2, floor + tall + 1.6, look.small, font, INK)
        for row, name in enumerate([self._bars.labelled, *(one.name for one in self._rows())]):
            y = floor - look.size * 1.1 - row * look.leading
            yield _left(plain(name), 0, y, look.small)

    def _gutter(self, look: Look) -> float:
        """Left of the bars: the names of what stands below them."""
        names = [self._bars.labelled, *(one.name for one in self._rows())]
        widest = max(width_of(plain(name), REGULAR, look.small) for name in names)
        return widest + look.size * 0.5 if widest else 0.0

    def _most(self) -> float:
        values = (value for series in self._bars.series for value in series.values)
        return max((float(value) for value in values if value is not None), default=0.0) or 1.0

    def _legend(self, width: float, height: float, look: Look) -> Iterator[object]:
        base = height - look.size * 1.05
        yield String(
            0, base, plain(self._bars.caption), fontName=BOLD, fontSize=look.size, fillColor=INK
        )
        right, box = width, look.small * 0.85
        if len(self._bars.series) < 2:
            return
        for number, series in reversed(list(enumerate(self._bars.series))):
            right -= width_of(plain(series.name), REGULAR, look.small)
            yield _left(plain(series.name), right, base, look.small)
            right -= box * 1.4
            yield from _bar(right, base - 0.5, box, box, number)
            right -= look.size


def _bar(x: float, y: float, width: float, height: float, number: int) -> Iterator[object]:
    """Full, striped, empty: three kinds that a copier keeps apart."""
    fill = (GREEN, PALE, WHITE)[number % 3]
    yield Rect(x, y, width, height, fillColor=fill, strokeColor=GREEN, strokeWidth=0.7)
    if number % 3 == 1:
        yield from _stripes(x, y, width, height)


def _stripes(x: float, y: float, width: float, height: float) -> Iterator[Line]:
    """Slanted lines that end at the edges."""
    offset = _STRIPE - width
    while offset < height:
        low, high = max(0.0, -offset), min(width, height - offset)
        if high > low:
            yield Line(
                x + low, y + offset + low, x + high, y + offset + high,
                strokeColor=GREEN, strokeWidth=0.6,
            )  # fmt: skip
        offset += _STRIPE


def _text(text: str, x: float, y: float, size: float, font: str, color: object) -> String:
    return String(x, y, text, fontName=font, fontSize=size, fillColor=color, textAnchor="middle")


def _left(text: str, x: float, y: float, size: float) -> String:
    return String(x, y, text, fontName=REGULAR, fontSize=size, fillColor=QUIET)
