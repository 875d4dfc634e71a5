"""What kiosks give without a link, told a second time from the words on the wire.

A series of a kiosk is its own for ever; each of its numbers is given once a day, within what was
lent; whoever got another number instead does not wait a second time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.simulation.broken_law import demand
from tests.simulation.told import OPEN, Told, ToldDay

Body = Mapping[str, Any]
LENT_DAYS = 7
DAY_MS = 24 * 3600 * 1000
GONE = OPEN - {"serving"}
"""A ticket in such a state makes way for the number that was given instead."""


@dataclass
class Lent:
    """A series: whose it is, since when, and how far it was ever lent."""

    device: str
    last: int
    date: str
    since_ms: int


@dataclass
class LateTicket:
    """A ticket that was told when its day was over: what its row must say."""

    date: str
    number: str
    service: str
    issued_ms: int
    ended_ms: int


@dataclass
class OfflineNumbers:
    """Hears of leases and merges over all days."""

    # The series that the branch gives itself.
    own: frozenset[str]
    begins_ms: Callable[[str], int]
    lent: dict[str, Lent] = field(default_factory=dict)
    late: dict[str, LateTicket] = field(default_factory=dict)
    # Which number was given instead of which command; which ticket a command made.
    instead: dict[str, bytes] = field(default_factory=dict)
    _letters: dict[str, str] = field(default_factory=dict)
    _given: dict[tuple[str, str, int], str] = field(default_factory=dict)
    _made: dict[bytes, str] = field(default_factory=dict)
    _withdrawn: dict[bytes, str] = field(default_factory=dict)

    # Leases.

    def hear_NumbersLeased(self, day: ToldDay, at_ms: int, body: Body) -> None:
        """Nobody else's letter, nobody else's series, and a block that only grows."""
        device, letter, ranges = body["device"], body["letter"], body["ranges"]
        known = self._letters.setdefault(letter, device)
        demand(known == device, "I2", "letter", letter, "of", known, "and of", device)
        before = day.leases.get(device, {})
        for series, (first, last) in ranges.items():
            base = series.removesuffix(letter)
            demand(base in self.own and base != series, "I2", series, "is no series of a kiosk")
            demand(series not in self.own, "I2", series, "is the branch's own")
            # Who lost its memory since an earlier day begins behind what it may have on paper.
            ever = self.lent[series].last if series in self.lent else 0
            lent = self.lent.setdefault(series, Lent(device, last, day.date, at_ms))
            demand(lent.device == device, "I2", series, "is", lent.device, "and", device)
            lent.last = max(lent.last, last)
            begins, ends = before.get(series, (1, 0))
            most = ends if series in before else ever
            grows = first >= begins and last >= ends and first <= most + 1 and first <= last
            demand(grows, "I2", series, "goes from", (begins, ends), "to", (first, last))
            used = max(day.offline.get(series, {0}))
            left = last - max(used, first - 1)
            demand(left > 0, "I2", "no number is left of", series, (first, last))
        demand(not before or before.keys() == ranges.keys(), "I2", "a series is missing", body)
        day.leases[device] = {series: tuple(block) for series, block in ranges.items()}
        until = body["valid_until_ms"] - self.begins_ms(day.date)
        demand(until == LENT_DAYS * DAY_MS, "F16", "lent for", until, "ms")

    def hear_LeaseEnded(self, day: ToldDay, body: Body) -> None:
        """Unused numbers are told, and are no gaps."""
        right = {}
        for series, (_, last) in day.leases.get(body["device"], {}).items():
            given = len(day.offline.get(series, ()))
            right[series] = [given, max(0, last - given)]
        demand(body["numbers"] == right, "I2", "unused:", body, "should be", right)

    # Tickets.

    def made(self, day: ToldDay, command: bytes | None, ticket: str) -> None:
        """A command with a link made a ticket; one that was withdrawn does not, on that day and
        the next."""
        if command is not None:
            withdrawn = self._withdrawn.get(command)
            late = withdrawn is not None and day.date <= _next_day(withdrawn)
            demand(not late, "I6", ticket, "was made by a command that was withdrawn")
            self._made[command] = ticket

    def issued(self, day: ToldDay, at_ms: int, body: Body, actor: str) -> int:
        """A number of today; since when it waits."""
        self._demand_its_own(day.date, body, actor)
        day.offline.setdefault(body["series"], set()).add(body["serial"])
        since_ms: int = body["issued_at_ms"]
        earliest = max(self.lent[body["series"]].since_ms, self.begins_ms(day.date))
        in_time = earliest <= since_ms <= at_ms
        demand(in_time, "I11", body["number"], "waits since", since_ms, "told at", at_ms)
        self._withdraw(day, body["ticket"])
        return since_ms

    def hear_EarlierTicketMerged(self, day: ToldDay, at_ms: int, body: Body, actor: str) -> None:
        """A number of a day that is over."""
        of_date = body["of_date"]
        demand(of_date < day.date, "F14", "late for", of_date, "on", day.date)
        self._demand_its_own(of_date, body, actor)
        issued_ms, ended_ms = body["issued_at_ms"], body["ended_at_ms"]
        begins_ms = self.begins_ms(of_date)
        in_day = begins_ms <= issued_ms <= ended_ms <= begins_ms + DAY_MS
        demand(in_day and ended_ms <= at_ms, "I11", "late ticket", body)
        self.late[body["ticket"]] = LateTicket(
            of_date, body["number"], body["service"], issued_ms, ended_ms
        )
        self._withdraw(day, body["ticket"])

    def _demand_its_own(self, of_date: str, body: Body, actor: str) -> None:
        series, serial = body["series"], body["serial"]
        lent = self.lent.get(series)
        demand(lent is not None, "I2", series, "was lent to nobody")
        assert lent is not None
        demand(lent.device == actor == body["device"], "I2", actor, "gives", series)
        demand(1 <= serial <= lent.last, "I2", series, serial, "is beyond", lent.last)
        demand(of_date >= lent.date, "I2", series, "was first lent on", lent.date, "not", of_date)
        number = f"{series}{serial:03d}"
        demand(body["number"] == number, "I2", body["number"], "should be", number)
        before = self._given.setdefault((of_date, series, serial), body["ticket"])
        demand(before == body["ticket"], "I2", number, "was given twice on", of_date)

    # Ghosts.

    def _withdraw(self, day: ToldDay, ticket: str) -> None:
        command = self.instead.get(ticket)
        if command is not None and command not in self._made:
            self._withdrawn.setdefault(command, day.date)

    def demand_no_ghost(self, day: ToldDay, actor: str, body: Body) -> None:
        """After the whole command: who got another number instead waits once."""
        command = self.instead.get(body.get("ticket", ""))
        ghost: Told | None = day.tickets.get(self._made.get(command or b"", ""))
        waits = ghost is not None and ghost.device == actor and ghost.state in GONE
        demand(not waits, "I9", "a ghost waits beside", body.get("number"), ghost)


def _next_day(of_date: str) -> str:
    return (date.fromisoformat(of_date) + timedelta(days=1)).isoformat()
