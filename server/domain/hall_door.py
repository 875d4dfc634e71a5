"""What stands at the front door today: screenings, slips, disturbances and open complaints."""

from dataclasses import dataclass

from server.domain.events import VisitorScreened


@dataclass(slots=True)
class Screening:
    """A visitor who was received at the door, as the event tells; ``ticket`` came of it."""

    told: VisitorScreened
    at_ms: int
    ticket: str | None = None
    # The newest slip of it.
    slip: str | None = None

    @property
    def id(self) -> str:
        """Its id."""
        return self.told.screening


@dataclass(slots=True)
class SlipJob:
    """A slip that a kiosk was asked for; ``subject`` is a screening or a complaint."""

    job: str
    kind: str
    subject: str
    kiosk: str
    copy: int
    asked_at_ms: int
    outcome: str = "pending"


@dataclass(slots=True)
class Complaint:
    """A complaint: its level, its state, and when it must be answered and solved."""

    id: str
    business_date: str
    filed_at_ms: int
    level: str
    state: str
    answer_due_at_ms: int
    due_at_ms: int
    device: str
    staff: str
    ticket: str | None = None
    screening: str | None = None
    anonymous: bool = False
    answered_at_ms: int | None = None
    closed_at_ms: int | None = None
    sipp: str = ""
    lapor: str = ""


@dataclass(frozen=True, slots=True)
class Disturbed:
    """Since when a system outside is disturbed; ``staff`` None: a burst of causes said so."""

    system: str
    since_ms: int
    staff: str | None = None


@dataclass(slots=True)
class SystemCause:
    """A service that ended with a system as its cause; ``counts`` until somebody says that it
    works again."""

    ticket: str
    at_ms: int
    counts: bool = True
