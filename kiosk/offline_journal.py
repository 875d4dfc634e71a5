"""What a kiosk gave without a link, kept on its disk until the server has it (law I1).

Each line is a fact: a number was given, a paper came to an outcome, the server has taken in. A
number is shown only after its line is on the disk. Only what the server has acknowledged is ever
left out again, and only when nothing else is open. Each line ends with its own check sum, so that
a disk that turns a bit takes no number for another. What the server told last (greeting, counts,
lease) lies in a file beside it, so that a kiosk works that starts while there is no server.

No personal data: a number, a service, an instant.
"""

import contextlib
import logging
import os
import re
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO
from zlib import crc32

import msgspec
from msgspec import Struct

from kiosk.durable_file import replace_durably, sync_folder, write_durably
from protocol.messages import KioskSnapshot, NumberLease, OfflinePrint, OfflineTicket, Welcome

log = logging.getLogger(__name__)

KEPT_MAX = 60
"""Tickets that the server has, and that a visitor may still want printed once more (I14)."""

COUNTS_KEPT = 2_000
"""Months of series and days. Days are not told apart by age: a clock may have been wrong."""


class JournalInUseError(Exception):
    """Another program gives the numbers of this kiosk."""


class Told(Struct, frozen=True):
    """What the server told last, and by how many seconds its clock was ahead of this machine's."""

    welcome: Welcome
    snapshot: KioskSnapshot | None
    lease: NumberLease | None
    ahead_s: float
    at: datetime


class Given(Struct, tag="given", tag_field="fact", frozen=True):
    """A number was given, out of this lease. Its paper's job has the id of the ticket."""

    ticket: OfflineTicket
    lease: str


class Papered(Struct, tag="papered", tag_field="fact", frozen=True):
    """So many papers of a ticket were tried, and this became of the last one."""

    ticket: str
    outcome: OfflinePrint
    copies: int


class Merged(Struct, tag="merged", tag_field="fact", frozen=True):
    """The server has these tickets."""

    tickets: list[str]


class Counted(Struct, tag="counted", tag_field="fact", frozen=True):
    """Up to this serial the numbers of a series were given on a business date."""

    business_date: date
    series: str
    serial: int


Fact = Given | Papered | Merged | Counted
_facts = msgspec.json.Decoder(Fact)
_told = msgspec.json.Decoder(Told)

_SUM = b',"sum":"'
"""Before the check sum: the last field of a line, over all that stands before it."""
_SUM_AND_MORE = re.compile(_SUM + rb'[0-9a-f]{8}"}.', re.DOTALL)


