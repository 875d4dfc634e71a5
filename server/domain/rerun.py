"""A past day run again under another rule or staffing, by the shipped rules on virtual time.

Visitors come as they came and take as long as they took; a free counter calls after the pause
that was usual on that day. What a model cannot know is left out: parking, coming back after a
missed call, calls of a chosen number. Run it under the day's own rule and staffing, too, to see
how much that matters.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush

from server.domain.branch import Branch, Choice, Counter, Skills
from server.domain.branch_day import BranchDay
from server.domain.calling import decide_call_next, decide_no_show
from server.domain.closing import decide_day_end
from server.domain.events import AnyEvent, DayOpened, DisciplineSet, Recorded, StaffServicesSet
from server.domain.hall import Desk
from server.domain.issuing import NewTicket, decide_issue
from server.domain.past import Change, Errand, Past, Shift, Visit
from server.domain.seating import Person, decide_open, decide_sign_in, decide_sign_out
from server.domain.serving import (
    Destination,
    Result,
    decide_cancel,
    decide_finish,
    decide_start,
    decide_transfer,
)
from server.domain.ticket import TicketState

_LEFT = "left"
_KIOSK = "kiosk"
# What happens in one instant, in this order; calls come after all of it.
_SHIFT_ENDS, _SHIFT_BEGINS, _CHANGE, _MOVE, _ARRIVAL, _LEAVES, _LOOK = range(7)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is different this time; None is as it was.

    ``counters`` are so many counters that serve everything, open without a break from the first
    opening of the day to the last close.
    """

    discipline: str | None = None
    counters: int | None = None


def rerun(branch: Branch, past: Past, plan: Plan) -> BranchDay:
    """The whole day once more; every service that somebody came for must be known."""
    shifts = past.shifts if plan.counters is None else _even_shifts(branch, past, plan.counters)
    run = _Run(_without_limits(branch, past, plan, shifts), past)
    for shift in shifts:
        run.expect_shift(shift)
    for at_ms, change in past.changes:
        run.expect_change(at_ms, change, plan)
    for visit in past.visits:
        run.expect_visit(visit)
    return run.until_the_close()


def _even_shifts(branch: Branch, past: Past, many: int) -> tuple[Shift, ...]:
    """The branch's own counters first."""
    own = sorted(branch.counters)
    beyond = max(own, default=0) + 1
    numbers = [*own, *range(beyond, beyond + many)][:many]
    begins = [shift.from_ms for shift in past.shifts] or [one.issued_at_ms for one in past.visits]
    from_ms = min(begins, default=past.closed_at_ms)
    to_ms = max((shift.to_ms for shift in past.shifts), default=past.closed_at_ms)
    return tuple(Shift(number, "", from_ms, to_ms) for number in numbers)


def _without_limits(branch: Branch, past: Past, plan: Plan, shifts: Sequence[Shift]) -> Branch:
    """The branch as it decides who is next, without hours, quotas and ranges: whoever took a
    number that day takes one again."""
    rules = replace(
        branch.rules,
        discipline=plan.discipline or past.discipline or branch.rules.discipline,
        number_last=None,
        quota_daily=None,
        capacity_closing=False,
        no_show_calls_least=0,
        no_show_s_least=0,
    )
    services = {
        code: replace(service, open=True, hours=None, quota=None)
        for code, service in branch.services.items()
    }
    everything = tuple(services)
    if plan.counters is None:
        counters = {
            number: Counter(number, served.services, served.preference)
            for number in _numbers(shifts)
            for served in (past.counters[number],)
        }
        skills = {
            _seated(shift): past.staff[shift.staff] for shift in shifts if shift.staff in past.staff
        }
    else:
        counters = {number: Counter(number, everything) for number in _numbers(shifts)}
        skills = dict[str, Skills]()
    came = {visit.priority for visit in past.visits}
    choices = {
        **branch.choices,
        "priority": tuple(Choice(code, {}) for code in sorted(came)),
        "cancel_reason": (Choice(_LEFT, {}),),
    }
    return replace(
        branch,
        rules=rules,
        services=services,
        counters=counters,
        staff_skills=skills,
        choices=choices,
        number_ranges={},
        hours=None,
    )


