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
    return seating.decide_open(occasion.day, occasion.desk)


def pause_counter(command: PauseCounter, occasion: Occasion) -> list[AnyEvent]:
    """Rest."""
    return seating.decide_pause(occasion.day, occasion.desk, command.reason)


def close_counter(command: CloseCounter, occasion: Occasion) -> list[AnyEvent]:
    """Serve no more."""
    return seating.decide_close(occasion.day, occasion.desk)
