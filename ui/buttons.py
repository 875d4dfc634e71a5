"""What a finger, a mouse or a key presses: the big button and the service tile."""

import time
from enum import Enum

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.fitting import fit_text, inner, needed_height, text_size
from ui.icons import paint_icon
from ui.shapes import paint_card, paint_focus
from ui.theme import Theme, Weight
from ui.tokens import Colours, Role

DOUBLE_TAP_MS = 600
"""A second tap within this is the shaking of a hand, not a second wish."""


class Look(Enum):
    """How much a button asks to be pressed."""

    PRIMARY = "primary"
    """The one thing to do here."""
    PANEL = "panel"
    """One of several equal choices."""
    QUIET = "quiet"
    """A way back or aside."""
    CHOSEN = "chosen"
    """The choice that holds now, for example the language."""
    DANGER = "danger"
    """Something that takes away."""


def button_colours(look: Look, colours: Colours, *, down: bool) -> tuple[str, str, str | None]:
    """Fill, text and edge (None: the fill is edge enough) of a button in use."""
    match look:
        case Look.PRIMARY:
            fill = colours.primary_pressed if down else colours.primary
            return fill, colours.on_primary, None
        case Look.CHOSEN:
            return colours.pressed, colours.ink, colours.primary
        case Look.DANGER:
            return (
                (colours.error, colours.on_error, None)
                if down
                else (colours.panel, colours.error, colours.error)
            )
        case Look.QUIET:
            return colours.pressed if down else colours.window, colours.ink, colours.border
        case Look.PANEL:
            return colours.pressed if down else colours.panel, colours.ink, colours.border


