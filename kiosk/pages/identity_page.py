"""K4: a NIK, which nobody has to give. "OK" and "skip" are of the same size and weight."""

from functools import partial

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from kiosk.choosing_model import ChoosingModel
from kiosk.identity import masked_digits
from kiosk.pages.areas import Area, Slot, columns, keypad, place
from kiosk.pages.asked_page import AskedPage
from kiosk.pages.band import Band
from kiosk.pages.digit_field import DigitField
from kiosk.pages.page import on_tap, relabel
from kiosk.pages.remarks import band_slot, show_band
from kiosk.visit import Page
from protocol.identifiers import NIK_DIGITS
from ui.buttons import BigButton
from ui.texts import Texts
from ui.theme import Theme
from ui.tokens import Role

_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "again")


class IdentityPage(AskedPage):
    """Why it is asked, what has been typed (masked), the keys, and two ways on."""

    def __init__(self, model: ChoosingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__(Page.IDENTITY, model, theme, texts, parent)
        self.digits = DigitField(theme, NIK_DIGITS, name="identity-digits", parent=self)
        self.objection = Band(theme, name="identity-objection", parent=self)
        self.keys = {key: self._key(key) for key in _KEYS}
        self.ok = on_tap(
            BigButton("", theme, name="identity-ok", parent=self), model.confirm_identity
        )
        self.skip = on_tap(
            BigButton("", theme, name="identity-skip", parent=self), model.skip_identity
        )
        self._arranged: tuple[object, ...] = ()

    def first_control(self) -> QWidget | None:
        return self.keys["1"]

    def show_model(self, model: ChoosingModel) -> None:
        texts, visit = self.texts, model.visit
        changed = self.show_question(
            model,
            texts("kiosk.identity.question"),
            # Who has begun knows why; then it matters more what is wrong.
            ""
            if visit.identity_objection
            else texts("kiosk.identity.why", days=model.rules.identity_days),
        )
        count = len(visit.identity_digits)
        self.digits.show_digits(
            masked_digits(visit.identity_digits), texts("kiosk.identity.digits", count=count)
        )
        words = ""
        if visit.identity_objection:
            key = f"kiosk.identity.no_{visit.identity_objection}"
            known = key if texts.has(key) else "kiosk.identity.no_date"
            words = texts(known, count=abs(NIK_DIGITS - count))
        changed |= show_band(self.objection, words)
        for key, button in self.keys.items():
            if key.isdecimal():
                relabel(button, key, description=texts("kiosk.identity.digit_hint"))
            else:
                hint = texts(f"kiosk.identity.{key}_hint")
                relabel(button, texts(f"kiosk.identity.{key}"), description=hint)
        relabel(self.ok, texts("kiosk.identity.ok"), description=texts("kiosk.identity.ok_hint"))
        relabel(
            self.skip, texts("kiosk.identity.skip"), description=texts("kiosk.identity.skip_hint")
        )
        if changed or self._arranged != (texts.language,):
            self._arranged = (texts.language,)
            self.lay_out()

    def arrange(self, area: QRectF, upright: bool) -> None:
        sizes, gap = self.theme.sizes, float(self.theme.sizes.gap)
        head, rest = self.frame(area, upright, sizes.target * 3 + gap * 2)
        field = Slot(self.digits, sizes.target * 0.7, sizes.target * 1.1, sizes.target * 1.2)
        self.arrange_head(head, field, band_slot(self.objection, self.theme, head.width()))
        body = Area(rest)
        row = max(float(sizes.target), (rest.height() - gap * 5) / 5.2 * 1.2)
        if self.low_menu:
            row = float(sizes.target)
        ways = columns(body.bottom(row, gap=gap if self.low_menu else gap * 2), 2, gap)
        # The same size on purpose: to skip is as good an answer as any (ux.md, K4).
        for button, where in zip((self.skip, self.ok), ways, strict=True):
            place(button, where)
        cells = keypad(body.rest, len(self.keys), gap, sizes.target)
        for button, cell in zip(self.keys.values(), cells, strict=True):
            place(button, cell)

    def _key(self, key: str) -> BigButton:
        is_digit = key.isdecimal()
        role = Role.HEADING if is_digit else Role.BODY
        button = BigButton(key, self.theme, name=f"identity-{key}", role=role, parent=self)
        model = self._model
        if is_digit:
            return on_tap(button, partial(model.type_identity, key))
        return on_tap(button, model.erase_identity if key == "clear" else model.clear_identity)
