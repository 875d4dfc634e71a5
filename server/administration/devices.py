"""The branch's devices and their tokens. A token is shown once; only its hash is kept."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict

from db import tables as t
from db.rows import change_row, put_row
from protocol.roles import DeviceRole
from server.administration.refusal import RefusedError
from server.store import DeviceRecord, Store

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
TOKEN_BYTES = 32


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_devices(
    store: Store, names: Sequence[str], role: DeviceRole, counter: int | None, now_ms: int
) -> list[tuple[str, str]]:
    """Add devices and return each name with its token; a known name gets a new token."""
    for name in names:
        if NAME.fullmatch(name) is None:
            raise RefusedError(
                f"{name!r} is no name for a device: use up to 64 letters, digits, '.', '_' or '-'."
            )
    if len(set(names)) != len(names):
        raise RefusedError("A name stands there twice: every device needs a name of its own.")
    if counter is not None and counter not in (known := store.load_branch().counters):
        raise RefusedError(
            f"There is no counter {counter}: this branch has {', '.join(map(str, known))}. "
            "Counters are added with a catalogue."
        )
    tokens = [(name, new_token()) for name in names]
    with store.database.writing() as connection:
        for name, token in tokens:
            record = DeviceRecord(name, role.value, token_hash(token), counter, now_ms)
            put_row(connection, t.device, store.branch_code, asdict(record))
    return tokens


def new_token() -> str:
    """A token that a command line takes: one that begins with a dash looks like an option."""
    while (token := secrets.token_urlsafe(TOKEN_BYTES)).startswith("-"):
        pass
    return token


def list_devices(store: Store) -> list[str]:
    """One line per device."""
    lines = []
    for device in store.devices():
        counter = f" counter {device.counter}" if device.counter is not None else ""
        revoked = " revoked" if device.revoked_at_ms is not None else ""
        lines.append(f"{device.name} {device.role}{counter}{revoked}")
    return lines


def revoke_device(store: Store, name: str, now_ms: int) -> None:
    """Let a device in no more."""
    with store.database.writing() as connection:
        if not change_row(
            connection, t.device, store.branch_code, {"name": name}, revoked_at_ms=now_ms
        ):
            raise RefusedError(f"There is no device {name!r}; 'device list' shows all.")
