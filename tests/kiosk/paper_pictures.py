"""Every paper of the kiosk as a picture, dot by dot, to look at.

.venv/bin/python -m tests.kiosk.paper_pictures DIR
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from kiosk.escpos_printer import EscposPrinter
from kiosk.logo_picture import made_logo
from kiosk.paper_template import TicketForm
from kiosk.printer import PaperToPrint
from kiosk.printer_url import parse_printer_url
from kiosk.ticket_layout import lay_out
from protocol.paper_form import read_form
from tests.kiosk.slip_examples import KINDS, slip_to_print
from tests.kiosk.ticket_examples import LATER, lay_out_now, paper_texts, ticket_to_print
from tests.paper import decode, decode_all

PRINTERS = {"80mm": "network://printer?profile=TM-T88V", "58mm": "network://printer?width=58"}


def pictures() -> Iterator[tuple[str, Image.Image]]:
    """Name and picture of the ticket and of every slip: both widths, both languages, a copy."""
    for width, address in PRINTERS.items():
        printer = EscposPrinter(parse_printer_url(address))
        for language in ("id", "en"):
            papers: dict[str, PaperToPrint] = {"ticket": ticket_to_print(language=language)}
            papers |= {f"slip-{kind}": slip_to_print(kind, language=language) for kind in KINDS}
            papers["slip-code-copy"] = slip_to_print("code", copy=2, language=language)
            papers["ticket-offline"] = ticket_to_print(
                "AK012", language=language, offline=True, link=None
            )
            for name, paper in papers.items():
                drawn = decode(printer.render(lay_out_now(paper, printer.paper)))
                yield f"{width}-{language}-{name}", drawn.picture(printer.paper.dots)
            own = lay_out(
                ticket_to_print(language=language, copy=2), paper_texts(), printer.paper, LATER, OWN
            )
            for place, drawn in enumerate(decode_all(printer.render(own)), 1):
                yield f"{width}-{language}-own-form-{place}", drawn.picture(printer.paper.dots)


def _logo() -> bytes:
    picture = Image.new("L", (576, 150), 255)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((10, 5, 150, 145), fill=0)
    pen.polygon([(80, 25), (130, 120), (30, 120)], fill=255)
    pen.text((180, 30), "ANTREAN", 0, ImageFont.load_default(76))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return made_logo(out.getvalue())


OWN = TicketForm(
    read_form(
        "logo\nbranch\nspace 2\nnumber\nservice\nrule\ntext large bold: Selamat datang\n"
        " en: Welcome\ntext left: Nomor {number}, {date} pukul {time}\n"
        " en: Number {number}, {date} {time}\nrule\nestimate\nrule\nqr\nrule\nfooter left"
    ),
    _logo(),
    copies=2,
)


def main() -> None:
    """Write them all into the folder that is named."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures():
        picture.save(folder / f"{name}.png")


if __name__ == "__main__":
    main()
