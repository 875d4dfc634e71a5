"""What each role sees of a branch day: the day's state as words of the protocol."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import msgspec

from protocol import messages as m
from server import door_snapshots, next_call, seat_lists, visitor_views
from server.closed_words import office_names, short_names
from server.complaint_words import complaint_counts
from server.disturbance_words import disturbance_of
from server.domain.branch import EVERYWHERE, Zone
from server.domain.branch_day import BranchDay
from server.domain.call_voice import voice_of
from server.domain.calling import recalls_left
from server.domain.explaining import line_of
from server.domain.forecasting import range_of
from server.domain.hall import Desk
from server.domain.hall_booking import BOOKED, CANCELLED, CHECKED_IN, LAPSED
from server.domain.opening import Closed
from server.domain.openness import numbers_left, why_closed
from server.domain.posting import posted_now, text_of_board
from server.domain.ticket import Ticket, TicketState
from server.greeting import signed_in
from server.hall_alerts import hall_alerts
from server.instants import instant, instant_or_none
from server.ticket_views import estimate_view, ticket_view
from server.why_words import why_ticket

LIST_ENTRIES_MAX = 50
_S = TicketState


class Hall:
    """What several seats see alike of one instant, made once for all of them."""

    def __init__(
        self,
        day: BranchDay,
        now_ms: int,
        displays: Sequence[str] | None = None,
        kiosks: Sequence[str] = (),
    ) -> None:
        self.day = day
        self.now_ms = now_ms
        # The displays and kiosks that are there; None: they are not asked for.
        self._displays = displays
        self.kiosks = kiosks
        self._entries: dict[str, m.LineEntry] = {}

    @cached_property
    def waiting(self) -> list[m.WaitingCount]:
        """Who waits, per service."""
        return _waiting(self.day, self.now_ms)

    @cached_property
    def counters(self) -> list[m.CounterView]:
        """All counters."""
        return _counters(self.day)

    @cached_property
    def parked(self) -> list[m.ParkedEntry]:
        """All parked tickets."""
        return seat_lists.parked(self.day)

    @cached_property
    def missed(self) -> list[m.MissedEntry]:
        """The numbers that may still come back."""
        return seat_lists.missed(self.day, self.now_ms, LIST_ENTRIES_MAX)

    @cached_property
    def colleagues(self) -> list[m.StaffPresence]:
        """Who is signed in."""
        return seat_lists.colleagues(self.day, LIST_ENTRIES_MAX)

    @cached_property
    def disturbance(self) -> m.Disturbance | None:
        """What everybody is told of a system that does not work."""
        return disturbance_of(self.day, self.now_ms)

    @cached_property
    def recent_at_door(self) -> list[m.RecentScreening]:
        """The last visitors of the door."""
        return door_snapshots.recent(self.day, self.now_ms)

    @cached_property
    def today_at_door(self) -> m.DoorTotals:
        """The door's day in figures."""
        return door_snapshots.totals(self.day)

    @cached_property
    def complaints(self) -> m.ComplaintCounts:
        """How many complaints there are to look after."""
        return complaint_counts(self.day, self.now_ms)

    @cached_property
    def help(self) -> list[m.HelpCall]:
        """The calls for a person that stand."""
        return visitor_views.help_calls(self.day, self.now_ms)

    @cached_property
    def without_paper(self) -> list[m.PaperlessTicket]:
        """All who wait without paper."""
        return visitor_views.without_paper(self.day, self.now_ms)

    def voice_of(self, ticket: Ticket | None) -> str | None:
        """What became of the last call of a ticket."""
        if ticket is None:
            return None
        known = [""] if self._displays is None else self._displays
        there = displays_of(self.day, known, ticket.service, ticket.counter)
        return voice_of(self.day, ticket, self.now_ms, len(there))

    def alerts(self, devices: Sequence[m.DeviceHealth]) -> list[m.Alert]:
        """What wants the manager's eye."""
        alerts = hall_alerts(self.day, self.now_ms, self.complaints, devices, self.voice_of)
        return list(alerts)

    def line(self, desk: Desk) -> list[m.LineEntry]:
        """Those whom a counter would call, one after the other."""
        first = line_of(self.day, desk, self.now_ms, LIST_ENTRIES_MAX)
        return [self._entry(one.ticket, place) for place, one in enumerate(first, 1)]

    def _entry(self, ticket_id: str, place: int) -> m.LineEntry:
        entry = self._entries.get(ticket_id)
        if entry is None:
            ticket = self.day.tickets[ticket_id]
            entry = self._entries[ticket_id] = _line_entry(self.day, ticket, place, self.now_ms)
        return entry if entry.place == place else msgspec.structs.replace(entry, place=place)


