"""The code of an officer's slip: ten large keys, six boxes, and a way back.

Who has a scanner at the kiosk just holds the slip under it; the window hears the scanner's keys.
"""

from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.choosing_model import ChoosingModel
from kiosk.pages.areas import Area, Slot, keypad, place, stack, text_slot, what_fits
from kiosk.pages.band import Band
from kiosk.pages.code_boxes import CodeBoxes
from kiosk.pages.page import KioskPage, heading_and_line, on_tap, relabel, say
from kiosk.pages.remarks import band_slot, remark_words, show_band
from ui.buttons import BigButton, Look
from ui.labels import FittedLabel
from ui.theme import Theme
from ui.tokens import Role

_LEFT = Qt.AlignmentFlag.AlignLeft
_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "ok")


class CodePage(KioskPage):
    """What to type, what has been typed, why it opened nothing, and the keys."""

    def __init__(self, model: ChoosingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__("code", theme, texts, parent)
        self._model = model
        self.title, self.line = heading_and_line(self, "code-title", "code-line")
        self.boxes = CodeBoxes(theme, name="code-digits", parent=self)
        self.remark = Band(theme, name="code-remark", parent=self)
        self.help = FittedLabel(
            "", theme, role=Role.BODY, align=_LEFT, name="code-help", parent=self
        )
        self.keys = {key: self._key(key) for key in _KEYS}
        self.back = on_tap(
            BigButton(
                "",
                theme,
                name="code-back",
                look=Look.QUIET,
                icon="back",
                role=Role.BODY,
                parent=self,
            ),
            model.back,
        )
        self._arranged: tuple[object, ...] = ()

    def first_control(self) -> QWidget | None:
        enabled = (button for button in self.keys.values() if button.isEnabled())
        return next(enabled, self.back)

    def last_control(self) -> QWidget | None:
        return self.back

    def foot_buttons(self) -> list[BigButton]:
        return [self.back]

    def show_model(self, model: ChoosingModel) -> None:
        texts, code = self.texts, model.visit.code
        pause_s = model.code_pause_s
        say(self.title, texts("kiosk.code.title"))
        say(self.line, texts("kiosk.code.line"))
        self.boxes.show_digits(code.digits, texts("kiosk.code.digits", count=len(code.digits)))
        words = remark_words(model.visit.remark, texts)
        if pause_s:
            words = texts("kiosk.code.pause", seconds=pause_s)
        show_band(self.remark, words)
        # The pause itself says whom to call.
        say(self.help, "" if pause_s else texts("kiosk.code.help"))
        self._show_keys(is_full=code.is_full, is_paused=bool(pause_s))
        relabel(self.back, texts("kiosk.code.back"), description=texts("kiosk.code.back_hint"))
        # The seconds of the pause count down in place; only another sentence moves things.
        now = (texts.language, bool(pause_s), "" if pause_s else words)
        if now != self._arranged:
            self._arranged = now
            self.lay_out()

    def arrange(self, area: QRectF, upright: bool) -> None:
        gap = float(self.theme.sizes.gap)
        whole = Area(area)
        if upright:
            head = whole.top(self._head_share(area, gap), gap=gap)
        else:
            head = whole.left(area.width() * 0.5, gap=self.theme.sizes.margin)
        cells = keypad(whole.rest, len(self.keys), gap, self.theme.sizes.target)
        for button, cell in zip(self.keys.values(), cells, strict=True):
            place(button, cell)
        self._arrange_head(head)

    def _head_share(self, area: QRectF, gap: float) -> float:
        """Above the reach of an arm; with the menu at the foot all that the keys do not need."""
        within, target = self.reach_top - area.top(), self.theme.sizes.target
        left = [area.height() - gap - rows * target - gap * (rows - 1) for rows in (4, 3, 2)]
        if self.low_menu:
            left = [room for room in left if room >= within] or left[-1:]
        most = next((room for room in left if room >= self._head_height()), left[-1])
        if self.low_menu:  # all that the keys do not need
            return most - target * 0.2
        return min(max(within, self._head_height()), most)

    def _head_height(self) -> float:
        """Room for a remark of four lines, whether there is one or not: keys must not move."""
        sizes = self.theme.sizes
        words = sizes.heading * 1.3 + sizes.smallest * (4 * 1.3 + 0.6)
        return words + sizes.target * 0.8 + sizes.gap * 3

    def _arrange_head(self, head: QRectF) -> None:
        """Boxes and a remark stay; if it gets narrow, the other lines go first."""
        sizes, width = self.theme.sizes, head.width()
        boxes = Slot(self.boxes, sizes.target * 0.8, sizes.target * 1.4, sizes.target * 1.8)
        title = text_slot(self.title, self.theme, width)
        line = text_slot(self.line, self.theme, width)
        remark = band_slot(self.remark, self.theme, width)
        advice = text_slot(self.help, self.theme, width)
        slots = what_fits(
            [title, line, boxes, remark, advice],
            head.height(),
            sizes.gap,
            # Last of all the title: a remark says itself what to do, and goes after a while.
            first_out=(self.line, self.help, *([self.title] if self.remark.text() else [])),
        )
        stack(head, slots, sizes.gap, together=True)

    def _show_keys(self, *, is_full: bool, is_paused: bool) -> None:
        texts = self.texts
        for key, button in self.keys.items():
            if key.isdecimal():
                relabel(button, key, description=texts("kiosk.code.digit_hint"))
            else:
                hint = texts(f"kiosk.code.{key}_hint")
                relabel(button, texts(f"kiosk.code.{key}"), description=hint)
            button.setEnabled(not is_paused and (key != "ok" or is_full))

    def _key(self, key: str) -> BigButton:
        model = self._model
        is_digit = key.isdecimal()
        button = BigButton(
            key,
            self.theme,
            name=f"code-{key}",
            role=Role.HEADING if is_digit else Role.TILE,
            tight_icon={"clear": "erase", "ok": "check"}.get(key, ""),
            parent=self,
        )
        if is_digit:
            return on_tap(button, partial(model.type_digit, key))
        if key == "clear":
            return on_tap(button, model.erase_digit)
        button.set_look(Look.PRIMARY)
        return on_tap(button, model.confirm_code)
