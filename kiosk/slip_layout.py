"""What is on a slip that is no ticket: a code for the kiosk, what to bring, where to go (pure).

A slip is given to whoever is sent on from the door, and read again at home or by another office:
so each line stands in the visitor's language, with the Indonesian below it where that is another.
Whose slip it is stands nowhere: the word `SlipToPrint` has no place for a name or a number.
"""

import re
from collections.abc import Iterator, Mapping

from kiosk.paper_layout import (
    LINE_LENGTH_MAX,
    LIST_LENGTH_MAX,
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
from protocol.messages import Names, SlipBlock, SlipToPrint

SLIP_LINE_LENGTH_MAX = 300
_CODE = re.compile(r"[0-9A-Za-z-]{1,12}")
_BOX, _DASH = "[ ] ", "- "


def lay_out_slip(
    slip: SlipToPrint, texts: Mapping[str, Translation], paper: PaperSize
) -> PaperLayout:
    """The paper of one slip; `texts` as for a ticket."""
    page = _SlipPage(slip, texts, paper)
    parts = [page.head(), page.code(), *map(page.block, slip.blocks[:LIST_LENGTH_MAX])]
    parts += [page.link(), page.foot(slip.footer)]
    return joined([list(part) for part in parts], paper.columns)


class _SlipPage(PaperPage):
    """The blocks of one slip; between two blocks stands a rule."""

    def __init__(
        self, slip: SlipToPrint, texts: Mapping[str, Translation], paper: PaperSize
    ) -> None:
        super().__init__(slip.language, slip.time_zone, texts, paper, slip.copy)
        self._slip = slip

    def head(self) -> Iterator[Element]:
        """Whose office, what this is, when."""
        slip = self._slip
        yield from self.whose(slip.branch, "paper.slip.copy")
        yield Feed(12)
        yield from self._title(slip.title)
        yield from self._instant(slip.made_at)

    def code(self) -> Iterator[Element]:
        """What the kiosk asks for, as large as the paper is wide, and as a QR for its scanner."""
        code = self._slip.code
        # A code with another sign in it was not made by our server, and could not be typed.
        if code is None or not _CODE.fullmatch(code):
            return
        yield from self._spoken("paper.slip.code", first_bold=True)
        width = max(1, min(8, self._paper.columns // len(code)))
        yield TextLine(code, width=width, height=min(8, width + 2), bold=True)
        yield from self._spoken("paper.slip.use_code")
        until = self._slip.valid_until
        if until is not None:
            at = until.astimezone(self._zone)
            for place, texts in enumerate(self._texts):
                words = texts("paper.slip.valid_until", time=texts.clock(at))
                yield from self._lines(words, LINE_LENGTH_MAX, bold=place == 0)
        yield from self._code(code)

    def block(self, block: SlipBlock) -> Iterator[Element]:
        """A heading and its lines, each with a box to tick or a dash."""
        lines = [line for line in block.lines[: 2 * LIST_LENGTH_MAX] if self._own(line)]
        heading = self._both(block.heading)
        if heading:
            mark = ":" if lines and not heading.endswith((":", "?", ".", "!")) else ""
            yield from self._lines(heading + mark, 2 * LINE_LENGTH_MAX, bold=True, align="left")
        for line in lines:
            yield from self._marked(line, _BOX if block.ticked else _DASH)

    def link(self) -> Iterator[Element]:
        """The QR code of a page, a chat or a map."""
        if is_sound_code(self._slip.qr) and self._slip.qr != self._slip.code:
            yield from self._spoken("paper.slip.scan", first_bold=True)
            yield from self._code(self._slip.qr)

    def _marked(self, names: Names, mark: str) -> Iterator[TextLine]:
        """One entry under its mark; what is wrapped stands under its own beginning."""
        room = self._paper.columns - len(mark)
        indent = " " * len(mark)
        own, home = self._own(names), self._home(names)
        for place, line in enumerate(wrap(own, room)):
            yield TextLine((mark if place == 0 else indent) + line, align="left")
        if home and home != own:
            for line in wrap(f"({home})", room):
                yield TextLine(indent + line, align="left")

    def _own(self, names: Names) -> str:
        return self._plain(self._texts[0].pick(names), SLIP_LINE_LENGTH_MAX)

    def _home(self, names: Names) -> str:
        return self._plain(self._texts[-1].pick(names), SLIP_LINE_LENGTH_MAX)
