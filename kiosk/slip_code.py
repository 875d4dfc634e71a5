"""The code of an officer's slip: typed on the screen or by a scanner that types like a keyboard.

Pure. A scanner types all signs within a blink and ends with Enter. So signs that follow each other
that fast belong together: either they are a code, or they are rubbish of which nothing is kept.
"""

from dataclasses import dataclass

CODE_DIGITS = 6
SCAN_GAP_S = 0.15
"""Signs that come faster than this one after the other are a scan; no finger is so quick."""
_BURST_MAX = 64


def is_code(text: str) -> bool:
    """Whether this can be the code of a slip: six figures, and those of ASCII."""
    return len(text) == CODE_DIGITS and text.isascii() and text.isdecimal()


@dataclass(slots=True)
class CodeInput:
    """What stands in the boxes, and what is being typed on a keyboard right now.

    Another kind of code says by ``_sign``, ``_is_whole`` and ``_burst_most`` what it is made of.
    """

    digits: str = ""
    _before: str = ""
    _burst: str = ""
    _typed_s: float = float("-inf")
    _shown: bool = False

    @property
    def is_full(self) -> bool:
        """Whether nothing is missing."""
        return len(self.digits) == CODE_DIGITS

    @property
    def _burst_most(self) -> int:
        """Signs of a scan that are kept: what is longer than any code is rubbish already."""
        return _BURST_MAX

    def _sign(self, sign: str) -> str:
        """A sign as it stands in the boxes; empty where no code has it."""
        return sign if is_digits(sign) else ""

    def _signs(self, text: str) -> str | None:
        """A text as it stands in the boxes; None where a sign is none of a code's."""
        found = [self._sign(sign) for sign in text]
        return "".join(found) if all(found) else None

    def _is_whole(self, text: str) -> bool:
        return len(text) == CODE_DIGITS and self._signs(text) is not None

    def touch(self, digit: str) -> None:
        """A key of the screen: one more digit."""
        self._end_burst()
        self._append(digit)

    def erase(self) -> None:
        """Take the last digit away."""
        self._end_burst()
        self.digits = self.digits[:-1]

    def clear(self) -> None:
        """Begin again."""
        self.digits = ""
        self._end_burst()

    def type(self, signs: str, now_s: float, *, shown: bool) -> None:
        """A keyboard or a scanner; ``shown``: the boxes are seen, so digits go into them."""
        self.rest(now_s)
        self._typed_s, self._shown = now_s, shown
        self._burst += signs[: self._burst_most - len(self._burst)]
        if shown:
            for sign in signs[:_BURST_MAX]:
                self._append(sign)

    def scans(self, now_s: float) -> bool:
        """Whether a scanner is typing now."""
        return len(self._burst) > 1 and now_s - self._typed_s <= SCAN_GAP_S

    def rest(self, now_s: float) -> None:
        """Forget a scan that has stopped without Enter: who knows what was scanned there."""
        if now_s - self._typed_s > SCAN_GAP_S:
            self._end_burst()

    def enter(self, now_s: float) -> str | None:
        """The code that was scanned or typed, None if it is not one; rubbish is taken back."""
        self.rest(now_s)
        burst = self._burst
        if self._is_whole(burst):
            whole = burst
        elif len(burst) > 1:
            # Together with what stood there before they must make sense.
            whole = self._before + burst if self._shown else self._before
        else:
            # Of one sign the boxes say all: who types one too many has seen which were taken.
            whole = self.digits
        known = self._signs(whole)
        if len(whole) <= CODE_DIGITS and known is not None:
            self.digits = known
        else:
            self.digits = self._before
        self._end_burst()
        return known if self._is_whole(whole) else None

    def _append(self, sign: str) -> None:
        if not self.is_full:
            self.digits += self._sign(sign)

    def _end_burst(self) -> None:
        self._burst, self._before = "", self.digits
        self._typed_s = float("-inf")


def is_digits(text: str) -> bool:
    """Whether these are figures of ASCII and nothing else."""
    return text.isascii() and text.isdecimal()


class CodeTries:
    """Counts wrong codes at this screen, whoever types them, so that nobody guesses one."""

    def __init__(self, *, tries: int, window_s: float, pause_s: float) -> None:
        self._tries, self._window_s, self._pause_s = tries, window_s, pause_s
        self._wrong_s: list[float] = []
        self._paused_until_s = float("-inf")

    def wrong(self, now_s: float) -> None:
        """One more code that opened nothing."""
        recent = [at_s for at_s in self._wrong_s if now_s - at_s < self._window_s]
        self._wrong_s = [*recent, now_s]
        if len(self._wrong_s) >= self._tries:
            self._wrong_s = []
            self._paused_until_s = now_s + self._pause_s

    def right(self) -> None:
        """A code was good: whoever types here has slips."""
        self._wrong_s = []

    def pause_left_s(self, now_s: float) -> float:
        """Seconds until codes are taken again, 0 if they are."""
        return max(0.0, self._paused_until_s - now_s)
