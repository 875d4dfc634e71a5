"""UndoLast."""

from collections.abc import Sequence
from typing import Any

from protocol.messages import UndoLast
from server.commands.handler import Occasion
from server.domain.disturbance import decide_after_undo
from server.domain.events import AnyEvent, LastUndone
from server.domain.undoing import decide_undo, undoable


def undo_last(command: UndoLast, occasion: Occasion) -> list[AnyEvent]:
    """The counter's last finish, no-show, transfer or park."""
    day, desk = occasion.day, occasion.desk
    note = undoable(day, desk, occasion.now_ms)
    events = decide_undo(day, desk, occasion.now_ms)
    return events if note is None else events + decide_after_undo(day, note)


def what_came_back(
    command: UndoLast, events: Sequence[AnyEvent], occasion: Occasion
) -> dict[str, Any]:
    """The ticket as it is again."""
    undone = events[0]
    assert isinstance(undone, LastUndone)
    return {"ticket": occasion.view(undone.ticket)}
