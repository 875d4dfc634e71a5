"""Where everything on the TV stands: landscape (T1) and portrait (T2), at any size.

All sizes come from the theme, which is already scaled to the window; what is left over goes to
the card and the history. While the hall is called the card is whole: large enough for the number in
its full size. While it rests it is a line above the place for pictures, which is as large as what
is left allows. Nothing is ever placed over anything else.
"""

from dataclasses import dataclass, replace
from math import ceil

from PySide6.QtCore import QPoint, QRect, QSize

from ui.tokens import Sizes

HISTORY_ROWS_MOST = 6
HISTORY_ROWS_LEAST = 3

_CARD_SHARE = 0.605
"""Of the width, in landscape: four signs at their full size and a little air (ux.md 1.2)."""

_ROW_PITCH = {"landscape": 1.12, "portrait": 1.04}
"""Least height of a history row in type heights: it holds capitals and figures only."""

_CARD_LEAST = 1.95
"""Least height of the card in portrait, in type heights of the number."""

_RESTING_CARD = 1.65
"""Height of the resting card in type heights of a tile: number and counter in one line."""

_MEDIA_SHAPE = 9 / 16
"""Pictures are as wide as the card and no higher than that."""

_RESTING_ROWS_LEAST = 4
"""In portrait the history gives up a row for pictures, as drawn in T2."""

_TEXT_ROW = 1.3


@dataclass(frozen=True)
class BoardPlaces:
    """One rectangle for each part of the board, and how many rows the history has."""

    name: QRect
    """The branch; in landscape it shares its row with the status and takes what that leaves."""
    status: QRect
    """Sound, link or date, and the clock, from left to right."""
    card: QRect
    media: QRect
    """Pictures and standards; empty while the card is whole."""
    history: QRect
    facts: QRect
    line: QRect
    rows: int
    is_portrait: bool
    frame_px: int
    """Thickness of the edge around the board that turns grey or flashes."""

    def parts(self) -> tuple[QRect, ...]:
        """Every rectangle; no two of them overlap."""
        always = (self.name, self.status, self.card, self.history, self.facts, self.line)
        return always if self.media.isEmpty() else (*always, self.media)


def board_places(
    size: QSize, sizes: Sizes, shift: QPoint | None = None, *, resting: bool = False
) -> BoardPlaces:
    """Lay the board out; ``shift`` moves all of it by a few pixels against burn-in (F38).

    ``resting``: the card is small, and pictures have room.
    """
    if size.width() >= size.height():
        places = _landscape(size, sizes, resting)
    else:
        places = _portrait(size, sizes, resting)
    return places if shift is None else _moved(places, shift)


SHIFT_STEPS = ((0, 0), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1))


def burn_in_shift(step: int, sizes: Sizes) -> QPoint:
    """The place of a step on the small way that all pixels go through a day."""
    x, y = SHIFT_STEPS[step % len(SHIFT_STEPS)]
    way = max(1, sizes.gap // 6)
    return QPoint(x * way, y * way)


def _landscape(size: QSize, sizes: Sizes, resting: bool) -> BoardPlaces:
    side, gap, top = sizes.margin, sizes.gap, round(sizes.margin * 0.6)
    width = size.width() - 2 * side
    head_h, strip_h = round(sizes.body * 1.4), round(sizes.smallest * 1.6)
    status_w = round(width * 0.62)
    line = QRect(side, size.height() - top - strip_h, width, strip_h)
    facts = QRect(side, line.top() - gap // 2 - strip_h, width, strip_h)
    main_top = top + head_h + round(gap * 0.8)
    main_h = facts.top() - round(gap * 0.8) - main_top
    card_w = round(width * _CARD_SHARE)
    card, media = QRect(side, main_top, card_w, main_h), QRect()
    if resting:
        card.setHeight(_resting_card_px(sizes))
        media = QRect(side, card.bottom() + 1 + gap, card_w, main_h - card.height() - gap)
    return BoardPlaces(
        name=QRect(side, top, width - status_w - gap, head_h),
        status=QRect(side + width - status_w, top, status_w, head_h),
        card=card,
        media=media,
        history=QRect(side + card_w + gap, main_top, width - card_w - gap, main_h),
        facts=facts,
        line=line,
        rows=_rows(main_h, sizes, _ROW_PITCH["landscape"]),
        is_portrait=False,
        frame_px=max(3, round(top * 0.5)),
    )


def _portrait(size: QSize, sizes: Sizes, resting: bool) -> BoardPlaces:
    side, gap, top = sizes.margin, sizes.gap, round(sizes.margin * 0.6)
    width = size.width() - 2 * side
    head_h, line_h = round(sizes.body * 1.4), round(sizes.smallest * 2 * _TEXT_ROW)
    facts_h = round(sizes.smallest * 2.9)
    line = QRect(side, size.height() - top - line_h, width, line_h)
    facts = QRect(side, line.top() - gap // 2 - facts_h, width, facts_h)
    status = QRect(side, top, width, head_h)
    name = QRect(side, status.bottom() + 1, width, head_h)
    main_top = name.bottom() + 1 + gap // 2
    main_h = facts.top() - round(gap * 0.8) - main_top - gap
    history_least = _history_px(5, sizes, _ROW_PITCH["portrait"])
    card_h = max(round(sizes.number * _CARD_LEAST), min(main_h - history_least, main_h // 2))
    media = QRect()
    if resting:
        # Pictures take what the card leaves, and the history gives up a row for them.
        rows_least = _history_px(_RESTING_ROWS_LEAST, sizes, _ROW_PITCH["portrait"])
        card_h = _resting_card_px(sizes)
        room = main_h - card_h - gap - rows_least
        media_h = min(round(width * _MEDIA_SHAPE), room)
        media = QRect(side, main_top + card_h + gap, width, media_h)
        main_top, main_h = main_top + media_h + gap, main_h - media_h - gap
    history_h = main_h - card_h
    return BoardPlaces(
        name=name,
        status=status,
        card=QRect(side, name.bottom() + 1 + gap // 2, width, card_h),
        media=media,
        history=QRect(side, main_top + card_h + gap, width, history_h),
        facts=facts,
        line=line,
        rows=_rows(history_h, sizes, _ROW_PITCH["portrait"]),
        is_portrait=True,
        frame_px=max(3, round(top * 0.5)),
    )


def history_heading_px(sizes: Sizes) -> int:
    """Height of the line above the history."""
    return round(sizes.smallest * 1.5)


def _resting_card_px(sizes: Sizes) -> int:
    return round(sizes.tile * _RESTING_CARD)


def _history_px(rows: int, sizes: Sizes, pitch: float) -> int:
    return ceil(history_heading_px(sizes) + sizes.gap // 2 + rows * sizes.tile * pitch)


def _rows(height: int, sizes: Sizes, pitch: float) -> int:
    rows = HISTORY_ROWS_MOST
    while rows > HISTORY_ROWS_LEAST and _history_px(rows, sizes, pitch) > height:
        rows -= 1
    return rows


def _moved(places: BoardPlaces, by: QPoint) -> BoardPlaces:
    return replace(
        places,
        name=places.name.translated(by),
        status=places.status.translated(by),
        card=places.card.translated(by),
        media=places.media if places.media.isEmpty() else places.media.translated(by),
        history=places.history.translated(by),
        facts=places.facts.translated(by),
        line=places.line.translated(by),
    )
