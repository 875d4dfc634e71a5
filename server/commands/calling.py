"""CallNext, CallTicket, RecallTicket, ResumeTicket, RecordNoShow, RequeueTicket, and the
display's ConfirmAnnouncement."""

from collections.abc import Sequence
from typing import Any

from protocol.messages import (
    CallNext,
    CallTicket,
    ConfirmAnnouncement,
    RecallTicket,
    RecordNoShow,
    RequeueTicket,
    ResumeTicket,
)
from protocol.roles import DeviceRole
from server.commands.handler import Occasion
from server.commands.serving import result_of
from server.domain import calling
from server.domain.disturbance import decide_after_cause
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, ServiceFinished, TicketCalled
from server.domain.serving import decide_finish


def call_next(command: CallNext, occasion: Occasion) -> list[AnyEvent]:
    """With ``finish`` the running service ends in the same commit."""
    desk, day = occasion.desk, occasion.day
    events: list[AnyEvent] = []
    burst: list[AnyEvent] = []
    if command.finish is not None:
        calling.demand_open(desk)
        if desk.ticket is None:
            raise QueueRuleError("wrong-state", state="none", number="")
        events += decide_finish(day, desk, desk.ticket, result_of(command.finish))
        burst = decide_after_cause(day, desk.ticket, command.finish.cause, occasion.now_ms)
    announcement = occasion.ids.new_id()
    events += calling.decide_call_next(
        day, desk, announcement, occasion.now_ms, finishing=command.finish is not None
    )
    return events + burst


def what_was_called(
    command: CallNext, events: Sequence[AnyEvent], occasion: Occasion
) -> dict[str, Any]:
    """The finished and the called ticket, either of them null."""
    called = [event.ticket for event in events if isinstance(event, TicketCalled)]
    finished = [event.ticket for event in events if isinstance(event, ServiceFinished)]
    return {
        "ticket": occasion.view(called[0]) if called else None,
        "finished": occasion.view(finished[0]) if finished else None,
        "empty": not called,
    }


def call_ticket(command: CallTicket, occasion: Occasion) -> list[AnyEvent]:
    """Out of turn."""
    return calling.decide_call_chosen(
        occasion.day, occasion.desk, command.ticket, occasion.ids.new_id(), occasion.now_ms
    )


def recall_ticket(command: RecallTicket, occasion: Occasion) -> list[AnyEvent]:
    """The same number again."""
    return calling.decide_recall(
        occasion.day, occasion.desk, command.ticket, occasion.ids.new_id(), occasion.now_ms
    )


def resume_ticket(command: ResumeTicket, occasion: Occasion) -> list[AnyEvent]:
    """Back from being parked."""
    return calling.decide_resume(
        occasion.day, occasion.desk, command.ticket, occasion.ids.new_id(), occasion.now_ms
    )


def record_no_show(command: RecordNoShow, occasion: Occasion) -> list[AnyEvent]:
    """Nobody came."""
    return calling.decide_no_show(occasion.day, occasion.desk, command.ticket, occasion.now_ms)


def requeue_ticket(command: RequeueTicket, occasion: Occasion) -> list[AnyEvent]:
    """Somebody came late; a manager lets them in also after their time."""
    assert occasion.staff is not None
    return calling.decide_requeue(
        occasion.day,
        command.ticket,
        occasion.staff,
        occasion.now_ms,
        always=occasion.asker.role in (DeviceRole.MANAGER, DeviceRole.WEB),
    )


def confirm_announcement(command: ConfirmAnnouncement, occasion: Occasion) -> list[AnyEvent]:
    """The display's word on an announcement."""
    return calling.decide_announcement_outcome(
        occasion.day, command.announcement, occasion.asker.device, command.outcome
    )
