"""When the card may be small, so that pictures have room: never while the hall is called.

Plain Python, and time is given. The card is whole from the moment of a call on, as long as it is
spoken, as long as somebody is waited for, and for a while after, so that nothing jumps back and
forth. A frontliner who says that a visitor has come is waited for without end: the number keeps the
size from which it is read (U7). Another calls the next one with a single key and never says so:
there the call ends after a while, or pictures would never be seen.
"""

from collections.abc import Callable

from display.board_model import BoardModel, Freshness
from display.card_turns import Card

CALM_S = 8.0
"""So long at least a card stays whole."""

CALL_S = 60.0
"""So long it stays whole where a counter does not say that its visitor has come: the time that a
counter's own clock gives them for the way."""


class Resting:
    """Ask `look` at least every 200 ms."""

    def __init__(self, *, elapsed_s: Callable[[], float], call_s: float = CALL_S) -> None:
        self._elapsed_s = elapsed_s
        self._call_s = max(call_s, CALM_S)
        self._call: tuple[object, ...] | None = None
        self._last: Card | None = None
        # The counters of which it was seen that they say when a visitor has come.
        self._tell: set[int] = set()
        self._since_s = float("-inf")

    def look(self, model: BoardModel) -> bool:
        """Whether the card may be small now."""
        card, now_s = model.card, self._elapsed_s()
        self._learn(card)
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
        if card is None or not card.is_due:
            return now_s - self._since_s >= CALM_S
        return card.counter not in self._tell and now_s - self._since_s >= self._call_s

    def _learn(self, card: Card | None) -> None:
        """Whether a counter says that its visitor has come, from what it did last."""
        last, self._last = self._last, card
        if last is None or card is None or not last.is_due or last.counter != card.counter:
            return
        if last.number != card.number:
            self._tell.discard(card.counter)  # the next one, and the last was called to the end
        elif last.call_count == card.call_count and not card.is_due:
            self._tell.add(card.counter)


def _call_of(card: Card) -> tuple[object, ...]:
    return card.number, card.counter, card.call_count, card.announcement
