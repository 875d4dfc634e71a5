"""The state of a business day: what is known of it, and the steps that change it."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice, takewhile

from sortedcontainers import SortedList

from server.domain.attendance import IDLE, IDLE_WITH_LINE, SERVING, Attendance
from server.domain.branch import Branch, Skills
from server.domain.changes import CounterPeriod, DayChanges
from server.domain.discipline import QueueDiscipline, Runs, discipline_of, target_wait_s
from server.domain.errors import QueueRuleError
from server.domain.events import Rank
from server.domain.experience import Experience, PastDays
from server.domain.hall import CallMade, CallNotice, Desk, PrintJob, Seat, UndoNote
from server.domain.hall_booking import Bookings
from server.domain.hall_door import Complaint, Disturbed, Screening, SlipJob, SystemCause
from server.domain.hall_lease import KioskLease, LeasedSeries, MergedEarlier
from server.domain.hall_sessions import WebSession
from server.domain.hall_visitor import ChosenChannel, OfficerWanted, PostedText
from server.domain.lines import Lines
from server.domain.outlook import Wait
from server.domain.placing import rank_anew, service_of
from server.domain.selection import Choice, Order, choose
from server.domain.skills import CallLines, help_lines, lines_of
from server.domain.ticket import (
    HELD_STATES,
    LAWFUL_MOVES,
    Stand,
    Ticket,
    TicketPeriod,
    TicketState,
)

BOARD_CALLS_MAX = 50
NEVER_MS = 1 << 62
_NO_SKILLS = Skills(())


@dataclass(frozen=True, slots=True)
class Seen:
    """What the estimate said last, for which revision and second."""

    key: tuple[int, int]
    waits: Mapping[str, Wait | None]
    interval_s: Mapping[str, float | None]


class DayState:
    """What is known of a day, and the few steps in which it changes; only the fold takes them."""

    def __init__(
        self,
        branch: Branch,
        business_date: str,
        past: PastDays | None = None,
        complaints: Iterable[Complaint] = (),
        leased: Iterable[LeasedSeries] = (),
    ) -> None:
        self.branch = branch
        self.experience = Experience(branch, past or PastDays())
        self.seen: Seen | None = None
        self.business_date = business_date
        self.rules = branch.rules
        self.discipline: QueueDiscipline = discipline_of(branch.rules)
        self.runs = Runs()
        self.revision = 0
        # When the last event happened.
        self.at_ms = 0
        self.closed = False
        self.closed_at_ms: int | None = None
        self.tickets: dict[str, Ticket] = {}
        # The next place of arrival; and all arrivals in order, from the first on that came late
        # (``server.domain.arriving``): when it waits since, its order, its id.
        self.next_ordinal = 0
        self.arrivals: SortedList[tuple[int, int, str]] | None = None
        self.by_link: dict[str, str] = {}
        self.lines = Lines()
        # Every call of the day, oldest first.
        self.calls_made: list[CallMade] = []
        # Runs are counted anew from the change of the discipline on.
        self._first_of_runs = 0
        self._call_lines: dict[int, CallLines] = {}
        # The last move of each counter, while it may be taken back.
        self.undo_notes: dict[int, UndoNote] = {}
        self.desks = {number: Desk(number) for number in sorted(branch.counters)}
        self.seats: dict[str, Seat] = {}
        # Managers with a browser, by the hash of the session's secret.
        self.web_sessions: dict[str, WebSession] = {}
        self.attendance = Attendance()
        self.lines.on_change = self.attendance.line_changed
        # Waiting for one counter or person, by the instant at which that ends; and parked, by
        # the instant at which somebody should look after them.
        self.fall_backs: SortedList[tuple[int, str]] = SortedList()
        self.alarms: SortedList[tuple[int, str]] = SortedList()
        self.serials: dict[str, int] = {}
        # What kiosks may give without a link: today's leases by device, and every series that
        # was ever lent; what they gave today by series and serial, and since when the last of
        # each kiosk waits; and what was merged today for days that are over.
        self.leases: dict[str, KioskLease] = {}
        self.leased: dict[str, LeasedSeries] = {one.series: one for one in leased}
        self.offline_serials: dict[str, dict[int, str]] = {}
        self.offline_last_ms: dict[str, int] = {}
        self.merged_earlier: dict[str, MergedEarlier] = {}
        # How many numbers were given per service, whatever became of them.
        self.issued: dict[str, int] = {}
        # Services that give no numbers for a while, each with the reason for people.
        self.paused_services: dict[str, str] = {}
        # Who may serve what by the catalogue, as the day's events tell; empty on old days.
        self.configured_counters: dict[int, Skills] = {}
        self.configured_staff: dict[str, Skills] = {}
        self.configured_services: tuple[str, ...] = ()
        # By which settings places were given; empty on old days.
        self.configured_discipline = ""
        self.configured_target_waits_s: dict[str, int] = {}
        # What the manager changed for the rest of the day, instead of the branch's own.
        self.counter_skills: dict[int, Skills] = {}
        self.staff_skills: dict[str, Skills] = {}
        # Who signed the close of today, and of which earlier days who did so today.
        self.signed_by: str | None = None
        self.signed_dates: dict[str, str] = {}
        # The newest version of what was put right today: by ticket and field.
        self.corrections: dict[tuple[str, str], str] = {}
        self.jobs: dict[str, PrintJob] = {}
        self.calls: dict[str, CallNotice] = {}
        self.ratings: dict[str, int] = {}
        # The front door: who was received there, by which code the kiosk knows them, the slips.
        self.screenings: dict[str, Screening] = {}
        self.codes: dict[str, str] = {}
        self.slips: dict[str, SlipJob] = {}
        self.guests = 0
        self.disturbances: dict[str, Disturbed] = {}
        # When each person looked at what stands under seal, oldest first.
        self.reveals: dict[str, list[int]] = {}
        # Services that ended with a system as their cause, oldest first.
        self.system_causes: list[SystemCause] = []
        # Those of earlier days that were open or not long closed this morning, and all of today.
        self.complaints: dict[str, Complaint] = {one.id: one for one in complaints}
        # The visitor's side: the newest call for a person of each device, whose number is kept
        # under which record, who could do it from home after all, and the line of the TV.
        self.officer_calls: dict[str, OfficerWanted] = {}
        self.identities: dict[str, str] = {}
        self.channels_chosen: list[ChosenChannel] = []
        self.posted_text: PostedText | None = None
        # Places booked from home, and the marks of the tickets whose survey was answered.
        self.bookings = Bookings()
        self.surveyed: set[str] = set()
        # Newest last; the board shows them the other way round.
        self.board: OrderedDict[str, None] = OrderedDict()
        self.missed: OrderedDict[str, None] = OrderedDict()
        self.totals: dict[str, dict[TicketState, int]] = {}
        self.changes = DayChanges(business_date)

    # Reading.

    def ticket(self, ticket_id: str) -> Ticket:
        """A ticket of today, or a refusal."""
        found = self.tickets.get(ticket_id)
        if found is None:
            raise QueueRuleError("unknown-ticket")
        return found

    def last_serial(self, series: str) -> int:
        """After which serial the branch's own numbers of a series go on. One that was a kiosk's
        under other settings begins behind what that kiosk may have on paper (law I2)."""
        lent = self.leased.get(series)
        return max(self.serials.get(series, 0), 0 if lent is None else lent.last)

    def desk_of(self, device: str) -> Desk:
        """The counter at which this device's person sits, or a refusal."""
        seat = self.seats.get(device)
        if seat is None or seat.counter is None:
            raise QueueRuleError("not-signed-in")
        return self.desks[seat.counter]

    def call_lines(self, desk: Desk) -> CallLines:
        """The lines from which a counter may call now, by preference."""
        found = self._call_lines.get(desk.number)
        if found is None:
            person = self.skills_of_staff(desk.staff)
            found = lines_of(desk.number, desk.staff, self.skills_of_counter(desk.number), person)
            self._call_lines[desk.number] = found
        return found

    def may_help(self, desk: Desk, now_ms: int) -> bool:
        """Whether a counter has been idle for so long that it helps other lines."""
        after_s = self.rules.help_after_s
        if after_s is None or desk.free_since_ms is None:
            return False
        return now_ms - desk.free_since_ms >= after_s * 1000

    def help_lines(self, desk: Desk) -> CallLines:
        """The lines that a counter helps when it may."""
        person = self.skills_of_staff(desk.staff)
        services = self.configured_services or self.branch.services
        return help_lines(services, self.skills_of_counter(desk.number), person)

    def lines_of(self, desk: Desk) -> tuple[str, ...]:
        """The names of the lines from which a counter may call, whatever the preference."""
        return self.call_lines(desk).every

    def skills_of_staff(self, staff: str | None) -> Skills | None:
        """What a person serves today; None: whatever the counter serves."""
        if staff is None:
            return None
        known = self.configured_staff if self.configured_services else self.branch.staff_skills
        return self.staff_skills.get(staff) or known.get(staff)

    @property
    def order(self) -> Order:
        """By what is chosen now."""
        return Order(self.rules, self.discipline, self.runs)

    def skills_of_counter(self, number: int) -> Skills:
        """What a counter serves today, whoever sits there."""
        if (found := self.counter_skills.get(number)) is not None:
            return found
        if self.configured_services:
            return self.configured_counters.get(number, _NO_SKILLS)
        counter = self.branch.counters.get(number)
        return _NO_SKILLS if counter is None else counter.skills

    def next_choice(self, desk: Desk, now_ms: int) -> Choice | None:
        """Who is next for a counter, by which rule; an idle counter may help other lines."""
        found = choose(self.lines, self.order, self.call_lines(desk), now_ms)
        if found is None and self.may_help(desk, now_ms):
            found = choose(self.lines, self.order, self.help_lines(desk), now_ms)
            found = found and replace(found, helping=True)
        return found

    def people_ahead(self, ticket: Ticket) -> int:
        """How many of its line are called before a waiting ticket, as things stand."""
        if ticket.state is not TicketState.WAITING:
            return 0
        front, regular, priority = self.lines.classes_ahead(ticket)
        if ticket.placing == "first":
            return front
        is_priority, runs = ticket.priority != "none", self.runs
        if self.discipline.takes_turns:
            # The kinds take turns, so of the other kind all who wait may go first; and who was
            # placed first takes one of these turns.
            all_regular, all_priority = self.lines.classes_of(ticket.line)
            regular, priority = (all_regular, priority) if is_priority else (regular, all_priority)
            left = len(self.lines.priority)
            for kind in self.lines.kinds_in_front(ticket.line):
                runs = runs.after(priority=kind, priority_waits=left > 0)
                left -= kind
        return front + self.discipline.ahead(regular, priority, is_priority=is_priority, runs=runs)

    def target_wait_ms(self, service: str, priority: str) -> int:
        """So long a visitor should wait at most."""
        return target_wait_s(self.rules, service_of(self.branch.services, service), priority) * 1000

    def rank_by_arrival(self, ticket: Ticket, service: str) -> Rank:
        """The place for a service that follows from the first coming alone."""
        known = service_of(self.branch.services, service)
        return self.discipline.rank(known, ticket.priority, ticket.issued_at_ms, ticket.arrival)

    def seat_of_staff(self, staff: str) -> Seat | None:
        """Where a person sits now."""
        return next((seat for seat in self.seats.values() if seat.staff == staff), None)

    def count(self, service: str, state: TicketState) -> int:
        """How many tickets of a service are in a state."""
        return self.totals.get(service, {}).get(state, 0)

    def local_hour(self, at_ms: int) -> int:
        """The hour of the branch's day, 0 to 23."""
        local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(self.branch.time_zone)
        return local.hour

    # Changing.

    def place(self, ticket: Ticket, placing: str, at_ms: int) -> None:
        """How a ticket gets its next place. Behind others by right, its wait counts anew from
        now; otherwise from the first arrival."""
        ticket.placing = placing
        if placing in ("last", "grace"):
            ticket.waits_since_ms = at_ms
            ticket.overtakes = 0
            ticket.stands = []
        else:
            ticket.waits_since_ms = ticket.issued_at_ms

    def note_call(self, made: CallMade) -> None:
        """A call was made: it may overtake people, and it is one more of its kind in a row."""
        self.calls_made.append(made)
        if made.counted:
            self.lines.overtake(made.lines, made.ordinal)
        if made.by_rule:
            self.runs = self.runs.after(priority=made.priority, priority_waits=made.priority_waited)

    def runs_of_calls(self) -> Runs:
        """The runs as the calls under this rule tell them, without those that were undone."""
        calls = islice(reversed(self.calls_made), len(self.calls_made) - self._first_of_runs)
        made = [one for one in calls if one.by_rule and not one.undone]
        if not made:
            return Runs()
        row = list(takewhile(lambda one: one.priority == made[0].priority, made))
        if made[0].priority:
            return Runs(len(row), 0)
        return Runs(0, sum(one.priority_waited for one in row))

    def hold(self, desk: Desk, ticket: str | None, at_ms: int) -> None:
        """A counter holds this ticket, or none (law I4)."""
        assert ticket is None or desk.ticket in (None, ticket), "a counter holds one ticket"
        desk.ticket = ticket
        desk.free_since_ms = at_ms if ticket is None and desk.state == "open" else None
        self.attendance.touch(desk.number)

    def set_discipline(self, name: str, in_a_row: tuple[int, int] | None) -> None:
        """From the next call on another rule; everyone who waits gets their place by it."""
        priority, regular = in_a_row or (
            self.branch.rules.priority_in_a_row,
            self.branch.rules.regular_in_a_row,
        )
        self.rules = replace(
            self.rules, discipline=name, priority_in_a_row=priority, regular_in_a_row=regular
        )
        self.discipline = discipline_of(self.rules)
        self.runs = Runs()
        self._first_of_runs = len(self.calls_made)
        self.rank_anew()

    def rank_anew(self) -> None:
        """Everyone who waits, or may again by an undo, gets their place by the rule of now."""
        kept = [ticket for note in self.undo_notes.values() for ticket in note.tickets]
        rank_anew(self.lines, self.tickets, kept, self.branch.services, self.discipline)

    def take_changes(self) -> DayChanges:
        """The rows that changed since this was last asked."""
        changes, self.changes = self.changes, DayChanges(self.business_date)
        return changes

    def set_desk(self, number: int, state: str, at_ms: int, reason: str | None = None) -> None:
        """Bring a counter into a state."""
        desk = self.desks[number]
        desk.state, desk.since_ms, desk.reason = state, at_ms, reason
        desk.free_since_ms = at_ms if state == "open" and desk.ticket is None else None
        self.attend(desk)

    def skills_changed(self) -> None:
        """Who may serve what has changed for all."""
        for desk in self.desks.values():
            self.attend(desk)

    def attend(self, desk: Desk) -> None:
        """Whoever sits there, the state or the skills of a counter have changed."""
        self._call_lines.pop(desk.number, None)
        self.attendance.attend(desk.number, self.lines_of(desk) if desk.state == "open" else ())

    def end_stretches(self, at_ms: int) -> None:
        """After each event: a counter that does something else now begins a new stretch."""
        for number in self.attendance.take_touched():
            desk = self.desks[number]
            if desk.period is not None or desk.state != "closed":
                self._begin_stretch(desk, at_ms)

    def _begin_stretch(self, desk: Desk, at_ms: int) -> None:
        before, activity = desk.period, self._activity(desk)
        if before is not None and before.state == desk.state and before.reason == desk.reason:
            # Who sits at a closed counter does not work there yet.
            same_staff = before.staff == desk.staff or desk.state == "closed"
            if before.activity == activity and same_staff:
                return
            if before.started_at_ms == at_ms:
                # Between a finish and a call in the same instant nobody was idle.
                before.activity, before.staff = activity, desk.staff
                self._note_period(before)
                return
        if before is not None:
            before.ended_at_ms = at_ms
            self._note_period(before)
        ordinal = before.ordinal + 1 if before is not None else 1
        desk.period = CounterPeriod(
            desk.number, ordinal, desk.state, at_ms, None, desk.staff, desk.reason, activity
        )
        self._note_period(desk.period)

    def _activity(self, desk: Desk) -> str:
        if desk.state != "open":
            return ""
        if desk.ticket is not None:
            return SERVING
        attended = self.attendance.lines_of(desk.number)
        return IDLE_WITH_LINE if any(map(self.lines.length, attended)) else IDLE

    def _note_period(self, period: CounterPeriod) -> None:
        self.changes.counter_periods[period.counter, period.ordinal] = period

    def take_place(self, ticket: Ticket) -> None:
        """Put a ticket where it waits: into its line, or among those that are put aside."""
        if ticket.state is TicketState.WAITING:
            ticket.target_wait_ms = self.target_wait_ms(ticket.service, ticket.priority)
            ticket.stands.append(Stand(ticket.line, len(self.calls_made)))
            self.lines.join(ticket)
            if ticket.falls_back_at_ms is not None:
                self.fall_backs.add((ticket.falls_back_at_ms, ticket.id))
        elif ticket.state is TicketState.PARKED:
            self.alarms.add(_alarm(ticket))

    def leave_place(self, ticket: Ticket) -> None:
        """Take a ticket away from where it waits."""
        if ticket.state is TicketState.WAITING:
            self.lines.leave(ticket)
            ticket.stands[-1].to_call = len(self.calls_made)
            if ticket.falls_back_at_ms is not None:
                self.fall_backs.remove((ticket.falls_back_at_ms, ticket.id))
        elif ticket.state is TicketState.PARKED:
            self.alarms.remove(_alarm(ticket))

    @property
    def next_due_ms(self) -> int | None:
        """When the clock alone changes something the next time."""
        due_ms = self.fall_backs[0][0] if self.fall_backs else NEVER_MS
        if self.bookings.open:
            due_ms = min(due_ms, self.bookings.open[0][0])
        if self.disturbances and (ends_ms := self.disturbance_ends_ms) is not None:
            due_ms = min(due_ms, ends_ms)
        return None if due_ms == NEVER_MS else due_ms

    @property
    def disturbance_ends_ms(self) -> int | None:
        """When what a burst of causes said is over, if no further cause comes; None: never."""
        after_s = self.rules.disturbance_ends_after_s
        if after_s is None:
            return None
        since_ms = [one.since_ms for one in self.disturbances.values() if one.staff is None]
        if not since_ms:
            return None
        last_ms = self.system_causes[-1].at_ms if self.system_causes else 0
        return max(last_ms, *since_ms) + after_s * 1000

    def ask_for_paper(self, ticket: Ticket, job: PrintJob) -> None:
        """A kiosk has to print this."""
        self.jobs[job.job] = job
        ticket.job, ticket.copies, ticket.printed_at = job.job, job.copy, job.kiosk
        ticket.print = "pending"
        self.changes.tickets[ticket.id] = ticket

    def count_ticket(self, ticket: Ticket, step: int) -> None:
        """Count a ticket in its service and state."""
        totals = self.totals.get(ticket.service)
        if totals is None:
            totals = self.totals[ticket.service] = dict.fromkeys(TicketState, 0)
        totals[ticket.state] += step

    def change_service(self, ticket: Ticket, service: str) -> None:
        """From its newest stretch on a ticket is for another service."""
        self.count_ticket(ticket, -1)
        ticket.service = ticket.period.service = service
        self.count_ticket(ticket, 1)

    def move(
        self,
        ticket: Ticket,
        state: TicketState,
        at_ms: int,
        counter: int | None = None,
        staff: str | None = None,
    ) -> None:
        """Bring a ticket into a state: its line, its desk, its period and the totals follow."""
        assert state in LAWFUL_MOVES[ticket.state], (ticket.state, state)
        assert at_ms >= ticket.period.started_at_ms, "no duration is negative (law I11)"
        self.leave_place(ticket)
        if ticket.state is TicketState.CALLED and state is not TicketState.CALLED:
            self.forget_confirmations(ticket)
        if ticket.counter is not None and self.desks[ticket.counter].ticket == ticket.id:
            self.hold(self.desks[ticket.counter], None, at_ms)
        ticket.moves += 1
        self.count_ticket(ticket, -1)
        ticket.state, ticket.counter = state, counter
        ticket.staff = staff if staff is not None else ticket.staff
        self.count_ticket(ticket, 1)
        # After a no-show the last stretch has ended already: being away is no waiting time.
        if ticket.period.ended_at_ms is None:
            ticket.period.ended_at_ms = at_ms
            self.changes.periods[ticket.id, ticket.period.ordinal] = ticket.period
        if LAWFUL_MOVES[state] and state is not TicketState.NO_SHOW:
            ordinal = ticket.period.ordinal + 1
            ticket.period = TicketPeriod(
                ticket.id, ordinal, state, at_ms, None, counter, staff, ticket.service
            )
            self.changes.periods[ticket.id, ordinal] = ticket.period
        else:
            ticket.ended_at_ms = at_ms
        if state in HELD_STATES:
            assert counter is not None
            self.hold(self.desks[counter], ticket.id, at_ms)
        self.changes.tickets[ticket.id] = ticket

    def forget_confirmations(self, ticket: Ticket) -> None:
        """Who confirmed the last call is not asked any more."""
        assert ticket.announcement is not None
        self.calls[ticket.announcement].confirmed.clear()

    def announce(self, ticket: Ticket, announcement: str, expires_at_ms: int) -> None:
        """A call that displays show and speak."""
        assert ticket.counter is not None
        ticket.announcement = announcement
        self.calls[announcement] = CallNotice(
            announcement, ticket.id, ticket.counter, ticket.call_count, expires_at_ms
        )
        self.missed.pop(ticket.id, None)
        self.board[ticket.id] = None
        self.board.move_to_end(ticket.id)
        if len(self.board) > BOARD_CALLS_MAX:
            self.board.popitem(last=False)


def _alarm(ticket: Ticket) -> tuple[int, str]:
    # A parked ticket of an older version may have none: it stands behind all that have one.
    return (NEVER_MS if ticket.alarm_at_ms is None else ticket.alarm_at_ms, ticket.id)
