"""The branch as its people configured it: services, counters, rules. Data, never code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from server.domain.door import DoorCatalogue
from server.domain.standard import Standard

if TYPE_CHECKING:
    from server.domain.opening import OpeningHours

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
    hours: "OpeningHours | None" = None
    quota: int | None = None
    standard: Standard | None = None


@dataclass(frozen=True, slots=True)
class Skills:
    """The services that a counter or a person may serve.

    ``preference`` gives a level per service, 1 by default: a lower level is called first.
    """

    services: tuple[str, ...]
    preference: Mapping[str, int] = field(default_factory=dict)

    def level(self, service: str) -> int | None:
        """How much this service is preferred (1 the most); None: it is not served."""
        return self.preference.get(service, 1) if service in self.services else None


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter and the codes of the services that it may serve."""

    number: int
    services: tuple[str, ...]
    preference: Mapping[str, int] = field(default_factory=dict)

    @property
    def skills(self) -> Skills:
        """The same as skills."""
        return Skills(self.services, self.preference)


@dataclass(frozen=True, slots=True)
class NumberRange:
    """The serials of a series: ``first``, ``first + step``, … up to ``last`` (None: no end)."""

    first: int = 1
    last: int | None = None
    step: int = 1


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
    "segment",
    "membership",
    "solved_reason",
    "cause",
    "disturbance",
    "guest_purpose",
    "override_reason",
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a branch may set. Durations in seconds."""

    discipline: str = "due-time"
    # Of ``ratio``: the most priority calls in a row, and then the most regular ones.
    priority_in_a_row: int = 1
    regular_in_a_row: int = 2
    # The no-starvation promise: after so many overtakes, or so long past its target, a ticket
    # is next.
    overtakes_most: int = 10
    overdue_s: int = 3600
    help_after_s: int | None = 300  # None: an idle counter helps nobody
    priority_letter: str = "P"
    shared_letter: str = ""
    number_width: int = 3
    number_first: int = 1
    number_last: int | None = None  # None: A999 is followed by A1000
    number_step: int = 1
    # So many numbers a kiosk has per series and day for when it has no link, for so many days.
    offline_block: int = 200
    offline_days: int = 7
    priority_target_wait_s: int = 600
    recall_pause_s: float = 5
    recalls_most: int | None = 3
    no_show_calls_least: int = 1
    no_show_s_least: int = 0
    announcement_life_s: int = 90
    kiosk_own_ticket_s: int = 600
    grace_s: int = 600
    grace_places: int = 3
    grace_times: int = 1
    transfer_fallback_s: int | None = 600  # None: a transfer waits for its counter for ever
    park_alarm_s: int = 900
    undo_s: int = 5
    quota_daily: int | None = None
    capacity_closing: bool = False
    capacity_warn_at: int = 20
    idle_sign_out_s: int = 4 * 3600
    # The front door. ``kiosk_mode``: open, or screened (a number only with an officer's code).
    kiosk_mode: str = "open"
    code_life_s: int = 3600
    repeat_visit_days: int = 30
    keep_screenings_days: int = 30
    keep_guests_days: int = 7
    keep_complaints_days: int = 400
    # So often a person may look at what stands under seal.
    reveals_per_hour: int = 30
    complaint_due_soon_s: int = 4 * 3600
    # So many finishes with a system as their cause, within so long, are a disturbance.
    disturbance_causes: int = 3
    disturbance_window_s: int = 900
    disturbance_ends_after_s: int | None = 3600
    # The visitor's side. ``kiosk_*``: what a kiosk may ask, and shows.
    kiosk_priority_claim: bool = False
    kiosk_identity: bool = False
    kiosk_home: bool = True
    kiosk_large_text: bool = True
    kiosk_speech: bool = True
    keep_identities_days: int = 30
    help_call_life_s: int = 300
    # So long it is still shown that somebody goes there.
    help_answer_life_s: int = 180
    # How calls are spoken; the day parts are ``07:00 100``, in the order of the clock.
    voice_reading: str = "digits"
    voice_service_word: str = "alike"
    voice_last_call: int | None = None
    voice_day_parts: tuple[str, ...] = ()
    voice_self_test_at: str = "07:30"
    # Papers of each issue; the second one is marked as such.
    paper_copies: int = 1
    # Where a review may be written after a rating; empty: nowhere.
    rating_review_link: str = ""
    # Managers with a browser. ``second_step``: always, or with-pin (a password alone is enough).
    second_step: str = "always"
    page_idle_s: int = 1800
    page_session_s: int = 12 * 3600
    # What the live hall warns of.
    alert_waiting_s: int = 1800
    alert_idle_s: int = 300
    alert_pause_s: int = 600
    alert_quiet: str = ""
    # The visitor's own page, and so long it lives after the close.
    phone_page: bool = True
    phone_after_close_s: int = 3600
    # Tickets from home, for today. Windows lie between the two times of day.
    booking: bool = False
    booking_window_s: int = 1800
    booking_from: str = "08:30"
    booking_until: str = "14:30"
    booking_early_s: int = 900
    booking_late_s: int = 900
    # The satisfaction survey: so many of a hundred finished visits are asked.
    survey: bool = True
    survey_instrument: str = "skm-2017"
    survey_share: int = 100
    survey_weight: str = "exact"
    survey_population: int | None = None
    # What one visit costs that was spared, in rupiah; 0: not reckoned.
    visit_cost_rp: int = 0
    # Where the pages put and send the day's report.
    report_folder: str = ""
    report_formats: tuple[str, ...] = ("pdf",)
    report_send_at: str = ""
    report_mail_to: tuple[str, ...] = ()
    report_language: str = "id"


@dataclass(frozen=True, slots=True)
class Zone:
    """What a display is for: some services, some counters, or all when both are empty.

    A call belongs to it by either of them, so that a zone never hides a call of its own.
    """

    services: tuple[str, ...] = ()
    counters: tuple[int, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Whether it leaves nothing out."""
        return not self.services and not self.counters

    def has(self, service: str, counter: int | None) -> bool:
        """Whether a call of this service to this counter is shown and spoken there."""
        return self.is_everything or service in self.services or counter in self.counters


