"""The buttons that are the kiosk's own: the one that begins, and one for each service."""

import logging
import re
from collections.abc import Sequence
from functools import cache, partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from assets import asset_path
from kiosk.pages.areas import balanced_width, widest_word
from ui.buttons import BigButton, Look
from ui.fitting import FittedText, fit_text, inner, needed_height, text_size
from ui.icons import paint_icon, service_icon
from ui.shapes import paint_card
from ui.theme import Theme, Weight
from ui.tokens import Role

log = logging.getLogger(__name__)

_ANY_WIDTH = 1 << 20
_TILE_PADDING = 1.2
"""Of the gap: between a tile's edge and its words."""

_ICON_NAME = re.compile(r"[a-z0-9-]{1,40}")


@cache
def icon_for(code: str, wanted: str) -> str:
    """The icon that the catalogue names, if it is there; else the one for the service's code.

    A name that nobody drew for must cost a picture, not the kiosk.
    """
    if not wanted:
        return service_icon(code)
    try:
        if not _ICON_NAME.fullmatch(wanted):
            raise FileNotFoundError(wanted)
        asset_path("icons", f"{wanted}.svg")
    except FileNotFoundError:
        log.warning("the catalogue names the icon %r, which is not there", wanted)
        return service_icon(code)
    return wanted


def sheet_shape(
    area: QRectF, names: Sequence[str], theme: Theme, *, line: str = ""
) -> tuple[int, int]:
    """Rows and columns of tiles with room for each of these names, at most six tiles in all.

    Fewer tiles on a sheet rather than a name that cannot be read. ``line``: the longest that
    must stand below a name. No rows where not even one tile fits.
    """
    gap, wide = float(theme.sizes.gap), area.width() > area.height() * 2
    shapes = [(3, 2), (2, 2), (1, 3), (1, 2), (2, 1), (1, 1)]
    if wide:
        shapes = [(2, 3), (3, 2), (1, 4), (2, 2), (1, 3), (1, 2), (1, 1)]
    for rows, across in shapes:
        width = (area.width() - gap * (across - 1)) / across
        height = (area.height() - gap * (rows - 1)) / rows
        if height >= _tile_height(names, width, theme, line):
            return rows, across
    return 0, 1


def row_height(width: float, names: Sequence[str], theme: Theme, line: str) -> float:
    """The least height of one row of tiles with room for each of these names."""

    def high(across: int) -> float:
        room = (width - theme.sizes.gap * (across - 1)) / across
        return _tile_height(names, room, theme, line)

    beside = min(high(2), high(3))
    return beside if beside < float("inf") else high(1)


def _tile_height(names: Sequence[str], width: float, theme: Theme, line: str) -> float:
    """The least height of a tile at this width, the longest name above its line."""
    sizes, room = theme.sizes, width - 2 * theme.sizes.gap * _TILE_PADDING
    px = sizes.smallest
    widest = max((widest_word(name, px) for name in names), default=0.0)
    high = needed_height("Ag", sizes.body, Weight.REGULAR, _ANY_WIDTH)
    beside = high + sizes.gap * 0.8 + 4  # the icon, where it stands beside the line
    if max(widest, _width(line, px, Weight.SEMIBOLD) + beside if line else 0) > room:
        return float("inf")
    words = max((needed_height(name, px, Weight.SEMIBOLD, room) for name in names), default=0)
    below = high + sizes.gap * 0.4 if line else 0.0
    return max(float(sizes.target), words + below + sizes.gap * 2 * _TILE_PADDING + 3)


