"""What is on the paper: the facts of one ticket become lines, rules, a QR code and a cut (pure).

Sizes follow what a visitor needs: the number at least 20 mm high (eight times a 24-dot font at
8 dots/mm is 24 mm), then the service, then how long it may take. Neither priority nor needs are
printed: a paper lies about, and they say something about its holder's health.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from kiosk.paper_text import clean, spell
from protocol.messages import Estimate, Names, TicketToPrint

Align = Literal["left", "center"]


class TextLine(Struct, frozen=True, tag="text"):
    """One line of text; `width` and `height` are multiples (1-8) of the printer's font A."""

    text: str
    width: int = 1
    height: int = 1
    bold: bool = False
    align: Align = "center"


class Rule(Struct, frozen=True, tag="rule"):
    """A thin line across the paper."""


class QrCode(Struct, frozen=True, tag="qr"):
    """A QR code in the middle; `module_dots` is the edge of one square."""

    content: str
    module_dots: int


class Feed(Struct, frozen=True, tag="feed"):
    """Empty paper, in dots of 1/8 mm."""

    dots: int


class Cut(Struct, frozen=True, tag="cut"):
    """The end of the ticket."""


Element = TextLine | Rule | QrCode | Feed | Cut


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
    """One language's texts, as `ui.texts.Texts` gives them."""

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
NUMBER_LENGTH_MAX = 10
LINK_LENGTH_MAX = 300
LIST_LENGTH_MAX = 12
HOME_LANGUAGE = "id"


def lay_out(
    ticket: TicketToPrint,
    texts: Mapping[str, Translation],
    paper: PaperSize,
    now: datetime,
) -> PaperLayout:
    """The paper of one ticket.

    `texts` holds each language that the paper may speak, Indonesian among them. `now` (aware) is
    the start of the estimate on a reprint; the first copy counts from the ticket's issue.
    """
    page = _Page(ticket, texts, paper)
    start = ticket.ticket.issued_at if ticket.copy == 1 else now
    elements: list[Element] = []
    for part in (page.head(), page.wait(start), page.papers(), page.follow(), page.foot()):
        block = list(part)
        if block and elements:
            elements.append(Rule())
        elements += block
    elements.append(Cut())
    return PaperLayout(paper.columns, elements)


