"""What the kiosk says of its paper at the door: what the printer said, and nothing that it did
not say (fault F32)."""

from kiosk.printer import PrinterReason, PrinterStatus
from protocol.messages import PaperState
from ui.health_report import Health

_OF_REASON: dict[PrinterReason, PaperState] = {
    PrinterReason.COVER_OPEN: "cover",
    PrinterReason.PAPER_OUT: "out",
    # The printer works, it just does not speak.
    PrinterReason.NO_STATUS: "unknown",
}


def paper_health(status: PrinterStatus) -> Health:
    """The paper in one word; a kiosk that has no printer by its settings says nothing.

    No printer of ours counts its tickets, so how many are left is never said.
    """
    if status.fault is PrinterReason.NO_PRINTER:
        return {}
    return {"paper": _state(status)}


def _state(status: PrinterStatus) -> PaperState:
    if status.reason is not None:
        return _OF_REASON.get(status.reason, "fault")
    if status.paper == "near-end":
        return "low"
    return "ok" if status.paper == "ok" else "unknown"
