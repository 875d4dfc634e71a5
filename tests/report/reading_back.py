"""Reports read back from their files by parsers that are not ours."""

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pypdfium2
from openpyxl import load_workbook
from PIL.Image import Image

PAYLOADS = (
    "=1+1",
    "=cmd|'/c calc'!A1",
    "+1+cmd",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\0=1+1",
    "  =1+1",
    "'=1+1",
    '"=1+1',
    "=HYPERLINK(1)",
    "-2+3 wide",
    "＋1",
    "@SUM(1)",
    "<script>alert(1)</script>",
    "</td><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "{{ 7*7 }}",
    "{% raw %}",
    "<b>bold</b><font size=99>",
    "javascript:alert(1)",
    "http://evil.example/",
    "a;b;c",
    'say "no"',
    "\u202egnal\u202c",
    "zero\u200bwidth",
)


def csv_rows(data: bytes) -> list[list[str]]:
    """The rows of a CSV; it must begin with its mark."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheets(data: bytes) -> Any:
    """The workbook, formulas as formulas."""
    return load_workbook(io.BytesIO(data), data_only=False)


def cells(data: bytes) -> Iterator[Any]:
    """Every cell of every sheet."""
    for sheet in sheets(data).worksheets:
        for row in sheet.iter_rows():
            yield from row


class Page(HTMLParser):
    """What a browser makes of a page: its tags with their attributes, and its texts."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("style", "script"):
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def pdf_texts(data: bytes) -> list[str]:
    """The text of each page of a PDF."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_bounded() for page in pdf]
    finally:
        pdf.close()


def pdf_facts(data: bytes) -> dict[str, str]:
    """What a PDF says of itself."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        return dict(pdf.get_metadata_dict())
    finally:
        pdf.close()


def pdf_picture(data: bytes, page: int = 0, dpi: int = 100) -> Image:
    """A page as somebody sees it."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        picture: Image = pdf[page].render(scale=dpi / 72).to_pil().copy()
        return picture
    finally:
        pdf.close()
