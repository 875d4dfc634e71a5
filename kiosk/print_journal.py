"""What was printed here, kept on disk: one copy of one job leaves this kiosk once (law I9).

Each line is a fact: a paper was begun, or came to an outcome. A paper that was begun before a
crash and has no outcome may have come out or not, so it is `unknown`, and is not printed again.
"""

import logging
from pathlib import Path

import msgspec
from msgspec import Struct

from kiosk.durable_file import replace_durably, write_durably
from kiosk.printer import PrinterReason, PrintOutcome

log = logging.getLogger(__name__)

ENTRIES_MAX = 1000
"""More than a kiosk prints in a day; a job is told again within minutes."""


class Entry(Struct, frozen=True, omit_defaults=True):
    """One fact about a copy of a job; without `outcome` it was begun."""

    job: str
    copy: int
    outcome: PrintOutcome | None = None
    reason: PrinterReason | None = None


_entries = msgspec.json.Decoder(Entry)


class PrintJournal:
    """The memory of one kiosk's printer, in one small file that only this program writes.

    `path` None keeps it in memory. A disk that fails is logged and does not stop the printing: a
    visitor without paper is worse than a paper that a later crash might print twice.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known: dict[tuple[str, int], Entry] = {}
        self._lines = 0
        if path is not None:
            self._load(path)

    def entry(self, job: str, copy: int) -> Entry | None:
        """What is known of this copy, or None if it was never begun here."""
        return self._known.get((job, copy))

    def is_left_open(self) -> bool:
        """Whether nobody knows how the newest paper ended: its half may stand in the printer."""
        if not self._known:
            return False
        newest = next(reversed(self._known.values()))
        return newest.outcome in (None, PrintOutcome.UNKNOWN)

    def begin(self, job: str, copy: int) -> None:
        """Note durably that this copy goes to the printer now."""
        self._add(Entry(job, copy))

    def finish(
        self, job: str, copy: int, outcome: PrintOutcome, reason: PrinterReason | None
    ) -> None:
        """Note durably what became of it."""
        self._add(Entry(job, copy, outcome, reason))

    def _add(self, entry: Entry) -> None:
        self._remember(entry)
        if self._path is None:
            return
        try:
            if self._lines >= 2 * ENTRIES_MAX:
                self._rewrite(self._path)
            else:
                with self._path.open("ab") as file:
                    write_durably(file.fileno(), _line(entry))
                self._lines += 1
        except OSError as error:
            log.error("the print journal %s cannot be written: %s", self._path, error)

    def _remember(self, entry: Entry) -> None:
        key = (entry.job, entry.copy)
        self._known.pop(key, None)
        self._known[key] = entry
        while len(self._known) > ENTRIES_MAX:
            del self._known[next(iter(self._known))]

    def _load(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            data = path.read_bytes() if path.exists() else b""
            for line in data.splitlines():
                try:
                    self._remember(_entries.decode(line))
                except ValueError:  # of msgspec, or bytes that are no text
                    # The power went in the middle of this line: its paper had not begun, or its
                    # outcome is not known. Both follow from the line's absence.
                    log.warning("the print journal %s has a broken line", path)
            if data:
                # Also ends a torn last line, onto which the next one would be written.
                self._rewrite(path)
        except OSError as error:
            log.error("the print journal %s cannot be read: %s", path, error)

    def _rewrite(self, path: Path) -> None:
        replace_durably(path, b"".join(map(_line, self._known.values())))
        self._lines = len(self._known)


def _line(entry: Entry) -> bytes:
    return msgspec.json.encode(entry) + b"\n"
