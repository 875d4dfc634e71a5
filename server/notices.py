"""From events to what each role hears: moments at once, snapshots at most every 100 ms.

Called only between two batches of the lane, when the day is exactly what the disk has.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from protocol import messages as m
from protocol.codec import encode
from protocol.roles import DeviceRole
from server import snapshots
from server.connections import OUT_BYTES_EASY, OUT_BYTES_MAX, Connection, Connections
from server.domain import events as e
from server.domain.branch import Zone
from server.domain.branch_day import BranchDay
from server.domain.clockwork import alarm_rang
from server.domain.complaints import reminders_of
from server.domain.hall import CallNotice
from server.domain.hall_visitor import OfficerWanted
from server.domain.helping import standing, standing_at
from server.domain.openness import next_change_ms
from server.domain.posting import posted_now, text_of_board
from server.domain.serving import RATING_DUE_MS, to_rate
from server.domain.ticket import Ticket, TicketState
from server.domain.watching import watched
from server.greeting import welcome
from server.instants import instant
from server.next_call import next_ones
from server.papers import Papers, job_of, pending_at
from server.refusals import sentence

SNAPSHOT_PAUSE_S = 0.1


class Notices:
    """Tells the rooms what happened."""

    def __init__(
        self,
        connections: Connections,
        day: Callable[[], BranchDay],
        now_ms: Callable[[], int],
    ) -> None:
        self._connections = connections
        self._day = day
        self._now_ms = now_ms
        self._papers = Papers(day())
        self._dirty = False
        self._looked_at_ms = now_ms()
        self._clock_turns_ms = next_change_ms(day().branch, now_ms())
        self._next_ones = next_ones(day(), now_ms())
        self._reminders = reminders_of(day(), now_ms())
        self._by_clock = self._told_by_clock()

    # Moments.

    def tell(self, entries: Sequence[e.Recorded]) -> None:
        """Send the moments of these events and remember that snapshots are due."""
        for recorded in entries:
            self._tell_one(recorded.event)
        self._dirty = self._dirty or bool(entries)

    def _tell_one(self, event: e.AnyEvent) -> None:
        match event:
            case e.TicketCalled() | e.TicketRecalled() | e.TicketResumed():
                self._announce(event.announcement)
            case (
                e.TicketIssued(job=str(job)) | e.TicketReprinted(job=job) | e.SlipRequested(job=job)
            ):
                self._ask_for_paper(job)
            case e.ServiceFinished(counter=int(counter)):
                self._invite_rating(event.ticket, counter)
            case e.StaffSignedOut() if event.reason != "asked":
                self._sign_out(event)
            case e.ManagerSignedOut() if event.reason != "asked":
                self._end_session(event)
            case e.LastUndone(announcement=str()):
                self._withdraw(event)
            case e.DayOpened():
                self._papers.forget()
            case e.OfficerCalled():
                self._call_officer(event)

    def _announce(self, announcement: str) -> None:
        call = self._day().calls.get(announcement)
        if call is not None and self._is_due(call):
            self.send_all(self._displays_of(call), self._announcement(call))

    def _displays_of(self, call: CallNotice) -> list[Connection]:
        """The displays of whose zone a call is."""
        day, ticket = self._day(), self._day().tickets[call.ticket]
        counter = call.counter if ticket.counter is None else ticket.counter
        displays = self._connections.of_role(DeviceRole.DISPLAY)
        return [
            one
            for one in displays
            if day.branch.zone_of(one.asker.device).has(ticket.service, counter)
        ]

    def _call_officer(self, event: e.OfficerCalled) -> None:
        """Ring at every desk of the door, at once."""
        wanted = standing_at(self._day(), event.device, self._now_ms())
        if wanted is not None and wanted.answered_at_ms is None:
            self.send_all(self._connections.of_role(DeviceRole.SCREENING), _ring(wanted))

    def _withdraw(self, event: e.LastUndone) -> None:
        """Boards and voices are put right at once; the snapshot that follows says the same."""
        assert event.called is not None
        assert event.announcement is not None
        frame = encode(
            m.AnnouncementWithdrawn(
                announcement=event.announcement,
                number=self._day().tickets[event.called].number,
                counter=event.counter,
            )
        )
        self.send_all(self._connections.of_role(DeviceRole.DISPLAY), frame)

    def _is_due(self, call: CallNotice) -> bool:
        ticket = self._day().tickets[call.ticket]
        return (
            ticket.state is TicketState.CALLED
            and ticket.announcement == call.announcement
            and call.expires_at_ms > self._now_ms()
        )

    def _announcement(self, call: CallNotice) -> bytes:
        ticket, spoken = self._day().tickets[call.ticket], self._day().branch.languages
        languages = [code for code in spoken if code in (spoken[0], ticket.language)]
        return encode(
            m.Announcement(
                announcement=call.announcement,
                number=ticket.number,
                # Whoever took the visitor along to another counter waits there now.
                counter=call.counter if ticket.counter is None else ticket.counter,
                call_count=call.call_count,
                languages=languages,
                expires_at=instant(call.expires_at_ms),
                service=ticket.service,
            )
        )

    def _ask_for_paper(self, job_id: str) -> None:
        job = job_of(self._day(), job_id)
        connection = self._connections.of_device(job.kiosk) if job is not None else None
        if job is None or connection is None or not connection.greeted:
            return
        frame = self._papers.frame(self._day(), job, self._now_ms())
        if frame is not None:
            self._send(connection, frame)

    def _invite_rating(self, ticket_id: str, counter: int) -> None:
        ticket = self._day().tickets.get(ticket_id)
        if ticket is None:
            return
        link = self._day().branch.rules.rating_review_link
        pads = [
            pad
            for pad in self._connections.of_role(DeviceRole.RATING)
            if pad.asker.counter in (None, counter)
        ]
        self.send_all(pads, _invitation(ticket, counter, link))

    def _invite_again(self, pad: Connection) -> None:
        """A pad that lost its link asks the visitor who still stands before it."""
        day = self._day()
        for desk in day.desks.values():
            if pad.asker.counter not in (None, desk.number) or desk.last_finished is None:
                continue
            ticket = day.tickets[desk.last_finished]
            left_ms = (ticket.ended_at_ms or 0) + RATING_DUE_MS - self._now_ms()
            if left_ms > 0 and ticket.id not in day.ratings:
                link = day.branch.rules.rating_review_link
                self._send(pad, _invitation(ticket, desk.number, link))

    def _sign_out(self, event: e.StaffSignedOut) -> None:
        connection = self._connections.of_device(event.device)
        # Who sits there now has just signed in: the news would send them away again.
        if connection is not None and event.device not in self._day().seats:
            words = sentence(f"signed-out-{event.reason}", connection.asker.language)
            self._send(connection, encode(m.SignedOut(reason=event.reason, message=words)))

    def _end_session(self, event: e.ManagerSignedOut) -> None:
        """The pages close what a browser has open, at once (row 4 of the security checklist)."""
        for pages in self._connections.of_role(DeviceRole.WEB):
            words = sentence(f"signed-out-{event.reason}", pages.asker.language)
            signed_out = m.SignedOut(reason=event.reason, message=words, session=event.session)
            self._send(pages, encode(signed_out))

    # Snapshots.

    def mark_dirty(self) -> None:
        """Something that a snapshot shows has changed without an event."""
        self._dirty = True

    def follow_clock(self) -> bool:
        """Whether since the last look the clock alone has opened or closed a service, rung for a
        parked ticket, put somebody else next (by the promise, or by a help), made a complaint
        due, opened or closed a place that people are sent to, ended a call for a person, a posted
        text, a rating, or the time in which a voice should have spoken, or made a wait, a break
        or an idle counter longer than the manager wants it (by a minute more)."""
        now_ms, turns_ms = self._now_ms(), self._clock_turns_ms
        rang = alarm_rang(self._day(), self._looked_at_ms, now_ms)
        self._looked_at_ms = now_ms
        has_turned = turns_ms is not None and now_ms >= turns_ms
        if has_turned:
            self._clock_turns_ms = next_change_ms(self._day().branch, now_ms)
        is_another = next_ones(self._day(), now_ms) != self._next_ones
        is_due = reminders_of(self._day(), now_ms) != self._reminders
        is_over = self._told_by_clock() != self._by_clock
        is_news = has_turned or rang or is_another or is_due or is_over
        self._dirty = self._dirty or is_news
        return is_news

    def _told_by_clock(self) -> tuple[object, ...]:
        day, now_ms = self._day(), self._now_ms()
        hall = snapshots.Hall(day, now_ms, self._there(DeviceRole.DISPLAY))
        desks = day.desks.values()
        return (
            [(one.call, one.answered_at_ms) for one in standing(day, now_ms)],
            text_of_board(day, now_ms),
            posted_now(day, now_ms),
            [hall.voice_of(day.tickets[desk.ticket]) for desk in desks if desk.ticket is not None],
            [to_rate(day, desk, now_ms) is None for desk in desks],
            watched(day, now_ms),
        )

    def _there(self, role: DeviceRole) -> list[str]:
        """The devices of a role that are there."""
        return [one.asker.device for one in self._connections.of_role(role)]

    def _hall(self) -> snapshots.Hall:
        displays, kiosks = self._there(DeviceRole.DISPLAY), self._there(DeviceRole.KIOSK)
        return snapshots.Hall(self._day(), self._now_ms(), displays, sorted(kiosks))

    @property
    def snapshots_due(self) -> bool:
        """Whether somebody has yet to see the newest state."""
        return self._dirty

    def flush(self) -> None:
        """Send the newest snapshot to every room, one frame per room or zone."""
        self._dirty = False
        day = self._day()
        self._next_ones = next_ones(day, self._now_ms())
        self._reminders = reminders_of(day, self._now_ms())
        self._by_clock = self._told_by_clock()
        if kiosks := self._connections.of_role(DeviceRole.KIOSK):
            self._send_snapshot(kiosks, self._kiosk_frame())
        for zone, displays in self._zones().items():
            self._send_snapshot(displays, self._board_frame(zone))
        hall = self._hall()
        for role in (DeviceRole.COUNTER, DeviceRole.SCREENING, DeviceRole.MANAGER, DeviceRole.WEB):
            for connection in self._connections.of_role(role):
                self._send_snapshot([connection], self._seat_snapshot(hall, connection))

    def _kiosk_frame(self) -> bytes:
        return encode(snapshots.kiosk_snapshot(self._day(), self._now_ms()))

    def _board_frame(self, zone: Zone) -> bytes:
        return encode(snapshots.board_snapshot(self._day(), self._now_ms(), zone))

    def _zones(self) -> dict[Zone, list[Connection]]:
        """The displays by what they are for: those of one zone see the same frame."""
        branch, zones = self._day().branch, dict[Zone, list[Connection]]()
        for display in self._connections.of_role(DeviceRole.DISPLAY):
            zones.setdefault(branch.zone_of(display.asker.device), []).append(display)
        return zones

    def _seat_snapshot(self, hall: snapshots.Hall, connection: Connection) -> bytes:
        device = connection.asker.device
        match connection.asker.role:
            case DeviceRole.COUNTER:
                return encode(snapshots.queue_snapshot(hall, device))
            case DeviceRole.SCREENING:
                return encode(
                    snapshots.screening_snapshot(hall, device, self.device_health(), self._now_ms())
                )
            case _:
                return encode(snapshots.hall_snapshot(hall, device, self.device_health()))

    def take_health(self, device: str, health: m.ReportHealth) -> None:
        """A device said how its paper or its voice is: the staff's snapshots show it."""
        presence = self._connections.presence.get(device)
        if presence is None or not presence.connected:
            return
        before, presence.health = presence.health, health
        self._dirty = self._dirty or _told_of_itself(before) != _told_of_itself(health)

    def device_health(self) -> list[m.DeviceHealth]:
        """Every device of the branch, and whether it is there."""
        return [
            m.DeviceHealth(
                device=device,
                role=presence.role.value,
                connected=presence.connected,
                since=None if presence.since_ms is None else instant(presence.since_ms),
                program=presence.program,
                **_told_of_itself(presence.health),
            )
            for device, presence in sorted(self._connections.presence.items())
        ]

    def greet(self, connection: Connection) -> None:
        """Welcome, the snapshot of the role, and the moments that are still due."""
        day, asker = self._day(), connection.asker
        connection.greeted = True
        greeting = welcome(day, asker.device, self._now_ms(), asker.role)
        self._send(connection, encode(greeting))
        if asker.role is DeviceRole.RATING:
            self._invite_again(connection)
        else:
            self._send(connection, self._snapshot_of(connection))
        if asker.role is DeviceRole.DISPLAY:
            for call in list(day.calls.values()):
                is_theirs = self._is_due(call) and connection in self._displays_of(call)
                if is_theirs and asker.device not in call.confirmed:
                    self._send(connection, self._announcement(call))
        if asker.role is DeviceRole.SCREENING:
            for wanted in standing(day, self._now_ms()):
                if wanted.answered_at_ms is None:
                    self._send(connection, _ring(wanted))
        if asker.role is DeviceRole.KIOSK:
            for job in pending_at(day, asker.device):
                self._ask_for_paper(job)

    # Sending.

    def send_all(self, room: Iterable[Connection], frame: bytes) -> None:
        """One frame to everyone of a room; a moment is never skipped."""
        for connection in room:
            self._send(connection, frame)

    def _send_snapshot(self, room: Iterable[Connection], frame: bytes) -> None:
        for connection in room:
            if not connection.greeted:
                continue
            # Who reads slowly misses this one: the next snapshot is whole again (F20).
            connection.behind = connection.wire.waiting_bytes() > OUT_BYTES_EASY
            if not connection.behind:
                connection.wire.send(frame)

    @property
    def somebody_caught_up(self) -> bool:
        """Whether a slow reader who missed a snapshot has room again."""
        return any(map(_has_room_again, self._connections))

    def catch_up(self) -> None:
        """Give slow readers the newest snapshot in place of those that they missed."""
        for connection in filter(_has_room_again, self._connections):
            connection.behind = False
            self._send(connection, self._snapshot_of(connection))

    def _snapshot_of(self, connection: Connection) -> bytes:
        match connection.asker.role:
            case DeviceRole.KIOSK:
                return self._kiosk_frame()
            case DeviceRole.DISPLAY:
                return self._board_frame(self._day().branch.zone_of(connection.asker.device))
        return self._seat_snapshot(self._hall(), connection)

    def _send(self, connection: Connection, frame: bytes) -> None:
        if not connection.greeted:
            return
        if connection.wire.waiting_bytes() > OUT_BYTES_MAX:
            connection.wire.close(4429, "reads too slowly")
        else:
            connection.wire.send(frame)


def _told_of_itself(health: m.ReportHealth | None) -> dict[str, Any]:
    return (
        {}
        if health is None
        else {
            "paper": health.paper,
            "tickets_left": health.tickets_left,
            "voice": health.voice,
        }
    )


def _invitation(ticket: Ticket, counter: int, review_link: str) -> bytes:
    return encode(
        m.RatingInvitation(
            ticket=ticket.id,
            counter=counter,
            number=ticket.number,
            language=ticket.language,
            review_link=review_link,
        )
    )


def _ring(wanted: OfficerWanted) -> bytes:
    return encode(
        m.OfficerCall(
            call=wanted.call,
            device=wanted.device,
            reason=wanted.reason,
            since=instant(wanted.since_ms),
        )
    )


def _has_room_again(connection: Connection) -> bool:
    return connection.behind and connection.wire.waiting_bytes() < OUT_BYTES_EASY
