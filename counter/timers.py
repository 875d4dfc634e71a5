"""How long a visitor has waited, been called, been served, against the target of the service."""

from dataclasses import dataclass
from datetime import datetime

from protocol.messages import ServiceInfo, Ticket

WAY_TARGET_S = 60
"""How long a walk to the counter usually takes; after it a recall or a no-show is near."""

NEAR = 0.8


@dataclass(frozen=True, slots=True)
class Timer:
    """``kind`` is ``called``, ``serving`` or ``waited``; a target of 0 is none."""

    kind: str
    since: datetime
    elapsed_s: int
    target_s: int

    @property
    def share(self) -> float:
        """How much of the target is used, 0 without one."""
        return self.elapsed_s / self.target_s if self.target_s else 0.0

    @property
    def level(self) -> str:
        """``calm``, ``near`` from 80 % of the target, ``over`` from 100 %."""
        if self.share >= 1:
            return "over"
        return "near" if self.share >= NEAR else "calm"


def timer_of(ticket: Ticket, service: ServiceInfo | None, now: datetime) -> Timer | None:
    """The timer that runs for a ticket at the counter."""
    if ticket.state == "serving" and ticket.started_at is not None:
        target_s = service.target_service_s if service is not None else 0
        return Timer("serving", ticket.started_at, _seconds(ticket.started_at, now), target_s)
    if ticket.state == "called" and ticket.called_at is not None:
        return Timer("called", ticket.called_at, _seconds(ticket.called_at, now), WAY_TARGET_S)
    return None


def waited_of(ticket: Ticket, service: ServiceInfo | None, now: datetime) -> Timer:
    """From the number to the last call, or until now while nobody has called."""
    target_s = service.target_wait_s if service is not None else 0
    elapsed_s = _seconds(ticket.issued_at, ticket.called_at or now)
    return Timer("waited", ticket.issued_at, elapsed_s, target_s)


def _seconds(start: datetime, end: datetime) -> int:
    # Never below 0: this machine learns the server's clock only to within a round trip.
    return max(0, int((end - start).total_seconds()))
