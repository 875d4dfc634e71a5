"""Pages that only say something: "one moment", and why no number can be given now."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.choosing_model import ChoosingModel
from kiosk.pages.areas import Area, Slot, balanced_slot, place, stack, text_slot
from kiosk.pages.page import KioskPage, say
from kiosk.pages.sign import Sign
from kiosk.visit import Absence
from protocol.session import LinkState
from ui.labels import FittedLabel
from ui.signs import link_words
from ui.theme import Theme, Weight
from ui.tokens import Role

_CENTRED = Qt.AlignmentFlag.AlignCenter


class SayingPage(KioskPage):
    """A sign, a title, a sentence, and a small line for the staff."""

    def __init__(self, name: str, icon: str, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__(name, theme, texts, parent)
        self.sign = Sign(theme, icon, waits=True, parent=self)
        self.title = FittedLabel(
            "",
            theme,
            role=Role.HEADING,
            weight=Weight.BOLD,
            align=_CENTRED,
            name=f"{name}-title",
            parent=self,
        )
        self.line = FittedLabel(
            "", theme, role=Role.TILE, align=_CENTRED, name=f"{name}-line", parent=self
        )
        self.note = FittedLabel(
            "",
            theme,
            role=Role.SMALLEST,
            tone="ink_soft",
            align=_CENTRED,
            name=f"{name}-note",
            parent=self,
        )

    def arrange(self, area: QRectF, upright: bool) -> None:
        sizes = self.theme.sizes
        whole = Area(area)
        place(self.note, QRectF())
        if self.note.text():
            note = text_slot(self.note, self.theme, area.width())
            place(self.note, whole.bottom(max(note.wanted, sizes.smallest * 1.4)))
        width = min(area.width(), sizes.number * 6.0)
        words = [balanced_slot(label, self.theme, width) for label in (self.title, self.line)]
        middle = QRectF(whole.rest)
        middle.setLeft(whole.rest.center().x() - width / 2)
        middle.setWidth(width)
        # A little above the middle; the words first, the sign has what they leave.
        spare = middle.height() - sum(slot.least for slot in words) - sizes.gap * 6
        sign = min(sizes.number * 1.3, max(spare, 0.0))
        if upright and spare > sign:
            middle.setBottom(middle.bottom() - min(middle.height() * 0.15, spare - sign))
        seen = Slot(self.sign, sign * 0.5, sign, sign * 1.3)
        if sign < sizes.tile:
            seen = Slot(self.sign, 0, 0, 0)
        stack(middle, [seen, *words], sizes.gap * 2)


class MomentPage(SayingPage):
    """The touch has been heard; the number is on its way."""

    def __init__(self, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__("moment", "ticket", theme, texts, parent)

    def show_model(self, model: ChoosingModel) -> None:
        key = "long" if model.waits_long else "line"
        changed = say(self.title, self.texts("kiosk.moment.title"))
        if say(self.line, self.texts(f"kiosk.moment.{key}")) or changed:
            self.lay_out()


class AwayPage(SayingPage):
    """No number can be given here now; what to do instead. It goes away by itself."""

    def __init__(self, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__("away", "disconnected", theme, texts, parent)

    def show_model(self, model: ChoosingModel) -> None:
        absence = model.absence or Absence.LOST
        waits = absence in (Absence.STARTING, Absence.ASKING)
        self.sign.set_icon({True: "ticket", False: "person"}[waits], waits=waits)
        texts = self.texts
        changed = say(self.title, texts(f"kiosk.away.{absence}"))
        changed |= say(self.line, texts(f"kiosk.away.{absence}_line"))
        refused = model.link.state is LinkState.REFUSED
        changed |= say(self.note, link_words(model.link, texts) if refused else "")
        if changed:
            self.lay_out()