def displays_of(
    day: BranchDay, displays: Iterable[str], service: str, counter: int | None
) -> list[str]:
    """Those displays that show and speak a call of this service to this counter."""
    return [one for one in displays if day.branch.zone_of(one).has(service, counter)]


def _waiting(day: BranchDay, now_ms: int, only: Sequence[str] = ()) -> list[m.WaitingCount]:
    counts = []
    for service in only or day.branch.services:
        oldest = day.lines.oldest(f"service:{service}")
        counts.append(
            m.WaitingCount(
                service=service,
                count=day.count(service, _S.WAITING),
                estimate=estimate_view(range_of(day, service, now_ms)),
                oldest_issued_at=instant(day.tickets[oldest].issued_at_ms) if oldest else None,
            )
        )
    return counts


def _reasons(day: BranchDay, now_ms: int, *, by_staff: bool = False) -> list[Closed | None]:
    """Why each service gives no number now, in the branch's order."""
    services = day.branch.services.values()
    return [why_closed(day, service, now_ms, by_staff=by_staff) for service in services]


def _kiosk_services(
    day: BranchDay, now_ms: int, reasons: Sequence[Closed | None], open_now: Sequence[bool]
) -> list[m.KioskService]:
    services = []
    languages, warn_at = day.branch.languages, day.branch.rules.capacity_warn_at
    for place, service in enumerate(day.branch.services.values()):
        closed, left = reasons[place], numbers_left(day, service, now_ms)
        services.append(
            m.KioskService(
                code=service.code,
                open=open_now[place],
                why=None if closed is None else short_names(closed, languages),
                waiting=day.count(service.code, _S.WAITING),
                estimate=estimate_view(range_of(day, service.code, now_ms)),
                numbers_left=left,
                closing=left is not None and left <= warn_at,
            )
        )
    return services


def kiosk_snapshot(day: BranchDay, now_ms: int) -> m.KioskSnapshot:
    """The tiles of the kiosk."""
    reasons = _reasons(day, now_ms)
    services = _kiosk_services(day, now_ms, reasons, [reason is None for reason in reasons])
    closed = [reason for reason in reasons if reason is not None]
    all_closed = bool(closed) and len(closed) == len(reasons)
    return m.KioskSnapshot(
        revision=day.revision,
        services=services[:LIST_ENTRIES_MAX],
        total=len(services),
        waiting=sum(service.waiting for service in services),
        why=office_names(closed, day.branch.languages) if all_closed else None,
        mode=day.branch.rules.kiosk_mode,
        help=visitor_views.help_calls_in_public(day, now_ms),
        disturbance=disturbance_of(day, now_ms),
        channels_open=door_snapshots.channels_open(day, now_ms),
    )


def _door_services(day: BranchDay, now_ms: int) -> list[m.KioskService]:
    """The same for the officer, who may give a number where visitors get none any more."""
    for_staff = [reason is None for reason in _reasons(day, now_ms, by_staff=True)]
    return _kiosk_services(day, now_ms, _reasons(day, now_ms), for_staff)


def board_snapshot(day: BranchDay, now_ms: int, zone: Zone = EVERYWHERE) -> m.BoardSnapshot:
    """The TV: calls newest first, who waits, who missed a call and may still come back.

    All of it of one zone; the line of text and a disturbance are everybody's.
    """
    calls = []
    for ticket_id in reversed(day.board):
        ticket = day.tickets[ticket_id]
        call = day.calls[ticket.announcement or ""]
        assert ticket.called_at_ms is not None
        counter = call.counter if ticket.counter is None else ticket.counter
        if not zone.has(ticket.service, counter):
            continue
        calls.append(
            m.BoardCall(
                number=ticket.number,
                counter=counter,
                state=ticket.state.value,
                called_at=instant(ticket.called_at_ms),
                call_count=ticket.call_count,
                priority=ticket.priority != "none",
            )
        )
    missed = seat_lists.missed(day, now_ms, LIST_ENTRIES_MAX, zone)
    disturbance, services = disturbance_of(day, now_ms), services_of(day, zone)
    return m.BoardSnapshot(
        revision=day.revision,
        calls=calls[:LIST_ENTRIES_MAX],
        total=len(calls),
        waiting=_waiting(day, now_ms, services),
        missed=[m.MissedNumber(number=one.number, valid_until=one.valid_until) for one in missed],
        text=dict(text_of_board(day, now_ms)) if disturbance is None else disturbance.text,
        disturbance=disturbance,
        zone=list(services),
    )


