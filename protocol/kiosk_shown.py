"""Nouns of the visitor's side: the lease of numbers, calls for a person, what a branch set."""

from datetime import date, datetime

from msgspec import Struct

from protocol.asking import Names


class LeasedRange(Struct, kw_only=True, frozen=True):
    """Serials of one series that this kiosk alone may give: ``first`` to ``last``, each once."""

    series: str
    first: int
    last: int


class OpenSpan(Struct, kw_only=True, frozen=True):
    """A stretch in which visitors get numbers; it has no end where ``ends_at`` is null."""

    begins_at: datetime
    ends_at: datetime | None = None


class LeasedService(Struct, kw_only=True, frozen=True):
    """What a kiosk needs to know to give a number of a service by itself.

    ``series`` is that of its regular tickets, ``priority_series`` that of priority ones.
    ``hours``: when visitors get numbers, in the days of the lease.
    """

    code: str
    series: str
    priority_series: str
    hours: list[OpenSpan]
    papers: list[Names] = []


class NumberLease(Struct, kw_only=True, frozen=True):
    """A kiosk's own numbers: series letter, kiosk letter, digits (``AK012``).

    They count from ``first`` of each range on every business day; ``ranges`` are those of
    ``business_date``, which may begin later because some are used. The lease is good until
    ``valid_until``; on a later day each range begins at 1 again.
    """

    lease: str
    letter: str
    business_date: date
    valid_until: datetime
    day_starts_at: str
    number_width: int
    ranges: list[LeasedRange]
    services: list[LeasedService]
    footer: list[Names] = []


class HelpCall(Struct, kw_only=True, frozen=True):
    """Somebody asks for a person: where, why, since when, and who goes there.

    ``answered_by`` is a name for the staff; a kiosk is told "an officer" in the branch's language.
    """

    call: str
    device: str
    reason: str
    since: datetime
    answered_by: str | None = None
    answered_at: datetime | None = None


class KioskRules(Struct, kw_only=True, frozen=True):
    """What a branch lets its kiosks ask.

    ``priority_claim``: whether visitors say themselves that they have priority (K3); ``identity``:
    whether a NIK is asked for, which may always be skipped (K4); ``home``: whether it is told
    before the number what can be done from home.
    """

    priority_claim: bool = False
    identity: bool = False
    home: bool = True
    large_text: bool = True
    speech: bool = True
    # After so many days a NIK that was typed is erased.
    identity_days: int = 30
    # Whether places are booked from home, so that people check in here (``CheckIn``).
    booking: bool = False


class DayPart(Struct, kw_only=True, frozen=True):
    """From a time of day (``HH:MM``, local) on the voice has this volume; 0 is quiet."""

    begins_at: str
    volume_percent: int


class VoiceRules(Struct, kw_only=True, frozen=True):
    """How a branch wants its calls spoken.

    ``reading``: ``digits`` or ``number``. ``service_word``: after the letter, ``alike`` for
    letters that sound alike, ``always`` or ``never``. ``last_call``: from this call of a ticket
    on it is said to be the last. ``day_parts`` in the order of the clock. ``self_test_at``: when
    each morning the voice proves itself, empty for never.
    """

    reading: str = "digits"
    service_word: str = "alike"
    last_call: int | None = None
    day_parts: list[DayPart] = []
    self_test_at: str = ""


class PaperTemplate(Struct, kw_only=True, frozen=True):
    """The branch's own form of its ticket: the text of ``kiosk.paper_template``, a logo (PNG,
    base64, black on white), and how many papers come out of each issue."""

    text: str = ""
    logo: str = ""
    copies: int = 1


class ServiceStandard(Struct, kw_only=True, frozen=True):
    """The published standard of a service (UU 25/2009, the part that is to be shown)."""

    requirements: list[Names] = []
    procedure: Names = {}
    time: Names = {}
    cost: Names = {}
    product: Names = {}
    complaints: Names = {}