def _numbers(shifts: Sequence[Shift]) -> list[int]:
    return sorted({shift.counter for shift in shifts})


def _seated(shift: Shift) -> str:
    """A person at a counter: in a rerun a shift may end later than the next one begins, so the
    same person at two counters is two."""
    return f"{shift.staff}@{shift.counter}"


@dataclass(slots=True)
class _Run:
    """The day under way."""

    branch: Branch
    past: Past
    day: BranchDay = field(init=False)
    visits: dict[str, Visit] = field(default_factory=dict)
    # How many errands of a visit are done.
    done: dict[str, int] = field(default_factory=dict)
    # Who should sit at a counter once it is free.
    wanted: dict[int, Shift | None] = field(default_factory=dict)
    _looks: set[tuple[int, int]] = field(default_factory=set)
    _agenda: list[tuple[int, int, int, Callable[[], None]]] = field(default_factory=list)
    _order: int = 0
    _now_ms: int = 0

    def __post_init__(self) -> None:
        self.day = BranchDay(self.branch, self.past.business_date)
        self._happen([DayOpened(business_date=self.past.business_date)])

    # What is known beforehand.

    def expect_shift(self, shift: Shift) -> None:
        """Somebody comes to a counter, and goes when it is free after the end."""

        def begin() -> None:
            self.wanted[shift.counter] = shift

        def end() -> None:
            self.wanted[shift.counter] = None

        self._at(shift.from_ms, _SHIFT_BEGINS, begin)
        self._at(shift.to_ms, _SHIFT_ENDS, end)

    def expect_change(self, at_ms: int, change: Change, plan: Plan) -> None:
        """What a manager set, unless the plan says otherwise."""
        if isinstance(change, DisciplineSet):
            again: list[AnyEvent] = [change] if plan.discipline is None else []
        elif plan.counters is not None:
            again = []
        elif isinstance(change, StaffServicesSet):
            seats = {_seated(one) for one in self.past.shifts if one.staff == change.of_staff}
            again = [
                StaffServicesSet(
                    of_staff=seated,
                    services=change.services,
                    preference=change.preference,
                    staff=change.staff,
                )
                for seated in sorted(seats)
            ]
        else:
            again = [change] if change.counter in self.branch.counters else []
        self._at(at_ms, _CHANGE, lambda: self._happen(again))

    def expect_visit(self, visit: Visit) -> None:
        """Somebody takes a number, and gives up at the same instant if nobody called before."""
        self.visits[visit.ticket] = visit
        self._at(visit.issued_at_ms, _ARRIVAL, lambda: self._arrive(visit))
        if visit.leaves_at_ms is not None:
            self._at(visit.leaves_at_ms, _LEAVES, lambda: self._leave(visit))

    # Time.

    def _at(self, at_ms: int, kind: int, do: Callable[[], None]) -> None:
        self._order += 1
        heappush(self._agenda, (at_ms, kind, self._order, do))

    def until_the_close(self) -> BranchDay:
        """Let the day go by."""
        while self._agenda and self._agenda[0][0] < self.past.closed_at_ms:
            self._now_ms = self._agenda[0][0]
            while self._agenda and self._agenda[0][0] == self._now_ms:
                heappop(self._agenda)[-1]()
            self._seat_and_call()
        self._now_ms = self.past.closed_at_ms
        self._happen(decide_day_end(self.day, self._now_ms))
        return self.day

    def _happen(self, events: Sequence[AnyEvent]) -> None:
        for event in events:
            self.day.apply(
                Recorded(
                    seq=self.day.revision + 1,
                    at_ms=self._now_ms,
                    business_date=self.day.business_date,
                    event=event,
                )
            )

    # Visitors.

    def _arrive(self, visit: Visit) -> None:
        asked = NewTicket(
            ticket=visit.ticket,
            link=visit.ticket,
            service=visit.errands[0].service,
            device=_KIOSK,
            priority=visit.priority,
            weight=visit.weight,
        )
        self._happen(decide_issue(self.day, asked, self._now_ms))

    def _leave(self, visit: Visit) -> None:
        if self.day.tickets[visit.ticket].state is TicketState.WAITING:
            self._happen(decide_cancel(self.day, visit.ticket, _LEFT, _KIOSK, None, None))

    # Counters.

    def _seat_and_call(self) -> None:
        for desk in self.day.desks.values():
            if desk.ticket is None:
                self._seat(desk)
        free = [
            (desk.free_since_ms, desk.number)
            for desk in self.day.desks.values()
            if desk.free_since_ms is not None
        ]
        for since_ms, number in sorted(free):
            ready_ms = since_ms + self.past.between_calls_ms
            if ready_ms <= self._now_ms:
                self._call(self.day.desks[number], since_ms)
            else:
                self._look(number, ready_ms)

    def _seat(self, desk: Desk) -> None:
        """Whoever should sit there sits there, now that the counter is free."""
        shift = self.wanted.get(desk.number)
        wanted = _seated(shift) if shift is not None else None
        if desk.staff == wanted:
            return
        device = f"counter-{desk.number}"
        if desk.staff is not None:
            self._happen(decide_sign_out(self.day, device))
        if wanted is not None:
            person = Person(wanted, wanted, "frontliner")
            self._happen(decide_sign_in(self.day, device, person, desk.number, needs_counter=True))
            self._happen(decide_open(self.day, desk))

    def _call(self, desk: Desk, since_ms: int) -> None:
        if self.day.next_choice(desk, self._now_ms) is None:
            help_after_s = self.day.rules.help_after_s
            if help_after_s is not None:
                # Then it may help other lines, also if nothing else happens.
                self._look(desk.number, since_ms + help_after_s * 1000)
            return
        announcement = f"call-{self.day.revision}"
        self._happen(decide_call_next(self.day, desk, announcement, self._now_ms))
        assert desk.ticket is not None
        visit = self.visits[desk.ticket]
        way_ms = self._errand(visit).way_ms or 0
        self._at(self._now_ms + way_ms, _MOVE, lambda: self._come(desk, visit))

    def _look(self, number: int, at_ms: int) -> None:
        """Look whether there is somebody to call then."""
        if at_ms > self._now_ms and (number, at_ms) not in self._looks:
            self._looks.add((number, at_ms))
            self._at(at_ms, _LOOK, lambda: None)

    def _errand(self, visit: Visit) -> Errand:
        return visit.errands[self.done.get(visit.ticket, 0)]

    def _come(self, desk: Desk, visit: Visit) -> None:
        """The way is over: the visitor is there, or was never seen."""
        day, last = self.day, self._errand(visit) is visit.errands[-1]
        if last and visit.ending == "no-show":
            self._happen(decide_no_show(day, desk, visit.ticket, self._now_ms))
        elif last and visit.ending == "cancelled":
            self._happen(decide_cancel(day, visit.ticket, _LEFT, _KIOSK, desk.staff, desk))
        else:
            self._happen(decide_start(day, desk, visit.ticket))
            service_ms = self._errand(visit).service_ms or 0
            self._at(self._now_ms + service_ms, _MOVE, lambda: self._end(desk, visit))

    def _end(self, desk: Desk, visit: Visit) -> None:
        """The service is over, and perhaps the next one follows elsewhere."""
        assert desk.staff is not None
        self.done[visit.ticket] = done = self.done.get(visit.ticket, 0) + 1
        if done == len(visit.errands):
            self._happen(decide_finish(self.day, desk, visit.ticket, Result("solved")))
            return
        to = Destination(service=visit.errands[done].service)
        self._happen(decide_transfer(self.day, desk, visit.ticket, to, desk.staff, self._now_ms))
