"""The code of a place that was booked from home, and the address that its QR has.

Pure. Who booked types six letters and digits, or holds the telephone under the scanner: then the
whole address of the booking's page comes within a blink, of which the secret at its end counts.
"""

import re
from dataclasses import dataclass

from kiosk.slip_code import CODE_DIGITS, CodeInput
from protocol.web_commands import BOOKING_CODE_LENGTH, BOOKING_CODE_SIGNS

assert BOOKING_CODE_LENGTH == CODE_DIGITS, "both stand in the same boxes"

_ADDRESS = re.compile(
    r"https?://[^\s/]{1,100}/b/([A-Za-z0-9_-]{16,60})/?", re.ASCII | re.IGNORECASE
)
_ADDRESS_MAX = 200


def link_in(text: str) -> str | None:
    """The secret of a booking in the address of its page; None: this is another text."""
    found = _ADDRESS.fullmatch(text.strip())
    return None if found is None else found[1]


@dataclass(slots=True)
class BookingInput(CodeInput):
    """What stands in the boxes, and what is being typed on a keyboard right now."""

    @property
    def _burst_most(self) -> int:
        return _ADDRESS_MAX

    def _sign(self, sign: str) -> str:
        """Whoever types small letters means the same ones."""
        large = sign.upper()
        return large if len(large) == 1 and large in BOOKING_CODE_SIGNS else ""

    def enter(self, now_s: float) -> str | None:
        """The code that was scanned or typed, or the secret of an address that was scanned."""
        self.rest(now_s)
        link = link_in(self._burst)
        if link is None:
            return CodeInput.enter(self, now_s)
        # What stands in the boxes are signs of the address.
        self.digits = self._before
        self._end_burst()
        return link
