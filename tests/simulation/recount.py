"""The full looks: the live day against its events, the tables against the telling, and what every
screen shows against what it should."""

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from protocol.codec import decode_server_message
from protocol.messages import BoardSnapshot, HallSnapshot, QueueSnapshot, ScreeningSnapshot
from protocol.roles import DeviceRole
from server.domain.branch import Branch
from server.domain.branch_day import BranchDay
from server.domain.events import AnyEvent, Recorded
from simulation.devices import CounterDevice, Device
from simulation.server_process import ServerProcess
from tests.simulation.at_home import Home
from tests.simulation.book import Book
from tests.simulation.broken_law import BrokenLaw, demand
from tests.simulation.offline import OfflineNumbers
from tests.simulation.told import HELD, OPEN, Rulebook, ToldDay

# So long after an event a screen may show what was right since then.
STILL_RIGHT_MS = 15_000

_event_of = msgspec.json.Decoder(AnyEvent).decode


def demand_same_day(live: BranchDay, book: Book) -> None:
    """Law I3: the day told again from the stored events is the live one, in everything."""
    # What was closed long ago is not at hand any more; what is open always is.
    earlier = [
        one
        for one in book.complaints(live.business_date)
        if one.closed_at_ms is None or one.id in live.complaints
    ]
    leased = book.leased_before(live.business_date)
    again = BranchDay(live.branch, live.business_date, complaints=earlier, leased=leased)
    for seq, at_ms, date, command, actor, body in book.entries_of(live.business_date):
        again.apply(
            Recorded(
                seq=seq,
                at_ms=at_ms,
                business_date=date,
                event=_event_of(body),
                actor=actor,
                command_id=command,
            )
        )
    again.revision = book.last_seq
    mine, theirs = _facts(live), _facts(again)
    differ = [name for name in mine if mine[name] != theirs[name]]
    demand(not differ, "I3", "the live day differs from its events in", differ)


def _facts(day: BranchDay) -> Mapping[str, Any]:
    """A day as plain facts to compare."""
    facts = {
        name: value
        for name, value in vars(day).items()
        if name
        not in ("branch", "discipline", "lines", "_call_lines", "changes", "experience", "seen")
    }
    facts["lines"] = {name: line for name in day.lines.names() if (line := day.lines.tickets(name))}
    facts["overtakes"] = {one.id: day.lines.overtakes_of(one) for one in day.tickets.values()}
    for name in ("board", "missed"):
        facts[name] = list(facts[name])
    return facts


def demand_rows(told: ToldDay, book: Book) -> None:
    """Law I11: the tables say the same as the events, and no stretch of time is missing."""
    rows, periods = book.tickets(told.date), book.periods(told.date)
    demand(set(rows) == set(told.tickets), "I11", "table ticket has others than the events")
    for ticket in told.tickets.values():
        row = rows[ticket.id]
        # A closed ticket may name the counter where it ended.
        at = ticket.counter if ticket.state in HELD else row[3]
        facts = (ticket.number, ticket.service, ticket.state, at)
        wanted = (*facts, ticket.call_count, ticket.copies)
        demand(row == wanted, "I11", row, "should be", wanted)
        _demand_periods(ticket.number, ticket.issued_ms, ticket.state, periods[ticket.id])


def demand_late_rows(offline: OfflineNumbers, book: Book) -> None:
    """Law I11: what kiosks told of days that were over stands there, and nothing else."""
    rows = book.late_tickets()
    right = {
        ticket: (one.date, one.number, one.service, "expired", one.issued_ms, one.ended_ms)
        for ticket, one in offline.late.items()
    }
    differ = [ticket for ticket in {*rows, *right} if rows.get(ticket) != right.get(ticket)]
    demand(not differ, "I11", [(rows.get(one), "should be", right.get(one)) for one in differ[:2]])


def demand_bookings(home: Home, date: str, book: Book) -> None:
    """Law I11: the table says what became of each place that was booked today."""
    rows, right = book.bookings(date), home.rows()
    differ = [one for one in {*rows, *right} if rows.get(one) != right.get(one)]
    demand(not differ, "I11", [(rows.get(one), "should be", right.get(one)) for one in differ[:2]])


def _demand_periods(number: str, issued_ms: int, state: str, periods: list[Any]) -> None:
    demand(periods[0][:2] == ("waiting", issued_ms), "I11", number, "begins with", periods[0])
    for (_, started, ended), (_, following, _) in itertools.pairwise(periods):
        gap = ended is None or ended < started or following < ended
        demand(not gap, "I11", number, "has a wrong stretch", periods)
    is_open, lives = periods[-1][2] is None, state in OPEN
    demand(is_open == lives, "I11", number, "is", state, "but its last stretch is", periods[-1])
    demand(not lives or periods[-1][0] == state, "I11", number, "is", state, periods[-1])


