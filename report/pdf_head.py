"""The head of a paper (whose it is, whether it adds up, what is read first) and its foot."""

from reportlab.pdfgen.canvas import Canvas

from report.document import Document, Fact, Mark
from report.pdf_layout import BOTTOM, MARGIN, PAGE_HEIGHT, PAGE_WIDTH, TOP, WIDTH
from report.pdf_look import (
    BOLD,
    GREEN,
    INK,
    LINE,
    MEDIUM,
    QUIET,
    RED,
    REGULAR,
    SIZE_MIN,
    SURFACE,
    WHITE,
    Look,
    lines_of,
    width_of,
)
from report.wording import Wording, plain

_TITLE = 16.0
_BAND = 3.2
_TILES_MOST = 8


def head_height(document: Document, wording: Wording, look: Look, *, first: bool) -> float:
    """How much of a page it takes."""
    if not first:
        return look.size * 2.6
    height = _BAND + _TITLE * 1.62 + _branch_height(document, look)
    height += _facts_height(document, wording, look)
    if document.headline:
        height += _tile_height(document, look) + look.gap * 0.7
    return height + look.gap * 0.7


def draw_head(
    canvas: Canvas, document: Document, wording: Wording, look: Look, *, first: bool
) -> None:
    """Paint it; only the first page has all of it."""
    top = PAGE_HEIGHT - TOP
    if not first:
        canvas.setFillColor(QUIET)
        canvas.setFont(MEDIUM, look.size)
        canvas.drawString(MARGIN, top - look.size, plain(f"{document.title} · {document.branch}"))
        canvas.drawRightString(PAGE_WIDTH - MARGIN, top - look.size, plain(document.subtitle))
        canvas.setStrokeColor(GREEN)
        canvas.setLineWidth(0.8)
        canvas.line(MARGIN, top - look.size * 1.6, PAGE_WIDTH - MARGIN, top - look.size * 1.6)
        return
    canvas.setFillColor(GREEN)
    canvas.rect(MARGIN, top - _BAND, WIDTH, _BAND, stroke=0, fill=1)
    top = _draw_title(canvas, document, top - _BAND, look)
    top = _draw_facts(canvas, document, wording, top, look)
    if document.headline:
        _draw_tiles(canvas, document, wording, top, look)


def _draw_title(canvas: Canvas, document: Document, top: float, look: Look) -> float:
    base = top - _TITLE * 1.3
    right = plain(document.subtitle)
    canvas.setFillColor(INK)
    canvas.setFont(BOLD, _TITLE)
    canvas.drawString(MARGIN, base, plain(document.title))
    size = 12.5
    taken = width_of(plain(document.title), BOLD, _TITLE)
    while width_of(right, BOLD, size) > WIDTH - taken - 20 and size > SIZE_MIN:
        size -= 0.5
    canvas.setFont(BOLD, size)
    canvas.drawRightString(PAGE_WIDTH - MARGIN, base, right)
    under = base - look.size * 1.55
    canvas.setFillColor(QUIET)
    canvas.setFont(MEDIUM, look.size * 1.1)
    lines, is_beside = _branch_lines(document, look)
    for place, line in enumerate(lines):
        canvas.drawString(MARGIN, under - place * look.leading * 1.1, line)
    if not is_beside:
        under -= len(lines) * look.leading * 1.1 + look.size * 0.45
    _draw_marks(canvas, document.marks, under, look)
    return top - _TITLE * 1.62 - _branch_height(document, look)


def _branch_lines(document: Document, look: Look) -> tuple[list[str], bool]:
    """The branch's name in lines, and whether the marks have room beside it."""
    marks = sum(_mark_width(mark, look) for mark in document.marks)
    name, size = plain(document.branch), look.size * 1.1
    is_beside = width_of(name, MEDIUM, size) <= WIDTH - marks - look.size
    return lines_of(name, MEDIUM, size, WIDTH), is_beside


def _branch_height(document: Document, look: Look) -> float:
    lines, is_beside = _branch_lines(document, look)
    height = look.size * 1.7 + (len(lines) - 1) * look.leading * 1.1
    return height if is_beside else height + look.leading * 1.1 + look.size * 0.45


def _mark_words(mark: Mark) -> str:
    return f"{'✓' if mark.good else '✗'} {plain(mark.words)}"


def _mark_width(mark: Mark, look: Look) -> float:
    """With the space to its left."""
    return width_of(_mark_words(mark), BOLD, look.size) + look.size * 1.8


def _draw_marks(canvas: Canvas, marks: tuple[Mark, ...], base: float, look: Look) -> None:
    """On the right: good ones in a green frame, others full red, all with a sign."""
    right = PAGE_WIDTH - MARGIN
    for mark in reversed(marks):
        width = _mark_width(mark, look) - look.size * 0.6
        canvas.setFillColor(WHITE if mark.good else RED)
        canvas.setStrokeColor(GREEN if mark.good else RED)
        canvas.setLineWidth(0.9)
        canvas.roundRect(
            right - width, base - look.size * 0.48, width, look.size * 1.7, 2.5, stroke=1, fill=1
        )
        canvas.setFillColor(GREEN if mark.good else WHITE)
        canvas.setFont(BOLD, look.size)
        canvas.drawString(right - width + look.size * 0.6, base, _mark_words(mark))
        right -= width + look.size * 0.6


