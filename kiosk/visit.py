"""What a kiosk knows of one visit, and how long it waits for what (plain data)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kiosk.printer import PrinterReason, PrintOutcome
from protocol.messages import CheckIn, IssueTicket, ReprintTicket


class Page(StrEnum):
    """What fills the screen; the values are the names that a driven program reports."""

    IDLE = "idle"
    SERVICES = "services"
    HOME = "home"
    PRIORITY = "priority"
    IDENTITY = "identity"
    THANKS = "thanks"
    CODE = "code"
    BOOKING = "booking"
    MOMENT = "moment"
    ISSUED = "issued"
    PAPERLESS = "paperless"
    AWAY = "away"


class Absence(StrEnum):
    """Why no number can be given now, on the page AWAY."""

    STARTING = "starting"
    ASKING = "asking"
    LOST = "lost"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each thing lasts, in seconds (ux.md 1.1 and 5; reliability.md F01, F16)."""

    idle_s: float = 45.0
    # "Still here?" is seen for so long before the visit is forgotten.
    question_s: float = 20.0
    # A paper that came out, and one that did not.
    issued_s: float = 8.0
    paperless_s: float = 60.0
    # The QR of what works from home: time to take a phone out of a bag and hold it there.
    thanks_s: float = 30.0
    # A wish without an answer: when that is said, and when it is given up.
    moment_s: float = 2.0
    wish_s: float = 60.0
    # A lost link is a line on the idle page at first: most come back at once.
    away_s: float = 3.0
    # A printer is given so long before the number alone is shown.
    paper_s: float = 12.0
    # Touches on a page that has only just appeared were meant for the one before.
    guard_s: float = 0.4
    remark_s: float = 12.0
    # So many wrong codes of slips within the window, and no more are taken for a while.
    code_tries: int = 3
    code_window_s: float = 120.0
    code_pause_s: float = 30.0
    # A wait that the server names is simply waited up to this, without bothering anyone.
    pace_s: float = 10.0


@dataclass(slots=True)
class Wish:
    """One intention of the visitor: the same command, however often it must be asked."""

    command: IssueTicket | CheckIn | ReprintTicket
    asked_s: float
    retry_at_s: float | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Why the last wish was not granted: the server's words, or a reason code for our own.

    ``at``: from when on it would be, by the branch's own clock.
    """

    reason: str
    words: str = ""
    until_s: float = 0.0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no paper: the printer's reason, None if it only keeps silent."""

    reason: PrinterReason | None
    outcome: PrintOutcome
    told: bool


@dataclass(frozen=True, slots=True)
class KioskChoices:
    """What a branch may set for its kiosk.

    ``language`` is the first one, ``languages`` are those that this program has texts for,
    ``unknown_service`` overrides the catalogue's mark, ``speech`` is whether this machine can
    read its pages aloud.
    """

    language: str = "id"
    languages: tuple[str, ...] = ("id", "en", "jv", "su")
    unknown_service: str = ""
    # The icon of a service for which the catalogue names none, by the service's code.
    icon_of: Callable[[str], str] = lambda _code: ""
    speech: bool = True
    patience: Patience = field(default_factory=Patience)
