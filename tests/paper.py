"""A printer's eyes: ESC/POS bytes back into what stands on the paper.

Written from the command set alone and strict: a byte that is neither text nor a command known here
is an error, so that nothing slips through to a real printer unseen.

    paper = decode(data)
    paper.text          # all lines
    paper.qr            # the QR code's content, native or read from the picture's pixels
    paper.line("A012")  # that line with width, height, bold, align
    paper.picture()     # the whole ticket in pixels, to look at
"""

from dataclasses import dataclass, field

import zxingcpp
from PIL import Image, ImageDraw, ImageFont

CODE_PAGES = {0: "cp437", 2: "cp850", 16: "cp1252", 19: "cp858"}
"""The numbers that Epson's printers give to the pages."""

_FONT_WIDTH, _FONT_HEIGHT, _LINE_SPACING = 12, 24, 30


class PaperError(ValueError):
    """These bytes are not a ticket."""


@dataclass(frozen=True)
class Line:
    """One printed line; `width` and `height` are multiples of the font."""

    text: str
    width: int
    height: int
    bold: bool
    align: str

    @property
    def height_mm(self) -> float:
        """The height of its characters' cells at 8 dots/mm."""
        return self.height * _FONT_HEIGHT / 8


@dataclass(frozen=True)
class NativeQr:
    """A QR code that the printer draws itself."""

    content: str
    module_dots: int
    align: str


@dataclass(frozen=True)
class Picture:
    """A raster image, black on white, as wide as it was sent."""

    image: Image.Image
    align: str


@dataclass(frozen=True)
class Space:
    """Empty paper in dots."""

    dots: int


@dataclass(frozen=True)
class CutMark:
    """The knife."""


Item = Line | NativeQr | Picture | Space | CutMark


@dataclass
class PrintedPaper:
    """One ticket as a person sees it."""

    items: list[Item] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        """The text lines from the top."""
        return [item for item in self.items if isinstance(item, Line)]

    @property
    def text(self) -> str:
        """All text, a line each."""
        return "\n".join(line.text for line in self.lines)

    @property
    def qr(self) -> str | None:
        """The content of the one QR code, however it was printed."""
        codes = self.qrs
        if len(codes) > 1:
            raise PaperError(f"{len(codes)} QR codes on one paper")
        return codes[0] if codes else None

    @property
    def qrs(self) -> list[str]:
        """The contents of all QR codes."""
        codes = [item.content for item in self.items if isinstance(item, NativeQr)]
        for item in self.items:
            if isinstance(item, Picture):
                # Pixels are read as a phone would; the white around is paper.
                framed = Image.new("L", (item.image.width + 80, item.image.height + 80), 255)
                framed.paste(item.image.convert("L"), (40, 40))
                codes += [found.text for found in zxingcpp.read_barcodes(framed)]
        return codes

    @property
    def is_cut(self) -> bool:
        """Whether the paper was cut at its end, once."""
        cuts = [item for item in self.items if isinstance(item, CutMark)]
        return len(cuts) == 1 and self.items[-1] is cuts[0]

    def line(self, text: str) -> Line:
        """The one line with exactly this text."""
        found = [line for line in self.lines if line.text.strip() == text]
        if len(found) != 1:
            raise PaperError(f"{len(found)} lines are {text!r} in:\n{self.text}")
        return found[0]

    @property
    def biggest(self) -> Line:
        """The line with the highest characters."""
        return max(self.lines, key=lambda line: line.height)

    def widest_dots(self) -> int:
        """How many dots the widest line or picture takes."""
        widths = [len(line.text) * line.width * _FONT_WIDTH for line in self.lines]
        widths += [item.image.width for item in self.items if isinstance(item, Picture)]
        return max(widths, default=0)

    def picture(self, dots: int = 576) -> Image.Image:
        """The ticket in pixels, one a dot, on paper with a margin."""
        return _draw(self, dots)