def demand_counters(told: ToldDay, rules: Rulebook, book: Book) -> None:
    """Law I11: the stretches of each counter cover the day from its first opening on."""
    stretches = book.counter_periods(told.date)
    demand(set(stretches) == set(told.desk_history), "I11", "counters with stretches:", *stretches)
    for counter, history in told.desk_history.items():
        rows = stretches[counter]
        for before, after in itertools.pairwise(rows):
            demand(before[4] == after[3], "I11", "counter", counter, "between", before, after)
        last = rows[-1]
        demand(last[4] is None, "I11", "counter", counter, "has no stretch after", last)
        # The same state in a row is one state; nobody at a paused counter does anything.
        states = [
            (*state, rows_of_state[0][3])
            for state, group in itertools.groupby(rows, key=lambda row: (row[0], row[1]))
            if (rows_of_state := list(group))
        ]
        demand(states == _in_a_row(history), "I11", "counter", counter, states, history)
        doing = told.activity(rules, counter)
        demand(last[2] == doing, "I11", "counter", counter, "does", last[2], "not", doing)


def _in_a_row(history: list[tuple[str, str | None, int]]) -> list[tuple[str, str | None, int]]:
    """Changes to the same state again are none."""
    return [next(group) for _, group in itertools.groupby(history, key=lambda one: one[:2])]


def demand_right_screen(device: Device, server: ServerProcess) -> None:
    """Law I7: a client shows the state of the server, in everything."""
    if device.role is DeviceRole.RATING:
        return  # it is only ever told moments
    day, now_ms, shown = server.lane.day, server.lane.now_ms(), device.snapshot
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    # An estimate grows with the seconds and is told with events: it is that of a moment since
    # the last of them.
    first_ms = max(day.at_ms, now_ms - STILL_RIGHT_MS)
    moments = [*range(now_ms, first_ms, -1000), first_ms]
    if not any(
        _lasting(shown, now) == _lasting(_right_snapshot(device, server, at_ms), now)
        for at_ms in moments
    ):
        right = _right_snapshot(device, server, now_ms)
        raise BrokenLaw("I7", f"{device.name} shows {_difference(shown, right)}")
    if isinstance(device, CounterDevice):
        seated = device.seat.occupied == (device.name in day.seats)
        demand(seated, "I7", device.name, "shows the page", device.seat.page)


def _difference(shown: Any, right: Any) -> str:
    """Where two snapshots differ, as few words as possible."""
    if type(shown) is not type(right):
        return f"{type(shown).__name__} instead of {type(right).__name__}"
    return "; ".join(
        f"{name}={getattr(shown, name)} instead of {getattr(right, name)}"
        for name in right.__struct_fields__
        if getattr(shown, name) != getattr(right, name)
    )


def _lasting(snapshot: Any, now: datetime) -> Any:
    """A snapshot without what changes by the passing of time alone, which tells nobody anything:
    a missed number whose time is over (a board drops it by its clock), a paper given up, an
    alarm that has just rung, and the time itself."""
    if isinstance(snapshot, BoardSnapshot):
        fresh = [one for one in snapshot.missed if one.valid_until > now]
        return msgspec.structs.replace(snapshot, missed=fresh)
    if isinstance(snapshot, QueueSnapshot):
        still = [one for one in snapshot.missed if one.valid_until > now]
        return msgspec.structs.replace(snapshot, missed=still, undo=None)
    if isinstance(snapshot, HallSnapshot):
        calm = [one for one in snapshot.alerts if one.code != "park-alarm"]
        return msgspec.structs.replace(snapshot, alerts=calm, server_time=None)
    if isinstance(snapshot, ScreeningSnapshot):
        told = [one for one in snapshot.without_paper if one.print != "pending"]
        return msgspec.structs.replace(snapshot, without_paper=told, total=0)
    return snapshot


def _right_snapshot(device: Device, server: ServerProcess, at_ms: int) -> Any:
    """What the server would show this device if it connected at an instant, all else as now."""
    connection, notices = server.connections.of_device(device.name), server.notices
    assert connection is not None
    clock, notices._now_ms = notices._now_ms, lambda: at_ms
    try:
        return decode_server_message(notices._snapshot_of(connection))
    finally:
        notices._now_ms = clock


def rulebook_of(branch: Branch) -> Rulebook:
    """What the checker needs to know of a branch; its zone must have no summer time."""
    rules = branch.rules
    offsets = {branch.time_zone.utcoffset(datetime(2026, month, 1)) for month in (1, 7)}  # noqa: DTZ001
    offset = offsets.pop()
    assert isinstance(offset, timedelta)
    assert not offsets
    return Rulebook(
        services={one.code: (one.letter, one.target_wait_s) for one in branch.services.values()},
        counters={one.number: one.services for one in branch.counters.values()},
        discipline=rules.discipline,
        priority_letter=rules.priority_letter,
        number_last=rules.number_last,
        grace_places=rules.grace_places,
        grace_times=rules.grace_times,
        grace_s=rules.grace_s,
        recall_pause_s=rules.recall_pause_s,
        recalls_most=rules.recalls_most,
        no_show_calls_least=rules.no_show_calls_least,
        no_show_s_least=rules.no_show_s_least,
        transfer_fallback_s=rules.transfer_fallback_s,
        undo_s=rules.undo_s,
        priority_target_wait_s=rules.priority_target_wait_s,
        priority_in_a_row=rules.priority_in_a_row,
        regular_in_a_row=rules.regular_in_a_row,
        overtakes_most=rules.overtakes_most,
        overdue_s=rules.overdue_s,
        help_after_s=rules.help_after_s,
        utc_offset=offset,
        day_starts=timedelta(minutes=branch.day_starts_minute),
        booking_places={
            one.code: branch.booking_places.get(one.letter, 0) for one in branch.services.values()
        },
    )
