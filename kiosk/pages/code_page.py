"""The code of an officer's slip: ten large keys, six boxes, and a way back.

Who has a scanner at the kiosk just holds the slip under it; the window hears the scanner's keys.
"""

from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.choosing_model import ChoosingModel
from kiosk.pages.areas import (
    TWELVE_KEYS,
    Area,
    Shapes,
    Slot,
    keypad,
    place,
    stack,
    text_slot,
    what_fits,
)
from kiosk.pages.band import Band
from kiosk.pages.code_boxes import CodeBoxes
from kiosk.pages.page import KioskPage, heading_and_line, on_tap, relabel, say
from kiosk.pages.remarks import band_slot, remark_words, show_band
from kiosk.slip_code import CodeInput
from ui.buttons import BigButton, Look
from ui.labels import FittedLabel
from ui.theme import Theme
from ui.tokens import Role

_LEFT = Qt.AlignmentFlag.AlignLeft


class CodePage(KioskPage):
    """What to type, what has been typed, why it opened nothing, and the keys.

    Another kind of code is another page of this kind, with words and names of its own.
    """

    kind = "code"
    signs = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "ok")
    shapes: Shapes = TWELVE_KEYS

    def __init__(self, model: ChoosingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__(self.kind, theme, texts, parent)
        self._model = model
        self.title, self.line = heading_and_line(self, f"{self.kind}-title", f"{self.kind}-line")
        self.boxes = CodeBoxes(theme, name=f"{self.kind}-digits", parent=self)
        self.remark = Band(theme, name=f"{self.kind}-remark", parent=self)
        self.help = FittedLabel(
            "", theme, role=Role.BODY, align=_LEFT, name=f"{self.kind}-help", parent=self
        )
        self.keys = {key: self._key(key) for key in self.signs}
        self.back = on_tap(
            BigButton(
                "",
                theme,
                name=f"{self.kind}-back",
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

    def typed(self) -> CodeInput:
        """What stands in the boxes."""
        return self._model.visit.code

    def touched(self, sign: str) -> None:
        """One more sign."""
        self._model.type_digit(sign)

    def erased(self) -> None:
        """One sign less."""
        self._model.erase_digit()

    def confirmed(self) -> None:
        """That is all of it."""
        self._model.confirm_code()

    def words(self, key: str, **facts: int) -> str:
        """A text of this kind of page."""
        return self.texts(f"kiosk.{self.kind}.{key}", **facts)

    def told(self) -> tuple[str, str, str]:
        """What is asked, a line below it, and what to do about a problem."""
        return self.words("title"), self.words("line"), self.words("help")

    def show_model(self, model: ChoosingModel) -> None:
        texts, code = self.texts, self.typed()
        pause_s = model.code_pause_s
        title, line, advice = self.told()
        say(self.title, title)
        say(self.line, line)
        self.boxes.show_digits(code.digits, self.words("digits", count=len(code.digits)))
        words = remark_words(model.visit.remark, texts)
        if pause_s:
            words = self.words("pause", seconds=pause_s)
        show_band(self.remark, words)
        # The pause itself says whom to call.
        say(self.help, "" if pause_s else advice)
        self._show_keys(is_full=code.is_full, is_paused=bool(pause_s))
        relabel(self.back, self.words("back"), description=self.words("back_hint"))
        # The seconds of the pause count down in place; only another sentence moves things.
        now = (texts.language, bool(pause_s), "" if pause_s else words, title)
        if now != self._arranged:
            self._arranged = now
            self.lay_out()

    def arrange(self, area: QRectF, upright: bool) -> None:
        gap = self.gap_in(area.width())
        whole = Area(area)
        if upright:
            head = whole.top(self._head_share(area, gap), gap=gap)
        else:
            head = whole.left(area.width() * 0.5, gap=self.theme.sizes.margin)
        shapes = self._shapes_in(whole.rest.width())
        cells = keypad(whole.rest, len(self.keys), gap, self.theme.sizes.target, shapes)
        for button, cell in zip(self.keys.values(), cells, strict=True):
            place(button, cell)
        self._arrange_head(head)

    def _head_share(self, area: QRectF, gap: float) -> float:
        """Above the reach of an arm; with the menu at the foot all that the keys do not need."""
        within, target = self.reach_top - area.top(), self.theme.sizes.target
        rows_of = sorted({rows for rows, _ in self._shapes_in(area.width())}, reverse=True)
        left = [area.height() - gap - rows * target - gap * (rows - 1) for rows in rows_of]
        if self.low_menu:
            left = [room for room in left if room >= within] or left[-1:]
        most = next((room for room in left if room >= self._head_height()), left[-1])
        if self.low_menu:  # all that the keys do not need, and they a little more if it is in reach
            return most - min(target * 0.2, max(0.0, most - within))
        return min(max(within, self._head_height()), most)

    def gap_in(self, width: float) -> float:
        """Between two keys, and between them and the words."""
        return float(self.theme.sizes.gap)

    def _shapes_in(self, width: float) -> Shapes:
        """The shapes whose keys are wide enough there; a narrow screen has none that are flat."""
        gap, target = self.theme.sizes.gap, self.theme.sizes.target
        wide = [
            (rows, across)
            for rows, across in self.shapes
            if (width - gap * (across - 1)) / across >= target
        ]
        return wide or self.shapes

    def _head_height(self) -> float:
        """Room for a remark of four lines, whether there is one or not: keys must not move."""
        sizes = self.theme.sizes
        words = sizes.heading * 1.3 + sizes.smallest * (4 * 1.3 + 0.6)
        return words + sizes.target * 0.8 + sizes.gap * 3

    def _arrange_head(self, head: QRectF) -> None:
        """Boxes and a remark stay; if it gets narrow, the other lines go first."""
        sizes, width = self.theme.sizes, head.width()
        boxes = self.boxes_slot()
        title = text_slot(self.title, self.theme, width)
        line = text_slot(self.line, self.theme, width)
        remark = band_slot(self.remark, self.theme, width)
        advice = text_slot(self.help, self.theme, width)
        slots = what_fits(
            [title, line, boxes, remark, advice],
            head.height(),
            sizes.gap,
            # Last of all the title: a remark says itself what to do, and goes after a while. So
            # do boxes in which nothing stands.
            first_out=(self.line, self.help, *self._out_for_remark()),
        )
        stack(head, slots, sizes.gap, together=True)

    def _out_for_remark(self) -> list[QWidget]:
        if not self.remark.text():
            return []
        return [self.title] if self.typed().digits else [self.title, self.boxes]

    def boxes_slot(self) -> Slot:
        """How high the boxes stand."""
        target = self.theme.sizes.target
        return Slot(self.boxes, target * 0.8, target * 1.4, target * 1.8)

    def _show_keys(self, *, is_full: bool, is_paused: bool) -> None:
        for key, button in self.keys.items():
            if _is_sign(key):
                relabel(button, key, description=self.words("digit_hint"))
            else:
                relabel(button, self.words(key), description=self.words(f"{key}_hint"))
            button.setEnabled(not is_paused and (key != "ok" or is_full))

    def _key(self, key: str) -> BigButton:
        button = BigButton(
            key,
            self.theme,
            name=f"{self.kind}-{key}",
            role=Role.HEADING if _is_sign(key) else Role.TILE,
            tight_icon={"clear": "erase", "ok": "check"}.get(key, ""),
            parent=self,
        )
        if _is_sign(key):
            return on_tap(button, partial(self.touched, key))
        if key == "clear":
            return on_tap(button, self.erased)
        button.set_look(Look.PRIMARY)
        return on_tap(button, self.confirmed)


def _is_sign(key: str) -> bool:
    """Whether a key is one sign, and no deed."""
    return len(key) == 1