def services_of(day: BranchDay, zone: Zone) -> tuple[str, ...]:
    """The services that somebody before a display of a zone waits for, in the branch's order; of
    counters those that they serve today. Empty: all."""
    if zone.is_everything:
        return ()
    served = (day.skills_of_counter(number).services for number in zone.counters)
    wanted = {*zone.services, *(service for services in served for service in services)}
    return tuple(service for service in day.branch.services if service in wanted)


def counter_view(day: BranchDay, desk: Desk) -> m.CounterView:
    """A counter as the staff sees it."""
    held = day.tickets[desk.ticket] if desk.ticket is not None else None
    skills = day.skills_of_counter(desk.number)
    return m.CounterView(
        number=desk.number,
        state=desk.state,
        since=instant_or_none(desk.since_ms),
        reason=desk.reason,
        staff=desk.staff,
        ticket=held.number if held else None,
        ticket_state=held.state.value if held else None,
        services=list(skills.services),
        activity=desk.activity,
        preference=dict(skills.preference),
        staff_name=_name_at(day, desk),
        ticket_id=desk.ticket,
        ticket_service=held.service if held else None,
        ticket_since=instant(held.period.started_at_ms) if held else None,
    )


def _name_at(day: BranchDay, desk: Desk) -> str:
    seat = day.seats.get(desk.device) if desk.device is not None else None
    return "" if seat is None else seat.name


def _counters(day: BranchDay) -> list[m.CounterView]:
    return [counter_view(day, desk) for desk in day.desks.values()][:LIST_ENTRIES_MAX]


def queue_snapshot(hall: Hall, device: str) -> m.QueueSnapshot:
    """The frontliner's view; without a sign-in only the hall's counts."""
    day = hall.day
    seat = day.seats.get(device)
    desk = day.desks[seat.counter] if seat is not None and seat.counter is not None else None
    line: list[m.LineEntry] = []
    total = 0
    if desk is not None:
        names = day.lines_of(desk)
        total = sum(day.lines.length(name) for name in names)
        line = hall.line(desk)
    held = day.tickets[desk.ticket] if desk is not None and desk.ticket is not None else None
    seen_by_desk: dict[str, Any] = {}
    if desk is not None:
        seen_by_desk = {
            "next": next_call.next_of(day, desk, hall.now_ms),
            "undo": next_call.undo_of(day, desk, hall.now_ms),
            "help_from": next_call.help_from(day, desk),
            "waiting_elsewhere": next_call.waiting_elsewhere(day, desk),
            "rateable": visitor_views.rateable(day, desk, hall.now_ms),
        }
    return m.QueueSnapshot(
        revision=day.revision,
        signed_in=signed_in(day, device),
        counter=counter_view(day, desk) if desk is not None else None,
        ticket=ticket_view(day, held, linked=True) if held is not None else None,
        line=line,
        total=total,
        waiting=hall.waiting,
        counters=hall.counters,
        finished_today=desk.finished_count if desk is not None else 0,
        average_service_s=_average_service_s(desk),
        last_finished=_number(day, desk.last_finished if desk is not None else None),
        parked=seat_lists.mine_first(hall.parked, desk.number if desk is not None else None)[
            :LIST_ENTRIES_MAX
        ],
        missed=hall.missed,
        colleagues=hall.colleagues,
        recalls_left=_recalls_left(day, held),
        screening=door_snapshots.facts_of_ticket(day, held.id) if held is not None else None,
        disturbance=hall.disturbance,
        complaints=hall.complaints,
        call_voice=hall.voice_of(held),
        without_paper=hall.without_paper[:LIST_ENTRIES_MAX],
        without_paper_total=len(hall.without_paper),
        kiosks=list(hall.kiosks)[:LIST_ENTRIES_MAX],
        help=hall.help[:LIST_ENTRIES_MAX],
        **seen_by_desk,
    )


