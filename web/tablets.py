"""Browsers that a manager made the hall's survey tablet: a signed leave of thirty days, which a
new epoch takes back from all of them at once."""

import contextlib
import os
from collections import OrderedDict
from pathlib import Path

from web.own_key import signed, unsigned

PURPOSE = "tablet"
GOOD_S = 30 * 24 * 3600
SENT_MOST = 1000


class Tablets:
    """``path`` holds the epoch; leaves of an earlier one are void."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path, self._key = path, key
        self._epoch = _read(path)
        self._sent: OrderedDict[str, None] = OrderedDict()

    def new_leave(self, now_s: float) -> str:
        """What stands in the tablet's address."""
        return signed(self._key, PURPOSE, f"{self._epoch}-{int(now_s) + GOOD_S}")

    def is_good(self, leave: str, now_s: float) -> bool:
        """Whether we gave it, in this epoch, and not too long ago."""
        value = unsigned(self._key, PURPOSE, leave)
        if value is None:
            return False
        epoch, _, until_s = value.partition("-")
        return epoch == str(self._epoch) and until_s.isdecimal() and now_s < int(until_s)

    def revoke_all(self) -> None:
        """From now on no leave that was given before is good, also after a restart."""
        self._epoch += 1
        fresh = self._path.with_name(f"{self._path.name}.new")
        with fresh.open("w", encoding="ascii") as file:
            file.write(str(self._epoch))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)

    def is_first(self, form: str) -> bool:
        """Whether this form was not sent before: a double tap is one answer."""
        if form in self._sent:
            return False
        self._sent[form] = None
        if len(self._sent) > SENT_MOST:  # bounded (I14)
            self._sent.popitem(last=False)
        return True


def _read(path: Path) -> int:
    with contextlib.suppress(FileNotFoundError, ValueError):
        return int(path.read_text(encoding="ascii"))
    return 1
