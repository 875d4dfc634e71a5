"""Whether a call still stands as far as the board knows: nothing void is spoken (I10).

Plain Python, and time is given.
"""

from collections import OrderedDict
from typing import Literal

from protocol.messages import Announcement, BoardCall, BoardSnapshot

SNAPSHOT_DUE_S = 0.3
"""Snapshots are merged over 100 ms, announcements are not: until then a board without the number
does not mean that the call was taken back."""

MAX_SEEN = 1024

Standing = Literal["due", "arrived", "gone"]
"""Still called, its visitor has come (or was called again), or void."""


class StandingCalls:
    """The newest board, and when it came."""

    def __init__(self) -> None:
        self._calls: dict[str, BoardCall] | None = None
        self._is_whole = False
        self._came_at_s = 0.0
        # Which call of a number some board has shown: once seen and gone again, it is void.
        self._seen: OrderedDict[str, int] = OrderedDict()

    def take(self, board: BoardSnapshot, now_s: float) -> None:
        """Take in which calls stand now."""
        self._calls = {call.number: call for call in board.calls}
        for call in board.calls:
            self._seen[call.number] = call.call_count
            self._seen.move_to_end(call.number)
        while len(self._seen) > MAX_SEEN:
            self._seen.popitem(last=False)
        self._is_whole = len(board.calls) >= board.total
        self._came_at_s = now_s

    def standing_of(self, asked: Announcement, came_at_s: float, now_s: float) -> Standing:
        """Judge an announcement that came at this time."""
        if self._calls is None or self._came_at_s < came_at_s:
            return "due"
        shown = self._calls.get(asked.number)
        if shown is None:
            seen = self._seen.get(asked.number, 0) >= asked.call_count
            young = now_s - came_at_s < SNAPSHOT_DUE_S and not seen
            return "due" if young or not self._is_whole else "gone"
        if shown.call_count < asked.call_count:
            return "due"  # this snapshot is older than the call
        if shown.call_count > asked.call_count:
            return "arrived"  # called again: the newer announcement says it all
        if shown.counter != asked.counter:
            return "gone"
        if shown.state == "called":
            return "due"
        return "arrived" if shown.state in {"serving", "finished"} else "gone"
