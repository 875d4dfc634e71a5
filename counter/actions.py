"""Everything that a frontliner can do, in one table: its key, when it is lawful, what it says.

The server decides; this table only keeps a hand from asking for what would be refused (protocol.md,
Moves). A new move is one more entry here and its button in the window.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from protocol.messages import (
    AnyCommand,
    CallNext,
    CallTicket,
    CancelTicket,
    CloseCounter,
    ContinueService,
    Finish,
    FinishService,
    IssueTicket,
    OpenCounter,
    ParkTicket,
    PauseCounter,
    Position,
    Priority,
    RecallTicket,
    RecordNoShow,
    RequeueTicket,
    ResumeTicket,
    SignOut,
    StartService,
    Ticket,
    TransferTicket,
    UndoLast,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a move depends on: the counter's state (``open paused closed``) and its ticket.

    ``recalls_left`` is None without a limit; ``undoable`` while the last move can be taken back.
    """

    counter_state: str
    ticket: Ticket | None
    recalls_left: int | None = None
    undoable: bool = False

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
class Destination:
    """Where a visitor is handed on to: exactly one of service, counter, staff."""

    service: str | None = None
    counter: int | None = None
    staff: str | None = None
    position: Position = "arrival"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who gets a number at the counter: for what, as whom, how many persons."""

    service: str
    priority: Priority = "none"
    persons: int = 1


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person chose with a move, each only where the move asks for it.

    ``ticket`` is the id of another ticket than mine, ``service`` what the visitor needs next.
    """

    finish: Finish | None = None
    reason: str = ""
    alarm_at: datetime | None = None
    ticket: str = ""
    service: str = ""
    to: Destination | None = None
    visitor: Visitor | None = None


NOTHING_CHOSEN = Wish()

Hindrance = Callable[[Standing], str]
"""Says why a move is not lawful now, as a code of the texts; empty when it is."""


@dataclass(frozen=True, slots=True)
class Action:
    """One move.

    ``asks`` names the list of choices from which a reason must come first, ``panel`` the panel
    in which a person chooses before it is asked for, and ``of_mine`` whether its answer is about
    the ticket at this counter.
    """

    name: str
    key: str
    hindrance: Hindrance
    command: Callable[[UUID, Standing, Wish], AnyCommand]
    global_letter: str = ""
    asks: str = ""
    panel: str = ""
    of_mine: bool = True


def _open(standing: Standing) -> str:
    return "" if standing.counter_state == "open" else f"counter-{standing.counter_state}"


def _not_open(standing: Standing) -> str:
    return "counter-open" if standing.counter_state == "open" else ""


def _nobody_here(standing: Standing) -> str:
    return "visitor-here" if standing.ticket is not None else ""


def _open_and_free(standing: Standing) -> str:
    return _open(standing) or _nobody_here(standing)


def _closing_possible(standing: Standing) -> str:
    return "counter-closed" if standing.counter_state == "closed" else _nobody_here(standing)


def _never(standing: Standing) -> str:
    return ""


def _ticket_is(*states: str) -> Hindrance:
    def hindrance(standing: Standing) -> str:
        if standing.ticket is None:
            return "no-ticket"
        return "" if standing.ticket_state in states else f"ticket-{standing.ticket_state}"

    return hindrance


def _recall_possible(standing: Standing) -> str:
    return _ticket_is("called")(standing) or ("recalls-used" if standing.recalls_left == 0 else "")


def _undo_possible(standing: Standing) -> str:
    return "" if standing.undoable else "nothing-to-undo"


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
        cause=how.cause,
    )


def _continue(command_id: UUID, standing: Standing, wish: Wish) -> AnyCommand:
    how = wish.finish or Finish(outcome="solved")
    return ContinueService(
        id=command_id,
        ticket=standing.ticket_id,
        service=wish.service,
        outcome=how.outcome,
        category=how.category,
        education=how.education,
        note=how.note,
        cause=how.cause,
    )


def _transfer(command_id: UUID, standing: Standing, wish: Wish) -> AnyCommand:
    to = wish.to
    assert to is not None
    return TransferTicket(
        id=command_id,
        ticket=standing.ticket_id,
        service=to.service,
        counter=to.counter,
        staff=to.staff,
        position=to.position,
        note=to.note,
    )


