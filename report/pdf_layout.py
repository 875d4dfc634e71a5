"""Where each block stands: parts of full width one below the other, narrow ones in columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from report.document import Definition, Document, Section
from report.pdf_bars import BarsBlock
from report.pdf_blocks import Block, Columns, Facts, Heading, Words
from report.pdf_look import Look
from report.pdf_run_in import RunIn
from report.pdf_table import TableBlock
from report.wording import Wording

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
MARGIN, TOP = 26.0, 22.0
BOTTOM = 34.0
"""Above the foot."""
WIDTH = PAGE_WIDTH - 2 * MARGIN
_COLUMNS = 3
_CHART_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and its place on the page."""

    block: Block
    left: float
    top: float
    width: float


class Sheets:
    """Fills pages from above; ``first`` and ``others`` are where their bodies begin."""

    def __init__(self, first: float, others: float, look: Look) -> None:
        self._others = others
        self._look = look
        self._pages: list[list[Placed]] = [[]]
        # Where each column ends; a part of full width begins below all of them.
        self._tops = [first]

    def fill(
        self, document: Document, wording: Wording, definitions: Sequence[Definition]
    ) -> list[list[Placed]]:
        """All pages of a document."""
        for width, group in groupby(document.sections, key=lambda one: one.width):
            sections = list(group)
            if document.one_page:
                self._close(sections, wording)
            elif width < 1:
                self._beside([list(_parts(one, wording)) for one in sections], round(1 / width))
            else:
                for one in sections:
                    self._down(list(_parts(one, wording)))
        if document.notes:
            self._down([Words(note) for note in document.notes])
        if definitions:
            title = wording.texts("report.paper.definitions")
            self._down([Columns(title, definitions, _COLUMNS)])
        return self._pages

    def _close(self, sections: Sequence[Section], wording: Wording) -> None:
        """On a single page narrow parts run on as text, and a chart leaves a column for them."""
        for one in sections:
            if len(one.bars) == 1 and one.width >= 1:
                self._chart(BarsBlock(one.bars[0], wording))
                tables = [TableBlock(table, wording) for table in one.tables]
                self._beside([[*tables, *map(Words, one.notes)]], _COLUMNS)
            elif one.width >= 1:
                self._down(list(_parts(one, wording)))
        narrow = [RunIn(one, wording) for one in sections if one.width < 1]
        if narrow:
            # The longest first: so the columns end at about the same height.
            width = self._width(_COLUMNS)
            narrow.sort(key=lambda block: -self._height(block, width))
            self._beside([[block] for block in narrow], _COLUMNS)

    # One below the other.

    def _down(self, blocks: Sequence[Block]) -> None:
        """A part over the full width; a heading stays with what follows it."""
        self._tops = [min(self._tops)]
        left = list(blocks)
        while left:
            block = left.pop(0)
            needed = self._height(block, WIDTH)
            if isinstance(block, Heading) and left:
                needed += min(self._height(left[0], WIDTH), self._look.row * 4)
            if self._tops[0] - needed >= BOTTOM:
                self._put([block], 0, 1)
            elif (cut := self._cut(block)) is not None:
                self._put([cut[0]], 0, 1)
                left.insert(0, cut[1])
                self._turn(1)
            elif self._pages[-1]:
                left.insert(0, block)
                self._turn(1)
            else:  # higher than a page: it stays as whole as it can
                self._put([block], 0, 1)
        self._tops[0] -= self._look.gap * 0.5

    def _cut(self, block: Block) -> tuple[TableBlock, TableBlock] | None:
        """What of a table fits above the foot, and the rest."""
        if not isinstance(block, TableBlock):
            return None
        try:
            return block.split(self._tops[0] - BOTTOM, WIDTH, self._look)
        except ValueError:
            return None

    # In columns.

    def _beside(self, parts: Sequence[Sequence[Block]], columns: int) -> None:
        """Narrow parts, each whole, into the column that has the most room."""
        self._divide(columns)
        width = self._width(columns)
        for blocks in parts:
            needed = sum(self._height(block, width) for block in blocks)
            column = max(range(columns), key=lambda one: (round(self._tops[one], 3), -one))
            if self._tops[column] - needed < BOTTOM and self._pages[-1]:
                self._turn(columns)
                column = 0
            self._put(blocks, column, columns)
            self._tops[column] -= self._look.gap * 0.25

    def _chart(self, block: Block) -> None:
        """A chart over two of three columns."""
        self._tops = [min(self._tops)]
        width = self._width(_COLUMNS) * _CHART_COLUMNS + self._gutter
        height = self._height(block, width)
        if self._tops[0] - height < BOTTOM and self._pages[-1]:
            self._turn(1)
        top = self._tops[0]
        self._pages[-1].append(Placed(block, MARGIN, top, width))
        below = top - height - self._look.gap * 0.6
        self._tops = [below] * _CHART_COLUMNS + [top] * (_COLUMNS - _CHART_COLUMNS)

    def _divide(self, columns: int) -> None:
        if len(self._tops) != columns:
            self._tops = [min(self._tops)] * columns

    def _put(self, blocks: Sequence[Block], column: int, columns: int) -> None:
        width = self._width(columns)
        left = MARGIN + column * (width + self._gutter)
        for block in blocks:
            self._pages[-1].append(Placed(block, left, self._tops[column], width))
            space = 0.2 if isinstance(block, Heading) else 0.4
            self._tops[column] -= self._height(block, width) + self._look.size * space

    def _turn(self, columns: int) -> None:
        self._pages.append([])
        self._tops = [self._others] * columns

    @property
    def _gutter(self) -> float:
        return self._look.gap * 1.6

    def _width(self, columns: int) -> float:
        return (WIDTH - self._gutter * (columns - 1)) / columns

    def _height(self, block: Block, width: float) -> float:
        return block.height(width, self._look)


def _parts(section: Section, wording: Wording) -> Iterator[Block]:
    yield Heading(section.title)
    if section.facts:
        yield Facts(section.facts, wording)
    for bars in section.bars:
        yield BarsBlock(bars, wording)
    yield from _tables(section, wording)
    for note in section.notes:
        yield Words(note)


def _tables(section: Section, wording: Wording) -> Iterator[TableBlock]:
    """Tables of the same columns stand under one heading, the first without a caption."""
    above: TableBlock | None = None
    for table in section.tables:
        alike = [one for one in section.tables if one.columns == table.columns]
        several = len(section.tables) > 1 or bool(section.bars)
        block = TableBlock(table, wording, caption=several and len(alike) == 1)
        if above is not None and above.table.columns == table.columns:
            block.joins(above)
        yield block
        above = block