# Facts about the report, on a line or two.


def _fact_lines(document: Document, wording: Wording, look: Look) -> list[list[tuple[str, str]]]:
    """Names and values, as many on a line as it holds."""
    lines: list[list[tuple[str, str]]] = [[]]
    left = WIDTH
    for fact in document.head:
        value = f"{wording(fact.cell)} {plain(fact.note)}".strip()
        needed = _fact_width((plain(fact.name), value), look)
        if needed > left and lines[-1]:
            lines.append([])
            left = WIDTH
        lines[-1].append((plain(fact.name), value))
        left -= needed
    return lines


def _fact_width(fact: tuple[str, str], look: Look) -> float:
    name, value = fact
    both = width_of(f"{name} ", REGULAR, look.size) + width_of(value, BOLD, look.size)
    return both + look.size * 2.4


def _facts_height(document: Document, wording: Wording, look: Look) -> float:
    if not document.head:
        return 0.0
    return len(_fact_lines(document, wording, look)) * look.leading + look.size * 0.75


def _draw_facts(
    canvas: Canvas, document: Document, wording: Wording, top: float, look: Look
) -> float:
    base = top - look.size
    for line in _fact_lines(document, wording, look) if document.head else []:
        left = MARGIN
        for name, value in line:
            canvas.setFillColor(QUIET)
            canvas.setFont(REGULAR, look.size)
            canvas.drawString(left, base, name)
            canvas.setFillColor(INK)
            canvas.setFont(BOLD, look.size)
            canvas.drawString(left + width_of(f"{name} ", REGULAR, look.size), base, value)
            left += _fact_width((name, value), look)
        base -= look.leading
    return top - _facts_height(document, wording, look)


# The figures read first.


def _tile_height(document: Document, look: Look) -> float:
    lines = max(
        len(lines_of(plain(one.note), REGULAR, look.small, _tile_width(document, look)))
        if one.note
        else 0
        for one in document.headline
    )
    names = max(len(_name_lines(one, document, look)) for one in document.headline)
    return look.size * 3.15 + names * look.small * 1.18 + lines * look.small * 1.18


def _tile_width(document: Document, look: Look) -> float:
    many = min(len(document.headline), _TILES_MOST)
    return (WIDTH - look.size * 0.6 * (many - 1)) / many - look.size * 1.1


def _name_lines(fact: Fact, document: Document, look: Look) -> list[str]:
    return lines_of(plain(fact.name), MEDIUM, look.small, _tile_width(document, look))


def _draw_tiles(
    canvas: Canvas, document: Document, wording: Wording, top: float, look: Look
) -> None:
    assert len(document.headline) <= _TILES_MOST, "the head has room for eight figures"
    height, inner = _tile_height(document, look), _tile_width(document, look)
    pad, left = look.size * 0.55, MARGIN
    names = max(len(_name_lines(one, document, look)) for one in document.headline)
    for fact in document.headline:
        canvas.setFillColor(SURFACE)
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.5)
        canvas.roundRect(left, top - height, inner + 2 * pad, height, 3, stroke=1, fill=1)
        canvas.setFillColor(QUIET)
        canvas.setFont(MEDIUM, look.small)
        for below, line in enumerate(_name_lines(fact, document, look)):
            canvas.drawString(left + pad, top - look.small * (1.35 + 1.18 * below), line)
        base = top - look.small * 1.18 * names - look.size * 2.25
        shown, size = wording(fact.cell), look.size * 1.95
        while width_of(shown, BOLD, size) > inner and size > SIZE_MIN:
            size -= 0.25
        canvas.setFillColor(INK)
        canvas.setFont(BOLD, size)
        canvas.drawString(left + pad, base, shown)
        canvas.setFillColor(QUIET)
        canvas.setFont(REGULAR, look.small)
        for below, line in enumerate(
            lines_of(plain(fact.note), REGULAR, look.small, inner) if fact.note else []
        ):
            canvas.drawString(left + pad, base - look.small * 1.25 * (1 + below), line)
        left += inner + 2 * pad + look.size * 0.6


def draw_foot(
    canvas: Canvas, document: Document, wording: Wording, number: int, pages: int
) -> None:
    """The hash of the events that the figures were counted from, and the page's number."""
    texts = wording.texts
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, BOTTOM - 5, PAGE_WIDTH - MARGIN, BOTTOM - 6)
    canvas.setFillColor(QUIET)
    canvas.setFont(REGULAR, SIZE_MIN)
    base = BOTTOM - 14
    if document.proof:
        canvas.drawString(MARGIN, base, texts("report.paper.proof", proof=plain(document.proof)))
    page = texts("report.paper.page", number=number, pages=pages)
    canvas.drawRightString(PAGE_WIDTH - MARGIN, base, page)
