"""Snapshots: whole, and right after any one of them."""

from datetime import date, datetime

from msgspec import Struct

from protocol.answers import PreviewEntry
from protocol.asking import Names
from protocol.door_shown import (
    ComplaintCounts,
    Disturbance,
    DoorTotals,
    RecentScreening,
    ScreeningFacts,
)
from protocol.kiosk_shown import HelpCall
from protocol.shown import Estimate, SignedIn, Ticket


class KioskService(Struct, kw_only=True, frozen=True):
    """One tile of the kiosk. ``why`` says in words why it is closed, per language.

    At the door an open service may have a ``why``, too: visitors get no number there any more,
    but the officer may still give one.
    """

    code: str
    open: bool
    why: Names | None
    waiting: int
    estimate: Estimate | None
    numbers_left: int | None
    # True when the numbers left are so few that people should be told.
    closing: bool = False


class KioskSnapshot(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """What the kiosk shows before a touch.

    ``why``: why no service at all gives numbers now, and on a second line when one does again.
    """

    revision: int
    services: list[KioskService]
    total: int
    waiting: int = 0
    why: Names | None = None
    # ``open``, or ``screened``: a number only with the code of an officer's slip.
    mode: str = "open"
    disturbance: Disturbance | None = None
    # Calls for a person that stand, of all devices.
    help: list[HelpCall] = []
    # Channels of ``Welcome.door`` that can be used at this moment: open and not disturbed.
    channels_open: list[str] = []


class BoardCall(Struct, kw_only=True, frozen=True):
    """One row of the TV. ``id`` joins it to an ``Announcement`` of the same call."""

    number: str
    counter: int
    state: str
    called_at: datetime
    call_count: int
    priority: bool = False


class WaitingCount(Struct, kw_only=True, frozen=True):
    """How many wait for a service."""

    service: str
    count: int
    estimate: Estimate | None
    oldest_issued_at: datetime | None = None


class MissedNumber(Struct, kw_only=True, frozen=True):
    """A number for which nobody came, and until when it may come back."""

    number: str
    valid_until: datetime


class BoardSnapshot(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """What the TV shows; calls newest first, each ticket once."""

    revision: int
    calls: list[BoardCall]
    total: int
    waiting: list[WaitingCount]
    missed: list[MissedNumber]
    text: Names
    disturbance: Disturbance | None = None
    # The services of this display's zone; empty: all.
    zone: list[str] = []


class PaperlessTicket(Struct, kw_only=True, frozen=True):
    """Who waits without paper: ``failed``, ``unknown``, ``none``, or ``pending`` for too long."""

    ticket: str
    number: str
    print: str
    issued_at: datetime
    service: str = ""


class Rateable(Struct, kw_only=True, frozen=True):
    """Whose rating this counter may still ask for on its own screen (``RateService``)."""

    ticket: str
    number: str
    until: datetime
    # Where a review may be written afterwards, as a QR; empty: nowhere.
    review_link: str = ""


class LineEntry(Struct, kw_only=True, frozen=True):
    """A waiting ticket as a counter sees it. ``why`` explains its place, per language."""

    ticket: str
    number: str
    service: str
    priority: str
    issued_at: datetime
    place: int
    why: Names
    print: str
    needs: list[str] = []
    weight: int = 1
    # How many later arrivals were called before it.
    overtakes: int = 0
    estimate: Estimate | None = None


class ParkedEntry(Struct, kw_only=True, frozen=True):
    """A parked ticket: why, since when, who did it, and when to look after it."""

    ticket: str
    number: str
    service: str
    reason: str
    parked_at: datetime
    counter: int | None
    staff: str | None
    alarm_at: datetime | None


class MissedEntry(Struct, kw_only=True, frozen=True):
    """A missed number that may still come back, as the staff sees it."""

    ticket: str
    number: str
    service: str
    valid_until: datetime


class Undoable(Struct, kw_only=True, frozen=True):
    """The last move of this counter, while it can be taken back with ``UndoLast``."""

    event: str
    number: str
    until: datetime


class StaffPresence(Struct, kw_only=True, frozen=True):
    """Somebody who is signed in, to whom a visitor may be handed on."""

    staff: str
    name: str
    counter: int | None


class CounterView(Struct, kw_only=True, frozen=True):
    """A counter: ``open``, ``paused`` or ``closed``, since when, and what it holds."""

    number: int
    state: str
    since: datetime | None
    reason: str | None
    staff: str | None
    ticket: str | None
    ticket_state: str | None
    services: list[str]
    # serving, idle-with-line, idle: what an open counter does; empty while it is not open.
    activity: str = ""
    preference: dict[str, int] = {}
    # Who sits there. ``ticket`` is the number of what it holds; its id, service and since when.
    staff_name: str = ""
    ticket_id: str | None = None
    ticket_service: str | None = None
    ticket_since: datetime | None = None


class QueueSnapshot(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """What a frontliner sees: my counter, my ticket, the line of my services, the others."""

    revision: int
    signed_in: SignedIn | None
    counter: CounterView | None
    ticket: Ticket | None
    line: list[LineEntry]
    total: int
    waiting: list[WaitingCount]
    counters: list[CounterView]
    finished_today: int = 0
    average_service_s: int | None = None
    last_finished: str | None = None
    parked: list[ParkedEntry] = []
    missed: list[MissedEntry] = []
    undo: Undoable | None = None
    colleagues: list[StaffPresence] = []
    # Who would be called now, by which rule; null when nobody is.
    next: PreviewEntry | None = None
    # How often the ticket that I hold may still be called again; null: no limit.
    recalls_left: int | None = None
    # From when this counter may help other lines, and how many wait there.
    help_from: datetime | None = None
    waiting_elsewhere: int = 0
    # What the door captured of the visitor whose ticket I hold; ``GetScreening`` has the note.
    screening: ScreeningFacts | None = None
    disturbance: Disturbance | None = None
    complaints: ComplaintCounts | None = None
    # What became of the last call of the ticket that I hold: waiting, spoken, shown, failed or
    # late (nobody said anything); null while nothing is called.
    call_voice: str | None = None
    without_paper: list[PaperlessTicket] = []
    without_paper_total: int = 0
    # The kiosks that are there, at which a paper may be asked for.
    kiosks: list[str] = []
    rateable: Rateable | None = None
    help: list[HelpCall] = []


class DeviceHealth(Struct, kw_only=True, frozen=True):
    """Whether a device is there; ``since`` is when that last changed."""

    device: str
    role: str
    connected: bool
    since: datetime | None
    program: str = ""
    # What the device says of itself: ok, low, out, cover, fault or unknown; null: it said nothing.
    paper: str | None = None
    tickets_left: int | None = None
    # ok, muted, failed or unknown.
    voice: str | None = None


class ScreeningSnapshot(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """What the officer at the door sees: the hall and the devices."""

    revision: int
    signed_in: SignedIn | None
    waiting: list[WaitingCount]
    services: list[KioskService]
    counters: list[CounterView]
    devices: list[DeviceHealth]
    without_paper: list[PaperlessTicket]
    total: int
    kiosk_mode: str = "open"
    # Channels and offices that are open now and not disturbed.
    channels_open: list[str] = []
    offices_open: list[str] = []
    recent: list[RecentScreening] = []
    today: DoorTotals | None = None
    disturbance: Disturbance | None = None
    complaints: ComplaintCounts | None = None
    help: list[HelpCall] = []


class Totals(Struct, kw_only=True, frozen=True):
    """The day in figures; ``issued`` is always the sum of the others."""

    issued: int
    waiting: int
    called: int
    serving: int
    parked: int
    finished: int
    no_show: int
    cancelled: int
    expired: int


class ServiceTotals(Struct, kw_only=True, frozen=True):
    """The same for one service."""

    service: str
    totals: Totals


class Alert(Struct, kw_only=True, frozen=True):
    """Something that wants a person's eye: a code and what it is about.

    ``subject`` is for people; ``ticket``, ``counter``, ``device``, ``service``: what it opens.
    """

    code: str
    subject: str
    message: Names
    ticket: str | None = None
    counter: int | None = None
    device: str | None = None
    service: str | None = None


class BookingCounts(Struct, kw_only=True, frozen=True):
    """Today's places from home: those who have yet to come, and what became of the others."""

    open: int
    checked_in: int
    cancelled: int
    lapsed: int


class HallSnapshot(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """What the manager sees: everything live."""

    revision: int
    signed_in: SignedIn | None
    business_date: date
    totals: Totals
    services: list[ServiceTotals]
    waiting: list[WaitingCount]
    counters: list[CounterView]
    devices: list[DeviceHealth]
    alerts: list[Alert]
    total: int
    discipline: str = ""
    priority_in_a_row: int = 1
    regular_in_a_row: int = 2
    closed: bool = False
    signed_by: str | None = None
    paused_services: list[str] = []
    today_at_door: DoorTotals | None = None
    disturbance: Disturbance | None = None
    complaints: ComplaintCounts | None = None
    help: list[HelpCall] = []
    # What a manager posted to the TV instead of the branch's own line, and until when.
    posted_text: Names | None = None
    posted_until: datetime | None = None
    # Null where nobody books from home.
    bookings: BookingCounts | None = None
    # The branch's own time when this was so: what a page reckons "since" by.
    server_time: datetime | None = None
