"""The fold of what managers do with a browser: signing in and out of the pages."""

from server.domain import events as e
from server.domain.day_state import DayState
from server.domain.hall_sessions import WebSession


def sign_in_manager(day: DayState, event: e.ManagerSignedIn, at_ms: int) -> None:
    day.web_sessions[event.session] = WebSession(
        event.session,
        event.handle,
        event.staff,
        event.name,
        event.role,
        event.device,
        event.where,
        at_ms,
    )


def sign_out_manager(day: DayState, event: e.ManagerSignedOut, at_ms: int) -> None:
    del day.web_sessions[event.session]


def set_second_step(day: DayState, event: e.SecondStepSet, at_ms: int) -> None:
    """What it is stands under seal, and holds for longer than the day."""
