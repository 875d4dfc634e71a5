"""PrintSlip."""

from collections.abc import Sequence
from typing import Any

from protocol.messages import PrintSlip
from server.commands.handler import Occasion
from server.domain.events import AnyEvent, SlipRequested
from server.domain.slips import decide_slip_again


def print_slip(command: PrintSlip, occasion: Occasion) -> list[AnyEvent]:
    """The slip of a screening or a complaint once more, at the named kiosk."""
    kiosk = occasion.demand_kiosk(command.print_at)
    job = occasion.ids.new_id()
    return decide_slip_again(occasion.day, command.subject, job, kiosk, occasion.now_ms)


def with_slip(command: Any, events: Sequence[AnyEvent], occasion: Occasion) -> dict[str, Any]:
    """The job of the slip that is being printed; None: no slip was asked for."""
    jobs = (event.job for event in events if isinstance(event, SlipRequested))
    return {"slip": next(jobs, None)}
