"""Seals what is personal with the branch's key: AES-SIV, and HMAC-SHA256 to know a person again.

AES-SIV (RFC 5297) needs no nonce, so none can repeat; the record's kind and id are bound in, so
that a sealed row cannot be moved to another record.
"""

import hashlib
import hmac
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from server.ports import SealBrokenError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

KEY_BYTES = 32
_fields_of = msgspec.json.Decoder(dict[str, str]).decode


class KeySealer:
    """The sealer over one secret of 32 bytes; its parts get keys of their own from it."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a branch's key has {KEY_BYTES} bytes")
        self._key = key
        self._mark_key = self._derive(b"fingerprint")[:32]

    @property
    def name(self) -> str:
        """What people compare two copies of a key by; it gives nothing of the key away."""
        marks = self._derive(b"name").hex()
        return "-".join(marks[at : at + 4] for at in range(0, 16, 4))

    def __repr__(self) -> str:  # a key must not reach a log or a crash note
        return f"KeySealer({self.name})"

    def seal(self, kind: str, record_id: str, fields: Mapping[str, str]) -> bytes:
        """The fields under seal, bound to this record."""
        plain = msgspec.json.encode(dict(fields))
        return self._cipher.encrypt(plain, [kind.encode(), record_id.encode()])

    def open(self, kind: str, record_id: str, sealed: bytes) -> dict[str, str]:
        """The fields again."""
        # Asked for when something personal is looked at: it takes 40 ms to import.
        from cryptography.exceptions import InvalidTag

        try:
            plain = self._cipher.decrypt(sealed, [kind.encode(), record_id.encode()])
        except (InvalidTag, ValueError) as error:
            raise SealBrokenError(f"{kind} {record_id}") from error
        return _fields_of(plain)

    def fingerprint(self, kind: str, value: str) -> bytes:
        """The same for the same person; nothing without the key."""
        return hmac.digest(self._mark_key, f"{kind}:{value}".encode(), "sha256")

    @cached_property
    def _cipher(self) -> "AESSIV":
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV

        return AESSIV(self._derive(b"seal"))

    def _derive(self, purpose: bytes) -> bytes:
        return hashlib.blake2b(b"antrean 1 " + purpose, key=self._key).digest()
