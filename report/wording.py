"""How a value reads, the one place for all formats: 1.234 · 14:05 · 13% · Rp 25.000 · 08.31.

Times are minutes and seconds (beyond an hour h:mm:ss), rounded half up like every other figure.
"""

import unicodedata
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from assets.texts import Texts
from report.document import Cell, Document, Kind

NOTHING = "–"
MINUS = "\u2212"
"""A real minus sign: a spreadsheet takes the hyphen for the beginning of a formula."""

_SIGNED = (Kind.CHANGE, Kind.POINTS)
# Marks of direction and invisible letters turn digits around or hide what a name says (F50).
_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


def plain(text: str) -> str:
    """A text from data as one line of letters that can be seen."""
    seen = (
        " " if char in "\t\r\n" else "" if unicodedata.category(char) in _HIDDEN else char
        for char in unicodedata.normalize("NFC", text)
    )
    return " ".join("".join(seen).split())


def rounded(value: float | Decimal, digits: int = 0) -> Decimal:
    """Half up, as people round; never a negative nought."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    whole = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return abs(whole) if whole == 0 else whole


def whole_seconds(value_s: float) -> int:
    """A duration as it is shown; nothing takes less than no time."""
    return max(0, int(rounded(value_s)))


class Wording:
    """Values in one language and time zone.

    >>> Wording.of("id", "Asia/Jakarta")(Cell(845, Kind.SECONDS))
    '14:05'
    """

    def __init__(self, texts: Texts, time_zone: str) -> None:
        self._texts = texts
        self._zone = ZoneInfo(time_zone)
        comma = texts.language != "en"
        self._point, self._thousands = (",", ".") if comma else (".", ",")

    @classmethod
    def of(cls, language: str, time_zone: str) -> "Wording":
        """With the texts of the reports."""
        return cls(Texts.load(language, ["report"]), time_zone)

    @classmethod
    def for_document(cls, document: Document) -> "Wording":
        """In the document's own language and time zone."""
        return cls.of(document.language, document.time_zone)

    @property
    def texts(self) -> Texts:
        """The texts that go with it."""
        return self._texts

    @property
    def decimal_point(self) -> str:
        """Comma in Indonesian, point in English."""
        return self._point

    def __call__(self, cell: Cell) -> str:
        """The cell as a person reads it."""
        value = cell.value
        if value is None:
            return NOTHING
        if isinstance(value, str):
            return plain(value)
        if cell.kind is Kind.SECONDS:
            return self.duration(value)
        if cell.kind is Kind.INSTANT:
            return self.clock(int(value))
        if cell.kind is Kind.MARK:
            return "✓" if value else "✗"
        if cell.kind in (Kind.PERCENT, Kind.POINTS):
            shown = self.number(value * 100, cell.digits, signed=cell.kind in _SIGNED)
            return f"{shown}%"
        if cell.kind is Kind.RUPIAH:
            return f"Rp {self.number(value)}"
        return self.number(value, cell.digits, signed=cell.kind in _SIGNED)

    def number(self, value: float, digits: int = 0, *, signed: bool = False) -> str:
        """1.234,5 in Indonesian, 1,234.5 in English."""
        exact = rounded(value, digits)
        shown = f"{abs(exact):,.{digits}f}".replace(",", "\0")
        shown = shown.replace(".", self._point).replace("\0", self._thousands)
        if exact < 0:
            return MINUS + shown
        return f"+{shown}" if signed and exact > 0 else shown

    def duration(self, value_s: float) -> str:
        """14:05, beyond an hour 1:02:05."""
        minutes, left = divmod(whole_seconds(value_s), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"

    def clock(self, at_ms: int) -> str:
        """The hour and minute of a moment at the branch."""
        return self._texts.clock(self.at(at_ms))

    def moment(self, at_ms: int) -> str:
        """The day and the minute of a moment at the branch."""
        at = self.at(at_ms)
        return f"{self._texts.day(at.date(), year=True)} {self._texts.clock(at)}"

    def at(self, at_ms: int) -> datetime:
        """A moment in the branch's zone."""
        return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(self._zone)
