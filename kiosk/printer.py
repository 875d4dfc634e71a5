"""The port `TicketPrinter`: how the kiosk hands a paper to a printer, and what it hears back.

Nothing here blocks: a printer may hang for ever, the screen may not (fault F31).
"""

from collections import deque
from collections.abc import Callable
from enum import StrEnum
from typing import Literal, Protocol

from msgspec import Struct

from protocol.messages import SlipToPrint, TicketToPrint

PaperToPrint = TicketToPrint | SlipToPrint
"""What the server may ask a kiosk to print; each has a job and a copy."""


class PrintOutcome(StrEnum):
    """What became of a paper; the words of `ConfirmPrint`."""

    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class PrinterReason(StrEnum):
    """Why a paper or a printer is not well; a text for people stands under ``printer.<name>``."""

    NO_PRINTER = "no-printer"
    NOT_FOUND = "not-found"
    NOT_ALLOWED = "not-allowed"
    REFUSED = "refused"
    NO_ANSWER = "no-answer"
    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    CUTTER = "cutter"
    FAULT = "fault"
    OFFLINE = "offline"
    BROKEN_OFF = "broken-off"
    INTERRUPTED = "interrupted"
    BUSY = "busy"
    PROGRAM = "program"
    NO_STATUS = "no-status"

    @property
    def text_key(self) -> str:
        """Where the sentence for people stands in the translations."""
        return "printer." + self.value.replace("-", "_")


Paper = Literal["ok", "near-end", "out", "unknown"]


class PrinterStatus(Struct, frozen=True):
    """What the printer said about itself. Every fact is yes, no or unknown (None): never guessed.

    ``fault`` is set when the printer could not be reached at all.
    """

    online: bool | None = None
    paper: Paper = "unknown"
    cover_open: bool | None = None
    cutter_fault: bool | None = None
    device_fault: bool | None = None
    fault: PrinterReason | None = None

    @property
    def reason(self) -> PrinterReason | None:
        """The known reason why this printer cannot print now; the most helpful one first."""
        if self.fault is not None:
            return self.fault
        if self.cover_open:
            return PrinterReason.COVER_OPEN
        if self.paper == "out":
            return PrinterReason.PAPER_OUT
        if self.cutter_fault:
            return PrinterReason.CUTTER
        if self.device_fault:
            return PrinterReason.FAULT
        if self.online is False:
            return PrinterReason.OFFLINE
        return None

    @property
    def known(self) -> bool:
        """Whether the printer has said anything about itself."""
        return self.online is not None or self.paper != "unknown" or self.cover_open is not None

    @property
    def is_complete(self) -> bool:
        """Whether it has answered every question, and each soundly."""
        facts = (self.online, self.cover_open, self.cutter_fault, self.device_fault)
        return None not in facts and self.paper != "unknown"


class PrintResult(Struct, frozen=True):
    """What became of one copy of one job. ``repeated``: remembered, not printed again."""

    job: str
    copy: int
    outcome: PrintOutcome
    reason: PrinterReason | None = None
    repeated: bool = False


class TicketPrinter(Protocol):
    """Where tickets go. All methods return at once and are called from the screen's thread."""

    def start(self) -> None:
        """Get ready in the background; call it after the first frame. `submit` does it too."""

    def submit(self, paper: PaperToPrint) -> None:
        """Print this copy of this job, unless that was done before; the result comes by `poll`."""

    def poll(self) -> list[PrintResult]:
        """The results since the last call, oldest first; each is handed out once."""

    def status(self) -> PrinterStatus:
        """What is known about the printer now."""

    def listen(self, changed: Callable[[], None]) -> None:
        """Call `changed` when `poll` or `status` has news. It may come from another thread."""

    def close(self) -> None:
        """Finish the running job, or give it up at its deadline; later submits are `failed`."""


class NoPrinter:
    """A kiosk without a printer: the ticket is on the screen only."""

    def __init__(self) -> None:
        self._results: deque[PrintResult] = deque()
        self._changed: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Nothing to get ready."""

    def submit(self, paper: PaperToPrint) -> None:
        """Answer at once that there is no paper."""
        self._results.append(
            PrintResult(paper.job, paper.copy, PrintOutcome.FAILED, PrinterReason.NO_PRINTER)
        )
        self._changed()

    def poll(self) -> list[PrintResult]:
        """The results since the last call."""
        results = list(self._results)
        self._results.clear()
        return results

    def status(self) -> PrinterStatus:
        """No printer: known, and said so."""
        return PrinterStatus(online=False, fault=PrinterReason.NO_PRINTER)

    def listen(self, changed: Callable[[], None]) -> None:
        """Call `changed` when there is a result."""
        self._changed = changed

    def close(self) -> None:
        """Nothing to close."""
