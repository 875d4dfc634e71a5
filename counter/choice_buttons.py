"""Choices with a key of their own each: outcomes, categories, reasons."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from counter.key_button import KeyButton
from counter.wording import Wording
from protocol.messages import Choice
from ui.buttons import Look
from ui.theme import Theme
from ui.tokens import Role

CHOICE_KEYS = "1234567890QWERTYUIOPASDFGHJKL"
"""One key for each choice: the figures, then the rows of letters below them."""

LARGE_MOST = 8
"""More than these have no room on a small screen if they are large."""


def choice_key(event: QKeyEvent) -> str:
    """The figure or letter of a key press, also from the number pad; empty for any other key."""
    plain = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
    if event.modifiers() & ~plain or not 0x20 < event.key() < 0x7F:
        return ""
    return chr(event.key())


class ChoiceButtons(QWidget):
    """A grid of choices; one of them, or several, may hold."""

    chosen = Signal(str)

    def __init__(
        self,
        wording: Wording,
        theme: Theme,
        *,
        prefix: str,
        columns: int,
        digits: bool,
        for_visitors: bool = False,
    ) -> None:
        """``prefix`` begins the object names; ``digits`` gives each a key of its own.

        ``for_visitors``: large, for fingers that touch this screen once in their lives.
        """
        super().__init__()
        self._say, self._theme, self._prefix = wording, theme, prefix
        self._columns, self._digits, self._for_visitors = columns, digits, for_visitors
        self._codes: list[str] = []
        self._keys: list[str] = []
        self._held: dict[str, bool] = {}
        self.buttons: dict[str, KeyButton] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.sizes.gap // 2)

    def set_choices(
        self, choices: Sequence[tuple[str, str]], keys: Sequence[str] | None = None
    ) -> None:
        """Offer these codes with their names; ``keys`` are theirs, in place of the usual ones."""
        wanted = list(keys or CHOICE_KEYS[: len(choices)])
        known = [(code, self.buttons[code].title) for code in self._codes]
        if known == list(choices) and wanted == self._keys:
            return
        self._keys = wanted
        for button in self.buttons.values():
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._codes = [code for code, _ in choices]
        self.buttons, self._held = {}, {}
        is_large = self._for_visitors and len(choices) <= LARGE_MOST
        for place, (code, name) in enumerate(choices):
            button = KeyButton(
                name,
                self._theme,
                name=f"{self._prefix}-{code}",
                badge=self._digit_of(code),
                role=_role_of(len(choices), is_large),
            )
            if is_large:
                button.setMinimumHeight(self._theme.sizes.target * 2)
            button.tapped.connect(lambda code=code: self.chosen.emit(code))
            self._grid.addWidget(button, place // self._columns, place % self._columns)
            self.buttons[code] = button

    def show_chosen(self, codes: Sequence[str]) -> None:
        """Mark the choices that hold, by edge, fill and a tick."""
        for code, button in self.buttons.items():
            held = code in codes
            if self._held.get(code, False) == held:
                continue
            self._held[code] = held
            button.set_look(Look.CHOSEN if held else Look.PANEL)
            if self._digits:  # the tick takes the place of the digit: nothing becomes wider
                button.set_content(badge="✓" if held else self._digit_of(code))
            else:
                button.set_content(icon="check" if held else "")
            ticked = self._say("finish.chosen") if held else ""
            button.setAccessibleDescription(ticked)

    def _digit_of(self, code: str) -> str:
        place = self._codes.index(code)
        return self._keys[place] if self._digits and place < len(self._keys) else ""

    def code_of_key(self, event: QKeyEvent) -> str:
        """The code under a figure or letter, empty if there is none."""
        key = choice_key(event)
        place = self._keys.index(key) if key and key in self._keys else len(self._codes)
        return self._codes[place] if place < len(self._codes) else ""


def _role_of(choices: int, is_large: bool) -> Role:
    if is_large:
        return Role.TILE
    return Role.BODY if choices <= 9 else Role.SMALLEST


def named(
    choices: Sequence[Choice], pick: Callable[[dict[str, str]], str]
) -> list[tuple[str, str]]:
    """Coded answers with their names, for ``set_choices``."""
    return [(choice.code, pick(choice.name) or choice.code) for choice in choices]
