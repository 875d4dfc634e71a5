"""K4: a NIK, which nobody has to give. "OK" and "skip" are of the same size and weight."""

from functools import partial

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.choosing_model import ChoosingModel
from kiosk.identity import masked_digits
from kiosk.pages.areas import Area, Slot, columns, grid, keypad, place, widest_word
from kiosk.pages.asked_page import AskedPage
from kiosk.pages.band import Band
from kiosk.pages.digit_field import DigitField
from kiosk.pages.page import on_tap, relabel
from kiosk.pages.remarks import band_slot, show_band
from kiosk.visit import Page
from protocol.identifiers import NIK_DIGITS
from ui.buttons import BigButton
from ui.fitting import needed_height
from ui.icons import paint_icon
from ui.theme import Theme, Weight
from ui.tokens import Role

_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "again")

_SIGNS = {"clear": "erase", "again": "again"}
FIELD_EM = 1.75
"""Least height of the field, in its smallest digits."""


class KeyButton(BigButton):
    """A key of the pad; its sign stands for the word where that would be broken."""

    def _paint_content(
        self, painter: QPainter, box: QRectF, ink: str, soft: str, accent: str
    ) -> None:
        px = self._theme.sizes.smallest
        high = needed_height(self.title, px, Weight.SEMIBOLD, box.width())
        if widest_word(self.title, px) <= box.width() and high <= box.height():
            self._paint_words(painter, box, ink, soft, centred=True)
            return
        side = min(box.width(), box.height(), self._theme.sizes.smallest * 1.3)
        sign = QRectF(0, 0, side, side)
        sign.moveCenter(box.center())
        paint_icon(painter, self._icon or "erase", sign, ink)


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
        sizes = self.theme.sizes
        words = sizes.smallest * FIELD_EM + sizes.gap
        if self.objection.text():
            words += self.objection.height_for(area.width(), sizes.smallest) + sizes.gap
        gap, rows = self._shape(area, upright, words)
        least = sizes.target * rows + gap * (rows - 1)
        head, rest = self.frame(area, upright, least, words)
        field = Slot(self.digits, sizes.smallest * FIELD_EM, sizes.target * 1.1, sizes.target * 1.2)
        self.arrange_head(head, field, band_slot(self.objection, self.theme, head.width()))
        if rows == 2:
            self._place_flat(rest, gap)
        else:
            self._place_keys(rest, gap)

    def _shape(self, area: QRectF, upright: bool, words: float) -> tuple[float, int]:
        """Gap and least number of rows: at the foot of a screen each pixel counts."""
        gap, target = float(self.theme.sizes.gap), float(self.theme.sizes.target)
        room = area.height()
        if upright:
            room = min(self.reachable(area), area.height() - words - gap)
        for smaller in (gap, gap / 2):
            if room >= target * 3 + smaller * 2:
                return smaller, 3
        word = max(widest_word(each.title, self.theme.sizes.smallest) for each in self._ways)
        has_width = self._flat_way(area.width(), gap) >= word + gap * 2 + 4
        return gap / 2, 2 if has_width else 3

    @property
    def _ways(self) -> tuple[BigButton, BigButton]:
        return self.skip, self.ok

    def _flat_way(self, width: float, gap: float) -> float:
        """The width of a way beside six keys in a row."""
        return width - 6 * (self.theme.sizes.target + gap)

    def _place_keys(self, rest: QRectF, gap: float) -> None:
        """The keys, and below them the ways."""
        body, target = Area(rest), float(self.theme.sizes.target)
        roomy = rest.height() > target * 5 + gap * 5
        row = max(target, (rest.height() - gap * 5) / 5.2 * 1.2) if roomy else target
        ways = columns(body.bottom(row, gap=gap * 2 if roomy else gap), 2, gap)
        # The same size on purpose: to skip is as good an answer as any (ux.md, K4).
        for button, where in zip(self._ways, ways, strict=True):
            place(button, where)
        cells = keypad(body.rest, len(self.keys), gap, target)
        for button, cell in zip(self.keys.values(), cells, strict=True):
            place(button, cell)

    def _place_flat(self, rest: QRectF, gap: float) -> None:
        """Two rows: six keys and a way in each."""
        keys = Area(rest)
        flat = keys.left(rest.width() - self._flat_way(rest.width(), gap) - gap, gap=gap)
        ways = Area(keys.rest)
        half = (rest.height() - gap) / 2
        place(self.skip, ways.top(half, gap=gap))
        place(self.ok, ways.rest)
        order = ("1", "2", "3", "4", "5", "clear", "6", "7", "8", "9", "0", "again")
        for key, cell in zip(order, grid(flat, 2, 6, gap), strict=True):
            place(self.keys[key], cell)

    def _key(self, key: str) -> BigButton:
        is_digit = key.isdecimal()
        role = Role.HEADING if is_digit else Role.BODY
        icon = None if is_digit else _SIGNS[key]
        button = KeyButton(
            key, self.theme, name=f"identity-{key}", icon=icon, role=role, parent=self
        )
        model = self._model
        if is_digit:
            return on_tap(button, partial(model.type_identity, key))
        return on_tap(button, model.erase_identity if key == "clear" else model.clear_identity)
