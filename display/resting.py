"""When the card may be small, so that pictures have room: never while the hall is called.

Plain Python, and time is given. The card is whole from the moment of a call on, as long as it is
spoken, as long as somebody is waited for (within reason: not every frontliner says that a visitor
has come), and for a while after, so that nothing jumps back and forth.
"""

from collections.abc import Callable

from display.board_model import BoardModel, Freshness
from display.card_turns import Card

CALM_S = 8.0
"""So long at least a card stays whole."""

CALL_S = 30.0
"""So long it stays whole for somebody who does not come; the number is still on the board then."""


class Resting:
    """Ask `look` at least every 200 ms."""

    def __init__(self, *, elapsed_s: Callable[[], float], call_s: float = CALL_S) -> None:
        self._elapsed_s = elapsed_s
        self._call_s = max(call_s, CALM_S)
        self._call: tuple[object, ...] | None = None
        self._since_s = float("-inf")

    def look(self, model: BoardModel) -> bool:
        """Whether the card may be small now."""
        card, now_s = model.card, self._elapsed_s()
        call = None if card is None else _call_of(card)
        if call != self._call:
            self._call = call
            # An old call at the start, or after a loss, is no news.
            if card is not None and (card.announcement is not None or card.is_due):
                self._since_s = now_s
        if model.freshness not in (Freshness.FRESH, Freshness.LOST):
            return False  # people must look at the card, and listen
        if model.speaking is not None:
            self._since_s = max(self._since_s, now_s - CALM_S)
            return False
        stays_s = self._call_s if card is not None and card.is_due else CALM_S
        return now_s - self._since_s >= stays_s


def _call_of(card: Card) -> tuple[object, ...]:
    return card.number, card.counter, card.call_count, card.announcement
