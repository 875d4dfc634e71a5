"""SignIn, SignOut, OpenCounter, PauseCounter, CloseCounter."""

from collections.abc import Iterable, Sequence
from typing import Any

from protocol.messages import (
    CloseCounter,
    Command,
    OpenCounter,
    PauseCounter,
    SignIn,
    SignOut,
)
from protocol.roles import DeviceRole
from server.commands.handler import Occasion
from server.domain import seating
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent
from server.domain.hall import Desk


def sign_in(command: SignIn, occasion: Occasion) -> list[AnyEvent]:
    """The gateway has proved the PIN; ``occasion.person`` is whose it was."""
    assert occasion.person is not None
    if occasion.day.closed and occasion.asker.role is not DeviceRole.MANAGER:
        raise QueueRuleError("day-closed")
    at_counter = occasion.asker.role is DeviceRole.COUNTER
    if command.counter is not None and not at_counter:
        # From the door or the office it would push away whoever serves there (F47).
        raise QueueRuleError("bad-value", field="counter")
    return seating.decide_sign_in(
        occasion.day,
        occasion.asker.device,
        occasion.person,
        command.counter or (occasion.asker.counter if at_counter else None),
        needs_counter=at_counter,
    )


def who_signed_in(
    known: Iterable[type[Command]],
    command: SignIn,
    events: Sequence[AnyEvent],
    occasion: Occasion,
) -> dict[str, Any]:
    """Who sits there now, and which of the known words this seat may say."""
    role = occasion.asker.role
    permissions = [kind.__name__ for kind in known if role in kind.roles]
    return {"staff": command.staff, "permissions": permissions}


def sign_out(command: SignOut, occasion: Occasion) -> list[AnyEvent]:
    """Get up."""
    return seating.decide_sign_out(occasion.day, occasion.asker.device)


def open_counter(command: OpenCounter, occasion: Occasion) -> list[AnyEvent]:
    """Serve, also after a pause."""
    return seating.decide_open(occasion.day, _desk(command, occasion), occasion.manager)


def pause_counter(command: PauseCounter, occasion: Occasion) -> list[AnyEvent]:
    """Rest."""
    desk = _desk(command, occasion)
    return seating.decide_pause(occasion.day, desk, command.reason, occasion.manager)


def close_counter(command: CloseCounter, occasion: Occasion) -> list[AnyEvent]:
    """Serve no more."""
    return seating.decide_close(occasion.day, _desk(command, occasion), occasion.manager)


def _desk(command: OpenCounter | PauseCounter | CloseCounter, occasion: Occasion) -> Desk:
    """The counter that asks, or the one that a manager names; no counter another (F47)."""
    number = command.counter
    if occasion.asker.role is DeviceRole.COUNTER:
        desk = occasion.desk
        if number not in (None, desk.number):
            raise QueueRuleError("not-allowed")
        return desk
    if number is None:
        raise QueueRuleError("missing-field", field="counter")
    if number not in occasion.day.desks:
        raise QueueRuleError("bad-value", field="counter")
    return occasion.day.desks[number]
