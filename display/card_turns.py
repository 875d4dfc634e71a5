"""Whose turn it is on the TV's large card: it follows the voice, and nobody is passed over.

Plain Python. The card shows the call that is being spoken. Calls that are not voiced take turns,
each for at least ``least_s``; a call whose visitor has arrived, or that was taken back, gives up
its turn. With nobody's turn the card rests where it is, as long as that call stands.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from protocol.messages import Announcement, BoardCall, BoardSnapshot

LEAST_S = 3.0
"""Long enough to find a number and its counter on a board that one looks up to."""

SNAPSHOT_DUE_S = 0.3
"""Snapshots are merged over 100 ms, announcements are not: until then a board without the number
does not mean that the call was taken back."""

SHOWN_STATES = frozenset({"called", "serving", "finished"})
"""States of a ticket whose call stays on the board; whoever missed it stands elsewhere."""

MAX_TURNS = 256
MAX_SHOWN = 1024

_Standing = Literal["due", "arrived", "gone"]


@dataclass(frozen=True)
class Card:
    """The call on the card. ``pulse`` counts up whenever the card shall draw eyes to it."""

    number: str
    counter: int
    call_count: int
    announcement: str | None
    priority: bool = False
    is_due: bool = True
    """Whether the hall still waits for this visitor."""
    pulse: int = 0


@dataclass(frozen=True)
class CallRow:
    """One call of the history."""

    number: str
    counter: int
    priority: bool
    is_due: bool


@dataclass(slots=True)
class _Turn:
    announcement: Announcement
    came_at_s: float
    reported: bool = False
    seen: bool = False


_Key = tuple[str, int, int]


class CardTurns:
    """Feed it what the board hears; `choose` says what the card shows now."""

    def __init__(self, *, elapsed_s: Callable[[], float], least_s: float = LEAST_S) -> None:
        self._elapsed_s = elapsed_s
        self._least_s = least_s
        self._turns: OrderedDict[str, _Turn] = OrderedDict()
        self._fresh: OrderedDict[str, _Turn] = OrderedDict()
        self._shown: OrderedDict[_Key, None] = OrderedDict()
        self._board: Sequence[BoardCall] = ()
        self._by_number: dict[str, BoardCall] = {}
        self._board_is_whole = True
        self._board_came_at_s = float("-inf")
        # Taken back since the last snapshot, which still has them.
        self._withdrawn: set[str] = set()
        self._card: Card | None = None
        self._card_came_at_s = 0.0
        self._held_until_s = float("-inf")
        self._pulses = 0

    def on_announcement(self, announcement: Announcement) -> None:
        """A call joins those that want the card; the number that has it keeps it."""
        turn = _Turn(announcement, self._elapsed_s())
        self._turns[announcement.announcement] = turn
        self._withdrawn.discard(announcement.number)
        self._fresh.pop(announcement.number, None)
        self._fresh[announcement.number] = turn
        while len(self._turns) > MAX_TURNS:
            self._turns.popitem(last=False)
        card, asked = self._card, announcement
        if card is not None and (card.number, card.counter) == (asked.number, asked.counter):
            self._show(turn)

    def on_withdrawn(self, announcement_id: str, number: str) -> None:
        """The call was taken back: nothing of it stays, neither card nor row."""
        self._turns.pop(announcement_id, None)
        self._fresh.pop(number, None)
        self._withdrawn.add(number)
        if self._card is not None and self._card.number == number:
            self._card = None

    def on_reported(self, announcement_id: str) -> None:
        """The voice has done with this call, or was never to speak it."""
        if turn := self._turns.get(announcement_id):
            turn.reported = True

    def on_board(self, board: BoardSnapshot) -> None:
        """Take in which calls stand."""
        self._withdrawn.clear()
        self._board = board.calls
        self._by_number = {call.number: call for call in board.calls}
        self._board_is_whole = len(board.calls) >= board.total
        self._board_came_at_s = self._elapsed_s()

    def rows(self) -> list[CallRow]:
        """Every call that stands, newest first, also those since the last snapshot."""
        self._forget_what_the_board_has()
        fresh = [
            CallRow(number, turn.announcement.counter, self._is_priority(number), True)
            for number, turn in reversed(self._fresh.items())
        ]
        return fresh + [
            CallRow(call.number, call.counter, call.priority, call.state == "called")
            for call in self._standing_calls()
            if call.number not in self._fresh
        ]

    def _standing_calls(self) -> list[BoardCall]:
        return [
            call
            for call in self._board
            if call.state in SHOWN_STATES and call.number not in self._withdrawn
        ]

    def choose(self, speaking: str | None) -> Card | None:
        """What the card shows now; ``speaking`` is the announcement that has the voice."""
        self._drop_void()
        self._learn()
        card = self._card
        if card is None or not (
            card.announcement is not None
            and (card.announcement == speaking or self._elapsed_s() < self._held_until_s)
        ):
            self._give_turn(speaking)
        for key, turn in list(self._turns.items()):
            if turn.reported and turn.seen:
                del self._turns[key]
        return self._card

    # Private.

    def _give_turn(self, speaking: str | None) -> None:
        spoken = self._turns.get(speaking or "")
        if spoken is not None and self._standing_of(spoken) != "gone":
            self._show(spoken)
            return
        for turn in self._turns.values():
            if turn.reported and not turn.seen:
                self._show(turn)
                return
        self._rest()

    def _show(self, turn: _Turn) -> None:
        asked = turn.announcement
        turn.seen = True
        if self._card is not None and self._card.announcement == asked.announcement:
            return
        self._pulses += 1
        self._held_until_s = self._elapsed_s() + self._least_s
        self._put(asked.number, asked.counter, asked.call_count, asked.announcement)
        self._card_came_at_s = turn.came_at_s
        self._learn()

    def _rest(self) -> None:
        """Without a turn the card stays; it moves on only to a call that it never showed."""
        if self._card is not None and self._card.is_due:
            return
        waiting = {turn.announcement.number for turn in self._turns.values() if not turn.seen}
        for call in self._standing_calls():
            if call.number in waiting:
                continue
            if (
                self._card is None
                or (call.number, call.counter, call.call_count) not in self._shown
            ):
                self._put(call.number, call.counter, call.call_count, None)
                self._card_came_at_s = float("-inf")
                self._learn()
            return

    def _put(self, number: str, counter: int, call_count: int, announcement: str | None) -> None:
        self._card = Card(number, counter, call_count, announcement, pulse=self._pulses)
        self._shown[number, counter, call_count] = None
        while len(self._shown) > MAX_SHOWN:
            self._shown.popitem(last=False)

    def _drop_void(self) -> None:
        """Whoever has arrived, or is not called any more, needs no turn."""
        for key, turn in list(self._turns.items()):
            if turn.reported and not turn.seen and self._standing_of(turn) != "due":
                del self._turns[key]

    def _learn(self) -> None:
        """Bring the card up to what the board says of its ticket; a void call leaves it."""
        card = self._card
        if card is None:
            return
        standing = self._standing(card.number, card.counter, card.call_count, self._card_came_at_s)
        call = self._by_number.get(card.number)
        if standing == "gone":
            self._card = None
        elif standing == "arrived" and call is not None and call.call_count > card.call_count:
            # Called again while we were away; the announcement may still be on its way.
            self._card = replace(card, call_count=call.call_count)
            self._learn()
        else:
            self._card = replace(
                card, is_due=standing == "due", priority=self._is_priority(card.number)
            )

    def _is_priority(self, number: str) -> bool:
        call = self._by_number.get(number)
        return call is not None and call.priority

    def _standing_of(self, turn: _Turn) -> _Standing:
        asked = turn.announcement
        return self._standing(asked.number, asked.counter, asked.call_count, turn.came_at_s)

    def _standing(self, number: str, counter: int, call_count: int, came_at_s: float) -> _Standing:
        """Whether a visitor is still waited for, has arrived, or the call is void."""
        is_young = self._elapsed_s() - came_at_s < SNAPSHOT_DUE_S
        call = self._by_number.get(number)
        if self._board_came_at_s < came_at_s:
            return "due"
        if call is None:
            if is_young:
                return "due"
            return "gone" if self._board_is_whole else "arrived"
        if call.call_count < call_count:
            return "due" if is_young else "gone"  # young: the snapshot is older than the call
        if call.call_count > call_count:
            return "arrived"  # called again: the newer announcement says it all
        if call.counter != counter:
            return "gone"
        if call.state == "called":
            return "due"
        return "arrived" if call.state in SHOWN_STATES else "gone"

    def _forget_what_the_board_has(self) -> None:
        now_s = self._elapsed_s()
        for number, turn in list(self._fresh.items()):
            if self._board_came_at_s < turn.came_at_s:
                continue
            call = self._by_number.get(number)
            is_there = call is not None and call.call_count >= turn.announcement.call_count
            if is_there or now_s - turn.came_at_s >= SNAPSHOT_DUE_S:
                del self._fresh[number]
