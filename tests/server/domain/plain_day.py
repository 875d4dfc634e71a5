"""A day as somebody hears it who keeps the plain queue by hand: what happened, one by one.

Hears the words of the stored events (their names and fields are fixed for ever) and nothing of
the domain. What an event says of places by hand (first, last, back after a missed call) is taken
as it is told; everything else follows from the rules.
"""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from tests.server.domain.plain_queue import Call, PlainDesk, PlainQueue, PlainRules, Visitor

HELD = {"called", "serving"}


@dataclass
class Note:
    """The last move of a counter: who was where before it."""

    command: str | None
    at_ms: int
    moved: list[tuple[Visitor, str, int | None]]
    call: Call | None = None


class PlainDay:
    """The queue and where everybody else is."""

    def __init__(
        self,
        rules: PlainRules,
        counters: Mapping[int, Mapping[str, int]],
        skills: Mapping[str, Mapping[str, int]],
    ) -> None:
        self.queue = PlainQueue(
            rules,
            {number: PlainDesk(number, services) for number, services in counters.items()},
            dict(skills),
        )
        self.own_in_a_row = rules.priority_in_a_row, rules.regular_in_a_row
        self.visitors: dict[str, Visitor] = {}
        self.states: dict[str, str] = {}
        self.holds: dict[int, str] = {}
        self.open: set[int] = set()
        self.seats: dict[str, int] = {}
        self.notes: dict[int, Note] = {}

    def hear(
        self,
        at_ms: int,
        order: int,
        body: Mapping[str, Any],
        actor: str = "server",
        command: str | None = None,
    ) -> None:
        """One event; ``order`` is its place in the branch's history."""
        happened = getattr(self, f"_hear_{body['type']}", None)
        if happened is not None:
            self._note(at_ms, body, actor, command)
            happened(at_ms, order, body)
            for desk in self.queue.desks.values():
                is_free = desk.number in self.open and desk.number not in self.holds
                if not is_free:
                    desk.free_since_ms = None
                elif desk.free_since_ms is None:
                    desk.free_since_ms = at_ms

    # People and counters.

    def _hear_StaffSignedIn(self, at_ms: int, order: int, body: Mapping[str, Any]) -> None:
        if body.get("counter") is not None:
            self.seats[body["device"]] = body["counter"]
            self.queue.desks[body["counter"]].staff = body["staff"]

    def _hear_StaffSignedOut(self, at_ms: int, order: int, body: Mapping[str, Any]) -> None:
        counter = self.seats.pop(body["device"], None)
        if counter is not None:
            self.queue.desks[counter].staff = None
            self.notes.pop(counter, None)

    def _hear_CounterOpened(self, at_ms: int, order: int, body: Mapping[str, Any]) -> None:
        self.open.add(body["counter"])

    def _hear_CounterPaused(self, at_ms: int, order: int, body: Mapping[str, Any]) -> None:
        self.open.discard(body["counter"])

    _hear_CounterClosed = _hear_CounterPaused

    # What a manager changes.

    def _hear_DisciplineSet(self, at_ms: int, order: int, body: Mapping[str, Any]) -> None:
        in_a_row = body.get("in_a_row") or self.own_in_a_row
        kept = [
            visitor
            for note in self.notes.values()
            for visitor, state, _ in note.moved
            if state == "waiting"
        ]
        self.queue.set_discipline(body["discipline"], tuple(in_a_row), kept)

    def _hear_CounterServicesSet(self, at_ms: int, order: int, body: Mapping[str, Any]) -> None:
        self.queue.desks[body["counter"]].services = _levels(body)

    def _hear_StaffServicesSet(self, at_ms: int, order: int, body: Mapping[str, Any]) -> None:
        self.queue.skills[body["of_staff"]] = _levels(body)

    # Tickets.

    def _hear_TicketIssued(self, at_ms: int, order: int, body: Mapping[str, Any]) -> None:
        # A kiosk may tell late of who came to it while it had no link.
        came_ms, priority = body.get("issued_at_ms", at_ms), body.get("priority", "none")
        came = came_ms, order
        visitor = Visitor(
            body["ticket"], came, order, came_ms, body["service"], priority, (0, 0, 0), came_ms
        )
        self.visitors[visitor.id] = visitor
        self.states[visitor.id] = "waiting"
        self.queue.wait(visitor, "arrival", None, at_ms)

    def _hear_TicketCalled(self, at_ms: int, order: int, body: Mapping[str, Any]) -> None:
        visitor = self.visitors[body["ticket"]]
        by_rule = body["type"] == "TicketCalled" and not body.get("chosen", False)
        call = self.queue.call(
            visitor, body["counter"], by_rule=by_rule, helping=body.get("helping", False)
        )
        note = self.notes.get(body["counter"])
        if note is not None:
            note.call = call
        self._leave(visitor, "called", body["counter"])

    _hear_TicketResumed = _hear_TicketCalled

    def _hear_ServiceStarted(self, at_ms: int, order: int, body: Mapping[str, Any]) -> None:
        self.states[body["ticket"]] = "serving"

    def _hear_ServiceFinished(self, at_ms: int, order: int, body: Mapping[str, Any]) -> None:
        self._leave(self.visitors[body["ticket"]], "gone")

    _hear_NoShowRecorded = _hear_ServiceFinished
    _hear_TicketCancelled = _hear_ServiceFinished
    _hear_TicketExpired = _hear_ServiceFinished
    _hear_TicketParked = _hear_ServiceFinished

    def _hear_TicketTakenAlong(self, at_ms: int, order: int, body: Mapping[str, Any]) -> None:
        state = self.states[body["ticket"]]
        self._leave(self.visitors[body["ticket"]], state, body["counter"])

    def _hear_TicketRequeued(self, at_ms: int, order: int, body: Mapping[str, Any]) -> None:
        visitor = self.visitors[body["ticket"]]
        self._wait(visitor, "grace", tuple(body["rank"]), at_ms)

    def _hear_TicketTransferred(self, at_ms: int, order: int, body: Mapping[str, Any]) -> None:
        visitor = self.visitors[body["ticket"]]
        self._leave(visitor, "gone")
        visitor.service = body["service"]
        visitor.to_counter, visitor.to_staff = body.get("counter"), body.get("to_staff")
        by_hand = body["position"] != "arrival"
        rank = tuple(body["rank"]) if by_hand else None
        self._wait(visitor, body["position"], rank, at_ms)

    def _hear_TransferFellBack(self, at_ms: int, order: int, body: Mapping[str, Any]) -> None:
        visitor = self.visitors[body["ticket"]]
        self.queue.waiting.pop(visitor.id)
        visitor.to_counter = visitor.to_staff = None
        first = visitor.placing == "first"
        rank = tuple(body["rank"]) if first else None
        self._wait(visitor, "first" if first else "arrival", rank, at_ms)

    def _hear_TicketCorrected(self, at_ms: int, order: int, body: Mapping[str, Any]) -> None:
        visitor = self.visitors[body["ticket"]]
        self._leave(visitor, "gone")
        visitor.service, visitor.priority = body["service"], body["priority"]
        visitor.to_counter = visitor.to_staff = None
        self._wait(visitor, "arrival", None, at_ms)

    def _hear_ServiceContinued(self, at_ms: int, order: int, body: Mapping[str, Any]) -> None:
        visitor = self.visitors[body["ticket"]]
        visitor.service = body["service"]
        if body.get("rank") is not None:
            self._leave(visitor, "gone")
            visitor.to_counter = visitor.to_staff = None
            self._wait(visitor, "arrival", None, at_ms)

    def _leave(self, visitor: Visitor, state: str, counter: int | None = None) -> None:
        self.queue.waiting.pop(visitor.id, None)
        for number in [number for number, held in self.holds.items() if held == visitor.id]:
            del self.holds[number]
        self.states[visitor.id] = state
        if counter is not None:
            self.holds[counter] = visitor.id

    def _wait(
        self, visitor: Visitor, placing: str, rank: tuple[int, ...] | None, at_ms: int
    ) -> None:
        self.states[visitor.id] = "waiting"
        self.queue.wait(visitor, placing, rank, at_ms)  # type: ignore[arg-type]

    # Taking back.

    def _note(self, at_ms: int, body: Mapping[str, Any], actor: str, command: str | None) -> None:
        """Before a move: how it was, as long as the counter may take the move back."""
        kind, counter = body["type"], body.get("counter")
        if kind == "TicketTransferred":
            counter = self.seats.get(actor)
        known = self.notes.get(counter) if counter is not None else None
        same = known is not None and command is not None and known.command == command
        undoable = kind in UNDOABLE or (kind == "ServiceStarted" and body.get("implied", False))
        if counter is None or (kind in UNDOABLE and same):
            return
        if undoable:
            self.notes[counter] = Note(command, at_ms, [self._as_it_is(body["ticket"])])
        elif kind == "TicketCalled" and same and known is not None:
            known.moved.append(self._as_it_is(body["ticket"]))
        elif kind in ("TicketCalled", "TicketResumed", "ServiceContinued"):
            self.notes.pop(counter, None)

    def _as_it_is(self, ticket: str) -> tuple[Visitor, str, int | None]:
        kept = copy(self.visitors[ticket])
        kept.passed = list(kept.passed)
        at = next((number for number, held in self.holds.items() if held == ticket), None)
        return kept, self.states[ticket], at

    def _hear_LastUndone(self, at_ms: int, order: int, body: Mapping[str, Any]) -> None:
        note = self.notes.pop(body["counter"])
        if note.call is not None:
            note.call.undone = True
        for visitor, state, counter in reversed(note.moved):
            self._leave(self.visitors[visitor.id], state, counter)
            self.visitors[visitor.id] = visitor
            if state == "waiting":
                self.queue.waiting[visitor.id] = visitor

    def people(self) -> Iterator[Visitor]:
        """Everyone who waits, by arrival."""
        return iter(sorted(self.queue.waiting.values(), key=lambda one: one.came))


UNDOABLE = ("ServiceFinished", "NoShowRecorded", "TicketTransferred", "TicketParked")


def _levels(body: Mapping[str, Any]) -> dict[str, int]:
    preference = body.get("preference", {})
    return {service: preference.get(service, 1) for service in body["services"]}
