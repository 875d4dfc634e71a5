"""What is lent to kiosks for when they have no link, as the day knows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KioskLease:
    """A kiosk's lease of today; ``ranges`` by series: first and last serial."""

    lease: str
    device: str
    letter: str
    ranges: dict[str, tuple[int, int]]
    valid_until_ms: int
    leased_at_ms: int


@dataclass(frozen=True, slots=True)
class LeasedSeries:
    """A series that belongs to one kiosk for ever: since when, and its highest serial ever lent.

    ``business_date`` and ``since_ms`` are those of its first lease.
    """

    series: str
    device: str
    letter: str
    last: int
    business_date: str
    since_ms: int


@dataclass(frozen=True, slots=True)
class MergedEarlier:
    """A ticket that was merged today and belongs to an earlier day."""

    ticket: str
    of_date: str
    number: str
    series: str
    serial: int
