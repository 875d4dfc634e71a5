"""The branch as its people configured it: services, counters, rules. Data, never code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo

Names = Mapping[str, str]

ALL_SERVICES = "*"
"""Instead of codes in a counter's list: every service, also one that is added later."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the catalogue; ``letter`` is its number series."""

    code: str
    name: Names
    letter: str
    description: Names = field(default_factory=dict)
    icon: str = ""
    target_wait_s: int = 1800
    target_service_s: int = 480
    papers: tuple[Names, ...] = ()
    open: bool = True


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter and the codes of the services that it may serve."""

    number: int
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that a coded field may take."""

    code: str
    name: Names


CHOICE_FIELDS = (
    "priority",
    "needs",
    "education",
    "category",
    "pause_reason",
    "cancel_reason",
    "park_reason",
    "rating_reason",
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a branch may set. Durations in seconds."""

    discipline: str = "due-time"
    priority_letter: str = "P"
    number_width: int = 3
    number_last: int | None = None  # None: A999 is followed by A1000
    priority_target_wait_s: int = 600
    recall_pause_s: float = 5
    announcement_life_s: int = 90
    kiosk_own_ticket_s: int = 600
    grace_s: int = 600
    grace_places: int = 3
    idle_sign_out_s: int = 4 * 3600


@dataclass(frozen=True, slots=True)
class Branch:
    """One office. ``day_starts_minute`` is the minute of the local day at which numbers restart."""

    code: str
    name: str
    time_zone: tzinfo
    time_zone_name: str
    services: Mapping[str, Service]
    counters: Mapping[int, Counter]
    choices: Mapping[str, tuple[Choice, ...]]
    rules: Rules = Rules()
    languages: tuple[str, ...] = ("id", "en")
    day_starts_minute: int = 0
    board_text: Names = field(default_factory=dict)
    paper_footer: tuple[Names, ...] = ()
    link_base_url: str = ""

    def business_date(self, now_ms: int) -> date:
        """The day that an instant belongs to, by the branch's own clock."""
        local = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(self.time_zone)
        return (local.replace(tzinfo=None) - timedelta(minutes=self.day_starts_minute)).date()

    def knows(self, choice: str, code: str) -> bool:
        """Whether a coded field may take this code."""
        return any(known.code == code for known in self.choices.get(choice, ()))

    def service_is_served(self, code: str) -> bool:
        """Whether any counter may serve this service."""
        return any(code in counter.services for counter in self.counters.values())
