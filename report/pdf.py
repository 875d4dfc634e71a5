"""A report as a PDF: A4, Inter embedded, black and white as good as colour.

A document that asks for one page gets one: first the text shrinks to what is still legible, then
the least frequent rows of long lists are gathered as "others (n)". Only if even that is not enough
a second page follows: a figure is never left away.
"""

import io
from bisect import bisect_left
from collections.abc import Sequence
from datetime import timedelta

from reportlab.pdfgen.canvas import Canvas

from report.document import Definition, Document
from report.gathering import ever_shorter
from report.pdf_head import draw_foot, draw_head, head_height
from report.pdf_layout import PAGE_HEIGHT, PAGE_WIDTH, TOP, Placed, Sheets
from report.pdf_look import SIZE_MAX, SIZE_MIN, Look, load_fonts
from report.wording import Wording, plain

_STEPS = 5
"""Halvings between the smallest and the largest text: to a tenth of a point."""


def as_pdf(document: Document, *, marks: str = "") -> bytes:
    """The file's bytes, the same for the same document. ``marks`` goes into its keywords."""
    load_fonts()
    wording = Wording.for_document(document)
    shown, look, pages = _laid_out(document, wording)
    file = io.BytesIO()
    canvas = Canvas(
        file,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        invariant=1,
        lang=document.language,
        pageCompression=1,
    )
    _date(canvas, wording, document.at_ms)
    canvas.setTitle(plain(f"{document.title} · {document.branch} · {document.subtitle}"))
    canvas.setAuthor(plain(document.author or document.branch))
    canvas.setSubject(plain(document.subtitle))
    canvas.setCreator("Antrean")
    canvas.setKeywords(marks)
    for number, page in enumerate(pages, 1):
        draw_head(canvas, shown, wording, look, first=number == 1)
        for one in page:
            one.block.draw(canvas, one.left, one.top, one.width, look)
        draw_foot(canvas, shown, wording, number, len(pages))
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _date(canvas: Canvas, wording: Wording, at_ms: int) -> None:
    """Of the figures, not of the writing: the same figures give the same file."""
    at, stamp = wording.at(at_ms), canvas._doc._timeStamp
    offset_s = (at.utcoffset() or timedelta()).total_seconds()
    stamp.t, stamp.YMDhms = at_ms / 1000, at.timetuple()[:6]
    stamp.dhh, stamp.dmm = int(offset_s // 3600), int(offset_s % 3600 // 60)


def _laid_out(
    document: Document, wording: Wording
) -> tuple[Document, Look, Sequence[Sequence[Placed]]]:
    if not document.one_page:
        look = Look(8.0)
        return document, look, _pages(document, wording, look, document.definitions)
    brief = [Definition(one.term, one.brief) for one in document.definitions if one.brief]
    smallest = Look(SIZE_MIN)
    shown, pages = document, _pages(document, wording, smallest, brief)
    if len(pages) > 1:
        # The first of ever shorter ones that fits; if none does, all of it on more pages.
        shorter = list(ever_shorter(document))
        place = bisect_left(
            shorter, 1, key=lambda one: len(_pages(one, wording, smallest, brief)) == 1
        )
        if place == len(shorter):
            return document, smallest, pages
        shown = shorter[place]
        pages = _pages(shown, wording, smallest, brief)
    low, high = SIZE_MIN, SIZE_MAX
    best = (smallest, pages)
    for _ in range(_STEPS):
        look = Look((low + high) / 2)
        pages = _pages(shown, wording, look, brief)
        if len(pages) > 1:
            high = look.size
        else:
            low, best = look.size, (look, pages)
    return shown, *best


def _pages(
    document: Document, wording: Wording, look: Look, definitions: Sequence[Definition]
) -> Sequence[Sequence[Placed]]:
    top = PAGE_HEIGHT - TOP
    first = top - head_height(document, wording, look, first=True)
    others = top - head_height(document, wording, look, first=False)
    return Sheets(first, others, look).fill(document, wording, definitions)
