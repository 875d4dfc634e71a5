"""What the pages are shown: a visitor's own ticket, bookings, sessions, staffing."""

from datetime import date, datetime

from msgspec import Struct

from protocol.asking import Names
from protocol.shown import Estimate


class VisitView(Struct, kw_only=True, frozen=True):
    """A ticket as its visitor's phone shows it: no name, nothing of anybody else.

    ``two_left``: so few people stand before this one that it is time to come near.
    ``dies_at``: when the page is dead, once that is known (close + 1 h).
    """

    link: str
    ticket: str
    number: str
    service: str
    service_name: Names
    state: str
    business_date: date
    issued_at: datetime
    people_ahead: int | None
    estimate: Estimate | None
    last_called: str | None
    counter: int | None = None
    called_at: datetime | None = None
    call_count: int = 0
    two_left: bool = False
    papers: list[Names] = []
    language: str = "id"
    # After a missed call: until when, and behind how many, it may come back.
    valid_until: datetime | None = None
    comes_back_behind: int = 0
    may_cancel: bool = False
    may_rate: bool = False
    rated: int | None = None
    may_answer_survey: bool = False
    review_link: str = ""
    # Where the waiting is now: how many wait for the service, and how many counters serve it.
    waiting: int = 0
    counters_open: int = 0
    dies_at: datetime | None = None


class BookingWindow(Struct, kw_only=True, frozen=True):
    """A stretch of today in which a service takes people who booked."""

    service: str
    service_name: Names
    window_from: datetime
    window_until: datetime
    left: int


class BookingView(Struct, kw_only=True, frozen=True):
    """A place for today; ``state`` is booked, checked-in, cancelled or lapsed.

    It may be checked in from ``check_in_from`` until ``check_in_until``.
    """

    booking: str
    code: str
    link: str
    service: str
    service_name: Names
    state: str
    window_from: datetime
    window_until: datetime
    check_in_from: datetime
    check_in_until: datetime
    papers: list[Names] = []
    # Once checked in: the link of the ticket's own page, and its number.
    ticket_link: str | None = None
    number: str | None = None
    language: str = "id"


class SessionView(Struct, kw_only=True, frozen=True):
    """Somebody who is signed in with a browser; ``handle`` names it without opening anything."""

    handle: str
    staff: str
    name: str
    where: str
    opened_at: datetime
    mine: bool


class StaffingHint(Struct, kw_only=True, frozen=True):
    """A line now and with one more counter that serves it alone; seconds from now to the calls.

    ``longest_now_s`` and ``average_now_s`` are null while no open counter serves the line.
    ``counter`` is a closed or paused one that may serve it, null when there is none.
    """

    service: str
    waiting: int
    longest_now_s: int | None
    longest_then_s: int
    average_now_s: int | None
    average_then_s: int
    counter: int | None = None


class TicketSpan(Struct, kw_only=True, frozen=True):
    """A stretch of a ticket in one state; ``until`` null: still so."""

    state: str
    since: datetime
    until: datetime | None
    counter: int | None = None
    staff: str | None = None
    service: str = ""


class PageRules(Struct, kw_only=True, frozen=True):
    """What the branch set for its pages."""

    idle_s: int
    session_s: int
    phone_page: bool
    booking: bool
    survey: bool
    survey_instrument: str
    survey_weight: str
    survey_population: int | None
    review_link: str
    visit_cost_rp: int
    report_folder: str
    report_formats: list[str]
    report_send_at: str
    report_mail_to: list[str]
    report_language: str
    grace_s: int
    grace_places: int
