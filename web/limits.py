"""How fast one address may ask: a flood from the street must cost the flooder, not the branch."""

from collections import OrderedDict
from dataclasses import dataclass

ADDRESSES_MAX = 20_000


@dataclass(slots=True)
class _Bucket:
    level: float
    at_s: float


class Limit:
    """Lets ``burst`` through at once and ``per_s`` in the long run, per key."""

    def __init__(self, per_s: float, burst: float) -> None:
        self._per_s = per_s
        self._burst = burst
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key: str, now_s: float, cost: float = 1.0) -> float:
        """0 when it may pass now, else the seconds to wait."""
        bucket = self._buckets.get(key)
        if bucket is None:
            # Bounded (I14): whoever was silent longest is forgotten first.
            if len(self._buckets) >= ADDRESSES_MAX:
                self._buckets.popitem(last=False)
            bucket = self._buckets[key] = _Bucket(self._burst, now_s)
        self._buckets.move_to_end(key)
        bucket.level = min(self._burst, bucket.level + (now_s - bucket.at_s) * self._per_s)
        bucket.at_s = now_s
        if bucket.level >= cost:
            bucket.level -= cost
            return 0.0
        return (cost - bucket.level) / self._per_s

    def wait_s(self, key: str, now_s: float, cost: float = 1.0) -> float:
        """The seconds until it could pass; nothing is taken."""
        bucket = self._buckets.get(key)
        if bucket is None:
            return 0.0
        level = min(self._burst, bucket.level + (now_s - bucket.at_s) * self._per_s)
        return max(0.0, (cost - level) / self._per_s)


class WrongLinks:
    """Against guessing of links (F55): whoever guessed wrong too often is told the same of every
    link that was not opened from there before, right or wrong.

    A hall behind one address may open as many right ones as it likes, and whoever has their page
    open keeps it whatever a neighbour guesses.
    """

    def __init__(self, per_s: float, burst: float) -> None:
        self._limit = Limit(per_s, burst)
        self._opened: OrderedDict[tuple[str, str], None] = OrderedDict()

    def wait_s(self, address: str, link: str, now_s: float) -> float:
        """0 when the link may be looked up for this address now, else the seconds to wait."""
        if (address, link) in self._opened:
            return 0.0
        return self._limit.wait_s(address, now_s)

    def was_wrong(self, address: str, now_s: float) -> None:
        """It led nowhere."""
        self._limit.take(address, now_s)

    def was_right(self, address: str, link: str) -> None:
        """It led to a page."""
        if (address, link) not in self._opened:
            self._opened[address, link] = None
            if len(self._opened) > ADDRESSES_MAX:  # bounded (I14)
                self._opened.popitem(last=False)


class Limits:
    """The limits of the pages, each by address."""

    def __init__(self) -> None:
        # A whole hall may stand behind one address of the branch's Wi-Fi.
        self.pages = Limit(per_s=50.0, burst=400.0)
        # Links that lead nowhere: nobody types 128 bits wrong ten times a minute.
        self.wrong_links = WrongLinks(per_s=1 / 6, burst=20.0)
        # Cookies that this program does not know cost the server a question each.
        self.unknown_sessions = Limit(per_s=1 / 6, burst=20.0)
        self.sign_ins = Limit(per_s=1 / 10, burst=10.0)
        self.deeds = Limit(per_s=2.0, burst=60.0)
        self.bookings = Limit(per_s=1 / 60, burst=10.0)