EVERYWHERE = Zone()


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
    # Per person; who is not named may serve whatever the counter serves.
    staff_skills: Mapping[str, Skills] = field(default_factory=dict)
    # Per series, where it differs from the rules' own range.
    number_ranges: Mapping[str, NumberRange] = field(default_factory=dict)
    # None: open at every hour of every day.
    hours: "OpeningHours | None" = None
    languages: tuple[str, ...] = ("id", "en")
    day_starts_minute: int = 0
    board_text: Names = field(default_factory=dict)
    # What people are told while a system is disturbed; empty: our own words.
    disturbance_text: Names = field(default_factory=dict)
    paper_footer: tuple[Names, ...] = ()
    # The form of the ticket (``protocol.paper_form``) and its logo, a PNG in base64; empty: ours.
    paper_form: str = ""
    paper_logo: str = ""
    link_base_url: str = ""
    door: DoorCatalogue = field(default_factory=DoorCatalogue)
    # Per display, where it does not show everything.
    zones: Mapping[str, Zone] = field(default_factory=dict)
    # Per letter of a service: so many places in each window can be booked from home.
    booking_places: Mapping[str, int] = field(default_factory=dict)

    def business_date(self, now_ms: int) -> date:
        """The day that an instant belongs to, by the branch's own clock."""
        local = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(self.time_zone)
        return (local.replace(tzinfo=None) - timedelta(minutes=self.day_starts_minute)).date()

    def knows(self, choice: str, code: str) -> bool:
        """Whether a coded field may take this code."""
        return any(known.code == code for known in self.choices.get(choice, ()))

    def zone_of(self, display: str) -> Zone:
        """What a display is for."""
        return self.zones.get(display, EVERYWHERE)

    def service_is_served(self, code: str) -> bool:
        """Whether any counter may serve this service."""
        return any(code in counter.services for counter in self.counters.values())
