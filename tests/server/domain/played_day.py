"""A branch day on which anything may be tried, with the plain queue beside it.

What the rules refuse is refused; what they do is heard by the plain day, too, and each call by
rule is held against what the plain queue says (law I5).
"""

from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec

from server.domain import calling, seating, serving, steering
from server.domain.branch import Branch, Counter, Rules, Service, Skills
from server.domain.branch_day import BranchDay
from server.domain.clockwork import decide_due
from server.domain.closing import (
    PastDay,
    decide_close,
    decide_day_over,
    decide_reopen,
    decide_sign,
)
from server.domain.correcting import Correction, decide_correction, record_of
from server.domain.disturbance import decide_after_cause, decide_after_undo
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, DayOpened, Recorded, TicketCalled
from server.domain.explaining import overtakers
from server.domain.hall import Desk
from server.domain.issuing import NewTicket, decide_issue, decide_print_outcome, decide_reprint
from server.domain.seating import Person, decide_sign_out, decide_turn_out
from server.domain.ticket import TicketState
from server.domain.ticket_correction import decide_ticket_correction
from server.domain.undoing import decide_undo, undoable
from tests.server.branch_example import BRANCH, DATE, MORNING_MS, choices
from tests.server.domain.plain_day import PlainDay
from tests.server.domain.plain_queue import PlainRules

SERVICES = ("A", "B", "C")
PRIORITIES = ("none", "none", "none", "elderly", "urgent")
PEOPLE = ("ani", "budi", "citra", "dodi")
POSITIONS = ("arrival", "first", "last")
# Every service ends with a system as its cause, so that bursts come and go.
SOLVED = serving.Result("solved", cause="system")
TARGETS_S = {"A": 60, "B": 20, "C": 0}


def lively_branch(**rules: Any) -> Branch:
    """Three counters and four people with skills; waits are short, so that every rule fires."""
    given: dict[str, Any] = {
        "overtakes_most": 3,
        "overdue_s": 90,
        "help_after_s": 20,
        "priority_target_wait_s": 10,
        "transfer_fallback_s": 60,
        "recall_pause_s": 0,
        "grace_s": 600,
        "grace_times": 3,
        "grace_places": 2,
        "disturbance_ends_after_s": 600,
    }
    return replace(
        BRANCH,
        services={
            code: Service(code, {"id": code, "en": code}, letter=code, target_wait_s=seconds)
            for code, seconds in TARGETS_S.items()
        },
        counters={
            1: Counter(1, ("A", "B"), {"B": 2}),
            2: Counter(2, ("A", "B", "C")),
            3: Counter(3, ("B", "C"), {"C": 2}),
        },
        staff_skills={
            "budi": Skills(("A", "C"), {"C": 2}),
            "citra": Skills(("B", "C"), {"B": 3, "C": 2}),
        },
        rules=Rules(**given | rules),
        choices={**BRANCH.choices, "cause": choices("administrative", "system")},
    )


def plain_rules(branch: Branch) -> PlainRules:
    """The same rules for the plain queue."""
    rules = branch.rules
    return PlainRules(
        discipline=rules.discipline,
        priority_in_a_row=rules.priority_in_a_row,
        regular_in_a_row=rules.regular_in_a_row,
        overtakes_most=rules.overtakes_most,
        overdue_ms=rules.overdue_s * 1000,
        help_after_ms=None if rules.help_after_s is None else rules.help_after_s * 1000,
        priority_target_ms=rules.priority_target_wait_s * 1000,
        targets_ms={code: one.target_wait_s * 1000 for code, one in branch.services.items()},
    )


AFTER_CLOSE = (decide_reopen, decide_correction, decide_sign, decide_sign_out)


def _levels(skills: Skills) -> dict[str, int]:
    return {service: skills.preference.get(service, 1) for service in skills.services}


