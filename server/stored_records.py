"""What the store gives back beside the domain's own objects, as plain data."""

from dataclasses import dataclass

from server.domain.branch import ALL_SERVICES
from server.domain.events import Recorded


@dataclass(frozen=True, slots=True)
class RememberedAnswer:
    """What a command was answered; ``command_id`` are the 16 bytes of its UUID (law I6)."""

    command_id: bytes
    device: str
    body_digest: bytes
    answer: bytes
    at_ms: int
    business_date: str


@dataclass(frozen=True, slots=True)
class LoadedDay:
    """The last day that was opened, as the disk has it; no day at all when the date is None."""

    business_date: str | None
    entries: list[Recorded]
    last_seq: int
    last_hash: bytes
    last_at_ms: int


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    """A device of the branch; ``token_hash`` is the sha256 of its token, in hex."""

    name: str
    role: str
    token_hash: str
    counter: int | None
    added_at_ms: int
    revoked_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class StaffRecord:
    """A person who may sign in; ``pin_hash`` is argon2id's own text."""

    code: str
    name: str
    role: str
    pin_hash: str
    disabled: bool
    added_at_ms: int
    services: str = f'["{ALL_SERVICES}"]'
    preference: str = "{}"
    password_hash: str | None = None


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it lies there: ``recorded`` is None if it cannot be read any more.

    ``link`` are the bytes that its ``hash`` was taken over, after the hash before it.
    """

    seq: int
    business_date: str
    recorded: Recorded | None
    link: bytes
    hash: bytes
