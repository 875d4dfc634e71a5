"""Which counters attend to which lines, so that a line that fills or empties finds them.

What an open counter does is a stretch of time of its own: ``serving`` while it holds a ticket,
``idle-with-line`` while somebody waits whom it may call, else ``idle``. An event costs work for
its own counter alone, and for those that attend to a line which it filled or emptied.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

SERVING = "serving"
IDLE_WITH_LINE = "idle-with-line"
IDLE = "idle"


@dataclass(slots=True)
class Attendance:
    """The lines of each open counter, and the counters whose stretch may end with this event."""

    _counters: dict[str, set[int]] = field(default_factory=dict)
    _lines: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _touched: set[int] = field(default_factory=set)

    def attend(self, counter: int, lines: Iterable[str]) -> None:
        """From now on a counter attends to these lines; to none while it is not open."""
        now = tuple(lines)
        for name in self._lines.get(counter, ()):
            self._counters[name].discard(counter)
        for name in now:
            self._counters.setdefault(name, set()).add(counter)
        self._lines[counter] = now
        self._touched.add(counter)

    def lines_of(self, counter: int) -> tuple[str, ...]:
        """The lines that a counter attends to."""
        return self._lines.get(counter, ())

    def touch(self, counter: int) -> None:
        """Something about this counter has changed."""
        self._touched.add(counter)

    def line_changed(self, name: str, has_people: bool) -> None:
        """A line has filled or emptied: whoever attends to it may be idle in another way now."""
        self._touched.update(self._counters.get(name, ()))

    def take_touched(self) -> list[int]:
        """The counters to look at; each is given once."""
        if not self._touched:
            return []
        touched, self._touched = sorted(self._touched), set()
        return touched