class StartButton(BigButton):
    """The one thing to touch on a page, such as the first one: a hand above large words."""

    def __init__(self, theme: Theme, parent: QWidget, *, name: str = "start") -> None:
        super().__init__(
            "",
            theme,
            name=name,
            look=Look.PRIMARY,
            icon="touch",
            role=Role.HEADING,
            parent=parent,
        )

    def fitted(self) -> FittedText:
        """The words as they are painted now, on lines of about the same length."""
        sizes, box = self._theme.sizes, self._words_box()
        px = round(sizes.text(Role.HEADING) * 1.3)

        def fit(width: float) -> FittedText:
            return fit_text(
                self.title,
                QRectF(0, 0, width, box.height()),
                px,
                sizes.body,
                weight=Weight.BOLD,
                align=Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop,
            )

        whole = fit(box.width())
        height = partial(needed_height, self.title, whole.px, Weight.BOLD)
        return fit(balanced_width(height, widest_word(self.title, whole.px), box.width()))

    def least_height(self, width: float) -> float:
        """The height at which its words are read, without the hand."""
        px = self._theme.sizes.body
        return needed_height(self.title, px, Weight.BOLD, width - 2 * self._inset()) + 2.0 * (
            self._inset() + 1
        )

    def _paint_content(
        self, painter: QPainter, box: QRectF, ink: str, soft: str, accent: str
    ) -> None:
        words, side = self.fitted(), self._icon_side()
        gap, middle = side * 0.3, QRectF(self.rect()).center()
        top = middle.y() - (side + gap + words.height) / 2
        at = QRectF(middle.x() - side / 2, top, side, side)
        if side:
            paint_icon(painter, "touch", at, ink)
        painter.setPen(QColor(ink))
        width = words.width + 2
        words.paint(painter, QRectF(middle.x() - width / 2, at.bottom() + gap, width, words.height))

    def _icon_side(self) -> float:
        """Of the hand; none where it would leave the words no room."""
        spare = self.height() - self.least_height(self.width())
        side = min(self.height() * 0.36, self._theme.sizes.number, spare / 1.3)
        return side if side >= self._theme.sizes.smallest else 0.0

    def _inset(self) -> float:
        return min(float(self._theme.sizes.margin), self.height() * 0.12)

    def _words_box(self) -> QRectF:
        box = inner(QRectF(self.rect()), self._inset())
        return box.adjusted(0, self._icon_side() * 1.3, 0, 0)


