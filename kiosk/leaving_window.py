"""The pad for the PIN, over whatever a visitor would see."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.leaving_model import LeavingModel
from kiosk.pages.areas import Area, grid, place
from kiosk.pages.page import on_tap, relabel, say
from ui.buttons import BigButton, Look
from ui.labels import FittedLabel
from ui.shapes import paint_card
from ui.theme import Theme, Weight
from ui.tokens import Role

_CENTRED = Qt.AlignmentFlag.AlignCenter
_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "ok")


class LeavingPad(QWidget):
    """Ten digits, clear, OK, and back to the visitors."""

    def __init__(self, model: LeavingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("leaving")
        self._model, self._theme, self._texts = model, theme, texts
        self.title = FittedLabel(
            "",
            theme,
            role=Role.HEADING,
            weight=Weight.BOLD,
            align=_CENTRED,
            name="leaving-title",
            parent=self,
        )
        self.line = FittedLabel(
            "", theme, role=Role.BODY, align=_CENTRED, name="leaving-line", parent=self
        )
        self.dots = FittedLabel(
            "", theme, role=Role.HEADING, align=_CENTRED, name="leaving-digits", parent=self
        )
        self.keys = {key: self._key(key) for key in _KEYS}
        self.back = on_tap(
            BigButton(
                "",
                theme,
                name="leaving-back",
                look=Look.QUIET,
                icon="back",
                role=Role.BODY,
                parent=self,
            ),
            model.back,
        )
        self.hide()

    def refresh(self, texts: Texts) -> None:
        """Show what the model says."""
        self._texts = texts
        say(self.title, texts("kiosk.leaving.title"))
        say(self.line, self._line())
        say(self.dots, "●" * len(self._model.digits))
        self.dots.setAccessibleName(texts("kiosk.leaving.digits", count=len(self._model.digits)))
        for key, button in self.keys.items():
            relabel(button, key if key.isdecimal() else texts(f"kiosk.leaving.{key}"))
        relabel(self.back, texts("kiosk.leaving.back"))

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme

    def lay_out(self) -> None:
        """Put everything in its place."""
        sizes, whole = self._theme.sizes, QRectF(self.rect())
        upright = whole.height() > whole.width()
        width = sizes.number * (3.2 if upright else 6.4)
        height = sizes.number * (5.2 if upright else 3.4)
        card = QRectF(0, 0, min(whole.width() - 2 * sizes.margin, width), 0)
        card.setHeight(min(whole.height() - 2 * sizes.margin, height))
        card.moveCenter(whole.center())
        keys = Area(card)
        words = keys if upright else Area(keys.left(card.width() * 0.48, gap=sizes.margin))
        place(self.title, words.top(sizes.heading * 1.4))
        place(self.line, words.top(sizes.smallest * 2.6))
        place(self.dots, words.top(sizes.heading * 1.4, gap=sizes.gap))
        place(self.back, words.bottom(sizes.target * 1.1, gap=sizes.gap))
        for button, cell in zip(self.keys.values(), grid(keys.rest, 4, 3, sizes.gap), strict=True):
            place(button, cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isdecimal() and len(event.text()) == 1:
            self._model.type_digit(event.text())
        elif event.key() == Qt.Key.Key_Backspace:
            self._model.clear()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._model.confirm()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        fill = self._theme.colours.window
        paint_card(QPainter(self), QRectF(self.rect()), 0, fill=fill)

    def _key(self, key: str) -> BigButton:
        button = BigButton(
            key,
            self._theme,
            name=f"pin-{key}",
            role=Role.HEADING,
            tight_icon={"clear": "erase", "ok": "check"}.get(key, ""),
            parent=self,
        )
        if key.isdecimal():
            return on_tap(button, lambda: self._model.type_digit(key))
        if key == "clear":
            return on_tap(button, self._model.clear)
        button.set_look(Look.PRIMARY)
        return on_tap(button, self._model.confirm)

    def _line(self) -> str:
        if self._model.locked_s:
            return self._texts("kiosk.leaving.locked", seconds=self._model.locked_s)
        return self._texts("kiosk.leaving.wrong" if self._model.was_wrong else "kiosk.leaving.line")
