"""The adapter over python-escpos: a layout becomes ESC/POS bytes, and the bytes go to a printer.

Lives in the printing process only (`printer_process`): every call here may block until that
process is ended. Bytes are made whole before the printer is touched, so a fault in making them
leaves no half ticket.
"""

import contextlib
import time
from collections.abc import Callable
from typing import Any

import segno
from escpos import constants
from escpos.capabilities import get_profile
from escpos.image import EscposImage
from escpos.magicencode import Encoder
from escpos.printer import Dummy
from msgspec import Struct
from PIL import Image

from kiosk.logo_picture import logo_picture
from kiosk.paper_layout import (
    PAPER_58,
    PAPER_80,
    Cut,
    Feed,
    Logo,
    PaperLayout,
    PaperSize,
    QrCode,
    Rule,
    TextLine,
)
from kiosk.paper_text import ASCII, spell
from kiosk.printer import PrinterReason, PrinterStatus, PrintOutcome
from kiosk.printer_connectors import WireError, open_wire
from kiosk.printer_status import QUERIES, query, read_status
from kiosk.printer_url import PrinterUrl
from kiosk.printer_wire import ANSWER_WAIT_S, FileWire, Wire

CONNECT_TIMEOUT_S = 2.5
CHECK_TIMEOUT_S = 1.0
ROUND_S = 0.6
MUTE_ROUND_S = 0.15

# Only pages whose 128 signs are the same in every printer that has them, and only under the number
# that all makers give them; the library's profiles know some under several numbers.
_CODE_PAGES = {"CP437": 0, "CP850": 2, "CP1252": 16, "CP858": 19}
_QR_QUIET_ZONE = 2
_TEAR_OFF_LINES = 4
BAND_ROWS = 24
_COMMAND_BYTES_MAX = 400


class Printed(Struct, frozen=True):
    """What became of one paper."""

    outcome: PrintOutcome
    reason: PrinterReason | None
    status: PrinterStatus


