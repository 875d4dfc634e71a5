"""Thanks to who goes home instead of taking a number: the code once more, alone and large."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.choosing_model import ChoosingModel
from kiosk.pages.areas import (
    Area,
    Slot,
    balanced_slot,
    place,
    stack,
    text_slot,
    two_line_height,
    what_fits,
)
from kiosk.pages.page import KioskPage, on_tap, relabel, say
from ui.buttons import BigButton, Look
from ui.labels import FittedLabel
from ui.qr import QrPicture
from ui.theme import Theme, Weight
from ui.tokens import Role

_CENTRED = Qt.AlignmentFlag.AlignCenter


class ThanksPage(KioskPage):
    """The code once more, alone and large: now it is scanned."""

    def __init__(self, model: ChoosingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__("thanks", theme, texts, parent)
        self.title = self._centred("thanks-title", Role.HEADING, Weight.BOLD)
        self.line = self._centred("thanks-line", Role.TILE, Weight.REGULAR)
        self.qr = QrPicture(texts, name="thanks-qr", parent=self)
        self.channel = self._centred("thanks-channel", Role.TILE, Weight.SEMIBOLD)
        self.finish = on_tap(
            BigButton("", theme, name="thanks-finish", look=Look.PRIMARY, parent=self),
            model.leave_thanks,
        )

    def first_control(self) -> QWidget | None:
        return self.finish

    def show_model(self, model: ChoosingModel) -> None:
        texts, channel = self.texts, model.home_channel
        if channel is None:
            return
        changed = say(self.title, texts("kiosk.thanks.title"))
        changed |= say(self.line, texts("kiosk.thanks.line"))
        changed |= say(self.channel, texts.pick(channel.name))
        self.qr.setAccessibleName(texts("ui.qr"))
        if self.qr.content != channel.link:
            self.qr.set_content(channel.link)
            changed = True
        left_s = model.time_left_s()
        line = ""
        if left_s is not None:
            line = texts("kiosk.thanks.finish_line", seconds=max(0, round(left_s)))
        relabel(
            self.finish,
            texts("kiosk.thanks.finish"),
            line=line,
            description=texts("kiosk.thanks.finish_hint"),
        )
        if changed:
            self.lay_out()

    def arrange(self, area: QRectF, upright: bool) -> None:
        sizes, gap = self.theme.sizes, float(self.theme.sizes.gap)
        whole = Area(area)
        wide = area.width() > area.height() * 1.2
        room = area.width() if upright else area.width() * 0.58 - sizes.margin
        height = max(two_line_height(self.theme), self.finish.height_at(room))
        if upright:
            place(self.finish, whole.bottom(height, gap=gap))
        if wide:
            place(self.qr, whole.left(area.width() * 0.42, gap=sizes.margin))
        if not upright:
            place(self.finish, whole.bottom(height, gap=gap))
        width = whole.rest.width()
        labels = [self.title, self.line, self.channel]
        slots = [balanced_slot(label, self.theme, width) for label in labels]
        if sum(slot.wanted for slot in slots) > whole.rest.height() * (0.9 if wide else 0.4):
            # Equal lines are for where there is room for them.
            slots = [text_slot(label, self.theme, width) for label in labels]
        if not wide:
            side = min(width * 0.6, whole.rest.height() * 0.5)
            slots.insert(2, Slot(self.qr, side * 0.8, side, side * 1.15, width=side * 1.15))
        first_out = (self.channel, self.line, self.title)
        stack(
            whole.rest,
            what_fits(slots, whole.rest.height(), gap * 1.5, first_out=first_out),
            gap * 1.5,
        )

    def _centred(self, name: str, role: Role, weight: Weight) -> FittedLabel:
        return FittedLabel(
            "", self.theme, role=role, weight=weight, align=_CENTRED, name=name, parent=self
        )
