"""PINs as argon2id hashes (OWASP's least: 19 MiB, two passes). The library is asked for late."""

from functools import cache
from typing import Any

MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1


@cache
def _hasher() -> Any:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


def hash_pin(pin: str) -> str:
    """The text to keep instead of a PIN."""
    kept: str = _hasher().hash(pin)
    return kept


def verify_pin(kept: str, pin: str) -> bool:
    """Whether a PIN is the one behind a kept text; takes some 30 ms by design."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return bool(_hasher().verify(kept, pin))
    except (VerificationError, InvalidHashError):
        return False


def decoy_hash() -> str:
    """A hash that no PIN opens, to spend the same time on people who do not exist."""
    import secrets

    return hash_pin(secrets.token_hex(16))