class EscposPrinter:
    """One printer, opened anew for each paper: after a power cut an old handle stays dead."""

    def __init__(self, url: PrinterUrl) -> None:
        self._url = url
        self._profile: Any = get_profile(url.profile or "simple")
        self._mute = False
        # Whether it ever answered everything: its silence is news then.
        self._talks = False
        known = self._profile.codePages if url.profile else {}
        self._encoder = Encoder(
            {name: page for name, page in _CODE_PAGES.items() if known.get(str(page)) == name}
        )
        self._characters = _shown(self._encoder)
        if not self._encoder.codepages:
            # Without a profile nobody knows the printer's signs: ASCII alone is the same in all.
            self._encoder = Encoder({"CP437": 0})

    @property
    def paper(self) -> PaperSize:
        """How much fits on this printer's paper, and which signs it has."""
        usual = PAPER_58 if self._url.width_mm == 58 else PAPER_80
        columns, dots = usual.columns, usual.dots
        if self._url.profile:
            known_columns, known_dots = _measure(self._profile)
            if self._url.width_mm is None:
                columns, dots = known_columns, known_dots
            else:
                columns, dots = min(columns, known_columns), min(dots, known_dots)
        return PaperSize(self._url.columns or columns, dots, self._characters)

    def status(self) -> PrinterStatus:
        """Ask the printer how it is; one that is not asked is at least reached for."""
        try:
            wire = open_wire(self._url, CHECK_TIMEOUT_S)
        except WireError as error:
            return PrinterStatus(fault=error.reason)
        with contextlib.closing(_Quietly(wire)):
            try:
                return self._ask(wire) if self._asks(wire) else PrinterStatus()
            except OSError:
                return PrinterStatus(fault=PrinterReason.NO_ANSWER)

    def print(
        self,
        layout: PaperLayout,
        sending: Callable[[int], None],
        *,
        after_torn: bool = False,
        talks: bool = False,
    ) -> Printed:
        """Print one ticket. `sending` is told how many bytes, just before the first may leave.

        `after_torn`: the paper before may have broken off half-way, and its half may still stand
        in the printer. `talks`: this printer has answered before, whoever asked it.
        """
        self._talks = self._talks or talks
        data = self._parted_from_torn(layout) if after_torn else self.render(layout)
        try:
            wire = open_wire(self._url, CONNECT_TIMEOUT_S)
        except WireError as error:
            return _failed(PrinterStatus(fault=error.reason))
        with contextlib.closing(_Quietly(wire)):
            try:
                before = self._ask(wire) if self._asks(wire) else PrinterStatus()
            except OSError:
                return _failed(PrinterStatus(fault=PrinterReason.NO_ANSWER))
            if before.reason is not None:
                return _failed(before)
            sending(len(data))
            try:
                wire.send(data)
                return self._judge(wire, before)
            except OSError:
                lost = PrinterStatus(fault=PrinterReason.BROKEN_OFF)
                return Printed(PrintOutcome.UNKNOWN, PrinterReason.BROKEN_OFF, lost)

    def _judge(self, wire: Wire, before: PrinterStatus) -> Printed:
        """What became of a paper whose bytes have all been sent."""
        if not before.known and not self._talks:
            # Printers without status are common and print well: taking every byte counts.
            if wire.handed_over():
                reason = PrinterReason.NO_STATUS if self._asks(wire) else None
                return Printed(PrintOutcome.PRINTED, reason, before)
            return Printed(PrintOutcome.UNKNOWN, PrinterReason.NO_ANSWER, before)
        after = self._ask(wire, self._url.answer_s)
        if after.known and after.reason is None and self._url.settle_s > 0:
            # The printer answers while it still prints; the paper may end in that time.
            time.sleep(self._url.settle_s)
            after = self._ask(wire)
        if not after.known:
            return Printed(PrintOutcome.UNKNOWN, PrinterReason.NO_ANSWER, after)
        if after.reason is not None:
            # Paper that ended may have ended behind this ticket, and what a printer has not yet
            # printed comes out after the refill: nobody knows.
            return Printed(PrintOutcome.UNKNOWN, after.reason, after)
        return Printed(PrintOutcome.PRINTED, None, after)

    def _asks(self, wire: Wire) -> bool:
        """Whether there is anything to ask: settings may say no, and a plain file has no mouth."""
        return self._url.asks_status and not (isinstance(wire, FileWire) and not wire.answers)

    def _ask(self, wire: Wire, patience_s: float = 0.0) -> PrinterStatus:
        """One round of questions within `ROUND_S`; shorter for a printer that was mute before.

        `patience_s`: so long the first answer may take, for some answer when they have printed.
        """
        first_s = max(patience_s, MUTE_ROUND_S if self._mute else ANSWER_WAIT_S)
        deadline = time.monotonic() + max(first_s, MUTE_ROUND_S if self._mute else ROUND_S)
        answers: dict[int, bytes] = {}
        for kind in QUERIES:
            wait_s = min(ANSWER_WAIT_S if answers else first_s, deadline - time.monotonic())
            if wait_s <= 0:
                break
            try:
                answers[kind] = wire.ask(query(kind), wait_s)
            except NotImplementedError:
                break
        status = read_status(answers)
        self._mute = not status.known
        self._talks = self._talks or status.is_complete
        return status

    def render(self, layout: PaperLayout) -> bytes:
        """The whole ticket as ESC/POS bytes."""
        paper = Dummy(
            profile=self._url.profile or "simple", magic_encode_args={"encoder": self._encoder}
        )
        paper.hw("INIT")
        for element in layout.elements:
            match element:
                case TextLine():
                    self._text(paper, element)
                case Rule():
                    self._text(paper, TextLine("-" * layout.columns))
                case Logo():
                    self._logo(paper, element)
                case QrCode():
                    self._qr(paper, element)
                case Feed():
                    paper._raw(b"\x1bJ" + bytes((max(0, min(255, element.dots)),)))
                case Cut():
                    self._cut(paper)
        output: bytes = paper.output
        return output

    def _parted_from_torn(self, layout: PaperLayout) -> bytes:
        """The ticket behind what brings a printer out of any unfinished command, and a cut.

        Without it the printer would take our first bytes for the rest of a picture, and two
        visitors' numbers would stand on one paper.
        """
        filling = bytes(self.paper.dots // 8 * BAND_ROWS + _COMMAND_BYTES_MAX)
        parting = Dummy(profile=self._url.profile or "simple")
        parting.ln()
        self._cut(parting)
        cut: bytes = parting.output
        return filling + b"\x1b@" + cut + self.render(layout)

    def _text(self, paper: Any, line: TextLine) -> None:
        paper.set(
            align=line.align,
            bold=line.bold,
            custom_size=True,
            width=line.width,
            height=line.height,
        )
        # The second gate: whoever made the layout, no control byte passes here (fault F50).
        paper.text(spell("".join(filter(str.isprintable, line.text)), self._characters))
        paper.ln()

    def _qr(self, paper: Any, code: QrCode) -> None:
        paper.set(align="center", bold=False, custom_size=True, width=1, height=1)
        if self._url.profile and self._profile.supports("qrCode"):
            paper.qr(code.content, ec=constants.QR_ECLEVEL_M, size=code.module_dots, native=True)
            return
        picture = _qr_picture(code, self.paper.dots)
        if picture is not None:
            self._picture(paper, picture)

    def _logo(self, paper: Any, logo: Logo) -> None:
        picture = logo_picture(logo, self.paper.dots)
        if picture is not None:
            self._picture(paper, picture)

    def _picture(self, paper: Any, picture: Image.Image) -> None:
        if self._url.profile and not self._profile.supports("bitImageRaster"):
            return
        # Cheap printers ignore centring for pictures, so each brings its own left margin.
        paper.set(align="left", bold=False, custom_size=True, width=1, height=1)
        raster = EscposImage(picture)
        row = raster.width_bytes
        dots = raster.to_raster_format()
        # In bands: what a broken off paper leaves a printer waiting for is short (`_resume`).
        for top in range(0, raster.height, BAND_ROWS):
            band = dots[top * row : (top + BAND_ROWS) * row]
            size = row.to_bytes(2, "little") + (len(band) // row).to_bytes(2, "little")
            paper._raw(b"\x1dv0\x00" + size + band)

    def _cut(self, paper: Any) -> None:
        cutter = ("paperPartCut", "paperFullCut")
        if self._url.profile and not any(self._profile.supports(kind) for kind in cutter):
            paper.print_and_feed(_TEAR_OFF_LINES)
        else:
            # Feeds only as far as the knife; the library's other way wastes six lines each time.
            paper.cut(feed=False)


def _failed(status: PrinterStatus) -> Printed:
    return Printed(PrintOutcome.FAILED, status.reason, status)


class _Quietly:
    """Closes a wire whose outcome is known already; a fault in letting go changes nothing."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._wire.close()


def _shown(encoder: Any) -> frozenset[str]:
    """The signs beyond ASCII in the encoder's code pages; no control signs, no empty places."""
    signs: set[str] = set()
    for page in encoder.codepages:
        signs.update(encoder._get_codepage_char_list(page))
    return frozenset(sign for sign in signs - ASCII if sign.isprintable() and not sign.isspace())


def _measure(profile: Any) -> tuple[int, int]:
    """Columns of font A and dots; some profiles know only one of them, or count wrongly."""
    columns = int(profile.fonts["0"]["columns"])
    dots = profile.media.get("width", {}).get("pixels")
    if not isinstance(dots, int) or dots < PAPER_58.dots // 2:
        dots = columns * 12
    if columns < 24:
        columns = dots // 12
    return min(columns, dots // 12), dots


def _qr_picture(code: QrCode, dots: int) -> Image.Image | None:
    """The code in black on white with a left margin that centres it; None if it cannot fit."""
    symbol = segno.make(code.content, error="m", micro=False, boost_error=False)
    matrix = list(symbol.matrix_iter(border=_QR_QUIET_ZONE))
    side = len(matrix)
    module_dots = min(code.module_dots, dots // side)
    if module_dots < 2:
        return None
    small = Image.new("1", (side, side))
    small.putdata([0 if dark else 255 for row in matrix for dark in row])
    edge = side * module_dots
    picture = Image.new("1", ((dots + edge) // 2, edge), 255)
    scaled = small.resize((edge, edge), Image.Resampling.NEAREST)
    picture.paste(scaled, ((dots - edge) // 2, 0))
    return picture
