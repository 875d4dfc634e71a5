"""The branch's days told again from the stored events by somebody who knows only the rules.

Plain and slow on purpose: no code of the domain is used, every rule is written down a second
time from protocol.md, and who is next is found by looking at everyone who waits.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tests.simulation.at_home import Home
from tests.simulation.broken_law import demand
from tests.simulation.browsers import Browsers
from tests.simulation.front_door import FrontDoor
from tests.simulation.office import AFTER_THE_CLOSE, Office, record_of
from tests.simulation.offline import OfflineNumbers
from tests.simulation.taking_back import TakingBack
from tests.simulation.told import (
    HELD,
    MOVES,
    OPEN,
    Rank,
    Rulebook,
    Told,
    ToldDay,
)
from tests.simulation.visitor_side import VisitorSide

Body = Mapping[str, Any]
BY_KIOSKS = frozenset({"NumbersLeased", "LeaseEnded", "EarlierTicketMerged"})


class Retelling:
    """Hears every stored event once, in order, and says which law it breaks."""

    def __init__(self, rules: Rulebook) -> None:
        self.rules = rules
        self.taking_back = TakingBack(rules.undo_s)
        self.office = Office()
        self.door = FrontDoor()
        self.offline = OfflineNumbers(rules.own_series, self.begins_ms)
        self.visitor_side = VisitorSide()
        self.home = Home(rules.booking_places)
        self.browsers = Browsers()
        self.day = ToldDay("")
        self.plain = rules.plain_day()
        self.closed_ms: dict[str, int] = {}
        # Those that ended since somebody last compared them with the tables.
        self.last_days: list[ToldDay] = []
        self.ever_issued: set[str] = set()
        self._last_ms = 0

    def hear(
        self, seq: int, at_ms: int, date: str, command: bytes | None, actor: str, body: Body
    ) -> None:
        """One event; ``command`` is what asked for it (None: the server itself)."""
        kind = body["type"]
        demand(at_ms >= self._last_ms, "I11", "time went back at event", seq)
        self._last_ms = at_ms
        if kind == "DayOpened":
            self._open_day(seq, at_ms, date)
            return
        demand(date == self.day.date, "F14", kind, "of", date, "on the day", self.day.date)
        heard = date not in self.closed_ms or kind in AFTER_THE_CLOSE or self._is_merged(body)
        demand(heard, "F14", kind, "on the closed day", date)
        if command is not None:
            right = self.date_of(at_ms)
            demand(date == right, "F14", kind, "written to", date, "but it is", right)
            self._demand_nobody_forgotten(at_ms)
        self.taking_back.note(self.day, seq, at_ms, command, actor, body)
        self.door.before(kind, command, body)
        self.home.before(at_ms, kind, command, body)
        at_door = getattr(self.door, f"hear_{kind}", None)
        beside = getattr(self.visitor_side, f"hear_{kind}", None)
        beside = beside or getattr(self.browsers, f"hear_{kind}", None)
        from_home = getattr(self.home, f"hear_{kind}", None)
        if at_door is not None:
            at_door(at_ms, body, command)
        elif beside is not None:
            beside(body)
        elif from_home is not None:
            from_home(at_ms, body, (at_ms, command))
        elif body.get("offline") or kind in BY_KIOSKS:
            self._hear_kiosk(seq, at_ms, actor, body)
        elif kind in MOVES:
            self._move(seq, at_ms, kind, body)
        else:
            getattr(self, f"_hear_{kind}")(seq, at_ms, body)
        if kind == "TicketIssued":
            self.door.issued(body.get("issued_at_ms", at_ms), body, actor)
            if not body.get("offline"):
                self.offline.made(self.day, command, body["ticket"])
        self.plain.hear(at_ms, seq, body, actor, None if command is None else command.hex())
        if kind in ("DisciplineSet", "LastUndone"):
            for one in self.day.waiting.values():
                one.rank = self.plain.queue.waiting[one.id].rank

    def date_of(self, at_ms: int) -> str:
        """The business day of an instant."""
        local = datetime.fromtimestamp(at_ms / 1000, UTC) + self.rules.utc_offset
        return (local - self.rules.day_starts).date().isoformat()

    def begins_ms(self, date: str) -> int:
        """The instant at which a business day begins."""
        local = datetime.fromisoformat(date).replace(tzinfo=UTC) + self.rules.day_starts
        return round((local - self.rules.utc_offset).timestamp() * 1000)

    def _is_merged(self, body: Body) -> bool:
        """What a kiosk gave without a link is taken in on a closed day, too, and expires."""
        ticket = self.day.tickets.get(body.get("ticket", ""))
        expires = body["type"] == "TicketExpired" and ticket is not None and ticket.offline
        return expires or bool(body.get("offline"))

    def _demand_nobody_forgotten(self, at_ms: int) -> None:
        """Whoever waited long enough for one counter or person is everybody's by now."""
        for one in self.day.waiting.values():
            over = one.falls_back_ms is not None and one.falls_back_ms <= at_ms
            demand(not over, "I5", one.number, "still waits for", one.line)

    # Days.

    def _open_day(self, seq: int, at_ms: int, date: str) -> None:
        before = self.day.date
        demand(date > before, "F15", "day", date, "opened after", before)
        demand(date == self.date_of(at_ms), "F14", "day", date, "opened at", at_ms)
        demand(not before or before in self.closed_ms, "F14", before, "was never closed")
        if before:
            still_open = [one.number for one in self.day.tickets.values() if one.state in OPEN]
            demand(not still_open, "I11", before, "ended with open tickets", still_open)
            self.last_days.append(self.day)
            demand(not self.day.seats, "F14", self.day.seats, "sit there over midnight")
            self.office.end_day(self.day)
            self.door.open_day()
            self.visitor_side.open_day()
            self.home.open_day()
            self.browsers.open_day()
        self.day, self.plain = ToldDay(date), self.rules.plain_day()

    def _hear_DayClosed(self, seq: int, at_ms: int, body: Body) -> None:
        day = self.day
        still_open = [one.number for one in day.tickets.values() if one.state in OPEN]
        demand(not still_open, "I11", "the day ends with open tickets", still_open)
        opened = [number for number, state in day.desks.items() if state != "closed"]
        demand(not opened, "F14", "the day ends with open counters", opened)
        self.office.close(day, body)
        self.home.close()
        self.closed_ms[day.date] = at_ms

    def _hear_DayReopened(self, seq: int, at_ms: int, body: Body) -> None:
        closed_ms = self.closed_ms.pop(self.day.date, None)
        demand(closed_ms is not None, "F14", "a day goes on that never ended", body)
        self.office.reopen(self.day)

    def _hear_DaySigned(self, seq: int, at_ms: int, body: Body) -> None:
        ended = body["signed_date"] in self.closed_ms and body["signed_date"] != self.day.date
        demand(ended, "F14", "signed a day that has not ended", body)
        self.office.sign(body)

    def _hear_RecordCorrected(self, seq: int, at_ms: int, body: Body) -> None:
        self.office.correct(self.day, body)

    # People and counters.

    def _hear_StaffSignedIn(self, seq: int, at_ms: int, body: Body) -> None:
        day, counter = self.day, body.get("counter")
        sitting = [seat for seat in day.seats.values() if seat[0] == body["staff"]]
        demand(not sitting, "I4", body["staff"], "sits in two places")
        if counter is not None:
            there = [device for device, seat in day.seats.items() if seat[1] == counter]
            demand(not there, "I4", "two people at counter", counter)
        demand(body["device"] not in day.seats, "I4", "two people at", body["device"])
        day.seats[body["device"]] = (body["staff"], counter)

    def _hear_StaffSignedOut(self, seq: int, at_ms: int, body: Body) -> None:
        seat = self.day.seats.pop(body["device"], None)
        demand(seat is not None and seat[0] == body["staff"], "I3", "nobody to sign out", body)

    def _hear_CounterOpened(self, seq: int, at_ms: int, body: Body) -> None:
        self._set_desk(body["counter"], "open", at_ms, body.get("reason"))

    def _hear_CounterPaused(self, seq: int, at_ms: int, body: Body) -> None:
        self._demand_free(body["counter"])
        self._set_desk(body["counter"], "paused", at_ms, body.get("reason"))

    def _hear_CounterClosed(self, seq: int, at_ms: int, body: Body) -> None:
        self._demand_free(body["counter"])
        self._set_desk(body["counter"], "closed", at_ms, body.get("reason"))

    def _demand_free(self, counter: int) -> None:
        held = self.day.holds.get(counter)
        demand(held is None, "I4", "counter", counter, "rests while it holds", held)

    def _set_desk(self, counter: int, state: str, at_ms: int, reason: str | None) -> None:
        self.day.desks[counter] = state
        self.day.desk_history.setdefault(counter, []).append((state, reason, at_ms))

    def _hear_CounterServicesSet(self, seq: int, at_ms: int, body: Body) -> None:
        self.day.counter_services[body["counter"]] = tuple(body["services"])

    def _hear_DisciplineSet(self, seq: int, at_ms: int, body: Body) -> None:
        """The one who keeps the line by hand places everybody anew."""

    def _hear_StaffServicesSet(self, seq: int, at_ms: int, body: Body) -> None:
        self.day.staff_services[body["of_staff"]] = tuple(body["services"])

    def _hear_ServicePaused(self, seq: int, at_ms: int, body: Body) -> None:
        self.day.paused.add(body["service"])

    def _hear_ServiceResumed(self, seq: int, at_ms: int, body: Body) -> None:
        demand(body["service"] in self.day.paused, "I3", "resumed without a pause:", body)
        self.day.paused.discard(body["service"])

    # Numbers.

    def _hear_TicketIssued(self, seq: int, at_ms: int, body: Body) -> None:
        day, rules, priority = self.day, self.rules, body.get("priority", "none")
        demand(body["service"] not in day.paused, "I3", "a number of a paused service:", body)
        letter, _ = rules.services[body["service"]]
        series = rules.priority_letter if priority != "none" and rules.priority_letter else letter
        serial = day.serials.get(series, 0) + 1
        number = f"{series}{serial:03d}"
        given = (body["series"], body["serial"], body["number"])
        demand(given == (series, serial, number), "I2", given, "should be", number)
        demand(number not in day.numbers, "I2", number, "was given twice on", day.date)
        last = rules.number_last
        demand(last is None or serial <= last, "I2", number, "is beyond the range")
        demand(body["ticket"] not in self.ever_issued, "I2", "ticket id twice", body["ticket"])
        day.serials[series] = serial
        day.numbers.add(number)
        self.ever_issued.add(body["ticket"])
        ticket = Told(
            body["ticket"], number, body["service"], priority, at_ms, seq, tuple(body["rank"])
        )
        ticket.device = body["device"]
        due = self._by_arrival(ticket)
        demand(ticket.rank == due, "I5", number, "has the place", ticket.rank, "instead of", due)
        day.tickets[ticket.id] = day.waiting[ticket.id] = ticket
        if body.get("print_at") is not None:
            day.jobs[body["job"]] = ticket.id
            ticket.copies = 1

    # Kiosks without a link.

    def _hear_kiosk(self, seq: int, at_ms: int, actor: str, body: Body) -> None:
        match body["type"]:
            case "NumbersLeased":
                self.offline.hear_NumbersLeased(self.day, at_ms, body)
            case "LeaseEnded":
                self.offline.hear_LeaseEnded(self.day, body)
            case "EarlierTicketMerged":
                known = body["ticket"] in self.ever_issued
                demand(not known, "I2", "ticket id twice", body["ticket"])
                self.ever_issued.add(body["ticket"])
                self.offline.hear_EarlierTicketMerged(self.day, at_ms, body, actor)
            case _:
                self._hear_offline_ticket(seq, at_ms, actor, body)

    def _hear_offline_ticket(self, seq: int, at_ms: int, actor: str, body: Body) -> None:
        """A number of a kiosk's own; its place is that of the instant at which it was given."""
        day, ticket_id, number = self.day, body["ticket"], body["number"]
        demand(number not in day.numbers, "I2", number, "was given twice on", day.date)
        demand(ticket_id not in self.ever_issued, "I2", "ticket id twice", ticket_id)
        issued_ms = self.offline.issued(day, at_ms, body, actor)
        day.numbers.add(number)
        self.ever_issued.add(ticket_id)
        priority, rank = body.get("priority", "none"), tuple(body["rank"])
        ticket = Told(ticket_id, number, body["service"], priority, issued_ms, seq, rank)
        ticket.device, ticket.offline = body["device"], True
        due = self._by_arrival(ticket)
        demand(ticket.rank == due, "I5", number, "has the place", ticket.rank, "instead of", due)
        day.tickets[ticket_id] = day.waiting[ticket_id] = ticket
        if body.get("print", "none") != "none":
            # The paper that it made by itself has the ticket's own id.
            day.jobs[ticket_id] = ticket_id
            ticket.copies = body.get("copies", 0)

    def _by_arrival(self, ticket: Told) -> Rank:
        """The place of a ticket that nobody placed by hand."""
        place = self.plain.queue.rules.place
        return place(ticket.service, ticket.priority, ticket.issued_ms, ticket.arrival)

    def _hear_TicketReprinted(self, seq: int, at_ms: int, body: Body) -> None:
        ticket = self._known(body)
        ticket.copies += 1
        demand(body["copy"] == ticket.copies, "I9", "copy", body["copy"], "of", ticket.number)
        demand(ticket.state in OPEN, "I3", "paper for", ticket.number, "in", ticket.state)
        self.day.jobs[body["job"]] = ticket.id

    def _hear_PrintRecorded(self, seq: int, at_ms: int, body: Body) -> None:
        demand(self.day.jobs.get(body["job"]) == body["ticket"], "I9", "no such job", body)

    def _hear_AnnouncementConfirmed(self, seq: int, at_ms: int, body: Body) -> None:
        demand(body["announcement"] in self.day.announcements, "I10", "no such call", body)

    def _hear_ServiceRated(self, seq: int, at_ms: int, body: Body) -> None:
        ticket = self._known(body)
        demand(ticket.state == "finished", "I3", "rated in", ticket.state)
        demand(not ticket.rated, "I6", ticket.number, "was rated twice")
        ticket.rated = True

    def _hear_LastUndone(self, seq: int, at_ms: int, body: Body) -> None:
        self.taking_back.hear(self.day, at_ms, body)

    # Tickets.

    def _known(self, body: Body) -> Told:
        ticket = self.day.tickets.get(body["ticket"])
        demand(ticket is not None, "I3", body["type"], "of an unknown ticket")
        assert ticket is not None
        return ticket

    def _move(self, seq: int, at_ms: int, kind: str, body: Body) -> None:
        day, ticket = self.day, self._known(body)
        sources, target = MOVES[kind]
        lawful = ticket.state in sources
        demand(lawful, "I3", kind, "of", ticket.number, "which is", ticket.state)
        if kind == "ServiceContinued":
            target = "serving" if body.get("rank") is None else "waiting"
        counter = body.get("counter") if kind != "TicketTransferred" else None
        self._demand_time(at_ms, kind, ticket, body)
        if kind in ("TicketCalled", "TicketResumed"):
            self._demand_may_call(ticket, body)
        if kind == "TicketCalled" and not body.get("chosen", False):
            self._demand_next(at_ms, ticket, body)
        if ticket.state in HELD:
            at = ticket.counter
            demand(at is not None and day.holds.get(at) == ticket.id, "I4", ticket.number, "free")
            here = counter is None or kind == "TicketTakenAlong" or counter == at
            demand(here, "I4", kind, "of", ticket.number, "by", counter, "but it is at", at)
            if kind == "TicketTakenAlong" or target not in HELD:
                day.holds.pop(ticket.counter or 0, None)
                ticket.counter = None
        if kind in ("TicketCalled", "TicketResumed", "TicketTakenAlong"):
            there = day.holds.get(body["counter"])
            demand(there is None, "I4", "counter", body["counter"], "holds", there, "already")
            day.holds[body["counter"]] = ticket.id
            ticket.counter = body["counter"]
        day.waiting.pop(ticket.id, None)
        ticket.moves += kind != "TransferFellBack"
        if kind == "ServiceContinued":
            self._continue(ticket, body)
        ticket.state = target or ticket.state
        if kind == "ServiceFinished":
            ticket.record = record_of(body)
        if "announcement" in body:
            self._hear_call(at_ms, kind, ticket, body)
        if ticket.state == "waiting":
            self._place(at_ms, ticket, kind, body)

    def _hear_call(self, at_ms: int, kind: str, ticket: Told, body: Body) -> None:
        self.day.announcements[body["announcement"]] = ticket.id
        ticket.last_called_ms = at_ms
        if kind == "TicketRecalled":
            ticket.call_count += 1
        else:
            ticket.call_count, ticket.first_called_ms = 1, at_ms

    def _demand_time(self, at_ms: int, kind: str, ticket: Told, body: Body) -> None:
        """Least pauses, most counts, and times that must be over or must not (protocol.md)."""
        rules, number = self.rules, ticket.number
        recalls, most = ticket.call_count - 1, rules.recalls_most
        if kind == "TicketRecalled":
            demand(most is None or recalls < most, "I3", number, "recalled beyond", recalls)
            pause_ms = at_ms - ticket.last_called_ms
            demand(
                pause_ms >= rules.recall_pause_s * 1000, "I3", number, "recalled after", pause_ms
            )
        elif kind == "NoShowRecorded" and body.get("counter") is None:
            # The day's end gives up who is still called; a day opened again at the same instant
            # finds the time just not over.
            ticket.valid_until_ms = body["valid_until_ms"]
        elif kind == "NoShowRecorded":
            often = ticket.call_count >= rules.no_show_calls_least or recalls == most
            demand(often, "I3", number, "given up after", ticket.call_count, "calls")
            way_ms = at_ms - ticket.first_called_ms
            demand(way_ms >= rules.no_show_s_least * 1000, "I3", number, "given up after", way_ms)
            in_grace = body["valid_until_ms"] == at_ms + rules.grace_s * 1000
            demand(in_grace, "I3", number, "may come back until", body["valid_until_ms"])
            ticket.valid_until_ms = body["valid_until_ms"]
        elif kind == "TicketRequeued":
            demand(at_ms <= ticket.valid_until_ms, "I3", number, "came back too late")
            demand(ticket.requeues < rules.grace_times, "I3", number, "came back too often")
            ticket.requeues += 1
        elif kind == "TransferFellBack":
            due_ms = ticket.falls_back_ms
            demand(due_ms is not None and due_ms <= at_ms, "I5", number, "fell back before", due_ms)

    def _continue(self, ticket: Told, body: Body) -> None:
        """The next errand begins here only where this counter serves it, else it waits."""
        before, service, counter = body["before"], body["service"], body["counter"]
        demand(before == ticket.service, "I3", ticket.number, "was served for", ticket.service)
        here = service in self.day.served(self.rules, counter)
        right = here == (body.get("rank") is None)
        demand(right, "I5", ticket.number, "goes on with", service, "at", counter, "serves:", here)
        ticket.service = service

    def _demand_may_call(self, ticket: Told, body: Body) -> None:
        counter = body["counter"]
        state = self.day.desks.get(counter, "closed")
        demand(state == "open", "I3", "counter", counter, "called while it was", state)
        staff = self.day.staff_at(counter)
        demand(staff == body["staff"], "I4", "called by", body["staff"], "but there sits", staff)

    def _demand_next(self, at_ms: int, ticket: Told, body: Body) -> None:
        """Law I5: the promise, who was placed first, then the discipline, over all who wait."""
        found = self.plain.queue.who_is_next(body["counter"], at_ms)
        told = (ticket.id, body.get("rule"), body.get("helping", False))
        right = (found[0].id, *found[1:]) if found is not None else None
        number = self.day.tickets[found[0].id].number if found is not None else "nobody"
        demand(told == right, "I5", ticket.number, told[1:], "called before", number, right)

    def _place(self, at_ms: int, ticket: Told, kind: str, body: Body) -> None:
        """Where a ticket comes (back) into a line, and until when for one counter or person."""
        falls_back_ms, placing = None, body.get("position", "arrival")
        if kind == "TicketTransferred":
            ticket.service = body["service"]
            ticket.to_counter, ticket.to_staff = body.get("counter"), body.get("to_staff")
            falls_back_ms = self.rules.falls_back_ms(at_ms, to_one=ticket.to_one)
        elif kind == "TicketCorrected":
            ticket.service, ticket.priority = body["service"], body["priority"]
            ticket.to_counter = ticket.to_staff = None
        elif kind == "TicketRequeued":
            placing = "grace"
            falls_back_ms = self.rules.falls_back_ms(at_ms, to_one=ticket.to_one)
        else:
            placing = "first" if self._stays_first(kind, ticket) else "arrival"
            ticket.to_counter = ticket.to_staff = None
        told_ms = body.get("falls_back_at_ms")
        right = told_ms == falls_back_ms
        demand(right, "I5", ticket.number, "falls back at", told_ms, "not at", falls_back_ms)
        ticket.falls_back_ms, ticket.placing = falls_back_ms, placing
        rank: Rank = tuple(body["rank"])
        line = [one for one in self.day.waiting.values() if one.line == ticket.line]
        same = [one.number for one in line if one.rank == rank]
        demand(not same, "I5", ticket.number, "shares its place with", same)
        self._demand_place(ticket, rank, line)
        ticket.rank = rank
        self.day.waiting[ticket.id] = ticket

    @staticmethod
    def _stays_first(kind: str, ticket: Told) -> bool:
        return kind == "TransferFellBack" and ticket.placing == "first"

    def _demand_place(self, ticket: Told, rank: Rank, line: list[Told]) -> None:
        before = sum(one.rank < rank for one in line)
        if ticket.placing == "grace":
            self._demand_grace(ticket, rank, line)
        elif ticket.placing == "first":
            demand(before == 0, "I5", ticket.number, "placed first, behind", before)
        elif ticket.placing == "last":
            demand(before == len(line), "I5", ticket.number, "placed last, before some")
        else:
            self._demand_by_arrival(ticket, rank, line)

    def _demand_grace(self, ticket: Told, rank: Rank, line: list[Told]) -> None:
        """Behind so many people who never left, and behind those who came back there before."""
        others = [one for one in line if one.placing != "grace"]
        wanted = min(self.rules.grace_places, len(others))
        first = [one for one in others if one.placing == "first"]
        before = [one for one in others if one.rank < rank and one.placing != "first"]
        # Whoever was put last at this very place stands there by the same right.
        there = [one for one in before if one.placing == "last" and one.rank[:2] == rank[:2]]
        stood = len(first) + len(before)
        right = stood - len(there) <= max(wanted, len(first)) and stood >= wanted
        demand(right, "I5", ticket.number, "came back behind", stood, "of", len(others))
        same = [one for one in line if one.placing == "grace" and one.rank[:2] == rank[:2]]
        in_turn = all(one.rank < rank for one in same)
        demand(in_turn, "I5", ticket.number, "came back before one who came back there earlier")

    def _demand_by_arrival(self, ticket: Told, rank: Rank, line: list[Told]) -> None:
        mine = self._by_arrival(ticket)
        for one in line:
            theirs = self._by_arrival(one)
            right = one.placing != "arrival" or (one.rank < rank) == (theirs < mine)
            demand(right, "I5", ticket.number, "is on the wrong side of", one.number)