def call_window(start: datetime, estimate: Estimate) -> tuple[datetime, datetime]:
    """From when to when a call is expected, widened outwards to whole five minutes."""
    step = timedelta(minutes=5)
    first = start + timedelta(seconds=estimate.from_s)
    last = start + timedelta(seconds=max(estimate.from_s, estimate.to_s))
    midnight = datetime(start.year, start.month, start.day, tzinfo=start.tzinfo)
    return (
        midnight + (first - midnight) // step * step,
        midnight - (midnight - last) // step * step,
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


class _Page:
    """The blocks of one paper; between two blocks stands a rule."""

    def __init__(
        self, ticket: TicketToPrint, texts: Mapping[str, Translation], paper: PaperSize
    ) -> None:
        self._ticket = ticket
        self._paper = paper
        self._zone = branch_zone(ticket.time_zone)
        spoken = ticket.language if ticket.language in texts else HOME_LANGUAGE
        # The visitor's language first, Indonesian last; both are one at most branches.
        self._texts = [texts[language] for language in dict.fromkeys((spoken, HOME_LANGUAGE))]

    def head(self) -> Iterator[Element]:
        """Who, which number, for what, when."""
        ticket = self._ticket
        yield from self._lines(ticket.branch, NAME_LENGTH_MAX, bold=True)
        if ticket.copy > 1:
            yield from self._reprint_mark()
        yield Feed(12)
        yield from self._spoken("paper.your_number", first_bold=True)
        yield self._number()
        yield from self._service()
        yield from self._issued()

    def wait(self, start: datetime) -> Iterator[Element]:
        """How many stand before, and the range of the call."""
        ahead = max(0, self._ticket.people_ahead)
        yield from self._spoken("paper.people_ahead", first_height=2, first_bold=True, count=ahead)
        estimate = self._ticket.estimate
        if estimate is None:
            return
        window = call_window(start.astimezone(self._zone), estimate)
        for place, texts in enumerate(self._texts):
            first, last = (texts.clock(instant.astimezone(self._zone)) for instant in window)
            line = texts("paper.estimate", start=first, end=last)
            large = place == 0
            yield from self._lines(line, LINE_LENGTH_MAX, height=2 if large else 1, bold=large)

    def papers(self) -> Iterator[Element]:
        """What to hold ready, one paper a line."""
        names = [self._both(names) for names in self._ticket.papers[:LIST_LENGTH_MAX]]
        names = [name for name in names if name]
        if not names:
            return
        heading = " / ".join(texts("paper.have_ready") for texts in self._texts)
        yield from self._lines(f"{heading}:", LINE_LENGTH_MAX, bold=True, align="left")
        for name in names:
            lines = wrap(name, self._paper.columns - 2)
            for place, line in enumerate(lines):
                yield TextLine(("- " if place == 0 else "  ") + line, align="left")

    def follow(self) -> Iterator[Element]:
        """The QR code of the ticket's page."""
        link = self._ticket.link
        # A link is plain ASCII; one that is not was not made by our server, so no code is drawn.
        if not link or len(link) > LINK_LENGTH_MAX or not (link.isascii() and link.isprintable()):
            return
        yield from self._spoken("paper.scan", first_bold=True)
        yield Feed(8)
        yield QrCode(link, module_dots=6 if self._paper.dots >= PAPER_80.dots else 5)
        yield Feed(8)

    def foot(self) -> Iterator[Element]:
        """The branch's own lines: where else help is found."""
        for names in self._ticket.footer[:LIST_LENGTH_MAX]:
            yield from self._lines(self._texts[0].pick(names), LINE_LENGTH_MAX)

    def _reprint_mark(self) -> Iterator[Element]:
        yield Feed(12)
        # The word that the staff look for is Indonesian on every paper.
        mark = self._texts[-1]("paper.reprint")
        yield from self._lines(mark, LINE_LENGTH_MAX, width=2, height=2, bold=True)
        yield from self._spoken("paper.reprint_copy", copy=self._ticket.copy)

    def _number(self) -> TextLine:
        number = self._plain(self._ticket.ticket.number, NUMBER_LENGTH_MAX)
        # Always the full height; five signs on 58 mm are narrower instead.
        width = max(1, min(8, self._paper.columns // max(1, len(number))))
        return TextLine(number, width=width, height=8, bold=True)

    def _service(self) -> Iterator[Element]:
        name = self._plain(self._texts[0].pick(self._ticket.service_name), NAME_LENGTH_MAX)
        wide = wrap(name, self._paper.columns // 2)
        broken = any(len(word) > self._paper.columns // 2 for word in name.split())
        width = 2 if len(wide) <= 2 and not broken else 1
        yield from self._lines(name, NAME_LENGTH_MAX, width=width, height=2, bold=True)
        if len(self._texts) > 1:
            home = self._plain(self._texts[-1].pick(self._ticket.service_name), NAME_LENGTH_MAX)
            if home != name:
                yield from self._lines(home, NAME_LENGTH_MAX)

    def _issued(self) -> Iterator[Element]:
        instant = self._ticket.ticket.issued_at.astimezone(self._zone)
        date = self._texts[0].day(instant, year=True)
        time = f"{self._texts[0].clock(instant)} {_zone_name(instant)}"
        whole = f"{date}, {time}"
        # On narrow paper the time gets a line of its own: "WIB" alone on one reads badly.
        parts = [whole] if len(whole) <= self._paper.columns else [date, time]
        for part in parts:
            yield from self._lines(part, LINE_LENGTH_MAX)

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
    ) -> Iterator[TextLine]:
        plain = self._plain(text, length_max)
        lines = wrap(plain, self._paper.columns // width)
        for line in _balanced(plain, lines) if align == "center" else lines:
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