class PlayedDay:
    """Every command as a method; it returns whether something happened."""

    def __init__(self, branch: Branch) -> None:
        self.branch = branch
        self.day = BranchDay(branch, DATE)
        self.now_ms = MORNING_MS
        self.entries: list[Recorded] = []
        self.refused: Tally[str] = Tally()
        self.rules_used: Tally[str] = Tally()
        self._ids = 0
        self.plain = self._plain_day()
        self._record([DayOpened(business_date=DATE)])

    def _plain_day(self) -> PlainDay:
        return PlainDay(
            plain_rules(self.branch),
            {number: _levels(one.skills) for number, one in self.branch.counters.items()},
            {staff: _levels(skills) for staff, skills in self.branch.staff_skills.items()},
        )

    def new_id(self) -> str:
        self._ids += 1
        return f"id-{self._ids}"

    def _record(
        self, events: Sequence[AnyEvent], actor: str = "server", command: str | None = None
    ) -> None:
        for event in events:
            recorded = Recorded(
                seq=len(self.entries) + 1,
                at_ms=self.now_ms,
                business_date=self.day.business_date,
                event=event,
                actor=actor,
                command_id=command,
            )
            self.entries.append(recorded)
            self.day.apply(recorded)
            body = msgspec.to_builtins(event)
            self.plain.hear(self.now_ms, recorded.seq, body, actor, command)

    def _do(self, actor: str, decide: Any, *given: Any, **named: Any) -> bool:
        """Decide as a device, and let it happen."""
        if self.day.closed and decide not in AFTER_CLOSE:
            self.refused["day-closed"] += 1  # the lane's own rule
            return False
        try:
            events = decide(self.day, *given, **named)
        except QueueRuleError as no:
            self.refused[no.reason] += 1
            return False
        self._record(events, actor, self.new_id())
        return bool(events)

    def device(self, counter: int) -> str:
        return f"counter-{counter}"

    def desk(self, counter: int) -> Desk:
        return self.day.desks[counter]

    def _is_attended(self, counter: int) -> bool:
        """A device speaks for a counter only while somebody sits there."""
        seat = self.day.seats.get(self.device(counter))
        return seat is not None and seat.counter == counter

    def tickets(self, *states: str) -> list[str]:
        """Ids by arrival."""
        return [one.id for one in self.day.tickets.values() if one.state in states]

    # Time.

    def pass_s(self, seconds: float) -> None:
        """Time passes, and what is due happens."""
        self.now_ms += int(seconds * 1000)
        while events := decide_due(self.day, self.now_ms):
            self._record(events)

    def turn_day(self, date: str) -> None:
        """The business day changes, as the lane does it."""
        self._record(decide_day_over(self.day, self.now_ms))
        self.day = BranchDay(self.branch, date)
        self.day.revision = len(self.entries)
        self.plain = self._plain_day()
        self._record([DayOpened(business_date=date)])

    def restart(self) -> None:
        """The day is what its events tell, and nothing else (law I3)."""
        self.day = self.retold()

    def retold(self) -> BranchDay:
        """Today, told again from its events."""
        day = BranchDay(self.branch, self.day.business_date)
        for recorded in self.entries:
            if recorded.business_date == day.business_date:
                day.apply(recorded)
        return day

    # Visitors.

    def issue(self, service: str = "A", priority: str = "none", *, paper: bool = False) -> bool:
        asked = NewTicket(
            self.new_id(),
            self.new_id(),
            service,
            "kiosk-1",
            priority,
            job=self.new_id(),
            print_at="kiosk-1" if paper else None,
        )
        return self._do("kiosk-1", decide_issue, asked, self.now_ms)

    def reprint(self, ticket: str) -> bool:
        return self._do("kiosk-1", decide_reprint, ticket, self.new_id(), "kiosk-1")

    def tell_print(self, job: str, outcome: str) -> bool:
        return self._do("kiosk-1", decide_print_outcome, "kiosk-1", job, outcome)

    def tell_announcement(self, announcement: str, outcome: str) -> bool:
        return self._do("tv-1", calling.decide_announcement_outcome, announcement, "tv-1", outcome)

    # Counters.

    def sit(self, counter: int, staff: str) -> bool:
        person = Person(staff, staff.title(), "frontliner")
        device = self.device(counter)
        return self._do(device, seating.decide_sign_in, device, person, counter, needs_counter=True)

    def get_up(self, counter: int) -> bool:
        device = self.device(counter)
        return self._do(device, seating.decide_sign_out, device)

    def at(self, counter: int, decide: Any, *given: Any, **named: Any) -> bool:
        """A command of the person who sits at a counter."""
        if not self._is_attended(counter):
            self.refused["not-signed-in"] += 1
            return False
        return self._do(self.device(counter), decide, self.desk(counter), *given, **named)

    def open(self, counter: int) -> bool:
        return self.at(counter, seating.decide_open)

    def pause(self, counter: int) -> bool:
        return self.at(counter, seating.decide_pause, "break")

    def close(self, counter: int) -> bool:
        return self.at(counter, seating.decide_close)

    def call_next(self, counter: int, *, finishing: bool = False) -> bool:
        """Law I5: the plain queue names the same ticket, for the same reason, or nobody."""
        expected = self.plain.queue.who_is_next(counter, self.now_ms)
        before, no_one = len(self.entries), self.refused["queue-empty"]
        desk = self.desk(counter)
        held = desk.ticket if finishing else None
        if held is not None:
            done = self.at(counter, _finish_and_call, held, self.new_id(), self.now_ms)
        else:
            done = self.at(counter, calling.decide_call_next, self.new_id(), self.now_ms)
        called = [one.event for one in self.entries[before:] if isinstance(one.event, TicketCalled)]
        if called:
            self.rules_used[called[0].rule + "+" * called[0].helping] += 1
            chosen = (called[0].ticket, called[0].rule, called[0].helping)
            wanted = expected and (expected[0].id, *expected[1:])
            assert chosen == wanted, (chosen, wanted)
        elif done or self.refused["queue-empty"] > no_one:
            assert expected is None or expected[2], "somebody was there to be called"
            assert held is not None or expected is None, "an idle counter might have helped"
        return done

    def call_chosen(self, counter: int, ticket: str) -> bool:
        return self.at(counter, calling.decide_call_chosen, ticket, self.new_id(), self.now_ms)

    def recall(self, counter: int) -> bool:
        return self._held(counter, calling.decide_recall, self.new_id(), self.now_ms)

    def _held(self, counter: int, decide: Any, *given: Any) -> bool:
        ticket = self.desk(counter).ticket
        return ticket is not None and self.at(counter, decide, ticket, *given)

    def start(self, counter: int) -> bool:
        return self._held(counter, serving.decide_start)

    def finish(self, counter: int) -> bool:
        return self._held(counter, _finish, self.now_ms)

    def go_on(self, counter: int, service: str) -> bool:
        return self._held(counter, _continue, service, self.now_ms)

    def park(self, counter: int) -> bool:
        return self._held(counter, serving.decide_park, "papers", None, self.now_ms)

    def no_show(self, counter: int) -> bool:
        return self._held(counter, calling.decide_no_show, self.now_ms)

    def resume(self, counter: int, ticket: str) -> bool:
        return self.at(counter, calling.decide_resume, ticket, self.new_id(), self.now_ms)

    def undo(self, counter: int) -> bool:
        return self.at(counter, _undo, self.now_ms)

    def transfer(self, counter: int | None, ticket: str, to: serving.Destination) -> bool:
        """``counter`` None: a manager hands on."""
        if counter is None:
            return self._do(
                "office-1", serving.decide_transfer, None, ticket, to, "dewi", self.now_ms
            )
        staff = self.desk(counter).staff
        return self.at(counter, _transfer, ticket, to, staff, self.now_ms)

    def requeue(self, ticket: str) -> bool:
        return self._do("door-1", calling.decide_requeue, ticket, "eko", self.now_ms)

    def cancel(self, ticket: str) -> bool:
        return self._do(
            "kiosk-1", serving.decide_cancel, ticket, "visitor-left", "kiosk-1", None, None
        )

    def put_right(self, ticket: str, service: str | None, priority: str | None) -> bool:
        """The officer at the door corrects a waiting ticket."""
        return self._do(
            "door-1",
            decide_ticket_correction,
            ticket,
            service,
            priority,
            "eko",
            "door-1",
            self.now_ms,
        )

    def rate(self, ticket: str) -> bool:
        return self._do("pad-1", serving.decide_rating, ticket, 4, (), "pad-1")

    # The manager.

    def set_discipline(self, name: str, priority: int | None, regular: int | None) -> bool:
        return self._do("office-1", steering.decide_discipline, name, priority, regular, "dewi")

    def set_counter(self, counter: int, services: Sequence[str], level: int) -> bool:
        preference = {services[-1]: level} if services else {}
        return self._do(
            "office-1", steering.decide_counter_services, counter, services, preference, "dewi"
        )

    def set_staff(self, staff: str, services: Sequence[str], level: int) -> bool:
        preference = {services[-1]: level} if services else {}
        return self._do(
            "office-1", steering.decide_staff_services, staff, services, preference, "dewi"
        )

    def close_day(self) -> bool:
        return self._do("office-1", decide_close, self.now_ms, "dewi", "")

    def reopen_day(self) -> bool:
        return self._do("office-1", decide_reopen, "dewi", "too early")

    def pause_service(self, service: str) -> bool:
        return self._do("office-1", steering.decide_pause_service, service, "", "dewi")

    def resume_service(self, service: str) -> bool:
        return self._do("office-1", steering.decide_resume_service, service, "dewi")

    def correct(self, ticket: str, field: str, value: str) -> bool:
        known = self.day.tickets.get(ticket)
        record = None if known is None else record_of(self.day, known)
        correction = Correction(field, value, "mistake", "dewi")
        return self._do("office-1", decide_correction, record, correction)

    def sign(self, date: str) -> bool:
        return self._do("office-1", decide_sign, PastDay(date), "dewi", "")

    def turn_out(self, counter: int) -> bool:
        """Whoever sits there may not sign in any more."""
        seat = self.day.seats.get(self.device(counter))
        return seat is not None and self._do("server", decide_turn_out, seat)

    # What must hold.

    def check(self) -> None:
        """The plain day and the day agree about everybody."""
        day, plain = self.day, self.plain
        waiting = {one.id for one in day.tickets.values() if one.state is TicketState.WAITING}
        assert waiting == set(plain.queue.waiting)
        for visitor in plain.visitors.values():
            ticket = day.tickets[visitor.id]
            assert day.lines.overtakes_of(ticket) == visitor.overtakes, visitor
            listed = overtakers(day, ticket)
            assert sum(made.counted for made in listed) == visitor.overtakes, visitor
            assert [one.ticket for one in listed] == [
                one.ticket for one in visitor.passed if not one.undone
            ]
        for name in day.lines.names():
            line = [one for one in plain.queue.waiting.values() if _name(one.line) == name]
            line.sort(key=lambda one: one.rank)
            assert [one.id for one in line] == day.lines.tickets(name), name
        for number, desk in day.desks.items():
            assert desk.ticket == plain.holds.get(number)
            assert desk.free_since_ms == plain.queue.desks[number].free_since_ms