def decode(data: bytes) -> PrintedPaper:
    """The one ticket in `data`; what the printer was asked between commands is left out."""
    papers = decode_all(data)
    if len(papers) != 1:
        raise PaperError(f"{len(papers)} papers instead of one")
    return papers[0]


def decode_all(data: bytes) -> list[PrintedPaper]:
    """All tickets in `data`, parted at their cuts; a last one may lack its cut."""
    reader = _Reader(data)
    reader.run()
    papers = [PrintedPaper()]
    for item in reader.items:
        papers[-1].items.append(item)
        if isinstance(item, CutMark):
            papers.append(PrintedPaper())
    if not papers[-1].items:
        papers.pop()
    # An empty strip parts a broken off paper from the next one.
    empty = (CutMark, Space)
    return [paper for paper in papers if not all(isinstance(item, empty) for item in paper.items)]


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self.items: list[Item] = []
        self._reset()

    def _reset(self) -> None:
        self._width = self._height = 1
        self._bold = False
        self._align = "left"
        self._page = "cp437"
        self._line = ""
        self._qr_module_dots = 3
        self._qr_content = ""

    def run(self) -> None:
        while self._at < len(self._data):
            byte = self._take()
            if byte == 0x0A:
                self._end_line()
            elif byte == 0x1B:
                self._escape()
            elif byte == 0x1D:
                self._group()
            elif byte == 0x00 and not self._line:
                self._skip_filling()
            elif byte == 0x10:
                self._expect(0x04, "DLE")
                self._take()
            elif byte < 0x20 or byte == 0x7F:
                raise PaperError(f"control byte 0x{byte:02x} at {self._at - 1}")
            else:
                self._line += bytes((byte,)).decode(self._page)
        if self._line:
            self._end_line()

    def _skip_filling(self) -> None:
        """NUL does nothing between two papers; anywhere else it is a fault."""
        while self._data[self._at : self._at + 1] == b"\x00":
            self._at += 1
        if self._data[self._at : self._at + 2] != b"\x1b@":
            raise PaperError(f"control byte 0x00 at {self._at - 1}")

    def _take(self) -> int:
        if self._at >= len(self._data):
            raise PaperError("the bytes end in the middle of a command")
        self._at += 1
        return self._data[self._at - 1]

    def _take_many(self, count: int) -> bytes:
        if self._at + count > len(self._data):
            raise PaperError("the bytes end in the middle of a command")
        self._at += count
        return self._data[self._at - count : self._at]

    def _expect(self, wanted: int, command: str) -> None:
        byte = self._take()
        if byte != wanted:
            raise PaperError(f"{command} 0x{byte:02x} is not known, at {self._at}")

    def _end_line(self) -> None:
        self.items.append(
            Line(self._line, self._width, self._height, self._bold, self._align)
            if self._line
            else Space(_LINE_SPACING)
        )
        self._line = ""

    def _escape(self) -> None:
        command = chr(self._take())
        if command == "@":
            if self._line:
                raise PaperError("initialised in the middle of a line")
            self._reset()
        elif command == "E":
            self._bold = bool(self._take() & 1)
        elif command == "a":
            self._align = {0: "left", 1: "center", 2: "right"}[self._take()]
        elif command == "t":
            self._page = CODE_PAGES[self._take()]
        elif command == "J":
            self.items.append(Space(self._take()))
        elif command == "d":
            self.items.append(Space(self._take() * _LINE_SPACING))
        else:
            raise PaperError(f"ESC {command!r} is not known, at {self._at}")

    def _group(self) -> None:
        command = chr(self._take())
        if command == "!":
            size = self._take()
            self._width, self._height = (size >> 4) + 1, (size & 0x0F) + 1
        elif command == "V":
            if self._take() in (65, 66):
                self._take()
            self.items.append(CutMark())
        elif command == "v":
            self._raster()
        elif command == "(":
            self._expect(ord("k"), "GS (")
            self._two_dimensional()
        else:
            raise PaperError(f"GS {command!r} is not known, at {self._at}")

    def _raster(self) -> None:
        self._expect(ord("0"), "GS v")
        if self._take() != 0:
            raise PaperError("a stretched picture")
        width_bytes = int.from_bytes(self._take_many(2), "little")
        height = int.from_bytes(self._take_many(2), "little")
        pixels = self._take_many(width_bytes * height)
        # A set bit is a black dot.
        image = Image.frombytes("1", (width_bytes * 8, height), bytes(255 - b for b in pixels))
        last = self.items[-1] if self.items else None
        if isinstance(last, Picture) and last.image.width == image.width:
            # Bands without anything between them are one picture on the paper.
            image = _below(last.image, image)
            self.items.pop()
        self.items.append(Picture(image, self._align))

    def _two_dimensional(self) -> None:
        body = self._take_many(int.from_bytes(self._take_many(2), "little"))
        if body[0] != ord("1"):
            raise PaperError("a code that is not QR")
        function, rest = body[1], body[2:]
        if function == 67:
            self._qr_module_dots = rest[0]
        elif function == 80:
            self._qr_content = rest[1:].decode("utf-8")
        elif function == 81:
            self.items.append(NativeQr(self._qr_content, self._qr_module_dots, self._align))
        elif function not in (65, 69):
            raise PaperError(f"QR function {function} is not known")


