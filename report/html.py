"""A report as HTML: part of a page of ours, or a file that stands alone. Every value is escaped."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from report.document import Bars, Cell, Column, Document, Kind
from report.wording import Wording, plain, rounded, whole_seconds

TEMPLATES = Path(__file__).resolve().parent / "templates"
_SHARE_DIGITS = 4

Address = Callable[[str], str | None]
"""Where the tickets are listed that a cell's ``behind`` names; None: nowhere."""


def fragment(document: Document, address: Address | None = None) -> Markup:
    """The report for a page that has a head, styles and the script for charts of its own."""
    context = _context(document, address, meters=False)
    return Markup(_environment().get_template("document.html").render(context))  # noqa: S704


def as_html(document: Document, *, marks: str = "") -> bytes:
    """A file that needs nothing else: no script, no font, no picture. ``marks``: its keywords."""
    context = _context(document, None, meters=True)
    return _environment().get_template("standalone.html").render(context, marks=marks).encode()


def _context(document: Document, address: Address | None, *, meters: bool) -> dict[str, Any]:
    wording = Wording.for_document(document)
    return {
        "document": document,
        "show": wording,
        "number": _number,
        "clean": plain,
        "t": wording.texts,
        "address": address,
        "meters": meters,
        "groups": _groups,
        "most": _most,
    }


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _number(cell: Cell) -> str:
    """A figure for scripts: a point, no thousands; nothing for a text."""
    if cell.value is None or isinstance(cell.value, str):
        return ""
    if cell.kind is Kind.SECONDS:
        return str(whole_seconds(cell.value))
    shares = cell.kind in (Kind.PERCENT, Kind.POINTS)
    return str(rounded(cell.value, _SHARE_DIGITS if shares else cell.digits))


def _groups(columns: Sequence[Column]) -> Iterator[tuple[str, list[Column]]]:
    for group, several in groupby(columns, key=lambda one: one.group):
        yield group, list(several)


def _most(bars: Bars) -> float:
    known = (float(one) for series in bars.series for one in series.values if one is not None)
    return max(known, default=0.0) or 1.0
