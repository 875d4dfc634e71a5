"""What is on the ticket's paper: its facts become lines, rules, a QR code and a cut (pure).

Sizes follow what a visitor needs: the number at least 20 mm high (eight times a 24-dot font at
8 dots/mm is 24 mm), then the service, then how long it may take. Neither priority nor needs are
printed: a paper lies about, and they say something about its holder's health.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from kiosk.paper_layout import (
    LINE_LENGTH_MAX,
    LIST_LENGTH_MAX,
    NAME_LENGTH_MAX,
    Element,
    Feed,
    PaperLayout,
    PaperPage,
    PaperSize,
    TextLine,
    Translation,
    is_sound_code,
    joined,
    wrap,
)
from protocol.messages import Estimate, TicketToPrint

NUMBER_LENGTH_MAX = 10


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
    parts = (page.head(), page.wait(start), page.papers(), page.follow(), page.foot())
    return joined([list(part) for part in parts], paper.columns)


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


class _Page(PaperPage):
    """The blocks of one paper; between two blocks stands a rule."""

    def __init__(
        self, ticket: TicketToPrint, texts: Mapping[str, Translation], paper: PaperSize
    ) -> None:
        super().__init__(ticket.language, ticket.time_zone, texts, paper, ticket.copy)
        self._ticket = ticket

    def head(self) -> Iterator[Element]:
        """Who, which number, for what, when."""
        ticket = self._ticket
        yield from self._lines(ticket.branch, NAME_LENGTH_MAX, bold=True)
        yield from self._reprint_mark()
        if ticket.copy > 1:
            yield from self._spoken("paper.reprint_copy", copy=ticket.copy)
        yield Feed(12)
        yield from self._spoken("paper.your_number", first_bold=True)
        yield self._number()
        yield from self._title(ticket.service_name)
        yield from self._instant(ticket.ticket.issued_at)

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
        if is_sound_code(self._ticket.link):
            yield from self._spoken("paper.scan", first_bold=True)
            yield from self._code(self._ticket.link)

    def foot(self) -> Iterator[Element]:
        """The branch's own lines: where else help is found."""
        for names in self._ticket.footer[:LIST_LENGTH_MAX]:
            yield from self._lines(self._texts[0].pick(names), LINE_LENGTH_MAX)

    def _number(self) -> TextLine:
        number = self._plain(self._ticket.ticket.number, NUMBER_LENGTH_MAX)
        # Always the full height; five signs on 58 mm are narrower instead.
        width = max(1, min(8, self._paper.columns // max(1, len(number))))
        return TextLine(number, width=width, height=8, bold=True)
