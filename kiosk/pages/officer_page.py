""" "The officer is called": over the page, while somebody waits for a person to come."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.choosing_model import ChoosingModel
from kiosk.officer_call import Calling
from kiosk.pages.areas import Area, Slot, balanced_slot, place, stack
from kiosk.pages.page import KioskPage, on_tap, relabel, say
from kiosk.pages.sign import Sign
from ui.buttons import BigButton, Look
from ui.labels import FittedLabel
from ui.shapes import paint_card
from ui.theme import Theme, Weight
from ui.tokens import Role

_CENTRED = Qt.AlignmentFlag.AlignCenter
_SIGNS = {
    Calling.RINGING: ("call-person", True),
    Calling.CALLED: ("call-person", True),
    Calling.COMING: ("person", True),
    Calling.WAVE: ("wave", False),
}


class OfficerPage(KioskPage):
    """What became of the call; where nobody can be called from here, a hand that waves."""

    def __init__(self, model: ChoosingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__("officer", theme, texts, parent)
        self.sign = Sign(theme, "call-person", waits=True, parent=self)
        self.title = FittedLabel(
            "",
            theme,
            role=Role.HEADING,
            weight=Weight.BOLD,
            align=_CENTRED,
            name="officer-title",
            parent=self,
        )
        self.line = FittedLabel(
            "", theme, role=Role.TILE, align=_CENTRED, name="officer-line", parent=self
        )
        self.close_call = on_tap(
            BigButton(
                "", theme, name="officer-close", look=Look.PRIMARY, role=Role.TILE, parent=self
            ),
            model.close_call,
        )
        self._card = QRectF()

    def first_control(self) -> QWidget | None:
        return self.close_call

    def show_model(self, model: ChoosingModel) -> None:
        texts, calling = self.texts, model.calling or Calling.RINGING
        icon, waits = _SIGNS[calling]
        self.sign.set_icon(icon, waits=waits)
        changed = say(self.title, texts(f"kiosk.officer.{calling}"))
        changed |= say(self.line, texts(f"kiosk.officer.{calling}_line"))
        relabel(
            self.close_call,
            texts("kiosk.officer.close"),
            description=texts("kiosk.officer.close_hint"),
        )
        if changed:
            self.lay_out()

    def arrange(self, area: QRectF, upright: bool) -> None:
        sizes = self.theme.sizes
        width = min(area.width(), sizes.number * 5.0)
        height = min(area.height(), sizes.number * 4.4)
        # At the foot, right above the bar from which it was called.
        self._card = QRectF(area.center().x() - width / 2, area.bottom() - height, width, height)
        margin = min(sizes.margin, height * 0.06)
        inside = Area(self._card.adjusted(margin, margin, -margin, -margin))
        place(self.close_call, inside.bottom(sizes.target * 1.2, gap=sizes.gap))
        room, sign = inside.rest.width(), sizes.number * 1.5
        words = [balanced_slot(label, self.theme, room) for label in (self.title, self.line)]
        free = inside.rest.height() - sum(slot.least for slot in words) - sizes.gap * 2
        shown = [Slot(self.sign, 0, 0, 0)]
        if free > sizes.number * 0.35:
            shown = [Slot(self.sign, sizes.number * 0.35, min(sign, free), sign)]
        stack(inside.rest, [*shown, *words], sizes.gap, together=True)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(6, 20, 15, 170))
        sizes, colours = self.theme.sizes, self.theme.colours
        paint_card(
            painter,
            self._card,
            sizes.radius * 1.5,
            fill=colours.panel,
            edge=colours.border,
            edge_px=sizes.border,
        )