def _below(upper: Image.Image, lower: Image.Image) -> Image.Image:
    both = Image.new("1", (upper.width, upper.height + lower.height), 255)
    both.paste(upper, (0, 0))
    both.paste(lower, (0, upper.height))
    return both


def _draw(paper: PrintedPaper, dots: int) -> Image.Image:
    margin = 32
    pieces: list[tuple[Image.Image | None, str, int]] = []
    for item in paper.items:
        if isinstance(item, Line):
            pieces.append((_draw_line(item), item.align, _LINE_SPACING))
        elif isinstance(item, Picture):
            pieces.append((item.image.convert("L"), item.align, item.image.height))
        elif isinstance(item, NativeQr):
            pieces.append((_draw_qr(item), item.align, 0))
        elif isinstance(item, Space):
            pieces.append((None, "left", item.dots))
        else:
            pieces.append((None, "left", 100))
    heights = [max(least, image.height if image else 0) for image, _, least in pieces]
    sheet = Image.new("L", (dots + 2 * margin, sum(heights) + 2 * margin), 255)
    top = margin
    for (image, align, _), height in zip(pieces, heights, strict=True):
        if image is not None:
            free = dots - image.width
            left = {"left": 0, "center": free // 2, "right": free}[align]
            sheet.paste(image, (margin + left, top))
        top += height
    return sheet


def _draw_line(line: Line) -> Image.Image:
    font = _font()
    image = Image.new("L", (max(1, _FONT_WIDTH * len(line.text)), _FONT_HEIGHT), 255)
    draw = ImageDraw.Draw(image)
    for place, sign in enumerate(line.text):
        middle = place * _FONT_WIDTH + _FONT_WIDTH // 2
        draw.text((middle, 19), sign, 0, font, anchor="ms", stroke_width=1 if line.bold else 0)
    size = (image.width * line.width, image.height * line.height)
    return image.resize(size, Image.Resampling.NEAREST)


def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    # Looks only: no test reads these letters back.
    try:
        return ImageFont.truetype("DejaVuSansMono.ttf", 19)
    except OSError:
        return ImageFont.load_default(20)


def _draw_qr(code: NativeQr) -> Image.Image:
    drawn = zxingcpp.write_barcode_to_image(
        zxingcpp.create_barcode(code.content, zxingcpp.BarcodeFormat.QRCode, ec_level="M"),
        scale=code.module_dots,
        add_quiet_zones=False,
    )
    return Image.fromarray(drawn).convert("L")
