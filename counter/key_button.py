"""A button that shows its key, and is always wide enough for both."""

from PySide6.QtCore import QSize

from ui.buttons import BigButton
from ui.fitting import text_size
from ui.theme import Theme, Weight

_ANY_WIDTH = 1 << 20


class KeyButton(BigButton):
    """A BigButton whose size counts the key cap, so that neither word nor key ever shrinks.

    One that ``yields`` lets its word shrink to the smallest size where there is little room.
    """

    yields = False

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(self._cap_width(), 0)

    def minimumSizeHint(self) -> QSize:
        sizes = self._theme.sizes
        px = sizes.smallest if self.yields else min(sizes.text(self._role), sizes.body)
        words = text_size(self.title, px, Weight.SEMIBOLD, False, 0, _ANY_WIDTH)[0]
        icon = round(sizes.text(self._role) * 1.5) + sizes.gap if self._icon else 0
        room = round(2 * self._padding()) + 2
        return QSize(round(words) + room + icon + self._cap_width(), sizes.target)

    def chrome_width(self) -> int:
        """What the width holds besides the words: padding, icon and key cap."""
        sizes = self._theme.sizes
        icon = round(sizes.text(self._role) * 1.5) + 2 * sizes.gap if self._icon else 0
        return round(2 * self._padding()) + icon + self._cap_width() + sizes.gap

    def _cap_width(self) -> int:
        if not self._badge:
            return 0
        sizes = self._theme.sizes
        px = sizes.smallest
        width = text_size(self._badge, px, Weight.MEDIUM, False, 0, _ANY_WIDTH)[0]
        return round(width + px + sizes.gap) + 1


class SmallKey(KeyButton):
    """The same for a place beside text: little air around the words."""

    def _padding(self) -> float:
        return self._theme.sizes.gap / 2

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), small_height(self._theme))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), small_height(self._theme))


def small_height(theme: Theme) -> int:
    """How high a SmallKey is."""
    return round(theme.sizes.body * 1.75)
