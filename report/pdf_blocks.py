"""The blocks that a paper is built of. Each says how high it is at a width, and draws itself."""

from collections.abc import Sequence
from typing import Protocol, cast
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from report.document import Definition, Fact, Kind
from report.pdf_look import (
    BOLD,
    GREEN,
    GREEN_HEX,
    INK,
    LINE,
    QUIET,
    RED,
    REGULAR,
    Look,
    lines_of,
    width_of,
)
from report.wording import Wording, plain


class Block(Protocol):
    """Something on the paper; ``top`` is measured from below, as PDF does."""

    def height(self, width: float, look: Look) -> float:
        """How high it is at this width."""
        ...

    def draw(self, canvas: Canvas, left: float, top: float, width: float, look: Look) -> None:
        """Draw it below ``top``."""
        ...


class Heading:
    """The title of a part, over a thin green rule."""

    def __init__(self, title: str) -> None:
        self.title = plain(title)

    def height(self, width: float, look: Look) -> float:
        return self._lines(width, look)[1] * look.size * 1.4 + look.size * 0.5

    def draw(self, canvas: Canvas, left: float, top: float, width: float, look: Look) -> None:
        lines, many = self._lines(width, look)
        canvas.setFillColor(GREEN)
        canvas.setFont(BOLD, look.size * 1.14)
        for place, line in enumerate(lines):
            canvas.drawString(left, top - look.size * (1.1 + 1.4 * place), line)
        canvas.setStrokeColor(GREEN)
        canvas.setLineWidth(0.8)
        under = top - look.size * 1.4 * many
        canvas.line(left, under, left + width, under)

    def _lines(self, width: float, look: Look) -> tuple[list[str], int]:
        lines = lines_of(self.title, BOLD, look.size * 1.14, width)
        return lines, len(lines)


class Words:
    """A paragraph in small print; texts out of data cannot bring marks of their own."""

    def __init__(self, text: str, *, lead: str = "") -> None:
        words = escape(plain(text))
        self._marked = f"<b>{escape(plain(lead))}</b> {words}" if lead else words

    def height(self, width: float, look: Look) -> float:
        _, height = self._paragraph(look).wrap(width, 10_000)
        return cast(float, height)

    def draw(self, canvas: Canvas, left: float, top: float, width: float, look: Look) -> None:
        paragraph = self._paragraph(look)
        _, height = paragraph.wrap(width, 10_000)
        paragraph.drawOn(canvas, left, top - height)

    def _paragraph(self, look: Look) -> Paragraph:
        return Paragraph(self._marked, small_print(look))


class Columns:
    """The definitions as one text that flows through several columns."""

    def __init__(self, title: str, definitions: Sequence[Definition], many: int) -> None:
        told = " ".join(
            f"<b>{escape(plain(one.term))}:</b> {escape(plain(one.words))}" for one in definitions
        )
        self._marked = f'<font color="{GREEN_HEX}"><b>{escape(plain(title))}</b></font> {told}'
        self._many = many

    def height(self, width: float, look: Look) -> float:
        each = self._each(width, look)
        return float(max(part.wrap(each, 10_000)[1] for part in self._split(each, look)))

    def draw(self, canvas: Canvas, left: float, top: float, width: float, look: Look) -> None:
        each = self._each(width, look)
        for column, part in enumerate(self._split(each, look)):
            _, height = part.wrap(each, 10_000)
            part.drawOn(canvas, left + column * (each + look.gap), top - height)

    def _each(self, width: float, look: Look) -> float:
        return (width - look.gap * (self._many - 1)) / self._many

    def _split(self, each: float, look: Look) -> list[Paragraph]:
        style = small_print(look)
        rest = Paragraph(self._marked, style)
        lines = round(rest.wrap(each, 10_000)[1] / style.leading)
        height = -(-lines // self._many) * style.leading + 0.1
        parts: list[Paragraph] = []
        while len(parts) < self._many - 1:
            halves = rest.split(each, height)
            if len(halves) < 2:
                break
            parts.append(halves[0])
            rest = halves[1]
        return [*parts, rest]


def small_print(look: Look) -> ParagraphStyle:
    """How notes and definitions are set."""
    size = look.small
    return ParagraphStyle(
        "small",
        fontName=REGULAR,
        fontSize=size,
        leading=size * 1.16,
        textColor=QUIET,
        allowWidows=1,
        allowOrphans=1,
    )


class Facts:
    """Names on the left, figures on the right, what they are compared with below in small."""

    def __init__(self, facts: Sequence[Fact], wording: Wording) -> None:
        self._facts = [(plain(one.name), wording(one.cell), plain(one.note), one) for one in facts]

    def height(self, width: float, look: Look) -> float:
        return sum(self._one_height(one, width, look) for one in self._facts)

    def draw(self, canvas: Canvas, left: float, top: float, width: float, look: Look) -> None:
        for fact in self._facts:
            names, notes, wraps = self._lines(fact, width, look)
            cell = fact[3].cell
            base = top - look.size * 1.05
            canvas.setFont(REGULAR, look.size)
            canvas.setFillColor(INK)
            for place, line in enumerate(names):
                canvas.drawString(left, base - place * look.leading, line)
            canvas.setFont(BOLD, look.size)
            if cell.kind is Kind.MARK and not cell.value:
                canvas.setFillColor(RED)
            under = base
            for line in wraps:
                canvas.drawRightString(left + width, under, line)
                under -= look.leading
            canvas.setFillColor(QUIET)
            canvas.setFont(REGULAR, look.small)
            below = base - max(len(names), len(wraps)) * look.leading
            for place, line in enumerate(notes):
                canvas.drawString(left, below - place * look.small * 1.2, line)
            top -= self._one_height(fact, width, look)
            canvas.setStrokeColor(LINE)
            canvas.setLineWidth(0.3)
            canvas.line(left, top, left + width, top)

    def _one_height(self, fact: tuple[str, str, str, Fact], width: float, look: Look) -> float:
        names, notes, wraps = self._lines(fact, width, look)
        lines = max(len(names), len(wraps))
        return look.row + (lines - 1) * look.leading + len(notes) * look.small * 1.2

    def _lines(
        self, fact: tuple[str, str, str, Fact], width: float, look: Look
    ) -> tuple[list[str], list[str], list[str]]:
        name, figure, note, _ = fact
        wraps = lines_of(figure, BOLD, look.size, width * 0.6)
        taken = max(width_of(line, BOLD, look.size) for line in wraps)
        names = lines_of(name, REGULAR, look.size, width - taken - look.size)
        return names, lines_of(note, REGULAR, look.small, width) if note else [], wraps