class OfflineJournal:
    """The memory of one kiosk without a link. Writing raises OSError; then nothing was given.

    ``path`` None keeps it in memory. Two programs on one file would give numbers twice, so the
    second one gets JournalInUseError.
    """

    def __init__(self, path: Path | None) -> None:
        self.told: Told | None = None
        # Every ticket that this journal still holds, in the order of issue.
        self.given: dict[str, Given] = {}
        self.papered: dict[str, Papered] = {}
        self.used: dict[tuple[date, str], int] = {}
        self._merged: set[str] = set()
        self._path = path
        self._lock: IO[bytes] | None = None
        # What is on the disk for sure; a line that failed halfway begins behind it.
        self._length = 0
        self._lines = 0
        # What must come before the next line: an end of line that is not there.
        self._before = b""
        # Lines that nobody can read any more may have been numbers: so many are left out.
        self._unreadable = 0
        self._may_compact = True
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = _lock(path.with_name(path.name + ".lock"))
            self._load(path)

    @property
    def unmerged(self) -> list[Given]:
        """What the server does not have yet, oldest first."""
        return [one for one in self.given.values() if one.ticket.ticket not in self._merged]

    def is_merged(self, ticket: str) -> bool:
        """Whether the server has this ticket."""
        return ticket in self._merged

    def give(self, given: Given) -> None:
        """Note durably that this number is given now."""
        self._append(given)
        self._learn(given)

    def paper(self, ticket: str, outcome: OfflinePrint, copies: int) -> None:
        """Note durably what became of a ticket's paper."""
        papered = Papered(ticket, outcome, copies)
        self._learn(papered)
        self._append(papered)

    def merge(self, tickets: list[str]) -> None:
        """Note durably that the server has these."""
        merged = Merged(tickets)
        self._append(merged)
        self._learn(merged)
        # Rewriting costs a moment of the screen: not for each single ticket.
        if not self.unmerged and self._lines > 2 * KEPT_MAX:
            self._compact()

    def keep_told(self, told: Told) -> None:
        """Keep what the server told, whole or not at all."""
        self.told = told
        if self._path is not None:
            replace_durably(_told_path(self._path), msgspec.json.encode(told))

    def can_write(self) -> bool:
        """Whether the disk takes a line now."""
        try:
            self._append(None)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Let another program have it."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    # Facts.

    def _learn(self, fact: Fact) -> None:
        match fact:
            case Given(ticket=ticket):
                self.given[ticket.ticket] = fact
                self._count(ticket.business_date, ticket.series, ticket.serial)
            case Papered():
                self.papered[fact.ticket] = fact
            case Merged():
                self._merged.update(fact.tickets)
                self._forget_old()
            case Counted():
                self._count(fact.business_date, fact.series, fact.serial)

    def _count(self, day: date, series: str, serial: int) -> None:
        self.used[day, series] = max(serial, self.used.get((day, series), 0))

    def _forget_old(self) -> None:
        """Let go in memory what nobody asks for any more."""
        merged = [ticket for ticket in self.given if ticket in self._merged]
        for ticket in merged[: max(0, len(merged) - KEPT_MAX)]:
            del self.given[ticket]
            self.papered.pop(ticket, None)
            self._merged.discard(ticket)
        while len(self.used) > COUNTS_KEPT:
            del self.used[min(self.used)]

    # The disk.

    def _append(self, fact: Fact | None) -> None:
        if self._path is None:
            return
        line = self._before + (b"\n" if fact is None else _line(fact))
        is_new = not self._path.exists()
        with self._path.open("ab") as file:
            # A line that broke off before would swallow the one that follows it.
            if file.tell() > self._length:
                file.truncate(self._length)
            try:
                write_durably(file.fileno(), line)
                if is_new:
                    sync_folder(self._path.parent)
            except OSError:
                # Written, perhaps, but refused: the next program must not take it for given.
                with contextlib.suppress(OSError):
                    file.truncate(self._length)
                raise
            self._length = os.fstat(file.fileno()).st_size
        self._before = b""
        self._lines += 1

    def _load(self, path: Path) -> None:
        self.told = _load_told(_told_path(path))
        data = path.read_bytes() if path.exists() else b""
        whole, _, torn = data.rpartition(b"\n")
        if _SUM_AND_MORE.search(torn):
            # It was whole; only its end is not one any more.
            whole, torn, self._before = data, b"", b"\n"
        if torn:
            # The power went in the middle of this line: its number was not shown to anybody.
            log.warning("the journal %s ends in a broken line", path)
        self._length = len(data) - len(torn)
        for line in whole.split(b"\n"):
            self._lines += 1
            if line.strip():
                self._read(line)
        if self._unreadable:
            self._leave_out()
            self._may_compact = _keep_aside(path)

    def _read(self, line: bytes) -> None:
        try:
            if not _is_whole(line):
                raise ValueError("not what was written")
            fact = _facts.decode(line)
        except ValueError:  # of msgspec, or bytes that are no text
            log.error("a line of the journal cannot be read; some numbers are left out")
            # Where an end of a line is gone, two stand in one.
            self._unreadable += max(1, line.count(_SUM))
            return
        self._learn(fact)

    def _leave_out(self) -> None:
        """Whatever the unreadable lines were, it is not given again: of no series, on no day on
        which this kiosk may have numbers."""
        lease = self.told.lease if self.told is not None else None
        places = set(self.used)
        if lease is not None:
            days = (lease.valid_until.date() - lease.business_date).days + 1
            places |= {
                (lease.business_date + timedelta(after), block.series)
                for after in range(days)
                for block in lease.ranges
            }
        for place in places:
            self.used[place] = self.used.get(place, 0) + self._unreadable

    def _compact(self) -> None:
        """Leave out what the server has; without effect where the disk says no."""
        if self._path is None or not self._may_compact:
            return
        facts: list[Fact] = [
            Counted(day, series, serial) for (day, series), serial in self.used.items()
        ]
        facts += self.given.values()
        facts += self.papered.values()
        facts.append(Merged([ticket for ticket in self.given if ticket in self._merged]))
        data = b"".join(map(_line, facts))
        try:
            replace_durably(self._path, data)
        except OSError as error:
            log.error("the journal %s cannot be made shorter: %s", self._path, error)
            return
        self._length, self._lines = len(data), len(facts)


def _line(fact: Fact) -> bytes:
    before = msgspec.json.encode(fact).removesuffix(b"}")
    return before + _SUM + b'%08x"}\n' % crc32(before)


def _is_whole(line: bytes) -> bool:
    """Whether a line is what was written; earlier programs wrote no check sum."""
    before, named, told = line.rpartition(_SUM)
    return not named or told == b'%08x"}' % crc32(before)


def _told_path(path: Path) -> Path:
    return path.with_suffix(".told.json")


def _load_told(path: Path) -> Told | None:
    try:
        return _told.decode(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:  # of msgspec, or bytes that are no text
        log.error("what the server told last cannot be read from %s: %s", path, error)
        return None


def _keep_aside(path: Path) -> bool:
    """Make a copy for whoever wants to find out what the unreadable lines were."""
    aside = path.with_name(path.name + ".unreadable")
    try:
        aside.write_bytes(path.read_bytes())
    except OSError as error:
        log.error("the unreadable journal cannot be copied to %s: %s", aside, error)
        return False
    return True


def _lock(path: Path) -> IO[bytes]:
    file = path.open("ab")
    if not _try_lock(file):
        file.close()
        raise JournalInUseError(str(path))
    return file


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
