"""What every word that asks is made of: the fields, who may say it, and the first frame.

``id`` is made by the client once per intention; a retry repeats it.
"""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import Meta, Struct

from protocol.roles import DeviceRole

Names = dict[str, str]
"""One name in several languages: language code to text."""

TicketId = Annotated[str, Meta(min_length=1, max_length=64)]
Link = Annotated[str, Meta(min_length=16, max_length=64)]
"""The secret in the address of a ticket's or a booking's own page."""
SessionId = Annotated[str, Meta(min_length=16, max_length=64)]
"""What ``OpenSession`` gave: a manager who is signed in with a browser."""
Code = Annotated[str, Meta(min_length=1, max_length=40)]
Codes = Annotated[list[Code], Meta(max_length=20)]
Note = Annotated[str, Meta(max_length=1000)]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}\Z")]
CounterNumber = Annotated[int, Meta(ge=1, le=999)]
Persons = Annotated[int, Meta(ge=1, le=50)]
Priority = Literal["none", "elderly", "disability", "pregnant", "infant", "urgent"]
Discipline = Literal["first-come", "ratio", "due-time"]
Row = Annotated[int, Meta(ge=1, le=100)]
Level = Annotated[int, Meta(ge=1, le=9)]
KIOSK = DeviceRole.KIOSK
COUNTER = DeviceRole.COUNTER
SCREENING = DeviceRole.SCREENING
DISPLAY = DeviceRole.DISPLAY
RATING = DeviceRole.RATING
MANAGER = DeviceRole.MANAGER
WEB = DeviceRole.WEB


class Hello(Struct, tag=True, tag_field="type", forbid_unknown_fields=True, kw_only=True):
    """Opens a connection: who I am, and the token that proves it."""

    protocol: int
    role: DeviceRole
    device: Annotated[str, Meta(min_length=1, max_length=64)]
    token: Annotated[str, Meta(min_length=1, max_length=200)]
    program: Annotated[str, Meta(max_length=100)] = ""
    language: Language = "id"


class Command(
    Struct,
    tag=True,
    tag_field="type",
    forbid_unknown_fields=True,
    kw_only=True,
    frozen=True,
):
    """What every command has. ``roles`` are the devices that may say it."""

    roles: ClassVar[frozenset[DeviceRole]] = frozenset()
    # A PIN is never stored, so signing in and out stand outside the command memory.
    remembered: ClassVar[bool] = True
    # Whether it may carry personal data, which no digest and no log may give away.
    personal: ClassVar[bool] = False
    id: UUID


class Query(Command, kw_only=True, frozen=True):
    """What every query has; it is answered with ``Answer``."""

    remembered = False
    # Whether it waits for somebody outside of the branch, who may take longer than a good link.
    asks_outside: ClassVar[bool] = False
