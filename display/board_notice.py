"""What the TV says while it has no board: it waits for the server, or the server refuses it."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from ui.icons import paint_icon
from ui.labels import FittedLabel
from ui.shapes import paint_card
from ui.theme import Theme, Weight
from ui.tokens import Role

_CENTRE = Qt.AlignmentFlag.AlignCenter


class NoticePage(QWidget):
    """A calm page: what is the matter for the hall, and below it the facts for the admin."""

    def __init__(
        self,
        theme: Theme,
        texts: Texts,
        *,
        server: str,
        device: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._theme = theme
        self._texts = texts
        self._server = server
        self._device = device
        self._icon = "ticket"

        def label(name: str, role: Role, weight: Weight, tone: str) -> FittedLabel:
            return FittedLabel(
                "",
                theme,
                role=role,
                weight=weight,
                tone=tone,
                align=_CENTRE,
                name=name,
                parent=self,
            )

        self._heading = label("notice-heading", Role.TILE, Weight.BOLD, "ink")
        self._say = label("notice-words", Role.BODY, Weight.MEDIUM, "ink")
        self._details = label("notice-details", Role.SMALLEST, Weight.REGULAR, "ink_soft")
        self.show_page("waiting")

    def show_page(self, page: str, reason: str = "") -> None:
        """Say why there is no board: ``waiting``, or ``refused`` for a reason of the link."""
        texts = self._texts
        self._icon = "key" if page == "refused" else "ticket"
        self._heading.setText(texts(f"display.{page}.heading"))
        self._say.setText(texts(f"display.{page}.words"))
        own = f"display.{page}.{reason}"
        key = own if reason and texts.has(own) else f"display.{page}.details"
        self._details.setText(texts(key, server=self._server, device=self._device))
        self.setAccessibleName(f"{self._heading.text()}. {self._say.text()}")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another look; the parts are told by ``apply_theme``."""
        self._theme = theme
        self._place()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours, box = self._theme.colours, QRectF(self._icon_box())
        paint_card(painter, box, box.height() / 2, fill=colours.panel)
        margin = box.height() * 0.24
        paint_icon(
            painter, self._icon, box.adjusted(margin, margin, -margin, -margin), colours.primary
        )

    def _icon_box(self) -> QRect:
        side = round(min(self.height() * 0.2, self.width() * 0.3))
        return QRect((self.width() - side) // 2, round(self.height() * 0.08), side, side)

    def _place(self) -> None:
        sizes = self._theme.sizes
        width = self.width() - 2 * sizes.margin
        top = self._icon_box().bottom() + sizes.gap
        room = self.height() - top - sizes.gap
        for label, share in ((self._heading, 0.34), (self._say, 0.3), (self._details, 0.36)):
            height = round(room * share)
            label.setGeometry(QRect(sizes.margin, top, width, height))
            top += height
