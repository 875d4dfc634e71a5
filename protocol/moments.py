"""Moments: told once, and again after a reconnect while they are still due."""

from datetime import datetime

from msgspec import Struct

from protocol.asking import Names
from protocol.door_shown import SlipBlock
from protocol.shown import Estimate, Ticket


class Announcement(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """Call this number: every display of its zone shows it and one speaks it."""

    announcement: str
    number: str
    counter: int
    call_count: int
    languages: list[str]
    expires_at: datetime
    # The ticket's service: spoken after letters that sound alike.
    service: str = ""


class AnnouncementWithdrawn(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """The call was taken back: stop speaking it and do not show it any more."""

    announcement: str
    number: str
    counter: int


class TicketToPrint(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """A paper to print; ``copy`` above 1 is marked CETAK ULANG. No name, no identity number."""

    job: str
    copy: int
    ticket: Ticket
    branch: str
    time_zone: str
    service_name: Names
    people_ahead: int
    estimate: Estimate | None
    papers: list[Names]
    link: str | None
    footer: list[Names]
    language: str
    # Made by the kiosk itself without a link: nobody knows how many are ahead.
    offline: bool = False


class SlipToPrint(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """A slip to print that is no ticket; ``ConfirmPrint`` says what became of ``job``.

    ``kind``: code, channel, office, return or complaint. No name, no identity number.
    """

    job: str
    copy: int
    kind: str
    branch: str
    time_zone: str
    title: Names
    made_at: datetime
    blocks: list[SlipBlock]
    # What the kiosk asks for, in large type, and also as a QR.
    code: str | None
    valid_until: datetime | None
    qr: str | None
    footer: list[Names]
    language: str


class RatingInvitation(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """A visitor has been served: ask for a rating."""

    ticket: str
    counter: int
    number: str = ""
    # Where a review may be written afterwards, as a QR; empty: nowhere.
    review_link: str = ""
    # The language that the visitor chose; empty: not known.
    language: str = ""


class OfficerCall(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """Somebody at a device asks for a person: ring."""

    call: str
    device: str
    reason: str
    since: datetime


class SignedOut(Struct, tag=True, tag_field="type", kw_only=True, frozen=True):
    """The person at this device is signed out; ``reason`` is a code.

    To the pages: ``session`` is the hash (SHA-256, hex) of the session's secret that is over.
    """

    reason: str
    message: str = ""
    session: str | None = None
