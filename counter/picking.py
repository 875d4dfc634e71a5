"""Numbers that a frontliner may take out of turn: waiting, put aside, or missed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from protocol.messages import QueueSnapshot

MOVES = {"waiting": "call", "parked": "resume", "missed": "requeue"}
"""What is done with a number of each kind, by its name in ACTIONS."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A number to take: ``kind`` is waiting, parked or missed.

    ``at`` is when it was issued, when it is to be looked at again, or until when it may come back.
    """

    kind: str
    ticket: str
    number: str
    service: str
    place: int = 0
    at: datetime | None = None
    reason: str = ""
    priority: bool = False
    due: bool = False

    @property
    def move(self) -> str:
        """The name of the move that takes it."""
        return MOVES[self.kind]


def picks_of(snapshot: QueueSnapshot | None, now: datetime) -> list[Pick]:
    """Everything that can be taken: what is put aside, what was missed, then the line."""
    if snapshot is None:
        return []
    parked = [
        Pick(
            "parked",
            one.ticket,
            one.number,
            one.service,
            at=one.alarm_at,
            reason=one.reason,
            due=one.alarm_at is not None and one.alarm_at <= now,
        )
        for one in snapshot.parked
    ]
    missed = [
        Pick("missed", one.ticket, one.number, one.service, at=one.valid_until)
        for one in snapshot.missed
        if one.valid_until > now
    ]
    line = [
        Pick(
            "waiting",
            one.ticket,
            one.number,
            one.service,
            place=one.place,
            at=one.issued_at,
            priority=one.priority != "none",
        )
        for one in snapshot.line
    ]
    parked.sort(key=lambda pick: (not pick.due, pick.at is None, pick.at or now))
    return [*parked, *missed, *line]


def matching(picks: Sequence[Pick], typed: str) -> list[Pick]:
    """Those whose number is meant by what was typed: A12 and 12 both mean A012."""
    wanted = "".join(typed.split()).upper()
    if not wanted:
        return list(picks)
    exact = [pick for pick in picks if _means(wanted, pick.number)]
    return exact or [pick for pick in picks if wanted in pick.number.upper()]


def _means(wanted: str, number: str) -> bool:
    letters, figures = _parted(number.upper())
    said_letters, said_figures = _parted(wanted)
    if said_letters and said_letters != letters:
        return False
    return said_figures.isdigit() and int(said_figures) == int(figures or 0)


def _parted(number: str) -> tuple[str, str]:
    figures = number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ-")
    return number[: len(number) - len(figures)].rstrip("-"), figures
