"""The pages' own key: signs what browsers bring back (the tablet's leave, a booker's mark)."""

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

KEY_BYTES = 32


def own_key(path: Path) -> bytes:
    """The key in a file that only its owner reads; made where there is none."""
    with contextlib.suppress(FileNotFoundError):
        if len(key := path.read_bytes()) == KEY_BYTES:
            return key
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key := secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return key


def signed(key: bytes, purpose: str, value: str) -> str:
    """A value with its signature; good for one purpose."""
    return f"{value}.{_mark(key, purpose, value)}"


def unsigned(key: bytes, purpose: str, given: str) -> str | None:
    """The value again, or None if we never signed it for this."""
    value, _, mark = given.rpartition(".")
    # As bytes: anybody may send letters that a comparison of texts refuses with an error.
    wanted = _mark(key, purpose, value)
    is_ours = hmac.compare_digest(mark.encode(errors="replace"), wanted.encode())
    return value if is_ours else None


def _mark(key: bytes, purpose: str, value: str) -> str:
    said = f"{purpose}:{value}".encode(errors="replace")
    return hmac.new(key, said, hashlib.sha256).hexdigest()[:40]
