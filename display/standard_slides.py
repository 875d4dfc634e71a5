"""The published standards of the services, cut into pages that are read from afar."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetricsF

from assets.texts import Texts
from display.playlist import Deck, Entry, Slide
from protocol.messages import Names, ServiceInfo
from ui.labels import divide_into_lines
from ui.theme import Theme, Weight, font_of
from ui.tokens import Sizes

FIELDS = ("requirements", "procedure", "time", "cost", "product", "complaints")
BULLET = "• "


def padding_px(sizes: Sizes) -> int:
    """Room at both sides of a page."""
    return round(sizes.gap * 1.25)


def heading_px(sizes: Sizes, lines: int) -> int:
    """Height of the lines that name the service."""
    return round(sizes.body * 1.5) + (lines - 1) * line_px(sizes)


def badge_px(sizes: Sizes) -> int:
    """Side of the service's sign before its name."""
    return round(sizes.body * 1.3)


def title_px(sizes: Sizes, lines: int) -> int:
    """Type height of the service's name: a long one is smaller rather than cut."""
    return sizes.body if lines == 1 else sizes.smallest


def line_px(sizes: Sizes) -> int:
    """Height of a line of words."""
    return round(sizes.smallest * 1.18)


def between_px(sizes: Sizes) -> int:
    """Air above a heading that is not the first of its page."""
    return round(sizes.smallest * 0.25)


def entries_px(entries: Sequence[Entry], sizes: Sizes) -> int:
    """Height of lines below one another."""
    headings = sum(entry.is_heading for entry in entries[1:])
    return len(entries) * line_px(sizes) + headings * between_px(sizes)


def standard_decks(
    services: Sequence[ServiceInfo], languages: Sequence[Texts], theme: Theme, size: QSize
) -> list[Deck]:
    """A deck for each service that has a standard, all in one language, then in the next."""
    return [
        deck
        for texts in languages
        for service in services
        if service.standard is not None and (deck := _deck(service, texts, theme, size))
    ]


def _deck(service: ServiceInfo, texts: Texts, theme: Theme, size: QSize) -> Deck:
    sizes = theme.sizes
    width = size.width() - 2 * padding_px(sizes)
    title = _title(texts.pick(service.name), width, sizes)
    room = size.height() - heading_px(sizes, len(title)) - sizes.gap // 2
    if room < 2 * line_px(sizes) or width < sizes.smallest * 4:
        return ()  # a place too small for words that can be read
    pages = list(_pages(list(_blocks(service, texts, width, sizes)), room, sizes))
    caption = texts("display.standard.caption")
    return tuple(
        Slide(
            sign=service.sign,
            title=tuple(title),
            entries=tuple(entries),
            page=place,
            pages=len(pages),
            caption=caption,
        )
        for place, entries in enumerate(pages, 1)
    )


def _title(name: str, width: int, sizes: Sizes) -> list[str]:
    """The service's name in one line, or in as many smaller ones as it takes."""
    room = width - badge_px(sizes) - 3 * sizes.gap - 2 * sizes.smallest  # beside it: 2/4
    large = QFontMetricsF(font_of(sizes.body, Weight.BOLD))
    if large.horizontalAdvance(name) <= room:
        return [name]
    metrics = QFontMetricsF(font_of(sizes.smallest, Weight.BOLD))
    # One line of the smaller size has the room of one, too; two are what `title_px` goes by.
    return divide_into_lines(name, metrics, room)


def _blocks(service: ServiceInfo, texts: Texts, width: int, sizes: Sizes) -> Iterator[list[Entry]]:
    """The lines of each field below its heading."""
    metrics = QFontMetricsF(font_of(sizes.smallest, Weight.MEDIUM))
    for field in FIELDS:
        heading = Entry(texts(f"display.standard.{field}"), is_heading=True)
        lines = [
            Entry(line)
            for sentence in _sentences(service, field, texts)
            for line in divide_into_lines(sentence, metrics, width)
        ]
        yield [heading, *lines]


def _sentences(service: ServiceInfo, field: str, texts: Texts) -> list[str]:
    assert service.standard is not None
    if field == "requirements":
        several = [texts.pick(names) for names in service.standard.requirements]
        return [BULLET + one for one in several if one] or [texts("display.standard.nothing")]
    names: Names = getattr(service.standard, field)
    return [texts.pick(names) or texts("display.standard.nothing")]


def _pages(blocks: list[list[Entry]], room: int, sizes: Sizes) -> Iterator[list[Entry]]:
    """Fields stay whole where they fit; no heading stands alone at the foot of a page."""
    page: list[Entry] = []
    for heading, *lines in blocks:
        if page and entries_px([*page, heading, *lines], sizes) > room:
            yield page
            page = []
        rows = room // line_px(sizes) - 1
        while not page and len(lines) > rows:
            yield [heading, *lines[:rows]]
            lines = lines[rows:]
        page = [*page, heading, *lines]
    if page:
        yield page
