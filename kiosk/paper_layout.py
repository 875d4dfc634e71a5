"""What every paper is made of: lines, rules, a QR code and a cut, as plain data (pure).

Text of people and of a catalogue comes onto paper only through `PaperPage`, which takes out all
that is not a visible character and rewrites what the printer cannot show (fault F50).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from kiosk.paper_text import clean, spell
from protocol.messages import Names
from protocol.paper_form import Align


class TextLine(Struct, frozen=True, tag="text"):
    """One line of text; `width` and `height` are multiples (1-8) of the printer's font A."""

    text: str
    width: int = 1
    height: int = 1
    bold: bool = False
    align: Align = "center"


class Rule(Struct, frozen=True, tag="rule"):
    """A thin line across the paper."""


class Logo(Struct, frozen=True, tag="logo"):
    """The branch's picture: a PNG as wide as it shall be on 80 mm, narrower on narrower paper."""

    png: bytes
    align: Align = "center"


class QrCode(Struct, frozen=True, tag="qr"):
    """A QR code in the middle; `module_dots` is the edge of one square."""

    content: str
    module_dots: int


class Feed(Struct, frozen=True, tag="feed"):
    """Empty paper, in dots of 1/8 mm."""

    dots: int


class Cut(Struct, frozen=True, tag="cut"):
    """The end of the ticket."""


Element = TextLine | Rule | Logo | QrCode | Feed | Cut


class PaperLayout(Struct, frozen=True):
    """A whole ticket, from the top; no line is longer than `columns` at its width."""

    columns: int
    elements: list[Element]


class PaperSize(Struct, frozen=True):
    """The paper in a printer: columns of font A, dots across, what it shows beyond ASCII."""

    columns: int
    dots: int
    characters: frozenset[str] = frozenset()


PAPER_80 = PaperSize(columns=48, dots=576)
PAPER_58 = PaperSize(columns=32, dots=384)


class Translation(Protocol):
    """One language's texts, as `assets.texts.Texts` gives them."""

    def __call__(self, key: str, /, **values: object) -> str:
        """The text under `key`, with `values` filled in; `count` chooses the plural form."""

    def pick(self, names: Mapping[str, str]) -> str:
        """The name in this language, else in Indonesian, else in whichever there is."""

    def clock(self, at: datetime, *, seconds: bool = False) -> str:
        """An instant of the branch's zone as this language writes the time."""

    def day(self, at: date, *, short: bool = False, year: bool = False) -> str:
        """A day as this language writes it."""


NAME_LENGTH_MAX = 120
LINE_LENGTH_MAX = 200
LINK_LENGTH_MAX = 300
LIST_LENGTH_MAX = 12
HOME_LANGUAGE = "id"


def is_sound_code(content: str | None) -> bool:
    """Whether this may become a QR code: ours are plain ASCII, and not endless."""
    return bool(
        content and len(content) <= LINK_LENGTH_MAX and content.isascii() and content.isprintable()
    )


def branch_zone(name: str) -> tzinfo:
    """The branch's time zone; one that nobody knows is UTC, and is called so on the paper."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def wrap(text: str, columns: int) -> list[str]:
    """`text` in lines of at most `columns`, broken between words; a longer word is broken too."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        while word:
            free = columns - len(line) - (1 if line else 0)
            if len(word) <= free:
                line = f"{line} {word}" if line else word
                word = ""
            elif line:
                lines.append(line)
                line = ""
            else:
                lines.append(word[:columns])
                word = word[columns:]
    return [*lines, line] if line else lines


def joined(blocks: list[list[Element]], columns: int) -> PaperLayout:
    """A whole paper: between two blocks stands a rule, at the end the cut."""
    elements: list[Element] = []
    for block in blocks:
        if block and elements:
            elements.append(Rule())
        elements += block
    return PaperLayout(columns, [*elements, Cut()])


class Look(Struct, frozen=True):
    """How a block's lines shall look; None is as they are shipped."""

    align: Align | None = None
    size: tuple[int, int] | None = None
    bold: bool | None = None