def _park(command_id: UUID, standing: Standing, wish: Wish) -> AnyCommand:
    return ParkTicket(
        id=command_id, ticket=standing.ticket_id, reason=wish.reason, alarm_at=wish.alarm_at
    )


def _issue(command_id: UUID, standing: Standing, wish: Wish) -> AnyCommand:
    visitor = wish.visitor
    assert visitor is not None
    return IssueTicket(
        id=command_id,
        service=visitor.service,
        priority=visitor.priority,
        weight=visitor.persons if visitor.persons > 1 else None,
    )


# F5, F11 and F12 belong to the browser in which the staff work beside this program. Ctrl keys
# follow the Indonesian words: Buka is taken by Batal, hence Ctrl+O for opening.
_TABLE = (
    Action("next", "F2", _open, _call_next, global_letter="N"),
    Action(
        "recall",
        "F3",
        _recall_possible,
        lambda key, at, _: RecallTicket(id=key, ticket=at.ticket_id),
        global_letter="R",
    ),
    Action(
        "start",
        "F4",
        _ticket_is("called"),
        lambda key, at, _: StartService(id=key, ticket=at.ticket_id),
    ),
    Action(
        "finish",
        "F8",
        _ticket_is("called", "serving"),
        _finish,
        global_letter="F",
        panel="finish",
    ),
    Action(
        "park",
        "F6",
        _ticket_is("called", "serving"),
        _park,
        global_letter="H",
        asks="park_reason",
        panel="park",
    ),
    Action(
        "no-show",
        "F7",
        _ticket_is("called"),
        lambda key, at, _: RecordNoShow(id=key, ticket=at.ticket_id),
        global_letter="X",
    ),
    Action("transfer", "F9", _ticket_is("called", "serving"), _transfer, panel="transfer"),
    Action("continue", "Ctrl+L", _ticket_is("serving"), _continue, panel="continue"),
    Action(
        "cancel",
        "Ctrl+B",
        _ticket_is("called"),
        lambda key, at, wish: CancelTicket(id=key, ticket=at.ticket_id, reason=wish.reason),
        asks="cancel_reason",
        panel="cancel",
    ),
    Action("undo", "Ctrl+Z", _undo_possible, lambda key, _at, _: UndoLast(id=key)),
    Action(
        "call",
        "",
        _open_and_free,
        lambda key, _, wish: CallTicket(id=key, ticket=wish.ticket),
    ),
    Action(
        "resume",
        "",
        _open_and_free,
        lambda key, _, wish: ResumeTicket(id=key, ticket=wish.ticket),
    ),
    Action(
        "requeue",
        "",
        _never,
        lambda key, _, wish: RequeueTicket(id=key, ticket=wish.ticket),
        of_mine=False,
    ),
    Action("issue", "Ctrl+N", _never, _issue, panel="issue", of_mine=False),
    Action("open", "Ctrl+O", _not_open, lambda key, _at, _: OpenCounter(id=key)),
    Action(
        "pause",
        "Ctrl+P",
        _open_and_free,
        lambda key, _at, wish: PauseCounter(id=key, reason=wish.reason),
        asks="pause_reason",
        panel="pause",
    ),
    Action("close", "Ctrl+T", _closing_possible, lambda key, _at, _: CloseCounter(id=key)),
    Action("sign-out", "Ctrl+K", _nobody_here, lambda key, _at, _: SignOut(id=key)),
)

ACTIONS: dict[str, Action] = {action.name: action for action in _TABLE}
"""Name of a move (also the object name of its button) to the move."""

VIEWS: dict[str, str] = {
    "numbers": "F10",
    "visit": "Ctrl+D",
    "complaint": "Ctrl+J",
    "why": "Ctrl+M",
    "papers": "Ctrl+E",
    "rating": "Ctrl+R",
    "answer": "Ctrl+S",
    "strip": "Ctrl+Shift+C",
    "help": "F1",
}
"""What is only looked at, and its key."""