class ServiceButton(BigButton):
    """A service: its name as large as it fits, below it how many wait.

    ``lines`` are the same words from long to short; the longest that fits is shown, of an open
    service in one line. The icon stands beside the name, or beside the line where the name needs
    the whole width; a closed service has none.
    """

    def __init__(self, code: str, theme: Theme, parent: QWidget, *, name: str = "") -> None:
        super().__init__("", theme, name=name or f"service-{code}", icon="ticket", parent=parent)
        self.code = code
        self.icon_beside_name = True
        self.shows_letter = True
        self.shows_line = True
        self._lines: list[str] = []
        self._ends_soon = False

    def show_service(
        self,
        name: str,
        lines: list[str],
        *,
        icon: str,
        letter: str,
        is_open: bool,
        hint: str,
        ends_soon: bool = False,
    ) -> None:
        """Show this service. A closed one says why in ``lines`` and cannot be pressed.

        The lines of one that ``ends_soon`` say how many numbers are left, and stand out.
        """
        now = (name, lines, icon, letter, is_open, hint, ends_soon)
        before = (
            self.title,
            self._lines,
            self._icon,
            self._badge,
            self.isEnabled(),
            self.accessibleDescription(),
            self._ends_soon,
        )
        if now == before:
            return
        self._lines, self._ends_soon = lines, ends_soon
        self.set_content(name, line=lines[0] if lines else "", icon=icon, badge=letter)
        self.setAccessibleDescription(hint)
        self.setEnabled(is_open)
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_open else Qt.CursorShape.ArrowCursor)

    def name_fits_beside_icon(self) -> bool:
        """Whether the name is readable beside the icon, with no word broken."""
        px, box = self._theme.sizes.smallest, self._name_box(beside_icon=True)
        if any(_width(word, px, Weight.SEMIBOLD) > box.width() for word in self.title.split()):
            return False
        return needed_height(self.title, px, Weight.SEMIBOLD, box.width()) <= box.height()

    def letter_fits(self) -> bool:
        """Whether the letter of the series takes no word from the line."""
        room, px = self._line_box().width(), self._theme.sizes.smallest
        line = self._line_that_fits(room)
        return _width(line, px, self._line_weight) <= room - self._letter_width()

    def sizeHint(self) -> QSize:
        sizes = self._theme.sizes
        return QSize(sizes.tile_height * 2, sizes.tile_height)

    def fitted_texts(self) -> list[FittedText]:
        """Name and line as they are painted now."""
        return [text for text, _ in self._texts()]

    def _paint_content(
        self, painter: QPainter, box: QRectF, ink: str, soft: str, accent: str
    ) -> None:
        (name, name_box), *below = self._texts()
        painter.setPen(QColor(ink))
        name.paint(painter, name_box)
        colours = self._theme.colours
        warning = colours.primary if colours.is_dark else colours.on_warning_soft
        painter.setPen(QColor(warning if self._ends_soon else soft))
        for line, line_box in below:
            line.paint(painter, line_box)
        if not self.isEnabled() or not (below or self.icon_beside_name):
            return
        self._paint_icon(painter, name_box if self.icon_beside_name else below[0][1])
        if self.shows_letter and below:
            align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            sizes, whole = self._theme.sizes, self._line_box()
            painter.setPen(QColor(soft))
            fit_text(
                self._badge, whole, sizes.body, sizes.smallest, weight=Weight.BOLD, align=align
            ).paint(painter, whole)

    def _paint_icon(self, painter: QPainter, beside: QRectF) -> None:
        colours = self._theme.colours
        side = self._icon_side()
        if not self.icon_beside_name:
            side = min(side, beside.height())
        disc = QRectF(self._box().left(), beside.center().y() - side / 2, side, side)
        tint = colours.ink
        if not self.isDown():
            paint_card(painter, disc, side / 2, fill=colours.ok_soft)
            tint = colours.on_ok_soft
        paint_icon(painter, self._icon or "ticket", inner(disc, side * 0.2), tint)

    def _texts(self) -> list[tuple[FittedText, QRectF]]:
        """Name and line, each with its place."""
        return self._open_texts() if self.isEnabled() else self._closed_texts()

    def _open_texts(self) -> list[tuple[FittedText, QRectF]]:
        sizes, line_box = self._theme.sizes, self._line_box()
        name_box = self._name_box(beside_icon=self.icon_beside_name)
        if not self.shows_line:
            return [(self._fit_name(name_box), name_box)]
        if self.shows_letter:
            line_box.setRight(line_box.right() - self._letter_width())
        line = self._line_that_fits(line_box.width())
        return [
            (self._fit_name(name_box), name_box),
            (
                fit_text(
                    line,
                    line_box,
                    sizes.body,
                    sizes.smallest,
                    weight=self._line_weight,
                    wrap=False,
                ),
                line_box,
            ),
        ]

    def _closed_texts(self) -> list[tuple[FittedText, QRectF]]:
        """The name above, why it is closed below: in two lines at most, else shorter."""
        sizes, box = self._theme.sizes, self._box()
        least = needed_height(self.title, sizes.smallest, Weight.SEMIBOLD, box.width())
        # Metrics round: a pixel for each of the two texts.
        room = box.height() - least - sizes.gap * 0.4 - 2
        line_height = needed_height("Ag", sizes.smallest, Weight.REGULAR, _ANY_WIDTH)
        room = min(room, line_height * 2 + 1)
        line, height = "", 0.0
        for line in self._lines:
            height = needed_height(line, sizes.smallest, Weight.REGULAR, box.width())
            if height <= room:
                break
        line_box = QRectF(box.left(), box.bottom() - height, box.width(), height)
        name_box = box.adjusted(0, 0, 0, -height - sizes.gap * 0.4)
        text = fit_text(line, line_box, sizes.smallest, sizes.smallest)
        return [(self._fit_name(name_box), name_box), (text, line_box)]

    def _box(self) -> QRectF:
        return inner(QRectF(self.rect()), self._theme.sizes.gap * _TILE_PADDING)

    def _name_box(self, *, beside_icon: bool) -> QRectF:
        """Above the line of an open service, without the icon's place."""
        sizes, box = self._theme.sizes, self._box()
        if self.shows_line:
            box.setBottom(self._line_box().top() - sizes.gap * 0.4)
        if beside_icon:
            box.setLeft(box.left() + self._icon_side() + sizes.gap * 1.2)
        return box

    def _line_box(self) -> QRectF:
        """The bottom line of an open service, without the icon's place."""
        sizes, box = self._theme.sizes, self._box()
        height = needed_height("Ag", sizes.body, Weight.REGULAR, _ANY_WIDTH)
        box.setTop(box.bottom() - height)
        if not self.icon_beside_name:
            box.setLeft(box.left() + min(self._icon_side(), height) + sizes.gap * 0.8)
        return box

    def _line_that_fits(self, room: float) -> str:
        px = self._theme.sizes.smallest
        weight = self._line_weight
        fitting = (line for line in self._lines if _width(line, px, weight) <= room)
        return next(fitting, self._lines[-1] if self._lines else "")

    @property
    def _line_weight(self) -> Weight:
        return Weight.SEMIBOLD if self._ends_soon else Weight.REGULAR

    def _icon_side(self) -> float:
        return min(self._theme.sizes.tile * 1.55, self._box().height() * 0.5)

    def _letter_width(self) -> float:
        sizes = self._theme.sizes
        return _width(self._badge, sizes.body, Weight.BOLD) + sizes.gap

    def _fit_name(self, box: QRectF) -> FittedText:
        sizes = self._theme.sizes
        return fit_text(self.title, box, sizes.tile, sizes.smallest, weight=Weight.SEMIBOLD)


def _width(text: str, px: int, weight: Weight = Weight.REGULAR) -> float:
    return text_size(text, px, weight, False, 0, _ANY_WIDTH)[0]