class BigButton(QAbstractButton):
    """A button with title, and if wanted icon, line below, key hint; its text always fits.

    Connect to ``tapped``, which is ``clicked`` without double taps and without taps while busy.
    ``name`` is the objectName by which tests and the driver find it. The accessible name is title
    and line; ``description`` is the accessible description.
    """

    tapped = Signal()

    def __init__(
        self,
        title: str,
        theme: Theme,
        *,
        name: str,
        look: Look = Look.PANEL,
        icon: str | None = None,
        line: str = "",
        badge: str = "",
        role: Role = Role.TILE,
        description: str = "",
        guard_ms: int = 0,
        tight_icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """``badge`` is a letter or key name in the corner; ``guard_ms`` swallows a second tap.

        ``tight_icon`` stands in place of a title that the button has no room for.
        """
        super().__init__(parent)
        self.setObjectName(name)
        self._theme = theme
        self._look = look
        self._icon = icon
        self._line = line
        self._badge = badge
        self._role = role
        self._guard_s = guard_ms / 1000
        self._tight_icon = tight_icon
        self._tapped_at = float("-inf")
        self._busy_text: str | None = None
        self._shows_focus = False
        self.setAccessibleDescription(description)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.clicked.connect(self._on_clicked)
        self.set_content(title, line=line)

    def set_content(
        self,
        title: str | None = None,
        *,
        line: str | None = None,
        icon: str | None = None,
        badge: str | None = None,
    ) -> None:
        """Change what it shows; None leaves a part as it is."""
        if title is not None:
            # Qt reads & as the mark of a mnemonic; names out of a catalogue may hold one.
            self.setText(title.replace("&", "&&"))
            self._title = title
        self._line = self._line if line is None else line
        self._icon = self._icon if icon is None else icon
        self._badge = self._badge if badge is None else badge
        self.setAccessibleName(", ".join(filter(None, (self._title, self._line))))
        self.updateGeometry()
        self.update()

    @property
    def title(self) -> str:
        """The title as it was given."""
        return self._title

    @property
    def line(self) -> str:
        """The line below the title."""
        return self._line

    def set_look(self, look: Look) -> None:
        """Show it as more or less important, for example as the chosen one."""
        self._look = look
        self.update()

    def set_busy(self, text: str | None) -> None:
        """While a text is given it stands in place of the line and taps are not heard."""
        self._busy_text = text
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        sizes = self._theme.sizes
        px = sizes.text(self._role)
        width, height = text_size(self._title, px, Weight.SEMIBOLD, False, 0, 1 << 20)
        if self._line:
            height += sizes.text(_line_role(self._role)) * sizes.line_height
        room = 2 * self._padding()
        icon = px * 1.5 + sizes.gap if self._icon else 0
        return QSize(
            max(sizes.target, round(width + room + icon)),
            max(sizes.target, round(height + room)),
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.sizes.target, self._theme.sizes.target)

    def least_width(self) -> float:
        """The width at which the title is read in one line at its smallest, without the icon."""
        px = self._theme.sizes.smallest
        width = text_size(self._title, px, Weight.SEMIBOLD, False, 0, 1 << 20)[0]
        return max(float(self._theme.sizes.target), width + 2 * self._padding() + 2)

    def word_width(self) -> float:
        """The width at which the icon stands beside the longest word at its smallest."""
        sizes = self._theme.sizes
        side = sizes.text(self._role) * 1.5
        icon = side + max(sizes.gap, side / 4) if self._icon else 0.0
        words = (
            text_size(each, sizes.smallest, Weight.SEMIBOLD, False, 0, 1 << 20)[0]
            for each in self._title.split()
        )
        return max(words, default=0.0) + icon + 2 * self._padding() + 2

    def height_at(self, width: float, *, line: str | None = None, bare: bool = False) -> float:
        """The height at which title and line are read at this width at their smallest.

        ``line`` in place of the present one; ``bare`` without the icon.
        """
        sizes = self._theme.sizes
        room = width - 2 * self._padding()
        if self._icon and not bare:
            side = sizes.text(self._role) * 1.5
            room -= side + max(sizes.gap, side / 4)
        high = needed_height(self._title, sizes.smallest, Weight.SEMIBOLD, room)
        line = self._busy_text or self._line if line is None else line
        if line:
            high += needed_height(line, sizes.smallest, Weight.REGULAR, room)
        return max(float(sizes.target), high + 2 * self._padding() + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Qt presses by the space bar alone; people press Enter, and a tactile pad sends it.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Where the finger was needs no ring; where the keys will go does.
        self._shows_focus = event.reason() != Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = self._theme.colours
        box = QRectF(self.rect())
        ink = self._paint_body(painter, box)
        accent = colours.primary if ink == colours.ink else ink
        soft = colours.ink_soft if ink == colours.ink else ink
        self._paint_content(painter, self._content_box(box), ink, soft, accent)
        if self.hasFocus() and self._shows_focus:
            paint_focus(painter, box, self._theme)

    def _paint_body(self, painter: QPainter, box: QRectF) -> str:
        """Fill and edge; gives the colour of text on them."""
        colours, sizes = self._theme.colours, self._theme.sizes
        if self.isEnabled():
            fill, ink, edge = button_colours(self._look, colours, down=self.isDown())
        else:
            fill, ink, edge = colours.disabled, colours.on_disabled, colours.hairline
        edge_px = sizes.border * (2 if self._look is Look.CHOSEN else 1)
        if self.isDown() and edge is not None:
            edge, edge_px = colours.primary, sizes.border * 2
        paint_card(painter, box, sizes.radius, fill=fill, edge=edge, edge_px=edge_px)
        return ink

    def _paint_content(
        self, painter: QPainter, box: QRectF, ink: str, soft: str, accent: str
    ) -> None:
        """Icon at the left, title and line beside it, badge at the right."""
        sizes = self._theme.sizes
        if self._tight_icon and self.least_width() - 2 * self._padding() > box.width() + 1:
            side = min(box.height(), sizes.text(self._role))
            at = QRectF(0, 0, side, side)
            at.moveCenter(box.center())
            paint_icon(painter, self._tight_icon, at, ink)
            return
        if self._icon:
            side = min(box.height(), sizes.text(self._role) * 1.5)
            paint_icon(
                painter,
                self._icon,
                QRectF(box.left(), box.center().y() - side / 2, side, side),
                accent if self.isEnabled() else ink,
            )
            box.setLeft(box.left() + side + max(sizes.gap, side / 4))
        if self._badge:
            box.setRight(self._paint_badge(painter, box, soft) - sizes.gap)
        centred = not self._icon and not self._badge
        self._paint_words(painter, box, ink, soft, centred=centred)

    def _paint_words(
        self, painter: QPainter, box: QRectF, ink: str, soft: str, *, centred: bool
    ) -> None:
        """Title and line as one block in the middle of the height."""
        sizes = self._theme.sizes
        side = Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft
        align = side | Qt.AlignmentFlag.AlignVCenter
        line = self._busy_text or self._line
        line_px = sizes.text(_line_role(self._role))
        line_share = 0.0
        if line:
            wanted = needed_height(line, line_px, Weight.REGULAR, box.width())
            # Both at their smallest before either gets less than it needs.
            least = needed_height(line, sizes.smallest, Weight.REGULAR, box.width())
            title = needed_height(self._title, sizes.smallest, Weight.SEMIBOLD, box.width())
            most = max(least, box.height() - title)
            line_share = min(max(min(box.height() * 0.42, wanted), least), most)
        title_px, floor_px = sizes.text(self._role), sizes.smallest
        title_box = box.adjusted(0, 0, 0, -line_share)
        above = fit_text(
            self._title, title_box, title_px, floor_px, weight=Weight.SEMIBOLD, align=align
        )
        if line:
            below = fit_text(
                line,
                QRectF(0, 0, box.width(), box.height() - above.height),
                line_px,
                floor_px,
                align=align,
            )
            top = box.center().y() - (above.height + below.height) / 2
            title_box = QRectF(box.left(), top, box.width(), above.height)
            line_box = QRectF(box.left(), title_box.bottom(), box.width(), below.height)
            painter.setPen(QColor(soft))
            below.paint(painter, line_box)
        painter.setPen(QColor(ink))
        above.paint(painter, title_box)

    def _paint_badge(self, painter: QPainter, box: QRectF, soft: str) -> float:
        """A key name as a key cap at the right; its left edge."""
        sizes = self._theme.sizes
        px = sizes.smallest
        width = text_size(self._badge, px, Weight.MEDIUM, False, 0, 1 << 20)[0] + px
        cap = QRectF(box.right() - width, box.center().y() - px * 0.85, width, px * 1.7)
        paint_card(painter, cap, sizes.radius / 2, fill=None, edge=soft, edge_px=1)
        painter.setPen(QColor(soft))
        fit_text(
            self._badge,
            cap,
            px,
            1,
            weight=Weight.MEDIUM,
            align=Qt.AlignmentFlag.AlignCenter,
            wrap=False,
        ).paint(painter, cap)
        return cap.left()

    def _content_box(self, box: QRectF) -> QRectF:
        """Inside the padding; of a low button the words come before the padding above them."""
        padding = self._padding()
        sizes = self._theme.sizes
        above = max(0.0, min(padding, (box.height() - sizes.smallest * 1.25) / 2))
        beside = padding
        if not self._icon and not self._badge:
            words = (
                text_size(each, sizes.smallest, Weight.SEMIBOLD, False, 0, 1 << 20)
                for each in self._title.split()
            )
            widest = max((width for width, _ in words), default=0.0)
            beside = max(float(sizes.border), min(padding, (box.width() - widest) / 2 - 1))
        return box.adjusted(beside, above, -beside, -above)

    def _padding(self) -> float:
        sizes = self._theme.sizes
        return max(sizes.gap, sizes.focus * 2)

    def _on_clicked(self) -> None:
        now_s = time.monotonic()
        if self._busy_text is not None or now_s - self._tapped_at < self._guard_s:
            return
        self._tapped_at = now_s
        self.tapped.emit()


class Tile(BigButton):
    """A large choice: icon and letter above, title, one line below ("6 orang, 15–25 m")."""

    def __init__(
        self,
        title: str,
        theme: Theme,
        *,
        name: str,
        icon: str,
        line: str = "",
        badge: str = "",
        look: Look = Look.PANEL,
        description: str = "",
        guard_ms: int = DOUBLE_TAP_MS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            title,
            theme,
            name=name,
            look=look,
            icon=icon,
            line=line,
            badge=badge,
            description=description,
            guard_ms=guard_ms,
            parent=parent,
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        sizes = self._theme.sizes
        return QSize(sizes.tile_height * 2, round(sizes.tile_height * 1.75))

    def minimumSizeHint(self) -> QSize:
        side = self._theme.sizes.tile_height
        return QSize(side, side)

    def _padding(self) -> float:
        return super()._padding() * 1.5

    def _paint_content(
        self, painter: QPainter, box: QRectF, ink: str, soft: str, accent: str
    ) -> None:
        if box.width() > box.height() * 3:
            super()._paint_content(painter, box, ink, soft, accent)
            return
        sizes, colours = self._theme.sizes, self._theme.colours
        side = min(box.height() * 0.34, sizes.tile * 1.8)
        disc = QRectF(box.left(), box.top(), side, side)
        plain = ink == colours.ink and not self.isDown()
        if plain:
            paint_card(painter, disc, side / 2, fill=colours.ok_soft)
        tint = colours.on_ok_soft if plain else ink
        if self._icon:
            paint_icon(painter, self._icon, inner(disc, side * 0.2), tint)
        if self._badge:
            corner = QRectF(disc.right(), box.top(), box.right() - disc.right(), side)
            painter.setPen(QColor(soft))
            fit_text(
                self._badge,
                corner,
                round(side * 0.7),
                1,
                weight=Weight.BOLD,
                align=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                wrap=False,
            ).paint(painter, corner)
        words = box.adjusted(0, side + sizes.gap / 2, 0, 0)
        self._paint_words(painter, words, ink, soft, centred=False)


def _line_role(role: Role) -> Role:
    return {Role.NUMBER: Role.HEADING, Role.HEADING: Role.BODY, Role.TILE: Role.BODY}.get(
        role, Role.SMALLEST
    )
