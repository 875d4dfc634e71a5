"""The only way out of a locked kiosk: hold the corner, then the PIN (without a window)."""

from collections.abc import Callable

from kiosk.exit_pin import pin_matches

HOLD_S = 5.0
ASKED_S = 20.0
"""The pad goes away when nobody touches it, or a visitor would stand before it."""
TRIES = 5
LOCKED_S = 60.0
DIGITS_MAX = 12


class LeavingModel:
    """A corner, a pad, and what has been typed. Without a PIN there is no way out at all."""

    def __init__(self, pin: str, *, now_s: Callable[[], float], leave: Callable[[], None]) -> None:
        """``pin`` as in the settings (``kiosk.exit_pin``); ``leave`` closes the program."""
        self.changed: Callable[[], None] = lambda: None
        self.asks = False
        self.digits = ""
        self.was_wrong = False
        self._pin, self._now_s, self._leave = pin, now_s, leave
        self._held_since_s: float | None = None
        self._touched_s = 0.0
        self._wrong = 0
        self._locked_until_s = 0.0

    def hold(self) -> None:
        """A finger lies on the corner."""
        self._held_since_s = self._now_s()

    def let_go(self) -> None:
        """The finger is gone, or elsewhere."""
        self._held_since_s = None

    def tick(self) -> None:
        """Time passed."""
        now_s, since_s = self._now_s(), self._held_since_s
        if self._pin and since_s is not None and now_s >= since_s + HOLD_S:
            self._held_since_s = None
            self.asks, self.digits, self.was_wrong = True, "", False
            self._touched_s = now_s
        if self.asks and now_s >= self._touched_s + ASKED_S:
            self.back()
        self.changed()

    def type_digit(self, digit: str) -> None:
        """One more digit."""
        if self.asks and not self.locked_s and digit.isdecimal():
            self.digits = (self.digits + digit)[:DIGITS_MAX]
            self.was_wrong = False
            self._touch()

    def clear(self) -> None:
        """Begin again."""
        self.digits, self.was_wrong = "", False
        self._touch()

    def confirm(self) -> None:
        """Leave if the PIN is right; after too many wrong ones only time helps."""
        if not self.asks or self.locked_s or not self.digits:
            return
        if pin_matches(self._pin, self.digits):
            self.back()
            self._wrong = 0
            self._leave()
            return
        self._wrong += 1
        self.digits, self.was_wrong = "", True
        if self._wrong >= TRIES:
            self._wrong = 0
            self._locked_until_s = self._now_s() + LOCKED_S
        self._touch()

    def back(self) -> None:
        """Back to the visitors' page."""
        self.asks, self.digits, self.was_wrong = False, "", False
        self.changed()

    @property
    def locked_s(self) -> int:
        """Seconds until digits are heard again, 0 if they are."""
        return max(0, -int(-(self._locked_until_s - self._now_s()) // 1))

    def _touch(self) -> None:
        self._touched_s = self._now_s()
        self.changed()
