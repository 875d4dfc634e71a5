"""What the paper looks like: font, sizes, the few colours. Readable in black and white."""

from dataclasses import dataclass
from functools import cache, lru_cache

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from assets import asset_path

REGULAR, MEDIUM, BOLD = "Inter", "Inter-Medium", "Inter-Bold"
_FILES = {REGULAR: "Inter-Regular", MEDIUM: "Inter-Medium", BOLD: "Inter-Bold"}

INK = HexColor(0x10201A)
QUIET = HexColor(0x3A4A43)
GREEN, GREEN_HEX = HexColor(0x00613B), "#00613B"
PALE = HexColor(0xDDF3E7)
SURFACE = HexColor(0xF1F6F3)
LINE = HexColor(0xB4C0BA)
RED = HexColor(0x9B1C1C)
WHITE = HexColor(0xFFFFFF)

SIZE_MIN = 6.5
"""Points: what an office's printer still prints legibly."""
SIZE_MAX = 8.6


@cache
def load_fonts() -> None:
    """Make Inter known to the paper, whatever fonts the machine has."""
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(asset_path("fonts", f"{file}.ttf"))))
    pdfmetrics.registerFontFamily(REGULAR, REGULAR, BOLD, MEDIUM, BOLD)


@dataclass(frozen=True, slots=True)
class Look:
    """Everything follows from the size of the text, in points."""

    size: float

    @property
    def leading(self) -> float:
        """From one line to the next."""
        return self.size * 1.2

    @property
    def small(self) -> float:
        """Notes and definitions; never below what is legible."""
        return max(SIZE_MIN, self.size * 0.88)

    @property
    def gap(self) -> float:
        """Between two parts."""
        return self.size * 0.95

    @property
    def row(self) -> float:
        """A row of a table with one line."""
        return self.size * 1.28


@lru_cache(20_000)
def width_of(text: str, font: str, size: float) -> float:
    """How wide a text is, in points."""
    width: float = pdfmetrics.stringWidth(text, font, size)
    return width


def lines_of(text: str, font: str, size: float, width: float) -> list[str]:
    """A text in lines no wider than this; a word that is wider is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        tried = f"{line} {word}" if line else word
        if width_of(tried, font, size) <= width:
            line = tried
            continue
        if line:
            lines.append(line)
        while width_of(word, font, size) > width and len(word) > 1:
            fits = next(
                n
                for n in range(len(word) - 1, 0, -1)
                if n == 1 or width_of(word[:n], font, size) <= width
            )
            lines.append(word[:fits])
            word = word[fits:]
        line = word
    return [*lines, line] if line or not lines else lines


def grey(part: float) -> Color:
    """A grey, 0 black to 1 white."""
    return Color(part, part, part)
