"""The four kinds of file that a document can become."""

from collections.abc import Callable, Mapping

from report.document import Document

FORMATS = ("pdf", "html", "xlsx", "csv")
TYPES: Mapping[str, tuple[str, str]] = {
    "pdf": ("application", "pdf"),
    "html": ("text", "html"),
    "xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("text", "csv"),
}


def file_of(document: Document, format_: str, *, marks: str = "") -> bytes:
    """A document as one of ``FORMATS``; ``marks`` are kept in it where the format has a place."""
    return _makers()[format_](document, marks)


def _makers() -> Mapping[str, Callable[[Document, str], bytes]]:
    # The libraries of the paper and the workbook are slow to import: only who writes waits.
    from report.csv_file import as_csv
    from report.html import as_html
    from report.pdf import as_pdf
    from report.xlsx import as_xlsx

    return {
        "pdf": lambda document, marks: as_pdf(document, marks=marks),
        "html": lambda document, marks: as_html(document, marks=marks),
        "xlsx": lambda document, marks: as_xlsx(document, marks=marks),
        "csv": lambda document, _marks: as_csv(document),
    }
