"""A line that says something beside the page's own matter: a fault, a no, a paper on its way."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from ui.fitting import FittedText, fit_text, needed_height
from ui.icons import paint_icon
from ui.shapes import paint_card
from ui.theme import Theme, Weight
from ui.tokens import Colours, Role


@dataclass(frozen=True, slots=True)
class BandLook:
    """Colours and sign of a band: each says by shape and word what it says by colour."""

    fill: str
    ink: str
    icon: str


def band_look(kind: str, colours: Colours) -> BandLook:
    """``warning``, ``ok`` or ``info``."""
    return {
        "warning": BandLook(colours.warning_soft, colours.on_warning_soft, "warning"),
        "ok": BandLook(colours.ok_soft, colours.on_ok_soft, "check"),
        "info": BandLook(colours.info_soft, colours.on_info_soft, "printer"),
    }[kind]


class Band(QLabel):
    """A card with a sign and a text that always fits; without a text it is not seen."""

    def __init__(
        self,
        theme: Theme,
        *,
        name: str,
        kind: str = "warning",
        icon: str = "",
        role: Role = Role.BODY,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._theme, self._kind, self._icon, self._role = theme, kind, icon, role

    def say(self, text: str, *, kind: str | None = None, icon: str | None = None) -> None:
        """Show this text."""
        self._kind = self._kind if kind is None else kind
        self._icon = self._icon if icon is None else icon
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.update()

    def height_for(self, width: float, px: int | None = None, text: str | None = None) -> float:
        """How high the band is at this width, with letters of a size (by default its role's)."""
        inner_width = width - self._words_left() - self._px() * 0.6
        size, words = px or self._px(), self.text() if text is None else text
        room = needed_height(words, size, Weight.MEDIUM, inner_width) + self._px() * 0.6
        return max(size * 2.0, room + 2)

    def sizeHint(self) -> QSize:
        return QSize(self._px() * 12, round(self._px() * 2.0))

    def fitted(self) -> FittedText:
        """The text as it is painted now."""
        return fit_text(
            self.text(),
            self._words_box(),
            self._px(),
            self._theme.sizes.smallest,
            weight=Weight.MEDIUM,
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.text():
            return
        painter = QPainter(self)
        look = band_look(self._kind, self._theme.colours)
        box, px = QRectF(self.rect()), self._px()
        paint_card(painter, box, self._theme.sizes.radius, fill=look.fill)
        side = px * 1.15
        at = QRectF(px * 0.6, box.center().y() - side / 2, side, side)
        paint_icon(painter, self._icon or look.icon, at, look.ink)
        painter.setPen(QColor(look.ink))
        self.fitted().paint(painter, self._words_box())

    def _words_box(self) -> QRectF:
        box, px = QRectF(self.rect()), self._px()
        return box.adjusted(self._words_left(), px * 0.3, -px * 0.6, -px * 0.3)

    def _words_left(self) -> float:
        return self._px() * 2.35

    def _px(self) -> int:
        return self._theme.sizes.text(self._role)
