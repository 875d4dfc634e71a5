"""The PIN that closes a locked kiosk: as it stands in the settings, and how it is checked.

``scrypt:SALT:HASH`` (hexadecimal), as ``antrean-kiosk --hash-pin`` writes it, or plain digits.
"""

import re

_PLAIN = re.compile(r"[0-9]{4,12}")
_HASHED = re.compile(r"scrypt:([0-9a-f]{32}):([0-9a-f]{64})")


class ExitPinError(ValueError):
    """The setting holds no PIN; the text says what to write."""


def check_setting(stored: str) -> None:
    """Raises ExitPinError if the setting can never match a PIN."""
    if stored and not (_PLAIN.fullmatch(stored) or _HASHED.fullmatch(stored)):
        raise ExitPinError(
            "exit_pin must be 4 to 12 digits, or the line that antrean-kiosk --hash-pin writes."
        )


def hash_pin(pin: str) -> str:
    """The PIN in a form that does not tell it; raises ExitPinError."""
    if not _PLAIN.fullmatch(pin):
        raise ExitPinError("A PIN is 4 to 12 digits.")
    import secrets

    salt = secrets.token_bytes(16)
    return f"scrypt:{salt.hex()}:{_hash(pin, salt).hex()}"


def pin_matches(stored: str, given: str) -> bool:
    """Whether these digits are the PIN; takes about 50 ms for a hashed one."""
    # Here, not above: they load a whole crypto library, which nobody needs for the first picture.
    import hmac

    found = _HASHED.fullmatch(stored)
    if found is None:
        return bool(stored) and hmac.compare_digest(stored.encode(), given.encode())
    salt, expected = (bytes.fromhex(part) for part in found.groups())
    return hmac.compare_digest(_hash(given, salt), expected)


def _hash(pin: str, salt: bytes) -> bytes:
    import hashlib

    return hashlib.scrypt(pin.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
