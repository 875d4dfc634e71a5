"""Every paper of the kiosk as a picture, dot by dot, to look at.

.venv/bin/python -m tests.kiosk.paper_pictures DIR
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from kiosk.escpos_printer import EscposPrinter
from kiosk.printer import PaperToPrint
from kiosk.printer_url import parse_printer_url
from tests.kiosk.slip_examples import KINDS, slip_to_print
from tests.kiosk.ticket_examples import lay_out_now, ticket_to_print
from tests.paper import decode

PRINTERS = {"80mm": "network://printer?profile=TM-T88V", "58mm": "network://printer?width=58"}


def pictures() -> Iterator[tuple[str, Image.Image]]:
    """Name and picture of the ticket and of every slip: both widths, both languages, a copy."""
    for width, address in PRINTERS.items():
        printer = EscposPrinter(parse_printer_url(address))
        for language in ("id", "en"):
            papers: dict[str, PaperToPrint] = {"ticket": ticket_to_print(language=language)}
            papers |= {f"slip-{kind}": slip_to_print(kind, language=language) for kind in KINDS}
            papers["slip-code-copy"] = slip_to_print("code", copy=2, language=language)
            for name, paper in papers.items():
                drawn = decode(printer.render(lay_out_now(paper, printer.paper)))
                yield f"{width}-{language}-{name}", drawn.picture(printer.paper.dots)


def main() -> None:
    """Write them all into the folder that is named."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures():
        picture.save(folder / f"{name}.png")


if __name__ == "__main__":
    main()
