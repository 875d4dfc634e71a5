"""The fold of what happens on the visitor's side, beside the tickets themselves."""

from server.domain import events as e
from server.domain.day_state import DayState
from server.domain.hall_visitor import ChosenChannel, OfficerWanted, PostedText


def call_officer(day: DayState, event: e.OfficerCalled, at_ms: int) -> None:
    """Each device has one call; said again it lasts since the first time."""
    before = day.officer_calls.get(event.device)
    if before is not None and before.call == event.call:
        before.reason, before.asked_at_ms = event.reason, at_ms
        return
    wanted = OfficerWanted(event.call, event.device, event.reason, at_ms, at_ms)
    day.officer_calls[event.device] = wanted


def answer_call(day: DayState, event: e.CallAnswered, at_ms: int) -> None:
    for wanted in day.officer_calls.values():
        if wanted.call == event.call:
            wanted.answered_by, wanted.answered_name = event.staff, event.name
            wanted.answered_at_ms = at_ms


def record_identity(day: DayState, event: e.IdentityRecorded, at_ms: int) -> None:
    day.identities[event.ticket] = event.record


def choose_channel(day: DayState, event: e.ChannelChosen, at_ms: int) -> None:
    day.channels_chosen.append(ChosenChannel(event.service, event.channel))


def post_text(day: DayState, event: e.TextPosted, at_ms: int) -> None:
    day.posted_text = PostedText(event.text, event.until_ms) if event.text else None
