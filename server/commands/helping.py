"""CallOfficer and AnswerCall."""

from collections.abc import Sequence
from typing import Any

from protocol.messages import AnswerCall, CallOfficer
from server.commands.handler import Occasion
from server.domain import helping
from server.domain.events import AnyEvent


def call_officer(command: CallOfficer, occasion: Occasion) -> list[AnyEvent]:
    """A visitor asks for a person."""
    return helping.decide_call(
        occasion.day,
        occasion.asker.device,
        command.reason,
        occasion.ids.new_id(),
        occasion.now_ms,
    )


def with_call(
    command: CallOfficer, events: Sequence[AnyEvent], occasion: Occasion
) -> dict[str, Any]:
    """The call that stands now."""
    wanted = helping.standing_at(occasion.day, occasion.asker.device, occasion.now_ms)
    assert wanted is not None, "a call is never refused"
    return {"call": wanted.call}


def answer_call(command: AnswerCall, occasion: Occasion) -> list[AnyEvent]:
    """Somebody of the staff goes there."""
    seat = occasion.day.seats[occasion.asker.device]
    return helping.decide_answer(
        occasion.day, command.call, seat.staff, seat.name, seat.device, occasion.now_ms
    )