class PaperPage:
    """What one paper says in the visitor's language and, where that is another, in Indonesian."""

    def __init__(
        self,
        language: str,
        time_zone: str,
        texts: Mapping[str, Translation],
        paper: PaperSize,
        copy: int,
    ) -> None:
        """`texts` holds each language that a paper may speak, Indonesian among them."""
        self._paper = paper
        self._copy = copy
        # How the block that is being made shall look.
        self._look = Look()
        self._zone = branch_zone(time_zone)
        spoken = language if language in texts else HOME_LANGUAGE
        # The visitor's language first, Indonesian last; both are one at most branches.
        self._texts = [texts[each] for each in dict.fromkeys((spoken, HOME_LANGUAGE))]

    def foot(self, footer: Sequence[Names]) -> Iterator[Element]:
        """The branch's own lines: where else help is found."""
        for names in footer[:LIST_LENGTH_MAX]:
            yield from self._lines(self._texts[0].pick(names), LINE_LENGTH_MAX)

    def whose(self, branch: str, copy_words: str) -> Iterator[Element]:
        """Whose office, and what a further copy is; `copy_words` is the key of its sentence."""
        yield from self._lines(branch, NAME_LENGTH_MAX, bold=True)
        self._look = Look()  # the mark looks alike on every paper
        if self._copy > 1:
            yield from self._mark("paper.reprint")
            yield from self._spoken(copy_words, copy=self._copy)

    def _mark(self, key: str) -> Iterator[Element]:
        """A word that the staff look for: Indonesian on every paper."""
        yield Feed(12)
        mark = self._texts[-1](key)
        yield from self._lines(mark, LINE_LENGTH_MAX, width=2, height=2, bold=True)

    def _instant(self, at: datetime) -> Iterator[TextLine]:
        """Day and time on the branch's clock, and which zone that is."""
        instant = at.astimezone(self._zone)
        date = self._texts[0].day(instant, year=True)
        time = f"{self._texts[0].clock(instant)} {_zone_name(instant)}"
        whole = f"{date}, {time}"
        # On narrow paper the time gets a line of its own: "WIB" alone on one reads badly.
        parts = [whole] if len(whole) <= self._paper.columns else [date, time]
        for part in parts:
            yield from self._lines(part, LINE_LENGTH_MAX)

    def _title(self, names: Names) -> Iterator[TextLine]:
        """A name in large letters, and in Indonesian below it."""
        name = self._plain(self._texts[0].pick(names), NAME_LENGTH_MAX)
        wide = wrap(name, self._paper.columns // 2)
        broken = any(len(word) > self._paper.columns // 2 for word in name.split())
        width = 2 if len(wide) <= 2 and not broken else 1
        yield from self._lines(name, NAME_LENGTH_MAX, width=width, height=2, bold=True)
        if len(self._texts) > 1:
            home = self._plain(self._texts[-1].pick(names), NAME_LENGTH_MAX)
            if home != name:
                yield from self._lines(home, NAME_LENGTH_MAX, main=False)

    def _code(self, content: str | None) -> Iterator[Element]:
        """A QR code in the middle; nothing if there is none that is sound."""
        if is_sound_code(content):
            yield Feed(8)
            yield QrCode(content or "", module_dots=6 if self._paper.dots >= PAPER_80.dots else 5)
            yield Feed(8)

    def _spoken(
        self, key: str, *, first_height: int = 1, first_bold: bool = False, **values: object
    ) -> Iterator[TextLine]:
        """One sentence in the visitor's language, and below it in Indonesian if they differ."""
        for place, texts in enumerate(self._texts):
            large = place == 0
            yield from self._lines(
                texts(key, **values),
                LINE_LENGTH_MAX,
                height=first_height if large else 1,
                bold=first_bold and large,
                main=large,
            )

    def _lines(
        self,
        text: str,
        length_max: int,
        *,
        width: int = 1,
        height: int = 1,
        bold: bool = False,
        align: Align = "center",
        main: bool = True,
    ) -> Iterator[TextLine]:
        """`text` in lines; one that only repeats another (``main`` false) gets no size or weight
        of the block's look."""
        plain = self._plain(text, length_max)
        look, columns = self._look, self._paper.columns
        align = look.align or align
        if main:
            width, height = look.size or (width, height)
            bold = bold if look.bold is None else look.bold
            if look.size is not None:
                # Narrower rather than a word in two pieces.
                longest = max(map(len, plain.split()), default=1)
                width = max(1, min(width, columns // longest))
        lines = wrap(plain, columns // width)
        for line in lines if align == "left" else _balanced(plain, lines):
            yield TextLine(line, width, height, bold, align)

    def _plain(self, text: str, length_max: int) -> str:
        # Spelled before it is measured: one sign may become three letters.
        return " ".join(spell(clean(text, length_max), self._paper.characters).split())

    def _both(self, names: Names) -> str:
        own = self._plain(self._texts[0].pick(names), NAME_LENGTH_MAX)
        home = self._plain(self._texts[-1].pick(names), NAME_LENGTH_MAX)
        return own if own == home or not own else f"{own} / {home}"


def _balanced(text: str, lines: list[str]) -> list[str]:
    """The same number of lines, as equal in length as words allow: no last word left alone."""
    best = lines
    columns = max((len(line) for line in lines), default=0)
    while columns > 1:
        columns -= 1
        narrower = wrap(text, columns)
        # Words are never broken for the looks, so a narrower try ends at the longest word.
        if len(narrower) > len(lines) or any(len(word) > columns for word in text.split()):
            break
        best = narrower
    return best


def _zone_name(instant: datetime) -> str:
    name = instant.tzname() or "UTC"
    return name if name[:1].isalpha() else f"UTC{name}"