def facts(day: BranchDay) -> dict[str, Any]:
    """All that a day knows, to compare it with itself told again."""
    known = {name: value for name, value in vars(day).items() if name not in NOT_FACTS}
    known["lines"] = {name: line for name in day.lines.names() if (line := day.lines.tickets(name))}
    known["overtakes"] = {one.id: day.lines.overtakes_of(one) for one in day.tickets.values()}
    return known | {name: list(known[name]) for name in ("board", "missed")}


NOT_FACTS = {
    *("branch", "discipline", "lines", "changes"),  # what it was given, and what it gives away
    *("_call_lines", "experience", "seen"),  # reckoned from the rest when asked
}


def _name(line: tuple[str, object]) -> str:
    return f"{line[0]}:{line[1]}"


def _finish(day: BranchDay, desk: Desk, ticket: str, now_ms: int) -> list[AnyEvent]:
    """As the handler of ``FinishService`` does."""
    events = serving.decide_finish(day, desk, ticket, SOLVED)
    return events + decide_after_cause(day, ticket, SOLVED.cause, now_ms)


def _continue(day: BranchDay, desk: Desk, ticket: str, service: str, now_ms: int) -> list[AnyEvent]:
    """As the handler of ``ContinueService`` does."""
    events = serving.decide_continue(day, desk, ticket, service, SOLVED)
    return events + decide_after_cause(day, ticket, SOLVED.cause, now_ms)


def _undo(day: BranchDay, desk: Desk, now_ms: int) -> list[AnyEvent]:
    """As the handler of ``UndoLast`` does."""
    note = undoable(day, desk, now_ms)
    events = decide_undo(day, desk, now_ms)
    return events if note is None else events + decide_after_undo(day, note)


def _finish_and_call(
    day: BranchDay, desk: Desk, ticket: str, announcement: str, now_ms: int
) -> list[AnyEvent]:
    """As the handler of ``CallNext`` with ``finish`` does."""
    calling.demand_open(desk)
    events = _finish(day, desk, ticket, now_ms)
    return events + calling.decide_call_next(day, desk, announcement, now_ms, finishing=True)


def _transfer(day: BranchDay, desk: Desk, *given: Any) -> list[AnyEvent]:
    return serving.decide_transfer(day, desk, *given)
