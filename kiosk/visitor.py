"""The person in front of the kiosk, and how long that is remembered."""

from dataclasses import dataclass, field

from kiosk.booking_code import BookingInput
from kiosk.home_channels import HomeChannel
from kiosk.shown_ticket import ShownTicket
from kiosk.slip_code import CodeInput
from kiosk.visit import Page, Patience, Remark, Wish
from protocol.asking import Priority


@dataclass(slots=True)
class Visit:
    """All that is known of the person in front of the kiosk. A new one knows nothing."""

    language: str
    touched_s: float
    choosing: bool = False
    # The page for the code of an officer's slip, and what has been typed there.
    coding: bool = False
    code: CodeInput = field(default_factory=CodeInput)
    # The page for the code of a place that was booked from home; ``offers_number``: it opens
    # nothing any more, and an ordinary number is offered instead.
    checking: bool = False
    booking: BookingInput = field(default_factory=BookingInput)
    offers_number: bool = False
    sheet: int = 0
    wish: Wish | None = None
    shown: ShownTicket | None = None
    remark: Remark | None = None
    # What was chosen, and the pages that are asked before its number (kiosk.asking).
    service: str | None = None
    unknown: bool = False
    steps: tuple[Page, ...] = ()
    step: int = 0
    priority: Priority = "none"
    needs: list[str] = field(default_factory=list)
    # PRIORITY: which part of the choices is seen, on a screen without room for all.
    choice_sheet: int = 0
    # What works from home as it was told when the service was chosen, and whose QR is seen.
    channels: list[HomeChannel] = field(default_factory=list)
    channel: str = ""
    thanked: bool = False
    # A person's number must not reach a log or a crash note.
    identity_digits: str = field(default="", repr=False)
    identity_objection: str = ""
    # How the screen looks and sounds for this person (ux.md, K1).
    large_text: bool = False
    high_contrast: bool = False
    low_menu: bool = False
    speech: bool = False

    @property
    def look(self) -> tuple[bool, bool, bool, bool]:
        """The four choices of K1, for who compares them."""
        return self.large_text, self.high_contrast, self.low_menu, self.speech

    def has_begun(self, home: str) -> bool:
        """Whether somebody has left a trace; ``home`` is the kiosk's own language."""
        begun = self.choosing or self.coding or self.checking
        return begun or self.language != home or any(self.look)

    def stays_s(self, patience: Patience, home: str) -> float | None:
        """Seconds after the last touch until the visit is forgotten; None while it is not.

        ``home`` is the kiosk's own language: who chose another one has left a trace.
        """
        if self.shown is not None:
            return _ticket_stays_s(self.shown, patience)
        if self.thanked:
            return patience.thanks_s
        if self.wish is None and self.has_begun(home):
            return patience.idle_s + patience.question_s
        return None


def _ticket_stays_s(shown: ShownTicket, patience: Patience) -> float | None:
    """How long a number stays after the last touch; None while its paper is on its way."""
    if shown.reprinting:
        return None
    if shown.fault is not None:
        return patience.paperless_s
    return patience.issued_s if shown.settled_s is not None else None
