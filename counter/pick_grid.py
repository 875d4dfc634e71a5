"""Equal choices in a grid, for a finger: one or several may hold; more than fit are turned over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from counter.choice_buttons import CHOICE_KEYS
from counter.wording import Wording
from ui.buttons import BigButton, Look
from ui.fitting import fit_text, text_size
from ui.icons import paint_icon
from ui.shapes import paint_card
from ui.theme import Theme, Weight
from ui.tokens import Role


@dataclass(frozen=True, slots=True)
class Pick:
    """One choice: its code, its words, and how it looks while it does not hold."""

    code: str
    title: str
    line: str = ""
    icon: str = ""
    badge: str = ""
    usable: bool = True
    tip: str = ""
    tone: str = ""
    letter: str = ""
    # In place of the grid's own sign while it holds.
    mark: str = ""


class PickButton(BigButton):
    """A BigButton with less air, so that two lines of words fit in the height of a finger.

    ``sign_tone`` names another colour for its icon. A ``letter`` stands behind the words, pale, in
    a place of its own.
    """

    sign_tone = ""
    letter = ""

    def _paint_content(
        self, painter: QPainter, box: QRectF, ink: str, soft: str, accent: str
    ) -> None:
        sizes, colours = self._theme.sizes, self._theme.colours
        tone = str(getattr(colours, self.sign_tone)) if self.sign_tone else accent
        if self._look is Look.CHOSEN and not self._icon:
            # Seen without colours, too: a bar at the side in place of a tick.
            bar = QRectF(0, 0, sizes.gap * 0.75, self.height())
            paint_card(painter, bar, sizes.radius / 2, fill=colours.primary)
            box.setLeft(box.left() + sizes.gap * 0.5)
        if self._icon:
            side = min(box.height(), sizes.text(self._role) * 1.15)
            at = QRectF(box.left(), box.center().y() - side / 2, side, side)
            paint_icon(painter, self._icon, at, tone if self.isEnabled() else ink)
            box.setLeft(at.right() + sizes.gap * 0.75)
        if self._badge:
            box.setRight(self._paint_badge(painter, box, soft) - sizes.gap / 2)
        if self.letter:
            box.setRight(self._paint_letter(painter) - sizes.gap / 2)
        centred = not self._icon and not self._badge and not self.letter
        self._paint_words(painter, box, ink, soft, centred=centred)

    def _paint_words(
        self, painter: QPainter, box: QRectF, ink: str, soft: str, *, centred: bool
    ) -> None:
        """A name that would become too small is cut at a word; the tooltip has all of it."""
        title, sizes = self._title, self._theme.sizes
        room = box.adjusted(0, 0, 0, -sizes.smallest * 1.3 if self._line else 0)
        shown = shortened(title, room, sizes.smallest, Weight.SEMIBOLD)
        if shown != title and not self.toolTip():
            self.setToolTip(title)
        self._title = shown
        super()._paint_words(painter, box, ink, soft, centred=centred)
        self._title = title

    def _paint_letter(self, painter: QPainter) -> float:
        """Gives the left edge of what it took."""
        sizes, colours = self._theme.sizes, self._theme.colours
        box = QRectF(self.rect()).adjusted(0, 0, -sizes.gap * 0.75, 0)
        px = round(self.height() * 0.55)
        painter.setPen(QColor(colours.hairline))
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        letter = fit_text(self.letter, box, px, 1, weight=Weight.BOLD, align=align, wrap=False)
        letter.paint(painter, box)
        return box.right() - letter.width

    def sizeHint(self) -> QSize:
        badge = self._theme.sizes.body * 2 if self._badge else 0
        return super().sizeHint() + QSize(2 * self._theme.sizes.gap + badge, 0)

    def _padding(self) -> float:
        return max(self._theme.sizes.gap * 0.6, self._theme.sizes.focus * 2.0)


def shortened(text: str, box: QRectF, px: int, weight: Weight) -> str:
    """As many words as a box holds at a size, with an ellipsis if some are left out."""
    words, width = text, max(1.0, box.width())
    flags = Qt.TextFlag.TextWordWrap.value
    while " " in words:
        needed = text_size(words, px, weight, False, flags, width)
        if needed[0] <= width and needed[1] <= box.height():
            break
        words = f"{words.removesuffix(' …').rsplit(' ', 1)[0]} …"
    return words


class PickGrid(QWidget):
    """As many columns and rows as were asked for; the last place turns to the next page."""

    chosen = Signal(str)

    def __init__(
        self,
        wording: Wording,
        theme: Theme,
        *,
        prefix: str,
        columns: int,
        rows: int,
        height: int = 0,
        role: Role = Role.BODY,
        held_icon: str = "check",
        held_tone: str = "",
        fills: bool = False,
    ) -> None:
        """``prefix`` begins the object names; ``fills`` keeps empty rows, so nothing moves."""
        super().__init__()
        self._say, self._theme, self._prefix, self._role = wording, theme, prefix, role
        self._columns, self._rows, self._fills = columns, rows, fills
        self._height = height or theme.sizes.target
        self._held_icon, self._held_tone = held_icon, held_tone
        self._picks: list[Pick] = []
        self._page = 0
        self._held: tuple[str, ...] = ()
        self.buttons: dict[str, PickButton] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(max(2, theme.sizes.gap // 2))
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)

    def set_picks(self, picks: Sequence[Pick]) -> None:
        """Offer these; the page stays where it was if they are the same ones."""
        if list(picks) == self._picks:
            return
        same = [one.code for one in picks] == [one.code for one in self._picks]
        self._picks = list(picks)
        if same and all(one.code in self.buttons for one in self._shown()):
            for one in self._shown():
                self._dress(self.buttons[one.code], one)
            return
        self._page = 0 if not same else self._page
        self._build()

    def set_rows(self, rows: int, shows: str = "") -> None:
        """Have room for so many rows, on the page where a choice stands."""
        place = next((at for at, one in enumerate(self._picks) if one.code == shows), None)
        if rows == self._rows and (place is None or shows in self.buttons):
            return
        self._rows = rows
        self._page = 0 if place is None else place // self._room()
        self._build()

    def show_chosen(self, codes: Sequence[str]) -> None:
        """Mark what holds, by edge, fill and a sign."""
        if tuple(codes) == self._held:
            return
        self._held = tuple(codes)
        for one in self._shown():
            self._dress(self.buttons[one.code], one)

    def codes(self) -> list[str]:
        """Every choice, seen or on another page."""
        return [one.code for one in self._picks]

    def turn(self) -> None:
        """The next page."""
        pages = -(-len(self._picks) // self._room()) if self._picks else 1
        self._page = (self._page + 1) % pages
        self._build()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.sizes.target * 2 * self._columns, self._wanted_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.sizes.target * self._columns, self._wanted_height())

    def _wanted_height(self) -> int:
        lines = self._rows if self._fills else self._lines()
        return lines * self._height + max(0, lines - 1) * self._grid.verticalSpacing()

    def _lines(self) -> int:
        shown = len(self._shown()) + (1 if self._several() else 0)
        return max(1, -(-shown // self._columns))

    def _several(self) -> bool:
        return len(self._picks) > self._columns * self._rows

    def _room(self) -> int:
        return self._columns * self._rows - (1 if self._several() else 0)

    def _shown(self) -> list[Pick]:
        start = self._page * self._room()
        return self._picks[start : start + self._room()]

    def _build(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            gone = item.widget()
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        self.buttons = {}
        for place, one in enumerate(self._shown()):
            button = self._button(f"{self._prefix}-{one.code}")
            button.tapped.connect(lambda code=one.code: self.chosen.emit(code))
            self._dress(button, one)
            self.buttons[one.code] = button
            self._grid.addWidget(button, place // self._columns, place % self._columns)
        if self._several():
            place = len(self._shown())
            rest = len(self._picks) - place
            more = self._button(f"{self._prefix}-more")
            more.set_look(Look.QUIET)
            more.set_content(self._say("screening.more", count=rest), icon="forward")
            more.tapped.connect(self.turn)
            self._grid.addWidget(more, place // self._columns, place % self._columns)
        self._grid.setRowStretch(self._rows + 1, 1)  # what is left over is below the last row
        self.updateGeometry()

    def _button(self, name: str) -> PickButton:
        button = PickButton("", self._theme, name=name, role=self._role)
        button.setFixedHeight(self._height)
        return button

    def _dress(self, button: PickButton, one: Pick) -> None:
        held = one.code in self._held
        button.set_look(Look.CHOSEN if held else Look.PANEL)
        button.letter = one.letter
        mark = one.mark or self._held_icon
        icon = mark if held and mark else one.icon
        button.sign_tone = one.tone if one.mark or not held else self._held_tone
        button.set_content(one.title, line=one.line, icon=icon, badge=one.badge)
        button.setEnabled(one.usable)
        button.setToolTip(one.tip)
        told = self._say("finish.chosen") if held else ""
        button.setAccessibleDescription(" ".join(filter(None, (told, one.tip))))


def with_keys(picks: Sequence[Pick]) -> list[Pick]:
    """The same with a key for each, as in every panel."""
    keys = CHOICE_KEYS[: len(picks)].ljust(len(picks))
    return [replace(one, badge=key.strip()) for one, key in zip(picks, keys, strict=True)]
