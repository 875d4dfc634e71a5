"""New identifiers: UUIDs in the order of their making, and secrets."""

import secrets

from server.ports import Clock

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62
_COUNTER_MAX = 0xFFF


class UuidIds:
    """UUIDs of version 7 (RFC 9562): the clock's milliseconds, a counter, chance.

    Rows that are inserted in this order lie in this order in the database.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._at_ms = 0
        self._counter = 0

    def new_id(self) -> str:
        """A UUID that sorts behind every one made before it."""
        now_ms = self._clock.now_ms()
        if now_ms > self._at_ms:
            self._at_ms, self._counter = now_ms, 0
        elif self._counter < _COUNTER_MAX:
            self._counter += 1
        else:  # more than 4096 in one millisecond: borrow the next one
            self._at_ms, self._counter = self._at_ms + 1, 0
        number = (
            self._at_ms << 80 | _VERSION_7 | self._counter << 64 | _VARIANT | secrets.randbits(62)
        )
        text = f"{number:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def new_secret(self) -> str:
        """128 bits that nobody can guess, fit for an address."""
        return secrets.token_urlsafe(16)

    def new_code(self) -> str:
        """Six digits that nobody can guess, all alike likely; they may come again."""
        return f"{secrets.randbelow(1_000_000):06d}"
