"""A part as running text, for a page with little room: its title leads, its figures are bold."""

from collections.abc import Iterator
from typing import cast
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from report.document import Cell, Kind, Section, Table
from report.pdf_look import GREEN_HEX, INK, REGULAR, Look
from report.wording import Wording, plain

_BETWEEN = " · "


class RunIn:
    """Facts, lists and notes of a section, one after another."""

    def __init__(self, section: Section, wording: Wording) -> None:
        self._wording = wording
        title = f'<font color="{GREEN_HEX}"><b>{_safe(section.title)}</b></font>'
        self._paragraphs = [
            f"{title} {one}" if not at else one for at, one in enumerate(self._texts(section))
        ]

    def height(self, width: float, look: Look) -> float:
        """All of its paragraphs."""
        return sum(height for _, height in self._wrapped(width, look))

    def draw(self, canvas: Canvas, left: float, top: float, width: float, look: Look) -> None:
        """Paint them."""
        for paragraph, height in self._wrapped(width, look):
            paragraph.drawOn(canvas, left, top - height)
            top -= height

    def _wrapped(self, width: float, look: Look) -> Iterator[tuple[Paragraph, float]]:
        style = ParagraphStyle(
            "run-in",
            fontName=REGULAR,
            fontSize=look.size,
            leading=look.size * 1.17,
            textColor=INK,
        )
        for text in self._paragraphs:
            paragraph = Paragraph(text, style)
            _, height = paragraph.wrap(width, 10_000)
            yield paragraph, cast(float, height)

    def _texts(self, section: Section) -> Iterator[str]:
        if section.facts:
            yield _BETWEEN.join(
                f"{_safe(one.name)} <b>{_safe(self._wording(one.cell))}</b>"
                + (f" ({_safe(one.note)})" if one.note else "")
                for one in section.facts
            )
        for table in section.tables:
            caption = "" if table.caption == section.title else f"<i>{_safe(table.caption)}:</i> "
            yield caption + _BETWEEN.join(self._row(table, row) for row in table.rows)
        for note in section.notes:
            yield _safe(note)

    def _row(self, table: Table, row: tuple[Cell, ...]) -> str:
        """Name and figures, what more is said of it in brackets."""
        name, *cells = row
        figures = " ".join(
            f"<b>{_safe(self._wording(cell))}</b>" for cell in cells if cell.kind is not Kind.TEXT
        )
        more = "; ".join(
            _safe(self._wording(cell)) for cell in cells if cell.kind is Kind.TEXT and cell.value
        )
        return f"{_safe(self._wording(name))} {figures}{f' ({more})' if more else ''}"


def _safe(text: str) -> str:
    return escape(plain(text))
