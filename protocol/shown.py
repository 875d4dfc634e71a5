"""Nouns that are shown in several places: tickets, services, counters, choices."""

from datetime import datetime

from msgspec import Struct

from protocol.asking import Names
from protocol.kiosk_shown import ServiceStandard


class Estimate(Struct, kw_only=True, frozen=True):
    """A range of waiting time, in seconds from now."""

    from_s: int
    to_s: int


class Ticket(Struct, kw_only=True, frozen=True):
    """A ticket as it is shown. ``link`` is null for devices that everyone sees."""

    id: str
    number: str
    service: str
    state: str
    priority: str
    needs: list[str]
    issued_at: datetime
    counter: int | None
    call_count: int
    people_ahead: int
    estimate: Estimate | None
    print: str
    link: str | None
    # Beyond protocol.md's example; older clients ignore them.
    called_at: datetime | None = None
    started_at: datetime | None = None
    weight: int = 1
    language: str = "id"
    screening: str | None = None
    # Given by a kiosk without a link.
    offline: bool = False


class SignedIn(Struct, kw_only=True, frozen=True):
    """Who sits at this device."""

    staff: str
    counter: int | None
    name: str = ""


class BranchInfo(Struct, kw_only=True, frozen=True):
    """Which office this is."""

    code: str
    name: str
    time_zone: str
    languages: list[str]


class ServiceInfo(Struct, kw_only=True, frozen=True):
    """A service of the catalogue, in the order in which the branch shows it."""

    code: str
    name: Names
    open: bool
    description: Names = {}
    icon: str = ""
    target_wait_s: int = 0
    target_service_s: int = 0
    letter: str = ""
    # For displays: what is published of it.
    standard: ServiceStandard | None = None

    @property
    def sign(self) -> str:
        """What stands for the service where there is no room for its name: its letter."""
        return self.letter or self.code


class CounterInfo(Struct, kw_only=True, frozen=True):
    """A counter and the services that it may serve today, those of a lower level first."""

    number: int
    services: list[str]
    preference: dict[str, int] = {}


class Choice(Struct, kw_only=True, frozen=True):
    """One answer that a coded field may take."""

    code: str
    name: Names


class Choices(Struct, kw_only=True, frozen=True):
    """The codes of every coded field, with their names."""

    priority: list[Choice]
    needs: list[Choice]
    education: list[Choice]
    category: list[Choice]
    pause_reason: list[Choice]
    cancel_reason: list[Choice]
    park_reason: list[Choice] = []
    rating_reason: list[Choice] = []
    segment: list[Choice] = []
    membership: list[Choice] = []
    solved_reason: list[Choice] = []
    cause: list[Choice] = []
    disturbance: list[Choice] = []
    guest_purpose: list[Choice] = []
    override_reason: list[Choice] = []
