"""Who booked from home checks in: keys for the six signs of the code, or a QR under the scanner.

Where the booking opens nothing any more the keys make way for the ordinary number.
"""

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.choosing_model import ChoosingModel
from kiosk.pages.areas import Area, Slot, place
from kiosk.pages.code_page import CodePage
from kiosk.pages.page import on_tap, relabel
from kiosk.pages.service_button import StartButton
from kiosk.slip_code import CodeInput
from protocol.web_commands import BOOKING_CODE_SIGNS
from ui.theme import Theme


class BookingPage(CodePage):
    """What to type or to scan, what has been typed, why it opened nothing, and the keys."""

    kind = "booking"
    signs = (*BOOKING_CODE_SIGNS, "clear", "ok")
    # In the order of the alphabet, six in a row, as people look for letters.
    shapes = ((4, 6), (6, 4), (3, 8), (2, 12))

    def __init__(self, model: ChoosingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__(model, theme, texts, parent)
        self.ordinary = on_tap(StartButton(theme, self, name="ordinary"), model.take_ordinary)
        self.ordinary.hide()

    def first_control(self) -> QWidget | None:
        return super().first_control() if self.ordinary.isHidden() else self.ordinary

    def typed(self) -> CodeInput:
        return self._model.visit.booking

    def touched(self, sign: str) -> None:
        self._model.type_sign(sign)

    def erased(self) -> None:
        self._model.erase_sign()

    def confirmed(self) -> None:
        self._model.confirm_booking()

    def show_model(self, model: ChoosingModel) -> None:
        offers = self._offers
        relabel(self.ordinary, self.words("ordinary"), description=self.words("ordinary_hint"))
        self.ordinary.setVisible(offers)
        for button in self.keys.values():
            button.setVisible(not offers)
        super().show_model(model)

    def told(self) -> tuple[str, str, str]:
        return (self.words("over"), "", "") if self._offers else super().told()

    def gap_in(self, width: float) -> float:
        # On a narrow screen each pixel counts: it has room for these keys in high rows alone.
        gap, target = float(self.theme.sizes.gap), self.theme.sizes.target
        return gap if width >= target * 8 + gap * 7 else gap / 2

    def boxes_slot(self) -> Slot:
        return Slot(self.boxes, 0, 0, 0) if self._offers else super().boxes_slot()

    @property
    def _offers(self) -> bool:
        return self._model.visit.offers_number

    def arrange(self, area: QRectF, upright: bool) -> None:
        super().arrange(area, upright)
        if self.ordinary.isHidden():
            return
        whole = Area(area)
        if upright:
            words = self._head_share(area, self.gap_in(area.width()))
            whole.top(max(words, self.reach_top - area.top()), gap=self.theme.sizes.gap)
        else:
            whole.left(area.width() * 0.5, gap=self.theme.sizes.margin)
        place(self.ordinary, whole.rest)
