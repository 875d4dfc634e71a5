"""What is on the ticket's paper: its facts become lines, rules, a QR code and a cut (pure).

Which facts, in which order and how they look is the branch's form (`protocol.paper_form`). Sizes
follow what a visitor needs: the number at least 20 mm high (eight times a 24-dot font at 8 dots/mm
is 24 mm), whatever the form says. Neither priority nor needs are printed: a paper lies about, and
they say something about its holder's health.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from kiosk.paper_layout import (
    LINE_LENGTH_MAX,
    LIST_LENGTH_MAX,
    NAME_LENGTH_MAX,
    Cut,
    Element,
    Feed,
    Logo,
    Look,
    PaperLayout,
    PaperPage,
    PaperSize,
    Rule,
    TextLine,
    Translation,
    is_sound_code,
    wrap,
)
from kiosk.paper_template import TicketForm
from protocol.messages import Estimate, TicketToPrint
from protocol.paper_form import Block, filled

NUMBER_LENGTH_MAX = 10
_DOTS_A_MM = 8


def lay_out(
    ticket: TicketToPrint,
    texts: Mapping[str, Translation],
    paper: PaperSize,
    now: datetime,
    form: TicketForm | None = None,
) -> PaperLayout:
    """The paper of one ticket, or its two papers one after the other, as the form wants.

    `texts` holds each language that the paper may speak, Indonesian among them. `now` (aware) is
    the start of the estimate on a reprint; the first copy counts from the ticket's issue.
    """
    form = form or TicketForm()
    start = ticket.ticket.issued_at if ticket.copy == 1 else now
    elements: list[Element] = []
    for place in range(form.copies):
        page = _Page(ticket, texts, paper, start, form, is_duplicate=place > 0)
        elements += [*page.elements(), Cut()]
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


class _Page(PaperPage):
    """The blocks of one paper."""

    def __init__(
        self,
        ticket: TicketToPrint,
        texts: Mapping[str, Translation],
        paper: PaperSize,
        start: datetime,
        form: TicketForm,
        *,
        is_duplicate: bool,
    ) -> None:
        super().__init__(ticket.language, ticket.time_zone, texts, paper, ticket.copy)
        self._ticket = ticket
        self._form = form
        self._is_duplicate = is_duplicate
        estimate = ticket.estimate
        # A kiosk alone does not know who stands before, so it says nothing about it.
        self._window = (
            None
            if estimate is None or ticket.offline
            else call_window(start.astimezone(self._zone), estimate)
        )

    def elements(self) -> list[Element]:
        """The whole paper without its cut; a rule stands only between two things."""
        found: list[Element] = []
        rule_is_due = False
        for block in self._form.form.blocks:
            if block.kind == "rule":
                rule_is_due = bool(found)
                continue
            self._look = Look(block.align, block.size, block.bold)
            made = list(self._of_block(block))
            if made and rule_is_due:
                found.append(Rule())
                rule_is_due = False
            found += made
        return found

    def _of_block(self, block: Block) -> Iterator[Element]:
        ticket = self._ticket
        match block.kind:
            case "logo":
                if self._form.logo:
                    yield Logo(self._form.logo, block.align or "center")
                    yield Feed(_DOTS_A_MM)
            case "branch":
                yield from self.whose(ticket.branch, "paper.reprint_copy")
                if self._is_duplicate:
                    yield from self._mark("paper.duplicate")
            case "space":
                yield Feed(round(block.space_mm * _DOTS_A_MM))
            case "your-number":
                yield from self._spoken("paper.your_number", first_bold=True)
            case "number":
                yield from self._number(block)
            case "service":
                yield from self._title(ticket.service_name)
            case "time":
                yield from self._instant(ticket.ticket.issued_at)
            case "people-ahead":
                yield from self._people_ahead()
            case "estimate":
                yield from self._estimate()
            case "papers":
                yield from self._papers()
            case "qr":
                yield from self._follow()
            case "footer":
                yield from self.foot(ticket.footer)
            case "text":
                yield from self._own_words(block)

    def _number(self, block: Block) -> Iterator[TextLine]:
        number = self._plain(self._ticket.ticket.number, NUMBER_LENGTH_MAX)
        # Always the full height; five signs on 58 mm are narrower instead.
        width = max(1, min(8, self._paper.columns // max(1, len(number))))
        align = block.align or "center"
        yield TextLine(number, width=width, height=8, bold=True, align=align)
        if self._ticket.offline:
            yield from self._spoken("paper.offline")

    def _people_ahead(self) -> Iterator[TextLine]:
        """How many stand before."""
        if self._ticket.offline:
            return
        ahead = max(0, self._ticket.people_ahead)
        yield from self._spoken("paper.people_ahead", first_height=2, first_bold=True, count=ahead)

    def _estimate(self) -> Iterator[TextLine]:
        """The range of the call."""
        if self._window is None:
            return
        for place, texts in enumerate(self._texts):
            line = texts("paper.estimate", start=self._at(0, texts), end=self._at(1, texts))
            large = place == 0
            yield from self._lines(
                line, LINE_LENGTH_MAX, height=2 if large else 1, bold=large, main=large
            )

    def _at(self, end: int, texts: Translation) -> str:
        assert self._window is not None
        return texts.clock(self._window[end].astimezone(self._zone))

    def _papers(self) -> Iterator[Element]:
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

    def _follow(self) -> Iterator[Element]:
        """The QR code of the ticket's page."""
        if is_sound_code(self._ticket.link):
            yield from self._spoken("paper.scan", first_bold=True)
            yield from self._code(self._ticket.link)

    def _own_words(self, block: Block) -> Iterator[TextLine]:
        """The branch's words; a sentence with a fact that nobody knows is not said."""
        words = filled(self._texts[0].pick(block.words), self._facts())
        if words is not None:
            yield from self._lines(words, LINE_LENGTH_MAX)

    def _facts(self) -> dict[str, str]:
        ticket, texts = self._ticket, self._texts[0]
        issued = ticket.ticket.issued_at.astimezone(self._zone)
        facts = {
            "branch": ticket.branch[:NAME_LENGTH_MAX],
            "number": ticket.ticket.number[:NUMBER_LENGTH_MAX],
            "service": texts.pick(ticket.service_name)[:NAME_LENGTH_MAX],
            "date": texts.day(issued, year=True),
            "time": texts.clock(issued),
        }
        if not ticket.offline:
            facts["people_ahead"] = str(max(0, ticket.people_ahead))
        if self._window is not None:
            facts["estimate"] = f"{self._at(0, texts)}-{self._at(1, texts)}"
        return facts
