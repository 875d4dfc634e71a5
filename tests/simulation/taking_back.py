"""The undo of a counter's last move, told a second time from protocol.md."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.simulation.broken_law import demand
from tests.simulation.told import HELD, LastMove, Told, ToldDay

Body = Mapping[str, Any]
MAY_BE_UNDONE = frozenset(
    {"ServiceFinished", "NoShowRecorded", "TicketTransferred", "TicketParked"}
)


class TakingBack:
    """Keeps how things were before each move that may be taken back for a few seconds."""

    def __init__(self, undo_s: int) -> None:
        self._undo_ms = undo_s * 1000

    def note(
        self, day: ToldDay, seq: int, at_ms: int, command: bytes | None, actor: str, body: Body
    ) -> None:
        """Before an event is told: keep what it changes, or forget what nobody can undo now."""
        kind, counter = body["type"], body.get("counter")
        if kind == "StaffSignedOut":
            day.last_moves.pop(_counter_of(day, body["device"]) or 0, None)
        elif kind == "TicketCalled":
            move = day.last_moves.get(body["counter"])
            if move is not None and move.command is not None and move.command == command:
                move.called_before = replace(day.tickets[body["ticket"]])
            else:
                day.last_moves.pop(body["counter"], None)
        elif kind in ("TicketResumed", "ServiceContinued"):
            day.last_moves.pop(body["counter"], None)
        elif kind in MAY_BE_UNDONE or (kind == "ServiceStarted" and body.get("implied")):
            if kind == "TicketTransferred":
                counter = _counter_of(day, actor)
            if counter is not None and body["ticket"] in day.tickets:
                _note_move(day, counter, seq, at_ms, command, body)

    def hear(self, day: ToldDay, at_ms: int, body: Body) -> None:
        """Everybody is where they were before, unless somebody else went on since."""
        counter = body["counter"]
        move = day.last_moves.pop(counter, None)
        demand(move is not None, "I3", "counter", counter, "took back a move that it never made")
        assert move is not None
        demand(move.kind in MAY_BE_UNDONE, "I3", move.kind, "was taken back")
        called = move.called_before
        right = (move.seq, move.before.id, called.id if called is not None else None)
        told = (body["undone_seq"], body["ticket"], body.get("called"))
        demand(right == told, "I3", "took back", told, "instead of", right)
        passed_ms = at_ms - move.at_ms
        demand(passed_ms <= self._undo_ms, "I3", "taken back after", passed_ms, "ms")
        moved = day.tickets[move.before.id]
        alone = moved.moves == move.before.moves + move.moves
        demand(alone, "I3", moved.number, "was moved by somebody else since")
        demand(not moved.rated, "I3", moved.number, "was rated already")
        if called is not None:
            now = day.tickets[called.id]
            demand(now.state == "called", "I3", now.number, "was", now.state, "already")
            demand(now.counter == counter, "I4", now.number, "is elsewhere")
            del day.holds[counter]
            _put_back(day, called)
        _put_back(day, move.before)


def _counter_of(day: ToldDay, device: str) -> int | None:
    return day.seats.get(device, ("", None))[1]


def _note_move(
    day: ToldDay, counter: int, seq: int, at_ms: int, command: bytes | None, body: Body
) -> None:
    move = day.last_moves.get(counter)
    if move is not None and move.command is not None and move.command == command:
        # The finish after a start that nobody said: one move, from before both.
        move.kind, move.seq, move.moves = body["type"], seq, 2
        return
    before = replace(day.tickets[body["ticket"]])
    day.last_moves[counter] = LastMove(body["type"], command, seq, at_ms, before)


def _put_back(day: ToldDay, was: Told) -> None:
    now = day.tickets[was.id]
    # What was printed stays printed.
    was.copies, was.moves = now.copies, now.moves + 1
    day.waiting.pop(was.id, None)
    day.tickets[was.id] = was
    if was.state == "waiting":
        day.waiting[was.id] = was
    if was.state in HELD:
        assert was.counter is not None
        there = day.holds.get(was.counter)
        demand(there is None, "I4", "counter", was.counter, "holds", there, "already")
        day.holds[was.counter] = was.id
