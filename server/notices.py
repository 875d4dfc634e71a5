"""From events to what each role hears: moments at once, snapshots at most every 100 ms.

Called only between two batches of the lane, when the day is exactly what the disk has.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from protocol import messages as m
from protocol.codec import encode
from protocol.roles import DeviceRole
from server import snapshots
from server.connections import OUT_BYTES_EASY, OUT_BYTES_MAX, Connection, Connections
from server.domain import events as e
from server.domain.branch_day import BranchDay
from server.domain.clockwork import alarm_rang
from server.domain.complaints import reminders_of
from server.domain.hall import CallNotice
from server.domain.openness import next_change_ms
from server.domain.ticket import Ticket, TicketState
from server.greeting import welcome
from server.instants import instant
from server.next_call import next_ones
from server.papers import Papers, job_of, pending_at
from server.refusals import sentence

SNAPSHOT_PAUSE_S = 0.1
# So long a visitor may stand before the rating pad.
RATING_DUE_MS = 2 * 60 * 1000


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
            case e.LastUndone(announcement=str()):
                self._withdraw(event)
            case e.DayOpened():
                self._papers.forget()

    def _announce(self, announcement: str) -> None:
        call = self._day().calls.get(announcement)
        if call is not None and self._is_due(call):
            self.send_all(self._connections.of_role(DeviceRole.DISPLAY), self._announcement(call))

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
        pads = [
            pad
            for pad in self._connections.of_role(DeviceRole.RATING)
            if pad.asker.counter in (None, counter)
        ]
        self.send_all(pads, _invitation(ticket, counter))

    def _invite_again(self, pad: Connection) -> None:
        """A pad that lost its link asks the visitor who still stands before it."""
        day = self._day()
        for desk in day.desks.values():
            if pad.asker.counter not in (None, desk.number) or desk.last_finished is None:
                continue
            ticket = day.tickets[desk.last_finished]
            left_ms = (ticket.ended_at_ms or 0) + RATING_DUE_MS - self._now_ms()
            if left_ms > 0 and ticket.id not in day.ratings:
                self._send(pad, _invitation(ticket, desk.number))

    def _sign_out(self, event: e.StaffSignedOut) -> None:
        connection = self._connections.of_device(event.device)
        # Who sits there now has just signed in: the news would send them away again.
        if connection is not None and event.device not in self._day().seats:
            words = sentence(f"signed-out-{event.reason}", connection.asker.language)
            self._send(connection, encode(m.SignedOut(reason=event.reason, message=words)))

    # Snapshots.

    def mark_dirty(self) -> None:
        """Something that a snapshot shows has changed without an event."""
        self._dirty = True

    def follow_clock(self) -> bool:
        """Whether since the last look the clock alone has opened or closed a service, rung for a
        parked ticket, put somebody else next (by the promise, or by a help), made a complaint
        due, or opened or closed a place that people are sent to."""
        now_ms, turns_ms = self._now_ms(), self._clock_turns_ms
        rang = alarm_rang(self._day(), self._looked_at_ms, now_ms)
        self._looked_at_ms = now_ms
        has_turned = turns_ms is not None and now_ms >= turns_ms
        if has_turned:
            self._clock_turns_ms = next_change_ms(self._day().branch, now_ms)
        is_another = next_ones(self._day(), now_ms) != self._next_ones
        is_due = reminders_of(self._day(), now_ms) != self._reminders
        is_news = has_turned or rang or is_another or is_due
        self._dirty = self._dirty or is_news
        return is_news

    @property
    def snapshots_due(self) -> bool:
        """Whether somebody has yet to see the newest state."""
        return self._dirty

    def flush(self) -> None:
        """Send the newest snapshot to every room, one frame per room."""
        self._dirty = False
        day = self._day()
        self._next_ones = next_ones(day, self._now_ms())
        self._reminders = reminders_of(day, self._now_ms())
        for role, build in self._room_snapshots(day).items():
            room = self._connections.of_role(role)
            if room:
                self._send_snapshot(room, encode(build()))
        hall = snapshots.Hall(day, self._now_ms())
        for role in (DeviceRole.COUNTER, DeviceRole.SCREENING, DeviceRole.MANAGER, DeviceRole.WEB):
            for connection in self._connections.of_role(role):
                self._send_snapshot([connection], self._seat_snapshot(hall, connection))

    def _room_snapshots(self, day: BranchDay) -> dict[DeviceRole, Callable[[], msgspec.Struct]]:
        return {
            DeviceRole.KIOSK: lambda: snapshots.kiosk_snapshot(day, self._now_ms()),
            DeviceRole.DISPLAY: lambda: snapshots.board_snapshot(day, self._now_ms()),
        }

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
                if self._is_due(call) and asker.device not in call.confirmed:
                    self._send(connection, self._announcement(call))
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
        day = self._day()
        build = self._room_snapshots(day).get(connection.asker.role)
        return (
            encode(build())
            if build
            else self._seat_snapshot(snapshots.Hall(day, self._now_ms()), connection)
        )

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


def _invitation(ticket: Ticket, counter: int) -> bytes:
    return encode(
        m.RatingInvitation(
            ticket=ticket.id, counter=counter, number=ticket.number, language=ticket.language
        )
    )


def _has_room_again(connection: Connection) -> bool:
    return connection.behind and connection.wire.waiting_bytes() < OUT_BYTES_EASY