def _line_entry(day: BranchDay, ticket: Ticket, place: int, now_ms: int) -> m.LineEntry:
    return m.LineEntry(
        ticket=ticket.id,
        number=ticket.number,
        service=ticket.service,
        priority=ticket.priority,
        issued_at=instant(ticket.issued_at_ms),
        place=place,
        why=dict(why_ticket(day, ticket, now_ms)),
        print=ticket.print,
        needs=list(ticket.needs),
        weight=ticket.weight,
        overtakes=day.lines.overtakes_of(ticket),
        estimate=estimate_view(range_of(day, ticket.id, now_ms)),
    )


def _recalls_left(day: BranchDay, held: Ticket | None) -> int | None:
    return recalls_left(day, held) if held is not None and held.state is _S.CALLED else None


def _average_service_s(desk: Desk | None) -> int | None:
    if desk is None or not desk.finished_count:
        return None
    return desk.service_time_ms // desk.finished_count // 1000


def _number(day: BranchDay, ticket_id: str | None) -> str | None:
    return None if ticket_id is None else day.tickets[ticket_id].number


def screening_snapshot(
    hall: Hall, device: str, devices: list[m.DeviceHealth], now_ms: int
) -> m.ScreeningSnapshot:
    """The door's view: the hall, the devices, and who waits without paper."""
    day = hall.day
    return m.ScreeningSnapshot(
        revision=day.revision,
        signed_in=signed_in(day, device),
        waiting=hall.waiting,
        services=_door_services(day, now_ms),
        counters=hall.counters,
        devices=devices[:LIST_ENTRIES_MAX],
        without_paper=hall.without_paper[:LIST_ENTRIES_MAX],
        total=len(hall.without_paper),
        kiosk_mode=day.branch.rules.kiosk_mode,
        channels_open=door_snapshots.channels_open(day, now_ms),
        offices_open=door_snapshots.offices_open(day, now_ms),
        recent=hall.recent_at_door,
        today=hall.today_at_door,
        disturbance=hall.disturbance,
        complaints=hall.complaints,
        help=hall.help[:LIST_ENTRIES_MAX],
    )


def _totals(states: Mapping[TicketState, int]) -> m.Totals:
    return m.Totals(
        issued=sum(states.values()),
        **{state.value.replace("-", "_"): states.get(state, 0) for state in TicketState},
    )


def hall_snapshot(hall: Hall, device: str, devices: list[m.DeviceHealth]) -> m.HallSnapshot:
    """The manager's view."""
    day = hall.day
    whole = dict.fromkeys(TicketState, 0)
    for states in day.totals.values():
        for state, number in states.items():
            whole[state] += number
    posted = posted_now(day, hall.now_ms)
    return m.HallSnapshot(
        revision=day.revision,
        signed_in=signed_in(day, device),
        business_date=date.fromisoformat(day.business_date),
        totals=_totals(whole),
        services=[
            m.ServiceTotals(service=service, totals=_totals(day.totals.get(service, {})))
            for service in day.branch.services
        ],
        waiting=hall.waiting,
        counters=hall.counters,
        devices=devices[:LIST_ENTRIES_MAX],
        alerts=hall.alerts(devices)[:LIST_ENTRIES_MAX],
        total=len(devices),
        discipline=day.rules.discipline,
        priority_in_a_row=day.rules.priority_in_a_row,
        regular_in_a_row=day.rules.regular_in_a_row,
        closed=day.closed,
        signed_by=day.signed_by,
        paused_services=sorted(day.paused_services),
        today_at_door=hall.today_at_door,
        disturbance=hall.disturbance,
        complaints=hall.complaints,
        help=hall.help[:LIST_ENTRIES_MAX],
        posted_text=None if posted is None else dict(posted.text),
        posted_until=None if posted is None else instant_or_none(posted.until_ms),
        bookings=_booking_counts(day),
        server_time=instant(hall.now_ms),
    )


def _booking_counts(day: BranchDay) -> m.BookingCounts | None:
    if not day.rules.booking and not day.bookings.by_id:
        return None
    states = Counter(booking.state for booking in day.bookings.by_id.values())
    return m.BookingCounts(
        open=states[BOOKED],
        checked_in=states[CHECKED_IN],
        cancelled=states[CANCELLED],
        lapsed=states[LAPSED],
    )
