"""Everything that a frontliner can do, in one table: its key, when it is lawful, what it says.

The server decides; this table only keeps a hand from asking for what would be refused (protocol.md,
Moves). A new move is one more entry here and its button in the window.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from protocol.messages import (
    AnyCommand,
    CallNext,
    CancelTicket,
    CloseCounter,
    Finish,
    FinishService,
    OpenCounter,
    PauseCounter,
    RecallTicket,
    RecordNoShow,
    SignOut,
    StartService,
    Ticket,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a move depends on: the counter's state (``open paused closed``) and its ticket."""

    counter_state: str
    ticket: Ticket | None

    @property
    def ticket_state(self) -> str:
        """State of my ticket, empty without one."""
        return self.ticket.state if self.ticket is not None else ""

    @property
    def ticket_id(self) -> str:
        """Id of my ticket; only asked after ``hindrance`` has said that there is one."""
        assert self.ticket is not None
        return self.ticket.id


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person chose with a move: how the service ended, or a reason."""

    finish: Finish | None = None
    reason: str = ""


Hindrance = Callable[[Standing], str]
"""Says why a move is not lawful now, as a code of the texts; empty when it is."""


@dataclass(frozen=True, slots=True)
class Action:
    """One move. ``asks`` names the list of choices from which a reason must come first."""

    name: str
    key: str
    hindrance: Hindrance
    command: Callable[[UUID, Standing, Wish], AnyCommand]
    global_letter: str = ""
    asks: str = ""


def _open(standing: Standing) -> str:
    return "" if standing.counter_state == "open" else f"counter-{standing.counter_state}"


def _not_open(standing: Standing) -> str:
    return "counter-open" if standing.counter_state == "open" else ""


def _nobody_here(standing: Standing) -> str:
    return "visitor-here" if standing.ticket is not None else ""


def _resting_possible(standing: Standing) -> str:
    return _open(standing) or _nobody_here(standing)


def _closing_possible(standing: Standing) -> str:
    return "counter-closed" if standing.counter_state == "closed" else _nobody_here(standing)


def _ticket_is(*states: str) -> Hindrance:
    def hindrance(standing: Standing) -> str:
        if standing.ticket is None:
            return "no-ticket"
        return "" if standing.ticket_state in states else f"ticket-{standing.ticket_state}"

    return hindrance


def _call_next(command_id: UUID, standing: Standing, wish: Wish) -> AnyCommand:
    # With somebody at the counter one key does both: finish, and call the next.
    finish = None if standing.ticket is None else wish.finish or Finish(outcome="solved")
    return CallNext(id=command_id, finish=finish)


def _finish(command_id: UUID, standing: Standing, wish: Wish) -> AnyCommand:
    how = wish.finish or Finish(outcome="solved")
    return FinishService(
        id=command_id,
        ticket=standing.ticket_id,
        outcome=how.outcome,
        category=how.category,
        education=how.education,
        note=how.note,
    )


# F5, F11 and F12 belong to the browser in which the staff work beside this program. Ctrl keys
# follow the Indonesian words: Buka is taken by Batal, hence Ctrl+O for opening.
_TABLE = (
    Action("next", "F2", _open, _call_next, global_letter="N"),
    Action(
        "recall",
        "F3",
        _ticket_is("called"),
        lambda key, at, _: RecallTicket(id=key, ticket=at.ticket_id),
        global_letter="R",
    ),
    Action(
        "start",
        "F4",
        _ticket_is("called"),
        lambda key, at, _: StartService(id=key, ticket=at.ticket_id),
    ),
    Action("finish", "F8", _ticket_is("called", "serving"), _finish, global_letter="F"),
    Action(
        "no-show",
        "F7",
        _ticket_is("called"),
        lambda key, at, _: RecordNoShow(id=key, ticket=at.ticket_id),
        global_letter="X",
    ),
    Action(
        "cancel",
        "Ctrl+B",
        _ticket_is("called"),
        lambda key, at, wish: CancelTicket(id=key, ticket=at.ticket_id, reason=wish.reason),
        asks="cancel_reason",
    ),
    Action("open", "Ctrl+O", _not_open, lambda key, _at, _: OpenCounter(id=key)),
    Action(
        "pause",
        "Ctrl+P",
        _resting_possible,
        lambda key, _at, wish: PauseCounter(id=key, reason=wish.reason),
        asks="pause_reason",
    ),
    Action("close", "Ctrl+T", _closing_possible, lambda key, _at, _: CloseCounter(id=key)),
    Action("sign-out", "Ctrl+K", _nobody_here, lambda key, _at, _: SignOut(id=key)),
)

ACTIONS: dict[str, Action] = {action.name: action for action in _TABLE}
"""Name of a move (also the object name of its button) to the move."""
